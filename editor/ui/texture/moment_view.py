"""How one pixel is chosen, large enough for a lecture hall: its window, the weights, what matches.

It is given a ``Moment`` and the colours to show it in, and knows nothing of the mode it stands in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Mask, Picture
from editor.engine.moment import Moment
from editor.ui.canvas.colour import Colours
from editor.ui.theme import CORNER, GRID, Theme, ui_font
from editor.ui.transport import grouped
from editor.ui.widgets.focus import Ringed, draw_ring

MOST = 60  # matches that are shown, the best ones
_LEAST_HEIGHT, _MOST_HEIGHT = 184, 320
_PAD = 14
_DIM = 0.4  # of its strength is what is only near
_TEXT = 168  # px for what is said, at the least height
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class MomentView(Ringed, QWidget):
    """Signals: pointed(int), the match that is pointed at; −1: none."""

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moment: Moment | None = None
        self._number = self._matches = 0
        self._near: list[int] = []  # the matches, the best first
        self._levels: list[float] = []  # what each of them is off by
        self._seen, self._weights, self._pieces = QImage(), QImage(), QImage()
        self._at = -1  # of those near, the one that is pointed at
        self.setAccessibleName(self.tr("How the next pixel is chosen"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.fit(0)

    def fit(self, room: int, most: int = _MOST_HEIGHT) -> None:
        """Take a part of so much height: what is written grows with it."""
        self.setFixedHeight(min(max(round(0.3 * room), _LEAST_HEIGHT), most))

    def show_moment(
        self, moment: Moment, number: int, colours: Colours, matches: int | None = None
    ) -> None:
        """The choice of the pixel of this number; of so many matches, if there are more of them
        than are given, or less: what is given besides is only near.
        """
        self._point(-1)
        self._moment, self._number = moment, number
        self._matches = len(moment.matches) if matches is None else matches
        self._near = moment.best(MOST)
        self._levels = moment.levels[self._near].tolist()
        self._seen = _image(colours, moment.window, moment.known)
        pieces = np.concatenate([moment.piece(match) for match in self._near])
        self._pieces = _image(colours, pieces)
        self._weights = _cover(moment.weights * moment.known)
        self.setAccessibleDescription(" ".join(self._sentences(moment)))
        self.update()

    def _sentences(self, moment: Moment) -> list[str]:
        known = self.tr("{0} of {1} pixels around it are known.")
        best = self.tr("The best is off by {:.1f} levels of 255.").format(self._levels[0])
        return [
            self.tr("Pixel {}").format(grouped(self._number)),
            known.format(int(moment.known.sum()), moment.known.size),
            self._count(self._matches),
            best,
        ]

    def _count(self, matches: int) -> str:
        if matches == 1:
            return self.tr("One place matches, and is taken.")
        return self.tr("{} places match; one is taken by chance.").format(grouped(matches))

    # ── where things stand ──

    @property
    def _large(self) -> float:
        """How much larger all is than at the least height."""
        return self.height() / _LEAST_HEIGHT

    @property
    def _title(self) -> float:
        return 24 * self._large

    def _square(self, number: int) -> QRectF:
        """Where the window stands, and the weights beside it."""
        side = self.height() - 2 * _PAD - self._title
        left = _PAD + (_TEXT + 12) * self._large + number * (side + 2 * GRID)
        return QRectF(left, _PAD + self._title, side, side)

    def _small(self, number: int) -> QRectF | None:
        """Where the picture of a match stands; None where there is no room for it."""
        first = self._square(2)
        gap, words = 6 * self._large, 17 * self._large
        side = (first.height() - gap) / 2 - words
        columns = max(1, int((self.width() - _PAD - first.left() + gap) / (side + gap)))
        row, column = divmod(number, columns)
        if row > 1:
            return None
        left, top = first.left() + column * (side + gap), first.top() + row * (side + words + gap)
        return QRectF(left, top, side, side)

    def _shown(self) -> list[tuple[int, QRectF]]:
        """The matches there is room for, the chosen one among them, and where they stand."""
        assert self._moment is not None
        places = [place for k in range(len(self._near)) if (place := self._small(k)) is not None]
        numbers = list(range(len(places)))
        chosen = self._near.index(self._moment.chosen)
        if chosen not in numbers:
            numbers[-1] = chosen
        return list(zip(numbers, places, strict=True))

    # ── drawing ──

    def sizeHint(self) -> QSize:
        return QSize(800, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.panel))
        painter.setPen(QColor(theme.line))
        painter.drawLine(0, 0, self.width(), 0)
        if self._moment is None:
            return
        self._write(painter, theme, self._moment)
        self._draw_window(painter, theme, self._moment)
        self._draw_matches(painter, theme, self._moment)
        if self._ring:
            draw_ring(painter, QRectF(self.rect()).adjusted(2, 3, -2, -2), theme.accent, CORNER)

    def _font(self, size: float, *, strong: bool = False) -> QFont:
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        return ui_font(round(size * self._large), weight, tabular=True)

    def _write(self, painter: QPainter, theme: Theme, moment: Moment) -> None:
        first, *others = self._sentences(moment)
        place = QRectF(_PAD, _PAD - 4, _TEXT * self._large, self._title)
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.setPen(QColor(theme.text))
        painter.setFont(self._font(19, strong=True))
        painter.drawText(place, top, first)
        painter.setFont(self._font(13))
        painter.setPen(QColor(theme.muted))
        place = QRectF(_PAD, _PAD + self._title, place.width(), self.height())
        for sentence in others:
            words = top | Qt.TextFlag.TextWordWrap
            taken = painter.boundingRect(place, words, sentence)
            painter.drawText(place, words, sentence)
            place.setTop(taken.bottom() + 7 * self._large)

    def _heading(self, painter: QPainter, theme: Theme, place: QRectF, words: str) -> None:
        painter.setFont(self._font(13))
        painter.setPen(QColor(theme.muted))
        above = QRectF(place.left(), _PAD - 4, self.width() - place.left() - _PAD, self._title)
        fit = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(above.width())
        )
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, fit)

    def _draw_window(self, painter: QPainter, theme: Theme, moment: Moment) -> None:
        """What is known around the pixel; and how much each of it counts."""
        for number, words in enumerate((self.tr("Window"), self.tr("Weights"))):
            place = self._square(number)
            self._heading(painter, theme, place, words)
            painter.fillRect(place, QColor(theme.pressed))
            if number == 0:
                painter.drawImage(place, self._seen)
            else:
                painter.drawImage(place, self._glow(QColor(theme.accent)))
            self._hatch(painter, theme, place, moment)
            cell = place.width() / moment.side
            middle = QRectF(place.left(), place.top(), cell, cell)
            middle.translate(cell * (moment.side // 2), cell * (moment.side // 2))
            painter.setPen(QPen(QColor(theme.warning), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(middle)

    def _glow(self, colour: QColor) -> QImage:
        """The weights, as strong as they are."""
        glow = QImage(self._weights.size(), QImage.Format.Format_ARGB32)
        glow.fill(colour)
        glow.setAlphaChannel(self._weights)
        return glow

    def _hatch(self, painter: QPainter, theme: Theme, place: QRectF, moment: Moment) -> None:
        """Stripes over what is not known yet and therefore does not count."""
        cell = place.width() / moment.side
        painter.setPen(QPen(QColor(theme.disabled), 1))
        for y, x in np.argwhere(~moment.known).tolist():
            one = QRectF(place.left() + x * cell, place.top() + y * cell, cell, cell)
            painter.drawLine(one.bottomLeft(), one.topRight())

    def _draw_matches(self, painter: QPainter, theme: Theme, moment: Moment) -> None:
        shown = self._shown()
        words = self.tr("Matches, and what they are off by")
        if len(shown) > self._matches:
            words = self.tr("What places are off by; the dim ones do not match")
        elif len(shown) < self._matches:
            words = self.tr("{0} of {1} matches, and what they are off by")
            words = words.format(len(shown), grouped(self._matches))
        self._heading(painter, theme, self._square(2), words)
        side = moment.side
        painter.setFont(self._font(12))
        for number, place in shown:
            painter.setOpacity(1.0 if number < self._matches else _DIM)
            painter.drawImage(place, self._pieces, QRectF(0, number * side, side, side))
            chosen = self._near[number] == moment.chosen
            below = QRectF(place.left() - 6, place.bottom() + 1, place.width() + 12, 17)
            below.setHeight(16 * self._large)
            painter.setPen(QColor(theme.warning if chosen else theme.muted))
            words = f"{self._levels[number]:.2f}"
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
            if chosen or number == self._at:
                painter.setPen(QPen(QColor(theme.warning if chosen else theme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place.adjusted(-1, -1, 1, 1))
        painter.setOpacity(1.0)

    # ── pointing ──

    def _point(self, number: int) -> None:
        if number != self._at:
            self._at = number
            self.pointed.emit(-1 if number < 0 else self._near[number])
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = QPointF(event.position())
        under = [] if self._moment is None else [k for k, one in self._shown() if one.contains(at)]
        self._point(under[0] if under else -1)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or self._moment is None or event.modifiers():
            super().keyPressEvent(event)
        else:
            self._point(min(max(self._at + step, 0), len(self._shown()) - 1))


def _image(colours: Colours, pixels: Picture, known: Mask | None = None) -> QImage:
    shown = colours.shown(np.ascontiguousarray(pixels))
    if known is not None:
        shown[~known] = 0
    height, width = shown.shape[:2]
    layout = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(shown.data, width, height, shown.strides[0], layout).copy()


def _cover(weights: NDArray[np.float64]) -> QImage:
    """How much each pixel counts, as an alpha channel."""
    levels = np.ascontiguousarray(np.rint(255 * weights).astype(np.uint8))
    side = len(levels)
    return QImage(levels.data, side, side, side, QImage.Format.Format_Grayscale8).copy()
