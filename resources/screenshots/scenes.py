"""What is seen in the pictures of the window: each function leads the program to one of them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.app import Parts
from editor.files.samples import samples
from editor.operations import Loop
from editor.resources import resource
from editor.ui import theme
from editor.ui.modes import MODES


class Hand:
    """What a person does: opens, chooses, drags over the picture, and waits."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self.parts, self.window, self.folder = parts, parts.window, folder
        self.app = QApplication.instance()

    def rest(self, seconds: float = 0.0) -> None:
        """Wait until everything is done and drawn, and so long besides."""
        until = time.monotonic() + seconds
        waits = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        for _ in range(3):
            self.app.processEvents()
        while not (self.parts.session.idle and self.window.settled and time.monotonic() >= until):
            self.app.processEvents(waits, 50)
        self.app.processEvents()

    def open(self, path: Path) -> None:
        self.parts.filing.open(path)
        self.rest()

    def sample(self, name: str, *, masked: bool = True) -> None:
        sample = next(one for one in samples() if one.id == name)
        shown = sample if masked else dataclasses.replace(sample, mask=None)
        self.window.files.open_sample(shown)
        self.rest()

    def mode(self, name: str) -> None:
        self.window.choose_mode(next(one for one in MODES if one.name == name))
        self.rest()

    def tune(self, **values: Any) -> None:
        """Set options of the mode."""
        options = self.window.options
        options.set_operation(dataclasses.replace(options.operation(), **values))
        options.changed.emit(options.operation())

    def go(self) -> None:
        self.window.edit.do_go()
        self.rest()

    def drag(self, *points: tuple[float, float]) -> None:
        """Draw through these places of the picture."""
        canvas = self.window.canvas
        places = [canvas.place_of(*point) for point in points]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
        for start, end in pairwise(places):
            for part in range(1, 17):
                QTest.mouseMove(canvas, QPoint(start + (end - start) * (part / 16)))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])
        self.rest()

    def tool(self, name: str, **values: Any) -> None:
        self.window.tools.choose(name)
        tool = self.window.tool_bar.tool
        tool.settings = tool.Settings.from_dict({**tool.settings.to_dict(), **values})
        self.window.tool_bar.show_settings()

    def stroke(self, *points: tuple[float, float]) -> Iterator[QImage]:
        """Draw through these places, and show the window on the way."""
        canvas = self.window.canvas
        places = [canvas.place_of(*point) for point in points]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
        for start, end in pairwise(places):
            for part in range(1, 7):
                QTest.mouseMove(canvas, QPoint(start + (end - start) * (part / 6)))
                self.app.processEvents()
                yield self.seen()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])
        self.rest()
        yield self.seen()

    def seen(self) -> QImage:
        return self.window.grab().toImage()

    def end(self) -> None:
        self.window.files._quitting = True
        self.parts.end()
        self.app.processEvents()


# ── the README ──


def filled(hand: Hand) -> None:
    theme.apply(hand.app, theme.LIGHT)
    hand.sample("wires")
    hand.go()
    hand.window.actions_["split"].setChecked(True)
    hand.window.view.do_split()
    hand.rest()


def loop(hand: Hand) -> None:
    hand.sample("pendulum")
    hand.go()
    stage = hand.window.doing.stage()
    stage.play_loop(hand.parts.session.current.finding(Loop).value.loops[0])
    hand.rest(2.0)


def fill_film(hand: Hand) -> list[tuple[QImage, int]]:
    """A ball is painted over and goes; each frame with its milliseconds."""
    hand.sample("lawn", masked=False)
    hand.window.resize(1000, 640)
    hand.tool("brush", size=190, hardness=85)
    film = [(hand.seen(), 900)]
    shadow = [(1120, 640), (1010, 560), (1020, 690), (1100, 700), (960, 720), (780, 712)]
    for place in hand.stroke(*shadow):
        film.append((place, 60))
    film[-1] = (film[-1][0], 700)
    hand.window.edit.do_go()
    while not hand.parts.session.idle:
        hand.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 30)
        if (seen := hand.seen()) != film[-1][0]:
            film.append((seen, 90))
    hand.window.actions_["show_mask"].trigger()
    hand.app.sendEvent(hand.window.canvas, QEvent(QEvent.Type.Leave))
    hand.rest()
    film.append((hand.seen(), 2600))
    return film


# ── the manual ──


def gallery(hand: Hand) -> None:
    hand.rest(0.5)


def fill(hand: Hand) -> None:
    hand.sample("lawn")


def healed(hand: Hand) -> None:
    """Before on the left, after on the right."""
    hand.sample("wires")
    hand.go()
    hand.window.actions_["split"].setChecked(True)
    hand.window.view.do_split()
    hand.rest()


def retarget(hand: Hand) -> None:
    hand.sample("wires")
    hand.go()  # the wires are gone
    hand.mode("retarget")
    hand.rest(0.5)
    hand.drag((1600, 533), (1150, 533))


def reshuffle(hand: Hand) -> None:
    hand.sample("balloons")
    hand.go()


def texture(hand: Hand) -> None:
    hand.sample("bricks")
    hand.go()


def growth(hand: Hand) -> None:
    """Held in the middle, with what the next pixel is chosen from."""
    hand.open(resource("samples", "analogies", "texture-Ap.jpg"))
    hand.mode("texture")
    hand.tune(method="exact", width=208, height=208, window=11)
    hand.go()
    stage = hand.window.doing.stage()
    for moment in range(24_000, 30_000, 53):
        stage.transport.moment_wanted.emit(moment)
        hand.rest(0.2)
        if len(stage.moment_view._levels) > 5:  # so many match
            break


def extend(hand: Hand) -> None:
    hand.sample("lawn", masked=False)
    hand.mode("extend")
    hand.drag((1600, 533), (2000, 533))
    hand.go()
    hand.window.view.do_fit()
    hand.rest()


def analogy(hand: Hand) -> None:
    hand.sample("artistic")
    hand.go()


def restore(hand: Hand) -> None:
    hand.sample("noisy")
    hand.tune(iterations=700)
    hand.go()
    hand.window.actions_["split"].setChecked(True)
    hand.window.view.do_split()
    hand.rest()


def sprite(hand: Hand) -> None:
    hand.sample("koi")
    hand.rest(0.5)
    hand.go()
    hand.go()
    stage = hand.window.doing.stage()
    for x, y in ((0.7, 0.35), (0.3, 0.6)):
        floor = stage.steer.pitch
        QTest.mouseMove(floor, QPoint(round(x * floor.width()), round(y * floor.height())))
        hand.rest(2.5)


def lecture(hand: Hand) -> None:
    """A third of the way into the search for what the hole is filled with."""
    hand.sample("lawn")
    hand.mode("lecture")
    stage = hand.window.doing.stage()
    stage.player.pause()
    stage.transport.moment_wanted.emit(stage.page.count // 3)
    hand.rest(0.5)


FILMS = {"fill": fill_film}
README: dict[str, Callable[[Hand], None]] = {"filled": filled, "loop": loop}
MANUAL: dict[str, Callable[[Hand], None]] = {
    scene.__name__: scene
    for scene in (
        gallery,
        fill,
        healed,
        retarget,
        reshuffle,
        texture,
        growth,
        extend,
        analogy,
        restore,
        loop,
        sprite,
        lecture,
    )
}
