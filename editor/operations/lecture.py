"""What Lecture mode records: nothing here changes a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.device import Device
from editor.engine.field_record import FieldRecord
from editor.engine.image import Picture, Size, to_working
from editor.engine.step import Step
from editor.operations.base import Operation, Scene

if TYPE_CHECKING:
    from collections.abc import Generator

Bytes = NDArray[np.uint8]

_LONGEST = 192  # of a side: every candidate of every patch is kept


@dataclass(frozen=True)
class RecordField(Operation):
    """Without pictures of its own: the left half of the picture, made of its right half."""

    label: ClassVar[str] = "Watch PatchMatch"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    propagates: bool = True
    searches: bool = True
    size: int = 7
    sweeps: int = 5
    tile: int | None = None
    seed: int = 0
    target: Picture | None = field(default=None, compare=False, repr=False)
    source: Picture | None = field(default=None, compare=False, repr=False)

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine.field_record import compile_loops

        compile_loops()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[FieldRecord]]:
        from editor.engine.patchmatch_record import record_field

        if self.target is None or self.source is None:
            whole = yield from small(scene.image, 2 * _LONGEST)
            middle = whole.shape[1] // 2
            target, source = whole[:, :middle], whole[:, middle:]
        else:
            target = yield from small(self.target, _LONGEST)
            source = yield from small(self.source, _LONGEST)
        yield from record_field(
            np.ascontiguousarray(target),
            np.ascontiguousarray(source),
            size=self.size,
            sweeps=self.sweeps,
            propagates=self.propagates,
            searches=self.searches,
            tile=self.tile,
            seed=self.seed,
        )


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
