"""What a texture grows from: one or several pictures, as the exact search wants them.

All samples lie one below the other in one plane, so that a position is one number. Windows that are
equal, pixel for pixel, are measured only once: they share a label. White paper, a chequerboard or a
single colour thus cost next to nothing, and the matches found are still all of them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.efros_leung_reference import Features, gaussian_weights
from editor.engine.image import (
    Mask,
    Picture,
    Size,
    check_fits,
    check_picture,
    full_scale,
    to_working,
)
from editor.engine.kernels import efros_leung_windows as kernels
from editor.engine.kernels.efros_leung_search import Samples, Shape
from editor.engine.kernels.efros_leung_vectors import BLOCK, LANES

_BAND = 1 << 20  # pixels NumPy works on before there is a pause
_HASHED = 1 << 15  # windows that are labelled before there is a pause


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture to copy from, and where: windows that leave the mask (True = allowed) are not."""

    picture: Picture
    allowed: Mask | None = None

    def __post_init__(self) -> None:
        check_picture(self.picture)
        if self.allowed is not None:
            check_fits(self.picture, self.allowed)
            if self.allowed.dtype != np.bool_:
                raise ValueError(f"a mask of the sample is bool, not {self.allowed.dtype}")


def check_alike(samples: Sequence[Sample], like: Picture | None = None) -> None:
    """Raise ValueError unless there are samples, all of the same depth and channels."""
    if not samples:
        raise ValueError("there is no sample to grow from")
    like = samples[0].picture if like is None else like
    for one in samples:
        if one.picture.dtype != like.dtype or one.picture.shape[2:] != like.shape[2:]:
            raise ValueError("the samples and the picture differ in depth or channels: convert one")


def check_grows(what: str, size: Size, sample: Size) -> None:
    """Raise ValueError if all of this size is in the sample already."""
    if size != sample and size.width <= sample.width and size.height <= sample.height:
        raise ValueError(
            f"the {what} is {size} and the sample {sample}: nothing grows, crop the sample"
        )


def features(picture: Picture) -> Features:
    """What is compared: (H, W, 1 or 3) in 8 bits as displayed; transparency shows middle grey."""
    result = np.empty((*picture.shape[:2], 1 if picture.ndim == 2 else 3), np.uint8)
    band = max(1, _BAND // picture.shape[1])
    for top in range(0, len(picture), band):
        part = picture[top : top + band]
        colours: NDArray[Any] = np.clip(to_working(part)[..., : result.shape[2]], 0, 1)
        if part.ndim == 3 and part.shape[2] == 4:
            alpha = np.clip(np.nan_to_num(part[..., 3:]) / full_scale(part.dtype), 0, 1)
            colours = colours * alpha + (1 - alpha) * np.float32(0.5)
        result[top : top + band] = np.rint(colours * 255)
    return result


def readable(picture: Picture) -> Mask:
    """False where a float picture holds something that is not a number."""
    if picture.dtype != np.float32:
        return np.ones(picture.shape[:2], bool)
    finite = np.isfinite(picture).reshape(*picture.shape[:2], -1)
    return np.asarray(finite.all(axis=2))


def as_pairs(colours: NDArray[np.uint8], last: NDArray[np.int16]) -> NDArray[np.int16]:
    """(…, planes, 2): colours less 128 in pairs, the last of them with what is given."""
    signed = colours.astype(np.int16) - np.int16(128)
    return np.concatenate([signed, last[..., None]], axis=-1).reshape(*last.shape, -1, 2)


def lowered_by(channels: int) -> int:
    """The middle of the squares: less this they fit into 16 bits."""
    return channels * 128**2 // 2


class Atlas:
    """The samples in one plane: positions, and the way back to the picture and pixel."""

    def __init__(self, samples: Sequence[Sample], window: int) -> None:
        self.samples = tuple(samples)
        self.window = window
        self.stride = max(sample.picture.shape[1] for sample in samples)
        heights = [sample.picture.shape[0] for sample in samples]
        self.tops = np.cumsum([0, *heights])  # the first row of each
        self.size = int(self.tops[-1]) * self.stride  # positions
        first = samples[0].picture
        self.channels = 1 if first.ndim == 2 else 3
        self.centres = [_centres(sample, window) for sample in samples]

    def place(self, positions: NDArray[np.integer]) -> NDArray[np.int32]:
        """(…, 3): number of the sample, y, x; −1 for −1."""
        y, x = np.divmod(positions, self.stride)
        number = np.searchsorted(self.tops, y, side="right") - 1
        places = np.stack([number, y - self.tops[number], x], axis=-1).astype(np.int32)
        places[positions < 0] = -1
        return places

    def position(self, place: tuple[int, int, int]) -> int:
        number, y, x = place
        return int((self.tops[number] + y) * self.stride + x)

    def pixels_at(self, positions: NDArray[np.integer]) -> Picture:
        """The pixels there, in the samples' own depth."""
        if len(self.samples) == 1:
            picture = self.samples[0].picture
            y, x = np.divmod(positions, self.stride)
            return picture[y, x]
        places = self.place(positions)
        first = self.samples[0].picture
        result = np.empty((len(positions), *first.shape[2:]), first.dtype)
        for number, sample in enumerate(self.samples):
            here = places[:, 0] == number
            result[here] = sample.picture[places[here, 1], places[here, 2]]
        return result

    def load(self) -> Generator[None, None, Samples]:
        """Lay the samples out for the search."""
        reach = LANES * row_vectors(self.window)  # pixels that are read at most beyond a position
        size = self.size
        padded = size + self.window * self.stride + BLOCK + reach
        planes = (self.channels + 1) // 2
        pixels = np.zeros((planes, padded, 2), np.int16)
        candidate = np.zeros(size, bool)
        for sample, mask, top in zip(self.samples, self.centres, self.tops, strict=False):
            height, width = mask.shape
            band = max(1, _BAND // width)
            for y in range(0, height, band):
                colours = features(sample.picture[y : y + band])
                signed = colours.astype(np.int32) - 128
                squares = (signed**2).sum(axis=2) - lowered_by(self.channels)
                pairs = as_pairs(colours, squares.astype(np.int16))
                rows = slice(int(top + y) * self.stride, int(top + y + len(pairs)) * self.stride)
                for plane in range(planes):
                    there = pixels[plane, rows].reshape(-1, self.stride, 2)
                    there[:, :width] = pairs[:, :, plane]
                candidate[rows].reshape(-1, self.stride)[:, :width] = mask[y : y + band]
                yield
        flat = pixels.reshape(-1)
        label, first = yield from self._labelled(flat, 2 * padded, candidate)
        members = np.flatnonzero(candidate)
        labels = label[members]
        begin = np.concatenate([[0], np.cumsum(np.bincount(labels, minlength=len(first)))])
        if len(first) < len(members):
            members = members[np.argsort(labels, kind="stable")]
        blocks, valid = kernels.blocks_of(first)
        return Samples(
            flat,
            2 * padded,
            self.stride,
            label,
            first,
            members.astype(np.int32),
            begin.astype(np.int32),
            blocks,
            valid,
        )

    def _labelled(
        self, pixels: NDArray[np.int16], plane: int, candidate: Mask
    ) -> Generator[None, None, tuple[NDArray[np.int32], NDArray[np.int32]]]:
        """A number for each different window, and the first position of each number."""
        label = np.full(len(candidate), -1, np.int32)
        first = np.empty(int(candidate.sum()), np.int32)
        table = np.zeros(1 << max(4, (2 * len(first)).bit_length()), np.int32)
        rows = np.empty(len(candidate), np.uint64)
        for start in range(0, len(rows), _BAND):
            stop = min(start + _BAND, len(rows))
            kernels.hash_rows(start, stop, pixels, plane, self.window, rows)
            yield
        count = 0
        for start in range(0, len(rows), _HASHED):
            stop = min(start + _HASHED, len(rows))
            count = kernels.label_windows(
                start,
                stop,
                candidate,
                rows,
                pixels,
                plane,
                self.stride,
                self.window,
                table,
                label,
                first,
                count,
            )
            yield
        return label, first[:count].copy()


def _centres(sample: Sample, window: int) -> Mask:
    allowed = readable(sample.picture)
    if sample.allowed is not None:
        allowed &= sample.allowed
    kernel = np.ones((window, window), np.uint8)
    full = cv2.erode(allowed.view(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(full).view(np.bool_)


def row_vectors(window: int) -> int:
    """Vectors that hold a row of the window."""
    return -(-window // LANES)


def shape_of(samples: Samples, channels: int, window: int) -> Shape:
    """The window as the search over these samples wants it."""
    weights, r = gaussian_weights(window), window // 2
    planes, vectors = (channels + 1) // 2, row_vectors(window)
    table = np.zeros((window, planes, vectors * LANES, 2), np.int16)
    table[:, :, :window] = -2 * weights[:, None, :, None]
    table[:, -1, :window, 1] = weights
    rows = np.empty((window, planes), np.int64)
    for plane in range(planes):
        rows[:, plane] = 2 * ((np.arange(window) - r) * samples.stride - r) + plane * samples.plane
    ys, xs = np.divmod(np.argsort(-weights, axis=None, kind="stable"), window)
    some = weights[ys, xs] > 0
    ys, xs = ys[some], xs[some]
    return Shape(
        window,
        channels,
        vectors,
        lowered_by(channels),
        table.reshape(window, planes, -1),
        rows,
        ys * (planes * vectors * LANES) + xs,
        rows[ys] + 2 * xs[:, None],
    )
