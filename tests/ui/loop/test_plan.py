"""Ways through a clip, and the plan that looks ahead of the screen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.video_blend import loop_mixes, mixes
from editor.engine.video_play import PlayState
from editor.ui.loop.plan import (
    Endless,
    InOrder,
    OneLoop,
    Place,
    Plan,
    Planned,
    Steered,
    Taking,
    Way,
)

COUNT = 40


class Skips:
    """A player that goes on by threes, and writes down how often it was asked."""

    count = COUNT

    def __init__(self) -> None:
        self.steps: list[int] = []

    def next_frame(self, state: PlayState) -> PlayState:
        self.steps.append(state.step)
        return PlayState((state.frame + 3) % COUNT, state.step + 1)


class Wanting:
    count = COUNT

    def next_frame(self, state: PlayState, wanted: tuple[int, int]) -> PlayState:
        return PlayState(wanted[0], state.step + 1)


def frames(way: Way, place: Place, many: int) -> list[int]:
    shown = [place.frame]
    for _ in range(many - 1):
        following = way.next_frame(place)
        if following is None:
            break
        place = following
        shown.append(place.frame)
    return shown


def planned(plan: Plan, many: int) -> list[Planned]:
    shown = [plan.next() for _ in range(many)]
    assert all(one is not None for one in shown)
    return [one for one in shown if one is not None]


def test_the_clip_in_order_comes_round() -> None:
    assert frames(InOrder(2, 5), Place(4), 4) == [4, 5, 2, 3]
    assert frames(InOrder(2, 5, forwards=False), Place(3), 4) == [3, 2, 5, 4]


def test_from_outside_in_and_out_points_it_comes_in() -> None:
    assert frames(InOrder(5, 8), Place(3), 4) == [3, 4, 5, 6]
    assert frames(InOrder(5, 8), Place(20), 2) == [20, 5]


def test_a_loop_counts_its_steps() -> None:
    loop = OneLoop((7, 8, 9))
    assert frames(loop, loop.place(8), 4) == [8, 9, 7, 8]
    assert loop.place(30) == Place(7, 0)
    assert loop.place(9, before_end=1) == Place(8, 1)
    assert loop.place(9, before_end=50) == Place(7, 0)


def test_a_jump_is_taken_once_and_then_another_way() -> None:
    taking = Taking((12, 30), InOrder(0, COUNT - 1))
    assert frames(taking, taking.begin(3), 7) == [9, 10, 11, 12, 30, 31, 32]
    assert taking.begin(99).frame == 0


def test_the_engine_never_sees_a_step_below_0() -> None:
    skips = Skips()
    taking = Taking((12, 30), Endless(skips))
    assert frames(taking, taking.begin(2), 5) == [10, 11, 12, 30, 33]
    frames(Endless(skips), Place(4, -3), 2)
    assert min(skips.steps) == 0


def test_steering_says_what_is_wanted() -> None:
    assert frames(Steered(Wanting(), (9, 12)), Place(1), 2) == [1, 9]


def test_a_plan_mixes_as_the_engine_does() -> None:
    plan = Plan(mixes, COUNT)
    plan.fade = 6
    loop = OneLoop(tuple(range(10, 30)))
    plan.start(loop, Place(10))
    shown = [one.mix for one in planned(plan, 60)]
    assert shown[40:] == loop_mixes(loop.frames, COUNT, 6)


def test_the_clip_as_it_is_has_no_fades() -> None:
    plan = Plan(mixes, COUNT)
    plan.fade = 6
    plan.start(InOrder(0, COUNT - 1), Place(30))
    assert all(one.mix.weight == 0 for one in planned(plan, 60))


def test_a_fade_of_its_own() -> None:
    plan = Plan(mixes, COUNT)
    plan.fade, plan.fades = 0, {(29, 10): 4}
    plan.start(OneLoop(tuple(range(10, 30))), Place(10))
    shown = planned(plan, 30)
    assert [one.place.frame for one in shown if one.mix.weight] == [28, 29, 10, 11]


def test_what_is_coming_is_told_with_both_sides_of_a_fade() -> None:
    plan = Plan(mixes, COUNT)
    plan.fade = 4
    loop = OneLoop(tuple(range(10, 30)))
    plan.start(loop, loop.place(0, before_end=5))
    coming = plan.coming()
    assert len(coming) == len(set(coming)) > 20
    assert coming[0] == 24
    assert {8, 9, 30} <= set(coming)  # what leads to frame 10, and what would have followed 29


def test_a_plan_without_frames_ends() -> None:
    plan = Plan(mixes, COUNT)
    assert plan.next() is None
    plan.change(InOrder(0, 3))
    assert plan.next() is None


@given(st.integers(0, 60), st.integers(0, 8))
def test_a_change_of_way_is_not_seen(shown: int, fade: int) -> None:
    """Wherever it comes, no picture is a cut: every one is the next frame, or within a fade."""
    plan = Plan(mixes, COUNT)
    plan.fade = fade
    plan.start(OneLoop(tuple(range(10, 30))), Place(10))
    before = planned(plan, shown + 1)
    plan.change(InOrder(0, COUNT - 1))
    after = planned(plan, 30)
    jumps = [
        (a, b)
        for a, b in pairwise([*before, *after])
        if b.place.frame not in (a.place.frame + 1, 0) and not (a.mix.weight or b.mix.weight)
    ]
    assert [(a.place.frame, b.place.frame) for a, b in jumps] == ([(29, 10)] * len(jumps))
    assert not jumps or fade < 2
    assert after[-1].place.frame == (after[0].place.frame + 29) % COUNT or after[0].mix.weight


@pytest.mark.parametrize("steps", [0, 5, 19])
def test_a_change_comes_within_a_fade(steps: int) -> None:
    """The way that is left is not planned ahead for a second: steering would lag behind."""
    plan = Plan(mixes, COUNT)
    plan.fade = 6
    plan.start(OneLoop(tuple(range(10, 30))), Place(10))
    planned(plan, steps + 1)
    plan.change(Steered(Wanting(), (2, 5)))
    assert 2 in [one.place.frame for one in planned(plan, 9)]
