"""Inner loops of the video texture: costs of jumps, their future, and the jumps worth keeping.

C[i, j] is the cost of showing frame j after frame i; inf where that cannot be. ahead[j] is what
comes after j has been chosen: α times its future cost, and what the person adds to the frame.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

_READ = types.Array(types.float32, 2, "C", readonly=True)


@intrinsic
def _least(typing, a, b):
    """min(a, b) of numbers, in words that LLVM makes eight at a time: a tenth of the time."""

    def generate(context, builder, signature, arguments):
        double = ir.DoubleType()
        kind = ir.FunctionType(double, [double, double])
        function = builder.module.declare_intrinsic("llvm.minnum", [double], kind)
        return builder.call(function, arguments, fastmath=("nnan", "nsz", "reassoc"))

    return types.float64(types.float64, types.float64), generate


@njit(
    types.void(
        types.intp,
        types.intp,
        _READ,
        types.intp,
        types.float32[::1],
        types.intp,
        types.float32[:, ::1],
    ),
    nogil=True,
    cache=True,
)
def jump_costs(start, stop, D, first, weights, apart, C):
    """C[i, j] = D′[i + 1, j], D′ = Σ_k w_k D[i + k, j + k]; inf nearer to i + 1 than ``apart``.

    D holds the rows from ``first`` on.
    """
    count, m = C.shape[1], len(weights) // 2
    for i in range(start, stop):
        row = C[i]
        there = i + 1 - m >= 0 and i + max(m, 1) < count
        low, high = (m, min(count - m + 1, count)) if there else (count, count)
        for j in range(count):
            row[j] = 0 if low <= j < high else np.inf
        inner = row[low:high]
        for t in range(len(weights) if there else 0):  # k = t − m
            w, source = weights[t], D[i + 1 + t - m - first, t:]
            for j in range(len(inner)):
                inner[j] += w * source[j]
        for j in range(max(i + 2 - apart, 0), min(i + 1 + apart, count)):
            row[j] = np.inf
        if i + 1 < count:
            row[i + 1] = 0  # to go on is no jump


@njit(
    "void(intp, intp, float32[:,::1], float64[::1], int64[::1])",
    nogil=True,
    cache=True,
    fastmath={"reassoc", "nsz"},
)
def add_up(start, stop, C, sums, counts):
    """The sum and the number of the costs that are neither 0 nor inf, row by row."""
    for i in range(start, stop):
        total, count = np.float64(0), 0
        for j in range(C.shape[1]):
            there = C[i, j] > 0 and C[i, j] < np.inf
            total += C[i, j] if there else np.float32(0)
            count += there
        sums[i], counts[i] = total, count


@njit(
    "int64(intp, intp, float32[:,::1], float64, float64[::1], float64[::1], float64[::1],"
    " int32[::1])",
    nogil=True,
    cache=True,
    fastmath={"nnan", "nsz", "reassoc"},
)
def improve(start, stop, C, alpha, penalty, m, ahead, policy):
    """One sweep from the last row to the first; returns how many frames found a better next."""
    changed = 0
    for i in range(stop - 1, start - 1, -1):
        best = np.inf
        for j in range(C.shape[1]):
            best = _least(best, C[i, j] + ahead[j])
        if policy[i] >= 0 and m[i] < np.inf and best >= m[i] * (1 - 1e-12):
            continue
        if best == np.inf:
            changed += m[i] < np.inf
            m[i], ahead[i], policy[i] = np.inf, np.inf, -1
            continue
        j = 0
        while C[i, j] + ahead[j] != best:
            j += 1
        m[i], ahead[i], policy[i] = best, penalty[i] + alpha * best, j
        changed += 1
    return changed


@njit(
    "void(float32[:,::1], float64, float64[::1], int32[::1], float64[::1], float64[::1])",
    nogil=True,
    cache=True,
)
def evaluate(C, alpha, penalty, policy, m, ahead):
    """m of always going where the policy says, exactly: cycles in closed form, then the way in."""
    count = len(policy)
    seen = np.zeros(count, np.int8)  # 1 on the path, 2 known
    path = np.empty(count, np.int32)
    for begin in range(count):
        length, i = 0, begin
        while i >= 0 and seen[i] == 0:
            seen[i] = 1
            path[length] = i
            length += 1
            i = policy[i]
        turn = -1
        if i >= 0 and seen[i] == 1:
            turn = i
            at = length - 1
            while path[at] != turn:
                at -= 1
            total, weight = 0.0, 1.0
            for t in range(at, length):
                j = policy[path[t]]
                total += weight * (C[path[t], j] + penalty[j])
                weight *= alpha
            m[turn] = total / (1 - weight)
        for t in range(length - 1, -1, -1):
            i = path[t]
            seen[i] = 2
            if i == turn:
                continue
            j = policy[i]
            m[i] = np.inf if j < 0 else C[i, j] + penalty[j] + alpha * m[j]
    for i in range(count):
        ahead[i] = penalty[i] + alpha * m[i]


@njit(
    "void(intp, intp, float32[:,::1], float64[::1], float64[::1], float64[::1])",
    nogil=True,
    cache=True,
    fastmath={"nnan", "nsz", "reassoc"},
)
def residuals(start, stop, C, ahead, m, out):
    """|m_i − min_j C_ij + ahead_j|, 0 where both are inf."""
    for i in range(start, stop):
        best = np.inf
        for j in range(C.shape[1]):
            best = _least(best, C[i, j] + ahead[j])
        out[i] = 0.0 if best == np.inf and m[i] == np.inf else abs(m[i] - best)


@njit("boolean(float32[:,::1], float64[::1], float64[::1], intp, intp)", nogil=True, cache=True)
def _peak(C, ahead, m, i, j):
    """No neighbour in the matrix is a better jump."""
    own = C[i, j] + ahead[j] - m[i]
    for y in range(max(i - 1, 0), min(i + 2, C.shape[0])):
        if m[y] == np.inf:
            continue
        for x in range(max(j - 1, 0), min(j + 2, C.shape[1])):
            if C[y, x] + ahead[x] - m[y] < own:
                return False
    return True


@njit(
    "void(intp, intp, float32[:,::1], float64[::1], float64[::1], int32[::1], float64, intp,"
    " int32[:,::1], int64[::1])",
    nogil=True,
    cache=True,
)
def list_kept(start, stop, C, ahead, m, policy, bound, first, targets, counts):
    """The jumps kept of each row: its best, going on, and peaks no worse than by ``bound``.

    Those of row i stand in targets[i − first].
    """
    for i in range(start, stop):
        at = 0
        if policy[i] >= 0:
            limit = m[i] + bound
            for j in range(C.shape[1]):
                if C[i, j] + ahead[j] > limit and j != policy[i]:
                    continue
                if j == policy[i] or j == i + 1 or _peak(C, ahead, m, i, j):
                    targets[i - first, at] = j
                    at += 1
        counts[i] = at


@njit(
    "void(float32[:,::1], float64[::1], float64[::1], int32[::1], intp, int32[:,::1],"
    " int64[::1], int32[::1], float64[::1])",
    nogil=True,
    cache=True,
)
def close_up(C, ahead, m, policy, first, listed, counts, targets, excess):
    """The same one after the other, with how much worse each is than the best of its row."""
    at = 0
    for i in range(first, first + len(listed)):
        for k in range(counts[i]):
            j = listed[i - first, k]
            targets[at] = j
            excess[at] = 0.0 if j == policy[i] else max(C[i, j] + ahead[j] - m[i], 0.0)
            at += 1
