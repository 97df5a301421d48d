"""What a fast texture is made of: its samples on one sheet, from fine to coarse, and its guides.

Each pixel is STYLE bytes: three for the colour, and one for how much goes on around it. That one
keeps thin joints and outlines in sight where halving has averaged them away (in the place of the
feature distance of S. Lefebvre, H. Hoppe, Parallel Controllable Texture Synthesis, SIGGRAPH 2005,
for which somebody has to draw the features). Guides are three bytes more.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.efros_leung_samples import Sample, features, readable
from editor.engine.image import Picture, Size, check_picture
from editor.engine.kernels.texture import STYLE

SIZE = 7  # of a patch
_R = SIZE // 2
_SMALLEST = 48  # side of a sample at the coarsest size: joints and outlines can still be seen
_NEAR = 2.0  # pixels within which something goes on
_WEIGHT = 1.0  # of what goes on, beside the light
_BAND = 1 << 19  # pixels NumPy works on before there is a pause
_EVENED = 0.04  # of a sample's side: over so much its own light is evened out before it guides
_SEEN = 256  # pixels of a side that are enough to see that
_PULL = 0.0055  # of a guide by light, for each grey level that the samples' own colours vary by

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the texture follows: a map of it, of any size, and one of each sample, pixel on pixel.

    Without maps of the samples, light places of the map become light places of the texture.
    """

    texture: Picture
    samples: tuple[Picture, ...] = ()
    weight: float = 0.75  # beside the fit of the pieces, 0 to 1

    def __post_init__(self) -> None:
        for picture in (self.texture, *self.samples):
            check_picture(picture)
        if not 0 <= self.weight <= 1:
            raise ValueError(f"the guidance is {self.weight}: it goes from 0 to 1")


class Level(NamedTuple):
    """The sheet at one size."""

    pixels: Bytes  # (H, W, STYLE, or with a guide 3 more)
    allowed: Bytes  # (H, W): 1 where it may be copied


@dataclass(frozen=True, slots=True)
class Sheet:
    """All samples below each other, with gaps between them that no patch leaps."""

    samples: Sequence[Sample]
    levels: list[Level]  # the finest first
    tops: NDArray[np.int64]  # the first row of each sample at the finest
    guide: Bytes | None  # (h, w, 3) of the texture
    light: float | None  # grey levels from dark parts to light ones, where these follow a guide

    def guided(self, size: Size) -> Bytes | None:
        """The texture's guide at a size."""
        if self.guide is None:
            return None
        shrinks = size.width < self.guide.shape[1] and size.height < self.guide.shape[0]
        how = cv2.INTER_AREA if shrinks else cv2.INTER_NEAREST
        return np.asarray(cv2.resize(self.guide, tuple(size), interpolation=how), np.uint8)


def sheet(samples: Sequence[Sample], guidance: Guidance | None) -> Generator[None, None, Sheet]:
    """Lay the samples out; ValueError where nothing of them may be copied."""
    halvings = 0
    while min(min(one.picture.shape[:2]) for one in samples) >= 2 * _SMALLEST << halvings:
        halvings += 1
    unit = 1 << halvings
    heights = [one.picture.shape[0] for one in samples]
    if len(samples) > 1:  # at the coarsest size a row is left between them
        heights = [(height // unit + 1) * unit for height in heights]
    tops = np.cumsum([0, *heights])
    width = max(one.picture.shape[1] for one in samples)
    plain = []
    for one in samples:
        plain.append((yield from _coloured(one.picture)))
    guides, light = (None, None) if guidance is None else _guides(plain, guidance)
    channels = STYLE + (0 if guides is None else 3)
    pixels = np.zeros((int(tops[-1]), width, channels), np.uint8)
    allowed = np.zeros(pixels.shape[:2], np.uint8)
    for number, sample in enumerate(samples):
        there = np.s_[tops[number] : tops[number] + len(plain[number]), : plain[number].shape[1]]
        yield from _style(plain[number], pixels[there])
        if guides is not None:
            pixels[there][..., STYLE:] = guides[1 + number]
        allowed[there] = readable(sample.picture)
        if sample.allowed is not None:
            allowed[there] &= sample.allowed
        yield
    levels = yield from _halved(Level(pixels, allowed), halvings)
    return Sheet(samples, levels, tops[:-1], None if guides is None else guides[0], light)


def _halved(finest: Level, halvings: int) -> Generator[None, None, list[Level]]:
    if not _whole(finest.allowed):
        raise ValueError(
            f"nowhere are {SIZE} × {SIZE} pixels of the sample allowed: allow more of it"
        )
    levels = [finest]
    for _ in range(halvings):
        pixels, fine = levels[-1]
        half = pixels.shape[1] // 2, pixels.shape[0] // 2
        even = np.s_[: 2 * half[1], : 2 * half[0]]
        coarse = fine[even].reshape(half[1], 2, half[0], 2).min(axis=(1, 3))
        if not _whole(coarse):
            break
        pixels = cv2.resize(pixels[even], half, interpolation=cv2.INTER_AREA)
        levels.append(Level(np.ascontiguousarray(pixels), coarse))
        yield
    return levels


def _whole(allowed: Bytes) -> bool:
    """Whether a whole patch may be copied anywhere."""
    inner = cv2.erode(allowed, np.ones((SIZE, SIZE), np.uint8))[_R:-_R, _R:-_R]
    return bool(inner.any())


def _coloured(picture: Picture) -> Generator[None, None, Bytes]:
    """Its features."""
    rows = max(1, _BAND // picture.shape[1])
    bands = []
    for top in range(0, len(picture), rows):
        bands.append(features(picture[top : top + rows]))
        yield
    return np.concatenate(bands)


def _style(colours: Bytes, pixels: Bytes) -> Generator[None, None, None]:
    """Write the colours, and how much goes on around each pixel."""
    rows, reach = max(1, _BAND // colours.shape[1]), round(8 * _NEAR)
    light, busy = np.empty((2, *colours.shape[:2]), np.float32)
    for top in range(0, len(colours), rows):
        low = max(0, top - reach)
        grey = colours[low : top + rows + reach].mean(axis=2, dtype=np.float32)
        off = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), _NEAR))
        band = np.s_[top - low : top - low + rows]
        light[top : top + rows] = grey[band]
        busy[top : top + rows] = cv2.GaussianBlur(off, (0, 0), _NEAR)[band]
        yield
    mean, spread = float(busy.mean()), max(1e-3, float(busy.std()))
    scale = np.float32(_WEIGHT * float(light.std()) / spread)
    yield
    for top in range(0, len(colours), rows):
        band = np.s_[top : top + rows]
        pixels[band, :, :3] = colours[band]
        pixels[band, :, 3] = np.clip(np.rint(128 + (busy[band] - mean) * scale), 0, 255)
        yield


def _guides(plain: list[Bytes], guidance: Guidance) -> tuple[list[Bytes], float | None]:
    """The texture's guide, and that of each sample: (h, w, 3), scaled to what they weigh.

    And by how much the samples' own light varies, if that is their guide.
    """
    guides = [features(one) for one in (guidance.texture, *guidance.samples)]
    weight, varies = guidance.weight, None
    if not guidance.samples:
        wanted, lights = _stretched(_light(guides[0])), [_evened(one) for one in plain]
        guides = [wanted, *_matched(lights, wanted)]
        dark, light = np.quantile(np.concatenate([one.ravel() for one in lights]), (0.05, 0.95))
        varies = float(light - dark) / 256
        contrast = np.concatenate([one.reshape(-1, one.shape[-1]) for one in plain]).std(axis=0)
        weight = min(1.0, _PULL * weight**2 * float(contrast.mean()))
    scaled = (np.rint(one * np.float32(weight)).astype(np.uint8) for one in guides)
    return [np.broadcast_to(one, (*one.shape[:2], 3)) for one in scaled], varies


def _evened(colours: Bytes) -> NDArray[np.uint16]:
    """How light it is, without what comes again and again: a bright stone has dark joints too."""
    height, width = colours.shape[:2]
    shrunk = max(1.0, min(height, width) / _SEEN)
    size = round(width / shrunk), round(height / shrunk)
    light = cv2.resize(_light(colours) * np.float32(256), size, interpolation=cv2.INTER_AREA)
    light = cv2.GaussianBlur(light, (0, 0), max(1.0, _EVENED * min(size)))
    return np.asarray(cv2.resize(light, (width, height)), np.uint16)


def _matched(lights: list[NDArray[np.uint16]], guide: Bytes) -> list[Bytes]:
    """The samples' light with as much of each lightness as the guide has.

    Not the other way round: to a guide in black and white all of the sample is one or the other,
    and where it is white nothing asks for more of one grey than of the next.
    """
    counts = np.bincount(np.concatenate([one.ravel() for one in lights]))
    shares = (np.cumsum(counts) - counts / 2) / counts.sum()
    theirs = np.cumsum(np.bincount(guide.ravel())) / guide.size
    table = np.searchsorted(theirs, shares).astype(np.uint8)[:, None]
    return [table[one] for one in lights]


def _stretched(light: NDArray[np.float32]) -> Bytes:
    """(H, W, 1): from black to white."""
    low, high = float(light.min()), float(light.max())
    levels = (light[..., None] - low) * (255 / max(1.0, high - low))
    return np.asarray(np.rint(levels), np.uint8)


def _light(colours: Bytes) -> NDArray[np.float32]:
    return np.asarray(colours.mean(axis=2, dtype=np.float32))
