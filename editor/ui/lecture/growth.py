"""Efros–Leung, watched: the growing picture, and how each of its pixels is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from editor.engine.image import Mask, Picture, Size
from editor.model.document import Document
from editor.operations import Operation, RecordGrowth
from editor.ui.canvas.colour import Colours
from editor.ui.lecture.growth_chart import draw_distances
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.pictures import sample
from editor.ui.pictures import to_image
from editor.ui.texture.moment_view import MomentView
from editor.ui.texture.pane import Pane
from editor.ui.theme import GRID
from editor.ui.transport import grouped

OWN = "own"  # the document in front, if there is one
_LONGEST = 256  # px of a sample that is read
_LARGEST = 12.0  # times its size is a picture shown
_MOST_HEIGHT = 420  # px, of the part that shows one choice
_PARTS = 240  # moments of several textures that grow at the same time
WINDOWS = 5, 9, 15, 23  # side by side
_SAMPLES = {
    "bricks": ("Bricks", "textures/bricks.jpg"),
    "weave": ("Basketwork", "textures/weave.jpg"),
    "pebbles": ("Pebbles", "textures/pebbles.jpg"),
    "page": ("A page", "textures/page.jpg"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    of: str = OWN
    windows: tuple[int, ...] = (11,)
    seed: int = 0


class GrowthPage(Page):
    name, caption = "efros-leung", "Efros–Leung"
    text = Text(
        "Texture by growing",
        (
            "A picture grows from a seed, one pixel after the other, always the one with the most "
            "neighbours that are there already.",
            "The pixel looks at the window around it, as far as that is known, and finds the "
            "places of the sample that look the same. What is near the middle counts most.",
            "All places that are nearly as good as the best are candidates. One is drawn by "
            "chance, and its middle is copied.",
            "The window is the only thing to choose: as wide as the largest thing that repeats.",
        ),
        (
            Formula(
                "growth-distance",
                "d of q is the sum over the window of G of i times the square of the difference "
                "between the picture at p plus i and the sample at q plus i",
            ),
            Formula(
                "growth-candidates",
                "q is a candidate if d of q is at most 1 plus epsilon times the smallest d, "
                "epsilon is 0.1",
            ),
        ),
        "A. A. Efros, T. K. Leung: Texture Synthesis by Non-parametric Sampling. IEEE "
        "International Conference on Computer Vision, 1999.",
    )
    tries = (
        Try("5", "Too small for a brick: it forgets where it is.", {"windows": (5,)}, "Window"),
        Try("11", "Large enough for most things.", {"windows": (11,)}, "Window"),
        Try("23", "So large that whole pieces are copied.", {"windows": (23,)}, "Window"),
        Try(
            "Side by side",
            "Windows of 5, 9, 15 and 23 pixels, all from the same seed.",
            {"windows": WINDOWS},
            "Window",
        ),
        Try("Bricks", "A wall: regular, in several colours.", {"of": "bricks"}, "Sample"),
        Try(
            "Basketwork",
            "Two things in turn: a small window loses count.",
            {"of": "weave"},
            "Sample",
        ),
        Try("Pebbles", "Nothing in it is regular.", {"of": "pebbles"}, "Sample"),
        Try("Text", "Printed words: new ones that look like English.", {"of": "page"}, "Sample"),
        Try("Open picture", "The middle of the picture that is open.", {"of": OWN}, "Sample"),
        Try("First", "The seed it begins with.", {"seed": 0}, "Seed"),
        Try("Another", "Another seed: another texture of the same sample.", {"seed": 7}, "Seed"),
    )
    first = Settings()
    pace = 40.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._of = "", "bricks"  # what it is shown on
        self._colours = Colours(b"", np.dtype(np.uint8), grey=False)
        self.sample = Pane(self.tr("Sample"), self, foot=GRID, largest=_LARGEST)
        self.output = Pane(self.tr("Texture"), self, foot=GRID, largest=_LARGEST)
        self.several = [self._pane(window) for window in WINDOWS]
        self.view = MomentView(self)
        self.view.pointed.connect(self._pointed)
        self._arrange()

    def _pane(self, window: int) -> Pane:
        return Pane(self.tr("Window {}").format(window), self, foot=GRID, largest=_LARGEST)

    # ── what is recorded ──

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        looks = len(settings.windows) == 1
        of: dict[str, Any] = {"windows": settings.windows, "looks": looks, "seed": settings.seed}
        if settings.of == OWN and document is not None:
            self._title, self._of = document.title, OWN
            return RecordGrowth(**of)
        self._of = settings.of if settings.of in _SAMPLES else "bricks"
        caption, name = _SAMPLES[self._of]
        self._title = self.tr(caption)
        return RecordGrowth(**of, sample=sample(name, _LONGEST))

    def holds(self, one: Try) -> bool:
        """Without a document it is shown on bricks, whatever is wanted."""
        return one.changes["of"] == self._of if "of" in one.changes else super().holds(one)

    @property
    def _single(self) -> bool:
        return self.record is not None and len(self.record) == 1

    @property
    def count(self) -> int:
        if self.record is None:
            return 0
        if self._single:
            one = self.record[0]
            return int(one.count + (one.count == one.total))
        there = min(one.count / one.total for one in self.record)
        return int(there * _PARTS) + 1

    def _grown(self, number: int) -> int:
        """Pixels of this texture at the moment that is shown."""
        record = self.record[number]
        if self._single:
            return int(min(self.moment, record.count))
        return int(min(round(record.total * self.moment / _PARTS), record.count))

    def said(self) -> str:
        if self.record is None:
            return ""
        record = self.record[0]
        if self._single:
            if self.moment == record.total:
                return self.tr("All {} pixels have grown").format(grouped(record.total))
            words = self.tr("Pixel {0} of {1}")
            return words.format(grouped(self.moment + 1), grouped(record.total))
        return self.tr("{} pixels of each").format(grouped(self._grown(0)))

    @property
    def about(self) -> str:
        if self.record is None:
            return ""
        return f"{self._title}, {Size.of(self.record[0].sample)}"

    # ── what is shown ──

    def follow(self, record: Any) -> None:
        began = self.record is None
        super().follow(record)
        if record is not None and began:
            picture = record[0].sample
            self.sample.show_image(self._image(picture), Size.of(picture))
            self._arrange()
        elif record is None:
            self._arrange()

    def go_to(self, moment: int) -> None:
        super().go_to(moment)
        for number, (pane, record) in enumerate(zip(self._panes, self.record, strict=False)):
            grown = self._grown(number)
            image = self._image(record.picture_at(grown), record.known_at(grown))
            pane.show_image(image, record.size)
        self._show_choice(-1)

    @property
    def _panes(self) -> list[Pane]:
        """Those that show a texture."""
        if self._single:
            return [self.output]
        windows = [one.window for one in self.record or ()]
        return [pane for pane, one in zip(self.several, WINDOWS, strict=True) if one in windows]

    def look(self, what: Any) -> None:
        self._show_choice(what)

    @Slot(int)
    def _pointed(self, match: int) -> None:
        """At one of the candidates; −1: at none."""
        if self._single:
            self._mark(match)
            self.looked.emit(match)

    def _show_choice(self, match: int) -> None:
        """How the next pixel is chosen, if that is known."""
        look = self._look
        self.view.setVisible(look is not None)
        if look is None:
            self.sample.mark((), None)
            self.output.mark((), None)
        else:
            moment = look.moment
            self.output.mark((), moment.place, moment.weights * moment.known)
            self._mark(match)
            self.view.show_moment(moment, self.moment + 1, self._colours, look.matches)
        self.update()

    def _mark(self, match: int) -> None:
        look = self._look
        if look is not None:
            moment = look.moment
            places = [moment.place_of(one) for one in range(min(look.matches, len(moment.matches)))]
            self.sample.mark(places, moment.place_of(match if match >= 0 else moment.chosen))

    @property
    def _look(self) -> Any:
        if not self._single or self.moment >= len(self.record[0].looks):
            return None
        return self.record[0].looks[self.moment]

    def _image(self, picture: Picture, known: Mask | None = None) -> Any:
        if known is not None:
            picture = np.dstack([picture, known * np.uint8(255)])
        return to_image(picture)

    # ── where things stand ──

    def _arrange(self) -> None:
        """Sample, texture and curve above, the choice below; or the sample and four textures."""
        self.view.fit(round(min(1.15 * self.height(), 0.7 * self.width())), _MOST_HEIGHT)
        single = self._single
        for pane in (self.sample, self.output, *self.several):
            pane.set_words(round(self.em))
            pane.setVisible(
                self.record is not None and (pane is self.sample or pane in self._panes)
            )
        self.view.setVisible(self._look is not None)
        high = self.height() - (self.view.height() if single else 0)
        self.view.setGeometry(0, high, self.width(), self.view.height())
        wide = self.width()
        if single:
            self.sample.setGeometry(0, 0, round(0.3 * wide), high)
            self.output.setGeometry(round(0.3 * wide), 0, round(0.345 * wide), high)
        else:
            left = round(0.28 * wide)
            self.sample.setGeometry(0, 0, left, high)
            for number, pane in enumerate(self._panes):
                row, column = divmod(number, 2)
                across, down = (wide - left) // 2, high // 2
                pane.setGeometry(left + column * across, row * down, across, down)
        self._settle()

    def _settle(self) -> None:
        """All at the same scale, or a texture could not be judged by its sample."""
        if self.record is None:
            return
        for pane, record in zip(self._panes, self.record, strict=False):
            if pane.accessibleDescription() != str(record.size):
                pane.show_image(None, record.size)
        panes = [self.sample, *self._panes]
        scale = min(pane.fitting for pane in panes)
        for pane in panes:
            pane.set_scale(scale)

    @property
    def _curve_place(self) -> QRectF:
        """Beside the texture, below two lines of which the first stands as high as its caption."""
        edge, line = 1.4 * self.em, self.line
        left = self.output.geometry().right()
        place = QRectF(left, 0, self.width() - left, self.output.height())
        return place.adjusted(edge, 2 * line + 0.65 * self.em, -edge, -line)

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.record is None:
            self.draw_ground(painter, self.tr("The sample is made ready…"))
            return
        self.draw_ground(painter)
        if self._look is not None:
            draw_distances(self, painter, self._curve_place, self._look)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
