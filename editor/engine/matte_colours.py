"""Colours where they are known, carried on to where they are not: push and pull on a pyramid.

S. Gortler, R. Grzeszczuk, R. Szeliski, M. Cohen: The Lumigraph, SIGGRAPH 1996, §3.4. Going up,
colours are averaged by their weights; coming down, what has little weight takes the colour of the
level above.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2

_FULL = 0.25  # a weight that needs nothing from above


def spread(colours: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Colours (H, W, 3) known as far as the weight (H, W) 0..1 says, everywhere; 0 if nowhere."""
    weighed = np.dstack([colours * weight[..., None], weight])
    levels = [weighed]
    while min(levels[-1].shape[:2]) > 1:
        levels.append(cv2.pyrDown(levels[-1], borderType=cv2.BORDER_REFLECT_101))
    top = levels.pop()
    sums = top.reshape(-1, 4).sum(axis=0)
    mean = sums[:3] / sums[3] if sums[3] > 0 else np.zeros(3, np.float32)
    found = np.broadcast_to(mean, (*top.shape[:2], 3)).astype(np.float32)
    for level in reversed(levels):
        height, width = level.shape[:2]
        above = cv2.pyrUp(found, dstsize=(width, height))
        have = level[..., 3:]
        share = np.minimum(have / np.float32(_FULL), 1)
        own = level[..., :3] / np.maximum(have, np.float32(1e-12))
        found = above + share * (own - above)
    return found
