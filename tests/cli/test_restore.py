"""Restore on the command line: each task, masks, the report with its curve, one line of failure."""

from functools import partial

import numpy as np
import pytest

from editor import cli
from editor.engine import prior
from tests.cli import shell
from tests.cli.shell import read, report_of, write

run = partial(shell.run, "restore")


def noisy():
    y, x = np.mgrid[:32, :40]
    ramp = np.dstack([x * 4, y * 5, (x + y) * 2]).astype(np.float32)
    noise = np.random.default_rng(2).normal(0, 20, ramp.shape)
    return np.clip(ramp + noise, 0, 255).astype(np.uint8)


def block():
    mask = np.zeros((32, 40), np.uint8)
    mask[8:14, 10:22] = 255
    return mask


@pytest.fixture
def photo(tmp_path):
    return write(tmp_path / "photo.png", noisy())


@pytest.fixture
def mask(tmp_path):
    return write(tmp_path / "mask.png", block())


@pytest.mark.parametrize("task", ["denoise", "jpeg"])
def test_the_picture_comes_out_in_its_size(photo, out, task):
    assert run(photo, "-o", out, "--task", task, "--iterations", 5) == cli.DONE
    assert read(out).shape == (32, 40, 3)
    assert not np.array_equal(read(out), noisy())


def test_it_is_enlarged(photo, out):
    asked = ("--task", "superres", "--scale", 4, "--iterations", 2)
    assert run(photo, "-o", out, *asked) == cli.DONE
    assert read(out).shape == (128, 160, 3)


@pytest.mark.parametrize("task", ["denoise", "inpaint"])
def test_outside_the_mask_nothing_changes(photo, mask, out, task):
    asked = ("--task", task, "--mask", mask, "--iterations", 5)
    assert run(photo, "-o", out, *asked) == cli.DONE
    outside = block() == 0
    assert np.array_equal(read(out)[outside], noisy()[outside])
    assert not np.array_equal(read(out), noisy())


def test_the_report_has_the_curve_and_the_stop(photo, out, tmp_path):
    told = tmp_path / "told.json"
    asked = ("--net", "hourglass-1", "--iterations", 4, "--no-automatic", "--report", told)
    assert run(photo, "-o", out, *asked) == cli.DONE
    report = report_of(told)
    assert (report["operation"], report["params"]["net"]) == ("restore", "hourglass-1")
    curve = report["curve"]
    assert len(curve["loss"]) == len(curve["variance"]) == curve["iterations"] == 4
    assert curve["taken"] == 4
    assert {"stop", "sizes"} <= set(curve)


def test_time_ends_it_and_the_same_seed_gives_the_same_file(photo, out, tmp_path):
    told = tmp_path / "told.json"
    asked = ("--iterations", 20_000, "--budget", 0.3, "--report", told)
    assert run(photo, "-o", out, *asked) == cli.DONE
    assert 0 < report_of(told)["curve"]["iterations"] < 20_000
    for name in ("one.png", "two.png"):
        assert run(photo, "-o", tmp_path / name, "--iterations", 4, "--seed", 3) == cli.DONE
    assert np.array_equal(read(tmp_path / "one.png"), read(tmp_path / "two.png"))


@pytest.mark.parametrize(
    "image",
    [np.full((32, 40, 3), 90, np.uint8), noisy()[..., 0], noisy().astype(np.uint16) * 257],
    ids=["one colour", "grey", "16 bits"],
)
def test_pictures_of_every_kind_come_back_as_they_came(tmp_path, out, image):
    photo = write(tmp_path / "some.png", image)
    assert run(photo, "-o", out, "--iterations", 3) == cli.DONE
    assert read(out).shape == image.shape
    assert read(out).dtype == image.dtype


def test_what_is_not_a_number_is_made_up(tmp_path):
    image = noisy().astype(np.float32) / 255
    image[3, 4] = np.nan
    photo = write(tmp_path / "photo.exr", image)
    assert run(photo, "-o", tmp_path / "out.exr", "--iterations", 3) == cli.DONE
    assert np.isfinite(read(tmp_path / "out.exr")).all()


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("--task", "sharpen"), "choose denoise, jpeg, superres, inpaint, flash"),
        (("--task", "superres", "--scale", "3"), "choose 2, 4, 8"),
        (("--net", "vgg"), "choose auto, fast"),
        (("--iterations", "20001"), "Iterations is 20001: it goes from 0 to 20000"),
        (("--budget", "-1"), "Time is -1: it goes from 0 to 7200"),
        (("--strength", "120"), "Strength is 120: it goes from 0 to 100"),
    ],
)
def test_what_cannot_be_understood_is_one_line(photo, out, capsys, words, cause):
    with pytest.raises(SystemExit) as left:
        run(photo, "-o", out, *words)
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.count("\n") == 1
    assert cause in said


def said_of(photo, out, capsys, *words):
    assert run(photo, "-o", out, *words) == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert photo.name in said
    assert not out.exists()
    return said


def test_missing_pixels_without_a_mask_are_refused(photo, out, capsys):
    assert "the mask is missing" in said_of(photo, out, capsys, "--task", "inpaint")


def test_a_picture_of_no_numbers_is_refused(tmp_path, out, capsys):
    photo = write(tmp_path / "none.exr", np.full((8, 8, 3), np.nan, np.float32))
    out = out.with_suffix(".exr")
    assert "no pixel of the picture is a number" in said_of(photo, out, capsys)


def test_what_is_too_big_for_the_memory_is_refused_with_the_numbers(
    photo, out, capsys, monkeypatch
):
    class Memory:
        available = 2_000_000

    monkeypatch.setattr(prior, "warm_up", lambda: None)
    monkeypatch.setattr(prior.psutil, "virtual_memory", Memory)
    said = said_of(photo, out, capsys, "--task", "superres", "--scale", "8")
    assert "enlarged 8 times the picture is 320 × 256, which takes 0.0 GB" in said


def test_a_mask_of_another_size_is_refused(photo, out, tmp_path, capsys):
    small = write(tmp_path / "small.png", block()[:30])
    assert run(photo, "-o", out, "--mask", small) == cli.REFUSED
    assert "40 × 30" in capsys.readouterr().err


def test_a_picture_with_flash_says_where_the_edges_are(photo, out, tmp_path):
    bright = write(tmp_path / "bright.png", 255 - noisy())
    asked = ("--task", "flash", "--iterations", 3)
    assert run(photo, "-o", out, "--flash", bright, *asked) == cli.DONE
    other = tmp_path / "other.png"
    assert run(photo, "-o", other, "--flash", photo, *asked) == cli.DONE
    assert not np.array_equal(read(out), read(other))


def test_too_little_light_without_flash_is_refused(photo, out, capsys):
    assert "taken with flash is missing" in said_of(photo, out, capsys, "--task", "flash")
