"""Inner loops of the sprites: which poses are alike, what jumps cost, and what follows them."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_READ2 = types.Array(types.float32, 2, "C", readonly=True)
_BYTES = types.Array(types.uint8, 2, "C", readonly=True)
_FLAGS = types.Array(types.boolean, 1, "C", readonly=True)
_ARCS = types.Array(types.int32, 2, "C", readonly=True)


@njit(inline="always")
def columns(angle, stay, count):
    """The two columns of the tables beside a direction, and how far it is from the first one."""
    if stay:
        return count, count, 0.0
    at = angle / (2 * np.pi) * count
    low = int(np.floor(at))
    return low % count, (low + 1) % count, at - low


@njit(
    types.void(
        types.intp, types.intp, _READ2, _FLAGS, types.intp, types.int32[:, ::1],
    ),
    nogil=True,
    cache=True,
    fastmath={"nnan", "reassoc"},
)  # fmt: skip
def list_alike(start, stop, features, follows, apart, alike):
    """The poses j most like the one that would come after i, each the best among its neighbours.

    Features are (kinds, N). Poses nearer than ``apart`` to what would have come are left out, and
    the rest of a row that has fewer stays −1.
    """
    count, most = features.shape[1], alike.shape[1]
    away = np.empty(count, np.float32)
    best = np.empty(most, np.float32)
    for i in range(start, stop):
        own = i + 1 if follows[i] else i
        away[:] = 0
        for k in range(features.shape[0]):
            row, here = features[k], features[k, own]
            for j in range(count):
                away[j] += (row[j] - here) * (row[j] - here)
        found = 0
        for j in range(count):
            value = away[j]
            if found == most and value >= best[most - 1]:
                continue
            if abs(j - own) < apart or j == i:
                continue
            if j > 0 and follows[j - 1] and away[j - 1] < value and abs(j - 1 - own) >= apart:
                continue
            if follows[j] and away[j + 1] < value and abs(j + 1 - own) >= apart:
                continue
            at = min(found, most - 1)
            while at > 0 and best[at - 1] > value:
                best[at] = best[at - 1]
                alike[i, at] = alike[i, at - 1]
                at -= 1
            best[at] = value
            alike[i, at] = j
            found = min(found + 1, most)


@njit(types.float32(_BYTES, _READ2, types.intp, types.intp), nogil=True, cache=True)
def _distance(thumbs, areas, i, j):
    total = np.int32(0)
    for v in range(thumbs.shape[1]):
        step = np.int32(thumbs[i, v]) - np.int32(thumbs[j, v])
        total += step * step
    return np.float32(np.sqrt(total / (2 * (areas[i, 0] + areas[j, 0]))))


@njit(
    types.void(
        types.intp, types.intp, _BYTES, _READ2, _FLAGS, types.int32[:, ::1], types.float32[:, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def compare(start, stop, thumbs, areas, follows, alike, distances):
    """The image distance of every jump i → j: j to i + 1, and i to j − 1, as far as they are."""
    count = len(follows)
    for i in range(start, stop):
        for e in range(alike.shape[1]):
            j = alike[i, e]
            distances[i, e] = np.inf
            if j < 0:
                continue
            total, terms = np.float32(0), 0
            if i + 1 < count and follows[i]:
                total += _distance(thumbs, areas, i + 1, j)
                terms += 1
            if j > 0 and follows[j - 1]:
                total += _distance(thumbs, areas, i, j - 1)
                terms += 1
            distances[i, e] = total / terms if terms else _distance(thumbs, areas, i, j)


@njit(
    types.void(types.intp, types.intp, _BYTES, _READ2, types.float32[::1]), nogil=True, cache=True
)
def compare_neighbours(start, stop, thumbs, areas, distances):
    """The image distance of each pose to the next one."""
    for i in range(start, stop):
        distances[i] = _distance(thumbs, areas, i, i + 1)


@njit(
    types.void(
        types.intp,
        types.intp,
        _ARCS,
        _READ2,
        types.Array(types.float32, 3, "C", readonly=True),
        types.float32,
        types.float32[:, :, ::1],
        types.float32[:, :, ::1],
        types.float32[::1],
    ),
    nogil=True,
    cache=True,
    fastmath={"nnan", "nsz", "reassoc"},
)
def sweep(start, stop, arcs, costs, errors, gamma, m, ahead, changes):
    """One sweep of m_i = min_j (C_ij + e_j + γ m_j), from the last pose to the first.

    Directions lie in groups of equal size, (groups, N, in a group); a group is swept on its own.
    ahead is e + γm, always up to date; changes is how much m rose at most in each group.
    """
    size = m.shape[2]
    best = np.empty(size, np.float32)
    for g in range(start, stop):
        change = np.float32(0)
        for i in range(m.shape[1] - 1, -1, -1):
            best[:] = np.inf
            for a in range(arcs.shape[1]):
                j = arcs[i, a]
                if j < 0:
                    break
                cost = costs[i, a]
                for k in range(size):
                    value = cost + ahead[g, j, k]
                    best[k] = min(best[k], value)
            for k in range(size):
                change = max(change, abs(best[k] - m[g, i, k]))
                m[g, i, k] = best[k]
                ahead[g, i, k] = errors[g, i, k] + gamma * best[k]
        changes[g] = change


@njit(
    types.int64(
        types.int64,
        types.float64,
        types.boolean,
        _ARCS,
        _READ2,
        types.float64,
        _READ2,
        types.float64,
        types.float64,
    ),
    nogil=True,
    cache=True,
)
def choose(pose, angle, stay, arcs, costs, alpha, ahead, sigma, chance):
    """The next pose towards an angle, or for staying: the cheapest, or one by its probability."""
    first, second, t = columns(angle, stay, ahead.shape[1] - 1)
    values = np.empty(arcs.shape[1])
    best, found = np.inf, -1
    for a in range(arcs.shape[1]):
        j = arcs[pose, a]
        if j < 0:
            break
        values[a] = alpha * costs[pose, a] + (1 - t) * ahead[j, first] + t * ahead[j, second]
        if values[a] < best:
            best, found = values[a], a
    if sigma > 0:
        total = 0.0
        for a in range(arcs.shape[1]):
            if arcs[pose, a] < 0:
                break
            values[a] = np.exp((best - values[a]) / sigma)
            total += values[a]
        left = chance * total
        for a in range(arcs.shape[1]):
            if arcs[pose, a] < 0:
                break
            left -= values[a]
            if left < 0:
                found = a
                break
    return np.int64(arcs[pose, found])
