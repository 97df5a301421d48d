"""The stage of Texture mode: the sample on the left, on the right what grows from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from editor.engine.image import Mask, Picture, Rect, Size
from editor.engine.moment import Moment
from editor.operations.field import Traced
from editor.ui.canvas.colour import Colours
from editor.ui.pictures import to_image
from editor.ui.texture.moment_view import MOST, MomentView
from editor.ui.texture.pane import Pane
from editor.ui.texture.strip import Strip
from editor.ui.texture.transport import Transport
from editor.ui.theme import GRID
from editor.ui.widgets import PillButton, Switch
from editor.ui.widgets.focus import Ring

_PLAIN = 600_000  # pixels of a picture that is shown: more are only waited for
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_MANY = {
    Qt.KeyboardModifier.NoModifier: 1,
    Qt.KeyboardModifier.ShiftModifier: 10,
    Qt.KeyboardModifier.ControlModifier: 100,
}
WINDOWS = 5, 9, 15, 23  # that are compared


class TextureStage(QWidget):
    """It is given what it shows and makes nothing itself.

    Signals: compare_wanted(); from_wanted(object), whether colours are to say where each pixel came
    from.
    """

    compare_wanted = Signal()
    from_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: Colours | None = None
        self._moment: Moment | None = None
        self._sample: Picture | None = None
        self._drawn: Picture | None = None  # of the sample: itself, or its key
        self._result: tuple[Picture, Mask | None] | None = None
        self._traced: Traced | None = None  # where each pixel of the result came from
        self.sample = Pane(self.tr("Sample"))
        self.output = Pane(self.tr("Texture"))
        self.output.sizable = True
        self.output.pointed.connect(self._point)
        self.strip = Strip(WINDOWS)
        self.transport = Transport()
        self.moment_view = MomentView()
        self.moment_view.pointed.connect(self._pointed)
        self._right = QStackedWidget()
        self._right.addWidget(self.output)
        self._right.addWidget(self.strip)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        panes.setHandleWidth(1)
        for pane, share in ((self.sample, 2), (self._right, 3)):
            panes.addWidget(pane)
            panes.setStretchFactor(panes.count() - 1, share)
        panes.setSizes((400, 600))
        panes.splitterMoved.connect(self._moved)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar())
        whole.addWidget(panes, 1)
        whole.addWidget(self.moment_view)
        whole.addWidget(self.transport)
        self.moment_view.hide()
        self.transport.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Sample and texture"))
        Ring(self)

    def _bar(self) -> QWidget:
        self._said = QLabel(self.tr("The picture is the sample; the texture takes its place."))
        self._said.setObjectName("muted")
        self.compare = PillButton(self.tr("Compare windows"), "W", height=30)
        self.compare.setToolTip(
            self.tr("Grows the texture with windows of 5, 9, 15 and 23 pixels, to take one  (W)")
        )
        self.origins = Switch(self.tr("Where from"), False)
        self.origins.setToolTip(
            self.tr("Colours each pixel by its place in the sample: what is copied shows  (C)")
        )
        self.tiles = Switch(self.tr("Lay out 3 × 3"), False)
        self.tiles.setToolTip(
            self.tr("Shows the texture beside itself, so that its seams are seen  (T)")
        )
        self.compare.clicked.connect(self.compare_wanted)
        self.origins.changed.connect(self._trace)
        self.origins.changed.connect(self.from_wanted)
        self.tiles.changed.connect(self._show_tiles)
        bar = QWidget()
        bar.setObjectName("toolBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(46)
        row = QHBoxLayout(bar)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(3 * GRID)
        row.addWidget(self._said, 1)
        for widget in (self.compare, self.origins, self.tiles):
            row.addWidget(widget)
        return bar

    # ── what is shown ──

    def follow(self, picture: Picture, icc: bytes) -> None:
        """Pictures in the depth and the colours of this one will come."""
        self._colours = Colours(icc, picture.dtype, picture.ndim == 2)
        self._drawn = None

    def show_sample(self, picture: Picture) -> None:
        self._sample = picture
        self._draw_sample()
        self.settle()

    def show_output(
        self, picture: Picture, known: Mask | None = None, traced: Traced | None = None
    ) -> None:
        """What has grown, or where it came from; where nothing is known yet the ground is seen."""
        self._result, self._traced = (picture, known), traced
        if traced is None or not self.origins.value():
            image = self._image(picture, known)
        elif known is None:
            image = to_image(traced.colours)
        else:
            image = to_image(np.dstack([traced.colours, known * np.uint8(255)]))
        self.output.show_image(image, Size.of(picture))
        self._draw_sample()
        self.settle()

    def _draw_sample(self) -> None:
        """The sample, or what its places are coloured with."""
        traced = self._traced if self.origins.value() else None
        picture = self._sample if traced is None else traced.key
        if picture is not None and picture is not self._drawn:
            self._drawn = picture
            image = self._image(picture) if traced is None else to_image(picture)
            self.sample.show_image(image, Size.of(picture))

    @Slot(object)
    def _trace(self, _wanted: bool) -> None:
        if self._result is not None:
            self.show_output(*self._result, self._traced)

    @Slot(int, int)
    def _point(self, x: int, y: int) -> None:
        """Where in the sample the pixel under the pointer is from; −1: there is none."""
        if self._traced is None or self._moment is not None:
            return  # else the sample shows what matches
        row, column = (-1, -1) if x < 0 else self._traced.origins[y, x].tolist()
        self.sample.mark((), None if row < 0 else Rect(column - 2, row - 2, 5, 5))

    def show_none(self, size: Size, *, by_pixels: bool) -> None:
        """Nothing has grown yet: this is how large it will be."""
        self._result = self._traced = None
        words = self.tr("Press Enter: a texture grows here. Drag the corner for another size.")
        if by_pixels:
            words = self.tr("Press Enter: a texture grows here. Press → to see every pixel chosen.")
        self.output.show_image(None, size, words)
        self.settle()

    def show_wanted(self, size: Size | None) -> None:
        """How large the next one will be."""
        self.output.set_wanted(size)
        self.settle()

    def show_strip(self, shown: bool) -> None:
        """What grows with several windows, in the place of the one texture."""
        self.show_growth(False)
        self._right.setCurrentWidget(self.strip if shown else self.output)
        self._said.setText(
            self.tr("Click the one to take, or press its number; Esc takes none.")
            if shown
            else self.tr("The picture is the sample; the texture takes its place.")
        )
        self.settle()

    def show_strand(self, number: int, picture: Picture, known: Mask) -> None:
        """One of those in the strip, as far as it has grown."""
        self.strip.show_image(number, self._image(picture, known), Size.of(picture))

    @property
    def comparing(self) -> bool:
        return self._right.currentWidget() is self.strip

    def show_growth(self, there: bool) -> None:
        """Whether there is a growth to go through, pixel by pixel."""
        self.transport.setVisible(there)
        self.show_choice(None, 0)

    def show_choice(self, moment: Moment | None, number: int) -> None:
        """How the next pixel is chosen: its window, and what in the sample matches that."""
        self._moment = moment
        if moment is None:
            self.output.mark((), None)
            self.sample.mark((), None)
        else:
            counts = moment.weights * moment.known
            self.output.mark((), moment.place, counts)
            self._mark_matches(moment.chosen)
            assert self._colours is not None, "a picture is followed first"
            self.moment_view.show_moment(moment, number, self._colours)
        self.moment_view.setVisible(moment is not None)

    def _mark_matches(self, chosen: int) -> None:
        assert self._moment is not None
        places = [self._moment.place_of(match) for match in self._moment.best(MOST)]
        self.sample.mark(places, self._moment.place_of(chosen))

    @Slot(int)
    def _pointed(self, match: int) -> None:
        """At one of the matches: where it lies."""
        if self._moment is not None:
            self._mark_matches(match if match >= 0 else self._moment.chosen)

    def _image(self, picture: Picture, known: Mask | None = None) -> QImage:
        """An image of its own, of no more pixels than are worth waiting for."""
        assert self._colours is not None, "a picture is followed first"
        step = max(1, round((picture.shape[0] * picture.shape[1] / _PLAIN) ** 0.5))
        shown = self._colours.shown(np.ascontiguousarray(picture[::step, ::step]))
        if known is not None:
            shown.view(np.uint32)[..., 0] *= known[::step, ::step]
        height, width = shown.shape[:2]
        layout = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(shown.data, width, height, shown.strides[0], layout).copy()

    def settle(self) -> None:
        """All at the same scale, or a texture could not be judged by its sample."""
        panes = [self.sample, *(self.strip.panes if self.comparing else (self.output,))]
        if not self.output.dragged:
            scale = min(pane.fitting for pane in panes)
            for pane in panes:
                pane.set_scale(scale)

    @Slot(object)
    def _show_tiles(self, tiled: bool) -> None:
        self.output.set_tiled(tiled)
        self.settle()

    @Slot(int, int)
    def _moved(self, *_: int) -> None:
        self.settle()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(960, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.moment_view.fit(self.height())
        self.settle()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._meaning(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = self._meaning(event)
        if meaning is None:
            super().keyPressEvent(event)
        else:
            meaning()

    def _meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here; None: nothing, and others may have it."""
        key, many = Qt.Key(event.key()), _MANY.get(event.modifiers())
        if many is None:
            return None
        if key in _STEPS:
            return partial(self.transport.step_wanted.emit, _STEPS[key] * many)
        if many > 1:
            return None
        number = key - Qt.Key.Key_1
        if self.comparing and 0 <= number < len(WINDOWS):
            return partial(self.strip.taken.emit, number)
        meanings: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self.transport.play_wanted.emit,
            Qt.Key.Key_W: self.compare_wanted.emit,
            Qt.Key.Key_C: self.origins.click,
            Qt.Key.Key_T: self.tiles.click,
        }
        return meanings.get(key)
