"""What boards are drawn with: pictures that stay crisp, captions, curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from editor.ui.theme import Theme

_HEADED = 3.0  # px, of the shortest arrow that has a head
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def rule(theme: Theme) -> QPen:
    """For axes and frames: thin, and seen on the ground of a board in both themes."""
    colour = QColor(theme.muted)
    colour.setAlpha(90)
    return QPen(colour, 1)


def fitted(place: QRectF, width: float, height: float, *, top: bool = False) -> QRectF:
    """The largest rectangle of this shape in a place, in its middle or at its top."""
    scale = min(place.width() / width, place.height() / height)
    w, h = width * scale, height * scale
    y = place.top() if top else place.center().y() - h / 2
    return QRectF(place.center().x() - w / 2, y, w, h)


def draw_image(painter: QPainter, image: QImage, place: QRectF, part: QRectF | None = None) -> None:
    """Its pixels are squares where they are enlarged; whole pixels of the screen, which is fast."""
    part = QRectF(image.rect()) if part is None else part
    smaller = place.width() < part.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawImage(QRectF(place.toAlignedRect()), image, part)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def draw_words(
    painter: QPainter,
    place: QRectF,
    words: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = _LEFT,
) -> None:
    """One line, cut where there is no room for it."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    room = round(place.width())
    cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(place, align, cut)


def draw_curve(
    painter: QPainter,
    place: QRectF,
    values: NDArray[np.float64],
    total: int,
    at: int,
    colours: tuple[str, str],
) -> None:
    """Values over all moments there will be; bright up to this moment, and a dot on it.

    It goes from 0 at the bottom to the highest at the top; ``colours`` are those before and after.
    """
    if len(values) < 2:
        return
    every = max(1, round(2 * len(values) / max(1, place.width())))
    xs = np.append(np.arange(0, len(values) - 1, every), len(values) - 1)
    across = place.left() + xs / max(1, total - 1) * place.width()
    down = place.bottom() - values[xs] / max(float(values.max()), 1e-9) * place.height()
    points = [QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]
    seen = int(np.searchsorted(xs, at, side="right"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    thick = max(1.5, place.height() / 60)
    for part, colour in ((points[max(0, seen - 1) :], colours[1]), (points[:seen], colours[0])):
        painter.setPen(QPen(QColor(colour), thick, c=Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF(part))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours[0]))
    painter.drawEllipse(points[max(0, seen - 1)], 2 * thick, 2 * thick)


def arrows(starts: NDArray[np.float64], by: NDArray[np.float64]) -> list[QLineF]:
    """The lines of many arrows, from (n, 2) places by (n, 2) pixels; short ones have no head."""
    ends = starts + by
    length = np.hypot(by[:, 0], by[:, 1])[:, None]
    back = by * (np.minimum(5.0, 0.45 * length) / np.maximum(length, 1e-9))
    side = back[:, ::-1] * (0.55, -0.55)
    shafts = np.hstack([starts, ends])
    heads = [np.hstack([ends, ends - back + one]) for one in (side, -side)]
    lines = np.vstack([shafts, *(one[length[:, 0] >= _HEADED] for one in heads)])
    return [QLineF(x, y, to_x, to_y) for y, x, to_y, to_x in lines.tolist()]
