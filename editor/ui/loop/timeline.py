"""The timeline: filmstrip, ruler, playhead, in and out points, and the arcs of the jumps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.clip import Clip
from editor.ui.loop.arcs import NONE, Arcs, Strip, curves, heights, nearest, single
from editor.ui.loop.drawing import covering, drawn, mixed, tick
from editor.ui.loop.plan import Jump
from editor.ui.theme import GRID, Theme, ui_font

_SIDE = 2 * GRID  # px left and right of the strip
_TOP = 28  # px over the highest arc, where what is under the pointer is told
_FILM = 40  # px
_RULER = 26  # px
_SHORTEST = 6  # the longest arc fills the room, unless it spans less than this part of the clip
_REACH = 6.0  # px around an arc
_HANDLE = 9.0  # px around an in or out point
_TICK = 72  # px between two numbers of the ruler, at least


class Timeline(QWidget):
    """Signals: frame_wanted(int), jump_wanted((i, j)), hovered((i, j) or None),
    range_changed(first, last), thumbnails_wanted(tuple of frames).
    """

    frame_wanted = Signal(int)
    jump_wanted = Signal(object)
    hovered = Signal(object)
    range_changed = Signal(int, int)
    thumbnails_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clip: Clip | None = None
        self._arcs: Arcs = NONE
        self._qualities: Sequence[str] = ()
        self._forced: frozenset[Jump] = frozenset()
        self._chosen: Jump | None = None
        self._over: int | None = None
        self._told = ""
        self._frame = 0
        self._range = (0, 0)
        self._dragging = ""
        self._images: dict[int, QImage] = {}
        self._thumbnails: tuple[int, ...] = ()
        self._ground: QPixmap | None = None  # all but playhead and what is under the pointer
        self.setAccessibleName(self.tr("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(_TOP + 24 + _FILM + _RULER)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # ── what is shown ──

    def show_clip(self, clip: Clip | None) -> None:
        self._clip = clip
        self._images.clear()
        self._arcs, self._qualities, self._over, self._chosen = NONE, (), None, None
        self._frame = 0
        self._range = (0, 0 if clip is None else clip.count - 1)
        self._plan_film()
        self._spoil()

    def show_arcs(
        self, arcs: Arcs, qualities: Sequence[str], forced: frozenset[Jump] = frozenset()
    ) -> None:
        over = None if self._over is None else self._arcs.jump(self._over)
        self._arcs, self._qualities, self._forced = arcs, qualities, forced
        self._over = None if over is None else arcs.find(over)
        self._spoil()

    def show_chosen(self, jump: Jump | None) -> None:
        """The arc that is inspected; one that is not kept is drawn dashed."""
        self._chosen = jump
        self.update()

    def show_told(self, words: str) -> None:
        """What is to be said of the arc under the pointer."""
        self._told = words
        self.update()

    def show_frame(self, frame: int) -> None:
        if frame == self._frame or self._clip is None:
            return
        strip, height = self._strip(), self.height()
        for one in (self._frame, frame):
            self.update(round(strip.x(one)) - 8, 0, 16, height)
        self._frame = frame

    def show_range(self, first: int, last: int) -> None:
        self._range = (first, last)
        self._spoil()

    def show_thumbnail(self, frame: int, image: QImage) -> None:
        self._images[frame] = image
        self._spoil()

    @property
    def range(self) -> tuple[int, int]:
        return self._range

    # ── where things lie ──

    def _strip(self) -> Strip:
        count = 1 if self._clip is None else self._clip.count
        spans = np.abs(self._arcs.sources - self._arcs.targets)
        longest = max(int(spans.max(initial=0)), count // _SHORTEST)
        return Strip(_SIDE, max(1.0, self.width() - 2 * _SIDE), count, longest)

    def _film_top(self) -> float:
        return float(self.height() - _RULER - _FILM)

    def _base(self) -> float:
        return self._film_top() - 3

    def _room(self) -> float:
        return max(12.0, self._base() - _TOP)

    def _plan_film(self) -> None:
        """Which frames the film shows, side by side in the shape they have."""
        if self._clip is None or self.width() <= 2 * _SIDE:
            self._thumbnails = ()
            return
        strip = self._strip()
        size = self._clip.size
        each = min(max(_FILM * size.width / size.height, 24.0), 160.0)
        many = max(1, min(round(strip.width / each), self._clip.count))
        numbers = tuple(int((at + 0.5) * self._clip.count / many) for at in range(many))
        if numbers != self._thumbnails:
            self._thumbnails = numbers
            wanted = tuple(one for one in numbers if one not in self._images)
            self.thumbnails_wanted.emit(wanted)

    def _spoil(self) -> None:
        self._ground = None
        self.update()

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        if self._ground is None:
            self._ground = self._drawn(theme)
        painter.drawPixmap(0, 0, self._ground)
        if self._clip is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_chosen(painter, theme)
        self._draw_head(painter, theme)

    def _drawn(self, theme: Theme) -> QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QColor(theme.panel))
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(11, tabular=True))
        if self._clip is not None:
            self._draw_arcs(painter, theme)
            self._draw_film(painter, theme)
            self._draw_ruler(painter, theme, self._clip)
            self._draw_range(painter, theme)
            self._draw_count(painter, theme)
        painter.end()
        return ground

    def _draw_film(self, painter: QPainter, theme: Theme) -> None:
        strip, top = self._strip(), self._film_top()
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(strip.left, top, strip.width, _FILM), 3, 3)
        painter.save()
        painter.setClipPath(clip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(QRectF(strip.left, top, strip.width, _FILM), QColor(theme.pressed))
        each = strip.width / max(1, len(self._thumbnails))
        for at, number in enumerate(self._thumbnails):
            image = self._images.get(number)
            if image is None:
                continue
            place = QRectF(strip.left + at * each, top, each - 1, _FILM)
            painter.drawImage(place, image, covering(image, place))
        painter.restore()

    def _draw_ruler(self, painter: QPainter, theme: Theme, clip: Clip) -> None:
        strip, y = self._strip(), self.height() - _RULER
        step = tick(clip.count, strip.width / _TICK)
        painter.setPen(QColor(theme.muted))
        numbers = list(range(0, clip.count, step))
        if clip.count - 1 - numbers[-1] > step * 0.6:
            numbers.append(clip.count - 1)
        last = strip.left + strip.width
        for number in numbers:
            x = strip.x(number)
            painter.fillRect(QRectF(round(x), y + 2, 1, 4), QColor(theme.edge))
            wide = painter.fontMetrics().horizontalAdvance(str(number))
            left = min(max(x - wide / 2, strip.left), last - wide)
            place = QRectF(left, y + 6, wide + 1, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number))

    def _draw_arcs(self, painter: QPainter, theme: Theme) -> None:
        if len(self._arcs) == 0:
            return
        xs, ys = curves(self._arcs, self._strip(), self._base(), self._room())
        ground, colours = QColor(theme.panel), []
        for at in range(len(self._arcs)):
            forced = self._arcs.jump(at) in self._forced
            strength = 1.0 if forced else 0.16 + 0.64 * float(self._arcs.chances[at]) ** 0.5
            colours.append(mixed(ground, QColor(self._colour(theme, at)), min(1.0, strength)))
        size = QSize(self.width(), math.ceil(self._base()) + 1)
        painter.drawImage(0, 0, drawn(xs, ys, colours, ground, size, self.devicePixelRatioF()))

    def _draw_count(self, painter: QPainter, theme: Theme) -> None:
        """How many jumps there are: what a setting changes, though not all of them are drawn."""
        if self._arcs is NONE:
            return
        words = self.tr("{0} jumps kept").replace("{0}", f"{self._arcs.total:,}")
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(_SIDE, 6, 240, 18), Qt.AlignmentFlag.AlignVCenter, words)

    def _colour(self, theme: Theme, at: int) -> str:
        return theme.warning if self._qualities[at] == "poor" else theme.accent

    def _draw_range(self, painter: QPainter, theme: Theme) -> None:
        """What lies outside the in and out points is veiled."""
        strip, top = self._strip(), self._film_top()
        each = strip.width / strip.count
        left, right = strip.left + self._range[0] * each, strip.left + (self._range[1] + 1) * each
        veil = QColor(theme.panel)
        veil.setAlpha(190)
        end = strip.left + strip.width
        painter.fillRect(QRectF(strip.left, top, left - strip.left, _FILM), veil)
        painter.fillRect(QRectF(right, top, end - right, _FILM), veil)
        whole = self._range == (0, strip.count - 1)
        colour = QColor(theme.muted if whole else theme.text)
        for x, way in ((left, 1), (right, -1)):
            bracket = QPolygonF(
                [
                    QPointF(x + 4 * way, top - 0.5),
                    QPointF(x, top - 0.5),
                    QPointF(x, top + _FILM + 0.5),
                    QPointF(x + 4 * way, top + _FILM + 0.5),
                ]
            )
            painter.setPen(QPen(colour, 2))
            painter.drawPolyline(bracket)

    def _draw_chosen(self, painter: QPainter, theme: Theme) -> None:
        """The arc under the pointer, and the one that is inspected."""
        if self._chosen is not None:
            at = self._arcs.find(self._chosen)
            colour = theme.accent if at is None else self._colour(theme, at)
            self._draw_one(painter, self._chosen, colour, dashed=at is None)
        if self._over is not None and self._over < len(self._arcs):
            jump = self._arcs.jump(self._over)
            self._draw_one(painter, jump, self._colour(theme, self._over))
            self._draw_told(painter, theme, jump)

    def _draw_one(self, painter: QPainter, jump: Jump, colour: str, dashed: bool = False) -> None:
        one = single(jump)
        strip, base, room = self._strip(), self._base(), self._room()
        xs, ys = curves(one, strip, base, room)
        pen = QPen(QColor(colour), 2.2)
        if dashed:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        points = [QPointF(x, y) for x, y in zip(xs[0].tolist(), ys[0].tolist(), strict=True)]
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        source, target = points[0], points[-1]
        painter.drawEllipse(source, 3, 3)
        painter.drawPolygon(
            QPolygonF(
                [target + QPointF(-4.5, -5), target + QPointF(4.5, -5), target + QPointF(0, 2)]
            )
        )

    def _draw_told(self, painter: QPainter, theme: Theme, jump: Jump) -> None:
        strip = self._strip()
        painter.setFont(ui_font(12, tabular=True))
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(self._told) + 2 * GRID
        rise = heights(single(jump), strip, self._room())[0]
        x = (strip.x(jump[0]) + strip.x(jump[1]) - wide) / 2
        x = min(max(x, strip.left), strip.left + strip.width - wide)
        y = max(2.0, self._base() - rise - 26)
        painter.setPen(QColor(theme.edge))
        painter.setBrush(QColor(theme.raised))
        body = QRectF(round(x) + 0.5, round(y) + 0.5, wide, 22)
        painter.drawRoundedRect(body, 4, 4)
        painter.setPen(QColor(theme.text))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self._told)

    def _draw_head(self, painter: QPainter, theme: Theme) -> None:
        x = round(self._strip().x(self._frame))
        top = self._film_top()
        painter.fillRect(QRectF(x - 1, top - 6, 2, _FILM + 12), QColor(theme.text))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, top - 9), QPointF(x + 5, top - 9), QPointF(x, top - 3)])
        )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(QRectF(x - 6.75, top - 10.75, 13.5, _FILM + 20), 3, 3)

    # ── the pointer ──

    def _part_at(self, at: QPointF) -> str:
        """What would be moved from here: first, last, head or nothing."""
        if self._clip is None or at.y() < self._base():
            return ""
        strip = self._strip()
        each = strip.width / strip.count
        edges = {
            "first": strip.left + self._range[0] * each,
            "last": strip.left + (self._range[1] + 1) * each,
        }
        away = {name: abs(at.x() - x) for name, x in edges.items()}
        name = min(away, key=lambda one: away[one])
        on_film = at.y() < self.height() - _RULER
        near_head = abs(at.x() - strip.x(self._frame)) < away[name]
        return name if on_film and away[name] <= _HANDLE and not near_head else "head"

    def _arc_at(self, at: QPointF) -> int | None:
        if at.y() >= self._base() + 2:
            return None
        place = self._strip(), self._base(), self._room()
        return nearest(self._arcs, *place, at.x(), at.y(), _REACH)

    def _hover(self, over: int | None) -> None:
        if over != self._over:
            self._over = over
            self.hovered.emit(None if over is None else self._arcs.jump(over))
            self.update()

    def _drag(self, at: QPointF) -> None:
        frame = self._strip().frame(at.x())
        if self._dragging == "head":
            self.frame_wanted.emit(frame)
            return
        first, last = self._range
        wanted = (
            (min(frame, last), last) if self._dragging == "first" else (first, max(frame, first))
        )
        if wanted != self._range:
            self._range = wanted
            self._spoil()
            self.range_changed.emit(*wanted)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(640, 176)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._plan_film()
        self._spoil()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._spoil()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._clip is None:
            return
        over = self._arc_at(event.position())
        if over is not None:
            self.jump_wanted.emit(self._arcs.jump(over))
            return
        self._dragging = self._part_at(event.position())
        if self._dragging:
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._dragging:
            self._drag(at)
            return
        self._hover(self._arc_at(at))
        part = self._part_at(at)
        shapes = {"first": Qt.CursorShape.SizeHorCursor, "last": Qt.CursorShape.SizeHorCursor}
        hand = Qt.CursorShape.PointingHandCursor if self._over is not None else None
        self.setCursor(hand or shapes.get(part, Qt.CursorShape.ArrowCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = ""

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from arc to arc, Enter plays one; the rest is the stage's."""
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if way and len(self._arcs):
            self._hover(
                ((-1 if self._over is None and way > 0 else self._over or 0) + way)
                % len(self._arcs)
            )
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._over is not None:
            self.jump_wanted.emit(self._arcs.jump(self._over))
        else:
            event.ignore()
