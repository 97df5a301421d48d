"""The card that explains a control: its caption in bold, then a sentence."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.ui.theme import ui_font


class Card(QFrame):
    def __init__(self, caption: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setFont(ui_font(12))
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box = QVBoxLayout(self)
        # The tall lines leave air below the last one.
        box.setContentsMargins(12, 9, 12, 6)
        box.addWidget(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_text(caption, text)

    def set_text(self, caption: str, text: str) -> None:
        # Captions that end in a letter get the full stop that parts them from the sentence.
        stop = "." if caption and caption[-1].isalnum() else ""
        bold = f'<span style="font-weight:600">{html.escape(caption)}{stop}</span> '
        words = f"{bold if caption else ''}{html.escape(text)}"
        self._label.setText(f'<p style="line-height:128%; margin:0">{words}</p>')
        self.setAccessibleName(caption)
        self.setAccessibleDescription(text)
