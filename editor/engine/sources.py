"""Where a fill may copy from: areas around a hole that are named instead of painted."""

from __future__ import annotations

import numpy as np

from editor.engine.cv import cv2
from editor.engine.image import Cover, Mask, Rect

AREAS = ("around", "ring", "sides", "above_below", "whole")
_WIDE = 3.0  # times the hole's own size: how far to the sides is looked


def area_around(hole: Mask | Cover, area: str, ring: int) -> tuple[Mask | None, int | None]:
    """The pixels that may be copied, None for all; and how far around the hole they reach.

    ``ring`` is the width of a ring around the hole, in pixels. Of several holes each has its own
    ring; to the sides is what lies beside all of them.
    """
    if area not in AREAS:
        raise ValueError(f"the area is {area!r}: choose {', '.join(AREAS)}")
    if area == "around":
        return None, None
    whole = Rect.around(hole)
    if area == "whole":
        return hole == 0, None
    allowed = np.zeros(hole.shape, np.bool_)
    if area == "ring":
        around = whole.grown(ring).within(Rect.whole(hole))
        crop = (hole[around.slices] == 0).astype(np.uint8)
        allowed[around.slices] = (crop > 0) & (cv2.distanceTransform(crop, cv2.DIST_L2, 3) <= ring)
        return allowed, ring
    wide = round(_WIDE * max(whole.width, whole.height))
    if area == "sides":
        strip = Rect(whole.x - wide, whole.y, whole.width + 2 * wide, whole.height)
    else:
        strip = Rect(whole.x, whole.y - wide, whole.width, whole.height + 2 * wide)
    strip = strip.within(Rect.whole(hole))
    allowed[strip.slices] = hole[strip.slices] == 0
    return allowed, None
