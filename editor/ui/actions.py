"""Everything the menus and the keys can do, declared once: menus, tooltips, the shortcuts dialog
and the key settings are made from this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True, slots=True)
class Spec:
    name: str  # also the name of the window's method
    menu: str  # "" for keys that no menu shows
    caption: str
    keys: tuple[str, ...] = ()
    needs: str = ""  # one of the window's facts, else it is greyed
    checkable: bool = False
    rule_above: bool = False
    canvas_only: bool = False  # the key means something else outside the canvas


SPECS = (
    Spec("open", "File", "Open…", ("Ctrl+O",)),
    Spec("paste", "File", "New from clipboard", ("Ctrl+V",)),
    Spec("recent", "File", "Open recent"),
    Spec("save", "File", "Save project", ("Ctrl+S",), "document", rule_above=True),
    Spec("save_as", "File", "Save project as…", ("Ctrl+Shift+S",), "document"),
    Spec("export", "File", "Export picture…", ("Ctrl+Shift+E",), "document"),
    Spec("close", "File", "Close", ("Ctrl+W",), "document", rule_above=True),
    Spec("quit", "File", "Quit", ("Ctrl+Q",)),
    Spec("undo", "Edit", "Undo", ("Ctrl+Z",), "undo"),
    Spec("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Spec("go", "Edit", "Fill", ("Return", "Enter"), "document", rule_above=True),
    Spec("variations", "Edit", "Variations", ("Shift+Return", "Shift+Enter"), "in fill"),
    Spec("method", "Edit", "Next method", ("T",), "in retarget"),
    Spec("stop", "Edit", "Stop", ("Esc",)),
    Spec("copy", "Edit", "Copy picture", ("Ctrl+C",), "document", rule_above=True),
    Spec("preferences", "Edit", "Preferences…", ("Ctrl+,",), rule_above=True),
    Spec("crop", "Image", "Crop to what is painted", ("Ctrl+Shift+X",), "mask"),
    Spec("rotate_left", "Image", "Rotate left", ("Ctrl+[",), "document", rule_above=True),
    Spec("rotate_right", "Image", "Rotate right", ("Ctrl+]",), "document"),
    Spec("rotate_half", "Image", "Rotate by 180°", (), "document"),
    Spec("flip_horizontally", "Image", "Flip horizontally", (), "document", rule_above=True),
    Spec("flip_vertically", "Image", "Flip vertically", (), "document"),
    Spec("save_filter", "Filter", "Save analogy as filter…", ("Ctrl+Shift+F",)),
    Spec("manage_filters", "Filter", "Rename and delete…"),
    Spec("zoom_in", "View", "Zoom in", ("Ctrl++", "Ctrl+=", "+", "="), "document"),
    Spec("zoom_out", "View", "Zoom out", ("Ctrl+-", "-"), "document"),
    Spec("fit", "View", "Fit in the window", ("0", "Ctrl+0"), "document"),
    Spec("actual_size", "View", "Actual size", ("1", "Ctrl+1"), "document"),
    Spec("before", "View", "Before, while held", ("\\",), "edited", rule_above=True),
    Spec("split", "View", "Before and after, split", ("Y",), "edited", checkable=True),
    Spec("origin", "View", "Where it came from, while held", ("P",), "copies"),
    Spec("field", "View", "Colours of where it came from", ("Shift+P",), "copies", True),
    Spec("show_mask", "View", "Show the mask", ("Q",), "document", True, rule_above=True),
    Spec("mask_colour", "View", "Next mask colour", ("M",), "document"),
    Spec("panels", "View", "Hide panels", ("Tab",), "", True, rule_above=True, canvas_only=True),
    Spec("projector", "View", "Projector window", ("F5",), "", True, rule_above=True),
    Spec("full_screen", "View", "Full screen", ("F11",), "", checkable=True),
    Spec("theme", "View", "Light theme", (), "", checkable=True),
    Spec("clear_mask", "Select", "Nothing", ("Ctrl+D",), "mask"),
    Spec("invert_mask", "Select", "Invert", ("Ctrl+Shift+I",), "any cover"),
    Spec("grow_mask", "Select", "Grow", ("Ctrl+Shift+.",), "cover", rule_above=True),
    Spec("shrink_mask", "Select", "Shrink", ("Ctrl+Shift+,",), "cover"),
    Spec("tighten_mask", "Select", "Tighten to the thing", ("Shift+T",), "cover"),
    Spec("feather_mask", "Select", "Feather", ("Shift+F6",), "cover"),
    Spec("mask_from_transparency", "Select", "From transparency", (), "alpha", rule_above=True),
    Spec("import_mask", "Select", "Import mask…", (), "document", rule_above=True),
    Spec("export_mask", "Select", "Export mask…", (), "mask"),
    Spec("subtract", "", "Add or subtract", ("X", "E")),
    Spec("paint", "", "Paint the next mask", ("K",)),
    Spec("smaller", "", "Smaller brush", ("[",)),
    Spec("larger", "", "Larger brush", ("]",)),
    Spec("softer", "", "Softer brush", ("Shift+[", "{")),
    Spec("harder", "", "Harder brush", ("Shift+]", "}")),
    Spec("panel_focus", "", "Go to the options", ("F6",)),
    Spec("next_document", "", "Next document", ("Ctrl+Tab",), "document"),
    Spec("manual", "Help", "Manual", ("F1",)),
    Spec("shortcuts", "Help", "Keyboard shortcuts", ("Ctrl+/",)),
    Spec("show_log", "Help", "Open the log folder", ()),
    Spec("about", "Help", "About Patina", ()),
)
MENUS = ("File", "Edit", "Image", "Filter", "View", "Select", "Help")


class Actions:
    """The QActions of the table, wired to methods of the same name."""

    def __init__(self, owner: QWidget, canvas: QWidget, keys: dict[str, list[str]]) -> None:
        self._by_name: dict[str, QAction] = {}
        for spec in SPECS:
            action = QAction(owner.tr(spec.caption), owner)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            action.setShortcuts([QKeySequence(key) for key in keys.get(spec.name, spec.keys)])
            if spec.canvas_only:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                canvas.addAction(action)
            else:
                owner.addAction(action)
            self._by_name[spec.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def connect_to(self, methods: QObject) -> None:
        for spec in SPECS:
            method: Callable[[], None] | None = getattr(methods, f"do_{spec.name}", None)
            if method is not None:
                self[spec.name].triggered.connect(method)

    def enable(self, facts: frozenset[str]) -> None:
        """Grey what cannot be done now: facts are the needs that are met."""
        for spec in SPECS:
            self[spec.name].setEnabled(not spec.needs or spec.needs in facts)

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        menus = {}
        for title in MENUS:
            menu = menus[title] = bar.addMenu(bar.tr(title))
            for spec in SPECS:
                if spec.menu == title:
                    if spec.rule_above:
                        menu.addSeparator()
                    menu.addAction(self[spec.name])
        return menus


def key_text(action: QAction) -> str:
    """An action's first key as a person reads it."""
    return key_words(action.shortcut())


def key_words(key: QKeySequence) -> str:
    """Ctrl+Z, ⏎, Esc"""
    text = key.toString(QKeySequence.SequenceFormat.NativeText)
    return {"Return": "⏎", "Enter": "⏎"}.get(text, text)
