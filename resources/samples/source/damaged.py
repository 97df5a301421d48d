"""Parts of the other samples, spoiled in four ways, each with the truth beside it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from darkroom import keep_mask
from PIL import Image, ImageDraw

SIZE = (384, 256)
NOISE = 25  # of 255: its standard deviation
CRUSHED = 10  # JPEG quality
SMALLER = 4
SCRATCHES = 34


def make(folder: Path, width: int = 0, samples: int = 0) -> None:
    """Write all of them into folder/restore; they have one size, whatever is asked for."""
    out = folder / "restore"
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(25)
    truths = {
        "noisy": part("wires", (820, 480, 1600, 1000)),
        "crushed": part("balloons", (330, 400, 960, 820)),
        "small": part("balloons", (790, 300, 1180, 560)),
        "scratched": part("wires", (60, 40, 960, 640)),
    }
    for name, truth in truths.items():
        truth.save(out / f"{name}_truth.png", optimize=True)
    noisy(truths["noisy"], rng).save(out / "noisy.png", optimize=True)
    (out / "crushed.jpg").write_bytes(crushed(truths["crushed"]))
    smaller = (SIZE[0] // SMALLER, SIZE[1] // SMALLER)
    truths["small"].resize(smaller, Image.Resampling.BOX).save(out / "small.png", optimize=True)
    picture, mask = scratched(truths["scratched"], rng)
    picture.save(out / "scratched.png", optimize=True)
    keep_mask(mask, out / "scratched_mask.png")


def part(name: str, box: tuple[int, int, int, int]) -> Image.Image:
    whole = Image.open(Path(__file__).parents[1] / f"{name}.jpg").convert("RGB")
    return whole.resize(SIZE, Image.Resampling.LANCZOS, box=box)


def noisy(truth: Image.Image, rng: np.random.Generator) -> Image.Image:
    pixels = np.asarray(truth) + rng.normal(0, NOISE, (SIZE[1], SIZE[0], 3))
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))


def crushed(truth: Image.Image) -> bytes:
    file = BytesIO()
    truth.save(file, "JPEG", quality=CRUSHED)
    return file.getvalue()


def scratched(truth: Image.Image, rng: np.random.Generator) -> tuple[Image.Image, Image.Image]:
    """Scratches that wander, as a nail would leave them, and the mask of all of them."""
    mask = Image.new("L", SIZE)
    pencil = ImageDraw.Draw(mask)
    for _ in range(SCRATCHES):
        length, heading = rng.uniform(40, 190), rng.uniform(0, np.pi)
        turn = heading + np.cumsum(rng.normal(0, 0.045, 60))
        path = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], 1) * length / 60, axis=0)
        path += rng.uniform((0, 0), SIZE) - path[30]
        pencil.line(path.ravel().tolist(), fill=255, width=int(rng.integers(2, 5)), joint="curve")
    bare = np.array([240, 234, 220]) + rng.normal(0, 5, (SIZE[1], SIZE[0], 1))
    gone = np.asarray(mask)[..., None] > 0
    pixels = np.where(gone, np.clip(bare, 0, 255), np.asarray(truth)).astype(np.uint8)
    return Image.fromarray(pixels), mask
