"""PatchMatch, watched: the field as it spreads, what one patch tries, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen

from editor.engine.field_record import Candidate, FieldRecord, Visit, wheel
from editor.model.document import Document
from editor.operations import Operation, RecordField
from editor.ui.lecture.drawing import draw_curve, draw_image, draw_words, fitted
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.pictures import sample
from editor.ui.pictures import to_image
from editor.ui.theme import Theme

_OWN = "own"  # the document in front, if there is one
_TILE = 32  # px, of the chessboard that several processors work on
_SHAPE = 1.5  # of a picture, where none is there yet


@dataclass(frozen=True, slots=True)
class Settings:
    pair: str = _OWN
    propagates: bool = True
    searches: bool = True
    size: int = 7
    tile: int | None = None
    shows: str = "colours"  # of the field: colours, arrows or who found it


class PatchMatchPage(Page):
    name, caption = "patchmatch", "PatchMatch"
    text = Text(
        "PatchMatch",
        (
            "For every patch of A we look for the most similar patch of B. To compare each with "
            "each would take minutes.",
            "PatchMatch begins with a guess at random. Among so many, some are right by luck.",
            "Then it goes from patch to patch. What was right for a neighbour, moved along by one "
            "pixel, is probably right here: good matches spread.",
            "And each patch tries a few places at random around its match, near and far, so that "
            "it does not stay with the second best.",
        ),
        (
            Formula("patchmatch-field", "f of p is the q in B that minimises D of p and q"),
            Formula("patchmatch-search", "u i is v nought plus w times alpha to the i times R i"),
        ),
        "C. Barnes, E. Shechtman, A. Finkelstein, D. B. Goldman: PatchMatch: A Randomized "
        "Correspondence Algorithm for Structural Image Editing. ACM Transactions on Graphics "
        "28(3), 2009.",
    )
    tries = (
        Try(
            "Both",
            "As the paper has it: matches spread, and each patch searches at random.",
            {"propagates": True, "searches": True},
            "Try this",
        ),
        Try(
            "Propagation only",
            "No random search: what nobody guessed at first is never found.",
            {"propagates": True, "searches": False},
            "Try this",
        ),
        Try(
            "Random search only",
            "No propagation: every patch has to find its match alone.",
            {"propagates": False, "searches": True},
            "Try this",
        ),
        Try(
            "In tiles",
            "As several processors do it: the tiles of a chessboard, first those of one colour.",
            {"tile": _TILE},
            "Try this",
        ),
    )
    first = Settings()
    pace = 30.0

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._at = (0, 0)  # (x, y): the patch that is looked at
        self._images: dict[str, QImage] = {}
        self._of: tuple[FieldRecord, int] | None = None  # what the images show
        self._title = ""
        self.setMouseTracking(True)

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        options: dict[str, Any] = {
            name: getattr(settings, name) for name in ("propagates", "searches", "size", "tile")
        }
        if settings.pair == _OWN and document is not None:
            self._title = document.title
            return RecordField(**options)
        target, source = sample("analogies/artistic-B.jpg"), sample("analogies/colour-Ap.jpg")
        self._title = self.tr("Two roofs")
        return RecordField(**options, target=target, source=source)

    @property
    def count(self) -> int:
        return 0 if self.record is None else self.record.count

    @property
    def chapters(self) -> tuple[int, ...]:
        if self.record is None:
            return ()
        record: FieldRecord = self.record
        return tuple(m for s in range(record.sweeps) if (m := 1 + s * record.bands) < record.count)

    def said(self) -> str:
        if self.record is None:
            return ""
        record: FieldRecord = self.record
        sweep, band = record.when(self.moment)
        if sweep < 0:
            return self.tr("Drawn at random")
        words = self.tr("Sweep {0} of {1}, row {2}")
        for number, value in enumerate((sweep + 1, record.sweeps, band + 1)):
            words = words.replace(f"{{{number}}}", str(value))
        return words

    @property
    def about(self) -> str:
        if self.record is None:
            return ""
        height, width = self.record.target.shape[:2]
        return f"{self._title}, {width} × {height}"

    def follow(self, record: Any) -> None:
        if record is None or self.record is None or record.target is not self.record.target:
            self._images.clear()
            self._of = None
            if record is not None and not self._wanted(record).contains(QPointF(*self._at)):
                height, width = record.target.shape[:2]
                self._at = (round(0.62 * width), round(0.42 * height))
        super().follow(record)

    def look(self, what: Any) -> None:
        self._at = what
        self.update()

    def _wanted(self, record: FieldRecord) -> QRectF:
        """The middles of whole patches."""
        (height, width), r = record.target.shape[:2], record.size // 2
        return QRectF(r, r, width - 2 * r - 1, height - 2 * r - 1)

    # ── where things stand ──

    def _places(self) -> dict[str, QRectF]:
        """Above the two that change, large; below them A and B, what is tried, and the energy."""
        edge, line = 1.2 * self.em, 1.7 * self.em
        room = QRectF(self.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)
        record: FieldRecord = self.record
        height, width = record.target.shape[:2]
        half = (room.width() - edge) / 2
        tall = min(half * height / width, 0.6 * (room.height() - 2 * line))
        above = QRectF(room.left(), room.top() + line, half, tall)
        places = {"field": fitted(above, width, height)}
        above.translate(half + edge, 0)
        places["made"] = fitted(above, width, height)
        top = above.bottom() + line + 0.4 * edge
        below = QRectF(room.left(), top, room.width(), room.bottom() - top)
        part = (room.width() - 3 * edge) / 4.4
        first = QRectF(below.left(), top, part, below.height())
        places["target"] = fitted(first, width, height, top=True)
        first.translate(part + edge, 0)
        places["source"] = fitted(first, *record.source.shape[1::-1], top=True)
        rest = QRectF(first.right() + edge, top, below.right() - first.right() - edge, 0)
        rest.setBottom(below.bottom())
        places["tried"] = QRectF(rest.topLeft(), QPointF(rest.right(), top + 0.62 * rest.height()))
        places["energy"] = QRectF(
            QPointF(rest.left(), places["tried"].bottom() + line), rest.bottomRight()
        )
        return places

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.record is None:
            self.draw_ground(painter, self.tr("The pictures are made ready…"))
            return
        self.draw_ground(painter)
        theme, places = Theme.of(self), self._places()
        self._draw_images()
        captions = {
            "field": self.tr("Where each match lies"),
            "made": self.tr("A, made of patches of B"),
            "target": "A",
            "source": "B",
        }
        for name, words in captions.items():
            draw_image(painter, self._images[name], places[name])
            self._caption(painter, theme, places[name], words)
        self._draw_wheel(painter, theme, places["field"])
        self._draw_front(painter, theme, places)
        visit = self.record.visit(self.moment, self._at[1], self._at[0])
        self._draw_marks(painter, theme, places, visit)
        self._draw_tried(painter, theme, places["tried"], visit)
        self._draw_energy(painter, theme, places["energy"])

    def _caption(self, painter: QPainter, theme: Theme, place: QRectF, words: str) -> None:
        line = 1.7 * self.em
        above = QRectF(place.left(), place.top() - line, place.width(), line)
        draw_words(painter, above, words, self.font_of(), theme.muted)

    def _draw_images(self) -> None:
        """Those of this moment, made once."""
        record: FieldRecord = self.record
        if "source" not in self._images:
            self._images["target"] = to_image(record.target)
            self._images["source"] = to_image(record.source)
            self._images["wheel"] = to_image(wheel(129))
        if self._of is None or self._of != (record, self.moment):
            self._of = record, self.moment
            self._images["field"] = to_image(record.colours(self.moment))
            self._images["made"] = to_image(record.reconstruction(self.moment))

    def _draw_wheel(self, painter: QPainter, theme: Theme, field: QRectF) -> None:
        """The legend of the colours: which way a match lies, and how far."""
        side = 0.26 * field.height()
        gap = 0.5 * self.em
        place = QRectF(field.right() - side - gap, field.bottom() - side - gap, side, side)
        painter.setPen(QPen(QColor(theme.canvas), 0.3 * self.em))
        painter.setBrush(QColor(theme.canvas))
        painter.drawEllipse(place)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._images["wheel"])

    def _draw_front(self, painter: QPainter, theme: Theme, places: dict[str, QRectF]) -> None:
        """The row that is visited now."""
        record: FieldRecord = self.record
        sweep, band = record.when(self.moment)
        if sweep < 0 or self.moment == record.total - 1:
            return
        now = record.turns[sweep % 2] == band
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.warning))
        place = places["field"]
        scale = place.width() / now.shape[1]
        for y in np.flatnonzero(now.any(axis=1)).tolist():
            xs = np.flatnonzero(np.diff(now[y], prepend=False, append=False)).tolist()
            for left, right in zip(xs[::2], xs[1::2], strict=True):
                at = place.topLeft() + QPointF(left, y) * scale
                painter.drawRect(QRectF(at.x(), at.y(), (right - left) * scale, max(2.0, scale)))

    def _draw_marks(
        self, painter: QPainter, theme: Theme, places: dict[str, QRectF], visit: Visit | None
    ) -> None:
        """The patch that is looked at, its match, and where it looked for one."""
        record: FieldRecord = self.record
        x, y = self._at
        scale = places["source"].width() / record.source.shape[1]
        painter.save()
        painter.setClipRect(places["source"])
        row, column = record.match(self.moment, y, x)
        if visit is not None:
            self._draw_reach(painter, theme, places["source"], scale, visit)
        self._square(painter, places["source"], scale, column, row, theme.warning)
        painter.restore()
        for name in ("target", "field", "made"):
            scale = places[name].width() / record.target.shape[1]
            self._square(painter, places[name], scale, x, y, theme.warning)

    def _draw_reach(
        self, painter: QPainter, theme: Theme, place: QRectF, scale: float, visit: Visit
    ) -> None:
        """The windows that were drawn from, around what was best then, and what was drawn."""
        spread = [one for one in visit.candidates if one.taken and not one.radius]
        best = spread[-1] if spread else visit.before
        middle = place.topLeft() + QPointF(best.x + 0.5, best.y + 0.5) * scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        glow = QColor(theme.accent)
        for one in visit.candidates:
            if one.radius:
                glow.setAlpha(110)
                painter.setPen(QPen(glow, 1))
                side = 2 * one.radius * scale
                painter.drawRect(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))
        for one in visit.candidates:
            at = place.topLeft() + QPointF(one.x + 0.5, one.y + 0.5) * scale
            painter.setPen(QPen(QColor(theme.canvas), 1))
            painter.setBrush(QColor(theme.warning if one.taken else theme.accent))
            painter.drawEllipse(at, 0.3 * self.em, 0.3 * self.em)

    def _square(
        self, painter: QPainter, place: QRectF, scale: float, x: int, y: int, colour: str
    ) -> None:
        """A patch in a picture, never too small to be seen."""
        side = max(self.record.size * scale, 0.7 * self.em)
        middle = place.topLeft() + QPointF(x + 0.5, y + 0.5) * scale
        square = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, one in ((4.0, QColor(0, 0, 0, 120)), (2.0, QColor(colour))):
            painter.setPen(QPen(one, width))
            painter.drawRect(square)

    def _draw_tried(
        self, painter: QPainter, theme: Theme, place: QRectF, visit: Visit | None
    ) -> None:
        """The patch, its match until then, and every candidate with its distance."""
        x, y = self._at
        record: FieldRecord = self.record
        words = self.tr("What this patch tried in sweep {}")
        words = (
            self.tr("This patch had its match drawn")
            if visit is None
            else words.format(visit.sweep + 1)
        )
        self._caption(painter, theme, place, words)
        row, column = record.match(self.moment, y, x)
        now = Candidate(row, column, int(record.field(self.moment)[1][y, x]), 0, False)
        shown = [(self.tr("had"), now if visit is None else visit.before)]
        for one in () if visit is None else visit.candidates:
            shown.append((f"±{one.radius}" if one.radius else self.tr("spread"), one))
        columns = 6
        cell = QRectF(0, 0, place.width() / columns, place.height() / 2)
        side = min(cell.width() - 0.5 * self.em, cell.height() - 2.6 * self.em)
        best = min(shown, key=lambda pair: pair[1].cost)[1]
        self._tile(painter, theme, place.topLeft(), side, "target", x, y)
        self._under(painter, theme, place.topLeft(), side, (self.tr("patch"), ""), theme.text)
        for number, (name, one) in enumerate(shown[: 2 * columns - 1], start=1):
            at = place.topLeft() + QPointF(
                number % columns * cell.width(), number // columns * cell.height()
            )
            self._tile(painter, theme, at, side, "source", one.x, one.y)
            colour = theme.muted
            if one is best:
                colour = theme.warning
                painter.setPen(QPen(QColor(colour), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(at.x(), at.y(), side, side))
            self._under(painter, theme, at, side, (name, f"{self._levels(one.cost):.0f}"), colour)

    def _levels(self, cost: int) -> float:
        """What a pixel and channel is off by, of 255 levels."""
        return float((cost / (3 * self.record.size**2)) ** 0.5)

    def _tile(
        self, painter: QPainter, theme: Theme, at: QPointF, side: float, name: str, x: int, y: int
    ) -> None:
        size = self.record.size
        part = QRectF(x - size // 2, y - size // 2, size, size)
        draw_image(painter, self._images[name], QRectF(at.x(), at.y(), side, side), part)

    def _under(
        self,
        painter: QPainter,
        theme: Theme,
        at: QPointF,
        side: float,
        words: tuple[str, str],
        colour: str,
    ) -> None:
        line = 1.15 * self.em
        for number, one in enumerate(words):
            below = QRectF(at.x(), at.y() + side + 0.1 * self.em + number * line, side, line)
            draw_words(
                painter, below, one, self.font_of(0.82), colour, Qt.AlignmentFlag.AlignCenter
            )

    def _draw_energy(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        record: FieldRecord = self.record
        values = record.energies[: record.count]
        words = self.tr("Mean distance: {:.1f} levels").format(values[self.moment])
        self._caption(painter, theme, place, words)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        colours = theme.accent, theme.disabled
        draw_curve(painter, place, values, record.total, self.moment, colours)

    # Qt

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The patch under the pointer is looked at, in A or in what is made of it."""
        if self.record is None:
            return
        record: FieldRecord = self.record
        places = self._places()
        for name in ("target", "field", "made"):
            place = places[name]
            if place.contains(event.position()):
                scale = place.width() / record.target.shape[1]
                at, room = (event.position() - place.topLeft()) / scale, self._wanted(record)
                x = min(max(int(at.x()), round(room.left())), round(room.right()))
                y = min(max(int(at.y()), round(room.top())), round(room.bottom()))
                self._at = x, y
                self.looked.emit(self._at)
                self.update()
