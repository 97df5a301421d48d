"""What mouse, pen, trackpad and keys do on the canvas: move the view, or lead a tool."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)

from editor.engine.image import Point, Rect
from editor.model.document import Document
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.move import MoveTool
from editor.ui.canvas.painting import HANDLE

_STEP = 64  # logical pixels that an arrow key pans by
_SMALLEST_CIRCLE = 4  # device pixels; below, a cross is easier to see
_NOTCHES = 3  # of a mouse wheel double the size

_Button = Qt.MouseButton
_GRABBING = {
    "move": Qt.CursorShape.SizeAllCursor,
    "scale": Qt.CursorShape.SizeFDiagCursor,
    "turn": Qt.CursorShape.PointingHandCursor,
}
_ARROWS = {
    Qt.Key.Key_Left: (_STEP, 0),
    Qt.Key.Key_Right: (-_STEP, 0),
    Qt.Key.Key_Up: (0, _STEP),
    Qt.Key.Key_Down: (0, -_STEP),
}


class Surface(Protocol):
    """What a hand works on: a widget that shows a document. Signals: gestured, hovered, arrow,
    tapped.
    """

    gestured: Any
    hovered: Any
    arrow: Any
    tapped: Any
    split: float
    arrows_choose: bool

    @property
    def document(self) -> Document | None: ...
    @property
    def scale(self) -> float: ...
    @property
    def splitting(self) -> bool: ...
    def image_point(self, at: QPointF) -> Point: ...
    def show_draft(self, draft: Draft) -> None: ...
    def forget_draft(self) -> None: ...
    def update_pointer(self) -> None: ...
    def pan_by(self, dx: float, dy: float) -> None: ...
    def zoom_by(self, factor: float, at: QPointF | None = None) -> None: ...
    def zoom_to(self, scale: float, at: QPointF | None = None) -> None: ...
    def width(self) -> int: ...
    def height(self) -> int: ...
    def devicePixelRatioF(self) -> float: ...
    def cursor(self) -> QCursor: ...
    def setCursor(self, cursor: Qt.CursorShape) -> None: ...


class Hand:
    """One hand does one thing at a time: pan, drag the split, or a stroke of the tool."""

    def __init__(self, canvas: Surface) -> None:
        self.subtract = False
        self._canvas = canvas
        self.grip: MoveTool | None = None  # takes what it can grab, whichever tool there is
        self._chosen: Tool | None = None
        self._doing = ""  # "pan", "split", "stroke" or nothing
        self._button = _Button.NoButton  # the one that started it
        self._pen = False  # a stroke of the pen: the mouse is not listened to
        self._space = False
        self._tap = False  # nothing was done yet while the space bar is down
        self._flip = self._erase = False  # of this stroke: Alt or right button; eraser tip
        self._at: QPointF | None = None  # the cursor, None while it is elsewhere

    def takes(self, event: QEvent) -> bool:
        """Whether an event of the canvas is for the hand; what it means has then been done."""
        kind = QEvent.Type
        match event.type(), event:
            case kind.MouseButtonPress, QMouseEvent():
                self.mouse_press(event)
            case kind.MouseMove, QMouseEvent():
                self.mouse_move(event)
            case kind.MouseButtonRelease, QMouseEvent():
                self.mouse_release(event)
            case kind.MouseButtonDblClick, QMouseEvent():
                self.double_click(event)
            case kind.KeyPress, QKeyEvent():
                return self.key_press(event)
            case kind.KeyRelease, QKeyEvent():
                return self.key_release(event)
            case _, QTabletEvent():
                self.tablet(event)
            case _, QWheelEvent():
                self.wheel(event)
            case _, QNativeGestureEvent():
                self.native_gesture(event)
            case kind.ContextMenu, _:
                event.accept()  # the right button takes away from the mask
            case kind.Leave, _:
                self.leave()
                return False
            case kind.FocusOut, _:
                self.let_go_of_keys()
                return False
            case _:
                return False
        return True

    def set_tool(self, tool: Tool | None) -> None:
        self.cancel()
        self._chosen = tool
        self.refresh()

    @property
    def _tool(self) -> Tool | None:
        """The one at work: the one that was chosen, or the grip while it holds something."""
        return self.grip if self.grip is not None and self.grip.active else self._chosen

    def _grabbing(self, at: Pointer) -> str:
        """What the grip would take hold of here, if it is asked at all."""
        document, tool = self._canvas.document, self._tool
        if self.grip is None or document is None or tool is None:
            return ""
        asked = tool is self.grip or (not tool.active and not at.subtract)
        return self.grip.grabs(at, document) if asked else ""

    # ── what the canvas draws ──

    def circle(self) -> tuple[QPointF, float, float] | None:
        """The brush's outline: middle and radius in logical pixels, and how much of it is hard."""
        if self._at is None or self._tool is None or self._space or self._doing in ("pan", "split"):
            return None
        radius = self._radius()
        if radius is None:
            return None
        return self._at, radius, self._hardness()

    def _radius(self) -> float | None:
        """Logical pixels, None where a cross is better."""
        diameter = self._tool.diameter if self._tool is not None else None
        if diameter is None or diameter * self._canvas.scale < _SMALLEST_CIRCLE:
            return None
        return diameter * self._canvas.scale / self._canvas.devicePixelRatioF() / 2

    def _hardness(self) -> float:
        hardness = getattr(self._tool.settings, "hardness", 100) if self._tool is not None else 100
        return hardness / 100

    def refresh(self) -> None:
        """The cursor for what the hand would do now."""
        shape = Qt.CursorShape
        if self._canvas.document is None:
            cursor = shape.ArrowCursor
        elif self._doing == "pan":
            cursor = shape.ClosedHandCursor
        elif self._space:
            cursor = shape.OpenHandCursor
        elif self._doing == "split" or (not self._doing and self._over_split(self._at)):
            cursor = shape.SplitHCursor
        elif self._tool is None:
            cursor = shape.ArrowCursor
        elif self._at is not None and (
            meant := self._grabbing(self._pointer(self._at, Qt.KeyboardModifier.NoModifier))
        ):
            cursor = _GRABBING[meant]
        elif self._tool is self.grip:
            cursor = shape.SizeAllCursor if self._doing else shape.ArrowCursor
        else:
            cursor = shape.CrossCursor if self._radius() is None else shape.BlankCursor
            if self._at is not None:
                at = self._pointer(self._at, Qt.KeyboardModifier.NoModifier)
                cursor = self._tool.cursor(at, self._canvas.document) or cursor
        if self._canvas.cursor().shape() != cursor:
            self._canvas.setCursor(cursor)
        self._canvas.update_pointer()

    def _over_split(self, at: QPointF | None) -> bool:
        canvas = self._canvas
        x = canvas.split * canvas.width()
        if at is None or not canvas.splitting:
            return False
        near_handle = abs(at.y() - canvas.height() / 2) <= HANDLE
        return abs(at.x() - x) <= (HANDLE if near_handle else 5)

    # ── gestures of the tool ──

    @property
    def in_gesture(self) -> bool:
        return self._doing == "stroke" or (self._tool is not None and self._tool.active)

    def cancel(self) -> bool:
        if not self.in_gesture or self._tool is None:
            return False
        self._tool.cancel()
        self._doing, self._pen = "", False
        self._canvas.forget_draft()
        return True

    def finish(self) -> bool:
        if not self.in_gesture or self._tool is None:
            return False
        if self._doing != "stroke":
            self._settle(self._tool.finish())
        return True

    def _back(self, tool: Tool) -> None:
        draft = tool.back()
        if draft is not None:
            self._canvas.show_draft(draft)
        if not tool.active:
            self._canvas.forget_draft()

    def _settle(self, result: Result) -> None:
        """A step of a gesture is over, and maybe the gesture."""
        if result is not None:
            self._canvas.gestured.emit(result)
        if self._tool is None or not self._tool.active:
            self._canvas.forget_draft()

    def _pointer(
        self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0
    ) -> Pointer:
        place = self._canvas.image_point(at)
        flip = self._flip
        if self._doing != "stroke":
            flip = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        return Pointer(
            place.x,
            place.y,
            pressure,
            self._erase or self.subtract != flip,
            bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            self._canvas.scale / self._canvas.devicePixelRatioF(),
        )

    def _begin_stroke(
        self, event: QMouseEvent | QTabletEvent, pressure: float = 1.0, erase: bool = False
    ) -> bool:
        document = self._canvas.document
        if self._tool is None or document is None:
            return False
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._doing, self._button = "stroke", event.button()
        self._flip, self._erase = alt or event.button() == _Button.RightButton, erase
        pointer = self._pointer(event.position(), event.modifiers(), pressure)
        grip = self.grip if self._grabbing(pointer) else None
        draft = (grip or self._tool).press(pointer, document)
        if draft is not None:
            self._canvas.show_draft(draft)
        return True

    def _go_on(self, event: QMouseEvent | QTabletEvent, pressure: float = 1.0) -> None:
        """Moved, in a stroke or between the clicks of a gesture."""
        if self._tool is None:
            return
        pointer = self._pointer(event.position(), event.modifiers(), pressure)
        draft = None
        if self._doing == "stroke":
            draft = self._tool.drag(pointer)
        elif self._tool.active:
            draft = self._tool.hover(pointer)
        if draft is not None:
            self._canvas.show_draft(draft)

    def _end_stroke(self, event: QMouseEvent | QTabletEvent, pressure: float = 1.0) -> None:
        if self._tool is not None:
            pointer = self._pointer(event.position(), event.modifiers(), pressure)
            self._doing, self._erase = "", False
            self._settle(self._tool.release(pointer))

    # ── mouse ──

    def mouse_press(self, event: QMouseEvent) -> None:
        if self._pen or self._doing or self._canvas.document is None:
            return
        button = event.button()
        self._at = event.position()
        pans, self._tap = self._space or self._tool is None, False
        if button == _Button.MiddleButton or (pans and button == _Button.LeftButton):
            self._doing, self._button = "pan", button
        elif button == _Button.LeftButton and self._over_split(self._at):
            self._doing, self._button = "split", button
        elif button in (_Button.LeftButton, _Button.RightButton):
            self._begin_stroke(event)
        self.refresh()

    def double_click(self, event: QMouseEvent) -> None:
        if self._tool is not None and self._tool.active and not self._doing and not self._pen:
            self.finish()
        else:
            self.mouse_press(event)

    def mouse_move(self, event: QMouseEvent) -> None:
        if self._pen:
            return
        before, self._at = self._at, event.position()
        if self._doing == "pan" and before is not None:
            self._canvas.pan_by(self._at.x() - before.x(), self._at.y() - before.y())
        elif self._doing == "split":
            self._canvas.split = self._at.x() / max(1, self._canvas.width())
        else:
            self._go_on(event)
            self._tell(event.modifiers())
        self.refresh()

    def mouse_release(self, event: QMouseEvent) -> None:
        if self._pen:
            return
        self._at = event.position()
        if event.button() != self._button:
            self.refresh()
            return
        self._button = _Button.NoButton
        if self._doing == "stroke":
            self._end_stroke(event)
        self._doing = ""
        self.refresh()

    def leave(self) -> None:
        if not self._doing:
            self._at = None
            self._canvas.hovered.emit(None)
            self.refresh()

    def hover_again(self) -> None:
        """Another place of the picture has come under the cursor."""
        if self._at is not None and not self._doing:
            self._tell(Qt.KeyboardModifier.NoModifier)
        self.refresh()

    def _tell(self, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> None:
        document = self._canvas.document
        if document is None or self._at is None:
            return
        pointer = self._pointer(self._at, modifiers, pressure)
        width, height = document.size
        inside = 0 <= pointer.x < width and 0 <= pointer.y < height
        self._canvas.hovered.emit(pointer if inside else None)

    # ── pen ──

    def tablet(self, event: QTabletEvent) -> None:
        """Only strokes are taken; of everything else Qt makes mouse events, and buttons work."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress and not self._doing and not self._space:
            button = event.button()
            strokes = button in (_Button.LeftButton, _Button.RightButton)
            erase = event.pointerType() == QPointingDevice.PointerType.Eraser
            over_split = self._over_split(event.position())
            self._at = event.position()
            self._pen = (
                strokes and not over_split and self._begin_stroke(event, event.pressure(), erase)
            )
            event.setAccepted(self._pen)
        elif self._pen and kind == QEvent.Type.TabletMove:
            self._at = event.position()
            self._go_on(event, event.pressure())
            self._tell(event.modifiers(), event.pressure())
            event.accept()
        elif self._pen and kind == QEvent.Type.TabletRelease:
            self._pen = False
            self._button = _Button.NoButton
            self._end_stroke(event, event.pressure())
            event.accept()
        else:
            event.ignore()
            return
        self.refresh()

    # ── wheel and trackpad ──

    def wheel(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        fingers = not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._at = event.position()
        if fingers and not control:
            self._canvas.pan_by(pixels.x(), pixels.y())
        elif angle.y():
            self._canvas.zoom_by(2 ** (angle.y() / 120 / _NOTCHES), event.position())
        else:
            self._canvas.pan_by(angle.x() / 120 * _STEP, 0)
        event.accept()

    def native_gesture(self, event: QNativeGestureEvent) -> None:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            factor = max(0.1, 1 + event.value())
            self._canvas.zoom_to(self._canvas.scale * factor, event.position())
        event.accept()

    # ── keys ──

    def key_press(self, event: QKeyEvent) -> bool:
        """Whether the key was for the canvas."""
        if self._canvas.document is None:
            return False
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._tap = self._tap or not self._space
            self._space = True
            self.refresh()
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ARROWS and not self._doing and self._led_by(event):
            return True
        if event.key() in _ARROWS and plain and not self.in_gesture:
            across = _ARROWS[Qt.Key(event.key())][0]
            if self._canvas.arrows_choose and across:
                self._canvas.arrow.emit(-1 if across > 0 else 1)
                return True
            if not self._nudge(event, 1):
                self._canvas.pan_by(*_ARROWS[Qt.Key(event.key())])
            return True
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() in _ARROWS and shifted and not self.in_gesture and self._nudge(event, 10):
            return True
        tool = self._tool
        if event.key() == Qt.Key.Key_Backspace and tool is not None and tool.active:
            self._back(tool)
            return True
        return False

    def _nudge(self, event: QKeyEvent, by: int) -> bool:
        """Whether something was moved by so many pixels of the picture."""
        across, down = _ARROWS[Qt.Key(event.key())]
        document = self._canvas.document
        if self.grip is None or document is None:
            return False
        result = self.grip.nudge(-by * across // _STEP, -by * down // _STEP, document)
        if result is not None:
            self._canvas.gestured.emit(result)
        return result is not None

    def _led_by(self, event: QKeyEvent) -> bool:
        """Whether an arrow key, with Shift or without, was for the tool."""
        document, tool = self._canvas.document, self._tool
        others = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        if document is None or tool is None or event.modifiers() & ~others:
            return False
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        across, down = (-far * step // _STEP for step in _ARROWS[Qt.Key(event.key())])
        draft = tool.arrow(across, down, document)
        if draft is not None:
            self._canvas.show_draft(draft)
        return draft is not None

    def frame(self) -> Rect | None:
        """What the tool has its handles around."""
        document = self._canvas.document
        return None if self._tool is None or document is None else self._tool.frame(document)

    def key_release(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat() or not self._space:
            return False
        self.let_go_of_keys()
        if self._tap:
            self._canvas.tapped.emit()
        return True

    def let_go_of_keys(self) -> None:
        if self._space:
            self._space = False
            self.refresh()
