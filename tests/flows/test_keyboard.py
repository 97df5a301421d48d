"""Everything is done without a mouse: Tab leads to all that can be used, in every mode."""

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTabBar, QWidget

from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.ui.modes import MODES
from tests.creature import running

BACK = Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier
ON = Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "dart.mp4"
    last(write_clip(path, running(), Fraction(25), ClipOptions(95), overwrite=True))
    return path


@pytest.fixture
def opened(request, hand, picture, clip):
    """A document that suits the mode, in the mode."""
    mode = next(one for one in MODES if one.name == request.param)
    hand.open(clip if mode.of_clips else picture)
    hand.window.choose_mode(mode)
    hand.rest()
    return hand


EVERY_MODE = pytest.mark.parametrize("opened", [mode.name for mode in MODES], indirect=True)


def round_trip(hand, key=ON):
    """Where Tab leads from the options on, until it is there again."""
    hand.window.activateWindow()
    QTest.keyClick(hand.window, Qt.Key.Key_F6)
    found = []
    while (now := QApplication.focusWidget()) not in found:
        found.append(now)
        QTest.keyClick(now, *key)
        QApplication.processEvents()
    assert now is found[0], f"from {found[-1]} it leads back to {now}"
    return found


def controls(window):
    """What a person can use now, whatever Tab does."""
    for widget in window.findChildren(QWidget):
        usable = widget.isVisible() and widget.isEnabled() and not widget.size().isEmpty()
        within = isinstance(widget.parent(), QTabBar) or widget.focusProxy() is not None
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if usable and not within and (takes or isinstance(widget, QAbstractButton)):
            yield widget


def stands_for(widget):
    """Of buttons of which one is chosen one has the focus; the arrow keys lead to the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group.buttons() if group is not None and group.exclusive() else [widget]


@EVERY_MODE
def test_tab_leads_to_everything_and_back(opened):
    there, back = round_trip(opened, ON), round_trip(opened, BACK)
    assert back[1:] == there[:0:-1]
    assert len(there) > 10
    for widget in controls(opened.window):
        assert set(stands_for(widget)) & set(there), f"{widget} is left out"
    for widget in there:
        assert widget.accessibleName(), f"{widget} has no name"
        assert has_ring(widget), f"{widget} does not show that it has the focus"


def has_ring(widget):
    """Whether it looks otherwise once Tab has led to it."""
    QApplication.processEvents()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    seen = widget.grab().toImage()
    widget.clearFocus()
    QApplication.processEvents()
    return seen != widget.grab().toImage()


def test_the_gallery_is_gone_through_as_well(hand):
    found = round_trip(hand)
    assert [type(one).__name__ for one in found].count("PictureCard") == len(
        hand.window.gallery.findChildren(type(found[-1]))
    )
    assert all(one.accessibleName() for one in found)


def test_tab_on_a_picture_hides_the_panels_unless_tab_led_there(hand, picture):
    hand.open(picture)
    hand.canvas.setFocus()
    hand.key("Tab")
    assert not hand.window.panel.isVisible()
    hand.key("Tab")
    assert hand.window.panel.isVisible()
    assert not overrides(hand.canvas)
    hand.canvas.clearFocus()
    hand.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert overrides(hand.canvas)


def overrides(canvas):
    """Whether it keeps Tab from being a shortcut."""
    tab = QKeyEvent(QEvent.Type.ShortcutOverride, *ON)
    tab.ignore()
    QApplication.sendEvent(canvas, tab)
    return tab.isAccepted()


def test_the_arrow_keys_go_through_the_modes(hand, picture):
    hand.open(picture)
    rail = {button.mode.name: button for button in hand.window.rail.findChildren(QAbstractButton)}
    rail["fill"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(rail["fill"], Qt.Key.Key_Down)
    assert hand.window.mode.name == "retarget"
    assert QApplication.focusWidget() is rail["retarget"]


def test_what_has_the_focus_is_scrolled_into_sight(hand, picture):
    hand.open(picture)
    panel = hand.window.panel
    below = [one for one in round_trip(hand) if panel.isAncestorOf(one)][-2:]
    below[0].setFocus()
    panel.verticalScrollBar().setValue(0)
    assert below[1].visibleRegion().isEmpty()
    QTest.keyClick(below[0], *ON)
    assert QApplication.focusWidget() is below[1]
    assert not below[1].visibleRegion().isEmpty()
