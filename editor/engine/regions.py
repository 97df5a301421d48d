"""What the painted regions of a clip do while it plays: each loops or is still, at its own phase.

The regions themselves are labels, a number for each pixel of a frame; 0 is all that is not painted,
the rest. What makes pictures of them is ``video_regions``; which frames they play, ``video_weave``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

import numpy as np

from editor.engine.guides import MOST_LABELS, Labels

LONGEST = 20_000  # frames of a region's own loop


@dataclass(frozen=True, slots=True)
class Play:
    """What one region does; a region of which nothing is said loops with the others."""

    number: int  # its label; 0 is the rest
    still: bool = False
    frame: int = 0  # of the clip, seen where it is still
    phase: int = 0  # pictures by which it is ahead of the others
    length: int = 0  # of its own loop, frames; 0: as long as the others'
    used: bool = True  # else it is as if it were not painted

    def __post_init__(self) -> None:
        for field in fields(self):
            value, kind = getattr(self, field.name), type(field.default)
            if type(value) is not (kind if kind in (bool, int) else int):
                raise ValueError(f"{self.name}: its {field.name} is {value!r}")
        if not 0 <= self.number <= MOST_LABELS:
            raise ValueError(f"regions are numbered 1 to {MOST_LABELS}, not {self.number}")
        if self.frame < 0:
            raise ValueError(f"{self.name}: there is no frame {self.frame}")
        for name in ("phase", "length"):
            if not 0 <= getattr(self, name) <= LONGEST:
                raise ValueError(
                    f"{self.name}: its {name} is {getattr(self, name)}: it goes from 0 to {LONGEST}"
                )

    @property
    def name(self) -> str:
        return f"region {self.number}" if self.number else "the rest"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Raises ValueError where it makes no sense."""
        try:
            return cls(**told)
        except TypeError:
            raise ValueError(f"{told!r} does not say what a region does") from None


def read_play(text: str) -> Play:
    """What a person writes: ``1=still``, ``rest=still@40``, ``2=loop+10``, ``3=48+10``."""
    told = re.fullmatch(r"(rest|\d+)=(?:still(?:@(\d+))?|(loop|\d+)(?:\+(\d+))?)", text)
    if told is None:
        raise ValueError(
            f"{text!r} is not what a region does, such as rest=still, 1=still@40, 2=loop+10, 3=48"
        )
    which, frame, loop, phase = told.groups()
    number = 0 if which == "rest" else int(which)
    if loop is None:
        return Play(number, still=True, frame=int(frame or 0))
    return Play(number, phase=int(phase or 0), length=0 if loop == "loop" else int(loop))


Plays = tuple[Play, ...]


def play_of(number: int, plays: Iterable[Play]) -> Play:
    return next((one for one in plays if one.number == number), Play(number))


def with_play(plays: Plays, play: Play) -> Plays:
    """The same, but for this region."""
    return tuple(sorted([*without(plays, play.number), play], key=lambda one: one.number))


def without(plays: Plays, number: int) -> Plays:
    return tuple(one for one in plays if one.number != number)


def used_labels(labels: Labels | None, plays: Sequence[Play]) -> Labels | None:
    """The labels without those of regions that are switched off; None where none is left."""
    if labels is None:
        return None
    off = [one.number for one in plays if not one.used and one.number]
    if off:
        labels = np.where(np.isin(labels, off), np.uint8(0), labels)
    return labels if labels.any() else None


def numbers_in(labels: Labels | None) -> tuple[int, ...]:
    """The regions there are, in order, the rest among them if there is one."""
    if labels is None:
        return (0,)
    return tuple(np.flatnonzero(np.bincount(labels.ravel(), minlength=1)).tolist())
