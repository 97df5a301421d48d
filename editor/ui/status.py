"""The line at the foot of the window: where the pointer is, what the picture is, what runs it."""

from __future__ import annotations

import psutil
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QColorSpace
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from editor.engine.device import Device
from editor.model.document import Document
from editor.tools.base import Pointer
from editor.ui.theme import GRID, ui_font

_MEMORY_EVERY = 2000  # ms


class Status(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(3 * GRID)
        self.setFixedHeight(28)
        self._labels: dict[str, QLabel] = {}
        for name, accessible in (
            ("place", self.tr("Pointer position")),
            ("zoom", self.tr("Zoom")),
            ("picture", self.tr("Picture size and depth")),
            ("profile", self.tr("Colour profile")),
            ("device", self.tr("Device")),
            ("memory", self.tr("Memory in use")),
        ):
            label = self._labels[name] = QLabel()
            label.setFont(ui_font(12, tabular=True))
            label.setAccessibleName(accessible)
            row.addWidget(label)
        self._labels["place"].setMinimumWidth(96)
        zoom = self._labels["zoom"]
        zoom.setMinimumWidth(zoom.fontMetrics().horizontalAdvance("3200 %"))  # as it changes
        self._hint = QLabel()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._hint.setFont(ui_font(12))
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._hint, 100)
        self._process = psutil.Process()
        self._timer = QTimer(self, interval=_MEMORY_EVERY)
        self._timer.timeout.connect(self._show_memory)
        self._timer.start()
        self._show_memory()

    def show_hint(self, text: str) -> None:
        self._hint.setText(text)
        self._hint.setToolTip(text)

    def show_document(self, document: Document | None) -> None:
        for label in self._labels.values():
            label.setVisible(document is not None)
        self._labels["place"].clear()
        if document is not None:
            self._labels["picture"].setText(described(document))
            self._labels["profile"].setText(profile_name(document))

    @Slot(object)
    def show_place(self, at: Pointer | None) -> None:
        text = "" if at is None else self.tr("{}, {} px").format(int(at.x // 1), int(at.y // 1))
        self._labels["place"].setText(text)

    @Slot(float)
    def show_zoom(self, scale: float) -> None:
        percent = 100 * scale
        self._labels["zoom"].setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")

    @Slot(object)
    def show_device(self, device: Device) -> None:
        self._labels["device"].setText(device.text)

    @Slot()
    def _show_memory(self) -> None:
        self._labels["memory"].setText(bytes_text(self._process.memory_info().rss))


def described(document: Document) -> str:
    """6000 × 4000 RGB 16"""
    plane = document.plane("image")
    channels = {2: "Grey"}.get(len(plane.shape)) or {3: "RGB", 4: "RGBA"}[plane.shape[2]]
    bits = {1: "8", 2: "16", 4: "32 float"}[plane.dtype.itemsize]
    return f"{document.size} {channels} {bits}"


def profile_name(document: Document) -> str:
    if not document.meta.icc:
        is_float = document.plane("image").dtype.kind == "f"
        return "Linear sRGB" if is_float else "sRGB"
    space = QColorSpace.fromIccProfile(document.meta.icc)
    return space.description() if space.isValid() else "sRGB"


def bytes_text(count: int) -> str:
    """310 MB, 1.1 GB"""
    megabytes = count / 1e6
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"
