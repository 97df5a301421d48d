"""Video sprites, watched: what the creature could do next, what each costs, and what it does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from editor.engine.image import Point
from editor.model.document import Document
from editor.operations import Operation, RecordWalk, Steer
from editor.ui.lecture.drawing import fitted, rule
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.sprite_prices import draw_key, draw_legend, draw_next, draw_sum
from editor.ui.loop.pictures import image_of
from editor.ui.sprite.rose import Rose
from editor.ui.theme import Theme
from editor.ui.transport import grouped
from editor.ui.widgets import PillButton

_KOI = "koi"  # the sample
_LONGEST = 1500  # frames of a clip that a creature is cut out of by the way
_BELOW = 0.28  # of the height, at least, for what stands below the stage
_TRAIL = 60  # frames
_REACH = 2.0  # body lengths of the arrow that says where it should go
_AHEAD = 12  # frames for which the other arrow says where it goes
_AROUND = tuple(
    Point(
        round(0.5 + 0.32 * math.cos(t * math.pi / 3), 3),
        round(0.5 + 0.32 * math.sin(t * math.pi / 3), 3),
    )
    for t in range(6)
)
_ACROSS = Point(0.15, 0.5), Point(0.85, 0.5)


@dataclass(frozen=True, slots=True)
class Settings:
    alpha: float = 1.0
    beta: float = 6.0
    sigma: float = 0.0
    goals: tuple[Point, ...] = _AROUND  # in parts of the stage, one after the other


class SpritesPage(Page):
    name, caption = "sprites", "Sprites"
    text = Text(
        "Video sprites",
        (
            "A creature is cut out of a clip, frame by frame. After a frame may come the next "
            "one, or any that looks as if it could: a jump.",
            "Every one of them has a cost: α\u00a0C, how much the jump is seen; β\u00a0e, how far "
            "the way it goes is from the way it should go; γ\u00a0m, all that follows from there.",
            "The cheapest comes next. That is all: no skeleton and no animation, only footage in "
            "another order.",
            "The rose shows which ways the creature goes in the clip. Where nobody filmed it, it "
            "cannot go.",
        ),
        (
            Formula(
                "sprite-next",
                "j star is the j that minimises alpha times C i j plus beta times e j plus gamma "
                "times m j",
            ),
            Formula(
                "sprite-future",
                "m i is the least alpha times C i j plus beta times e j plus gamma times m j",
            ),
        ),
        "A. Schödl, I. A. Essa: Controlled Animation of Video Sprites. ACM "
        "SIGGRAPH/Eurographics Symposium on Computer Animation, 2002.",
    )
    tries = (
        Try(
            "α = 0.1", "Jumps hardly cost anything: it obeys, and flickers.", {"alpha": 0.1}, "Jump"
        ),
        Try("1", "Jumps cost what they usually do.", {"alpha": 1.0}, "Jump"),
        Try("10", "Jumps cost much: it goes on with its footage.", {"alpha": 10.0}, "Jump"),
        Try("β = 1", "The way counts little: it dawdles.", {"beta": 1.0}, "Way"),
        Try("6", "The way counts as it usually does.", {"beta": 6.0}, "Way"),
        Try("30", "The way is all: it jumps to be quick.", {"beta": 30.0}, "Way"),
        Try("In a ring", "Six places, one after the other.", {"goals": _AROUND}, "Goals"),
        Try("To and fro", "From one side to the other.", {"goals": _ACROSS}, "Goals"),
    )
    first = Settings()
    pace = 20.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needs = ""  # what is missing, if something is
        self._serves = True  # it can be asked for here
        self._title = ""
        self._images: dict[int, tuple[QImage, QPointF]] = {}  # of poses, and their centroids
        self.rose = Rose()
        self.rose.setParent(self)
        self.rose.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.serve = PillButton("", height=34)
        self.serve.setParent(self)
        self.serve.clicked.connect(self._serve)
        self._settle()

    # ── what is recorded ──

    def operation(self, document: Document | None) -> Operation | None:
        settings: Settings = self.settings
        self._needs = ""
        film = None if document is None else document.film
        if document is None or (film is None and document.sprite is None):
            self._needs = "sprite"
            return None
        if film is not None and document.sprite is None and film.clip.count > _LONGEST:
            self._needs = "cut"
            return None
        self._title = document.title
        steer = Steer(alpha=settings.alpha, beta=settings.beta, sigma=settings.sigma)
        return RecordWalk(steer, settings.goals)

    def _serve(self) -> None:
        self.needed.emit("sprite" if self._needs == "cut" else f"sample {_KOI}")

    @property
    def count(self) -> int:
        return 0 if self.record is None else int(self.record.count)

    def said(self) -> str:
        if not self.count:
            return ""
        turn = self.record.turns[self.moment]
        words = self.tr("Frame {0} of {1}: it goes on")
        if turn.chosen != turn.goes_on:
            words = self.tr("Frame {0} of {1}: it jumps")
        return words.format(grouped(self.moment + 1), grouped(self.record.total))

    @property
    def about(self) -> str:
        if self.record is None:
            return ""
        poses = self.record.control.tables.poses.count
        return f"{self._title}, " + self.tr("{} poses").format(grouped(poses))

    def follow(self, record: Any) -> None:
        if record is None or self.record is None or record.sprite is not self.record.sprite:
            self._images.clear()
        if record is not None and record is not self.record:
            self.rose.show_ways(record.ways)
        super().follow(record)
        self._settle()
        if record is None:
            self.looked.emit(self._needs)

    def look(self, what: Any) -> None:
        self._needs, self._serves = what, False
        self._settle()
        self.update()

    # ── where things stand ──

    def _settle(self) -> None:
        """The rose in the corner of the stage; the button where there is no sprite."""
        missing = not self.count and bool(self._needs) and self._serves
        self.rose.setVisible(self.count > 0)
        self.serve.setVisible(missing)
        if missing:
            words = self.tr("Open the koi")
            if self._needs == "cut":
                words = self.tr("To Sprite mode")
            self.serve.setText(words)
            self.serve.adjustSize()
            middle = self.rect().center()
            self.serve.move(middle.x() - self.serve.width() // 2, round(middle.y() + 3 * self.em))
        if self.count:
            self.rose.setGeometry(self._rose_place().toRect())

    def _rose_place(self) -> QRectF:
        stage, line = self._stage(), self.line
        side = min(self._room().bottom() - stage.bottom() - line, 0.4 * stage.width())
        return QRectF(stage.left(), stage.bottom() + line, side, side)

    def _room(self) -> QRectF:
        edge = 1.2 * self.em
        return QRectF(self.rect()).adjusted(edge, 0.4 * edge, -edge, -edge)

    def _stage(self) -> QRectF:
        room, line = self._room(), self.line
        stage = self.record.control.stage
        high = (1 - _BELOW) * room.height() - line
        place = QRectF(room.left(), room.top() + line, 0.58 * room.width(), high)
        place = fitted(place, stage.width, stage.height, top=True)
        place.moveLeft(room.left())
        return place

    @property
    def _scale(self) -> float:
        return self._stage().width() / float(self.record.control.stage.width)

    def _at(self, point: Point) -> QPointF:
        place, scale = self._stage(), self._scale
        return QPointF(place.x() + point.x * scale, place.y() + point.y * scale)

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.count:
            self.draw_ground(painter, self._wait_for())
            return
        self.draw_ground(painter)
        theme, turn = Theme.of(self), self.record.turns[self.moment]
        self._draw_stage(painter, theme, turn)
        rose = self._rose_place()
        draw_sum(self, painter, rose, self._stage().right(), turn)
        room, line = self._room(), self.line
        left = room.left() + 0.61 * room.width()
        beside = QRectF(left, room.top(), room.right() - left, room.height())
        draw_legend(self, painter, QRectF(left, beside.top(), beside.width(), 2 * line))
        draw_next(self, painter, beside.adjusted(0, 2.2 * line, 0, 0), turn, self._draw_fitted)

    def _wait_for(self) -> str:
        return {
            "": self.tr("The creature is cut out, and what can follow what is found out…"),
            "sprite": self.tr("Open a sprite, or a clip of a creature before a plain backdrop."),
            "cut": self.tr("This clip is long: cut the creature out of it in Sprite mode first."),
        }[self._needs]

    def _draw_stage(self, painter: QPainter, theme: Theme, turn: Any) -> None:
        place = self._stage()
        line = self.line
        above = QRectF(place.left(), place.top() - line, place.width(), line)
        ways = (self.tr("where it should go"), theme.text), (self.tr("where it goes"), theme.accent)
        if turn.aim.resting:
            ways = (self.tr("it has arrived, and should stay"), theme.text), ways[1]
        draw_key(self, painter, above, [(words, QColor(one)) for words, one in ways])
        painter.setPen(rule(theme))
        painter.setBrush(QColor(theme.pressed))
        painter.drawRoundedRect(place, 6, 6)
        painter.save()
        painter.setClipRect(place)
        self._draw_goals(painter, theme, turn)
        self._draw_trail(painter, theme)
        image, middle = self._image(turn.state.pose)
        at, scale = self._at(turn.state.point), self._scale
        if not turn.aim.resting:
            off = self._at(turn.goal) - at
            reach = min(_REACH * self.record.control.length * scale, math.hypot(off.x(), off.y()))
            way = QPointF(math.cos(turn.aim.angle), math.sin(turn.aim.angle)) * reach
            self._draw_arrow(painter, theme, at, way, theme.text)
        self._draw_pose(painter, image, at - middle * scale, scale)
        vx, vy = self.record.control.tables.poses.velocity[turn.poses[turn.chosen]].tolist()
        self._draw_arrow(painter, theme, at, QPointF(vx, vy) * (_AHEAD * scale), theme.accent)
        painter.restore()

    def _draw_goals(self, painter: QPainter, theme: Theme, turn: Any) -> None:
        stage = self.record.control.stage
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one in self.settings.goals:
            at = self._at(Point(stage.width * one.x, stage.height * one.y))
            painter.setPen(QPen(QColor(theme.disabled), 0.1 * self.em))
            painter.drawEllipse(at, 0.4 * self.em, 0.4 * self.em)
        painter.setPen(QPen(QColor(theme.text), 0.16 * self.em))
        painter.drawEllipse(self._at(turn.goal), 0.7 * self.em, 0.7 * self.em)

    def _draw_trail(self, painter: QPainter, theme: Theme) -> None:
        turns = self.record.turns[max(0, self.moment - _TRAIL) : self.moment + 1]
        painter.setPen(QPen(QColor(theme.disabled), 0.12 * self.em))
        painter.drawPolyline(QPolygonF([self._at(one.state.point) for one in turns]))

    def _draw_arrow(
        self, painter: QPainter, theme: Theme, at: QPointF, by: QPointF, colour: str
    ) -> None:
        """Seen on any creature: with a rim in the colour of the ground."""
        length = math.hypot(by.x(), by.y())
        back = by * (min(0.9 * self.em, 0.5 * length) / max(length, 1e-9))
        side, end = QPointF(-back.y(), back.x()) * 0.6, at + by
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        for wide, one in ((0.5, theme.canvas), (0.26, colour)):
            painter.setPen(QPen(QColor(one), wide * self.em, c=cap, j=join))
            painter.drawLine(at, end)
            painter.drawPolyline([end - back + side, end, end - back - side])

    def _draw_pose(self, painter: QPainter, image: QImage, at: QPointF, scale: float) -> None:
        size = QRectF(QPointF(), image.size().toSizeF()).size() * scale
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(at, size), image)

    def _draw_fitted(self, painter: QPainter, pose: int, place: QRectF) -> None:
        """A pose as large as there is room for."""
        image, _ = self._image(pose)
        seen = fitted(place, image.width(), image.height())
        self._draw_pose(painter, image, seen.topLeft(), seen.width() / image.width())

    def _image(self, pose: int) -> tuple[QImage, QPointF]:
        """The picture of a pose, and where in it the creature's middle is."""
        if pose not in self._images:
            record = self.record
            state = record.turns[0].state._replace(pose=pose, x=0.0, y=0.0)
            placed = Steer.drawn(record.sprite, record.control, state)
            self._images[pose] = image_of(placed.pixels), QPointF(-placed.x, -placed.y)
        return self._images[pose]

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The place that is clicked is where it should go."""
        if self.count and self._stage().contains(event.position()):
            place = self._stage()
            at = event.position() - place.topLeft()
            goal = Point(round(at.x() / place.width(), 3), round(at.y() / place.height(), 3))
            self.attempt(Try("", "", {"goals": (goal,)}))
        else:
            super().mousePressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(960, 560)
