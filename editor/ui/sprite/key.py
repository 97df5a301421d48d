"""The first step: what the creature is told from, seen at once on the frame that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget

from editor.engine.clip import Footage, Frame
from editor.engine.image import Mask, Point
from editor.operations import CutSprite
from editor.session import Session
from editor.ui.loop.errands import Errands
from editor.ui.loop.screen import Screen
from editor.ui.sprite.matted import CHECKS, Bench, Seen, Wanted
from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.tool_bar import rule
from editor.ui.widgets import IconButton, IconSwitch, Segmented, Slider
from editor.ui.widgets.scale import Scale

_AROUND = 2  # pixels around the one that is picked, whose colours are averaged
_WORDS = 480  # px: longer sentences wrap
_NEAR = 14.0  # device pixels from the mark at which a click takes it away


class KeyPage(Screen):
    """The frame with its matte. Its controls stand in ``bar``, over it, and ``foot``, under it.

    Signals: colours_changed(tuple of RGB), pick_changed((frame, x, y) or None),
    plate_wanted(bool) — a picture of the place, or none any more.
    """

    colours_changed = Signal(object)
    pick_changed = Signal(object)
    plate_wanted = Signal(object)

    def __init__(self, session: Session, errands: Errands) -> None:
        super().__init__()
        self._session, self._errands = session, errands
        self._bench: Bench | None = None
        self._seen: Seen | None = None
        self._operation = CutSprite()
        self._key: Any = None
        self._garbage: Mask | None = None
        self._number = 0
        self._words = ""
        self.setAccessibleName(self.tr("Frame with its matte"))
        self._make_bar()
        self._make_foot()
        self.sight_changed.connect(self._ask)
        errands.done.connect(self._brought)

    def _make_bar(self) -> None:
        self.eyedropper = IconSwitch(
            "eyedropper", self.tr("Pick the backdrop's colour; with Shift one more  (I)")
        )
        self.chooser = IconSwitch(
            "pointer", self.tr("Choose the creature by a click, where there are several  (C)")
        )
        self.eyedropper.changed.connect(self._armed)
        self.chooser.changed.connect(self._chooser_armed)
        self.plate = IconSwitch(
            "image", self.tr("Compare with a picture of the place without the creature")
        )
        self.plate.changed.connect(self.plate_wanted)
        self.chips = _Chips()
        self.chips.dropped.connect(self._drop)
        self.look = Segmented(
            [
                ("checker", self.tr("Checks")),
                ("black", self.tr("Black")),
                ("white", self.tr("White")),
                ("alpha", self.tr("Alpha")),
                ("clip", self.tr("Clip")),
            ],
            name=self.tr("What the creature is laid on"),
        )
        self.look.changed.connect(self._ask)
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.eyedropper)
        row.addWidget(self.chips)
        row.addWidget(self.plate)
        row.addWidget(self.chooser)
        row.addStretch(1)
        row.addWidget(self.look)

    def _make_foot(self) -> None:
        self.back = IconButton("step-back", self.tr("One frame back"), "←")
        self.forward = IconButton("step-forward", self.tr("One frame on"), "→")
        self.back.clicked.connect(partial(self.step, -1))
        self.forward.clicked.connect(partial(self.step, 1))
        self.scrub = Slider(Scale(0, 1, 1, "", False, whole=True), 0)
        self.scrub.setAccessibleName(self.tr("Frame of the clip"))
        self.scrub.setToolTip(self.tr("Drag to see the matte of another frame"))
        self.scrub.changed.connect(self.go_to)
        self._told = QLabel()
        self._told.setObjectName("muted")
        self._told.setFont(ui_font(tabular=True))
        self.foot = QWidget()
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(GRID + 6, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addWidget(rule())
        row.addWidget(self.scrub, 1)
        row.addWidget(self._told)

    # ── what is shown ──

    def show_footage(self, footage: Footage | None) -> None:
        """Another clip, at its middle: a creature may not be there from the beginning."""
        self._bench = None if footage is None else Bench(footage, self._session.device)
        self._seen = self._key = None
        self.arm(False)
        if footage is not None:
            count = footage.clip.count
            self.scrub.set_scale(Scale(0, max(1, count - 1), 1, "", False, whole=True))
            self._number = count // 2
        self.show_clip(None if footage is None else footage.clip.size)
        self._show_number()

    def show_operation(self, operation: CutSprite, key: Any, garbage: Mask | None) -> None:
        """Other options, or another key; None: it is being looked for."""
        self._operation, self._key, self._garbage = operation, key, garbage
        self.chips.show_colours(operation.colours, () if key is None else key.colours)
        self._ask()

    def say(self, words: str) -> None:
        """A line over the frame; nothing takes it away."""
        self._words = words
        self.update()

    @property
    def words(self) -> str:
        """The line over the frame."""
        return self._words

    @property
    def number(self) -> int:
        return self._number

    @property
    def seen(self) -> Seen | None:
        """What is on the screen."""
        return self._seen

    @Slot(object)
    def go_to(self, number: float) -> None:
        """Show this frame."""
        if self._bench is not None:
            self._number = min(max(int(number), 0), self._bench.footage.clip.count - 1)
            self._show_number()
            self._ask()

    def step(self, frames: int) -> None:
        self.go_to(self._number + frames)

    def _show_number(self) -> None:
        self.scrub.set_number(self._number)
        count = 0 if self._bench is None else self._bench.footage.clip.count
        words = self.tr("frame {0} of {1}").replace("{0}", str(self._number))
        self._told.setText(words.replace("{1}", str(count)))

    @Slot()
    def _ask(self, _: object = None) -> None:
        """Have the frame drawn as it is wanted now."""
        bench = self._bench
        if bench is None or not self.isVisible():
            return
        checks = CHECKS[Theme.of(self).name]
        look, sight = str(self.look.value()), self.sight
        wanted = Wanted(
            self._number, self._operation, self._key, self._garbage, look, checks, sight
        )
        self._errands.ask("matte", partial(_brought_by, bench, wanted), urgent=True)

    @Slot(object, object)
    def _brought(self, key: object, brought: Any) -> None:
        if key == "matte" and brought[0] is self._bench:
            self._seen = brought[1]
            self.update()

    # ── the backdrop's colour, and the creature ──

    @Slot(object)
    def _armed(self, on: bool) -> None:
        self.arm(on)

    @Slot(object)
    def _chooser_armed(self, on: bool) -> None:
        self.arm(False)
        self.chooser.set_value(on)
        self._show_cursor()

    def arm(self, on: bool) -> None:
        """From now on a click picks a colour."""
        self.eyedropper.set_value(on)
        self.chooser.set_value(False)
        self._show_cursor()

    def _show_cursor(self) -> None:
        picking = self.eyedropper.value() or self.chooser.value()
        self.setCursor(Qt.CursorShape.CrossCursor if picking else Qt.CursorShape.ArrowCursor)

    def _drop(self, place: int) -> None:
        kept = self._operation.colours
        self.colours_changed.emit(kept[:place] + kept[place + 1 :])

    def _pick_colour(self, at: Point, *, more: bool) -> None:
        seen = self._seen
        if seen is None:
            return
        colour = mean_colour(seen.frame, at)
        kept = self._operation.colours if more else ()
        self.arm(more)
        self.colours_changed.emit((*(one for one in kept if one != colour), colour))

    def _pick_object(self, at: Point) -> None:
        pick = self._operation.pick
        mark = self._mark()
        self._chooser_armed(False)
        if pick is not None and mark is not None:
            away = np.hypot(at.x - pick[1], at.y - pick[2]) * self._view.scale
            if away < _NEAR:
                self.pick_changed.emit(None)
                return
        self.pick_changed.emit((self._number, at.x, at.y))

    def _mark(self) -> Point | None:
        """Where the creature was chosen, if it was in this frame."""
        pick = self._operation.pick
        return Point(*pick[1:]) if pick is not None and pick[0] == self._number else None

    # ── Qt ──

    def mousePressEvent(self, event: QMouseEvent) -> None:
        picking = self.eyedropper.value() or self.chooser.value()
        if event.button() != Qt.MouseButton.LeftButton or not picking or self._size is None:
            super().mousePressEvent(event)
            return
        ratio = self.devicePixelRatioF()
        at = self._view.to_image(event.position().x() * ratio, event.position().y() * ratio)
        if not (0 <= at.x < self._size.width and 0 <= at.y < self._size.height):
            return
        if self.chooser.value():
            self._pick_object(at)
        else:
            more = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._pick_colour(at, more=more)

    def showEvent(self, event: object) -> None:
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen, ratio = self._seen, self.devicePixelRatioF()
        if seen is not None and not seen.image.isNull() and self._size is not None:
            painter.save()
            self._draw(painter, seen)  # type: ignore[arg-type]
            painter.restore()
            mark = self._mark()
            if mark is not None:
                at = self._view.to_screen(mark)
                _draw_mark(painter, QPointF(at.x / ratio, at.y / ratio), Theme.of(self))
        if self._words:
            draw_words(painter, QRectF(self.rect()), self._words)


def mean_colour(frame: Frame, at: Point) -> tuple[int, int, int]:
    """The colour of a place: what one pixel has is often noise."""
    x, y = int(at.x), int(at.y)
    around = frame[max(0, y - _AROUND) : y + _AROUND + 1, max(0, x - _AROUND) : x + _AROUND + 1]
    red, green, blue = np.rint(around[..., :3].reshape(-1, 3).mean(axis=0)).astype(int).tolist()
    return red, green, blue


def draw_words(painter: QPainter, over: QRectF, words: str) -> None:
    """A sentence in a dark pill at the top of a picture."""
    painter.setFont(ui_font())
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    room = QRectF(0, 0, min(_WORDS, over.width() - 8 * GRID), over.height())
    text = QRectF(painter.fontMetrics().boundingRect(room.toRect(), int(wrapped), words))
    pill = QRectF(0, 0, text.width() + 4 * GRID, text.height() + 2 * GRID)
    pill.moveCenter(QPointF(over.center().x(), over.y() + 2 * GRID + pill.height() / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(pill, 16, 16)
    painter.setPen(QColor("#ffffff"))
    text.moveCenter(pill.center())
    painter.drawText(text, wrapped, words)


def _draw_mark(painter: QPainter, at: QPointF, theme: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in (("#a0000000", 4.0), (theme.accent, 2.0)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(at, 9, 9)
        painter.drawPoint(at)


def _brought_by(bench: Bench, wanted: Wanted) -> tuple[Bench, Seen]:
    return bench, bench.seen(wanted)


class _Chips(QWidget):
    """The backdrop's colours: those that were picked go by a click, those that were found stay.

    Signals: dropped(int).
    """

    dropped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._shown: tuple[Any, ...] = ()

    def show_colours(
        self, picked: Sequence[tuple[int, int, int]], found: Sequence[tuple[int, int, int]]
    ) -> None:
        shown = (tuple(picked), tuple(found))
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, colour in enumerate(picked or found):
            chip = _Chip(colour, goes=bool(picked))
            chip.clicked.connect(partial(self._clicked, place, bool(picked)))
            self._row.addWidget(chip)

    def _clicked(self, place: int, goes: bool) -> None:
        if goes:
            self.dropped.emit(place)


class _Chip(QAbstractButton):
    def __init__(self, colour: tuple[int, int, int], *, goes: bool) -> None:
        super().__init__()
        self._colour = QColor(*colour)
        name = self._colour.name()
        words = self.tr("{0} was picked: click to let it go") if goes else self.tr("{0} was found")
        self.setToolTip(words.replace("{0}", name))
        self.setAccessibleName(words.replace("{0}", name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEnabled(goes)
        self.setFixedSize(18, 18)

    def sizeHint(self) -> QSize:
        return QSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        told = self.hasFocus() or (self.isEnabled() and self.underMouse())
        ring = theme.accent if told else theme.line
        painter.setPen(QColor(ring))
        painter.setBrush(self._colour)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
