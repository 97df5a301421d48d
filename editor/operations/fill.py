"""Fill: what is under the mask goes, and its surroundings grow over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from editor.engine.device import Device
from editor.engine.image import Cover, Mask, Picture, Rect, Size
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene, param
from editor.operations.grow import WINDOW, Grow, traced

Mended = tuple[Rect, Picture]


@dataclass(frozen=True)
class Fill(Operation):
    label: ClassVar[str] = "Fill"

    method: str = param(
        "patches",
        "Method",
        choices=(("patches", "Patches"), ("smooth", "Smooth"), ("grow", "Pixel by pixel")),
        help="What covers the hole: pieces of the picture around it, or the colours of its border.",
        more="Patches for things: a person, a sign, a stain on a wall.",
        less="Smooth for scratches, dust, hairs and skies. Pixel by pixel in a plain texture.",
    )
    area: str = param(
        "around",
        "Copy from",
        choices=(
            ("around", "Surroundings"),
            ("ring", "A ring around it"),
            ("sides", "Left and right"),
            ("above_below", "Above and below"),
            ("whole", "The whole picture"),
        ),
        help="Where the pieces are taken from. A source area that is painted comes before this.",
        more="A ring or a side where something beside the hole must not be repeated.",
        less="The whole picture where what is missing lies far away; this takes longer.",
        only=("method", "patches"),
    )
    ring: int = param(
        100,
        "Ring",
        8,
        2000,
        step=4,
        unit="px",
        help="How wide the ring around the mask is that pieces are taken from.",
        more="Raise it when what is needed lies farther away.",
        less="Lower it when something near by must not be repeated.",
        only=("area", "ring"),
    )
    straight: bool = param(
        True,
        "Straight lines",
        help="Whether strong straight edges that enter and leave the hole go on through it.",
        more="On for fences, roofs, kerbs and horizons. Drawn lines come before those beside them.",
        less="Off where something goes on that should have ended.",
        only=("area", "around"),
    )
    mirrored: bool = param(
        False,
        "Mirrored copies",
        help="Takes pieces the other way round as well.",
        more="For things that are the same on both sides: a face, a facade, an ornament.",
        less="Off is quicker, and keeps light and writing as they are.",
        only=("method", "patches"),
    )
    turned: int = param(
        0,
        "Turned copies",
        0,
        45,
        unit="°",
        help="Takes pieces turned by up to this angle as well.",
        more="Raise it for round things and branches.",
        less="At 0 it is quicker, and what stands upright stays upright.",
        only=("method", "patches"),
    )
    adapt: int = param(
        0,
        "Adapt the light",
        0,
        100,
        step=5,
        unit="%",
        help="How much of a piece's light may be changed to fit its new place.",
        more="Raise it for a sky, a wall in slanting light, a shadow across the hole.",
        less="Lower it when the colours of the filled place drift.",
        only=("method", "patches"),
    )
    alpha: bool = param(
        False,
        "Heal transparency",
        help="Fills the transparency of the hole as well; else it stays as it is.",
        more="On to close a hole in a cut-out.",
        less="Off to change the colours alone. It means nothing in an opaque picture.",
        only=("method", "patches"),
    )
    grain: int = param(
        100,
        "Grain",
        0,
        200,
        step=5,
        unit="%",
        help="Gives the mended place the noise of its surroundings.",
        more="Raise it when the place looks smoother than the picture around it.",
        less="Lower it when the picture is clean: a drawing, a screenshot, a clear sky.",
        only=("method", "smooth"),
    )
    window: int = param(11, "Window", 3, 63, only=("method", "grow"), **WINDOW)
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result, pixel for pixel.",
        more="Any other number gives another, often equally good one.",
    )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import fill, smooth

        fill.warm_up()
        Grow.warm_up()
        smooth.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        if scene.hole is None:
            raise ValueError("the mask is empty: paint over what should go")
        if self.method == "smooth":
            for mended in self._smooth(scene.image, scene.hole, device.threads):
                yield Step(mended.done, None if mended.value is None else Patch(*mended.value))
        elif self.method == "grow":
            yield from Grow(self.window, self.seed).steps(scene, device)
        else:
            _check_room(scene.hole)
            how = self.how(scene, scene.hole)
            yield from patches(scene.image, scene.hole, device, other=scene.other, **how)

    def completed(self, value: Patch) -> Patch:
        return traced(value)

    def how(self, scene: Scene, hole: Mask | Cover) -> dict[str, Any]:
        """What a fill by patches is told beside the picture and its hole."""
        from editor.engine.sources import area_around

        sources, reach = scene.sampling, None
        if sources is None and scene.other is None:
            sources, reach = area_around(hole, self.area, self.ring)
        return {
            "sources": sources,
            "reach": reach,
            "guides": scene.guides if scene.other is None else None,
            "mirrored": self.mirrored,
            "turned": float(self.turned),
            "adapt": self.adapt / 100,
            "alpha": self.alpha,
            "straight": self.straight,
            "seed": self.seed,
        }

    def _smooth(self, image: Picture, hole: Mask | Cover, threads: int) -> Iterator[Step[Mended]]:
        from editor.engine.smooth import mend

        return mend(image, hole, grain=self.grain / 100, seed=self.seed, threads=threads)


def _check_room(hole: Mask | Cover) -> None:
    """A strip that is thinner than a patch can be mended all the same, by another method."""
    from editor.engine.fill_level import SIZE

    if min(hole.shape) < SIZE and hole.any():
        raise ValueError(
            f"the picture is {Size.of(hole)}: Fill copies patches of {SIZE} × {SIZE} pixels; "
            "the method Smooth can mend it"
        )


def patches(
    image: Picture, hole: Mask | Cover, device: Device, **how: Any
) -> Iterator[Step[Patch]]:
    """A fill by patches, on the graphics card if that is the device."""
    from editor.engine.fill import fill

    solver, notices = solver_on(device)
    for step in fill(image, hole, **how, **solver, threads=device.threads):
        value = None if step.value is None else Patch(*step.value, notices=tuple(notices))
        yield Step(step.done, value)


def solver_on(device: Device) -> tuple[dict[str, Any], list[str]]:
    """What a fill is told so that it solves on the graphics card, if that is the device.

    And the list of what the card has to tell the person, which grows meanwhile.
    """
    if device.kind != "cuda":
        return {}, []
    from functools import partial

    from editor.engine.fill_torch import TorchSolver
    from editor.engine.patchmatch_torch import Card

    card = Card("cuda")
    return {"solver": partial(TorchSolver, card=card)}, card.notices
