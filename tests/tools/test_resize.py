"""The resize tool: which edges a drag moves, and to what size."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor.engine.image import Rect, Size
from editor.model.document import Document
from editor.operations.retarget import Retarget
from editor.tools.base import Pointer
from editor.tools.resize import ResizeTool


@pytest.fixture
def document():
    return Document(np.zeros((200, 300, 3), np.uint8))


def dragged(document, start, end, shift=False):
    """The frame while it is dragged, and what comes of it."""
    tool = ResizeTool()
    tool.press(Pointer(*start), document)
    draft = tool.drag(Pointer(*end, shift=shift))
    return draft.frame, tool.release(Pointer(*end, shift=shift))


@pytest.mark.parametrize(
    ("start", "end", "frame"),
    [
        ((300, 100), (240, 50), Rect(0, 0, 240, 200)),
        ((0, 100), (60, 50), Rect(60, 0, 240, 200)),
        ((150, 0), (99, -50), Rect(0, -50, 300, 250)),
        ((150, 200), (99, 150), Rect(0, 0, 300, 150)),
        ((300, 200), (330, 150), Rect(0, 0, 330, 150)),
        ((0, 0), (30, 50), Rect(30, 50, 270, 150)),
        ((300, 0), (270, 20), Rect(0, 20, 270, 180)),
        ((2, 197), (32, 187), Rect(30, 0, 270, 190)),
    ],
)
def test_the_edges_that_are_held_move_and_the_others_stay(document, start, end, frame):
    there, result = dragged(document, start, end)
    assert there == frame
    assert result == Retarget(unit="pixels", width=frame.width, height=frame.height)


def test_an_edge_is_held_anywhere_along_it_but_the_inside_is_left_alone(document):
    tool = ResizeTool()
    assert tool.press(Pointer(300, 33), document) is not None
    tool.cancel()
    assert tool.press(Pointer(150, 100), document) is None
    assert tool.drag(Pointer(100, 100)) is None
    assert tool.release(Pointer(100, 100)) is None


def test_near_is_what_the_hand_feels(document):
    tool = ResizeTool()
    assert tool.press(Pointer(315, 100, scale=0.5), document) is not None
    tool.cancel()
    assert tool.press(Pointer(315, 100, scale=2), document) is None


def test_shift_keeps_the_proportions(document):
    assert dragged(document, (300, 100), (150, 100), shift=True)[0] == Rect(0, 0, 150, 100)
    assert dragged(document, (300, 200), (290, 100), shift=True)[0] == Rect(0, 0, 150, 100)
    assert dragged(document, (0, 0), (-300, -10), shift=True)[0] == Rect(-300, -200, 600, 400)


def test_it_goes_as_far_as_the_engine_does(document):
    assert dragged(document, (300, 200), (-500, 5))[0] == Rect(0, 0, 30, 20)
    assert dragged(document, (300, 200), (9000, 9000))[0] == Rect(0, 0, 2400, 1600)


def test_a_click_on_an_edge_is_nothing(document):
    tool = ResizeTool()
    tool.press(Pointer(300, 100), document)
    assert tool.active
    assert tool.release(Pointer(300, 100)) is None
    assert not tool.active


def test_arrows_move_it_until_enter(document):
    tool = ResizeTool()
    tool.arrow(-10, 0, document)
    assert tool.arrow(-1, 4, document).frame == Rect(5, -2, 289, 204)
    assert tool.active
    assert tool.finish() == Retarget(unit="pixels", width=289, height=204)
    assert not tool.active


def test_a_drag_goes_on_from_what_the_arrows_did(document):
    tool = ResizeTool()
    tool.arrow(-100, 0, document)
    tool.press(Pointer(250, 100), document)
    assert tool.drag(Pointer(240, 100)).frame == Rect(50, 0, 190, 200)


def test_back_at_the_same_size_there_is_nothing_to_do(document):
    tool = ResizeTool()
    tool.put(document, Size(100, 100))
    tool.put(document, Size(300, 200))
    assert tool.finish() is None


def test_cancelling_forgets(document):
    tool = ResizeTool()
    tool.put(document, Size(100, 100))
    tool.cancel()
    assert tool.frame(document) == document.rect
    assert tool.finish() is None


@pytest.mark.parametrize(
    ("at", "cursor"),
    [
        ((0, 100), Qt.CursorShape.SizeHorCursor),
        ((300, 50), Qt.CursorShape.SizeHorCursor),
        ((150, 0), Qt.CursorShape.SizeVerCursor),
        ((0, 0), Qt.CursorShape.SizeFDiagCursor),
        ((300, 200), Qt.CursorShape.SizeFDiagCursor),
        ((300, 0), Qt.CursorShape.SizeBDiagCursor),
        ((150, 100), Qt.CursorShape.ArrowCursor),
        ((900, 100), Qt.CursorShape.ArrowCursor),
    ],
)
def test_the_cursor_says_which_way(document, at, cursor):
    assert ResizeTool().cursor(Pointer(*at), document) == cursor
