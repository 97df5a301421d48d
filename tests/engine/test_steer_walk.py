import math
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np
import pytest

from editor.engine.image import Point, Rect
from editor.engine.sprite_poses import Perspective
from editor.engine.steer import Control
from editor.engine.steer_paths import polyline
from editor.engine.steer_walk import walk_cost, walked
from editor.engine.step import last
from tests.benchmarks.sprites import steered, wanderer
from tests.engine.test_steer import built, star

CORNERS = [Point(200, 200), Point(900, 200), Point(900, 700), Point(200, 700)]
SQUARE = polyline(CORNERS, closed=True)
LINE = polyline([Point(100, 100), Point(500, 100)])


@pytest.fixture(scope="module")
def control():
    return Control(built(star(rest=20)), Rect(0, 0, 1000, 800))


def distance(control, walk):
    away = [walk.path.distance(state.point) for state in walk.states]
    return float(np.median(away)) / control.length


@pytest.mark.parametrize("tries", [0, 3])
@pytest.mark.parametrize("path", [SQUARE, LINE], ids=["closed", "open"])
def test_the_kernels_count_what_the_plain_version_counts(control, path, tries):
    walk = last(walked(control, path, 200, tries=tries))
    assert walk.cost == pytest.approx(walk_cost(control, path, walk.states), rel=1e-4)


def test_with_a_perspective_they_agree_too(control):
    poses = replace(control.tables.poses, perspective=Perspective(0.001, 400))
    near = replace(control, tables=replace(control.tables, poses=poses))
    walk = last(walked(near, SQUARE, 150))
    assert walk.cost == pytest.approx(walk_cost(near, SQUARE, walk.states), rel=1e-4)
    for one, other in pairwise(walk.states):
        moved = poses.shift[other.pose] * (1 + 0.001 * (one.y - 400))
        assert (other.x - one.x, other.y - one.y) == pytest.approx(tuple(moved))


def test_the_whole_film_is_better_than_one_frame_after_the_other(control):
    steered = last(walked(control, SQUARE, 500, tries=0))
    whole = last(walked(control, SQUARE, 500))
    assert whole.cost < 0.9 * steered.cost
    assert distance(control, whole) < distance(control, steered)
    assert distance(control, whole) < 0.25


def test_replacements_only_make_it_better(control):
    costs = [last(walked(control, SQUARE, 300, tries=tries)).cost for tries in (1, 5, 40)]
    assert costs == sorted(costs, reverse=True)


def test_every_frame_goes_on_by_an_arc_from_the_beginning_of_the_path(control):
    walk = last(walked(control, SQUARE, 200))
    assert len(walk.states) == 201
    assert walk.states[0].point == SQUARE.at(0)
    for one, other in pairwise(walk.states):
        assert other.pose in control.tables.transitions.arcs[one.pose]
        assert other.way >= one.way
        assert other.step == one.step + 1
    assert walk.states[-1].way > SQUARE.length / 4


def test_at_the_end_of_an_open_path_it_stays(control):
    walk = last(walked(control, LINE, 220))
    assert walk.states[-1].resting
    assert math.dist(walk.states[-1].point, (500, 100)) < control.length


def test_the_same_seed_gives_the_same_film(control):
    one, same = (last(walked(control, SQUARE, 150)) for _ in range(2))
    assert one.states == same.states


def test_a_film_has_a_frame(control):
    assert len(last(walked(control, LINE, 1)).states) == 2
    with pytest.raises(ValueError, match="0 frames"):
        last(walked(control, LINE, 0))


def test_it_can_be_left_at_any_time(control):
    steps = [step.done for step in walked(control, SQUARE, 120)]
    assert steps == sorted(steps)
    assert len(steps) > 15


@pytest.mark.parametrize("tries", [0, 10])
def test_footage_of_an_aimless_creature_follows_a_square(tries):
    made = steered(replace(wanderer(600), mirrored=True), tries)
    assert median(made.away) <= 1
    assert made.chance - made.wrong >= 60
    assert median(made.jumps) <= 2
    assert made.rounds > 2
