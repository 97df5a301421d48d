"""The screen one can paint on: regions of the clip, over the picture that plays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QRegion

from editor.engine.image import Rect, Size
from editor.model.document import Changed, Document
from editor.operations.base import MaskPatch
from editor.tools.base import Draft, Tool
from editor.ui.canvas.frame import qrect, rects
from editor.ui.canvas.hand import Hand
from editor.ui.canvas.overlay import Overlay, Tint
from editor.ui.canvas.sampling import level_for
from editor.ui.canvas.sketch import Sketch
from editor.ui.canvas.view import View
from editor.ui.loop.pictures import place_of
from editor.ui.loop.screen import Screen

_REACH = 4  # device pixels around a changed place that look different too
_TINT = Tint("", "flat")


class PaintedScreen(Screen):
    """Signals: gestured(Command or Operation), hovered(Pointer or None).

    While it has a tool, the regions are seen in their colours and the mouse paints; without one it
    is a screen like any other.
    """

    gestured = Signal(object)
    hovered = Signal(object)
    arrow = Signal(int)
    tapped = Signal()
    split, splitting, arrows_choose = 0.0, False, False  # what a canvas has besides
    _document: Document | None = None  # events come before there is one
    _tool: Tool | None = None

    def __init__(self) -> None:
        super().__init__()
        self._overlay: Overlay | None = None
        self._regions: QImage | None = None  # their colours, as the screen shows them
        self._look: tuple[View, Size] | None = None  # with which they were drawn
        self._stale = QRegion()  # where they are not drawn yet
        self._hand = Hand(self)
        self._sketch = Sketch(self, self._hand)
        self._levels_timer = QTimer(self, interval=15)  # while those of a large frame are made
        self._levels_timer.timeout.connect(self._take_levels)

    # ── what is painted, and with what ──

    @property
    def document(self) -> Document | None:
        return self._document if self._tool is not None else None

    @property
    def painting(self) -> bool:
        return self._tool is not None

    def set_document(self, document: Document | None) -> None:
        if document is self._document:
            return
        self.set_tool(None)
        if self._document is not None:
            self._document.changed.disconnect(self._follow)
        self._document = document
        if document is not None:
            document.changed.connect(self._follow)

    def set_tool(self, tool: Tool | None) -> None:
        """Paint with this; None: not any more."""
        self._hand.set_tool(tool if self._document is not None else None)
        self._tool = tool if self._document is not None else None
        if self._tool is None and self._overlay is not None:
            self._overlay.pyramid.close()
            self._overlay = self._regions = None
        elif self._tool is not None and self._overlay is None and self._document is not None:
            self._overlay = Overlay(self._document, "labels")
            self._levels_timer.start()
        self._hand.refresh()
        self.update()

    @property
    def subtract(self) -> bool:
        return self._hand.subtract

    @subtract.setter
    def subtract(self, subtract: bool) -> None:
        self._hand.subtract = subtract

    def cancel_gesture(self) -> bool:
        """Esc: False if there was no gesture."""
        return self._hand.cancel()

    def finish_gesture(self) -> bool:
        """Enter: False if there was no gesture."""
        return self._hand.finish()

    # ── what the hand asks for ──

    def show_draft(self, draft: Draft) -> None:
        if self._overlay is not None and isinstance(draft.patch, MaskPatch):
            place = self._overlay.source.draft(draft.patch.rect, draft.patch.cover)
            self._overlay.pyramid.refresh(place)
            self._spoil(place)
        self._sketch.show_outline(draft.outline, draft.closed)

    def forget_draft(self) -> None:
        if self._overlay is not None:
            for place in self._overlay.source.forget():
                self._overlay.pyramid.refresh(place)
                self._spoil(place)
        self._sketch.show_outline((), False)

    def update_pointer(self) -> None:
        self._sketch.update_brush()

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if changed.plane == "labels" and self._overlay is not None:
            for place, _ in changed.parts:
                self._overlay.pyramid.refresh(place)
                self._spoil(place)

    @Slot()
    def _take_levels(self) -> None:
        if self._overlay is None or not self._overlay.pyramid.busy:
            self._levels_timer.stop()
        for place in () if self._overlay is None else self._overlay.pyramid.take_done():
            self._spoil(place)

    def _spoil(self, place: Rect) -> None:
        """A place of the frame looks different now."""
        there = place_of(place, self._view).grown(_REACH).within(Rect(0, 0, *self.device_size))
        self._stale = self._stale.united(QRect(*there))
        self.update_device(there)

    # Qt

    def event(self, event: QEvent) -> bool:
        if self.document is not None and self._for_hand(event) and self._hand.takes(event):
            return True
        return super().event(event)

    @staticmethod
    def _for_hand(event: QEvent) -> bool:
        """Keys are the stage's, but for the one that takes back a corner; the wheel is ours."""
        if isinstance(event, QKeyEvent):
            return event.key() == Qt.Key.Key_Backspace
        return event.type() != QEvent.Type.Wheel

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.document is None or self._size is None:
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        self._draw_regions(painter, event.region(), ratio)
        self._sketch.paint(painter, ratio)

    def _draw_regions(self, painter: QPainter, region: QRegion, ratio: float) -> None:
        """The colours of the regions, kept from one frame to the next while they stay the same."""
        look = self._view, self.device_size
        if self._regions is None or look != self._look:
            self._regions = QImage(*look[1], QImage.Format.Format_ARGB32_Premultiplied)
            self._look = look
            self._stale = QRegion(self._regions.rect())
        if not self._stale.isEmpty():
            self._draw_anew(self._regions, self._stale, ratio)
            self._stale = QRegion()
        for place in rects(region):
            at = QRectF(*(number * ratio for number in place))
            painter.drawImage(at, self._regions, at)

    def _draw_anew(self, regions: QImage, stale: QRegion, ratio: float) -> None:
        assert self._size is not None
        assert self._overlay is not None
        view = self._view
        left, top = view.corner
        whole = view.world(self._size)
        level = level_for(view.scale, self._overlay.pyramid.depth)
        painter = QPainter(regions)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for place in rects(stale):
            painter.fillRect(qrect(place), Qt.GlobalColor.transparent)
            world = place.moved(left, top).within(whole)
            layer = self._overlay.layer(world, whole, view.scale, level, _TINT, ratio)
            if layer is not None:
                painter.drawImage(layer[0].x - left, layer[0].y - top, _image(layer[1]))
        painter.end()


def _image(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    layout = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, pixels.strides[0], layout)
