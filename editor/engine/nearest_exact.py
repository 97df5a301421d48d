"""The nearest-neighbour field without approximation: what tests and benchmarks measure against.

Every patch of the source is compared with every patch of the target. Two neighbours at the same
offset share most of their patches, so all targets are done offset by offset with a box filter
(C. Xiao, M. Liu, Y. Nie, Z. Dong: Fast Exact Nearest Patch Matching for Patch-Based Image Editing
and Processing, IEEE TVCG 17(8), 2011). A few targets are simply tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels import exact as kernels
from editor.engine.kernels.exact import BAND, BEHIND, BLOCK
from editor.engine.kernels.patch import BARRED, FORBIDDEN
from editor.engine.patchmatch import Bytes, Field, Search
from editor.engine.step import Step
from editor.engine.threads import Crew

_PAIRS = 1 << 27  # of pixels that are compared before there is a pause
_SINGLE = 1 / 40  # of the targets: up to here each one is tried alone


def nearest_exact(
    target: Bytes,
    source: Bytes,
    *,
    size: int = 7,
    wanted: NDArray[Any] | None = None,
    allowed: NDArray[Any] | None = None,
    threads: int = 1,
) -> Iterator[Step[Field]]:
    """The exact field; of equally good patches the first in reading order."""
    with Crew(threads) as crew:
        search = Search(target, source, size=size, wanted=wanted, allowed=allowed, crew=crew)
        for _ in search.prepare():
            yield Step(0.0)
        few = search.wanted.mean() < _SINGLE
        yield from _one_by_one(search, crew) if few else _by_offset(search, crew)


def _one_by_one(search: Search, crew: Crew) -> Iterator[Step[Field]]:
    field = search.empty_field()
    ys, xs = np.nonzero(search.wanted)
    piece = max(1, _PAIRS // (search.pair.norms.size * 16))
    arguments = (ys, xs, search.pair, *field)
    pauses = crew.passing(
        kernels.try_all, 0, len(ys), *arguments, piece=2 * piece, weight=search.pair.norms.size
    )
    for number, _ in enumerate(pauses):
        yield Step(min(1.0, number * 2 * piece / len(ys)))
    yield Step(1.0, field)


def _by_offset(search: Search, crew: Crew) -> Iterator[Step[Field]]:
    pair, size = search.pair, search.pair.size
    height, width = pair.wanted.shape
    source_height, source_width = pair.norms.shape
    targets = _planes(search.target)
    source = pair.source[: pair.norms.size * pair.channels].view(np.uint8)
    sources = _planes(source.reshape(*pair.norms.shape, pair.channels))
    norms = np.full((source_height, source_width + BEHIND), BARRED, np.int32)
    norms[:, :source_width] = pair.norms
    across = -(-width // BLOCK)
    best = np.full((across, height, BLOCK + BEHIND), FORBIDDEN, np.int32)
    places = np.zeros_like(best)
    blocks = -(-height // BAND) * across
    first, end = size - height, source_height - size + 1
    step = max(1, _PAIRS // (height * width * source_width))
    for dy in range(first, end, step):
        dys = np.array([dy, min(dy + step, end)])
        arguments = (
            dys,
            (0,) * len(targets),
            (0,) * size,
            targets,
            sources,
            norms,
            best,
            places,
        )
        crew(kernels.improve_blocks, 0, blocks, *arguments, weight=source_width * BAND * BLOCK)
        yield Step((dy - first) / (end - first))
    whole = (np.concatenate(part[..., :BLOCK], axis=1)[:, :width] for part in (best, places))
    yield Step(1.0, _field(search, *whole))


def _planes(picture: Bytes) -> NDArray[np.uint8]:
    """(planes, H, W + BEHIND, 4): the channels by four."""
    height, width, channels = picture.shape
    planes = np.zeros((-(-channels // 4), height, width + BEHIND, 4), np.uint8)
    for channel in range(channels):
        planes[channel // 4, :, :width, channel % 4] = picture[:, :, channel]
    return planes


def _field(search: Search, best: NDArray[np.int32], places: NDArray[np.int32]) -> Field:
    pair = search.pair
    height, width = pair.wanted.shape
    field = search.empty_field()
    dy, dx = np.divmod(places, width + pair.norms.shape[1])
    ys, xs = np.mgrid[:height, :width]
    found = np.stack([ys + dy - height, xs + dx - width], axis=2)
    found[best >= FORBIDDEN] = -1
    field.positions[search.wanted] = found[search.wanted]
    a = search.target.astype(np.int64)
    own = np.cumsum(np.cumsum(np.pad((a * (a - 256)).sum(2), ((1, 0), (1, 0))), 0), 1)
    size = pair.size
    r = size // 2
    window = own[size:, size:] - own[:-size, size:] - own[size:, :-size] + own[:-size, :-size]
    inner = np.s_[r : height - r, r : width - r]
    field.distances[inner] = best[inner] + window
    field.distances[best >= FORBIDDEN] = FORBIDDEN
    field.distances[~search.wanted] = 0
    return field
