"""Texture mode: the sample stands beside what grows from it, and Enter makes another.

A texture that grows pixel by pixel can be held. Then the engine is free, and the growth is gone
through by a ``Watch``: pixel by pixel, slowly, back and on; Enter grows the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot

from editor.engine.image import Picture, Size
from editor.engine.step import Step
from editor.model.commands import Reshape
from editor.model.document import Document
from editor.operations import GoOn, Operation, Texture
from editor.operations.base import params
from editor.operations.field import Traced
from editor.operations.grown import GrownPicture
from editor.operations.new_picture import NewPicture
from editor.session import Shown, Told
from editor.ui.action_bar import ActionBar
from editor.ui.doings.along import AlongDoings
from editor.ui.doings.growths import Asked, Growths, Held
from editor.ui.doings.mode import ModeDoings
from editor.ui.doings.windows import WindowDoings
from editor.ui.texture.watch import FULL, Seen, Watch

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.texture.stage import TextureStage
    from editor.ui.window import Window


_SEED = 9  # pixels that are there before it grows


class TextureDoings(ModeDoings):
    """The stage is made when it is first looked at."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: TextureStage | None = None
        self._action_bar: ActionBar | None = None
        self._shown: Document | None = None
        self._watch = Watch(self._session, self)
        self._growths = Growths(window, self._watch)
        self._watch.seen.connect(self._show_seen)
        self._watch.arrived.connect(self._growths.go_on)
        self._growths.begun.connect(self._begun)
        self._growths.held.connect(self._hold)
        self._along = AlongDoings(window)
        self._windows = WindowDoings(window)
        self._windows.taken.connect(self._go_on_with)
        window.session.shown.connect(self._grows)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    @property
    def label(self) -> str:
        return super().label if self._held is None else "Go on"

    @property
    def _held(self) -> Held | None:
        """What is held of this document."""
        return self._growths.of(self._shown)

    @property
    def _growing(self) -> bool:
        """Whether the engine is at it."""
        return self._growths.growing(self._shown)

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
            bar.keep_wanted.connect(self._keep)
            bar.stop_wanted.connect(self._let_go)
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
            if self._held is not None:
                self._held.moment = self._watch.moment
            self._watch.follow(None)
            self._windows.leave()
        self._shown = document
        self._along.show(document)
        if document is not None:
            self.stage().follow(document.image, document.meta.icc)
            document.history.changed.connect(self._changed)
            self._changed()

    # ── making ──

    def go(self) -> None:
        """Another texture of the same sample takes the place of the last one; or the rest grows."""
        if self._held is not None:
            self._growths.go_on()
        elif self._windows.comparing:
            self._tell(self.tr("Click the texture to take, or press its number."))
        elif wrong := self._along.why_not(self.operation()):
            self._session.told.emit(Told("warning", wrong))
        else:
            self._begin(self.operation(), self._last())

    def _begin(self, operation: Texture, instead: Reshape | None) -> None:
        self._windows.leave()
        self._growths.begin(operation, instead)

    @Slot(object)
    def _begun(self, asked: Asked) -> None:
        if asked.document is self._shown:
            self._watch.follow(None)
            self.stage().show_wanted(None)
            self._show_growth(asked.operation.method == "exact")

    @Slot()
    def _keep(self) -> None:
        """What is held is taken as it is."""
        if self._held is not None:
            self._growths.go_on(so_far=True)

    @Slot()
    def _let_go(self) -> None:
        self.leave()

    def leave(self) -> bool:
        if self._shown is None or (self._held is None and not self._windows.comparing):
            return False
        self._windows.leave()
        self._growths.forget(self._shown)
        self._show()
        return True

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        assert isinstance(operation, Texture)
        self._along.refresh()
        if self._shown is None or self._windows.comparing:
            return
        if self._last() is None and self._held is None and not self._growing:
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
        if self._held is not None and self._held.asked.state is not self._shown.history.now:
            self._growths.forget(self._shown)
        self._show()

    def _show(self) -> None:
        """The document as it is, or what is held of it."""
        if self._shown is None or self._windows.comparing:
            return
        last, stage = self._last(), self.stage()
        stage.show_wanted(None)
        if last is None:
            stage.show_sample(self._shown.image)
        else:
            self._unpack(last)
        if self._held is not None:
            self._show_held(self._held)
            return
        growth = None if last is None else last.growth
        self._watch.follow(growth, 0 if growth is None else growth.count)
        if not self._growing:
            self._bar.show_held(None)
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
                if not (self._growing or self._held is not None or self._scrubbed):
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
        """An estimate has come, or there is none any more."""
        self._growths.grows(shown)
        if shown.document is not self._shown or self._shown is None:
            return
        if shown.value is None:
            if self._held is None:
                self._show()
        elif isinstance(shown.value, NewPicture):
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
            self._growths.pause()
        elif self._watch.playing:
            self._watch.pause()
        elif self._watch.growth is not None:
            self._watch.play()
        elif self._could_begin:
            self.go()
            if self._watch.pace != FULL:
                self._growths.pause(0, plays=True)

    @Slot(int)
    def _step(self, by: int) -> None:
        """So many pixels on, or back; the first step begins a growth."""
        if self._growing:
            self._growths.pause()
        elif self._watch.growth is not None:
            self._watch.step(by)
            self._tell_moment()
        elif self._could_begin and by > 0:
            self.go()
            self._growths.pause(0)

    @Slot(object)
    def _hold(self, document: Document) -> None:
        if document is self._shown and self._held is not None:
            self._show_held(self._held)

    def _show_held(self, held: Held) -> None:
        self._show_growth(True)
        self._watch.follow(held.growth, held.moment, grows=True)
        self._watch.go_to(held.moment)
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
            self._growths.pause(plays=True)

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
        if self._held is not None:
            self._bar.show_held(seen.growth.done)

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
            self._growths.forget(self._shown)
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
        if self._held is not None or self._scrubbed:
            self._watch.go_to(self._watch.moment)
