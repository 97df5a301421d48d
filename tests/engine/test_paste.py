"""Pasting by slopes: light is evened out, things are not."""

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.engine.membrane import listed
from editor.engine.paste import paste
from editor.engine.threads import Crew
from tests.engine.ended import ended

PLACE = Rect(20, 0, 16, 24)


def pasted(right, copied_right):
    """A dark half on the left, another on the right; the hole between is copied half and half."""
    image = np.full((24, 80, 3), 40, np.uint8)
    image[:, 28:60] = right
    image[:, 60:] = copied_right  # what the right half of the hole is copied from
    hole = np.zeros(image.shape[:2], np.uint8)
    hole[PLACE.slices] = 1
    with Crew(1) as crew:
        missing = ended(listed(hole, crew))
        ys, xs = missing.ys[1:-1], missing.xs[1:-1]
        froms = np.stack([ys, np.where(xs < 28, xs - 15, xs + 36)], axis=1).astype(np.int32)
        pixels = image[PLACE.slices].copy()
        ended(paste(pixels, PLACE, image, hole * 255, missing, froms, crew))
    return pixels[..., 0].astype(int)


@pytest.mark.parametrize("right", [160, 220])
def test_where_two_things_meet_the_edge_stays_sharp(right):
    pixels = pasted(right, right)
    assert (np.abs(pixels[:, :8] - 40) <= 1).all()
    assert (np.abs(pixels[:, 8:] - right) <= 1).all()


def test_the_light_of_two_copies_is_evened_out():
    pixels = pasted(50, 60)
    steps = np.abs(np.diff(pixels, axis=1))
    assert steps.max() <= 2  # 40 … 60 where they were copied from
    assert abs(pixels[:, -1] - 50).max() <= 2
