"""The one primary action, floating over the canvas; while it runs, how far it is, and ways out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.news import Working
from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.widgets import PillButton, ProgressRing
from editor.ui.widgets.notice import draw_shadow

_SHADOW = 8
_PATIENCE = 150  # ms: what is over by then shows no progress, or the bar would flicker
_FOOT = 20  # px between the bar and the lower edge
_LONGEST = 160  # px of the name of what is worked at elsewhere


class ActionBar(QWidget):
    """Signals: go_wanted(), keep_wanted(), stop_wanted(), pause_wanted()."""

    go_wanted = Signal()
    keep_wanted = Signal()
    stop_wanted = Signal()
    pause_wanted = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._ring = ProgressRing()
        self._percent = QLabel()
        self._percent.setFont(ui_font(tabular=True))
        self._percent.setMinimumWidth(40)
        self._words = "", ""  # what is worked at, if it is elsewhere; and that it must wait
        self._go = PillButton("", "⏎", kind="primary", height=36)
        self._pause = PillButton(self.tr("Pause"), self.tr("Space"), kind="quiet", height=36)
        self._pause.setToolTip(self.tr("Pause: Space goes on from here, to the same result"))
        self._keep = PillButton(self.tr("Keep"), kind="quiet", height=36)
        self._keep.setToolTip(self.tr("Stop here and take what there is"))
        self._stop = PillButton(self.tr("Stop"), "Esc", kind="quiet", height=36)
        row = self._row = QHBoxLayout(self)
        margin = _SHADOW + 6
        row.setContentsMargins(margin, margin, margin, margin)
        row.setSpacing(GRID)
        row.addSpacing(GRID)
        parts = (self._ring, self._percent, self._go, self._pause, self._keep, self._stop)
        for widget in parts:
            row.addWidget(widget)
        self._go.clicked.connect(self.go_wanted)
        self._pause.clicked.connect(self.pause_wanted)
        self._keep.clicked.connect(self.keep_wanted)
        self._stop.clicked.connect(self.stop_wanted)
        over.installEventFilter(self)
        self._patience = QTimer(self, interval=_PATIENCE, singleShot=True)
        self._patience.timeout.connect(self._lose_patience)
        self._pauses = False
        self.show_working(None)

    def set_action(self, label: str, key: str) -> None:
        self._go.set_text(label, key)
        self._settle()

    def show_working(self, working: Working | None, elsewhere: str = "") -> None:
        """What the engine is at; by its name, if it is nothing that is seen here."""
        if working is None:
            self._patience.stop()
            self._show_ways_out(False)
            return
        self._pauses = working.pauses
        self._stop.set_text(self.tr("Stop"))
        self._show_done(working.done, elsewhere, self.tr(working.preparing))
        if self._ring.isVisibleTo(self):
            self._show_ways_out(True)
        elif not self._patience.isActive():
            self._patience.start()

    def show_paused(self, done: float | None) -> None:
        """Something is paused here, so far on the way; None: nothing is."""
        self._patience.stop()
        self._pauses = False
        self._stop.set_text(self.tr("Forget"))
        self._show_done(done or 0.0)
        self._show_ways_out(done is not None)

    def _show_done(self, done: float, of: str = "", preparing: str = "") -> None:
        self._ring.set_fraction(done)
        name = self.fontMetrics().elidedText(of, Qt.TextElideMode.ElideMiddle, _LONGEST)
        self._percent.setText(f"{name} {preparing or f'{100 * done:.0f} %'}".strip())
        if (of, preparing) != self._words:
            self._words = of, preparing
            self._settle()

    @Slot()
    def _lose_patience(self) -> None:
        self._show_ways_out(True)

    def _show_ways_out(self, shown: bool) -> None:
        pauses = shown and self._pauses
        if shown != self._ring.isVisibleTo(self) or pauses != self._pause.isVisibleTo(self):
            for widget in (self._ring, self._percent, self._keep, self._stop):
                widget.setVisible(shown)
            self._pause.setVisible(pauses)
            self._settle()

    def _settle(self) -> None:
        self._row.activate()
        size = self._row.sizeHint()
        left = (self._over.width() - size.width()) // 2
        self.setGeometry(
            left, self._over.height() - size.height() - _FOOT + _SHADOW, size.width(), size.height()
        )
        self.raise_()

    # Qt

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        radius = body.height() / 2
        draw_shadow(painter, body, theme, _SHADOW, radius)
        painter.setPen(QColor(theme.edge))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
