"""A small clip that is made up, a player that has its frames, and what the engine finds in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from editor.engine.clip import Clip, Frame, evenly
from editor.engine.frame_distances import Distances, distances
from editor.engine.image import Size
from editor.engine.step import last
from editor.engine.video_loops import best_loops
from editor.engine.video_play import player
from editor.engine.video_texture import Settings, texture
from editor.files.problems import FileProblem

PERIOD, COUNT = 20, 90
SIZE = Size(48, 32)


class Film:
    """A ball that goes round: frame n and frame n + 20 are alike, but for a little noise."""

    def __init__(self, count: int = COUNT, size: Size = SIZE, period: int = PERIOD) -> None:
        self.clip = Clip(size, evenly(count, 200), Fraction(200))
        rng = np.random.default_rng(7)
        angle = 2 * np.pi * np.arange(count) / period
        x = size.width * (0.5 + 0.3 * np.cos(angle))
        y = size.height * (0.5 + 0.3 * np.sin(angle))
        across, down = np.arange(size.width), np.arange(size.height)[:, None]
        near = (across - x[:, None, None]) ** 2 + (down - y[:, None, None]) ** 2
        ball = 40 + 160 * np.exp(-near / 30)
        noise = rng.normal(0, 1.5, ball.shape)
        grey = np.clip(ball + noise, 0, 255).astype(np.uint8)
        self.frames = np.repeat(grey[..., None], 3, axis=3)

    def frame(self, number: int) -> Frame:
        return self.frames[number]


@dataclass
class FakePlayer:
    """What the renderer asks of a player; frames may be slow to come, or never."""

    film: Film
    missing: set[int] = field(default_factory=set)
    problem: FileProblem | None = None
    asked: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def look(self, number: int, coming: Sequence[int] = ()) -> Frame | None:
        self.asked.append((number, tuple(coming)))
        return None if number in self.missing else self.film.frame(number)


@dataclass(frozen=True)
class Found:
    distances: Distances
    texture: Any
    loops: list[Any]
    play: Any


def found_in(film: Film, settings: Settings = Settings()) -> Found:  # noqa: B008 - frozen
    D = last(distances([film.frames], film.clip.count))
    made = last(texture(D.D, settings))
    return Found(D, made, last(best_loops(D, made)), player(made))
