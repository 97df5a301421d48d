"""PatchMatch as the paper says it, slowly: for tests, and for those who read.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch: A Randomized Correspondence
Algorithm for Structural Image Editing, ACM Transactions on Graphics 28(3), 2009, section 3.

Some things differ from the paper. So that the compiled version can work on several processors and
still give exactly this field, pixels are visited in the tiles of a chessboard, first all tiles of
one colour, and within a tile a row is propagated and then searched, not pixel by pixel. And the
search begins nearer with each sweep, far away again in every fifth: what is far was tried before;
unless it is thorough it goes on to a quarter of the radius, not to half of it. A random number
belongs to its seed, sweep and pixel, whoever draws it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels.nearest import TILE
from editor.engine.kernels.random import bits
from editor.engine.patchmatch import first_radius

Bytes = NDArray[np.uint8]
Place = tuple[int, int]
Field = dict[Place, tuple[int, Place]]  # target centre → (distance, source centre)

_MASK = (1 << 64) - 1


def nearest_reference(
    target: Bytes,
    source: Bytes,
    size: int,
    sweeps: int,
    seed: int,
    *,
    tile: int = TILE,
    propagates: bool = True,
    searches: bool = True,
    thorough: bool = True,
) -> Field:
    """The field of all patches inside the target; either half of the algorithm can be left out."""
    f: Field = {}
    for p in _centres(target, size):
        q = _anywhere(int(bits_of(bits_of(seed, p[0] * target.shape[1] + p[1]), 0)), source, size)
        f[p] = distance(target, source, size, p, q), q
    for sweep in range(sweeps):
        for row in rows(target, size, sweep, tile):
            for p in row if propagates else ():
                propagate(f, target, source, size, sweep, p)
            for p in row if searches else ():
                search(f, target, source, size, sweep, seed, p, 1 / 2 if thorough else 1 / 4)
    return f


def distance(target: Bytes, source: Bytes, size: int, p: Place, q: Place) -> int:
    """D: the sum of squared differences between the patch at p and the patch at q."""
    r = size // 2
    a = target[p[0] - r : p[0] + r + 1, p[1] - r : p[1] + r + 1].astype(np.int64)
    b = source[q[0] - r : q[0] + r + 1, q[1] - r : q[1] + r + 1].astype(np.int64)
    return int(((a - b) ** 2).sum())


def propagate(f: Field, target: Bytes, source: Bytes, size: int, sweep: int, p: Place) -> None:
    """Try the offsets of the neighbours: what is right for one is likely right for the next."""
    r, step = size // 2, 1 if sweep % 2 == 0 else -1
    for dy, dx in ((0, step), (step, 0)):
        neighbour = p[0] - dy, p[1] - dx
        if neighbour in f:
            y, x = f[neighbour][1]
            q = y + dy, x + dx
            if r <= q[0] < len(source) - r and r <= q[1] < source.shape[1] - r:
                improve(f, target, source, size, p, q)


def search(
    f: Field, target: Bytes, source: Bytes, size: int, sweep: int, seed: int, p: Place, alpha: float
) -> None:
    """u_i = v_0 + w αⁱ R_i around the best match so far, inside the source."""
    r, v = size // 2, f[p][1]
    state = bits_of(bits_of(seed, sweep), p[0] * target.shape[1] + p[1])
    w = first_radius(max(source.shape[:2]), sweep)
    while w >= 1:
        state = (state * 6364136223846793005 + 1442695040888963407) & _MASK
        draws = state >> 48, (state >> 32) & 0xFFFF
        q = []
        for at, length, draw in zip(v, source.shape[:2], draws, strict=True):
            low, high = max(at - w, r), min(at + w, length - 1 - r)
            q.append(low + (draw * (high - low + 1) >> 16))
        improve(f, target, source, size, p, (q[0], q[1]))
        w = int(alpha * w)


def improve(f: Field, target: Bytes, source: Bytes, size: int, p: Place, q: Place) -> None:
    """Of two equally good matches the one that was first stays."""
    D = distance(target, source, size, p, q)
    if f[p][0] > D:
        f[p] = D, q


def rows(target: Bytes, size: int, sweep: int, tile: int = TILE) -> Iterator[list[Place]]:
    """Rows of the tiles, in the order and the direction of a sweep."""
    step = 1 if sweep % 2 == 0 else -1
    corners = [(y, x) for y in range(0, len(target), tile) for x in range(0, target.shape[1], tile)]
    inside = set(_centres(target, size))
    for colour in range(2):
        for top, left in corners:
            if (top + left) // tile % 2 == colour:
                for y in range(top, top + tile)[::step]:
                    yield [(y, x) for x in range(left, left + tile)[::step] if (y, x) in inside]


def bits_of(seed: int, counter: int) -> int:
    return int(bits(np.uint64(seed), np.uint64(counter)))


def _centres(picture: Bytes, size: int) -> list[Place]:
    r = size // 2
    height, width = picture.shape[:2]
    return [(y, x) for y in range(r, height - r) for x in range(r, width - r)]


def _anywhere(draw: int, source: Bytes, size: int) -> Place:
    r = size // 2
    height, width = source.shape[0] - 2 * r, source.shape[1] - 2 * r
    return r + ((draw >> 32) * height >> 32), r + ((draw & 0xFFFFFFFF) * width >> 32)
