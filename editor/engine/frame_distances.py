"""Frame distances: how much every frame of a clip differs from every other one.

§3 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000: D_ij is the L2
distance of frames i and j, here per value (root mean square, in levels of 255), so that clips of
any size read alike. All pairs are one matrix product, |xᵢ − xⱼ|² = |xᵢ|² + |xⱼ|² − 2 xᵢ·xⱼ, done in
whole numbers and therefore exact; rows are added while frames come from the decoder.

In even light D is what is left when both frames have the same brightness in each channel and the
same contrast: flicker and clouds make no distance. It comes from the same products, because means
and contrasts are products with a constant frame and with oneself.

Memory: the frames once (1 byte a value) and D once, in float32 (relative error 6·10⁻⁸) up to 8192
frames and in float16 (5·10⁻⁴) above, where the fourth digit changes no loop but 200 MB count.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from editor.engine.image import Mask, frozen
from editor.engine.kernels import products as kernels
from editor.engine.kernels.products import PANEL
from editor.engine.step import Step, last
from editor.engine.threads import Crew

Frames = NDArray[np.uint8]  # (n, H, W[, C])

_BLOCK = 8 * PANEL  # frames compared with all before at a time
_STEPS = 2048  # of four values, between two visits of the sums: a panel's part lies in L2
_PIECE = 1 << 32  # products before there is a pause: some 10 ms
_LONG = 8192  # frames from which D is kept in float16


@dataclass(frozen=True, slots=True)
class Light:
    """What a lamp and an automatic exposure change, frame by frame."""

    means: NDArray[np.float64]  # (N, C), levels
    contrasts: NDArray[np.float64]  # (N,), the deviation from the means, levels


@dataclass(frozen=True, slots=True)
class Distances:
    D: NDArray[Any]  # (N, N), symmetric, float32 or float16: root mean square, levels of 255
    light: Light

    @property
    def count(self) -> int:
        return len(self.D)

    @property
    def neighbours(self) -> float:
        """The median distance of one frame to the next: what the eye takes as going on."""
        if self.count < 2:
            return 0.0
        return float(np.median(self.D.diagonal(1).astype(np.float32)))

    @property
    def still(self) -> bool:
        """No frame differs from any other."""
        return not (self.D[:1].any() or self.D.any())  # the first row says it of most clips


def distances_reference(frames: Frames, *, even_light: bool = False) -> NDArray[np.float64]:
    """D as the paper says it, pair by pair: for tests and for comparison."""
    x = frames.reshape(len(frames), -1, frames.shape[3] if frames.ndim == 4 else 1).astype(float)
    if even_light:
        x = x - x.mean(axis=1, keepdims=True)
    D = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            a, b = x[i], x[j]
            if even_light:
                a_size, b_size = np.sqrt((a**2).sum()), np.sqrt((b**2).sum())
                common = np.sqrt(a_size * b_size)
                a = a * (common / a_size) if a_size else a
                b = b * (common / b_size) if b_size else b
            D[i, j] = np.sqrt(((a - b) ** 2).mean())
    return D


def distances(
    blocks: Iterable[Frames],
    count: int,
    *,
    mask: Mask | None = None,
    even_light: bool = False,
    threads: int = 1,
) -> Iterator[Step[Distances]]:
    """D of a clip whose frames come in blocks of any length, ``count`` of them at most.

    With a mask only the pixels where it is True are compared. After every hundred frames or so a
    Step carries the part that is known; a clip that ends early gives the D of what there was.
    """
    if count < 1:
        raise ValueError("the clip has no frames: there is nothing to compare")
    if mask is not None and not mask.any():
        raise ValueError("the mask of the region is empty: paint where the clip should loop")
    with Crew(threads) as crew:
        yield from _distances(_values(blocks, mask), count, even_light, crew)


def warm_up() -> None:
    """Load the compiled parts: they are compiled when this module is first imported."""
    for even_light in (False, True):
        last(distances([np.zeros((2, 2, 2, 3), np.uint8)], 2, even_light=even_light))


def check_memory(count: int, length: int, *, tables: int = 1) -> None:
    """Refuse before the start what would bring the machine to its knees.

    Several tables are those of regions, which share the frames among them.
    """
    each = 4 if count <= _LONG else 2
    # Frames, D, and the costs made from D.
    needed = (count + _BLOCK) * length + tables * (each + 4) * count**2
    free = psutil.virtual_memory().available
    if needed > 0.8 * free:
        raise ValueError(
            f"comparing {count} frames takes {needed / 1e9:.1f} GB of memory and "
            f"{free / 1e9:.1f} GB are free: set in and out points, or analyse at a smaller size"
        )


def _values(blocks: Iterable[Frames], mask: Mask | None) -> Iterator[tuple[Frames, int]]:
    """The values to compare, (n, values), and the number of channels."""
    shape = None
    for block in blocks:
        if block.dtype != np.uint8 or block.ndim not in (3, 4):
            raise ValueError(
                f"frames come as uint8 of shape (n, H, W[, C]), not {block.dtype} {block.shape}"
            )
        if shape is not None and block.shape[1:] != shape:
            raise ValueError(f"the frames change their size from {shape} to {block.shape[1:]}")
        shape = block.shape[1:]
        if mask is not None and mask.shape != shape[:2]:
            raise ValueError(f"the mask is {mask.shape} and a frame is {shape[:2]}")
        if len(block) == 0:
            continue
        chosen = block if mask is None else block[:, mask]
        yield chosen.reshape(len(block), -1), shape[2] if len(shape) == 3 else 1


def _distances(
    blocks: Iterator[tuple[Frames, int]], count: int, even_light: bool, crew: Crew
) -> Generator[Step[Distances], None, None]:
    table: _Table | None = None
    done = 0
    for values, channels in blocks:
        if table is None:
            table = _Table(count, values.shape[1], channels, even_light, crew)
        if table.taken + len(values) > count:
            raise ValueError(f"the clip has more frames than the {count} that were announced")
        for low in range(0, len(values), _BLOCK):
            for _ in table.take(values[low : low + _BLOCK]):
                yield Step(table.taken / count)
        if table.known > done:
            done = table.known
            yield Step(table.taken / count, table.so_far())
    if table is None or table.taken == 0:
        raise ValueError("the clip has no frames: there is nothing to compare")
    for _ in table.finish():
        yield Step(table.taken / count)
    yield Step(1.0, table.whole())


class _Table:
    """D as it grows: frames are packed as they come and compared a block at a time."""

    def __init__(
        self, count: int, length: int, channels: int, even_light: bool, crew: Crew
    ) -> None:
        check_memory(count, length)
        self._length, self._crew = length, crew
        words = -(-length // 4)
        panels = -(-count // (2 * PANEL)) * 2
        self._panels = np.zeros((panels, words, PANEL), np.int32)
        self._waiting = np.full((_BLOCK, 4 * words), 128, np.uint8)  # 128 is the 0 of a panel
        self._sums = np.zeros((count + _BLOCK, channels), np.int64)
        self._squares = np.zeros(count + _BLOCK, np.int64)
        self._D = np.zeros((count, count), np.float32 if count <= _LONG else np.float16)
        self._roots = kernels.square_roots_in_even_light if even_light else kernels.square_roots
        self.known = 0  # frames in D
        self.taken = 0  # frames that came

    def take(self, values: Frames) -> Generator[None, None, None]:
        """Some frames more, no more than a block."""
        while len(values):
            at = self.taken - self.known
            some = values[: _BLOCK - at]
            self._waiting[at : at + len(some), : self._length] = some
            self.taken += len(some)
            values = values[len(some) :]
            if self.taken - self.known == _BLOCK:
                yield from self.finish()
            else:
                yield

    def finish(self) -> Generator[None, None, None]:
        """Compare the frames that wait with one another and all before."""
        first, stop = self.known, self.taken
        if first == stop:
            return
        crew, panels = self._crew, self._panels
        count = -(-(stop - first) // PANEL)
        words = self._waiting.view(np.int32)
        weight = words.shape[1]
        crew(kernels.pack, 0, count, words, panels, first // PANEL, weight=weight)
        crew(
            kernels.sum_channels, 0, stop - first, self._waiting, self._length,
            self._sums[first : first + _BLOCK], weight=weight,
        )  # fmt: skip
        yield
        pairs = -(-stop // (2 * PANEL))
        products = np.zeros((count * PANEL, pairs * 2 * PANEL), np.int64)
        products += 128 * self._total(pairs * 2 * PANEL)
        piece = max(1, _PIECE // (count * PANEL * 2 * PANEL * 4 * _STEPS))
        for low in range(0, panels.shape[1], _STEPS):
            high = min(low + _STEPS, panels.shape[1])
            yield from crew.passing(
                kernels.add_products, 0, pairs, panels, first // PANEL, count, low, high, products,
                piece=piece, weight=(high - low) * count,
            )  # fmt: skip
        own = products[: stop - first, first:stop]
        self._squares[first:stop] = own.diagonal()
        rows = np.empty((stop - first, stop), np.float32)
        crew(
            self._roots, 0, stop - first, products, first, self._sums, self._squares,
            self._length, rows, weight=stop,
        )  # fmt: skip
        yield
        self._D[first:stop, :stop] = rows
        self._D[:first, first:stop] = rows[:, :first].T
        self.known = stop

    def so_far(self) -> Distances:
        return Distances(frozen(self._D[: self.known, : self.known]), self._light())

    def whole(self) -> Distances:
        D = self._D[: self.known, : self.known]
        return Distances(frozen(np.ascontiguousarray(D)), self._light())

    def _total(self, count: int) -> NDArray[np.int64]:
        """Σ of all values of the first frames, 0 for those to come."""
        total = np.zeros(count, np.int64)
        known = self._sums[:count].sum(axis=1)
        total[: len(known)] = known
        return total

    def _light(self) -> Light:
        sums = self._sums[: self.known]
        means = sums / (self._length / sums.shape[1])
        around = self._squares[: self.known] - (sums * means).sum(axis=1)
        return Light(means, np.sqrt(np.maximum(around, 0) / self._length))
