"""The weather chain: tomorrow depends on today, and the share of rain settles all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from editor.model.document import Document
from editor.operations import Operation, WalkChain
from editor.operations.chains import WEATHER, Rows, with_chance
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.weather_board import Board, Cell
from editor.ui.theme import Theme

if TYPE_CHECKING:
    from editor.operations.chains import Walked

_OZ: Rows = ((0.0, 0.5, 0.5), (0.25, 0.5, 0.25), (0.25, 0.25, 0.5))
_BY = 0.05  # of a chance, at a time
_TWO, _THREE = ("sun", "rain"), ("sun", "rain", "snow")


@dataclass(frozen=True, slots=True)
class Settings:
    names: tuple[str, ...] = _TWO
    chances: Rows = WEATHER
    days: int = 364  # after the first
    seed: int = 1


class WeatherPage(Page):
    name, caption = "weather", "Weather chain"
    text = Text(
        "Weather chain",
        (
            "Where there is sun today there is mostly sun tomorrow. The row of today says how "
            "likely each weather is tomorrow; what was before today does not count.",
            "That is a Markov chain: states, arrows, and a chance on each arrow. The same as a "
            "matrix, a row for each state, whose chances sum to 1.",
            "No day knows of the share of rain. It settles all the same, at π, from whatever "
            "weather one begins: the thin line is the chance of each day, the thick one what was.",
            "H says how much of a surprise tomorrow is, in bits, when today is known.",
        ),
        (
            Formula("chain-next", "the chances of the next day are those of this day, times P"),
            Formula("chain-limit", "pi times P is pi, and pi sums to one"),
            Formula(
                "chain-entropy",
                "H is minus the sum over i of pi i times the sum over j of P i j log two P i j",
            ),
        ),
        "C. E. Shannon: A Mathematical Theory of Communication. Bell System Technical Journal "
        "27, 1948, §4 to §7. The Land of Oz: J. G. Kemeny, J. L. Snell: Finite Markov Chains, "
        "1960.",
    )
    tries = (
        Try(
            "Fair",
            "Two days of sun for each of rain, in the long run.",
            {"names": _TWO, "chances": WEATHER},
            "Try this",
        ),
        Try(
            "Fickle",
            "A coin is tossed every morning: one bit a day.",
            {"names": _TWO, "chances": ((0.5, 0.5), (0.5, 0.5))},
            "Try this",
        ),
        Try(
            "Settled",
            "The same share of rain as with a coin, and hardly a surprise: the share takes longer.",
            {"names": _TWO, "chances": ((0.95, 0.05), (0.05, 0.95))},
            "Try this",
        ),
        Try(
            "Like a clock",
            "Sun and rain take turns: nothing is left to chance, and the chance never settles.",
            {"names": _TWO, "chances": ((0.0, 1.0), (1.0, 0.0))},
            "Try this",
        ),
        Try(
            "Land of Oz",
            "Three states: there are never two days of sun in a row.",
            {"names": _THREE, "chances": _OZ},
            "Try this",
        ),
        Try("Another seed", "Other days, by the same chances.", group="Try this", act=Page.reseed),
        Try(
            "−5 %",
            "Takes from the chance that is marked in the matrix.",
            group="The chance marked",
            act=lambda page: page.add(-_BY),
        ),
        Try(
            "+5 %",
            "Adds to the chance that is marked in the matrix.",
            group="The chance marked",
            act=lambda page: page.add(_BY),
        ),
        Try(
            "Next",
            "Marks the next chance of the matrix.",
            group="The chance marked",
            act=lambda page: page.mark_next(),
        ),
    )
    first = Settings()
    pace = 6.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marked: Cell = (0, 1)
        self._board = Board(self)

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        return WalkChain(
            days=settings.days,
            seed=settings.seed,
            names=settings.names,
            chances=settings.chances,
        )

    @property
    def count(self) -> int:
        walked: Walked | None = self.record
        return 0 if walked is None else len(walked.states)

    def said(self) -> str:
        walked: Walked | None = self.record
        if walked is None:
            return ""
        words = self.tr("Day {0} of {1}: {2}")
        weather = self.tr(walked.chain.names[walked.states[self.moment]])
        return words.format(self.moment + 1, len(walked.states), weather)

    # ── what is tried ──

    def attempt(self, one: Try) -> None:
        if one.changes:
            self._mark((0, 1))
        super().attempt(one)

    def add(self, by: float) -> None:
        """To the chance that is marked; the others of its row share what is left."""
        settings: Settings = self.settings
        i, j = self.marked
        changed = with_chance(settings.chances, i, j, settings.chances[i][j] + by)
        if changed != settings.chances:
            self.change(chances=changed)

    def mark_next(self) -> None:
        count = len(self.settings.names)
        at = self.marked[0] * count + self.marked[1] + 1
        self._mark(divmod(at % count**2, count))

    def _mark(self, cell: Cell) -> None:
        if cell != self.marked:
            self.look(cell)
            self.looked.emit(cell)

    def look(self, what: Any) -> None:
        self.marked = what
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_ground(painter, "" if self.record else self.tr("The days are drawn…"))
        if self.record is not None:
            self._board.draw(painter, Theme.of(self), self.record, self.moment)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._board.cell_at(event.position())
        if cell is not None:
            self._mark(cell)

    def wheelEvent(self, event: QWheelEvent) -> None:
        cell, turned = self._board.cell_at(event.position()), event.angleDelta().y()
        if cell is None or not turned:
            event.ignore()
            return
        self._mark(cell)
        self.add(_BY if turned > 0 else -_BY)
