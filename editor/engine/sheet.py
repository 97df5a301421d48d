"""A sheet: a picture and beside it its mirror image and turned or scaled copies.

A fill that may copy from all of the sheet copies things turned, scaled or mirrored, and nothing in
the search or the votes has to know.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.guides import Guides
from editor.engine.image import Cover, Mask, Picture

_GAP = 8  # pixels between two copies
MOST_TURN = 45.0
MOST_SCALE = 2.0


class Variants(NamedTuple):
    """What lies beside the picture."""

    mirrored: bool = False
    turned: float = 0.0  # degrees: copies turned by so much and by half of it, both ways
    scaled: float = 1.0  # copies so many times larger and smaller

    @property
    def any(self) -> bool:
        return self.mirrored or self.turned > 0 or self.scaled > 1


class Sheet(NamedTuple):
    image: Picture
    cover: Mask | Cover
    sources: NDArray[np.bool_]
    guides: Guides


def check_variants(variants: Variants) -> None:
    """Raise ValueError where a number is out of range."""
    if not 0 <= variants.turned <= MOST_TURN:
        raise ValueError(f"copies are turned by {variants.turned:g}°: from 0 to {MOST_TURN:g}")
    if not 1 <= variants.scaled <= MOST_SCALE:
        raise ValueError(f"copies are scaled by {variants.scaled:g}: from 1 to {MOST_SCALE:g}")


def sheet(
    image: Picture,
    cover: Mask | Cover,
    sources: Mask | Cover | None,
    guides: Guides,
    variants: Variants,
) -> Generator[None, None, Sheet]:
    """The picture at the left, as it is, then the copies; what is hole in those is no source."""
    height, width = cover.shape
    asked = np.ones(cover.shape, np.bool_) if sources is None else sources != 0
    allowed = (asked & (cover == 0)).view(np.uint8)
    steps = _steps(variants)
    wide = width + _GAP
    size = (height, len(steps) * wide - _GAP)
    whole = Sheet(
        np.zeros((*size, *image.shape[2:]), image.dtype),
        np.zeros(size, cover.dtype),
        np.zeros(size, np.bool_),
        Guides(guides.lines, None if guides.labels is None else np.zeros(size, np.uint8)),
    )
    whole.cover[:, :width] = cover
    for number, step in enumerate(steps):
        part = np.s_[:, number * wide : number * wide + width]
        whole.image[part] = _moved(image, step, cv2.INTER_CUBIC)
        whole.sources[part] = asked
        if number:  # what lies beside the edge was mixed with it
            room = _moved(allowed, step, cv2.INTER_NEAREST)
            whole.sources[part] = cv2.erode(
                room, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0
            )
        if guides.labels is not None and whole.guides.labels is not None:
            whole.guides.labels[part] = _moved(guides.labels, step, cv2.INTER_NEAREST)
        yield
    return whole


def in_picture(
    places: NDArray[np.int32], variants: Variants, width: int, height: int
) -> NDArray[np.int32]:
    """Where places (n, 2) of a sheet lie in the picture that it was made from, (y, x) both."""
    number, x = np.divmod(places[:, 1], width + _GAP)
    found = np.stack([places[:, 0], x], axis=1).astype(np.float64)
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    for k, step in enumerate(_steps(variants)):
        here = number == k
        back = np.linalg.inv(step)[::-1, ::-1]  # of (y, x)
        found[here] = (found[here] - middle) @ back.T + middle
    nearest: NDArray[np.int32] = np.rint(found).astype(np.int32)
    return np.clip(nearest, 0, (height - 1, width - 1)).astype(np.int32)


def _steps(variants: Variants) -> list[NDArray[np.float64]]:
    """(2, 2) each, the first is the picture as it is."""
    turns = [(0.0, 1.0)]
    if variants.turned:
        turns += [(variants.turned * share, 1.0) for share in (-1, -0.5, 0.5, 1)]
    if variants.scaled > 1:
        turns += [(0.0, variants.scaled), (0.0, 1 / variants.scaled)]
    steps = []
    for flip in (1, -1) if variants.mirrored else (1,):
        for angle, scale in turns:
            c, s = (scale * f(math.radians(angle)) for f in (math.cos, math.sin))
            steps.append(np.array([[c * flip, -s], [s * flip, c]]))
    return steps


def _moved(plane: NDArray[Any], step: NDArray[np.float64], how: int) -> NDArray[Any]:
    """A plane turned about its middle; 0 where nothing comes to lie."""
    if np.array_equal(step, np.eye(2)):
        return plane
    if np.array_equal(step, np.diag([-1.0, 1.0])):
        return plane[:, ::-1]
    height, width = plane.shape[:2]
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    matrix = np.concatenate([step, (middle - step @ middle)[:, None]], axis=1)
    edge = cv2.BORDER_CONSTANT if how == cv2.INTER_NEAREST else cv2.BORDER_REPLICATE
    moved: NDArray[Any] = cv2.warpAffine(plane, matrix, (width, height), flags=how, borderMode=edge)
    return moved
