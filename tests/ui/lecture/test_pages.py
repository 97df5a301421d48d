"""Every page as it is: its text, its formulas, and its board in both themes."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from editor.engine.device import Device
from editor.model.document import Document
from editor.operations import Operation
from editor.ui import theme
from editor.ui.lecture.formula import FormulaView
from editor.ui.lecture.pages import PAGES
from editor.ui.lecture.stage import LectureStage
from tests.engine.test_steer import circles

EVERY = pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)


@pytest.fixture(params=[theme.DARK, theme.LIGHT], ids=lambda one: one.name)
def dressed(request):
    app = QApplication.instance()
    theme.apply(app, request.param)
    yield request.param
    theme.apply(app, theme.DARK)


def test_all_of_them_have_room_in_the_smallest_window(qtbot):
    stage = LectureStage(PAGES)
    qtbot.addWidget(stage)
    assert stage.minimumSizeHint().width() <= 960 - 72  # the modes stand beside it


def begun(page, moments=3):
    """The page with the first moments of its record; some need something of one's own for it."""
    own = Document(np.zeros((1, 1, 3), np.uint8), sprite=circles())
    operation = page.operation(None) or page.operation(own)
    assert isinstance(operation, Operation)
    assert not operation.edits
    assert operation.waits
    for step in operation.steps(own.scene(), Device.named("cpu", 1)):
        if step.value is not None:
            page.follow(step.value)
        if page.count >= moments:
            break
    assert page.count
    page.go_to(page.count - 1)
    return page


@EVERY
def test_it_says_enough_and_not_too_much(kind):
    assert kind.name.isidentifier() or "-" in kind.name
    assert 2 <= len(kind.text.sentences) <= 5
    assert kind.text.citation.endswith(".")
    assert len(kind.tries) == len({(one.group, one.caption) for one in kind.tries})
    for one in kind.tries:
        assert one.help.endswith(".")


@EVERY
def test_its_formulas_are_there_and_can_be_drawn(kind):
    for formula in kind.text.formulas:
        view = FormulaView(formula)
        view.fit(20, 400)
        assert view.sizeHint().width() > 20
        assert view.accessibleName()


@EVERY
def test_its_board_is_drawn_before_there_is_a_record_and_with_one(kind, dressed, qtbot):
    page = kind()
    qtbot.addWidget(page)
    for size in ((640, 400), (1800, 900)):
        page.resize(*size)
        assert len(colours(page)) > 2  # it says that it is made ready
    begun(page)
    for size in ((640, 400), (1800, 900)):
        page.resize(*size)
        assert len(colours(page)) > 8


@EVERY
def test_the_same_moment_looks_the_same_again(kind, qtbot):
    first, second = kind(), kind()
    for page in (first, second):
        qtbot.addWidget(page)
        page.resize(900, 560)
        begun(page)
        page.follow(first.record)  # how much comes at once is a matter of time
        page.go_to(1 if page.count > 1 else 0)
    assert np.array_equal(pixels(first), pixels(second))


def pixels(page):
    image = page.grab().toImage()
    return np.frombuffer(image.constBits(), np.uint8).copy()


def colours(page):
    return np.unique(pixels(page).view(np.uint32))
