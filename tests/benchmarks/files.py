"""Pictures in and out: what each kind keeps, how long it takes, and what survives a kill

Goals: a 900-megapixel bomb is refused ≤ 0.2 s; a throw-away process costs ≤ 0.5 s; 150 kills while
saving and a full disk leave 0 corrupt files. Floor: 24 megapixels RGB are 72 MB, 0.1 s of a disk
that takes 700 MB/s.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from editor.engine.image import Meta, Picture
from editor.files.kinds import GIF, Kind
from editor.files.problems import FileProblem
from editor.files.read import read_picture, read_picture_safely, read_preview
from editor.files.write import SaveOptions, write_picture
from tests.files.samples import CHANNELS, DEPTHS, FULL, WRITTEN, XMP, psnr, tags, trip
from tests.files.test_atomic import FULL_DISK, storm
from tests.files.test_hostile_pictures import bomb

_NAIVE = """
import sys
print("go", flush=True)
turn = 0
while True:
    turn = (turn + 1) % 251
    with open(sys.argv[1], "wb") as file:
        file.write(bytes([turn]) * int(sys.argv[2]))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept(folder)
        speed(folder)
        refusal(folder)
        kills(folder)
        full_disk(folder)


def kept(folder: Path) -> None:
    """The table of formats, of which the tests assert every cell."""
    print(f"| kind | {' | '.join(DEPTHS)} | alpha | ICC | EXIF | XMP | resolution |")
    print("|---|" + "---|" * (len(DEPTHS) + 5))
    for kind in WRITTEN:
        cells = [pixels_kept(folder, kind, depth) for depth in DEPTHS]
        made = trip(folder, kind, kind.depths[0], 3)
        meta = made.photo.meta
        profile = meta.icc == made.meta.icc and bool(meta.icc)
        cells.append("yes" if kind.alpha else "on white")
        cells += ["yes" if profile else "to sRGB" if not kind.linear else "linear sRGB"]
        cells += ["yes" if done else "no" for done in (tags(meta.exif) == FULL, meta.xmp == XMP)]
        cells.append("yes" if kind.dpi else "in EXIF" if kind.exif else "no")
        print(f"| {kind.name} | {' | '.join(cells)} |")
    print()


def pixels_kept(folder: Path, kind: Kind, depth: str) -> str:
    """Exact, or how near, over grey, RGB and RGBA; or the depth that it becomes."""
    worst = math.inf
    for channels in CHANNELS.values():
        if channels == 4 and (not kind.alpha or kind is GIF):  # GIF's colours are gone there
            continue
        made = trip(folder, kind, depth, channels, profile=kind.icc)
        after = made.photo.pixels
        if after.dtype.name != depth:
            return f"→ {after.dtype.name}"
        if after.ndim == 3 and made.before.ndim == 2:
            after = after[..., 0]
        worst = min(worst, psnr(after, made.before))
    return (
        "exact"
        if worst == math.inf
        else "exact, RGBA ± 1 bit"
        if worst > 120
        else f"{worst:.0f} dB"
    )


def speed(folder: Path) -> None:
    pixels = photograph()
    print("| 24 MP RGB8 | write ms | read ms | in a process of its own ms | preview ms | MB |")
    print("|---|---|---|---|---|---|")
    for kind, options in (
        *((kind, SaveOptions()) for kind in WRITTEN),
        *((kind, SaveOptions(lossless=True)) for kind in WRITTEN if kind.name == "JPEG XL"),
    ):
        times = speeds(folder / f"large{kind.suffix}", pixels, options)
        size = times.pop()
        name = f"{kind.name}{', lossless' if options.lossless else ''}"
        print(f"| {name} | {' | '.join(f'{one:.0f}' for one in times)} | {size:.0f} |", flush=True)
    print()


def speeds(path: Path, pixels: Picture, options: SaveOptions) -> list[float]:
    """Milliseconds to write, read, read apart and preview a file; its megabytes."""
    times = [
        timed(lambda: write_picture(path, pixels, Meta(), options, overwrite=True), 1),
        timed(lambda: read_picture(path), 2),
        timed(lambda: read_picture_safely(path), 2),
        timed(lambda: read_preview(path, 256), 1),
    ]
    size = path.stat().st_size / 1e6
    path.unlink()
    return [*times, size]


def photograph() -> Picture:
    """Clouds with a little grain: as hard to pack as a photograph."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:4000, :6000].astype(np.float32)
    clouds = np.stack(
        [np.sin(x / a) * np.cos(y / b) for a, b in ((611, 407), (307, 911), (97, 83))]
    )
    grain = rng.normal(0, 2, (4000, 6000, 3)).astype(np.float32)
    return np.clip(128 + 90 * np.moveaxis(clouds, 0, 2) + grain, 0, 255).astype(np.uint8)


def timed(call: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def refusal(folder: Path) -> None:
    path = bomb(folder / "bomb.png")
    small = folder / "small.png"
    write_picture(small, np.zeros((8, 8, 3), np.uint8), Meta(), overwrite=True)

    def refused(read: Callable[[Path], object]) -> None:
        try:
            read(path)
        except FileProblem:
            return
        raise AssertionError("the bomb was read")

    print("| | median ms | goal |\n|---|---|---|")
    print(f"| a bomb refused, here | {timed(lambda: refused(read_picture), 9):.1f} | ≤ 200 |")
    there = timed(lambda: refused(read_picture_safely), 9)
    print(f"| a bomb refused, in a process of its own | {there:.0f} | ≤ 200 |")
    cost = timed(lambda: read_picture_safely(small), 9)
    print(f"| a picture of 8 × 8 in a process of its own | {cost:.0f} | ≤ 500 |\n")


def kills(folder: Path) -> None:
    print("| kill -9 while saving 8 MB | kills | corrupt | goal |\n|---|---|---|---|")
    corrupt, _ = storm(folder / "atomic.bin", 150, 11, 8_000_000)
    print(f"| ours | 150 | {corrupt} | 0 |")
    corrupt, _ = storm(folder / "naive.bin", 40, 12, 8_000_000, _NAIVE)
    print(f"| open and write | 40 | {corrupt} | |\n")


def full_disk(folder: Path) -> None:
    target = folder / "photo.png"
    target.write_bytes(b"old" * 1000)
    said = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(target)], capture_output=True, text=True, check=True
    ).stdout.strip()
    intact = target.read_bytes() == b"old" * 1000
    leavings = [name for name in os.listdir(folder) if name.startswith(".photo")]
    print(f"No room (RLIMIT_FSIZE): old file {'intact' if intact else 'LOST'},")
    print(f"{len(leavings)} temporary files left; said “{said}”.")


if __name__ == "__main__":
    main()
