"""Labels by operation: those of A, those that B has beside them, one in the place of another."""

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import FindLabels, Relabel, Scene

CPU = Device("cpu", 1)
RED, BLUE, ORANGE = (255, 0, 0), (0, 0, 255), (250, 128, 0)


def halves(left, right, dtype=np.uint8):
    picture = np.empty((20, 30, 3), np.uint8)
    picture[:, :15], picture[:, 15:] = left, right
    return picture if dtype == np.uint8 else picture.astype(dtype) * 257


def test_labels_of_A_and_what_B_has_beside_them():
    palette = last(FindLabels(A=halves(RED, BLUE)).steps(Scene(halves(ORANGE, BLUE)), CPU))
    assert {one.colour for one in palette.labels} == {RED, BLUE}
    ((missing, nearest),) = palette.missing
    assert (missing.colour, missing.part, nearest.colour) == (ORANGE, 0.5, RED)
    assert not palette.soft


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_one_label_becomes_another_and_nothing_else_does(dtype):
    B = halves(ORANGE, BLUE, dtype)
    patch = last(Relabel(ORANGE, RED, (RED, BLUE)).steps(Scene(B), CPU))
    assert (patch.on(B) == halves(RED, BLUE, dtype)).all()
    assert tuple(patch.rect) == (0, 0, 15, 20)


def test_what_cannot_be_done_is_said():
    B = halves(RED, BLUE)
    with pytest.raises(ValueError, match="there is no A yet"):
        last(FindLabels().steps(Scene(B), CPU))
    with pytest.raises(ValueError, match="nothing in B has this label"):
        last(Relabel((0, 255, 0), RED, (RED, BLUE)).steps(Scene(B), CPU))
