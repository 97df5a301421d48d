"""What in a document is a copy, where from, and how to have it copied from elsewhere."""

from __future__ import annotations

import numpy as np

from editor.engine.image import Rect
from editor.engine.origins import Origins
from editor.model.commands import Swap, image_swaps
from editor.model.document import Document
from editor.operations.base import MaskPatch
from editor.operations.fill import Fill
from editor.operations.heal import FillAgain


def origin_of(document: Document, x: int, y: int) -> tuple[Origins, tuple[int, int]] | None:
    """Where a pixel was copied from, as (y, x), and of which copies it is one."""
    for swap in reversed(image_swaps(document)):
        if not (swap.rect.x <= x < swap.rect.right and swap.rect.y <= y < swap.rect.bottom):
            continue
        if swap.origins is None:
            return None  # solved or painted since
        found = swap.origins.at(y, x)
        if found is not None:
            return swap.origins, found
    return None


def fill_again(document: Document, stroke: MaskPatch) -> FillAgain:
    """Solve once more what of a fill lies under a stroke, and copy from elsewhere.

    What was forbidden before stays forbidden, so that each try is another one.
    """
    rect = stroke.rect
    wrong = np.zeros(stroke.cover.shape, np.uint8)
    places: list[np.ndarray[tuple[int, int], np.dtype[np.int32]]] = []
    last: Swap | None = None
    swaps = image_swaps(document)
    for swap in reversed(swaps):
        if swap.origins is None or swap.origins.other:
            continue
        field = swap.origins.field(rect)
        here = (field[..., 0] >= 0) & (stroke.cover > 127) & (wrong == 0)
        if here.any():
            last = last or swap
            wrong[here] = 255
            places.append(field[here])
    if last is None:
        return FillAgain()
    before = [one.operation.closed for one in swaps if isinstance(one.operation, FillAgain)]
    closed = _covered(np.concatenate(places), [one for one in before if one is not None])
    values = last.operation.to_dict() if isinstance(last.operation, Fill) else {}
    around = Rect.around(wrong)
    again = MaskPatch(around.moved(rect.x, rect.y), wrong[around.slices])
    return FillAgain(**values, stroke=again, closed=closed)


def _covered(
    places: np.ndarray[tuple[int, int], np.dtype[np.int32]], before: list[MaskPatch]
) -> MaskPatch:
    """A cover of places (y, x) and of what was covered before."""
    (top, left), (bottom, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    rect = Rect(left, top, right - left + 1, bottom - top + 1)
    for patch in before:
        rect = rect.joined(patch.rect)
    cover = np.zeros((rect.height, rect.width), np.uint8)
    for patch in before:
        part = cover[patch.rect.moved(-rect.x, -rect.y).slices]
        np.maximum(part, patch.cover, out=part)
    cover[places[:, 0] - rect.y, places[:, 1] - rect.x] = 255
    return MaskPatch(rect, cover)
