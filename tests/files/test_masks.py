"""A mask is any picture: its whites, its greys, or its transparency."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.engine.image import Meta, Picture, Size
from editor.files.masks import as_cover, as_labels, read_labels, read_mask
from editor.files.problems import FileProblem
from editor.files.read import read_picture
from editor.files.write import SaveOptions, write_picture

BLOB = np.zeros((6, 8), np.uint8)
BLOB[2:4, 3:6] = 255
SOFT = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


def colour(values: Picture, *channels: int) -> Picture:
    """The values in these of the three channels."""
    picture = np.zeros((*values.shape, 3), values.dtype)
    picture[..., list(channels)] = values[..., None]
    return picture


def with_alpha(picture: Picture, alpha: Picture) -> Picture:
    return np.concatenate([picture, alpha[..., None]], axis=2)


@pytest.mark.parametrize(
    "pixels",
    [
        BLOB,
        colour(BLOB, 0, 1, 2),
        colour(BLOB, 0),
        colour(BLOB, 2),
        BLOB // 255,
        (BLOB // 255).astype(np.uint16),
        BLOB.astype(np.uint16) * 257,
        BLOB.astype(np.float32) / 255,
        BLOB.astype(np.float32) * 10,
        np.where(BLOB, np.float32(1), np.float32(np.nan)),
        with_alpha(colour(BLOB, 0, 1, 2), np.full_like(BLOB, 255)),
        with_alpha(colour(255 - BLOB, 0, 1, 2), BLOB),
    ],
    ids=[
        "grey", "white", "red", "blue", "ones", "ones of 16 bits", "16 bits", "float",
        "brighter than white", "not a number", "opaque", "transparent",
    ],
)  # fmt: skip
def test_every_way_to_say_the_same(pixels: Picture) -> None:
    np.testing.assert_array_equal(as_cover(pixels), BLOB)


@pytest.mark.parametrize("scale", [np.uint8(1), np.uint16(257), np.float32(1 / 255)])
def test_greys_are_a_soft_edge(scale: Any) -> None:
    np.testing.assert_array_equal(as_cover(SOFT * scale), SOFT)


def test_the_cover_is_a_copy() -> None:
    picture = BLOB.copy()
    as_cover(picture)[:] = 7
    np.testing.assert_array_equal(picture, BLOB)


def test_black_is_an_empty_mask() -> None:
    assert not as_cover(np.zeros((3, 3), np.uint8)).any()


@pytest.fixture
def mask_file(tmp_path: Path) -> Path:
    path = tmp_path / "mask.png"
    write_picture(path, SOFT, Meta(), SaveOptions(), overwrite=False)
    return path


def test_a_file_gives_its_values_back(mask_file: Path) -> None:
    np.testing.assert_array_equal(read_mask(mask_file, Size(8, 6), read=read_picture), SOFT)


def test_black_and_white_survive_jpeg(tmp_path: Path) -> None:
    big = BLOB.repeat(4, axis=0).repeat(4, axis=1)
    path = tmp_path / "mask.jpg"
    write_picture(path, big, Meta(), SaveOptions(quality=95), overwrite=False)
    cover = read_mask(path, Size.of(big), read=read_picture)
    np.testing.assert_array_equal(cover, big)


def test_another_size_is_refused_with_both_named(mask_file: Path) -> None:
    with pytest.raises(FileProblem, match=r"mask.png is 8 × 6 and the picture is 9 × 6"):
        read_mask(mask_file, Size(9, 6), read=read_picture)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mask.png").write_text("white")
    with pytest.raises(FileProblem, match=r"mask\.png"):
        read_mask(tmp_path / "mask.png", Size(8, 6), read=read_picture)


# ── regions ──

REGIONS = np.array([[0, 0, 2], [1, 1, 2]], np.uint8)


@pytest.mark.parametrize(
    "pixels",
    [
        REGIONS,
        REGIONS * 100,
        REGIONS.astype(np.uint16) * 20_000,
        REGIONS.astype(np.float32) / 2,
        colour(REGIONS * 100, 0),
        np.array([[0, 0, 0], [0, 90, 0], [200, 0, 200]], np.uint8)[REGIONS],
        with_alpha(np.array([[9, 9, 9], [0, 90, 0], [200, 0, 200]], np.uint8)[REGIONS],
                   np.where(REGIONS > 0, np.uint8(255), np.uint8(0))),
    ],
    ids=["numbers", "grey", "deep", "floating", "red", "colours", "transparent"],
)  # fmt: skip
def test_each_colour_is_a_region_from_dark_to_light(pixels: Picture) -> None:
    assert np.array_equal(as_labels(pixels), REGIONS)


def test_where_nothing_is_black_there_is_no_rest() -> None:
    assert as_labels(REGIONS * 100 + 40).tolist() == [[1, 1, 3], [2, 2, 3]]


def test_a_photograph_is_no_picture_of_regions(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    write_picture(path, SOFT + 10, Meta(), SaveOptions(), overwrite=True)
    with pytest.raises(FileProblem, match=r"photo\.png cannot be used: it has 48 colours"):
        read_labels(path, Size(8, 6), read=read_picture)
    with pytest.raises(FileProblem, match=r"are 8 × 6 and the picture is 9 × 9"):
        read_labels(path, Size(9, 9), read=read_picture)
