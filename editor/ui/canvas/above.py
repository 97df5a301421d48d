"""What lies over the picture: lines, pieces that are moved about, its edges and marks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from editor.engine.image import Point, Rect, Size
from editor.engine.moves import Move
from editor.model.document import Document
from editor.ui.canvas import painting
from editor.ui.canvas.hand import Hand
from editor.ui.canvas.pieces import Floating, paint_pieces
from editor.ui.canvas.screen import Screen
from editor.ui.theme import Theme


class Above:
    """Whoever changes it has the canvas painted anew."""

    def __init__(self, screen: Screen, hand: Hand) -> None:
        self.lines_visible = True  # if there are any, and the overlay is seen
        self.moves: tuple[Move, ...] | None = None  # of a gesture, else the document's
        self.frame: Rect | None = None  # the edges of the picture, as a gesture would have them
        self.origin: tuple[Point, Point] | None = None
        self.mark: tuple[int, int] | None = None
        self._screen, self._hand = screen, hand
        self._document: Document | None = None
        self._floating: Floating | None = None
        self._floats: int | None = None  # the number of the piece that it shows

    def begin_with(self, document: Document | None) -> None:
        self._document = document
        self.moves = self._floating = None

    def float_piece(self, number: int | None) -> None:
        """Paint a piece over the picture as it lies now, whatever the picture shows there."""
        self._floats = number
        moves = self._arranged()
        if number is None or number >= len(moves):
            self._floating = None
        elif self._floating is None or not self._floating.shows(moves[number]):
            assert self._document is not None
            assert self._screen.shown is not None
            before, shown = self._document.pieces.before, self._screen.shown
            self._floating = Floating(
                moves[number], lambda rect, step: shown.cut_out(rect, step, before)
            )

    def _arranged(self) -> tuple[Move, ...]:
        """The pieces as they lie now."""
        if self.moves is not None:
            return self.moves
        return () if self._document is None else self._document.pieces.moves

    # ── painting, in device pixels ──

    def paint(self, painter: QPainter, theme: Theme) -> None:
        if self._screen.compare == "after":
            self._paint_pieces(painter, theme)
            self._paint_lines(painter)
            self._paint_frame(painter, theme)
        view, ratio = self._screen.view, self._screen.ratio
        if self.origin is not None:
            here, there = (QPointF(*view.to_screen(point)) for point in self.origin)
            painting.origin(painter, here, there, view.scale, ratio)
        if self.mark is not None:
            x, y = self.mark
            at = QPointF(*view.to_screen(Point(x + 0.5, y + 0.5)))
            painting.mark(painter, at, view.scale, ratio)

    def _paint_lines(self, painter: QPainter) -> None:
        """Those that were drawn, and dashed those that are suggested."""
        document, shown = self._document, self._screen.shown
        if document is None or shown is None or shown.stood_in_for:
            return
        if not self._screen.overlay_visible or not self.lines_visible:
            return
        drawn = [(one.line, not one.used, False) for one in document.lines]
        suggested = [(line, False, True) for line in document.suggested if self._screen.hatched]
        for line, faint, dashed in (*drawn, *suggested):
            a, b = (QPointF(*self._screen.view.to_screen(end)) for end in (line.a, line.b))
            ratio = self._screen.ratio
            painting.guide(painter, a, b, line.colour, ratio, faint=faint, dashed=dashed)

    def _paint_pieces(self, painter: QPainter, theme: Theme) -> None:
        """Those that are moved about, while there is a tool for it."""
        grip, moves, view = self._hand.grip, self._arranged(), self._screen.view
        if grip is None:
            return
        if self._floating is not None and self._floats is not None and self._floats < len(moves):
            self._floating.paint(painter, moves[self._floats], view)
        if self._screen.overlay_visible:
            paint_pieces(painter, moves, grip.selected, view, self._screen.ratio, theme.accent)

    def _paint_frame(self, painter: QPainter, theme: Theme) -> None:
        """The handles of a tool that moves the picture's edges, and the size they would give it."""
        shown, view, ratio = self._screen.shown, self._screen.view, self._screen.ratio
        if self._hand.frame() is None or shown is None:
            return
        frame = self.frame or shown.whole().place
        corner = QPointF(*view.to_screen(Point(frame.x, frame.y)))
        end = QPointF(*view.to_screen(Point(frame.right, frame.bottom)))
        painting.handles(painter, QRectF(corner, end), theme.accent, ratio)
        if self.frame is not None:
            size = Size(frame.width, frame.height)
            edge = 8 * ratio
            seen = QRectF(0, 0, *self._screen.size).adjusted(edge, edge, -edge, -edge)
            painting.label(painter, end + QPointF(14, 12) * ratio, str(size), ratio, within=seen)
