"""From what a gesture covers to what becomes of the mask."""

from __future__ import annotations

import numpy as np

from editor.engine.image import Cover, Rect
from editor.model.commands import Command, paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch


def painted(document: Document, rect: Rect, drawn: Cover, subtract: bool) -> MaskPatch:
    """The mask at a place with what was drawn there added to it, or taken away from it."""
    mask = document.plane("mask").crop(rect)
    if subtract:
        return MaskPatch(rect, np.minimum(mask, 255 - drawn, out=mask))
    return MaskPatch(rect, np.maximum(mask, drawn, out=mask))


def command(
    document: Document, label: str, rect: Rect, drawn: Cover, subtract: bool
) -> Command | None:
    """The command that paints what was drawn, as small as it can be; None if nothing changes."""
    cover = painted(document, rect, drawn, subtract).cover
    changed = Rect.around(cover != document.mask[rect.slices])
    if changed.empty:
        return None
    part = MaskPatch(changed.moved(rect.x, rect.y), cover[changed.slices])
    return paint_mask(document, label, part)
