"""The nearest-neighbour field in torch: all patches at once, on a CUDA card.

What is searched is what ``patchmatch`` searches; how, is made for thousands of lanes. A sweep of
the paper walks from pixel to pixel, and a good match walks with it. Here it jumps (G. Rong,
T.-S. Tan: Jump Flooding in GPU, I3D 2006; P. Yu and others did the same to PatchMatch): in each
round every patch asks the four that lie 16, then 8, 4, 2 and 1 pixels away, as they were before the
round. The random search then looks at all its radii at once.

Distances are whole numbers, random numbers belong to seed, sweep and pixel, and of equal candidates
the first place in the picture is taken. So a seed gives the same field on every device, in tiles of
any size.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from editor.engine.kernels.nearest import Pair
from editor.engine.kernels.patch import FORBIDDEN
from editor.engine.patchmatch import FREE, Field, Search
from editor.engine.step import Step
from editor.engine.threads import Crew

_JUMPS = (16, 8, 4, 2, 1)
_MEMORY = {"cpu": 1 << 23, "cuda": 1 << 30}  # bytes for the patches of a tile
_LEAST = 1 << 20  # with less than this a card is of no use
BROKEN = (RuntimeError, AssertionError)  # torch out of memory, a lost driver, a torch without CUDA
_PLACES = 1 << 32  # a distance and a place in one number: the distance counts first
_NOTHING = FORBIDDEN * _PLACES
_DRAWN, _ADDED = 6364136223846793005, 1442695040888963407

Bytes = NDArray[np.uint8]
Pauses = Generator[None, None, None]
Propose = Callable[[slice], Tensor]


@dataclass(slots=True)
class Card:
    """A device of torch, what memory it gives for a tile, and what is to be told at the end."""

    device: str = "cuda"
    memory: int = 0  # bytes; 0 is what suits the device
    failed: bool = False
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        kind = torch.device(self.device).type
        if kind not in _MEMORY:
            raise ValueError(f"the device is {self.device}: choose cpu or cuda")
        self.memory = self.memory or _MEMORY[kind]

    def halve(self) -> None:
        """Take smaller tiles from now on; torch.OutOfMemoryError if they are the smallest."""
        if self.memory < 2 * _LEAST:
            raise torch.OutOfMemoryError(f"not even {_LEAST >> 20} MB for a tile")
        self.memory //= 2
        if torch.device(self.device).type == "cuda":
            torch.cuda.empty_cache()

    def fail(self, problem: Exception) -> None:
        """From now on the processor does the work, and one sentence says so.

        A problem that is not the card's is raised again: it is a mistake of ours.
        """
        text = str(problem).partition("\n")[0]
        if isinstance(problem, torch.OutOfMemoryError):
            cause = "has too little free memory"
        elif "CUDA" in text or "NVIDIA" in text:
            cause = f"reports: {text}"
        else:
            raise problem
        self.failed = True
        self.notices.append(f"The graphics card {cause}; the processor did the rest.")


class TorchSearch:
    """What a prepared Search knows, on a device, and the places found so far.

    The wanted centres are a list, ``at``, of pixels of the target counted row by row. ``places``
    holds for each a pixel of the source, -1 for none, and ``distances`` how far it is; ``grid``
    holds the places pixel by pixel.
    """

    def __init__(self, pair: Pair, card: Card) -> None:
        self._card, self._pair = card, pair
        self.source = self._to_device(pair.source)  # less 128, as in the pair
        self._target = torch.empty(len(pair.target), dtype=torch.int8, device=card.device)
        self._height, self._width = pair.norms.shape
        self._across = pair.wanted.shape[1]
        self._allowed = self._to_device(pair.norms < FORBIDDEN).reshape(-1)
        wanted = np.flatnonzero(pair.wanted)
        self.at = self._to_device(wanted)
        self._ys, self._xs = self.at // self._across, self.at % self._across
        self._numbers = pair.first + self._ys * pair.across + self._xs  # to draw by
        self._labels = None
        if pair.target_labels.size > 1:
            labels = pair.target_labels.reshape(-1)[wanted], pair.source_labels.reshape(-1)
            self._labels = [self._to_device(one) for one in labels]
        self.places = torch.full_like(self.at, -1)
        self.distances = torch.full(
            (len(wanted),), FORBIDDEN, dtype=torch.int32, device=card.device
        )
        self.grid = torch.full((pair.wanted.size,), -1, dtype=torch.int64, device=card.device)

    def look(self) -> None:
        """Take over the target as it is now."""
        self._target.copy_(torch.from_numpy(self._pair.target ^ np.uint8(0x80)).view(torch.int8))

    def begin(self, positions: NDArray[np.int32], seed: int) -> Pauses:
        """Start with these positions, (H, W, 2); what is not valid in them is drawn."""
        self.put(positions)
        given, drawn = self.places, self._draw(seed)
        self.places = torch.full_like(given, -1)
        self.distances.fill_(FORBIDDEN)
        yield

        def start(part: slice) -> Tensor:
            valid = self._may(part, given[part, None])
            return torch.where(valid, given[part, None], drawn[part, None])

        yield from self._round(start)

    def put(self, positions: NDArray[np.int32]) -> None:
        """Take these positions (H, W, 2) for the places, as they are."""
        wanted = self._to_device(positions[self._pair.wanted != 0]).long()
        ys, xs = wanted.unbind(dim=1)
        inside = (ys >= 0) & (xs >= 0) & (ys < self._height) & (xs < self._width)
        self.places = torch.where(inside, ys * self._width + xs, -1)
        self.grid[self.at] = self.places

    def sweep(self, seed: int, number: int, reach: int) -> Pauses:
        """Improve all places once: propagation, then random search from ``reach`` on."""
        for jump in _JUMPS:
            yield from self._round(partial(self._propagated, jump))
        turn = int(bits(seed, torch.tensor([number])))
        yield from self._round(partial(self._searched, turn, reach))

    def store(self, field: Field) -> Pauses:
        """Write what was found into a field."""
        ys, xs = np.nonzero(self._pair.wanted)
        yield
        places, distances = self.places.cpu().numpy(), self.distances.cpu().numpy()
        yield
        for low in range(0, len(ys), 1 << 17):
            part = slice(low, low + (1 << 17))
            found = np.stack(np.divmod(places[part], self._width), axis=1)
            found[places[part] < 0] = -1
            field.positions[ys[part], xs[part]] = found
            field.distances[ys[part], xs[part]] = distances[part]
            yield

    def _round(self, propose: Propose) -> Pauses:
        """Every patch looks at what is proposed to it, and takes what is nearer than its own.

        ``propose`` names for a part of the list some places each, (B, K), -1 for none.
        """
        after = self.places.clone()
        low = 0
        while low < len(self.at):
            part = slice(low, low + self._together)
            try:
                best = self._best_of(part, propose(part))
            except torch.OutOfMemoryError:
                best = None  # what the exception holds is let go of first
            if best is None:
                self._card.halve()
                continue
            distance = (best // _PLACES).int()
            closer = distance < self.distances[part]
            after[part] = torch.where(closer, best % _PLACES, after[part])
            self.distances[part] = torch.where(closer, distance, self.distances[part])
            low = part.stop
            yield
        self.places = after
        self.grid[self.at] = after

    @property
    def _together(self) -> int:
        """How many patches are looked after at once: each has up to 16 candidates."""
        pair = self._pair
        return max(1, self._card.memory // (16 * 8 * pair.size**2 * pair.channels))

    def _best_of(self, part: slice, candidates: Tensor) -> Tensor:
        """(B,): the nearest of some candidates (B, K), its distance and place in one number."""
        candidates = torch.where(self._may(part, candidates), candidates, -1)
        new = (candidates >= 0) & (candidates != self.places[part, None])
        i, k = new.nonzero(as_tuple=True)
        places = candidates[i, k]
        keys = torch.full_like(candidates, _NOTHING)
        keys[i, k] = self._distances(self.at[part][i], places).long() * _PLACES + places
        return keys.amin(dim=1)

    def _distances(self, at: Tensor, places: Tensor) -> Tensor:
        """(n,): the sums of squared differences of patches centred there."""
        target = self._patches(self._target, at, self._across)
        source = self._patches(self.source, places, self._width)
        difference = (target.to(torch.int16) - source).int()
        return difference.square_().sum(dim=1, dtype=torch.int32)

    def _patches(self, pixels: Tensor, centres: Tensor, width: int) -> Tensor:
        """(n, size · size · channels): row after row of each patch."""
        size, channels = self._pair.size, self._pair.channels
        # A row of a patch begins at each pixel, so that they overlap: nothing is copied for it.
        count = (len(pixels) - size * channels) // channels + 1
        rows = pixels.as_strided((count, size * channels), (channels, 1))
        first = centres - (size // 2) * (width + 1)
        down = torch.arange(size, device=centres.device) * width
        wanted = (first[:, None] + down).reshape(-1)
        return rows.index_select(0, wanted).reshape(len(centres), size * size * channels)

    def _may(self, part: slice, candidates: Tensor) -> Tensor:
        """Whether a candidate is the centre of a patch that may be taken."""
        existing = candidates.clamp(min=0)
        may = (candidates >= 0) & self._allowed[existing]
        if self._labels is not None:
            own, others = self._labels
            own = own[part, None]
            may &= (own == FREE) | (others[existing] == own)
        return may

    def _propagated(self, jump: int, part: slice) -> Tensor:
        """(B, 4): what is right for a neighbour, moved by as much as it lies away (§3.2)."""
        ys, xs = self._ys[part], self._xs[part]
        height = len(self.grid) // self._across
        candidates = []
        for dy, dx in ((0, jump), (jump, 0), (0, -jump), (-jump, 0)):
            y, x = ys - dy, xs - dx
            there = (y >= 0) & (x >= 0) & (y < height) & (x < self._across)
            found = self.grid[torch.where(there, y * self._across + x, 0)]
            v, u = found // self._width + dy, found % self._width + dx
            there &= (found >= 0) & (v >= 0) & (u >= 0) & (v < self._height) & (u < self._width)
            candidates.append(torch.where(there, v * self._width + u, -1))
        return torch.stack(candidates, dim=1)

    def _searched(self, turn: int, reach: int, part: slice) -> Tensor:
        """(B, K): places around the best so far, at radii that halve (§3.2)."""
        r = self._pair.size // 2
        found = self.places[part]
        v, u = found // self._width, found % self._width
        state = bits(turn, self._numbers[part])
        candidates = []
        while reach >= 1:
            state = state * _DRAWN + _ADDED
            drawn = []
            for at, length, by in ((v, self._height, 48), (u, self._width, 32)):
                low, high = (at - reach).clamp(min=r), (at + reach).clamp(max=length - 1 - r)
                drawn.append(low + ((state >> by & 0xFFFF) * (high - low + 1) >> 16))
            candidates.append(torch.where(found >= 0, drawn[0] * self._width + drawn[1], -1))
            reach //= 2
        return torch.stack(candidates, dim=1)

    def _draw(self, seed: int) -> Tensor:
        """(n,): for each patch any place that it may take, -1 if there is none."""
        choices = self._allowed.nonzero()[:, 0]
        first = torch.zeros_like(self.at)
        count = torch.full_like(self.at, len(choices))
        if self._labels is not None:
            own, others = (labels.long() for labels in self._labels)
            choices = choices[torch.argsort(others[choices], stable=True)]
            counts = torch.bincount(others[choices], minlength=256)
            some = own != FREE
            first = torch.where(some, (counts.cumsum(0) - counts)[own], first)
            count = torch.where(some, counts[own], count)
        if not len(choices):
            return torch.full_like(self.at, -1)
        number = first + ((bits(seed, self._numbers) >> 32 & 0xFFFFFFFF) * count >> 32)
        drawn = choices[number.clamp(max=len(choices) - 1)]
        return torch.where(count > 0, drawn, -1)

    def _to_device(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._card.device)


def bits(seed: int, counter: Tensor) -> Tensor:
    """What ``kernels.random.bits`` gives, as int64: the same 64 bits."""
    step, first, second = (
        _signed(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
    )
    z = counter * step + _signed(seed * first + second)
    for _ in range(2):
        z = (z ^ _shifted(z, 30)) * first
        z = (z ^ _shifted(z, 27)) * second
        z = z ^ _shifted(z, 31)
    return z


def _signed(number: int) -> int:
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def _shifted(z: Tensor, by: int) -> Tensor:
    """To the right, as if there were no sign."""
    return z >> by & ((1 << (64 - by)) - 1)


def nearest_torch(
    target: Bytes,
    source: Bytes,
    *,
    size: int = 7,
    sweeps: int = 5,
    wanted: NDArray[Any] | None = None,
    allowed: NDArray[Any] | None = None,
    labels: tuple[Bytes, Bytes] | None = None,
    start: NDArray[np.int32] | None = None,
    seed: int = 0,
    threads: int = 1,
    card: Card | None = None,
) -> Iterator[Step[Field]]:
    """What ``patchmatch.nearest`` does, on a card: other matches, as good ones.

    Where the card fails the processor begins anew, and ``card.notices`` says so.
    """
    if sweeps < 0:
        raise ValueError(f"sweeps is {sweeps}: at least 0 are needed")
    card = card or Card()
    with Crew(threads) as crew:
        search = Search(
            target, source, size=size, wanted=wanted, allowed=allowed, labels=labels, crew=crew
        )
        for _ in search.prepare():
            yield Step(0.0)
        field = search.empty_field()
        if start is not None:
            field.positions[...] = start
        reach = max(source.shape[:2])
        try:
            twin = TorchSearch(search.pair, card)
            twin.look()
            for _ in twin.begin(field.positions, seed):
                yield Step(0.05)
            for number in range(sweeps):
                for _ in twin.sweep(seed, number, reach):
                    yield Step(0.1 + 0.9 * number / sweeps)
            for _ in twin.store(field):
                yield Step(1.0)
        except BROKEN as problem:
            card.fail(problem)
        else:
            yield Step(1.0, field)
            return
        for _ in search.begin(field, seed):
            yield Step(0.05)
        for number in range(sweeps):
            for _ in search.sweep(field, seed, number):
                yield Step(0.1 + 0.9 * number / sweeps)
        yield Step(1.0, field)
