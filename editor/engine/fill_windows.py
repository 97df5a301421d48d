"""Where a fill looks: the parts of a hole that lie apart, and a window around each of them."""

from __future__ import annotations

import numpy as np

from editor.engine.cv import cv2
from editor.engine.fill_level import thickness
from editor.engine.image import Cover, Mask, Rect

MARGIN = 64  # pixels around a hole that are always looked at
_FAR = 150  # and around a thick one, half its thickness more


def windows_around(
    hole: Mask | Cover, sources: Mask | Cover | None = None, reach: int | None = None
) -> list[tuple[Rect, Rect]]:
    """The hole in parts that lie apart: the rectangle of each, and what around it is looked at.

    All that there is, where that is little or far away.
    """
    if sources is not None and reach is None:
        everything = Rect.around(hole)
        return [
            (
                everything,
                everything.grown(MARGIN).joined(Rect.around(sources)).within(Rect.whole(hole)),
            )
        ]
    whole = Rect.around(hole)
    step = 8
    crop = (hole[whole.slices] != 0).view(np.uint8)
    height, width = -(-whole.height // step), -(-whole.width // step)
    padded = np.zeros((height * step, width * step), np.uint8)
    padded[: whole.height, : whole.width] = crop
    small = padded.reshape(height, step, width, step).max(axis=(1, 3))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    parts = []
    for x, y, w, h, _ in boxes[1:count]:
        box = Rect(x * step, y * step, w * step, h * step).within(Rect.whole(crop))
        thick = thickness(crop[box.slices])
        margin = reach or int(max(MARGIN, min(1.5 * thick, _FAR + 0.5 * thick)))
        rect = box.moved(whole.x, whole.y)
        parts.append((rect, rect.grown(margin).within(Rect.whole(hole))))
    parts = apart(parts)
    tight = [(Rect.around(hole[r.slices]).moved(r.x, r.y), window) for r, window in parts]
    if all((hole[window.slices] == 0).mean() > 0.25 for _, window in tight):
        return tight
    return [(whole, Rect.whole(hole))]


def apart(parts: list[tuple[Rect, Rect]]) -> list[tuple[Rect, Rect]]:
    """Joined until no window meets another one: each is solved by itself."""
    done: list[tuple[Rect, Rect]] = []
    while parts:
        rect, window = parts.pop()
        for other in [one for one in done if not one[1].within(window).empty]:
            done.remove(other)
            parts.append(other)
        if not parts or parts[-1][1].within(window).empty:
            done.append((rect, window))
            continue
        other_rect, other_window = parts.pop()
        parts.append((rect.joined(other_rect), window.joined(other_window)))
    return done
