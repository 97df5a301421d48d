"""Inner loops of bidirectional similarity: votes from both pictures, and the copies they end in.

A *level* is an array (H, W, 4) of bytes: red, green, blue, and nothing. Fields are those of
``nearest``: ``positions[y, x]`` is the centre (y′, x′) in the other picture. The matches of the
source are turned round first: each patch of the target has a list of the source patches that chose
it, those of patch i from ``starts[i]`` to ``starts[i + 1]``. So each target pixel gathers its votes
by itself, and the sums do not depend on how many threads there are.

Whom a patch is matched with is told by its *lead*: how many pixels, row by row, the source is ahead
of the target. Patches over a pixel that have the same lead say the same of it; over most pixels all
have. That is seen at once by *runs*: so many leads, this one and those that follow, are the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_LONGEST = 255  # run that is counted
_MIXED = np.iinfo(np.int32).max  # no lead, but the word that there are several


class Own(NamedTuple):
    """The matches of the target."""

    leads: NDArray[np.int32]  # (H, W)
    runs: NDArray[np.uint8]  # (H, W): each ends with its row


class Lists(NamedTuple):
    """The matches of the source, turned round."""

    starts: NDArray[np.int64]  # (H · W + 1): where the list of a patch of the target begins
    leads: NDArray[np.int32]
    runs: NDArray[np.uint8]


_SLOTS = 512  # different things that may be said of one pixel
_TRIES = 32


@njit(nogil=True, cache=True)
def weigh(start, stop, wanted, distances, spread, weights):
    """Rows of the weights of the target's own votes: alike counts."""
    for y in range(start, stop):
        for x in range(wanted.shape[1]):
            weight = np.float32(0)
            if wanted[y, x]:
                alike = np.exp(-np.float32(distances[y, x]) * spread)
                weight = max(alike, np.float32(1e-6))
            weights[y, x] = weight


@njit(nogil=True, cache=True)
def lead(start, stop, positions, pitch, own):
    """Rows of the leads of the target's own matches, in a source of ``pitch`` pixels a row."""
    leads, width = own.leads, positions.shape[1]
    for y in range(start, stop):
        for x in range(width):
            leads[y, x] = (positions[y, x, 0] - y) * pitch + positions[y, x, 1] - x
        count_runs(0, width, leads[y], own.runs[y])


@njit(nogil=True, cache=True)
def count_runs(start, stop, leads, runs):
    """How long the runs are that begin at start..stop; what comes behind is counted already."""
    for k in range(stop - 1, start - 1, -1):
        goes_on = k + 1 < len(leads) and leads[k + 1] == leads[k]
        runs[k] = min(runs[k + 1] + 1, _LONGEST) if goes_on else 1


@njit(nogil=True, cache=True)
def count_choices(start, stop, wanted, positions, width, starts):
    """For rows of the source: how often each target patch is chosen, at starts[i + 1]."""
    for y in range(start, stop):
        for x in range(wanted.shape[1]):
            if wanted[y, x] and positions[y, x, 0] >= 0:
                starts[positions[y, x, 0] * width + positions[y, x, 1] + 1] += 1


@njit(nogil=True, cache=True)
def list_choices(start, stop, wanted, positions, width, filled, leads):
    """For rows of the source: write each into the list of the target patch that it chose."""
    for y in range(start, stop):
        for x in range(wanted.shape[1]):
            v, u = positions[y, x, 0], positions[y, x, 1]
            if wanted[y, x] and v >= 0:
                leads[filled[v * width + u]] = (y - v) * wanted.shape[1] + x - u
                filled[v * width + u] += 1


@njit(nogil=True)
def _one_lead(leads, runs, starts, list_leads, list_runs, width, above, below, left, right):
    """The lead of all patches in these rows and columns, and of all that chose them; or _MIXED."""
    one = leads[above * width + left]
    for v in range(above, below):
        low, high = v * width + left, v * width + right
        if leads[low] != one or runs[low] < right - left:
            return _MIXED
        low, high = starts[low], starts[high]
        if low < high and (list_leads[low] != one or list_runs[low] < high - low):
            return _MIXED
    return one


@njit(nogil=True, cache=True)
def vote(start, stop, weights, own, lists, share, source, held, r, target):
    """Rows of the target: the mean of what all patches over a pixel say (eq. 8); held ones stay.

    A patch of the source that has chosen one of the target counts as ``share``.
    """
    starts, list_leads, list_runs = lists
    height, width = weights.shape
    pitch = source.shape[1]
    colours, weights = source.reshape(-1, 4), weights.ravel()
    leads, runs = own.leads.ravel(), own.runs.ravel()
    for y in range(start, stop):
        above, below = max(y - r, r), min(y + r, height - 1 - r) + 1
        for x in range(width):
            if held[y, x]:
                continue
            place = y * pitch + x
            left, right = max(x - r, r), min(x + r, width - 1 - r) + 1
            one = _one_lead(
                leads, runs, starts, list_leads, list_runs, width, above, below, left, right
            )
            if one != _MIXED and weights[above * width + left] > 0:
                for k in range(3):
                    target[y, x, k] = colours[place + one, k]
                continue
            red = green = blue = sum_ = np.float32(0)
            reds = greens = blues = count = 0
            for v in range(above, below):
                low, high = v * width + left, v * width + right
                for k in range(low, high):
                    weight = weights[k]
                    if weight > 0:
                        p = place + leads[k]
                        red += weight * colours[p, 0]
                        green += weight * colours[p, 1]
                        blue += weight * colours[p, 2]
                        sum_ += weight
                k, end = starts[low], starts[high]
                count += end - k
                while k < end:
                    p, times = place + list_leads[k], min(np.int64(list_runs[k]), end - k)
                    reds += times * colours[p, 0]
                    greens += times * colours[p, 1]
                    blues += times * colours[p, 2]
                    k += times
            sum_ += share * np.float32(count)
            if sum_ > 0:
                for k, one, other in ((0, red, reds), (1, green, greens), (2, blue, blues)):
                    mean = (one + share * np.float32(other)) / sum_
                    target[y, x, k] = np.uint8(mean + np.float32(0.5))


@njit(nogil=True, cache=True)
def choose(start, stop, weights, own, lists, share, pitch, held, r, origins):
    """Rows of the source map: of what the patches over a pixel say, what most of them say.

    Where ``held`` is set the map is left as it is.
    """
    starts, list_leads, list_runs = lists
    height, width = weights.shape
    leads, runs, weights = own.leads.ravel(), own.runs.ravel(), weights.ravel()
    said, sums = np.empty(_SLOTS, np.int32), np.empty(_SLOTS, np.float32)
    used = np.full(_SLOTS, -1)
    for y in range(start, stop):
        best = leads[y * width]
        above, below = max(y - r, r), min(y + r, height - 1 - r) + 1
        for x in range(width):
            if held[y, x]:
                continue
            left, right = max(x - r, r), min(x + r, width - 1 - r) + 1
            one = _one_lead(
                leads, runs, starts, list_leads, list_runs, width, above, below, left, right
            )
            if one != _MIXED and weights[above * width + left] > 0:
                best = one
                place = y * pitch + x + best
                origins[y, x, 0], origins[y, x, 1] = place // pitch, place % pitch
                continue
            # Mostly it is what was said of the pixel before: then nobody else need be counted.
            alike = sum_ = np.float32(0)
            agreed = count = 0
            for v in range(above, below):
                low, high = v * width + left, v * width + right
                for k in range(low, high):
                    alike += weights[k] if leads[k] == best else np.float32(0)
                    sum_ += weights[k]
                for k in range(starts[low], starts[high]):
                    agreed += list_leads[k] == best
                count += starts[high] - starts[low]
            alike, sum_ = alike + share * np.float32(agreed), sum_ + share * np.float32(count)
            if sum_ == 0:
                continue
            if 2 * alike <= sum_:
                most, number = np.float32(0), y * width + x
                for v in range(above, below):
                    low, high = v * width + left, v * width + right
                    owned, listed = high - low, starts[high] - starts[low]
                    for k in range(owned + listed):
                        if k < owned:
                            one, weight = leads[low + k], weights[low + k]
                        else:
                            one, weight = list_leads[starts[low] + k - owned], share
                        # Open addressing: a slot is in use if it was for this pixel.
                        at = ((np.int64(one) * 2654435769) >> 20) % _SLOTS
                        tries = 0
                        while used[at] == number and said[at] != one and tries < _TRIES:
                            at, tries = (at + 1) % _SLOTS, tries + 1
                        if used[at] != number:
                            said[at], sums[at], used[at] = one, weight, number
                        elif said[at] == one:
                            sums[at] += weight
                        if said[at] == one and sums[at] > most:
                            best, most = one, sums[at]
            place = y * pitch + x + best
            origins[y, x, 0], origins[y, x, 1] = place // pitch, place % pitch


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
