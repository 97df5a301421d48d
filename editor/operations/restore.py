"""Restore: noise, JPEG artefacts, missing pixels and missing size, by a network fitted to this one
picture (deep image prior).

Every value carries the ``Curve`` of the fit with its checkpoints, so that another one can be taken
afterwards, or less of it, without fitting again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from editor.engine.curve import Curve, Saved, of_picture
from editor.engine.device import Device
from editor.engine.image import Cover, Mask, Picture, Rect
from editor.engine.step import Pause, Step
from editor.operations.base import Look, Operation, Patch, Paused, Scene, param
from editor.operations.new_picture import NewPicture, check_still

if TYPE_CHECKING:
    from editor.engine.prior import Restoration, Restored


@dataclass(frozen=True)
class Restore(Operation):
    label: ClassVar[str] = "Restore"

    task: str = param(
        "denoise",
        "Task",
        choices=(
            ("denoise", "Noise"),
            ("jpeg", "JPEG artefacts"),
            ("superres", "Enlarge"),
            ("inpaint", "Missing pixels"),
            ("flash", "Too little light"),
        ),
        help="What is wrong with the picture. A network learns the picture before it learns that.",
        more="Where a mask is painted only that part changes; missing pixels need one. Too little"
        " light needs the same picture taken with flash, for its sharp edges.",
    )
    scale: str = param(
        "2",
        "Enlarge by",
        choices=(("2", "×2"), ("4", "×4"), ("8", "×8")),
        help="How many times as wide and high the picture becomes.",
        only=("task", "superres"),
    )
    net: str = param(
        "auto",
        "Network",
        choices=(
            ("auto", "The quickest"),
            ("fast", "Fast"),
            ("fast-deep", "Fast and deep"),
            ("skip-5", "Skip, 5 levels"),
            ("skip-5-nearest", "Skip, nearest"),
            ("hourglass-1", "Hourglass, 1"),
            ("hourglass-3", "Hourglass, 3"),
            ("hourglass-5", "Hourglass, 5"),
            ("encoder-decoder-2", "Encoder–decoder, 2"),
            ("encoder-decoder-4", "Encoder–decoder, 4"),
            ("encoder-decoder-6", "Encoder–decoder, 6"),
            ("resnet-8", "ResNet, 8 blocks"),
            ("unet-5", "U-Net, 5 levels"),
        ),
        help="What is fitted: its shape alone decides what it takes for picture, what for noise.",
        more="The quickest that suits the task is a good choice; the others are those of the paper"
        " and take many times as long.",
    )
    iterations: int = param(
        0,
        "Iterations",
        0,
        20_000,
        step=50,
        zero="Auto",
        help="How often the network is corrected, at most: small sizes of the picture count too."
        " 0 is as often as the task needs.",
        more="Raise it when the result is still soft.",
        less="Lower it for a quick look.",
    )
    automatic: bool = param(
        True,
        "Stop by itself",
        help="Ends where going on would bring the noise back, and takes the picture from there.",
        only=("task", "denoise", "jpeg", "flash"),
    )
    budget: float = param(
        0.0,
        "Time",
        0,
        7200,
        step=10,
        unit="s",
        zero="Any",
        help="Takes the best picture there is after so many seconds; 0 waits until it is done.",
        more="Raise it when you can wait for more.",
        less="Lower it for several tries in a row.",
    )
    strength: int = param(
        100,
        "Strength",
        0,
        100,
        step=1,
        unit="%",
        help="How much of the result is taken, and how little of the picture as it was. It can be"
        " moved afterwards, too.",
        more="Raise it for a cleaner picture.",
        less="Lower it to keep some grain.",
    )
    tv: float = param(
        0.0,
        "Flatness",
        0,
        1,
        step=0.01,
        hidden=True,
        help="How much differences between neighbouring pixels are held down: total variation.",
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result.",
        more="Any other number gives another, often equally good one.",
    )
    saved: Saved | None = None  # where it goes on; else it begins

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine.torch_library import load_torch

        load_torch()
        from editor.engine import prior

        prior.warm_up()

    def rehearsed(self) -> Self:
        task = "denoise" if self.task == "flash" else self.task  # of a few pixels there is no other
        return replace(self, task=task, iterations=1, budget=0)

    @property
    def pauses(self) -> bool:
        return True

    @property
    def remembered(self) -> Operation:
        return replace(self, saved=None)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        """Each value is a Patch or, of what is enlarged, a NewPicture."""
        if self.task == "superres":
            check_still(scene)
        restoration = self.restoration(scene, device)
        try:
            with closing(restoration.steps()) as steps:
                for step in steps:
                    made = step.value
                    shown = None if made is None else self.shown(scene, made, restoration.notice)
                    yield Step(step.done, shown)
        except Pause:
            saved = restoration.saved() | of_picture(scene.image)
            there = self.shown(scene, restoration.restored(), restoration.notice)
            paused = replace(self, saved=saved).as_paused(there)
            yield Step(paused.done, paused)

    def as_paused(self, made: Any = None) -> Paused:
        """As it was saved; ``made`` is what it has come to, of the kind its steps yield."""
        assert self.saved is not None
        so_far = TakePaused(**self.to_dict(), saved=self.saved)
        return Paused(self, so_far, float(self.saved["progress"]), made, lasts=True)

    def restoration(self, scene: Scene, device: Device) -> Restoration:
        from editor.engine.torch_library import load_torch

        load_torch()
        from editor.engine.prior import Settings, restore

        settings = Settings(
            net=None if self.net == "auto" else self.net,
            iterations=self.iterations or None,
            automatic=self.automatic,
            tv=self.tv,
            budget=self.budget or None,
            strength=self.strength / 100,
            seed=self.seed,
        )
        how: dict[str, Any] = {"scale": int(self.scale), "settings": settings, "device": device}
        if self.task == "flash":
            how["flash"] = scene.other
        restoration = restore(scene.image, self.task, hole=self._hole(scene), **how)
        if self.saved is not None:
            restoration.load(self.saved)
        return restoration

    def _hole(self, scene: Scene) -> Mask | Cover | None:
        """Missing pixels need a mask, and say so; for the rest an empty one is none."""
        return scene.hole if self.task == "inpaint" else scene.painted("mask")

    def shown(self, scene: Scene, made: Restored, notice: str) -> Patch | NewPicture:
        return self._made(scene, made.picture, made.curve, (notice,) if notice else ())

    def _made(
        self, scene: Scene, picture: Picture, curve: Curve, notices: tuple[str, ...] = ()
    ) -> Patch | NewPicture:
        if self.task == "superres":
            return NewPicture(picture, stretched=True, curve=curve, notices=notices)
        hole = self._hole(scene)
        rect = Rect.whole(picture) if hole is None else Rect.around(hole)
        return Patch(rect, picture[rect.slices], notices=notices, curve=curve)


@dataclass(frozen=True)
class TakePaused(Restore):
    """What a restoration that is paused has come to."""

    quick: ClassVar[bool] = True

    looks: bool = False  # it is to be seen, not to be taken

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        restoration = self.restoration(scene, device)
        made = self.shown(scene, restoration.restored(), restoration.notice)
        yield Step(1.0, Look(made) if self.looks else made)


@dataclass(frozen=True)
class TakeCheckpoint(Restore):
    """Another picture of a fit that is over, or another strength of it."""

    quick: ClassVar[bool] = True

    curve: Curve | None = None
    iteration: int = 0
    looks: bool = False  # it is to be seen, not to be taken

    @classmethod
    def of(
        cls, restore: Restore, curve: Curve, iteration: int, *, looks: bool = False
    ) -> TakeCheckpoint:
        values = {name: value for name, value in restore.to_dict().items() if name != "iteration"}
        return cls(**values, curve=curve, iteration=iteration, looks=looks)

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"iteration": self.iteration}

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        from editor.engine.prior import at

        found = None if self.curve is None else self.curve.nearest(self.iteration)
        if found is None or self.curve is None:
            raise ValueError("no pictures were kept on the way: restore it once more")
        picture = at(
            found,
            scene.image,
            self.task,
            hole=self._hole(scene),
            scale=int(self.scale),
            strength=self.strength / 100,
        )
        made = self._made(scene, picture, replace(self.curve, taken=found.iteration))
        yield Step(1.0, Look(made) if self.looks else made)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a restoration will take, or why it cannot be done."""

    seconds: float = 0.0  # to the end; where it stops by itself, at most
    bytes: int = 0  # of memory, or of the card's
    parts: int = 1  # that the picture is restored in
    problem: str = ""


@dataclass(frozen=True)
class EstimateRestore(Restore):
    """Finds out the cost of a restoration from a few iterations of it."""

    quick: ClassVar[bool] = True
    edits: ClassVar[bool] = False

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Cost]]:
        try:
            for step in self.restoration(scene, device).estimate():
                found = step.value
                cost = None
                if found is not None:
                    seconds = min(found.seconds, self.budget or found.seconds)
                    cost = Cost(seconds, found.bytes, found.tiles)
                yield Step(step.done, cost)
        except ValueError as problem:
            yield Step(1.0, Cost(problem=str(problem)))
