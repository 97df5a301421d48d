"""From what a gesture covers to what becomes of the mask, or the picture, it paints on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from editor.engine.image import Cover, Rect, coloured
from editor.model.commands import Command, Swap, paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch, Patch


class Paint(NamedTuple):
    """What the tools paint: one of MASKS, and of the labels which number; or a colour, on the
    picture itself.
    """

    plane: str = "mask"
    label: int = 0
    colour: tuple[int, int, int] | None = None  # RGB, 0..255
    soft: bool = False  # the colour runs into what is beside it, where the tool's edge is soft


_NAMES = {"sampling": ", source area", "protect": ", protected", "remove": ", to be removed"}

MASK = Paint()
SOURCE = Paint("sampling")


def painted(
    document: Document, paint: Paint, rect: Rect, drawn: Cover, subtract: bool
) -> MaskPatch | Patch:
    """A mask at a place with what was drawn there added to it, or taken away from it.

    A colour is laid over the picture there: nothing can be taken away from that.
    """
    if paint.colour is not None:
        cover = drawn if paint.soft else drawn > 127
        return Patch(rect, coloured(document.plane("image").crop(rect), paint.colour, cover))
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
    patch = painted(document, paint, rect, drawn, subtract)
    if isinstance(patch, Patch):
        swap = Swap(document, "Paint label", "image", rect, patch.pixels)
        return swap if swap.parts() else None
    cover = patch.cover
    changed = Rect.around(cover != document.plane(paint.plane).frozen()[rect.slices])
    if changed.empty:
        return None
    part = MaskPatch(changed.moved(rect.x, rect.y), cover[changed.slices], paint.plane)
    label += f", region {paint.label}" if paint.label else _NAMES.get(paint.plane, "")
    return paint_mask(document, label, part)
