"""The stage of Loop mode: playing 1080p with cross-fades, settings that change, large matrices

Floor of a picture: two frames scaled (1.5 ms each to 1500 × 844), mixed (0.5 ms) and put into the
order of the screen (0.5 ms), all beside the window; in it only the copy to the screen, 1 ms. Floor
of a changed setting at 1000 frames: one pass over 4 MB of costs, 2 ms, and 160 arcs as lines.
Goals: no picture late, p99 of a paint at most 16.7 ms, a changed setting at most 16 ms.

Found on two cores that nobody else used: 1800 of 1800 pictures of the loop in a minute, and 360 of
360 in twelve seconds with regions, a paint's p99 0.9 ms, a changed setting 11 to 13 ms, 10,000
frames after 0.23 s with a wheel that takes 0.7 ms. Arcs by Qt's painter had taken 60 ms; averages
over parts of pixels 20 ms a frame. Endless play of a clip with one key frame must decode all before
the frame a jump leads to: 353 to 360 of 360.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import av
import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from editor.app import application, means_of_loops
from editor.engine.clip import Clip
from editor.engine.frame_distances import Distances, Light
from editor.engine.kernels.random import bits
from editor.engine.step import last
from editor.engine.video_blend import Mix, loop_mixes
from editor.engine.video_play import PlayState, player
from editor.engine.video_texture import Settings, texture
from editor.files.clips.film import Film, open_clip
from editor.files.clips.player import Player
from editor.ui import theme
from editor.ui.loop import stage as stages
from editor.ui.loop.cells import Cells
from editor.ui.loop.painted import PaintedScreen
from editor.ui.loop.plan import Cloth, Strand
from editor.ui.loop.stage import LoopStage
from tests.benchmarks.clip import Waves
from tests.benchmarks.responsive import Heart

_FRAMES, _RATE = 200, 30
_SECONDS = float(os.environ.get("PATINA_BENCH_SECONDS", "15"))  # of each way of playing


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PATINA_HOME"] = folder
        app = application()
        theme.apply(app, theme.DARK)
        path = Path(folder) / "clip.mp4"
        write(path)
        with open_clip(path) as film, Player(film) as cache:
            stages.PaintedScreen = Timed  # type: ignore[misc]
            stage = LoopStage(means_of_loops())
            stage.resize(1600, 1000)
            stage.show()
            stage.show_clip(film, cache)
            print("| playing 1080p at 30 a second | pictures | late | paint p50 | p99 | max "
                  "| gaps of an 8-ms beat p99 |\n|---|---|---|---|---|---|---|")  # fmt: skip
            stage.set_fade(20)
            stage.play_jump((84, 60))
            playing(app, stage, "a loop of 25 frames, 20 of them in its fade")
            stage.show_cloth(regions(film.clip))
            playing(app, stage, "the same, a part with a loop of its own and a still one")
            stage.show_cloth(None)
            stage.set_fade(6)
            stage.show_analysis(*analysed(film.clip.count)[:2], [], Restless())
            stage.play_manner("endless")
            playing(app, stage, "endless, a jump about every third second")
            print("\n| in the window | median | max | goal |\n|---|---|---|---|")
            settings(app, stage, film)
            stage.end()
        large(app)


def regions(clip: Clip) -> Cloth:
    """Half of the frame plays what all play, a quarter its own loop, and the rest is still."""
    labels = np.zeros((clip.size.height, clip.size.width), np.uint8)
    labels[:, clip.size.width // 2 :] = 1
    labels[clip.size.height // 2 :, : clip.size.width // 2] = 2
    own = loop_mixes(range(100, 118), clip.count, 12)
    return Cloth(labels, (Strand(0, [Mix(70, 70)]), Strand(1), Strand(2, own, phase=5)))


def write(path: Path) -> None:
    """A key frame every 250 at most: to reach a frame, all before it are decoded."""
    waves = Waves(_FRAMES)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=_RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for number in range(_FRAMES):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(waves[number], "rgb24")))
        out.mux(stream.encode())


class Timed(PaintedScreen):
    """Writes down how long each of its paints takes."""

    paints: ClassVar[list[float]] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        super().paintEvent(event)
        self.paints.append(time.perf_counter() - began)


class Restless:
    """A player that jumps about every ninetieth frame, anywhere."""

    count = _FRAMES

    def next_frame(self, state: PlayState) -> PlayState:
        drawn = int(bits(1, state.step)) >> 11
        jumps = drawn % 90 == 0 or state.frame == _FRAMES - 1
        return PlayState(drawn // 90 % _FRAMES if jumps else state.frame + 1, state.step + 1)


def playing(app: QApplication, stage: LoopStage, name: str) -> None:
    assert stage.playing is not None
    turn(app, 2.0)
    paints = Timed.paints
    paints.clear()
    shown: list[int] = []
    stage.frame_shown.connect(shown.append)
    late, heart = stage.playing.late, Heart()
    turn(app, _SECONDS)
    late = stage.playing.late - late
    stage.frame_shown.disconnect(shown.append)
    p50, p99 = (1000 * float(np.quantile(paints, q)) for q in (0.5, 0.99))
    beat = 1000 * float(np.quantile(heart.gaps, 0.99))
    heart.deleteLater()
    print(
        f"| {name} | {len(shown)} of {_SECONDS * _RATE:.0f} | {late} | {p50:.1f} ms "
        f"| {p99:.1f} ms | {1000 * max(paints):.1f} ms | {beat:.1f} ms |"
    )


def turn(app: QApplication, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def analysed(count: int, sigma: float = 0.05) -> tuple[Distances, Any, Any]:
    """Frames that wander about a ring: they come back, never quite."""
    rng = np.random.default_rng(3)
    angle = np.arange(count) / 30 + rng.normal(0, 0.05, count).cumsum()
    points = np.stack([np.cos(angle), np.sin(angle), rng.normal(0, 0.1, count)], 1)
    D = 30 * np.linalg.norm(points[:, None] - points, axis=2).astype(np.float32)
    known = Distances(D, Light(np.zeros((count, 1)), np.zeros(count)))
    made = last(texture(D, Settings(sigma=sigma)))
    return known, made, player(made)


def settings(app: QApplication, stage: LoopStage, film: Film) -> None:
    """What the window does when σ is dragged, the engine's own work not counted."""
    count = 1000
    clip = replace(film.clip, times=np.arange(count + 1) / _RATE)
    stage.show_clip(Still(clip, film), None)  # type: ignore[arg-type]
    turn(app, 1.0)
    known, first, play = analysed(count)
    textures = [
        last(texture(known.D, Settings(sigma=sigma), before=first))
        for sigma in (0.02, 0.05, 0.1, 0.3, 1.0)
    ]
    for kind in ("distance", "future", "probability"):
        stage.side.matrix_page.kind.set_value(kind)
        stage.side.matrix_page.show_cells(None)
        times = []
        for made in 3 * textures:
            began = time.perf_counter()
            stage.show_analysis(known, made, [], play)
            stage.timeline.repaint()
            stage.side.matrix_page.repaint()
            times.append(time.perf_counter() - began)
            turn(app, 0.05)
        row(f"a changed σ at 1000 frames, {kind} shown", times, "16 ms")


class Still:
    """A clip as long as one likes that shows a frame of another."""

    def __init__(self, clip: Any, film: Film) -> None:
        self.clip, self._film = clip, film

    def frame(self, number: int) -> Any:
        return self._film.frame(0)


def large(app: QApplication) -> None:
    """The distances of 10,000 frames, 200 MB: to see all of them, and to move in them."""
    from editor.ui.loop.matrix import Matrix

    count = 10_000
    D = np.tile(analysed(1000)[0].D.astype(np.float16), (10, 10))
    cells = Cells(Distances(D, Light(np.zeros((count, 1)), np.zeros(count))))
    view = Matrix()
    view.resize(700, 700)
    view.show()
    began = time.perf_counter()
    view.show_cells(cells)
    shown = time.perf_counter() - began
    while view._image.image is None:
        turn(app, 0.005)
    whole = time.perf_counter() - began
    row("10,000 frames: to ask for all of it", [shown], "16 ms")
    row("… until it is there", [whole], "")

    def zoom() -> None:
        at = QPointF(300, 300)
        event = QWheelEvent(
            at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
        view._draw()
        view.repaint()

    row("… one turn of the wheel", [timed(zoom, app) for _ in range(60)], "16 ms")
    view.close_errands()
    view.close()


def timed(act: Callable[[], None], app: QApplication) -> float:
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    turn(app, 0.02)
    return took


def row(name: str, times: list[float], goal: str) -> None:
    median, most = 1000 * statistics.median(times), 1000 * max(times)
    print(f"| {name} | {median:.1f} ms | {most:.1f} ms | {goal} |")
