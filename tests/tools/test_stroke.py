"""One stroke: smooth through every place, or along a ruler."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Rect, Size
from editor.tools.stroke import Stroke, curve
from editor.tools.sweep import Dab

SIZE = Size(160, 120)
WHOLE = Rect(0, 0, *SIZE)

coordinates = st.tuples(st.floats(-20, 180), st.floats(-20, 140))
paths = st.lists(coordinates, min_size=1, max_size=8)


def through(places, radius=2.0, hardness=1.0):
    stroke = Stroke(SIZE, hardness, Dab(*places[0], radius))
    for place in places[1:]:
        stroke.through(Dab(*place, radius))
    stroke.settle()
    return stroke


@given(paths)
def test_every_place_is_painted(places):
    cover = through(places).cover(WHOLE)
    for x, y in places:
        if 0 <= x < SIZE.width and 0 <= y < SIZE.height:
            assert cover[int(y), int(x)] == 255


@given(paths)
def test_all_that_was_painted_lies_in_its_rect(places):
    stroke = through(places)
    cover = stroke.cover(WHOLE)
    cover[stroke.rect.slices] = 0
    assert not cover.any()


@given(places=paths, ruled=st.lists(st.booleans(), min_size=8, max_size=8))
def test_what_has_changed_is_told_after_each_step(places, ruled):
    """Somebody who looks only where told to sees the whole stroke."""
    stroke = Stroke(SIZE, 0.5, Dab(*places[0], 5))
    seen = np.zeros((SIZE.height, SIZE.width), np.uint8)
    for place, along_ruler in zip(places, ruled, strict=False):
        (stroke.ruled if along_ruler else stroke.through)(Dab(*place, 5))
        rect = stroke.changed()
        seen[rect.slices] = stroke.cover(rect)
        assert (seen == stroke.cover(WHOLE)).all()


def test_a_circle_of_few_places_is_round():
    radius, places = 40, 12
    turns = [2 * math.pi * place / places for place in range(places + 1)]
    stroke = through([(80 + radius * math.cos(t), 60 + radius * math.sin(t)) for t in turns], 1)
    rows, columns = np.nonzero(stroke.cover(WHOLE) > 127)
    distance = np.hypot(columns + 0.5 - 80, rows + 0.5 - 60)
    straight = radius * math.cos(math.pi / places)  # the middle of a side of the polygon
    assert straight < radius - 1.3
    assert np.abs(distance - radius).max() < 1.6


def test_a_straight_way_stays_straight():
    dabs = curve(*(Dab(x, 2 * x, 3) for x in (0, 10, 12, 40)))
    assert all(math.isclose(dab.y, 2 * dab.x, abs_tol=1e-9) for dab in dabs)
    assert dabs[-1] == Dab(12, 24, 3)


@given(*[coordinates] * 4)
def test_a_curve_does_not_run_away_from_its_places(p0, p1, p2, p3):
    """It stays near the straight way even where the hand stops suddenly."""
    way = math.dist(p1, p2)
    before, a, b, after = (Dab(*place, 1) for place in (p0, p1, p2, p3))
    for dabs in (curve(before, a, b, after), curve(None, a, b, after), curve(before, a, b, None)):
        for dab in dabs:
            assert math.dist(p1, (dab.x, dab.y)) + math.dist((dab.x, dab.y), p2) <= 2 * way + 1e-6


def test_radius_and_strength_change_along_a_curve():
    dabs = curve(Dab(0, 40, 2), Dab(20, 0, 2, 0.2), Dab(60, 0, 6, 0.8), Dab(80, 40, 6))
    assert len(dabs) > 2
    radii, strengths = [dab.radius for dab in dabs], [dab.strength for dab in dabs]
    assert radii == sorted(radii)
    assert strengths == sorted(strengths)
    assert dabs[-1] == Dab(60, 0, 6, 0.8)


def test_the_same_place_twice_changes_nothing():
    once = through([(20, 20), (60, 50), (100, 20)])
    twice = through([(20, 20), (60, 50), (60, 50), (100, 20), (100, 20)])
    assert (once.cover(WHOLE) == twice.cover(WHOLE)).all()


def test_a_ruler_line_that_was_only_tried_leaves_nothing():
    stroke = Stroke(SIZE, 1.0, Dab(20, 60, 3))
    stroke.ruled(Dab(20, 110, 3))
    assert stroke.cover(WHOLE)[100, 20] == 255
    stroke.ruled(Dab(140, 60, 3))
    stroke.settle()
    cover = stroke.cover(WHOLE)
    assert not cover[70:].any()
    assert (cover[60, 20:140] == 255).all()


def test_after_a_ruler_the_stroke_goes_on_from_its_end():
    stroke = Stroke(SIZE, 1.0, Dab(20, 60, 3))
    stroke.ruled(Dab(100, 60, 3))
    stroke.through(Dab(100, 100, 3))
    stroke.through(Dab(60, 100, 3))
    stroke.settle()
    cover = stroke.cover(WHOLE)
    assert (cover[60, 20:100] == 255).all()  # the line has not become a curve
    assert cover[100, 100] == cover[100, 60] == 255
    assert stroke.ruler == stroke.end == Dab(60, 100, 3)


def test_the_tip_is_shown_before_it_is_certain():
    stroke = Stroke(SIZE, 1.0, Dab(20, 60, 3))
    stroke.through(Dab(90, 60, 3))
    assert stroke.cover(WHOLE)[60, 80] == 255
