"""The window while Fill works on large pictures: heartbeat and cancel

Smooth fill has 24 megapixels with a hole of 2 %, Fill by patches 12 megapixels with one of 5 %.

"while it runs" goes from Enter to the first beat after the result has taken its place; "all
through" adds what follows: the picture's smaller copies, the journal, undo, and these again.
Goals: an 8-ms heartbeat has gaps of at most 16.7 ms at p99; Esc stops within 100 ms at p95 of 200
random moments and leaves the document as it was.

Measured on two cores that others were using (load 2.3), 60 moments: by patches a p99 of 13.5 ms
while it runs, Esc within 20 ms at p95, a solve in 0.95 s; Smooth fill at the same load a p99 of
16.9 ms, Esc within 12 ms, a solve in 0.24 s. On another computer, half as fast, a p99 of 15.8 to
18.7 ms by patches, and of 15.7 to 16.3 ms since the engine's threads are less urgent.
"""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
import time
from statistics import median

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from editor.app import Parts, application
from editor.engine.image import Cover, Picture
from editor.model.document import Document
from editor.operations import Fill
from tests.benchmarks import fill as large

_CANCELS = 200
_SOLVES = 20


class Heart(QObject):
    """Writes down how long after the last beat each beat comes."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        timer = QTimer(self, interval=8, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self.beat)
        timer.start()

    @Slot()
    def beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["PATINA_HOME"] = home
        app = application()
        parts = Parts(app)
        parts.window.resize(1600, 1000)
        parts.window.show()
        print("| | | p50 | p95 | p99 | max | goal |\n|---|---|---|---|---|---|---|")
        for method, make in (("smooth", scratched), ("patches", holed)):
            pixels, mask = make()
            document = parts.session.add(pixels, "large.png", masks={"mask": mask})
            parts.window.options.set_operation(Fill(method=method))
            running, gaps, solves = heartbeat(app, parts, document)
            stops = cancels(app, parts, document, median(solves))
            print(row(method, "heartbeat gap while it runs, ms", running, "p99 ≤ 16.7"))
            print(row(method, "heartbeat gap all through, ms", gaps, "p99 ≤ 16.7"))
            print(row(method, "Esc to stopped, ms", stops, "p95 ≤ 100"))
            print(row(method, "whole solve with window, ms", solves, ""), flush=True)
        parts.end()


def scratched() -> tuple[Picture, Cover]:
    """24 megapixels with a hole of 2 %: one blob and some long scratches."""
    height, width = 4000, 6000
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    pixels = np.repeat(np.repeat(coarse, 100, 0), 100, 1)
    mask = np.zeros((height, width), np.uint8)
    mask[1500:2100, 2500:3100] = 255
    for y in range(200, height, 950):
        mask[y : y + 5, 100:5900] = 255
    return pixels, mask


def holed() -> tuple[Picture, Cover]:
    """12 megapixels with a hole of 5 %."""
    return large.picture(3000, 4000), large.hole(3000, 4000, 0.05)


def rest(app: QApplication, parts: Parts) -> None:
    while not (parts.session.idle and parts.window.canvas.settled):
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def heartbeat(
    app: QApplication, parts: Parts, document: Document
) -> tuple[list[float], list[float], list[float]]:
    """The gaps while the fill runs, all gaps, and how long each fill took."""
    solves, running = [], []
    heart = Heart()
    for run in range(_SOLVES + 1):
        first, began = len(heart.gaps), time.perf_counter()
        parts.window.edit.do_go()
        while parts.session.solving:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        solves.append(time.perf_counter() - began)
        last = len(heart.gaps) + 1
        rest(app, parts)
        document.history.undo()
        rest(app, parts)
        running += heart.gaps[first:last]
        if run == 0:  # it compiles and loads; it is not counted
            for times in (solves, running, heart.gaps):
                times.clear()
    return running, heart.gaps, solves


def cancels(app: QApplication, parts: Parts, document: Document, whole: float) -> list[float]:
    """How long a solve that takes so long in all needs to stop, at random moments of it."""
    random.seed(3)
    before = hashlib.blake2b(document.image).digest()
    waits = []
    while len(waits) < _CANCELS:
        parts.window.edit.do_go()
        until = time.perf_counter() + random.uniform(0, whole)
        while time.perf_counter() < until and parts.session.solving:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
        if not parts.session.solving:
            document.history.undo()  # it was faster than the hand
            continue
        pressed = time.perf_counter()
        parts.session.stop()
        while parts.session.solving:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        waits.append(time.perf_counter() - pressed)
        assert hashlib.blake2b(document.image).digest() == before, "a cancelled fill left a trace"
    return waits


def row(method: str, name: str, seconds: list[float], goal: str) -> str:
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    worst = max(seconds) * 1000
    return f"| {method} | {name} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {worst:.1f} | {goal} |"


if __name__ == "__main__":
    main()
