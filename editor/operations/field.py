"""Where everything that was copied came from, as one picture in colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.device import Device
from editor.engine.image import Rect, Size, in_depth_of
from editor.engine.origins import Origins
from editor.engine.step import Step
from editor.operations.base import Look, Operation, Patch, Scene


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """A texture in colours that say where each pixel came from, and its sample in the same."""

    origins: NDArray[np.int32]  # (H, W, 2): row and column in the sample, −1 where there is none
    colours: NDArray[np.uint8]  # (H, W, 3): RGB
    key: NDArray[np.uint8]

    @classmethod
    def of(cls, origins: NDArray[np.int32], sample: Size) -> Traced:
        from editor.engine.field_view import place_view

        every = np.moveaxis(np.mgrid[: sample.height, : sample.width], 0, 2)
        return cls(origins, place_view(origins, sample), place_view(every, sample))


@dataclass(frozen=True)
class ShowField(Operation):
    label: ClassVar[str] = "Where it came from"
    quick: ClassVar[bool] = True

    copies: tuple[Origins, ...] = ()  # the newest first, which counts where several overlap

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Look]]:
        from editor.engine.field_view import field_view

        place = Rect(0, 0, 0, 0)
        for one in self.copies:
            place = place.joined(one.rect)
        if place.empty:
            raise ValueError("nothing in this picture is a copy: fill something first")
        field = np.full((place.height, place.width, 2), -1, np.int32)
        for one in reversed(self.copies):
            newer = one.field(place)
            field = np.where(newer >= 0, newer, field)
            yield Step(0.5)
        colours = field_view(field, place)
        before = scene.image[place.slices]
        pixels = before.copy()
        seen = colours[..., 3] > 0
        pixels[seen] = in_depth_of(before, np.ascontiguousarray(colours[..., :3]))[seen]
        yield Step(1.0, Look(Patch(place, pixels)))
