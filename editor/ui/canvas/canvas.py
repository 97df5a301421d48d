"""The widget that shows a picture of any size and lets a tool work on it."""

from __future__ import annotations

import math
from dataclasses import replace
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QColorSpace,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Point, Rect, Size
from editor.engine.moves import Move
from editor.model.document import Changed, Document
from editor.operations.base import Patch
from editor.operations.new_picture import NewPicture
from editor.tools.base import Draft, Tool
from editor.tools.move import MoveTool
from editor.ui.canvas import painting
from editor.ui.canvas.frame import qrect, rects
from editor.ui.canvas.hand import Hand
from editor.ui.canvas.pieces import Floating, paint_pieces
from editor.ui.canvas.screen import Screen
from editor.ui.canvas.shown import ShownDocument
from editor.ui.canvas.view import MIN_SCALE, View
from editor.ui.canvas.whole import StandIn
from editor.ui.theme import Theme

MARGIN = 32  # logical pixels around a picture that is fitted
BELOW = 40  # and below it, where the action bar floats
_CHECKERS = {"dark": ("#4a4c4f", "#55575a"), "light": ("#dcdcdc", "#ececec")}


class Canvas(QWidget):
    """Signals: gestured(Command or Operation), drafted(Draft or None) — what a gesture is at,
    hovered(Pointer or None), zoomed(scale), viewed(View) — after every zoom and pan —, arrow(-1 or
    1) — while ``arrows_choose``; tapped() — the space bar, with which nothing was moved;
    reframed(Rect or None) — what a gesture would make of the picture's edges, and None when it is
    over.
    """

    gestured = Signal(object)
    drafted = Signal(object)
    hovered = Signal(object)
    zoomed = Signal(object)
    viewed = Signal(object)
    arrow = Signal(int)
    tapped = Signal()
    reframed = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, *, margin: int = MARGIN, below: int = BELOW
    ) -> None:
        super().__init__(parent)
        self._margins = margin, below  # around a picture that is fitted, logical pixels
        self._document: Document | None = None
        self._views: WeakKeyDictionary[Document, View] = WeakKeyDictionary()
        self._screen = Screen()  # not QWidget.screen, the monitor
        self._outline: tuple[Point, ...] = ()
        self._closed = False
        self._reframed: Rect | None = None  # the edges of the picture, as a gesture would have them
        self._origin: tuple[Point, Point] | None = None
        self._moves: tuple[Move, ...] | None = None  # of a gesture, else the document's
        self._floating: Floating | None = None
        self._floats: int | None = None  # the number of the piece that it shows
        self._mark: tuple[int, int] | None = None
        self._pointer_drawn = QRectF()
        self.arrows_choose = False  # else they pan
        #: What stays where it is when the picture changes its size: 0, 0 is its top left corner.
        self.anchor = Point(0.5, 0.5)
        self._hand = Hand(self)
        self._late: list[Changed] = []  # to be followed when the window has had its turn
        self._preview_leaves = False
        self._late_timer = QTimer(self, interval=0, singleShot=True)
        self._late_timer.timeout.connect(self._catch_up)
        self._levels_timer = QTimer(self, interval=15)
        self._levels_timer.timeout.connect(self._take_levels)
        self._finer_timer = QTimer(self, interval=0, singleShot=True)
        self._finer_timer.timeout.connect(self._draw_finer)
        self.setAccessibleName(self.tr("Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lines_visible = True  # if there are any, and the overlay is seen
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
        if self._document is not None:
            self._document.changed.disconnect(self._follow)
            self._document.reshaped.disconnect(self._follow_shape)
        self._begin_with(document)
        if document is not None:
            document.changed.connect(self._follow)
            document.reshaped.connect(self._follow_shape)
            view = self._views.get(document)
            # One that was fitted may have been so in a canvas of another size.
            self._set_view(view if view and not view.fitted else self._fitting(), keep=False)
        self._hand.refresh()
        self.update()

    def _begin_with(self, document: Document | None) -> None:
        """Have nothing on the screen but a document as it is now."""
        self._hand.cancel()
        self._late.clear()
        self._preview_leaves = False
        if self._shown is not None:
            self._shown.close()
        self._document = document
        self._moves = self._floating = None
        self._screen.show(None)
        if document is not None:
            self._screen.show(ShownDocument(document, self._monitor()))
            self._levels_timer.start()

    @Slot()
    def _follow_shape(self) -> None:
        """The document is another picture: at the same zoom it stays where it is, or is fitted."""
        assert self._shown is not None
        assert self._document is not None
        view, place = self.view, self.place_for(self._document.size)
        self._begin_with(self._document)
        left, top = round(place.x * view.scale), round(place.y * view.scale)
        moved = replace(view, x=view.x - left, y=view.y - top)
        self._set_view(self._fitting() if view.fitted else moved, keep=False)
        self.update()

    @property
    def _shown(self) -> ShownDocument | None:
        return self._screen.shown

    def set_tool(self, tool: Tool | None) -> None:
        self._hand.set_tool(tool)

    @property
    def grip(self) -> MoveTool | None:
        """The tool that takes hold of pieces, which are shown while there is one."""
        return self._hand.grip

    @grip.setter
    def grip(self, grip: MoveTool | None) -> None:
        if grip is not self._hand.grip:
            self._hand.cancel()
            self._hand.grip = grip
            self._hand.refresh()
            self.update()

    @property
    def subtract(self) -> bool:
        return self._hand.subtract

    @subtract.setter
    def subtract(self, subtract: bool) -> None:
        self._hand.subtract = subtract

    def show_preview(self, value: Patch | NewPicture | StandIn | None) -> None:
        """Lay the estimate of a job over the picture or in its place; None takes it away."""
        if self._shown is None:
            return
        if isinstance(value, NewPicture):
            value = self._in_place(value)
        self._preview_leaves = not isinstance(value, Patch | StandIn)
        if self._preview_leaves:
            self._late_timer.start()  # the result may come right behind it
            return
        self._lay(value)

    def _lay(self, value: Patch | StandIn | None) -> None:
        assert self._shown is not None
        stood_in_for = self._shown.stood_in_for
        for place in self._shown.show_preview(value):
            self._spoil(place)
        if stood_in_for or self._shown.stood_in_for:
            self.update()

    def show_before(self, value: Patch | NewPicture | None) -> None:
        """The pixels as they were, where anything has changed, for ``compare``."""
        if self._shown is not None:
            before = self._in_place(value) if isinstance(value, NewPicture) else value
            self._shown.show_before(before)
            self._screen.forget_before()
            self._levels_timer.start()
            self.update()

    def place_for(self, size: Size) -> Rect:
        """Where a picture of this size stands in the place of the document's: see ``anchor``."""
        assert self._shown is not None
        whole = self._shown.size
        left = round((whole.width - size.width) * self.anchor.x)
        top = round((whole.height - size.height) * self.anchor.y)
        return Rect(left, top, *size)

    def _in_place(self, made: NewPicture) -> StandIn:
        assert self._shown is not None
        size = Size.of(made.pixels)
        place = self._shown.rect if made.stretched else self.place_for(size)
        return StandIn(made.pixels, place)

    @property
    def compare(self) -> str:
        return self._screen.compare

    @compare.setter
    def compare(self, compare: str) -> None:
        if compare not in ("after", "before", "split"):
            raise ValueError(f'compare is "{compare}": choose after, before or split')
        self._screen.compare = compare
        self._hand.refresh()
        self.update()

    @property
    def split(self) -> float:
        """Where the line between before and after is, of the width of the canvas."""
        return self._screen.split

    @split.setter
    def split(self, split: float) -> None:
        self._screen.split = min(max(split, 0.0), 1.0)
        self.update()

    @property
    def splitting(self) -> bool:
        return len(self._screen.sides()) == 2

    @property
    def overlay_colour(self) -> str:
        return self._screen.overlay_colour

    @overlay_colour.setter
    def overlay_colour(self, colour: str) -> None:
        self._screen.overlay_colour = colour
        self.update()

    @property
    def overlay_visible(self) -> bool:
        return self._screen.overlay_visible

    @overlay_visible.setter
    def overlay_visible(self, visible: bool) -> None:
        self._screen.overlay_visible = visible
        self.update()

    @property
    def painted(self) -> str:
        """Of the masks the one that the tools paint: it lies on top."""
        return self._screen.painted

    @painted.setter
    def painted(self, plane: str) -> None:
        self._screen.painted = plane
        self.update()

    @property
    def paints(self) -> tuple[str, ...]:
        """Those of the masks that are seen: of the mode."""
        return self._screen.paints

    @paints.setter
    def paints(self, planes: tuple[str, ...]) -> None:
        self._screen.paints = planes
        self.update()

    @property
    def hatched(self) -> bool:
        """Whether the mask is hatched; else it is an outline, and what is inside can be judged."""
        return self._screen.hatched

    @hatched.setter
    def hatched(self, hatched: bool) -> None:
        if hatched != self._screen.hatched:
            self._screen.hatched = hatched
            self.update()

    def cancel_gesture(self) -> bool:
        """Esc: False if there was no gesture."""
        return self._hand.cancel()

    def finish_gesture(self) -> bool:
        """Enter: False if there was no gesture."""
        return self._hand.finish()

    @property
    def settled(self) -> bool:
        """Whether everything is drawn as it should be."""
        busy = self._shown is not None and self._shown.busy
        return not (busy or self._screen.rough or self._late or self._preview_leaves)

    def settle(self) -> None:
        """Wait until everything can be drawn as it should be: before a screenshot."""
        if self._shown is not None:
            self._catch_up()
            self._shown.wait()
            self._take_levels()
            self._screen.draw(QRegion(0, 0, *self._screen.size), math.inf)
            self._screen.draw_finer(math.inf)
            self.update()

    # ── zoom and pan ──

    @property
    def view(self) -> View:
        return self._screen.view

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the picture."""
        return self._screen.view.scale

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
        self._set_view(self._screen.view.zoomed(scale, self.device_point(place), lowest))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by so many logical pixels."""
        ratio = self.devicePixelRatioF()
        if self._shown is not None:
            self._set_view(self._screen.view.panned(dx * ratio, dy * ratio))

    def device_point(self, at: QPointF) -> Point:
        ratio = self.devicePixelRatioF()
        return Point(at.x() * ratio, at.y() * ratio)

    def image_point(self, at: QPointF) -> Point:
        """The place of the picture at a place of the canvas."""
        return self._screen.view.to_image(*self.device_point(at))

    def show_middle(self, scale: float, middle: Point) -> None:
        """At this scale, with this place of the picture (0..1 of each side) in the middle."""
        if self._shown is not None:
            size = self._shown.size
            at = Point(middle.x * size.width, middle.y * size.height)
            self._set_view(View(scale).centred(at, self._screen.size))

    @property
    def middle(self) -> Point:
        """The place of the picture, 0..1 of each side, that is in the middle of the canvas."""
        assert self._shown is not None
        at = self.view.to_image(self._screen.size.width / 2, self._screen.size.height / 2)
        return Point(at.x / self._shown.size.width, at.y / self._shown.size.height)

    def place_of(self, x: float, y: float) -> QPoint:
        """Where on the canvas (logical pixels) a place of the picture is."""
        ratio = self.devicePixelRatioF()
        place = self._screen.view.to_screen(Point(x, y))
        return QPoint(round(place.x / ratio), round(place.y / ratio))

    def _fitting(self) -> View:
        assert self._shown is not None
        ratio = self.devicePixelRatioF()
        margin, below = self._margins
        return View.fit(self._shown.size, self._screen.size, margin * ratio, below * ratio)

    def _set_view(self, view: View, keep: bool = True) -> None:
        assert self._shown is not None
        assert self._document is not None
        if not view.fitted:
            view = view.clamped(self._shown.size, self._screen.size)
        old, self._screen.view = self._screen.view, view
        self._views[self._document] = view
        if not keep or view.scale != old.scale:
            self.zoomed.emit(view.scale)
        if not keep or view != old:
            self._hand.hover_again()
            self.update()
            self.viewed.emit(view)

    # ── what changes ──

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        """A stroke is followed at once, by the hand's side; the picture in a turn of its own."""
        self._late.append(changed)
        if changed.plane == "image":
            self._late_timer.start()
        else:
            self._catch_up()

    @Slot()
    def _catch_up(self) -> None:
        late, self._late = self._late, []
        if self._shown is None:
            return
        for changed in late:
            for place in self._shown.follow(changed):
                self._spoil(place)
        if self._preview_leaves:
            self._preview_leaves = False
            self._lay(None)

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
            self.hatched = True
            self._spoil(self._shown.draft(draft.patch))
        self._show_outline(draft.outline, draft.closed)
        if draft.moves is not None:
            self._moves = draft.moves
            self.update()
        if draft.frame is not None:
            self._show_frame(draft.frame)
        self.drafted.emit(draft)

    def float_piece(self, number: int | None) -> None:
        """Paint a piece over the picture as it lies now, whatever the picture shows there."""
        self._floats = number
        moves = self._arranged()
        if number is None or number >= len(moves):
            self._floating = None
        elif self._floating is None or not self._floating.shows(moves[number]):
            assert self._document is not None
            assert self._shown is not None
            before = self._document.pieces.before
            shown = self._shown
            self._floating = Floating(
                moves[number], lambda rect, step: shown.cut_out(rect, step, before)
            )
        self.update()

    def _arranged(self) -> tuple[Move, ...]:
        """The pieces as they lie now."""
        if self._moves is not None:
            return self._moves
        return () if self._document is None else self._document.pieces.moves

    @property
    def origin(self) -> tuple[Point, Point] | None:
        return self._origin

    def show_origin(self, link: tuple[Point, Point] | None) -> None:
        """Draw a line from a place of the picture to where it was copied from; None: no line."""
        if link != self._origin:
            self._origin = link
            self.update()

    @property
    def mark(self) -> tuple[int, int] | None:
        return self._mark

    def show_mark(self, pixel: tuple[int, int] | None) -> None:
        """Draw a square around a pixel (x, y) of the picture; None: around nothing."""
        if pixel != self._mark:
            self._mark = pixel
            self.update()

    def forget_draft(self) -> None:
        if self._shown is not None:
            for place in self._shown.forget_draft():
                self._spoil(place)
        self._show_outline((), False)
        if self._moves is not None:
            self._moves = None
            self.update()
        if self._reframed is not None:
            self._show_frame(None)
        self.drafted.emit(None)

    def _show_frame(self, frame: Rect | None) -> None:
        """What is put in the picture's place stays where the edges are that were not moved."""
        self._reframed = frame
        if frame is not None and self._shown is not None:
            room = self._shown.size.width - frame.width, self._shown.size.height - frame.height
            self.anchor = Point(
                frame.x / room[0] if room[0] else self.anchor.x,
                frame.y / room[1] if room[1] else self.anchor.y,
            )
        self.reframed.emit(frame)
        self.update()

    def _show_outline(self, outline: tuple[Point, ...], closed: bool) -> None:
        if outline or self._outline:
            self._update_around(self._outline)
            self._outline, self._closed = outline, closed
            self._update_around(self._outline)

    def _update_around(self, outline: tuple[Point, ...]) -> None:
        if outline:
            ratio = self.devicePixelRatioF()
            places = [self._screen.view.to_screen(point) for point in outline]
            polygon = QPolygonF([QPointF(place.x / ratio, place.y / ratio) for place in places])
            self.update(polygon.boundingRect().adjusted(-4, -4, 4, 4).toAlignedRect())

    def _spoil(self, place: Rect) -> None:
        """A place of the picture looks different now."""
        assert self._shown is not None
        if self._shown.busy and not self._levels_timer.isActive():
            self._levels_timer.start()
        self._update_device(self._screen.spoil(place))

    def _update_device(self, place: Rect) -> None:
        if not place.empty:
            ratio = self.devicePixelRatioF()
            self.update(QRectF(*(number / ratio for number in place)).toAlignedRect())

    # ── painting ──

    def _monitor(self) -> QColorSpace | None:
        return None  # sRGB: Qt has no portable way to ask for the monitor's own profile

    @Slot()
    def _draw_finer(self) -> None:
        """Draw properly what was drawn in a hurry, a frame's time of it."""
        if self._shown is None:
            return
        for place in self._screen.draw_finer(self._screen.frame_time):
            self._update_device(place)
        if self._screen.rough:
            self._finer_timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = Theme.of(self)
        if self._shown is None:
            painter.fillRect(event.rect(), QColor(theme.canvas))
            return
        ratio = self.devicePixelRatioF()
        region = _device_region(event.region(), ratio)
        self._screen.checker = _CHECKERS[theme.name]
        self._screen.draw(region)
        if self._screen.rough:
            self._finer_timer.start()
        painter.scale(1 / ratio, 1 / ratio)
        for before, side in self._screen.sides().items():
            part = region.intersected(qrect(side))
            painting.surroundings(painter, part, self._screen.picture(before), theme, ratio)
        self._screen.copy_to(painter, region)
        self._paint_above(painter, ratio)

    def _paint_above(self, painter: QPainter, ratio: float) -> None:
        names = self.tr("Before"), self.tr("After")
        sides = self._screen.sides()
        if self.splitting:
            painting.split(painter, sides[True].right, Rect(0, 0, *self._screen.size), names, ratio)
        elif True in sides:
            painting.label(painter, QPointF(12 * ratio, 12 * ratio), names[0], ratio)
        self._paint_pieces(painter, ratio)
        self._paint_lines(painter, ratio)
        self._paint_frame(painter, ratio)
        if self._outline:
            points = [self._screen.view.to_screen(point) for point in self._outline]
            painting.outline(painter, points, self._closed, ratio)
        if self._origin is not None:
            here, there = (self._screen.view.to_screen(point) for point in self._origin)
            painting.origin(painter, QPointF(*here), QPointF(*there), self.scale, ratio)
        if self._mark is not None:
            x, y = self._mark
            at = self._screen.view.to_screen(Point(x + 0.5, y + 0.5))
            painting.mark(painter, QPointF(*at), self.scale, ratio)
        circle = self._hand.circle()
        self._pointer_drawn = QRectF()
        if circle is not None:
            middle, radius, hard = circle
            painting.brush(painter, middle * ratio, radius * ratio, hard, ratio)
            reach = radius + 4
            self._pointer_drawn = QRectF(
                middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach
            )

    def _paint_lines(self, painter: QPainter, ratio: float) -> None:
        """The lines that were drawn, and dashed those that are suggested."""
        document = self._document
        if document is None or not self.overlay_visible or self.compare != "after":
            return
        if not self.lines_visible or self._shown is None or self._shown.stood_in_for:
            return
        drawn = [(one.line, not one.used, False) for one in document.lines]
        suggested = [(line, False, True) for line in document.suggested if self.hatched]
        for line, faint, dashed in (*drawn, *suggested):
            a, b = (QPointF(*self._screen.view.to_screen(end)) for end in (line.a, line.b))
            painting.guide(painter, a, b, line.colour, ratio, faint=faint, dashed=dashed)

    def _paint_pieces(self, painter: QPainter, ratio: float) -> None:
        """Those that are moved about, while there is a tool for it."""
        if self.grip is None or self.compare != "after":
            return
        moves, view = self._arranged(), self._screen.view
        if self._floating is not None and self._floats is not None and self._floats < len(moves):
            self._floating.paint(painter, moves[self._floats], view)
        if self.overlay_visible:
            paint_pieces(painter, moves, self.grip.selected, view, ratio, Theme.of(self).accent)

    def _paint_frame(self, painter: QPainter, ratio: float) -> None:
        """The handles of a tool that moves the picture's edges, and the size they would give it."""
        frame = self._hand.frame()
        if frame is None or self._shown is None or self.compare != "after":
            return
        frame = self._reframed or self._shown.whole().place
        view = self._screen.view
        corner = view.to_screen(Point(frame.x, frame.y))
        end = view.to_screen(Point(frame.right, frame.bottom))
        edges = QRectF(QPointF(*corner), QPointF(*end))
        painting.handles(painter, edges, Theme.of(self).accent, ratio)
        if self._reframed is not None:
            size = Size(frame.width, frame.height)
            painting.label(painter, QPointF(*end) + QPointF(14, 12) * ratio, str(size), ratio)

    def update_pointer(self) -> None:
        """The brush's outline is somewhere else now."""
        if not self._pointer_drawn.isEmpty():
            self.update(self._pointer_drawn.toAlignedRect())
        circle = self._hand.circle()
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
        old = self._screen.size
        middle = self.view.to_image(old.width / 2, old.height / 2)
        width, height = math.ceil(self.width() * ratio), math.ceil(self.height() * ratio)
        self._screen.resize(Size(max(1, width), max(1, height)), ratio)
        if self._shown is not None:
            fitted, size = self.view.fitted, self._screen.size
            self._set_view(self._fitting() if fitted else self.view.centred(middle, size))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        return self._hand.takes(event) or super().event(event)


def _device_region(region: QRegion, ratio: float) -> QRegion:
    if ratio == 1:
        return region
    result = QRegion()
    for rect in rects(region):
        scaled = QRectF(*(number * ratio for number in rect))
        result = result.united(scaled.toAlignedRect())
    return result
