"""What is seen in the pictures of the window: each function leads the program to one of them."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEvent, QEventLoop, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.app import Parts
from editor.engine.cv import cv2
from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.operations import Loop
from editor.resources import resource
from editor.ui import theme
from editor.ui.analogy.samples import analogy_samples
from editor.ui.gallery import samples
from editor.ui.modes import MODES

Frame = NDArray[np.uint8]


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
        sample = next(one for one in samples() if one.picture.stem == name)
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
        self.window.choose_tool(name)
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

    def write(self, name: str, frames: Iterable[Frame]) -> Path:
        path = self.folder / name
        last(write_clip(path, frames, Fraction(30), ClipOptions(95), overwrite=True))
        return path

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
    hand.open(hand.write("pendulum.mp4", pendulum()))
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
    hand.sample("lawn", masked=False)
    hand.mode("reshuffle")
    hand.drag(*around(950, 640, 265, 155))  # the ball and its shadow
    hand.drag((1052, 625), (620, 780))


def texture(hand: Hand) -> None:
    hand.open(resource("samples", "analogies", "texture-Ap.jpg"))
    hand.mode("texture")
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
    hand.mode("analogy")
    artistic = next(one for one in analogy_samples() if one.preset == "artistic")
    hand.window.doing.open_sample(artistic)
    hand.rest()
    hand.go()


def restore(hand: Hand) -> None:
    clean = np.asarray(Image.open(resource("samples", "analogies", "filter-B.jpg")).convert("RGB"))
    clean = clean[16:176, 28:188]
    noise = np.random.default_rng(0).normal(0, 20, clean.shape)
    path = hand.folder / "noisy.png"
    Image.fromarray((clean + noise).clip(0, 255).astype(np.uint8)).save(path)
    hand.open(path)
    hand.mode("restore")
    hand.tune(iterations=250)
    hand.go()
    hand.window.actions_["split"].setChecked(True)
    hand.window.view.do_split()
    hand.rest()


def sprite(hand: Hand) -> None:
    hand.open(hand.write("fish.mp4", fish()))
    hand.mode("sprite")
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


def around(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    turns = [2 * math.pi * n / 40 for n in range(41)]
    return [(x + width * math.cos(t), y + height * math.sin(t)) for t in turns]


# ── clips ──


def pendulum() -> list[Frame]:
    """A brass bob on its rod before a dark wall, swinging a little less each time."""
    height, width, fine, period = 432, 576, 2, 42
    y, x = np.mgrid[: height * fine, : width * fine].astype(np.float32) / fine
    wall = 46 + 26 * np.exp(-((x - 300) ** 2 + (y - 190) ** 2) / 60_000)
    grain = np.random.default_rng(1).normal(0, 1.2, (8, height, width, 1))
    frames = []
    for t in range(200):
        angle = (0.42 - 0.0002 * t) * np.sin(2 * np.pi * t / period)
        picture = wall[..., None] * np.array([0.82, 0.9, 1.0], np.float32)
        bx, by = 288 + 290 * np.sin(angle), 40 + 290 * np.cos(angle)
        ends = [(round(fine * a * 16), round(fine * b * 16)) for a, b in ((288, 40), (bx, by))]
        cv2.line(picture, *ends, (150, 140, 128), 5 * fine, cv2.LINE_AA, 4)
        away = np.hypot(x - bx, y - by) / 46
        light = np.clip(1.05 - np.hypot(x - bx + 15, y - by + 17) / 68, 0.12, 1) ** 0.9
        brass = light[..., None] * np.array([245, 190, 92], np.float32)
        picture += np.clip((1 - away) * 46, 0, 1)[..., None] * (brass - picture)
        small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        frames.append(np.clip(small + grain[t % 8], 0, 255).astype(np.uint8))
    return frames


def fish() -> list[Frame]:
    """An orange fish that swims in a figure of eight before a blue sheet."""
    height, width, round_ = 360, 480, 150
    y, x = np.mgrid[:height, :width].astype(np.float32)
    sheet = np.stack([30 + x * 0.03, 78 + y * 0.04, 150 + y * 0.05], axis=2)
    frames = []
    for t in range(2 * round_):
        turn = 2 * np.pi * t / round_
        at = np.array([240 + 130 * np.sin(turn), 180 + 90 * np.sin(2 * turn)])
        way = math.atan2(180 * np.cos(2 * turn), 130 * np.cos(turn))
        along = (x - at[0]) * np.cos(way) + (y - at[1]) * np.sin(way)
        across = (y - at[1]) * np.cos(way) - (x - at[0]) * np.sin(way)
        across = across - 5 * np.sin(along / 16 + t * 0.5) * np.clip((34 - along) / 70, 0, 1)
        body = 1 - np.hypot(along / 38, across / 13)
        tail = np.minimum((-30 - along) / 8, (-0.7 * (along + 30) + 3 - abs(across)) / 8)
        tail = np.minimum(tail, (along + 58) / 8)
        alpha = np.clip(np.maximum(body * 14, tail * 8) + 0.5, 0, 1)[..., None]
        light = np.clip(0.72 + 0.5 * body - across * 0.012, 0.35, 1.1)[..., None]
        colour = np.where(abs(along - 6) < 5, 1.0, 0.0)[..., None] * [0, 150, 160]
        skin = light * (np.array([240, 112, 34]) + colour)
        eye = np.clip(4 - np.hypot(along - 26, across + 3), 0, 1)[..., None]
        skin = skin * (1 - eye) + 20 * eye
        frames.append(np.clip(sheet + alpha * (skin - sheet), 0, 255).astype(np.uint8))
    return frames


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
