"""The jumps that are kept, as arcs over the timeline: what they are and where they lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.ui.loop.cells import Cells
from editor.ui.loop.plan import Judged, Jump

MOST = 160  # arcs that are drawn: more are a thicket
_APART = 64  # parts of the clip; of arcs between the same two of them the best is drawn
_POINTS = 48  # of a drawn half ellipse


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """The most probable jumps first."""

    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    chances: NDArray[np.float64]
    total: int = 0  # how many are kept, drawn or not

    def __len__(self) -> int:
        return len(self.sources)

    def jump(self, at: int) -> Jump:
        return int(self.sources[at]), int(self.targets[at])

    def moved(self, by: int) -> Arcs:
        """The same arcs of a clip that begins so many frames earlier."""
        return replace(self, sources=self.sources + by, targets=self.targets + by)

    def find(self, jump: Jump) -> int | None:
        found = np.flatnonzero((self.sources == jump[0]) & (self.targets == jump[1]))
        return int(found[0]) if len(found) else None


NONE = Arcs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def single(jump: Jump) -> Arcs:
    return Arcs(np.array([jump[0]]), np.array([jump[1]]), np.ones(1))


def arcs_of(texture: Any, most: int = MOST) -> Arcs:
    """The arcs of the engine's texture that matter most, and those the person forces.

    Neighbouring frames have neighbouring arcs, a bundle of which says no more than one of them;
    what is kept by force is always drawn.
    """
    first, targets, chances = texture.arcs.first, texture.arcs.targets, texture.arcs.chances
    sources = np.repeat(np.arange(len(first) - 1), np.diff(first))
    real = np.flatnonzero(targets != sources + 1)
    sources, targets, chances = sources[real], targets[real].astype(np.int64), chances[real]
    order = np.lexsort((texture.C[sources, targets], -np.round(chances, 1)))
    forced = texture.settings.forced
    jumps = zip(sources.tolist(), targets.tolist(), strict=True)
    wanted = np.array([jump in forced for jump in jumps] if forced else np.zeros(len(real)), bool)
    part = max(1, texture.count // _APART)
    bundles = sources[order] // part * texture.count + targets[order] // part
    alone = np.sort(np.unique(bundles, return_index=True)[1])
    best = order[alone]
    chosen = np.concatenate([np.flatnonzero(wanted), best[~wanted[best]]])[:most]
    return Arcs(sources[chosen], targets[chosen], chances[chosen], len(real))


@dataclass(frozen=True, slots=True)
class Strip:
    """Where frames lie on the timeline: its left end, width and number of frames."""

    left: float
    width: float
    count: int
    longest: int = 0  # the span of an arc that fills the room; 0: that of all frames

    def x(self, frame: float) -> float:
        """The middle of a frame."""
        return self.left + (frame + 0.5) * self.width / self.count

    def frame(self, x: float) -> int:
        at = int((x - self.left) * self.count / self.width)
        return min(max(at, 0), self.count - 1)


def heights(arcs: Arcs, strip: Strip, room: float) -> NDArray[np.float64]:
    """How high each arc rises: the longer the higher."""
    span = np.abs(arcs.sources - arcs.targets) / max(1, strip.longest or strip.count - 1)
    rise: NDArray[np.float64] = room * np.minimum(span, 1) ** 0.75
    return rise


def curves(
    arcs: Arcs, strip: Strip, base: float, room: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of half ellipses on the base line, (n, 48) x and y each."""
    half = (arcs.targets - arcs.sources) * strip.width / strip.count / 2
    middle = strip.left + (arcs.sources + arcs.targets + 1) / 2 * strip.width / strip.count
    angle = np.linspace(np.pi, 0, _POINTS)
    x = middle[:, None] + half[:, None] * np.cos(angle)
    y = base - heights(arcs, strip, room)[:, None] * np.sin(angle)
    return x, y


def nearest(
    arcs: Arcs, strip: Strip, base: float, room: float, x: float, y: float, reach: float
) -> int | None:
    """The arc under a place, if one is within reach."""
    if len(arcs) == 0:
        return None
    xs, ys = curves(arcs, strip, base, room)
    # The distance to every piece of every arc.
    ax, ay, bx, by = xs[:, :-1], ys[:, :-1], xs[:, 1:], ys[:, 1:]
    dx, dy = bx - ax, by - ay
    along = ((x - ax) * dx + (y - ay) * dy) / np.maximum(dx**2 + dy**2, 1e-12)
    along = np.clip(along, 0, 1)
    away = np.hypot(ax + along * dx - x, ay + along * dy - y).min(axis=1)
    best = int(away.argmin())
    return best if away[best] <= reach else None


def qualities(arcs: Arcs, cells: Cells, judged: Judged) -> list[str]:
    """How good each of them is, in the engine's words."""
    costs = cells.costs(arcs.sources, arcs.targets).tolist()
    return [judged(cost, cells.neighbours)[1] for cost in costs]
