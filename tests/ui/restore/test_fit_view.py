"""The line through the curves and the film goes to checkpoints, by mouse and by keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.engine.curve import Checkpoint, Curve
from editor.ui.restore.fit_view import FitView, thumbnail


def curve(taken=60):
    kept = tuple(Checkpoint(at, np.full((30, 40, 3), at, np.uint8)) for at in (20, 40, 60, 80, 100))
    return Curve(np.linspace(1, 0.1, 100), np.linspace(1, 0.1, 100), (50, 150), 60, taken, kept)


@pytest.fixture
def view(qtbot):
    view = FitView()
    qtbot.addWidget(view)
    view.resize(276, view.height())
    view.show()
    view.show_curve(curve(), running=False)
    return view


def at(view, iteration):
    return QPoint(round(view._x(iteration)), view.height() - 20)


def test_a_drag_goes_from_checkpoint_to_checkpoint(view, qtbot):
    heard = []
    view.wanted.connect(heard.append)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, 38))
    QTest.mouseMove(view, at(view, 43))
    QTest.mouseMove(view, at(view, 78))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, 78))
    assert heard == [40, 80]
    assert view.chosen == 80
    assert view.accessibleDescription() == "Iteration 80"


def test_keys_go_to_the_neighbours_and_the_ends(view):
    heard = []
    view.wanted.connect(heard.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(view, key)
    assert heard == [40, 20, 100]


def test_enter_and_a_double_click_take(view, qtbot):
    with qtbot.waitSignal(view.taken):
        QTest.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.taken):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at(view, 60))


def test_while_it_runs_none_is_chosen_by_hand(view, qtbot):
    view.show_curve(curve(taken=100), running=True)
    with qtbot.assertNotEmitted(view.wanted):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 20))
        QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.chosen == 100


def test_it_is_drawn_in_every_state(view):
    for shown, running in ((curve(), False), (curve(), True), (None, False)):
        view.show_curve(shown, running=running)
        assert not view.grab().isNull()
    empty = Curve(np.zeros(0), np.zeros(0), (10,), 0, 0)
    view.show_curve(empty, running=True)
    QTest.mouseMove(view, at(view, 5))
    assert not view.grab().isNull()


def test_the_film_shows_the_checkpoints(view):
    image = view.grab().toImage()
    shades = {image.pixelColor(at(view, place)).red() for place in (20, 60, 95)}
    assert len(shades) == 3


@pytest.mark.parametrize("dtype", [np.uint8, np.float16])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_thumbnail_of_every_kind(dtype, channels):
    half = 128 if dtype == np.uint8 else 0.5
    image = thumbnail(Checkpoint(1, np.full((300, 200, channels), half, dtype)))
    assert image.height() <= 100
    assert abs(image.pixelColor(5, 5).red() - 128) <= 1
