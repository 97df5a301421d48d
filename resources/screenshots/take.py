"""Takes the README's pictures of the window.

PYTHONPATH=. .venv/bin/python resources/screenshots/take.py
"""

from __future__ import annotations

import os
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from editor.app import Parts, application
from editor.engine.cv import cv2
from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.operations import Loop
from editor.ui import theme
from editor.ui.gallery import Sample, samples

HERE = Path(__file__).parent
SIZE = 1600, 1000
_PLAYS = 2.0  # seconds before the picture of Loop mode is taken


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sample = {one.picture.stem: one for one in samples()}
    with tempfile.TemporaryDirectory() as home:
        os.environ["PATINA_HOME"] = home
        app = application()
        parts = Parts(app, theme_name="dark")
        parts.window.resize(*SIZE)
        parts.window.show()
        open_sample(app, parts, sample["lawn"])
        take(parts, "painted.jpg")
        theme.apply(app, theme.LIGHT)
        open_sample(app, parts, sample["wires"])
        parts.window.edit.do_go()
        rest(app, parts)
        parts.window.actions_["split"].setChecked(True)
        parts.window.view.do_split()
        rest(app, parts)
        take(parts, "filled.jpg")
        theme.apply(app, theme.DARK)
        parts.filing.open(pendulum(Path(home) / "pendulum.mp4"))
        rest(app, parts)
        parts.window.edit.do_go()
        rest(app, parts)
        stage = parts.window.doing.stage()
        finding = parts.session.current.finding(Loop)
        stage.play_loop(finding.value.loops[0])
        until = time.monotonic() + _PLAYS
        while time.monotonic() < until:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        take(parts, "loop.jpg")
        parts.end()


def pendulum(path: Path) -> Path:
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
    last(write_clip(path, frames, Fraction(30), ClipOptions(95), overwrite=True))
    return path


def open_sample(app: QApplication, parts: Parts, sample: Sample) -> None:
    parts.window.files.open_sample(sample)
    rest(app, parts)


def rest(app: QApplication, parts: Parts) -> None:
    while not (parts.session.idle and parts.window.canvas.settled):
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    app.processEvents()


def take(parts: Parts, name: str) -> None:
    parts.window.grab().save(str(HERE / name), quality=92)


if __name__ == "__main__":
    main()
