"""How a restoration goes: what it will take, its curves, and the checkpoints to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.engine.curve import Curve
from editor.jobs import sentence_case
from editor.model.document import Document
from editor.operations import Race, Restore
from editor.operations.base import Paused
from editor.operations.race import Raced, rivals
from editor.operations.restore import Cost
from editor.ui.restore.fit_view import FitView
from editor.ui.restore.race_view import RaceView
from editor.ui.status import bytes_text
from editor.ui.theme import GRID
from editor.ui.widgets import ChoiceBox, PillButton, Row, Section

_SOON = 10  # s: what is over sooner is not counted down


class RestorePanel(Section):
    """Signals: wanted(int) — the checkpoint of this iteration is to be seen; taken() — for good;
    flash_chosen(Document or None); race_wanted(str) — against this network.
    """

    wanted = Signal(int)
    taken = Signal()
    flash_chosen = Signal(object)
    race_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Progress", "Take this one", parent)
        self.view = FitView()
        self.view.setToolTip(
            self.tr(
                "Error: how far the network is from the picture as it was. Unrest: how much its"
                " pictures still change; where that is lowest it is best to stop."
            )
        )
        self._words = QLabel()
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        self._flashes = ChoiceBox([(None, "")], name=self.tr("Picture with flash"))
        self._flashes.setToolTip(
            self.tr("The same picture taken with flash: its sharp edges say where this one has its")
        )
        self._flashes.changed.connect(self.flash_chosen)
        self._flash = Row(self.tr("With flash"), self._flashes)
        self._flash.hide()
        self.add(self._flash)
        self.add(self._words)
        self.add(self.view)
        self.race_view = RaceView()
        self.race_view.hide()
        self.add(self.race_view)
        self._add_race()
        self.link.setToolTip(self.tr("Let the picture that is shown be the result"))
        self.link.hide()
        self.view.wanted.connect(self.wanted)
        self.view.taken.connect(self.taken)
        self.triggered.connect(self.taken)
        self.show_curve(None, running=False)

    def _add_race(self) -> None:
        nets = [(value, self.tr(caption)) for value, caption in rivals()]
        self._rivals = ChoiceBox(nets, Race.rival, name=self.tr("Race against"))
        self._rivals.setToolTip(self.tr("The network that is fitted beside the one above"))
        self._race = PillButton(self.tr("Race"), height=28)
        self._race.setToolTip(
            self.tr("Fit both side by side, each for as long as the other, and take the better one")
        )
        self._race.clicked.connect(self._want_race)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._rivals, 1)
        row.addWidget(self._race)
        self._race_row = Row(self.tr("Against"), both, caption_width=0)
        self.add(self._race_row)

    @Slot()
    def _want_race(self) -> None:
        self.race_wanted.emit(str(self._rivals.value()))

    def show_race(self, raced: Raced | None, *, running: bool, paused: Paused | None) -> None:
        """Two networks side by side; None: their first pictures are not there, or there is none."""
        raced = paused.made if raced is None and paused is not None else raced
        there = running or paused is not None or raced is not None
        self.race_view.setVisible(there)
        self.race_view.show_raced(raced)
        if there:
            self._race_row.setVisible(not running and paused is None)
            self.view.hide()
            self.link.hide()
            if paused is not None:
                words = self._paused_text(self.tr("at {:.0f} %").format(100 * paused.done), paused)
            elif running:
                words = self.tr("They take turns; when the first one is through it is over.")
            else:
                words = self.tr("← and → choose one, Enter takes it, Esc leaves both.")
            self._words.setText(words)

    def show_flashes(self, others: Sequence[Document], chosen: Document | None) -> None:
        """The other documents, one of which was taken with flash; none: it does not matter."""
        self._flashes.clear()
        for one in others:
            self._flashes.addItem(one.title, one)
        if chosen is not None:
            self._flashes.set_value(chosen)
        self._flash.setVisible(bool(others))

    def show_cost(self, cost: Cost | None, restore: Restore) -> None:
        """Before it begins; None: it is being found out."""
        if cost is None:
            words = self.tr("Finding out what it will take …")
        elif cost.problem:
            words = f"{sentence_case(cost.problem)}."
        else:
            most = restore.automatic and restore.task in ("denoise", "jpeg", "flash")
            words = self.tr("At most {0} and {1}") if most else self.tr("About {0} and {1}")
            words = words.format(duration_text(cost.seconds), bytes_text(cost.bytes))
            if cost.parts > 1:
                words += self.tr(", in {} parts").format(cost.parts)
            words += self.tr(" of memory.")
        self._words.setText(words)

    def show_curve(self, curve: Curve | None, *, running: bool) -> None:
        self.view.show_curve(curve, running=running)
        self.view.setVisible(curve is not None)
        self._race_row.setVisible(not running)
        self.link.hide()
        if curve is not None and not running:
            self._tell_result(curve)

    def show_left(self, curve: Curve | None, seconds: float | None) -> None:
        """While it runs; None: it cannot be told yet."""
        if curve is None or curve.done == 0:
            self._words.setText(self.tr("The network is being built …"))
            return
        words = self.tr("Iteration {0:,} of {1:,}").format(curve.done, curve.ends[-1])
        if seconds is not None and seconds >= _SOON:
            words += self.tr(", {} left at most").format(duration_text(seconds))
        self._words.setText(words + ".")

    def show_paused(self, curve: Curve, paused: Paused) -> None:
        """It can be gone on with."""
        self.show_curve(curve, running=True)
        self._race_row.hide()
        where = self.tr("at iteration {0:,} of {1:,}").format(curve.done, curve.ends[-1])
        self._words.setText(self._paused_text(where, paused))

    def _paused_text(self, where: str, paused: Paused) -> str:
        """What a project takes for it is told as well."""
        saved = paused.on.saved if isinstance(paused.on, Restore) else None
        size = sum(one.nbytes for one in (saved or {}).values())
        words = self.tr("Paused {0}. Space goes on; a project keeps it, in {1} or less.")
        return words.format(where, bytes_text(size))

    def show_chosen(self, curve: Curve, iteration: int) -> None:
        """Another checkpoint is on the canvas than the one that was taken."""
        self.view.choose(iteration)
        other = iteration != curve.taken
        self.link.setVisible(other)
        if other:
            words = self.tr("You are looking at iteration {:,}. Enter takes it, Esc goes back.")
            self._words.setText(words.format(iteration))
        else:
            self._tell_result(curve)

    def _tell_result(self, curve: Curve) -> None:
        if not curve.checkpoints:
            words = self.tr("It was restored in parts, so no checkpoints were kept.")
        elif curve.valley and curve.taken == curve.valley:
            words = self.tr(
                "Taken from iteration {0:,}, where it was best to stop. Drag to compare."
            )
        else:
            words = self.tr("Taken from iteration {0:,}. Drag to compare.")
        self._words.setText(words.format(curve.taken))


def duration_text(seconds: float) -> str:
    """40 s, 4 min, 1.5 h"""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
