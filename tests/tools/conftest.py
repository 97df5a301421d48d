"""A small picture to paint on, and a hand that leads a tool over it."""

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.model.document import Document
from editor.tools.base import Pointer


@pytest.fixture
def document():
    return Document(np.zeros((80, 120, 3), np.uint8))


@pytest.fixture
def painted():
    """A document of which everything is painted already."""
    return Document(np.zeros((80, 120), np.uint8), mask=np.full((80, 120), 255, np.uint8))


@pytest.fixture
def gesture():
    """Press at the first place, drag through the others, release at the last; the result."""

    def led(tool, document, *places, **how):
        pointers = [Pointer(x, y, **how) for x, y in places]
        tool.press(pointers[0], document)
        for pointer in pointers[1:]:
            tool.drag(pointer)
        return tool.release(pointers[-1])

    return led


@pytest.fixture
def done(gesture):
    """The same, and the command is pushed; the mask afterwards."""

    def led(tool, document, *places, **how):
        command = gesture(tool, document, *places, **how)
        if command is not None:
            document.history.push(command)
        return np.array(document.mask)

    return led


@pytest.fixture
def where():
    """The pixels that are fully covered, as a rectangle that must be all there is."""

    def found(mask):
        rect = Rect.around(mask)
        assert (mask[rect.slices] == 255).all()
        return rect

    return found
