"""A texture that grows pixel by pixel, for those who look at it: how each pixel was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Mask, Picture, Point, Rect
from editor.engine.step import Step


class Growing(Protocol):
    """A growth: any moment of it is known, and it goes on from where it is."""

    count: int  # pixels that have grown
    total: int

    @property
    def done(self) -> float: ...
    @property
    def samples(self) -> tuple[Picture, ...]: ...
    def picture_at(self, moment: int) -> Picture: ...
    def known_at(self, moment: int) -> Mask: ...
    def source_at(self, moment: int) -> NDArray[np.int32]: ...
    def moment(self, moment: int) -> Moment: ...
    def steps(self, until: int | None = None) -> Iterator[Step[Any]]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What a pixel sees, what matches that, and which of the matches it is a copy of."""

    at: Point
    window: Picture  # in the depth of the picture; 0 where nothing is known
    known: Mask
    weights: NDArray[np.float64]  # of the window, 1 in the middle
    matches: NDArray[np.int32]  # (n, 3): which sample, y, x
    distances: NDArray[np.float64]  # of each: 0 equal .. 1 black against white
    chosen: int  # which of them
    samples: tuple[Picture, ...]  # what the matches lie in

    @property
    def side(self) -> int:
        """Of the window, in pixels."""
        return len(self.known)

    @property
    def place(self) -> Rect:
        """Of the window in the picture, beyond whose edges it may reach."""
        return _around(int(self.at.x), int(self.at.y), self.side)

    @property
    def levels(self) -> NDArray[np.float64]:
        """What each match is off by at a known pixel, in levels of 255: a weighted mean."""
        levels: NDArray[np.float64] = 255 * np.sqrt(self.distances)
        return levels

    def best(self, most: int) -> list[int]:
        """So many matches, the nearest first, and the chosen one among them."""
        near: list[int] = self.distances.argsort(kind="stable")[:most].tolist()
        if self.chosen not in near:
            near[-1] = self.chosen
        return near

    def place_of(self, match: int) -> Rect:
        """Where the window of a match lies in its sample."""
        _, y, x = self.matches[match].tolist()
        return _around(x, y, self.side)

    def piece(self, match: int) -> Picture:
        """The window of a match: always a whole one."""
        piece: Picture = self.samples[self.matches[match, 0]][self.place_of(match).slices]
        return piece


def _around(x: int, y: int, side: int) -> Rect:
    return Rect(x - side // 2, y - side // 2, side, side)
