"""The stage of the third step: the creature on its background, where the pointer wants it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Point, Size
from editor.ui.loop.pictures import image_of
from editor.ui.sprite.actor import Actor
from editor.ui.theme import GRID, Theme, ui_font

_MARGIN = 3 * GRID
_TARGET = 9.0  # px: radius of the ring under the pointer
_PLAIN = "#e7e7e5"  # as in the page that is exported
_CREATURES = 600  # images of cels that are kept


class Pitch(QWidget):
    """Signals: dropped(Path) — a picture for the background —, unfocused().

    The pointer over it is the target of the actor; without it the creature wanders.
    """

    dropped = Signal(object)
    unfocused = Signal()

    def __init__(self, actor: Actor, drawn: Callable[..., Any]) -> None:
        super().__init__()
        self._actor, self._drawn = actor, drawn
        self._size: Size | None = None
        self._background: QImage | None = None
        self._scaled: QPixmap | None = None
        self._images: dict[int, QImage] = {}
        self._of: Any = None  # whose images they are
        self._trails = True
        self.setAccessibleName(self.tr("Stage: the creature follows the pointer"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        actor.moved.connect(self.update)

    def show_stage(self, size: Size | None, background: QImage | None) -> None:
        """How large the stage is, and what is on it; None is nothing."""
        self._size, self._background, self._scaled = size, background, None
        self.update()

    def show_trails(self, on: bool) -> None:
        self._trails = on
        self.update()

    @property
    def place(self) -> QRectF:
        """Where the stage lies in the widget."""
        if self._size is None:
            return QRectF()
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / self._size.width, room.height() / self._size.height)
        place = QRectF(0, 0, self._size.width * scale, self._size.height * scale)
        place.moveCenter(room.center())
        return QRectF(place.toRect())

    @property
    def scale(self) -> float:
        return 1.0 if self._size is None else self.place.width() / self._size.width

    def to_stage(self, at: QPointF) -> Point:
        place, scale = self.place, self.scale
        return Point((at.x() - place.x()) / scale, (at.y() - place.y()) / scale)

    def to_widget(self, at: Point) -> QPointF:
        place, scale = self.place, self.scale
        return QPointF(place.x() + at.x * scale, place.y() + at.y * scale)

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        if self._size is not None:
            place = self.place
            self._draw_ground(painter, place)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipRect(place)
            if self._trails:
                self._draw_trail(painter, theme)
            for state in sorted(self._actor.states, key=lambda one: one.y):
                self._draw_creature(painter, state)
            self._draw_target(painter, theme)
            painter.setClipping(False)
        if self._actor.recording:
            self._draw_recording(painter, theme)

    def _draw_ground(self, painter: QPainter, place: QRectF) -> None:
        if self._background is None:
            painter.fillRect(place, QColor(_PLAIN))
            return
        ratio = self.devicePixelRatioF()
        size = QSize(round(place.width() * ratio), round(place.height() * ratio))
        if self._scaled is None or self._scaled.size() != size:
            smooth = Qt.TransformationMode.SmoothTransformation
            fitting = self._background.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._scaled = QPixmap.fromImage(fitting)
            self._scaled.setDevicePixelRatio(ratio)
        painter.drawPixmap(place.topLeft(), self._scaled)

    def _draw_trail(self, painter: QPainter, theme: Theme) -> None:
        if len(self._actor.trail) < 2:
            return
        line = QPolygonF([self.to_widget(point) for point in self._actor.trail])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        recording = self._actor.recording
        colour = QColor(theme.danger if recording else theme.accent)
        colour.setAlpha(200)
        painter.setPen(QPen(colour, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(line)

    def _draw_creature(self, painter: QPainter, state: Any) -> None:
        actor, scale = self._actor, self.scale
        cel = self._drawn(actor.sprite, actor.control, state)
        place = self.to_widget(Point(cel.x, cel.y))
        height, width = cel.pixels.shape[:2]
        image = self._image(state.pose, cel.pixels)
        painter.drawImage(QRectF(place.x(), place.y(), width * scale, height * scale), image)

    def _image(self, pose: int, pixels: Any) -> QImage:
        """The picture of a pose; where perspective scales it each time anew, its size tells."""
        if self._of is not self._actor.sprite or len(self._images) >= _CREATURES:
            self._images.clear()
            self._of = self._actor.sprite
        image = self._images.get(pose)
        if image is None or (image.height(), image.width()) != pixels.shape[:2]:
            image = self._images[pose] = image_of(pixels)
        return image

    def _draw_target(self, painter: QPainter, theme: Theme) -> None:
        if self._actor.target is None:
            return
        at = self.to_widget(self._actor.target)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in (("#80000000", 3.5), (theme.accent, 1.5)):
            painter.setPen(QPen(QColor(colour), wide))
            painter.drawEllipse(at, _TARGET, _TARGET)

    def _draw_recording(self, painter: QPainter, theme: Theme) -> None:
        sprite = self._actor.sprite
        seconds = 0.0 if sprite is None else self._actor.taken / float(sprite.rate)
        words = self.tr("{0} s").replace("{0}", f"{seconds:.1f}")
        painter.setFont(ui_font(tabular=True))
        pill = QRectF(self.place.x() + 12, self.place.y() + 12, 78, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(pill, 14, 14)
        painter.setBrush(QColor(theme.danger))
        painter.drawEllipse(QPointF(pill.x() + 16, pill.center().y()), 5, 5)
        painter.setPen(QColor("#ffffff"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(pill.adjusted(28, 0, -8, 0), middle, words)

    # ── Qt ──

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = self.place.contains(event.position())
        self._actor.target = self.to_stage(event.position()) if inside else None
        self.setCursor(Qt.CursorShape.BlankCursor if inside else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._actor.target = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.unfocused.emit()
        super().focusOutEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            event.acceptProposedAction()
            self.dropped.emit(Path(urls[0].toLocalFile()))
