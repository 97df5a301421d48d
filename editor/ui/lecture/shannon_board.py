"""How the page of Shannon's text is drawn: what has grown, where it was read, what else follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from editor.ui.lecture.drawing import draw_words, rule
from editor.ui.lecture.passage import Mark, Passage
from editor.ui.theme import Theme, ui_font
from editor.ui.transport import grouped

if TYPE_CHECKING:
    from editor.engine.text_sample import Grams, Sample
    from editor.ui.lecture.shannon import ShannonPage

Spans = NDArray[np.integer[Any]]

_SIZES = (2.2, 2.0, 1.8, 1.6, 1.45, 1.3, 1.15, 1.0, 0.85)  # of the text that grows, in words
_AROUND = 420  # letters of the source before and after what was read
_TICK = 3.0  # px, of the strip that is the whole text
_SEEN = {" ": "␣", "\n": "¶"}
_BELOW = "₀₁₂₃₄₅₆₇₈₉"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Gaze(NamedTuple):
    """What is looked at: a symbol of a sample; or a place of the source, which is not in it."""

    sample: int
    symbol: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    grown: QRectF
    source: QRectF
    strip: QRectF
    table: QRectF


class Board:
    def __init__(self, page: ShannonPage) -> None:
        self._page = page
        self._passages: dict[tuple[str, int, int], Passage] = {}
        self._grown: list[tuple[int, QPointF, Passage]] = []  # number, corner, text
        self._read: tuple[int, QPointF, Passage, QRectF] | None = None  # first letter, corner, text
        self._tables: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._spans: dict[int, Spans] = {}
        self._of: object = None  # what those are of

    def draw(self, painter: QPainter, theme: Theme, gaze: Gaze) -> None:
        samples = self._page.samples
        if self._of is not samples:
            self._of = samples
            self._tables.clear()
            self._spans = {number: spans_of(one) for number, one in enumerate(samples)}
        if len(self._passages) > 64:
            self._passages.clear()
        places = self._places()
        sample = samples[min(gaze.sample, len(samples) - 1)]
        now = self._page.when(self._page.moment)
        self._draw_grown(painter, theme, places.grown, gaze, now)
        self._draw_source(painter, theme, places, sample, gaze)
        self._draw_table(painter, theme, places.table, sample, gaze)

    def _places(self) -> Places:
        page, em = self._page, self._page.em
        edge, line = 1.4 * em, self._page.line
        room = QRectF(page.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)
        wide = 0.3 if page.settings.unit == "letters" else 0.36
        right = min(max(wide * room.width(), 14 * em), 24 * em)
        left = room.width() - right - 1.4 * edge
        several = len(page.settings.orders) > 1
        tall = (0.68 if several else 0.5) * room.height()
        grown = QRectF(room.left(), room.top() + line, left, tall - line)
        strip = QRectF(room.left(), room.bottom() - em, left, em)
        top = grown.bottom() + 0.6 * edge + line
        source = QRectF(room.left(), top, left, strip.top() - 0.8 * em - top)
        table = QRectF(room.right() - right, room.top() + line, right, room.height() - line)
        return Places(grown, source, strip, table)

    def _passage(self, text: str, size: int, width: float) -> Passage:
        key = text, size, int(width)
        if key not in self._passages:
            self._passages[key] = Passage(text, ui_font(size), width)
        return self._passages[key]

    # ── what has grown ──

    def _draw_grown(
        self, painter: QPainter, theme: Theme, place: QRectF, gaze: Gaze, now: tuple[int, int]
    ) -> None:
        page, samples = self._page, self._page.samples
        sample = samples[now[0]]
        words = {
            "letters": page.tr("F{0} = {1} bits a letter. Copied in one piece: {2}, at most {3}"),
            "words": page.tr("F{0} = {1} bits a word. Copied in one piece: {2}, at most {3}"),
        }[page.settings.unit]
        copied = sample.copied[: now[1] + 1]
        n, bits = _BELOW[sample.grams.order], f"{sample.entropy:.2f}"
        words = words.format(n, bits, int(copied[-1]), int(copied.max()))
        self._page.draw_caption(painter, place, words)
        self._lay_out(place)
        context, drawn = QColor(theme.accent), QColor(theme.warning)
        context.setAlpha(90)
        drawn.setAlpha(170)
        for number, corner, passage in self._grown:
            if number > now[0]:
                break
            one = samples[number]
            spans = self._spans[number]
            until = int(spans[now[1]][1]) if number == now[0] else None
            marks = []
            if number == gaze.sample and gaze.place is None:
                k, back = gaze.symbol, max(one.grams.order - 1, 0)
                if back and k:
                    marks.append(
                        Mark(int(spans[max(0, k - back)][0]), int(spans[k - 1][1]), context)
                    )
                marks.append(Mark(int(spans[k][0]), int(spans[k][1]), drawn))
            if len(page.settings.orders) > 1:
                label = QRectF(place.left(), corner.y(), 4 * page.em, 0.85 * passage.line)
                colour = theme.text if number == now[0] else theme.muted
                words = f"n = {one.grams.order}"
                draw_words(painter, label, words, page.font_of(), colour)
            passage.draw(painter, corner, theme.text, marks=marks, until=until)

    def _lay_out(self, place: QRectF) -> None:
        """Set as large as there is room for, all of them alike."""
        page = self._page
        orders = len(page.settings.orders)
        indent = 4.2 * page.em if orders > 1 else 0.0
        texts = [one.text for one in page.samples]
        width, gap = place.width() - indent, 0.45 * page.em
        passages: list[Passage] = []
        for size in _SIZES:
            passages = [self._passage(one, round(size * page.em), width) for one in texts]
            # those that are still to come need as much room as these
            tall = sum(one.height + gap for one in passages) * orders / len(passages)
            if tall <= place.height():
                break
        self._grown, y = [], place.top()
        for number, passage in enumerate(passages):
            self._grown.append((number, QPointF(place.left() + indent, y), passage))
            y += passage.height + gap

    # ── where it was read ──

    def _draw_source(
        self, painter: QPainter, theme: Theme, places: Places, sample: Sample, gaze: Gaze
    ) -> None:
        page, grams = self._page, sample.grams
        source, order = grams.source, grams.order
        if order == 0 and gaze.place is None:
            self._page.draw_caption(painter, places.source, page.tr("n = 0 needs no text: dice do"))
            self._read = None
            return
        at = gaze.place if gaze.place is not None else int(sample.places[gaze.symbol])
        asked = at if gaze.place is not None else int(sample.contexts[gaze.symbol])
        alike = grams.alike(asked)
        self._page.draw_caption(painter, places.source, self._found(grams, asked, len(alike)))
        middle = source.span(at)[0]
        low = source.text.rfind(" ", 0, max(0, middle - _AROUND)) + 1
        size = round(1.05 * page.em)
        passage = self._passage(
            source.text[low : middle + _AROUND].rstrip(), size, places.source.width()
        )
        marks = self._marks(theme, grams, alike, at, low, len(passage.text))
        boxes = passage.boxes(middle - low, middle - low + 1) or [QRectF()]
        lines = max(1, int(places.source.height() / passage.line))  # whole ones
        above = round(boxes[0].top() / passage.line) - lines // 2
        above = min(max(above, 0), max(0, round(passage.height / passage.line) - lines))
        corner = places.source.topLeft() - QPointF(0, above * passage.line)
        seen = places.source.adjusted(-4, 0, 4, 0)
        seen.setHeight(lines * passage.line)
        self._read = low, corner, passage, seen
        painter.save()
        painter.setClipRect(seen)
        passage.draw(painter, corner, theme.muted, marks=marks)
        painter.restore()
        self._draw_strip(painter, theme, places.strip, grams, alike, at)

    def _found(self, grams: Grams, asked: int, count: int) -> str:
        page = self._page
        if grams.order < 2:
            return page.tr("Read anywhere in the text")
        if count == 1:
            return page.tr("“{}” stands in one place only").format(before(grams, asked))
        words = page.tr("“{0}” stands in {1} places, and this one was drawn")
        return words.format(before(grams, asked), grouped(count))

    def _marks(
        self, theme: Theme, grams: Grams, alike: Spans, at: int, low: int, length: int
    ) -> list[Mark]:
        """All places in view with this context, and what was read."""
        source, back = grams.source, max(grams.order - 1, 0)
        context, drawn = QColor(theme.accent), QColor(theme.warning)
        context.setAlpha(60)
        drawn.setAlpha(170)
        marks = []
        starts = source.starts[alike]
        first, last = np.searchsorted(starts, (low, low + length))
        for place in alike[first:last].tolist() if back else ():
            if place >= back:
                start, stop = source.span(place - back)[0], source.span(place - 1)[1]
                marks.append(Mark(start - low, stop - low, context))
        start, stop = source.span(at)
        return [*marks, Mark(start - low, stop - low, drawn)]

    def _draw_strip(
        self, painter: QPainter, theme: Theme, place: QRectF, grams: Grams, alike: Spans, at: int
    ) -> None:
        """The whole text as a strip: where the context stands in it."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(rule(theme).color())
        painter.drawRoundedRect(place, 3, 3)
        if grams.order > 1:
            painter.setBrush(QColor(theme.accent))
            bins = max(1, int(place.width() / _TICK))
            many = np.bincount(alike.astype(np.int64) * bins // grams.source.count, minlength=bins)
            tall = many / many.max() * place.height()
            for number in np.flatnonzero(many).tolist():
                left, high = place.left() + number * _TICK, max(2.0, float(tall[number]))
                painter.drawRect(QRectF(left, place.bottom() - high, _TICK - 0.5, high))
        x = place.left() + at / grams.source.count * (place.width() - 4)
        painter.setBrush(QColor(theme.warning))
        painter.drawRoundedRect(QRectF(x, place.top() - 3, 4, place.height() + 6), 2, 2)

    # ── what else follows ──

    def _draw_table(
        self, painter: QPainter, theme: Theme, place: QRectF, sample: Sample, gaze: Gaze
    ) -> None:
        page, grams = self._page, sample.grams
        source = grams.source
        if gaze.place is not None:
            asked, code = gaze.place, int(source.codes[gaze.place])
        else:
            asked, code = int(sample.contexts[gaze.symbol]), int(sample.codes[gaze.symbol])
        table = self._table(grams, asked)
        total = sum(count for _, count in table)
        words = page.tr("What comes at all") if grams.order < 2 else page.tr("After “{}” comes")
        self._page.draw_caption(painter, place, words.format(before(grams, asked)))
        line = 1.85 * page.em
        rows = max(3, int(place.height() / line) - 1)
        shown, rank = table[:rows], [one for one, _ in table].index(code)
        if rank >= rows:
            shown = [*table[: rows - 1], table[rank]]
        for number, (one, count) in enumerate(shown):
            row = QRectF(place.left(), place.top() + number * line, place.width(), line)
            part = count / total, table[0][1] / total
            self._draw_row(painter, theme, row, source.symbols[one], part, lit=one == code)
        if len(table) > len(shown):
            rest = QRectF(place.left(), place.top() + len(shown) * line, place.width(), line)
            words = page.tr("and {} more").format(grouped(len(table) - len(shown)))
            draw_words(painter, rest, words, page.font_of(0.9), theme.muted)

    def _draw_row(
        self,
        painter: QPainter,
        theme: Theme,
        row: QRectF,
        symbol: str,
        part: tuple[float, float],  # its chance, and that of the first row
        *,
        lit: bool,
    ) -> None:
        page, em = self._page, self._page.em
        wide = 2.2 * em if page.settings.unit == "letters" else 6.5 * em
        name = QRectF(row.left(), row.top(), wide, row.height())
        font = page.font_of(1.05, strong=lit)
        colour = theme.warning if lit else theme.text
        draw_words(painter, name, _SEEN.get(symbol, symbol), font, colour)
        number = QRectF(row.right() - 3.6 * em, row.top(), 3.6 * em, row.height())
        draw_words(painter, number, percent(part[0]), page.font_of(0.95), colour, _RIGHT)
        bar = QRectF(name.right(), row.top(), number.left() - name.right() - 0.4 * em, row.height())
        bar.adjust(0, 0.4 * em, 0, -0.4 * em)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(rule(theme).color())
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(3.0, bar.width() * part[0] / part[1]))
        painter.setBrush(QColor(theme.warning if lit else theme.accent))
        painter.drawRoundedRect(bar, 3, 3)

    def _table(self, grams: Grams, place: int) -> list[tuple[int, int]]:
        key = grams.order, int(grams.groups[place])
        if key not in self._tables:
            self._tables[key] = grams.continuations(place)
        return self._tables[key]

    # ── the hand ──

    def at(self, point: QPointF) -> Gaze | None:
        """What is under a point: a symbol that has grown, or one of the source."""
        page = self._page
        now = page.when(page.moment)
        for number, corner, passage in self._grown:
            letter = passage.at(point - corner)
            if letter is not None and number <= now[0]:
                symbol = int(np.searchsorted(self._spans[number][:, 0], letter, "right"))
                if number < now[0] or symbol - 1 <= now[1]:
                    return Gaze(number, max(0, symbol - 1))
        if self._read is not None and self._read[3].contains(point):
            low, corner, passage, _ = self._read
            letter = passage.at(point - corner)
            if letter is not None:
                starts = page.samples[now[0]].grams.source.starts
                place = int(np.searchsorted(starts, low + letter, "right")) - 1
                return Gaze(now[0], now[1], max(0, place))
        return None


def spans_of(sample: Sample) -> Spans:
    """(length, 2): from where to where each symbol stands in the sample's text."""
    symbols = sample.grams.source.symbols
    sizes = np.array([len(symbols[code]) for code in sample.codes.tolist()])
    if sample.grams.source.unit == "letters":
        ends = np.cumsum(sizes)
        return np.stack([ends - sizes, ends], axis=1)
    text, at, found = sample.text, 0, []
    for code in sample.codes.tolist():
        start = text.index(symbols[code], at)
        at = start + len(symbols[code])
        found.append((start, at))
    return np.array(found)


def before(grams: Grams, place: int) -> str:
    """The context of a place, to be read: without a line break, and its spaces seen."""
    source, back = grams.source, max(grams.order - 1, 0)
    codes = [source.symbols[source.codes[place - k]] for k in range(back, 0, -1)]
    if source.unit == "letters":
        return "".join(_SEEN.get(one, one) for one in codes)
    return " ".join(_SEEN.get(one, one) for one in codes)


def percent(part: float) -> str:
    """With as many figures as tell it from nothing."""
    number = 100 * part
    return f"{number:.0f} %" if number >= 9.5 else f"{number:.1f} %"
