"""From the camera to the file: lens, grain, masks, and what the file says about itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageDraw, ImageFilter

Picture = NDArray[np.float32]  # (height, width, 3), as displayed, 0..1
INKS = (38, 30, 24), (138, 120, 98), (228, 216, 192)  # of an old print: black, middle, paper

SRGB = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
SRGB[24:36] = bytes((7, 234, 0, 1, 0, 1)) + bytes(6)  # its date, so that runs do not differ


def soft(plane: NDArray[np.floating], radius: float) -> NDArray[np.float32]:
    """A Gaussian blur of one plane of numbers."""
    image = Image.fromarray(plane.astype(np.float32), "F")
    # Pillow's blur knows no floats: three box blurs come within 3 % of a Gaussian.
    values = np.asarray(image)
    box = max(1, round(radius * 1.0))
    for axis in (0, 1) * 3:
        pad = [(0, 0), (0, 0)]
        pad[axis] = (box + 1, box)
        summed = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
        ahead = np.take(summed, range(2 * box + 1, summed.shape[axis]), axis=axis)
        behind = np.take(summed, range(summed.shape[axis] - 2 * box - 1), axis=axis)
        values = ((ahead - behind) / (2 * box + 1)).astype(np.float32)
    return values


def lens(picture: Picture, vignette: float = 0.12, fringe: float = 0.0004, bloom: float = 0.04):
    """What glass does: darker corners, a trace of colour fringes, light that strays."""
    height, width, _ = picture.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    y, x = y - (height - 1) / 2, x - (width - 1) / 2
    result = picture.copy()
    for channel, scale in ((0, 1 + fringe), (2, 1 - fringe)):
        result[..., channel] = _sampled(picture[..., channel], x * scale, y * scale)
    bright = np.clip(result.max(axis=2) - 0.8, 0, None)[..., None] * result
    stray = np.stack([soft(bright[..., c], width / 80) for c in range(3)], axis=2)
    result = 1 - (1 - result) * (1 - bloom * 5 * stray)
    radius2 = (x * x + y * y) / (width * width / 4 + height * height / 4)
    return np.clip(result * (1 - vignette * radius2[..., None]), 0, 1).astype(np.float32)


def _sampled(plane: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32]):
    height, width = plane.shape
    x = np.clip(x + (width - 1) / 2, 0, width - 1.001)
    y = np.clip(y + (height - 1) / 2, 0, height - 1.001)
    left, top = x.astype(int), y.astype(int)
    right, below = x - left, y - top
    upper = plane[top, left] * (1 - right) + plane[top, left + 1] * right
    lower = plane[top + 1, left] * (1 - right) + plane[top + 1, left + 1] * right
    return upper * (1 - below) + lower * below


def grain(picture: Picture, amount: float, seed: int) -> Picture:
    """Sensor noise: most in the mid-tones, slightly clumped, a little of it in colour."""
    rng = np.random.default_rng(seed)
    height, width, _ = picture.shape
    noise = rng.standard_normal((height, width, 4)).astype(np.float32)
    near = (
        np.roll(noise, 1, 0) + np.roll(noise, -1, 0) + np.roll(noise, 1, 1) + np.roll(noise, -1, 1)
    )
    noise = (noise + 0.35 * near) / np.sqrt(1 + 4 * 0.35**2)
    mixed = noise[..., :1] * 0.8 + noise[..., 1:] * 0.45
    light = picture.mean(axis=2, keepdims=True)
    return np.clip(picture + amount * mixed * (0.35 + 1.3 * np.sqrt(light * (1 - light))), 0, 1)


def faded(picture: Picture) -> Picture:
    """What a colour-blind plate and a hundred years make of a picture: a warm, tired print with a
    border of paper.
    """
    height, width, _ = picture.shape
    grey = picture @ np.array([0.22, 0.58, 0.20], np.float32)
    tone = 1.08 * grey * (1 + 0.35 * (grey - 0.35) * (1 - grey))
    black, middle, paper = (np.array(c, np.float32) / 255 for c in INKS)
    tone = np.clip(tone, 0, 1)[..., None]
    print_ = black + (middle - black) * np.minimum(1, 2 * tone)
    print_ += (paper - middle) * np.maximum(0, 2 * tone - 1)
    inside = _within(width, height)
    bleached = np.clip(1 - inside / (width * 0.05), 0, 1)[..., None] ** 2 * 0.16
    print_ = print_ + (paper - print_) * bleached
    rng = np.random.default_rng(5)
    fibre = soft(rng.standard_normal((height, width)), 1.5)[..., None] * 0.02
    clouded = soft(rng.standard_normal((height, width)), width / 16)
    sheet = (paper * 1.02 + fibre) * (1 + 0.008 * clouded / clouded.std())[..., None]
    cut = np.clip(inside + 0.5, 0, 1)[..., None]
    return np.clip(sheet * (1 - cut) + (print_ + fibre * 0.4) * cut, 0, 1).astype(np.float32)


def aged(picture: Picture, rng: np.random.Generator) -> tuple[Picture, Image.Image]:
    """Scratches, dust, hairs and a crease on a print, and the mask of all of them."""
    height, width, _ = picture.shape
    light = _drawn(width, height, lambda pencil, unit: _scratches(pencil, unit, rng))
    light = np.maximum(light, _drawn(width, height, lambda pencil, unit: _dust(pencil, unit, rng)))
    crack, fold = _crease(width, height, rng)
    on_emulsion = np.clip(_within(width, height) / (width / 400) - 2, 0, 1)
    light, fold = np.maximum(light, crack) * on_emulsion, fold * on_emulsion
    worn = light * (0.82 + 0.18 * rng.uniform(0, 1, light.shape))
    bare = np.array([236, 229, 214], np.float32) / 255  # paper without emulsion
    result = picture * (1 + 0.16 * fold[..., None])
    result = result + (bare - result) * worn[..., None]
    hurt = np.maximum(light > 0.04, np.abs(fold) > 0.06)
    mask = Image.fromarray((hurt * 255).astype(np.uint8))
    return np.clip(result, 0, 1).astype(np.float32), grown(mask, max(1, round(width / 700)))


def _within(width: int, height: int) -> NDArray[np.floating]:
    """How many pixels lie between each point and the border of paper; negative in the border."""
    y, x = np.mgrid[:height, :width]
    edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    return edge - round(width * 0.035)


def _drawn(width: int, height: int, draw) -> NDArray[np.float32]:
    """0..1, drawn three times as large and reduced, so that hairlines come out as such."""
    image = Image.new("L", (3 * width, 3 * height), 0)
    draw(ImageDraw.Draw(image), 3 * width / 1000)  # the pencil's unit: a thousandth of the width
    return np.asarray(image.resize((width, height), Image.Resampling.BOX), np.float32) / 255


def _stroke(pencil: ImageDraw.ImageDraw, path: NDArray[np.floating], widths, shades) -> None:
    for a, b, thick, shade in zip(path[:-1], path[1:], widths, shades, strict=False):
        if shade > 8:
            pencil.line([*a, *b], fill=int(min(255, shade)), width=max(1, round(thick)))


def _wander(rng: np.random.Generator, steps: int, reach: float) -> NDArray[np.floating]:
    """A slow random walk that starts and ends anywhere."""
    knots = rng.normal(0, reach, steps // 12 + 3)
    return np.interp(np.linspace(0, len(knots) - 1, steps), np.arange(len(knots)), knots)


def _scratches(pencil: ImageDraw.ImageDraw, unit: float, rng: np.random.Generator) -> None:
    for _ in range(26):
        length, heading = unit * rng.gamma(2.0, 110), rng.normal(1.25, 0.5)
        turn = rng.normal(0, 0.25)
        steps = 120
        t = np.linspace(0, 1, steps)
        heading = heading + turn * t + 0.02 * _wander(rng, steps, 1)
        path = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * length / steps, 0)
        path += unit * rng.uniform((0, 0), (1000, 770)) - path[steps // 2]
        force = np.clip(_wander(rng, steps, 0.5) + rng.uniform(0.2, 0.9), 0, 1)
        force *= np.minimum(1, 6 * np.minimum(t, 1 - t))
        _stroke(pencil, path, unit * (0.25 + rng.uniform(0.2, 0.9) * force), 70 + 190 * force)


def _dust(pencil: ImageDraw.ImageDraw, unit: float, rng: np.random.Generator) -> None:
    for _ in range(240):
        x, y = unit * rng.uniform((8, 8), (992, 762))
        r = unit * min(3.2, 0.35 * (1 + rng.pareto(2.2)))
        a = np.sort(rng.uniform(0, 2 * np.pi, 9))
        spot = np.stack([np.cos(a), np.sin(a)], 1) * r * rng.uniform(0.5, 1.2, (9, 1)) + (x, y)
        pencil.polygon([tuple(p) for p in spot], fill=int(rng.uniform(140, 255)))
    for _ in range(9):  # hairs
        steps = 80
        heading = rng.uniform(0, 7) + np.cumsum(0.055 * _wander(rng, steps, 1))
        path = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1), 0)
        path = path * unit * rng.uniform(0.3, 0.9) + unit * rng.uniform((40, 40), (960, 730))
        _stroke(pencil, path, [unit * 0.55] * steps, [rng.uniform(150, 235)] * steps)


def _crease(
    width: int, height: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A corner that was bent: the cracked emulsion, and the light on the two sides of the fold."""
    unit, steps = width / 1000, 400
    start, end = np.array([612.0, -4]) * unit, np.array([1004.0, 352]) * unit
    t = np.linspace(0, 1, steps)[:, None]
    across = np.array([end[1] - start[1], start[0] - end[0]]) / np.linalg.norm(end - start)
    bow = 9 * unit * np.sin(np.pi * t) + unit * _wander(rng, steps, 0.9)[:, None]
    path = start + (end - start) * t + across * bow
    force = np.clip(_wander(rng, steps, 0.45) + 0.75, 0.12, 1.5)
    jagged = path + across * unit * rng.normal(0, 0.35, (steps, 1))

    def draw(pencil: ImageDraw.ImageDraw, three: float) -> None:
        _stroke(pencil, jagged * 3, three * 1.7 * force, 120 + 200 * force)
        for i in rng.choice(steps, 46):  # flakes
            at = 3 * (path[i] + across * unit * rng.normal(0, 2.0))
            a = np.sort(rng.uniform(0, 2 * np.pi, 7))
            r = three * rng.gamma(1.6, 0.75) * rng.uniform(0.5, 1, (7, 1))
            spot = at + np.stack([np.cos(a), np.sin(a)], 1) * r
            pencil.polygon([tuple(p) for p in spot], fill=245)

    y, x = np.mgrid[:height, :width].astype(np.float32)
    along = np.clip(
        ((x - start[0]) * (end - start)[0] + (y - start[1]) * (end - start)[1])
        / np.sum((end - start) ** 2),
        0,
        1,
    )
    bow = np.interp(along, t[:, 0], bow[:, 0])
    away = (x - start[0]) * across[0] + (y - start[1]) * across[1] - bow
    fold = np.tanh(away / unit) * np.exp(-np.abs(away) / (2.2 * unit))
    return _drawn(width, height, draw), fold.astype(np.float32)


def blank(picture: Picture) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty mask of the picture's size, and the pencil for it."""
    mask = Image.new("L", (picture.shape[1], picture.shape[0]), 0)
    return mask, ImageDraw.Draw(mask)


def grown(mask: Image.Image, pixels: int) -> Image.Image:
    return mask.filter(ImageFilter.MaxFilter(2 * pixels + 1)) if pixels else mask


def keep_mask(mask: Image.Image, path: Path) -> None:
    mask.point(lambda value: 255 if value > 127 else 0).save(path, optimize=True)


def keep_picture(
    picture: Picture, path: Path, says: str, script: str, most: int = 1_200_000
) -> None:
    """Save as JPEG, as fine as fits so many bytes, with its story in the EXIF."""
    exif = Image.Exif()
    exif[0x010E] = says
    exif[0x0131] = f"Blender (Cycles) and NumPy: resources/samples/source/{script}"
    exif[0x013B] = "Patina"
    exif[0x8298] = "A computer rendering made for Patina; part of Patina, GPL-3.0-or-later"
    exif[0x0132] = "2026:01:01 00:00:00"
    exif.get_ifd(0x8769)[0xA001] = 1  # sRGB
    image = Image.fromarray((picture * 255 + 0.5).astype(np.uint8))
    for quality, subsampling in ((92, 0), (92, 2), (88, 2), (84, 2)):
        image.save(
            path,
            quality=quality,
            subsampling=subsampling,
            optimize=True,
            exif=exif,
            icc_profile=bytes(SRGB),
        )
        if path.stat().st_size <= most:
            return
