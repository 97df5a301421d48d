"""Sizes at which a tile closes: courses are counted, whatever has none is left alone."""

import numpy as np
import pytest

from editor.engine.texture_period import closing_sizes, period


def courses(every, count=9):
    """Bright rows with dark joints, and some noise."""
    rows = (np.arange(int(every * count)) % every) >= 2
    noise = np.random.default_rng(0).normal(0, 10, (len(rows), 50))
    return (np.where(rows, 170, 60)[:, None] + noise).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("every", [8, 14.25, 21.5])
def test_courses_are_counted_to_a_part_of_a_pixel(every):
    assert period(courses(every), 0) == pytest.approx(every, abs=0.15)
    assert period(courses(every), 1) is None
    assert period(np.ascontiguousarray(courses(every).T), 1) == period(courses(every), 0)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((80, 80), 9, np.uint8),
        np.random.default_rng(1).integers(0, 255, (90, 70, 3)).astype(np.uint8),
        courses(40, count=2),
        courses(8)[:12],
    ],
    ids=["one colour", "noise", "two courses", "too few rows"],
)
def test_what_has_no_courses_is_left_alone(picture):
    assert period(picture, 0) is None
    assert closing_sizes(picture, 100, 0) is None


@pytest.mark.parametrize(("length", "sizes"), [(107, (100, 114)), (100, None), (115, None)])
def test_a_tile_closes_after_whole_courses(length, sizes):
    assert closing_sizes(courses(14.25), length, 0) == sizes
