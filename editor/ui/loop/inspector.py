"""The inspector of one jump: the frame that would have come beside the one that comes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.engine.clip import Frame
from editor.engine.image import Size
from editor.ui.loop.pictures import fitted, image_of
from editor.ui.loop.plan import Jump
from editor.ui.theme import CORNER, GRID, Theme, ui_font
from editor.ui.widgets import LabeledSlider, Row, Segmented

SIDE = 480  # px: frames are compared at this size
GAIN = 4  # of the difference
_FLIP = 450  # ms
LONGEST_FADE = 60


class Inspector(QWidget):
    """Signals: fade_changed(jump, frames), verdict_changed(jump, "free"|"forbidden"|"forced"),
    frames_wanted(first, second).
    """

    fade_changed = Signal(object, int)
    verdict_changed = Signal(object, str)
    frames_wanted = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jump: Jump | None = None
        self._title = QLabel()
        self._title.setFont(ui_font(tabular=True))
        self._judgement = QLabel()
        self._judgement.setObjectName("muted")
        self._judgement.setFont(ui_font(12))
        self._judgement.setWordWrap(True)
        self.pair = Pair()
        self.look = Segmented(
            [
                ("flip", self.tr("Flip")),
                ("onion", self.tr("Onion skin")),
                ("difference", self.tr("Difference")),
            ],
            name=self.tr("How the two frames are compared"),
        )
        self.look.changed.connect(self.pair.show_look)
        self.fade = LabeledSlider(
            self.tr("Fade"), 0, LONGEST_FADE, 6, unit=self.tr("frames"), caption_width=72
        )
        self.fade.changed.connect(self._faded)
        self.verdict = Segmented(
            [
                ("free", self.tr("As found")),
                ("forbidden", self.tr("Forbid")),
                ("forced", self.tr("Force")),
            ],
            name=self.tr("Whether this jump may be taken"),
        )
        self.verdict.changed.connect(self._judged)
        self._may = Row(self.tr("This jump"), self.verdict, stretch=False, caption_width=72)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._title)
        column.addWidget(self.pair, 1)
        column.addWidget(self.look, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._judgement)
        column.addWidget(self.fade)
        column.addWidget(self._may)
        self.show_jump(None)

    @property
    def jump(self) -> Jump | None:
        return self._jump

    def show_jump(
        self,
        jump: Jump | None,
        count: int = 1,
        judgement: str = "",
        *,
        fade: int = 6,
        verdict: str = "free",
    ) -> None:
        """A jump of a clip of so many frames, how good it is, and what the person decided."""
        known = jump == self._jump
        self._jump = jump
        there = jump is not None
        for widget in (self.look, self.fade, self._may):
            widget.setVisible(there)
        if jump is None:
            self._title.setText(self.tr("No jump is chosen"))
            self._judgement.setText(
                self.tr("Click an arc over the timeline or a cell of the matrix to look into it.")
            )
            self.pair.show_frames(None, None, "", "")
            return
        words = self.tr("Frame {0} → {1}")
        self._title.setText(words.replace("{0}", str(jump[0])).replace("{1}", str(jump[1])))
        self._judgement.setText(judgement)
        self.fade.set_value(fade)
        self.verdict.set_value(verdict)
        if not known:
            self.frames_wanted.emit(min(jump[0] + 1, count - 1), jump[1])

    def show_frames(self, first: int, second: int, a: Frame, b: Frame) -> None:
        """Both frames, when they are there."""
        would, comes = self.tr("would come: {0}"), self.tr("comes: {0}")
        self.pair.show_frames(
            a, b, would.replace("{0}", str(first)), comes.replace("{0}", str(second))
        )

    @Slot(object)
    def _faded(self, fade: int) -> None:
        if self._jump is not None:
            self.fade_changed.emit(self._jump, fade)

    @Slot(object)
    def _judged(self, verdict: str) -> None:
        if self._jump is not None:
            self.verdict_changed.emit(self._jump, verdict)


class Pair(QWidget):
    """Two frames in one place: by turns, one through the other, or what they differ in.

    While the pointer is pressed on it, it stands still on the second one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: dict[str, QImage] = {}
        self._words = ("", "")
        self._look = "flip"
        self._second = False
        self._timer = QTimer(self, interval=_FLIP)
        self._timer.timeout.connect(self._flip)
        self.setAccessibleName(self.tr("Both frames of the jump"))
        self.setMinimumSize(160, 72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_frames(self, a: Frame | None, b: Frame | None, first: str, second: str) -> None:
        self._images = {} if a is None or b is None else compared(a, b)
        self._words = (first, second)
        self._second = False
        self._settle()

    @Slot(object)
    def show_look(self, look: str) -> None:
        self._look = look
        self._settle()

    def _settle(self) -> None:
        moving = self._look == "flip" and bool(self._images) and self.isVisible()
        if moving != self._timer.isActive():
            if moving:
                self._timer.start()
            else:
                self._timer.stop()
        self.update()

    @Slot()
    def _flip(self) -> None:
        self._second = not self._second
        self.update()

    def shown(self) -> tuple[str, str]:
        """Which image, and what is said of it."""
        if self._look == "flip":
            return ("b", self._words[1]) if self._second else ("a", self._words[0])
        if self._look == "onion":
            return "onion", f"{self._words[0]} · {self._words[1]}"
        return "difference", self.tr("difference, {0} times").replace("{0}", str(GAIN))

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(280, 160)

    def showEvent(self, event: object) -> None:
        self._settle()

    def hideEvent(self, event: object) -> None:
        self._settle()

    def mousePressEvent(self, event: object) -> None:
        self._timer.stop()
        self._second = True
        self.update()

    def mouseReleaseEvent(self, event: object) -> None:
        self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        body = QRectF(self.rect())
        if not self._images:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.pressed))
            painter.drawRoundedRect(body, CORNER, CORNER)
            return
        name, words = self.shown()
        image = self._images[name]
        scale = min(body.width() / image.width(), body.height() / image.height())
        place = QRectF(0, 0, image.width() * scale, image.height() * scale)
        place.moveCenter(body.center())
        painter.drawImage(place, image)
        painter.setFont(ui_font(11, tabular=True))
        wide = painter.fontMetrics().horizontalAdvance(words) + 12
        chip = QRectF(place.x() + 6, place.bottom() - 24, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)


def compared(a: Frame, b: Frame) -> dict[str, QImage]:
    """Both frames, their mean, and their difference, made stronger so that it is seen."""
    from editor.engine.cv import cv2

    a, b = (fitted(frame[..., :3], Size(SIDE, SIDE)) for frame in (a, b))
    onion = cv2.addWeighted(a, 0.5, b, 0.5, 0)
    difference = cv2.convertScaleAbs(cv2.absdiff(a, b), alpha=GAIN)
    made = {"a": a, "b": b, "onion": onion, "difference": difference}
    return {name: image_of(pixels) for name, pixels in made.items()}
