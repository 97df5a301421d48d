"""The choice of a pixel, as it is read and pointed at."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.engine.image import Point
from editor.engine.moment import Moment
from editor.ui.canvas.colour import Colours
from editor.ui.texture.moment_view import MomentView


def moment(count, chosen):
    """So many places that match, each a little worse than the one before."""
    sample = np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    known = np.ones((7, 7), bool)
    known[3:] = False
    places = np.stack([np.zeros(count), 5 + np.arange(count) // 20, 5 + np.arange(count) % 20])
    return Moment(
        Point(20, 20),
        sample[:7, :7],
        known,
        np.ones((7, 7)),
        places.T.astype(np.int32),
        (np.linspace(2, 3, count) / 255) ** 2,
        chosen,
        (sample,),
    )


@pytest.fixture
def view(qtbot):
    view = MomentView()
    qtbot.addWidget(view)
    view.resize(900, view.height())
    view.show()
    return view


@pytest.fixture
def colours():
    return Colours(b"", np.dtype(np.uint8), grey=False)


def test_what_is_seen_is_said_as_well(view, colours):
    view.show_moment(moment(200, 7), 1234, colours)
    assert view.accessibleDescription() == (
        "Pixel 1\u202f234 21 of 49 pixels around it are known. "
        "200 places match; one is taken by chance. The best is off by 2.0 levels of 255."
    )
    view.show_moment(moment(1, 0), 5, colours)
    assert "One place matches, and is taken." in view.accessibleDescription()


def test_the_chosen_one_is_among_those_there_is_room_for(view, colours):
    view.show_moment(moment(200, 150), 1, colours)
    shown = view._shown()
    assert len(shown) < 60
    assert view._near[shown[-1][0]] == 150
    right = max(place.right() for _, place in shown)
    assert right <= view.width()


def test_a_match_is_pointed_at_with_the_mouse_or_the_arrow_keys(view, colours):
    view.show_moment(moment(20, 3), 1, colours)
    heard = []
    view.pointed.connect(heard.append)
    QTest.mouseMove(view, view._shown()[4][1].center().toPoint())
    QTest.mouseMove(view, view.rect().topLeft())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    assert heard == [4, -1, 0, 1, 0]


def test_it_grows_with_the_room_there_is(view):
    small = view.height()
    view.fit(900)
    assert view.height() > small
    view.fit(4000)
    assert view.height() == 320
