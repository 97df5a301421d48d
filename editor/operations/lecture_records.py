"""What the pages of Lecture mode record that show how pictures and sprites are made of examples.

Nothing here changes a picture. Every value grows, and can be looked at while it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Picture, Point, Rect, Size
from editor.engine.step import Step, unseen
from editor.operations.analogy import suggested
from editor.operations.base import Operation, Scene
from editor.operations.lecture import small
from editor.operations.sprite import CutSprite
from editor.operations.steer import Steer

if TYPE_CHECKING:
    from editor.engine.analogy_record import AnalogyRecord
    from editor.engine.growth_record import GrowthRecord
    from editor.engine.prior_lanes import Fits
    from editor.engine.steer_record import WalkRecord

_SHRUNK = 110  # of the shorter side of a picture that a texture grows from …
_SAMPLE = 54  # … and of its middle, which is the sample
_TEXTURE = 64
_ANALOGY = 96  # of the longer side of A, A′ and B
_FITTED = 64  # of the sides of what a network is fitted to
_CUT = 0.6  # of the time it takes to record a walk
KAPPAS = 0.0, 1.0, 2.0, 5.0, 10.0, 25.0


@dataclass(frozen=True)
class RecordGrowth(Operation):
    """Without a sample of its own: of the middle of the picture."""

    label: ClassVar[str] = "Watch a texture grow"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    windows: tuple[int, ...] = (11,)
    looks: bool = True  # how each pixel is chosen is recorded
    seed: int = 0
    sample: Picture | None = field(default=None, compare=False, repr=False)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[tuple[GrowthRecord, ...]]]:
        from editor.engine.growth_record import recorded

        picture = scene.image if self.sample is None else self.sample
        short, long = sorted(picture.shape[:2])
        shrunk = yield from small(picture, round(_SHRUNK * long / short))
        sample = np.ascontiguousarray(_middle(shrunk, _SAMPLE))
        size = Size(_TEXTURE, _TEXTURE)
        yield from recorded(sample, size, self.windows, seed=self.seed, looks=self.looks)


@dataclass(frozen=True)
class RecordAnalogy(Operation):
    """Without a B of its own: of the picture."""

    label: ClassVar[str] = "Watch an analogy"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    preset: str = "numbers"
    kappa: float = 5.0
    levels: int = 3
    seed: int = 0
    A: Picture | None = field(default=None, compare=False, repr=False)
    Ap: Picture | None = field(default=None, compare=False, repr=False)
    B: Picture | None = field(default=None, compare=False, repr=False)

    @property
    def usual(self) -> dict[str, Any]:
        return suggested(self.preset)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[AnalogyRecord]]:
        from editor.engine.analogy_features import Settings
        from editor.engine.analogy_record import recorded

        if self.A is None or self.Ap is None:
            raise ValueError("there is no A and A′: an analogy is learnt from an example")
        A = yield from small(self.A, _ANALOGY)
        Ap = yield from small(self.Ap, _ANALOGY)
        B = yield from small(scene.image if self.B is None else self.B, _ANALOGY)
        usual = self.usual
        settings = Settings(
            luminance=usual["compares"] == "light",
            takes=usual["takes"],
            guidance=usual["guidance"],
            kappa=self.kappa,
            levels=self.levels,
            remap=usual["remap"],
        )
        others = [kappa for kappa in KAPPAS if kappa != self.kappa]
        yield from recorded(A, Ap, B, settings, seed=self.seed, others=others)


@dataclass(frozen=True)
class RecordFits(Operation):
    """Without a picture of its own: of the middle of the picture."""

    label: ClassVar[str] = "Watch networks learn"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    races: bool = False  # networks on one noisy picture; else one network on four pictures
    iterations: int = 240
    seed: int = 0
    picture: Picture | None = field(default=None, compare=False, repr=False)

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine.torch_library import load_torch

        load_torch()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Fits]]:
        from editor.engine.torch_library import load_torch

        load_torch()
        from editor.engine.prior_lanes import fitted, networks, signals

        picture = scene.image if self.picture is None else self.picture
        square = _middle(picture, min(picture.shape[:2]))
        shown = yield from small(square, _FITTED)
        lanes = networks(shown, self.seed) if self.races else signals(shown, self.seed)
        yield from fitted(lanes, self.iterations, self.seed)


@dataclass(frozen=True)
class RecordWalk(Operation):
    """Of the sprite of the scene; where there is none yet, of one that is cut out of its clip.

    The goals are parts of the stage.
    """

    label: ClassVar[str] = "Watch a sprite"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    steer: Steer = field(default_factory=Steer)
    goals: tuple[Point, ...] = ()
    frames: int = 400

    @classmethod
    def warm_up(cls) -> None:
        CutSprite.warm_up()
        Steer.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[WalkRecord]]:
        from editor.engine.steer_record import recorded

        sprite = scene.sprite
        if sprite is None:
            cut = yield from unseen(0.0, _CUT, CutSprite().steps(scene, device))
            sprite = cut.sprite
        ground = np.zeros((sprite.size.height, sprite.size.width, 3), np.uint8)
        steering = self.steer.controlled(Scene(ground, sprite=sprite), device)
        control = yield from unseen(_CUT, 0.9, steering)
        stage = control.stage
        goals = [Point(stage.width * x, stage.height * y) for x, y in self.goals]
        yield from recorded(sprite, control, goals, self.frames)


def _middle(picture: Picture, side: int) -> Picture:
    """A square of the middle, or of as much of it as there is."""
    height, width = picture.shape[:2]
    wide, high = min(side, width), min(side, height)
    return picture[Rect((width - wide) // 2, (height - high) // 2, wide, high).slices]
