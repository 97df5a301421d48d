"""What a tool is: it takes a gesture in image coordinates and returns a value.

While the gesture goes on it returns a Draft, which the canvas shows over an untouched document; at
the end a Command (done at once) or an Operation (done as a job), and nothing if nothing was meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from PySide6.QtCore import Qt

from editor.engine.image import Point, Rect
from editor.engine.moves import Move
from editor.model.commands import Command
from editor.model.document import Document
from editor.operations.base import Declared, MaskPatch, Operation, Patch
from editor.tools.masking import MASK

Result = Command | Operation | None


class Pointer(NamedTuple):
    """Mouse or pen, in image coordinates: pixel (0, 0) covers 0 ≤ x < 1."""

    x: float
    y: float
    pressure: float = 1.0  # of a pen; a mouse always presses fully
    subtract: bool = False  # X, Alt, the right button or a pen's eraser: take away from the mask
    shift: bool = False  # straight, square, constrained
    scale: float = 1.0  # screen pixels per image pixel, for distances felt by the hand


@dataclass(frozen=True, slots=True)
class Draft:
    """What to show while a gesture goes on."""

    patch: MaskPatch | Patch | None = None  # the mask or picture as it would become, at this place
    outline: tuple[Point, ...] = ()  # a line drawn over the picture
    closed: bool = False
    moves: tuple[Move, ...] | None = None  # pieces as they would lie
    held: int | None = None  # the one of them that is in the hand
    frame: Rect | None = None  # what the edges of the picture would become


@dataclass(frozen=True)
class NoSettings(Declared):
    """For a tool without options."""


class Tool:
    name: ClassVar[str]  # for settings: "brush"
    caption: ClassVar[str]  # "Brush"
    icon: ClassVar[str]
    key: ClassVar[str]  # default shortcut
    hint: ClassVar[str]  # one line for the status bar
    takes_away: ClassVar[bool] = True  # X, Alt and the right button mean something to it
    Settings: ClassVar[type[Declared]] = NoSettings

    def __init__(self) -> None:
        self.settings: Declared = self.Settings()
        self.paint = MASK

    @property
    def active(self) -> bool:
        """Whether a gesture is under way, so that Esc means cancel and Enter means finish."""
        return False

    @property
    def diameter(self) -> float | None:
        """Of the outline under the cursor, in image pixels; None for a plain cross."""
        return None

    def cursor(self, at: Pointer, document: Document) -> Qt.CursorShape | None:
        """What the cursor says at a place; None for the outline or a plain cross."""
        return None

    def frame(self, document: Document) -> Rect | None:
        """What handles are drawn around; None where the tool has none."""
        return None

    def arrow(self, dx: int, dy: int, document: Document) -> Draft | None:
        """An arrow key, with Shift ten at a time; None: it pans."""
        return None

    def press(self, at: Pointer, document: Document) -> Draft | None:
        return None

    def drag(self, at: Pointer) -> Draft | None:
        """Moved with the button down."""
        return None

    def hover(self, at: Pointer) -> Draft | None:
        """Moved with the button up, during a gesture of several clicks."""
        return None

    def release(self, at: Pointer) -> Result:
        return None

    def finish(self) -> Result:
        """Enter or a double click: end a gesture of several clicks."""
        return None

    def back(self) -> Draft | None:
        """Backspace: take the last click of such a gesture back."""
        return None

    def nudge(self, dx: int, dy: int, document: Document) -> Result:
        """An arrow key; None if there is nothing that it moves."""
        return None

    def cancel(self) -> None:
        """Forget the gesture; the canvas shows the document's own mask again."""
