"""Texture: a picture of any size grown from a sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Picture, Size, in_depth_of
from editor.engine.step import Step, last
from editor.operations.base import Operation, Scene, param, params
from editor.operations.grow import METHODS, SEED, WINDOW, marked, searched_on
from editor.operations.grown import origins_in, whole
from editor.operations.new_picture import NewPicture

if TYPE_CHECKING:
    from editor.engine.efros_leung_samples import Sample

_BAND = 1 << 17  # pixels of a map that are laid before there is a pause
_VARIES = (
    12.0  # grey levels between the dark and the light parts of a sample that can be told apart
)
_DULL = (
    "The sample is equally light everywhere, so light and dark of the guide hardly show: give the"
    " sample a guide of its own."
)


@dataclass(frozen=True)
class Texture(Operation):
    label: ClassVar[str] = "Texture"

    width: int = param(
        512,
        "Width",
        7,
        16_384,
        unit="px",
        help="How wide the texture becomes.",
    )
    height: int = param(
        512,
        "Height",
        7,
        16_384,
        unit="px",
        help="How high the texture becomes.",
    )
    method: str = param(
        "fast",
        "Method",
        choices=METHODS,
        help="Whether patches are laid from coarse to fine, or one pixel is grown after the other.",
        more="Fast for large textures, and for those that are to be tiled.",
        less="Exact to watch it grow as in the paper, and where it must follow the sample closely.",
    )
    window: int = param(11, "Window", 3, 63, only=("method", "exact"), **WINDOW)
    tile: str = param(
        "none",
        "Tile",
        choices=(
            ("none", "No"),
            ("x", "Left to right"),
            ("y", "Top to bottom"),
            ("xy", "Both ways"),
        ),
        help="The edges that go on at the opposite one, so that copies can be laid side by side.",
        more="Both ways for a material, left to right for a frieze or a panorama.",
        only=("method", "fast"),
    )
    spread: int = param(
        50,
        "Variety",
        0,
        100,
        step=5,
        unit="%",
        help="How evenly all parts of the sample come up in the texture.",
        more="Raise it when something comes up over and over, or large places stay empty.",
        less="Lower it when things that belong together are torn apart.",
        only=("method", "fast"),
    )
    guidance: int = param(
        75,
        "Guidance",
        0,
        100,
        step=5,
        unit="%",
        help="How closely the texture follows its guide, if it has one.",
        more="Raise it when shapes of the guide are lost.",
        less="Lower it when the texture comes out broken.",
        only=("method", "fast"),
        hidden=True,
    )
    seed: int = param(0, "Seed", 0, 999_999, **SEED)
    #: Moments of an exact growth from which it grew once more, other random numbers deciding.
    again: tuple[int, ...] = ()
    others: tuple[Picture, ...] = field(default=(), compare=False, repr=False)  # more samples
    guides: tuple[Picture, ...] = field(default=(), compare=False, repr=False)  # see Guidance
    maps: tuple[tuple[str, Picture], ...] = field(default=(), compare=False, repr=False)

    @property
    def further(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.maps)

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import efros_leung, texture

        texture.warm_up()
        efros_leung.warm_up()

    @property
    def remembered(self) -> Texture:
        return replace(self, others=(), guides=(), maps=())

    def samples(self, scene: Scene) -> list[Sample]:
        """What it is made of. Raises ValueError where that does not go with the rest."""
        from editor.engine.efros_leung_samples import Sample

        self._check(scene.image)
        others = [Sample(in_depth_of(scene.image, one)) for one in self.others]
        return [Sample(scene.image, marked(scene.sampling)), *others]

    @property
    def pauses(self) -> bool:
        return self.method == "exact"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        """Each value is a NewPicture, or Paused."""
        samples, size = self.samples(scene), Size(self.width, self.height)
        if self.method == "exact":
            from editor.engine.efros_leung import Rule, synthesise
            from editor.operations.growth import GoOn

            rule = Rule(self.window, seed=self.seed)
            growth = synthesise(samples, size, rule, **searched_on(device))
            yield from GoOn.of(self, growth).steps(scene, device)
        else:
            yield from self.with_maps(self._fast(samples, size, device))

    def completed(self, value: NewPicture) -> NewPicture:
        from editor.operations.growth import remedied

        made = whole(value)
        if self.maps and not made.beside:  # it was stopped before they were laid
            made = last(self._mapped(made))
        return remedied(self, made)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        again = values.get("again", ())
        known = isinstance(again, list | tuple) and all(type(one) is int for one in again)
        return replace(super().from_dict(values), again=tuple(again) if known else ())

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | ({"again": self.again} if self.again else {})

    def with_maps(self, steps: Iterator[Step[NewPicture]]) -> Iterator[Step[NewPicture]]:
        """The texture as it grows, and at last with the maps laid as the sample was."""
        for step in steps:
            if step.done < 1 or step.value is None or not self.maps:
                yield step
            else:
                yield from self._mapped(step.value)

    def _mapped(self, made: NewPicture) -> Iterator[Step[NewPicture]]:
        """A texture of one sample with its maps, a band after the other."""
        assert made.origins is not None
        beside, rows = [], max(1, _BAND // self.width)
        for name, one in self.maps:
            laid = np.empty((self.height, self.width, *one.shape[2:]), one.dtype)
            for top in range(0, self.height, rows):
                y, x = np.moveaxis(made.origins[top : top + rows], -1, 0)
                laid[top : top + rows] = one[y, x]
                yield Step(0.99)
            beside.append((name, laid))
        yield Step(1.0, replace(made, beside=tuple(beside)))

    def _check(self, sample: Picture) -> None:
        if self.method == "exact" and self.tile != "none":
            raise ValueError("the exact method makes no tiles: choose fast for a texture to tile")
        if self.method == "exact" and self.guides:
            raise ValueError("the exact method follows no guide: choose fast for that")
        if self.maps and self.others:
            raise ValueError("maps of a sample are laid like that one: leave the other samples out")
        for name, one in self.maps:
            if Size.of(one) != Size.of(sample):
                raise ValueError(
                    f"the map {name} is {Size.of(one)} and the sample {Size.of(sample)}: they lie"
                    " pixel on pixel and have one size"
                )

    def _fast(
        self, samples: list[Sample], size: Size, device: Device
    ) -> Iterator[Step[NewPicture]]:
        from editor.engine.texture import Rule, synthesise
        from editor.engine.texture_samples import Guidance

        rule = Rule(self.tile, self.spread / 100, self.seed)
        guidance = None
        if self.guides:
            first, *more = self.guides
            guidance = Guidance(first, tuple(more), self.guidance / 100)
        notices = self._on_seams(samples[0].picture)
        for step in synthesise(samples, size, rule, guidance, threads=device.threads):
            made = step.value
            value = None
            if made is not None:
                origins = origins_in(made.source, samples)
                told = (
                    (*notices, _DULL)
                    if made.light is not None and made.light < _VARIES
                    else notices
                )
                value = NewPicture(made.picture, origins, notices=told)
            yield Step(step.done, value)

    def _on_seams(self, sample: Picture) -> tuple[str, ...]:
        """What to do where a course of bricks or a line of text is cut in two at a seam."""
        from editor.engine.texture import TILES
        from editor.engine.texture_period import closing_sizes

        told = []
        for axis, (length, what) in enumerate(((self.height, "high"), (self.width, "wide"))):
            found = closing_sizes(sample, length, axis) if TILES[self.tile][axis] else None
            if found is not None:
                told.append(
                    f"The pattern does not come out even: as a tile {found[0]} or {found[1]} pixels"
                    f" {what} its seam shows less."
                )
        return tuple(told)


def read_size(text: str) -> dict[str, Any]:
    """The fields of a Texture of 512x512 pixels."""
    found = re.fullmatch(r"(\d+)[x×](\d+)", text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is not a size such as 512x512")
    sides = {"width": int(found[1]), "height": int(found[2])}
    return {one.name: one.checked(sides[one.name]) for one in params(Texture) if one.name in sides}
