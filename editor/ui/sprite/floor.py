"""The stage in the window: where the creature is led by the pointer, a path or a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)

from editor.engine.image import Point
from editor.engine.sprite import Route
from editor.model.document import Document
from editor.tools.base import Draft, Pointer, Tool
from editor.tools.goal import PathTool
from editor.ui.sprite.actor import Actor
from editor.ui.sprite.ground import Ground
from editor.ui.sprite.pitch import Pitch
from editor.ui.theme import CORNER, GRID, Theme, ui_font

_TARGET = 9.0  # px: radius of the ring under the pointer
_CORNER_DOT = 3.5
_TAKE_BACK = (Qt.Key.Key_Backspace,)
_CLEAR = (Qt.Key.Key_Delete,)
_ROW, _WIDE, _NAME = 18, 208, 90  # px, of the read-out
_FULL = 6.0  # a cost whose bar is as long as it gets


class Floor(Pitch):
    """Signals: dropped(Path) — something for the background —, unfocused(), gestured(Command),
    cleared() — Delete.

    Without a tool the pointer over it is the target of the actor; with one it draws.
    """

    dropped = Signal(object)
    unfocused = Signal()
    gestured = Signal(object)
    cleared = Signal()
    margin = 3 * GRID

    def __init__(self, actor: Actor, ground: Ground, drawn: Callable[..., Any]) -> None:
        super().__init__(actor, ground, drawn)
        self._document: Document | None = None
        self._tool: Tool | None = None
        self._draft: Draft | None = None
        self._way = QPolygonF()  # of the path, on the stage
        self._pointer: QPointF | None = None
        self._trails = True
        self.setAccessibleName(self.tr("Stage: the creature follows the pointer"))
        self.setAcceptDrops(True)

    def set_document(self, document: Document | None) -> None:
        """Whose sprite is sent where."""
        self._document = document
        self.cancel()

    def set_tool(self, tool: Tool | None) -> None:
        """From now on this one draws; None: the creature follows the pointer."""
        self.cancel()
        self._tool = tool
        self._actor.target = None
        self._show_cursor()
        self.update()

    @property
    def routed(self) -> bool:
        """Whether a path is drawn on it."""
        return not self._way.isEmpty()

    def show_way(self, points: Sequence[Sequence[float]]) -> None:
        """The path as it is walked along; nothing if there is none."""
        self._way = QPolygonF([QPointF(x, y) for x, y in points])
        self.update()

    def show_trails(self, on: bool) -> None:
        self._trails = on
        self.update()

    def cancel(self) -> bool:
        """Forget the gesture that goes on; whether there was one."""
        active = self._tool is not None and self._tool.active
        if self._tool is not None:
            self._tool.cancel()
        self._draft = None
        self.update()
        return active

    # ── drawing ──

    def draw_below(self, painter: QPainter, theme: Theme) -> None:
        self._draw_way(painter, theme)
        if self._trails:
            self._draw_trail(painter, theme)

    def draw_above(self, painter: QPainter, theme: Theme) -> None:
        if self._tool is not None:
            self._draw_corners(painter, theme)
        goal = None if self._document is None else self._document.goal
        if isinstance(goal, Point):
            self._draw_flag(painter, theme, self.to_widget(goal))
        if self._actor.target is not None:
            self._draw_ring(painter, theme, self.to_widget(self._actor.target))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._actor.recording:
            self._draw_recording(painter, Theme.of(self))
        if self._actor.priced and self._actor.price is not None:
            self._draw_price(painter, Theme.of(self))

    def _draw_way(self, painter: QPainter, theme: Theme) -> None:
        for colour, wide in (("#70000000", 4.0), ("#ffffff", 1.5)):
            self._draw_line(painter, self._way, _round_pen(colour, wide))
        if self._draft is not None:
            outline = QPolygonF([self.to_widget(point) for point in self._draft.outline])
            for colour, wide in (("#70000000", 4.0), (theme.accent, 1.5)):
                painter.setPen(_round_pen(colour, wide))
                painter.drawPolyline(outline)

    def _draw_corners(self, painter: QPainter, theme: Theme) -> None:
        goal = None if self._document is None else self._document.goal
        corners = list(goal.points) if isinstance(goal, Route) else []
        if isinstance(self._tool, PathTool) and self._tool.first is not None:
            corners.append(self._tool.first)
        painter.setPen(QPen(QColor("#70000000"), 1))
        painter.setBrush(QColor("#ffffff"))
        for number, point in enumerate(corners):
            radius = _CORNER_DOT + (2 if number == 0 else 0)  # where it begins, and can be closed
            painter.drawEllipse(self.to_widget(point), radius, radius)

    def _draw_trail(self, painter: QPainter, theme: Theme) -> None:
        if len(self._actor.trail) < 2:
            return
        colour = QColor(theme.danger if self._actor.recording else theme.accent)
        colour.setAlpha(200)
        line = QPolygonF([QPointF(x, y) for x, y in self._actor.trail])
        self._draw_line(painter, line, _round_pen(colour, 2))

    def _draw_line(self, painter: QPainter, line: QPolygonF, pen: QPen) -> None:
        """One whose points lie on the stage."""
        painter.save()
        painter.translate(self.place.topLeft())
        painter.scale(self.scale, self.scale)
        painter.setPen(pen)
        painter.drawPolyline(line)
        painter.restore()

    def _draw_ring(self, painter: QPainter, theme: Theme, at: QPointF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in (("#80000000", 3.5), (theme.accent, 1.5)):
            painter.setPen(QPen(QColor(colour), wide))
            painter.drawEllipse(at, _TARGET, _TARGET)

    def _draw_flag(self, painter: QPainter, theme: Theme, at: QPointF) -> None:
        """The place it was sent to: a ring with a cross in it."""
        for colour, wide in (("#80000000", 4.0), ("#ffffff", 1.75)):
            painter.setPen(_round_pen(colour, wide))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, _TARGET, _TARGET)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                way = QPointF(dx, dy)
                painter.drawLine(at + way * (_TARGET - 4), at + way * (_TARGET + 4))

    def _draw_recording(self, painter: QPainter, theme: Theme) -> None:
        words = self.tr("{0} s").replace("{0}", f"{self._actor.recorded_seconds:.1f}")
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

    def _draw_price(self, painter: QPainter, theme: Theme) -> None:
        """What the last frame cost, beside the pointer; else beside the creature."""
        price = self._actor.price
        steering = self._actor.control.tables.steering
        rows = (
            (self.tr("jump  α·C"), price.jump, 1.0),
            (self.tr("way  β·angle"), price.way, 1.0),
            (self.tr("future"), price.future, 1 - steering.gamma),  # its bar is for a frame of it
        )
        at = self._pointer or self.to_widget(self._actor.states[0].point)
        box = QRectF(at.x() + 20, at.y() + 20, _WIDE, 3 * _ROW + 12)
        if box.right() > self.width() - GRID:
            box.moveRight(at.x() - 20)
        if box.bottom() > self.height() - GRID:
            box.moveBottom(at.y() - 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 180))
        painter.drawRoundedRect(box, CORNER, CORNER)
        painter.setFont(ui_font(12, tabular=True))
        middle = Qt.AlignmentFlag.AlignVCenter
        for number, (name, cost, share) in enumerate(rows):
            row = QRectF(box.x() + 10, box.y() + 6 + number * _ROW, box.width() - 20, _ROW)
            painter.setPen(QColor("#b9bec4"))
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, name)
            painter.setPen(QColor("#ffffff"))
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, f"{cost:.2f}")
            bar = QRectF(row.x() + _NAME, row.center().y() - 2, 44, 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(255, 255, 255, 45))
            painter.drawRoundedRect(bar, 2, 2)
            bar.setWidth(bar.width() * min(1.0, max(0.0, cost * share) / _FULL))
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(bar, 2, 2)

    # ── Qt ──

    def _pointed(self, event: QMouseEvent) -> Pointer:
        at = self.to_stage(event.position())
        return Pointer(at.x, at.y, scale=self.scale)

    def _show_cursor(self) -> None:
        inside = self._pointer is not None and self.place.contains(self._pointer)
        shape = Qt.CursorShape.BlankCursor if self._tool is None else Qt.CursorShape.CrossCursor
        self.setCursor(shape if inside else Qt.CursorShape.ArrowCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        inside = self.place.contains(event.position())
        if self._tool is None:
            self._actor.target = self.to_stage(event.position()) if inside else None
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._draft = self._tool.drag(self._pointed(event))
        else:
            self._draft = self._tool.hover(self._pointed(event))
        self._show_cursor()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._actor.target = self._pointer = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        inside = self.place.contains(event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and inside and self._tool is not None and self._document is not None:
            self._tool.press(self._pointed(event), self._document)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._tool is not None:
            self._draft = None
            result = self._tool.release(self._pointed(event))
            if result is not None:
                self.gestured.emit(result)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        tool, document = self._tool, self._document
        if document is not None and event.key() in _CLEAR and document.goal is not None:
            self.cleared.emit()
        elif document is not None and isinstance(tool, PathTool) and event.key() in _TAKE_BACK:
            self._draft = None
            result = tool.shorter(document)
            if result is not None:
                self.gestured.emit(result)
            self.update()
        else:
            event.ignore()

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


def _round_pen(colour: QColor | str, wide: float) -> QPen:
    pen = QPen(QColor(colour), wide, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
    pen.setCosmetic(True)
    return pen
