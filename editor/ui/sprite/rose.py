"""The rose: which ways the creature goes in the footage, and which ways nobody has filmed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.sprite.compass import colour_number, way_colours
from editor.ui.theme import Theme

_SIDE = 176
_HOLE = 0.22  # of the radius
_GAP = 2.0  # degrees between two petals


class Rose(QWidget):
    """A petal for each way, the longer the more frames go there; a gap is a red arc."""

    def __init__(self) -> None:
        super().__init__()
        self._ways: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Which ways the creature goes in the clip; red: not one frame"))
        self.show_ways(())

    def show_ways(self, ways: Sequence[float]) -> None:
        """Frames that go each way, to the right first, then down."""
        self._ways = tuple(ways)
        covered = sum(count > 0 for count in self._ways)
        words = self.tr("The creature goes {0} of {1} ways").replace("{0}", str(covered))
        self.setAccessibleName(words.replace("{1}", str(len(self._ways))))
        self.update()

    @property
    def gaps(self) -> int:
        return sum(count <= 0 for count in self._ways)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, radius = QRectF(self.rect()).center(), min(self.width(), self.height()) / 2 - 6
        painter.setPen(QPen(QColor(theme.line), 1))
        for share in (0.5, 1.0):
            r = radius * (_HOLE + (1 - _HOLE) * share)
            painter.drawEllipse(middle, r, r)
        most = max(self._ways, default=0.0)
        wide = 360 / max(1, len(self._ways))
        for number, count in enumerate(self._ways):
            angle = number * wide
            if count <= 0:
                _draw_gap(painter, theme, middle, radius, (angle, wide))
                continue
            share = _HOLE + (1 - _HOLE) * math.sqrt(count / most)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(way_colours(theme)[colour_number(math.radians(angle))])
            painter.drawPath(_petal(middle, angle, wide - _GAP, _HOLE * radius, share * radius))


def _draw_gap(
    painter: QPainter, theme: Theme, middle: QPointF, radius: float, way: tuple[float, float]
) -> None:
    """A red arc at the rim, and a breath of red where the petal would be."""
    angle, wide = way
    faint = QColor(theme.danger)
    faint.setAlpha(28)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faint)
    painter.drawPath(_petal(middle, angle, wide - _GAP, _HOLE * radius, radius - 1))
    painter.setPen(QPen(QColor(theme.danger), 3, c=Qt.PenCapStyle.FlatCap))
    around = QRectF(0, 0, 2 * radius, 2 * radius)
    around.moveCenter(middle)
    start, span = -angle - wide / 2 + _GAP / 2, wide - _GAP
    painter.drawArc(around, round(16 * start), round(16 * span))


def _petal(middle: QPointF, angle: float, wide: float, inner: float, outer: float) -> QPainterPath:
    """A piece of a ring around an angle, in degrees clockwise from the right."""
    rings = [QRectF(-r, -r, 2 * r, 2 * r).translated(middle) for r in (outer, inner)]
    path = QPainterPath()
    path.arcMoveTo(rings[0], -angle - wide / 2)
    path.arcTo(rings[0], -angle - wide / 2, wide)
    path.arcTo(rings[1], -angle + wide / 2, -wide)
    path.closeSubpath()
    return path
