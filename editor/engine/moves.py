"""Moves: pieces of a picture, and where each of them goes.

As JSON a move is {"by": [120, -8], "scale": 1.5, "turn": 30, "mirror": true, "keep": true}. What is
left out is as it was; the cover is kept beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Cover, Mask, Point, Rect, Size, frozen

SMALLEST, LARGEST = 0.1, 8.0  # times
HERE = Point(0.0, 0.0)

_FLAGS = ("mirror", "keep", "used")

Floats = NDArray[np.floating[Any]]
Matrix = NDArray[np.floating[Any]]  # (2, 3): x′ = matrix · (x, y, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A piece of the picture, and how it comes to lie in its new place.

    It is mirrored, scaled and turned about the middle of ``rect``, which moves.
    """

    rect: Rect  # the smallest around the piece
    cover: Cover  # there; 255 is wholly of the piece
    by: Point = HERE  # pixels to the right and down
    scale: float = 1.0
    turn: float = 0.0  # degrees, clockwise as seen
    mirror: bool = False  # left and right, before it is turned
    keep: bool = False  # it stays in its old place as well
    used: bool = True  # else it lies where it lay, for now

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (*self.by, self.turn)):
            raise ValueError(f"{self}: it moves and turns by numbers")
        if not SMALLEST <= self.scale <= LARGEST:
            raise ValueError(
                f"{self} is scaled by {self.scale:g}: from {SMALLEST:g} to {LARGEST:g} is possible"
            )
        if self.cover.shape != (self.rect.height, self.rect.width):
            raise ValueError(f"{self}: its cover has another size, {Size.of(self.cover)}")
        if self.cover.flags.writeable:
            object.__setattr__(self, "cover", frozen(self.cover))

    def __str__(self) -> str:
        return f"the piece at {self.rect.x}, {self.rect.y}"

    @classmethod
    def of(cls, mask: Mask | Cover, by: Point = HERE, **how: Any) -> Move:
        """What a mask of the whole picture covers. Raises ValueError if that is nothing."""
        rect = Rect.around(mask)
        if rect.empty:
            raise ValueError("the piece is empty: draw around something")
        cover: Cover = np.ascontiguousarray(mask[rect.slices]).view(np.uint8)
        if mask.dtype == np.bool_:
            cover = cover * np.uint8(255)
        return cls(rect, cover, Point(*by), **how)

    @property
    def plain(self) -> bool:
        """Is it only moved, by whole pixels?"""
        whole = all(number == round(number) for number in self.by)
        return whole and self.scale == 1 and self.turn % 360 == 0 and not self.mirror

    @property
    def rests(self) -> bool:
        """Does it lie where it lay?"""
        return not self.used or (self.plain and self.by == (0, 0))

    @property
    def middle(self) -> Point:
        """Of the piece in its new place."""
        rect = self.rect
        return Point(rect.x + rect.width / 2 + self.by.x, rect.y + rect.height / 2 + self.by.y)

    @property
    def matrix(self) -> Matrix:
        """From the old place to the new one."""
        if self.plain:
            return np.array([[1.0, 0, self.by.x], [0, 1.0, self.by.y]])
        angle = math.radians(self.turn)
        cos, sin = self.scale * math.cos(angle), self.scale * math.sin(angle)
        linear = np.array([[cos, -sin], [sin, cos]])
        if self.mirror:
            linear = linear @ np.diag([-1.0, 1.0])
        old = np.array(self.middle) - self.by
        return np.column_stack([linear, np.array(self.middle) - linear @ old])

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Of its rectangle, in its new place: what was top left, then clockwise."""
        rect, matrix = self.rect, self.matrix
        old = ((rect.x, rect.y), (rect.right, rect.y), (rect.right, rect.bottom))
        a, b, c, d = (
            Point(*(float(number) for number in matrix @ (x, y, 1)))
            for x, y in (*old, (rect.x, rect.bottom))
        )
        return a, b, c, d

    def holds(self, place: Point) -> bool:
        """Is this a place of the piece, where it comes to lie?"""
        x, y = (math.floor(number) for number in sources_of(self.matrix, *place))
        x, y = x - self.rect.x, y - self.rect.y
        inside = 0 <= x < self.rect.width and 0 <= y < self.rect.height
        return inside and bool(self.cover[y, x])

    @property
    def place(self) -> Rect:
        """The whole pixels around it in its new place; some may lie outside the picture."""
        xs, ys = zip(*self.corners, strict=True)
        left, top = math.floor(min(xs) + 1e-6), math.floor(min(ys) + 1e-6)
        right, bottom = math.ceil(max(xs) - 1e-6), math.ceil(max(ys) - 1e-6)
        return Rect(left, top, right - left, bottom - top)

    def moved(self, dx: float, dy: float) -> Move:
        return replace(self, by=Point(self.by.x + dx, self.by.y + dy))

    def as_json(self) -> dict[str, Any]:
        """Everything but the cover; what says nothing is left out."""
        said: dict[str, Any] = {"by": [*self.by], "scale": self.scale, "turn": self.turn}
        said |= {"mirror": self.mirror, "keep": self.keep, "used": self.used}
        usual = {"scale": 1.0, "turn": 0.0, "mirror": False, "keep": False, "used": True}
        return {name: value for name, value in said.items() if value != usual.get(name)}

    @classmethod
    def from_json(cls, mask: Mask | Cover, said: Mapping[str, Any]) -> Move:
        """What a mask of the whole picture covers. Raises ValueError for what makes no sense."""
        return replace(cls.of(mask), **how_from_json(said))


def how_from_json(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Move but for the piece itself. Raises ValueError."""
    try:
        x, y = said["by"]
        how: dict[str, Any] = {"by": Point(float(x), float(y))}
        how |= {"scale": float(said.get("scale", 1)), "turn": float(said.get("turn", 0))}
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"{said!r} does not say how a piece moves") from problem
    return how | {name: bool(said.get(name, name == "used")) for name in _FLAGS}


def sources_of(matrix: Matrix, xs: Any, ys: Any) -> tuple[Any, Any]:
    """The places from which a matrix takes something to these places."""
    (a, b, c), (d, e, f) = matrix
    xs, ys = xs - c, ys - f
    determinant = a * e - b * d
    return (e * xs - b * ys) / determinant, (a * ys - d * xs) / determinant


def check_moves(size: Size, moves: Sequence[Move], held: int | None = None) -> None:
    """Raise ValueError unless a piece moves, or is ``held`` in somebody's hand."""
    if not moves:
        raise ValueError("no piece is moved: draw around something and drag it")
    for number, move in enumerate(moves, 1):
        if move.rect.within(Rect(0, 0, *size)) != move.rect:
            raise ValueError(f"piece {number} is not of this picture of {size}")
        if not move.cover.any():
            raise ValueError(f"piece {number} is empty: draw around something")
    if held is None and all(move.rests for move in moves):
        raise ValueError("no piece has another place than before: drag one")
