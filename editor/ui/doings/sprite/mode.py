"""Sprite mode: a creature is told from its backdrop, cut out of its clip, steered and exported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import Slot

from editor.model.document import Document, Finding
from editor.model.rejecting import RejectFrames
from editor.news import FoundSoFar, Told, Working
from editor.operations import CutSprite, Steer, WalkPath
from editor.ui.action_bar import ActionBar
from editor.ui.doings.mode import ModeDoings
from editor.ui.doings.sprite.export import ExportRoom
from editor.ui.doings.sprite.ground import GroundRoom
from editor.ui.doings.sprite.key import KeyRoom
from editor.ui.doings.sprite.steering import SteeringRoom
from editor.ui.doings.sprite.work import Work

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.sprite.stage import SpriteStage
    from editor.ui.window import Window


class SpriteDoings(ModeDoings):
    """The stage is made when somebody first comes here."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: SpriteStage | None = None
        self._action_bar: ActionBar | None = None
        self.shown: Document | None = None
        self._works: WeakKeyDictionary[Document, Work] = WeakKeyDictionary()
        self.keying, self.steering = KeyRoom(window, self), SteeringRoom(window, self)
        self.ground, self.exports = GroundRoom(window, self), ExportRoom(window, self)
        self._session.results.found_so_far.connect(self._found_so_far)
        self._session.working.connect(self._worked)
        self._session.closed.connect(self._closed)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    def stage(self) -> SpriteStage:
        if self._stage is None:
            from editor.ui.sprite.stage import SpriteStage

            stage = self._stage = SpriteStage(self._session, Steer.drawn)
            self._action_bar = ActionBar(stage.pages)
            self._window.follow_bar(self._action_bar)
            stage.step_wanted.connect(self._go_to)
            stage.export_wanted.connect(self.exports.export)
            stage.open_wanted.connect(self._window.files.do_open)
            stage.key.colours_changed.connect(self.keying.colours_picked)
            stage.key.pick_changed.connect(self.keying.object_picked)
            stage.key.plate_wanted.connect(self.keying.plate_wanted)
            stage.frames.rejected_changed.connect(self._reject)
            stage.frames.mirror_wanted.connect(self.steering.mirror)
            page = stage.steer
            page.background_wanted.connect(self.ground.choose)
            page.colour_wanted.connect(self.ground.colour)
            page.file_wanted.connect(self.ground.ask)
            page.background_dropped.connect(self.ground.read)
            page.recording_changed.connect(self.steering.recorded)
            page.tool_changed.connect(self.steering.show_hint)
            page.pitch.gestured.connect(self._window.gestured)
            page.pitch.cleared.connect(self.steering.free)
            options = self._window.steer_options
            known: dict[str, Any] = self._window.settings.get("operations.WalkPath", {})
            options.set_operation(WalkPath.from_dict(known))
            options.changed.connect(self.steering.tuned)
        return self._stage

    # ── which document, which step ──

    def show(self, document: Document | None) -> None:
        """Another document is in front; None: none is, or another mode is."""
        if document is not self.shown:
            if self.shown is not None:
                self.shown.found.disconnect(self._found)
                self.shown.sent.disconnect(self.steering.show_goal)
                self.shown.culled.disconnect(self._take_sprite)
                if self._stage is not None:
                    self._stage.forget()
                    self._stage.steer.show_control(None, None)
                    self._stage.steer.pitch.set_document(None)
            self.shown = document
            if document is not None:
                document.found.connect(self._found)
                document.sent.connect(self.steering.show_goal)
                document.culled.connect(self._take_sprite)
                self._begin(document)
        if document is not None:
            self._options.set_operation(self.work.draft)  # a mode that is chosen has the last ones
            self.show_step()

    def _begin(self, document: Document) -> None:
        stage, work = self.stage(), self.work
        self._options.set_operation(work.draft)
        stage.key.show_footage(document.film)
        stage.key.say(work.said)
        stage.frames.show_footage(document.film)
        finding = document.finding(CutSprite)
        if finding is not None:
            work.cut, work.key = finding.value.sprite, finding.value.key
        stage.steer.pitch.set_document(document)
        self._take_sprite()
        self.steering.show_goal()
        if document.film is not None:
            self.keying.show_key()

    @property
    def work(self) -> Work:
        """That on the document in front."""
        document = self.shown
        assert document is not None
        if document not in self._works:
            fresh = replace(self.operation(), colours=(), pick=None)
            work = Work(fresh)
            if document.film is None and document.sprite is not None:
                own = document.sprite
                drift = {"along": own.drift.x, "down": own.drift.y}
                work.draft = replace(fresh, mirror=own.mirrored, **drift)  # type: ignore[arg-type]
                work.cut, work.step = own, "steer"
            self._works[document] = work
        return self._works[document]

    @Slot(object)
    def _closed(self, document: Document) -> None:
        work = self._works.pop(document, None)
        if work is not None:
            self.ground.close(work.film)

    @property
    def _options(self) -> Any:
        return self._window.options_of(self._mode.name)

    def operation(self) -> CutSprite:
        operation = super().operation()
        assert isinstance(operation, CutSprite)
        return operation

    @property
    def label(self) -> str:
        if self.shown is None or self._stage is None or self._stage.step == "key":
            return self._mode.operation.label
        if self._stage.step == "frames":
            return Steer.label
        return "End the recording" if self._stage.steer.actor.recording else "Record"

    @Slot(object)
    def _go_to(self, step: str) -> None:
        if self.shown is not None:
            self.work.step = step
            self.show_step()
            self.stage().setFocus()

    def show_step(self) -> None:
        stage, work = self.stage(), self.work
        document = self.shown
        empty = None
        if document is None or (document.film is None and work.cut is None):
            empty = (
                self.tr("Open a clip, and a creature can be cut out of it and steered."),
                self.tr("Open a clip…"), "open",
            )  # fmt: skip
        elif work.step == "key" and document.film is None:
            empty = (
                self.tr("This sprite was cut out already: its clip is not here to be keyed."),
                self.tr("Look at its frames"), "frames",
            )  # fmt: skip
        elif work.step != "key" and work.cut is None:
            empty = (
                self.tr("Nothing is cut out yet: see to the key first, then press Enter."),
                self.tr("Go to the key"), "key",
            )  # fmt: skip
        elif work.step == "steer" and work.refused:
            empty = work.refused, self.tr("Go to its frames"), "frames"
        entered = stage.pages.currentWidget() is not stage.steer
        stage.show_step(work.step, empty)
        stage.export.setEnabled(document is not None and document.sprite is not None)
        if self._action_bar is not None:
            self._action_bar.setVisible(empty is None)
        steering = work.step == "steer"
        self._options.setVisible(not steering)
        self._window.steer_options.setVisible(steering)
        if steering and empty is None and entered:
            stage.steer.actor.play()
        self._window.show_go()
        self.steering.show_hint()

    def go(self) -> None:
        document = self.shown
        if document is None or self._stage is None:
            return
        step = self._stage.step
        if step == "key" and document.film is not None:
            self.start(self.operation(), other=self.keying.plate)
        elif step == "frames" and self.work.cut is not None:
            self._go_to("steer")
        elif step == "steer":
            actor = self._stage.steer.actor
            actor.record(not actor.recording)

    def leave(self) -> bool:
        stage = self._stage
        if stage is None:
            return False
        if stage.step == "steer":
            return stage.steer.leave()
        picking = stage.key.eyedropper.value() or stage.key.chooser.value()
        stage.key.arm(False)
        return bool(picking)

    def end(self) -> None:
        if self._stage is not None:
            self._stage.end()

    # ── its options ──

    def tuned(self, operation: Any) -> None:
        """An option was changed: the matte of the frame and what was cut follow it."""
        if self.shown is None:
            return
        self.work.draft = operation
        if self.shown.film is not None:
            self.keying.show_key()
        self._take_sprite()

    def restore(self, operation: Any) -> None:
        super().restore(operation)
        self.tuned(operation)

    def set(self, **values: Any) -> None:
        self.restore(replace(self.operation(), **values))

    # ── what is cut out ──

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if isinstance(said.operation, CutSprite) and said.document is self.shown:
            self.stage().frames.show_cut(said.value.sprite, frozenset())
            self.stage().show_step("frames")

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if isinstance(finding.operation, CutSprite):
            work = self.work
            work.cut, work.step = finding.value.sprite, "frames"
            self._take_sprite()
            self.show_step()

    @Slot(object)
    def _worked(self, working: Working | None) -> None:
        """A cut that was stopped leaves the page as it was."""
        if working is None and self.shown is not None and self._stage is not None:
            self._stage.frames.show_cut(self.work.cut, self.shown.rejected)
            self.show_step()

    @Slot(object)
    def _reject(self, rejected: frozenset[int]) -> None:
        """Have these frames out, and no others."""
        document, cut = self._document, self.work.cut
        if cut is None or rejected == document.rejected:
            return
        if all(cel.number in rejected for cel in cut.cels):
            words = self.tr("Every cut-out would be thrown out: keep at least one.")
            self._session.told.emit(Told("warning", words))
            return
        others = rejected ^ document.rejected
        what = f"{len(others)} frames" if len(others) > 1 else f"frame {min(others)}"
        label = f"Throw out {what}" if others <= rejected else f"Take {what} back"
        self._session.push(RejectFrames(document, label, rejected))

    @Slot()
    def _take_sprite(self) -> None:
        """The document's sprite is what was cut, as the options tell it."""
        document, work, draft = self.shown, self.work, self.work.draft
        assert document is not None
        self.stage().frames.show_cut(work.cut, document.rejected)
        if work.cut is None:
            return
        told = work.cut, draft.mirror, draft.along, draft.down
        if told != work.told:
            work.told = told
            source = work.cut.source or document.title
            document.cut_out(replace(draft.told(work.cut), source=source))
        if document.sprite is not work.sprite:
            work.sprite, work.control = document.sprite, None
        if not work.ground:
            plate = work.key is not None and work.key.backdrop.is_plate
            work.ground = "own" if plate else "none"
        if document.sprite is None:
            work.refused = self.tr("Every frame of it is thrown out: take one back.")
            self.steering.show_control(None)
        elif work.control is None:
            self.steering.steer()
        else:
            self.steering.show_control(work.control)
        self.ground.show()
