"""Analogy mode: which pictures are A and A′, what is made of them, and when it is taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from editor.engine.step import Step
from editor.model.document import Document, Finding
from editor.news import FoundSoFar, Offer, Shown, Told, Working
from editor.opening import reading
from editor.operations import Analogy
from editor.operations.analogy import example
from editor.ui.action_bar import ActionBar
from editor.ui.canvas import Canvas
from editor.ui.doings.aligning import Aligning
from editor.ui.doings.beside import BesideDoings
from editor.ui.doings.kappas import KappaDoings
from editor.ui.doings.labels import LabelDoings
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.files.samples import Sample
    from editor.opening import Opened
    from editor.tools.base import Tool
    from editor.ui.analogy.stage import AnalogyStage
    from editor.ui.modes import Mode
    from editor.ui.window import Window


class AnalogyDoings(ModeDoings):
    """A and A′ are pictures of the mode, B is the document, B′ what was found of it."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: AnalogyStage | None = None
        self._action_bar: ActionBar | None = None
        self._shown: Document | None = None  # B, while the mode is in front
        self._pair: dict[str, Document | None] = {"A": None, "A′": None}
        self._fresh = False  # B′ is what Enter would make of the pictures and options of now
        self._preset = Analogy().preset
        self.labels = LabelDoings(window, self)
        self.kappas = KappaDoings(window, self)
        self._aligning = Aligning(window)
        self.beside = BesideDoings(window)
        self.beside.changed.connect(self._beside_changed)
        self._session.results.found_so_far.connect(self._found_so_far)
        self._session.working.connect(self._working)
        self._session.results.shown.connect(self._preview)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    @property
    def label(self) -> str:
        return "Take" if self._fresh or self.kappas.open else super().label

    @property
    def starts_empty(self) -> bool:
        return True

    @property
    def paints(self) -> bool:
        return self.labels.painting

    @property
    def hint(self) -> str:
        return "Paint a label on B: B′ follows when you let go. Space pans, [ ] for size."

    def take(self, tool: Tool) -> None:
        self.labels.take(tool)

    @property
    def by_numbers(self) -> bool:
        """Whether B is a map of labels, to be painted."""
        return self._window.doing is self and self.operation().preset == "numbers"

    @property
    def A(self) -> Document | None:
        return self._pair["A"]

    @property
    def B(self) -> Document | None:
        return self._shown

    def stage(self) -> AnalogyStage:
        if self._stage is None:
            from editor.files.samples import analogy_samples
            from editor.ui.analogy.stage import AnalogyStage

            stage = self._stage = AnalogyStage(analogy_samples())
            self._action_bar = ActionBar(stage)
            self._window.follow_bar(self._action_bar)
            stage.open_wanted.connect(self._choose)
            stage.clear_wanted.connect(self._clear)
            stage.dropped.connect(self.put)
            stage.swapped.connect(self.swap)
            stage.pair_wanted.connect(self._choose_pair)
            stage.take_wanted.connect(self.take_it)
            stage.sample_wanted.connect(self.open_sample)
            stage.kappas_wanted.connect(self.kappas.compare)
            stage.kappa_chosen.connect(self.kappas.take)
            stage.strip_closed.connect(self.kappas.leave)
            stage.strip_size_wanted.connect(self.kappas.resize)
            stage.another_wanted.connect(self.add_pair)
            stage.figure_wanted.connect(self._choose_figure)
            stage.show_prompt(self.operation().preset == "prompt")
            stage.filter_wanted.connect(self.do_save_filter)
            stage.hovered.connect(self._window.status.show_place)
            stage.panes["B"].canvas.gestured.connect(self._window.gestured)
            stage.panes["B"].canvas.zoomed.connect(self._window.status.show_zoom)
            self._window.show_go()
        return self._stage

    @property
    def surface(self) -> Canvas:
        return self.stage().panes["B"].canvas

    def show(self, document: Document | None) -> None:
        if document is self._shown:
            self.labels.attend()
            return
        if self._shown is not None:
            self._shown.history.changed.disconnect(self.labels.follow)
            self._shown.found.disconnect(self._found)
            self._shown.changed.disconnect(self._outdated)
            self._shown.reshaped.disconnect(self._outdated)
        self._shown = document
        self.kappas.close()
        self._preset = self.operation().preset
        self.labels.attend()
        if document is None and self._stage is None:
            return
        stage = self.stage()
        stage.show_picture("B", document)
        self._set_fresh(False)
        if document is None:
            stage.show_made(None, None)
            return
        document.history.changed.connect(self.labels.follow)
        document.found.connect(self._found)
        document.changed.connect(self._outdated)
        document.reshaped.connect(self._outdated)
        self._show_finding()

    def go(self) -> None:
        if self.kappas.open:
            self.kappas.take(self.stage().strip.at)
        elif self._fresh:
            self.take_it()
        elif wrong := self._half() or self.beside.why_not(len(self.operation().examples)):
            self._session.told.emit(Told("warning", wrong))
        else:
            self.start(self.operation())

    def _half(self) -> str:
        """What to say where of a pair only one picture is there."""
        for pair in self._names:
            missing = [name for name in pair if self._pair[name] is None]
            if len(missing) == 1:
                words = self.tr("There is no {} yet: open it, or drop it there.")
                return words.format(missing[0])
        return ""

    def operation(self) -> Analogy:
        """As the options are set, with the pictures."""
        operation = super().operation()
        assert isinstance(operation, Analogy)
        pairs = [(self._pair[A], self._pair[Ap]) for A, Ap in self._names]
        examples = [example(A.image, Ap.image) for A, Ap in pairs if A and Ap]
        return self.beside.into(dataclasses.replace(operation, examples=tuple(examples)))

    @property
    def _names(self) -> list[tuple[str, str]]:
        """Those of the panes, pair by pair."""
        from editor.ui.analogy.stage import pair_names

        return [pair_names(number) for number in range(len(self._pair) // 2)]

    def leave(self) -> bool:
        return self.kappas.close()

    @Slot(object)
    def tuned(self, operation: Any) -> None:
        """Another purpose brings what suits it."""
        if operation.preset != self._preset:
            self._preset = operation.preset
            self.use(operation.suggested())
            self.stage().show_prompt(operation.preset == "prompt")
        self.kappas.close()
        self.labels.forget()
        self._set_fresh(False)
        self.labels.attend()

    def use(self, operation: Analogy) -> None:
        """From now on the options are these."""
        options = self._window.options_of(self._mode.name)
        options.set_operation(operation)
        self._preset = operation.preset
        self._window.settings.set("operations.Analogy", operation.to_dict())
        self.labels.forget()
        self._set_fresh(False)
        self.labels.attend()

    @Slot()
    def do_save_filter(self) -> None:
        self._window.filters.save_as(self.operation())

    # ── what is found ──

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if said.document is self._shown and isinstance(said.operation, Analogy):
            self.stage().show_made(said.value, said.document.meta, whole=False)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if isinstance(finding.operation, Analogy):
            self._show_finding()
            self._set_fresh(not self.by_numbers or self.labels.up_to_date(finding))
        self.labels.found(finding)
        self.kappas.found(finding)

    @Slot(object)
    def _preview(self, shown: Shown) -> None:
        """An edit of B is in the making, by a filter that was saved."""
        if shown.document is self._shown and self._stage is not None:
            self._stage.panes["B"].canvas.show_preview(shown.value)

    @Slot(object)
    def _working(self, working: Working | None) -> None:
        """What was stopped leaves the last B′ that was whole."""
        if working is None and self._stage is not None and not self._stage.whole:
            self._show_finding()
        if working is None:
            self.kappas.begin_next()

    def _show_finding(self) -> None:
        assert self._shown is not None or self._stage is None
        if self._shown is not None:
            finding = self._shown.finding(Analogy)
            value = None if finding is None else finding.value
            self.stage().show_made(value, self._shown.meta)

    def _set_fresh(self, fresh: bool) -> None:
        if fresh != self._fresh:
            self._fresh = fresh
            self._window.show_go()

    @Slot()
    def _outdated(self) -> None:
        """B is another picture than the one B′ was made of."""
        self.kappas.close()
        self._set_fresh(False)
        self.stage().panes["B"].show_size()

    @Slot()
    def take_it(self) -> None:
        """B′ becomes the picture."""
        finding = None if self._shown is None else self._shown.finding(Analogy)
        if self._shown is None or finding is None:
            return
        if self._session.solving:
            self._tell_busy()
            return
        document = self._shown
        document.forget(Analogy)
        made = Offer(document, finding.operation, finding.value, document.shapes)
        self._session.results.accept(made)
        self.stage().show_made(None, None)

    # ── the pictures ──

    @Slot(str)
    def _choose(self, name: str) -> None:
        chosen = self._asked_picture(self.tr("Open {}").format(name))
        if chosen is not None:
            self.put(name, chosen)

    @Slot(str, object)
    def put(self, name: str, path: Path) -> None:
        """Open a picture as A, A′ or B."""
        if name == "B":
            self._filing.open(path)
        else:
            self._read(name, path)

    def _read(self, name: str, path: Path, title: str = "") -> None:
        """As A or A′, under the name of its file or one of its own."""

        def settle(opened: Opened) -> None:
            for notice in opened.notices:
                self._session.told.emit(Told("info", notice))
            called = title or opened.title
            self._set(name, Document(opened.pixels, meta=opened.meta, title=called, parent=self))

        self._session.at_desk(f"Open {path.name}", lambda: reading(path), settle)

    def _set(self, name: str, document: Document | None) -> None:
        """Another A or A′, or none."""
        old = self._pair[name]
        self._pair[name] = document
        if document is not None:
            document.reshaped.connect(self._pair_reshaped)
        self.stage().show_picture(name, document)
        self._compare(name, old)
        if old is not None and old not in self._pair.values():
            old.deleteLater()
        self._pair_changed()

    def _pair_changed(self) -> None:
        """A or A′ is another picture."""
        self.kappas.close()
        self.labels.forget()
        self._set_fresh(False)
        self.labels.attend()

    def _compare(self, name: str, old: Document | None = None) -> None:
        """See whether A′ lies on A; what was offered before holds no more."""
        A, Ap = next(names for names in self._names if name in names)
        self._aligning.withdraw(old)
        self._aligning.withdraw(self._pair[Ap])
        if self.operation().compares == "light":
            self._aligning.look_at(self._pair[A], self._pair[Ap])

    @Slot()
    def _beside_changed(self) -> None:
        self._set_fresh(False)

    @Slot()
    def _pair_reshaped(self) -> None:
        self._set_fresh(False)

    @Slot(str)
    def _clear(self, name: str) -> None:
        number = next(at for at, names in enumerate(self._names) if name in names)
        if number == 0:
            self._set(name, None)
        else:
            self._remove_pair(number)

    @Slot()
    def add_pair(self) -> None:
        """Room for one more A and A′."""
        from editor.ui.analogy.stage import pair_names

        self._pair |= dict.fromkeys(pair_names(len(self._names)))
        self.stage().show_pairs(len(self._names))

    def _remove_pair(self, number: int) -> None:
        """Those behind it move up."""
        names = self._names
        for behind, names_behind in enumerate(names[number:-1], start=number):
            for name, other in zip(names_behind, names[behind + 1], strict=True):
                self._pair[name], self._pair[other] = self._pair[other], self._pair[name]
        for name in names[-1]:
            self._set(name, None)
        for name in names[-1]:
            del self._pair[name]
        self.stage().show_pairs(len(self._names))
        for name, document in self._pair.items():
            self.stage().show_picture(name, document)

    @Slot(str, str)
    def swap(self, name: str, other: str) -> None:
        """The pictures of two panes change places; B′ is copied to where it is put."""
        if "B′" in (name, other):
            self._copy_result(other if name == "B′" else name)
            return
        if "B" in (name, other):
            self._swap_with_B(other if name == "B" else name)
            return
        pair = self._pair
        pair[name], pair[other] = pair[other], pair[name]
        for one in (name, other):
            self.stage().show_picture(one, pair[one])
        for one in (name, other):
            self._compare(one)
        self._pair_changed()

    def _copy_result(self, name: str) -> None:
        made = self.stage().made
        if name == "B":
            self.take_it()
        elif made is not None:
            meta = None if self._shown is None else self._shown.meta
            self._set(name, Document(made.pixels, meta=meta, title="B′", parent=self))

    def _swap_with_B(self, name: str) -> None:
        """B stays open as a document of its own; what was A or A′ becomes another one."""
        held, B = self._pair[name], self._shown
        if B is not None:
            image = B.image
            self._set(name, Document(image, meta=B.meta, title=B.title, parent=self))
        if held is not None:
            self._session.add(held.image, held.title, meta=held.meta)

    @Slot()
    def _choose_pair(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open one of a pair, as in name-A and name-Ap"),
            str(self._folder()),
        )  # fmt: skip
        if chosen:
            self.open_pair(Path(chosen))

    def open_pair(self, path: Path) -> None:
        """A and A′ from the name of one of them; B too, if it lies beside them."""
        from editor.files.pairs import together
        from editor.files.problems import FileProblem

        try:
            found = together(path)
        except FileProblem as problem:
            self._session.told.emit(Told("warning", f"{problem}."))
            return
        self.put("A", found.A)
        self.put("A′", found.Ap)
        if found.B is not None:
            self.put("B", found.B)

    @Slot()
    def _choose_figure(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open a figure of two by two cells"), str(self._folder())
        )
        if chosen:
            self.open_figure(Path(chosen))

    def open_figure(self, path: Path) -> None:
        """A, A′ and B are the cells of one picture; the fourth is empty."""
        from editor.operations.prompt import split

        def steps() -> Iterator[Step[Any]]:
            for step in reading(path):
                opened = step.value
            assert opened is not None
            yield Step(1.0, (opened.meta, split(opened.pixels)))

        def settle(found: Any) -> None:
            meta, (A, Ap, B) = found
            for name, pixels in (("A", A), ("A′", Ap)):
                self._set(name, Document(pixels, meta=meta, title=path.name, parent=self))
            self._session.add(B, path.name, meta=meta)

        self._session.at_desk(f"Open {path.name}", steps, settle)

    @Slot(object)
    def open_sample(self, sample: Sample) -> None:
        """All three pictures, and the options for them."""
        assert sample.analogy is not None
        self._read("A", sample.analogy.A, sample.title)
        self._read("A′", sample.analogy.Ap, sample.title)
        self._filing.open_sample(sample)

    def make_ready(self, settings: Mapping[str, Any]) -> None:
        usual = Analogy.from_dict(dict(settings)).suggested().to_dict()
        self.use(Analogy.from_dict({**usual, **settings}))
        self.stage().show_prompt(self.operation().preset == "prompt")
