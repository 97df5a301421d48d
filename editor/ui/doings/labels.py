"""Texture-by-numbers: labels are painted on B, and B′ follows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import Slot

from editor.model.document import Finding
from editor.model.history import State
from editor.operations import Analogy, FindLabels, Relabel
from editor.operations.analogy import Analogous
from editor.operations.labels import Missing, Palette
from editor.tools.masking import Paint
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.operations.labels import Label
    from editor.tools.base import Tool
    from editor.ui.doings.analogy import AnalogyDoings
    from editor.ui.window import Window

_BUDGET = 256 << 20  # bytes of earlier B′ that are kept, so that undoing is at once


class LabelDoings(Doings):
    """A part of Analogy mode, while its purpose is texture by numbers.

    After each stroke only what it touched is made anew, and what was undone is shown as it was.
    """

    def __init__(self, window: Window, analogies: AnalogyDoings) -> None:
        super().__init__(window)
        self._analogies = analogies
        self._palette = Palette()
        self._label: Label | None = None  # that is painted
        self._looked_at: tuple[Any, ...] = ()  # A and B as they were when that was done
        self._painting = False
        self._made: WeakKeyDictionary[State, Analogous] = WeakKeyDictionary()
        window.labels_panel.chosen.connect(self._choose)
        window.labels_panel.nearest_wanted.connect(self._use_nearest)

    @property
    def painting(self) -> bool:
        """Whether the tools paint labels now."""
        return self._painting

    def attend(self) -> None:
        """The mode, its purpose or one of its pictures may be another one."""
        here = self._analogies.by_numbers
        self._window.labels_panel.setVisible(here)
        A, B = self._analogies.A, self._analogies.B
        if not here or A is None or B is None:
            self._looked_at = ()
            self._show(Palette())
            return
        pictures = A, A.revision("image"), B, B.revision("image")
        if pictures != self._looked_at:
            self._looked_at = pictures
            self._session.do(FindLabels(A=A.image), B)

    def found(self, finding: Finding) -> None:
        """Labels, or a B′: of a B that may have changed since."""
        if not self._analogies.by_numbers:
            return
        if isinstance(finding.operation, FindLabels):
            if self._looked_at:
                self._show(finding.value)
        elif isinstance(finding.operation, Analogy):
            if self.up_to_date(finding):
                self._remember(finding.value)
            else:
                self.follow()

    # ── painting ──

    def take(self, tool: Tool) -> None:
        """A tool was chosen by its button or its key."""
        if self._painting:
            self._analogies.surface.set_tool(tool)

    def _show(self, palette: Palette) -> None:
        self._palette = palette
        self._window.labels_panel.show_palette(palette.labels, palette.missing)
        if self._label not in palette.labels:
            self._label = palette.labels[0] if palette.labels else None
        self._begin_or_end()

    @Slot(object)
    def _choose(self, label: Label) -> None:
        self._label = label
        self._begin_or_end()
        self._analogies.surface.setFocus()

    def _begin_or_end(self) -> None:
        """The tools paint the label that is chosen, or what they paint elsewhere."""
        label, bar = self._label, self._window.tool_bar
        paint = self._window.tools.paint
        if label is not None:
            paint = Paint("image", colour=label.colour, soft=self._palette.soft)
        for tool in bar.tools:
            tool.paint = paint
        self._window.labels_panel.show_chosen(label)
        if self._painting == (label is not None):
            return
        self._painting = label is not None
        stage = self._analogies.stage()
        stage.painted_on = self._painting
        stage.panes["B"].canvas.set_tool(bar.tool if self._painting else None)
        if self._window.doing is self._analogies:  # else another mode is being chosen
            bar.choose(bar.tool)  # which has nothing to take away from now
            self._window.arrange()

    @Slot(object)
    def _use_nearest(self, missing: Missing) -> None:
        known = tuple(one.colour for one in self._palette.labels)
        operation = Relabel(missing.label.colour, missing.nearest.colour, known)
        self._session.do(operation, self._analogies.B)

    # ── what follows ──

    def forget(self) -> None:
        """Another B′ would be made now, of the same B."""
        self._made.clear()

    def up_to_date(self, finding: Finding) -> bool:
        """Whether that B′ was made of B as it is now."""
        B, of = self._analogies.B, finding.value.of
        return B is not None and of is not None and bool(np.may_share_memory(of, B.image))

    @Slot()
    def follow(self) -> None:
        """B is another picture: it has the B′ that it had before, or that is mended."""
        B = self._analogies.B
        if B is None or not self._analogies.by_numbers:
            return
        self.attend()
        operation, finding = self._analogies.operation(), B.finding(Analogy)
        known = self._made.get(B.history.now)
        if finding is not None and self.up_to_date(finding):
            return
        if known is not None:
            B.keep(operation, dataclasses.replace(known, of=B.image))
        elif finding is not None and operation.same_as(finding.operation):
            self._session.do(dataclasses.replace(operation, kept=finding.value), B)

    def _remember(self, made: Analogous) -> None:
        B = self._analogies.B
        assert B is not None
        self._made[B.history.now] = dataclasses.replace(made, of=None)
        room = _BUDGET - made.nbytes
        for state, other in list(self._made.items())[-2::-1]:
            room -= other.nbytes
            if room < 0:
                del self._made[state]
