"""Retarget mode: the picture follows the hand, is solved when it is let go, and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PySide6.QtCore import QTimer, Slot

from editor.engine.image import Picture, Rect, Size
from editor.model.commands import Reshape
from editor.model.document import Changed, Document, Finding
from editor.news import Working
from editor.operations import Operation, Retarget
from editor.operations.retarget import METHODS, FollowHand
from editor.tools.resize import ResizeTool
from editor.ui.canvas import StandIn
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.window import Window

_CALM = 200  # ms without a change, after which what follows the hand is made anew
_PLAIN = 600_000  # pixels of the picture that is stretched until it is there
_HEEDED = ("image", "protect", "remove")


class RetargetDoings(ModeDoings):
    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._shown: Document | None = None
        self._following: tuple[int, ...] = ()  # the revisions that what follows was made of
        self._elastic: Any = None
        self._frame: Rect | None = None
        self._solved: Document | None = None  # what is retargeted
        self._calm = QTimer(self, interval=_CALM, singleShot=True)
        self._calm.timeout.connect(self._find)
        self._soon = QTimer(self, interval=0, singleShot=True)  # of many moves the last one counts
        self._soon.timeout.connect(self._follow)
        window.canvas.reframed.connect(self._reframed)
        window.size_panel.wanted.connect(self._put)
        window.session.working.connect(self._working)

    def show(self, document: Document | None) -> None:
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.changed.disconnect(self._changed)
            self._shown.reshaped.disconnect(self._reshaped)
            self._shown.found.disconnect(self._found)
            self._shown.history.changed.disconnect(self._show_residuals)
            self._window.guides_panel.show_pieces(())
        self._shown, self._elastic = document, None
        if document is not None:
            document.changed.connect(self._changed)
            document.reshaped.connect(self._reshaped)
            document.found.connect(self._found)
            document.history.changed.connect(self._show_residuals)
            self._find()
            self._show_size()
            self._show_residuals()

    def go(self) -> None:
        """Enter, with no edge moved: the last result with other options, or what is to go goes."""
        document, last = self._document, self._last()
        if last is not None and (again := self._again(last)) != last.operation:
            self.start(again, instead=last)
        elif document.painted("remove"):
            self.start(self.completed(_at(document.size)))
        else:
            self._tell(self.tr("Drag an edge of the picture, or paint over what is to be removed."))

    def make_ready(self, settings: Mapping[str, Any]) -> None:
        super().make_ready(settings)
        self._put(self.operation().size(self._document.size))

    def operation(self) -> Retarget:
        return cast(Retarget, super().operation())

    def completed(self, operation: Operation) -> Operation:
        """The tool says the size, the options how."""
        if not isinstance(operation, Retarget):
            return operation
        how = self.operation().to_dict()
        return Retarget.from_dict({**how, **_size_of(operation)})

    def _again(self, last: Reshape) -> Operation:
        """The last step as the options are now."""
        return Retarget.from_dict({**self.operation().to_dict(), **_size_of(last.operation)})

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        self._follow()

    def do_method(self) -> None:
        """The next method, on what was done last or on what is dragged."""
        now = self.operation()
        last = self._last()
        names = [name for name, _ in METHODS]
        if last is not None:
            now = replace(now, **_size_of(last.operation))
            if not _smaller(now, Size.of(last.before)):
                names.remove("crop")
        at = names.index(now.method) if now.method in names else -1
        following = replace(now, method=names[(at + 1) % len(names)])
        if last is not None and self._session.solving:
            return
        self._window.options.set_operation(following)
        self._window.options.changed.emit(following)
        if last is not None:
            self._session.do(following, instead=last)

    def _last(self) -> Reshape | None:
        """The last step, if it is one of this mode."""
        command = self._document.history.now.command
        if isinstance(command, Reshape) and isinstance(command.operation, Retarget):
            return command
        return None

    # ── what follows the hand ──

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if changed.plane in _HEEDED:
            self._calm.start()

    @Slot()
    def _reshaped(self) -> None:
        self._elastic = None
        self._calm.start()
        self._show_size()

    @Slot()
    def _find(self) -> None:
        if self._shown is not None:
            self._following = self._revisions(self._shown)
            self._session.do(FollowHand(), self._shown)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        document = self._shown
        if document is None or not isinstance(finding.operation, FollowHand):
            return
        if self._following == self._revisions(document):
            self._elastic = finding.value
            self._follow()

    @staticmethod
    def _revisions(document: Document) -> tuple[int, ...]:
        return tuple(document.revision(name) for name in _HEEDED)

    @Slot(object)
    def _reframed(self, frame: Rect | None) -> None:
        """An edge is somewhere else, or let go."""
        self._frame = frame
        if frame is None and self._solved is None:  # else the estimates take its place
            self._soon.stop()
            self._show_size()
            self._window.canvas.show_preview(None)
        elif frame is not None and self._shown is not None:
            if self._solved is self._shown:
                self._session.stop()  # for another size is wanted now
            self._show_size()
            self._soon.start()

    @Slot(object)
    def _working(self, working: Working | None) -> None:
        """The engine is at something, or has come to the end of it."""
        solved = self._session.solved
        mine = solved is not None and isinstance(solved[0], Retarget)
        self._solved = working.document if working is not None and mine else None
        if working is None and self._shown is not None:
            self._show_size()
            if self._frame is not None:  # it was stopped by the next drag
                self._soon.start()

    @Slot()
    def _follow(self) -> None:
        """Show the picture as its edges are now."""
        document, frame = self._shown, self._frame
        if document is None or frame is None:
            return
        size = Size(frame.width, frame.height)
        method = self.operation().method
        if method in ("patches", "seams") and self._elastic is not None:
            pixels = self._elastic.at(size)
        elif method == "crop" and size.width <= document.size.width:
            pixels = _middle(document, size)
        else:
            pixels = _thin(document.image)
        self._window.canvas.show_preview(StandIn(pixels, frame))

    # ── the panel ──

    @Slot(object)
    def _put(self, size: Size) -> None:
        """A size was typed or chosen."""
        if self._shown is None:
            return
        if not isinstance(self._window.tool_bar.tool, ResizeTool):
            self._window.tools.choose(ResizeTool.name)
        tool = self._window.tool_bar.tool
        assert isinstance(tool, ResizeTool)
        if size == self._shown.size:
            self._window.canvas.cancel_gesture()
        else:
            self._window.canvas.show_draft(tool.put(self._shown, size))

    def _show_size(self) -> None:
        if self._shown is not None:
            frame = self._frame or self._shown.rect
            self._window.size_panel.show_size(self._shown.size, Size(frame.width, frame.height))

    @Slot()
    def _show_residuals(self) -> None:
        """How far each line is from straight, and each region from rigid, after a solve."""
        document, last = self._shown, None if self._shown is None else self._last()
        if document is None:
            return
        residuals = iter(() if last is None else last.residuals)
        lines = [next(residuals, None) if one.used else None for one in document.lines]
        if last is not None:
            self._window.guides_panel.show_residuals(lines)
        self._window.guides_panel.show_pieces(tuple(residuals))


def _at(size: Size) -> Retarget:
    return Retarget(unit="pixels", width=size.width, height=size.height)


def _size_of(operation: Operation) -> dict[str, Any]:
    return {name: operation.to_dict()[name] for name in ("unit", "width", "height")}


def _smaller(operation: Retarget, whole: Size) -> bool:
    width, height = operation.size(whole)
    return width <= whole.width and height <= whole.height


def _thin(pixels: Picture) -> Picture:
    """Every n-th pixel, so that few enough are left to stretch at once."""
    step = max(1, round((pixels.shape[0] * pixels.shape[1] / _PLAIN) ** 0.5))
    return np.ascontiguousarray(pixels[::step, ::step])


def _middle(document: Document, size: Size) -> Picture:
    """What cropping leaves, if nothing is protected."""
    whole = document.size
    height = min(size.height, whole.height)
    left, top = (whole.width - size.width) // 2, (whole.height - height) // 2
    return _thin(document.image[Rect(left, top, size.width, height).slices])
