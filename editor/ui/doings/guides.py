"""Lines through the hole: suggested while the mask grows, listed, and measured after a fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QTimer, Slot

from editor.engine.device import Device
from editor.engine.guides import Line, already_drawn, unlike
from editor.engine.step import Step
from editor.model.commands import DrawLines
from editor.model.document import Changed, Document, Drawn
from editor.operations import MeasureLines, Operation, SuggestLines
from editor.ui.doings.base import Doings

_CALM = 350  # ms without a change, after which it is worth looking for lines


class GuideDoings(Doings):
    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._followed: Document | None = None
        self._found: tuple[Line, ...] = ()  # some of which may have been drawn since
        self._mask_calm = QTimer(self, interval=_CALM, singleShot=True)
        self._mask_calm.timeout.connect(self.suggest)
        self._image_calm = QTimer(self, interval=_CALM, singleShot=True)
        self._image_calm.timeout.connect(self._measure)

    @Slot(object)
    def follow(self, document: Document | None) -> None:
        """Another document has come to the front."""
        if self._followed is not None:
            self._followed.redrawn.disconnect(self.show)
            self._followed.changed.disconnect(self._changed)
            self._followed.reshaped.disconnect(self._reshaped)
        self._followed = document
        self._found = () if document is None else document.suggested
        if document is not None:
            document.redrawn.connect(self.show)
            document.changed.connect(self._changed)
            document.reshaped.connect(self._reshaped)
            if document.masked:
                self._mask_calm.start()
        self.show()

    def forget(self, document: Document) -> None:
        """It is closed."""
        if self._followed is document:
            self._followed = None

    @Slot()
    def show(self) -> None:
        document = self._followed
        if document is not None:
            self._offer(document)
        lines = () if document is None else document.lines
        suggested = () if document is None else document.suggested
        self._window.guides_panel.show_lines(lines, len(suggested))
        self._window.canvas.update()
        if lines:
            self._image_calm.start()

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if changed.plane == "mask":
            self._mask_calm.start()
        elif changed.plane == "image" and self._followed is not None:
            self._drop(self._followed)  # the hole is not what it was
            self._mask_calm.start()  # unless that was undone
            if self._followed.lines:
                self._image_calm.start()

    @Slot()
    def _reshaped(self) -> None:
        """Its lines are elsewhere now; what is suggested is looked for anew."""
        self._found = ()
        self._mask_calm.start()

    @Slot(object, str)
    def edit(self, lines: tuple[Drawn, ...], label: str) -> None:
        self._session.push(DrawLines(self._document, self.tr(label), lines))

    @Slot()
    def accept(self) -> None:
        document = self._document
        new = tuple(Drawn(line) for line in document.suggested)
        self._session.push(DrawLines(document, self.tr("Accept lines"), (*document.lines, *new)))

    @property
    def _through_holes(self) -> bool:
        """Whether lines are, in this mode, what goes on through a hole."""
        mode = self._window.mode
        return bool(mode.lines) and "mask" in mode.paints

    @Slot()
    def suggest(self) -> None:
        document = self._followed
        if document is None:
            return
        making = document.masked and self._window.canvas.hatched
        if not (making and self._through_holes):
            self._drop(document)
            return

        shapes = document.shapes

        def settle(found: Any) -> None:
            if document is self._followed and document.shapes == shapes:
                self._found = found
                self._offer(document)

        self._ask(SuggestLines(), document, settle)

    def _offer(self, document: Document) -> None:
        """What was found, but for what has been drawn since."""
        drawn = [one.line for one in document.lines]
        left = [line for line in self._found if not already_drawn(line, drawn)]
        document.suggest(tuple(unlike(left, drawn)))

    def _drop(self, document: Document) -> None:
        self._found = ()
        document.suggest(())

    @Slot()
    def _measure(self) -> None:
        document = self._followed
        if document is None or not document.masked or not any(d.used for d in document.lines):
            return
        if not self._through_holes:
            return
        used = [number for number, drawn in enumerate(document.lines) if drawn.used]

        def settle(residuals: Any) -> None:
            if document is self._followed:
                shown: list[float | None] = [None] * len(document.lines)
                for number, residual in zip(used, residuals, strict=True):
                    if number < len(shown):
                        shown[number] = residual
                self._window.guides_panel.show_residuals(shown)

        self._ask(MeasureLines(), document, settle)

    def _ask(self, operation: Operation, document: Document, settle: Any) -> None:
        """Something short about a document as it is now, that changes nothing."""
        scene = document.scene()

        def steps() -> Iterator[Step[Any]]:
            yield from operation.steps(scene, Device.named("cpu", 1))

        self._session.at_desk(operation.label, steps, settle, quiet=True)
