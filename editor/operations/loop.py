"""Loop and Endless: a clip is compared with itself, and plays on where it comes back.

Neither changes a picture. What they find is an ``Analysis`` (``editor/engine/video_analysis``),
which the document keeps beside its history: there is nothing in it to undo.
"""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from editor.engine.clip import Footage
from editor.engine.device import Device
from editor.engine.guides import Labels
from editor.engine.regions import Plays, numbers_in, play_of, used_labels
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param

if TYPE_CHECKING:
    from editor.engine.video_analysis import Analysis, Area, Comparing
    from editor.engine.video_blend import Blend
    from editor.engine.video_loops import Loop as FoundLoop
    from editor.engine.video_play import Steering
    from editor.engine.video_render import Sequel
    from editor.engine.video_texture import Settings
    from editor.engine.video_weave import Weave

# Which part of a clip is used; the keys I and O set it, not the panel.
_FRAMES: dict[str, Any] = {"low": 0, "high": 100_000_000, "hidden": True}
IN_POINT = {**_FRAMES, "help": "The first frame that is used."}
OUT_POINT = {**_FRAMES, "help": "The last frame that is used; 0 is the clip's own last one."}

Jumps = frozenset[tuple[int, int]]
Fades = frozenset[tuple[int, int, int]]  # from, to, frames
_OF_JUMPS = ("forbidden", "forced", "fades")


@dataclass(frozen=True)
class Texture(Operation):
    """What looking for loops and playing without end have in common."""

    edits: ClassVar[bool] = False

    dynamics: str = param(
        "4",
        "Motion",
        choices=(("0", "Ignore"), ("2", "2 frames"), ("4", "4 frames")),
        help="How many frames around a jump must move alike, not only look alike.",
        more="4 frames for what swings, walks or flows one way.",
        less="Ignore for what only flickers: a candle, noise, distant water.",
    )
    future: float = param(
        0.99,
        "Foresight",
        0.1,
        0.999,
        step=0.001,
        help="How far ahead a jump looks, so that it does not lead to where only bad ones follow.",
        more="Raise it when the clip keeps running into its end.",
        less="Lower it when the jumps seen are not the best there are.",
    )
    sigma: float = param(
        0.05,
        "Freedom",
        0.0,
        2.0,
        step=0.005,
        help="How gladly a jump is taken that is not the best one.",
        more="Raise it for play that repeats itself less.",
        less="Lower it when jumps show.",
    )
    threshold: float = param(
        0.01,
        "Fewest chances",
        0.0,
        1.0,
        step=0.005,
        help="Leaves out jumps that are less likely than this part of the likeliest.",
        more="Raise it to be left with few, good jumps.",
        less="Lower it for more variety.",
    )
    power: float = param(
        2.0,
        "Strictness",
        0.5,
        4.0,
        step=0.1,
        help="How much worse one bad jump is than several fair ones.",
        more="Raise it when one jump stands out.",
        less="Lower it when the same few jumps come again and again.",
    )
    leap: int = param(
        12,
        "Shortest jump",
        1,
        500,
        unit="frames",
        help="Leaves out jumps to frames nearer than this, which only tremble.",
        more="Raise it when the picture seems to stutter.",
        less="Lower it for motion that comes back in less than half a second.",
    )
    fade: int = param(
        6,
        "Fade",
        0,
        60,
        unit="frames",
        help="Over so many frames one side of a jump passes into the other; 0 is a cut.",
        more="Raise it when a jump shows.",
        less="Lower it when things are seen twice for a moment.",
    )
    blend: str = param(
        "fade",
        "Way of fading",
        choices=(("fade", "Cross-fade"), ("morph", "Morph")),
        help="Mixes the two sides of a jump as they are, or moves them onto each other first.",
        more="Morph for things with edges that are a little off: branches, a face, a boat.",
        less="Cross-fade for water, smoke and flames.",
    )
    even_light: bool = param(
        False,
        "Even light",
        help="Takes flicker and drifting exposure for the same light, and writes it evened.",
    )
    steady: bool = param(
        False,
        "Hold steady",
        help="Undoes small shakes of a hand-held camera first; a margin of 4 % is cut off.",
    )
    side: int = param(
        320,
        "Compare at",
        40,
        960,
        step=40,
        unit="px",
        help="The longer side of the small frames that are compared with each other.",
        more="Raise it when what moves is tiny.",
        less="Lower it for very long clips.",
    )
    first: int = param(0, "In point", **IN_POINT)
    last: int = param(0, "Out point", **OUT_POINT)
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number plays the same frames in the same order.",
        more="Any other number plays another order, when it plays without end.",
    )
    forbidden: Jumps = frozenset()
    forced: Jumps = frozenset()
    fades: Fades = frozenset()  # of single jumps

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in _OF_JUMPS:
            object.__setattr__(self, name, _numbers(getattr(self, name), 2 + (name == "fades")))

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {name: sorted(getattr(self, name)) for name in _OF_JUMPS}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        known = super().from_dict(values)
        try:
            jumps = {name: values.get(name, ()) for name in _OF_JUMPS}
            return dataclasses.replace(known, **jumps)
        except ValueError:
            return known

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import video_analysis

        video_analysis.warm_up()

    @property
    def wanted_length(self) -> int:
        """Of a loop, frames; 0 for the longest of the best."""
        return 0

    @property
    def settings(self) -> Settings:
        from editor.engine.video_texture import Settings

        return Settings(
            taps=int(self.dynamics),
            p=self.power,
            alpha=self.future,
            sigma=self.sigma,
            apart=self.leap,
            threshold=self.threshold,
            forbidden=self._in_part(self.forbidden),
            forced=self._in_part(self.forced),
        )

    def _in_part(self, jumps: Jumps) -> Jumps:
        """Those between in point and out point, numbered from the in point as an analysis is."""
        first, last = self.first, self.last or max((max(jump) for jump in jumps), default=0)
        return frozenset(
            (i - first, j - first) for i, j in jumps if first <= min(i, j) and max(i, j) <= last
        )

    @property
    def mix(self) -> Blend:
        """How two frames become one."""
        from editor.engine import video_blend

        return video_blend.morph if self.blend == "morph" else video_blend.cross_fade

    @property
    def single_fades(self) -> dict[tuple[int, int], int]:
        """How many frames the fade of some jumps has, numbered from the in point."""
        return {(i - self.first, j - self.first): frames for i, j, frames in self.fades}

    def comparing(self, threads: int = 1) -> Comparing:
        """What the comparison depends on; while it is equal, ``judged`` is enough."""
        from editor.engine.video_analysis import Comparing

        return Comparing(self.side, self.even_light, self.steady, threads)

    def part(self, footage: Footage) -> Footage:
        """What of a clip is used. The frames of an analysis are numbered from its first."""
        from editor.engine.clip_part import part_of

        return part_of(footage, self.first, self.last)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Analysis]]:
        from editor.engine.video_analysis import analysed

        if scene.clip is None:
            raise ValueError("this is a picture: open a clip to find its loops")
        return analysed(
            self.part(scene.clip),
            self.comparing(device.threads),
            self.settings,
            areas=areas_of(scene),
            length=self.wanted_length,
            seed=self.seed,
        )

    def judged(self, before: Analysis, threads: int = 1) -> Iterator[Step[Analysis]]:
        """The analysis with these settings, from the distances alone: a slider was moved."""
        from editor.engine.video_analysis import judged

        return judged(
            before.compared,
            self.settings,
            length=self.wanted_length,
            seed=self.seed,
            before=before,
            threads=threads,
            beside=[one.compared for one in before.others],
        )

    def weaving(
        self, found: Analysis, labels: Labels | None, plays: Plays, loop: FoundLoop | None = None
    ) -> Iterator[Step[Weave]]:
        """What the regions play beside a loop that was found: the one that is wanted."""
        from editor.engine.video_weave import woven

        numbers = () if labels is None else numbers_in(labels)
        return woven(found, loop or found.wanted, numbers, plays, self.first)

    def steering(self, found: Analysis) -> Iterator[Step[Steering]]:
        """Players of the slow, the fast and every part of the clip, to be steered while it plays.

        Only where the clip is sorted from slow to fast does that mean speed.
        """
        from editor.engine.video_play import steering, usual_ranges

        ranges = tuple(usual_ranges(found.count).values())
        settings, before = self.settings, found.texture
        return steering(found.distances.D, settings, ranges, seed=self.seed, before=before)

    def completed(self, value: Analysis) -> Analysis:
        from editor.engine.video_analysis import completed

        return completed(value, self.settings, length=self.wanted_length, seed=self.seed)

    @abstractmethod
    def sequel(
        self, found: Analysis, weave: Weave | None = None, labels: Labels | None = None
    ) -> Sequel:
        """What is written to a file, with regions if there are any."""


@dataclass(frozen=True)
class Loop(Texture):
    label: ClassVar[str] = "Find loops"

    length: int = param(
        0,
        "Length",
        0,
        20_000,
        unit="frames",
        zero="Any",
        help="How long the loop should be, about; 0 takes the longest of those that show least.",
        more="Raise it when the same thing comes round too soon.",
        less="Lower it for a small file.",
    )

    @property
    def wanted_length(self) -> int:
        return self.length

    def sequel(
        self, found: Analysis, weave: Weave | None = None, labels: Labels | None = None
    ) -> Sequel:
        from editor.engine.video_render import Sequel
        from editor.engine.video_weave import PLAIN

        assert found.wanted is not None, "a finished analysis has a loop"
        return Sequel(found.wanted.frames, True, weave or PLAIN, labels)


@dataclass(frozen=True)
class Endless(Texture):
    label: ClassVar[str] = "Play without end"

    frames: int = param(
        1000,
        "Frames",
        1,
        1_000_000,
        unit="frames",
        help="How many frames of the endless play are written.",
    )

    def sequel(
        self, found: Analysis, weave: Weave | None = None, labels: Labels | None = None
    ) -> Sequel:
        from editor.engine.video_render import Sequel
        from editor.engine.video_weave import PLAIN

        assert found.player is not None, "a finished analysis has a player"
        frames = tuple(islice(found.player.play(), self.frames))
        return Sequel(frames, False, weave or PLAIN, labels)


def _numbers(told: Any, many: int) -> frozenset[tuple[int, ...]]:
    """Jumps as a set, whether they come from the stage or from a project."""
    try:
        found = [tuple(one) for one in told]
    except TypeError:
        found = [()]
    if not all(len(one) == many for one in found) or not all(
        type(number) is int and number >= 0 for one in found for number in one
    ):
        raise ValueError(f"{told!r} is no list of jumps, from frame to frame")
    return frozenset(found)


def areas_of(scene: Scene) -> list[Area]:
    """What is compared on its own: each region that loops, the rest among them, or all as one."""
    from editor.engine.video_analysis import WHOLE, Area

    labels = used_labels(scene.guides.labels, scene.plays)
    if labels is None:
        return [WHOLE]
    moving = [n for n in numbers_in(labels) if not play_of(n, scene.plays).still]
    if not moving:
        raise ValueError("everything is still: let the rest or one of the regions loop")
    return [Area(number, (labels == number) * np.uint8(255)) for number in moving]
