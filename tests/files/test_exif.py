"""The TIFF block: corrected where it stands, never trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.files import exif
from tests.files import samples


def test_upright_changes_two_bytes_and_no_more() -> None:
    block = samples.exif_block(6)
    assert exif.orientation(block) == 6
    changed = exif.upright(block)
    assert exif.orientation(changed) == 1
    assert sum(one != other for one, other in zip(block, changed, strict=True)) == 1


def test_location_goes_and_nothing_else_moves() -> None:
    block = samples.exif_block()
    bare = exif.without_location(block)
    assert len(bare) == len(block)
    assert samples.tags(bare) == samples.FULL | {"place": None}
    assert exif.without_location(bare) == bare


def test_what_cannot_be_searched_for_a_location_is_dropped() -> None:
    assert exif.without_location(b"II*\0\xff\xff\xff\xff rest") == b""


def test_a_resolution_in_centimetres_is_told_in_inches() -> None:
    block = exif.with_resolution(b"", (254.0, 127.0))
    assert exif.resolution(block) == (254.0, 127.0)
    centimetres = block.replace(b"\x28\x01\x03\0\x01\0\0\0\x02", b"\x28\x01\x03\0\x01\0\0\0\x03")
    assert centimetres != block
    assert exif.resolution(centimetres) == pytest.approx((254 * 2.54, 127 * 2.54))


def test_a_tiff_of_a_big_endian_camera_takes_little_endian_tags_back() -> None:
    block = samples.exif_block()
    file = bytearray(b"II*\0\x08\0\0\0\0\0\0\0\0\0")
    exif.into_tiff(file, block, b"profile!", b"<xmp/>", (300.0, 300.0))
    again, icc, xmp = exif.from_tiff(bytes(file))
    assert samples.tags(again) == samples.FULL
    assert (icc, xmp) == (b"profile!", b"<xmp/>")
    assert exif.resolution(again) == (300.0, 300.0)


WHOLE = samples.with_thumbnail(samples.exif_block(3), b"\xff\xd8small\xff\xd9")


@given(st.data())
def test_no_block_however_broken_does_more_than_be_ignored(data: st.DataObject) -> None:
    block = bytearray(WHOLE[: data.draw(st.integers(0, len(WHOLE)))])
    for _ in range(data.draw(st.integers(0, 6))):
        if block:
            at = data.draw(st.integers(0, len(block) - 1))
            block[at] = data.draw(st.integers(0, 255))
    broken = bytes(block)
    assert 1 <= exif.orientation(broken) <= 8
    exif.resolution(broken)
    exif.from_tiff(broken)
    exif.without_thumbnail(broken)
    exif.without_location(broken)
    assert len(exif.upright(broken)) == len(broken)
    assert len(exif.sized(broken, 10, 20)) == len(broken)


@given(st.binary(max_size=200))
def test_any_bytes_at_all(broken: bytes) -> None:
    for start in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        block = start + broken
        exif.resolution(block)
        exif.from_tiff(block)
        corrected = exif.sized(exif.upright(block), 1, 1)
        exif.without_location(exif.without_thumbnail(corrected))
