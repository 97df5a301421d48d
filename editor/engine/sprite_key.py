"""The key: what a clip's creature is told from, found in the clip or chosen by a person.

A backdrop of one colour of its own is taken away by that colour. Everything else, a grey floor
too, is compared with the picture of the place: a clean one, or the median of the clip. Where
something is in the way for much of the clip the median is of no use, and that place is filled.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from editor.engine.clip import Footage, Frame
from editor.engine.fill import Filled, fill
from editor.engine.image import Size
from editor.engine.matte import Backdrop, Colour, Matting
from editor.engine.matte_backdrop import background, find_colours, in_the_way
from editor.engine.step import Step, unseen

KEYS = ("auto", "colour", "difference")

_HIDDEN = 0.25  # of what moves, from which on it hides its own backdrop
_LOOKED_AT = 9  # frames whose borders tell the colour


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """Everything that the matte of a frame needs."""

    backdrop: Backdrop
    matting: Matting
    colours: tuple[Colour, ...] = ()  # none: the difference from a picture
    hidden: float = (
        0.0  # of what moves, how much has no backdrop in the clip but one that is guessed
    )


def find_key(
    footage: Footage,
    kind: str,
    matting: Matting,
    *,
    tolerance: float | None = None,
    colours: tuple[Colour, ...] = (),
    plate: Frame | None = None,
    threads: int = 1,
) -> Generator[Step[Key], None, None]:
    """The key of a clip; its tolerance is found too unless it is given.

    ``colours`` and ``plate`` are what a person picked, and are taken as they are. Raises ValueError
    where a colour is asked for and the border has none.
    """
    if kind not in KEYS:
        raise ValueError(f"the key is {kind!r}: choose {', '.join(KEYS)}")
    wanted = matting if tolerance is None else replace(matting, tolerance=tolerance)
    if colours:
        found = Key(Backdrop.of_colours(*colours), wanted, colours)
    elif kind == "difference" or plate is not None:
        found = yield from _difference(footage, wanted, plate, threads)
    else:
        try:
            found = _by_colour(footage, wanted, sure=kind == "auto")
        except ValueError:
            if kind == "colour":
                raise
            found = yield from _difference(footage, wanted, None, threads)
        else:
            if tolerance is not None:
                found = replace(found, matting=wanted)
    yield Step(1.0, found)


def _by_colour(footage: Footage, matting: Matting, *, sure: bool) -> Key:
    """Raises ValueError unless the border tells a colour, one that is surely the backdrop's."""
    count = footage.clip.count
    numbers = np.linspace(0, count - 1, min(_LOOKED_AT, count)).round().astype(int)
    told = find_colours([footage.frame(number) for number in numbers.tolist()])
    backdrop = Backdrop.of_colours(*told.colours)
    if sure and len(told.colours) > 1 and not backdrop.key.any():
        raise ValueError("the backdrop has greys of many kinds: a creature has some of them too")
    return Key(backdrop, replace(matting, tolerance=told.tolerance), told.colours)


def _difference(
    footage: Footage, matting: Matting, plate: Frame | None, threads: int
) -> Generator[Step[Key], None, Key]:
    if plate is not None:
        if Size.of(plate) != footage.clip.size:
            raise ValueError(
                f"the picture of the backdrop is {Size.of(plate)} and the clip is "
                f"{footage.clip.size}: they must be equal"
            )
        return Key(Backdrop.of_plate(plate), matting)
    plate = yield from unseen(0, 0.6, background(footage, threads=threads))
    watching = in_the_way(footage, plate, matting.tolerance, matting.shadow, threads)
    seen = yield from unseen(0.6, 0.7, watching)
    if seen.share < _HIDDEN:
        return Key(Backdrop.of_plate(plate), matting)
    with contextlib.suppress(ValueError):  # it is everywhere: there is nothing to fill it with
        filled = yield from unseen(0.7, 0.99, fill(plate, seen.place, threads=threads))
        plate = _with(plate, filled)
    return Key(Backdrop.of_plate(plate), matting, hidden=seen.share)


def _with(plate: Frame, filled: Filled) -> Frame:
    made = plate.copy()
    made[filled.rect.slices] = filled.pixels
    return made
