"""A formula, drawn sharp at any size in the colour of the words around it."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.resources import resource
from editor.ui.lecture.page import Formula
from editor.ui.theme import Theme

_DRAWN_AT = 20  # px, the size of the words in the files


class FormulaView(QWidget):
    """As wide as its words need, less where there is no room."""

    def __init__(self, formula: Formula, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source(formula.name)
        self._natural = QSvgRenderer(QByteArray(self._source)).defaultSize()
        self._scale = 1.0
        self.setAccessibleName(formula.spoken)
        self.setToolTip(formula.spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fit(self, words: float, room: int) -> None:
        """Beside words of so many pixels, in a column so wide."""
        self._scale = min(words / _DRAWN_AT, room / max(1, self._natural.width()))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        return self._natural * self._scale

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(Theme.of(self).text).name()
        text = self._source.replace(b"currentColor", colour.encode())
        size = QRectF(0, 0, *(self._natural * self._scale).toTuple())
        QSvgRenderer(QByteArray(text)).render(painter, size)


@functools.cache
def source(name: str) -> bytes:
    """The file of a formula; ValueError if there is none."""
    path = resource("lecture", f"{name}.svg")
    if not path.is_file():
        raise ValueError(f'there is no formula "{name}"')
    return path.read_bytes()
