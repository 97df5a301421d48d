"""The widget that shows a picture of any size and lets a tool work on it."""

from __future__ import annotations

import math
from dataclasses import replace
from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QColorSpace,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Point, Rect, Size
from editor.model.document import Document
from editor.operations.base import Patch
from editor.operations.new_picture import NewPicture
from editor.tools.base import Draft, Tool
from editor.tools.move import MoveTool
from editor.ui.canvas import painting
from editor.ui.canvas.above import Above
from editor.ui.canvas.following import Following
from editor.ui.canvas.frame import qrect, rects
from editor.ui.canvas.hand import Hand
from editor.ui.canvas.screen import Screen
from editor.ui.canvas.shown import ShownDocument
from editor.ui.canvas.sketch import Sketch
from editor.ui.canvas.view import View
from editor.ui.canvas.viewport import Viewport
from editor.ui.canvas.whole import StandIn
from editor.ui.theme import Theme
from editor.ui.widgets.focus import came_by_key, draw_ring

MARGIN = 32  # logical pixels around a picture that is fitted
BELOW = 40  # and below it, where the action bar floats
_CHECKERS = {"dark": ("#4a4c4f", "#55575a"), "light": ("#dcdcdc", "#ececec")}


class Canvas(Viewport):
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
        self.margin, self.below = margin, below
        self._document: Document | None = None
        self._views: WeakKeyDictionary[Document, View] = WeakKeyDictionary()
        self._judged: WeakSet[Document] = WeakSet()  # those whose masks are an outline
        self._tabbed = False  # the keyboard brought the focus here
        self.arrows_choose = False  # else they pan
        #: What stays where it is when the picture changes its size: 0, 0 is its top left corner.
        self.anchor = Point(0.5, 0.5)
        self._screen = Screen()  # not QWidget.screen, the monitor
        self._hand = Hand(self)  # before anything that sends an event: it is asked first
        self._following = Following(self._screen, self)
        self._following.spoiled.connect(self.update_device)
        self._sketch = Sketch(self, self._hand)
        self._above = Above(self._screen, self._hand)
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
        if self._document is not None:
            self._document.changed.disconnect(self._following.follow)
            self._document.reshaped.disconnect(self._follow_shape)
        self._begin_with(document)
        self._screen.hatched = document not in self._judged
        if document is not None:
            document.changed.connect(self._following.follow)
            document.reshaped.connect(self._follow_shape)
            view = self._views.get(document)
            # One that was fitted may have been so in a canvas of another size.
            self._set_view(view if view and not view.fitted else self._fitting(), keep=False)
        self._hand.refresh()
        self.update()

    def _begin_with(self, document: Document | None) -> None:
        """Have nothing on the screen but a document as it is now."""
        self._hand.cancel()
        if self._shown is not None:
            self._shown.close()
        self._document = document
        self._above.begin_with(document)
        self._screen.show(None)
        if document is not None:
            self._screen.show(ShownDocument(document, self._monitor()))
        self._following.begin()

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
        if self._shown is not None:
            self._following.show_preview(self._in_place(value))

    def show_before(self, value: Patch | NewPicture | None) -> None:
        """The pixels as they were, where anything has changed, for ``compare``."""
        if self._shown is not None:
            self._following.show_before(self._in_place(value))
            self.update()

    def place_for(self, size: Size) -> Rect:
        """Where a picture of this size stands in the place of the document's: see ``anchor``."""
        assert self._shown is not None
        whole = self._shown.size
        left = round((whole.width - size.width) * self.anchor.x)
        top = round((whole.height - size.height) * self.anchor.y)
        return Rect(left, top, *size)

    def _in_place(self, value: Patch | NewPicture | StandIn | None) -> Patch | StandIn | None:
        if not isinstance(value, NewPicture):
            return value
        assert self._shown is not None
        size = Size.of(value.pixels)
        return StandIn(value.pixels, self._shown.rect if value.stretched else self.place_for(size))

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
    def lines_visible(self) -> bool:
        """Whether lines are, if there are any and the overlay is seen."""
        return self._above.lines_visible

    @lines_visible.setter
    def lines_visible(self, visible: bool) -> None:
        self._above.lines_visible = visible
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
        if self._document is not None:
            change = self._judged.discard if hatched else self._judged.add
            change(self._document)

    def cancel_gesture(self) -> bool:
        """Esc: False if there was no gesture."""
        return self._hand.cancel()

    def finish_gesture(self) -> bool:
        """Enter: False if there was no gesture."""
        return self._hand.finish()

    @property
    def settled(self) -> bool:
        """Whether everything is drawn as it should be."""
        return self._following.settled

    def settle(self) -> None:
        """Wait until everything can be drawn as it should be: before a screenshot."""
        self._following.settle()
        self.update()

    # ── zoom and pan ──

    @property
    def view(self) -> View:
        return self._screen.view

    @property
    def picture_size(self) -> Size | None:
        return None if self._shown is None else self._shown.size

    @property
    def device_size(self) -> Size:
        return self._screen.size

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

    # ── what lies over it ──

    def show_draft(self, draft: Draft) -> None:
        if self._shown is None:
            return
        if draft.patch is not None:
            self.hatched = True
            self._following.spoil(self._shown.draft(draft.patch))
        self._sketch.show_outline(draft.outline, draft.closed)
        if draft.moves is not None:
            self._above.moves = draft.moves
            self.update()
        if draft.frame is not None:
            self._show_frame(draft.frame)
        self.drafted.emit(draft)

    def float_piece(self, number: int | None) -> None:
        """Paint a piece over the picture as it lies now, whatever the picture shows there."""
        self._above.float_piece(number)
        self.update()

    @property
    def origin(self) -> tuple[Point, Point] | None:
        return self._above.origin

    def show_origin(self, link: tuple[Point, Point] | None) -> None:
        """Draw a line from a place of the picture to where it was copied from; None: no line."""
        if link != self._above.origin:
            self._above.origin = link
            self.update()

    @property
    def mark(self) -> tuple[int, int] | None:
        return self._above.mark

    def show_mark(self, pixel: tuple[int, int] | None) -> None:
        """Draw a square around a pixel (x, y) of the picture; None: around nothing."""
        if pixel != self._above.mark:
            self._above.mark = pixel
            self.update()

    def forget_draft(self) -> None:
        if self._shown is not None:
            for place in self._shown.forget_draft():
                self._following.spoil(place)
        self._sketch.show_outline((), False)
        if self._above.moves is not None:
            self._above.moves = None
            self.update()
        if self._above.frame is not None:
            self._show_frame(None)
        self.drafted.emit(None)

    def _show_frame(self, frame: Rect | None) -> None:
        """What is put in the picture's place stays where the edges are that were not moved."""
        self._above.frame = frame
        if frame is not None and self._shown is not None:
            room = self._shown.size.width - frame.width, self._shown.size.height - frame.height
            self.anchor = Point(
                frame.x / room[0] if room[0] else self.anchor.x,
                frame.y / room[1] if room[1] else self.anchor.y,
            )
        self.reframed.emit(frame)
        self.update()

    def update_pointer(self) -> None:
        self._sketch.update_brush()

    # ── painting ──

    def _monitor(self) -> QColorSpace | None:
        return None  # sRGB: Qt has no portable way to ask for the monitor's own profile

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = Theme.of(self)
        if self._shown is None:
            painter.fillRect(event.rect(), QColor(theme.canvas))
            return
        ratio = self.devicePixelRatioF()
        region = _device_region(event.region(), ratio)
        self._screen.checker = _CHECKERS[theme.name]
        self._following.draw(region)
        painter.scale(1 / ratio, 1 / ratio)
        for before, side in self._screen.sides().items():
            part = region.intersected(qrect(side))
            painting.surroundings(painter, part, self._screen.picture(before), theme, ratio)
        self._screen.copy_to(painter, region)
        self._paint_sides(painter, ratio)
        self._above.paint(painter, theme)
        self._sketch.paint(painter, ratio)
        if self._tabbed:
            draw_ring(painter, QRectF(0, 0, *self._screen.size), theme.accent, 0)

    def _paint_sides(self, painter: QPainter, ratio: float) -> None:
        """Which of them is the picture as it was before."""
        names = self.tr("Before"), self.tr("After")
        sides = self._screen.sides()
        if self.splitting:
            painting.split(painter, sides[True].right, Rect(0, 0, *self._screen.size), names, ratio)
        elif True in sides:
            painting.label(painter, QPointF(12 * ratio, 12 * ratio), names[0], ratio)

    # ── events ──

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who came by Tab goes on by Tab; else it hides the panels."""
        self._tabbed = came_by_key(event)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._tabbed = False
        self.update()
        super().focusOutEvent(event)

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
        if self._tabbed and event.type() == QEvent.Type.ShortcutOverride and is_tab(event):
            event.accept()
            return True
        return self._hand.takes(event) or super().event(event)


def is_tab(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab


def _device_region(region: QRegion, ratio: float) -> QRegion:
    if ratio == 1:
        return region
    result = QRegion()
    for rect in rects(region):
        scaled = QRectF(*(number * ratio for number in rect))
        result = result.united(scaled.toAlignedRect())
    return result
