"""Cut a creature out of a clip.

This changes no picture: the ``Cut`` that is found is kept by the document beside its history.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from editor.engine.clip import Footage, Frame
from editor.engine.device import Device
from editor.engine.image import Mask, Picture, Point, in_depth_of
from editor.engine.sprite import Cutout, Sprite
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param
from editor.operations.loop import IN_POINT, OUT_POINT

if TYPE_CHECKING:
    from editor.engine.matte import Matting
    from editor.engine.sprite_cut import Cut
    from editor.engine.sprite_key import Key

Colours = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class CutSprite(Operation):
    """The value is a ``Cut``: the sprite so far, and the key of every other matte of the clip.

    What the scene's mask covers is never part of the creature.
    """

    label: ClassVar[str] = "Cut out"
    edits: ClassVar[bool] = False

    key: str = param(
        "auto",
        "Key",
        choices=(("auto", "Automatic"), ("colour", "Colour"), ("difference", "Difference")),
        help="What the creature is told from: the backdrop's colour, or the place without it.",
        more="Colour for a green, blue or any other plain backdrop.",
        less="Difference for a camera that stands still before anything else.",
    )
    tolerance: float = param(
        0.0,
        "Tolerance",
        0.0,
        255.0,
        help="How near to the backdrop a colour still is backdrop, in levels; 0 finds it.",
        more="Raise it when pieces of the backdrop are left.",
        less="Lower it when there are holes in the creature.",
        zero="Auto",
    )
    softness: float = param(
        4.0,
        "Softness",
        0.5,
        32.0,
        step=0.5,
        unit="px",
        help="How wide the edge of the creature may be.",
        more="Raise it for fur, blur and fast movement.",
        less="Lower it for thin limbs that fade.",
    )
    shadow: float = param(
        0.3,
        "Shadow",
        0.0,
        0.9,
        step=0.05,
        help="How much darker than itself the backdrop may be and still be backdrop.",
        more="Raise it when a shadow comes along.",
        less="Lower it when dark, grey parts are missing.",
    )
    spill: float = param(
        1.0,
        "Spill removal",
        0.0,
        1.0,
        step=0.05,
        help="How much of the backdrop's light is taken off the creature.",
        more="Raise it when its edges are green or blue.",
        less="Lower it when its own colours suffer.",
    )
    choke: int = param(
        0,
        "Choke",
        -32,
        32,
        unit="px",
        help="Moves the edge inwards; below 0 outwards.",
        more="Raise it when a rim of the backdrop is left.",
        less="Lower it when the edge is eaten away.",
    )
    feather: float = param(
        0.0,
        "Feather",
        0.0,
        32.0,
        step=0.5,
        unit="px",
        help="Over how many pixels the edge runs out besides.",
        more="Raise it for a creature that looks cut with scissors.",
        less="Lower it when it seems out of focus.",
    )
    mirror: bool = param(
        False,
        "Mirror",
        help="Counts each frame a second time as its mirror image: twice the footage.",
        more="On where the clip goes only one way.",
        less="Off for what is not the same from both sides: writing, a limp, one white ear.",
    )
    along: float = param(
        0.0,
        "Goes right",
        -1000.0,
        1000.0,
        step=0.5,
        unit="px",
        help="How far it goes a frame, where it walks on the spot or is followed; below 0 left.",
    )
    down: float = param(
        0.0,
        "Goes down",
        -1000.0,
        1000.0,
        step=0.5,
        unit="px",
        help="The same towards the camera; below 0 up.",
    )
    first: int = param(0, "In point", **IN_POINT)
    last: int = param(0, "Out point", **OUT_POINT)
    colours: Colours = ()  # that were picked; else they are found
    pick: tuple[int, float, float] | None = None  # the object that was clicked on: frame, x, y

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {
            "colours": [list(colour) for colour in self.colours],
            "pick": None if self.pick is None else list(self.pick),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        known = super().from_dict(values)
        try:
            return replace(
                known,
                colours=tuple(_levels(one) for one in values.get("colours", ())),
                pick=_picked(values.get("pick")),
            )
        except (TypeError, ValueError):
            return known

    @property
    def matting(self) -> Matting:
        """How a frame is taken apart, but for a tolerance that is to be found."""
        from editor.engine.matte import Matting

        return Matting(
            softness=self.softness,
            shadow=self.shadow,
            spill=self.spill,
            choke=self.choke,
            feather=self.feather,
        )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import sprite_cut  # noqa: F401 - its kernels compile as they are loaded

    def keyed(self, scene: Scene, device: Device) -> Iterator[Step[Key]]:
        """What the creature is told from: all that the matte of one frame needs."""
        from editor.engine.sprite_key import find_key

        plate = None if scene.other is None else frame_of(scene.other, alpha=False)
        return find_key(
            self.part(scene),
            self.key,
            self.matting,
            tolerance=self.tolerance or None,
            colours=self.colours,
            plate=plate,
            threads=device.threads,
        )

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Cut]]:
        from editor.engine.sprite_cut import Cut, Pick, cut_out

        part = self.part(scene)
        assert scene.clip is not None, "or there would be no part"
        key = None
        for found in self.keyed(scene, device):
            key = found.value or key
            yield Step(0.1 * found.done)
        assert key is not None
        pick = None if self.pick is None else Pick(self.pick[0], Point(*self.pick[1:]))
        cutting = cut_out(
            scene.clip,
            key.backdrop,
            key.matting,
            start=self.first,
            stop=self.first + part.clip.count,
            pick=pick,
            garbage=_marked(scene),
            mirrored=self.mirror,
            drift=Point(self.along, self.down),
            threads=device.threads,
        )
        for step in cutting:
            value = None if step.value is None else Cut(step.value, key)
            yield Step(0.1 + 0.9 * step.done, value)

    def matte(self, frame: Frame, key: Key, garbage: Mask | None, device: Device) -> Cutout:
        """One frame taken apart by a key that was found, as these options say."""
        from editor.engine.matte import matte

        tolerance = self.tolerance or key.matting.tolerance
        matting = replace(self.matting, tolerance=tolerance)
        return matte(frame, key.backdrop, matting, garbage=garbage, threads=device.threads)

    def told(self, cut: Sprite) -> Sprite:
        """What was cut out, as far as these options decide without cutting again."""
        return replace(cut, mirrored=self.mirror, drift=Point(self.along, self.down))

    def part(self, scene: Scene) -> Footage:
        """What of the clip is used. The cels of a sprite are numbered as the clip's frames are."""
        from editor.engine.clip_part import part_of

        if scene.clip is None:
            raise ValueError("this is a picture: open a clip to cut a creature out of it")
        return part_of(scene.clip, self.first, self.last)


def doubt_of(key: Key) -> str:
    """What a person should know of a key before anything is cut out by it."""
    if not key.hidden:
        return ""
    return (
        f"{key.hidden:.0%} of what moves hardly leaves its place, and what is behind it is only"
        " guessed: a picture of the place without it tells better"
    )


def read_key(text: str) -> dict[str, Any]:
    """The fields of a CutSprite for auto, colour, difference or #rrggbb, several with commas."""
    if text in ("auto", "colour", "difference"):
        return {"key": text, "colours": ()}
    found = [re.fullmatch(r"#([0-9a-fA-F]{6})", part.strip()) for part in text.split(",")]
    if not all(found):
        raise ValueError(f"{text!r} is no key: auto, colour, difference, or a colour as #00ff00")
    colours = tuple(tuple(bytes.fromhex(one[1])) for one in found if one is not None)
    return {"key": "colour", "colours": colours}


def frame_of(picture: Picture, *, alpha: bool) -> Frame:
    """A picture in 8 bits, as a frame of a clip is."""
    like = np.zeros((1, 1, 4 if alpha else 3), np.uint8)
    return np.ascontiguousarray(in_depth_of(like, picture))


def _levels(colour: Any) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in colour)
    if not all(0 <= value <= 255 for value in (red, green, blue)):
        raise ValueError(f"the backdrop's colour is {colour}: it has three values 0 to 255")
    return red, green, blue


def _picked(pick: Any) -> tuple[int, float, float] | None:
    if pick is None:
        return None
    number, x, y = pick
    return int(number), float(x), float(y)


def _marked(scene: Scene) -> Mask | None:
    """What the mask covers at all; None where there is none."""
    return None if scene.hole is None or not scene.hole.any() else scene.hole != 0
