"""Clips on the command line: what is written loops, what cannot be done is one line."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from editor import cli
from editor.engine.step import last
from editor.files.clips import index as index_module
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from tests.cli import shell
from tests.cli.shell import report_of, write
from tests.pendulum import HEIGHT, WIDTH, leaving, pendulum, still

PERIOD = 20


def film(path, frames, sound=None):
    options = ClipOptions(quality=95)
    last(write_clip(path, frames, Fraction(25), options, sound=sound, overwrite=True))
    return path


@pytest.fixture(scope="module")
def swinging(tmp_path_factory):
    return film(tmp_path_factory.mktemp("clips") / "pendulum.mp4", pendulum(70, PERIOD))


def run(*arguments):
    return shell.run(*arguments, "--quiet")


def frames_of(path):
    with open_clip(path) as made:
        return [made.frame(number) for number in range(made.clip.count)]


def apart(a, b):
    return float(np.abs(a.astype(int) - b).mean())


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webm", ""])
def test_a_loop_is_as_long_as_a_period_and_its_end_meets_its_beginning(swinging, tmp_path, suffix):
    out, told = tmp_path / f"loop{suffix}", tmp_path / "told.json"
    assert run("loop", swinging, "-o", out, "--report", told) == cli.DONE
    frames, report = frames_of(out), report_of(told)
    count = len(frames)
    assert abs(count - round(count / PERIOD) * PERIOD) <= 1
    changes = [apart(*pair) for pair in pairwise(frames)]
    assert apart(frames[-1], frames[0]) <= 1.5 * np.median(changes)
    assert report["operation"] == "loop"
    assert report["output"]["frames"] == report["loop"]["frames"] == count
    assert report["loop"]["quality"] in ("perfect", "good")
    [[source, target, cost]] = report["transitions"]
    assert source - target + 1 == count
    assert 0 < cost < 10
    assert report["input"]["frames"] == 70
    assert report["input"]["size"] == [WIDTH, HEIGHT]
    assert set(report["seconds"]) == {"load", "warmup", "solve", "save"}


def test_a_length_is_kept_by_several_jumps(swinging, tmp_path, capsys):
    out = tmp_path / "long.mp4"
    assert run("loop", swinging, "-o", out, "--length", 100) == cli.DONE
    assert abs(len(frames_of(out)) - 100) <= 2


def test_endless_play_has_as_many_frames_and_is_the_same_for_the_same_seed(swinging, tmp_path):
    told = [tmp_path / f"{number}.json" for number in range(3)]
    for seed, path in zip((4, 4, 5), told, strict=True):
        out = path.with_suffix(".apng")
        more = ("--frames", 90, "--sigma", 0.5, "--seed", seed, "--dynamics", 2, "--future", 0.95)
        assert run("endless", swinging, "-o", out, *more, "--report", path) == cli.DONE
    one, same, other = (report_of(path) for path in told)
    assert one["output"]["frames"] == 90
    assert one["transitions"] == same["transitions"] != other["transitions"]
    assert one["transitions"]
    assert told[0].with_suffix(".apng").read_bytes() == told[1].with_suffix(".apng").read_bytes()
    assert one["params"]["dynamics"] == "2"
    assert one["seed"] == 4


def test_sound_is_as_long_as_the_loop(tmp_path):
    tone = np.sin(np.arange(70 * 1920) / 20, dtype=np.float32)[:, None] * np.float32(0.3)
    source = film(tmp_path / "ticking.mp4", pendulum(70, PERIOD), sound=tone)
    out = tmp_path / "loop.mp4"
    assert run("loop", source, "-o", out) == cli.DONE
    with open_clip(out) as made:
        assert made.clip.sound is not None
        assert made.clip.seconds == pytest.approx(made.clip.count / 25)
        samples = made.samples(0, made.clip.seconds)
    assert np.abs(samples[4000:-4000]).max() == pytest.approx(0.3, abs=0.1)


def test_under_a_mask_only_that_moves(swinging, tmp_path):
    mask, out = tmp_path / "mask.png", tmp_path / "still.apng"
    cover = np.zeros((HEIGHT, WIDTH), np.uint8)
    cover[:, : WIDTH // 2] = 255
    write(mask, cover)
    assert run("loop", swinging, "--mask", mask, "-o", out) == cli.DONE
    frames = np.stack(frames_of(out))
    assert not np.ptp(frames[:, :, WIDTH // 2 + 16 :], axis=0).any()
    assert np.ptp(frames[:, :, : WIDTH // 2 - 8], axis=0).any()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Left a pendulum of 20 frames, right one of 15; and a picture of both regions."""
    folder = tmp_path_factory.mktemp("two")
    both = np.concatenate([pendulum(80, PERIOD), pendulum(80, 15, seed=1)], axis=2)
    colours = np.zeros((*both.shape[1:3], 3), np.uint8)
    colours[:, :WIDTH] = (90, 0, 0)
    colours[:, WIDTH:] = (0, 200, 200)
    write(folder / "two.png", colours)
    return film(folder / "two.mp4", both), folder / "two.png"


def test_regions_loop_on_their_own_and_are_back_together(two, tmp_path, capsys):
    clip, regions = two
    out, told = tmp_path / "out.apng", tmp_path / "told.json"
    more = ("--length", 20, "--play", "2=15+4", "--report", told)
    assert loudly("loop", clip, "--regions", regions, "-o", out, *more) == cli.DONE
    report = report_of(told)
    assert report["loop"]["frames"] == 20
    assert [one["frames"] for one in report["regions"]] == [20, 15]
    assert report["regions"][1]["phase"] == 4
    assert report["output"]["frames"] == 60
    assert "The regions are back together after 60 frames." in said(capsys)
    frames = np.stack(frames_of(out))
    inner = slice(16, -16)  # the edge between the two is soft
    left, right = frames[:, :, :WIDTH][:, :, inner], frames[:, :, WIDTH:][:, :, inner]
    assert np.array_equal(left[:20], left[20:40])
    assert np.array_equal(right[:15], right[15:30])
    assert not np.array_equal(left[:15], left[15:30])


def test_a_region_can_be_still_in_a_frame_of_its_own(two, tmp_path):
    clip, regions = two
    out = tmp_path / "out.apng"
    assert run("loop", clip, "--regions", regions, "--play", "1=still@7", "-o", out) == cli.DONE
    frames = np.stack(frames_of(out))
    assert not np.ptp(frames[:, :, : WIDTH - 16], axis=0).any()
    assert np.ptp(frames[:, :, WIDTH + 16 :], axis=0).any()
    assert apart(frames[0][:, : WIDTH - 16], frames_of(clip)[7][:, : WIDTH - 16]) < 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--play", "1=still", "--play", "2=still"), "everything is still"),
        (("--mask", "{regions}"), "--mask and --regions both say what moves"),
    ],
)
def test_regions_that_cannot_be_are_one_line(two, tmp_path, capsys, arguments, sentence):
    clip, regions = two
    given = [str(one).format(regions=regions) for one in arguments]
    out = tmp_path / "out.mp4"
    assert run("loop", clip, "--regions", regions, "-o", out, *given) == cli.IMPOSSIBLE
    assert sentence in said(capsys)
    assert not out.exists()


def test_several_clips_go_into_a_folder(swinging, tmp_path):
    other = film(tmp_path / "other.webp", pendulum(50, PERIOD, seed=3))
    out = tmp_path / "loops"
    assert run("loop", swinging, other, "-o", f"{out}/") == cli.DONE
    assert sorted(path.name for path in out.iterdir()) == ["other.webp", "pendulum.mp4"]


# ── what cannot be done, and what must be said ──


def said(capsys):
    return capsys.readouterr().err


def loudly(*arguments):
    return cli.main([*map(str, arguments), "--device", "cpu", "--threads", "1"])


@pytest.mark.parametrize(
    ("frames", "sentence"),
    [
        (still(30), "All frames are alike: any loop is perfect."),
        (leaving(24), "The loop is poor. The jump changes the picture"),
    ],
    ids=["still", "leaving"],
)
def test_a_loop_that_is_no_loop_is_written_and_said(frames, sentence, tmp_path, capsys):
    source = film(tmp_path / "clip.apng", frames)
    assert loudly("loop", source, "-o", tmp_path / "out.mp4") == cli.DONE
    assert sentence in said(capsys)


def test_endless_play_of_what_never_returns_is_written_and_said(tmp_path, capsys):
    source = film(tmp_path / "clip.apng", leaving(30))
    out = tmp_path / "out.mp4"
    assert loudly("endless", source, "-o", out, "--frames", 100) == cli.DONE
    told = capsys.readouterr()
    assert "The worst jump shows." in told.err
    assert "64 × 48  100 frames" in told.out


def test_what_is_left_of_a_torn_file_is_looped_and_said(tmp_path, capsys):
    source = film(tmp_path / "torn.webm", pendulum(80, PERIOD))
    content = source.read_bytes()
    source.write_bytes(content[: len(content) * 3 // 4])
    assert loudly("loop", source, "-o", tmp_path / "out.mp4") == cli.DONE
    assert "The file is incomplete" in said(capsys)


def test_odd_sizes_are_said(tmp_path, capsys):
    source = film(tmp_path / "odd.apng", pendulum(50, PERIOD)[:, 1:, 1:])
    assert loudly("loop", source, "-o", tmp_path / "out.mp4") == cli.DONE
    assert "MP4 has no odd sizes" in said(capsys)


def test_of_a_very_long_clip_the_beginning_is_looped_and_that_is_said(
    swinging, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(index_module, "MAX_FRAMES", 50)
    told = tmp_path / "told.json"
    assert loudly("loop", swinging, "-o", tmp_path / "out.mp4", "--report", told) == cli.DONE
    assert "The clip is very long: its first 50 frames were opened." in said(capsys)
    assert report_of(told)["input"]["frames"] == 50


def test_a_clip_without_sound_gives_a_loop_without_sound(swinging, tmp_path, capsys):
    out = tmp_path / "out.mp4"
    assert loudly("loop", swinging, "-o", out) == cli.DONE
    assert said(capsys) == ""
    with open_clip(out) as made:
        assert made.clip.sound is None


def one_frame(folder: Path) -> Path:
    folder = folder / "one"
    folder.mkdir()
    write(folder / "a_1.png", still(1)[0])
    return folder


def not_a_clip(folder: Path) -> Path:
    write(folder / "a.png", still(1)[0])
    return folder / "a.png"


def only_sound(folder: Path) -> Path:
    path = folder / "song.mp4"
    with av.open(str(path), "w") as out:
        track = out.add_stream("aac", rate=48_000, layout="mono")
        heard = av.AudioFrame.from_ndarray(np.zeros((1, 14_400), np.float32), "flt", "mono")
        heard.sample_rate, heard.pts = 48_000, 0
        out.mux(track.encode(heard))
        out.mux(track.encode())
    return path


def torn(folder: Path) -> Path:
    whole = film(folder / "whole.mp4", pendulum(30, PERIOD)).read_bytes()
    path = folder / "torn.mp4"
    path.write_bytes(whole[:200])
    return path


@pytest.mark.parametrize(
    ("made", "code", "sentence"),
    [
        (one_frame, cli.IMPOSSIBLE, "the clip has one frame only: a loop needs at least two"),
        (not_a_clip, cli.REFUSED, "a.png is not a clip: it looks like a picture in PNG"),
        (torn, cli.REFUSED, "torn.mp4"),
        (only_sound, cli.REFUSED, "has no pictures: there is only sound in it"),
        (lambda folder: folder / "gone.mp4", cli.REFUSED, "there is no such file"),
    ],
)
def test_what_cannot_be_looped_is_one_line(made, code, sentence, tmp_path, capsys):
    out = tmp_path / "out.mp4"
    assert run("loop", made(tmp_path), "-o", out) == code
    line = said(capsys)
    assert sentence in line
    assert len(line.strip().splitlines()) == 1
    assert not out.exists()


def test_a_kind_that_is_not_written_is_refused_before_the_work(swinging, tmp_path, capsys):
    assert run("loop", swinging, "-o", tmp_path / "out.mov") == cli.REFUSED
    assert "is not a kind of clip written here" in said(capsys)


def test_what_is_there_is_not_replaced_unasked(swinging, tmp_path, capsys):
    out = tmp_path / "out.mp4"
    out.write_bytes(b"mine")
    assert run("loop", swinging, "-o", out) == cli.REFUSED
    assert out.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--dynamics", "3"),
        ("--future", "2"),
        ("--length", "-1"),
        ("--blend", "x"),
        ("--play", "1=dance"),
        ("--play", "300=still"),
    ],
)
def test_values_out_of_range_are_a_mistake_of_usage(swinging, tmp_path, flag, value):
    with pytest.raises(SystemExit) as left:
        run("loop", swinging, "-o", tmp_path / "out.mp4", flag, value)
    assert left.value.code == cli.USAGE


@pytest.mark.parametrize("command", ["loop", "endless"])
def test_the_help_speaks_of_clips(command, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert f"patina {command} CLIP… [--mask MASK] [--regions REGIONS] -o OUT" in told
    assert ".webm" in told
