"""What one patch does in PatchMatch: where it lies, where it looks, and what it finds there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor.engine.field_record import Candidate, FieldRecord, Visit
from editor.ui.lecture.drawing import draw_image, draw_words
from editor.ui.lecture.field_images import FieldImages
from editor.ui.theme import DARK, Theme

if TYPE_CHECKING:
    from editor.ui.lecture.page import Page

_MOST = 12  # pictures of patches …
_COLUMNS = 6, 12  # … in as many columns, so that they are largest
_WAYS = {(0, -1): "←", (0, 1): "→", (-1, 0): "↑", (1, 0): "↓"}
_MARK = DARK.warning  # over pictures, which are as light in both themes


class Tile(NamedTuple):
    """One of the small pictures: a patch of A or of B, and two lines of words below it."""

    picture: str
    x: int
    y: int
    name: str
    off: str
    colour: str  # of the words, and of the frame …
    framed: bool  # … if it has one


def draw_square(
    page: Page, painter: QPainter, place: QRectF, search: FieldRecord, x: int, y: int, wide: int
) -> None:
    """A patch in a picture of so many pixels, never too small to be seen."""
    scale = place.width() / wide
    half = max(search.size * scale, 0.9 * page.em) / 2
    middle = place.topLeft() + QPointF(x + 0.5, y + 0.5) * scale
    square = QRectF(middle - QPointF(half, half), middle + QPointF(half, half))
    thick = max(2.0, 0.13 * page.em)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, colour in ((2 * thick, QColor(0, 0, 0, 130)), (thick, QColor(_MARK))):
        painter.setPen(QPen(colour, width))
        painter.drawRect(square)


def draw_match(
    page: Page,
    painter: QPainter,
    place: QRectF,
    search: FieldRecord,
    visit: Visit | None,
    match: Candidate,
) -> None:
    """In the picture of B: what is copied, and where else the patch has looked."""
    painter.save()
    painter.setClipRect(place.adjusted(-1, -1, 1, 1))
    wide = search.source.shape[1]
    if visit is not None:
        _draw_reach(page, painter, place, place.width() / wide, visit)
    draw_square(page, painter, place, search, match.x, match.y, wide)
    painter.restore()


def _draw_reach(page: Page, painter: QPainter, place: QRectF, scale: float, visit: Visit) -> None:
    """The squares that were drawn from, around what was best then, and what was drawn."""
    best = visit.spread
    middle = place.topLeft() + QPointF(best.x + 0.5, best.y + 0.5) * scale
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 120), max(1.0, 0.06 * page.em)))
    for radius in {one.radius for one in visit.candidates if one.radius}:
        half = QPointF(radius * scale, radius * scale)
        painter.drawRect(QRectF(middle - half, middle + half))
    painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
    for one in visit.candidates:
        painter.setBrush(QColor(_MARK if one.taken else DARK.accent))
        at = place.topLeft() + QPointF(one.x + 0.5, one.y + 0.5) * scale
        painter.drawEllipse(at, 0.32 * page.em, 0.32 * page.em)


def draw_tried(
    page: Page,
    painter: QPainter,
    place: QRectF,
    images: FieldImages,
    search: FieldRecord,
    tiles: list[Tile],
) -> None:
    """The patch, the match it had, and every candidate with its distance."""
    line, half = 1.25 * page.em, search.size // 2
    side, columns, cell = _cells(page, place, 2 * line)
    for number, one in enumerate(tiles[:_MOST]):
        row, column = divmod(number, columns)
        at = place.topLeft() + QPointF(column * cell.width(), row * cell.height())
        tile = QRectF(at.x(), at.y(), side, side)
        part = QRectF(one.x - half, one.y - half, search.size, search.size)
        draw_image(painter, images[one.picture], tile, part)
        if one.framed:
            painter.setPen(QPen(QColor(one.colour), max(2.0, 0.13 * page.em)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(tile)
        under = QRectF(at.x() - (cell.width() - side) / 2, tile.bottom(), cell.width(), line)
        under.translate(0, 0.15 * page.em)
        for words in (one.name, one.off):
            centre = Qt.AlignmentFlag.AlignCenter
            draw_words(painter, under, words, page.font_of(0.85), one.colour, centre)
            under.translate(0, line)


def tiles_of(
    page: Page,
    theme: Theme,
    search: FieldRecord,
    patch: tuple[int, int],
    visit: Visit | None,
    match: Candidate,
) -> list[Tile]:
    """The patch at (y, x), and what it has and had to choose from; framed what it has now."""
    had = match if visit is None else visit.before
    tried = () if visit is None else visit.candidates
    best = min((had, *tried), key=lambda one: one.cost)
    tiles = [Tile("target", patch[1], patch[0], page.tr("patch"), "", theme.text, framed=True)]
    for one in (had, *tried):
        off = (one.cost / (3 * search.size**2)) ** 0.5
        colour = theme.warning if one is best else theme.muted
        name = _name(page.tr, one)
        tiles.append(Tile("source", one.x, one.y, name, f"{off:.1f}", colour, one is best))
    return tiles


def _name(tr: Callable[[str], str], one: Candidate) -> str:
    """How it was come by."""
    if one.way is not None:
        return _WAYS[one.way]
    return f"±{one.radius}" if one.radius else tr("had")


def _cells(page: Page, place: QRectF, words: float) -> tuple[float, int, QSizeF]:
    """In one row or in two, as the pictures are larger: their side, the columns, a cell."""
    found = []
    for columns in _COLUMNS:
        cell = QSizeF(place.width() / columns, place.height() * columns / _MOST)
        gap = 0.6 * page.em
        side = min(cell.width() - gap, cell.height() - words - gap)
        cell.setHeight(side + words + gap)
        found.append((side, columns, cell))
    return max(found, key=lambda one: one[0])
