"""The two themes, named colour by named colour, and the one function that dresses the application.

Greys are neutral so that the colours in the picture are judged fairly. A widget that paints itself
asks ``Theme.of(self)`` in its paintEvent; since that reads the palette, a live switch repaints it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from editor.resources import resource

TEXT_SIZE = 13  # px
CORNER = 6  # px
GRID = 8  # px


@dataclass(frozen=True, slots=True)
class Theme:
    """Named colours; the style sheet's placeholders are these names."""

    name: str
    canvas: str  # around the picture
    tab: str  # that of the picture in front
    panel: str
    raised: str  # cards, fields, menus
    line: str
    edge: str  # the outline of a control
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_text: str  # on accent
    warning: str  # copper; also the hole overlay's default
    danger: str
    danger_text: str  # on danger
    hover: str
    pressed: str
    selection: str
    track: str  # the empty part of a slider, a switch that is off
    handle: str
    shadow: str  # #aarrggbb

    @staticmethod
    def of(widget: QWidget) -> Theme:
        """The theme a widget is shown in."""
        # Mid is the line colour, and the one role that style sheets never overwrite.
        line = widget.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Mid)
        return LIGHT if line.lightness() > 127 else DARK

    @staticmethod
    def named(name: str) -> Theme:
        for theme in (DARK, LIGHT):
            if theme.name == name:
                return theme
        raise ValueError(f'there is no theme "{name}": choose dark or light')


DARK = Theme(
    name="dark",
    canvas="#1b1c1e",
    tab="#1b1c1e",
    panel="#26282b",
    raised="#2f3236",
    line="#3a3d42",
    edge="#45494f",
    text="#e7e7e5",
    muted="#9aa0a6",
    disabled="#65696f",
    accent="#3fb59f",
    accent_hover="#54c6b1",
    accent_text="#0d211d",
    warning="#d98c4a",
    danger="#ea7d76",
    danger_text="#2a0d0b",
    hover="#383b40",
    pressed="#202225",
    selection="#27534b",
    track="#43474d",
    handle="#e7e7e5",
    shadow="#8c000000",
)

LIGHT = Theme(
    name="light",
    canvas="#d0d0d0",
    tab="#ffffff",
    panel="#f7f7f7",
    raised="#ffffff",
    line="#dcdcdc",
    edge="#c6c6c6",
    text="#212223",
    muted="#55575a",
    disabled="#a2a4a6",
    accent="#14806e",
    accent_hover="#0f6f5f",
    accent_text="#ffffff",
    warning="#9c5515",
    danger="#b5352e",
    danger_text="#ffffff",
    hover="#ebebeb",
    pressed="#dedede",
    selection="#c4e3dc",
    track="#c6c7c8",
    handle="#ffffff",
    shadow="#38000000",
)


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole application in a theme; call it again to switch."""
    colour(app, theme)
    dress(app, theme)


def colour(app: QApplication, theme: Theme) -> None:
    """The colours and the font of a theme, which widgets ask for while they are made."""
    dark = theme.name == DARK.name
    # For native dialogs and title bars only: it does nothing on many Linux desktops.
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setFont(ui_font())


def dress(app: QApplication, theme: Theme) -> None:
    """The style sheet of a theme: cheap when widgets stand in their places.

    With it on, Qt styles a widget anew each time that something around it gets a parent.
    """
    app.setStyleSheet(style_sheet(theme))


def palette(theme: Theme) -> QPalette:
    """What Fusion needs to draw everything the style sheet leaves to it."""
    role, disabled = QPalette.ColorRole, QPalette.ColorGroup.Disabled
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.hover,
        role.Midlight: theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.pressed,
        role.Shadow: theme.canvas,
    }
    result = QPalette()
    for one, colour in colours.items():
        result.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(disabled, one, QColor(theme.disabled))
    return result


def style_sheet(theme: Theme) -> str:
    """The short style sheet with the theme's colours in it."""
    sheet = Template(resource("theme", "style.qss").read_text("utf-8"))
    dark = theme.name == DARK.name
    return sheet.substitute(
        dataclasses.asdict(theme),
        folder=resource("theme").as_posix(),
        corner=f"{CORNER}px",
        tick_on_accent="dark" if dark else "light",
        tick_on_menu="light" if dark else "dark",
    )


def ui_font(
    size: int = TEXT_SIZE,
    weight: QFont.Weight = QFont.Weight.Normal,
    *,
    tabular: bool = False,
) -> QFont:
    """The font of the window: Inter where it is installed, else the system's own.

    Tabular figures are all equally wide, so that a number that changes does not dance.
    """
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if "Inter" in QFontDatabase.families():
        font.setFamily("Inter")
    font.setPixelSize(size)
    font.setWeight(weight)
    if tabular:
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font
