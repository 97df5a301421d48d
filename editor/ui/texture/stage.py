"""The stage of Texture mode: the sample on the left, on the right what grows from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from editor.engine.image import Mask, Picture, Rect, Size
from editor.ui.canvas.colour import Colours
from editor.ui.texture.pane import Pane
from editor.ui.texture.scrub import Scrub
from editor.ui.theme import GRID
from editor.ui.widgets import Switch

_PLAIN = 600_000  # pixels of a picture that is shown: more are only waited for
_KEYS = (Qt.Key.Key_T, Qt.Key.Key_Left, Qt.Key.Key_Right)


class TextureStage(QWidget):
    """It is given what it shows and makes nothing itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: Colours | None = None
        self.sample = Pane(self.tr("Sample"))
        self.output = Pane(self.tr("Texture"))
        self.tiles = Switch(self.tr("Lay out 3 × 3"), False)
        self.tiles.setToolTip(
            self.tr("Shows the texture beside itself, so that its seams are seen  (T)")
        )
        self.tiles.changed.connect(self._show_tiles)
        bar = QWidget()
        bar.setObjectName("toolBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(46)
        row = QHBoxLayout(bar)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        self._said = QLabel(self.tr("The picture is the sample; the texture takes its place."))
        self._said.setObjectName("muted")
        self.scrub = Scrub()
        self.scrub.setToolTip(
            self.tr("Go back through the growth: the window, what matches it, and what was chosen")
        )
        row.setSpacing(3 * GRID)
        row.addWidget(self._said, 1)
        row.addWidget(self.scrub, 1)
        row.addWidget(self.tiles)
        self.scrub.hide()
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        panes.setHandleWidth(1)
        for pane, share in ((self.sample, 2), (self.output, 3)):
            panes.addWidget(pane)
            panes.setStretchFactor(panes.count() - 1, share)
        panes.setSizes((400, 600))
        panes.splitterMoved.connect(self._moved)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(panes, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Sample and texture"))

    def follow(self, picture: Picture, icc: bytes) -> None:
        """Pictures in the depth and the colours of this one will come."""
        self._colours = Colours(icc, picture.dtype, picture.ndim == 2)

    def show_sample(self, picture: Picture) -> None:
        self.sample.show_image(self._image(picture), Size.of(picture))
        self._settle()

    def show_output(self, picture: Picture, known: Mask | None = None) -> None:
        """What has grown; where nothing is known yet the ground is seen."""
        self.output.show_image(self._image(picture, known), Size.of(picture))
        self._settle()

    def show_none(self, size: Size) -> None:
        """Nothing has grown yet: this is how large it will be."""
        self.output.show_image(None, size, self.tr("Press Enter: a texture grows here."))
        self._settle()

    def show_growth(self, count: int | None) -> None:
        """So many pixels can be gone through one by one; None: it did not grow pixel by pixel."""
        self.scrub.setVisible(count is not None)
        self._said.setVisible(count is None)
        self.scrub.show_count(count or 0)
        self._mark((), None, None)

    def show_moment(
        self,
        picture: Picture,
        known: Mask,
        window: Rect | None,
        matches: Sequence[Rect],
        chosen: int,
    ) -> None:
        """An earlier moment: the window of the pixel that is next, and what matches it."""
        self.show_output(picture, known)
        self._mark(matches, matches[chosen] if matches else None, window)

    def _mark(self, matches: Sequence[Rect], chosen: Rect | None, window: Rect | None) -> None:
        self.sample.mark(matches, chosen)
        self.output.mark((), window)

    def _image(self, picture: Picture, known: Mask | None = None) -> QImage:
        """An image of its own, of no more pixels than are worth waiting for."""
        assert self._colours is not None, "a picture is followed first"
        step = max(1, round((picture.shape[0] * picture.shape[1] / _PLAIN) ** 0.5))
        shown = self._colours.shown(np.ascontiguousarray(picture[::step, ::step]))
        if known is not None:
            shown[~known[::step, ::step]] = 0
        height, width = shown.shape[:2]
        layout = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(shown.data, width, height, shown.strides[0], layout).copy()

    def _settle(self) -> None:
        """Both at the same scale, or a texture could not be judged by its sample."""
        scale = min(self.sample.fitting, self.output.fitting)
        for pane in (self.sample, self.output):
            pane.set_scale(scale)

    @Slot(object)
    def _show_tiles(self, tiled: bool) -> None:
        self.output.set_tiled(tiled)
        self._settle()

    @Slot(int, int)
    def _moved(self, *_: int) -> None:
        self._settle()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(960, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _KEYS
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.modifiers() or key not in _KEYS:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_T:
            self.tiles.set_value(not self.tiles.value())
            self._show_tiles(self.tiles.value())
        elif self.scrub.isVisible():
            self.scrub.step(-1 if key == Qt.Key.Key_Left else 1)
