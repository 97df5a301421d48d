"""The mask over the picture: seen on everything, right for soft edges, followed while painted."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from editor.engine.image import Rect, Size
from editor.model.commands import paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch
from editor.ui.canvas.overlay import OVERLAY_COLOURS, Tint
from editor.ui.canvas.shown import Look, ShownDocument
from editor.ui.canvas.view import View

COPPER = QColor(OVERLAY_COLOURS[0]).getRgb()[:3]


def document(colour=(90, 120, 60), size=(300, 400), mask=None):
    picture = np.empty((*size, 3), np.uint8)
    picture[...] = colour
    return Document(picture, mask=mask)


def painted(made, scale=1.0, colour=OVERLAY_COLOURS[0], part=None):
    """RGB of the whole picture, or of a part, as it would be on the screen."""
    whole = View(scale).world(made.size)
    pixels = made.painted(part or whole, whole, Look(scale, overlays=(("mask", Tint(colour)),)))
    return pixels[..., 2::-1].astype(int)


def luminance(rgb):
    linear = np.where(rgb <= 10, rgb / 3294.6, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", OVERLAY_COLOURS)
@pytest.mark.parametrize(
    "picture", [(0, 0, 0), (255, 255, 255), COPPER, (128, 128, 128), "the overlay's own"]
)
def test_the_mask_is_seen_on_every_picture(colour, picture):
    picture = QColor(colour).getRgb()[:3] if isinstance(picture, str) else picture
    mask = np.zeros((300, 400), np.uint8)
    mask[100:200, 100:300] = 255
    shown = painted(ShownDocument(document(picture, mask=mask)), colour=colour)
    inside = luminance(shown[110:190, 110:290])
    # The stripes among themselves, and the outline with its companion: one is enough, both are.
    assert contrast(inside.max(), inside.min()) > 1.25
    line, companion = luminance(shown[150, 100]), luminance(shown[150, 99])
    assert contrast(line, companion) > 3
    around = luminance(np.array(picture))
    assert max(contrast(line, around), contrast(companion, around)) > 1.9


def test_outside_the_mask_and_its_outline_not_one_bit_changes():
    mask = np.zeros((300, 400), np.uint8)
    mask[100:200, 100:300] = 255
    plain = document()
    shown = painted(ShownDocument(document(mask=mask)))
    wanted = painted(ShownDocument(plain))
    differs = (shown != wanted).any(axis=2)
    assert differs[100:200, 100:300].all()
    differs[99:201, 99:301] = False
    assert not differs.any()


def test_a_soft_mask_fades():
    mask = np.tile(np.linspace(0, 255, 400).astype(np.uint8), (300, 1))
    shown = painted(ShownDocument(document((255, 255, 255), mask=mask)))
    strength = 255 - shown[:, :, 2].mean(axis=0)
    columns = strength[[5, 50, 100, 140, 180]]
    assert (np.diff(columns) > 5).all()
    assert columns[0] < 5


@pytest.mark.parametrize("scale", [0.05, 0.11, 0.3, 0.6, 1, 1.7, 5])
def test_a_hairline_is_seen_at_every_zoom(scale):
    mask = np.zeros((900, 1200), np.uint8)
    mask[:, 611] = 255
    made = ShownDocument(document((128, 128, 128), (900, 1200), mask))
    made.wait()
    shown = painted(made, scale)
    rows = np.abs(shown - 128).max(axis=2).max(axis=1)
    assert rows.min() > 60


@pytest.mark.parametrize("scale", [0.23, 0.5, 0.77, 1, 1.5, 3, 9.3])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_any_part_is_painted_as_in_the_whole(scale, channels):
    rng = np.random.default_rng(2)
    mask = (rng.random((210, 330)) > 0.5).astype(np.uint8) * 255
    mask[:, 200:] = 0
    picture = rng.integers(0, 256, (210, 330, channels)).astype(np.uint8)
    made = ShownDocument(Document(picture[..., 0] if channels == 1 else picture, mask=mask))
    made.wait()
    whole = painted(made, scale)
    bounds = View(scale).world(Size(330, 210))
    for _ in range(12):
        x, y = int(rng.integers(0, bounds.width)), int(rng.integers(0, bounds.height))
        width, height = rng.integers(1, 150, 2)
        part = Rect(x, y, int(width), int(height)).within(bounds)
        differs = np.abs(painted(made, scale, part=part) - whole[part.slices])
        assert differs.max() <= 2


def test_a_draft_is_shown_and_forgotten():
    drafted = document(size=(700, 900))
    made = ShownDocument(drafted)
    made.wait()
    before = painted(made, 0.3), painted(made)
    rect = Rect(200, 250, 120, 90)
    assert made.draft(MaskPatch(rect, np.full((90, 120), 255, np.uint8))) == rect
    assert (painted(made, 0.3) != before[0]).any()
    assert (painted(made) != before[1])[260:330, 210:310].any(axis=2).all()
    assert not drafted.mask.any()
    places = made.forget_draft()
    assert any(not place.within(rect).empty for place in places)
    assert (painted(made, 0.3) == before[0]).all()
    assert (painted(made) == before[1]).all()


@pytest.mark.parametrize("scale", [0.2, 0.6, 1, 4])
def test_a_draft_that_became_the_document_is_not_painted_twice(scale):
    drafted = document(size=(700, 900))
    made = ShownDocument(drafted)
    drafted.changed.connect(made.follow)
    made.wait()
    rect = Rect(250, 250, 12, 300)
    patch = MaskPatch(rect, np.full((300, 12), 255, np.uint8))
    made.draft(patch)
    drafted.history.push(paint_mask(drafted, "Brush", patch))
    assert made.forget_draft() == []
    other = ShownDocument(drafted)
    other.wait()
    assert (painted(made, scale) == painted(other, scale)).all()


def test_the_document_wins_over_a_draft():
    drafted = document()
    made = ShownDocument(drafted)
    drafted.changed.connect(made.follow)
    made.draft(MaskPatch(Rect(0, 0, 50, 50), np.full((50, 50), 255, np.uint8)))
    other = MaskPatch(Rect(20, 20, 10, 10), np.full((10, 10), 255, np.uint8))
    drafted.history.push(paint_mask(drafted, "Wand", other))
    made.forget_draft()
    assert (painted(made) == painted(ShownDocument(drafted))).all()
    drafted.history.undo()
    assert (painted(made) == painted(ShownDocument(document()))).all()
