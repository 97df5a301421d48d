"""Which views of the samples there are, and how they are made: see ``kernels.efros_leung_views``.

They are made when a shape is met often enough to pay. The search is exact with any of them or none.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.efros_leung_reference import gaussian_weights
from editor.engine.kernels import efros_leung_views as kernels
from editor.engine.kernels.efros_leung_search import Canvas, Samples
from editor.engine.kernels.efros_leung_vectors import BLOCK
from editor.engine.kernels.efros_leung_views import Views
from editor.engine.threads import Crew

_ANGLES = (225, 180, 135, 90)  # what is known seen from the pixel, in degrees, in eight directions
_NEAR = (180, 90)  # the same, but only so far as …
_REACH = 2.0  # … twice the Gaussian's deviation
_STAGES = (3, 8), (3, 8, 24)  # pairs of numbers after which it is asked who is left …
_WIDE = 15  # … and the more of them for windows wider than this
_PAYS = 1000  # pixels that wish for a view before it is made
_LOOKED_AT = 4  # every so manieth pixel is asked what it wishes
_DRAWN = 1024  # windows from which the directions are found
_TURNS = 2  # of the iteration that finds them
_LARGEST = 16_000  # a code, so that twice of it fits into 16 bits
_BYTES = 1 << 28  # of memory for all codes
_ROWS = 256  # windows that are multiplied before there is a pause …
_BANDS = 16  # … and bands that are projected …
_BLOCKS = 128  # … and blocks that are packed


class Vantage:
    """The views of some samples, those that have been made and those that could be."""

    def __init__(self, samples: Samples, channels: int, window: int) -> None:
        self._samples, self._channels, self._window = samples, channels, window
        self._shapes = _shapes(window)
        self._wishes = np.zeros(len(self._shapes), np.int64)
        stages = np.array(_STAGES[window > _WIDE])
        pairs = int(stages[-1])
        blocks = -(-len(samples.first) // BLOCK)
        each = blocks * BLOCK * 4 * (pairs + len(stages))
        slots = min(len(self._shapes), _BYTES // each)
        taps = max(int(shape.sum()) for shape in self._shapes)
        words = -(-(window**2) // 64)
        bits = np.zeros((len(self._shapes), 8 * words), np.uint8)
        packed = np.packbits(
            np.reshape(self._shapes, (len(self._shapes), -1)), axis=1, bitorder="little"
        )
        bits[:, : packed.shape[1]] = packed
        self.views = Views(
            bits.view("<u8").astype(np.uint64),
            np.full(len(self._shapes), -1),
            np.full((slots, taps), -1, np.int32),
            np.zeros((slots, taps * channels, 2 * pairs), np.float32),
            _aligned((slots, blocks, pairs, BLOCK, 2), np.int16),
            _aligned((slots, blocks, len(stages), BLOCK), np.int32),
            np.zeros(slots),
            np.arange(pairs) * (2 * BLOCK),
            stages,
        )

    def improve(
        self, listed: NDArray[np.int64], canvas: Canvas, crew: Crew
    ) -> Generator[None, None, None]:
        """Make the views that these pixels and those before have wished for."""
        last = len(canvas.pixels) - canvas.plane
        some = listed[::_LOOKED_AT]
        what = canvas.pixels, canvas.stride, last, self._window
        kernels.wishes(self.views, some, *what, self._wishes)
        wished = (self._wishes * _LOOKED_AT > _PAYS) & (self.views.slot < 0)
        for shape in np.flatnonzero(wished):
            slot = int((self.views.slot >= 0).sum())
            if slot < len(self.views.scale):
                yield from self._make(int(shape), slot, crew)

    def _make(self, shape: int, slot: int, crew: Crew) -> Generator[None, None, None]:
        samples, views, channels = self._samples, self.views, self._channels
        taps = np.flatnonzero(self._shapes[shape])
        ys, xs = np.divmod(taps, self._window)
        r = self._window // 2
        offsets = (ys - r) * samples.stride + xs - r
        pixels = samples.pixels.reshape(-1, samples.plane // 2, 2)
        colours = pixels.transpose(0, 2, 1).reshape(-1, samples.plane // 2)[:channels]
        root = np.sqrt(gaussian_weights(self._window).ravel()[taps].astype(np.float64))
        drawn = samples.first[:: max(1, len(samples.first) // _DRAWN)]
        seen = np.empty((len(drawn), len(taps) * channels))
        look = colours, drawn, offsets, root, seen
        yield from crew.passing(kernels.see, 0, len(seen), *look, piece=_ROWS, weight=seen.shape[1])
        basis = yield from _directions(seen, views.basis.shape[2], crew)
        scale = _LARGEST / (128 * np.sqrt(channels) * np.linalg.norm(root))
        factors = (scale * basis * np.repeat(root, channels)[:, None]).astype(np.float32)
        views.taps[slot, : len(taps)] = taps
        views.basis[slot, : len(factors)] = factors
        views.scale[slot] = scale
        low, high = int(samples.first[0]), int(samples.first[-1]) + 1
        codes = np.empty((views.basis.shape[2], high - low), np.float32)
        reach = r * samples.stride + r
        floats = colours[:, low - reach : high + reach].astype(np.float32)
        begins = ((offsets + reach)[:, None] + np.arange(channels) * floats.shape[1]).ravel()
        more = -len(begins) % 4  # numbers that count nothing
        work = (
            floats.ravel(),
            np.pad(begins, (0, more)),
            np.pad(factors, ((0, more), (0, 0))),
            codes,
        )
        weight = len(factors) * kernels.BAND * len(codes)
        bands = -(-codes.shape[1] // kernels.BAND)
        yield from crew.passing(kernels.project, 0, bands, *work, piece=_BANDS, weight=weight)
        yield from crew.passing(
            kernels.pack,
            0,
            views.codes.shape[1],
            codes,
            samples.first,
            low,
            slot,
            views,
            piece=_BLOCKS,
            weight=BLOCK * len(codes),
        )
        views.slot[shape] = slot


def _shapes(window: int) -> list[NDArray[np.bool_]]:
    """The shapes a window may be known in, the heaviest first: wedges around the pixel."""
    weights, r = gaussian_weights(window), window // 2
    ys, xs = np.mgrid[-r : r + 1, -r : r + 1]
    shapes = {}
    for angles, reach in ((_ANGLES, np.inf), (_NEAR, _REACH * window / 6.4)):
        for angle in angles:
            for direction in range(8):
                turn = np.pi / 4 * direction
                dy, dx = ys - np.sin(turn), xs - np.cos(turn)  # seen from one pixel on
                away = np.abs(np.angle(np.exp(1j * (np.arctan2(dy, dx) - turn))))
                wedge = (away <= np.radians(angle) / 2 + 1e-6) | (np.hypot(dy, dx) < 1e-6)
                wedge &= (np.hypot(ys, xs) <= reach) & (weights > 0)
                wedge[r, r] = False
                if wedge.any():
                    shapes[wedge.tobytes()] = wedge
    return sorted(shapes.values(), key=lambda wedge: -int(weights[wedge].sum()))


def _directions(
    seen: NDArray[np.float64], count: int, crew: Crew
) -> Generator[None, None, NDArray[np.float64]]:
    """Orthonormal directions in which these rows differ most: (numbers in a row, count).

    Not by a library for matrices: its own threads wait for each other in a loop, which on a busy
    machine took longer than all the rest.
    """
    seen -= seen.mean(axis=0)
    across = np.ascontiguousarray(seen.T)
    seen_along, basis = np.empty((len(seen), count)), np.empty((len(across), count))
    basis[:] = np.random.default_rng(0).standard_normal(basis.shape)
    for turn in range(_TURNS + 1):
        directions = np.ascontiguousarray(basis.T)
        kernels.orthonormalise(directions)
        basis[:] = directions.T
        yield
        yield from _product(seen, basis, seen_along, crew)
        if turn < _TURNS:
            yield from _product(across, seen_along, basis, crew)
    return basis[:, np.argsort(-(seen_along**2).sum(axis=0))]


def _product(
    rows: NDArray[np.float64], columns: NDArray[np.float64], result: NDArray[np.float64], crew: Crew
) -> Generator[None, None, None]:
    work = rows, columns, result
    yield from crew.passing(kernels.multiply, 0, len(rows), *work, piece=_ROWS, weight=columns.size)


def _aligned(shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
    """An empty array that begins where a vector is loaded in one go."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.empty(size + 64, np.uint8)
    begin = -raw.ctypes.data % 64
    return raw[begin : begin + size].view(dtype).reshape(shape)
