"""What a fast texture begins with: pieces of the sample side by side, each of which fits.

A. Efros, W. Freeman: Image Quilting for Texture Synthesis and Transfer, SIGGRAPH 2001. Without its
cuts, which would be seen: here the passes that follow close the seams.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.kernels.texture import STYLE
from editor.engine.kernels.texture_start import UNKNOWN, lay_pieces

PIECE = 26  # pixels across, and with a guide half as many, …
_OVER = 7  # … of which at least so many lie over the pieces beside
_PRICE = 2.4  # of a piece that is seen twice as often as all, where all is to be used evenly
_TRIED = 512  # places of the sample for each piece
_AT_ONCE = 64  # pieces before there is a pause

Places = NDArray[np.int32]  # (…, 2): y and x


def lay(
    sample: NDArray[np.uint8],
    allowed: NDArray[np.uint8],
    wraps: tuple[bool, bool],
    spread: float,
    seed: int,
    room: NDArray[np.uint8],
) -> Generator[None, None, Places]:
    """Fill the room with pieces; which pixel of the sample each of its pixels became.

    ``wraps``: whether rows and columns go on at the opposite edge; ``spread``: how evenly all of
    the sample is used. What the room holds behind the STYLE are its guides, which stay and which
    the pieces follow as well.
    """
    guided = room.shape[2] > STYLE
    corners, side = _corners(allowed, PIECE // 2 if guided else PIECE)
    source, price = np.full((*room.shape[:2], 2), UNKNOWN, np.int32), _PRICE * spread**3
    uses, choice, laid = np.zeros(sample.shape[:2], np.int32), int(np.count_nonzero(allowed)), 0
    places, rng = _grid(room.shape, side, wraps), np.random.default_rng(seed)
    for first in range(0, len(places), _AT_ONCE):
        some = places[first : first + _AT_ONCE]
        tried = _drawn(corners, len(some), rng)
        laid = lay_pieces(some, tried, side, laid, price, choice, sample, uses, room, source)
        yield
    return source


def _drawn(corners: Places, pieces: int, rng: np.random.Generator) -> Places:
    """What is tried for each piece: all there are, in any order, or as many by chance."""
    if len(corners) > _TRIED:
        return np.asarray(corners[rng.integers(len(corners), size=(pieces, _TRIED))])
    every = np.tile(np.arange(len(corners)), (pieces, 1))
    return np.asarray(corners[rng.permuted(every, axis=1)])


def _grid(shape: tuple[int, ...], side: int, wraps: tuple[bool, bool]) -> Places:
    """Where pieces begin: row by row, at the same distance from each other."""
    begins = []
    for length, wrapped in zip(shape, wraps, strict=False):
        room = length if wrapped else max(0, length - side)
        count = max(1, -(-room // (side - _OVER)))
        begins.append(np.arange(count + (not wrapped)) * room // count)
    grid = np.stack(np.meshgrid(*begins, indexing="ij"), axis=-1)
    return np.asarray(grid.reshape(-1, 2), np.int32)


def _corners(allowed: NDArray[np.uint8], most: int) -> tuple[Places, int]:
    """Where pieces of which all is allowed begin, and how wide they are."""
    for side in range(min(most, *allowed.shape), _OVER, -1):
        whole = np.ones((side, side), np.uint8)
        from_here = cv2.erode(
            allowed, whole, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0
        )
        if from_here.any():
            return np.ascontiguousarray(np.argwhere(from_here), np.int32), side
    raise ValueError("nothing of the sample may be copied")
