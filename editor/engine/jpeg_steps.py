"""What a JPEG still says of its picture: each coefficient is a multiple of a known step.

A. Zakhor, Iterative procedures for reduction of blocking effects in transform image coding, IEEE
Transactions on Circuits and Systems for Video Technology 2 (1992): what was restored is projected
onto the pictures that would have become this JPEG. The interval is narrower here than the whole
step, after S. H. Park, D. S. Kim, 1999: most coefficients lie near its middle.

The steps are read off the decoded picture itself (Z. Fan, R. de Queiroz, 2003), whichever file it
came from: its coefficients lie at multiples of them. Only brightness is held; colour is stored at
half the size, mostly, and says less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Picture

_SIDE = 8
_WIDTH = 0.3  # of a step to each side; a half would be all that the JPEG says
_MOST = 4096  # blocks that are asked
_FEWEST = 24  # coefficients that have to speak for a step …
_FEW = 4  # … and frequencies for a JPEG
_SMALLEST, _LARGEST = 4, 255  # steps; what is rounded more finely needs no holding
_GAP = 0.15  # of a step, for three of four: what is not rounded at all is further away
_NOISE = 0.8  # grey levels, for three of four: decoders round too

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)

# ITU-T T.81, annex K, table K.1; the IJG's library scales it by a quality of 1 to 100.
_USUAL = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A JPEG's rounding: the step of each frequency, 0 where unknown, and the coefficients."""

    steps: Floats  # (8, 8)
    coefficients: Floats  # (rows, columns, 8, 8), rounded to multiples of them

    @classmethod
    def of(cls, image: Picture) -> Steps | None:
        """Those of a decoded JPEG; None of any other picture."""
        if image.dtype != np.uint8 or min(image.shape[:2]) < 2 * _SIDE:
            return None
        seen = _coefficients(_brightness(image.astype(np.float32)))
        steps = np.zeros((_SIDE, _SIDE), np.float32)
        asked = 0
        sure = np.abs(seen[_unclipped(image)])  # (blocks, 8, 8)
        sure = sure[:: len(sure) // _MOST + 1]
        for place in np.ndindex(_SIDE, _SIDE):
            values = sure[:, *place]
            values = values[values > _SMALLEST - 1]
            if len(values) >= _FEWEST:
                asked += 1
                steps[place] = _step(values)
        if asked < _FEW or np.count_nonzero(steps) < asked / 2:
            return None
        steps = _completed(steps)
        known = np.maximum(steps, 1)
        return cls(steps, np.where(steps > 0, np.rint(seen / known) * known, seen))

    def held(self, pixels: Floats) -> Floats:
        """The nearest picture, (H, W, 1 or 3) of 0..1, that would have become nearly this JPEG."""
        seen = _coefficients(_brightness(pixels * np.float32(255)))
        room = np.where(self.steps > 0, _WIDTH * self.steps, np.float32(np.inf))
        off = np.clip(seen, self.coefficients - room, self.coefficients + room) - seen
        change = _transform().T @ off @ _transform()  # (rows, columns, 8, 8)
        rows, columns = change.shape[:2]
        result = pixels.copy()
        part = result[: rows * _SIDE, : columns * _SIDE]
        flat = change.transpose(0, 2, 1, 3).reshape(rows * _SIDE, columns * _SIDE, 1)
        part += flat / np.float32(255)
        return np.clip(result, 0, 1, out=result)


def _step(values: NDArray[np.float32]) -> float:
    """The largest step that all lie at multiples of; 0 if there is none."""
    for step in range(_LARGEST, _SMALLEST - 1, -1):
        times = np.rint(values / step)
        if (times < 1).mean() > 0.05:
            continue
        gap = float(np.quantile(np.abs(values - times * step), 0.75))
        if gap < min(_NOISE, _GAP * step):
            return step
    return 0.0


def _completed(steps: Floats) -> Floats:
    """With the steps that nothing speaks for, if the others are those of the usual table."""
    known = steps > 0
    for quality in range(1, 100):
        share = 5000 // quality if quality < 50 else 200 - 2 * quality
        table = np.clip((_USUAL * share + 50) // 100, 1, 255).astype(np.float32)
        if np.array_equal(table[known], steps[known]):
            return np.where(table >= _SMALLEST, table, 0)
    return steps


def _unclipped(image: Picture) -> NDArray[np.bool_]:
    """(rows, columns): where no pixel of a block was too dark or too bright to be kept."""
    height, width = (side // _SIDE * _SIDE for side in image.shape[:2])
    inside = (image[:height, :width] > 0) & (image[:height, :width] < 255)
    blocks = inside.reshape(height // _SIDE, _SIDE, width // _SIDE, -1)
    result: NDArray[np.bool_] = np.logical_and.reduce(blocks, axis=(1, 3))
    return result


def _brightness(pixels: Floats) -> Floats:
    """Of the whole blocks, about 0: (H, W)."""
    height, width = (side // _SIDE * _SIDE for side in pixels.shape[:2])
    whole = pixels[:height, :width]
    if whole.ndim == 3:
        whole = whole[..., 0] if whole.shape[2] == 1 else whole[..., :3] @ _LUMA
    return whole - np.float32(128)


def _coefficients(plane: Floats) -> Floats:
    """The cosine transform of each block: (rows, columns, 8, 8)."""
    rows, columns = plane.shape[0] // _SIDE, plane.shape[1] // _SIDE
    blocks = plane.reshape(rows, _SIDE, columns, _SIDE).transpose(0, 2, 1, 3)
    return np.asarray(_transform() @ blocks @ _transform().T, np.float32)


def _transform() -> Floats:
    k, n = np.arange(_SIDE)[:, None], np.arange(_SIDE)
    waves = np.cos(np.pi * (n + 0.5) * k / _SIDE) / 2
    waves[0] /= np.sqrt(2)
    transform: Floats = waves.astype(np.float32)
    return transform
