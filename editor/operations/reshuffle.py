"""Reshuffle: pieces of the picture go elsewhere, and their old places heal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from editor.engine.device import Device
from editor.engine.image import Picture, Rect
from editor.engine.moves import Move
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene, param
from editor.operations.fill import solver_on


@dataclass(frozen=True)
class Reshuffle(Operation):
    """With ``before``, the picture as it was there, an earlier Reshuffle is done over."""

    label: ClassVar[str] = "Reshuffle"

    moves: tuple[Move, ...] = ()
    before: Patch | None = None
    adapt: int = param(
        50,
        "Adapt the light",
        0,
        100,
        step=5,
        unit="%",
        help="How much of a piece's light may change to fit the place where it comes to lie.",
        more="Raise it when the edge of the piece shows, or it is brighter than its surroundings.",
        less="Lower it when the piece loses its colours; at 0 each pixel stays as it was.",
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result, pixel for pixel.",
        more="Any other number heals the old place in another, often equally good way.",
    )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import reshuffle

        reshuffle.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        return self._solved(scene, device, None)

    def under(self, image: Picture, rect: Rect) -> Patch:
        """A place of the picture as it was before its pieces were moved."""
        pixels = image[rect.slices].copy()
        if self.before is not None:
            _lay(self.before, pixels, rect)
        return Patch(rect, pixels)

    def _solved(self, scene: Scene, device: Device, held: int | None) -> Iterator[Step[Patch]]:
        from editor.engine.reshuffle import reshuffle

        if self.before is not None and held is None and all(move.rests for move in self.moves):
            yield Step(1.0, self.before)  # everything is back in its place
            return
        image = scene.image if self.before is None else self.before.on(scene.image)
        solver, notices = solver_on(device)
        how = {"adapt": self.adapt / 100, "seed": self.seed, "threads": device.threads, **solver}
        for step in reshuffle(image, self.moves, held=held, **how):
            patch = None
            if step.value is not None:
                patch = Patch(*step.value, notices=tuple(notices))
                if self.before is not None:
                    patch = _over(self.before, patch, scene)
            yield Step(step.done, patch)

    def to_dict(self) -> dict[str, Any]:
        moves = {"moves": [move.as_json() for move in self.moves]} if self.moves else {}
        return {**super().to_dict(), **moves}


@dataclass(frozen=True)
class TryMoves(Reshuffle):
    """What a Reshuffle would make of the picture, to be looked at while pieces are moved about.

    A piece that is ``held`` in the hand (counted from 0 on) is left out.
    """

    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    held: int | None = None

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        return self._solved(scene, device, self.held)


def _over(before: Patch, patch: Patch, scene: Scene) -> Patch:
    """A patch for the picture as it was, as one for the picture as it is."""
    rect = before.rect.joined(patch.rect)
    pixels = scene.image[rect.slices].copy()
    for part in (before, patch):
        _lay(part, pixels, rect)
    return Patch(rect, pixels, patch.origins, patch.notices)


def _lay(patch: Patch, pixels: Picture, rect: Rect) -> None:
    """Put what lies there of a patch into the pixels of a place."""
    both = patch.rect.within(rect)
    part = patch.pixels[both.moved(-patch.rect.x, -patch.rect.y).slices]
    pixels[both.moved(-rect.x, -rect.y).slices] = part


def read_move(text: str) -> tuple[str, dict[str, Any]]:
    """The file of a mask, and what Move.from_json reads, from 'tree.png:120,-8,turn=5,keep'."""
    name, _, told = text.rpartition(":")
    parts = [part.strip() for part in told.split(",")]
    said: dict[str, Any] = {}
    try:
        said["by"] = [float(part) for part in parts[:2]]
        for part in parts[2:]:
            word, equals, number = part.partition("=")
            if word in ("mirror", "keep") and not equals:
                said[word] = True
            elif word in ("scale", "turn"):
                said[word] = float(number)
            else:
                raise ValueError(part)
        if not name or len(said["by"]) != 2:
            raise ValueError(text)
    except ValueError:
        raise ValueError(
            f"{text!r} does not move a piece: write MASK:DX,DY, and after it what else is to be"
            " done, such as tree.png:120,-8,scale=1.5,turn=30,mirror,keep"
        ) from None
    return name, said
