"""The two themes: readable, complete, switched live, cheap for the canvas."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from string import Template

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from editor.resources import resource
from editor.ui.theme import DARK, LIGHT, TEXT_SIZE, Theme, apply, style_sheet, ui_font

BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    rgb = QColor(colour)
    red, green, blue = linear(rgb.redF()), linear(rgb.greenF()), linear(rgb.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_right_at_its_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@BOTH
@pytest.mark.parametrize("ground", ["panel", "raised"])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "warning", "danger"])
def test_words_can_be_read(theme: Theme, ground: str, ink: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@BOTH
def test_words_on_colour_can_be_read(theme: Theme) -> None:
    assert contrast(theme.accent_text, theme.accent) >= 4.5
    assert contrast(theme.accent_text, theme.accent_hover) >= 4.5
    assert contrast(theme.danger_text, theme.danger) >= 4.5
    assert contrast(theme.text, theme.selection) >= 4.5
    assert contrast(theme.text, theme.hover) >= 4.5
    assert contrast(theme.muted, theme.canvas) >= 4.5


@BOTH
def test_greys_are_neutral(theme: Theme) -> None:
    """A tint around the picture would change how its colours look."""
    for name in ("canvas", "panel", "raised", "line", "hover"):
        colour = QColor(getattr(theme, name))
        values = (colour.red(), colour.green(), colour.blue())
        assert max(values) - min(values) <= 8, name


@BOTH
def test_every_colour_is_a_colour(theme: Theme) -> None:
    for name, value in dataclasses.asdict(theme).items():
        assert name == "name" or QColor(value).isValid(), name


@BOTH
def test_style_sheet_is_complete(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    for path in re.findall(r'url\("(.*?)"\)', sheet):
        assert resource("theme", path.rsplit("/", 1)[1]).is_file()


def test_style_sheet_touches_no_widget_in_general() -> None:
    text = Template(resource("theme", "style.qss").read_text("utf-8")).template
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    selectors = [
        one.strip() for block in re.findall(r"([^{}]+)\{", text) for one in block.split(",")
    ]
    assert len(selectors) > 50
    for selector in selectors:
        for part in selector.split():
            assert part.split(":")[0] not in ("*", "QWidget", "QFrame", "QGraphicsView"), selector


def test_switching_live_changes_what_is_shown(qapp: QApplication) -> None:
    window = QWidget()
    field = QLineEdit("words", window)
    field.resize(120, 30)
    window.show()
    colours = []
    for theme in (DARK, LIGHT, DARK):
        apply(qapp, theme)
        assert Theme.of(field) is theme
        colours.append(field.grab().toImage().pixelColor(60, 15).name())
    assert colours == [DARK.raised, LIGHT.raised, DARK.raised]


@BOTH
def test_the_theme_is_known_under_a_style_sheet(qapp: QApplication, theme: Theme) -> None:
    """A style sheet rewrites the palette of what it dresses; the theme must still be found."""
    apply(qapp, theme)
    for widget in (QPushButton("Go", default=True), QLineEdit(), QLabel()):
        parent = QWidget()
        widget.setParent(parent)
        parent.setStyleSheet("QWidget { background: #808080; color: #111111; }")
        parent.show()
        assert Theme.of(widget) is theme


def test_numbers_stand_still() -> None:
    tabular = ui_font(tabular=True)
    assert tabular.pixelSize() == TEXT_SIZE
    assert "tnum" in {tag.toString().data().decode() for tag in tabular.featureTags()}
    assert not ui_font().featureTags()


def test_theme_names() -> None:
    assert Theme.named("light") is LIGHT
    with pytest.raises(ValueError, match='no theme "blue"'):
        Theme.named("blue")


def test_dark_is_dark_and_light_is_light() -> None:
    assert luminance(DARK.canvas) < luminance(DARK.panel) < luminance(DARK.raised) < 0.1
    assert 0.5 < luminance(LIGHT.canvas) < luminance(LIGHT.panel) < luminance(LIGHT.raised)


def test_resources_are_found_in_a_checkout_and_when_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = Path(__file__).resolve().parents[2] / "resources"
    assert resource("theme", "style.qss") == checkout / "theme" / "style.qss"
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr("editor.resources._HERE", tmp_path)
    assert resource("patina.svg") == tmp_path / "resources" / "patina.svg"
