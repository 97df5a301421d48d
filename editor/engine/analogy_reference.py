"""Image Analogies as the paper says it: short, slow, and what is right.

A. Hertzmann, C. Jacobs, N. Oliver, B. Curless, D. Salesin: Image Analogies, SIGGRAPH 2001. The
functions carry the names of its pseudocode (§3.1), and ``analogy`` does the same work some hundred
times faster: for the same pictures and settings both give the same source map.

All distances are whole numbers, see ``analogy_features``. Of equally good places the first counts,
in the order of pairs, rows and columns, from the place on that the seed says. At the rim A, A′ and
B go on as their last pixels; what would lie outside B′ does not count. No coherence leads into the
rim of A: there is often a frame, the end of the paper, and nothing beyond it to go on with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import (
    CAUSAL,
    FINE,
    Bytes,
    Guides,
    Level,
    Pair,
    Settings,
    Taps,
    first_place,
    prepared,
    taps,
    tolerance,
)

Place = tuple[int, int, int]  # which pair, y, x


def create_image_analogy(
    pairs: Sequence[Pair], B: Guides, settings: Settings, seed: int = 0
) -> NDArray[np.int32]:
    """The source map s of B′: (H, W, 3) with pair, y and x."""
    problem = prepared(pairs, B, settings)
    coarse: Level | None = None
    coarse_Bp: Bytes | None = None
    for number, level in enumerate(problem.levels):  # ℓ
        F = taps(problem, coarse is None)
        A = np.concatenate(
            [
                features(
                    F, level.A[k], level.Ap[k], coarse and coarse.A[k], coarse and coarse.Ap[k]
                )
                for k in range(len(level.A))
            ]
        )
        height, width = level.B.shape[:2]
        Bp = np.zeros((height, width, level.Ap[0].shape[2]), np.uint8)
        B_features = features(F, level.B, Bp, coarse and coarse.B, coarse_Bp)
        places = [
            (k, int(y), int(x))
            for k, Ap in enumerate(level.Ap)
            for y, x in np.ndindex(*Ap.shape[:2])
        ]
        row_of = {
            (k, y, x): row
            for row, (k, y, x) in enumerate(places)
            if not in_rim(y, x, level.Ap[k].shape)
        }
        first = first_place(seed, len(places))
        s = np.zeros((height, width, 3), np.int32)
        for y, x in np.ndindex(height, width):
            q, counts = feature_at(F, B_features[y * width + x], Bp, y, x)
            d = (((A.astype(np.int64) - q) ** 2) * counts).sum(axis=1)
            p = best_match(d, places, row_of, first, s, y, x,
                           tolerance(settings.kappa, number, len(problem.levels)))  # fmt: skip
            s[y, x] = p
            Bp[y, x] = level.Ap[p[0]][p[1], p[2]]
        coarse, coarse_Bp = level, Bp
    return s


def in_rim(y: int, x: int, shape: tuple[int, ...]) -> bool:
    """Whether the neighbourhood of a pixel reaches beyond the picture."""
    return min(y, x, shape[0] - 1 - y, shape[1] - 1 - x) < FINE // 2


def features(
    F: Taps, fine: Bytes, style: Bytes, coarse: Bytes | None, coarse_style: Bytes | None
) -> Bytes:
    """F(p) for every pixel p, one in each row."""
    height, width = fine.shape[:2]
    ys, xs = np.mgrid[:height, :width]
    columns = []
    for is_style, is_coarse, channel, dy, dx, scaled in zip(*F[:6], strict=True):
        picture = ((fine, style), (coarse, coarse_style))[is_coarse][is_style]
        assert picture is not None
        v = np.clip(ys // (1 + is_coarse) + dy, 0, picture.shape[0] - 1)
        u = np.clip(xs // (1 + is_coarse) + dx, 0, picture.shape[1] - 1)
        columns.append(scaled[picture[v, u, channel]].ravel())
    return np.stack(columns, axis=1)


def feature_at(
    F: Taps, known: Bytes, Bp: Bytes, y: int, x: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """F(q) with the part of B′ that is there by now, and 1 for each byte that counts."""
    q, counts = known.astype(np.int64), np.ones(len(known), np.int64)
    for k in range(F.known, len(q)):
        v, u = y + F.dy[k], x + F.dx[k]
        inside = 0 <= v < Bp.shape[0] and 0 <= u < Bp.shape[1]
        counts[k] = inside
        q[k] = F.scaled[k, Bp[v, u, F.channel[k]]] if inside else 0
    return q, counts


def best_match(
    d: NDArray[np.int64],
    places: list[Place],
    row_of: dict[Place, int],
    first: int,
    s: NDArray[np.int32],
    y: int,
    x: int,
    tolerated: float,
) -> Place:
    """BestMatch: the coherent place unless it is too much worse than the best one."""
    p_app = best_approximate_match(d, first)
    p_coh = best_coherence_match(d, row_of, s, y, x)
    if p_coh is not None and float(d[p_coh]) <= float(d[p_app]) * tolerated:
        return places[p_coh]
    return places[p_app]


def best_approximate_match(d: NDArray[np.int64], first: int) -> int:
    return int((np.argmin(np.roll(d, -first)) + first) % len(d))


def best_coherence_match(
    d: NDArray[np.int64], row_of: dict[Place, int], s: NDArray[np.int32], y: int, x: int
) -> int | None:
    """s(r*) + (q − r*), r* = argmin over the neighbours r that are there by now."""
    best = None
    for dy, dx in CAUSAL:
        v, u = y + dy, x + dx
        if 0 <= v < s.shape[0] and 0 <= u < s.shape[1]:
            pair, sy, sx = (int(number) for number in s[v, u])
            row = row_of.get((pair, sy - dy, sx - dx))
            if row is not None and (best is None or d[row] < d[best]):
                best = row
    return best
