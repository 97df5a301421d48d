"""Which frames each region of a clip plays, so that the whole of it comes back.

§6.3 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000: what moves
independently is looped independently. A file loops when all its regions are back at once, after the
least common multiple of their lengths. That is short where they have one length: the dynamic
programme of §4.2 finds the best loop of exactly that length in each region, so that no frame has to
be left out or shown twice. A region may have a length of its own; then the file takes longer.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from editor.engine.regions import Play, play_of
from editor.engine.step import Step
from editor.engine.video_analysis import Analysis
from editor.engine.video_blend import FADE, Mix, loop_mixes
from editor.engine.video_loops import Loop, compound_loop

LONGEST_TURN = 20_000  # pictures of a file


@dataclass(frozen=True, slots=True)
class Strand:
    """What one region plays; without frames of its own it plays what the clip's loop plays."""

    number: int
    frames: tuple[int, ...] = ()  # one: it is still
    phase: int = 0
    loop: Loop | None = None  # of its own

    @property
    def follows(self) -> bool:
        return not self.frames

    def plan(self, common: Sequence[Mix], count: int, fade: int = FADE) -> Sequence[Mix]:
        """The mixes of one turn; ``common`` are those of the clip's loop."""
        if self.follows:
            return common
        if len(self.frames) == 1:
            return (Mix(self.frames[0], self.frames[0]),)
        return loop_mixes(self.frames, count, fade)


@dataclass(frozen=True, slots=True)
class Weave:
    """What all regions play beside the loop of the clip; the rest, number 0, comes first."""

    strands: tuple[Strand, ...] = ()

    def turn(self, common: int) -> int:
        """After how many pictures everything is back, with a loop of so many frames."""
        return math.lcm(*self._lengths(common))

    def _lengths(self, common: int) -> list[int]:
        return [len(strand.frames) or common for strand in self.strands] or [common]

    def turn_checked(self, common: int) -> int:
        """The same; ValueError where nobody would wait for it."""
        turn = self.turn(common)
        if turn > max(LONGEST_TURN, common):
            lengths = sorted(set(self._lengths(common)))
            raise ValueError(
                f"the regions loop after {', '.join(map(str, lengths))} frames and are back"
                f" together after {turn:,} only: give one of them the length of the others"
            )
        return turn


PLAIN = Weave()


def woven(
    found: Analysis,
    loop: Loop | None,
    numbers: Sequence[int],
    plays: Sequence[Play],
    first: int = 0,
) -> Iterator[Step[Weave]]:
    """What the regions ``numbers`` play beside the clip's ``loop``; ``first`` is the in point.

    A region that has not been compared on its own plays the clip's loop, at its own phase.
    """
    strands = []
    for k, number in enumerate(numbers):
        play = play_of(number, plays)
        strand = yield from _strand(found, loop, play, first)
        strands.append(strand)
        yield Step((k + 1) / len(numbers))
    yield Step(1.0, Weave(tuple(strands)))


def _strand(
    found: Analysis, loop: Loop | None, play: Play, first: int
) -> Generator[Step[Weave], None, Strand]:
    number = play.number
    if play.still:
        return Strand(number, (min(max(play.frame - first, 0), found.count - 1),))
    if number == found.number or loop is None:
        return Strand(number)
    own = next((one for one in found.others if one.number == number), None)
    if own is None or own.texture is None:
        return Strand(number, loop.frames, play.phase, loop) if play.phase else Strand(number)
    wanted = play.length or loop.length
    made = own.wanted
    if made is None or made.length != wanted:
        for step in compound_loop(own.distances, own.texture, wanted):
            made = step.value or made
            yield Step(0.0)
    assert made is not None
    return Strand(number, made.frames, play.phase, made)


def moved(strand: Strand, by: int) -> Strand:
    """The strand with its frames numbered from elsewhere."""
    loop = None if strand.loop is None else strand.loop.moved(by)
    return replace(strand, frames=tuple(frame + by for frame in strand.frames), loop=loop)
