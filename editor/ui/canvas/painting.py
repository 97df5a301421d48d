"""What is drawn over and around the picture, in device pixels: each a function of a painter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QRegion

from editor.engine.image import Point, Rect
from editor.ui.canvas.frame import qrect, rects
from editor.ui.theme import Theme, ui_font

HANDLE = 14.0  # logical pixels: radius of the round handle of the split
_PATCH = 7  # pixels of the picture that are copied at a time
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
    _shadow_around(painter, picture, width, theme.shadow)
    line = QRegion(qrect(picture.grown(1))).subtracted(qrect(picture))
    for rect in rects(line):
        painter.fillRect(qrect(rect), QColor(0, 0, 0, 110))
    painter.restore()


def _shadow_around(painter: QPainter, picture: Rect, width: int, colour: str) -> None:
    """Four corners as they are, four sides drawn out of one row of pixels."""
    image, drop = _shadow(width, colour), width // 4  # light falls from above
    x = (picture.x - width, picture.x, picture.right, picture.right + width)
    top, bottom = picture.y + drop, picture.bottom + drop
    y = (top - width, top, bottom, bottom + width)
    cut = (0, width, width + 1, 2 * width + 1)
    for row in range(3):
        for column in range(3):
            if row != 1 or column != 1:
                place = QRect(x[column], y[row], x[column + 1] - x[column], y[row + 1] - y[row])
                size = cut[column + 1] - cut[column], cut[row + 1] - cut[row]
                painter.drawImage(place, image, QRect(cut[column], cut[row], *size))
    below = QRect(picture.x, picture.bottom, picture.width, drop)  # of what lies under the picture
    painter.fillRect(below, image.pixelColor(width, width))


@cache
def _shadow(width: int, colour: str) -> QImage:
    """The shadow of a single pixel."""
    shade = QColor(colour)
    image = QImage(2 * width + 1, 2 * width + 1, QImage.Format.Format_ARGB32_Premultiplied)
    for y in range(2 * width + 1):
        for x in range(2 * width + 1):
            away = min(1.0, ((x - width) ** 2 + (y - width) ** 2) ** 0.5 / width)
            shade.setAlphaF(QColor(colour).alphaF() * 0.6 * (1 - away) ** 2)
            image.setPixelColor(x, y, shade)
    return image


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


def guide(
    painter: QPainter,
    a: QPointF,
    b: QPointF,
    colour: str,
    ratio: float,
    *,
    faint: bool,
    dashed: bool,
) -> None:
    """A line through the hole with a handle at either end; dashed it is a mere suggestion."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.4 if faint else 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    light = QPen(QColor(colour), 1.8 * ratio)
    if dashed:
        light.setDashPattern([5, 4])
    for pen in (QPen(_DARK, 3.6 * ratio), light):
        painter.setPen(pen)
        painter.drawLine(a, b)
    if not dashed:
        painter.setPen(QPen(_DARK, ratio))
        painter.setBrush(QColor(colour))
        for end in (a, b):
            painter.drawEllipse(end, 3.5 * ratio, 3.5 * ratio)
    painter.restore()


def handles(painter: QPainter, edges: QRectF, colour: str, ratio: float) -> None:
    """A thin frame with a handle on each corner and in the middle of each side."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(_DARK, 3 * ratio), QPen(_WHITE, 1.2 * ratio)):
        painter.setPen(pen)
        painter.drawRect(edges)
    side = 9 * ratio
    painter.setPen(QPen(QColor(colour), 1.5 * ratio))
    painter.setBrush(_WHITE)
    middle = edges.center()
    for x in (edges.left(), middle.x(), edges.right()):
        for y in (edges.top(), middle.y(), edges.bottom()):
            if (x, y) != (middle.x(), middle.y()):
                place = QRectF(x - side / 2, y - side / 2, side, side)
                painter.drawRoundedRect(place, 2 * ratio, 2 * ratio)
    painter.restore()


def origin(painter: QPainter, here: QPointF, there: QPointF, scale: float, ratio: float) -> None:
    """A small square at a place, a larger one where it was copied from, and a line between."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = max(_PATCH * scale / 2, 5 * ratio)
    squares = [
        QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r)
        for at, r in ((here, half), (there, half + 3 * ratio))
    ]
    for pen in (QPen(_DARK, 3.5 * ratio), QPen(_WHITE, 1.5 * ratio)):
        painter.setPen(pen)
        painter.drawLine(here, there)
        for square in squares:
            painter.drawRect(square)
    painter.restore()


def mark(painter: QPainter, at: QPointF, scale: float, ratio: float) -> None:
    """A square around a place, as large as what is copied with it, and a point in its middle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    r = max(_PATCH * scale / 2, 7 * ratio)
    for pen in (QPen(_DARK, 3.5 * ratio), QPen(_WHITE, 1.5 * ratio)):
        painter.setPen(pen)
        painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
        painter.drawPoint(at)
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
    painter: QPainter,
    corner: QPointF,
    text: str,
    ratio: float,
    *,
    left: bool = False,
    within: QRectF | None = None,
) -> None:
    """A word on a dark pill; ``corner`` is its top left, or top right if it lies to the left. It
    stays ``within`` a place, if one is given.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = ui_font(round(12 * ratio))
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 20 * ratio
    pill = QRectF(corner.x() - (width if left else 0), corner.y(), width, 24 * ratio)
    if within is not None:
        pill.moveRight(min(pill.right(), within.right()))
        pill.moveBottom(min(pill.bottom(), within.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 21, 22, 190))
    painter.drawRoundedRect(pill, 12 * ratio, 12 * ratio)
    painter.setPen(_WHITE)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
