"""Retarget: the picture in another size or shape, and what matters in it keeps its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.guides import Guides
from editor.engine.image import Cover, Mask, Picture, Rect, Size
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param, params
from editor.operations.new_picture import NewPicture, Turn, check_still

METHODS = (("patches", "Patches"), ("seams", "Seams"), ("scale", "Scale"), ("crop", "Crop"))
_BENT = "the guides were not followed: only patches keep lines straight and regions whole"
_STRETCHED = "nothing that is marked was followed: scaling stretches all of the picture alike"
_LEFT = "what is to be removed is still there: cropping only cuts off"


@dataclass(frozen=True)
class Retarget(Operation):
    label: ClassVar[str] = "Retarget"

    unit: str = param(
        "percent",
        "Unit",
        choices=(("percent", "Percent"), ("pixels", "Pixels")),
        help="What width and height are given in: parts of the picture as it is, or pixels.",
        hidden=True,  # the panel has numbers for the size, in both
    )
    width: float = param(
        100.0,
        "Width",
        1,
        100_000,
        help="How wide the picture becomes: from a tenth of what it is to eight times as much.",
        more="Raise it to make room at the sides.",
        less="Lower it for a narrower picture of the same things.",
        hidden=True,
    )
    height: float = param(
        100.0,
        "Height",
        1,
        100_000,
        help="How high the picture becomes: from a tenth of what it is to eight times as much.",
        more="Raise it to make room above and below.",
        less="Lower it for a flatter picture of the same things.",
        hidden=True,
    )
    method: str = param(
        "patches",
        "Method",
        choices=METHODS,
        help="What makes it fit: pieces grown together, seams taken out or put in, stretching, or"
        " cutting off.",
        more="Patches for things with a shape: people, houses, lines that stay straight.",
        less="Seams for a quick look, scale where all of it may stretch, crop where the rest may"
        " go.",
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result, pixel for pixel.",
        more="Any other number gives another, often equally good one.",
        only=("method", "patches"),
    )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import retarget

        retarget.warm_up()

    def size(self, whole: Size) -> Size:
        """What a picture of this size becomes."""
        sides = []
        for name, old in zip(("width", "height"), whole, strict=True):
            side = getattr(self, name)
            if self.unit == "percent":
                side *= old / 100
            elif side != int(side):
                raise ValueError(f"the new {name} is {side:g} pixels: it must be a whole number")
            sides.append(round(side))
        return Size(*sides)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        from editor.engine.retarget import check

        check_still(scene)
        whole = Size.of(scene.image)
        size = self.size(whole)
        marked: dict[str, Any] = {
            "protect": _marked(scene.protect),
            "remove": _marked(scene.remove),
        }
        if size == whole and (marked["remove"] is None or self.method in ("scale", "crop")):
            raise ValueError(
                f"the picture is {whole} already: change a side, or mark what is to be removed"
            )
        guides = _kept(scene.guides)
        check(scene.image, size, **marked, **guides)
        guided = any(guides.values())
        if self.method == "patches":
            how = {**marked, **guides, "seed": self.seed, "threads": device.threads}
            yield from _patches(scene.image, size, how)
        elif self.method == "seams":
            yield from _seams(scene.image, size, marked, (_BENT,) if guided else ())
        elif self.method == "crop":
            notices = () if marked["remove"] is None else (_LEFT,)
            yield Step(1.0, _cropped(scene.image, size, marked["protect"], notices))
        else:
            heeded = guided or any(mask is not None for mask in marked.values())
            yield from _scaled(scene.image, size, (_STRETCHED,) if heeded else ())


def _patches(image: Picture, size: Size, how: dict[str, Any]) -> Iterator[Step[NewPicture]]:
    from editor.engine.retarget import retarget

    for step in retarget(image, size, **how):
        made = step.value
        value = (
            None
            if made is None
            else NewPicture(made.picture, made.origins, residuals=made.residuals)
        )
        yield Step(step.done, value)


def _seams(
    image: Picture, size: Size, marked: dict[str, Any], notices: tuple[str, ...]
) -> Iterator[Step[NewPicture]]:
    from editor.engine.seams import source_map

    for step in source_map(image, size, **marked):
        value = None
        if step.value is not None:
            pixels = image[step.value[..., 0], step.value[..., 1]]
            value = NewPicture(pixels, step.value, notices=notices)
        yield Step(step.done, value)


def _scaled(image: Picture, size: Size, notices: tuple[str, ...]) -> Iterator[Step[NewPicture]]:
    from editor.engine.scale import scaled

    for step in scaled(image, size):
        value = None if step.value is None else NewPicture(step.value, notices=notices)
        yield Step(step.done, value)


def _cropped(
    image: Picture, size: Size, protect: Mask | None, notices: tuple[str, ...]
) -> NewPicture:
    """The middle of the picture, or of what is protected, as far as the picture goes."""
    whole = Rect.whole(image)
    if size.width > whole.width or size.height > whole.height:
        raise ValueError(
            f"the picture is {Size.of(image)}: cropping to {size} would make it larger"
        )
    kept = whole if protect is None else Rect.around(protect)
    left = min(max(kept.x + (kept.width - size.width) // 2, 0), whole.width - size.width)
    top = min(max(kept.y + (kept.height - size.height) // 2, 0), whole.height - size.height)
    turn = Turn(Rect(left, top, *size))
    return NewPicture(turn.of(image), turn=turn, notices=notices)


def _marked(mask: Mask | Cover | None) -> Mask | None:
    """Every pixel that is touched at all; None where there is none."""
    return None if mask is None or not mask.any() else mask != 0


def _kept(guides: Guides) -> dict[str, Any]:
    """The lines that stay straight, and each number of the labels as a region that stays whole."""
    from editor.engine.retarget import Region

    labels = np.zeros((0, 0), np.uint8) if guides.labels is None else guides.labels
    return {
        "lines": guides.lines,
        "regions": [Region(labels == number) for number in np.unique(labels[labels > 0])],
    }


@dataclass(frozen=True)
class FollowHand(Operation):
    """Makes ready what is seen while an edge is dragged: the picture at any size at once."""

    label: ClassVar[str] = "Follow the hand"
    quick: ClassVar[bool] = True
    edits: ClassVar[bool] = False

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        from editor.engine.elastic import Elastic

        marked = {"protect": _marked(scene.protect), "remove": _marked(scene.remove)}
        for step in Elastic.of(scene.image, **marked):
            yield Step(step.done, step.value)


def read_size(text: str) -> dict[str, Any]:
    """The fields of a Retarget to 60%x100%, or to 800x600 pixels."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)[x×](\d+(?:\.\d+)?)(%?)", text.strip().lower())
    if found is None or found[2] != found[4]:
        raise ValueError(f"{text!r} is not a size such as 60%x100% or 800x600")
    given = {
        "unit": "percent" if found[2] else "pixels",
        "width": float(found[1]),
        "height": float(found[3]),
    }
    return {one.name: one.checked(given[one.name]) for one in params(Retarget) if one.name in given}
