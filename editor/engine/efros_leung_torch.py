"""The exact search of Efros and Leung in torch: a whole front of pixels at once, on a CUDA card.

Pixels of a list that do not lie in each other's window need not wait for each other. So a list is
taken in waves: whoever waits for nobody goes first, then those who waited only for them, and the
result is that of one pixel after the other. The distances of a wave to all of the samples are one
convolution of the samples with the coefficients of the windows (see ``kernels.efros_leung``), in
float64: whatever way the library takes there, what it returns is less than a half away from the
whole number it should be, which rounding gives back. So the pixels are those of the other versions.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import conv2d

from editor.engine.kernels import efros_leung as kernels
from editor.engine.kernels.efros_leung import Record
from editor.engine.kernels.efros_leung_search import Canvas, Samples, Shape
from editor.engine.kernels.efros_leung_vectors import LANES

_BYTES = 1 << 28  # of memory for the distances of a wave
_PRODUCTS = {"cpu": 1 << 28, "cuda": 1 << 35}  # for one wave, so that Esc is heard


class TorchSearch:
    """The samples on a device, and the search in them."""

    def __init__(self, samples: Samples, shape: Shape, channels: int, device: str) -> None:
        self._samples, self._shape, self._channels = samples, shape, channels
        self._device = torch.device(device)
        window, stride = shape.window, samples.stride
        rows = len(samples.label) // stride
        pairs = samples.pixels.reshape(-1, samples.plane // 2, 2)[:, : rows * stride]
        planes = pairs.transpose(0, 2, 1).reshape(1, -1, rows, stride)  # 1, 2 per plane, y, x
        self._pixels = torch.from_numpy(planes.astype(np.float64)).to(self._device)
        r = window // 2
        allowed = samples.label.reshape(rows, stride)[r : rows - r, r : stride - r] >= 0
        self._allowed = torch.from_numpy(allowed).to(self._device).reshape(-1)
        self._corner, self._across = r * stride + r, stride - 2 * r
        count = self._allowed.numel()
        products = count * window**2 * planes.shape[1]
        most = min(_BYTES // (32 * count), _PRODUCTS[self._device.type] // products)
        self._together = max(1, most)

    def distances(self, coefficients: NDArray[np.int16], begin: NDArray[np.int64]) -> torch.Tensor:
        """(B, positions): the whole-number distances of B windows, as float64; inf: no candidate.

        ``coefficients`` are (B, numbers per pixel, window, window), ``begin`` is what the samples
        do not decide.
        """
        factors = torch.from_numpy(coefficients.astype(np.float64)).to(self._device)
        start = torch.from_numpy(begin.astype(np.float64)).to(self._device)
        d = conv2d(self._pixels, factors).reshape(len(begin), -1).round_() + start[:, None]
        return d.masked_fill_(~self._allowed, torch.inf)

    def fill(
        self,
        low: int,
        high: int,
        listed: NDArray[np.int64],
        randoms: NDArray[np.uint64],
        canvas: Canvas,
        epsilon: float,
        max_error: float,
        record: Record,
    ) -> None:
        """Fill the pixels listed[low:high], as ``kernels.efros_leung.fill`` does."""
        waves = kernels.waves(low, high, listed, canvas, self._shape.window // 2)
        for wave in range(int(waves.max()) + 1):
            members = low + np.flatnonzero(waves == wave)
            for first in range(0, len(members), self._together):
                part = members[first : first + self._together]
                windows, begin, weight = self._opened_up(listed[part], canvas)
                d = self.distances(windows, begin)
                chosen, distance = self._picked(d, epsilon, randoms[part])
                kernels.settle(
                    part,
                    listed,
                    chosen,
                    distance,
                    weight,
                    self._samples,
                    canvas,
                    self._channels,
                    max_error,
                    record,
                )

    def _opened_up(
        self, places: NDArray[np.int64], canvas: Canvas
    ) -> tuple[NDArray[np.int16], NDArray[np.int64], NDArray[np.int64]]:
        """Coefficients of these windows, what of a distance they decide alone, and Σ w."""
        window, r = self._shape.window, self._shape.window // 2
        near = np.arange(window) - r
        rows = places[:, None, None] + near[:, None] * canvas.stride + near
        pixels = canvas.pixels.reshape(-1, canvas.plane // 2, 2)
        seen = pixels[:, rows].transpose(1, 0, 4, 2, 3)  # B, plane, 2, window, window
        weights = self._shape.weights.reshape(window, -1, self._shape.vectors * LANES, 2)
        factors = weights[:, :, :window].transpose(1, 3, 0, 2)  # plane, 2, window, window
        coefficients = seen * factors
        products = (coefficients.astype(np.int64) * seen).sum(axis=(1, 2, 3, 4))
        weight = coefficients[:, -1, 1].sum(axis=(1, 2), dtype=np.int64)
        begin = (weight - products) // 2 + self._shape.offset * weight
        return coefficients.reshape(len(places), -1, window, window), begin, weight

    def _picked(
        self, d: torch.Tensor, epsilon: float, randoms: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """One of the matches of each window, by chance: its position and distance."""
        best = d.min(dim=1, keepdim=True).values
        order = torch.cumsum(d <= torch.floor((1.0 + epsilon) * best), dim=1, dtype=torch.int32)
        count = order[:, -1].cpu().numpy().astype(np.uint64)
        index = ((randoms >> np.uint64(32)) * count) >> np.uint64(32)
        wanted = torch.from_numpy(index.astype(np.int32) + np.int32(1)).to(self._device)
        place = torch.searchsorted(order, wanted[:, None])
        distance = d.gather(1, place)[:, 0].cpu().numpy().astype(np.int64)
        y, x = np.divmod(place[:, 0].cpu().numpy(), self._across)
        return self._corner + y * self._samples.stride + x, distance
