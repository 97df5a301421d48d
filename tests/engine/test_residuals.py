"""Residuals: how far an edge strays from its line."""

import math

import numpy as np

from editor.engine.guides import Guides, Line
from editor.engine.image import Point
from editor.engine.residuals import residuals
from tests.engine.test_fill import hole
from tests.engine.test_straight import edge


def test_a_residual_is_what_the_edge_strays():
    image, mask = edge(0.2), hole(160, 200, (70, 50, 60, 60))
    line = Line(Point(20, 80.5 - 0.2 * 80.5), Point(180, 80.5 + 0.2 * 79.5))
    flat = Line(Point(5, 10), Point(195, 12))
    guides = Guides((line, flat))
    straight, none = residuals(image, guides, mask)
    assert straight is not None
    assert straight < 0.15
    assert none is None
    bent = image.copy()
    bent[:, 70:130] = np.roll(image[:, 70:130], 2, axis=0)
    (moved, _) = residuals(bent, guides, mask)
    assert moved is not None
    assert abs(moved - 2 / math.hypot(1, 0.2)) < 0.2
