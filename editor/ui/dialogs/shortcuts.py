"""Every key there is, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from editor.ui.actions import MENUS, SPECS, key_words
from editor.ui.dialogs.sheet import Sheet
from editor.ui.theme import GRID
from editor.ui.widgets import KeyCap

if TYPE_CHECKING:
    from editor.ui.window import Window

_FIXED = (
    ("Pan", ("Space + drag", "Middle button")),
    ("Zoom at the pointer", ("Wheel",)),
    ("Straight stroke", ("Shift + click",)),
    ("Take away while painting", ("Alt", "Right button")),
)


class Shortcuts(Sheet):
    title = "Keyboard shortcuts"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.resize(760, 620)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setHorizontalSpacing(6 * GRID)
        grid.setVerticalSpacing(3 * GRID)
        for index, (title, rows) in enumerate(self._groups()):
            grid.addWidget(group(title, rows), index // 2, index % 2, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self.column.addWidget(area)

    def _groups(self) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
        actions = self.window_.actions_
        found: list[tuple[str, list[tuple[str, tuple[str, ...]]]]] = []
        for menu in (*MENUS, ""):
            rows = []
            for spec in SPECS:
                keys = actions[spec.name].shortcuts()
                if spec.menu == menu and keys:
                    texts = dict.fromkeys(key_words(key) for key in keys)
                    rows.append((actions[spec.name].text().removesuffix("…"), tuple(texts)[:2]))
            found.append((self.tr(menu or "Brush and canvas"), rows))
        found[-1][1].extend((self.tr(what), keys) for what, keys in _FIXED)
        tools = self.window_.tool_bar.tools
        found.append((self.tr("Tools"), [(self.tr(one.caption), (one.key,)) for one in tools]))
        return found


def group(title: str, rows: list[tuple[str, tuple[str, ...]]]) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(GRID - 2)
    heading = QLabel(title)
    heading.setObjectName("heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for line, (what, keys) in enumerate(rows, start=1):
        grid.addWidget(QLabel(what), line, 0)
        caps = QHBoxLayout()
        caps.setSpacing(GRID // 2)
        caps.addStretch(1)
        for key in keys:
            caps.addWidget(KeyCap(key))
        grid.addLayout(caps, line, 1)
    grid.setColumnStretch(0, 1)
    return box
