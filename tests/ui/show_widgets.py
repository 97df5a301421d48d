"""Draw every widget in both themes at 1× and 2×: python tests/ui/show_widgets.py FOLDER."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from editor.resources import resource
from editor.ui.icons import draw_icon, icon
from editor.ui.theme import DARK, LIGHT, Theme, apply
from editor.ui.widgets import (
    Card,
    ChoiceBox,
    ElidedLabel,
    IconButton,
    KeyCap,
    LabeledSlider,
    Notices,
    NumberField,
    PillButton,
    ProgressRing,
    Row,
    Scale,
    Section,
    Segmented,
    Switch,
)


def options() -> QWidget:
    """An options panel, as wide as it stands in the window."""
    panel = QWidget()
    panel.setFixedWidth(324)
    box = QVBoxLayout(panel)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    fill = Section("Fill", "Reset")
    fill.add(Row("Method", ChoiceBox([("smooth", "Smooth"), ("patch", "PatchMatch")])))
    fill.add(LabeledSlider("Patch size", 3, 15, 7, 2))
    fill.add(LabeledSlider("Grain", 0, 200, 100, 5, "%"))
    fill.add(LabeledSlider("Randomness σ", 0.0, 1.0, 0.05, 0.05))
    shown = focused(LabeledSlider("With the keys", 1, 2000, 64, unit="px", logarithmic=True))
    fill.add(shown)
    fill.add(hovered(LabeledSlider("Under the pointer", 0, 100, 80, unit="%")))
    off = LabeledSlider("Not now", 0, 10, 4)
    off.setEnabled(False)
    fill.add(off)
    fill.add(Row("Seed", NumberField(Scale(0, 999_999), 1234), stretch=False))
    fill.add(Switch("Rotate patches"))
    fill.add(Switch("Follow lines", True))
    fill.add(focused(Switch("With the keys", True)))
    not_now = Switch("Not now", True)
    not_now.setEnabled(False)
    fill.add(not_now)
    fill.add(
        Card(
            "Patch size",
            "How big a piece is compared at a time. Raise it when structure breaks; "
            "lower it when the fill repeats itself.",
        )
    )
    history = Section("History")
    history.set_note("48 MB of 5.8 GB")
    path = "a folder/of many pictures/pigeons on the cobbles of Rome, 1823.tif"
    history.add(ElidedLabel(path, Qt.TextElideMode.ElideMiddle))
    box.addWidget(fill)
    box.addWidget(history)
    box.addStretch(1)
    return panel


def tools() -> QWidget:
    bar = QWidget()
    row = QHBoxLayout(bar)
    row.setSpacing(8)
    brush = IconButton("brush", "Brush", "B", checkable=True)
    brush.setChecked(True)
    off = IconButton("heal", "Heal", "J")
    off.setEnabled(False)
    for button in (
        brush,
        IconButton("rectangle", "Rectangle", "R"),
        hovered(IconButton("lasso", "Lasso", "L")),
        focused(IconButton("wand", "Wand", "W")),
        off,
    ):
        row.addWidget(button)
    size = LabeledSlider("Size", 1, 2000, 64, unit="px", logarithmic=True, caption_width=0)
    row.addWidget(size)
    row.addWidget(KeyCap("X"))
    row.addWidget(Segmented([("add", "Add"), ("subtract", "Subtract")]))
    row.addWidget(focused_segment(Segmented([("a", "Fit"), ("b", "Fill"), ("c", "Keep")])))
    row.addStretch(1)
    return bar


def pills() -> QWidget:
    bar = QWidget()
    row = QHBoxLayout(bar)
    ring = ProgressRing()
    ring.set_fraction(0.72)
    endless = ProgressRing()
    endless.set_fraction(None)
    off = PillButton("Fill", "⏎", kind="primary")
    off.setEnabled(False)
    for one in (
        ring,
        endless,
        PillButton("Fill", "⏎", kind="primary"),
        hovered(PillButton("Fill", "⏎", kind="primary")),
        focused(PillButton("Fill", "⏎", kind="primary")),
        off,
        PillButton("Keep", kind="quiet"),
        hovered(PillButton("Stop", "Esc", kind="quiet")),
        PillButton("Play endless"),
        focused(PillButton("Export…")),
        PillButton("Discard", kind="danger"),
    ):
        row.addWidget(one)
    row.addStretch(1)
    return bar


def standard() -> QWidget:
    """What the style sheet dresses."""
    page = QWidget()
    grid = QGridLayout(page)
    tabs = QTabBar()
    tabs.setTabsClosable(True)
    tabs.setDrawBase(False)
    for name in ("pm_birds.png •", "firepot.mp4"):
        tabs.addTab(name)
    menus = QMenuBar()
    for name in ("File", "Edit", "View", "Select"):
        menus.addMenu(name)
    grid.addWidget(menus, 0, 0, 1, 2)
    grid.addWidget(tabs, 0, 2, 1, 2)
    edit = QLineEdit("a line of text")
    waiting = QLineEdit()
    waiting.setPlaceholderText("Search the commands")
    number = QSpinBox(value=8)
    off = QLineEdit("not now")
    off.setEnabled(False)
    for column, field in enumerate((edit, waiting, number, off)):
        grid.addWidget(field, 1, column)
    default, plain, dead = QPushButton("Save"), QPushButton("Cancel"), QPushButton("Not now")
    default.setDefault(True)
    dead.setEnabled(False)
    box, on, radio = QCheckBox("Ask first"), QCheckBox("Keep alpha"), QRadioButton("Lossless")
    on.setChecked(True)
    radio.setChecked(True)
    for column, button in enumerate((default, plain, dead)):
        grid.addWidget(button, 2, column)
    for column, button in enumerate((box, on, radio)):
        grid.addWidget(button, 3, column)
    names = QListWidget()
    names.ensurePolished()  # a list laid out before it is styled keeps the wrong heights
    names.addItems([f"Brush stroke {n}" for n in range(1, 20)])
    names.setCurrentRow(1)
    names.setFixedHeight(120)
    grid.addWidget(names, 4, 0, 1, 2)
    return page


def menu(theme: Theme) -> QMenu:
    shown = QMenu()
    shown.addAction(icon("open", theme), "Open…").setShortcut("Ctrl+O")
    shown.addAction(icon("save", theme), "Save project").setShortcut("Ctrl+S")
    shown.addSeparator()
    shown.addAction(icon("export", theme), "Export…").setEnabled(False)
    shown.addMenu("Open recent").addAction("none")
    ticked = shown.addAction("Split view")
    ticked.setCheckable(True)
    ticked.setChecked(True)
    shown.setActiveAction(shown.actions()[1])
    return shown


def messages() -> QWidget:
    canvas = QLabel()
    canvas.setAutoFillBackground(True)
    canvas.setFixedSize(760, 190)
    notices = Notices(canvas)
    notices.tell("Exported pm_birds.jpg, 2.1 MB.")
    notices.tell("The picture changed while this ran.", "warning", ("Apply anyway",))
    notices.tell(
        "The disk is full: 48 MB are needed and 3 MB are free. The old file is as it was, "
        "and nothing that you did is lost.",
        "error",
        ("Copy details",),
    )
    return canvas


def focused(widget: QWidget) -> QWidget:
    """As if the Tab key had come here."""
    target = widget.focusProxy() or widget
    QApplication.sendEvent(target, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    return widget


def focused_segment(group: Segmented) -> Segmented:
    focused(group.findChildren(QWidget)[0])
    return group


def hovered(widget: QWidget) -> QWidget:
    target = widget.focusProxy() or widget
    target.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    at = QPoint(4, 4).toPointF()
    QApplication.sendEvent(target, QEnterEvent(at, at, at))
    return widget


def family(theme: Theme) -> QWidget:
    class Sheet(QWidget):
        def paintEvent(self, event: object) -> None:
            from PySide6.QtGui import QPainter

            painter = QPainter(self)
            names = sorted(path.stem for path in resource("icons").glob("*.svg"))
            for index, name in enumerate(names):
                at = QPoint(20 + index % 18 * 40, 20 + index // 18 * 40).toPointF()
                draw_icon(painter, name, at, theme.text)

    sheet = Sheet()
    sheet.setFixedSize(740, 170)
    return sheet


def page(theme: Theme) -> QWidget:
    whole = QWidget()
    columns = QHBoxLayout(whole)
    columns.addWidget(options(), 0, Qt.AlignmentFlag.AlignTop)
    right = QVBoxLayout()
    for part in (tools(), pills(), messages(), standard(), family(theme)):
        right.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
    right.addStretch(1)
    columns.addLayout(right, 1)
    return whole


def shot(widget: QWidget, scale: int) -> QImage:
    size: QSize = widget.size()
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor("magenta"))
    widget.render(image)
    return image


def main(folder: Path) -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    for theme in (DARK, LIGHT):
        apply(app, theme)
        whole = page(theme)
        whole.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        whole.show()
        app.processEvents()
        dropped = menu(theme)
        dropped.ensurePolished()
        dropped.resize(dropped.sizeHint())
        for scale in (1, 2):
            shot(dropped, scale).save(str(folder / f"{theme.name}-menu-{scale}x.png"))
            shot(whole, scale).save(str(folder / f"{theme.name}-{scale}x.png"))
        whole.hide()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
