"""Makes the examples of Analogy mode out of the other samples: A, A′ and B for each purpose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from engraving import engraved
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIZE = (384, 256)
LARGE = (512, 384)  # for lines that are finer than those of a pen
EXACT = "numbers-A", "numbers-B", "texture-A", "texture-B", "engraved-Ap"  # JPEG would smear them
STROKES = 5200
LABELS = {"sky": (70, 130, 230), "cloud": (240, 240, 240), "tree": (30, 120, 40),
          "roof": (200, 70, 40)}  # fmt: skip


def make(folder: Path, width: int = 0, samples: int = 0) -> None:
    """Write all of them into folder/analogies; they have one size, whatever is asked for."""
    out = folder / "analogies"
    out.mkdir(parents=True, exist_ok=True)
    here = Path(__file__).parents[1]
    lawn, wires, still, quay, balloons = (
        Image.open(here / f"{name}.jpg").convert("RGB")
        for name in ("lawn", "wires", "print", "quay", "balloons")
    )
    roof = part(wires, (800, 467, 1600, 1000))
    jug = part(still, (240, 160, 1290, 860))
    ball = part(lawn, (640, 350, 1540, 950))
    grass = part(lawn, (150, 560, 534, 816))
    left, right = (part(wires, (x, 500, x + 850, 1067)) for x in (20, 740))
    house = part(wires, (60, 560, 820, 1067))
    boats = part(quay, (760, 230, 1360, 630))
    sky = part(wires, (700, 300, 1600, 975), LARGE)
    triples = {
        "filter": (roof, embossed(roof), jug),
        "blurred": (roof, blurred(roof), boats),
        "engraved": (sky, engraved(sky), part(balloons, (330, 40, 1290, 760), LARGE)),
        "artistic": (ball, painted(ball), roof),
        "line": (jug, inked(jug), roof),
        "colour": (grey(left), left, grey(right)),
        "numbers": (labels(house), house, landscape()),
        "superres": (enlarged(ball), ball, enlarged(part(lawn, (40, 380, 940, 980)))),
        "transfer": (grey(grass.filter(ImageFilter.GaussianBlur(3))), grass, jug),
        "texture": (Image.new("RGB", (192, 192), (128, 128, 128)), tiles(wires),
                    Image.new("RGB", SIZE, (128, 128, 128))),
    }  # fmt: skip
    for name, pictures in triples.items():
        for member, picture in zip(("A", "Ap", "B"), pictures, strict=True):
            if f"{name}-{member}" in EXACT:
                picture.save(out / f"{name}-{member}.png", optimize=True)
            else:
                picture.save(out / f"{name}-{member}.jpg", quality=90)
    blurred(boats).save(out / "blurred-truth.png", optimize=True)


def part(
    picture: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int] = SIZE
) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS, box=box)


def tiles(wires: Image.Image) -> Image.Image:
    return wires.resize((192, 192), Image.Resampling.LANCZOS, box=(900, 840, 1120, 1060))


def grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


def enlarged(picture: Image.Image) -> Image.Image:
    """As it looks at a third of its size, blown up again."""
    small = picture.resize((SIZE[0] // 3, SIZE[1] // 3), Image.Resampling.BOX)
    return small.resize(SIZE, Image.Resampling.BICUBIC)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(2))


def embossed(picture: Image.Image) -> Image.Image:
    light = shades(picture)
    relief = np.roll(light, (1, 1), (0, 1)) - np.roll(light, (-1, -1), (0, 1))
    return Image.fromarray(np.clip(128 + relief, 0, 255).astype(np.uint8)).convert("RGB")


def inked(picture: Image.Image) -> Image.Image:
    """Dark lines where it is darker than around, hatching in the shadows, on warm paper."""
    narrow, wide = (shades(picture.filter(ImageFilter.GaussianBlur(r))) for r in (0.8, 2.4))
    lines = np.clip((wide - narrow) / 9, 0, 1)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    hatch = 0.5 + 0.5 * np.sin((x + y) * 2 * np.pi / 5)
    shadow = np.clip((70 - wide) / 50, 0, 1) * (hatch > 0.55)
    ink = np.maximum(lines, shadow)[..., None]
    paper, black = np.array([244, 238, 224]), np.array([38, 34, 40])
    return Image.fromarray((paper * (1 - ink) + black * ink).astype(np.uint8))


def painted(picture: Image.Image) -> Image.Image:
    """Strokes along the edges, large ones first, each of one colour with a lighter ridge."""
    rng = np.random.default_rng(7)
    light = shades(picture.filter(ImageFilter.GaussianBlur(3)))
    down, across = np.gradient(light)
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5))).astype(float)
    scale = 3
    canvas = picture.resize((SIZE[0] * scale, SIZE[1] * scale)).filter(ImageFilter.GaussianBlur(12))
    draw = ImageDraw.Draw(canvas)
    for number in range(STROKES):
        large = 1 - number / STROKES
        x, y = rng.integers(SIZE[0]), rng.integers(SIZE[1])
        angle = np.arctan2(across[y, x], -down[y, x]) + rng.normal(0, 0.25)
        if np.hypot(across[y, x], down[y, x]) < 1:
            angle = 0.5 + rng.normal(0, 0.3)
        colour = np.clip(pixels[y, x] * rng.normal(1, 0.07) + rng.normal(0, 7, 3), 0, 255)
        length, width = (6 + 9 * large) * scale, (1.6 + 2.6 * large) * scale
        way = np.array([np.cos(angle), np.sin(angle)])
        start, end = (np.array([x, y]) * scale + sign * way * length / 2 for sign in (-1, 1))
        side = np.array([-way[1], way[0]]) * width * 0.3
        for shift, shade, part_of in ((side, 0.86, 1.0), (-side, 1.12, 0.5), (0 * side, 1.0, 0.8)):
            tone = tuple(int(one) for one in np.clip(colour * shade, 0, 255))
            line = [tuple(start + shift), tuple(end + shift)]
            draw.line(line, fill=tone, width=round(width * part_of))
    return canvas.resize(SIZE, Image.Resampling.LANCZOS)


def labels(picture: Image.Image) -> Image.Image:
    """Sky, cloud, tree and roof by their colours, without specks."""
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(2))).astype(int)
    r, b, light = pixels[..., 0], pixels[..., 2], pixels.mean(axis=2)
    y = np.mgrid[: SIZE[1], : SIZE[0]][0]
    kind = np.where(b > r + 9, 0, 1)
    kind[(r > b + 25) & (y > 30)] = 3
    kind[(light < 75) & (y > 30) & (kind != 3)] = 2
    named = Image.fromarray(kind.astype(np.uint8))
    for _ in range(3):
        named = named.filter(ImageFilter.MedianFilter(11))
    return Image.fromarray(np.array(list(LABELS.values()), np.uint8)[np.asarray(named)])


def landscape() -> Image.Image:
    """Another one, painted with the same four colours."""
    picture = Image.new("RGB", SIZE, LABELS["sky"])
    draw = ImageDraw.Draw(picture)
    for x, y, r in ((70, 60, 34), (110, 48, 40), (150, 66, 28), (300, 90, 30), (335, 82, 24)):
        draw.ellipse((x - 1.5 * r, y - r, x + 1.5 * r, y + 0.8 * r), fill=LABELS["cloud"])
    draw.polygon([(0, 256), (0, 190), (60, 150), (190, 230), (200, 256)], fill=LABELS["roof"])
    draw.polygon([(190, 256), (290, 160), (384, 215), (384, 256)], fill=LABELS["roof"])
    for x, y, r in ((170, 225, 34), (205, 205, 26), (215, 235, 30)):
        draw.ellipse((x - r, y - r, x + r, y + r), fill=LABELS["tree"])
    return picture


def shades(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture.convert("L")).astype(float)


if __name__ == "__main__":
    make(Path(__file__).parents[1])
