"""From what a gesture covers to what becomes of the mask it paints on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from editor.engine.image import Cover, Rect
from editor.model.commands import Command, paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch


class Paint(NamedTuple):
    """What the tools paint: one of MASKS, and of the labels which number."""

    plane: str = "mask"
    label: int = 0


_NAMES = {"sampling": ", source area", "protect": ", protected", "remove": ", to be removed"}

MASK = Paint()
SOURCE = Paint("sampling")


def painted(
    document: Document, paint: Paint, rect: Rect, drawn: Cover, subtract: bool
) -> MaskPatch:
    """A mask at a place with what was drawn there added to it, or taken away from it."""
    mask = document.plane(paint.plane).crop(rect)
    if paint.label:
        mask[drawn > 127] = 0 if subtract else paint.label
    elif subtract:
        np.minimum(mask, 255 - drawn, out=mask)
    else:
        np.maximum(mask, drawn, out=mask)
    return MaskPatch(rect, mask, paint.plane)


def command(
    document: Document, paint: Paint, label: str, rect: Rect, drawn: Cover, subtract: bool
) -> Command | None:
    """The command that paints what was drawn, as small as it can be; None if nothing changes."""
    cover = painted(document, paint, rect, drawn, subtract).cover
    changed = Rect.around(cover != document.plane(paint.plane).frozen()[rect.slices])
    if changed.empty:
        return None
    part = MaskPatch(changed.moved(rect.x, rect.y), cover[changed.slices], paint.plane)
    label += f", region {paint.label}" if paint.label else _NAMES.get(paint.plane, "")
    return paint_mask(document, label, part)
