"""The icon family: one grid, one colour, every name that is asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from editor.resources import resource
from editor.ui.icons import draw_icon, icon, image
from editor.ui.theme import DARK, LIGHT

FILES = sorted(resource("icons").glob("*.svg"))
EDITOR = Path(__file__).resolve().parents[2] / "editor"
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

NAMES = {path.stem for path in FILES}


def test_the_family_is_there() -> None:
    assert len(FILES) > 70


@EACH
def test_one_grid_one_line_one_colour(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == "0 0 20 20"
    assert root.get("stroke-width") == "1.5"
    assert root.get("stroke-linecap") == root.get("stroke-linejoin") == "round"
    for element in root.iter():
        assert element.get("stroke", "currentColor") in ("currentColor", "none")
        assert element.get("fill", "none") in ("currentColor", "none")
        assert element.get("style") is None


@EACH
def test_it_draws_inside_its_square(qapp: QApplication, path: Path) -> None:
    assert QSvgRenderer(str(path)).isValid()
    drawn = image(path.stem, "#ff0000", 60)
    inked = {
        (x, y) for x in range(60) for y in range(60) if QColor.fromRgba(drawn.pixel(x, y)).alpha()
    }
    assert len(inked) > 60
    assert min(x for x, _ in inked) > 0
    assert max(x for x, _ in inked) < 59
    assert min(y for _, y in inked) > 0
    assert max(y for _, y in inked) < 59
    colours = {
        drawn.pixelColor(x, y).name() for x, y in inked if drawn.pixelColor(x, y).alpha() > 250
    }
    assert colours == {"#ff0000"}


def test_states_have_their_colours(qapp: QApplication) -> None:
    def ink(mode: QIcon.Mode, state: QIcon.State) -> str:
        drawn = icon("minus", DARK).pixmap(QSize(20, 20), 1.0, mode, state).toImage()
        return drawn.pixelColor(10, 9).name()

    def expected(colour: str) -> str:
        return image("minus", colour, 20).pixelColor(10, 9).name()

    assert ink(QIcon.Mode.Normal, QIcon.State.Off) == expected(DARK.text)
    assert ink(QIcon.Mode.Disabled, QIcon.State.Off) == expected(DARK.disabled)
    assert ink(QIcon.Mode.Normal, QIcon.State.On) == expected(DARK.accent)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_it_is_rendered_for_the_screen_it_is_on(qapp: QApplication, ratio: float) -> None:
    pixmap = icon("brush", LIGHT).pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(round(20 * ratio), round(20 * ratio))
    pixels = round(40 * ratio)
    canvas = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(0)
    canvas.setDevicePixelRatio(ratio)
    painter = QPainter(canvas)
    draw_icon(painter, "brush", QPointF(20, 20), LIGHT.text)
    painter.end()
    offset, size = round(10 * ratio), round(20 * ratio)
    inner = canvas.copy(offset, offset, size, size)
    assert inner.constBits() == image("brush", LIGHT.text, size).constBits()


def test_an_unknown_name_is_named(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match='no icon "broom"'):
        image("broom", "#000000", 20)


def test_the_application_icon_is_there(qapp: QApplication) -> None:
    mark = QSvgRenderer(str(resource("patina.svg")))
    assert mark.isValid()
    for pixels in (16, 256):
        drawn = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
        drawn.fill(0)
        painter = QPainter(drawn)
        mark.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        copper = drawn.pixelColor(pixels * 136 // 256, pixels * 112 // 256)
        verdigris = drawn.pixelColor(pixels * 82 // 256, pixels * 150 // 256)
        assert copper.red() > copper.green() > copper.blue()
        assert verdigris.green() > verdigris.red()


def asked_for() -> Iterator[tuple[str, str]]:
    """Every icon name the program writes down: as a first word, an ``icon=`` or an ``icon:``."""
    takers = {"icon": 0, "image": 0, "set_icon": 0, "IconButton": 0, "draw_icon": 1}
    for path in EDITOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found: list[ast.expr | None] = []
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called in takers and len(node.args) > takers[called]:
                    found.append(node.args[takers[called]])
                found += [word.value for word in node.keywords if word.arg == "icon"]
            elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "icon":
                found.append(node.value)
            for value in found:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value, f"{path.name}:{node.lineno}"


def test_every_icon_that_is_asked_for_exists() -> None:
    asked = list(asked_for())
    assert "close" in {name for name, _ in asked}
    assert not [(name, place) for name, place in asked if name and name not in NAMES]
