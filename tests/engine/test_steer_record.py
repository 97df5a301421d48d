"""A walk with every decision is the walk itself, and says what spoke for each jump."""

import numpy as np
import pytest

from editor.engine.image import Point, Rect
from editor.engine.sprite_costs import tables, transitions
from editor.engine.sprite_poses import poses
from editor.engine.steer import Control
from editor.engine.steer_record import decided, recorded
from editor.engine.step import last
from tests.engine.test_steer import circles

GOALS = Point(900, 450), Point(300, 300)


@pytest.fixture(scope="module")
def sprite():
    return circles()


@pytest.fixture(scope="module")
def control(sprite):
    found = poses(sprite)
    jumps = last(transitions(sprite, found))
    return Control(last(tables(found, jumps)), Rect(0, 0, 1200, 900))


@pytest.fixture(scope="module")
def walk(sprite, control):
    return last(recorded(sprite, control, GOALS, 300))


def test_it_goes_as_it_is_steered(walk, control):
    assert walk.count == walk.total == 300
    state = walk.turns[0].state
    assert state.point == Point(600, 450)
    for turn in walk.turns:
        assert turn.state == state
        state = control.next_frame(state, turn.goal)


def test_the_chosen_jump_is_the_cheapest_and_its_terms_are_its_price(walk, control):
    for turn in walk.turns[::25]:
        assert turn.chosen == 0
        assert np.all(np.diff(turn.total) >= 0)
        after = control.moved(turn.state, turn.aim)
        assert turn.poses[turn.chosen] == after.pose
        price = control.price(turn.state, after, turn.aim)
        assert (turn.jump[0], turn.way[0], turn.future[0]) == pytest.approx(tuple(price))


def test_to_go_on_costs_no_jump(walk):
    going = [turn for turn in walk.turns if turn.goes_on >= 0]
    assert going
    for turn in going:
        assert turn.poses[turn.goes_on] == turn.state.pose + 1
        assert turn.jump[turn.goes_on] == 0


def test_the_next_goal_comes_when_it_has_arrived(walk, control):
    goals = [turn.goal for turn in walk.turns]
    assert goals[0] == GOALS[0]
    changed = next(k for k in range(1, 300) if goals[k] != goals[k - 1])
    assert goals[changed] == GOALS[1]
    assert walk.turns[changed - 1].aim.resting
    there = walk.turns[changed - 1].state.point
    off = np.hypot(there.x - GOALS[0].x, there.y - GOALS[0].y)
    assert off <= control.arrival * control.length


def test_with_chance_another_one_than_the_cheapest_may_come(sprite, control):
    free = Control(control.tables, control.stage, sigma=6.0, seed=1)
    walk = last(recorded(sprite, free, GOALS, 120))
    assert any(turn.chosen > 0 for turn in walk.turns)


def test_it_stays_where_it_has_arrived(control):
    turn = decided(control, control.start(Point(100, 100)), Point(101, 100))
    assert turn.aim.resting
    assert np.all(turn.way >= 0)
