"""Every moment of a PatchMatch, to be gone through: the field by rows, and what each patch tried.

A patch is visited once in each sweep. So two fields and the order of the visits hold every moment
between them, and a record of hundreds of moments is a few megabytes: where the visits have come by
until then, it is the field after the sweep, elsewhere the field before.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.field_view import field_view
from editor.engine.image import Mask, Rect

Bytes = NDArray[np.uint8]
Places = NDArray[np.int16]  # (..., 2): row and column in the source
Costs = NDArray[np.int32]  # sums of squared differences

NONE = -1  # the cost of a candidate that there was not, as beyond the edge of the source
NEIGHBOURS = 2  # candidates that are propagated; those after them are drawn, from far to near
_FEW = 4  # one in so many costs less than what is usual
KEPT, SPREAD, DRAWN = range(3)  # how a patch has come by its match in a sweep


class Candidate(NamedTuple):
    """A match that a patch looked at."""

    y: int  # its centre in the source
    x: int
    cost: int
    way: tuple[int, int] | None = None  # (dy, dx) to the neighbour whose match it continues
    radius: int = 0  # within which it was drawn, if it was
    taken: bool = False  # it was better than all before


class Visit(NamedTuple):
    """What one patch did in one sweep."""

    sweep: int
    before: Candidate  # its match until then
    candidates: tuple[Candidate, ...]  # in the order in which they were looked at

    @property
    def spread(self) -> Candidate:
        """Its match when the neighbours had been asked: the random search is around it."""
        taken = [one for one in self.candidates if one.taken and one.way is not None]
        return taken[-1] if taken else self.before

    @property
    def after(self) -> Candidate:
        taken = [one for one in self.candidates if one.taken]
        return taken[-1] if taken else self.before


@dataclass(frozen=True, slots=True, eq=False)
class FieldRecord:
    """One search. Moment 0 is the field it begins with; then ``bands`` moments for each sweep.

    It grows: ``count`` moments are there of ``total``. The arrays are shared by all of its ages.
    """

    target: Bytes  # (H, W, 3)
    source: Bytes  # (H′, W′, 3)
    size: int  # of a patch
    hole: Mask | None  # (H, W): what of the target is to be made of the rest
    level: int  # of the pyramid, 0 the coarsest
    fields: Places  # (sweeps + 1, H, W, 2): as it began, and after each sweep
    costs: Costs  # (sweeps + 1, H, W)
    tried: Places  # (sweeps, H, W, candidates, 2)
    tried_costs: Costs  # (sweeps, H, W, candidates), NONE where there was none
    radii: tuple[tuple[int, ...], ...]  # of each sweep, from far to near
    turns: NDArray[np.int16]  # (2, H, W): the band in which a patch is visited, on and back
    energies: NDArray[np.float64]  # (total,): what a pixel is off by, at each moment
    bands: int  # moments of a sweep
    count: int = 1

    @property
    def sweeps(self) -> int:
        return len(self.tried)

    @property
    def total(self) -> int:
        return 1 + self.sweeps * self.bands

    @property
    def wanted(self) -> Mask:
        """(H, W): the middles of the patches that look for a match."""
        wanted: Mask = self.turns[0] < self.bands
        return wanted

    def grown(self, count: int) -> FieldRecord:
        """The same with so many moments."""
        return dataclasses.replace(self, count=count)

    def when(self, moment: int) -> tuple[int, int]:
        """The sweep of a moment, and its band; sweep −1 is before the first."""
        return divmod(moment - 1, self.bands) if moment else (-1, self.bands - 1)

    def visited(self, moment: int) -> Mask:
        """(H, W): where the sweep of this moment has been by then."""
        sweep, band = self.when(moment)
        seen: Mask = self.turns[sweep % 2] <= band
        return seen

    def field(self, moment: int) -> Places:
        """(H, W, 2), where a match is wanted."""
        sweep, _ = self.when(moment)
        field: Places = self.fields[max(sweep, 0)]
        if sweep >= 0:
            field = np.where(self.visited(moment)[..., None], self.fields[sweep + 1], field)
        return field

    def cost(self, moment: int) -> Costs:
        """(H, W), where a match is wanted."""
        sweep, _ = self.when(moment)
        cost: Costs = self.costs[max(sweep, 0)]
        if sweep >= 0:
            cost = np.where(self.visited(moment), self.costs[sweep + 1], cost)
        return cost

    def match(self, moment: int, y: int, x: int) -> Candidate:
        """What the patch at (y, x) has at this moment."""
        sweep, _ = self.when(moment)
        age = sweep + int(self.visited(moment)[y, x]) if sweep >= 0 else 0
        row, column = self.fields[age, y, x].tolist()
        return Candidate(row, column, int(self.costs[age, y, x]))

    def visit(self, moment: int, y: int, x: int) -> Visit | None:
        """What the patch at (y, x) did last; None before its first visit."""
        sweep, _ = self.when(moment)
        if sweep >= 0 and not self.visited(moment)[y, x]:
            sweep -= 1
        if sweep < 0 or not self.wanted[y, x]:
            return None
        row, column = self.fields[sweep, y, x].tolist()
        before = Candidate(row, column, int(self.costs[sweep, y, x]))
        back = -1 if sweep % 2 == 0 else 1
        ways = (0, back), (back, 0)
        best, found = before.cost, []
        places, costs = self.tried[sweep, y, x].tolist(), self.tried_costs[sweep, y, x].tolist()
        for k, ((row, column), cost) in enumerate(zip(places, costs, strict=True)):
            if cost == NONE:
                continue
            way = ways[k] if k < NEIGHBOURS else None
            radius = 0 if way else self.radii[sweep][k - NEIGHBOURS]
            found.append(Candidate(row, column, cost, way, radius, cost < best))
            best = min(best, cost)
        return Visit(sweep, before, tuple(found))

    def finders(self, moment: int) -> NDArray[np.uint8]:
        """(H, W): how each patch has come by its match when it was visited last."""
        sweep, _ = self.when(moment)
        seen, found = self.visited(moment), np.zeros(self.turns.shape[1:], np.uint8)
        for age, where in ((sweep - 1, ~seen), (sweep, seen)):
            if age < 0:
                continue
            tried = self.tried_costs[age][where].view(np.uint32)  # NONE is more than any cost
            before = self.costs[age][where].view(np.uint32)
            spread, drawn = (
                part.min(axis=1) for part in (tried[:, :NEIGHBOURS], tried[:, NEIGHBOURS:])
            )
            how = np.where(spread < before, SPREAD, KEPT)
            how[drawn < np.minimum(spread, before)] = DRAWN
            found[where] = how
        return found

    def reconstruction(self, moment: int) -> Bytes:
        """(H, W, 3): the target made of the source, each pixel the mean of what lies on it.

        In a hole, what fits better weighs more: or all would blur that does not agree.
        """
        from editor.engine.kernels.field_record import vote

        made = np.empty_like(self.target)
        hole = np.ones(made.shape[:2], bool) if self.hole is None else self.hole
        weights = self.wanted.astype(np.float32)
        if self.hole is not None:
            costs = self.cost(moment)[self.wanted].astype(np.float32)
            usual = np.partition(costs, len(costs) // _FEW)[len(costs) // _FEW] + 1
            weights[self.wanted] = np.exp(-costs / usual) + np.float32(1e-6)
        ones = np.ones((*self.source.shape[:2], 1), np.float32)
        source = np.concatenate([self.source, ones], axis=2)
        vote(self.target, source, self.size, self.field(moment), weights, hole, made)
        return made

    def colours(self, moment: int) -> Bytes:
        """(H, W, 4): where each match lies from its patch; clear where none is wanted."""
        field = np.where(self.wanted[..., None], self.field(moment), np.int16(-1))
        height, width = field.shape[:2]
        return field_view(field, Rect(0, 0, width, height), self.farthest)

    @property
    def farthest(self) -> int:
        """What has the strongest colour, in pixels."""
        sides: tuple[int, ...] = (*self.target.shape[:2], *self.source.shape[:2])
        return max(sides) // 2


@dataclass(frozen=True, eq=False)
class SearchRecord:
    """Searches one after the other: of several levels, and while a hole is filled again and again.

    A moment is one of the first search, or of the next …
    """

    searches: tuple[FieldRecord, ...]
    total: int  # moments there will be, in all of them

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The first moment of each search."""
        counts = [one.count for one in self.searches]
        return tuple(sum(counts[:number]) for number in range(len(counts)))

    @property
    def count(self) -> int:
        return sum(one.count for one in self.searches)

    def at(self, moment: int) -> tuple[FieldRecord, int]:
        """The search of a moment, and which of its moments it is."""
        number = max(k for k, start in enumerate(self.starts) if start <= moment)
        return self.searches[number], moment - self.starts[number]

    @cached_property
    def energies(self) -> NDArray[np.float64]:
        """(count,)"""
        return np.concatenate([one.energies[: one.count] for one in self.searches])


def wheel(side: int) -> Bytes:
    """(side, side, 4): the colours of all directions, as far as the farthest; clear outside."""
    y, x = np.mgrid[:side, :side]
    half = side // 2
    origins = np.stack([2 * y - half, 2 * x - half], axis=2).astype(np.int32) + side
    colours = field_view(origins, Rect(side, side, side, side), half)
    colours[(y - half) ** 2 + (x - half) ** 2 > half * half] = 0
    return colours
