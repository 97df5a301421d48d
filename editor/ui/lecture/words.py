"""The text of a page, in large type: what it is about, its formulas, and what to try."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from editor.ui.flow import FlowLayout
from editor.ui.lecture.formula import FormulaView
from editor.ui.lecture.page import Page, Try
from editor.ui.lecture.sized_words import SizedWords
from editor.ui.lecture.word_button import WordButton
from editor.ui.theme import GRID, ui_font

_EDGE = 2 * GRID


class WordsPanel(SizedWords, QScrollArea):
    """Signal: tried(Try)."""

    tried = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("About this page"))
        self._page = page
        self._labels: list[tuple[QLabel, float, bool]] = []  # times as large as the words; strong
        self._formulas: list[FormulaView] = []
        self._buttons: list[tuple[WordButton, Try]] = []
        self._remarks: list[tuple[QLabel, set[str]]] = []  # and what they may say
        inside = self._inside = QWidget()
        inside.setObjectName("panelInside")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        self._column.setSpacing(_EDGE - 6)
        self._fill()
        self.setWidget(inside)

    def _fill(self) -> None:
        text = self._page.text
        self._add_label(self.tr(text.title), 1.5, strong=True)
        for sentence in text.sentences:
            self._add_label(self.tr(sentence), 1.0)
        for group in dict.fromkeys(one.group for one in self._page.tries):
            self._add_label(self.tr(group or "Try this"), 1.0, strong=True)
            self._add_tries([one for one in self._page.tries if one.group == group])
        for formula in text.formulas:
            view = FormulaView(formula)
            self._formulas.append(view)
            self._column.addWidget(view)
        self._column.addStretch(1)
        self._add_label(self.tr(text.citation), 0.82, muted=True)

    def _add_label(
        self, words: str, size: float, *, strong: bool = False, muted: bool = False
    ) -> QLabel:
        label = QLabel(words)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        if muted:
            label.setObjectName("muted")
        self._labels.append((label, size, strong))
        self._column.addWidget(label)
        return label

    def _add_tries(self, tries: list[Try]) -> None:
        holder = QWidget()
        row = FlowLayout(holder, spacing=GRID)
        for one in tries:
            button = WordButton(self.tr(one.caption), self.tr(one.help), boxed=True)
            button.clicked.connect(self._clicked)
            self._buttons.append((button, one))
            row.addWidget(button)
        self._column.addWidget(holder)
        remark = self._add_label("", 0.92)
        self._remarks.append((remark, {one.help for one in tries}))

    def follow(self) -> None:
        """The settings of the page have changed."""
        for button, one in self._buttons:
            button.setChecked(self._page.holds(one))
        for label, sentences in self._remarks:
            label.setVisible(self._page.remark in sentences)
            label.setText(self.tr(self._page.remark) if self._page.remark in sentences else "")
        self._fit()

    def scroll_by(self, lines: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + 3 * lines * self.fontMetrics().height())

    @Slot()
    def _clicked(self) -> None:
        pressed = self.sender()
        self.tried.emit(next(one for button, one in self._buttons if button is pressed))

    @Slot()
    def _set_words(self) -> None:
        """As large as the column is wide."""
        room = self.viewport().width()
        words = min(max(room / 26, 14.0), 24.0)
        for label, size, strong in self._labels:
            weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
            label.setFont(ui_font(round(size * words), weight))
        for button, _ in self._buttons:
            button.setFont(ui_font(round(0.88 * words)))
        for view in self._formulas:
            view.fit(1.15 * words, room - 2 * _EDGE)
        self._fit()

    def _fit(self) -> None:
        """As high as the lines need: a scroll area knows nothing of lines that are wrapped."""
        self._column.invalidate()
        self._inside.setMinimumHeight(self._column.heightForWidth(self.viewport().width()))
