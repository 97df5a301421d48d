"""Inner loops of a film along a path: growing it, tracing it, replacing parts of it.

The rule of a film is eight numbers: α and γ; how far it looks ahead and searches along the path,
and how near the end it stays, in pixels; δ for a square pixel; and the slope and the level of the
perspective.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from editor.engine.kernels.random import bits
from editor.engine.kernels.sprites import columns

_READ2 = types.Array(types.float32, 2, "C", readonly=True)
_FLAGS = types.Array(types.boolean, 1, "C", readonly=True)
_ARCS = types.Array(types.int32, 2, "C", readonly=True)
_RULE = types.UniTuple(types.float64, 8)
_DOUBLE1 = types.Array(types.float64, 1, "C", readonly=True)
_DOUBLE2 = types.Array(types.float64, 2, "C", readonly=True)


@njit(inline="always")
def _leads(arcs, i, j):
    """Whether one can go from one pose to another."""
    for a in range(arcs.shape[1]):
        if arcs[i, a] < 0:
            return False
        if arcs[i, a] == j:
            return True
    return False


@njit(inline="always")
def _turned(at, round_, closed):
    """The number of the point of a path that lies there."""
    return at % round_ if closed else min(at, round_)


@njit(inline="always")
def _way(along, at, round_, closed):
    """How far along a point lies, all rounds together."""
    return along[_turned(at, round_, closed)] + (at // round_ * along[round_] if closed else 0.0)


@njit(inline="always")
def _point_at(along, at, way, round_, closed):
    """The first point from ``at`` on that lies so far along; the last one of an open path."""
    while (closed or at < round_) and _way(along, at, round_, closed) < way:
        at += 1
    return at


@njit(inline="always")
def _nearest(points, along, at, until, closed, x, y):
    """The point nearest to a place, looked for from ``at`` on; and the square of the distance."""
    round_ = len(points) - 1
    best, found = np.inf, at
    while True:
        px, py = points[_turned(at, round_, closed)]
        away = (px - x) * (px - x) + (py - y) * (py - y)
        if away < best:
            best, found = away, at
        at += 1
        if (not closed and at > round_) or _way(along, at, round_, closed) > until:
            return found, best


@njit(inline="always")
def _wanted(points, along, closed, at, x, y, ahead, rule):
    """The columns for where the creature should go from here: the path a little ahead."""
    round_ = len(points) - 1
    here = _way(along, at, round_, closed)
    goal = _point_at(along, at, here + rule[2], round_, closed)
    gx, gy = points[_turned(goal, round_, closed)]
    stay = not closed and along[round_] - here < rule[4]
    return columns(np.arctan2(gy - y, gx - x), stay, ahead.shape[1] - 1)


@njit(inline="always")
def _one_more(
    j, jump, at, x, y, ahead, m, rule, shift, points, along, closed, first, second, u
):  # fmt: skip
    """Where the creature is after one more frame, and what that frame costs."""
    scale = min(max(1 + rule[6] * (y - rule[7]), 0.1), 10.0)
    nx, ny = x + scale * shift[j, 0], y + scale * shift[j, 1]
    until = _way(along, at, len(points) - 1, closed) + rule[3]
    to, away = _nearest(points, along, at, until, closed, nx, ny)
    wrong = (1 - u) * (ahead[j, first] - rule[1] * m[j, first])
    wrong += u * (ahead[j, second] - rule[1] * m[j, second])
    return nx, ny, to, rule[0] * jump + wrong + rule[5] * away


@njit(
    types.void(
        types.intp, types.intp, _ARCS, _READ2, _READ2, _READ2, _RULE, _DOUBLE2, _DOUBLE2,
        _DOUBLE1, types.boolean, types.int32[:, ::1], types.int32[:, ::1], types.int32[:, ::1],
        types.float64[:, :, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def extend(
    start, stop, arcs, costs, ahead, m, rule, shift, points, along, closed, pose, parent, at, told
):
    """The best films of one more frame each, for the frames start..stop of a beam.

    A row of ``pose``, ``parent``, ``at`` and ``told`` (x, y and cost) is the beam after that many
    frames; pose is −1 where there are fewer. ``at`` counts points of the path, and goes on rising
    from round to round.
    """
    width, most = pose.shape[1], arcs.shape[1]
    found = np.empty((width * most, 4))  # x, y, cost, and with the future
    which = np.empty((width * most, 3), np.int32)  # pose, parent, at
    used = np.zeros(len(arcs), np.int32)
    for t in range(start, stop):
        total = 0
        for b in range(width):
            i = pose[t, b]
            if i < 0:
                break
            x, y, cost = told[t, b]
            first, second, u = _wanted(points, along, closed, at[t, b], x, y, ahead, rule)
            for a in range(most):
                j = arcs[i, a]
                if j < 0:
                    break
                nx, ny, to, more = _one_more(
                    j, costs[i, a], at[t, b], x, y, ahead, m, rule, shift, points, along, closed,
                    first, second, u,
                )  # fmt: skip
                future = (1 - u) * m[j, first] + u * m[j, second]
                found[total] = nx, ny, cost + more, cost + more + rule[1] * future
                which[total, 0], which[total, 1], which[total, 2] = j, b, to
                total += 1
        kept = 0
        used[:] = 0
        for c in np.argsort(found[:total, 3], kind="mergesort"):
            j = which[c, 0]
            if used[j] >= 2:  # more of the same pose would only be the same film a little later
                continue
            used[j] += 1
            pose[t + 1, kept], parent[t + 1, kept], at[t + 1, kept] = j, which[c, 1], which[c, 2]
            told[t + 1, kept] = found[c, :3]
            kept += 1
            if kept == width:
                break
        pose[t + 1, kept:] = -1


@njit(
    types.void(
        types.intp, types.intp, _ARCS, _READ2, _READ2, _READ2, _RULE, _DOUBLE2, _DOUBLE2,
        _DOUBLE1, types.boolean, types.Array(types.int32, 1, "C", readonly=True),
        types.int32[::1], types.float64[:, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def trace(start, stop, arcs, costs, ahead, m, rule, shift, points, along, closed, pose, at, told):
    """Where a film of these poses goes and what it costs: the frames start..stop."""
    for s in range(start, stop):
        i, j = pose[s - 1], pose[s]
        jump = np.float32(0)
        for a in range(arcs.shape[1]):
            if arcs[i, a] == j:
                jump = costs[i, a]
                break
        x, y, cost = told[s - 1]
        first, second, u = _wanted(points, along, closed, at[s - 1], x, y, ahead, rule)
        nx, ny, to, more = _one_more(
            j, jump, at[s - 1], x, y, ahead, m, rule, shift, points, along, closed, first, second, u
        )
        at[s], told[s, 0], told[s, 1], told[s, 2] = to, nx, ny, cost + more


@njit(
    types.intp(
        types.intp, types.intp, types.uint64, _FLAGS, _ARCS, _READ2, _READ2, _READ2, _RULE,
        _DOUBLE2, _DOUBLE2, _DOUBLE1, types.boolean, types.int32[::1], types.int32[::1],
        types.float64[:, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def replace(
    start,
    stop,
    seed,
    follows,
    arcs,
    costs,
    ahead,
    m,
    rule,
    shift,
    points,
    along,
    closed,
    pose,
    at,
    told,
):
    """Try to replace subsequences of a film, and keep those that make it better: how many were.

    A try leaves the film at some frame by another jump, follows the footage, and comes back by a
    jump to the very pose that the film has at that time; what comes after stays and is moved. The
    film is ``pose``, ``at`` and ``told`` as a beam of one; each try has its own random number.
    """
    count = len(pose) - 1
    tried, new_at, new_told = np.empty_like(pose), np.empty_like(at), np.empty_like(told)
    better = 0
    for number in range(start, stop):
        word = bits(seed, number)
        t = np.int64((word >> np.uint64(40)) % np.uint64(count))
        a = np.int64((word >> np.uint64(20) & np.uint64(0xFFFFF)) % np.uint64(arcs.shape[1]))
        least = np.int64((word & np.uint64(0xFFFFF)) % np.uint64(64))
        j = arcs[pose[t], a]
        if j < 0 or j == pose[t + 1]:
            continue
        until = t + 1  # the frames t + 1 to here are replaced by the footage from j on
        while until < count and (until - t <= least or not _leads(arcs, j, pose[until + 1])):
            if not follows[j]:
                break
            j, until = j + 1, until + 1
        if until < count and not _leads(arcs, j, pose[until + 1]):
            continue
        tried[:] = pose
        for s in range(t + 1, until + 1):
            tried[s] = arcs[pose[t], a] + s - t - 1
        new_at[t], new_told[t] = at[t], told[t]
        for s in range(t + 1, count + 1):
            trace(
                s, s + 1, arcs, costs, ahead, m, rule, shift, points, along, closed, tried, new_at,
                new_told,
            )  # fmt: skip
            if new_told[s, 2] >= told[count, 2]:
                break
        else:
            pose[:] = tried
            at[t + 1 :], told[t + 1 :] = new_at[t + 1 :], new_told[t + 1 :]
            better += 1
    return better
