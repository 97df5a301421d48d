"""Every moment of a PatchMatch, to be gone through: the field by rows, and what each patch tried.

A patch is visited once in each sweep. So two fields and the order of the visits hold every moment
between them, and a record of hundreds of moments is a few megabytes: where the visits have come by
until then, it is the field after the sweep, elsewhere the field before.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.field_view import field_view
from editor.engine.image import Rect

Bytes = NDArray[np.uint8]
Places = NDArray[np.int16]  # (..., 2): row and column in the source
Costs = NDArray[np.int32]  # sums of squared differences

NONE = -1  # the cost of a candidate that there was not, as beyond the edge of the source
NEIGHBOURS = 2  # candidates that are propagated; those after them are drawn, from far to near


class Candidate(NamedTuple):
    """A match that a patch looked at."""

    y: int  # its centre in the source
    x: int
    cost: int
    radius: int  # within which it was drawn; 0: a neighbour's match, moved along
    taken: bool  # it was better than all before


class Visit(NamedTuple):
    """What one patch did in one sweep."""

    sweep: int
    before: Candidate  # its match until then
    candidates: tuple[Candidate, ...]  # in the order in which they were looked at

    @property
    def after(self) -> Candidate:
        taken = [one for one in self.candidates if one.taken]
        return taken[-1] if taken else self.before


@dataclass(frozen=True, slots=True, eq=False)
class FieldRecord:
    """Moment 0 is the field as it was drawn; then ``bands`` moments for each sweep.

    It grows: ``count`` moments are there of ``total``. The arrays are shared by all of its ages.
    """

    target: Bytes  # (H, W, 3)
    source: Bytes  # (H′, W′, 3)
    size: int  # of a patch
    fields: Places  # (sweeps + 1, H, W, 2): as drawn, and after each sweep
    costs: Costs  # (sweeps + 1, H, W)
    tried: Places  # (sweeps, H, W, candidates, 2)
    tried_costs: Costs  # (sweeps, H, W, candidates), NONE where there was none
    radii: tuple[tuple[int, ...], ...]  # of each sweep, from far to near
    turns: NDArray[np.int16]  # (2, H, W): the band in which a patch is visited, on and back
    energies: NDArray[np.float64]  # (total,): the mean distance of a pixel at each moment
    bands: int  # moments of a sweep
    count: int = 1

    @property
    def sweeps(self) -> int:
        return len(self.tried)

    @property
    def total(self) -> int:
        return 1 + self.sweeps * self.bands

    def grown(self, count: int) -> FieldRecord:
        """The same with so many moments."""
        return dataclasses.replace(self, count=count)

    def when(self, moment: int) -> tuple[int, int]:
        """The sweep of a moment, and its band; sweep −1 is before the first."""
        return divmod(moment - 1, self.bands) if moment else (-1, self.bands - 1)

    def visited(self, moment: int) -> NDArray[np.bool_]:
        """(H, W): where the sweep of this moment has been by then."""
        sweep, band = self.when(moment)
        seen: NDArray[np.bool_] = self.turns[sweep % 2] <= band
        return seen

    def field(self, moment: int) -> tuple[Places, Costs]:
        """(H, W, 2) and (H, W), whole patches only: the border is as the nearest patch."""
        sweep, _ = self.when(moment)
        if sweep < 0:
            return self.fields[0], self.costs[0]
        seen = self.visited(moment)
        field = np.where(seen[..., None], self.fields[sweep + 1], self.fields[sweep])
        return field, np.where(seen, self.costs[sweep + 1], self.costs[sweep])

    def visit(self, moment: int, y: int, x: int) -> Visit | None:
        """What the patch at (y, x) did last; None before its first visit."""
        sweep, _ = self.when(moment)
        if sweep >= 0 and not self.visited(moment)[y, x]:
            sweep -= 1
        if sweep < 0:
            return None
        best = int(self.costs[sweep, y, x])
        at, from_ = self.fields[sweep, y, x].tolist()
        before = Candidate(at, from_, best, 0, False)
        radii = (*[0] * NEIGHBOURS, *self.radii[sweep])
        found = []
        places, costs = self.tried[sweep, y, x].tolist(), self.tried_costs[sweep, y, x].tolist()
        for (row, column), cost, radius in zip(places, costs, radii, strict=False):
            if cost != NONE:
                found.append(Candidate(row, column, cost, radius, cost < best))
                best = min(best, cost)
        return Visit(sweep, before, tuple(found))

    def reconstruction(self, moment: int) -> Bytes:
        """(H, W, 3): the target made of the source, each pixel the mean of what lies on it."""
        from editor.engine.kernels.field_record import vote

        shape = self.target.shape
        sums, counts = np.zeros(shape, np.int32), np.zeros(shape[:2], np.int32)
        vote(self.source, self.size, self.field(moment)[0], sums, counts)
        made: Bytes = (sums / np.maximum(counts, 1)[..., None] + 0.5).astype(np.uint8)
        return made

    def colours(self, moment: int) -> Bytes:
        """(H, W, 4): where each match lies from its patch, clear where there is no whole patch."""
        field = self.field(moment)[0].astype(np.int32)
        field[self.turns[0] == self.bands] = -1
        height, width = field.shape[:2]
        return field_view(field, Rect(0, 0, width, height), self.farthest)

    @property
    def farthest(self) -> int:
        """What has the strongest colour, in pixels."""
        sides: tuple[int, ...] = (*self.target.shape[:2], *self.source.shape[:2])
        return max(sides) // 2

    def match(self, moment: int, y: int, x: int) -> tuple[int, int]:
        """Where the patch at (y, x) has its match at this moment."""
        row, column = self.field(moment)[0][y, x].tolist()
        return row, column


def wheel(side: int) -> Bytes:
    """(side, side, 4): the colours of all directions, as far as the farthest; clear outside."""
    y, x = np.mgrid[:side, :side]
    half = side // 2
    origins = np.stack([2 * y - half, 2 * x - half], axis=2).astype(np.int32) + side
    colours = field_view(origins, Rect(side, side, side, side), half)
    colours[(y - half) ** 2 + (x - half) ** 2 > half * half] = 0
    return colours


def compile_loops() -> None:
    """Make the inner loops ready, on a few pixels."""
    from editor.engine.patchmatch_record import record_field

    few = np.zeros((6, 6, 3), np.uint8)
    for step in record_field(few, few, size=3, sweeps=2):
        record = step.value
    assert record is not None
    record.reconstruction(record.count - 1)
