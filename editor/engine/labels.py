"""The labels of a picture that says by its colours what is where, as in texture-by-numbers.

A label is a colour that much of the picture has, or nearly: labels are painted by hand, saved as
JPEG, and shaded from near to far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Mask, Picture, Size, to_working

Colour = tuple[int, int, int]  # RGB, 0..255
_RGB = NDArray[np.uint8]

_SIDE = 384  # pixels: labels are looked for in a picture of this size
_FAR = 40  # of 255 in some channel: another colour, not the same one after JPEG
_MUCH = 0.004  # of all pixels: a label, not a rim
_MOST = 12  # labels that are listed
_SHIFT = 3  # colours that differ only in so many bits lie in one cell and are counted together
_SIDES = 256 >> _SHIFT
_CELLS = _SIDES**3
_SHARP, _SLOW = 64, 12  # from one pixel to the next: a hard edge, and a part of a soft one
_SOFT = 0.1  # hard edges to soft ones, below which the edges are soft


class Label(NamedTuple):
    colour: Colour
    part: float  # of the picture

    @property
    def name(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self.colour)


def labels(A: Picture) -> tuple[Label, ...]:
    """The labels of a picture, largest first."""
    pixels = thinned(A).reshape(-1, 3)
    return _commonest(pixels, np.bincount(_cells(pixels), minlength=_CELLS))


def missing_labels(As: Sequence[Picture], B: Picture) -> tuple[Label, ...]:
    """Labels of B of which no A has any, largest first."""
    from scipy.spatial import KDTree

    there = np.unique(np.concatenate([_cells(thinned(A).reshape(-1, 3)) for A in As]))
    pixels = thinned(B).reshape(-1, 3)
    counts = np.bincount(_cells(pixels), minlength=_CELLS)
    used = np.flatnonzero(counts)
    away, _ = KDTree(_middles(there)).query(_middles(used), p=np.inf)
    counts[used[away <= _FAR]] = 0
    return _commonest(pixels, counts)


def nearest_label(colour: Colour, among: Sequence[Label]) -> Label:
    """The one whose colour differs least."""
    return min(among, key=lambda one: _distance(colour, one.colour))


def soft_edges(A: Picture) -> bool:
    """Whether the labels run into each other over several pixels."""
    pixels = thinned(A, whole=True)
    steps = [
        np.abs(np.diff(pixels.astype(np.int16), axis=axis)).max(axis=2).ravel() for axis in (0, 1)
    ]
    step = np.concatenate(steps)
    hard = np.count_nonzero(step > _SHARP)
    soft = np.count_nonzero((step > _SLOW) & (step <= _SHARP))
    return bool(hard < _SOFT * soft)


def alike(B: Picture, colour: Colour, known: Sequence[Colour]) -> Mask:
    """Where B is of this colour rather than of one of those that are known."""
    rgb = np.rint(np.clip(to_working(B), 0, 1) * 255).astype(np.int16)
    mine = _far_from(rgb, colour)
    mask: Mask = mine <= _FAR
    for one in known:
        mask &= mine < _far_from(rgb, one)
    return mask


def thinned(picture: Picture, *, whole: bool = False) -> _RGB:
    """Every n-th pixel as bytes, so that no side is much longer than is looked at.

    With ``whole`` all pixels of the middle instead: what lies beside each other stays so.
    """
    step = step_of(picture)
    if whole:
        height, width = picture.shape[:2]
        top, left = (height - height // step) // 2, (width - width // step) // 2
        part = picture[top : top + height // step, left : left + width // step]
    else:
        part = picture[::step, ::step]
    working = to_working(np.ascontiguousarray(part))
    return np.asarray(np.rint(np.clip(working, 0, 1) * 255), np.uint8)


def step_of(picture: Picture) -> int:
    """Of so many pixels beside each other one is looked at."""
    return max(1, -(-max(Size.of(picture)) // _SIDE))


def _cells(pixels: _RGB) -> NDArray[np.intp]:
    """The number of the cell that each colour lies in."""
    red, green, blue = (pixels >> _SHIFT).astype(np.intp).T
    return np.asarray((red * _SIDES + green) * _SIDES + blue)


def _middles(cells: NDArray[np.intp]) -> NDArray[np.int16]:
    """The colours in the middle of cells, (n, 3)."""
    numbers = np.stack([cells // _SIDES**2, cells // _SIDES % _SIDES, cells % _SIDES], axis=1)
    return ((numbers << _SHIFT) + (1 << _SHIFT) // 2).astype(np.int16)


def _commonest(pixels: _RGB, counts: NDArray[np.intp]) -> tuple[Label, ...]:
    """The cells that most pixels lie in, each with all that are near it; named by the colour that
    is commonest there.
    """
    used = np.flatnonzero(counts)
    left, middles, cells = counts[used], _middles(used), _cells(pixels)
    found: list[Label] = []
    while len(found) < _MOST and left.max(initial=0) >= _MUCH * len(pixels):
        best = int(left.argmax())
        near = np.abs(middles - middles[best]).max(axis=1) <= _FAR
        exact, often = np.unique(pixels[cells == used[best]], axis=0, return_counts=True)
        red, green, blue = (int(one) for one in exact[often.argmax()])
        found.append(Label((red, green, blue), float(left[near].sum() / len(pixels))))
        left[near] = 0
    return tuple(sorted(found, key=lambda one: -one.part))


def _far_from(rgb: NDArray[np.int16], colour: Colour) -> NDArray[np.int16]:
    return np.asarray(np.abs(rgb - np.array(colour, np.int16)).max(axis=2))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
