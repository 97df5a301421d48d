"""Sprites on the command line: what is cut out walks, and what cannot be done is one line."""

import json
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from editor import cli
from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.files.sprites import read_sprite
from tests.cli.shell import read, report_of, run, write
from tests.creature import AROUND, GREEN, HEIGHT, WIDTH, floor, running, staying


def film(path, frames):
    last(write_clip(path, frames, Fraction(25), ClipOptions(quality=95), overwrite=True))
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return film(tmp_path_factory.mktemp("clips") / "dart.mp4", running())


@pytest.fixture(scope="module")
def dart(clip, tmp_path_factory):
    out = tmp_path_factory.mktemp("sprites") / "dart.sprite"
    assert run("sprite", clip, "-o", out, "--mirror", "--quiet") == cli.DONE
    return out


def test_a_clip_becomes_a_sprite(clip, tmp_path, capsys):
    out, told = tmp_path / "dart.sprite", tmp_path / "told.json"
    assert run("sprite", clip, "-o", out, "--report", told, "--shadow", 0.1) == cli.DONE
    assert "dart.sprite  96 × 80  80 frames" in capsys.readouterr().out
    sprite, report = read_sprite(out), report_of(told)
    assert sprite.count == report["output"]["frames"] == 2 * AROUND
    assert (sprite.source, sprite.mirrored) == ("dart.mp4", False)
    assert report["operation"] == "sprite"
    assert report["params"]["shadow"] == 0.1
    assert report["key"]["kind"] == "colour"
    assert np.abs(np.array(list(bytes.fromhex(report["key"]["colours"][0][1:]))) - GREEN).max() < 9
    assert len(report["angles"]) == 16
    assert min(report["angles"]) > 0
    assert set(report["seconds"]) == {"load", "warmup", "solve", "save"}


@pytest.mark.parametrize("key", ["#14c828", "difference", "auto"])
def test_every_key_finds_it(clip, tmp_path, key):
    out, told = tmp_path / "dart.sprite", tmp_path / "told.json"
    assert run("sprite", clip, "-o", out, "--key", key, "--report", told, "--quiet") == cli.DONE
    assert read_sprite(out).count >= 2 * AROUND - 4
    assert report_of(told)["key"]["kind"] == ("difference" if key == "difference" else "colour")


def test_a_clean_picture_and_a_garbage_mask_help(tmp_path):
    source = film(tmp_path / "short.mp4", running(4, floor()))
    plate = write(tmp_path / "plate.png", floor())
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[60:] = 255
    garbage = write(tmp_path / "garbage.png", mask)
    out = tmp_path / "a.sprite"
    beside = ("--plate", plate, "--garbage", garbage)
    assert run("sprite", source, "-o", out, *beside, "--quiet") == cli.DONE
    assert all(cel.place.bottom <= 60 for cel in read_sprite(out).cels)


@pytest.mark.parametrize("way", ["circle", "square", "way.json"])
def test_a_sprite_walks_along_a_path_over_a_picture(dart, tmp_path, way):
    if way.endswith("json"):
        told = {"points": [[30, 30], [290, 40], [200, 200]], "closed": True, "curved": True}
        (tmp_path / way).write_text(json.dumps(told))
        way = tmp_path / way
    ground = write(tmp_path / "ground.png", np.full((240, 320, 3), (250, 240, 200), np.uint8))
    out, told = tmp_path / "walk.apng", tmp_path / "told.json"
    more = ("--background", ground, "--seconds", 3, "--report", told)
    assert run("steer", dart, "--path", way, "-o", out, *more, "--quiet") == cli.DONE
    report = report_of(told)
    with open_clip(out) as made:
        assert (made.clip.count, made.clip.size) == (75, (320, 240))
        frames = [made.frame(number) for number in (0, 40, 74)]
    for frame in frames:
        different = (frame != (250, 240, 200)).any(axis=2)
        assert 40 < different.sum() < 400
    assert report["output"]["frames"] == 75
    assert report["input"]["path"] == str(way)
    assert report["path"]["median_distance"] < 1
    assert report["path"]["walked"] > 5
    assert all(len(jump) == 3 for jump in report["transitions"])
    assert len(report["angles"]) == 16


def test_a_clip_plays_beneath_it_at_its_own_rate(dart, tmp_path):
    levels = np.arange(4, dtype=np.uint8) * 50 + 30
    frames = np.broadcast_to(levels[:, None, None, None], (4, 120, 160, 3))
    below = tmp_path / "below.mp4"
    last(write_clip(below, frames, Fraction(5), ClipOptions(quality=95), overwrite=True))
    out = tmp_path / "walk.mp4"
    assert run("steer", dart, "-o", out, "--background", below, "--seconds", 1) == cli.DONE
    with open_clip(out) as made:
        assert (made.clip.count, made.clip.size) == (25, (160, 120))
        shown = [int(made.frame(number)[1, 1].mean()) for number in range(25)]
    assert np.abs(np.subtract(shown, levels[np.arange(25) // 5 % 4])).max() <= 4


def test_without_a_background_it_is_transparent_where_that_can_be(dart, tmp_path):
    clear, white = tmp_path / "a.apng", tmp_path / "a.mp4"
    for out in (clear, white):
        assert run("steer", dart, "-o", out, "--seconds", 0.2, "--quiet") == cli.DONE
    with open_clip(clear) as one, open_clip(white) as other:
        assert one.frame(2)[0, 0].tolist() == [0, 0, 0, 0]
        assert other.frame(2)[0, 0].min() > 250


def test_a_background_with_holes_keeps_them_where_that_can_be(dart, tmp_path):
    """The left half of it is clear, the right half there by half."""
    ground = np.full((80, 96, 4), (250, 240, 200, 128), np.uint8)
    ground[:, :48, 3] = 0
    picture, clip = write(tmp_path / "ground.png", ground), tmp_path / "ground.apng"
    film(clip, np.stack([ground] * 3))
    for below in (picture, clip):
        kept, white = tmp_path / "a.apng", tmp_path / "a.mp4"
        for out in (kept, white):
            more = ("--background", below, "--seconds", 0.2, "--force", "--quiet")
            assert run("steer", dart, "-o", out, *more) == cli.DONE
        with open_clip(kept) as one, open_clip(white) as other:
            assert one.frame(2)[-1, [0, -1], 3].tolist() == [0, 128]
            assert (one.frame(2)[..., 3] == 255).sum() > 20  # the creature is all there
            assert other.frame(2)[-1, 0].min() > 250
            assert np.abs(other.frame(2)[-1, -1].astype(int) - (252, 247, 227)).max() < 4


def test_a_page_over_a_clip_is_still_and_says_so(dart, tmp_path, capsys):
    clip = film(tmp_path / "ground.mp4", np.full((3, 80, 96, 3), 90, np.uint8))
    assert run("steer", dart, "-o", tmp_path / "a.html", "--background", clip) == cli.DONE
    assert "A page is still" in "".join(capsys.readouterr())


def test_the_same_seed_walks_the_same_way(dart, tmp_path):
    outs = [tmp_path / f"{number}.apng" for number in range(2)]
    for out in outs:
        assert run("steer", dart, "-o", out, "--seconds", 1, "--seed", 4, "--quiet") == cli.DONE
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_page_holds_everything(dart, tmp_path, capsys):
    out = tmp_path / "dart.html"
    assert run("steer", dart, "-o", out, "--beta", 8) == cli.DONE
    assert "dart.html" in capsys.readouterr().out
    assert "<title>dart.mp4</title>" in out.read_text("utf-8")


def test_a_sheet_and_its_json(dart, tmp_path):
    out = tmp_path / "dart.png"
    assert run("sheet", dart, "-o", out, "--scale", 50, "--quiet") == cli.DONE
    pixels, told = read(out), report_of(tmp_path / "dart.json")
    assert told["image"] == "dart.png"
    assert told["size"] == [pixels.shape[1], pixels.shape[0]]
    assert len(told["frames"]) == 2 * AROUND
    assert run("sheet", dart, "-o", out, "--quiet") == cli.REFUSED
    out.unlink()
    assert run("sheet", dart, "-o", out, "--quiet") == cli.REFUSED  # the JSON is still there


def test_several_go_into_a_folder(clip, tmp_path):
    other = film(tmp_path / "other.mp4", running(AROUND))
    out = tmp_path / "sprites"
    assert run("sprite", clip, other, "-o", f"{out}/", "--quiet") == cli.DONE
    made = sorted(out.iterdir())
    assert [path.name for path in made] == ["dart.sprite", "other.sprite"]
    sheets = tmp_path / "sheets"
    assert run("sheet", *made, "-o", f"{sheets}/", "--quiet") == cli.DONE
    assert len(list(sheets.iterdir())) == 4


# ── what must be said ──


def code_of(*arguments):
    """The exit code, also of what argparse refuses."""
    try:
        return run(*arguments)
    except SystemExit as left:
        return left.code


def said(capsys):
    return capsys.readouterr().err


def test_a_creature_that_leaves_the_frame_is_in_parts(tmp_path, capsys):
    frames = running(AROUND)[:, :, 12:]  # it is cut at the left
    source = film(tmp_path / "left.mp4", frames[:, :, 12:])
    assert run("sprite", source, "-o", tmp_path / "a.sprite") == cli.DONE
    assert "frames show no whole creature: it is in 2 parts" in said(capsys)


def test_of_several_creatures_one_is_chosen(tmp_path, capsys):
    frames = np.full((12, 60, 160, 3), GREEN, np.uint8)
    for number, frame in enumerate(frames):
        frame[20:32, 15 + 3 * number : 33 + 3 * number] = (200, 60, 40)
        frame[44:54, 100 - 3 * number : 115 - 3 * number] = (60, 40, 200)
    source, out = film(tmp_path / "two.mp4", frames), tmp_path / "a.sprite"
    assert run("sprite", source, "-o", out) == cli.DONE
    assert "In frame 0 there is another creature and the largest is followed" in said(capsys)
    assert read_sprite(out).cels[0].colour[0] > 150
    mask = np.zeros((60, 160), np.uint8)
    mask[:40] = 255
    garbage = write(tmp_path / "garbage.png", mask)
    assert run("sprite", source, "-o", out, "--garbage", garbage, "--force") == cli.DONE
    assert "another creature" not in said(capsys)
    assert read_sprite(out).cels[0].colour[2] > 150


def test_without_one_colour_behind_it_the_difference_is_offered(tmp_path, capsys):
    ground = np.random.default_rng(0).integers(0, 256, (10, 12, 3), np.uint8)
    frames = running(4, np.kron(ground, np.ones((8, 8, 1), np.uint8)))
    source, out = film(tmp_path / "floor.mp4", frames), tmp_path / "a.sprite"
    assert run("sprite", source, "-o", out, "--key", "colour") == cli.IMPOSSIBLE
    told = said(capsys)
    assert "floor.mp4: the backdrop has no colour of its own" in told
    assert "take the difference" in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_where_the_place_is_never_seen_a_picture_of_it_is_asked_for(tmp_path, capsys):
    source = film(tmp_path / "stays.mp4", staying())
    assert run("sprite", source, "-o", tmp_path / "a.sprite") == cli.DONE
    told = said(capsys)
    assert "hardly leaves its place" in told
    assert "--plate" in told


def test_a_creature_that_goes_one_way_asks_for_more(tmp_path, capsys):
    frames = np.full((30, 60, 120, 3), GREEN, np.uint8)
    for number, frame in enumerate(frames):
        frame[20:32, 5 + 3 * number : 20 + 3 * number] = (200, 60, 40)
    source = film(tmp_path / "right.mp4", frames)
    assert run("sprite", source, "-o", tmp_path / "a.sprite") == cli.DONE
    assert "ways: film more of the others or mirror it" in said(capsys)


def test_a_creature_that_stands_still_cannot_be_steered(tmp_path, capsys):
    source = film(tmp_path / "still.mp4", np.repeat(running(1), 10, axis=0))
    out = tmp_path / "a.sprite"
    assert run("sprite", source, "-o", out) == cli.DONE
    assert "It does not move" in said(capsys)
    assert run("steer", out, "-o", tmp_path / "a.mp4") == cli.IMPOSSIBLE
    assert "does not move" in said(capsys)
    assert run("sprite", source, "-o", out, "--along", 3, "--force") == cli.DONE
    assert run("steer", out, "-o", tmp_path / "a.mp4") == cli.DONE


def hostile(path, dart, name, data):
    """A sprite file with one entry replaced."""
    with zipfile.ZipFile(dart) as archive, zipfile.ZipFile(path, "w") as changed:
        for entry in archive.namelist():
            changed.writestr(entry, data if entry == name else archive.read(entry))
    return path


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("sprite", "{clip}", "-o", "a.mp4"), cli.REFUSED, "ends in .sprite"),
        (("sprite", "none.mp4", "-o", "a.sprite"), cli.REFUSED, "no such file"),
        (("sprite", "{dart}", "-o", "a.sprite"), cli.REFUSED, "is not a clip"),
        (("sprite", "{clip}", "-o", "a.sprite", "--key", "grass"), cli.USAGE, "is no key"),
        (("sprite", "{clip}", "-o", "a.sprite", "--last", "99"), cli.IMPOSSIBLE, "frames 0 to 79"),
        (("steer", "{clip}", "-o", "a.mp4"), cli.REFUSED, "cannot be opened"),
        (("steer", "{dart}", "-o", "a.mp4", "--path", "up.json"), cli.REFUSED, "it is not there"),
        (("steer", "{dart}", "-o", "a.psd"), cli.REFUSED, "cannot be saved"),
        (("steer", "{dart}", "-o", "a.html", "--path", "circle"), cli.IMPOSSIBLE, "the pointer"),
        (("steer", "{dart}", "-o", "a.mp4", "--seconds", "0"), cli.USAGE, "from 0.1"),
        (("sheet", "{dart}", "-o", "a.jpg"), cli.REFUSED, "transparent"),
        (("sheet", "{dart}"), cli.USAGE, "-o"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments, code, sentence, clip, dart, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    given = [one.format(clip=clip, dart=dart) for one in arguments]
    assert code_of(*given, "--quiet") == code
    told = said(capsys)
    assert sentence in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("entry", "data"),
    [("sprite.json", b"{}"), ("sprite.json", b"[" * 9999), ("frames/00000.png", b"no picture")],
)
def test_a_hostile_sprite_is_refused(entry, data, dart, tmp_path, capsys):
    bad = hostile(tmp_path / "bad.sprite", dart, entry, data)
    for command, out in (("steer", "a.mp4"), ("sheet", "a.png")):
        assert run(command, bad, "-o", tmp_path / out) == cli.REFUSED
        told = said(capsys)
        assert "bad.sprite cannot be opened" in told
        assert told.count("\n") == 1
        assert not (tmp_path / out).exists()
