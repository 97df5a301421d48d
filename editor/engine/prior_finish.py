"""From what the network made to a picture as the person has it: depth, alpha, mask, strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from editor.engine.curve import Checkpoint
from editor.engine.cv import cv2
from editor.engine.image import Cover, Mask, Picture, blended, from_working, full_scale
from editor.engine.jpeg_steps import Steps
from editor.engine.prior_tasks import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Finish:
    """What becomes of the network's picture."""

    image: Picture  # as it was given
    cover: Cover | Mask | None = None  # where it may change; None: everywhere
    scale: int = 1
    ceiling: float = 1.0  # what 1 means
    strength: float = 1.0  # of 0..1: less leaves some of what was there
    steps: Steps | None = None  # of a JPEG, with which the result has to agree

    def picture(self, pixels: Floats) -> Picture:
        """(H, W, 1 or 3), 0..1, in the depth that was given, the rest as it was."""
        if self.steps is not None:
            pixels = self.steps.held(pixels)
        working = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
        like = self.image
        if self.scale > 1:
            like = cv2.resize(like, working.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        picture = from_working(working * np.float32(self.ceiling), like)
        cover = self._cover(like)
        return picture if cover is None else blended(like, picture, cover)

    def checkpoint(self, one: Checkpoint) -> Picture:
        """The picture as it was then."""
        white = np.float32(full_scale(one.pixels.dtype))
        return self.picture(one.pixels.astype(np.float32) / white)

    def _cover(self, like: Picture) -> Cover | Mask | None:
        """Where and how much; what is not a number is replaced in full."""
        if self.strength >= 1:
            return self.cover
        share = np.uint8(round(255 * self.strength))
        cover = np.full(like.shape[:2], share, np.uint8)
        if like.dtype.kind == "f":
            cover[~np.isfinite(like).reshape(*like.shape[:2], -1).all(axis=2)] = 255
        if self.cover is not None:
            most = 1 if self.cover.dtype == np.bool_ else 255
            cover = np.rint(cover * (self.cover / np.float32(most))).astype(np.uint8)
        return cover
