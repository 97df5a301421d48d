"""The widget that shows a picture of any size and lets a tool work on it.

What is on the screen is kept in a Frame; an event only says which places are no longer right, and
the paint event that follows draws those. A frame never takes long: what cannot be drawn in its time
is drawn from the next coarser level, and properly as soon as there is nothing else to do.
"""

from __future__ import annotations

import math
from time import perf_counter
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QColorSpace,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QRegion,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Point, Rect, Size
from editor.model.document import Changed, Document
from editor.operations.base import Patch
from editor.tools.base import Draft, Tool
from editor.ui.canvas import painting
from editor.ui.canvas.frame import Frame, qrect, rects
from editor.ui.canvas.hand import Hand
from editor.ui.canvas.overlay import OVERLAY_COLOURS
from editor.ui.canvas.sampling import NEAREST_FROM
from editor.ui.canvas.shown import Look, ShownDocument
from editor.ui.canvas.view import MIN_SCALE, View
from editor.ui.theme import Theme

MARGIN = 40  # logical pixels around a picture that is fitted
_BAND = 1 << 17  # pixels of a slow document that are drawn before the clock is looked at
_CHECKERS = {"dark": ("#4a4c4f", "#55575a"), "light": ("#dcdcdc", "#ececec")}


class Canvas(QWidget):
    """Signals: gestured(Command or Operation), hovered(Pointer or None), zoomed(scale)."""

    gestured = Signal(object)
    hovered = Signal(object)
    zoomed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._shown: ShownDocument | None = None
        self._views: WeakKeyDictionary[Document, View] = WeakKeyDictionary()
        self._view = View()
        self._screen = Size(1, 1)
        self._frames: dict[bool, Frame] = {}  # by whether it is the picture as it was before
        self._compare = "after"
        self._split = 0.5  # of the width of the canvas
        self._overlay_colour, self._overlay_visible = OVERLAY_COLOURS[0], True
        self._outline: tuple[Point, ...] = ()
        self._closed = False
        self._pointer_drawn = QRectF()
        self.frame_time = 0.008  # seconds of a frame for exact pixels of the document itself
        self.hand = Hand(self)
        self._levels_timer = QTimer(self, interval=15)
        self._levels_timer.timeout.connect(self._take_levels)
        self._finer_timer = QTimer(self, interval=0, singleShot=True)
        self._finer_timer.timeout.connect(self._draw_finer)
        self.setAccessibleName(self.tr("Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # ── what is shown ──

    @property
    def document(self) -> Document | None:
        return self._document

    def set_document(self, document: Document | None) -> None:
        if document is self._document:
            return
        self.hand.cancel()
        if self._document is not None:
            self._document.changed.disconnect(self._follow)
        if self._shown is not None:
            self._shown.close()
        self._document, self._shown = document, None
        self._frames.clear()
        if document is not None:
            self._shown = ShownDocument(document, self._monitor())
            document.changed.connect(self._follow)
            self._levels_timer.start()
            self._set_view(self._views.get(document) or self._fitting(), keep=False)
        self.hand.refresh()
        self.update()

    def set_tool(self, tool: Tool | None) -> None:
        self.hand.set_tool(tool)

    @property
    def subtract(self) -> bool:
        return self.hand.subtract

    @subtract.setter
    def subtract(self, subtract: bool) -> None:
        self.hand.subtract = subtract

    def show_preview(self, patch: Patch | None) -> None:
        """Lay the estimate of a job over the picture; None takes it away."""
        if self._shown is not None:
            patch = patch if isinstance(patch, Patch) else None
            for place in self._shown.show_preview(patch):
                self._spoil(place)

    def show_before(self, patch: Patch | None) -> None:
        """The pixels as they were, where anything has changed, for ``compare``."""
        if self._shown is not None:
            self._shown.show_before(patch)
            self._frames.pop(True, None)
            self._levels_timer.start()
            self.update()

    @property
    def compare(self) -> str:
        return self._compare

    @compare.setter
    def compare(self, compare: str) -> None:
        if compare not in ("after", "before", "split"):
            raise ValueError(f'compare is "{compare}": choose after, before or split')
        self._compare = compare
        self.hand.refresh()
        self.update()

    @property
    def split(self) -> float:
        """Where the line between before and after is, of the width of the canvas."""
        return self._split

    @split.setter
    def split(self, split: float) -> None:
        self._split = min(max(split, 0.0), 1.0)
        self.update()

    @property
    def splitting(self) -> bool:
        return len(self._sides()) == 2

    @property
    def overlay_colour(self) -> str:
        return self._overlay_colour

    @overlay_colour.setter
    def overlay_colour(self, colour: str) -> None:
        self._overlay_colour = colour
        self.update()

    @property
    def overlay_visible(self) -> bool:
        return self._overlay_visible

    @overlay_visible.setter
    def overlay_visible(self, visible: bool) -> None:
        self._overlay_visible = visible
        self.update()

    def cancel_gesture(self) -> bool:
        """Esc: False if there was no gesture."""
        return self.hand.cancel()

    def finish_gesture(self) -> bool:
        """Enter: False if there was no gesture."""
        return self.hand.finish()

    @property
    def settled(self) -> bool:
        """Whether everything is drawn as it should be."""
        rough = any(not frame.rough.isEmpty() for frame in self._frames.values())
        return self._shown is None or not (self._shown.busy or rough)

    def settle(self) -> None:
        """Wait until everything can be drawn as it should be: before a screenshot."""
        if self._shown is not None:
            self._shown.wait()
            self._take_levels()
            self._draw(time=math.inf)
            self.update()

    # ── zoom and pan ──

    @property
    def view(self) -> View:
        return self._view

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the picture."""
        return self._view.scale

    def fit(self) -> None:
        if self._shown is not None:
            self._set_view(self._fitting())

    def actual_size(self) -> None:
        self.zoom_to(1.0)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom at a place (the middle, if none is given), with a stop at 100 % on the way."""
        scale = self.scale * factor
        passes = (self.scale - 1) * (scale - 1) < 0 and not math.isclose(self.scale, 1)
        self.zoom_to(1.0 if passes or math.isclose(scale, 1) else scale, at)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom with what is at a place of the canvas (logical pixels) staying there."""
        if self._shown is None:
            return
        place = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        lowest = min(MIN_SCALE, self._fitting().scale)
        self._set_view(self._view.zoomed(scale, self.device_point(place), lowest))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by so many logical pixels."""
        ratio = self.devicePixelRatioF()
        if self._shown is not None:
            self._set_view(self._view.panned(dx * ratio, dy * ratio))

    def device_point(self, at: QPointF) -> Point:
        ratio = self.devicePixelRatioF()
        return Point(at.x() * ratio, at.y() * ratio)

    def image_point(self, at: QPointF) -> Point:
        """The place of the picture at a place of the canvas."""
        return self._view.to_image(*self.device_point(at))

    def place_of(self, x: float, y: float) -> QPoint:
        """Where on the canvas (logical pixels) a place of the picture is."""
        ratio = self.devicePixelRatioF()
        place = self._view.to_screen(Point(x, y))
        return QPoint(round(place.x / ratio), round(place.y / ratio))

    def _fitting(self) -> View:
        assert self._shown is not None
        return View.fit(self._shown.size, self._screen, MARGIN * self.devicePixelRatioF())

    def _set_view(self, view: View, keep: bool = True) -> None:
        assert self._shown is not None
        assert self._document is not None
        if not view.fitted:
            view = view.clamped(self._shown.size, self._screen)
        old, self._view = self._view, view
        self._views[self._document] = view
        if not keep or view.scale != old.scale:
            self.zoomed.emit(view.scale)
        if not keep or view != old:
            self.hand.hover_again()
            self.update()

    # ── what changes ──

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if self._shown is not None:
            for place in self._shown.follow(changed):
                self._spoil(place)

    @Slot()
    def _take_levels(self) -> None:
        """Show what the threads have made since."""
        if self._shown is None:
            self._levels_timer.stop()
            return
        if not self._shown.busy:
            self._levels_timer.stop()
        for place in self._shown.take_done():
            self._spoil(place)

    def show_draft(self, draft: Draft) -> None:
        if self._shown is None:
            return
        if draft.patch is not None:
            self._spoil(self._shown.draft(draft.patch))
        self._show_outline(draft.outline, draft.closed)

    def forget_draft(self) -> None:
        if self._shown is not None:
            for place in self._shown.forget_draft():
                self._spoil(place)
        self._show_outline((), False)

    def _show_outline(self, outline: tuple[Point, ...], closed: bool) -> None:
        if outline or self._outline:
            self._update_around(self._outline)
            self._outline, self._closed = outline, closed
            self._update_around(self._outline)

    def _update_around(self, outline: tuple[Point, ...]) -> None:
        if outline:
            ratio = self.devicePixelRatioF()
            places = [self._view.to_screen(point) for point in outline]
            polygon = QPolygonF([QPointF(place.x / ratio, place.y / ratio) for place in places])
            self.update(polygon.boundingRect().adjusted(-4, -4, 4, 4).toAlignedRect())

    def _spoil(self, place: Rect) -> None:
        """A place of the picture looks different now."""
        assert self._shown is not None
        if self._shown.busy and not self._levels_timer.isActive():
            self._levels_timer.start()
        level = self._shown.level(self.scale)
        reach = 1 + max(1, round(self.devicePixelRatioF()))
        if self.scale < NEAREST_FROM:
            # Smooth sampling looks at neighbours, coarse ones while the levels are being made.
            level = max(level, self._shown.coarse) if self._shown.busy else max(level, 1)
            reach += math.ceil(2 * self.scale * (1 << level))
        world = self._view.world_around(place).grown(reach)
        for frame in self._frames.values():
            frame.spoil(world)
        self._update_world(world.within(self._view.window(self._screen)))

    def _update_world(self, world: Rect) -> None:
        if not world.empty:
            ratio = self.devicePixelRatioF()
            left, top = self._view.corner
            x, y = (world.x - left) / ratio, (world.y - top) / ratio
            place = QRectF(x, y, world.width / ratio, world.height / ratio)
            self.update(place.toAlignedRect())

    # ── painting ──

    def _monitor(self) -> QColorSpace | None:
        return None  # sRGB: Qt has no portable way to ask for the monitor's own profile

    def _sides(self) -> dict[bool, Rect]:
        """Which picture is shown in which part of the screen (device pixels): before, after."""
        screen = Rect(0, 0, *self._screen)
        if self._shown is None or not self._shown.has_before or self._compare == "after":
            return {False: screen}
        if self._compare == "before":
            return {True: screen}
        at = round(self._split * screen.width)
        return {
            True: Rect(0, 0, at, screen.height),
            False: Rect(at, 0, screen.width - at, screen.height),
        }

    def _look(self, before: bool) -> Look:
        comparing = self.splitting or before  # then the pixels are what matters
        return Look(
            self.scale,
            self.devicePixelRatioF(),
            _CHECKERS[Theme.of(self).name],
            self._overlay_colour if self._overlay_visible and not comparing else "",
            before,
        )

    def _draw(self, region: QRegion | None = None, time: float | None = None) -> bool:
        """Bring the frames up to date, in this part of the screen; whether all of it is exact."""
        assert self._shown is not None
        end = perf_counter() + (self.frame_time if time is None else time)
        window, whole = self._view.window(self._screen), self._view.world(self._shown.size)
        for before, side in self._sides().items():
            frame = self._frames.get(before)
            if frame is None:
                frame = self._frames[before] = Frame(self._screen)
            look = self._look(before)
            if look != frame.look:
                frame.look = look
                frame.reset()
            frame.move_to(window.within(whole))
            part = QRegion(qrect(side)) if region is None else region.intersected(qrect(side))
            wanted = frame.stale if region is not None else frame.stale.united(frame.rough)
            for piece in self._pieces(wanted.intersected(part.translated(*self._view.corner))):
                late = perf_counter() > end
                if late and region is None:
                    return False
                hurry = late and self._shown.slow(self.scale)
                frame.write(piece, self._shown.painted(piece, whole, look, hurry), hurry)
        return all(self._frames[before].rough.isEmpty() for before in self._sides())

    def _pieces(self, region: QRegion) -> list[Rect]:
        """The places of a region, cut into bands if the picture is slow to draw."""
        assert self._shown is not None
        if not self._shown.slow(self.scale):
            return rects(region)
        pieces = []
        for rect in rects(region):
            rows = max(16, int(_BAND * self.scale**2 / rect.width))
            for y in range(rect.y, rect.bottom, rows):
                pieces.append(Rect(rect.x, y, rect.width, min(rows, rect.bottom - y)))
        return pieces

    @Slot()
    def _draw_finer(self) -> None:
        """Draw properly what was drawn in a hurry, a frame's time of it."""
        if self._shown is None:
            return
        before = [frame.rough for frame in self._frames.values()]
        if not self._draw():
            self._finer_timer.start()
        for old, frame in zip(before, self._frames.values(), strict=False):
            for done in rects(old.subtracted(frame.rough)):
                self._update_world(done)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = Theme.of(self)
        if self._shown is None:
            painter.fillRect(event.rect(), QColor(theme.canvas))
            return
        ratio = self.devicePixelRatioF()
        region = _device_region(event.region(), ratio)
        if not self._draw(region):
            self._finer_timer.start()
        painter.scale(1 / ratio, 1 / ratio)
        corner = self._view.corner
        picture = self._view.world(self._shown.size).moved(-corner[0], -corner[1])
        painting.surroundings(painter, region, picture, theme, ratio)
        for before, side in self._sides().items():
            for part in rects(region.intersected(qrect(side.within(picture)))):
                self._frames[before].draw(painter, part.moved(*corner), corner)
        self._paint_above(painter, ratio)

    def _paint_above(self, painter: QPainter, ratio: float) -> None:
        names = self.tr("Before"), self.tr("After")
        sides = self._sides()
        if self.splitting:
            painting.split(painter, sides[True].right, Rect(0, 0, *self._screen), names, ratio)
        elif True in sides:
            painting.label(painter, QPointF(12 * ratio, 12 * ratio), names[0], ratio)
        if self._outline:
            points = [self._view.to_screen(point) for point in self._outline]
            painting.outline(painter, points, self._closed, ratio)
        circle = self.hand.circle()
        self._pointer_drawn = QRectF()
        if circle is not None:
            middle, radius, hard = circle
            painting.brush(painter, middle * ratio, radius * ratio, hard, ratio)
            reach = radius + 4
            self._pointer_drawn = QRectF(
                middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach
            )

    def update_pointer(self) -> None:
        """The brush's outline is somewhere else now."""
        if not self._pointer_drawn.isEmpty():
            self.update(self._pointer_drawn.toAlignedRect())
        circle = self.hand.circle()
        if circle is not None:
            middle, reach = circle[0], circle[1] + 4
            around = QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach)
            self.update(around.toAlignedRect())

    # ── events ──

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        """The canvas has another size, or other pixels."""
        ratio = self.devicePixelRatioF()
        middle = self._view.to_image(self._screen.width / 2, self._screen.height / 2)
        self._screen = Size(
            max(1, math.ceil(self.width() * ratio)), max(1, math.ceil(self.height() * ratio))
        )
        self._frames.clear()
        if self._shown is not None:
            fitted = self._view.fitted
            view = self._fitting() if fitted else self._view.centred(middle, self._screen)
            self._set_view(view)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            return self.hand.native_gesture(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hand.mouse_press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hand.mouse_move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.mouse_release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.hand.double_click(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        self.hand.tablet(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.hand.wheel(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()  # the right button takes away from the mask

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hand.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.hand.key_release(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hand.let_go_of_keys()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hand.leave()
        super().leaveEvent(event)


def _device_region(region: QRegion, ratio: float) -> QRegion:
    if ratio == 1:
        return region
    result = QRegion()
    for rect in rects(region):
        scaled = QRectF(*(number * ratio for number in rect))
        result = result.united(scaled.toAlignedRect())
    return result
