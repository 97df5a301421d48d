"""A steady clip in even light, before its frames are compared: small shakes and flicker undone.

Every frame is shifted so that it lies on the first one: roughly by phase correlation (C. Kuglin, D.
Hines: The phase correlation image alignment method, 1975), then by least squares on the gradients
(B. Lucas, T. Kanade: An iterative image registration technique, 1981). A margin is cut off all
around, so that no frame shows what lies beyond its edge. Light is evened by bringing each frame to
the clip's median mean and contrast; for the comparison that is part of ``frame_distances``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.frame_distances import Frames, Light
from editor.engine.image import Picture, full_scale
from editor.engine.video_blend import FrameSource

MARGIN = 0.04  # of the frame's size, on each side: the largest shift that can be undone
_SIDE = 320  # the longer side at which shifts are measured
_BETTER = 0.97  # a leap must explain the frame that much better than staying does
_ROUNDS = 6
_FINE = 0.02  # pixels of the small copy below which a step changes nothing
_FLAT = 1e6  # condition above which a picture has no structure to hold on to


class Steadier:
    """Measures how far each frame has moved, in order, and remembers it."""

    def __init__(self) -> None:
        self._base: NDArray[np.float32] | None = None
        self._window: NDArray[np.float32] | None = None
        self._shifts: list[tuple[float, float]] = []

    @property
    def shifts(self) -> NDArray[np.float64]:
        """(n, 2): how far right and down each frame lies, as parts of its width and height."""
        return np.array(self._shifts, np.float64).reshape(-1, 2)

    def blocks(self, blocks: Iterable[Frames], margin: float = MARGIN) -> Iterator[Frames]:
        """The same frames, lying on one another, without their margin."""
        for block in blocks:
            first = len(self._shifts)
            for frame in block:
                self.measure(frame)
            pairs = zip(block, self._shifts[first:], strict=True)
            yield np.stack([moved_back(frame, shift, margin) for frame, shift in pairs])

    def measure(self, frame: Picture) -> tuple[float, float]:
        """The shift of the next frame against the first one."""
        grey = _small_grey(frame)
        if self._base is None or self._window is None:
            self._base = grey
            self._window = cv2.createHanningWindow(grey.shape[::-1], cv2.CV_32F)
            self._shifts.append((0.0, 0.0))
        else:
            size = np.array(grey.shape[::-1])
            # Copies: where the size suits the transform, OpenCV applies the window in place.
            rough, _ = cv2.phaseCorrelate(self._base.copy(), grey.copy(), self._window)
            stay, move = np.array(self._shifts[-1]) * size, np.array(rough)
            staying, moving = (self._difference(self._apart(grey, way)) for way in (stay, move))
            shift, difference = self._refined(grey, move if moving < _BETTER * staying else stay)
            mean = np.average(self._base, weights=self._window)
            if difference >= self._difference(self._base - mean):
                shift = stay  # nothing in common
            x, y = shift / size
            self._shifts.append((float(x), float(y)))
        return self._shifts[-1]

    def _apart(self, grey: NDArray[np.float32], shift: NDArray[np.float64]) -> NDArray[np.float32]:
        """What is left between a frame moved back and the first one, but for its brightness."""
        matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
        moved = cv2.warpAffine(
            grey, matrix, grey.shape[::-1],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        apart: NDArray[np.float32] = moved - self._base
        apart -= np.average(apart, weights=self._window)
        return apart

    def _difference(self, apart: NDArray[np.float32]) -> float:
        return float((np.abs(apart) * self._window).sum())

    def _refined(
        self, grey: NDArray[np.float32], shift: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float]:
        """The shift to a fraction of a pixel, and how much the frames then still differ.

        Least squares on the gradients of the first frame, in which what moves by itself counts
        little.
        """
        assert self._base is not None
        assert self._window is not None
        dy, dx = np.gradient(self._base)
        best, least = shift, np.inf
        for _ in range(_ROUNDS):
            apart = self._apart(grey, shift)
            difference = self._difference(apart)
            if difference >= least:
                break
            best, least = shift, difference
            typical = max(float(np.median(np.abs(apart))), 0.5)
            weight = self._window / (1 + (apart / (3 * typical)) ** 2)
            A = [[(weight * a * b).sum() for b in (dx, dy)] for a in (dx, dy)]
            b = [(weight * apart * a).sum() for a in (dx, dy)]
            if np.linalg.cond(A) > _FLAT:
                break
            step = np.linalg.solve(A, b)
            shift = shift - step
            if np.abs(step).max() < _FINE:
                break
        return best, least


def moved_back(frame: Picture, shift: tuple[float, float], margin: float = MARGIN) -> Picture:
    """The frame where the first one lies, without its margin; a larger shift is undone in part."""
    height, width = frame.shape[:2]
    left, top = round(margin * width), round(margin * height)
    x = left + float(np.clip(shift[0] * width, -left, left))
    y = top + float(np.clip(shift[1] * height, -top, top))
    size = width - 2 * left, height - 2 * top
    if x == round(x) and y == round(y):
        return frame[round(y) : round(y) + size[1], round(x) : round(x) + size[0]]
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
    moved: Picture = cv2.warpAffine(
        frame, matrix, size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return moved


def steady_source(
    frame: FrameSource, shifts: NDArray[np.float64], margin: float = MARGIN
) -> FrameSource:
    """The frames of a clip as ``Steadier.blocks`` gave them, at any size."""
    return lambda index: moved_back(frame(index), tuple(shifts[index]), margin)


def even_source(frame: FrameSource, light: Light) -> FrameSource:
    """The frames of a clip, each with the clip's median brightness and contrast."""
    means, contrast = np.median(light.means, axis=0), float(np.median(light.contrasts))

    def evened(index: int) -> Picture:
        picture = frame(index)
        colours = picture[..., :3] if picture.ndim == 3 else picture[..., None]
        own = max(float(light.contrasts[index]), 1e-3)
        gain = np.clip(contrast / own, 0.5, 2.0)
        scale = full_scale(picture.dtype) / 255
        channels = colours.shape[2]
        before, after = light.means[index][:channels] * scale, means[:channels] * scale
        level = (colours - before) * gain + after
        result = picture.copy()
        into = result[..., :3] if result.ndim == 3 else result[..., None]
        into[:] = level if picture.dtype == np.float32 else _rounded(level, picture)
        return result

    return evened


def _rounded(level: NDArray[np.float64], like: Picture) -> NDArray[np.float64]:
    return np.rint(np.clip(level, 0, full_scale(like.dtype)))


def _small_grey(frame: Picture) -> NDArray[np.float32]:
    colour = frame if frame.ndim == 2 else frame[..., :3].mean(axis=2)
    height, width = colour.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    small: NDArray[np.float32] = cv2.resize(
        colour.astype(np.float32), size, interpolation=cv2.INTER_AREA
    )
    return small
