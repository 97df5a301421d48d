import dataclasses
import itertools
import json

import numpy as np
import pytest

from editor.engine import video_loops as engine
from editor.engine.clip import Sound
from editor.engine.clip_part import part_of
from editor.engine.device import Device
from editor.engine.guides import Guides
from editor.engine.regions import Play
from editor.engine.step import last
from editor.engine.video_analysis import Comparing, longest_of_the_best, small_size
from editor.engine.video_render import Rendering, Sequel, plainly
from editor.engine.video_weave import Strand, Weave
from editor.operations import Endless, Loop, Scene, params
from tests.footage import InMemory
from tests.pendulum import direction, leaving, pendulum, still

CPU = Device("cpu", 1)
PERIOD = 25


@pytest.fixture(scope="module")
def swinging():
    return InMemory(pendulum(90, PERIOD))


def steps(footage, operation=None, **more):
    scene = Scene(footage.frame(0), clip=footage, **more)
    return (operation or Loop()).steps(scene, CPU)


def found(footage, operation=None, **more):
    return last(steps(footage, operation, **more))


# ── the paper's demonstration ──


def reversals(jumps, period):
    """Jumps after which the pendulum goes the other way, where it moves at all."""
    ways = [(direction(i, period), direction(j - 1, period)) for i, j in jumps]
    return [way for way in ways if min(map(abs, way)) > 0.3 and way[0] * way[1] < 0]


@pytest.mark.parametrize("period", [17, 21, 25])
def test_with_dynamics_the_period_is_found_and_the_pendulum_never_reverses(period):
    analysis = found(InMemory(pendulum(4 * period, period)))
    length = analysis.wanted.length
    assert abs(length - round(length / period) * period) <= 1
    assert length >= period - 1
    assert analysis.loops[0].quality in ("perfect", "good")
    jumps = [jump[:2] for jump in analysis.texture.arcs.jumps()]
    assert jumps
    assert not reversals(jumps, period)


def test_without_dynamics_it_does(swinging):
    analysis = found(swinging, Loop(dynamics="0"))
    jumps = [jump[:2] for jump in analysis.texture.arcs.jumps()]
    assert reversals(jumps, PERIOD)


# ── what an analysis is ──


def test_distances_come_while_frames_are_read_and_the_rest_at_the_end(swinging):
    values = [step.value for step in steps(swinging) if step.value is not None]
    assert [value.texture for value in values[:-1]] == [None] * (len(values) - 1)
    assert values[-1].count == 90
    assert values[-1].player is not None
    assert len(values) >= 2


def test_a_slider_does_not_read_the_clip_again():
    footage = InMemory(pendulum(80, 20))
    before = found(footage)
    moved = Loop(sigma=0.4, future=0.9)
    after = last(moved.judged(before))
    assert footage.readings == 1
    assert after.loops is before.loops
    fresh = found(footage, moved)
    assert np.array_equal(after.texture.arcs.targets, fresh.texture.arcs.targets)
    assert after.wanted == fresh.wanted


def test_what_changes_the_jumps_changes_the_loops():
    footage = InMemory(pendulum(80, 20))
    before = found(footage)
    best = before.wanted.jumps[-1][:2]
    without = Loop(forbidden=frozenset({best}))
    after = last(without.judged(before))
    assert all(loop.jumps[-1][:2] != best for loop in after.loops)
    assert last(Loop(length=60).judged(before)).wanted.length in range(55, 66)


def test_stopping_closes_the_reader(swinging):
    walk = steps(swinging)
    next(walk)
    walk.close()
    assert swinging.open == 0


def test_a_stopped_analysis_can_be_completed(swinging):
    first = next(step.value for step in steps(swinging) if step.value is not None)
    analysis = Loop().completed(first)
    assert analysis.wanted is not None
    assert analysis.count == first.count
    assert Loop().completed(analysis) is analysis


# ── regions ──


@pytest.fixture(scope="module")
def two():
    """Left a pendulum of 20 frames, right one of 15."""
    return InMemory(np.concatenate([pendulum(80, 20), pendulum(80, 15, seed=1)], axis=2))


def halves(footage):
    """1 on the left, 2 on the right."""
    labels = np.ones(footage.frame(0).shape[:2], np.uint8)
    labels[:, labels.shape[1] // 2 :] = 2
    return labels


def whole_periods(length, period):
    return abs(length - round(length / period) * period) <= 1


def test_only_the_region_counts(two):
    guides = Guides(labels=halves(two))
    for still_one, number, period in ((1, 2, 15), (2, 1, 20)):
        analysis = found(two, guides=guides, plays=(Play(still_one, still=True),))
        assert analysis.number == number
        assert whole_periods(analysis.wanted.length, period)
        assert not analysis.others


def test_regions_are_compared_in_one_reading_each_with_its_own_loops(two):
    readings = two.readings
    analysis = found(two, guides=Guides(labels=halves(two)))
    assert two.readings == readings + 1
    (other,) = analysis.others
    assert (analysis.number, other.number) == (1, 2)
    assert whole_periods(analysis.wanted.length, 20)
    assert whole_periods(other.wanted.length, 15)
    alone = found(two, guides=Guides(labels=halves(two)), plays=(Play(1, still=True),))
    assert np.array_equal(alone.distances.D, other.distances.D)
    after = last(Loop(sigma=0.4).judged(analysis))
    assert two.readings == readings + 2
    assert after.others[0].loops is other.loops


def test_a_crumb_plays_with_the_others(two):
    labels = halves(two)
    labels[0, 0] = 3
    assert [
        one.number for one in found(two, Loop(side=40), guides=Guides(labels=labels)).others
    ] == [2]


def test_all_regions_have_the_length_of_the_loop_unless_they_have_one_of_their_own(two):
    labels = halves(two)
    analysis = found(two, guides=Guides(labels=labels))
    loop = next(one for one in analysis.loops if one.length == 20)
    weave = last(Loop().weaving(analysis, labels, (), loop))
    assert [strand.follows for strand in weave.strands] == [True, False]
    assert weave.strands[1].loop.length == 20
    assert weave.turn(20) == 20
    plays = (Play(2, length=15, phase=4),)
    weave = last(Loop().weaving(analysis, labels, plays, loop))
    assert weave.strands[1].loop.length == 15
    assert weave.strands[1].loop.quality in ("perfect", "good")
    assert weave.strands[1].phase == 4
    assert weave.turn(20) == 60
    assert len(Loop().sequel(dataclasses.replace(analysis, wanted=loop), weave, labels)) == 60


def test_a_file_of_regions_that_nobody_would_wait_for_is_refused(two):
    labels = halves(two)
    analysis = found(two, guides=Guides(labels=labels))
    strands = tuple(Strand(k, tuple(range(length))) for k, length in ((1, 71), (2, 73), (3, 74)))
    with pytest.raises(ValueError, match="after 71, 73, 74 frames and are back together after 383"):
        len(Loop().sequel(analysis, Weave(strands), labels))


def test_what_was_painted_after_the_comparison_plays_with_the_others_at_its_phase(two):
    analysis, labels = found(two), halves(two)
    weave = last(Loop().weaving(analysis, labels, (Play(1, phase=5),)))
    first, second = weave.strands
    assert first.frames == analysis.wanted.frames
    assert first.phase == 5
    assert second.follows


def test_what_is_still_shows_the_frame_it_was_stopped_at_within_the_part(two):
    operation = Loop(first=10, last=69)
    analysis, labels = found(two, operation), halves(two)
    for frame, shown in ((30, 20), (3, 0), (79, 59)):
        plays = (Play(1, still=True, frame=frame),)
        weave = last(operation.weaving(analysis, labels, plays))
        assert weave.strands[0].frames == (shown,)


def test_when_everything_is_still_that_is_said(two):
    plays = (Play(1, still=True), Play(2, still=True))
    with pytest.raises(ValueError, match="everything is still"):
        found(two, guides=Guides(labels=halves(two)), plays=plays)


def test_a_region_that_is_switched_off_belongs_to_the_rest(two):
    plays = (Play(1, used=False), Play(2, used=False))
    assert found(two, guides=Guides(labels=halves(two)), plays=plays).compared.area.cover is None


def a_loop(length, quality):
    return engine.Loop(tuple(range(length)), (), 0.0, 0.0, quality, "")


def test_the_longest_of_the_best_loops_is_taken():
    loops = [a_loop(12, "good"), a_loop(40, "good"), a_loop(30, "good"), a_loop(90, "fair")]
    assert longest_of_the_best(loops) is loops[1]
    assert longest_of_the_best(loops[:1]) is loops[0]
    fair = [a_loop(12, "fair"), a_loop(40, "fair")]
    assert longest_of_the_best(fair) is fair[0]


def test_long_clips_are_compared_smaller():
    clip = InMemory(still(2)).clip
    long = dataclasses.replace(clip, times=np.arange(50_001) / 25)
    assert small_size(clip, 64) == clip.size
    small = small_size(long, 64)
    assert small.width < 64
    assert 50_000 * small.width * small.height * 3 < 420_000_000


def test_a_clip_that_is_too_long_is_refused_before_it_is_read():
    footage = InMemory(still(2))
    footage.clip = dataclasses.replace(footage.clip, times=np.arange(900_001) / 25)
    with pytest.raises(ValueError, match=r"900000 frames takes .* GB .* set in and out points"):
        found(footage)
    assert footage.readings == 0


# ── clips that do not loop ──


def test_one_frame_is_no_clip():
    with pytest.raises(ValueError, match="one frame only"):
        found(InMemory(still(1)))


def test_a_picture_has_no_loops():
    with pytest.raises(ValueError, match="this is a picture"):
        last(Loop().steps(Scene(still(1)[0]), CPU))


@pytest.mark.parametrize("count", [2, 3, 5, 40])
def test_in_a_still_clip_any_loop_is_perfect(count):
    best = found(InMemory(still(count))).wanted
    assert best.quality == "perfect"
    assert best.reason == "All frames are alike: any loop is perfect."


def test_where_nothing_comes_back_the_loop_is_poor_and_says_why():
    best = found(InMemory(leaving(24))).wanted
    assert best.quality == "poor"
    assert "does not come back" in best.reason


# ── in and out points ──


def test_a_part_is_a_clip_of_its_own(swinging):
    part = part_of(swinging, 10, 59)
    assert part.clip.count == 50
    assert part.clip.times[0] == 0
    assert np.array_equal(part.frame(0), swinging.frame(10))
    whole = np.concatenate(list(swinging.small(swinging.clip.size)))
    assert np.array_equal(np.concatenate(list(part.small(part.clip.size))), whole[10:60])
    assert part_of(swinging) is swinging
    assert found(swinging, Loop(first=10, last=59)).count == 50


@pytest.mark.parametrize(
    ("first", "last_one", "sentence"),
    [(50, 20, "lies after the out point"), (0, 90, "frames 0 to 89"), (90, 0, "lies after")],
)
def test_points_outside_the_clip_are_refused(swinging, first, last_one, sentence):
    with pytest.raises(ValueError, match=sentence):
        found(swinging, Loop(first=first, last=last_one))


# ── what is played ──


def test_a_loop_is_rendered_frame_by_frame_in_any_order(swinging):
    analysis = found(swinging)
    sequel = Loop().sequel(analysis)
    take = Rendering(plainly(swinging), sequel.regions(90, 6), len(sequel))
    pictures = list(take)
    assert len(take) == len(pictures) == analysis.wanted.length
    assert np.array_equal(take[3], pictures[3])
    middle = len(take) // 2
    assert np.array_equal(pictures[middle], swinging.frame(sequel.frames[middle]))
    seam = np.abs(pictures[-1].astype(int) - pictures[0]).mean()
    changes = [np.abs(a.astype(int) - b).mean() for a, b in itertools.pairwise(pictures)]
    assert seam <= 1.5 * np.median(changes)
    with pytest.raises(IndexError):
        take[len(take)]


def test_a_reader_is_told_what_comes():
    frames = still(60)
    asked = []

    def read(number, coming):
        asked.append((number, tuple(coming)))
        return frames[number]

    take = Rendering(read, Sequel(tuple(range(10, 40)), loops=True).regions(60, 4), 30)
    list(take)
    order = [number for number, _ in asked]
    first, coming = asked[0]
    assert first in coming
    assert set(order[:5]) <= set(coming)
    assert len(coming) <= 24


def test_outside_the_region_everything_stands_still():
    frames = pendulum(60, 20)
    labels = np.zeros(frames.shape[1:3], np.uint8)
    labels[:, :20] = 1
    sequel = Sequel(tuple(range(20)), True, Weave((Strand(0, (0,)), Strand(1))), labels)
    take = Rendering(plainly(InMemory(frames)), sequel.regions(60), len(sequel))
    for picture in take:
        assert np.array_equal(picture[:, 40:], take[0][:, 40:])
    assert not np.array_equal(take[5][:, :16], take[0][:, :16])


def test_steady_and_even_are_undone_in_full_size(swinging):
    operation = Loop(steady=True, even_light=True)
    analysis = found(swinging, operation)
    regions = operation.sequel(analysis).regions(90)
    take = Rendering(plainly(swinging), regions, 20, compared=analysis.compared)
    assert take[0].shape[0] < swinging.clip.size.height
    assert take[0].dtype == np.uint8


def test_light_is_measured_where_nothing_moves():
    """A lamp that flickers over a pendulum: what is written does not, in the region and around."""
    lamp = 1 + 0.2 * np.sin(np.arange(75) * 1.7)
    frames = np.clip(pendulum(75, PERIOD) * lamp[:, None, None, None], 0, 255).astype(np.uint8)
    footage, operation = InMemory(frames), Loop(even_light=True)
    labels = np.zeros(frames.shape[1:3], np.uint8)
    labels[16:] = 1
    plays = (Play(0, still=True),)
    analysis = found(footage, operation, guides=Guides(labels=labels), plays=plays)
    weave = last(operation.weaving(analysis, labels, plays))
    sequel = operation.sequel(analysis, weave, labels)
    regions = sequel.regions(75)
    take = Rendering(plainly(footage), regions, len(sequel), compared=analysis.compared)
    ground = np.stack([picture[40:, :8].mean() for picture in take])
    flickers = np.stack([frame[40:, :8].mean() for frame in frames])
    assert np.ptp(flickers) > 10
    assert np.ptp(ground) < 3


def test_endless_play_has_as_many_frames_as_are_wanted_and_its_own_order(swinging):
    one = Endless(frames=500, seed=1, sigma=0.5)
    analysis = found(swinging, one)
    frames = one.sequel(analysis).frames
    assert len(frames) == 500
    assert frames == one.sequel(found(swinging, one)).frames
    other = dataclasses.replace(one, seed=2)
    assert frames != other.sequel(last(other.judged(analysis))).frames


def test_the_sound_is_exactly_as_long_as_the_pictures():
    footage = InMemory(still(50), sound=Sound(8000, 2))
    sequel = Sequel((*range(5, 20), *range(10, 30)), loops=True)
    assert sequel.sound(footage).shape == (35 * 320, 2)
    assert sequel.sound(InMemory(still(50))) is None


def test_uneven_frames_keep_their_lengths():
    footage = InMemory(still(4), durations=[0.1, 0.2, 0.3, 0.4])
    assert np.allclose(Sequel((2, 3, 1), loops=True).pace(footage.clip), [0.3, 0.4, 0.2])
    assert Sequel((2, 3), loops=True).pace(InMemory(still(4)).clip) == 25


# ── what is declared ──


@pytest.mark.parametrize("operation", [Loop, Endless])
def test_each_field_says_what_it_does(operation):
    for one in params(operation):
        assert one.help.endswith(".")
        assert one.choices or isinstance(one.default, bool) or one.more or one.low is not None
    assert not operation.edits
    usual = operation()
    assert operation.from_dict(usual.to_dict()) == usual


def test_jumps_forbidden_and_forced_are_remembered():
    one = Loop(
        forbidden=frozenset({(30, 4)}),
        forced=frozenset({(9, 2), (50, 20)}),
        fades=frozenset({(9, 2, 12)}),
    )
    told = json.loads(json.dumps(one.to_dict()))
    assert Loop.from_dict(told) == one
    assert Loop(**told) == one
    assert Loop.from_dict({**told, "forced": [[1, 2, 3]]}) == Loop()
    assert Loop.from_dict({**told, "fades": [[1, 2]]}) == Loop()
    for wrong in ("ab", 7, [(1, -2)], [(1, 2.5)]):
        with pytest.raises(ValueError, match="no list of jumps"):
            Loop(forced=wrong)


def test_the_fade_of_a_single_jump_is_numbered_as_the_part_is():
    assert Loop(first=10, fades=frozenset({(30, 12, 5)})).single_fades == {(20, 2): 5}


def test_comparing_depends_on_no_slider():
    assert Loop(sigma=1.0, dynamics="2", fade=9).comparing() == Loop().comparing() == Comparing()
    assert Loop(side=160).comparing() != Loop().comparing()
