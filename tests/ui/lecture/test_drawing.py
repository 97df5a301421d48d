"""What boards are drawn with."""

import numpy as np
import pytest

from editor.ui.lecture.drawing import arrows


def ends(line):
    return line.x1(), line.y1(), line.x2(), line.y2()


def test_an_arrow_goes_from_its_place_by_its_way_and_has_a_head_at_its_end():
    shaft, *head = arrows(np.array([[10.0, 20.0]]), np.array([[0.0, 8.0]]))  # y, x
    assert ends(shaft) == (20, 10, 28, 10)
    assert [ends(line)[:2] for line in head] == [(28, 10), (28, 10)]
    assert all(line.x2() < 28 for line in head)
    assert head[0].y2() - 10 == pytest.approx(10 - head[1].y2())
    assert head[0].y2() != 10


def test_short_arrows_have_no_head_and_one_of_no_length_is_a_point():
    starts, by = np.zeros((3, 2)), np.array([[2.0, 2.0], [0.0, 0.0], [2.2, 2.2]])
    lines = arrows(starts, by)
    assert len(lines) == 3 + 2
    assert ends(lines[1]) == (0, 0, 0, 0)
