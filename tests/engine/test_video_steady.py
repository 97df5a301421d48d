import numpy as np
import pytest

from editor.engine.cv import cv2
from editor.engine.frame_distances import Light, distances
from editor.engine.step import last
from editor.engine.video_steady import Steadier, even_source, moved_back, steady_source


def scenery(height=240, width=320):
    noise = np.random.default_rng(0).random((height, width, 3), np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.uint8(np.clip((soft - soft.mean()) / soft.std() * 45 + 128, 0, 255))


def shaken(shifts):
    """A window on the scenery that is moved by so many pixels; subpixels by interpolation."""
    picture = scenery()
    frames = []
    for x, y in shifts:
        matrix = np.float32([[1, 0, 40 - x], [0, 1, 40 - y]])
        frames.append(
            cv2.warpAffine(
                picture, matrix, (240, 160), flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
            )
        )
    return np.stack(frames)


SHIFTS = [(0, 0), (3, 0), (-2, 4), (5.5, -1.25), (1, 1)]


def test_a_shift_is_measured_to_a_fraction_of_a_pixel():
    steadier = Steadier()
    for frame in shaken(SHIFTS):
        steadier.measure(frame)
    assert steadier.shifts * (240, 160) == pytest.approx(np.array(SHIFTS), abs=0.05)


def test_a_shaken_clip_lies_still():
    frames = shaken(SHIFTS)
    steady = np.concatenate(list(Steadier().blocks([frames[:2], frames[2:]])))
    assert steady.shape[1:3] == (160 - 2 * 6, 240 - 2 * 10)
    shaking = last(distances([frames], 5)).D
    still = last(distances([steady], 5)).D
    assert still.max() < 0.2 * shaking[0, 1:].min()


def test_a_clip_is_rendered_as_it_was_analysed_at_any_size():
    frames = shaken(SHIFTS)
    steadier = Steadier()
    steady = np.concatenate(list(steadier.blocks([frames])))
    source = steady_source(lambda index: frames[index], steadier.shifts)
    assert all(np.array_equal(source(k), steady[k]) for k in range(5))
    twice = steady_source(lambda k: cv2.resize(frames[k], (480, 320)), steadier.shifts)
    assert twice(2).shape[:2] == (320 - 2 * 13, 480 - 2 * 19)
    assert (
        np.abs(
            cv2.resize(twice(2), (220, 148)).astype(float) - cv2.resize(twice(0), (220, 148))
        ).mean()
        < 4
    )


def test_a_frame_that_has_nothing_in_common_stays_where_the_last_one_was():
    frames = shaken([(0, 0), (4, 2)])
    noise = np.random.default_rng(1).integers(0, 256, frames[0].shape, dtype=np.uint8)
    steadier = Steadier()
    for frame in (*frames, noise):
        steadier.measure(frame)
    assert np.array_equal(steadier.shifts[2], steadier.shifts[1])


def test_a_shift_beyond_the_margin_is_undone_in_part():
    frame = np.arange(100, dtype=np.uint8)[None, :].repeat(50, axis=0)
    moved = moved_back(frame, (0.5, 0.0), margin=0.1)
    assert moved.shape == (40, 80)
    assert moved[0, 0] == 20


@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
def test_flicker_is_taken_out_of_the_pictures_too(depth):
    full = 1.0 if depth == np.float32 else np.iinfo(depth).max
    picture = scenery(40, 50) / 255 * 0.6 + 0.1
    flicker = [picture, picture * 0.8 + 0.05, picture * 1.2 - 0.02]
    frames = [(frame * full).astype(depth) for frame in flicker]
    eight = np.stack([np.uint8(np.rint(frame * 255)) for frame in flicker])
    evened = even_source(lambda index: frames[index], last(distances([eight], 3)).light)
    for index in (1, 2):
        difference = np.abs(evened(index).astype(float) - evened(0)) / full
        assert difference.mean() < 1 / 255
    assert evened(0).dtype == depth


def test_grey_and_alpha_are_evened_and_alpha_left():
    light = Light(np.array([[100.0] * 4, [120.0] * 4]), np.array([10.0, 10.0]))
    picture = np.full((4, 4, 4), 100, np.uint8)
    assert even_source(lambda index: picture, light)(0)[0, 0].tolist() == [110, 110, 110, 100]
    grey = Light(np.array([[100.0], [120.0]]), np.array([10.0, 10.0]))
    assert even_source(lambda index: picture[..., 0], grey)(1)[0, 0] == 90
