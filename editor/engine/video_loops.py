"""Video loops: a clip that ends where it began, of any length that is wanted.

§4.2 and §4.3 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000. A jump
back i → j with all frames j..i is a primitive loop; primitive loops whose ranges overlap make
compound loops, whose length and cost are the sums. The cheapest compound loop of every length
comes from a table, rows lengths and columns jumps: cell (ℓ, c) is the best loop of ℓ frames that
contains jump c. A loop that contains c is c alone, or a shorter one that contains c joined with one
that contains a jump d which overlaps c; with the best partner kept for each cell the table costs
O(L² n + L n²) instead of the paper's O(L² n²).

The jumps of a loop are scheduled by removing the last one: what is left falls into ranges without
overlap, which are passed from left to right, each in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.frame_distances import Distances
from editor.engine.kernels import video_loops as kernels
from editor.engine.step import Step
from editor.engine.video_texture import Texture

SHORTEST = 12  # frames: less than half a second is a tremble, not a loop
_PIECE = 1 << 22  # cells of the matrix, or sums of the table, before there is a pause
_FOUND = 1 << 16  # valleys looked at; the best thousand are compared with each other
_COMPARED = 1000
_LONGEST = 20_000  # frames of a compound loop
_ALIKE = 0.2  # how far a step across the seam may differ from those beside it
_PARTS = 8  # of a compound loop, about, at most: shorter ones would stutter

PERFECT, GOOD, FAIR = 0.5, 1.0, 1.6  # in distances of neighbouring frames


class Primitive(NamedTuple):
    """The jump from frame ``source`` back to ``target``, and the frames between them."""

    source: int
    target: int
    cost: float  # D′ of the jump: levels

    @property
    def length(self) -> int:
        return self.source - self.target + 1

    def moved(self, by: int) -> Primitive:
        return self._replace(source=self.source + by, target=self.target + by)

    def overlaps(self, other: Primitive) -> bool:
        return self.target <= other.source and other.target <= self.source


@dataclass(frozen=True, slots=True)
class Loop:
    frames: tuple[int, ...]  # to show in this order, again and again
    jumps: tuple[Primitive, ...]  # in the order in which they are taken, the last one at the end
    cost: float  # of the worst jump: how far its frames are from those that would have come, levels
    ratio: float  # the same in distances of neighbouring frames
    quality: str  # perfect, good, fair or poor
    reason: str  # one sentence for the person

    @property
    def length(self) -> int:
        return len(self.frames)

    def moved(self, by: int) -> Loop:
        """The same loop of a clip that begins so many frames earlier."""
        frames = tuple(frame + by for frame in self.frames)
        return replace(self, frames=frames, jumps=tuple(jump.moved(by) for jump in self.jumps))


def judged(cost: float, neighbours: float, *, still: bool = False) -> tuple[float, str, str]:
    """(ratio, quality, reason) of a jump of this cost in a clip with this step between frames."""
    if still:
        return 0.0, "perfect", "All frames are alike: any loop is perfect."
    if cost == 0:
        return 0.0, "perfect", "The jump cannot be seen: its frames are equal."
    if neighbours == 0:
        return np.inf, "poor", "Most frames equal the next one, and the jump changes the picture."
    ratio = cost / neighbours
    times = f"{ratio:.1f} times" if ratio >= 0.1 else "less than a tenth"
    said = f"The jump changes the picture {times} as much as one frame to the next does"
    if ratio <= PERFECT:
        return ratio, "perfect", f"{said}."
    if ratio <= GOOD:
        return ratio, "good", f"{said}."
    if ratio <= FAIR:
        return ratio, "fair", f"{said}: a cross-fade hides it."
    return ratio, "poor", f"{said}: the clip does not come back to a frame it has shown."


# ── primitive loops ──


def primitive_loops(
    texture: Texture, *, shortest: int = SHORTEST, most: int = 100
) -> Iterator[Step[list[Primitive]]]:
    """The best jumps back, cheapest first, no two of them nearly the same.

    They are the valleys of the cost matrix; a perfectly periodic clip has whole lines of them.
    """
    count = texture.count
    if count == 1:
        yield Step(1.0, [Primitive(0, 0, 0.0)])
        return
    shortest = max(1, min(shortest, count // 2))
    found = np.empty((_FOUND, 2), np.int32)
    at, piece = 0, max(1, _PIECE // (9 * count))
    while at == 0:
        for low in range(0, count, piece):
            at = kernels.list_valleys(low, min(low + piece, count), texture.C, shortest, found, at)
            yield Step(low / count)
        shortest //= 2  # where the clip is so short that its ends leave no such jump
    candidates = _cheapest_first(texture, *found[:at].T)
    yield Step(1.0, _diverse(candidates[:_COMPARED], most))


def _cheapest_first(
    texture: Texture, sources: NDArray[np.integer], targets: NDArray[np.integer]
) -> list[Primitive]:
    """These jumps with their costs as D′; of equal ones the shortest first."""
    costs = texture.C[sources, targets].astype(np.float64) ** (1 / texture.settings.p)
    order = np.lexsort((targets, sources - targets, costs))
    chosen = (array[order].tolist() for array in (sources, targets, costs))
    return [Primitive(*one) for one in zip(*chosen, strict=True)]


def _of_each_length(
    texture: Texture, shortest: int, longest: int
) -> Iterator[Step[list[Primitive]]]:
    """The best jump back of every length: what makes any length of a compound loop possible."""
    lengths = np.arange(shortest, min(longest, texture.count) + 1)
    targets = np.zeros(len(lengths), np.int64)
    for k, length in enumerate(lengths):
        targets[k] = texture.C.diagonal(1 - length).argmin()
        if k % 64 == 0:
            yield Step(k / len(lengths))
    sources = targets + lengths - 1
    there = np.isfinite(texture.C[sources, targets])
    yield Step(1.0, _cheapest_first(texture, sources[there], targets[there]))


def _diverse(candidates: Iterable[Primitive], most: int) -> list[Primitive]:
    """The first ones, without those that another one already shows as well."""
    chosen: list[Primitive] = []
    for one in candidates:
        if len(chosen) == most:
            break
        alike = [other for other in chosen if _nearly_as_long(one, other)]
        if len(alike) < 2 and not any(_same_stretch(one, other) for other in alike):
            chosen.append(one)
    return chosen


def _nearly_as_long(one: Primitive, other: Primitive) -> bool:
    return abs(one.length - other.length) <= max(1, other.length // 20)


def _same_stretch(one: Primitive, other: Primitive) -> bool:
    both = min(one.source, other.source) - max(one.target, other.target) + 1
    return both > min(one.length, other.length) / 2


def best_loops(
    distances: Distances, texture: Texture, *, shortest: int = SHORTEST, most: int = 20
) -> Iterator[Step[list[Loop]]]:
    """Loops of one jump, best first: what a person sees in the list. Never empty."""
    for step in primitive_loops(texture, shortest=shortest, most=most):
        if step.value is None:
            yield Step(step.done)
            continue
        loops = [loop_of(distances, [one]) for one in step.value]
        whole = _whole_clip(distances)
        if whole is not None:
            loops = sorted([*loops, whole], key=lambda loop: loop.cost)[:most]
        if not loops:
            raise ValueError("every jump back is forbidden: allow one of them")
        yield Step(1.0, loops)


def loop_of(distances: Distances, primitives: Sequence[Primitive]) -> Loop:
    """Primitive loops that hang together, scheduled to one sequence and judged by the worst."""
    jumps = schedule(primitives)
    cost = max(one.cost for one in jumps)
    verdict = judged(cost, distances.neighbours, still=distances.still)
    return Loop(tuple(frames_of(jumps)), tuple(jumps), cost, *verdict)


def _whole_clip(distances: Distances) -> Loop | None:
    """The clip as it is, if its end meets its beginning as its frames meet each other.

    No frame comes after the last, so that D′ cannot judge this jump. Instead the steps across the
    seam, one frame wide and two, must be as large as those beside it: a smaller one halts, a larger
    one leaps. It is never called perfect, because nobody knows what would have come.
    """
    D, end = distances.D, distances.count - 1
    if end < SHORTEST or distances.still:
        return None
    across = np.array([D[end, 0], D[end - 1, 0], D[end, 1]])
    beside = np.array([(D[end - 1, end] + D[0, 1]) / 2, D[end - 2, end], D[0, 2]])
    cost = float(max(beside[0], across[0]))
    if (np.abs(across - beside) > _ALIKE * beside).any() or cost > FAIR * distances.neighbours:
        return None
    ratio, quality, _ = judged(cost, distances.neighbours)
    reason = "The clip's end meets its beginning: played again and again it is a loop already."
    return Loop(tuple(range(end + 1)), (Primitive(end, 0, cost),), cost, ratio, quality, reason)


# ── compound loops: the dynamic programme (4.2) ──


def compound_loop(
    distances: Distances,
    texture: Texture,
    length: int,
    *,
    slack: int = 0,
    shortest: int | None = None,
    most: int = 100,
) -> Iterator[Step[Loop]]:
    """The cheapest loop whose length lies within ``slack`` of the one wanted.

    Where jumps cannot be put together to such a length, the loop of the nearest length they can.
    Its parts have at least ``shortest`` frames, or as many as its length lets one expect.
    """
    if not 1 <= length <= _LONGEST:
        raise ValueError(f"the length wanted is {length} frames: it goes from 1 to {_LONGEST}")
    if shortest is None:
        shortest = max(SHORTEST, min(length // _PARTS, texture.count // 4))
    shortest = min(shortest, length)
    primitives: list[Primitive] = []
    for found in primitive_loops(texture, shortest=shortest, most=most // 2):
        primitives = found.value or primitives
        yield Step(0.1 * found.done)
    # A length within reach of the table: the nearest one above is at most a shortest loop away.
    longest = length + max(slack, min(one.length for one in primitives))
    for found in _of_each_length(texture, shortest, longest):
        primitives = list(dict.fromkeys([*primitives, *(found.value or [])]))
        yield Step(0.1 + 0.1 * found.done)
    primitives = primitives[:most]
    chosen: list[Primitive] = []
    p = texture.settings.p
    for step in compound_loops([one._replace(cost=one.cost**p) for one in primitives], longest):
        if step.value is not None:
            chosen = step.value.nearest(length, slack)
        yield Step(0.2 + 0.7 * step.done)
    costs = {one[:2]: one.cost for one in primitives}
    yield Step(1.0, loop_of(distances, [one._replace(cost=costs[one[:2]]) for one in chosen]))


@dataclass(frozen=True, slots=True)
class Table:
    """The cheapest compound loop for each length and each jump it must contain."""

    primitives: Sequence[Primitive]
    best: NDArray[np.float64]  # (L + 1, n) its cost, inf where there is none
    split: NDArray[np.int32]  # length of the part that contains the jump; 0: the jump alone
    joined: NDArray[np.float64]  # (L + 1, n) the best of this length that overlaps the jump
    partner: NDArray[np.int32]  # … and which jump it contains

    def costs(self) -> NDArray[np.float64]:
        """The least cost of each length."""
        least: NDArray[np.float64] = self.best.min(axis=1)
        return least

    def loop(self, length: int) -> list[Primitive]:
        """The primitive loops, some of them several times, of the cheapest one of this length."""
        waiting, parts = [(length, int(self.best[length].argmin()))], []
        while waiting:
            size, c = waiting.pop()
            part = int(self.split[size, c])
            if part == 0:
                parts.append(self.primitives[c])
            else:
                waiting += [(part, c), (size - part, int(self.partner[size - part, c]))]
        return parts

    def nearest(self, length: int, slack: int) -> list[Primitive]:
        """The cheapest loop within ``slack`` of this length, else the one of nearest length."""
        costs = self.costs()
        possible = np.flatnonzero(np.isfinite(costs))
        away = np.abs(possible - length)
        within = possible[away <= slack]
        if len(within):
            order = np.lexsort((np.abs(within - length), costs[within]))
            return self.loop(int(within[order[0]]))
        return self.loop(int(possible[np.lexsort((costs[possible], away))[0]]))


def compound_loops(primitives: Sequence[Primitive], longest: int) -> Iterator[Step[Table]]:
    """The table of all lengths up to ``longest``."""
    n = len(primitives)
    costs = np.array([one.cost for one in primitives], np.float64)
    lengths = np.array([one.length for one in primitives], np.int64)
    overlap = np.array([[one.overlaps(other) for other in primitives] for one in primitives], bool)
    best, joined = np.full((longest + 1, n), np.inf), np.full((longest + 1, n), np.inf)
    split, partner = np.zeros((longest + 1, n), np.int32), np.zeros((longest + 1, n), np.int32)
    row = 1
    while row <= longest:
        high = min(longest + 1, row + max(1, _PIECE // (n * (row + n))))
        kernels.fill_rows(row, high, costs, lengths, overlap, best, split, joined, partner)
        row = high
        yield Step((row / (longest + 1)) ** 2)
    yield Step(1.0, Table(primitives, best, split, joined, partner))


# ── scheduling (4.3) ──


def schedule(primitives: Iterable[Primitive]) -> list[Primitive]:
    """The order in which to take the jumps so that they play as one loop.

    The jump that starts last is taken first. Without it the others fall into groups of overlapping
    ranges, and since it leads to or before the first of them, they are passed in order, each
    scheduled in the same way: a stack, because a loop can hold thousands of jumps.
    """
    order: list[Primitive] = []
    waiting = [sorted(primitives)]
    if not waiting[0]:
        raise ValueError("a loop needs at least one jump")
    if len(_groups(waiting[0])) > 1:
        raise ValueError("the ranges of these jumps do not hang together: they are several loops")
    while waiting:
        group = waiting.pop()
        order.append(group[-1])
        waiting += reversed(_groups(group[:-1]))
    return [*order[1:], order[0]]


def _groups(primitives: Sequence[Primitive]) -> list[list[Primitive]]:
    """Disjoint groups of overlapping ranges from left to right, each sorted by source."""
    groups: list[list[Primitive]] = []
    reach = -1
    for one in sorted(primitives, key=lambda one: one.target):
        if one.target > reach:
            groups.append([])
        groups[-1].append(one)
        reach = max(reach, one.source)
    return [sorted(group) for group in groups]


def frames_of(jumps: Sequence[Primitive]) -> Generator[int, None, None]:
    """The frames of a schedule, from where its last jump leads to where it starts."""
    at = jumps[-1].target
    for jump in jumps:
        yield from range(at, jump.source + 1)
        at = jump.target


def is_one_loop(frames: Sequence[int], primitives: Iterable[Primitive]) -> bool:
    """Whether the frames, shown again and again, go on or take exactly these jumps."""
    pairs = zip(frames, [*frames[1:], frames[0]], strict=True)
    taken = Counter(pair for pair in pairs if pair[1] != pair[0] + 1)
    return taken == Counter((one.source, one.target) for one in primitives)
