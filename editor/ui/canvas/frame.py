"""What is on the screen, kept as pixels, and which of them must be drawn anew.

The buffer is as large as the screen and wraps around at its edges: world pixel (x, y) lies at
(x mod width, y mod height). Panning therefore moves nothing; it only draws what came into view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QRegion

from editor.engine.image import Rect, Size
from editor.ui.canvas.shown import Look


class Frame:
    def __init__(self, size: Size) -> None:
        self.size = size
        self._buffer = np.zeros((size.height, size.width, 4), np.uint8)
        # Written to between two paint events only, in the window's own thread.
        self._image = QImage(
            self._buffer.data,
            size.width,
            size.height,
            self._buffer.strides[0],
            QImage.Format.Format_RGB32,
        )
        self._window = Rect(0, 0, 0, 0)
        self.look: Look | None = None  # how its pixels are painted
        self.stale = QRegion()  # world pixels in view that are not as they should be
        self.rough = QRegion()  # … that were drawn quickly and deserve better

    def move_to(self, window: Rect) -> None:
        """Keep this part of the world, which is no larger than the buffer."""
        if window == self._window:
            return
        old, new = QRegion(qrect(self._window)), QRegion(qrect(window))
        self.stale = self.stale.intersected(new).united(new.subtracted(old))
        self.rough = self.rough.intersected(new)
        self._window = window

    def reset(self) -> None:
        """Nothing is as it should be."""
        self.stale, self.rough = QRegion(qrect(self._window)), QRegion()

    def spoil(self, rect: Rect) -> None:
        part = rect.within(self._window)
        if not part.empty:
            self.stale = self.stale.united(qrect(part))

    def write(self, rect: Rect, pixels: NDArray[np.uint8], rough: bool = False) -> None:
        for piece, at in self._pieces(rect):
            inside = piece.moved(-rect.x, -rect.y)
            self._buffer[at.slices] = pixels[inside.slices]
        done = QRegion(qrect(rect))
        self.stale = self.stale.subtracted(done)
        self.rough = self.rough.united(done) if rough else self.rough.subtracted(done)

    def draw(self, painter: QPainter, rect: Rect, corner: tuple[int, int]) -> None:
        """Paint a place; ``corner`` is the world pixel at the painter's origin."""
        for piece, at in self._pieces(rect.within(self._window)):
            painter.drawImage(piece.x - corner[0], piece.y - corner[1], self._image, *at)

    def _pieces(self, rect: Rect) -> Iterator[tuple[Rect, Rect]]:
        """A place in the world, cut where the buffer wraps: (in the world, in the buffer)."""
        y = rect.y
        while y < rect.bottom:
            row = y % self.size.height
            height = min(self.size.height - row, rect.bottom - y)
            x = rect.x
            while x < rect.right:
                column = x % self.size.width
                width = min(self.size.width - column, rect.right - x)
                yield Rect(x, y, width, height), Rect(column, row, width, height)
                x += width
            y += height


def qrect(rect: Rect) -> QRect:
    return QRect(*rect)


def rects(region: QRegion) -> list[Rect]:
    """The rectangles a region is made of."""
    every: Iterable[QRect] = region  # type: ignore[assignment]  # the stubs do not know
    return [Rect(one.x(), one.y(), one.width(), one.height()) for one in every]
