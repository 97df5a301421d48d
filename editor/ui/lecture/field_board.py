"""The board of PatchMatch: the field as it spreads, what a patch tries, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)

from editor.engine.field_record import FieldRecord, SearchRecord
from editor.engine.image import Size
from editor.ui.lecture.drawing import draw_curve, draw_image, fitted, rule
from editor.ui.lecture.field_images import FieldImages
from editor.ui.lecture.field_layers import draw_arrows, draw_finders, draw_front, draw_wheel
from editor.ui.lecture.field_patch import draw_match, draw_square, draw_tried, tiles_of
from editor.ui.lecture.page import Page
from editor.ui.theme import Theme

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
        self._at = (0.62, 0.42)
        self._images = FieldImages()
        self._places: dict[str, QRectF] = {}
        self.setMouseTracking(True)

    # ── what it is told ──

    @property
    def shows(self) -> str:
        """What the field is shown as: colours, arrows or finders."""
        shows: str = self.settings.shows
        return shows

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
        if sweep >= 0:
            words = self.tr("Sweep {0} of {1}, row {2}")
            words = words.format(sweep + 1, search.sweeps, band + 1)
        elif self.record.searches[0] is search:
            words = self.tr("Drawn at random")
        else:
            words = self.tr("Begins")
        alone = self.record.total == search.total
        return words if alone else f"{Size.of(search.target)}: {words}"

    @property
    def about(self) -> str:
        if self.record is None:
            return self.title
        whole = self.count == self.record.total
        return f"{self.title}, {Size.of(self.record.searches[-1].target)}" if whole else self.title

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
        self._at = what
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
        self.looked.emit(self._at)
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
        edge, line = 1.2 * self.em, self.line
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
        most = below.adjusted(0, 0, -0.4 * below.width(), 0)
        field = fitted(most, width, height, top=True)
        field.moveLeft(below.left())
        rest = below.adjusted(field.width() + 1.5 * edge, 0, 0, 0)
        rest.setHeight(max(field.height(), 0.7 * below.height()))
        tried = rest.adjusted(0, 0, 0, -0.34 * rest.height() - 0.66 * line)
        energy = QRectF(QPointF(rest.left(), tried.bottom() + line), rest.bottomRight())
        self._places |= {"field": field, "tried": tried, "energy": energy}

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.record is None:
            self.draw_ground(painter, self.tr("The pictures are made ready…"))
            return
        self.draw_ground(painter)
        search, moment = self._now()
        theme = Theme.of(self)
        self._images.show(search, moment, self.shows, theme)
        painter.fillRect(self._places["field"], QColor(theme.pressed))
        for name, words in self._captions(search).items():
            draw_image(painter, self._images[name], self._places[name])
            self.draw_caption(painter, self._places[name], words)
        self._draw_field(painter, search, moment)
        self._draw_patch(painter, theme, search, moment)
        self._draw_energy(painter, theme)

    def _captions(self, search: FieldRecord) -> dict[str, str]:
        field = self.tr("Where each match lies")
        if self.shows == "finders":
            field = self.tr("How each patch came by its match")
        if search.hole is None:
            made = self.tr("A, made of patches of B")
            return {"target": "A", "source": "B", "made": made, "field": field}
        return {
            "target": self.tr("The picture so far"),
            "source": self.tr("What is copied from"),
            "made": self.tr("After a vote"),
            "field": field,
        }

    def _draw_field(self, painter: QPainter, search: FieldRecord, moment: int) -> None:
        """What lies over it."""
        place = self._places["field"]
        draw_front(painter, place, search, moment)
        if self.shows == "arrows":
            draw_arrows(self, painter, place, search, moment)
        if self.shows == "finders":
            draw_finders(self, painter, place)
        else:
            draw_wheel(self, painter, place)

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

    def _draw_patch(
        self, painter: QPainter, theme: Theme, search: FieldRecord, moment: int
    ) -> None:
        """Where it lies, where its match does, where it looked for one, and what it found."""
        y, x = self._patch()
        visit, match = search.visit(moment, y, x), search.match(moment, y, x)
        draw_match(self, painter, self._places["source"], search, visit, match)
        for name in _OF_TARGET:
            wide = search.target.shape[1]
            draw_square(self, painter, self._places[name], search, x, y, wide)
        place = self._places["tried"]
        words = self.tr("One patch and its first match")
        if visit is not None:
            words = self.tr("What one patch tried in sweep {}").format(visit.sweep + 1)
        self.draw_caption(painter, place, words)
        tiles = tiles_of(self, theme, search, (y, x), visit, match)
        draw_tried(self, painter, place, self._images, search, tiles)

    def _draw_energy(self, painter: QPainter, theme: Theme) -> None:
        record: SearchRecord = self.record
        place, values = self._places["energy"], record.energies
        words = self.tr("A pixel is off by {:.1f} of 255").format(values[self.moment])
        self.draw_caption(painter, place, words)
        painter.setPen(rule(theme))
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
