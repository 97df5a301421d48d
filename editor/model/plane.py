"""A plane of pixels that is written in place, yet hands out pictures of itself that never change.

``frozen()`` costs nothing. Only if somebody still looks at it when the next write comes is the
plane copied once: an undo step on a 100-megapixel picture touches its own rectangle and no more.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Rect

_TILE = 256
_WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32}


class Plane:
    def __init__(self, array: NDArray[Any], *, blank: bool = False) -> None:
        self._array = np.require(array, requirements=["C", "O", "W"])
        self.blank = blank  # nothing but zeros, of which nobody need look for another number
        self._look: weakref.ref[NDArray[Any]] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self._array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._array.dtype

    @property
    def nbytes(self) -> int:
        return self._array.nbytes

    def frozen(self) -> NDArray[Any]:
        """The plane as it is now, read-only and for ever; O(1)."""
        look = self._look() if self._look is not None else None
        if look is None:
            # Views of this array keep *it* alive, not the plane's own array, because numpy does not
            # look for a base behind a memoryview: so one weak reference knows of every view.
            look = np.asarray(memoryview(self._array.data).toreadonly())
            self._look = weakref.ref(look)
        return look

    def crop(self, rect: Rect) -> NDArray[Any]:
        """A copy of the pixels in a rectangle."""
        return self._array[rect.slices].copy()

    def any(self, rect: Rect) -> bool:
        """Whether a rectangle of it holds anything but zeros."""
        return bool(self._array[rect.slices].any())

    def swap(self, rect: Rect, delta: NDArray[Any]) -> None:
        """Exchange before and after in the rectangle: undo and redo are this same act."""
        if self._look is not None and self._look() is not None:
            self._array = self._array.copy()
        self._look, self.blank = None, False
        part = self._array.view(_WORDS[self._array.dtype.itemsize])[rect.slices]
        np.bitwise_xor(part, delta, out=part)


def differences(
    before: NDArray[Any], rect: Rect, after: NDArray[Any]
) -> Iterator[tuple[Rect, NDArray[Any]]]:
    """What ``swap`` needs to put these pixels there: of each tile the part that is different."""
    part = before[rect.slices]
    if after.shape != part.shape or after.dtype != part.dtype:
        raise ValueError(
            f"pixels of shape {after.shape} {after.dtype} do not fit a place of shape "
            f"{part.shape} {part.dtype}"
        )
    word = _WORDS[part.dtype.itemsize]
    for y in range(0, rect.height, _TILE):
        for x in range(0, rect.width, _TILE):
            tile = Rect(x, y, _TILE, _TILE).within(Rect.whole(part))
            old, new = (np.ascontiguousarray(a[tile.slices]).view(word) for a in (part, after))
            delta = old ^ new
            other = Rect.around(delta)
            if not other.empty:
                place = other.moved(rect.x + tile.x, rect.y + tile.y)
                yield place, np.ascontiguousarray(delta[other.slices])
