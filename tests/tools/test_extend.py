"""The extend tool: each side by its own amount, and only outwards."""

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.model.document import Document
from editor.operations.extend import Extend
from editor.tools.base import Pointer
from editor.tools.extend import ExtendTool


@pytest.fixture
def document():
    return Document(np.zeros((200, 300, 3), np.uint8))


@pytest.fixture
def tool():
    return ExtendTool()


def drag(tool, document, start, end):
    tool.press(Pointer(*start), document)
    draft = tool.drag(Pointer(*end))
    assert tool.release(Pointer(*end)) is None
    return draft.frame


@pytest.mark.parametrize(
    ("start", "end", "frame"),
    [
        ((300, 100), (340, 90), Rect(0, 0, 340, 200)),
        ((0, 100), (-40, 90), Rect(-40, 0, 340, 200)),
        ((150, 0), (160, -8), Rect(0, -8, 300, 208)),
        ((300, 200), (316, 224), Rect(0, 0, 316, 224)),
        ((300, 100), (240, 90), Rect(0, 0, 300, 200)),
        ((0, 100), (-9000, 90), Rect(-4096, 0, 4396, 200)),
    ],
)
def test_an_edge_goes_outwards_and_the_others_stay(tool, document, start, end, frame):
    assert drag(tool, document, start, end) == frame


def test_one_side_after_the_other_until_it_is_finished(tool, document):
    drag(tool, document, (300, 100), (340, 100))
    assert drag(tool, document, (340, 0), (350, -16)) == Rect(0, -16, 350, 216)
    assert tool.active
    assert tool.finish() == Extend(right=50, top=16)
    assert not tool.active


def test_an_edge_that_is_only_touched_is_not_held(tool, document):
    drag(tool, document, (300, 100), (300, 100))
    assert not tool.active
    assert tool.finish() is None


def test_arrow_keys_take_back_from_the_other_side_first(tool, document):
    tool.arrow(-10, 0, document)
    assert tool.arrow(4, 0, document).frame == Rect(-6, 0, 306, 200)
    assert tool.arrow(10, 3, document).frame == Rect(0, 0, 304, 203)
