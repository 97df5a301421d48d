"""Inner loops of the membrane: a hole as a list of unknowns, and multigrid on such lists.

Unknowns are numbered from 1 in reading order; number 0 is nobody, and one more follows the last, so
that "the neighbour to the left" and "to the right" are simply i − 1 and i + 1. Every value has four
lanes (red, green, blue, alpha) because four floats are one register.

Each kernel works on start..stop and writes nowhere else, and a sweep changes one colour of a
chessboard while it reads the other: the result does not depend on how the work is cut.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

LANES = 4
BLOCK = 1 << 14  # sums are taken over so many unknowns at a time, whoever computes them

Numbers = NDArray[np.int32]
Floats = NDArray[np.float32]


class Grid(NamedTuple):
    """The matrix A of one level: a link between neighbours, a sum of all pulls on the diagonal."""

    right: Floats  # weight of the link to i + 1; 0 where there is none
    down: Floats  # weight of the link to below[i]
    below: Numbers
    above: Numbers
    border: Floats  # weight of the links to known pixels
    inverse: Floats  # 1 / diagonal
    red: NDArray[np.uint8]  # the colour on the chessboard
    parent: Numbers  # in the next coarser level
    first: Numbers  # in the next finer level: the first child in the upper row, 0 if none
    second: Numbers  # … and in the lower row


# ── the hole as a list ──


@njit(nogil=True, cache=True)
def count_rows(start, stop, cover, counts):
    for y in range(start, stop):
        count = 0
        for x in range(cover.shape[1]):
            count += cover[y, x] != 0
        counts[y] = count


@njit(nogil=True, cache=True)
def list_rows(start, stop, cover, rows, columns):
    for y in range(start, stop):
        i = rows[y]
        if rows[y + 1] > i:
            for x in range(cover.shape[1]):
                if cover[y, x] != 0:
                    columns[i] = x
                    i += 1


@njit(nogil=True, cache=True)
def mark_unreadable(start, stop, image, cover, marked):
    """marked = the hole and every pixel that is not a number."""
    for y in range(start, stop):
        for x in range(cover.shape[1]):
            marked[y, x] = cover[y, x] != 0
            for c in range(image.shape[2]):
                if not np.isfinite(image[y, x, c]):
                    marked[y, x] = 1


@njit(nogil=True, cache=True)
def link_rows(start, stop, rows, columns, grid):
    """Neighbours at the finest level, where every link weighs 1."""
    for y in range(start, stop):
        i, j, end, below_end = rows[y], rows[y + 1], rows[y + 1], rows[min(y + 2, len(rows) - 1)]
        for k in range(i, end):
            grid.red[k] = (columns[k] + y) & 1
            grid.right[k] = k + 1 < end and columns[k + 1] == columns[k] + 1
        while i < end and j < below_end:
            if columns[i] == columns[j]:
                grid.down[i], grid.below[i], grid.above[j] = 1, j, i
            i, j = i + (columns[i] <= columns[j]), j + (columns[j] <= columns[i])


@njit(nogil=True, cache=True)
def list_borders(start, stop, ys, xs, grid, height, width, owners, border_ys, border_xs):
    """Every known pixel beside an unknown of start..stop; their count."""
    count = 0
    for i in range(start, stop):
        before = count
        for side in range(4):
            y, x = ys[i], xs[i]
            if side == 0:
                x, linked = x - 1, grid.right[i - 1] != 0
            elif side == 1:
                x, linked = x + 1, grid.right[i] != 0
            elif side == 2:
                y, linked = y - 1, grid.above[i] != 0
            else:
                y, linked = y + 1, grid.below[i] != 0
            if not linked and 0 <= y < height and 0 <= x < width:
                owners[count], border_ys[count], border_xs[count] = i, y, x
                count += 1
        grid.border[i] = count - before
    return count


@njit(nogil=True, cache=True)
def add_borders(owners, values, b):
    for k in range(len(owners)):
        for lane in range(LANES):
            b[owners[k], lane] += values[k, lane]


# ── coarser levels: each takes 2 × 2 cells of the finer one together ──


@njit(nogil=True, cache=True)
def count_coarse(start, stop, rows, columns, counts):
    height = len(rows) - 1
    for y in range(start, stop):
        i, middle = rows[2 * y], rows[2 * y + 1]
        j, end = middle, rows[min(2 * y + 2, height)]
        count = 0
        while i < middle or j < end:
            x = columns[i] >> 1 if i < middle else 1 << 30
            if j < end:
                x = min(x, columns[j] >> 1)
            while i < middle and columns[i] >> 1 == x:
                i += 1
            while j < end and columns[j] >> 1 == x:
                j += 1
            count += 1
        counts[y] = count


@njit(nogil=True, cache=True)
def list_coarse(start, stop, rows, columns, coarse_rows, coarse_columns, fine, coarse):
    height = len(rows) - 1
    for y in range(start, stop):
        i, middle = rows[2 * y], rows[2 * y + 1]
        j, end = middle, rows[min(2 * y + 2, height)]
        k = coarse_rows[y]
        while i < middle or j < end:
            x = columns[i] >> 1 if i < middle else 1 << 30
            if j < end:
                x = min(x, columns[j] >> 1)
            coarse_columns[k] = x
            coarse.red[k] = (x + y) & 1
            while i < middle and columns[i] >> 1 == x:
                fine.parent[i] = k
                if coarse.first[k] == 0:
                    coarse.first[k] = i
                i += 1
            while j < end and columns[j] >> 1 == x:
                fine.parent[j] = k
                if coarse.second[k] == 0:
                    coarse.second[k] = j
                j += 1
            k += 1


@njit(nogil=True, cache=True)
def link_coarse(start, stop, fine, coarse):
    """Links of the children that cross between cells, at half weight: cells lie twice as far."""
    for k in range(start, stop):
        for half in range(2):
            i = coarse.first[k] if half == 0 else coarse.second[k]
            while i > 0 and fine.parent[i] == k:
                coarse.border[k] += fine.border[i]
                if fine.right[i] != 0 and fine.parent[i + 1] != k:
                    coarse.right[k] += np.float32(0.5) * fine.right[i]
                j = fine.below[i]
                if j != 0 and fine.parent[j] != k:
                    coarse.down[k] += np.float32(0.5) * fine.down[i]
                    coarse.below[k] = fine.parent[j]
                    coarse.above[fine.parent[j]] = k
                i += 1


@njit(nogil=True, cache=True)
def invert_diagonal(start, stop, grid):
    """1 / the sum of all pulls; never 0, because no part of a picture is without a border."""
    for i in range(start, stop):
        total = grid.border[i] + grid.right[i] + grid.right[i - 1]
        total += grid.down[i] + grid.down[grid.above[i]]
        grid.inverse[i] = np.float32(1) / total


# ── one level: Gauss–Seidel, and the way up and down ──


@njit(nogil=True, cache=True)
def sweep(start, stop, grid, u, b, colour):
    """Every unknown of a colour becomes what its neighbours ask for."""
    for i in range(start, stop):
        if grid.red[i] == colour:
            j, k = grid.below[i], grid.above[i]
            right, left, down, up = grid.right[i], grid.right[i - 1], grid.down[i], grid.down[k]
            inverse = grid.inverse[i]
            for c in range(LANES):
                pull = b[i, c] + right * u[i + 1, c] + left * u[i - 1, c]
                u[i, c] = inverse * (pull + down * u[j, c] + up * u[k, c])


@njit(nogil=True, cache=True)
def sweep_to_and_fro(grid, u, b, times):
    """All of a small level, again and again; the same backwards as forwards."""
    for _ in range(times):
        for colour in (1, 0, 0, 1):
            sweep(1, len(u) - 1, grid, u, b, colour)


@njit(nogil=True, cache=True)
def sweep_from_nothing(start, stop, grid, u, b, colour):
    """The same where all of u is still 0."""
    for i in range(start, stop):
        if grid.red[i] == colour:
            for c in range(LANES):
                u[i, c] = grid.inverse[i] * b[i, c]


@njit(nogil=True, cache=True)
def restrict_residual(start, stop, fine, coarse, u, b, coarse_b):
    """coarse_b = sum of b − A u over the children; those swept last (not red) have none left."""
    for k in range(start, stop):
        s0 = s1 = s2 = s3 = np.float32(0)
        for half in range(2):
            i = coarse.first[k] if half == 0 else coarse.second[k]
            while i > 0 and fine.parent[i] == k:
                if fine.red[i] == 1:
                    j, m = fine.below[i], fine.above[i]
                    right, left = fine.right[i], fine.right[i - 1]
                    down, up = fine.down[i], fine.down[m]
                    whole = np.float32(1) / fine.inverse[i]
                    s0 += b[i, 0] - whole * u[i, 0] + right * u[i + 1, 0] + left * u[i - 1, 0]
                    s1 += b[i, 1] - whole * u[i, 1] + right * u[i + 1, 1] + left * u[i - 1, 1]
                    s2 += b[i, 2] - whole * u[i, 2] + right * u[i + 1, 2] + left * u[i - 1, 2]
                    s3 += b[i, 3] - whole * u[i, 3] + right * u[i + 1, 3] + left * u[i - 1, 3]
                    s0 += down * u[j, 0] + up * u[m, 0]
                    s1 += down * u[j, 1] + up * u[m, 1]
                    s2 += down * u[j, 2] + up * u[m, 2]
                    s3 += down * u[j, 3] + up * u[m, 3]
                i += 1
        coarse_b[k, 0], coarse_b[k, 1], coarse_b[k, 2], coarse_b[k, 3] = s0, s1, s2, s3


@njit(nogil=True, cache=True)
def restrict(start, stop, fine, coarse, b, coarse_b):
    """coarse_b = sum of b over the children."""
    for k in range(start, stop):
        for c in range(LANES):
            coarse_b[k, c] = 0
        for half in range(2):
            i = coarse.first[k] if half == 0 else coarse.second[k]
            while i > 0 and fine.parent[i] == k:
                for c in range(LANES):
                    coarse_b[k, c] += b[i, c]
                i += 1


@njit(nogil=True, cache=True)
def prolong(start, stop, grid, u, coarse_u):
    """Each cell hands its value to its children."""
    for i in range(start, stop):
        for c in range(LANES):
            u[i, c] = coarse_u[grid.parent[i], c]


@njit(nogil=True, cache=True)
def correct(start, stop, grid, u, coarse_u):
    """Each cell adds its value to its red children; the others are swept next anyway."""
    for i in range(start, stop):
        if grid.red[i] == 1:
            for c in range(LANES):
                u[i, c] += coarse_u[grid.parent[i], c]


# ── conjugate gradients ──


@njit(nogil=True, cache=True)
def subtract_product(start, stop, grid, u, b):
    """b −= A u."""
    for i in range(start, stop):
        j, k = grid.below[i], grid.above[i]
        right, left, down, up = grid.right[i], grid.right[i - 1], grid.down[i], grid.down[k]
        whole = np.float32(1) / grid.inverse[i]
        for c in range(LANES):
            pull = right * u[i + 1, c] + left * u[i - 1, c] + down * u[j, c] + up * u[k, c]
            b[i, c] += pull - whole * u[i, c]


@njit(nogil=True, cache=True)
def product(start, stop, grid, p, q, sums):
    """q = A p, and p·q by blocks."""
    for block in range(start, stop):
        s0 = s1 = s2 = s3 = 0.0
        for i in range(1 + block * BLOCK, min(1 + (block + 1) * BLOCK, len(p) - 1)):
            j, k = grid.below[i], grid.above[i]
            right, left, down, up = grid.right[i], grid.right[i - 1], grid.down[i], grid.down[k]
            whole = np.float32(1) / grid.inverse[i]
            for c in range(LANES):
                pull = right * p[i + 1, c] + left * p[i - 1, c] + down * p[j, c] + up * p[k, c]
                q[i, c] = whole * p[i, c] - pull
            s0 += p[i, 0] * q[i, 0]
            s1 += p[i, 1] * q[i, 1]
            s2 += p[i, 2] * q[i, 2]
            s3 += p[i, 3] * q[i, 3]
        sums[block, 0], sums[block, 1], sums[block, 2], sums[block, 3] = s0, s1, s2, s3


@njit(nogil=True, cache=True)
def advance(start, stop, alpha, x, p, r, q):
    """x += α p, r −= α q."""
    for i in range(start, stop):
        for c in range(LANES):
            x[i, c] += alpha[c] * p[i, c]
            r[i, c] -= alpha[c] * q[i, c]


@njit(nogil=True, cache=True)
def turn(start, stop, beta, p, z):
    """p = z + β p."""
    for i in range(start, stop):
        for c in range(LANES):
            p[i, c] = z[i, c] + beta[c] * p[i, c]


@njit(nogil=True, cache=True)
def dot(start, stop, r, z, sums, peaks):
    """r·z and the largest |z|, by blocks."""
    for block in range(start, stop):
        s0 = s1 = s2 = s3 = 0.0
        peak = np.float32(0)
        for i in range(1 + block * BLOCK, min(1 + (block + 1) * BLOCK, len(r) - 1)):
            s0 += r[i, 0] * z[i, 0]
            s1 += r[i, 1] * z[i, 1]
            s2 += r[i, 2] * z[i, 2]
            s3 += r[i, 3] * z[i, 3]
            for c in range(LANES):
                peak = max(peak, abs(z[i, c]))
        sums[block, 0], sums[block, 1], sums[block, 2], sums[block, 3] = s0, s1, s2, s3
        peaks[block] = peak
