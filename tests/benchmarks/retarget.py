"""Retarget and reshuffle: seconds and bidirectional distance against seams and scaling

Tables on made pictures of one megapixel with the statistics of photographs. The *distance* is the
bidirectional one of ``editor.engine.bidirectional``, in squared grey levels: lower sums the picture
up better.

Seams, floor: each of the 1000 seams of a megapixel is found in sums of half a million cells on
average, 5e8 cells at 0.4 ns: 0.2 s if all are done anew; moving what is right of a seam adds
3 × 250 numbers for each of 1e6 pixels at 0.08 ns: 0.06 s. Predicted with the sums done anew only
where they change: 0.15 to 0.3 s on one thread; measured 0.25 s. Moving took 0.65 ns a number, and
all of it 1.5 s, until its loop began at 0: only then it is compiled for 8 numbers at once. The goal
is 0.5 s.

Retarget to 75 % of the width, floor: 150 to 250 million distances, 0.8 to 1.3 s on two threads;
goal 1.5 s. Of the votes and the choice of the copies half the time went: what patches say is told
by one number, the lead, and where most agree nothing is sorted out. What remains of 1.5 s on one
thread: searches 0.7, votes 0.25, copies 0.3 s; on two, 1.1 s before the last of this.

Found once more, on a machine that had other work as well: a width looked up in 10 ms, where the
package seam-carving needs 1.2 s for 50 seams, 12 s for half of all of them, at the same energy to
0.2 %. Distances of scaling, seams and patches, in that order, to 75 % 151, 66, 45 and 174, 119, 79;
to 125 % 97, 38, 7 and 112, 77, 9.

Reshuffle, floor: a fill of what the piece leaves, 4 % of a megapixel, 40 to 60 ms, and to paste
40,000 pixels by their slopes 20 ms. The goal is something to be seen after 0.25 s; measured 0.03 s,
and 0.14 s for all of it, on either number of threads.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from editor.engine.bidirectional import bidirectional
from editor.engine.cv import cv2
from editor.engine.image import Point, Size
from editor.engine.moves import Move
from editor.engine.reshuffle import reshuffle, warm_up
from editor.engine.retarget import retarget
from editor.engine.seams import Seams, energies
from editor.engine.step import last
from tests.benchmarks.patchmatch import scene, to_bytes
from tests.engine.seams_reference import order_of

_RUNS = 5


def seconds(run: Callable[[], object], runs: int = _RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return median(times)


def first_picture(steps) -> float:
    """Seconds until there is something to look at."""
    began = time.perf_counter()
    next(step for step in steps if step.value is not None)
    return time.perf_counter() - began


def seams_table(image: np.ndarray) -> None:
    print("| seams | picture | seams found | time |")
    print("|---|---|---|---|")
    all_of_it = seconds(lambda: last(Seams.of(image)))
    print(f"| ours, one thread | 1000 × 1000 | 1000 | {all_of_it:.2f} s |")
    seams = last(Seams.of(image))
    look = seconds(lambda: seams.carved(image, 750))
    print(f"| … a width looked up | 1000 × 1000 | | {look * 1e3:.0f} ms |")
    small = cv2.resize(image, (60, 60), interpolation=cv2.INTER_AREA)
    none = np.zeros((60, 60), np.float32)
    plain = seconds(lambda: order_of(energies(small), none), 1)
    ours = seconds(lambda: last(Seams.of(small)))
    print(f"| plain loops | 60 × 60 | 60 | {plain:.2f} s |")
    print(f"| ours | 60 × 60 | 60 | {ours * 1e3:.1f} ms |", flush=True)
    package_rows(image)


def package_rows(image: np.ndarray) -> None:
    """The package seam-carving beside ours, at the same job, where it is installed."""
    try:
        package = importlib.import_module("seam_carving")
    except ImportError:
        return
    gone = 50
    theirs = seconds(lambda: package.resize(image, (1000 - gone, 1000), "forward"), 1)
    print(f"| package seam-carving | 1000 × 1000 | {gone} | {theirs:.2f} s |")
    print(f"| … all of them at that rate | 1000 × 1000 | 1000 | {theirs * 500 / gone:.0f} s |")


def retarget_table(images: dict[str, np.ndarray]) -> None:
    print("\n| picture | to | 1 thread | 2 threads | first | scaled | seams | ours |")
    print("|---|---|---|---|---|---|---|---|")
    for name, image in images.items():
        for size in (Size(750, 1000), Size(1250, 1000)):
            times = [
                seconds(lambda n=n, s=size, i=image: last(retarget(i, s, threads=n)), 3)
                for n in (1, 2)
            ]
            first = median(first_picture(retarget(image, size, threads=2)) for _ in range(3))
            results = (
                cv2.resize(image, size, interpolation=cv2.INTER_AREA),
                last(Seams.of(image)).carved(image, size.width),
                last(retarget(image, size, threads=2)).picture,
            )
            distances = [last(bidirectional(image, it, threads=2)).total for it in results]
            print(
                f"| {name} | {size} | {times[0]:.2f} s | {times[1]:.2f} s | {first:.2f} s | "
                + " | ".join(f"{it:.0f}" for it in distances)
                + " |",
                flush=True,
            )


def reshuffle_table(image: np.ndarray) -> None:
    mask = np.zeros(image.shape[:2], bool)
    mask[300:500, 200:400] = True
    print("\n| reshuffle, a piece of 200 × 200 | first, 1 thread | all | first, 2 threads | all |")
    print("|---|---|---|---|---|")
    for name, how in (
        ("moved", {}),
        ("turned and scaled", {"turn": 30, "scale": 1.5}),
        ("kept", {"keep": True}),
    ):
        moves = [Move.of(mask, Point(450, 100), **how)]
        times = []
        for threads in (1, 2):
            times.append(
                median(
                    first_picture(reshuffle(image, moves, threads=threads)) for _ in range(_RUNS)
                )
            )
            times.append(seconds(lambda n=threads, m=moves: last(reshuffle(image, m, threads=n))))
        print(f"| {name} | " + " | ".join(f"{time:.2f} s" for time in times) + " |", flush=True)


def main() -> None:
    small = to_bytes(scene(120, 120, 1))
    mask = np.zeros((120, 120), bool)
    mask[20:40, 20:40] = True
    last(retarget(small, Size(100, 120)))
    warm_up()
    last(bidirectional(small, small))
    images = {f"scene {seed}": to_bytes(scene(1000, 1000, seed)) for seed in (1, 2)}
    seams_table(images["scene 1"])
    retarget_table(images)
    reshuffle_table(images["scene 1"])


if __name__ == "__main__":
    main()
