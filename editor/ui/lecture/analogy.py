"""Image analogies, watched: for each pixel of B′ two places that could be copied, and which was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from editor.engine.image import Picture, Point, Size
from editor.model.document import Document
from editor.operations import Operation, RecordAnalogy
from editor.operations.field import Traced
from editor.ui.lecture.analogy_charts import draw_bars, draw_shares
from editor.ui.lecture.drawing import draw_image, draw_words, fitted
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.pictures import sample
from editor.ui.pictures import to_image
from editor.ui.theme import Theme

_NARROW = 0.68, (("A", "Ap"), ("B", "Bp"), ("source", "shares"))  # part of the width, and rows …
_WIDE = 0.76, (("A", "Ap", "source"), ("B", "Bp", "shares"))  # … where there is room for three
_WIDER = 1.75  # times the height is the width then
_WINDOW = 5  # pixels, §3.1
_DIMMED = 3  # parts of its light that a coarser B′ is shown with, where the finer is to come
_ENDINGS = {"numbers": ("png", "jpg", "png")}
_NAMES = "A", "Ap", "B"


@dataclass(frozen=True, slots=True)
class Settings:
    example: str = "numbers"  # one of those in resources/samples/analogies
    kappa: float = 5.0


class AnalogyPage(Page):
    name, caption = "analogies", "Analogies"
    text = Text(
        "Image analogies",
        (
            "A is to A′ as B is to B′. The filter is learnt from one example, and B′ is made of "
            "pixels of A′: small first, then larger, pixel by pixel in reading order.",
            "For each pixel there are two places that could be copied. The approximate one looks "
            "most like it, in A and B and in what is there of A′ and B′.",
            "The coherent one goes on where a neighbour was copied from: it keeps strokes and "
            "textures in one piece.",
            "The coherent one is taken unless it is too much worse. κ says how much is too much; "
            "on the finest level ℓ = L most is allowed.",
        ),
        (
            Formula(
                "analogy-approximate",
                "p app is the p that minimises the squared distance of F of p and F of q",
            ),
            Formula("analogy-coherent", "p coh is s of r plus q minus r, r a neighbour of q"),
            Formula(
                "analogy-kappa",
                "d coh is at most d app times 1 plus 2 to the power of l minus L times kappa",
            ),
        ),
        "A. Hertzmann, C. E. Jacobs, N. Oliver, B. Curless, D. H. Salesin: Image Analogies. "
        "Proceedings of SIGGRAPH 2001.",
    )
    tries = (
        Try(
            "By numbers",
            "Colours say what is where: a view from a map of it.",
            {"example": "numbers"},
            "Example",
        ),
        Try(
            "Pen and ink",
            "A drawing of a still life; its pen draws the open picture, or a roof.",
            {"example": "line"},
            "Example",
        ),
        Try(
            "Colours",
            "One half of a view has its colours: they are given to the open picture, or a roof.",
            {"example": "colour"},
            "Example",
        ),
        Try("κ = 0", "Always the nearest place: right, and restless.", {"kappa": 0.0}, "Coherence"),
        Try("1", "A little more is allowed.", {"kappa": 1.0}, "Coherence"),
        Try("5", "As the paper has it for textures and paintings.", {"kappa": 5.0}, "Coherence"),
        Try("25", "Almost always coherent: large pieces.", {"kappa": 25.0}, "Coherence"),
    )
    first = Settings()
    pace = 120.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._pointed: tuple[int, int] | None = None  # x, y in B′ of a pixel that is looked at
        self._images: dict[str, QImage] = {}
        self._of: tuple[Any, ...] = ()  # what the images show
        self.setMouseTracking(True)

    # ── what is recorded ──

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        endings = _ENDINGS.get(settings.example, ("jpg",) * 3)
        files = [f"{name}.{ending}" for name, ending in zip(_NAMES, endings, strict=True)]
        A, Ap, B = (sample(f"analogies/{settings.example}-{file}", 96) for file in files)
        captions = {
            "numbers": self.tr("A view by numbers"),
            "line": self.tr("In pen and ink"),
            "colour": self.tr("Colours"),
        }
        self._title = captions[settings.example]
        own = document is not None and settings.example != "numbers"
        if own and document is not None:
            self._title = document.title
        target = None if own else B
        return RecordAnalogy(settings.example, settings.kappa, A=A, Ap=Ap, B=target)

    @property
    def count(self) -> int:
        if self.record is None:
            return 0
        return int(self.record.count + (self.record.count == self.record.total))

    @property
    def chapters(self) -> tuple[int, ...]:
        if self.record is None:
            return ()
        starts = np.cumsum([level.total for level in self.record.levels]).tolist()
        return tuple(start for start in starts if start < self.count)

    def said(self) -> str:
        if self.record is None:
            return ""
        number, pixel = self.record.at(self.moment)
        level = self.record.levels[number]
        if pixel == level.total:
            return self.tr("B′ is made")
        row, column = divmod(pixel, level.B.shape[1])
        words = self.tr("Level {0} of {1}, row {2}, pixel {3}")
        return words.format(number + 1, len(self.record.levels), row + 1, column + 1)

    @property
    def about(self) -> str:
        if self.record is None:
            return ""
        return f"{self._title}, {Size.of(self.record.levels[-1].B)}"

    def look(self, what: Any) -> None:
        self._pointed = what
        self.update()

    # ── where things stand ──

    def _places(self) -> dict[str, QRectF]:
        """All pictures alike in rows, the chart among them; at the right what decides."""
        edge, line, level = 1.2 * self.em, self.line, self.record.levels[-1]
        room = QRectF(self.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)
        part, rows = _WIDE if room.width() > _WIDER * room.height() else _NARROW
        wide = part * room.width() / len(rows[0]) - edge
        high = room.height() / len(rows) - line
        places, top = {}, room.top() + line
        for row in rows:
            for column, name in enumerate(row):
                of = level.A if name in ("A", "Ap") else level.B
                box = QRectF(room.left() + column * (wide + edge), top, wide, high)
                places[name] = fitted(box, of.shape[1], of.shape[0], top=True)
                places[name].moveLeft(box.left())
            top += max(places[name].height() for name in row) + line
        places["shares"].adjust(2.6 * self.em, 0, 0, -1.5 * self.em)
        left, bars = room.left() + part * room.width(), 2 * line
        places["places"] = QRectF(left, room.top() + line, room.right() - left, 0)
        places["places"].setBottom(room.bottom() - bars - line)
        places["decides"] = QRectF(left, room.bottom() - bars, room.right() - left, bars)
        return places

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.record is None or not self.record.count:
            self.draw_ground(painter, self.tr("The pictures are made ready…"))
            return
        self.draw_ground(painter)
        theme, places = Theme.of(self), self._places()
        number, pixel = self.record.at(self.moment)
        level = self.record.levels[number]
        self._make_images(number, pixel)
        captions = {"A": "A", "Ap": "A′", "B": "B", "Bp": "B′"}
        for name, words in captions.items():
            draw_image(painter, self._images[name], places[name])
            self.draw_caption(painter, places[name], words)
        decision = self._decision(level, pixel)
        if decision is not None:
            self._draw_marks(painter, theme, places, level, decision)
            self._draw_tiles(painter, theme, places["places"], decision)
            words = self.tr("At most {} × as far").format(f"{level.tolerated:.3g}")
            self.draw_caption(painter, places["decides"], words)
            draw_bars(self, painter, places["decides"], level.tolerated, decision)
        self._draw_whole(painter, theme, places, number, pixel)

    def _decision(self, level: Any, pixel: int) -> Any:
        """Of the pixel under the pointer, if it is there; else of the one whose turn it is."""
        width = level.B.shape[1]
        if self._pointed is not None:
            x, y = self._pointed
            if 0 <= y * width + x < pixel:
                pixel = y * width + x
        return level.decision(pixel) if pixel < level.count else None

    def _make_images(self, number: int, pixel: int) -> None:
        """Those of this moment, made once."""
        level = self.record.levels[number]
        if self._of[:2] != (self.record, number):
            self._images = {
                name: to_image(np.ascontiguousarray(picture))
                for name, picture in (("A", level.A), ("Ap", level.Ap), ("B", level.B))
            }
        if self._of != (self.record, number, pixel):
            self._of = self.record, number, pixel
            made = level.picture_at(pixel)
            if number:
                before = _dimmed(self.record.levels[number - 1], made.shape)
                made.reshape(-1, 3)[pixel:] = before.reshape(-1, 3)[pixel:]
            self._images["Bp"] = to_image(made)
            traced = Traced.of(level.source_at(pixel), Size.of(level.A))
            there = (traced.origins[..., :1] >= 0) * np.uint8(255)
            self._images["source"] = to_image(np.concatenate([traced.colours, there], axis=2))

    def _draw_marks(
        self, painter: QPainter, theme: Theme, places: dict[str, QRectF], level: Any, decision: Any
    ) -> None:
        """The window around the pixel, and around both places."""
        for name in ("B", "Bp"):
            self._square(painter, places[name], level.B, decision.at, theme.text)
        for name in ("A", "Ap"):
            self._square(painter, places[name], level.A, decision.approximate, theme.accent)
            if decision.coherent is not None:
                self._square(painter, places[name], level.A, decision.coherent, theme.warning)

    def _square(
        self, painter: QPainter, place: QRectF, picture: Picture, at: Point, colour: str
    ) -> None:
        scale = place.width() / picture.shape[1]
        side = _WINDOW * scale
        middle = place.topLeft() + QPointF(at.x + 0.5, at.y + 0.5) * scale
        square = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        painter.save()
        painter.setClipRect(place.adjusted(-3, -3, 3, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, one in (
            (0.24 * self.em, QColor(0, 0, 0, 130)),
            (0.13 * self.em, QColor(colour)),
        ):
            painter.setPen(QPen(one, width))
            painter.drawRect(square)
        painter.restore()

    def _draw_tiles(self, painter: QPainter, theme: Theme, place: QRectF, decision: Any) -> None:
        """The window here and at both places, large: of A or B, and of A′ or B′ beside it."""
        shown: list[tuple[str, tuple[str, str], Point | None, str]] = [
            (self.tr("The pixel in B and B′"), ("B", "Bp"), decision.at, theme.text),
            (self.tr("Approximate"), ("A", "Ap"), decision.approximate, theme.accent),
            (self.tr("Coherent"), ("A", "Ap"), decision.coherent, theme.warning),
        ]
        line, gap = self.line, 0.4 * self.em
        each = (place.height() + line) / 3
        side = min(each - line - gap, (place.width() - gap) / 2)
        taken = 2 if decision.took_coherent else 1
        for number, (words, pictures, at, colour) in enumerate(shown):
            top = place.top() + number * each
            for column, name in enumerate(pictures):
                tile = QRectF(place.left() + column * (side + gap), top, side, side)
                painter.fillRect(tile, QColor(theme.pressed))
                if at is not None:
                    self._draw_window(painter, tile, name, at)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colour), (0.26 if number == taken else 0.08) * self.em))
                painter.drawRect(tile)
            above = QRectF(place.left(), top - line, place.width(), line)
            if at is None:
                words = self.tr("No neighbour leads anywhere")
            elif number == taken:
                words = self.tr("{}: copied").format(words)
            draw_words(painter, above, words, self.font_of(strong=number == taken), colour)

    def _draw_window(self, painter: QPainter, tile: QRectF, name: str, at: Point) -> None:
        image, r = self._images[name], _WINDOW // 2
        part = QRectF(at.x - r, at.y - r, _WINDOW, _WINDOW)
        inside = part.intersected(QRectF(image.rect()))
        cell = tile.width() / _WINDOW
        corner = tile.topLeft() + (inside.topLeft() - part.topLeft()) * cell
        shown = QRectF(corner.x(), corner.y(), inside.width() * cell, inside.height() * cell)
        draw_image(painter, image, shown, inside)
        middle = QRectF(tile.left() + r * cell, tile.top() + r * cell, cell, cell)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for wide, colour in (
            (0.2 * self.em, QColor(0, 0, 0, 110)),
            (0.1 * self.em, QColor("#fff")),
        ):
            painter.setPen(QPen(colour, wide))
            painter.drawRect(middle)

    def _draw_whole(
        self, painter: QPainter, theme: Theme, places: dict[str, QRectF], number: int, pixel: int
    ) -> None:
        """Where each pixel came from, and how many were coherent on each level, by κ."""
        painter.fillRect(places["source"], QColor(theme.pressed))
        draw_image(painter, self._images["source"], places["source"])
        self.draw_caption(painter, places["source"], self.tr("Where from in A′"))
        chart = places["shares"]
        share = self.record.levels[number].share(pixel)
        words = self.tr("{} coherent").format(f"{100 * share:.0f} %")
        self.draw_caption(painter, chart.adjusted(-2.6 * self.em, 0, 0, 0), words)
        draw_shares(self, painter, chart, self.record, number)

    # Qt

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A pixel of B′ that is there is looked at instead of the one whose turn it is."""
        if self.record is None or not self.record.count:
            return
        place = self._places()["Bp"]
        level = self.record.levels[self.record.at(self.moment)[0]]
        at = None
        if place.contains(event.position()):
            inside = (event.position() - place.topLeft()) * (level.B.shape[1] / place.width())
            at = int(inside.x()), int(inside.y())
        self._point(at)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def _point(self, at: tuple[int, int] | None) -> None:
        if at != self._pointed:
            self._pointed = at
            self.looked.emit(at)
            self.update()


def _dimmed(level: Any, shape: tuple[int, ...]) -> Picture:
    """B′ of a coarser level at the size of the next one, dark."""
    coarse = level.picture_at(level.total)
    large = coarse.repeat(2, axis=0).repeat(2, axis=1)[: shape[0], : shape[1]]
    return np.ascontiguousarray(large // _DIMMED)
