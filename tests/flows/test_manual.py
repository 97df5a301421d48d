"""F1: the page of the mode, turned, searched, left, and found again as large as it was."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from editor.ui import theme
from editor.ui.dialogs.manual import Manual
from editor.ui.dialogs.page import blocks, fragments, pictures
from editor.ui.modes import MODES

# The screen that is none says so whenever a small window comes to the front.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def manual(hand):
    hand.key("F1")
    return hand.window.findChild(Manual)


def asked_for_again(hand):
    """By the menu: whether another window has the keys depends on the screen."""
    hand.window.actions_["manual"].trigger()
    return hand.window.findChild(Manual)


def title(manual):
    return manual.page.document().begin().text()


def listed(manual):
    return manual.pages.currentItem().text()


def test_f1_opens_the_page_of_the_mode(hand, manual):
    assert title(manual) == listed(manual) == "Fill"
    assert not manual.isModal()
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "loop"))
    assert asked_for_again(hand) is manual
    assert title(manual) == listed(manual) == "Loop"


def test_pages_are_turned_by_the_list_by_links_and_back(manual):
    manual.pages.setCurrentRow(0)
    assert title(manual) == "The window"
    manual.page.setSource(QUrl("sprite.md"))  # as a link does
    assert title(manual) == listed(manual) == "Sprite"
    assert not manual.forward.isEnabled()
    manual.back.click()
    assert title(manual) == listed(manual) == "The window"
    manual.back.click()
    assert title(manual) == "Fill"
    manual.forward.click()
    assert title(manual) == "The window"


def test_words_are_found_in_the_page(manual):
    QTest.keyClick(manual, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert manual.field.hasFocus()
    QTest.keyClicks(manual.field, "SOURCE AREA")
    at, count = manual.page.found
    assert at == 1
    assert count >= 2
    assert len(manual.page.extraSelections()) == count
    QTest.keyClick(manual.field, Qt.Key.Key_Return)
    assert manual.page.found == (2, count)
    QTest.keyClick(manual.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert manual.page.found == (1, count)
    QTest.keyClicks(manual.field, " of nothing")
    assert manual.count.text() == "Not on this page"
    assert not manual.down.isEnabled()


def test_esc_leaves_the_search_and_then_the_manual(manual):
    manual.field.setFocus()
    QTest.keyClicks(manual.field, "mask")
    QTest.keyClick(manual.field, Qt.Key.Key_Escape)
    assert manual.isVisible()
    assert manual.page.found == (0, 0)
    QTest.keyClick(manual.page, Qt.Key.Key_Escape)
    assert not manual.isVisible()


def test_it_may_be_closed_before_its_pictures_are_there(hand, manual):
    page = manual.page
    manual.close()
    hand.qtbot.waitUntil(lambda: hand.window.findChild(Manual) is None)
    page._read(("a.webp", QImage(2, 2, QImage.Format.Format_RGB32)))
    hand.rest()


def test_it_is_as_large_as_it_was(hand, manual):
    manual.resize(1111, 777)
    manual.close()
    hand.qtbot.waitUntil(lambda: hand.window.findChild(Manual) is None)
    again = asked_for_again(hand)
    assert (again.width(), again.height()) == (1111, 777)


@pytest.mark.parametrize("width", [700, 1200])
def test_pictures_are_as_wide_as_the_page_at_the_most(hand, manual, width):
    manual.resize(width, 700)
    page = manual.page
    names = pictures(page.document())
    hand.qtbot.waitUntil(lambda: len(page._originals) == len(names))
    hand.qtbot.waitUntil(lambda: page.horizontalScrollBar().maximum() == 0)
    assert names


def test_a_page_follows_the_theme(hand, manual):
    def colour():
        first = manual.page.document().begin()
        return next(fragments(first)).charFormat().foreground().color().name()

    assert colour() == theme.DARK.text
    hand.window.view.set_theme("light")
    assert colour() == theme.LIGHT.text


def test_headings_stand_out_and_lists_stand_close(manual):
    formats = [(block.blockFormat(), block) for block in blocks(manual.page.document())]
    sizes = {
        shape.headingLevel(): next(fragments(block)).charFormat().font().pixelSize()
        for shape, block in formats
        if block.text()
    }
    assert sizes[1] > sizes[2] > sizes[0]
