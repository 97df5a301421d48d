"""Clips in and out: opening, jumping, playing, small frames and saving, at 1080p

A thousand frames of 1080p are 6.2 GB as RGB: none of this may hold them. Floor of everything that
reads is FFmpeg's bare decoder, of which the table tells the rate; an exact conversion of one frame
to RGB costs about 8 ms of one core here, a small one 0.7 ms.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil

from editor.engine.clip import Frame
from editor.engine.image import Size
from editor.files.clips.film import Film, open_clip, open_clip_safely
from editor.files.clips.options import ClipOptions
from editor.files.clips.player import Player
from editor.files.clips.save import write_clip

_FRAMES, _RATE = 1000, Fraction(30)
_SIZE, _SMALL = Size(1920, 1080), Size(320, 240)
_RUNS = 5
_SAVED = 60  # frames


class Waves:
    """Frames that are made when they are asked for: grain that drifts over moving light."""

    def __init__(self, count: int, size: Size = _SIZE) -> None:
        self._count, self._size = count, size
        rng = np.random.default_rng(4)
        wide = (size.height + 64, size.width + 64, 3)
        self._grain = rng.normal(0, 6, wide).astype(np.int8)
        y, x = np.mgrid[: size.height + 64, : size.width + 64].astype(np.float32)
        light = np.stack([np.sin(x / a) * np.cos(y / b) for a, b in ((97, 61), (53, 83), (31, 47))])
        self._light = (128 + 80 * np.moveaxis(light, 0, 2)).astype(np.uint8)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Frame:
        width, height = self._size
        at, other = number % 64, (7 * number) % 64
        light = self._light[at : at + height, other : other + width]
        return light + self._grain[other : other + height, at : at + width].view(np.uint8)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = made(folder / "thousand.mp4")
        print(f"{_FRAMES} frames of {_SIZE}, H.264, {path.stat().st_size / 1e6:.0f} MB\n")
        print("| reading | median | goal |\n|---|---|---|")
        with open_clip(path) as film:
            opening(path)
            jumping(film)
            decoding(path, film)
            small(film)
            playing(film)
        saving(folder)


def made(path: Path) -> Path:
    """A key frame every 250 at most, B-frames: what x264 makes by itself."""
    waves = Waves(_FRAMES)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=_RATE, options={"preset": "veryfast", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        for number in range(_FRAMES):
            frame = av.VideoFrame.from_ndarray(waves[number], "rgb24")
            frame.pts, frame.time_base = number, 1 / _RATE
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def seconds(call: Callable[[], object], runs: int = _RUNS) -> float:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def row(what: str, value: str, goal: str = "") -> None:
    print(f"| {what} | {value} | {goal} |", flush=True)


def opening(path: Path) -> None:
    row("open and index", f"{1e3 * seconds(lambda: open_clip(path).close()):.0f} ms")
    apart = seconds(lambda: open_clip_safely(path).close())
    row("the same in a process of its own", f"{1e3 * apart:.0f} ms")


def jumping(film: Film) -> None:
    rng = np.random.default_rng(0)
    taken = []
    for number in rng.integers(0, _FRAMES, 60).tolist():
        began = time.perf_counter()
        film.frame(number)
        taken.append(1e3 * (time.perf_counter() - began))
    p50, p95 = np.percentile(taken, (50, 95))
    row("a frame at random", f"{p50:.0f} ms, p95 {p95:.0f} ms")


def decoding(path: Path, film: Film) -> None:
    def bare(kind: str) -> None:
        with av.open(str(path)) as container:
            container.streams.video[0].thread_type = kind
            for _, frame in zip(range(300), container.decode(video=0), strict=False):
                assert frame.width

    def ours() -> None:
        for number in range(300):
            film.frame(number)

    row("FFmpeg's bare decoder, one thread", f"{300 / seconds(lambda: bare('NONE'), 3):.0f} fps")
    row("FFmpeg's bare decoder, two threads", f"{300 / seconds(lambda: bare('AUTO'), 3):.0f} fps")
    row("every frame in full size", f"{300 / seconds(ours, 3):.0f} fps", "60 fps")


def small(film: Film) -> None:
    def run() -> None:
        assert sum(len(block) for block in film.small(_SMALL)) == _FRAMES

    row(f"{_FRAMES} frames at {_SMALL}", f"{seconds(run, 3):.1f} s")


def playing(film: Film) -> None:
    """A minute's worth of frames as fast as they come, forwards, backwards and with jumps."""
    process = psutil.Process()
    before, peak, held = process.memory_info().rss, 0, 0
    jumps = [number for first in (0, 700, 300, 900) for number in range(first, first + 60)]
    orders = {"forwards": [*range(_FRAMES)], "backwards": [*range(399, -1, -1)], "jumps": jumps}
    with Player(film, 256 << 20) as player:
        for name, order in orders.items():
            began = time.perf_counter()
            for place, number in enumerate(order):
                player.wait(number, tuple(order[place + 1 : place + 30]))
                peak, held = max(peak, process.memory_info().rss), max(held, player.held)
            rate = len(order) / (time.perf_counter() - began)
            row(f"playing {name}, read ahead by 30", f"{rate:.0f} fps", "60 fps")
    row("frames held while playing", f"{held / 2**20:.0f} MiB", "256 MiB")
    row("memory beyond that", f"{(peak - before - held) / 2**20:.0f} MiB")


@contextlib.contextmanager
def heartbeat() -> Iterator[list[float]]:
    """Milliseconds between beats of another thread: how long the interpreter was held."""
    gaps: list[float] = []
    stop = threading.Event()

    def beat() -> None:
        before = time.perf_counter()
        while not stop.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            gaps.append(1e3 * (now - before))
            before = now

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield gaps
    finally:
        stop.set()
        thread.join()


def saving(folder: Path) -> None:
    print(f"\n| saving {_SAVED} frames | fps | step p95 | step max | heartbeat p99 | max | "
          "cancel max | MB |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    for name, size in (
        ("a.mp4", _SIZE), ("a.webm", _SIZE), ("folder", _SIZE),
        ("a.gif", Size(640, 360)), ("a.apng", Size(640, 360)), ("a.webp", Size(640, 360)),
    ):  # fmt: skip
        take, path = Waves(_SAVED, size), folder / name
        sound = np.zeros((96_000, 2), np.float32)
        gaps, cancels = [], []
        with heartbeat() as beats:
            began = before = time.perf_counter()
            for _ in write_clip(path, take, _RATE, ClipOptions(), sound=sound, overwrite=True):
                now = time.perf_counter()
                gaps.append(1e3 * (now - before))
                before = now
            taken = before - began
        for after in (3, _SAVED // 2, _SAVED - 2):
            steps = write_clip(path, take, _RATE, sound=sound, overwrite=True)
            for _ in range(after):
                next(steps)
            began = time.perf_counter()
            steps.close()  # type: ignore[attr-defined]
            cancels.append(1e3 * (time.perf_counter() - began))
        files = [path] if path.is_file() else [*path.iterdir()]
        total = sum(os.path.getsize(one) for one in files) / 1e6
        print(
            f"| {name} {size} | {_SAVED / taken:.1f} | {np.percentile(gaps, 95):.0f} ms"
            f" | {max(gaps):.0f} ms | {np.percentile(beats, 99):.1f} ms | {max(beats):.0f} ms"
            f" | {max(cancels):.0f} ms | {total:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
