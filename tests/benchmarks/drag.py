"""Dragging an edge in Retarget mode, from the mouse's move to the painted window

Goals: a frame in at most 33 ms; what follows the hand is ready 0.5 s after the mode was chosen, and
until then the picture is stretched. One document becomes another, undo and redo: what the window
waits.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.app import Parts, application
from editor.engine.image import Picture
from editor.operations import Rotate
from editor.ui.modes import MODES

_FRAMES = 60
_SIZES = {"1 megapixel": (800, 1250), "24 megapixels": (4000, 6000)}


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["PATINA_HOME"] = home
        app = application()
        parts = Parts(app)
        parts.window.resize(1600, 1000)
        parts.window.show()
        print("| | p50 | p95 | max |\n|---|---|---|---|")
        for name, size in _SIZES.items():
            measure(parts, name, picture(*size))
        parts.window.files._quitting = True
        parts.window.close()
        parts.end()


def measure(parts: Parts, name: str, pixels: Picture) -> None:
    document = parts.session.add(pixels, name)
    parts.window.choose_mode(next(mode for mode in MODES if mode.name == "retarget"))
    rest(parts)
    began = time.perf_counter()
    parts.window.doing._find()  # type: ignore[attr-defined]
    rest(parts)
    row(f"ready to follow, {name}", [time.perf_counter() - began])
    canvas, (width, height) = parts.window.canvas, document.size
    for what, end in (("an edge", (0.6, 0.5)), ("a corner", (0.6, 0.7))):
        start = (width, height * (0.5 if what == "an edge" else 1))
        row(f"{what} of {name}", dragged(parts, start, (width * end[0], height * end[1])))
        canvas.cancel_gesture()
        rest(parts)
    turns = Rotate(quarters=1)
    row(f"rotate {name}, at the desk", [timed(lambda: done(parts, turns))])
    rest(parts)
    row(f"undo it, {name}", [timed(document.history.undo)])
    row(f"redo it, {name}", [timed(document.history.redo)])
    document.history.mark_saved(document.history.now)
    parts.session.close_document(document)
    rest(parts)


def dragged(parts: Parts, start: tuple[float, float], end: tuple[float, float]) -> list[float]:
    """How long each move takes until the window has been painted."""
    canvas = parts.window.canvas
    a, b = canvas.place_of(*start), canvas.place_of(*end)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=a)
    frames = []
    for k in range(1, _FRAMES + 1):
        began = time.perf_counter()
        QTest.mouseMove(canvas, QPoint(a + (b - a) * (k / _FRAMES)))
        while parts.window.doing._soon.isActive():  # type: ignore[attr-defined]
            QApplication.processEvents()
        QApplication.processEvents()
        frames.append(time.perf_counter() - began)
    return frames[5:]


def done(parts: Parts, operation: Rotate) -> None:
    parts.session.do(operation)
    rest(parts)


def timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def rest(parts: Parts) -> None:
    while not (parts.session.idle and parts.window.canvas.settled):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def row(name: str, seconds: list[float]) -> None:
    told = sorted(1000 * one for one in seconds)
    middle, high = told[len(told) // 2], told[min(len(told) - 1, math.ceil(0.95 * len(told)))]
    print(f"| {name} | {middle:.1f} | {high:.1f} | {told[-1]:.1f} ms |")


def picture(height: int, width: int) -> Picture:
    """Waves and noise, as busy as a photograph."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = np.sin(x / 97) * np.cos(y / 61) * 60 + np.sin((x + 2 * y) / 23) * 20 + 128
    noise = np.random.default_rng(0).normal(0, 6, (height, width)).astype(np.float32)
    return (
        np.dstack([waves + noise, waves * 0.8 + noise, 220 - waves * 0.5])
        .clip(0, 255)
        .astype(np.uint8)
    )


if __name__ == "__main__":
    main()
