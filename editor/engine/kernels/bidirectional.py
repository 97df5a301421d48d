"""Inner loops of bidirectional similarity: votes from both pictures, and the copies they end in.

A *level* is an array (H, W, 4) of bytes: red, green, blue, and nothing. Fields are those of
``nearest``: ``positions[y, x]`` is the centre (y′, x′) in the other picture. The matches of the
source are turned round first: each patch of the target has a list of the source patches that chose
it, those of patch i from ``starts[i]`` to ``starts[i + 1]``. So each target pixel gathers its votes
by itself, and the sums do not depend on how many threads there are.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_MOST = 128  # different source pixels that one target pixel chooses from


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
def count_choices(start, stop, weights, positions, width, starts):
    """For rows of the source: how often each target patch is chosen, at starts[i + 1]."""
    for y in range(start, stop):
        for x in range(weights.shape[1]):
            if weights[y, x] > 0:
                starts[positions[y, x, 0] * width + positions[y, x, 1] + 1] += 1


@njit(nogil=True, cache=True)
def list_choices(start, stop, weights, positions, width, filled, centres, list_weights):
    """For rows of the source: write each into the list of the target patch that it chose."""
    for y in range(start, stop):
        for x in range(weights.shape[1]):
            if weights[y, x] > 0:
                i = positions[y, x, 0] * width + positions[y, x, 1]
                at = filled[i]
                filled[i] = at + 1
                centres[at] = y * weights.shape[1] + x
                list_weights[at] = weights[y, x]


@njit(nogil=True, cache=True)
def vote(start, stop, weights, positions, lists, source, held, r, target):
    """Rows of the target: the mean of what all patches over a pixel say (eq. 8); held ones stay."""
    starts, centres, list_weights = lists
    height, width = weights.shape
    pitch = source.shape[1]
    colours = source.reshape(-1, 4)
    for y in range(start, stop):
        for x in range(width):
            if held[y, x]:
                continue
            red = green = blue = sum_ = np.float32(0)
            for v in range(max(y - r, r), min(y + r, height - 1 - r) + 1):
                for u in range(max(x - r, r), min(x + r, width - 1 - r) + 1):
                    ahead = (y - v) * pitch + x - u
                    weight = weights[v, u]
                    if weight > 0:
                        p = positions[v, u, 0] * pitch + positions[v, u, 1] + ahead
                        red += weight * colours[p, 0]
                        green += weight * colours[p, 1]
                        blue += weight * colours[p, 2]
                        sum_ += weight
                    i = v * width + u
                    for k in range(starts[i], starts[i + 1]):
                        p, weight = centres[k] + ahead, list_weights[k]
                        red += weight * colours[p, 0]
                        green += weight * colours[p, 1]
                        blue += weight * colours[p, 2]
                        sum_ += weight
            if sum_ > 0:
                target[y, x, 0] = np.uint8(red / sum_ + np.float32(0.5))
                target[y, x, 1] = np.uint8(green / sum_ + np.float32(0.5))
                target[y, x, 2] = np.uint8(blue / sum_ + np.float32(0.5))


@njit(nogil=True, cache=True)
def choose(start, stop, weights, positions, lists, pitch, held, r, origins):
    """Rows of the source map: of what the patches over a pixel say, what most of them say.

    Where ``held`` is set the map is left as it is.
    """
    starts, centres, list_weights = lists
    height, width = weights.shape
    places, sums = np.empty(_MOST, np.int64), np.empty(_MOST, np.float32)
    for y in range(start, stop):
        for x in range(width):
            if held[y, x]:
                continue
            count = 0
            for v in range(max(y - r, r), min(y + r, height - 1 - r) + 1):
                for u in range(max(x - r, r), min(x + r, width - 1 - r) + 1):
                    ahead = (y - v) * pitch + x - u
                    i = v * width + u
                    for k in range(starts[i] - 1, starts[i + 1]):
                        if k < starts[i]:
                            weight = weights[v, u]
                            p = np.int64(positions[v, u, 0]) * pitch + positions[v, u, 1] + ahead
                        else:
                            weight, p = list_weights[k], centres[k] + ahead
                        if weight > 0:
                            j = 0
                            while j < count and places[j] != p:
                                j += 1
                            if j < count:
                                sums[j] += weight
                            elif count < _MOST:
                                places[j], sums[j] = p, weight
                                count += 1
            best = 0
            for j in range(1, count):
                if sums[j] > sums[best]:
                    best = j
            if count > 0:
                origins[y, x, 0], origins[y, x, 1] = places[best] // pitch, places[best] % pitch


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
