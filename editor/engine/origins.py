"""Where copied pixels came from: one line for each pixel of a place, for looking and for undoing.

Kept as a list and not as a picture, because a wire across a photograph is long and thin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Rect


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """Pixel (ys[i], xs[i]) of a picture is a copy of froms[i], another (y, x); sorted by rows.

    ``other`` says that the copies are from another picture, and so are the places in it.
    """

    ys: NDArray[np.int32]  # (n,)
    xs: NDArray[np.int32]  # (n,)
    froms: NDArray[np.int32]  # (n, 2)
    other: bool = False

    def __len__(self) -> int:
        return len(self.ys)

    @property
    def nbytes(self) -> int:
        return self.ys.nbytes + self.xs.nbytes + self.froms.nbytes

    @property
    def rect(self) -> Rect:
        """The smallest around all of them."""
        if not len(self):
            return Rect(0, 0, 0, 0)
        x, y = int(self.xs.min()), int(self.ys[0])
        return Rect(x, y, int(self.xs.max()) - x + 1, int(self.ys[-1]) - y + 1)

    def at(self, y: int, x: int) -> tuple[int, int] | None:
        """Where this pixel came from, as (y, x); None where it is no copy."""
        first, end = np.searchsorted(self.ys, (y, y + 1))
        i = int(first + np.searchsorted(self.xs[first:end], x))
        if i == end or self.xs[i] != x:
            return None
        return int(self.froms[i, 0]), int(self.froms[i, 1])

    def field(self, rect: Rect) -> NDArray[np.int32]:
        """(height, width, 2) of a place: (y, x) of each origin, -1 where there is no copy."""
        field = np.full((rect.height, rect.width, 2), -1, np.int32)
        inside = (self.ys >= rect.y) & (self.ys < rect.bottom)
        inside &= (self.xs >= rect.x) & (self.xs < rect.right)
        field[self.ys[inside] - rect.y, self.xs[inside] - rect.x] = self.froms[inside]
        return field

    def moved(self, x: int, y: int) -> Origins:
        """The same, where the picture's corner lies at (x, y) of a larger one."""
        shift = np.array([y, x], np.int32)
        return Origins(self.ys + shift[0], self.xs + shift[1], self.froms + shift, self.other)

    @classmethod
    def joined(cls, parts: list[Origins]) -> Origins:
        """Parts of one picture that do not overlap, sorted anew."""
        if len(parts) == 1:
            return parts[0]
        ys = np.concatenate([part.ys for part in parts])
        xs = np.concatenate([part.xs for part in parts])
        froms = np.concatenate([part.froms for part in parts])
        order = np.lexsort((xs, ys))
        return cls(ys[order], xs[order], froms[order], parts[0].other)
