"""What Lecture mode records: nothing here changes a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.device import Device
from editor.engine.field_record import SearchRecord
from editor.engine.image import Mask, Picture, Size, to_working
from editor.engine.step import Step
from editor.operations.base import Operation, Scene

if TYPE_CHECKING:
    from collections.abc import Generator

Bytes = NDArray[np.uint8]

_LONGEST = 192  # of a side: every candidate of every patch is kept
_LEVELS, _SWEEPS = 4, 2  # when a hole is filled: many short searches


@dataclass(frozen=True)
class RecordField(Operation):
    """Without pictures of its own: what is painted over is filled; where nothing is, the left half
    of the picture is made of its right half.
    """

    label: ClassVar[str] = "Watch PatchMatch"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    propagates: bool = True
    searches: bool = True
    size: int = 7
    tile: int | None = None
    levels: int = 1
    seed: int = 0
    target: Picture | None = field(default=None, compare=False, repr=False)
    source: Picture | None = field(default=None, compare=False, repr=False)
    hole: Mask | None = field(default=None, compare=False, repr=False)  # of the target

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine.patchmatch_record import compile_loops

        compile_loops()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[SearchRecord]]:
        from editor.engine.patchmatch_record import Way, record_field, record_filling

        way = Way(
            size=self.size,
            propagates=self.propagates,
            searches=self.searches,
            tile=self.tile,
            levels=self.levels,
            seed=self.seed,
        )
        image, hole = scene.image, scene.painted("mask")
        if self.target is not None:
            image, hole = self.target, None if self.hole is None else self.hole.view(np.uint8)
        if hole is not None:
            image = yield from small(image, _LONGEST)
            covered = yield from small(np.where(hole, 255, 0).astype(np.uint8), _LONGEST)
            filling = replace(way, levels=max(_LEVELS, way.levels), sweeps=_SWEEPS, tile=None)
            yield from record_filling(image, covered[..., 0] > 0, filling)
        elif self.source is not None:
            source = yield from small(self.source, _LONGEST)
            yield from record_field((yield from small(image, _LONGEST)), source, way)
        else:
            whole = yield from small(image, 2 * _LONGEST)
            middle = whole.shape[1] // 2
            left, right = whole[:, :middle], whole[:, middle:]
            yield from record_field(np.ascontiguousarray(left), np.ascontiguousarray(right), way)


def small(image: Picture, longest: int) -> Generator[Step[Any], None, Bytes]:
    """A picture as bytes of RGB, no side longer than this: few enough pixels to keep them all."""
    from editor.engine.scale import scaled

    height, width = image.shape[:2]
    part = min(1.0, longest / max(height, width))
    if part < 1:
        size = Size(max(1, round(width * part)), max(1, round(height * part)))
        for step in scaled(image, size):
            yield Step(0.0)
            found = step.value
        assert found is not None
        image = found
    return np.rint(np.clip(to_working(image), 0, 1) * 255).astype(np.uint8)
