"""What is written, read again: every frame, its time, its colours, its alpha and the sound."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from editor.engine.image import Size
from editor.engine.step import Step, last
from editor.files.clips.film import Film, open_clip
from editor.files.clips.kinds import CLIP_KINDS, GIF, for_saving
from editor.files.clips.options import DITHERS, ClipOptions
from editor.files.clips.save import Written, write_clip
from editor.files.problems import FileProblem
from tests.files.clips.samples import HEIGHT, WIDTH, number_in, numbered, tone

COUNT = 12
PLAIN = [numbered(number) for number in range(COUNT)]
COVERED = [numbered(number, alpha=True) for number in range(COUNT)]
NAMES = ["a.mp4", "a.webm", "a.gif", "a.apng", "a.webp", "folder"]
UNEVEN = [0.04, 0.1, 0.05, 0.2, 0.33, 0.033, 0.033, 0.034, 0.5, 0.04, 0.04, 0.25]
SLACK = {"a.mp4": 6, "a.webm": 6, "a.gif": 10, "a.apng": 0, "a.webp": 8, "folder": 0}


def written(path: Path, frames: Any, pace: Any = Fraction(25), **more: Any) -> Film:
    options = more.pop("options", ClipOptions(quality=95))
    last(write_clip(path, frames, pace, options, overwrite=False, **more))
    return open_clip(path)


def difference(got: np.ndarray, meant: np.ndarray) -> float:
    """The mean difference of the colours that can be seen."""
    seen = meant[..., 3] == 255 if meant.shape[2] == 4 else np.ones(meant.shape[:2], bool)
    return float(np.abs(got[..., :3].astype(int) - meant[..., :3])[seen].mean())


# ── frames ──


@pytest.mark.parametrize("name", NAMES)
def test_every_frame_comes_back_in_order(tmp_path: Path, name: str) -> None:
    with written(tmp_path / name, PLAIN) as clip:
        assert clip.clip.size == (WIDTH, HEIGHT)
        assert not clip.clip.alpha
        assert [number_in(clip.frame(number)) for number in range(clip.clip.count)] == list(
            range(COUNT)
        )
        for number in range(COUNT):
            assert difference(clip.frame(number), PLAIN[number]) <= SLACK[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a.mp4"])
def test_alpha_comes_back(tmp_path: Path, name: str) -> None:
    with written(tmp_path / name, COVERED) as clip:
        assert clip.clip.alpha
        for number in range(COUNT):
            got, meant = clip.frame(number), COVERED[number][..., 3]
            if name == "a.gif":
                meant = np.where(meant >= 128, 255, 0)
            assert np.abs(got[..., 3].astype(int) - meant).mean() <= (2 if name == "a.webm" else 0)
            assert difference(got, COVERED[number]) <= SLACK[name]


def test_a_kind_without_alpha_lays_the_clip_on_white(tmp_path: Path) -> None:
    steps = write_clip(tmp_path / "a.mp4", COVERED, 25, overwrite=False)
    notices = last(steps).notices
    assert notices == ("MP4 has no transparency: the clip is laid on white.",)
    with open_clip(tmp_path / "a.mp4") as clip:
        assert clip.frame(3)[40:, 4:28].min() > 245


@pytest.mark.parametrize("size", [(63, 48), (64, 47), (31, 17), (1, 1)])
def test_an_odd_size_becomes_even_in_mp4_and_stays_elsewhere(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    frames = [np.full((size[1], size[0], 3), 40 * number, np.uint8) for number in range(4)]
    frames[1][:, -1] = (200, 40, 40)
    written_mp4 = last(write_clip(tmp_path / "a.mp4", frames, 25, overwrite=False))
    assert any("has no odd sizes" in notice for notice in written_mp4.notices)
    with open_clip(tmp_path / "a.mp4") as clip:
        wide, high = size[0] + size[0] % 2, size[1] + size[1] % 2
        assert clip.clip.size == (wide, high)
        assert np.abs(clip.frame(2).astype(int) - 80).max() <= 3
    for name in ("a.webm", "a.gif", "a.apng", "a.webp"):
        with written(tmp_path / name, frames) as clip:
            assert clip.clip.size == size


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a.apng"])
def test_one_frame_is_a_clip_too(tmp_path: Path, name: str) -> None:
    with written(tmp_path / name, PLAIN[:1]) as clip:
        assert clip.clip.count == 1
        assert number_in(clip.frame(0)) == 0


def test_an_apng_of_one_frame_is_a_png(tmp_path: Path) -> None:
    last(write_clip(tmp_path / "a.apng", PLAIN[:1], 25, overwrite=False))
    with Image.open(tmp_path / "a.apng") as image:
        np.testing.assert_array_equal(np.asarray(image), PLAIN[0])


def test_an_mp4_begins_with_its_index(tmp_path: Path) -> None:
    last(write_clip(tmp_path / "a.mp4", PLAIN, 25, overwrite=False))
    data = (tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_colours_are_written_as_players_read_them(tmp_path: Path, name: str) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 100, 50), (128, 128, 128)]
    frames = [np.full((48, 64, 3), colour, np.uint8) for colour in colours]
    with written(tmp_path / name, frames) as clip:
        for number, colour in enumerate(colours):
            assert np.abs(clip.frame(number).astype(int) - colour).max() <= 3
    with av.open(str(tmp_path / name)) as container:
        frame = next(container.decode(video=0))
        assert (frame.colorspace, frame.color_range) == (1, 1)
        assert frame.format.name == "yuv420p"


def test_lossless_webp_is_exact(tmp_path: Path) -> None:
    with written(tmp_path / "a.webp", PLAIN, options=ClipOptions(lossless=True)) as clip:
        for number in range(COUNT):
            np.testing.assert_array_equal(clip.frame(number), PLAIN[number])


def test_quality_costs_bytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (4, 48, 64, 3), np.uint8)
    for suffix in (".mp4", ".webm", ".webp"):
        sizes = []
        for quality in (20, 90):
            path = tmp_path / f"{quality}{suffix}"
            last(write_clip(path, list(noise), 25, ClipOptions(quality=quality), overwrite=False))
            sizes.append(path.stat().st_size)
        assert sizes[1] > 1.5 * sizes[0]


# ── times ──


@pytest.mark.parametrize("name", NAMES[:5])
@pytest.mark.parametrize(
    "rate", [Fraction(25), Fraction(30000, 1001), Fraction(50), Fraction(1, 2)]
)
def test_the_rate_comes_back(tmp_path: Path, name: str, rate: Fraction) -> None:
    with written(tmp_path / name, PLAIN, rate) as clip:
        tick = 0.005 if name == "a.gif" else 0.001
        assert clip.clip.count == COUNT
        np.testing.assert_allclose(clip.clip.times, np.arange(13) / float(rate), atol=tick)


@pytest.mark.parametrize("name", NAMES[:5])
def test_every_duration_comes_back(tmp_path: Path, name: str) -> None:
    with written(tmp_path / name, PLAIN, UNEVEN) as clip:
        tick = 0.005 if name == "a.gif" else 0.001
        expected = np.concatenate([[0], np.cumsum(UNEVEN)])
        np.testing.assert_allclose(clip.clip.times, expected, atol=tick + 1e-6)


def test_gif_delays_are_whole_hundredths_that_add_up(tmp_path: Path) -> None:
    frames = [numbered(number % 32) for number in range(60)]
    last(write_clip(tmp_path / "a.gif", frames, Fraction(30), overwrite=False))
    with Image.open(tmp_path / "a.gif") as image:
        delays = []
        for number in range(60):
            image.seek(number)
            delays.append(image.info["duration"])
    assert set(delays) == {30, 40}
    assert sum(delays) == 2000


@pytest.mark.parametrize(("name", "most"), [("a.gif", 50), ("a.apng", 90), ("a.webp", 90)])
def test_frames_that_no_player_shows_so_fast_are_left_out(
    tmp_path: Path, name: str, most: int
) -> None:
    frames = [numbered(number) for number in range(60)]
    steps = write_clip(tmp_path / name, frames, Fraction(120), overwrite=False)
    notice = last(steps).notices[-1]
    with open_clip(tmp_path / name) as clip:
        count = clip.clip.count
        assert notice.endswith(f"{60 - count} frames are left out.")
        assert clip.clip.seconds == pytest.approx(0.5, abs=0.011)
        assert clip.clip.durations.min() >= 1 / most - 1e-9
        shown = [number_in(clip.frame(number)) for number in range(count)]
    gaps = np.diff(shown)
    assert shown[0] == 0
    assert gaps.max() - gaps.min() <= 1  # evenly: it does not stutter


# ── loops ──


@pytest.mark.parametrize("plays", [0, 1, 3])
@pytest.mark.parametrize("name", ["a.gif", "a.apng", "a.webp"])
def test_how_often_a_file_plays(tmp_path: Path, name: str, plays: int) -> None:
    options = ClipOptions(plays=plays)
    last(write_clip(tmp_path / name, PLAIN[:3], 25, options, overwrite=False))
    with Image.open(tmp_path / name) as image:
        found = image.info.get("loop")
    if name == "a.gif":  # GIF counts repetitions and says nothing for none
        assert found == {0: 0, 1: None, 3: 2}[plays]
    else:
        assert found == plays


@pytest.mark.parametrize("name", NAMES[:5])
def test_a_loop_that_is_written_and_joined_has_no_double_frame(tmp_path: Path, name: str) -> None:
    """The frame after the last one is the first: twice in a row, times and numbers go on."""
    with written(tmp_path / name, PLAIN) as clip:
        numbers = [number_in(clip.frame(number)) for number in range(clip.clip.count)]
        assert (numbers * 2)[COUNT - 1 : COUNT + 1] == [COUNT - 1, 0]
        assert clip.clip.durations[-1] == pytest.approx(0.04, abs=1e-3)


# ── sound ──


@pytest.mark.parametrize("rate", [44_100, 48_000, 32_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_sound_comes_back_as_long_as_the_pictures(
    tmp_path: Path, name: str, channels: int, rate: int
) -> None:
    at = np.arange(rate) / rate
    wave = (0.5 * np.sin(2 * np.pi * (300 + 200 * at) * at)).astype(np.float32)
    sound = np.repeat(wave[:, None], channels, axis=1)
    frames = [PLAIN[number % COUNT] for number in range(20)]
    with written(tmp_path / name, frames, sound=sound, sound_rate=rate) as clip:
        assert clip.clip.sound is not None
        assert clip.clip.sound.channels == channels
        kept = clip.clip.sound.rate
        heard = clip.samples(0, 2)
        assert np.abs(heard[round(0.802 * kept) :]).max() < 0.02
        assert np.abs(heard[round(0.83 * kept) :]).max() == 0
        assert np.abs(heard[round(0.78 * kept) : round(0.799 * kept)]).max() > 0.3
        at = np.arange(round(0.7 * kept)) / kept
        meant = 0.5 * np.sin(2 * np.pi * (300 + 200 * at) * at)
        assert np.abs(heard[: len(at), 0] - meant).mean() < 0.03


def test_short_sound_is_filled_with_silence(tmp_path: Path) -> None:
    with written(tmp_path / "a.mp4", PLAIN, sound=tone(0.2)[:, None]) as clip:
        heard = clip.samples(0, 0.48)
        assert np.abs(heard[-4000:]).max() < 0.02
        assert np.abs(heard[:9000]).max() > 0.4


@pytest.mark.parametrize("name", ["a.gif", "a.apng", "a.webp", "folder"])
def test_a_kind_without_sound_says_so(tmp_path: Path, name: str) -> None:
    steps = write_clip(tmp_path / name, PLAIN, 25, sound=tone(0.2)[:, None], overwrite=False)
    assert any("has no sound: it is left out" in one for one in last(steps).notices)


# ── GIF ──


@pytest.mark.parametrize("dither", DITHERS)
def test_a_gif_has_one_palette_for_all_frames(tmp_path: Path, dither: str) -> None:
    path = tmp_path / "a.gif"
    last(write_clip(path, PLAIN, 25, ClipOptions(dither=dither), overwrite=False))
    data = path.read_bytes()
    assert data[10] & 0x80  # a global table
    with Image.open(path) as image:
        for number in range(COUNT):
            image.seek(number)
            assert image.tile[0][3] is not None
    with open_clip(path) as clip:
        colours = {
            tuple(one) for number in range(COUNT) for one in clip.frame(number)[::2].reshape(-1, 3)
        }
        assert len(colours) <= 256


def test_still_areas_of_a_gif_stay_still(tmp_path: Path) -> None:
    """An ordered dither depends on the place alone, so that nothing swims."""
    frames = [PLAIN[0].copy() for _ in range(6)]
    for number, frame in enumerate(frames):
        frame[20:30, number * 8 : number * 8 + 8] = 255
    with written(tmp_path / "a.gif", frames) as clip:
        first = clip.frame(0)[32:]
        for number in range(6):
            np.testing.assert_array_equal(clip.frame(number)[32:], first)


def test_a_smooth_ramp_is_dithered(tmp_path: Path) -> None:
    ramp = np.zeros((64, 512, 3), np.uint8)
    ramp[:] = np.linspace(0, 255, 512).astype(np.uint8)[None, :, None]
    ramp[..., 1] = (
        ramp[..., 1].T.repeat(8, 0).reshape(512, 512)[:64] if False else ramp[..., 1] // 2
    )
    means = {}
    for dither in DITHERS:
        with written(
            tmp_path / f"{dither}.gif", [ramp], options=ClipOptions(dither=dither)
        ) as clip:
            blocks = clip.frame(0).reshape(8, 8, 64, 8, 3).mean(axis=(1, 3))
        meant = ramp.reshape(8, 8, 64, 8, 3).mean(axis=(1, 3))
        means[dither] = np.abs(blocks - meant).mean()
    assert means["diffused"] <= means["none"] + 0.5
    assert means["ordered"] <= 3


# ── whole or not at all ──


class Breaking:
    """Frames of which one cannot be made."""

    def __init__(self, at: int) -> None:
        self._at = at

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, number: int) -> np.ndarray:
        if number == self._at:
            raise RuntimeError("no more")
        return PLAIN[number]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("after", [1, 5, 11])
def test_closing_the_iterator_leaves_nothing(tmp_path: Path, name: str, after: int) -> None:
    steps: Iterator[Step[Written]] = write_clip(
        tmp_path / name, PLAIN, 25, sound=tone(0.5)[:, None], overwrite=False
    )
    for _ in range(after):
        next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", NAMES[:5])
def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    with pytest.raises(FileProblem, match="exists already"):
        last(write_clip(path, PLAIN, 25, overwrite=False))
    with pytest.raises(RuntimeError, match="no more"):
        last(write_clip(path, Breaking(7), 25, overwrite=True))
    assert path.read_bytes() == b"old"
    assert left(tmp_path) == [name]
    last(write_clip(path, PLAIN, 25, overwrite=True))
    assert open_clip(path).clip.count == COUNT


@pytest.mark.parametrize("name", NAMES[:5])
def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "write", lambda fd, data: 0)
    with pytest.raises(FileProblem, match=f"{name} cannot be saved: the disk is full"):
        last(write_clip(path, PLAIN, 25, sound=tone(0.4)[:, None], overwrite=True))
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert left(tmp_path) == [name]


def test_progress_rises_to_one(tmp_path: Path) -> None:
    for name in NAMES:
        done = [step.done for step in write_clip(tmp_path / name, PLAIN, 25, overwrite=False)]
        assert done == sorted(done)
        assert done[-1] == 1
        assert len(done) >= COUNT


# ── folders ──


def test_a_folder_is_numbered_and_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "walk"
    last(write_clip(folder, PLAIN, 25, overwrite=False))
    assert left(folder) == [f"walk_{number:04}.png" for number in range(1, COUNT + 1)]
    last(write_clip(folder, PLAIN[:3], 25, overwrite=True))
    assert left(folder) == ["walk_0001.png", "walk_0002.png", "walk_0003.png"]
    assert left(tmp_path) == ["walk"]


def test_a_folder_with_other_things_is_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(FileProblem, match=r"the folder holds other things \(thesis.txt\)"):
        last(write_clip(folder, PLAIN, 25, overwrite=True))
    with pytest.raises(RuntimeError, match="no more"):
        last(write_clip(tmp_path / "new", Breaking(7), 25, overwrite=True))
    assert left(tmp_path) == ["walk"]
    assert left(folder) == ["thesis.txt"]


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    for name in ("gone/a.mp4", "gone/walk"):
        with pytest.raises(FileProblem, match="there is no folder"):
            last(write_clip(tmp_path / name, PLAIN, 25, overwrite=False))


# ── what is asked for ──


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        (0, "0 frames a second cannot be"),
        (Fraction(-1), "-1 frames a second cannot be"),
        (5000, "5000 frames a second cannot be"),
        ([0.1] * 3, "there are 12 frames and 3 durations"),
        ([0.0] * COUNT, "every duration must be"),
        ([float("nan")] * COUNT, "every duration must be"),
    ],
)
def test_a_pace_that_is_none(tmp_path: Path, pace: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        last(write_clip(tmp_path / "a.mp4", PLAIN, pace, overwrite=False))
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("field", "words"),
    [({"quality": 0}, "quality is 0"), ({"plays": -1}, "plays is -1"), ({"dither": "x"}, "dither")],
)
def test_options_that_are_none(field: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ClipOptions(**field)


def test_sound_that_is_none(tmp_path: Path) -> None:
    for sound, rate, words in (
        (tone(0.1), 48_000, "sound is"),
        (tone(0.1)[:, None].astype(np.float64), 48_000, "sound is"),
        (tone(0.1)[:, None], 10, "the rate of the sound is 10"),
    ):
        with pytest.raises(ValueError, match=words):
            last(
                write_clip(
                    tmp_path / "a.mp4", PLAIN, 25, sound=sound, sound_rate=rate, overwrite=False
                )
            )


def test_frames_that_differ(tmp_path: Path) -> None:
    for name in NAMES:
        with pytest.raises(ValueError, match="every frame must be"):
            last(write_clip(tmp_path / name, [*PLAIN, PLAIN[0][1:]], 25, overwrite=False))
    assert left(tmp_path) == []


def test_the_kind_is_told_by_the_name() -> None:
    assert for_saving(Path("LOOP.GIF")) is GIF
    with pytest.raises(FileProblem, match=r"\.avi. is not a kind of clip written here; choose"):
        for_saving(Path("a.avi"))
    assert len({kind.name for kind in CLIP_KINDS}) == len(CLIP_KINDS)


def test_a_size_that_a_kind_cannot_hold(tmp_path: Path) -> None:
    wide = np.zeros((1, 20_000, 3), np.uint8)
    with pytest.raises(FileProblem, match=f"{Size(20_000, 1)} pixels and MP4 holds at most"):
        last(write_clip(tmp_path / "a.mp4", [wide], 25, overwrite=False))
