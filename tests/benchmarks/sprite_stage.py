"""The stage of Sprite mode: five creatures at 1080p follow the pointer, in the real window

A frame is a step of all five, each some thirty jumps and four neighbours, 0.2 ms; and a paint: the
ground copied, 2 ms for 1080p, five cels of 64 × 64 pixels, 0.1 ms each, and the way that one went.
"own" is what the window's thread computes, without what others on the machine take from it.
Goal: a step and its paint at most 16.7 ms at p99.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from editor import rehearsal
from editor.app import Parts, application
from editor.engine.image import Point, Rect, Size
from editor.engine.sprite import Cel, Sprite
from editor.files.sprites import write_sprite
from editor.ui.sprite.pitch import Pitch
from tests.benchmarks.sprites import wanderer

_FRAMES = int(os.environ.get("PATINA_BENCH_FRAMES", "600"))
_CREATURES = 5
_STAGE = Size(1920, 1080)


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PATINA_HOME"] = folder
        if rehearsal.needed():
            rehearsal.main()  # or the window would do it while it is measured
        path = Path(folder) / "wanderer.sprite"
        write_sprite(path, on_stage(wanderer(600)))
        paints = timed_paints()
        app = application()
        parts = Parts(app)
        parts.window.resize(2348, 1371)  # the stage has about as many pixels as it shows
        parts.window.show()
        parts.filing.open(path)
        rest(app, parts)
        if parts.window.doing.stage().step != "steer":
            parts.window.edit.do_go()
            rest(app, parts)
        play(app, parts, paints)
        parts.window.files._quitting = True
        parts.window.close()
        parts.end()


def on_stage(sprite: Sprite) -> Sprite:
    """The same footage in a frame of 1080p; where it would leave it the movement is cut."""
    cels, track = [], 0
    for cel in sprite.cels:
        x, y = cel.place.x % (_STAGE.width - 64), cel.place.y % (_STAGE.height - 64)
        if cels and abs(x - cels[-1].place.x) + abs(y - cels[-1].place.y) > 200:
            track += 1
        cels.append(Cel.of(cel.number, track, Rect(x, y, 64, 64), cel.pixels))
    return replace(sprite, cels=tuple(cels), size=_STAGE, mirrored=True)


def clocks() -> np.ndarray:
    """Seconds that have passed, and that this thread has computed."""
    return np.array([time.perf_counter(), time.thread_time()])


def timed_paints() -> list[np.ndarray]:
    """How long each paint of the stage takes from now on."""
    paints: list[np.ndarray] = []
    paint = Pitch.paintEvent

    def timed(self: Pitch, event: QPaintEvent) -> None:
        began = clocks()
        paint(self, event)
        paints.append(clocks() - began)

    Pitch.paintEvent = timed  # type: ignore[method-assign]
    return paints


def play(app: QApplication, parts: Parts, paints: list[np.ndarray]) -> None:
    stage = parts.window.doing.stage()
    actor, pitch = stage.steer.actor, stage.steer.pitch
    while actor.control is None:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    actor.play(False)
    actor.set_copies(_CREATURES)
    steps, frames = [], []
    for number in range(_FRAMES):
        turn = 2 * math.pi * number / 200
        actor.target = Point(960 + 700 * math.cos(turn), 540 + 380 * math.sin(turn))
        paints.clear()
        began = clocks()
        actor.step()
        steps.append(clocks() - began)
        pitch.repaint()
        frames.append(steps[-1] + sum(paints))
        app.processEvents()
    place = pitch.place.toRect()
    print(f"The stage is {place.width()} × {place.height()} on the screen.\n")
    print("| | step, p50 | p99 | with its paint, p50 | p99 | max |\n|---|---|---|---|---|---|")
    for which, name in enumerate(("passed", "own")):
        one, both = (1e3 * np.array(taken)[:, which] for taken in (steps, frames))
        told = [np.quantile(part, share) for part in (one, both) for share in (0.5, 0.99)]
        print(f"| {name} | " + " | ".join(f"{part:.1f} ms" for part in [*told, both.max()]) + " |")


def rest(app: QApplication, parts: Parts) -> None:
    while not parts.session.idle:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    app.processEvents()


if __name__ == "__main__":
    main()
