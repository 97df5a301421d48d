"""How the page of video textures is drawn: the frame, the matrix as it fills, and the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from editor.ui.lecture.drawing import fitted, rule
from editor.ui.loop.arcs import Arcs, Strip, arcs_of, curves
from editor.ui.loop.cells import Cells
from editor.ui.loop.shading import colours
from editor.ui.pictures import to_image
from editor.ui.theme import Theme

if TYPE_CHECKING:
    from editor.engine.chain_record import ChainRecord
    from editor.ui.lecture.video_chain import VideoChainPage

_BEFORE = {"dynamics": "distance", "future": "dynamics", "probability": "future"}
_NEAR = 3  # frames: of these everybody knows that they are alike
_MANY = 24  # jumps of one frame that are drawn
_LEAST = 1e-4  # of a chance that is drawn


class Board:
    def __init__(self, page: VideoChainPage) -> None:
        self._page = page
        self._of: ChainRecord | None = None
        self._theme: Theme | None = None
        self._cells: Cells | None = None
        self._arcs: Arcs | None = None
        self._matrices: dict[str, tuple[NDArray[np.uint8], QImage]] = {}
        self._drawn: dict[str, tuple[object, QPixmap]] = {}  # what does not change from moment on

    def draw(self, painter: QPainter, theme: Theme, record: ChainRecord, moment: int) -> None:
        """All of the board at a moment of the record."""
        self._follow(theme, record)
        moment = min(moment, record.count - 1)
        em = self._page.em
        edge, line = 1.4 * em, self._page.line
        room = QRectF(self._page.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)
        tall = 0.58 * room.height()
        side = min(tall - line, 0.46 * room.width())
        matrix = QRectF(room.right() - side, room.top() + line, side, side)
        shown = QRectF(
            room.left(), room.top() + line, matrix.left() - 1.2 * edge - room.left(), tall - line
        )
        strip = QRectF(room.left(), room.bottom() - 2.6 * em, room.width(), 2.6 * em)
        top = room.top() + tall + 0.3 * edge + line
        graph = QRectF(room.left(), top, room.width(), strip.top() - 0.6 * em - top)
        self._draw_frames(painter, theme, shown, record, moment)
        self._draw_strip(painter, theme, strip, record, moment)
        if record.walk is None:
            self._page.draw_caption(painter, matrix, self._page.tr("Its matrix comes next"))
            painter.setPen(rule(theme))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(matrix)
            return
        self._draw_matrix(painter, theme, matrix, record, moment)
        self._draw_graph(painter, theme, graph, record, moment)

    def _follow(self, theme: Theme, record: ChainRecord) -> None:
        """Forget what was made of another record, or in other colours."""
        if record is not self._of or theme is not self._theme:
            same = self._of is not None and self._of.texture is record.texture is not None
            self._of, self._theme = record, theme
            self._matrices.clear()
            self._drawn.clear()
            if record.texture is not None and not same:
                self._cells = Cells(record.distances, record.texture)
                self._arcs = arcs_of(record.texture)

    # ── the frame ──

    def _draw_frames(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord, moment: int
    ) -> None:
        """The one that is shown; while a matrix fills, beside it the best one to follow it."""
        page, em = self._page, self._page.em
        stage, part = record.when(moment)
        row = record.row(moment)
        if stage in ("clip", "play"):
            words = page.tr("Frame {}").format(row + 1)
            if stage == "play" and part and row != (last := record.row(moment - 1)) + 1:
                words = page.tr("Frame {0}, from {1}").format(row + 1, last + 1)
            self._page.draw_caption(painter, place, words)
            self._draw_frame(painter, place, record, row)
            return
        other = self._best(stage, row)
        gap = 0.8 * em
        half = place.adjusted(0, 0, -(place.width() + gap) / 2, 0)
        words = page.tr("Frame {}").format(row + 1)
        self._page.draw_caption(painter, half, words)
        self._draw_frame(painter, half, record, row)
        half.translate(half.width() + gap, 0)
        if other is not None:
            alike, follows = page.tr("Looks most like it: {}"), page.tr("May follow it best: {}")
            words = alike if stage == "distance" else follows
            self._page.draw_caption(painter, half, words.format(other + 1))
            self._draw_frame(painter, half, record, other)
        below = QRectF(place.left(), half.top(), place.width(), place.height())
        height = half.width() * record.frames.shape[1] / record.frames.shape[2]
        below.setTop(half.top() + min(height, half.height()) + 0.8 * em)
        painter.setPen(QColor(theme.text))
        painter.setFont(page.font_of(1.25))
        wrapped = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(wrapped), self._sentence(stage))

    def _sentence(self, stage: str) -> str:
        page = self._page
        return {
            "distance": page.tr(
                "1  Distances. The more a cell stands out, the more alike are two frames."
            ),
            "dynamics": page.tr("2  Dynamics. The frames before and after must be alike as well."),
            "future": page.tr("3  Future. What a jump leads to counts too: swept from the end."),
            "probability": page.tr("4  Chances. The less a jump costs, the likelier it is."),
            "pruned": page.tr("5  Pruned. Of each bundle of jumps only the best one is kept."),
        }[stage]

    def _draw_frame(
        self, painter: QPainter, place: QRectF, record: ChainRecord, number: int
    ) -> None:
        # Of three bytes a pixel Qt reads beyond the last one where it is enlarged.
        image = to_image(record.frames[number]).convertToFormat(QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        to = fitted(place, image.width(), image.height(), top=True)
        to.moveLeft(place.left())
        painter.drawImage(to, image)

    def _best(self, stage: str, row: int) -> int | None:
        """The frame to jump to from this row that is shown lightest, not going on."""
        assert self._cells is not None
        kind = "probability" if stage == "pruned" else stage
        values = self._cells.values(kind, slice(row, row + 1), slice(None))[0].astype(float)
        costs = -values if kind == "probability" else values
        going_on = row if stage == "distance" else row + 1
        costs[max(0, going_on - _NEAR) : going_on + _NEAR + 1] = np.inf
        best = int(np.argmin(costs))
        return best if np.isfinite(costs[best]) else None

    # ── the matrix ──

    def _draw_matrix(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord, moment: int
    ) -> None:
        page = self._page
        stage, _ = record.when(moment)
        row = record.row(moment)
        words = {
            "clip": page.tr("Its matrix: which frame may follow"),
            "distance": page.tr("How unlike two frames are"),
            "dynamics": page.tr("The cost of each jump"),
            "future": page.tr("The cost of each jump and all that follows"),
            "probability": page.tr("The chance of each jump"),
        }.get(stage, page.tr("The jumps that are kept"))
        self._page.draw_caption(painter, place, words)
        painter.fillRect(place, QColor(*colours(theme)[0].tolist()))
        scale = place.width() / record.total
        low, high = record.rows(moment) if stage not in ("clip", "play") else (0, record.total)
        if stage in ("clip", "play", "pruned"):
            if stage == "pruned":
                self._draw_rows(painter, place, "probability", (high, record.total), scale)
            if stage != "clip":
                self._draw_kept(painter, theme, place, record, high)
        else:
            if stage in _BEFORE:
                painter.setOpacity(0.45)
                self._draw_rows(painter, place, _BEFORE[stage], (0, low), scale)
                self._draw_rows(painter, place, _BEFORE[stage], (high, record.total), scale)
                painter.setOpacity(1.0)
            self._draw_rows(painter, place, stage, (low, high), scale)
        if stage != "clip":
            y = place.top() + (row + 0.5) * scale
            painter.setPen(QPen(QColor(theme.warning), max(1.0, 0.12 * page.em)))
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
        painter.setPen(rule(theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)

    def _draw_rows(
        self, painter: QPainter, place: QRectF, kind: str, rows: tuple[int, int], scale: float
    ) -> None:
        """Some rows of one of the matrices."""
        low, high = rows
        if low >= high:
            return
        _, image = self._matrix(kind)
        part = QRectF(0, low, image.width(), high - low)
        to = QRectF(place.left(), place.top() + low * scale, place.width(), (high - low) * scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(to, image, part)

    def _matrix(self, kind: str) -> tuple[NDArray[np.uint8], QImage]:
        """The shades of one of the matrices, and its picture."""
        if kind not in self._matrices:
            assert self._cells is not None
            assert self._theme is not None
            shades = self._cells.shades(kind, slice(None), slice(None))
            image = to_image(np.ascontiguousarray(colours(self._theme)[shades]))
            self._matrices[kind] = shades, image
        return self._matrices[kind]

    def _draw_kept(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord, rows: int
    ) -> None:
        """The cells that are kept in the rows before."""
        cells = self._once("kept", place, lambda one: self._paint_kept(one, theme, place, record))
        painter.save()
        high = place.height() * rows / record.total
        painter.setClipRect(QRectF(place.left(), place.top(), place.width(), high))
        painter.drawPixmap(place.topLeft(), cells)
        painter.restore()

    def _paint_kept(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord
    ) -> None:
        """All of them, never too small to be seen."""
        assert record.texture is not None
        scale, arcs = place.width() / record.total, record.texture.arcs
        sources = np.repeat(np.arange(record.total), np.diff(arcs.first))
        painter.setPen(Qt.PenStyle.NoPen)
        cells = zip(sources.tolist(), arcs.targets.tolist(), arcs.chances.tolist(), strict=True)
        for i, j, chance in cells:
            jumps = j != i + 1
            painter.setBrush(QColor(theme.accent if jumps else theme.muted))
            side = max(scale, self._page.em * (0.2 + 0.4 * chance)) if jumps else scale
            middle = QPointF(j + 0.5, i + 0.5) * scale
            painter.drawRect(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))

    def _once(self, name: str, place: QRectF, paint: Callable[[QPainter], None]) -> QPixmap:
        """What is painted once for a place of this size, with its corner at 0, 0."""
        ratio = self._page.devicePixelRatioF()
        key = place.size().toTuple(), ratio
        if name not in self._drawn or self._drawn[name][0] != key:
            made = QPixmap((place.size() * ratio).toSize())
            made.setDevicePixelRatio(ratio)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            paint(painter)
            painter.end()
            self._drawn[name] = key, made
        return self._drawn[name][1]

    # ── the graph ──

    def _draw_strip(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord, moment: int
    ) -> None:
        """The frames in a line, as many as there is room for, and where we are."""
        name = f"strip {len(record.frames)}"
        if name not in self._drawn:
            self._drawn.clear()
        strip = self._once(name, place, lambda one: self._paint_strip(one, place, record))
        painter.drawPixmap(place.topLeft(), strip)
        x = place.left() + (record.row(moment) + 0.5) * place.width() / record.total
        painter.setPen(QPen(QColor(theme.warning), max(2.0, 0.16 * self._page.em)))
        painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))

    def _paint_strip(self, painter: QPainter, place: QRectF, record: ChainRecord) -> None:
        height, width = record.frames.shape[1:3]
        count = max(1, round(place.width() / (place.height() * width / height)))
        each = place.width() / count
        for number in range(count):
            frame = int((number + 0.5) * record.total / count)
            if frame < len(record.frames):
                thumbnail = QRectF(number * each, 0, each - 1, place.height())
                painter.drawImage(thumbnail, to_image(record.frames[frame]))

    def _draw_graph(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord, moment: int
    ) -> None:
        """Its jumps as arcs, as thick as they are likely, and the walker on the line of frames."""
        page, em = self._page, self._page.em
        stage, part = record.when(moment)
        row = record.row(moment)
        line = Strip(place.left(), place.width(), record.total, self._longest())
        if stage in ("distance", "dynamics", "future"):
            words = page.tr("Row {} of the matrix: the higher, the better")
            self._page.draw_caption(painter, place, words.format(row + 1))
            self._draw_row(painter, theme, place, stage, row)
        else:
            words = page.tr("Its graph: a frame is a state, an arc is a jump")
            self._page.draw_caption(painter, place, words)
        if stage in ("pruned", "play"):
            rows = record.rows(moment)[1] if stage == "pruned" else record.total
            self._draw_all_arcs(painter, theme, place, record, rows)
            self._draw_arcs(painter, _of_frame(record, row), line, place, theme.accent)
        elif stage == "probability":
            self._draw_arcs(painter, _likely(record, row), line, place, theme.accent)
        if stage == "play" and part and row != (last := record.row(moment - 1)) + 1:
            self._draw_arcs(painter, _arcs([(last, row, 1.0)]), line, place, theme.warning)
        base = place.bottom()
        painter.setPen(rule(theme))
        painter.drawLine(QPointF(place.left(), base), QPointF(place.right(), base))
        painter.setPen(QPen(QColor(theme.canvas), 2))
        painter.setBrush(QColor(theme.warning))
        painter.drawEllipse(QPointF(line.x(row), base), 0.5 * em, 0.5 * em)

    def _draw_row(
        self, painter: QPainter, theme: Theme, place: QRectF, kind: str, row: int
    ) -> None:
        """A row of the matrix over the frames it is about."""
        shades = self._matrix(kind)[0][row]
        tops = place.bottom() - shades / 255 * (place.height() - 0.4 * self._page.em)
        wide = place.width() / len(shades)
        points = [QPointF(place.left(), place.bottom())]
        for number, top in enumerate(tops.tolist()):
            left = place.left() + number * wide
            points += [QPointF(left, top), QPointF(left + wide, top)]
        points.append(place.bottomRight())
        ground = QColor(theme.accent)
        ground.setAlpha(170)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF(points))

    def _draw_all_arcs(
        self, painter: QPainter, theme: Theme, place: QRectF, record: ChainRecord, rows: int
    ) -> None:
        """Those that are kept, as far as the sweep has come."""
        faint = QColor(theme.muted)
        faint.setAlpha(110)
        own = QRectF(0, 0, place.width(), place.height())
        line = Strip(0, place.width(), record.total, self._longest())

        def paint(one: QPainter) -> None:
            assert self._arcs is not None
            self._draw_arcs(one, self._arcs, line, own, faint)

        arcs = self._once("arcs", place, paint)
        seen = QRectF(0, 0, place.width() * rows / record.total, place.height())
        ratio = arcs.devicePixelRatio()
        part = QRectF(0, 0, seen.width() * ratio, seen.height() * ratio)
        painter.drawPixmap(seen.translated(place.topLeft()), arcs, part)

    def _longest(self) -> int:
        """The span of the longest arc, which fills the room."""
        assert self._arcs is not None
        spans = np.abs(self._arcs.sources - self._arcs.targets)
        return int(spans.max(initial=1))

    def _draw_arcs(
        self, painter: QPainter, arcs: Arcs, line: Strip, place: QRectF, colour: QColor | str
    ) -> None:
        if len(arcs) == 0:
            return
        em = self._page.em
        xs, ys = curves(arcs, line, place.bottom(), place.height() - 0.4 * em)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, y, chance in zip(xs.tolist(), ys.tolist(), arcs.chances.tolist(), strict=True):
            thick = em * (0.05 + 0.4 * chance)
            painter.setPen(QPen(QColor(colour), thick, c=Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(QPolygonF([QPointF(*at) for at in zip(x, y, strict=True)]))


def _of_frame(record: ChainRecord, row: int) -> Arcs:
    """The jumps that are kept of one frame."""
    assert record.texture is not None
    return _arcs([(row, j, c) for j, c in record.texture.arcs.of(row) if j != row + 1])


def _likely(record: ChainRecord, row: int) -> Arcs:
    """The likeliest jumps of a frame, before any is left out."""
    texture = record.texture
    assert texture is not None
    excess = texture.C[row] + texture.ahead - texture.m[row]
    chances = np.exp(-np.where(np.isfinite(excess), excess, np.inf) / texture.sigma)
    chances /= max(float(chances.sum()), 1e-30)
    best = [int(j) for j in np.argsort(-chances, kind="stable")[:_MANY] if j != row + 1]
    return _arcs([(row, j, float(chances[j])) for j in best if chances[j] > _LEAST])


def _arcs(jumps: Sequence[tuple[int, int, float]]) -> Arcs:
    table = np.array(jumps, float).reshape(-1, 3)
    return Arcs(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])
