"""How the fit of a network has gone: its curves, where to stop, and the pictures on the way."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The network's picture at an iteration; pixels are uint8, else float16, of 0..1."""

    iteration: int
    pixels: NDArray[Any]  # (H, W, 1 or 3)


Saved = dict[str, NDArray[Any]]  # all that a fit, or two that race, need to go on later


def of_picture(image: NDArray[Any]) -> Saved:
    """What tells the picture that a fit is of."""
    return {"picture": np.array(zlib.crc32(np.ascontiguousarray(image).data))}


def joined(lanes: Sequence[Saved]) -> Saved:
    """Those of several fits as one."""
    return {
        f"lane{number}_{name}": array
        for number, saved in enumerate(lanes)
        for name, array in saved.items()
    }


def lanes_of(saved: Saved) -> tuple[Saved, ...]:
    """Each of several fits; a single one is a lane of its own."""
    found: dict[str, Saved] = {}
    for name, array in saved.items():
        lane, _, own = name.partition("_")
        if lane.startswith("lane"):
            found.setdefault(lane, {})[own] = array
    return tuple(found.values()) or (saved,)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Iterations are counted from 1, at all sizes together."""

    losses: NDArray[np.float64]  # one for each iteration
    variances: NDArray[np.float64]  # of the outputs: lowest where to stop
    ends: tuple[int, ...]  # the last iteration at each size, if it does not stop before
    best: int  # where to stop as far as can be told, or 0
    taken: int  # whose picture the result is
    checkpoints: tuple[Checkpoint, ...] = ()

    @classmethod
    def of(cls, saved: Saved) -> Curve:
        """That of a fit that was saved. Raises LookupError or ValueError if it makes no sense."""
        checked = saved["checked"].tolist()
        pixels = saved["checkpoints"] if checked else ()
        kept = tuple(Checkpoint(*one) for one in zip(checked, pixels, strict=True))
        losses, variances = saved.get("losses", np.zeros(0)), saved.get("variances", np.zeros(0))
        best = int(saved["best"])
        return cls(losses, variances, tuple(saved["ends"].tolist()), best, len(losses), kept)

    @property
    def done(self) -> int:
        return len(self.losses)

    @property
    def stages(self) -> tuple[tuple[int, int], ...]:
        """(first, behind the last) of the iterations at each size, as far as they were done."""
        ends = [min(end, self.done) for end in self.ends]
        return tuple(zip((0, *ends[:-1]), ends, strict=True))

    @property
    def valley(self) -> int:
        """Where it is best to stop, once going on has been worse; else 0."""
        return self.best if self.best < self.done else 0

    @property
    def nbytes(self) -> int:
        return 16 * self.done + sum(one.pixels.nbytes for one in self.checkpoints)

    def nearest(self, iteration: float) -> Checkpoint | None:
        """The checkpoint that is nearest to an iteration; None if there is none at all."""
        return min(self.checkpoints, key=lambda one: abs(one.iteration - iteration), default=None)

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        return {
            "iterations": self.done,
            "stop": self.best,
            "taken": self.taken,
            "sizes": list(self.ends),
            "loss": [float(f"{one:.6g}") for one in self.losses],
            "variance": [float(f"{one:.6g}") for one in self.variances],
        }
