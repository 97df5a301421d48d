from fractions import Fraction

import numpy as np
import pytest

from editor.engine.clip import Clip, evenly
from editor.engine.image import Size
from editor.engine.matte_backdrop import background, find_colours, in_the_way
from editor.engine.step import last


class Reel:
    """Frames in memory as footage."""

    def __init__(self, frames):
        self.frames = frames
        size = Size(frames.shape[2], frames.shape[1])
        self.clip = Clip(size, evenly(len(frames), 30), Fraction(30))

    def frame(self, number):
        return self.frames[number]

    def small(self, size, *, start=0, stop=None, block=32):
        assert size == self.clip.size
        stop = len(self.frames) if stop is None else stop
        for low in range(start, stop, block):
            yield self.frames[low : min(low + block, stop)]


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_the_background_is_the_exact_median(count):
    frames = np.random.default_rng(count).integers(0, 256, (count, 9, 11, 3), np.uint8)
    found = last(background(Reel(frames)))
    assert np.array_equal(found, np.sort(frames, axis=0)[(count - 1) // 2])


def test_of_a_long_clip_some_frames_are_enough():
    frames = np.random.default_rng(0).integers(0, 256, (90, 4, 5, 3), np.uint8)
    chosen = np.linspace(0, 89, 21).round().astype(int)
    found = last(background(Reel(frames), most=21, threads=2))
    assert np.array_equal(found, np.median(frames[chosen], axis=0))


def test_what_passes_is_not_in_the_background():
    frames = np.full((30, 20, 30, 3), 180, np.uint8)
    for number in range(30):
        frames[number, 5:15, number : number + 6] = 20
    steps = list(background(Reel(frames)))
    assert (steps[-1].value == 180).all()
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_what_stands_somewhere_for_long_is_in_the_way():
    plate = np.full((40, 60, 3), 180, np.uint8)
    frames = np.repeat(plate[None], 20, axis=0)
    for number in range(20):
        frames[number, 2:5, 3 * number : 3 * number + 3] = 20  # passes
    frames[:8, 20:32, 24:36] = 20  # stands
    place, share = last(in_the_way(Reel(frames), plate, 30, 0.3))
    assert share == pytest.approx(144 / (144 + 15 * 9), abs=0.02)
    assert place[20:32, 24:36].all()
    assert not place[:10].any()
    still = last(in_the_way(Reel(frames[-1:]), frames[-1], 30, 0.3))
    assert (still.share, still.place.any()) == (0, False)


def test_the_colour_of_the_border_is_found():
    frame = np.random.default_rng(0).integers(0, 256, (100, 150, 3), np.uint8)
    noise = np.random.default_rng(1).integers(-4, 5, frame.shape)
    border = np.ones(frame.shape[:2], bool)
    border[6:-6, 6:-6] = False
    frame[border] = (np.array((31, 200, 47)) + noise)[border].clip(0, 255)
    found = find_colours([frame])
    assert np.abs(np.subtract(found.colours, (31, 200, 47))).max() <= 1
    assert len(found.colours) == 1
    assert found.share == 1
    assert 16 <= found.tolerance <= 24


def test_uneven_light_gives_several_colours():
    light = np.linspace(0.55, 1, 200)[None, :, None]
    frame = (np.array((20, 160, 250)) * light).repeat(100, axis=0).astype(np.uint8)
    found = find_colours([frame])
    assert 2 <= len(found.colours) <= 3
    assert found.share > 0.9


def test_a_border_without_a_colour_is_refused():
    frame = np.random.default_rng(0).integers(0, 256, (50, 60, 3), np.uint8)
    with pytest.raises(ValueError, match="no colour of its own"):
        find_colours([frame])


def test_the_median_of_nothing_is_refused():
    with pytest.raises(ValueError, match="median of 0"):
        last(background(Reel(np.zeros((2, 3, 3, 3), np.uint8)), most=0))
