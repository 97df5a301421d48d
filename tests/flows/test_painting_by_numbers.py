"""Someone paints labels, and the picture follows."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.operations import Analogy
from editor.ui.modes import MODES
from editor.ui.widgets import Chip, PillButton

ROOF, SKY, ODD = (200, 60, 40), (70, 130, 230), (250, 128, 0)


def labelled(turned=False):
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[:, :45], picture[:, 45:] = SKY, ROOF
    return np.ascontiguousarray(picture[:, ::-1]) if turned else picture


def textured():
    """Sky is bright and roof is dark, wherever one looks."""
    noise = np.random.default_rng(1).integers(0, 40, (60, 80, 1))
    light = np.where((labelled() == SKY).all(axis=2, keepdims=True), 200, 20)
    return (noise + light).astype(np.uint8).repeat(3, axis=2)


@pytest.fixture
def painter(hand, tmp_path):
    """A, A′ and B are open, and B′ is made."""
    odd = labelled(turned=True)
    odd[:12, :30] = ODD
    pictures = {"A": labelled(), "Ap": textured(), "B": odd}
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(tmp_path / f"set-{name}.png")
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    choose(hand, preset="numbers")
    hand.window.doing.open_pair(tmp_path / "set-A.png")
    hand.rest()
    hand.key("Return")
    return Painter(hand)


def choose(hand, **values):
    options = hand.window.options
    operation = Analogy.from_dict({**options.operation().to_dict(), **values})
    options.set_operation(operation)
    options.changed.emit(operation)
    hand.rest()


class Painter:
    def __init__(self, hand):
        self.hand, self.window = hand, hand.window
        self.stage = hand.window.doing.stage()
        self.canvas = self.stage.panes["B"].canvas
        self.hand.tune(size=12)

    @property
    def panel(self):
        return self.window.labels_panel

    @property
    def B(self):
        return self.hand.document.image.copy()

    @property
    def made(self):
        assert self.stage.whole
        return self.stage.made.pixels.copy()

    def take(self, name):
        chips = {chip.accessibleName(): chip for chip in self.panel.findChildren(Chip)}
        QTest.mouseClick(chips[f"Paint {name}"], Qt.MouseButton.LeftButton)

    def press(self, *places):
        points = [self.canvas.place_of(*place) for place in places]
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(self.canvas, QPoint(point))
        return points[-1]

    def stroke(self, *places):
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, pos=self.press(*places))
        self.hand.rest()


def far(B, before, reach=4):
    """Everything that is further from what has changed than patches reach."""
    near = np.zeros(B.shape[:2], np.bool_)
    for y, x in np.argwhere((before != B).any(axis=2)):
        near[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1] = True
    return ~near


def test_the_labels_of_A_are_there_to_paint_with(painter):
    names = [chip.accessibleName() for chip in painter.panel.findChildren(Chip)]
    assert names[:2] == ["Paint blue", "Paint red"]  # the largest first
    tips = [chip.toolTip() for chip in painter.panel.findChildren(Chip)]
    assert tips[:2] == ["Blue: 56 % of A", "Red: 44 % of A"]
    assert painter.window.tool_bar.isVisible()


def test_a_stroke_changes_B_and_only_there_B_prime_and_both_come_back(painter):
    B, made = painter.B, painter.made
    painter.take("blue")
    painter.stroke((8, 30), (28, 40))
    now, after = painter.B, painter.made
    painted = (now != B).any(axis=2)
    assert painted[30, 8]
    assert (now[painted] == SKY).all()
    assert painter.hand.document.history.now.label == "Paint label"
    kept = far(now, B)
    assert (after[kept] == made[kept]).all()
    assert (made[painted] < 70).mean() > 0.9  # it was roof
    assert (after[painted] > 190).mean() > 0.9  # and is sky
    painter.hand.key("Ctrl+Z")
    assert (painter.B == B).all()
    assert (painter.made == made).all()
    painter.hand.key("Ctrl+Shift+Z")
    assert (painter.made == after).all()


def test_enter_still_takes_what_was_painted(painter):
    painter.take("blue")
    painter.stroke((10, 30), (25, 45))
    made = painter.made
    assert painter.window.doing.label == "Take"
    painter.hand.key("Return")
    assert (made == painter.B).all()


def test_while_it_is_drawn_a_stroke_is_seen_and_escape_forgets_it(painter):
    B = painter.B
    painter.take("blue")
    painter.press((8, 30), (14, 36), (28, 40))
    painter.canvas.settle()
    seen = painter.canvas.grab().toImage().pixelColor(painter.canvas.place_of(11, 33))
    assert (seen.red(), seen.green(), seen.blue()) == SKY
    assert (painter.B == B).all()
    painter.hand.key("Esc")
    painter.canvas.settle()
    seen = painter.canvas.grab().toImage().pixelColor(painter.canvas.place_of(11, 33))
    assert (seen.red(), seen.green(), seen.blue()) == ROOF
    assert painter.hand.document.history.saved


def test_strokes_that_are_faster_than_the_engine_are_all_followed(painter):
    painter.take("blue")
    for y in (25, 40, 52):
        at = painter.press((6, y), (20, y))
        QTest.mouseRelease(painter.canvas, Qt.MouseButton.LeftButton, pos=at)
    painter.hand.rest()
    for y in (25, 40, 52):
        assert painter.made[y - 2 : y + 3, 8:18].mean() > 190


def test_under_the_brush_there_is_no_mark_but_in_the_other_pictures(painter):
    QTest.mouseMove(painter.canvas, painter.canvas.place_of(20.5, 30.5))
    assert painter.canvas.mark is None
    assert painter.stage.panes["B′"].canvas.mark == (20, 30)
    assert painter.stage.panes["A′"].canvas.mark is not None


def test_a_rectangle_is_painted_too(painter):
    painter.take("blue")
    painter.hand.key("R")
    painter.stroke((5, 30), (20, 50))
    assert (painter.B[31:49, 6:19] == SKY).all()
    assert (painter.made[31:49, 6:19] > 190).mean() > 0.95


def test_a_label_that_A_lacks_is_replaced_by_the_nearest(painter):
    (button,) = painter.panel.findChildren(PillButton)
    assert button.accessibleName() == "Use red for orange"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    painter.hand.rest()
    assert (painter.B[:12, :30] == ROOF).all()
    assert painter.hand.document.history.now.label == "Replace label"
    assert not painter.panel._lacks.isVisible()
    painter.hand.key("Ctrl+Z")
    assert (painter.B[:12, :30] == ODD).all()
    assert painter.panel._lacks.isVisible()


def test_with_other_options_B_prime_waits_for_enter(painter):
    choose(painter.hand, seed=5)
    made = painter.made
    painter.take("blue")
    painter.stroke((8, 30), (28, 40))
    assert (painter.made == made).all()
    assert painter.window.doing.label == "Analogy"


def test_other_purposes_and_modes_paint_no_labels(painter):
    choose(painter.hand, preset="filter")
    assert not painter.panel.isVisible()
    assert not painter.window.tool_bar.isVisible()
    assert painter.window.tool_bar.tool.paint.colour is None
    choose(painter.hand, preset="numbers")
    assert painter.window.tool_bar.isVisible()
    painter.window.choose_mode(MODES[0])
    assert not painter.panel.isVisible()
    B = painter.B
    painter.hand.drag((20, 20), (30, 30))
    assert (painter.B == B).all()
    assert painter.hand.document.masked


def test_without_pictures_the_panel_says_what_it_is_for(hand):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    assert not hand.window.labels_panel.isVisible()
    choose(hand, preset="numbers")
    assert hand.window.labels_panel.isVisible()
    assert "open A, A′ and B" in hand.window.labels_panel._words.text()
    assert not hand.window.tool_bar.isVisible()
