"""A visual prompt: what the example shows is found out, and an empty cell is completed."""

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.image import Rect
from editor.engine.step import last
from editor.engine.visual_prompt import cells, halves, is_map, unlikeness
from editor.operations import Analogy, Scene
from editor.operations.analogy import example
from editor.operations.prompt import KINDS, CompleteFigure, tried
from tests.engine.test_align import picture

CPU = Device("cpu", 1)


def small(number=0):
    """Soft shades of many colours, the same ones in both halves."""
    from editor.engine.cv import cv2

    half = cv2.GaussianBlur(picture(64, 40), (0, 0), 1.5)
    made = np.concatenate([half, half[::-1]], axis=1)
    return np.roll(made, 13 * number, axis=0)


def grey(pixels):
    return (
        (pixels @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)[..., None].repeat(3, 2)
    )


def labels(number=0):
    made = np.zeros((64, 80, 3), np.uint8)
    made[:, 40:] = (250, 0, 0)
    made[20:44] = (0, 0, 250)
    return made[:, ::-1].copy() if number else made


def shows(A, Ap):
    return last(tried(Analogy(examples=(example(A, Ap),)), CPU))


def figure(gap=0, margin=0, empty=(1, 1), back=255):
    """A : A′ in a row, B and its negative in the other; one cell is empty."""
    A, B = small(), small(1)
    grid = [[A, 255 - A], [B, 255 - B]]
    height, width = A.shape[:2]
    made = np.full((2 * height + gap + 2 * margin, 2 * width + gap + 2 * margin, 3), back, np.uint8)
    for row in (0, 1):
        for column in (0, 1):
            if (row, column) != empty:
                y, x = margin + row * (height + gap), margin + column * (width + gap)
                made[y : y + height, x : x + width] = grid[row][column]
    return made, grid[empty[0]][empty[1]]


@pytest.mark.parametrize(
    ("Ap", "kind"),
    [
        (lambda A: 255 - A, "a change of every colour"),
        (lambda A: np.ascontiguousarray(A[..., ::-1]), "a change of every colour"),
        (lambda A: (grey(A) * 0.5 + 90).astype(np.uint8), "a change of every pixel by itself"),
    ],
)
def test_a_change_of_pixels_is_seen(Ap, kind):
    assert shows(small(), Ap(small())) == kind


def test_a_change_of_light_keeps_the_colours():
    brighter = np.clip(small() + 60.0 * (grey(small()) < 110), 0, 255).astype(np.uint8)
    assert shows(small(), brighter) == "a change of light"


def test_colours_that_are_missing_are_seen():
    tinted = np.clip(grey(small()) * [1.0, 0.8, 0.5] + [0, 10, 40], 0, 255).astype(np.uint8)
    assert shows(grey(small()), tinted) == "colours for greys"


def test_a_map_of_labels_stands_for_textures():
    assert is_map(labels())
    assert not is_map(small())
    assert shows(labels(), picture(64, 80)) == "textures in the place of labels"


def test_what_is_drawn_by_hand_is_copied_in_strokes():
    y, x = np.mgrid[:64, :80]
    astray = np.random.default_rng(3).integers(-5, 6, (2, 22, 27)).repeat(3, 1).repeat(3, 2)
    drawn = small()[
        np.clip(y + astray[0, :64, :80], 0, 63), np.clip(x + astray[1, :64, :80], 0, 79)
    ]
    assert shows(small(), drawn) == "strokes"


def test_what_was_understood_is_said_and_done():
    A, B = small(), small(1)
    analogy = Analogy(preset="prompt", examples=(example(A, 255 - A),))
    made = last(analogy.steps(Scene(B), CPU))
    assert made.notices[0] == "The example seems to show a change of every colour."
    assert unlikeness(made.pixels, 255 - B) < 0.3 * unlikeness(B, 255 - B)
    assert made.sources.shape == (64, 80, 3)


def test_an_example_of_which_half_is_flat_is_no_mishap():
    A = small()
    A[:, :40] = 90
    assert shows(A, 255 - A) in KINDS


@pytest.mark.parametrize(
    ("A", "why"),
    [(small()[:12, :12], "too small to see"), (small()[:, :79], "A is 79 × 64 and A′ is 80 × 64")],
)
def test_an_example_that_shows_nothing_is_refused(A, why):
    with pytest.raises(ValueError, match=why):
        halves(A, small()[:12, :12] if len(A) == 12 else small())


@pytest.mark.parametrize("empty", [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize(("gap", "margin", "back"), [(0, 0, 255), (6, 0, 255), (4, 9, 30)])
def test_the_empty_cell_may_be_any(empty, gap, margin, back):
    made, _ = figure(gap, margin, empty, back)
    found = cells(made)
    row, column = empty
    assert found.empty == place(row, column, gap, margin)
    assert place(row, 1 - column, gap, margin) == found.B
    assert place(1 - row, 1 - column, gap, margin) == found.A
    assert found.Ap == place(1 - row, column, gap, margin)


def place(row, column, gap, margin):
    return Rect(margin + column * (80 + gap), margin + row * (64 + gap), 80, 64)


@pytest.mark.parametrize(
    ("pixels", "why"),
    [
        (np.zeros((40, 40, 3), np.uint8), "4 are"),
        (picture(64, 80), "none is"),
        (picture(3, 80), "too small for two by two"),
    ],
)
def test_a_figure_without_one_empty_cell_is_refused(pixels, why):
    with pytest.raises(ValueError, match=why):
        cells(pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_only_the_empty_cell_changes(dtype):
    pixels, truth = figure(gap=6)
    pixels = pixels.astype(dtype) * (257 if dtype == np.uint16 else 1)
    patch = last(CompleteFigure().steps(Scene(pixels), CPU))
    assert patch.rect == place(1, 1, 6, 0)
    assert patch.pixels.dtype == dtype
    made = patch.pixels // (257 if dtype == np.uint16 else 1)
    assert unlikeness(made.astype(np.uint8), truth) < 0.3 * unlikeness(small(1), truth)
    assert patch.notices
