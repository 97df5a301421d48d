"""Retarget on the command line: the size is one flag, masks reach it, failures are one line."""

from functools import partial

import numpy as np
import pytest

from editor import cli
from tests.cli import shell
from tests.cli.shell import read, report_of, write

run = partial(shell.run, "retarget")


def noise():
    return np.random.default_rng(5).integers(0, 256, (40, 60, 3)).astype(np.uint8)


def block():
    mask = np.zeros((40, 60), np.uint8)
    mask[12:24, 20:32] = 255
    return mask


@pytest.fixture
def photo(tmp_path):
    return write(tmp_path / "photo.png", noise())


@pytest.mark.parametrize("method", ["patches", "seams", "scale"])
@pytest.mark.parametrize("size", ["75%x110%", "45x44"])
def test_the_picture_comes_out_in_its_size(photo, out, tmp_path, method, size):
    told = tmp_path / "told.json"
    asked = (photo, "--size", size, "-o", out, "--method", method, "--report", told)
    assert run(*asked) == cli.DONE
    assert read(out).shape == (44, 45, 3)
    report = report_of(told)
    assert (report["operation"], report["params"]["method"]) == ("retarget", method)
    assert report["params"]["unit"] == ("percent" if "%" in size else "pixels")
    assert report["output"]["size"] == [45, 44]
    assert report["residuals"] == []


def test_masks_and_guides_are_followed(photo, out, tmp_path):
    protect = write(tmp_path / "protect.png", block())
    remove = write(tmp_path / "remove.png", np.roll(block(), 22, axis=1))
    guides, told = tmp_path / "guides.json", tmp_path / "told.json"
    guides.write_text('{"lines": [{"from": [2, 30], "to": [58, 30]}]}')
    beside = ("--protect", protect, "--remove", remove, "--guides", guides)
    assert run(photo, "--size", "60%x100%", "-o", out, *beside, "--report", told) == cli.DONE
    windows = np.lib.stride_tricks.sliding_window_view(read(out), (12, 12, 3))[:, :, 0]
    assert (windows == noise()[12:24, 20:32]).all(axis=(2, 3, 4)).any()
    report = report_of(told)
    line, protected = report["residuals"]
    assert line <= 1
    assert protected == 0
    assert report["input"]["remove"] == str(remove)


def test_what_is_not_followed_is_said(photo, out, tmp_path, capsys):
    protect = write(tmp_path / "protect.png", block())
    asked = (photo, "--size", "50%x100%", "-o", out, "--method", "scale", "--protect", protect)
    assert run(*asked) == cli.DONE
    assert "nothing that is marked was followed" in capsys.readouterr().err


def test_several_seeds_for_one_size(photo, out):
    assert run(photo, "--size", "80%x100%", "-o", out, "--variations", 2) == cli.DONE
    one, other = (read(out.with_stem(f"out-{number}")) for number in (1, 2))
    assert one.shape == other.shape == (40, 48, 3)
    assert (one != other).any()


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ((), "--size"),
        (("--size", "large"), "'large' is not a size such as 60%x100% or 800x600"),
        (("--size", "60%x300"), "'60%x300' is not a size such as"),
        (("--size", "0x100"), "Width is 0.0: it goes from 1 to 100000"),
        (("--size", "100%x0%"), "Height is 0.0: it goes from 1 to 100000"),
        (("--size", "60%x60%", "--method", "magic"), "choose patches, seams, scale"),
        (("--width", "60"), "--size"),
    ],
)
def test_what_cannot_be_understood_is_one_line(photo, out, capsys, words, cause):
    with pytest.raises(SystemExit) as left:
        run(photo, "-o", out, *words)
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.count("\n") == 1
    assert cause in said


@pytest.mark.parametrize(
    ("size", "cause"),
    [
        ("100%x100%", "the picture is 60 × 40 already"),
        ("60x40", "the picture is 60 × 40 already"),
        ("801%x100%", "the new width is 481: from 60 pixels on, 6 to 480 are possible"),
        ("60x2", "the new height is 2: from 40 pixels on, 4 to 320 are possible"),
        ("33.5x40", "the new width is 33.5 pixels: it must be a whole number"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_picture(photo, out, capsys, size, cause):
    assert run(photo, "--size", size, "-o", out) == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "photo.png" in said
    assert cause in said
    assert not out.exists()


def test_protecting_more_than_fits_is_said(photo, out, tmp_path, capsys):
    protect = write(tmp_path / "protect.png", block())
    asked = (photo, "--size", "10x40", "-o", out, "--protect", protect)
    assert run(*asked) == cli.IMPOSSIBLE
    assert (
        "what is protected is 12 × 12 and the new picture only 10 × 40" in capsys.readouterr().err
    )


def test_a_mask_of_another_size_is_refused(photo, out, tmp_path, capsys):
    remove = write(tmp_path / "remove.png", block()[:30])
    assert run(photo, "--size", "50%x100%", "-o", out, "--remove", remove) == cli.REFUSED
    assert "60 × 30" in capsys.readouterr().err
