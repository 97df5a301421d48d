"""Visual prompting: an example in and out, a query, and an empty cell that is completed.

A. Bar, Y. Gandelsman, T. Darrell, A. Globerson, A. Efros: Visual Prompting via Image Inpainting,
NeurIPS 2022. There a network that has seen many figures completes the cell. Here an analogy does,
which has seen nothing but the example: which kind of analogy the example shows is found by holding
half of it back. Each kind learns from one half and foretells the other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Picture, Rect, Size, to_working

_SIDE = 128  # pixels: the trial is made as small as this
_SMALLEST = 8  # pixels: a half of less says nothing
_NEAR = 2.0  # pixels around that are compared as one
_FLAT, _MOST = 4, 0.75  # of 255 from pixel to pixel, in so much of a map
_TONE = 0.015  # of full: colours that vary less are one tone
_EVEN = 0.02  # of full: what varies less is empty
_EDGE = 0.9  # of a row that is of one colour, to be a gap
_ALL = 0.98  # of a cell, to be empty
_SAMPLES = 256  # along a side say enough of a line or a cell

_Planes = NDArray[np.float32]
_Bytes = NDArray[np.uint8]


def halves(A: Picture, Ap: Picture) -> list[tuple[_Bytes, _Bytes]]:
    """The example made small and cut across its longer side."""
    if A.shape[:2] != Ap.shape[:2]:
        raise ValueError(
            f"A is {Size.of(A)} and A′ is {Size.of(Ap)}: they must be equal, pixel lies on pixel"
        )
    axis = int(A.shape[1] > A.shape[0])
    cut = [np.array_split(_small(one), 2, axis=axis) for one in (A, Ap)]
    if min(cut[0][0].shape[:2]) < _SMALLEST:
        raise ValueError(f"A is {Size.of(A)}: too small to see what the example shows")
    return [(np.ascontiguousarray(a), np.ascontiguousarray(ap)) for a, ap in zip(*cut, strict=True)]


def is_map(A: Picture) -> bool:
    """Whether a picture is a map of labels: most of it is flat, as no photograph is."""
    small = _small(A).astype(np.int16)
    across, down = np.diff(small, axis=1)[:-1], np.diff(small, axis=0)[:, :-1]
    steps = np.maximum(np.abs(across), np.abs(down)).max(axis=2)
    return bool((steps <= _FLAT).mean() >= _MOST)


def is_grey(A: Picture) -> bool:
    """Whether a picture has no colours, if perhaps a tone."""
    small = to_working(_small(A))
    chroma = small - small.mean(axis=2, keepdims=True)
    return bool((chroma - chroma.mean(axis=(0, 1))).std() < _TONE)


def unlikeness(one: Picture, other: Picture) -> float:
    """How unlike two pictures are: in colour, a little blurred, and in how lively they are."""
    colours, lively = (np.abs(a - b).mean() for a, b in zip(_seen(one), _seen(other), strict=True))
    return float(colours + lively)


def _seen(picture: Picture) -> tuple[_Planes, _Planes]:
    working = to_working(picture)
    light = working.mean(axis=2)
    near = cv2.GaussianBlur(working, (0, 0), _NEAR)
    spread = cv2.GaussianBlur(light * light, (0, 0), _NEAR) - near.mean(axis=2) ** 2
    return np.asarray(near), np.sqrt(np.maximum(spread, 0))


def _small(picture: Picture) -> _Bytes:
    scale = min(1.0, _SIDE / max(picture.shape[:2]))
    size = tuple(max(1, round(side * scale)) for side in picture.shape[1::-1])
    thin = max(1, min(picture.shape[:2]) // (3 * _SIDE))
    small = cv2.resize(
        to_working(np.ascontiguousarray(picture[::thin, ::thin])),
        size,
        interpolation=cv2.INTER_AREA,
    )
    return np.asarray(np.rint(np.clip(small, 0, 1) * 255), np.uint8)


# ── the figure ──


class Cells(NamedTuple):
    """Where in a figure of two by two the example, the query and the empty cell are."""

    A: Rect
    Ap: Rect
    B: Rect
    empty: Rect


def cells(figure: Picture) -> Cells:
    """The example is the row that is whole, read as the other one is: the empty cell may be any.

    Raises ValueError unless exactly one cell is of a single colour.
    """
    rows, columns = (_parts(figure, axis) for axis in (0, 1))
    places = [[Rect(x, y, right - x, bottom - y) for x, right in columns] for y, bottom in rows]
    empty = [
        (row, column)
        for row in (0, 1)
        for column in (0, 1)
        if _is_empty(figure[places[row][column].slices])
    ]
    if len(empty) != 1:
        found = "none is" if not empty else f"{len(empty)} are"
        raise ValueError(
            f"one cell of the figure must be empty, of a single colour, and {found}: lay out the"
            " example in and out above, the query and the empty cell below"
        )
    row, column = empty[0]
    return Cells(
        places[1 - row][1 - column],
        places[1 - row][column],
        places[row][1 - column],
        places[row][column],
    )


def _parts(figure: Picture, axis: int) -> list[tuple[int, int]]:
    """Two spans along an axis, without the even lines around and between them."""
    thin = max(1, figure.shape[1 - axis] // _SAMPLES)
    lines = np.moveaxis(figure, axis, 0)[:, ::thin]
    count = len(lines)
    if count < 4:
        raise ValueError(f"the figure is {Size.of(figure)}: too small for two by two cells")
    even = _even(to_working(np.ascontiguousarray(lines)), axis=1) > _EDGE
    low, high = 0, count
    while low < count // 4 and even[low]:
        low += 1
    while high > count - count // 4 and even[high - 1]:
        high -= 1
    middle = (low + high) // 2
    left = right = middle
    while left > low and even[left - 1]:
        left -= 1
    while right < high and even[right]:
        right += 1
    if right - left > (high - low) // 4:  # that is no gap but a picture
        left = right = middle
    return [(low, left), (right, high)]


def _is_empty(cell: Picture) -> bool:
    """All of a single colour, but for what JPEG leaves at its edge."""
    thin = max(1, min(cell.shape[:2]) // _SAMPLES)
    working = to_working(np.ascontiguousarray(cell[::thin, ::thin]))
    return bool(_even(working, axis=(0, 1)) > _ALL)


def _even(working: _Planes, axis: int | tuple[int, int]) -> NDArray[Any]:
    """The part of the pixels along an axis that have the usual colour there."""
    off = np.abs(working - np.median(working, axis=axis, keepdims=True)).max(axis=2)
    return np.asarray((off < _EVEN).mean(axis=axis))
