"""The second step: where the creature went, which ways are missing, and every frame of it on one
sheet, from which bad ones are thrown out.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from editor.engine.clip import Footage
from editor.engine.sprite import Sprite
from editor.operations.steer import Ways
from editor.ui.loop.errands import Errands
from editor.ui.sprite.rose import Rose
from editor.ui.sprite.strip import Strip
from editor.ui.sprite.track import TrackView
from editor.ui.theme import GRID, ui_font
from editor.ui.widgets import ElidedLabel, IconSwitch, PillButton

_SIDE = 232  # px


class FramesPage(QWidget):
    """Signals: rejected_changed(frozenset of frame numbers), mirror_wanted()."""

    rejected_changed = Signal(object)
    mirror_wanted = Signal()

    def __init__(self, errands: Errands) -> None:
        super().__init__()
        self._rejected: frozenset[int] = frozenset()
        self._cut: Sprite | None = None
        self.strip = Strip(errands)
        self.strip.toggled.connect(self._toggle)
        self.strip.pointed_at.connect(self._look)
        self.track = TrackView(errands)
        self.track.pointed_at.connect(self._look)
        self.track.chosen.connect(self.strip.go_to)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        for part, share in ((self.track, 5), (self.strip, 4)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.indexOf(part), share)
        self.splitter.setSizes([320, 260])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.splitter, 1)
        row.addWidget(self._side())
        self.setFocusProxy(self.strip)
        self._make_bar()

    def _side(self) -> QWidget:
        self.rose = Rose()
        self._count = QLabel()
        self._count.setFont(ui_font(tabular=True))
        self._told = QLabel()
        self._told.setObjectName("muted")
        self._told.setFont(ui_font(12))
        self._told.setWordWrap(True)
        self.mirror = PillButton(self.tr("Fill by mirroring"), height=30)
        self.mirror.setToolTip(
            self.tr("Counts each frame a second time as its mirror image, which goes the other way")
        )
        self.mirror.clicked.connect(self.mirror_wanted)
        self.mirror.hide()
        side = QWidget()
        side.setObjectName("panelInside")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(_SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for part in (self._count, self.rose, self._told, self.mirror):
            column.addWidget(part)
        column.addStretch(1)
        return side

    def _make_bar(self) -> None:
        self.trails = IconSwitch("line", self.tr("Draw the track over the clip  (T)"), True)
        self.trails.changed.connect(self.track.show_track)
        hint = ElidedLabel(self.tr("Click a frame to throw it out, again to take it back."))
        hint.setObjectName("muted")
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.trails)
        row.addWidget(hint, 1)

    def show_footage(self, footage: Footage | None) -> None:
        """Another clip, over whose frames the track is drawn; None: there is only the creature."""
        self.track.show_footage(footage)

    def show_cut(self, cut: Sprite | None, rejected: frozenset[int]) -> None:
        """All frames of what was cut out, and those that were thrown out."""
        other = cut is not self._cut
        if other:
            self._cut = cut
            self.strip.show_cels(() if cut is None else cut.cels)
        if other or rejected != self._rejected:
            self._rejected = rejected
            cels = () if cut is None else tuple(c for c in cut.cels if c.number not in rejected)
            self.track.show_cels(cels, None if cut is None else cut.size)
        self.strip.show_rejected(rejected)
        self._count_them()

    def show_ways(self, ways: Ways, words: str, *, mirror: bool) -> None:
        """How many frames go each way, what is to be said of it, and whether a mirror helps."""
        self.rose.show_ways(ways.counts)
        self.track.show_headings(ways.headings)
        self._told.setText(words)
        self.mirror.setVisible(mirror)

    @property
    def said(self) -> str:
        """What is said under the rose."""
        return self._told.text()

    def _count_them(self) -> None:
        count = 0 if self._cut is None else self._cut.count
        out = 0 if self._cut is None else sum(c.number in self._rejected for c in self._cut.cels)
        words = self.tr("{0} frames").replace("{0}", str(count - out))
        if out:
            words += self.tr(", {0} thrown out").replace("{0}", str(out))
        self._count.setText(words)

    @Slot(int)
    def _look(self, number: int) -> None:
        """This frame is pointed at, in the one view or the other."""
        self.track.show_number(number)
        self.strip.show_number(number)

    @Slot(object)
    def _toggle(self, numbers: frozenset[int]) -> None:
        """Throw these out; if they are out already, take them back."""
        out = self._rejected
        self.rejected_changed.emit(out - numbers if numbers <= out else out | numbers)
