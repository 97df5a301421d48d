"""What the person can choose about the program itself. Every change holds at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QKeySequenceEdit,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from editor.ui.actions import SPECS, Spec
from editor.ui.dialogs.sheet import Sheet
from editor.ui.theme import GRID
from editor.ui.widgets import LabeledSlider, PillButton, Row, Segmented

if TYPE_CHECKING:
    from editor.ui.window import Window

_CAPTION = 150


class Preferences(Sheet):
    title = "Preferences"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.resize(520, 520)
        tabs = QTabWidget()
        tabs.addTab(self._general(), self.tr("General"))
        tabs.addTab(self._keys(), self.tr("Keys"))
        self.column.addWidget(tabs)

    # ── general ──

    def _general(self) -> QWidget:
        settings = self.window_.settings
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + 4)
        theme = Segmented([("dark", self.tr("Dark")), ("light", self.tr("Light"))])
        theme.set_value(settings.get("theme", "dark"))
        theme.changed.connect(self.window_.view.set_theme)
        column.addWidget(self._row(self.tr("Theme"), theme))
        self._device = Segmented(
            [("auto", self.tr("Automatic")), ("cpu", self.tr("CPU")), ("cuda", self.tr("CUDA"))]
        )
        self._device.set_value(settings.get("device", "auto"))
        self._device.changed.connect(self._use_device)
        column.addWidget(self._row(self.tr("Device"), self._device))
        cores = os.cpu_count() or 1
        self._threads = LabeledSlider(
            self.tr("Threads"), 1, max(2, cores), cores, caption_width=_CAPTION
        )
        self._threads.set_value(settings.get("threads", cores))
        self._threads.committed.connect(self._use_device)
        column.addWidget(self._threads)
        whole = psutil.virtual_memory().total / 1e9
        self._memory = LabeledSlider(
            self.tr("Memory for undo"),
            0.5,
            round(max(1.0, whole * 0.75), 1),
            round(whole / 4, 1),
            0.1,
            "GB",
            caption_width=_CAPTION,
        )
        self._memory.set_value(settings.get("history_bytes", whole * 2.5e8) / 1e9)
        self._memory.committed.connect(self._use_memory)
        column.addWidget(self._memory)
        note = QLabel(self.tr("Device and threads hold from the next operation on."))
        note.setObjectName("muted")
        column.addWidget(note)
        column.addStretch(1)
        return page

    @staticmethod
    def _row(caption: str, control: QWidget) -> Row:
        return Row(caption, control, stretch=False, caption_width=_CAPTION)

    @Slot(object)
    def _use_device(self, _: object) -> None:
        kind, threads = str(self._device.value()), int(self._threads.value())
        self.window_.settings.set("device", kind)
        self.window_.settings.set("threads", threads)
        self.window_.session.use_device(kind, threads)

    @Slot(object)
    def _use_memory(self, gigabytes: float) -> None:
        budget = int(gigabytes * 1e9)
        self.window_.settings.set("history_bytes", budget)
        self.window_.session.history_budget = budget
        for document in self.window_.session.documents:
            document.history.budget = budget

    # ── keys ──

    def _keys(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(4)
        self._edits: dict[str, QKeySequenceEdit] = {}
        for spec in SPECS:
            keys = self.window_.actions_[spec.name].shortcuts()
            edit = self._edits[spec.name] = QKeySequenceEdit(keys[0] if keys else QKeySequence())
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            edit.setProperty("spec", spec.name)
            edit.editingFinished.connect(self._key_chosen)
            column.addWidget(Row(self.tr(spec.caption), edit, caption_width=190))
        self._clash = QLabel()
        self._clash.setObjectName("warning")
        self._clash.setWordWrap(True)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        defaults = PillButton(self.tr("All keys as they came"))
        defaults.clicked.connect(self._all_defaults)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, GRID)
        rows.addWidget(area, 1)
        rows.addWidget(self._clash)
        rows.addWidget(defaults)
        return page

    @Slot()
    def _key_chosen(self) -> None:
        edit = self.sender()
        assert isinstance(edit, QKeySequenceEdit)
        name, key = edit.property("spec"), edit.keySequence()
        actions = self.window_.actions_
        if actions[name].shortcuts()[:1] == ([key] if not key.isEmpty() else []):
            return
        for spec in SPECS:
            if spec.name != name and not key.isEmpty() and key in actions[spec.name].shortcuts():
                taken = self.tr("{} is the key of “{}” already.")
                self._clash.setText(taken.format(key.toString(), actions[spec.name].text()))
                keys = actions[name].shortcuts()
                edit.setKeySequence(keys[0] if keys else QKeySequence())
                return
        self._clash.clear()
        self._give(spec_named(name), [] if key.isEmpty() else [key.toString()])

    def _give(self, spec: Spec, keys: list[str]) -> None:
        self.window_.actions_[spec.name].setShortcuts([QKeySequence(key) for key in keys])
        chosen: dict[str, list[str]] = dict(self.window_.settings.get("keys", {}))
        if tuple(keys) == spec.keys:
            chosen.pop(spec.name, None)
        else:
            chosen[spec.name] = keys
        self.window_.settings.set("keys", chosen)

    @Slot()
    def _all_defaults(self) -> None:
        for spec in SPECS:
            self._give(spec, list(spec.keys))
            self._edits[spec.name].setKeySequence(QKeySequence(spec.keys[0] if spec.keys else ""))
        self._clash.clear()


def spec_named(name: str) -> Spec:
    return next(spec for spec in SPECS if spec.name == name)
