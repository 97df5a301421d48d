from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from editor.engine.image import Rect, Size
from editor.engine.sprite import Cel, Sprite
from editor.engine.sprite_poses import Perspective, poses
from editor.engine.sprite_stage import Placed, Staged, draw, placed, scaled
from editor.engine.steer import State


def sprite(count=2) -> Sprite:
    """A black bar beside a white one, 4 × 2."""
    pixels = np.zeros((2, 4, 4), np.uint8)
    pixels[:, :2] = (0, 0, 0, 255)
    pixels[:, 2:] = (255, 255, 255, 255)
    cels = (Cel.of(number, 0, Rect(3 * number, 5, 4, 2), pixels) for number in range(count))
    return Sprite(tuple(cels), Size(40, 30), Fraction(25))


def test_a_cel_lies_where_its_centroid_is():
    one = sprite()
    cel = placed(one, poses(one), State(0, 12.0, 9.0))
    assert (cel.x, cel.y) == (10, 8)
    assert np.array_equal(cel.pixels, one.cels[0].pixels)


def test_a_mirrored_pose_is_drawn_the_other_way_round():
    one = replace(sprite(), mirrored=True)
    cel = placed(one, poses(one), State(2, 12.0, 9.0))
    assert (cel.x, cel.y) == (10, 8)
    assert np.array_equal(cel.pixels, one.cels[0].pixels[:, ::-1])


def test_the_movement_of_the_clip_is_kept_to_the_pixel():
    rng = np.random.default_rng(1)
    cels = []
    for number in range(30):
        pixels = np.full((6, 7, 4), 255, np.uint8)
        pixels[..., 3] = rng.integers(1, 256, (6, 7))  # its centroid trembles, its corner does not
        cels.append(Cel.of(number, 0, Rect(2 * number, 3, 7, 6), pixels))
    one = Sprite(tuple(cels), Size(90, 30), Fraction(25))
    found = poses(one)
    x, y = 20.3, 10.5
    corners = []
    for pose in range(1, 30):
        x, y = x + found.shift[pose, 0], y + found.shift[pose, 1]
        corners.append(placed(one, found, State(pose, x, y))[1:])
    assert {(corner[0] - 2 * at, corner[1]) for at, corner in enumerate(corners)} == {
        (corners[0][0], corners[0][1])
    }


def test_nearer_it_is_larger():
    one = sprite()
    found = poses(one, perspective=Perspective(0.1, 5.5))
    cel = placed(one, found, State(0, 20.0, 15.5))
    assert cel.pixels.shape == (4, 8, 4)
    assert (cel.x, cel.y) == (16, 14)


def test_half_alpha_is_half_of_each():
    stage = np.full((3, 3, 3), 100, np.uint8)
    draw(stage, Placed(np.array([[[200, 0, 50, 128]]], np.uint8), 1, 1))
    assert stage[1, 1].tolist() == [150, 50, 75]
    assert (stage.reshape(-1, 3)[[0, 1, 2, 3, 5, 6, 7, 8]] == 100).all()


def test_on_nothing_the_colours_and_alpha_stay():
    stage = np.zeros((2, 2, 4), np.uint8)
    draw(stage, Placed(np.array([[[200, 10, 50, 128]]], np.uint8), 0, 1))
    assert stage[1, 0].tolist() == [200, 10, 50, 128]
    draw(stage, Placed(np.array([[[0, 10, 50, 128]]], np.uint8), 0, 1))
    assert stage[1, 0, 3] == 192  # 1 − (1 − 0.502)²
    assert stage[1, 0, 0] == pytest.approx(200 * (128 * 127 / 255) / 192, abs=1)


@pytest.mark.parametrize(("x", "y"), [(-3, 0), (4, 0), (0, -1), (0, 4), (-1, -1)])
def test_what_is_outside_the_stage_is_left_out(x, y):
    stage = np.zeros((4, 5, 3), np.uint8)
    draw(stage, Placed(np.full((2, 3, 4), 255, np.uint8), x, y))
    seen = Rect(x, y, 3, 2).within(Rect(0, 0, 5, 4))
    assert (stage > 0).sum() == 3 * max(seen.area, 0)


def test_a_film_is_drawn_frame_by_frame_on_its_background():
    one = sprite()
    grounds = [np.full((30, 40, 3), shade, np.uint8) for shade in (90, 200)]
    states = [(State(0, 12.0, 9.0),), (State(0, 12.0, 9.0), State(1, 30.0, 20.0)), ()]
    film = Staged(one, poses(one), states, grounds)
    assert len(film) == 3
    assert (film[0] != 90).any(axis=2).sum() == 8
    assert (film[1] != 200).any(axis=2).sum() == 16
    assert (film[2] == 90).all()
    assert (grounds[0] == 90).all()


def test_a_cut_out_is_scaled_without_what_lies_under_its_alpha():
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., 1] = 255  # green, and not there
    pixels[:, 4:] = (200, 10, 20, 255)
    small = scaled(pixels, 0.5)
    assert small.shape == (4, 4, 4)
    assert (small[small[..., 3] > 0][:, :3] == (200, 10, 20)).all()
    assert scaled(pixels, 0.01).shape == (1, 1, 4)
