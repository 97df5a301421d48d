"""Seam carving: a picture changes its width one connected line of pixels at a time.

M. Rubinstein, A. Shamir, S. Avidan: Improved Seam Carving for Video Retargeting, ACM Transactions
on Graphics 27(3), 2008: the seam to go is the one whose going adds the least contrast (§5, forward
energy). All seams of a picture are found at once and each pixel remembers the number with which it
goes (S. Avidan, A. Shamir: Seam Carving for Content-Aware Image Resizing, 2007, §4.5); any width is
then a lookup, fast enough to follow a dragging hand. To enlarge, the seams that would go first are
doubled (2007, §4.3).

A seam depends on the one before it, row by row, so this runs on one thread. As the paper puts it:
``tests.engine.seams_reference``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Mask, Picture, Size, check_fits, check_picture, to_working
from editor.engine.kernels import seams as kernels
from editor.engine.step import Step

_PROTECT = np.float32(1e6)  # dearer than any seam around it
_REMOVE = np.float32(-1e4)
_PIECE = 1 << 21  # pixels that are gone through before there is a pause
_LIGHT = np.array([0.299, 0.587, 0.114], np.float32) * 255


@dataclass(frozen=True, eq=False, slots=True)
class Seams:
    """All vertical seams (axis 1) of a picture, or all horizontal ones (axis 0)."""

    order: NDArray[np.int32]  # (H, W): the number with which a pixel goes; axis 0: (W, H)
    axis: int
    unwanted: int  # so many of the first ones go at every size: they remove what is marked

    @classmethod
    def of(
        cls,
        image: Picture,
        axis: int = 1,
        protect: Mask | None = None,
        remove: Mask | None = None,
    ) -> Iterator[Step[Seams]]:
        """Find them all. Protected pixels go last, those to remove go first."""
        _check(image, protect, remove)
        if axis not in (0, 1):
            raise ValueError(f"the axis is {axis}: it is 0 for rows or 1 for columns")
        grey = energies(image)
        masks = [None if mask is None else mask != 0 for mask in (protect, remove)]
        if axis == 0:
            grey = np.ascontiguousarray(grey.T)
            masks = [None if mask is None else np.ascontiguousarray(mask.T) for mask in masks]
        height, width = grey.shape
        bias = biases(grey.shape, *masks)
        biased = any(mask is not None for mask in masks)
        grey = np.pad(grey, ((0, 0), (1, 1)), mode="edge")
        sums = np.empty_like(grey)
        row, seam = np.empty(width, np.float32), np.empty(height, np.int64)
        for low in range(0, height, max(1, _PIECE // width)):
            high = min(height, low + max(1, _PIECE // width))
            kernels.sum_all(low, high, width, grey, bias, sums, row)
            yield Step(0.0)
        columns = np.tile(np.arange(width, dtype=np.int32), (height, 1))
        order = np.empty((height, width), np.int32)
        done = 0
        while done < width:
            stop = min(width, done + max(1, _PIECE // (height * (width - done))))
            kernels.carve(done, stop, grey, bias, biased, sums, columns, order, row, seam)
            done = stop
            yield Step(1 - (1 - done / width) ** 2)
        unwanted = 0 if masks[1] is None else int(order[masks[1]].max(initial=-1)) + 1
        yield Step(1.0, cls(order, axis, unwanted))

    def at_width(self, width: int) -> NDArray[np.int32]:
        """For each row, left to right, the columns of the picture at this width: (H, width).

        For axis 0, for each column the rows at this height: (W, height). Above eight times the
        picture, or nothing at all, is refused.
        """
        height, full = self.order.shape
        if not 1 <= width <= 8 * full:
            raise ValueError(f"the new side is {width}: it must be from 1 to {8 * full}")
        rest = full - self.unwanted
        if width <= rest or rest == 0:
            gone, every, more = max(0, full - width), 1, 0
            if width > full:
                every, more = divmod(width, full)
        else:
            gone = self.unwanted
            every, more = divmod(width, rest)
            more += gone
        places = np.empty((height, width), np.int32)
        kernels.look_up(0, height, self.order, gone, more, every, places)
        return places

    def carved(self, image: Picture, width: int) -> Picture:
        """A picture as large as that of the seams, at this width (axis 0: height)."""
        places = self.at_width(width)
        if self.axis == 0:
            return np.ascontiguousarray(image[places.T, np.arange(len(places))])
        return image[np.arange(len(places))[:, None], places]


def carve(
    image: Picture, size: Size, *, protect: Mask | None = None, remove: Mask | None = None
) -> Iterator[Step[Picture]]:
    """The picture at another size: columns first, then rows."""
    origins: NDArray[np.int32] | None = None
    for step in source_map(image, size, protect=protect, remove=remove):
        origins = step.value
        yield Step(step.done)
    assert origins is not None
    yield Step(1.0, image[origins[..., 0], origins[..., 1]])


def source_map(
    image: Picture, size: Size, *, protect: Mask | None = None, remove: Mask | None = None
) -> Iterator[Step[NDArray[np.int32]]]:
    """(height, width, 2): for each pixel of the carved picture the row and column it is from."""
    origins = np.indices(image.shape[:2], np.int32).transpose(1, 2, 0)
    for axis, side in ((1, size[0]), (0, size[1])):
        if origins.shape[axis] == side and remove is None:
            continue
        at = origins[..., 0], origins[..., 1]
        masks = [None if mask is None else mask[at] for mask in (protect, remove)]
        seams: Seams | None = None
        for step in Seams.of(image[at], axis, *masks):
            seams = step.value
            yield Step((step.done + 1 - axis) / 2)
        assert seams is not None
        origins = seams.carved(origins, side)
        remove = None  # what was to go has gone
    yield Step(1.0, origins)


def energies(image: Picture) -> NDArray[np.float32]:
    """(H, W): how light each pixel is, 0..255: the costs of a seam are differences of these."""
    return to_working(image) @ _LIGHT


def biases(
    shape: tuple[int, ...], protect: Mask | None, remove: Mask | None
) -> NDArray[np.float32]:
    """(H, W): what a seam pays for each pixel on top."""
    bias = np.zeros(shape, np.float32)
    if remove is not None:
        bias[remove] = _REMOVE
    if protect is not None:
        bias[protect] = _PROTECT
    return bias


def _check(image: Picture, protect: Mask | None, remove: Mask | None) -> None:
    check_picture(image)
    for mask in (protect, remove):
        if mask is not None:
            check_fits(image, mask)
    if remove is not None and remove.all():
        raise ValueError("what is to be removed covers the whole picture: nothing would be left")
