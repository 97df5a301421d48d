"""Pictures that grow pixel after pixel, on the way and at the end of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Mask
from editor.engine.step import Step, last, silent
from editor.operations.new_picture import NewPicture

if TYPE_CHECKING:
    from editor.engine.efros_leung import Growth
    from editor.engine.efros_leung_guard import Health


@dataclass(frozen=True, slots=True, eq=False)
class GrownPicture(NewPicture):
    """A picture that grows pixel after pixel, with its record: a view of working memory."""

    known: Mask = field(kw_only=True)  # False where nothing has grown yet
    growth: Growth = field(kw_only=True)
    health: Health | None = field(default=None, kw_only=True)  # when it was last looked at

    def copied(self) -> GrownPicture:
        return replace(self, pixels=self.pixels.copy(), known=self.known.copy())


def origins_in(source: NDArray[np.int32], samples: Sequence[object]) -> NDArray[np.int32] | None:
    """Row and column each pixel was copied from, if all were from the picture itself."""
    return source[..., 1:] if len(samples) == 1 else None


def grown(
    growth: Growth, corner: tuple[int, int] | None = None, until: int | None = None
) -> Iterator[Step[NewPicture]]:
    """A new picture as it grows; now and then, and at its end, it is found how well that goes."""
    from editor.engine.efros_leung_guard import health

    value: GrownPicture | None = None
    found: Health | None = None
    looks = [growth.total // 2, growth.total // 4]
    for step in growth.steps(until):
        if step.value is None:
            yield Step(step.done)
            continue
        if looks and growth.count >= looks[-1]:
            looks.pop()
            found = yield from silent(step.done, health(growth))
        now = step.value
        value = GrownPicture(
            now.picture, corner=corner, known=now.known, growth=growth, health=found
        )
        yield Step(min(step.done, 0.99), value)
    if value is None or until is not None:
        return
    origins = None if corner is not None else origins_in(growth.source, growth.samples)
    found = yield from silent(0.99, health(growth))
    notices = () if found.state == "well" else (found.verdict,)
    yield Step(1.0, replace(value, origins=origins, notices=notices, health=found))


def whole(value: NewPicture) -> NewPicture:
    """Where it was stopped and kept, what has not grown yet is laid with patches of what has.

    Those are from where the pixels under them in what has grown were copied from.
    """
    if not isinstance(value, GrownPicture):
        return value
    origins = value.origins
    if origins is None and value.corner is None:
        origins = origins_in(value.growth.source, value.growth.samples)
    if value.known.all():
        return replace(value, origins=origins)
    from editor.engine.fill import fill

    try:
        rect, patches, laid = last(fill(value.pixels, ~value.known))
    except ValueError:
        raise ValueError("too little has grown yet to be kept: let it go on for a while") from None
    pixels = value.pixels.copy()
    pixels[rect.slices] = patches
    if origins is not None and laid is not None:
        origins = origins.copy()
        origins[laid.ys, laid.xs] = origins[laid.froms[:, 0], laid.froms[:, 1]]
    return replace(value, pixels=pixels, known=np.ones_like(value.known), origins=origins)
