import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from editor.engine.image import Point, Rect, Size
from editor.engine.kernels.sprites import choose
from editor.engine.sprite import Cel, Sprite
from editor.engine.sprite_costs import (
    Steering,
    Tables,
    errors,
    future_cost_reference,
    restlessness,
    tables,
    thumbnails,
    transitions,
)
from editor.engine.sprite_poses import Perspective, coverage, perspective_of, poses
from editor.engine.steer import Control, State
from editor.engine.steer_paths import polyline, spline
from editor.engine.step import last


def cel(number, x, y, angle, track=0, side=24):
    """A dart that points where it goes."""
    v, u = np.indices((side, side)) - (side - 1) / 2
    along = u * math.cos(angle) + v * math.sin(angle)
    across = -u * math.sin(angle) + v * math.cos(angle)
    pixels = np.zeros((side, side, 4), np.uint8)
    half = side * 5 / 12
    pixels[..., 0], pixels[..., 1] = 200, np.clip(120 + 10 * along, 0, 255)
    pixels[..., 3] = 255 * ((np.abs(along) < half) & (np.abs(across) < (half - along) / 3))
    return Cel.of(number, track, Rect(round(x), round(y), side, side), pixels)


def circles(count=160, around=40) -> Sprite:
    """A creature that runs in circles: every direction is there, each pose comes back."""
    cels, x, y = [], 400.0, 300.0
    for number in range(count):
        angle = 2 * math.pi * number / around
        cels.append(cel(number, x, y, angle))
        x, y = x + 8 * math.cos(angle), y + 8 * math.sin(angle)
    return Sprite(tuple(cels), Size(1200, 900), Fraction(30))


def star(run=10, rest=0) -> Sprite:
    """A creature that runs straight in each of sixteen directions, turning left and then right."""
    turns = [*range(16), *range(16, 0, -1)]
    cels, x, y = [], 600.0, 300.0
    for number in range(run * len(turns) + rest):
        angle = 2 * math.pi * turns[min(number // run, len(turns) - 1)] / 16
        cels.append(cel(number, x, y, angle, side=48))
        if number < run * len(turns):
            x, y = x + 4 * math.cos(angle), y + 4 * math.sin(angle)
    return Sprite(tuple(cels), Size(1400, 1200), Fraction(30))


def built(sprite) -> Tables:
    found = poses(sprite)
    return last(tables(found, last(transitions(sprite, found))))


@pytest.fixture(scope="module")
def control() -> Control:
    return Control(built(star(rest=20)), Rect(0, 0, 1000, 800))


# ── poses ──


def test_a_straight_walk_has_its_velocity():
    sprite = Sprite(
        tuple(cel(n, 10 + 5 * n, 300 - 3 * n, 0) for n in range(90)), Size(900, 400), Fraction(30)
    )
    found = poses(sprite)
    assert np.allclose(found.velocity, (5, -3))
    assert np.allclose(found.shift, (5, -3))


def test_velocity_does_not_cross_a_cut():
    right = [cel(n, 10 + 5 * n, 50, 0) for n in range(10)]
    left = [cel(n, 500 - 4 * n, 50, 0, track=1) for n in range(10)]
    found = poses(Sprite((*right, *left), Size(900, 400), Fraction(30)))
    assert np.allclose(found.velocity[:10], (5, 0))
    assert np.allclose(found.velocity[10:], (-4, 0))


def test_a_mirror_doubles_the_poses_and_turns_them():
    sprite = circles(40)
    found = poses(replace(sprite, mirrored=True))
    assert found.count == 80
    assert np.array_equal(found.velocity[40:], found.velocity[:40] * (-1, 1))
    assert not found.follows[39]
    thumbs, _ = last(thumbnails(sprite, found))
    pictures = thumbs.reshape(80, 32, 32, 4)
    assert np.array_equal(pictures[40:], pictures[:40, :, ::-1])


def test_what_walks_on_the_spot_goes_as_it_is_told():
    cels = tuple(cel(n, 100 + n % 2, 50, 0) for n in range(60))
    sprite = Sprite(cels, Size(900, 400), Fraction(30))
    assert not poses(sprite).moves
    assert not coverage(poses(sprite)).any()
    drifting = poses(replace(sprite, drift=Point(5, -2), mirrored=True))
    assert drifting.moves
    assert np.allclose(drifting.velocity[20:40].mean(axis=0), (5, -2), atol=0.1)
    assert np.allclose(drifting.velocity[80:100].mean(axis=0), (-5, -2), atol=0.1)
    with pytest.raises(ValueError, match="drift"):
        replace(sprite, drift=Point(math.nan, 0))


def test_the_rose_shows_the_gaps():
    sprite = Sprite(
        tuple(cel(n, 10 + 5 * n, 50, 0) for n in range(60)), Size(900, 400), Fraction(30)
    )
    rose = coverage(poses(sprite), 8)
    assert rose[0] == pytest.approx(60)
    assert rose[1:].sum() == pytest.approx(0)
    both = coverage(poses(replace(sprite, mirrored=True)), 8)
    assert both[4] == pytest.approx(60)


def test_perspective_is_found_and_taken_off():
    cels = []
    for n in range(60):
        y = 100 + 5 * n
        side = round(24 * (1 + 0.004 * (y - 250)))
        cels.append(cel(n, 200, y, 0, side=max(side, 8)))
    found = perspective_of(Sprite(tuple(cels), Size(900, 900), Fraction(30)))
    scale = found.scale(np.array([100.0, 400.0]))
    assert scale[1] > 1.3 * scale[0]
    assert Perspective(0.01, 50).scale(150) == pytest.approx(2)


# ── tables ──


@pytest.mark.parametrize("direction", [0, 5, 16])
def test_the_tables_are_the_fixed_point(direction):
    sprite = circles(60)
    found = poses(sprite)
    jumps = last(transitions(sprite, found))
    steering = Steering(alpha=0.7, beta=2, gamma=0.9)
    ours = last(tables(found, jumps, steering))
    staying = direction == 16
    angle = 2 * np.pi * direction / 16
    wrong = 2 * (restlessness(found) if staying else errors(found, angle))
    m = future_cost_reference(jumps.arcs, 0.7 * jumps.costs.astype(float), wrong, 0.9)
    assert np.allclose(ours.ahead[:, direction], wrong + 0.9 * m, atol=0.03)


def test_to_go_on_costs_nothing_and_comes_first():
    jumps = last(transitions(circles(60), poses(circles(60))))
    assert np.array_equal(jumps.arcs[:-1, 0], np.arange(1, 60))
    assert not jumps.costs[:-1, 0].any()
    assert (jumps.costs[:, 1:][jumps.arcs[:, 1:] >= 0] > 0).any()


def test_what_comes_back_is_found_as_a_jump():
    sprite = circles(120, around=40)
    jumps = last(transitions(sprite, poses(sprite)))
    for i in (10, 45, 70):
        near = [int(j) for j in jumps.arcs[i, 1:3]]
        assert all(min((j - i - 1) % 40, (i + 1 - j) % 40) <= 1 for j in near)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_cels_stand_still_or_go_round(count):
    one = Control(built(circles(count)), Rect(0, 0, 100, 100))
    state = one.start()
    for _ in range(20):
        state = one.next_frame(state, Point(900, 0))
        assert 0 <= state.pose < count
        assert np.isfinite(state.point).all()


def test_threads_and_the_last_tables_change_nothing_that_counts():
    sprite = circles(80)
    found = poses(sprite)
    jumps = [last(transitions(sprite, found, threads=n)) for n in (1, 2)]
    assert np.array_equal(jumps[0].arcs, jumps[1].arcs)
    assert np.array_equal(jumps[0].costs, jumps[1].costs)
    one, two = (last(tables(found, jumps[0], threads=n)) for n in (1, 2))
    assert np.array_equal(one.ahead, two.ahead)
    warm = last(tables(found, jumps[0], before=one))
    assert warm.sweeps <= 2
    assert np.allclose(warm.ahead, one.ahead, atol=0.3)


def test_errors_are_0_ahead_and_1_behind():
    sprite = Sprite(
        tuple(cel(n, 10 + 5 * n, 50, 0) for n in range(60)), Size(900, 400), Fraction(30)
    )
    found = poses(sprite)
    for angle, wrong in ((0, 0), (math.pi / 2, 0.5), (-math.pi / 2, 0.5), (math.pi, 1)):
        assert errors(found, angle) == pytest.approx(wrong)


# ── steering ──


def test_the_next_frame_is_a_function_of_the_state(control):
    state = State(7, 300, 200, 12)
    before = control.next_frame(state, Point(900, 100))
    assert before == control.next_frame(state, Point(900, 100))
    assert before.step == 13


@pytest.mark.parametrize("angle", np.linspace(0, 2 * np.pi, 9)[:-1])
def test_it_goes_where_the_target_is(control, angle):
    state = control.start()
    target = Point(state.x + 5000 * math.cos(angle), state.y + 5000 * math.sin(angle))
    for _ in range(100):  # it may have to turn through all its footage
        state = control.next_frame(state, target)
    began = state
    for _ in range(60):
        state = control.next_frame(state, target)
    went = math.atan2(state.y - began.y, state.x - began.x)
    off = abs((went - angle + math.pi) % (2 * math.pi) - math.pi)
    assert off < math.radians(15)
    assert math.dist(state.point, began.point) > 0.8 * 60 * 4


@pytest.mark.parametrize("resting", [False, True])
def test_the_price_is_what_made_it_the_cheapest(control, resting):
    target, tables = Point(900, 100), control.tables
    state = State(40, 300, 200, resting=resting)
    after = control.next_frame(state, Point(301, 200) if resting else target)
    target = Point(301, 200) if resting else target
    assert after.resting == resting
    (aim,) = control.aims((state,), (target,))
    chosen = control.price(state, after, aim)
    assert sum(chosen) == pytest.approx(
        min(
            sum(control.price(state, after._replace(pose=int(pose)), aim))
            for pose in tables.transitions.arcs[state.pose]
            if pose >= 0
        )
    )
    assert chosen.jump >= 0
    assert 0 <= chosen.way <= tables.steering.beta * 1.001


def test_it_arrives_and_stays(control):
    state, target = control.start(), Point(820, 150)
    for _ in range(400):
        state = control.next_frame(state, target)
    assert state.resting
    assert math.dist(state.point, target) < 1.6 * control.length
    later = control.next_frame(state, target)
    assert math.dist(later.point, state.point) < 3


def test_it_wanders_inside_the_stage(control):
    state, places = control.start(), []
    for _ in range(1500):
        state = control.next_frame(state, None)
        places.append(state.point)
    xs, ys = np.array(places).T
    assert -60 < xs.min() < xs.max() < 1060
    assert -60 < ys.min() < ys.max() < 860
    assert np.ptp(xs) > 300


def test_the_same_seed_plays_the_same_film():
    found = built(star())

    def film(seed):
        one = Control(found, Rect(0, 0, 1000, 800), sigma=2.0, seed=seed)
        state, poses_shown = one.start(), []
        for _ in range(60):
            state = one.next_frame(state, Point(5000, 400))
            poses_shown.append(state.pose)
        return poses_shown

    assert film(1) == film(1) != film(2)


def test_a_square_path_is_followed(control):
    corners = [Point(200, 200), Point(900, 200), Point(900, 700), Point(200, 700)]
    path = polyline(corners, closed=True)
    states = list(control.walk(path, 900))
    assert np.median([path.distance(state.point) for state in states]) < control.length / 2
    assert states[-1].way > path.length


def test_at_the_end_of_an_open_path_it_stays(control):
    path = polyline([Point(100, 100), Point(600, 100)])
    states = list(control.walk(path, 200))
    assert math.dist(states[-1].point, (600, 100)) < 1.5 * control.length
    assert states[-1].resting


def test_several_keep_their_distance(control):
    control = replace(control, distance=4.0)  # this creature takes long to turn
    target = Point(500, 400)
    places = ((100, 100), (900, 100), (500, 750))
    states = tuple(control.start(Point(*place)) for place in places)
    nearest = []
    for _ in range(250):
        states = control.next_frames(states, [target] * 3)
        points = [state.point for state in states]
        nearest.append(min(math.dist(points[a], points[b]) for a, b in ((0, 1), (0, 2), (1, 2))))
    assert np.median(nearest[100:]) > 0.6 * control.length
    assert min(nearest) > 0.2 * control.length


def test_several_follow_one_path_and_keep_their_distance(control):
    control = replace(control, distance=4.0)
    corners = [Point(200, 200), Point(900, 200), Point(900, 700), Point(200, 700)]
    path = polyline(corners, closed=True)
    states = tuple(control.start(Point(200, y)) for y in (200, 400, 600))
    away = []
    for _ in range(600):
        states = control.next_frames(states, [path] * 3)
        away.append([path.distance(state.point) for state in states])
    assert min(state.way for state in states) > path.length / 2
    assert np.median(away) < control.length
    assert len({state.point for state in states}) == 3


def test_one_upon_the_other_come_apart(control):
    states = (control.start(Point(400, 400)),) * 2
    for _ in range(60):
        states = control.next_frames(states, [None, None])
    assert math.dist(states[0].point, states[1].point) > control.length / 2


def test_the_choice_is_the_cheapest_and_chance_follows_the_costs():
    arcs = np.array([[1, 2, -1]], np.int32)
    costs = np.array([[0, 1, 0]], np.float32)
    ahead = np.array([[0, 0, 0, 0, 9]] * 2 + [[-0.5, -4, 0, 0, 0]], np.float32)

    def chosen(angle, stay=False, sigma=0.0, chance=0.0):
        return choose(0, angle, stay, arcs, costs, 1.0, ahead, sigma, chance)

    assert chosen(0.0) == 1  # 0 against 1 − 0.5
    assert chosen(math.pi / 2) == 2  # 0 against 1 − 4
    assert chosen(-3 * math.pi / 2) == 2
    assert chosen(math.pi / 4) == 2  # half way: 0 against 1 − 2.25
    assert chosen(0.0, stay=True) == 2
    share = 1 / (1 + math.exp(-0.5))  # the better one's, σ = 1
    assert chosen(0.0, sigma=1.0, chance=share - 0.01) == 1
    assert chosen(0.0, sigma=1.0, chance=share + 0.01) == 2


# ── paths ──


def test_a_polyline_has_its_length_and_its_corners():
    path = polyline([Point(0, 0), Point(30, 0), Point(30, 40)])
    assert path.length == pytest.approx(70)
    assert path.at(30) == Point(30, 0)
    assert path.at(1000) == Point(30, 40)
    assert path.distance(Point(15, 7)) == pytest.approx(7, abs=0.1)
    assert path.nearest(Point(33, 20), 20, 60) == pytest.approx(50, abs=1)


def test_a_closed_path_goes_round():
    path = polyline([Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)], closed=True)
    assert path.length == pytest.approx(40)
    assert path.at(45) == Point(5, 0)


def test_a_spline_goes_through_its_points():
    points = [Point(0, 0), Point(50, 30), Point(100, 0), Point(160, 80)]
    for closed in (False, True):
        path = spline(points, closed=closed)
        assert all(path.distance(point) < 1e-9 for point in points)


@pytest.mark.parametrize("points", [[], [Point(1, 1)], [Point(1, 1)] * 3, [Point(0, math.nan)] * 2])
def test_what_is_no_path_is_refused(points):
    with pytest.raises(ValueError, match="path"):
        polyline(points)


def test_settings_out_of_range_are_refused(control):
    with pytest.raises(ValueError, match=r"gamma is 1\.5"):
        Steering(gamma=1.5)
    with pytest.raises(ValueError, match="stage"):
        Control(control.tables, Rect(0, 0, 0, 9))
    with pytest.raises(ValueError, match="smoothing is 0"):
        poses(circles(3), smoothing=0)
