"""Textures on the command line: sizes, masks and reports; failures are one line."""

import numpy as np
import pytest

from editor import cli
from tests.cli.shell import read, report_of, run, write


def noise(height=30, width=36):
    return np.random.default_rng(5).integers(0, 256, (height, width, 3)).astype(np.uint8)


def block():
    mask = np.zeros((30, 36), np.uint8)
    mask[12:20, 12:22] = 255
    return mask


@pytest.fixture
def photo(tmp_path):
    return write(tmp_path / "photo.png", noise())


@pytest.mark.parametrize("method", ["fast", "exact"])
def test_a_texture_comes_out_in_its_size(photo, out, tmp_path, method):
    told = tmp_path / "told.json"
    asked = ("texture", photo, "--size", "48x40", "--method", method, "--window", 5)
    assert run(*asked, "-o", out, "--report", told) == cli.DONE
    assert read(out).shape == (40, 48, 3)
    report = report_of(told)
    assert report["operation"] == "texture"
    assert (report["params"]["method"], report["params"]["window"]) == (method, 5)
    assert report["output"]["size"] == [48, 40]
    assert set(report["seconds"]) == {"load", "warmup", "solve", "save"}


def test_a_texture_is_copied_from_the_sampling_alone(photo, out, tmp_path):
    white = np.zeros((30, 36), np.uint8)
    white[5:25, 6:26] = 255
    sampling = write(tmp_path / "sampling.png", white)
    asked = ("texture", photo, "--size", "48x40", "--sampling", sampling, "--tile", "xy")
    assert run(*asked, "-o", out) == cli.DONE
    allowed = {tuple(one) for one in noise()[5:25, 6:26].reshape(-1, 3).tolist()}
    assert {tuple(one) for one in read(out).reshape(-1, 3).tolist()} <= allowed


def test_several_seeds_make_several_textures(photo, out):
    assert run("texture", photo, "--size", "48x40", "-o", out, "--variations", 2) == cli.DONE
    one, other = (read(out.with_stem(f"out-{number}")) for number in (1, 2))
    assert (one != other).any()


def test_maps_of_the_sample_are_laid_beside_the_texture(photo, out, tmp_path):
    normals = write(tmp_path / "normal.tif", noise().astype(np.uint16) * 257)
    told = tmp_path / "told.json"
    asked = ("texture", photo, "--size", "48x40", "--tile", "xy", "--with", normals, "-o", out)
    assert run(*asked, "--report", told) == cli.DONE
    beside = tmp_path / "out-normal.tif"
    np.testing.assert_array_equal(read(beside), read(out).astype(np.uint16) * 257)
    assert report_of(told)["output"]["beside"] == [str(beside)]
    assert report_of(told)["input"]["with"] == [str(normals)]


def test_what_is_beside_it_is_not_replaced_unasked(photo, out, tmp_path, capsys):
    normals = write(tmp_path / "normal.png", noise())
    there = write(tmp_path / "out-normal.png", noise(9, 9))
    asked = ("texture", photo, "--size", "48x40", "--with", normals, "-o", out)
    assert run(*asked) == cli.REFUSED
    assert "out-normal.png: is there already; --force replaces it" in capsys.readouterr().err
    assert not out.exists()
    assert run(*asked, "--force") == cli.DONE
    assert read(there).shape == (40, 48, 3)


def test_a_guide_and_more_samples_come_from_files(photo, out, tmp_path):
    guide = write(tmp_path / "guide.png", np.eye(8, dtype=np.uint8) * 255)
    own = write(tmp_path / "own.png", noise()[..., 0])
    other = write(tmp_path / "other.png", noise(40, 40)[..., ::-1].copy())
    asked = ("texture", photo, "--size", "48x40", "-o", out)
    assert run(*asked, "--more", other) == cli.DONE
    plain = read(out)
    assert run(*asked, "--guide", guide, own, "--guidance", 100, "--force") == cli.DONE
    assert (read(out) != plain).any()


def test_maps_of_one_name_are_refused(photo, out, tmp_path, capsys):
    maps = [write(tmp_path / folder / "normal.png", noise()) for folder in ("a", "b")]
    assert run("texture", photo, "--size", "48x40", "-o", out, "--with", *maps) == cli.IMPOSSIBLE
    assert "two of the maps are called normal.png" in capsys.readouterr().err


def test_a_hole_grows_shut(photo, out, tmp_path):
    mask = write(tmp_path / "mask.png", block())
    assert run("grow", photo, "--mask", mask, "--window", 5, "-o", out) == cli.DONE
    same = (read(out) == noise()).all(axis=2)
    assert same[block() == 0].all()
    assert not same[block() > 0].all()


@pytest.mark.parametrize("method", ["fast", "exact"])
def test_a_picture_is_extended_on_each_side_by_its_own_amount(photo, out, method):
    sides = ("--left", 3, "--right", 5, "--top", 7, "--bottom", 2)
    asked = ("extend", photo, *sides, "--method", method, "--window", 5)
    assert run(*asked, "-o", out) == cli.DONE
    assert read(out).shape == (39, 44, 3)
    np.testing.assert_array_equal(read(out)[7:37, 3:39], noise())


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("texture",), "--size"),
        (("texture", "--size", "large"), "'large' is not a size such as 512x512"),
        (("texture", "--size", "48x4"), "Height is 4: it goes from 7 to 16384"),
        (("texture", "--size", "48x48", "--tile", "z"), "choose none, x, y, xy"),
        (("extend", "--left", "-3"), "Left is -3: it goes from 0 to 4096"),
        (("grow",), "--mask"),
    ],
)
def test_what_cannot_be_understood_is_one_line(photo, out, capsys, words, cause):
    name, *more = words
    with pytest.raises(SystemExit) as left:
        run(name, photo, "-o", out, *more)
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.count("\n") == 1
    assert cause in said


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("texture", "--size", "20x20"), "the texture is 20 × 20 and the sample 36 × 30"),
        (
            ("texture", "--size", "48x48", "--method", "exact", "--window", "31"),
            "the sample is 36 × 30 and the window 31: choose a smaller window",
        ),
        (
            ("texture", "--size", "48x48", "--method", "exact", "--window", "8"),
            "the window is 8: it is odd",
        ),
        (
            ("texture", "--size", "48x48", "--method", "exact", "--tile", "x"),
            "the exact method makes no tiles",
        ),
        (("extend",), "nothing to extend: left, right, top and bottom are all 0"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_picture(photo, out, capsys, words, cause):
    name, *more = words
    assert run(name, photo, "-o", out, *more) == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "photo.png" in said
    assert cause in said
    assert not out.exists()


def test_a_sampling_that_leaves_no_window_is_said(photo, out, tmp_path, capsys):
    sampling = write(tmp_path / "sampling.png", block() * (np.arange(36) % 3 == 0).astype(np.uint8))
    asked = ("texture", photo, "--size", "48x40", "--sampling", sampling)
    assert run(*asked, "-o", out) == cli.IMPOSSIBLE
    assert "nowhere are 7 × 7 pixels of the sample allowed" in capsys.readouterr().err
