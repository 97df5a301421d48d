"""Read a mask: any picture of the same size says what should go.

White goes, black stays, greys are a soft edge. Where the picture has transparency that varies, what
is opaque goes instead. Colours count by their brightest channel, so that a mask painted in red is
as good as one in white; a mask of zeros and ones is meant as black and white.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from editor.engine.guides import Labels
from editor.engine.image import Cover, Picture, Size, full_scale
from editor.files.photo import Photo
from editor.files.problems import FileProblem, shown
from editor.files.read import read_picture_safely

_LOSSY = ("JPEG",)  # formats in which black and white come out as nearly black and nearly white
_NEARLY = 16  # of 255
_REGIONS = 16  # in one picture


def read_mask(
    path: Path, size: Size, *, read: Callable[[Path], Photo] = read_picture_safely
) -> Cover:
    """The cover that a file holds for a picture of this size. Raises FileProblem."""
    photo = read(path)
    found = Size.of(photo.pixels)
    if found != size:
        raise FileProblem(f"the mask {shown(path)} is {found} and the picture is {size}")
    cover = as_cover(photo.pixels)
    if photo.format in _LOSSY:
        cover[cover < _NEARLY] = 0
        cover[cover > 255 - _NEARLY] = 255
    return cover


def read_labels(
    path: Path, size: Size, *, read: Callable[[Path], Photo] = read_picture_safely
) -> Labels:
    """The regions that a file shows, a flat colour for each. Raises FileProblem."""
    photo = read(path)
    found = Size.of(photo.pixels)
    if found != size:
        raise FileProblem(f"the regions {shown(path)} are {found} and the picture is {size}")
    try:
        return as_labels(photo.pixels)
    except ValueError as problem:
        raise FileProblem(f"{shown(path)} cannot be used: {problem}") from problem


def as_labels(pixels: Picture) -> Labels:
    """The number of each pixel's region: 0 where it is black or transparent.

    Its colours are numbered from dark to light; the numbers 1 to 16 of a grey picture count as
    they are.
    """
    grey = pixels.ndim == 2
    if grey and pixels.dtype.kind == "u" and pixels.max() <= _REGIONS:
        return pixels.astype(np.uint8)
    flat = pixels.reshape(pixels.shape[0] * pixels.shape[1], -1)
    colours = np.zeros((len(flat), 3))
    colours[:] = np.nan_to_num(flat[:, :3] if flat.shape[1] >= 3 else flat[:, :1])
    if flat.shape[1] == 4:
        colours[flat[:, 3] == 0] = 0
    brightness = colours.sum(axis=1)
    kinds, labels = np.unique(np.column_stack([brightness, colours]), axis=0, return_inverse=True)
    black = int(kinds[0, 0] == 0)
    if len(kinds) - black > _REGIONS:
        raise ValueError(
            f"it has {len(kinds)} colours: regions are painted in one flat colour each,"
            f" {_REGIONS} of them at most"
        )
    return (labels.reshape(pixels.shape[:2]) + 1 - black).astype(np.uint8)


def as_cover(pixels: Picture) -> Cover:
    """What a picture says as a mask, 0 keep .. 255 replace."""
    values = pixels
    if pixels.ndim == 3:
        values = pixels[..., :3].max(axis=2)
        if pixels.shape[2] == 4 and pixels[..., 3].min() != pixels[..., 3].max():
            values = pixels[..., 3]
    if values.dtype.kind == "u":
        white = full_scale(values.dtype) if values.max() > 1 else 1.0
    else:
        values, white = np.nan_to_num(values, nan=0.0), 1.0
    if values.dtype == np.uint8 and white == 255:
        return np.array(values)
    return np.rint(np.clip(values / np.float32(white), 0, 1) * 255).astype(np.uint8)
