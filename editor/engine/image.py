"""Pictures, masks and places: what every layer calls them, and the only conversions between them.

A picture is an array of shape (H, W), (H, W, 3) or (H, W, 4), uint8, uint16 or float32, in the
depth of its file. An engine works on float32 RGB 0..1 *as displayed* (``to_working``) and gives the
same depth back (``from_working``). A mask is bool, True = hole; a cover is the same mask with soft
edges, uint8, 0 = keep the pixel, 255 = replace it. Arrays are (y, x); geometry has x first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]  # (H, W[, 3 or 4]) uint8, uint16 or float32
Mask = NDArray[np.bool_]  # (H, W), True = hole
Cover = NDArray[np.uint8]  # (H, W), 0 keep .. 255 replace
Working = NDArray[np.float32]  # (H, W, 3), 0..1 as displayed

# What goes, where copies may come from, numbered regions; and when the picture changes its shape:
# what keeps its own, and what goes.
MASKS = ("mask", "sampling", "labels", "protect", "remove")

_LIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue


class Point(NamedTuple):
    x: float
    y: float


class Size(NamedTuple):
    width: int
    height: int

    @classmethod
    def of(cls, array: NDArray[Any]) -> Size:
        return cls(array.shape[1], array.shape[0])

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class Rect(NamedTuple):
    """Whole pixels: x, y is the top left one, and width, height count them."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def whole(cls, array: NDArray[Any]) -> Rect:
        return cls(0, 0, array.shape[1], array.shape[0])

    @classmethod
    def around(cls, mask: NDArray[Any]) -> Rect:
        """The smallest Rect that holds every pixel with a non-zero channel; empty without one."""
        channels = mask.shape[2] if mask.ndim == 3 else 1
        mask = mask.reshape(mask.shape[0], mask.shape[1] * channels)
        rows = np.flatnonzero(mask.any(axis=1))
        if len(rows) == 0:
            return cls(0, 0, 0, 0)
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        columns = np.flatnonzero(mask[top:bottom].any(axis=0))
        left, right = int(columns[0]) // channels, int(columns[-1]) // channels + 1
        return cls(left, top, right - left, bottom - top)

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """For array[rect.slices]."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def grown(self, by: int) -> Rect:
        return Rect(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def moved(self, dx: int, dy: int) -> Rect:
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def within(self, other: Rect) -> Rect:
        """The part of this Rect inside the other one; empty where they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(x, y, max(0, right - x), max(0, bottom - y))

    def joined(self, other: Rect) -> Rect:
        """The smallest Rect around both; an empty one adds nothing."""
        if self.empty:
            return other
        if other.empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Rect(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Meta:
    """What a file says about its pixels, carried from opening to saving untouched."""

    icc: bytes = b""  # the colour profile; empty means sRGB (linear sRGB for float pictures)
    exif: bytes = b""  # a TIFF block without the Exif header; its orientation is always 1
    xmp: bytes = b""
    dpi: tuple[float, float] | None = None


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only view: numpy itself then refuses every write."""
    view = array.view()
    view.flags.writeable = False
    return view


def check_picture(image: Picture) -> None:
    """Raise ValueError unless this is a picture as the module docstring defines it."""
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (3, 4)):
        raise ValueError(f"a picture has shape (H, W), (H, W, 3) or (H, W, 4), not {image.shape}")
    if image.dtype not in (np.uint8, np.uint16, np.float32):
        raise ValueError(f"a picture is uint8, uint16 or float32, not {image.dtype}")
    if image.size == 0:
        raise ValueError("the picture has no pixels")


def check_fits(image: Picture, mask: NDArray[Any]) -> None:
    """Raise ValueError unless a mask or cover lies on the picture pixel for pixel."""
    if mask.ndim != 2 or Size.of(mask) != Size.of(image):
        raise ValueError(
            f"the mask is {Size.of(mask)} and the picture is {Size.of(image)}: they must be equal"
        )


def check_hole(image: Picture, hole: NDArray[Any]) -> None:
    """Raise ValueError unless the hole fits the picture, holds something and leaves something."""
    check_fits(image, hole)
    if not hole.any():
        raise ValueError("the mask is empty: paint over what should go")
    if hole.all():
        raise ValueError("the mask covers the whole picture: there is nothing left to copy from")


def full_scale(dtype: np.dtype[Any]) -> float:
    """The number that means white."""
    return float(np.iinfo(dtype).max) if dtype.kind == "u" else 1.0


def to_working(image: Picture) -> Working:
    """Colour of a picture (or crop) as float32 RGB 0..1 as displayed; alpha is left out.

    Float pictures hold linear light (OpenEXR, HDR): they are encoded with the sRGB curve, which
    goes on above 1, so nothing brighter than white is lost. NaN becomes 0.
    """
    colour = image[..., :3] if image.ndim == 3 else image[..., None]
    if image.dtype == np.float32:
        working = encode_srgb(np.nan_to_num(colour, nan=0.0, posinf=65504.0, neginf=0.0))
    else:
        working = colour.astype(np.float32) / np.float32(full_scale(image.dtype))
    return working if working.shape[2] == 3 else np.repeat(working, 3, axis=2)


def from_working(working: Working, like: Picture) -> Picture:
    """The way back: the same depth and channels as ``like``, whose alpha is kept."""
    if like.dtype == np.float32:
        colour: Picture = decode_srgb(working)
    else:
        scale = full_scale(like.dtype)
        colour = np.rint(np.clip(working, 0, 1) * np.float32(scale)).astype(like.dtype)
    if like.ndim == 2:
        return np.ascontiguousarray(colour[..., 0])
    if like.shape[2] == 4:
        return np.concatenate([colour, like[..., 3:]], axis=2)
    return colour


def in_depth_of(like: Picture, picture: Picture) -> Picture:
    """A picture in the depth and the channels of another one; grey is how light it is."""
    if picture.dtype == like.dtype and picture.shape[2:] == like.shape[2:]:
        return picture
    result = np.empty((*picture.shape[:2], *like.shape[2:]), like.dtype)
    working = to_working(picture)
    if like.ndim == 2:
        working = np.repeat((working @ _LIGHTNESS)[..., None], 3, axis=2)
    elif like.shape[2] == 4:
        white = full_scale(like.dtype)
        result[..., 3] = white
        if picture.shape[2:] == (4,):
            share = picture[..., 3] / np.float32(full_scale(picture.dtype))
            result[..., 3] = np.rint(share * white) if like.dtype.kind == "u" else share
    return from_working(working, result)


def encode_srgb(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear light → sRGB values; odd about 0 and unbounded above, so that it can be undone."""
    size = np.abs(linear)
    curved = 1.055 * np.power(np.maximum(size, 1e-12), 1 / 2.4, dtype=np.float32) - 0.055
    return np.copysign(np.where(size <= 0.0031308, 12.92 * size, curved), linear).astype(np.float32)


def decode_srgb(encoded: NDArray[np.float32]) -> NDArray[np.float32]:
    """sRGB values → linear light: the inverse of encode_srgb."""
    size = np.abs(encoded)
    curved = np.power((size + 0.055) / 1.055, 2.4, dtype=np.float32)
    return np.copysign(np.where(size <= 0.04045, size / 12.92, curved), encoded).astype(np.float32)


def blended(before: Picture, after: Picture, cover: Cover | Mask) -> Picture:
    """``after`` where the cover is full, ``before`` bit for bit where it is 0, mixed between."""
    if cover.dtype == np.bool_:
        cover = np.where(cover, np.uint8(255), np.uint8(0))
    full, soft = cover == 255, (cover > 0) & (cover < 255)
    result = np.array(before, order="C")
    put(after, full, result)
    if soft.any():
        part = cover[soft].astype(np.float32) / np.float32(255)
        part = part if before.ndim == 2 else part[:, None]
        mixed = before[soft].astype(np.float32) * (1 - part) + after[soft].astype(np.float32) * part
        result[soft] = np.rint(mixed).astype(before.dtype) if before.dtype.kind == "u" else mixed
    return result


def put(pixels: Picture, where: Mask, into: Picture) -> None:
    """Copy pixels to where a mask says, a hundred times as fast as by an index of it."""
    from editor.engine.cv import cv2

    if where.size:
        cv2.copyTo(pixels, where.view(np.uint8), into)


def coloured(pixels: Picture, colour: tuple[int, int, int], cover: Cover | Mask) -> Picture:
    """Pixels with an opaque colour (0..255) laid over them; grey ones become its green."""
    result = np.ascontiguousarray(pixels).copy()
    flat = result.reshape(cover.size, -1)
    scale = full_scale(pixels.dtype) / 255
    four = np.multiply((*colour, 255) if flat.shape[1] > 1 else colour[1:2], scale)
    over = four[: flat.shape[1]].astype(pixels.dtype)
    full = cover if cover.dtype == np.bool_ else cover == 255
    flat[np.flatnonzero(full)] = over
    if cover.dtype != np.bool_:
        soft = np.flatnonzero((cover > 0) & ~full)
        under = flat[soft][:, None]  # as pictures of one column
        flat[soft] = blended(under, np.broadcast_to(over, under.shape), cover.ravel()[soft, None])[
            :, 0
        ]
    return result
