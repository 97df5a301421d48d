"""Inner loops of bidirectional similarity: votes from both pictures, and the copies they end in.

A *level* is an array (H, W, 4) of bytes: red, green, blue, and nothing. Fields are those of
``nearest``: ``positions[y, x]`` is the centre (y′, x′) in the other picture. The matches of the
source are turned round first: each patch of the target has a list of the source patches that chose
it, those of patch i from ``starts[i]`` to ``starts[i + 1]``. So each target pixel gathers its votes
by itself, and the sums do not depend on how many threads there are.

Whom a patch is matched with is told by its *lead*: how many pixels, row by row, the source is ahead
of the target. Patches over a pixel that have the same lead say the same of it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_MOST = 128  # different source pixels that one target pixel chooses from
_NOTHING = (np.float32(0),) * 4


@njit(nogil=True, cache=True)
def weigh(start, stop, wanted, distances, spread, share, weights):
    """Rows of the weights of votes: alike counts; ``share`` is 1 / N of the paper."""
    for y in range(start, stop):
        for x in range(wanted.shape[1]):
            weight = np.float32(0)
            if wanted[y, x]:
                alike = np.exp(-np.float32(distances[y, x]) * spread)
                weight = share * max(alike, np.float32(1e-6))
            weights[y, x] = weight


@njit(nogil=True, cache=True)
def lead(start, stop, positions, pitch, leads):
    """Rows of the leads of the target's own matches, in a source of ``pitch`` pixels a row."""
    for y in range(start, stop):
        for x in range(positions.shape[1]):
            leads[y, x] = (positions[y, x, 0] - y) * pitch + positions[y, x, 1] - x


@njit(nogil=True, cache=True)
def count_choices(start, stop, weights, positions, width, starts):
    """For rows of the source: how often each target patch is chosen, at starts[i + 1]."""
    for y in range(start, stop):
        for x in range(weights.shape[1]):
            if weights[y, x] > 0:
                starts[positions[y, x, 0] * width + positions[y, x, 1] + 1] += 1


@njit(nogil=True, cache=True)
def list_choices(start, stop, weights, positions, width, filled, leads, list_weights):
    """For rows of the source: write each into the list of the target patch that it chose."""
    for y in range(start, stop):
        for x in range(weights.shape[1]):
            if weights[y, x] > 0:
                v, u = positions[y, x, 0], positions[y, x, 1]
                at = filled[v * width + u]
                filled[v * width + u] = at + 1
                leads[at] = (y - v) * weights.shape[1] + x - u
                list_weights[at] = weights[y, x]


@njit(nogil=True, cache=True)
def vote(start, stop, weights, leads, lists, source, held, r, target):
    """Rows of the target: the mean of what all patches over a pixel say (eq. 8); held ones stay."""
    starts, list_leads, list_weights = lists
    height, width = weights.shape
    pitch = source.shape[1]
    colours, leads, weights = source.reshape(-1, 4), leads.ravel(), weights.ravel()
    for y in range(start, stop):
        for x in range(width):
            if held[y, x]:
                continue
            place, sums = y * pitch + x, _NOTHING
            for v in range(max(y - r, r), min(y + r, height - 1 - r) + 1):
                low = v * width + max(x - r, r)
                high = v * width + min(x + r, width - 1 - r) + 1
                sums = _added(colours, place, low, high, leads, weights, sums)
                low, high = starts[low], starts[high]
                sums = _added(colours, place, low, high, list_leads, list_weights, sums)
            red, green, blue, sum_ = sums
            if sum_ > 0:
                target[y, x, 0] = np.uint8(red / sum_ + np.float32(0.5))
                target[y, x, 1] = np.uint8(green / sum_ + np.float32(0.5))
                target[y, x, 2] = np.uint8(blue / sum_ + np.float32(0.5))


@njit(nogil=True)
def _added(colours, place, low, high, leads, weights, sums):
    """And what the patches low..high say of the pixel at this place."""
    red, green, blue, sum_ = sums
    for k in range(low, high):
        weight = weights[k]
        if weight > 0:
            p = place + leads[k]
            red += weight * colours[p, 0]
            green += weight * colours[p, 1]
            blue += weight * colours[p, 2]
            sum_ += weight
    return red, green, blue, sum_


@njit(nogil=True, cache=True)
def choose(start, stop, weights, leads, lists, pitch, held, r, origins):
    """Rows of the source map: of what the patches over a pixel say, what most of them say.

    Where ``held`` is set the map is left as it is.
    """
    starts, list_leads, list_weights = lists
    height, width = weights.shape
    leads, weights = leads.ravel(), weights.ravel()
    said, sums = np.empty(_MOST, np.int32), np.empty(_MOST, np.float32)
    for y in range(start, stop):
        best = leads[y * width]
        for x in range(width):
            if held[y, x]:
                continue
            above, below = max(y - r, r), min(y + r, height - 1 - r) + 1
            # Mostly it is what was said of the pixel before: then nobody else need be counted.
            both = np.float32(0), np.float32(0)
            for v in range(above, below):
                low = v * width + max(x - r, r)
                high = v * width + min(x + r, width - 1 - r) + 1
                both = _agreeing(best, low, high, leads, weights, both)
                both = _agreeing(best, starts[low], starts[high], list_leads, list_weights, both)
            if both[1] == 0:
                continue
            if 2 * both[0] <= both[1]:
                count = 0
                for v in range(above, below):
                    low = v * width + max(x - r, r)
                    high = v * width + min(x + r, width - 1 - r) + 1
                    count = _told_apart(low, high, leads, weights, said, sums, count)
                    low, high = starts[low], starts[high]
                    count = _told_apart(low, high, list_leads, list_weights, said, sums, count)
                best = said[np.argmax(sums[:count])]
            place = y * pitch + x + best
            origins[y, x, 0], origins[y, x, 1] = place // pitch, place % pitch


@njit(nogil=True)
def _agreeing(lead, low, high, leads, weights, both):
    """The weight of those that say the same, and of all, with that of the patches low..high."""
    alike, sum_ = both
    for k in range(low, high):
        alike += weights[k] if leads[k] == lead else np.float32(0)
        sum_ += weights[k]
    return alike, sum_


@njit(nogil=True)
def _told_apart(low, high, leads, weights, said, sums, count):
    """Add the weights of those that say the same; the number of different things said so far."""
    for k in range(low, high):
        if weights[k] > 0:
            j = 0
            while j < count and said[j] != leads[k]:
                j += 1
            if j < count:
                sums[j] += weights[k]
            elif count < _MOST:
                said[j], sums[j] = leads[k], weights[k]
                count += 1
    return count


@njit(nogil=True, cache=True)
def lift(start, stop, coarse, r, height, width, positions):
    """Rows of a field twice as fine as ``coarse``, into a picture of this height and width."""
    for y in range(start, stop):
        cy = min(max(y // 2, r), coarse.shape[0] - 1 - r)
        for x in range(positions.shape[1]):
            cx = min(max(x // 2, r), coarse.shape[1] - 1 - r)
            py, px = y + 2 * (coarse[cy, cx, 0] - cy), x + 2 * (coarse[cy, cx, 1] - cx)
            positions[y, x, 0] = min(max(py, r), height - 1 - r)
            positions[y, x, 1] = min(max(px, r), width - 1 - r)


@njit(nogil=True, cache=True)
def spread_out(start, stop, coarse, r, scale, height, width, origins):
    """Rows of a source map ``scale`` times as fine as ``coarse``, inside height and width.

    The outermost ``r`` pixels of ``coarse`` say nothing.
    """
    for y in range(start, stop):
        cy = min(max(y // scale, r), coarse.shape[0] - 1 - r)
        for x in range(origins.shape[1]):
            cx = min(max(x // scale, r), coarse.shape[1] - 1 - r)
            py = scale * coarse[cy, cx, 0] + y - scale * cy
            px = scale * coarse[cy, cx, 1] + x - scale * cx
            origins[y, x, 0] = min(max(py, 0), height - 1)
            origins[y, x, 1] = min(max(px, 0), width - 1)


@njit(nogil=True, cache=True)
def gather(start, stop, source, origins, target):
    """Rows of a picture (H, W, bytes of a pixel) copied from where the map says."""
    for y in range(start, stop):
        for x in range(origins.shape[1]):
            v, u = origins[y, x, 0], origins[y, x, 1]
            for k in range(source.shape[2]):
                target[y, x, k] = source[v, u, k]
