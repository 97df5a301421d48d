"""The board of PatchMatch: the field as it spreads, what a patch tries, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)

from editor.engine.field_record import Candidate, FieldRecord, Places, SearchRecord, Visit
from editor.engine.field_record import wheel as wheel_of_colours
from editor.ui.lecture.drawing import arrow, draw_curve, draw_image, draw_words, fitted
from editor.ui.lecture.page import Page
from editor.ui.pictures import to_image
from editor.ui.theme import DARK, Theme

_MOST = 12  # candidates that are shown …
_COLUMNS = 6, 12  # … in as many columns, so that they are largest
_ARROWS = 20  # across the field
_WAYS = {(0, -1): "←", (0, 1): "→", (-1, 0): "↑", (1, 0): "↓"}
_MARK = DARK.warning  # over pictures, which are as light in both themes
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_OF_TARGET = "target", "field", "made"  # the pictures in which a patch of A is pointed at


class FieldBoard(Page):
    """What is pointed at is kept as parts of the picture: it is the same on all levels."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.title = ""  # of what it is shown on
        self.shows = "colours"  # of the field: colours, arrows or finders
        self._at = (0.62, 0.42)
        self._images: dict[str, QImage] = {}
        self._of: Places | None = None  # what the images show: fields of this search …
        self._drawn = (-1, "", "")  # … at this moment, in this way and theme
        self._places: dict[str, QRectF] = {}
        self.setMouseTracking(True)

    # ── what it is told ──

    @property
    def count(self) -> int:
        return 0 if self.record is None else self.record.count

    @property
    def chapters(self) -> tuple[int, ...]:
        if self.record is None:
            return ()
        record: SearchRecord = self.record
        found = []
        for search, start in zip(record.searches, record.starts, strict=True):
            sweeps = (start + 1 + number * search.bands for number in range(search.sweeps))
            found += [one for one in sweeps if one < start + search.count]
        return tuple(found)

    def said(self) -> str:
        if self.record is None:
            return ""
        search, moment = self._now()
        sweep, band = search.when(moment)
        words = [self._level_said()]
        if sweep < 0:
            first = self.record.searches[0] is search
            words.append(self.tr("drawn at random") if first else self.tr("begins"))
        else:
            said = self.tr("sweep {0} of {1}, row {2}")
            for number, value in enumerate((sweep + 1, search.sweeps, band + 1)):
                said = said.replace(f"{{{number}}}", str(value))
            words.append(said)
        whole = ", ".join(one for one in words if one)
        return whole[:1].upper() + whole[1:]

    def _level_said(self) -> str:
        """The level, and how often a hole has been filled on it."""
        record: SearchRecord = self.record
        search, _ = self._now()
        if len(record.searches) < 2 and record.total == search.total:
            return ""
        height, width = search.target.shape[:2]
        return f"{width} × {height}"

    @property
    def about(self) -> str:
        if self.record is None:
            return self.title
        height, width = self.record.searches[-1].target.shape[:2]
        return (
            f"{self.title}, {width} × {height}" if self.count == self.record.total else self.title
        )

    def _now(self) -> tuple[FieldRecord, int]:
        """The search that is shown, and its moment."""
        record: SearchRecord = self.record
        return record.at(self.moment)

    def follow(self, record: Any) -> None:
        shape = None if self.record is None else self._shapes(self.record)
        super().follow(record)
        if record is not None and self._shapes(record) != shape:
            self._lay_out()

    def look(self, what: Any) -> None:
        self._at, self.shows = what
        self.update()

    def meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Alt and an arrow key: the next patch, with Shift the tenth."""
        alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        way = _KEYS.get(Qt.Key(event.key()))
        if self.record is None or way is None or modifiers not in (alt, alt | shift):
            return None
        return partial(self._point_beside, way, 10 if modifiers & shift else 1)

    def _point_beside(self, way: tuple[int, int], steps: int) -> None:
        search, (y, x) = self._now()[0], self._patch()
        height, width = search.wanted.shape
        y, x = y + way[0] * steps, x + way[1] * steps
        self._at = (
            min(max((x + 0.5) / width, 0.0), 1.0),
            min(max((y + 0.5) / height, 0.0), 1.0),
        )
        self.point()

    def point(self) -> None:
        """Tell the other board what is looked at."""
        self.looked.emit((self._at, self.shows))
        self.update()

    # ── where things stand ──

    def _shapes(self, record: SearchRecord) -> tuple[tuple[int, ...], tuple[int, ...]]:
        search = record.searches[0]
        return search.target.shape, search.source.shape

    def _lay_out(self) -> None:
        """Above A, B and what is made; below the field, and beside it what one patch does."""
        if self.record is None:
            return
        (height, width, _), (high, wide, _) = self._shapes(self.record)
        edge, line = 1.2 * self.em, 1.8 * self.em
        room = QRectF(self.rect()).adjusted(edge, 0.3 * edge, -edge, -edge)
        shapes = {"target": width / height, "source": wide / high, "made": width / height}
        tall = (room.width() - 2 * edge) / sum(shapes.values())
        tall = min(tall, 0.40 * (room.height() - 2 * line))
        left = room.left()
        gap = (room.width() - tall * sum(shapes.values())) / 2
        for name, shape in shapes.items():
            self._places[name] = QRectF(left, room.top() + line, tall * shape, tall)
            left += tall * shape + gap
        below = QRectF(room)
        below.setTop(room.top() + tall + 2 * line + 0.5 * edge)
        field = fitted(QRectF(below.topLeft(), below.size()), width, height, top=True)
        if field.width() > 0.6 * room.width():
            field = QRectF(0, 0, 0.6 * room.width(), 0.6 * room.width() * height / width)
        field.moveTopLeft(below.topLeft())
        self._places["field"] = field
        rest = QRectF(below)
        rest.setLeft(field.right() + 1.5 * edge)
        tried = QRectF(rest)
        tried.setHeight(0.66 * (rest.height() - line))
        self._places["tried"] = tried
        self._places["energy"] = QRectF(
            QPointF(rest.left(), tried.bottom() + line), rest.bottomRight()
        )

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.record is None:
            self.draw_ground(painter, self.tr("The pictures are made ready…"))
            return
        self.draw_ground(painter)
        self._make_images()
        theme = Theme.of(self)
        made = self.tr("A, made of patches of B")
        captions = {"target": "A", "source": "B", "made": made, "field": self._field_caption()}
        if self._now()[0].hole is not None:
            captions |= {"target": self.tr("The picture so far"), "made": self.tr("After a vote")}
            captions["source"] = self.tr("What is copied from")
        painter.fillRect(self._places["field"], QColor(theme.pressed))
        for name, words in captions.items():
            draw_image(painter, self._images[name], self._places[name])
            self._caption(painter, theme, self._places[name], words)
        self._draw_legend(painter, theme)
        if self.shows == "arrows":
            self._draw_arrows(painter, theme)
        self._draw_front(painter, theme)
        self._draw_patch(painter, theme)
        self._draw_energy(painter, theme)

    def _field_caption(self) -> str:
        if self.shows == "finders":
            return self.tr("How each patch came by its match")
        return self.tr("Where each match lies")

    def _caption(self, painter: QPainter, theme: Theme, place: QRectF, words: str) -> None:
        line = 1.8 * self.em
        above = QRectF(place.left(), place.top() - line, max(place.width(), 6 * self.em), line)
        draw_words(painter, above, words, self.font_of(), theme.muted)

    def _make_images(self) -> None:
        """Those of this moment, once."""
        search, moment = self._now()
        theme = Theme.of(self)
        shown = moment, self.shows, theme.name
        another = self._of is not search.fields
        if another:
            self._images["target"] = _image(search.target)
            whole = search.source if search.hole is None else _veiled(search)
            self._images["source"] = _image(whole)
        if another or self._drawn[0] != moment:
            self._images["made"] = _image(search.reconstruction(moment))
        if another or self._drawn != shown:
            colours = search.colours(moment)
            if self.shows == "finders":
                colours[..., :3] = _colours_of_finders(theme)[search.finders(moment)]
            elif self.shows == "arrows":
                colours[..., :3] = colours[..., :3] // 2
            self._images["field"] = _image(colours)
        self._of, self._drawn = search.fields, shown

    def _draw_legend(self, painter: QPainter, theme: Theme) -> None:
        """Which way a match lies and how far; or who found it."""
        field = self._places["field"]
        if self.shows == "finders":
            self._draw_finders(painter, theme, field)
            return
        if "wheel" not in self._images:
            self._images["wheel"] = _image(wheel_of_colours(257))
        side, gap = max(0.24 * field.height(), 3 * self.em), 0.5 * self.em
        place = QRectF(field.right() - side - gap, field.bottom() - side - gap, side, side)
        painter.setPen(QPen(QColor(theme.canvas), 0.35 * self.em))
        painter.setBrush(QColor(theme.canvas))
        painter.drawEllipse(place)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._images["wheel"])

    def _draw_finders(self, painter: QPainter, theme: Theme, field: QRectF) -> None:
        words = self.tr("kept"), self.tr("from a neighbour"), self.tr("drawn at random")
        line, colours = 1.5 * self.em, _colours_of_finders(theme)
        box = QRectF(0, 0, 10.5 * self.em, 3 * line + 0.6 * self.em)
        box.moveBottomRight(field.bottomRight() - QPointF(0.5, 0.5) * self.em)
        ground = QColor(theme.panel)
        ground.setAlpha(225)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 0.4 * self.em, 0.4 * self.em)
        for number, one in enumerate(words):
            top = box.top() + 0.3 * self.em + number * line
            painter.setPen(QColor(theme.edge))
            painter.setBrush(QColor(*colours[number].tolist()))
            spot = QRectF(
                box.left() + 0.6 * self.em, top + 0.3 * self.em, 0.9 * self.em, 0.9 * self.em
            )
            painter.drawRect(spot)
            place = QRectF(spot.right() + 0.5 * self.em, top, box.width(), line)
            draw_words(painter, place, one, self.font_of(0.9), theme.text)

    def _draw_arrows(self, painter: QPainter, theme: Theme) -> None:
        search, moment = self._now()
        field, place = search.field(moment), self._places["field"]
        scale = place.width() / field.shape[1]
        cell = field.shape[1] / _ARROWS
        ys = np.arange(cell / 2, field.shape[0], cell).astype(int)
        xs = np.arange(cell / 2, field.shape[1], cell).astype(int)
        lines = []
        for y in ys.tolist():
            for x in xs.tolist():
                if not search.wanted[y, x]:
                    continue
                dy, dx = (field[y, x] - (y, x)).tolist()
                length = (dx * dx + dy * dy) ** 0.5
                part = 0.9 * cell * min(1.0, (length / search.farthest) ** 0.5)
                by = QPointF(dx, dy) * (part / max(1.0, length) * scale)
                middle = place.topLeft() + QPointF(x + 0.5, y + 0.5) * scale
                lines += arrow(middle - by / 2, by)
        painter.save()
        painter.setClipRect(place)
        painter.setPen(QPen(QColor("#ffffff"), max(1.2, 0.09 * self.em)))
        painter.drawLines(lines)
        painter.restore()

    def _draw_front(self, painter: QPainter, theme: Theme) -> None:
        """The row that is visited now."""
        search, moment = self._now()
        sweep, band = search.when(moment)
        if sweep < 0 or moment == search.total - 1:
            return
        now, place = search.turns[sweep % 2] == band, self._places["field"]
        scale = place.width() / now.shape[1]
        for y in np.flatnonzero(now.any(axis=1)).tolist():
            xs = np.flatnonzero(np.diff(now[y], prepend=False, append=False)).tolist()
            for left, right in zip(xs[::2], xs[1::2], strict=True):
                at = place.topLeft() + QPointF(left, y) * scale
                row = QRectF(at.x(), at.y(), (right - left) * scale, max(2.0, scale))
                painter.fillRect(row, QColor(255, 255, 255, 220))

    # ── one patch ──

    def _patch(self) -> tuple[int, int]:
        """(y, x): the patch that is pointed at, or the nearest one that wants a match."""
        search, _ = self._now()
        wanted = search.wanted
        height, width = wanted.shape
        y, x = int(self._at[1] * height), int(self._at[0] * width)
        if wanted[min(y, height - 1), min(x, width - 1)]:
            return y, x
        ys, xs = np.nonzero(wanted)
        nearest = int(np.argmin((ys - y) ** 2 + (xs - x) ** 2))
        return int(ys[nearest]), int(xs[nearest])

    def _draw_patch(self, painter: QPainter, theme: Theme) -> None:
        """Where it lies, where its match does, and where it looked for one."""
        search, moment = self._now()
        y, x = self._patch()
        visit, match = search.visit(moment, y, x), search.match(moment, y, x)
        place = self._places["source"]
        painter.save()
        painter.setClipRect(place.adjusted(-1, -1, 1, 1))
        scale = place.width() / search.source.shape[1]
        if visit is not None:
            self._draw_reach(painter, theme, place, scale, visit)
        self._square(painter, place, scale, match.x, match.y, _MARK)
        painter.restore()
        for name in _OF_TARGET:
            scale = self._places[name].width() / search.target.shape[1]
            self._square(painter, self._places[name], scale, x, y, _MARK)
        self._draw_tried(painter, theme, visit, match)

    def _draw_reach(
        self, painter: QPainter, theme: Theme, place: QRectF, scale: float, visit: Visit
    ) -> None:
        """The squares that were drawn from, around what was best then, and what was drawn."""
        best = visit.spread
        middle = place.topLeft() + QPointF(best.x + 0.5, best.y + 0.5) * scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 120), max(1.0, 0.06 * self.em)))
        for radius in {one.radius for one in visit.candidates if one.radius}:
            half = QPointF(radius * scale, radius * scale)
            painter.drawRect(QRectF(middle - half, middle + half))
        painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
        for one in visit.candidates:
            painter.setBrush(QColor(_MARK if one.taken else DARK.accent))
            at = place.topLeft() + QPointF(one.x + 0.5, one.y + 0.5) * scale
            painter.drawEllipse(at, 0.32 * self.em, 0.32 * self.em)

    def _square(
        self, painter: QPainter, place: QRectF, scale: float, x: int, y: int, colour: str
    ) -> None:
        """A patch in a picture, never too small to be seen."""
        half = max(self._now()[0].size * scale, 0.9 * self.em) / 2
        middle = place.topLeft() + QPointF(x + 0.5, y + 0.5) * scale
        square = QRectF(middle - QPointF(half, half), middle + QPointF(half, half))
        thick = max(2.0, 0.13 * self.em)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, one in ((2 * thick, QColor(0, 0, 0, 130)), (thick, QColor(colour))):
            painter.setPen(QPen(one, width))
            painter.drawRect(square)

    def _draw_tried(
        self, painter: QPainter, theme: Theme, visit: Visit | None, match: Candidate
    ) -> None:
        """The patch, the match it had, and every candidate with its distance."""
        place, search = self._places["tried"], self._now()[0]
        words = self.tr("One patch, and the match it begins with")
        if visit is not None:
            words = self.tr("What one patch tried in sweep {}").format(visit.sweep + 1)
        self._caption(painter, theme, place, words)
        line = 1.25 * self.em
        side, columns, cell = self._cells(place, 2 * line)
        y, x = self._patch()
        tiles = [("target", y, x, self.tr("patch"), "", theme.text)]
        had = match if visit is None else visit.before
        tried = () if visit is None else visit.candidates
        best = min((had, *tried), key=lambda one: one.cost)
        for one in (had, *tried):
            name = f"±{one.radius}" if one.radius else self.tr("had")
            if one.way is not None:
                name = _WAYS[one.way]
            off = (one.cost / (3 * search.size**2)) ** 0.5
            colour = theme.warning if one is best else theme.muted
            tiles.append(("source", one.y, one.x, name, f"{off:.1f}", colour))
        for number, (picture, row, column, name, off, colour) in enumerate(tiles[:_MOST]):
            at = place.topLeft() + QPointF(
                number % columns * cell.width(), number // columns * cell.height()
            )
            tile = QRectF(at.x(), at.y(), side, side)
            half = search.size // 2
            part = QRectF(column - half, row - half, search.size, search.size)
            draw_image(painter, self._images[picture], tile, part)
            if colour == theme.warning or number == 0:
                painter.setPen(QPen(QColor(colour), max(2.0, 0.13 * self.em)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(tile)
            for lines, words in enumerate((name, off)):
                top = tile.bottom() + 0.15 * self.em + lines * line
                under = QRectF(at.x() - (cell.width() - side) / 2, top, cell.width(), line)
                centre = Qt.AlignmentFlag.AlignCenter
                draw_words(painter, under, words, self.font_of(0.85), colour, centre)

    def _cells(self, place: QRectF, words: float) -> tuple[float, int, QSizeF]:
        """In one row or in two, as the pictures are larger: their side, the columns, a cell."""
        found = []
        for columns in _COLUMNS:
            cell = QSizeF(place.width() / columns, place.height() * columns / _MOST)
            across, down = cell.width() - 0.6 * self.em, cell.height() - words - 0.5 * self.em
            found.append((min(across, down), columns, cell))
        return max(found, key=lambda one: one[0])

    def _draw_energy(self, painter: QPainter, theme: Theme) -> None:
        record: SearchRecord = self.record
        place, values = self._places["energy"], record.energies
        words = self.tr("A pixel is off by {:.1f} levels of 255").format(values[self.moment])
        self._caption(painter, theme, place, words)
        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        colours = theme.accent, theme.disabled
        draw_curve(painter, place, values, record.total, self.moment, colours)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The patch under the pointer is looked at, in A or in what is made of it."""
        for name in _OF_TARGET:
            place = self._places.get(name)
            if place is not None and place.contains(event.position()):
                at = event.position() - place.topLeft()
                self._at = at.x() / place.width(), at.y() / place.height()
                self.point()


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """In the layout of the screen, which is drawn fastest."""
    return to_image(pixels).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _veiled(search: FieldRecord) -> NDArray[np.uint8]:
    """The picture with the hole darkened: nothing is copied from there."""
    assert search.hole is not None
    veiled = search.source.copy()
    veiled[search.hole] = veiled[search.hole] // 4
    return veiled


def _colours_of_finders(theme: Theme) -> NDArray[np.uint8]:
    """(3, 3) RGB: kept, spread, drawn."""
    names = theme.raised, theme.accent, theme.warning  # KEPT, SPREAD, DRAWN
    colours = [QColor(name) for name in names]
    return np.array([(one.red(), one.green(), one.blue()) for one in colours], np.uint8)
