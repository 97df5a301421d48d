"""Pieces that are moved about, as a project keeps them: numbers as JSON, covers as planes.

What a piece was cut from is kept with it, so that its arrow can be taken hold of again later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Picture, Rect
from editor.engine.moves import Move, how_from_json

_BEFORE = "before_pieces"


class Kept(NamedTuple):
    """How the pieces are to lie, how the picture shows them, and what it was where they are."""

    moves: tuple[Move, ...]
    done: tuple[Move, ...]
    before: tuple[Rect, Picture] | None


def packed(kept: Kept) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Settings and planes of a project."""
    covers: dict[int, str] = {}
    planes: dict[str, NDArray[Any]] = {}

    def told(move: Move) -> dict[str, Any]:
        name = covers.setdefault(id(move.cover), f"piece_{len(covers) + 1}")
        planes[name] = move.cover
        return {"cover": name, "at": [*move.rect[:2]], **move.as_json()}

    said: dict[str, Any] = {
        name: [told(move) for move in getattr(kept, name)] for name in ("moves", "done")
    }
    if kept.before is not None:
        rect, planes[_BEFORE] = kept.before
        said["before"] = [*rect[:2]]
    return {"pieces": said}, planes


def unpacked(
    settings: Mapping[str, Any], planes: Mapping[str, NDArray[Any]], image: Picture
) -> Kept | None:
    """From a project; None if it has none, or none that make sense."""
    said = settings.get("pieces")
    if said is None:
        return None
    found: dict[str, Move] = {}  # one that lies as it is to lie is one and the same
    try:
        moves, done = (
            tuple(found.setdefault(repr(one), _move(one, planes, image)) for one in said[name])
            for name in ("moves", "done")
        )
        before = None
        if "before" in said:
            pixels = planes[_BEFORE]
            rect = _rect(said["before"], pixels, image)
            if pixels.dtype != image.dtype or pixels.shape[2:] != image.shape[2:]:
                return None
            before = rect, pixels
        if done and before is None:
            return None
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return Kept(moves, done, before)


def _move(said: Mapping[str, Any], planes: Mapping[str, NDArray[Any]], image: Picture) -> Move:
    cover = planes[said["cover"]]
    if cover.dtype != np.uint8 or cover.ndim != 2:
        raise ValueError(f"a cover of {cover.shape} {cover.dtype}")
    return Move(_rect(said["at"], cover, image), cover, **how_from_json(said))


def _rect(at: Sequence[Any], pixels: NDArray[Any], image: Picture) -> Rect:
    x, y = at
    rect = Rect(int(x), int(y), pixels.shape[1], pixels.shape[0])
    if rect.empty or rect.within(Rect.whole(image)) != rect:
        raise ValueError(f"{rect} is no place of the picture")
    return rect
