"""A widget in which a picture is fitted, zoomed and panned."""

from __future__ import annotations

import math
from abc import abstractmethod

from PySide6.QtCore import QPoint, QPointF, QRectF, Slot
from PySide6.QtWidgets import QWidget

from editor.engine.image import Point, Rect, Size
from editor.ui.canvas.view import MIN_SCALE, View


class Viewport(QWidget):
    """Places of the widget count in logical pixels; the view counts the device's."""

    margin: float = 0  # logical pixels around a picture that is fitted
    below: float = 0  # and below it, where the action bar floats

    @property
    @abstractmethod
    def view(self) -> View: ...

    @property
    @abstractmethod
    def picture_size(self) -> Size | None:
        """None: there is no picture."""

    @property
    @abstractmethod
    def device_size(self) -> Size:
        """The widget's own, in device pixels."""

    @abstractmethod
    def _set_view(self, view: View) -> None:
        """Show the picture, of which there is one, from now on so."""

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the picture."""
        return self.view.scale

    # ── zoom and pan ──

    def fit(self) -> None:
        if self.picture_size is not None:
            self._set_view(self._fitting())

    def actual_size(self) -> None:
        self.zoom_to(1.0)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom at a place (the middle, if none is given), with a stop at 100 % on the way."""
        scale = self.scale * factor
        passes = (self.scale - 1) * (scale - 1) < 0 and not math.isclose(self.scale, 1)
        self.zoom_to(1.0 if passes or math.isclose(scale, 1) else scale, at)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom with what is at a place staying there."""
        if self.picture_size is not None:
            place = QPointF(self.width() / 2, self.height() / 2) if at is None else at
            lowest = min(MIN_SCALE, self._fitting().scale)
            self._set_view(self.view.zoomed(scale, self.device_point(place), lowest))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by so many logical pixels."""
        ratio = self.devicePixelRatioF()
        if self.picture_size is not None:
            self._set_view(self.view.panned(dx * ratio, dy * ratio))

    def _fitting(self) -> View:
        if self.picture_size is None:
            return View()
        ratio = self.devicePixelRatioF()
        return View.fit(
            self.picture_size, self.device_size, self.margin * ratio, self.below * ratio
        )

    # ── places ──

    def device_point(self, at: QPointF) -> Point:
        ratio = self.devicePixelRatioF()
        return Point(at.x() * ratio, at.y() * ratio)

    def image_point(self, at: QPointF) -> Point:
        """The place of the picture at a place of the widget."""
        return self.view.to_image(*self.device_point(at))

    def place_of(self, x: float, y: float) -> QPoint:
        """Where in the widget a place of the picture is."""
        ratio = self.devicePixelRatioF()
        place = self.view.to_screen(Point(x, y))
        return QPoint(round(place.x / ratio), round(place.y / ratio))

    @Slot(object)
    def update_device(self, place: Rect) -> None:
        """Paint anew what is there, in device pixels."""
        if not place.empty:
            ratio = self.devicePixelRatioF()
            self.update(QRectF(*(number / ratio for number in place)).toAlignedRect())
