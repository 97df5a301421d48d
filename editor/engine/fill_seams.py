"""The seams of a first guess: its pieces spread until one sees little of where they meet.

The method is in ``kernels.expansion``.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.kernels import expansion
from editor.engine.patchmatch import FORBIDDEN, Field, Search

_AWAY = 800  # what it costs to copy a pixel from one pixel farther away

Bytes = NDArray[np.uint8]


def sew(
    field: Field,
    search: Search,
    ys: NDArray[np.int32],
    xs: NDArray[np.int32],
    fixed: Bytes,
    near: tuple[int, int] = (0, 0),
) -> Generator[None, None, None]:
    """Change the field and the search's target where pieces had better end elsewhere.

    The hole has the pixels ``ys`` and ``xs``; those that are ``fixed`` stay. What is copied from
    nearer is likelier; all within so many pixels (y, x) is equally ``near``, or else all within a
    patch: from nearer still the same rows would come again and again.
    """
    missing = fixed[ys, xs] == 0
    ys, xs = ys[missing], xs[missing]
    here = np.stack([ys, xs], axis=1)
    there = field.positions[ys, xs]
    some = there[:, 0] >= 0
    shifts, given = np.unique((there - here)[some], axis=0, return_inverse=True)
    label = np.full(fixed.shape, -1, np.int32)
    label[ys[some], xs[some]] = given.reshape(-1)
    pair = search.pair
    away = np.maximum(np.abs(shifts - np.array(search.corner)) - np.array(near), 0).sum(axis=1)
    if not any(near):
        away = np.maximum(away, pair.size)
    whole = (pair.norms < FORBIDDEN).view(np.uint8)
    shown = expansion.Shown(
        shifts.astype(np.int32),
        away.astype(np.int64) * _AWAY,
        pair.source,
        cv2.dilate(whole, np.ones((pair.size, pair.size), np.uint8)),
        pair.source_labels,
        pair.target_labels,
        search.target,
        fixed,
    )
    labelling = expansion.Labelling(
        label,
        np.zeros(label.shape, np.int64),
        np.full_like(label, -1),
        np.zeros((len(shifts), 4), np.int32),
    )
    yield
    if not expansion.begin(ys, xs, shown, labelling):
        return
    for shift in range(len(shifts)):
        expansion.spread(shift, shown, labelling)
        yield
    there = here + shown.shifts[label[ys, xs]]
    y, x = there.T
    search.target[ys, xs] = search.source[y, x].view(np.uint8) ^ 0x80
    field.positions[ys, xs] = np.where(whole[y, x, None] != 0, there, -1)
