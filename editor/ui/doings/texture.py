"""Texture mode: the sample stands beside what grows from it, and Enter makes another.

A texture that grows pixel by pixel can be paused. Then the engine is free, and the growth is gone
through by a ``Watch``: pixel by pixel, slowly, back and on; Enter grows the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast
from weakref import WeakKeyDictionary

from PySide6.QtCore import Slot

from editor.engine.image import Picture, Size
from editor.engine.step import Step
from editor.model.commands import Reshape, Swap
from editor.model.document import Document, Finding
from editor.news import Shown, Told, Working
from editor.operations import GoOn, Operation, Texture
from editor.operations.base import Paused, params
from editor.operations.field import Traced
from editor.operations.grown import GrownPicture
from editor.operations.new_picture import NewPicture
from editor.ui.action_bar import ActionBar
from editor.ui.doings.along import AlongDoings
from editor.ui.doings.growths import Growths
from editor.ui.doings.mode import ModeDoings
from editor.ui.doings.windows import WindowDoings
from editor.ui.texture.watch import FULL, Seen, Watch

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.texture.stage import TextureStage
    from editor.ui.window import Window


_SEED = 9  # pixels that are there before it grows


class _Place(NamedTuple):
    """Where a growth is to be looked at as soon as it is paused."""

    moment: int | None = None  # None: as far as it is then
    plays: bool = False  # and it plays on from there


class TextureDoings(ModeDoings):
    """The stage is made when it is first looked at."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: TextureStage | None = None
        self._action_bar: ActionBar | None = None
        self._shown: Document | None = None
        self._watch = Watch(self._session, self)
        self._growths = Growths(window, self._watch)
        self._place = _Place()
        self._moments: WeakKeyDictionary[Document, int] = WeakKeyDictionary()  # that were looked at
        self._growing = False  # the engine is at this document
        self._watch.seen.connect(self._show_seen)
        self._watch.arrived.connect(self._go_on)
        self._along = AlongDoings(window)
        self._windows = WindowDoings(window)
        self._windows.taken.connect(self._go_on_with)
        window.session.results.shown.connect(self._grows)
        window.session.working.connect(self._show_working)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    def focus(self) -> None:
        self.stage().setFocus()

    def operation(self) -> Texture:
        """As the options are set, with the pictures that go along with the sample."""
        return self._along.into(cast(Texture, super().operation()))

    @property
    def _bar(self) -> ActionBar:
        self.stage()
        assert self._action_bar is not None
        return self._action_bar

    def stage(self) -> TextureStage:
        if self._stage is None:
            from editor.ui.texture.stage import TextureStage

            self._stage = stage = TextureStage()
            self._action_bar = bar = ActionBar(stage.output)
            self._window.follow_bar(bar)
            stage.transport.play_wanted.connect(self._play)
            stage.transport.step_wanted.connect(self._step)
            stage.transport.moment_wanted.connect(self._go_to)
            stage.transport.pace_changed.connect(self._set_pace)
            stage.output.sized.connect(self._size)
            stage.compare_wanted.connect(self._compare)
            stage.strip.taken.connect(self._windows.take)
            stage.from_wanted.connect(self._trace)
            self._watch.played.connect(stage.transport.show_playing)
            self._window.show_go()
        return self._stage

    def show(self, document: Document | None) -> None:
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.history.changed.disconnect(self._changed)
            self._shown.found.disconnect(self._found)
            self._shown.forgotten.disconnect(self._show)
            if self._shown.paused(Texture) is not None:
                self._moments[self._shown] = self._watch.moment
            self._watch.follow(None)
            self._windows.leave()
        self._shown, self._growing = document, False
        self._along.show(document)
        if document is not None:
            self.stage().follow(document.image, document.meta.icc)
            document.history.changed.connect(self._changed)
            document.found.connect(self._found)
            document.forgotten.connect(self._show)
            self._changed()

    # ── making ──

    def go(self) -> None:
        """Another texture of the same sample takes the place of the last one; or the rest grows."""
        if self.paused is not None:
            self._go_on()
        elif self._windows.comparing:
            self._tell(self.tr("Click the texture to take, or press its number."))
        elif wrong := self._along.why_not(self.operation()):
            self._session.told.emit(Told("warning", wrong))
        else:
            self._begin(self.operation(), self._last())

    def _begin(self, operation: Texture, instead: Reshape | None) -> None:
        self._windows.leave()
        self.do(operation, instead)

    def do(self, operation: Operation, instead: Swap | Reshape | None = None) -> None:
        self._session.do(operation, self._shown, instead=instead)

    @Slot(object)
    def _show_working(self, working: Working | None) -> None:
        solved, _ = self._session.solved or (None, None)
        at_it = working is not None and working.document is self._shown
        growing = at_it and isinstance(solved, Texture)
        if self._shown is None or growing == self._growing:
            return
        self._growing = growing
        if isinstance(solved, Texture) and growing:
            self._watch.follow(None)
            self.stage().show_wanted(None)
            self._show_growth(solved.method == "exact")
        else:
            self._show()

    @Slot()
    def _go_on(self) -> None:
        self._watch.when_still(super().resume)

    def keep(self) -> None:
        self._watch.when_still(super().keep)

    def leave(self) -> bool:
        if not self._windows.comparing:
            return super().leave()
        self._windows.leave()
        self._show()
        return True

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        assert isinstance(operation, Texture)
        self._along.refresh()
        if self._shown is None or self._windows.comparing:
            return
        if self._last() is None and self.paused is None and not self._growing:
            self._show_none(operation)
        else:
            self.stage().show_wanted(Size(operation.width, operation.height))

    @Slot(object)
    def _size(self, size: Size) -> None:
        """The corner was dragged so far."""
        limits = {one.name: one for one in params(Texture)}
        width, height = (
            int(min(max(side, limits[name].low or 1), limits[name].high or side))
            for name, side in zip(("width", "height"), size, strict=True)
        )
        operation = replace(cast(Texture, super().operation()), width=width, height=height)
        self._window.options.set_operation(operation)
        if self.stage().output.dragged:
            self.tuned(operation)
        else:
            self._window.options.changed.emit(operation)

    # ── what is seen ──

    def _last(self) -> Reshape | None:
        """The last step, if it made a texture."""
        command = None if self._shown is None else self._shown.history.now.command
        if isinstance(command, Reshape) and isinstance(command.operation, Texture):
            return command
        return None

    @Slot()
    def _changed(self) -> None:
        """It is another picture: a sample, or the texture that a sample became."""
        assert self._shown is not None
        self._windows.leave()
        self._show()

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        """Something was paused."""
        if isinstance(finding.value, Paused):
            place, self._place = self._place, _Place()
            assert self._shown is not None
            self._moments.pop(self._shown, None)
            if place.moment is not None:
                self._moments[self._shown] = place.moment
            self._show()
            if place.plays:
                self._watch.play()

    @Slot()
    def _show(self) -> None:
        """The document as it is, or what is paused of it."""
        if self._shown is None or self._windows.comparing or self._growing:
            return
        last, stage = self._last(), self.stage()
        stage.show_wanted(None)
        if last is None:
            stage.show_sample(self._shown.image)
        else:
            self._unpack(last)
        if self.paused is not None:
            self._show_paused(self.paused)
            return
        growth = None if last is None else last.growth
        self._watch.follow(growth, 0 if growth is None else growth.count)
        if last is None:
            self._show_none(self.operation())
        else:
            stage.show_output(self._shown.image)
            self._show_growth(growth is not None)
            self._tell_moment()

    def _unpack(self, last: Reshape) -> None:
        """Show the sample that a texture was made of; large ones take a while to unpack."""
        document = self._shown
        assert document is not None

        def steps() -> Iterator[Step[tuple[Picture, Traced | None]]]:
            sample, origins = last.before, last.origins
            traced = None if origins is None else Traced.of(origins, Size.of(sample))
            yield Step(1.0, (sample, traced))

        def settle(found: tuple[Picture, Traced | None]) -> None:
            if document is self._shown and last is self._last():
                sample, traced = found
                self.stage().show_sample(sample)
                if not (self._growing or self.paused is not None or self._scrubbed):
                    self.stage().show_output(document.image, None, traced)

        self._session.at_desk("Sample", steps, settle, quiet=True)

    def _show_growth(self, there: bool) -> None:
        """Whether something grows, has grown or would grow pixel by pixel."""
        self.stage().show_growth(there)
        self.stage().transport.show_growing(self._growing)
        self._window.show_go()

    def _show_none(self, operation: Texture) -> None:
        """Nothing has grown yet."""
        exact = operation.method == "exact"
        size = Size(operation.width, operation.height)
        self.stage().show_none(size, by_pixels=exact)
        self._show_growth(exact)
        self.stage().transport.show_moment(0, 0, size.width * size.height - _SEED)

    @Slot(object)
    def _grows(self, shown: Shown) -> None:
        """An estimate has come."""
        if shown.document is self._shown and isinstance(shown.value, NewPicture):
            grown = shown.value if isinstance(shown.value, GrownPicture) else None
            self.stage().show_output(shown.value.pixels, None if grown is None else grown.known)
            if grown is not None:
                count, total = grown.growth.count, grown.growth.total
                self.stage().transport.show_moment(count, count, total)

    # ── a growth that is gone through ──

    @property
    def _could_begin(self) -> bool:
        """Whether nothing is there yet, and would grow pixel by pixel."""
        return self._shown is not None and self.operation().method == "exact"

    @Slot()
    def _play(self) -> None:
        """Pause, go on, or begin."""
        if self._growing:
            self._pause()
        elif self._watch.playing:
            self._watch.pause()
        elif self._watch.growth is not None:
            self._watch.play()
        elif self._could_begin:
            self.go()
            if self._watch.pace != FULL:
                self._pause(_Place(0, plays=True))

    def _pause(self, place: _Place | None = None) -> None:
        """As soon as the engine has paused, the growth is looked at there."""
        self._place = place or _Place()
        self._session.pause()

    def resume(self) -> None:
        self._play()

    @Slot(int)
    def _step(self, by: int) -> None:
        """So many pixels on, or back; the first step begins a growth."""
        if self._growing:
            self._pause()
        elif self._watch.growth is not None:
            self._watch.step(by)
            self._tell_moment()
        elif self._could_begin and by > 0:
            self.go()
            self._pause(_Place(0))

    def _show_paused(self, paused: Paused) -> None:
        assert self._shown is not None
        growth = cast(GoOn, paused.on).growth
        assert growth is not None
        self._show_growth(True)
        self._watch.follow(growth, grows=True)
        self._watch.go_to(self._moments.get(self._shown, growth.count))
        self._tell_moment()

    @Slot(int)
    def _go_to(self, moment: int) -> None:
        self._watch.pause()
        self._watch.go_to(moment)
        self._tell_moment()

    @Slot(object)
    def _set_pace(self, pace: int) -> None:
        self._watch.pace = pace
        if self._growing and pace != FULL:
            self._pause(_Place(plays=True))

    def _tell_moment(self) -> None:
        growth = self._watch.growth
        if growth is not None:
            self.stage().transport.show_moment(self._watch.moment, growth.count, growth.total)

    @Slot(object)
    def _show_seen(self, seen: Seen) -> None:
        if self._growing or self._windows.comparing:
            return
        self.stage().show_output(seen.picture, seen.known, seen.traced)
        self.stage().show_choice(seen.next, seen.moment + 1)
        self._tell_moment()
        if self.paused is not None:
            self._bar.show_paused(seen.growth.done)

    @property
    def _scrubbed(self) -> bool:
        """Whether a growth is seen at an earlier moment."""
        return self._watch.growth is not None and self._watch.moment < self._watch.end

    # ── with several windows ──

    @Slot()
    def _compare(self) -> None:
        if self._windows.comparing:
            self.leave()
        elif self._session.solving:
            self._tell_busy()
        elif self._shown is not None:
            super().leave()
            self._windows.begin(self.stage(), self.operation(), self._last())

    @Slot(object, object)
    def _go_on_with(self, texture: GoOn, instead: Reshape | None) -> None:
        options = Texture.from_dict(texture.to_dict())
        self._window.options.set_operation(options)
        self._window.options.changed.emit(options)
        self._begin(texture, instead)

    @Slot(object)
    def _trace(self, wanted: bool) -> None:
        """Colours are to say where each pixel came from: that is found for each moment then."""
        self._watch.traces = wanted
        if self.paused is not None or self._scrubbed:
            self._watch.go_to(self._watch.moment)
