"""What a clip is: times, numbers, sizes; and what is no frame."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from editor.engine.clip import (
    Beneath,
    Clip,
    check_frame,
    check_number,
    check_take,
    evenly,
    in_time,
)
from editor.engine.image import Size

CLIP = Clip(Size(64, 48), np.array([0.0, 0.1, 0.4, 0.5]), Fraction(6), steady=False)


def test_a_clip_counts_its_frames_and_knows_their_times() -> None:
    assert CLIP.count == 3
    assert CLIP.seconds == pytest.approx(0.5)
    np.testing.assert_allclose(CLIP.durations, [0.1, 0.3, 0.1])


@pytest.mark.parametrize(
    ("seconds", "number"), [(-1, 0), (0, 0), (0.0999, 0), (0.1, 1), (0.39, 1), (0.45, 2), (9, 2)]
)
def test_the_frame_at_a_time(seconds: float, number: int) -> None:
    assert CLIP.at(seconds) == number


def test_a_clip_beneath_a_film_plays_at_its_own_rate_over_and_over() -> None:
    assert in_time(CLIP, Fraction(10), 7) == [0, 1, 1, 1, 2, 0, 1]


def test_a_film_finds_the_frames_beneath_it() -> None:
    class Four:
        clip = CLIP

        def frame(self, number: int) -> np.ndarray:
            return np.full((48, 64, 4), number, np.uint8)

    below = Beneath(Four(), [2, 0])
    assert len(below) == 2
    assert [below[at].shape for at in (0, 1)] == [(48, 64, 4)] * 2
    assert [int(below[at][0, 0, 0]) for at in (0, 1)] == [2, 0]


def test_its_times_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        CLIP.times[0] = 1


@pytest.mark.parametrize("times", [[], [0.0], [0.0, 0.0], [0.0, 2.0, 1.0], [0.0, np.nan]])
def test_times_that_do_not_rise_are_no_clip(times: list[float]) -> None:
    with pytest.raises(ValueError, match="rise"):
        Clip(Size(1, 1), np.array(times), Fraction(25))


@pytest.mark.parametrize(
    ("size", "longest", "small"),
    [((640, 480), 320, (320, 240)), ((480, 640), 320, (240, 320)), ((64, 48), 320, (64, 48)),
     ((1000, 1), 10, (10, 1))],
)  # fmt: skip
def test_a_small_version_keeps_the_shape(
    size: tuple[int, int], longest: int, small: tuple[int, int]
) -> None:
    assert Clip(Size(*size), evenly(1, 25), Fraction(25)).fitting(longest) == small


def test_a_number_out_of_the_clip_is_named() -> None:
    check_number(CLIP, 2)
    with pytest.raises(ValueError, match="no frame 3: the clip has frames 0 to 2"):
        check_number(CLIP, 3)
    with pytest.raises(ValueError, match="no frame -1"):
        check_number(CLIP, -1)


def test_a_take_tells_its_size_and_alpha() -> None:
    assert check_take([np.zeros((4, 6, 3), np.uint8)]) == (Size(6, 4), False)
    assert check_take([np.zeros((4, 6, 4), np.uint8)]) == (Size(6, 4), True)
    with pytest.raises(ValueError, match="no frames"):
        check_take([])


@pytest.mark.parametrize(
    "frame",
    [np.zeros((4, 6), np.uint8), np.zeros((4, 6, 2), np.uint8), np.zeros((4, 6, 3), np.float32)],
)
def test_what_is_no_frame_is_refused(frame: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a frame is"):
        check_frame(frame, frame)


def test_frames_of_one_clip_are_alike() -> None:
    first = np.zeros((4, 6, 3), np.uint8)
    check_frame(first.copy(), first)
    with pytest.raises(ValueError, match="every frame must be"):
        check_frame(np.zeros((4, 5, 3), np.uint8), first)
