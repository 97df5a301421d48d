"""Inner loops of the matte: how far a pixel is from the backdrop, how much of it is the object."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_FRAME = types.Array(types.uint8, 3, "A", readonly=True)
_READ2 = types.Array(types.float32, 2, "C", readonly=True)
_READ3 = types.Array(types.float32, 3, "C", readonly=True)
_READ4 = types.Array(types.float32, 4, "C", readonly=True)
_READ1 = types.Array(types.float32, 1, "C", readonly=True)

_BACK, _FRONT = 0, 2  # what is known of a pixel; 1 is what has to be solved


@njit(
    types.void(
        types.intp,
        types.intp,
        _FRAME,
        types.intp,
        types.intp,
        _READ4,
        types.float32,
        types.float32[:, ::1],
        types.float32[:, :, ::1],
    ),
    nogil=True,
    cache=True,
)
def differences(start, stop, frame, top, left, plates, shadow, d, ground):
    """d = min over the plates of |I − sB|, s in [1 − shadow, 1]; ground is the B of the nearest.

    The frame is a crop whose corner lies at (left, top) of the plates; a plate of one pixel is the
    same everywhere.
    """
    darkest = np.float32(1) - shadow
    tall, wide = plates.shape[1] > 1, plates.shape[2] > 1
    for y in range(start, stop):
        for x in range(frame.shape[1]):
            r, g, b = (
                np.float32(frame[y, x, 0]), np.float32(frame[y, x, 1]), np.float32(frame[y, x, 2])
            )  # fmt: skip
            best = np.float32(np.inf)
            for k in range(plates.shape[0]):
                B = plates[k, y + top if tall else 0, x + left if wide else 0]
                size = B[0] * B[0] + B[1] * B[1] + B[2] * B[2]
                along = r * B[0] + g * B[1] + b * B[2]
                s = along / size if size > 0 else np.float32(1)
                s = min(max(s, darkest), np.float32(1))
                dr, dg, db = r - s * B[0], g - s * B[1], b - s * B[2]
                away = dr * dr + dg * dg + db * db
                if away < best:
                    best = away
                    ground[y, x, 0], ground[y, x, 1], ground[y, x, 2] = B[0], B[1], B[2]
            d[y, x] = np.sqrt(best)


@njit(inline="always")
def _light(r, g, b, key):
    """How much of the backdrop's chroma a colour has, and how much another chroma explains."""
    mean = (r + g + b) / np.float32(3)
    r, g, b = r - mean, g - mean, b - mean
    along = r * key[0] + g * key[1] + b * key[2]
    across = r * r + g * g + b * b - along * along
    return along, np.sqrt(max(across, np.float32(0)) / np.float32(3))


@njit(
    types.void(
        types.intp,
        types.intp,
        _FRAME,
        types.Array(types.uint8, 2, "C", readonly=True),
        types.Array(types.float32, 3, "A", readonly=True),
        _READ1,
        types.float32,
        types.boolean[:, ::1],
    ),
    nogil=True,
    cache=True,
)
def lit(start, stop, frame, known, ground, key, share, found):
    """Whether a pixel inside the object has more than this share of the backdrop's own chroma."""
    for y in range(start, stop):
        for x in range(frame.shape[1]):
            found[y, x] = False
            if known[y, x] != _FRONT:
                continue
            r, g, b = (
                np.float32(frame[y, x, 0]), np.float32(frame[y, x, 1]), np.float32(frame[y, x, 2])
            )  # fmt: skip
            along, allowed = _light(r, g, b, key)
            own = ground[y, x, 0] * key[0] + ground[y, x, 1] * key[1] + ground[y, x, 2] * key[2]
            found[y, x] = along - allowed > share * own


@njit(
    types.void(
        types.intp,
        types.intp,
        _FRAME,
        types.Array(types.uint8, 2, "C", readonly=True),
        _READ3,
        _READ3,
        _READ1,
        types.float32,
        types.float32,
        types.float32,
        types.uint8[:, :, ::1],
    ),
    nogil=True,
    cache=True,
)
def solve(start, stop, frame, known, front, behind, key, spill, clean, lean, rgba):
    """I = αF + (1 − α)B: α by projection on F − B, then the F that explains the pixel; spill off.

    ``key`` is the chroma of the backdrop as a unit vector, 0 where it has none. F is often lighter
    or darker than what it is taken from, and seldom of another hue: along the key a difference
    counts 1 + ``lean`` times.
    """
    one = np.float32(1)
    F = np.empty(3, np.float32)
    for y in range(start, stop):
        for x in range(frame.shape[1]):
            if known[y, x] == _BACK:
                for c in range(3):
                    rgba[y, x, c] = np.uint8(min(max(front[y, x, c], 0), 255) + np.float32(0.5))
                rgba[y, x, 3] = 0
                continue
            alpha = one
            for c in range(3):
                F[c] = frame[y, x, c]
            if known[y, x] != _FRONT:
                top = np.float32(0)
                bottom = np.float32(1e-3)
                least = np.float32(0)
                way, hue = np.float32(0), np.float32(0)
                for c in range(3):
                    B = behind[y, x, c]
                    across = front[y, x, c] - B
                    step = np.float32(frame[y, x, c]) - B
                    top += step * across
                    bottom += across * across
                    way += across * key[c]
                    hue += step * key[c]
                    room = np.float32(255) - B if step > 0 else B  # F stays within 0..255
                    if abs(step) > np.float32(8):
                        least = max(least, (abs(step) - np.float32(8)) / max(room, np.float32(48)))
                top += lean * hue * way
                bottom += lean * way * way
                raw = min(max(max(top / bottom, least), np.float32(0)), one)
                alpha = min(max((raw - clean) / (one - 2 * clean), np.float32(0)), one)
                share = raw / (raw * raw + np.float32(0.5) * (one - raw) + np.float32(1e-6))
                for c in range(3):
                    B = behind[y, x, c]
                    mixed = raw * front[y, x, c] + (one - raw) * B
                    F[c] = front[y, x, c] + share * (np.float32(frame[y, x, c]) - mixed)
            along, allowed = _light(F[0], F[1], F[2], key)
            inside = np.float32(0)  # an edge has no more of the backdrop than the inside has
            for c in range(3):
                inside += front[y, x, c] * key[c]
            allowed = min(allowed, inside)
            excess = spill * max(along - allowed, np.float32(0))
            for c in range(3):
                value = F[c] - excess * key[c]
                rgba[y, x, c] = np.uint8(min(max(value, 0), 255) + np.float32(0.5))
            rgba[y, x, 3] = np.uint8(alpha * np.float32(255) + np.float32(0.5))


@njit(
    types.void(
        types.intp,
        types.intp,
        types.Array(types.uint8, 4, "A", readonly=True),
        types.Array(types.uint8, 3, "C", readonly=True),
        types.int32,
        types.uint8[:, :, :, ::1],
    ),
    nogil=True,
    cache=True,
)
def count_nibbles(start, stop, frames, high, shift, counts):
    """Count the upper halves of all values (shift 4), or the lower ones of those in ``high``."""
    for n in range(frames.shape[0]):
        for y in range(start, stop):
            for x in range(frames.shape[2]):
                for c in range(3):
                    value = frames[n, y, x, c]
                    if shift == 4:
                        counts[y, x, c, value >> 4] += np.uint8(1)
                    elif (value >> 4) == high[y, x, c]:
                        counts[y, x, c, value & 15] += np.uint8(1)


@njit(
    "void(intp, intp, uint8[:,:,:,::1], uint8[:,:,::1], uint8[:,:,::1])",
    nogil=True,
    cache=True,
)
def pick_nibbles(start, stop, counts, ranks, picked):
    """The half in which the value of each rank lies; the rank inside it goes back to ``ranks``."""
    for y in range(start, stop):
        for x in range(counts.shape[1]):
            for c in range(3):
                rank, nibble = int(ranks[y, x, c]), 0
                while nibble < 15 and rank >= counts[y, x, c, nibble]:
                    rank -= counts[y, x, c, nibble]
                    nibble += 1
                picked[y, x, c], ranks[y, x, c] = nibble, rank
