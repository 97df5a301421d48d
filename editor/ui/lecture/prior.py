"""Deep image prior, watched: what comes out of four networks as they learn, and how near it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from editor.engine.image import Size
from editor.model.document import Document
from editor.operations import Operation, RecordFits
from editor.ui.lecture.drawing import draw_image, draw_words, rule
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.pictures import sample
from editor.ui.pictures import to_image
from editor.ui.sprite.compass import way_colours
from editor.ui.theme import Theme
from editor.ui.transport import grouped

OWN = "own"  # the document in front, if there is one
_LANES = 4
_HUES = 0, 26, 6, 20  # of the lanes, numbers of way colours
_LEVELS = 2.0, 100.0  # what the curves reach from and to
_MARKS = 3, 10, 30, 100
_LONGEST = 256  # px of a sample that is read
_CENTRED = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SAMPLES = {
    "jug": ("Still life", "analogies/line-A.jpg"),
    "roof": ("A roof", "analogies/filter-A.jpg"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    races: bool = False
    of: str = OWN
    seed: int = 0


class PriorPage(Page):
    name, caption = "prior", "Deep image prior"
    text = Text(
        "Deep image prior",
        (
            "A network that was never trained makes a picture out of noise z. Its weights θ are "
            "changed until that picture is the given one, x₀.",
            "It soon makes a natural picture. Noise, or the same pixels shuffled, it learns late: "
            "its shape alone prefers pictures.",
            "So from a noisy picture it comes near the clean one first, and learns the noise "
            "afterwards. To stop early is to take the noise away.",
            "How near it comes, and how long it stays there, depends on the shape of the network.",
        ),
        (
            Formula(
                "prior-fit",
                "theta star is the theta that minimises the squared distance of f theta of z "
                "and x nought",
            ),
            Formula("prior-picture", "x star is f theta star of z"),
        ),
        "D. Ulyanov, A. Vedaldi, V. Lempitsky: Deep Image Prior. IEEE Conference on Computer "
        "Vision and Pattern Recognition, 2018.",
    )
    tries = (
        Try(
            "Four pictures",
            "One network, fitted to a picture, with noise, shuffled, and to noise alone.",
            {"races": False},
            "What is fitted",
        ),
        Try(
            "Four networks",
            "Four shapes of network, all fitted to the same noisy picture.",
            {"races": True},
            "What is fitted",
        ),
        Try("Still life", "A jug and fruit.", {"of": "jug"}, "Picture"),
        Try("Roof", "A chimney before clouds.", {"of": "roof"}, "Picture"),
        Try("Open picture", "The middle of the picture that is open.", {"of": OWN}, "Picture"),
        Try("First", "The seed it begins with.", {"seed": 0}, "Seed"),
        Try("Another", "Other noise, and other weights to begin with.", {"seed": 7}, "Seed"),
    )
    first = Settings()
    pace = 12.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._of = "", "jug"  # what it is shown on

    # ── what is recorded ──

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        if settings.of == OWN and document is not None:
            self._title, self._of = document.title, OWN
            return RecordFits(settings.races, seed=settings.seed)
        self._of = settings.of if settings.of in _SAMPLES else "jug"
        caption, name = _SAMPLES[self._of]
        self._title = self.tr(caption)
        picture = sample(name, _LONGEST)
        return RecordFits(settings.races, seed=settings.seed, picture=picture)

    def holds(self, one: Try) -> bool:
        """Without a document it is shown on a sample, whatever is wanted."""
        return one.changes["of"] == self._of if "of" in one.changes else super().holds(one)

    @property
    def count(self) -> int:
        return 0 if self.record is None else int(self.record.count)

    def said(self) -> str:
        if self.record is None:
            return ""
        words = self.tr("Iteration {0} of {1}")
        return words.format(grouped(self.moment + 1), grouped(self.record.total))

    @property
    def about(self) -> str:
        if self.record is None:
            return ""
        return f"{self._title}, {Size.of(self.record.lanes[0].outputs[0])}"

    def _names(self) -> list[str]:
        captions = {
            "picture": self.tr("The picture"),
            "noisy": self.tr("With noise"),
            "shuffled": self.tr("Pixels shuffled"),
            "noise": self.tr("Only noise"),
        }
        return [captions.get(one.lane.name, one.lane.name) for one in self.record.lanes]

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.count:
            self.draw_ground(painter, self.tr("The networks are made ready…"))
            return
        self.draw_ground(painter)
        theme, edge, line = Theme.of(self), 1.2 * self.em, self.line
        room = QRectF(self.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)
        each = (room.width() - (_LANES - 1) * edge) / _LANES
        side = min(each, 0.56 * room.height() - 2 * line)
        for number, name in enumerate(self._names()):
            left = room.left() + number * (each + edge) + (each - side) / 2
            place = QRectF(left, room.top() + line, side, side)
            self._draw_lane(painter, theme, place, number, name)
        top = room.top() + side + 2.9 * line
        axis = 3.4 * self.em
        chart = QRectF(room.left() + axis, top, room.width() - axis, room.bottom() - top)
        self._draw_chart(painter, theme, chart.adjusted(0, 0, 0, -1.3 * self.em))

    def _draw_lane(
        self, painter: QPainter, theme: Theme, place: QRectF, number: int, name: str
    ) -> None:
        """What comes out, with what it should be in a corner, and how far off it is."""
        one, line = self.record.lanes[number], self.line
        colour = way_colours(theme)[_HUES[number]].name()
        above = QRectF(place.left(), place.top() - line, place.width(), line)
        draw_words(painter, above, name, self.font_of(strong=True), colour)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, to_image(one.outputs[self.moment]))
        small = 0.3 * place.width()
        corner = QRectF(place.right() - small, place.bottom() - small, small, small)
        painter.fillRect(
            corner.adjusted(-0.2 * self.em, -0.2 * self.em, 0, 0), QColor(theme.canvas)
        )
        target = np.rint(255 * one.lane.target).astype(np.uint8)
        draw_image(painter, to_image(target), corner)
        below = QRectF(place.left(), place.bottom(), place.width(), line)
        words = self.tr("off by {:.1f} levels").format(_levels(one.losses[self.moment]))
        draw_words(painter, below, words, self.font_of(0.9), theme.text)
        if self._shows_truth(one):
            below.translate(0, 0.72 * line)
            words = self.tr("from the truth {:.1f}").format(_levels(one.errors[self.moment]))
            draw_words(painter, below, words, self.font_of(0.9), theme.muted)

    def _shows_truth(self, one: Any) -> bool:
        """Whether the truth is known, and is not what the network is fitted to."""
        return one.lane.truth is not None and one.lane.truth is not one.lane.target

    def _draw_chart(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        """How far off each is over the iterations; dashed: from the truth."""
        small = self.font_of(0.8)
        for mark in _MARKS:
            y = self._height_of(place, float(mark))
            painter.setPen(rule(theme))
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
            beside = QRectF(place.left() - 3.4 * self.em, y - self.em, 3 * self.em, 2 * self.em)
            draw_words(painter, beside, f"{mark}", small, theme.muted, _RIGHT)
        words = self.tr("levels off what is fitted; dashed: off the truth")
        if self._races:
            words = self.tr("levels off the truth; a ring where it was nearest")
        inside = QRectF(place.left(), place.top() + 0.2 * self.em, place.width(), 1.4 * self.em)
        draw_words(painter, inside, words, small, theme.muted, _RIGHT)
        total = self.record.total
        for number in range(0, total + 1, max(1, total // 6)):
            x = place.left() + place.width() * number / total
            below = QRectF(x - 3 * self.em, place.bottom(), 6 * self.em, 1.4 * self.em)
            words = self.tr("{} iterations").format(number) if number == 0 else f"{number}"
            if number == 0:
                below.moveLeft(place.left())
            align = _CENTRED if number else _LEFT
            draw_words(painter, below, words, small, theme.muted, align)
        for number, one in enumerate(self.record.lanes):
            colour = way_colours(theme)[_HUES[number]]
            if self._shows_truth(one):
                self._draw_line(painter, place, one.errors, colour, dashed=not self._races)
                self._draw_best(painter, theme, place, one, colour)
            if not (self._shows_truth(one) and self._races):
                self._draw_line(painter, place, one.losses, colour)
        x = place.left() + place.width() * self.moment / total
        painter.setPen(QPen(QColor(theme.text), 0.1 * self.em))
        painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))

    @property
    def _races(self) -> bool:
        """Whether all are fitted to the same: then how far from the truth each is counts."""
        first = self.record.lanes[0].lane.target
        return all(one.lane.target is first for one in self.record.lanes)

    def _draw_line(
        self,
        painter: QPainter,
        place: QRectF,
        values: NDArray[np.float64],
        colour: QColor,
        *,
        dashed: bool = False,
    ) -> None:
        """Faint where the moment has not come yet."""
        across = place.width() / self.record.total
        points = [
            QPointF(place.left() + number * across, self._height_of(place, _levels(value)))
            for number, value in enumerate(values[: self.count].tolist())
        ]
        faint = QColor(colour)
        faint.setAlpha(80)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one, part in ((faint, points[self.moment :]), (colour, points[: self.moment + 1])):
            pen = QPen(one, 0.16 * self.em, j=Qt.PenJoinStyle.RoundJoin)
            if dashed:
                pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(part))

    def _draw_best(
        self, painter: QPainter, theme: Theme, place: QRectF, one: Any, colour: QColor
    ) -> None:
        """A ring where it was nearest to the truth: there it should have stopped."""
        best = one.best
        if best < 0 or best >= self.count - 1:
            return
        x = place.left() + place.width() * best / self.record.total
        at = QPointF(x, self._height_of(place, _levels(one.errors[best])))
        painter.setPen(QPen(colour, 0.16 * self.em))
        painter.setBrush(QColor(theme.canvas))
        painter.drawEllipse(at, 0.4 * self.em, 0.4 * self.em)

    def _height_of(self, place: QRectF, levels: float) -> float:
        low, high = np.log(_LEVELS)
        share = (np.log(min(max(levels, _LEVELS[0]), _LEVELS[1])) - low) / (high - low)
        return float(place.bottom() - share * place.height())


def _levels(square: float) -> float:
    """A mean square as levels of 255."""
    return float(255 * np.sqrt(square))
