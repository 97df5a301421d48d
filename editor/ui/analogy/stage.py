"""Four pictures in a square: A is to A′ as B is to B′; further pairs stand beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from editor.engine.image import Meta
from editor.model.document import Document
from editor.operations.analogy import Analogous
from editor.tools.base import Pointer
from editor.ui.analogy.pane import Pane
from editor.ui.analogy.strip import KappaStrip
from editor.ui.canvas import View
from editor.ui.theme import GRID
from editor.ui.widgets import PillButton

if TYPE_CHECKING:
    from editor.files.samples import Sample

_BELOW = 56  # logical pixels below B and B′, where the action bar floats
MOST_PAIRS = 3
_NUMBERS = ("", "₂", "₃")
Pixel = tuple[int, int]  # x, y


class AnalogyStage(QWidget):
    """Signals: open_wanted(name), clear_wanted(name), dropped(name, Path), swapped(name, name),
    pair_wanted(), take_wanted(), sample_wanted(Sample), filter_wanted(), another_wanted() —
    pair; figure_wanted(); hovered(Pointer or None) — in B, B′; kappas_wanted(); of the κ strip
    kappa_chosen(number), strip_closed(), strip_size_wanted(small).
    """

    open_wanted = Signal(str)
    clear_wanted = Signal(str)
    dropped = Signal(str, object)
    swapped = Signal(str, str)
    pair_wanted = Signal()
    take_wanted = Signal()
    sample_wanted = Signal(object)
    filter_wanted = Signal()
    another_wanted = Signal()
    figure_wanted = Signal()
    hovered = Signal(object)
    kappas_wanted = Signal()
    kappa_chosen = Signal(int)
    strip_closed = Signal()
    strip_size_wanted = Signal(object)

    def __init__(self, samples: Sequence[Sample] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Analogy"))
        self.setObjectName("analogy")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._following = False  # one pane follows another: not to be followed in turn
        self._made: Analogous | None = None
        self.painted_on = False  # a tool paints on B
        self._strip: KappaStrip | None = None
        self._prompt = False  # what the example shows is found out
        self.whole = True  # B′ is finished, or not there at all
        tr = self.tr
        self.panes = {
            "A": Pane("A", tr("before"), tr("A picture before a change"), tr("Open A…")),
            "A′": Pane(
                "A′", tr("after"), tr("The same picture after it, pixel upon pixel"), tr("Open A′…")
            ),
            "B": Pane(
                "B", tr("yours"), tr("The picture to change likewise"), tr("Open B…"), below=_BELOW
            ),
            "B′": Pane("B′", tr("result"), "", below=_BELOW),
        }
        for pane in self.panes.values():
            self._connect(pane)
        self._both = self.panes["A"].add_button(tr("Open pair…"))
        self._both.clicked.connect(self.pair_wanted)
        self.take = PillButton(tr("Take"), height=26)
        self.take.setToolTip(tr("Make B′ the picture, in one step that can be undone"))
        self.take.clicked.connect(self.take_wanted)
        self.panes["B′"].tools.addWidget(self.take)
        grid = self._grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        for line in (0, 1):
            grid.setRowStretch(line, 1)
        self._place(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar(samples))
        four = QWidget()
        four.setLayout(grid)
        self._pages = QStackedWidget()
        self._pages.addWidget(four)
        whole.addWidget(self._pages, 1)
        self._figure.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.panes["B"].canvas)
        self.show_made(None, None)

    def _bar(self, samples: Sequence[Sample]) -> QWidget:
        bar = QWidget()
        bar.setObjectName("toolBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(46)
        pair = PillButton(self.tr("Open pair…"), height=30)
        pair.setToolTip(self.tr("Open a picture called name-A, and with it name-Ap beside it"))
        pair.clicked.connect(self.pair_wanted)
        self.examples = PillButton(self.tr("Examples"), height=30)
        self.examples.setToolTip(self.tr("Open A, A′ and B for one of the purposes"))
        self.examples.clicked.connect(self._offer_examples)
        kappas = PillButton(self.tr("Compare κ"), height=30)
        kappas.setToolTip(self.tr("Make B′ with κ = 0, 1, 5 and 15, and take one of them"))
        kappas.clicked.connect(self.kappas_wanted)
        self._figure = PillButton(self.tr("Open figure…"), height=30)
        self._figure.setToolTip(
            self.tr("Open one picture of two by two cells, of which one is empty")
        )
        self._figure.clicked.connect(self.figure_wanted)
        self._menu = QMenu(self)
        for sample in samples:
            action = self._menu.addAction(self.tr(sample.title))
            action.setToolTip(self.tr(sample.sentence))
            action.triggered.connect(partial(self.sample_wanted.emit, sample))
        self._menu.setToolTipsVisible(True)
        keep = PillButton(self.tr("Save as filter…"), height=30)
        keep.setToolTip(self.tr("Keep A and A′ as a filter in the menu, for any picture"))
        keep.clicked.connect(self.filter_wanted)
        words = QLabel(self.tr("A is to A′ as B is to B′"))
        words.setObjectName("muted")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(GRID)
        self.another = PillButton(self.tr("Add pair"), height=30)
        self.another.setToolTip(
            self.tr("Show one more picture before and after: all of them are learnt from")
        )
        self.another.clicked.connect(self.another_wanted)
        row.addWidget(pair)
        row.addWidget(self.another)
        row.addWidget(self.examples)
        row.addWidget(kappas)
        row.addWidget(self._figure)
        row.addStretch(1)
        row.addWidget(words)
        row.addSpacing(GRID)
        row.addWidget(keep)
        return bar

    # ── the κ strip ──

    @property
    def strip(self) -> KappaStrip:
        assert self._strip is not None, "it is shown first"
        return self._strip

    def show_strip(self, kappas: Sequence[float]) -> None:
        """In the place of the four pictures; made when it is first wanted."""
        if self._strip is None:
            self._strip = KappaStrip(kappas)
            self._strip.chosen.connect(self.kappa_chosen)
            self._strip.closed.connect(self.strip_closed)
            self._strip.size_wanted.connect(self.strip_size_wanted)
            self._pages.addWidget(self._strip)
        self._pages.setCurrentWidget(self._strip)
        self._strip.setFocus()

    def hide_strip(self) -> None:
        self._pages.setCurrentIndex(0)
        self.setFocus()

    def _connect(self, pane: Pane) -> None:
        pane.open_wanted.connect(self.open_wanted)
        pane.clear_wanted.connect(self.clear_wanted)
        pane.dropped.connect(self.dropped)
        pane.swapped.connect(self.swapped)
        pane.canvas.viewed.connect(partial(self._follow, pane))
        pane.canvas.hovered.connect(partial(self._point, pane))

    # ── pairs ──

    def show_pairs(self, count: int) -> None:
        """So many pairs beside each other, above B and B′."""
        for number in range(1, MOST_PAIRS):
            for name in pair_names(number):
                if number < count and name not in self.panes:
                    self._add_pane(name, number)
                elif number >= count and name in self.panes:
                    pane = self.panes.pop(name)
                    self._grid.removeWidget(pane)
                    pane.show_document(None)
                    pane.hide()
                    pane.deleteLater()
        self._place(count)
        self.another.setEnabled(count < MOST_PAIRS)
        self._both.setVisible(count == 1)  # there is no room for it
        self._say_what_is_missing()

    def _add_pane(self, name: str, number: int) -> None:
        after = "′" in name
        words = self.tr("after") if after else self.tr("before")
        ask = (
            self.tr("The same picture after it")
            if after
            else self.tr("Another one before a change")
        )
        away = self.tr("Take pair {} away").format(number + 1)
        button = self.tr("Open {}…").format(name)
        self.panes[name] = pane = Pane(name, words, ask, button, away=away)
        self._connect(pane)

    def _place(self, count: int) -> None:
        """B and B′ stay as large as they are; the pairs share what is above them."""
        above = [name for number in range(count) for name in pair_names(number)]
        for column, name in enumerate(above):
            self._grid.addWidget(self.panes[name], 0, column)
        for column in range(2 * MOST_PAIRS):
            self._grid.setColumnStretch(column, 1 if column < len(above) else 0)
        for half, name in enumerate(("B", "B′")):
            self._grid.addWidget(self.panes[name], 1, half * count, 1, count)

    # ── what is shown ──

    def show_prompt(self, prompt: bool) -> None:
        """Whether the four are a visual prompt."""
        self._prompt = prompt
        self._figure.setVisible(prompt)
        self._say_what_is_missing()

    def show_picture(self, name: str, document: Document | None) -> None:
        """A, A′ or B; what is in the others stays where it is."""
        if self.panes[name].document is not document:
            self._put(name, document)
        self._say_what_is_missing()

    @property
    def made(self) -> Analogous | None:
        """What is to be seen as B′."""
        return self._made

    def show_made(self, made: Analogous | None, meta: Meta | None, *, whole: bool = True) -> None:
        """B′, or an estimate of it (not ``whole``); it has the colour profile of B."""
        pane, before = self.panes["B′"], self._made
        self._made, self.whole = made, whole
        if made is None:
            self._replace(None)
        elif whole or before is None or not _alike(made, before):
            self._replace(Document(made.pixels, meta=meta, title=self.tr("B′")))
        else:
            pane.canvas.show_preview(made)
        self.take.setVisible(made is not None and whole)
        self._say_what_is_missing()

    def _replace(self, document: Document | None) -> None:
        old = self.panes["B′"].document
        self._put("B′", document)
        if old is not None:
            old.deleteLater()

    def _put(self, name: str, document: Document | None) -> None:
        """In its pane, seen as the others are."""
        others = [pane for pane in self.panes.values() if pane.document and pane.name != name]
        self._following = True
        self.panes[name].show_document(document)
        self._following = False
        if document is not None and others:
            near = next((one for one in others if one.name[0] == name[0]), others[0])
            self._follow(near, near.canvas.view, [self.panes[name]])

    def _say_what_is_missing(self) -> None:
        if self._prompt:
            self.panes["B′"].set_ask(
                self.tr(
                    "What the example shows is found out and done to B: a change of tones, of"
                    " colours, of texture. It knows no things: it cannot name, move or invent any."
                )
            )
            return
        needed = [pane for name, pane in self.panes.items() if name != "B′"]
        missing = any(pane.document is None for pane in needed)
        if missing:
            words = self.tr("It is made of the others")
        else:
            words = self.tr("Press Enter to make it")
        self.panes["B′"].set_ask(words)

    # ── together ──

    def _follow(self, pane: Pane, view: View, others: Sequence[Pane] | None = None) -> None:
        """All pictures at the same scale and place as the one that was moved."""
        if self._following:
            return
        self._following = True
        for other in self.panes.values() if others is None else others:
            if other is pane or other.document is None:
                continue
            if view.fitted:
                other.canvas.fit()
            else:
                other.canvas.show_middle(view.scale, pane.canvas.middle)
        self._following = False

    def _point(self, pane: Pane, pointer: Pointer | None) -> None:
        """The cursor is over a place of one picture: it lights up in all four."""
        at = None if pointer is None else (int(pointer.x), int(pointer.y))
        marks = {} if at is None else self.marks(pane.name, at)
        if self.painted_on and pane.name == "B":
            marks.pop("B", None)  # the brush shows that place
        for name, one in self.panes.items():
            one.canvas.show_mark(marks.get(name))
        if pane.name[0] == "B":
            self.hovered.emit(pointer)

    def marks(self, name: str, at: Pixel) -> dict[str, Pixel]:
        """What a pixel of one picture is in the others: where it was copied from, and what it is
        the like of.
        """
        if name[0] == "A":
            number = _NUMBERS.index(name.lstrip("A′"))
            return dict.fromkeys(pair_names(number), at)
        found = {"B": at, "B′": at}
        sources = None if self._made is None else self._made.sources
        if sources is not None and at[1] < len(sources) and at[0] < sources.shape[1]:
            pair, y, x = (int(number) for number in sources[at[1], at[0]])
            found |= dict.fromkeys(pair_names(pair), (x, y))
        return found

    @Slot()
    def _offer_examples(self) -> None:
        self._menu.popup(self.examples.mapToGlobal(self.examples.rect().bottomLeft()))


def pair_names(number: int) -> tuple[str, str]:
    """What the panes of a pair are called; the first has no number."""
    sign = _NUMBERS[number]
    return f"A{sign}", f"A′{sign}"


def _alike(one: Analogous, other: Analogous) -> bool:
    return one.pixels.shape == other.pixels.shape and one.pixels.dtype == other.pixels.dtype
