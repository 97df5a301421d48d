"""Tighten a mask that was drawn around a thing: what inside looks like its surroundings goes.

C. Rother, V. Kolmogorov, A. Blake: GrabCut, ACM Transactions on Graphics 23(3), 2004: the colours
outside and inside are each described by a few Gaussians, and a cut along edges parts them, again
and again. That is done on a small picture; its edge is drawn in at full size by a guided filter
(K. He, J. Sun, X. Tang: Guided Image Filtering, PAMI 35(6), 2013).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Cover, Picture, Rect, check_hole, to_working
from editor.engine.step import Step, silent

_ROUNDS = 4  # each describes the colours anew, and cuts
_MOST = 60_000  # pixels that are cut
_ROOM = 0.2  # of its size around the mask: what is known to be outside
_LEAST_ROOM = 8  # pixels
_EPSILON = 1e-3  # of the guided filter: contrast that is no edge
_STEEP = 3.0  # how much sharper than the filter's the edge becomes
_BAND = 1 << 18  # pixels whose light is found before there is a pause

Grey = NDArray[np.float32]  # (H, W), 0..1


def tightened(image: Picture, cover: Cover) -> Iterator[Step[tuple[Rect, Cover]]]:
    """The mask (0..255) without what looks like its surroundings, and the place where it was."""
    check_hole(image, cover)
    place = Rect.around(cover)
    room = max(_LEAST_ROOM, round(_ROOM * max(place.width, place.height)))
    around = place.grown(room).within(Rect.whole(image))
    there = cover[around.slices]
    scale = min(1.0, (_MOST / around.area) ** 0.5)
    size = (max(1, round(around.width * scale)), max(1, round(around.height * scale)))
    pixels = np.ascontiguousarray(image[around.slices])
    small, drawn = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (pixels, there))
    if (drawn > 127).all():
        raise ValueError("the mask leaves nothing around it that tells what is outside")
    colours = np.rint(np.clip(to_working(small), 0, 1) * 255).astype(np.uint8)
    yield Step(0.1)
    labels = np.where(drawn > 127, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    outside, inside = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # of this thread
    for number in range(_ROUNDS):
        if not (labels == cv2.GC_PR_FGD).any():
            break
        mode = cv2.GC_EVAL if number else cv2.GC_INIT_WITH_MASK
        cv2.grabCut(colours, labels, None, outside, inside, 1, mode)
        yield Step(0.1 + 0.7 * (number + 1) / _ROUNDS)
    kept = (labels == cv2.GC_PR_FGD).astype(np.float32)
    if not kept.any():
        raise ValueError("nothing under the mask differs from its surroundings: draw closer around")
    if scale < 1:
        kept = cv2.resize(kept, (around.width, around.height), interpolation=cv2.INTER_LINEAR)
        yield Step(0.85)
        kept = yield from silent(0.85, _guided(pixels, kept, max(2, round(1 / scale))))
    result = np.minimum(np.rint(kept * 255).astype(np.uint8), there)
    rect = place.moved(-around.x, -around.y)
    yield Step(1.0, (place, result[rect.slices]))


def _guided(pixels: Picture, kept: Grey, radius: int) -> Generator[None, None, Grey]:
    """A coarse edge drawn to where the picture has one (He 2013, eq. 5, 6 and 8)."""

    def mean(values: Grey) -> Grey:
        blurred: Grey = cv2.blur(values, (2 * radius + 1, 2 * radius + 1))
        return blurred

    height, width = pixels.shape[:2]
    light: Grey = np.empty((height, width), np.float32)
    band = max(1, _BAND // width)
    for top in range(0, height, band):
        rows = slice(top, top + band)
        light[rows] = to_working(pixels[rows]).mean(axis=2)
        yield
    mean_i, mean_p = mean(light), mean(kept)
    yield
    covariance = mean(light * kept) - mean_i * mean_p
    yield
    a = covariance / (mean(light * light) - mean_i**2 + np.float32(_EPSILON))
    yield
    b = mean(mean_p - a * mean_i)
    yield
    sharp: Grey = np.clip((mean(a) * light + b - 0.5) * np.float32(_STEEP) + 0.5, 0, 1)
    return sharp
