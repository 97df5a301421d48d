"""Image analogies: seconds against plain numpy, learnt filters against the truth

*Speed.* A, A′ and B are clouds in 1/f. The exact method compares each pixel of B with all of A, 55
numbers each: 256² with 256² is 65 536² · 56 bytes = 2.4e11 products on the finest level and 7 %
more on the others; at 530e9 a second and core 0.25 s on two cores. Prediction: as much again for
the minima and for what only one thread does, 0.5 s. The reference is timed on a smaller picture
and scaled by the pixels of A times those of B, which is what its work grows by. Goals: 1.5 s exact
at 256², 1.5 s fast at 512², 4 s fast at one megapixel with four guides; the reference is to be 50
times slower. Floor of the fast method at a megapixel with 8 bytes a pixel: some 6 sweeps of 14
candidates at 8 ns, and 4 votes of 25 patches at 2 ns: 0.9 s on one core, 0.45 s on two.
Result on a machine with other work: exact 1.0 s and 0.7 s, 500 times the reference or more; the
512² of the fast method 0.5 s and 0.3 s, its megapixel 2.2 s and 1.5 s, previews included.

*A stroke of a label* on a B of 512²: what was there is kept, and 5000 pixels with what is around
them are made anew. Floor: the features and sums of A, which no stroke shares with the one before:
five levels, 0.35 million pixels of 8 bytes, 0.02 s; the patches themselves are a fiftieth of all.
Prediction: 0.1 s. Goal: 0.5 s. Result: 0.11 s on one thread.

*Quality.* A filter is learnt from the left half of a photograph and used on the right half; one
level, κ = 0. PSNR against the filter itself, beside B left as it is. Goal: 6 dB better where that
makes sense. It does not where noise is made stronger, as in sharpening: no patch of A has the same.
Result, exact and fast, beside B itself: blur 37.9 and 34.4 beside 26.5 dB, threshold 17.0 and 16.0
beside 10.0, invert 32.3 and 32.3 beside 6.2, hue shift 31.5 and 30.9 beside 16.2; sharpening 25.8
and 23.9 beside 27.4.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from skimage import data

from editor.engine import analogy_reference as reference
from editor.engine.analogy import Kept, Settings, analogy
from editor.engine.cv import cv2
from editor.engine.step import last
from tests.benchmarks.patchmatch import scene, to_bytes

_RUNS = 5
_PLAIN = 48  # side of what the reference is timed on


def seconds(run: Callable[[], object], runs: int = _RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return median(times)


def painted(picture: np.ndarray) -> np.ndarray:
    """Something like a painting: flat strokes and a canvas."""
    strokes = cv2.bilateralFilter(picture, 9, 60, 5)
    canvas = scene(*picture.shape[:2], 9)[..., :1] - 128
    return to_bytes(strokes + 0.3 * canvas)


def filters() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    def sharpened(picture: np.ndarray) -> np.ndarray:
        wide = picture.astype(np.float32)
        return to_bytes(2 * wide - cv2.GaussianBlur(wide, (0, 0), 1.5))

    def turned(picture: np.ndarray) -> np.ndarray:
        hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(int) + 60) % 180
        return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))

    return {
        "blur": lambda picture: cv2.GaussianBlur(picture, (0, 0), 1.5),
        "sharpen": sharpened,
        "threshold": lambda picture: np.where(
            picture.mean(axis=2, keepdims=True) > 127, np.uint8(255), np.uint8(0)
        ).repeat(3, axis=2),
        "invert": lambda picture: 255 - picture,
        "hue shift": turned,
    }


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    mistake = ((a.astype(float) - b) ** 2).mean()
    return float(10 * np.log10(255**2 / max(mistake, 1e-9)))


def main() -> None:
    print("| task | how | 1 thread | 2 threads | goal |")
    print("|---|---|---|---|---|")
    small = [to_bytes(scene(_PLAIN, _PLAIN, seed)) for seed in (1, 2)]
    triple = (small[0], painted(small[0]), small[1])
    last(analogy([triple[:2]], triple[2]))
    last(
        analogy([triple[:2]], triple[2], settings=Settings("fast", luminance=False, takes="pixels"))
    )
    plain = (
        seconds(lambda: reference.create_image_analogy([triple[:2]], triple[2], Settings()), 1)
        * (256 / _PLAIN) ** 4
    )
    print(f"| 256² luminance | plain numpy, scaled | {plain:.0f} s | | |")
    for side, settings, guides, goal in (
        (256, Settings(), 1, 1.5),
        (256, Settings(luminance=False, takes="pixels"), 1, None),
        (512, Settings("fast"), 1, 1.5),
        (512, Settings("fast", luminance=False, takes="pixels"), 1, 1.5),
        (1000, Settings("fast", luminance=False, takes="pixels"), 4, 4.0),
    ):
        A, B = (
            [to_bytes(scene(side, side, seed + 10 * n)) for n in range(guides)] for seed in (1, 2)
        )
        pair = (A, painted(A[0]))
        times = [
            seconds(
                lambda n=n, p=pair, b=B, s=settings: last(analogy([p], b, settings=s, threads=n))
            )
            for n in (1, 2)
        ]
        what = "luminance" if settings.luminance else "colour"
        what += f", {guides} guides" if guides > 1 else ""
        wanted = "" if goal is None else f"{goal} s"
        print(
            f"| {side}² {what} | {settings.method} | {times[0]:.2f} s | {times[1]:.2f} s "
            f"| {wanted} |",
            flush=True,
        )
    print("| 256² luminance | floor | 0.50 s | 0.25 s | |")
    stroke_row()
    filter_table()


def stroke_row() -> None:
    """One stroke over a map of labels, with a B′ that is there already."""
    shades, other = (scene(512, 512, seed)[..., 0] for seed in (1, 2))
    colours = np.array([(200, 60, 40), (70, 130, 230), (30, 120, 40)], np.uint8)
    A, B = (colours[np.digitize(one, (100, 150))] for one in (shades, other))
    pair = A, painted(to_bytes(scene(512, 512, 3)))
    how = Settings("fast", luminance=False, takes="pixels", remap=False, guidance=2.0)
    before = last(analogy([pair], B, settings=how, threads=2))
    now = cv2.line(B.copy(), (120, 300), (330, 250), colours[0].tolist(), 24)
    kept = Kept(before.source, (now != B).any(axis=2))
    times = [
        seconds(lambda n=n: last(analogy([pair], now, settings=how, threads=n, kept=kept)))
        for n in (1, 2)
    ]
    print(f"| 512² a stroke | fast | {times[0]:.2f} s | {times[1]:.2f} s | 0.5 s |", flush=True)


def filter_table() -> None:
    print("\n| filter learnt, 256² | B itself | exact | fast |")
    print("|---|---|---|---|")
    for name, filtered in filters().items():
        photo = data.astronaut() if name == "hue shift" else np.dstack([data.camera()] * 3)
        A, B = (np.ascontiguousarray(half) for half in np.split(photo[100:356], 2, axis=1))
        truth = filtered(B)
        row = [psnr(B, truth)]
        for method in ("exact", "fast"):
            colour = name == "hue shift"
            how = Settings(
                method,
                luminance=not colour,
                takes="pixels" if colour else "light",
                kappa=0,
                levels=1,
                remap=False,
                uniformity=0,
            )
            made = last(analogy([(A, filtered(A))], B, settings=how, threads=2))
            row.append(psnr(made.picture, truth))
        print(f"| {name} | " + " | ".join(f"{value:.1f} dB" for value in row) + " |", flush=True)


if __name__ == "__main__":
    main()
