"""Playing a video texture: which frame to show next, for ever, and towards what is wanted.

§4.1 (random play) and §6.4 (video-based animation) of A. Schödl, R. Szeliski, D. Salesin, I. Essa:
Video Textures, SIGGRAPH 2000. ``next_frame`` is a pure function of the state: it looks up a few
arcs and one random number that belongs to the step, so that a timer can call it, a blend can look
ahead, and the same seed plays the same frames.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels.random import bits
from editor.engine.step import Step
from editor.engine.video_texture import Settings, Texture, texture

Range = tuple[int, int]  # first and last frame


class PlayState(NamedTuple):
    frame: int
    step: int = 0  # how many frames were shown before


@dataclass(frozen=True, slots=True)
class Player:
    """The arcs of a texture, laid out for looking up; a few kilobytes, without the matrix."""

    seed: int
    first: tuple[int, ...]
    targets: tuple[int, ...]
    reach: tuple[float, ...]  # for each arc the chance of it or one before it in its row

    @property
    def count(self) -> int:
        return len(self.first) - 1

    def next_frame(self, state: PlayState) -> PlayState:
        low, high = self.first[state.frame], self.first[state.frame + 1]
        chance = (int(bits(self.seed, state.step)) >> 11) / (1 << 53)
        arc = min(bisect_right(self.reach, chance, low, high), high - 1)
        return PlayState(self.targets[arc], state.step + 1)

    def play(self, state: PlayState = PlayState(0)) -> Iterator[int]:  # noqa: B008 - frozen
        """The frames from here on, without end."""
        while True:
            yield state.frame
            state = self.next_frame(state)


def player(texture: Texture, seed: int = 0) -> Player:
    """A player of this texture. From a dead end it goes where the last frame before it would."""
    arcs = texture.arcs
    first, targets, chances = arcs.first, arcs.targets, arcs.chances
    alive = np.flatnonzero(np.diff(first))
    for i in np.flatnonzero(np.diff(first) == 0):
        before = alive[max(0, int(np.searchsorted(alive, i)) - 1)]
        targets = np.insert(targets, first[i], texture.policy[before])
        chances = np.insert(chances, first[i], 1.0)
        first = first + (np.arange(len(first)) > i)
    upto = np.concatenate([[0.0], np.cumsum(chances)])
    reach = upto[1:] - np.repeat(upto[first[:-1]], np.diff(first))
    return Player(seed, tuple(first.tolist()), tuple(targets.tolist()), tuple(reach.tolist()))


# ── towards a range of frames (6.4) ──


@dataclass(frozen=True, slots=True)
class Steering:
    """Players towards several ranges; the one nearest to what is wanted decides."""

    ranges: tuple[Range, ...]
    players: tuple[Player, ...]

    @property
    def count(self) -> int:
        return self.players[0].count

    def next_frame(self, state: PlayState, wanted: Range) -> PlayState:
        away = [abs(low - wanted[0]) + abs(high - wanted[1]) for low, high in self.ranges]
        return self.players[away.index(min(away))].next_frame(state)


def usual_ranges(count: int) -> dict[str, Range]:
    """The paper's runner: a clip sorted from slow to fast, its ends and all of it."""
    third = max(1, count // 3)
    return {
        "slow": (0, third - 1),
        "variable": (0, count - 1),
        "fast": (count - third, count - 1),
    }


def steering(
    D: NDArray[Any],
    settings: Settings,
    ranges: Sequence[Range],
    *,
    seed: int = 0,
    before: Texture | None = None,
    threads: int = 1,
) -> Iterator[Step[Steering]]:
    """Players of this clip towards each of the ranges."""
    if not ranges:
        raise ValueError("steering needs at least one range of frames")
    players = []
    for number, target in enumerate(ranges):
        wanted = replace(settings, target=target)
        for step in texture(D, wanted, before=before, threads=threads):
            yield Step((number + step.done) / (len(ranges) + 1))
            if step.value is not None:
                before = step.value
        assert before is not None
        players.append(player(before, seed))
    yield Step(1.0, Steering(tuple(ranges), tuple(players)))
