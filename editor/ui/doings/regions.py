"""Regions of a clip: painted over it while it plays, arranged, and woven into one picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QTimer, Slot

from editor.engine.image import Rect
from editor.engine.regions import Play, numbers_in, play_of, used_labels, with_play, without
from editor.engine.step import Step
from editor.model.commands import ArrangeRegions, paint_mask
from editor.model.document import Changed, Document
from editor.operations import Loop
from editor.operations.base import MaskPatch
from editor.tools.masking import Paint
from editor.ui.doings.base import Doings
from editor.ui.panels.regions import Told

if TYPE_CHECKING:
    from editor.ui.doings.loop import LoopDoings
    from editor.ui.loop.plan import Cloth
    from editor.ui.window import Window

_LAID_OUT = 20  # ms, after which new rows have found their places


@dataclass(frozen=True, slots=True, eq=False)
class _Woven:
    """What a look at the regions gave: those there are, what they play, and for how long."""

    numbers: tuple[int, ...]  # that are painted, used or not, and the rest
    weave: Any = None
    cloth: Cloth | None = None
    turn: int = 0
    problem: str = ""


class RegionDoings(Doings):
    """A part of Loop mode: what it paints on is the stage there."""

    def __init__(self, window: Window, loops: LoopDoings) -> None:
        super().__init__(window)
        self._loops = loops
        self._stage = loops.stage
        self._painted_before: Paint | None = None  # by the tools, when painting began
        self._shown: Document | None = None
        self._weaving = self._weave_again = False
        self._number = 1  # of the region painted last
        panel = window.regions_panel
        panel.paint_wanted.connect(self.paint)
        panel.arranged.connect(self._arrange)
        panel.removed.connect(self._remove)
        panel.rest_still_wanted.connect(self._rest_still)

    def show(self, document: Document | None) -> None:
        """Another clip is in front; None: none is."""
        if document is self._shown:
            return
        if self._shown is not None:
            self.paint(0)
            self._stage().screen_.set_document(None)
            self._shown.changed.disconnect(self._changed)
            self._shown.arranged.disconnect(self.weave)
        self._shown = document
        if document is not None:
            document.changed.connect(self._changed)
            document.arranged.connect(self.weave)
            self._stage().screen_.set_document(document)
            self.weave()

    # ── painting ──

    @property
    def painting(self) -> bool:
        return self._shown is not None and bool(self._stage().screen_.painting)

    @Slot(int)
    def paint(self, number: int) -> None:
        """Paint this region with the tool in hand; 0: paint no more."""
        if self._shown is None or (number == 0 and not self.painting):
            return
        screen = self._stage().screen_
        if number:
            self._number = number
            self._painted_before = self._painted_before or self._window.tools.paint
            self._window.tools.set_paint(Paint("labels", number))
            self._reveal()
        elif self._painted_before is not None:
            self._window.tools.set_paint(self._painted_before)
            self._painted_before = None
        screen.set_tool(self._window.tool_bar.tool if number else None)
        self._window.regions_panel.show_painted(number)
        if self._window.doing is self._loops:  # else another mode is being chosen
            self._window.arrange()

    def take(self, tool: Any) -> None:
        """A tool was chosen by its button or its key."""
        if self._shown is not None and self.painting:
            self._stage().screen_.set_tool(tool)

    def begin(self) -> None:
        """A tool's key was pressed: paint the region painted last."""
        if self._shown is not None and not self.painting:
            self.paint(self._number)

    # ── what they do ──

    @Slot(object, str)
    def _arrange(self, play: Play, label: str) -> None:
        document = self._document
        if play.still and not play_of(play.number, document.plays).still:
            play = replace(play, frame=self._frame())
        plays = with_play(document.plays, play)
        self._session.push(ArrangeRegions(document, label, plays))

    def _frame(self) -> int:
        """Of the clip, on the screen now."""
        playing = self._stage().playing
        return 0 if playing is None else playing.frame

    @Slot()
    def _rest_still(self) -> None:
        """One picture in which what is painted moves: it plays at once, and is looped anew."""
        document = self._document
        rest = replace(play_of(0, document.plays), still=True, frame=self._frame())
        plays = with_play(document.plays, rest)
        self._session.push(ArrangeRegions(document, "The rest is still", plays))
        self.paint(0)
        self._loops.find_and_play()

    @Slot(int)
    def _remove(self, number: int) -> None:
        document = self._document
        labels = document.plane("labels").frozen()
        rect = Rect.around(labels == number)
        if not rect.empty:
            part = labels[rect.slices]
            rest = np.where(part == number, np.uint8(0), part)
            patch = MaskPatch(rect, rest, "labels")
            del labels, part  # or the plane would be copied before it is changed
            self._session.push(paint_mask(document, f"Remove region {number}", patch))
        if play_of(number, document.plays) != Play(number):
            document.arrange(without(document.plays, number))

    # ── what comes of it ──

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if changed.plane == "labels":
            self.weave()

    @Slot()
    def weave(self) -> None:
        """What the regions play now: after a stroke, another loop, or another arrangement."""
        document = self._shown
        if document is None:
            return
        if self._weaving:
            self._weave_again = True
            return
        self._weaving = True
        scene, finding = document.scene(), document.finding(Loop)
        operation, found = self._loops.operation(), None
        if finding is not None and finding.value.texture is not None:
            operation, found = self._loops.operation_of(finding), finding.value
        loop = self._stage().side.loops.loop

        def steps() -> Iterator[Step[_Woven]]:
            labels, plays = scene.guides.labels, scene.plays
            if labels is None:
                yield Step(1.0, _Woven(()))
                return
            numbers, used = numbers_in(labels), used_labels(labels, plays)
            if found is None or used is None:
                yield Step(1.0, _Woven(numbers))
                return
            chosen = None if loop is None else loop.moved(-operation.first)
            weave = None
            for step in operation.weaving(found, used, plays, chosen):
                weave = step.value or weave
                yield Step(0.9 * step.done)
            assert weave is not None
            length = (chosen or found.wanted).length
            yield Step(1.0, _woven(numbers, weave, used, operation, found.count, length))

        def settle(woven: _Woven) -> None:
            self._weaving = False
            if self._weave_again:
                self._weave_again = False
                self.weave()
            elif document is self._shown:
                self._stage().show_cloth(woven.cloth)
                self._tell_all(document, woven)

        self._session.at_desk("Regions", steps, settle, quiet=True)

    def _tell_all(self, document: Document, woven: _Woven) -> None:
        numbers = [number for number in woven.numbers if number]
        if numbers and 0 in woven.numbers:
            numbers.append(0)
        finding = document.finding(Loop)
        found = None if finding is None else finding.value
        known = () if found is None else (found, *found.others)
        compared = {one.number for one in known if one.texture is not None}
        strands = {} if woven.weave is None else {one.number: one for one in woven.weave.strands}
        rows = []
        for number in numbers:
            play = play_of(number, document.plays)
            words = self._words(play, strands.get(number), compared, found)
            leads = found is not None and found.number == number
            rows.append(Told(play, words, leads))
        length = ""
        if woven.turn and document.film is not None:
            seconds = woven.turn / float(document.film.clip.rate)
            length = self.tr("{0} frames, {1} s").format(f"{woven.turn:,}", f"{seconds:.1f}")
        panel = self._window.regions_panel
        panel.show_regions(rows, length, woven.problem)
        if self.painting:  # it may lie under the lower edge of the window
            QTimer.singleShot(_LAID_OUT, self._reveal)

    @Slot()
    def _reveal(self) -> None:
        place = self._window.regions_panel.geometry()
        for y in (place.bottom(), place.top()):  # if there is no room for both, its beginning
            self._window.panel.ensureVisible(0, y, 0, 0)

    def _words(self, play: Play, strand: Any, compared: set[int], found: Any) -> str:
        if not play.used:
            return self.tr("Switched off: it does as the rest")
        if play.still:
            return self.tr("Stands as in frame {}").format(play.frame)
        if found is None or strand is None:
            return self.tr("Press Enter to find its loop")
        if strand.loop is None:
            if play.number == found.number:
                return self.tr("Its loop is the one that is chosen")
            return self.tr("Plays with the rest; Enter finds a loop of its own")
        name = self._stage().side.loops.quality_name(strand.loop.quality)
        words = self.tr("{0} frames, {1}").format(strand.loop.length, name.lower())
        if play.number not in compared:
            words = self.tr("Plays with the rest; Enter finds a loop of its own")
        elif strand.loop.quality == "poor" and not play.length:
            words += self.tr(": give it a length of its own")
        return words


def _woven(
    numbers: tuple[int, ...], weave: Any, labels: Any, operation: Loop, count: int, length: int
) -> _Woven:
    """The cloth of a weave, its frames numbered as the clip's are."""
    from editor.ui.loop.plan import Cloth, Strand

    strands = []
    for one in weave.strands:
        turn = None if one.follows else one.plan((), count, operation.fade)
        if turn is not None and operation.first:
            by = operation.first
            turn = [mix._replace(first=mix.first + by, second=mix.second + by) for mix in turn]
        strands.append(Strand(one.number, turn, one.phase))
    problem, turns = "", weave.turn(length)
    try:
        weave.turn_checked(length)
    except ValueError as too_long:
        problem = f"{str(too_long)[0].upper()}{str(too_long)[1:]}."
    return _Woven(numbers, weave, Cloth(labels, tuple(strands)), turns, problem)
