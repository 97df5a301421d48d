"""Sprite mode: a creature is told from its backdrop, cut out of its clip, steered and exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from editor.engine.clip import Frame
from editor.engine.image import Mask, Size
from editor.engine.sprite import Sprite
from editor.engine.step import Step
from editor.files.problems import FileProblem
from editor.jobs import sentence_case
from editor.model.document import Document, Finding
from editor.operations import CutSprite, Scene, Steer, WalkPath
from editor.session import FoundSoFar, Told, Working
from editor.ui.action_bar import ActionBar
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.sprite.actor import Recording
    from editor.ui.sprite.stage import SpriteStage
    from editor.ui.window import Window

Writing = Callable[[], Iterator[Step[str]]]

_STEERED = ("alpha", "beta", "gamma", "sigma", "seed")


@dataclass(eq=False)
class _Work:
    """What is done with one document in this mode."""

    draft: CutSprite  # as the options were left
    cut: Sprite | None = None  # all of it, those that were thrown out too
    key: Any = None  # of the engine
    asked: tuple[Any, ...] = ()  # what the key was found for
    unkeyed: str = ""  # why there is none
    told: tuple[Any, ...] = ()  # what decided about the document's sprite
    control: Any = None
    steered: Steer | None = None  # what the control was made with
    refused: str = ""  # why it cannot be steered
    ways: Sequence[float] = ()  # how many frames go each way
    garbage: Mask | None = None
    garbage_of: int = -1  # the revision of the mask it was made of
    step: str = "key"
    recording: Recording | None = None
    ground: str = ""  # what is behind the creature: none, own or picture
    picture: Frame | None = None


class SpriteDoings(ModeDoings):
    """The stage is made when somebody first comes here."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: SpriteStage | None = None
        self._action_bar: ActionBar | None = None
        self._shown: Document | None = None
        self._works: WeakKeyDictionary[Document, _Work] = WeakKeyDictionary()
        self._looking = False  # for a key
        self._steering = False
        self._steer_again = False
        self._session.found_so_far.connect(self._found_so_far)
        self._session.working.connect(self._worked)

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
            stage.export_wanted.connect(self._export)
            stage.open_wanted.connect(self._window.files.do_open)
            stage.key.colours_changed.connect(self._colours_picked)
            stage.key.pick_changed.connect(self._object_picked)
            stage.frames.rejected_changed.connect(self._reject)
            stage.steer.background_wanted.connect(self._ground_chosen)
            stage.steer.background_dropped.connect(self._read_ground)
            stage.steer.recording_changed.connect(self._recorded)
            options = self._window.steer_options
            known: dict[str, Any] = self._window.settings.get("operations.WalkPath", {})
            options.set_operation(WalkPath.from_dict(known))
            options.changed.connect(self._steer_tuned)
        return self._stage

    # ── which document, which step ──

    def show(self, document: Document | None) -> None:
        """Another document is in front; None: none is, or another mode is."""
        if document is not self._shown:
            if self._shown is not None:
                self._shown.found.disconnect(self._found)
                if self._stage is not None:
                    self._stage.forget()
                    self._stage.steer.show_control(None, None)
            self._shown = document
            if document is not None:
                document.found.connect(self._found)
                self._begin(document)
        if document is not None:
            self._options.set_operation(self._work.draft)  # a mode that is chosen has the last ones
            self._show_step()

    def _begin(self, document: Document) -> None:
        stage, work = self.stage(), self._work
        self._options.set_operation(work.draft)
        stage.key.show_footage(document.film)
        stage.key.say(work.unkeyed)
        finding = document.finding(CutSprite)
        if finding is not None:
            work.cut, work.key = finding.value.sprite, finding.value.key
        self._take_sprite()
        if document.film is not None:
            self._show_key()

    @property
    def _work(self) -> _Work:
        """That on the document in front."""
        document = self._shown
        assert document is not None
        if document not in self._works:
            fresh = replace(self.operation(), colours=(), pick=None, rejected=frozenset())
            work = _Work(fresh)
            if document.film is None and document.sprite is not None:
                own = document.sprite
                drift = {"along": own.drift.x, "down": own.drift.y}
                work.draft = replace(fresh, mirror=own.mirrored, **drift)  # type: ignore[arg-type]
                work.cut, work.step = own, "steer"
            self._works[document] = work
        return self._works[document]

    @property
    def _options(self) -> Any:
        return self._window.options_of(self._mode.name)

    def operation(self) -> CutSprite:
        operation = super().operation()
        assert isinstance(operation, CutSprite)
        return operation

    @property
    def label(self) -> str:
        if self._shown is None or self._stage is None or self._stage.step == "key":
            return self._mode.operation.label
        if self._stage.step == "frames":
            return Steer.label
        return "End the recording" if self._stage.steer.actor.recording else "Record"

    @Slot(object)
    def _go_to(self, step: str) -> None:
        if self._shown is not None:
            self._work.step = step
            self._show_step()
            self.stage().setFocus()

    def _show_step(self) -> None:
        stage, work = self.stage(), self._work
        document = self._shown
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

    def go(self) -> None:
        document = self._shown
        if document is None or self._stage is None:
            return
        step = self._stage.step
        if step == "key" and document.film is not None:
            self._session.do(replace(self.operation(), rejected=frozenset()))
        elif step == "frames" and self._work.cut is not None:
            self._go_to("steer")
        elif step == "steer":
            actor = self._stage.steer.actor
            actor.record(not actor.recording)

    def leave(self) -> bool:
        stage = self._stage
        if stage is None:
            return False
        if stage.step == "steer" and stage.steer.actor.recording:
            stage.steer.actor.record(False)
            return True
        picking = stage.key.eyedropper.value() or stage.key.chooser.value()
        stage.key.arm(False)
        return bool(picking)

    def end(self) -> None:
        if self._stage is not None:
            self._stage.end()

    # ── the key ──

    def tuned(self, operation: Any) -> None:
        """An option was changed: the matte of the frame and what was cut follow it."""
        if self._shown is None:
            return
        self._work.draft = operation
        if self._shown.film is not None:
            self._show_key()
        self._take_sprite()

    def _set(self, **values: Any) -> None:
        operation = replace(self.operation(), **values)
        self._options.set_operation(operation)
        self.tuned(operation)

    @Slot(object)
    def _colours_picked(self, colours: tuple[tuple[int, int, int], ...]) -> None:
        key = "colour" if colours else "auto"
        self._set(colours=colours, key=key)

    @Slot(object)
    def _object_picked(self, pick: tuple[int, float, float] | None) -> None:
        self._set(pick=pick)

    def _show_key(self) -> None:
        """The frame by the key as it is known; another one is looked for if it is another."""
        work, operation = self._work, self.operation()
        asked = operation.key, operation.colours, operation.first, operation.last
        key = work.key if work.asked in (asked, ()) else None
        self.stage().key.show_operation(operation, key, self._garbage())
        if work.asked != asked and not self._looking:
            self._find_key(asked)

    def _garbage(self) -> Mask | None:
        document, work = self._shown, self._work
        if document is None or not document.masked:
            return None
        if work.garbage is None or work.garbage_of != document.revision("mask"):
            work.garbage, work.garbage_of = document.mask != 0, document.revision("mask")
        return work.garbage

    def _find_key(self, asked: tuple[Any, ...]) -> None:
        document, work = self._shown, self._work
        assert document is not None
        # Another tolerance is only another look at the same backdrop.
        operation = replace(self.operation(), tolerance=0.0)
        scene, session = document.scene(), self._session
        if work.key is None:
            self.stage().key.say(self.tr("Looking for the backdrop…"))

        def steps() -> Iterator[Step[Any]]:
            try:
                yield from operation.keyed(scene, session.device())
            except (ValueError, FileProblem) as impossible:
                yield Step(1.0, impossible)

        def settle(found: Any) -> None:
            self._looking = False
            failed = isinstance(found, ValueError | FileProblem)
            work.asked, work.key = asked, None if failed else found
            work.unkeyed = f"{sentence_case(str(found))}." if failed else ""
            if document is self._shown:
                self.stage().key.say(work.unkeyed)
            if self._shown is not None and self._shown.film is not None:
                self._show_key()  # it may be another clip by now, or another key

        self._looking = True
        self._session.at_desk(self.tr("Find the backdrop"), steps, settle, quiet=True)

    # ── what is cut out ──

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if isinstance(said.operation, CutSprite) and said.document is self._shown:
            self.stage().frames.show_cut(said.value.sprite, frozenset())
            self.stage().show_step("frames")

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if isinstance(finding.operation, CutSprite):
            work = self._work
            work.cut, work.step = finding.value.sprite, "frames"
            self._take_sprite()
            self._show_step()

    @Slot(object)
    def _worked(self, working: Working | None) -> None:
        """A cut that was stopped leaves the page as it was."""
        if working is None and self._shown is not None and self._stage is not None:
            work = self._work
            self._stage.frames.show_cut(work.cut, work.draft.rejected)
            self._show_step()

    @Slot(object)
    def _reject(self, rejected: frozenset[int]) -> None:
        self._set(rejected=rejected)

    def _take_sprite(self) -> None:
        """The document's sprite is what was cut, without what was thrown out."""
        document, work, draft = self._shown, self._work, self._work.draft
        assert document is not None
        self.stage().frames.show_cut(work.cut, draft.rejected)
        if work.cut is None:
            return
        told = work.cut, draft.rejected, draft.mirror, draft.along, draft.down
        if told != work.told:
            work.told = told
            try:
                sprite = replace(draft.told(work.cut), source=work.cut.source or document.title)
            except ValueError as impossible:
                self._failed(f"{sentence_case(str(impossible))}.")
                work.draft = replace(draft, rejected=frozenset())
                self._options.set_operation(work.draft)
                self._take_sprite()
                return
            document.sprite, work.control = sprite, None
        if not work.ground:
            plate = work.key is not None and work.key.backdrop.is_plate
            work.ground = "own" if plate else "none"
        if work.control is None:
            self._steer()
        else:
            self._show_control(work.control)
        self._show_ground()

    # ── steering ──

    @Slot(object)
    def _steer_tuned(self, operation: WalkPath) -> None:
        self._window.settings.set("operations.WalkPath", operation.to_dict())
        if self._shown is not None and self._work.cut is not None:
            self._steer()

    def _steer(self) -> None:
        """Find how the creature is steered with the settings as they are; the last one counts."""
        if self._steering:
            self._steer_again = True
            return
        document, work = self._shown, self._work
        sprite = None if document is None else document.sprite
        if document is None or sprite is None:
            return
        operation = Steer.from_dict(self._window.steer_options.operation().to_dict())
        before, session = work.control, self._session
        if before is not None and work.steered is not None:
            other = replace(operation, **{name: getattr(work.steered, name) for name in _STEERED})
            if other != work.steered:
                before = None

        def steps() -> Iterator[Step[Any]]:
            from editor.operations.sprite import angles

            ways, device = angles(sprite), session.device()
            try:
                scene = Scene(np.zeros((*sprite.size[::-1], 3), np.uint8), sprite=sprite)
                if before is None:
                    finding = operation.controlled(scene, device)
                else:
                    finding = operation.retuned(before, device)
                for step in finding:
                    yield Step(step.done, None if step.value is None else (ways, step.value))
            except ValueError as impossible:
                yield Step(1.0, (ways, impossible))

        def settle(found: tuple[list[float], Any]) -> None:
            self._steering = False
            ways, control = found
            if document is self._shown and document.sprite is sprite:
                failed, first = isinstance(control, ValueError), work.control is None
                work.control, work.steered = None if failed else control, operation
                work.refused = f"{sentence_case(str(control))}." if failed else ""
                work.ways = ways
                self._show_control(work.control)
                if self.stage().step == "steer":
                    self._show_step()
                    if first:
                        self.stage().steer.actor.play()
            if self._steer_again and self._shown is not None:
                self._steer_again = False
                self._steer()

        self._steering = True
        self._session.at_desk(operation.label, steps, settle, quiet=True)

    def _show_control(self, control: Any) -> None:
        document, page = self._shown, self.stage().steer
        sprite = None if document is None else document.sprite
        page.show_control(sprite, control)
        self._show_ways()
        recording = self._work.recording
        if recording is not None and recording.sprite is sprite:
            page.show_recording(recording)
        self._show_ground()

    @Slot()
    def _recorded(self) -> None:
        if self._shown is not None:
            self._work.recording = self.stage().steer.recording
        self._window.show_go()

    def _show_ways(self) -> None:
        work, ways = self._work, self._work.ways
        covered = sum(count > 0 for count in ways)
        words = self.tr("It goes {0} of {1} ways.").replace("{0}", str(covered))
        words = words.replace("{1}", str(len(ways)))
        if work.refused:
            words = work.refused
        elif covered < len(ways) and not work.draft.mirror:
            words += " " + self.tr("Film more of the others, or mirror it.")
        self.stage().frames.show_ways(ways, words)

    # ── what is behind it ──

    @Slot(object)
    def _ground_chosen(self, kind: str) -> None:
        if self._shown is None:
            return
        if kind == "picture":
            endings = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.jxl *.avif"
            chosen, _ = QFileDialog.getOpenFileName(
                self._window, self.tr("Picture behind the creature"), str(self._folder()),
                f"{self.tr('Pictures')} ({endings});;{self.tr('All files')} (*)",
            )  # fmt: skip
            if chosen:
                self._read_ground(Path(chosen))
        else:
            self._work.ground = kind
        self._show_ground()

    @Slot(object)
    def _read_ground(self, path: Path) -> None:
        document = self._shown
        if document is None:
            return
        work = self._work

        def steps() -> Iterator[Step[Frame]]:
            from editor.files.read import read_picture_safely
            from editor.operations.sprite import frame_of

            yield Step(1.0, frame_of(read_picture_safely(path).pixels, alpha=False))

        def settle(picture: Frame) -> None:
            work.ground, work.picture = "picture", picture
            if document is self._shown:
                self._show_ground()

        self._session.at_desk(f"Open {path.name}", steps, settle)

    def _ground(self) -> Frame | None:
        """The picture behind the creature; None where there is none."""
        work = self._work
        if work.ground == "picture":
            return work.picture
        if work.ground == "own" and work.key is not None and work.cut is not None:
            levels = np.clip(np.rint(work.key.backdrop.plates[0]), 0, 255).astype(np.uint8)
            size = work.cut.size
            own: Frame = np.ascontiguousarray(np.broadcast_to(levels, (size.height, size.width, 3)))
            return own
        return None

    def _show_ground(self) -> None:
        work, page = self._work, self.stage().steer
        if work.cut is None:
            page.show_stage(None, None, "none")
            return
        page.background.offer(("none", "own", "picture") if work.key else ("none", "picture"))
        ground = self._ground()
        page.show_stage(work.cut.size if ground is None else Size.of(ground), ground, work.ground)

    # ── export ──

    @Slot(str)
    def _export(self, kind: str) -> None:
        document = self._shown
        if document is None or document.sprite is None:
            return
        path = self._asked_path(kind, document)
        if path is None:
            return
        writing = self._writing(kind, path, document.sprite)
        if not self._filing.export_made(document, path, writing):
            self._tell(self.tr("Something else is being worked on; try again when it is done."))

    def _asked_path(self, kind: str, document: Document) -> Path | None:
        from editor.files.clips.kinds import CLIP_KINDS

        films = [(one.name, one.suffix) for one in CLIP_KINDS if one.writes and one.suffix]
        kinds = {
            "sprite": [(self.tr("Sprite"), ".sprite")],
            "sheet": [("PNG", ".png"), ("WebP", ".webp")],
            "page": [(self.tr("Page"), ".html")],
        }.get(kind, films)
        names = {"sheet": "-sheet", "sprite": "", "page": ""}
        name = Path(document.title).stem + names.get(kind, f"-{kind}") + kinds[0][1]
        chosen, filter_ = QFileDialog.getSaveFileName(
            self._window, self.stage().exports()[kind].rstrip("…"), str(self._folder() / name),
            ";;".join(f"{one} (*{suffix})" for one, suffix in kinds),
        )  # fmt: skip
        if not chosen:
            return None
        path = Path(chosen)
        if not path.suffix:
            found = (suffix for one, suffix in kinds if filter_.startswith(one))
            path = path.with_suffix(next(found, kinds[0][1]))
        return path

    def _writing(self, kind: str, path: Path, sprite: Sprite) -> Writing:
        """How this kind of file is written, from frozen values."""
        from editor import writing_sprites as files

        operation = self._window.steer_options.operation()
        assert isinstance(operation, WalkPath)
        recording, ground = self.stage().steer.recording, self._ground()
        device = self._session.device
        if kind == "sprite":
            return partial(files.export_sprite, path, sprite)
        if kind == "sheet":
            return partial(files.export_sheet, path, sprite, device)
        if kind == "page":
            return partial(files.export_page, path, sprite, operation, ground, device)
        if kind == "recording" and recording is not None:
            taken = recording.sprite, recording.control, recording.states
            return partial(files.export_recording, path, *taken, ground)
        if kind == "path" and recording is not None:
            operation = replace(operation, seconds=max(0.1, recording.seconds))
            way: Callable[[], Any] = recording.route
        else:
            way = partial(files.usual_route, kind, sprite, ground)
        return partial(files.export_walk, path, sprite, operation, ground, way, device)

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self._session.told.emit(Told("warning", sentence))
