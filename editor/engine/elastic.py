"""A picture that follows the hand: at any size at once, while an edge of it is dragged.

The seams of a small copy are found beforehand (``seams``); any size is then a lookup, which is
spread smoothly over a copy that has about as many pixels as a screen shows. Across and down are
looked up one after the other, each in the seams of the picture as it is: nearly what carving both
ways gives, and all there is time for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Mask, Picture, Size, check_fits, check_picture
from editor.engine.seams import Seams
from editor.engine.step import Step

_SHOWN = 600_000  # pixels of the copy that is shown
_SEEN = 150_000  # and of the one in which seams are found
_AT_ONCE = 1 << 24  # pixels that are averaged in one go; above, every n-th one is taken


@dataclass(frozen=True, eq=False, slots=True)
class Elastic:
    """What follows the hand; ``at`` gives it at the size of a picture of which this is a copy."""

    whole: Size  # of the picture
    copy: Picture
    across: Seams
    down: Seams

    @classmethod
    def of(
        cls, image: Picture, *, protect: Mask | None = None, remove: Mask | None = None
    ) -> Iterator[Step[Elastic]]:
        check_picture(image)
        for mask in (protect, remove):
            if mask is not None:
                check_fits(image, mask)
        copy = reduced(image, _SHOWN)
        yield Step(0.05)
        small = reduced(copy, _SEEN)
        marked = {
            name: None if mask is None else _covered(mask, Size.of(small))
            for name, mask in (("protect", protect), ("remove", remove))
        }
        if marked["remove"] is not None and marked["remove"].all():
            marked["remove"] = None  # refused when it is asked for; until then it is only scaled
        found: list[Seams] = []
        for axis in (1, 0):
            for step in Seams.of(small, axis, **marked):
                if step.value is not None:
                    found.append(step.value)
                yield Step(0.1 + (len(found) if step.value else len(found) + step.done) * 0.45)
        across, down = found
        yield Step(1.0, cls(Size.of(image), copy, across, down))

    def at(self, size: Size) -> Picture:
        """The copy as it is when the picture has this size."""
        full = Size.of(self.copy)
        width, height = (
            side * here / whole for side, here, whole in zip(size, full, self.whole, strict=True)
        )
        finer = min(1.0, (_SHOWN / max(1.0, width * height)) ** 0.5)
        width, height = max(1, round(width * finer)), max(1, round(height * finer))
        rows, columns = self._sources(
            round(size.width * self.across.order.shape[1] / self.whole.width),
            round(size.height * self.across.order.shape[0] / self.whole.height),
        )
        small = Size(self.across.order.shape[1], self.across.order.shape[0])
        x = _spread(columns, Size(width, height), full.width / small.width)
        y = _spread(rows, Size(width, height), full.height / small.height)
        picture: Picture = cv2.remap(
            self.copy, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return picture

    def _sources(self, width: int, height: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Row and column, in the copy whose seams are known, of each pixel at another size."""
        full_height, full_width = self.across.order.shape
        width = min(max(width, 1), 8 * full_width)
        height = min(max(height, 1), 8 * full_height)
        columns = self.across.at_width(width)
        if height == full_height and not self.down.unwanted:
            rows = np.broadcast_to(np.arange(height, dtype=np.int32)[:, None], columns.shape)
            return rows, columns
        # What is to go is taken out across alone, so down it comes as often as it did.
        lines = self.down.at_width(height).T  # (height, full_width)
        near = np.arange(width) * full_width // width
        middle = columns[lines[:, near], np.arange(width)]
        rows = lines[np.arange(height)[:, None], middle]
        return rows, columns[rows, np.arange(width)]


def reduced(picture: Picture, most: int) -> Picture:
    """The picture with at most so many pixels."""
    size = Size.of(picture)
    step = max(1, int((size.width * size.height / _AT_ONCE) ** 0.5))
    picture = np.ascontiguousarray(picture[::step, ::step])
    scale = (most / (picture.shape[0] * picture.shape[1])) ** 0.5
    if scale >= 1:
        return picture
    width, height = (max(1, round(side * scale)) for side in Size.of(picture))
    copy: Picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return copy


def _covered(mask: Mask, size: Size) -> Mask:
    """Every pixel of a small copy that some of the mask is in."""
    share = cv2.resize(
        (mask != 0).view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA
    )
    covered: Mask = share > 0
    return covered


def _spread(places: NDArray[np.int32], size: Size, larger: float) -> NDArray[np.float32]:
    """Places in a small copy as places in one that is so much larger, at a size of its own."""
    wide = cv2.resize(places.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    wide += np.float32(0.5)
    wide *= np.float32(larger)
    wide -= np.float32(0.5)
    spread: NDArray[np.float32] = wide
    return spread
