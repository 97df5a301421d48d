"""Fill by patches: seconds, first sight, moments without a Step, and memory, 1 to 24 megapixels

Floor for 24 megapixels with 2 %: the window around the hole is some 2.5 megapixels, of which each
level's search measures its 0.6 million patches about twenty times at 25 ns (0.3 s on two threads)
and the votes read 49 pixels for each of half a million (0.1 s); masks and window are read once.
Prediction: 0.6 to 1.2 s. Goals: 1 MP with 10 % in 0.35 s, 12 MP with 5 % and 24 MP with 2 % in
1.5 s, first sight in 0.3 s, Esc heard within 50 ms, and no more memory than four times the picture.
"""

from __future__ import annotations

import time
import tracemalloc
from statistics import median

import numpy as np

from editor.engine import fill
from editor.engine.cv import cv2
from editor.engine.device import Device
from editor.engine.image import Rect
from editor.engine.step import last
from editor.operations import Heal, Scene
from editor.operations.base import MaskPatch

_RUNS = 5
_PICTURES = ((1000, 1000, 0.10), (3000, 4000, 0.05), (4000, 6000, 0.02))


def picture(height: int, width: int) -> np.ndarray:
    """Objects of many sizes with fine texture, some of it stretched: neither noise nor a ramp."""
    rng = np.random.default_rng(1)
    small = rng.random((height // 40 + 2, width // 40 + 2, 3), np.float32)
    wide = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    tile = rng.normal(0, 22, (512, 512, 1)).astype(np.float32)
    tile = cv2.GaussianBlur(tile, (0, 0), 1.2)[..., None] * 2.2
    tiles = np.tile(tile, (-(-height // 512), -(-width // 512), 1))[:height, :width]
    return np.clip(60 + 130 * wide + tiles, 0, 255).astype(np.uint8)


def hole(height: int, width: int, share: float) -> np.ndarray:
    """One ellipse: the worst case, for a thin hole is filled in fewer levels."""
    mask = np.zeros((height, width), np.uint8)
    across = (share * height * width * 1.6 / np.pi) ** 0.5
    axes = (round(across), round(across / 1.6))
    cv2.ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 255, -1)
    return mask


def run(image: np.ndarray, mask: np.ndarray, threads: int) -> tuple[float, float, list[float]]:
    began = before = time.perf_counter()
    first, gaps = 0.0, []
    for step in fill.fill(image, mask, straight=True, threads=threads):
        now = time.perf_counter()
        gaps.append(now - before)
        before = now
        if step.value is not None and not first:
            first = now - began
    return time.perf_counter() - began, first, gaps


def main() -> None:
    fill.warm_up()
    print("| picture | hole | 1 thread | 2 threads | first sight | longest gap | memory |")
    print("|---|---|---|---|---|---|---|")
    for height, width, share in _PICTURES:
        image, mask = picture(height, width), hole(height, width, share)
        one = median(run(image, mask, 1)[0] for _ in range(3))
        runs = [run(image, mask, 2) for _ in range(_RUNS)]
        tracemalloc.start()
        last(fill.fill(image, mask, straight=True, threads=2))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gaps = [max(gaps) for _, _, gaps in runs]
        print(
            f"| {height * width / 1e6:.0f} MP | {100 * share:.0f} % | {one:.2f} s "
            f"| {median(r[0] for r in runs):.2f} s | {median(r[1] for r in runs):.2f} s "
            f"| {1000 * median(gaps):.0f} ms | {(image.nbytes + peak) / image.nbytes:.1f} × |",
            flush=True,
        )
    print(f"\nheal brush, a dab of 40 px on 24 MP: {1000 * heal(image):.0f} ms")


def heal(image: np.ndarray) -> float:
    y, x = np.mgrid[-20:20, -20:20] + 0.5
    stroke = MaskPatch(Rect(3000, 1000, 40, 40), np.where(np.hypot(y, x) < 20, 255, 0).astype("u1"))
    times = []
    for _ in range(20):
        began = time.perf_counter()
        last(Heal(stroke=stroke).steps(Scene(image), Device.named("cpu", 2)))
        times.append(time.perf_counter() - began)
    return median(times)


if __name__ == "__main__":
    main()
