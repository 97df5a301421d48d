"""A text set in lines, any part of which can be marked, and shown only as far as it has grown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextLine, QTextOption

_LEADING = 1.18  # lines apart, in heights of one
_LINE_BREAK = "\u2028"  # what the layout takes for the end of a line


class Mark(NamedTuple):
    """Letters from start to before stop on a ground of this colour."""

    start: int
    stop: int
    colour: QColor


class Passage:
    """One paragraph, laid out once: its letters stay in their places while it grows."""

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self.text = text
        self._layout = QTextLayout(text.replace("\n", _LINE_BREAK), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        self._layout.beginLayout()
        self.height = self.line = 0.0  # px: of all, and from one line to the next
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, self.height))
            self.line = _LEADING * line.height()
            self.height += self.line
        self._layout.endLayout()

    def boxes(self, start: int, stop: int) -> list[QRectF]:
        """Where these letters stand, a box for each line."""
        found = []
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            low, high = line.textStart(), line.textStart() + line.textLength()
            first, last = max(start, low), min(stop, high)
            if first < last:
                left, right = _x(line, first), _x(line, last)
                found.append(QRectF(left, line.y(), right - left, line.height()))
        return found

    def at(self, point: QPointF) -> int | None:
        """The letter at a point, if there is one."""
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            if line.y() <= point.y() < line.y() + self.line:
                if not 0 <= point.x() <= line.naturalTextWidth():
                    return None
                at = line.xToCursor(point.x(), line.CursorPosition.CursorOnCharacter)
                return min(int(at), len(self.text) - 1)
        return None

    def draw(
        self,
        painter: QPainter,
        place: QPointF,
        colour: str,
        *,
        marks: Sequence[Mark] = (),
        until: int | None = None,
    ) -> None:
        """The letters before ``until``, or all of them."""
        until = len(self.text) if until is None else until
        painter.save()
        painter.translate(place)
        painter.setPen(QColor(0, 0, 0, 0))
        for mark in marks:
            painter.setBrush(mark.colour)
            for box in self.boxes(mark.start, min(mark.stop, until)):
                painter.drawRoundedRect(box.adjusted(-1, 0, 1, 0), 3, 3)
        painter.setPen(QColor(colour))
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            low, high = line.textStart(), line.textStart() + line.textLength()
            if low >= until:
                break
            if until < high:
                cut = _x(line, until)
                painter.setClipRect(QRectF(-9, line.y(), cut + 9, line.height()))
            line.draw(painter, QPointF(0, 0))
        painter.restore()


def _x(line: QTextLine, at: int) -> float:
    """Where a letter of a line begins."""
    found: Any = line.cursorToX(at)
    return float(found[0])
