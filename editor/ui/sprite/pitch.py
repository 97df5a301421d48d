"""The stage of the third step: the creature on its background, where the pointer wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Point, Size
from editor.ui.loop.pictures import image_at
from editor.ui.sprite.actor import Actor
from editor.ui.sprite.ground import Ground, device_size
from editor.ui.theme import Theme
from editor.ui.widgets.focus import Ring

_MOST = 128 << 20  # bytes of images that are kept


class Pitch(QWidget):
    """The ground and the creatures of an actor; ``drawn`` says what is to be seen of a state."""

    margin = 0  # px around the stage

    def __init__(
        self, actor: Actor, ground: Ground, drawn: Callable[..., Any], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actor, self._ground, self._drawn = actor, ground, drawn
        self._images: dict[int, QImage] = {}
        self._of: Any = None  # whose images they are
        self._kept = 0  # bytes of them
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        Ring(self)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        actor.moved.connect(self.follow_time)
        ground.changed.connect(self.update)

    @property
    def place(self) -> QRectF:
        """Where the stage lies in the widget."""
        backdrop, margin = self._ground.backdrop, self.margin
        if backdrop is None:
            return QRectF()
        room = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        scale = min(room.width() / backdrop.size.width, room.height() / backdrop.size.height)
        place = QRectF(0, 0, backdrop.size.width * scale, backdrop.size.height * scale)
        place.moveCenter(room.center())
        return QRectF(place.toRect())

    @property
    def scale(self) -> float:
        backdrop = self._ground.backdrop
        return 1.0 if backdrop is None else self.place.width() / backdrop.size.width

    def to_stage(self, at: QPointF) -> Point:
        place, scale = self.place, self.scale
        return Point((at.x() - place.x()) / scale, (at.y() - place.y()) / scale)

    def to_widget(self, at: Point) -> QPointF:
        place, scale = self.place, self.scale
        return QPointF(place.x() + at.x * scale, place.y() + at.y * scale)

    @Slot()
    def follow_time(self) -> None:
        """A frame was taken, or it is looked at in another way."""
        if self.isVisible() and self.updatesEnabled():
            size = device_size(self.place, self.devicePixelRatioF())
            self._ground.look(self._actor.middle, size)
            self.update()

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, place = Theme.of(self), self.place
        painter = QPainter(self)
        self.draw_around(painter, theme)
        if self._ground.backdrop is None:
            return
        self.draw_ground(painter, place, theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(place)
        self.draw_below(painter, theme)
        for state in sorted(self._actor.states, key=lambda one: one.y):
            self._draw_creature(painter, state)
        self.draw_above(painter, theme)

    def draw_around(self, painter: QPainter, theme: Theme) -> None:
        """What the stage does not cover."""
        around = QRegion(self.rect()).subtracted(QRegion(self.place.toRect()))
        for rect in around:  # type: ignore[attr-defined]
            painter.fillRect(rect, QColor(theme.canvas))

    def draw_ground(self, painter: QPainter, place: QRectF, theme: Theme) -> None:
        """What is behind the creatures."""
        self._ground.draw(painter, place, self.devicePixelRatioF(), theme)

    def draw_below(self, painter: QPainter, theme: Theme) -> None:
        """What lies on the ground."""

    def draw_above(self, painter: QPainter, theme: Theme) -> None:
        """What lies over the creatures."""

    def _draw_creature(self, painter: QPainter, state: Any) -> None:
        actor, ratio = self._actor, self.devicePixelRatioF()
        cel = self._drawn(actor.sprite, actor.control, state)
        image = self._image(state.pose, cel.pixels)
        at = self.to_widget(Point(cel.x, cel.y)) * ratio
        painter.drawImage(QPointF(round(at.x()), round(at.y())) / ratio, image)

    def _image(self, pose: int, pixels: Any) -> QImage:
        """The picture of a pose in pixels of the screen: to make one takes longer than to draw it.

        Where perspective scales it each time anew, its size tells.
        """
        if self._of is not self._actor.sprite or self._kept > _MOST:
            self._images.clear()
            self._of, self._kept = self._actor.sprite, 0
        ratio = self.devicePixelRatioF()
        height, width = (max(1, round(side * self.scale * ratio)) for side in pixels.shape[:2])
        image = self._images.get(pose)
        if image is None or (image.height(), image.width()) != (height, width):
            image = self._images[pose] = image_at(pixels, Size(width, height))
            image.setDevicePixelRatio(ratio)
            self._kept += image.sizeInBytes()
        return image

    # ── Qt ──

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.follow_time()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follow_time()
