"""What is drawn over and around the picture, in device pixels: each a function of a painter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QRegion

from editor.engine.image import Point, Rect
from editor.ui.canvas.frame import qrect, rects
from editor.ui.theme import Theme, ui_font

GRID_FROM = 8.0  # scale from which on the pixel grid shows
HANDLE = 14.0  # logical pixels: radius of the round handle of the split
_SHADOW = 16  # logical pixels

_WHITE = QColor(255, 255, 255)
_DARK = QColor(0, 0, 0, 150)


def surroundings(
    painter: QPainter, region: QRegion, picture: Rect, theme: Theme, ratio: float
) -> None:
    """The canvas, a soft shadow and a thin frame around the picture."""
    outside = region.subtracted(qrect(picture))
    if outside.isEmpty():
        return
    background = QColor(theme.canvas)
    for rect in rects(outside):
        painter.fillRect(qrect(rect), background)
    width = round(_SHADOW * ratio)
    if not region.intersects(qrect(picture.grown(width))):
        return
    painter.save()
    painter.setClipRegion(outside)
    shadow = QColor(theme.shadow)
    strength = shadow.alphaF()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = QRectF(qrect(picture))
    for step in range(1, width):
        shadow.setAlphaF(strength * 0.45 * (1 - step / width) ** 2)
        painter.setPen(QPen(shadow, 1))
        # Light falls from above: half of it lies below the picture.
        ring = edge.adjusted(-step, -step * 0.6, step, step * 1.2).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(ring, step, step)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
    painter.drawRect(edge.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.restore()


def grid(painter: QPainter, part: Rect, corner: tuple[int, int], scale: float) -> None:
    """Thin lines between the pixels of the picture; ``part`` is in world pixels."""
    painter.setPen(QPen(QColor(127, 127, 127, 90), 1))
    left, top = part.x - corner[0], part.y - corner[1]
    for column in range(int(part.x / scale), int(part.right / scale) + 2):
        x = round(column * scale) - corner[0]
        if left <= x < left + part.width:
            painter.drawLine(x, top, x, top + part.height - 1)
    for row in range(int(part.y / scale), int(part.bottom / scale) + 2):
        y = round(row * scale) - corner[1]
        if top <= y < top + part.height:
            painter.drawLine(left, y, left + part.width - 1, y)


def outline(painter: QPainter, points: Sequence[Point], closed: bool, ratio: float) -> None:
    """A line that is seen on any picture: light on a dark halo, dashed around a selection."""
    polygon = QPolygonF([QPointF(*point) for point in points])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    light = QPen(_WHITE, 1.5 * ratio)
    if closed:
        light.setDashPattern([4, 3])
    join = Qt.PenJoinStyle.RoundJoin
    for pen in (QPen(_DARK, 3 * ratio), light):
        pen.setJoinStyle(join)
        painter.setPen(pen)
        if closed:
            painter.drawPolygon(polygon)
        else:
            painter.drawPolyline(polygon)
    painter.restore()


def brush(painter: QPainter, middle: QPointF, radius: float, hard: float, ratio: float) -> None:
    """The exact edge of a brush, and the edge of its hard part if it has a soft one."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_DARK, 1 * ratio))
    painter.drawEllipse(middle, radius + ratio, radius + ratio)
    painter.setPen(QPen(_WHITE, 1.2 * ratio))
    painter.drawEllipse(middle, radius, radius)
    if hard < 1 and radius * hard > 2 * ratio:
        painter.setPen(QPen(QColor(0, 0, 0, 90), 1.8 * ratio))
        painter.drawEllipse(middle, radius * hard, radius * hard)
        painter.setPen(QPen(QColor(255, 255, 255, 130), 0.8 * ratio))
        painter.drawEllipse(middle, radius * hard, radius * hard)
    painter.restore()


def split(painter: QPainter, x: float, screen: Rect, names: tuple[str, str], ratio: float) -> None:
    """The line between before and after, its round handle and the two names."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(x, screen.y + screen.height / 2)
    for pen in (QPen(QColor(0, 0, 0, 120), 3 * ratio), QPen(_WHITE, 1.5 * ratio)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, screen.y), QPointF(x, screen.bottom))
    radius = HANDLE * ratio
    painter.setPen(QPen(QColor(0, 0, 0, 120), ratio))
    painter.setBrush(_WHITE)
    painter.drawEllipse(middle, radius, radius)
    painter.setBrush(QColor("#3a3d42"))
    painter.setPen(Qt.PenStyle.NoPen)
    for side in (-1, 1):
        tip, back = middle.x() + side * 8.5 * ratio, middle.x() + side * 3.5 * ratio
        up, down = middle.y() - 4.5 * ratio, middle.y() + 4.5 * ratio
        painter.drawPolygon(
            QPolygonF([QPointF(tip, middle.y()), QPointF(back, up), QPointF(back, down)])
        )
    painter.restore()
    label(painter, QPointF(x - 12 * ratio, screen.y + 12 * ratio), names[0], ratio, left=True)
    label(painter, QPointF(x + 12 * ratio, screen.y + 12 * ratio), names[1], ratio)


def label(
    painter: QPainter, corner: QPointF, text: str, ratio: float, *, left: bool = False
) -> None:
    """A word on a dark pill; ``corner`` is its top left, or top right if it lies to the left."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = ui_font(round(12 * ratio))
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 20 * ratio
    pill = QRectF(corner.x() - (width if left else 0), corner.y(), width, 24 * ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 21, 22, 190))
    painter.drawRoundedRect(pill, 12 * ratio, 12 * ratio)
    painter.setPen(_WHITE)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
