"""How the page of the weather is drawn: the chain as graph and matrix, its days, their shares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from editor.ui.lecture.drawing import draw_words, rule
from editor.ui.theme import Theme

if TYPE_CHECKING:
    from editor.operations.chains import Walked
    from editor.ui.lecture.weather import WeatherPage

Cell = tuple[int, int]  # row, column

_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_BENT = 0.22, 0.13  # how far an arrow bends from its way, in its length: of two states, of three
_HEAD = 0.75  # of an arrow, in words


class Board:
    def __init__(self, page: WeatherPage) -> None:
        self._page = page
        self._cells: dict[Cell, QRectF] = {}

    def draw(self, painter: QPainter, theme: Theme, walked: Walked, moment: int) -> None:
        em = self._page.em
        edge, line = 1.4 * em, self._page.line
        room = QRectF(self._page.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)
        half = 0.52 * room.width()
        tall = 0.52 * room.height()
        graph = QRectF(room.left(), room.top() + line, half - edge, tall - line)
        matrix = QRectF(room.left() + half, room.top() + line, room.width() - half, tall - line)
        days = QRectF(room.left(), room.top() + tall + line + 0.6 * edge, room.width(), 1.6 * em)
        top = days.bottom() + line + 0.8 * edge
        curve = QRectF(room.left(), top, room.width(), room.bottom() - top)
        self._draw_graph(painter, theme, graph, walked, moment)
        self._draw_matrix(painter, theme, matrix, walked, moment)
        self._draw_days(painter, theme, days, walked, moment)
        self._draw_shares(painter, theme, curve, walked, moment)

    def _weather(self, walked: Walked, state: int) -> str:
        return self._page.tr(walked.chain.names[state])

    # ── the graph ──

    def _draw_graph(
        self, painter: QPainter, theme: Theme, place: QRectF, walked: Walked, moment: int
    ) -> None:
        self._page.draw_caption(painter, place, self._page.tr("Its graph"))
        count, em = walked.chain.count, self._page.em
        radius = min(0.15 * place.width(), (0.22 if count == 2 else 0.135) * place.height())
        middles = _around(place, count, radius)
        now = int(walked.states[moment])
        before = int(walked.states[moment - 1]) if moment else -1
        for i in range(count):
            for j in range(count):
                chance = float(walked.chain.P[i, j])
                if chance > 0:
                    lit = (i, j) == (before, now)
                    colour = theme.text if lit else colour_of(theme, i)
                    self._draw_arrow(painter, theme, middles, (i, j), radius, chance, colour)
        for state, middle in enumerate(middles):
            painter.setPen(
                QPen(QColor(theme.text), 0.28 * em) if state == now else Qt.PenStyle.NoPen
            )
            painter.setBrush(QColor(colour_of(theme, state)))
            painter.drawEllipse(middle, radius, radius)
            draw_weather(painter, walked.chain.names[state], middle, 0.6 * radius, theme.canvas)

    def _draw_arrow(
        self,
        painter: QPainter,
        theme: Theme,
        middles: list[QPointF],
        arrow: Cell,
        radius: float,
        chance: float,
        colour: str,
    ) -> None:
        em = self._page.em
        a, b = (middles[one] for one in arrow)
        if arrow[0] == arrow[1]:
            path, label = _loop(a, _outward(a, middles), radius, em)
        else:
            path, label = _bow(a, b, radius, em, _BENT[len(middles) > 2])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        thick = em * (0.08 + 0.42 * chance)
        painter.setPen(QPen(QColor(colour), thick, c=Qt.PenCapStyle.FlatCap))
        painter.drawPath(path)
        end = path.pointAtPercent(1.0)
        back = end - path.pointAtPercent(0.93)
        length = math.hypot(back.x(), back.y()) or 1.0
        along = back * (1 / length)
        side = QPointF(-along.y(), along.x())
        head = em * _HEAD * (0.7 + 0.6 * chance)
        tip = end + along * head
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawPolygon(QPolygonF([tip, end + side * 0.6 * head, end - side * 0.6 * head]))
        around = QRectF(label.x() - 1.5 * em, label.y() - 0.7 * em, 3 * em, 1.4 * em)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.canvas))
        painter.drawRoundedRect(around, 4, 4)
        around.adjust(-em, 0, em, 0)
        draw_words(painter, around, percent(chance), self._page.font_of(), theme.text, _CENTRE)

    # ── the matrix ──

    def _draw_matrix(
        self, painter: QPainter, theme: Theme, place: QRectF, walked: Walked, moment: int
    ) -> None:
        page, em, count = self._page, self._page.em, walked.chain.count
        words = page.tr("Its matrix: tomorrow’s chances, by today")
        self._page.draw_caption(painter, place, words)
        head, rows = 4.6 * em, count + 2  # of names, and of what comes in the end
        high = min(place.height() / rows, 3.4 * em)
        wide = min((place.width() - head) / count, 8 * em)
        now, before = int(walked.states[moment]), int(walked.states[moment - 1]) if moment else -1
        self._cells = {}
        for j in range(count):
            top = QRectF(place.left() + head + j * wide, place.top(), wide, high)
            colour = colour_of(theme, j)
            draw_words(painter, top, self._weather(walked, j), page.font_of(), colour, _CENTRE)
        for i in range(count):
            y = place.top() + (i + 1) * high
            name = QRectF(place.left(), y, head - 0.8 * em, high)
            font, colour = page.font_of(strong=i == now), colour_of(theme, i)
            draw_words(painter, name, self._weather(walked, i), font, colour)
            for j in range(count):
                box = QRectF(place.left() + head + j * wide, y, wide, high)
                cell = box.adjusted(2, 2, -2, -2)
                self._cells[i, j] = box
                ground = QColor(theme.accent)
                ground.setAlphaF(0.08 + 0.6 * float(walked.chain.P[i, j]))
                taken = (i, j) == (before, now)
                painter.setPen(QPen(QColor(theme.text), 0.18 * em) if taken else Qt.PenStyle.NoPen)
                painter.setBrush(ground)
                painter.drawRoundedRect(cell, 5, 5)
                font = page.font_of(1.15, strong=i == now)
                words = percent(float(walked.chain.P[i, j]))
                draw_words(painter, cell, words, font, theme.text, _CENTRE)
        self._draw_marked(painter, theme)
        y = place.top() + (count + 1) * high
        name = QRectF(place.left(), y, head, high)
        draw_words(painter, name, "π", page.font_of(1.1), theme.muted)
        for j in range(count):
            box = QRectF(place.left() + head + j * wide, y, wide, high)
            share = percent(float(walked.limit[j]), fine=True)
            draw_words(painter, box, share, page.font_of(1.1), theme.muted, _CENTRE)

    def _draw_marked(self, painter: QPainter, theme: Theme) -> None:
        """A line under the chance that the buttons change."""
        box = self._cells.get(self._page.marked)
        if box is not None:
            em = self._page.em
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.warning))
            line = QRectF(
                box.left() + em, box.bottom() - 0.45 * em, box.width() - 2 * em, 0.16 * em
            )
            painter.drawRoundedRect(line, 2, 2)

    def cell_at(self, point: QPointF) -> Cell | None:
        """The chance of the matrix under a point."""
        return next((cell for cell, box in self._cells.items() if box.contains(point)), None)

    # ── the days ──

    def _draw_days(
        self, painter: QPainter, theme: Theme, place: QRectF, walked: Walked, moment: int
    ) -> None:
        """As many as there is room for, until today."""
        side = place.height()
        fitting = max(1, int(place.width() / (1.12 * side)))
        first = max(0, moment + 1 - fitting)
        words = self._page.tr("Days {0} to {1}")
        self._page.draw_caption(painter, place, words.format(first + 1, moment + 1))
        for day in range(first, moment + 1):
            state = int(walked.states[day])
            box = QRectF(place.left() + (day - first) * 1.12 * side, place.top(), side, side)
            painter.setPen(QPen(QColor(theme.text), 2) if day == moment else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour_of(theme, state)))
            painter.drawRoundedRect(box, 4, 4)
            name = walked.chain.names[state]
            draw_weather(painter, name, box.center(), 0.32 * side, theme.canvas)

    # ── the shares ──

    def _draw_shares(
        self, painter: QPainter, theme: Theme, place: QRectF, walked: Walked, moment: int
    ) -> None:
        """Of each state but the first, which is what is left; all of them if there are three."""
        page, em, count = self._page, self._page.em, walked.chain.count
        states = [1] if count == 2 else list(range(count))
        words = page.tr("Share of rain so far: {0}. In the long run: {1}. H = {2} bits a day")
        if count > 2:
            words = page.tr("Shares so far, and in the long run. H = {2} bits a day")
        shares = [
            percent(float(one), fine=True) for one in (walked.shares[moment, 1], walked.limit[1])
        ]
        words = words.format(*shares, f"{walked.entropy:.2f}")
        self._page.draw_caption(painter, place, words)
        plot = place.adjusted(3.4 * em, 0.3 * em, -0.3 * em, -0.3 * em)
        for part in (0.0, 0.5, 1.0):
            y = plot.bottom() - part * plot.height()
            painter.setPen(rule(theme))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            label = QRectF(place.left(), y - em, 2.9 * em, 2 * em)
            draw_words(painter, label, percent(part), page.font_of(0.85), theme.muted, _RIGHT)
        for state in states:
            colour = QColor(colour_of(theme, state))
            y = plot.bottom() - float(walked.limit[state]) * plot.height()
            painter.setPen(QPen(colour, 0.1 * em, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            thin = QColor(colour)
            thin.setAlpha(150)
            for values, pen in (
                (walked.expected, QPen(thin, 0.07 * em)),
                (walked.shares, QPen(colour, 0.24 * em)),
            ):
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(_curve(plot, values[: moment + 1, state], len(walked.states)))


def _curve(plot: QRectF, values: object, total: int) -> QPolygonF:
    points = values.tolist()  # type: ignore[attr-defined]
    if len(points) == 1:
        points = points * 2
    across = plot.width() / max(1, total - 1)
    return QPolygonF(
        [
            QPointF(plot.left() + day * across, plot.bottom() - value * plot.height())
            for day, value in enumerate(points)
        ]
    )


def _around(place: QRectF, count: int, radius: float) -> list[QPointF]:
    """Where the states stand: side by side, or in a triangle."""
    middle, away = place.center(), 0.27 * place.width()
    if count == 2:
        down = 0.12 * place.height()
        return [middle + QPointF(-away, down), middle + QPointF(away, down)]
    top, bottom = place.top() + 2.7 * radius, place.bottom() - 1.3 * radius
    away *= 0.88
    return [
        QPointF(middle.x(), top),
        QPointF(middle.x() + away, bottom),
        QPointF(middle.x() - away, bottom),
    ]


def _bow(
    a: QPointF, b: QPointF, radius: float, em: float, bent: float
) -> tuple[QPainterPath, QPointF]:
    """From one state to another, bent to its left, and where its chance stands."""
    way = b - a
    length = math.hypot(way.x(), way.y())
    along = way * (1 / length)
    left = QPointF(along.y(), -along.x())
    turned = 0.45  # rad: where it leaves the circles
    start = a + _turned(along, -turned) * radius
    stop = b - _turned(along, turned) * (radius + em * _HEAD)
    bend = (a + b) / 2 + left * (bent * length)
    path = QPainterPath(start)
    path.quadTo(bend, stop)
    beside = 1.1 * em if bent == _BENT[0] else 0.0  # among three it stands on its arrow
    return path, path.pointAtPercent(0.5) + left * beside


def _outward(a: QPointF, middles: list[QPointF]) -> QPointF:
    """Away from the others; up, where there is one other only."""
    if len(middles) == 2:
        return QPointF(0, -1)
    sum_x, sum_y = (sum(way) for way in zip(*(one.toTuple() for one in middles), strict=True))
    out = a - QPointF(sum_x, sum_y) / len(middles)
    length = math.hypot(out.x(), out.y())
    return out / length


def _turned(way: QPointF, angle: float) -> QPointF:
    c, s = math.cos(angle), math.sin(angle)
    return QPointF(c * way.x() - s * way.y(), s * way.x() + c * way.y())


def _loop(a: QPointF, out: QPointF, radius: float, em: float) -> tuple[QPainterPath, QPointF]:
    """From a state to itself, on its outer side, and where its chance stands."""
    start = a + _turned(out, -0.6) * radius
    stop = a + _turned(out, 0.6) * (radius + em * _HEAD)
    side = _turned(out, math.pi / 2)
    path = QPainterPath(start)
    path.cubicTo(
        a + out * 1.9 * radius - side * 1.1 * radius,
        a + out * 1.9 * radius + side * 1.1 * radius,
        stop,
    )
    beyond = QPointF(1.9 * em * out.x(), 0.9 * em * out.y())
    return path, path.pointAtPercent(0.5) + beyond


def colour_of(theme: Theme, state: int) -> str:
    """Sun is copper, rain verdigris, snow grey."""
    return (theme.warning, theme.accent, theme.muted)[state % 3]


def draw_weather(painter: QPainter, name: str, at: QPointF, size: float, colour: str) -> None:
    """A sun, or a cloud with what falls from it, so large from its middle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if name == "sun":
        painter.drawEllipse(at, 0.5 * size, 0.5 * size)
        painter.setPen(QPen(QColor(colour), 0.16 * size, c=Qt.PenCapStyle.RoundCap))
        for number in range(8):
            way = _turned(QPointF(1, 0), number * math.pi / 4)
            painter.drawLine(at + way * 0.74 * size, at + way * size)
        return
    cloud = at - QPointF(0, 0.3 * size)
    painter.drawEllipse(cloud - QPointF(0.42 * size, -0.08 * size), 0.36 * size, 0.36 * size)
    painter.drawEllipse(cloud + QPointF(0.05 * size, -0.14 * size), 0.5 * size, 0.5 * size)
    painter.drawEllipse(cloud + QPointF(0.52 * size, 0.12 * size), 0.32 * size, 0.32 * size)
    base = QRectF(cloud.x() - 0.42 * size, cloud.y() + 0.05 * size, 0.94 * size, 0.39 * size)
    painter.drawRect(base)
    for number in (-1, 0, 1):
        top = at + QPointF((0.42 * number + 0.08) * size, 0.42 * size)
        if name == "snow":
            painter.drawEllipse(top + QPointF(0, 0.24 * size), 0.12 * size, 0.12 * size)
        else:
            painter.setPen(QPen(QColor(colour), 0.14 * size, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(top, top + QPointF(-0.14 * size, 0.44 * size))
            painter.setPen(Qt.PenStyle.NoPen)


def percent(part: float, *, fine: bool = False) -> str:
    return f"{100 * part:.1f} %" if fine else f"{100 * part:.0f} %"
