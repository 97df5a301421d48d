"""What there is to say about the pictures of an analogy before it is made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import Pair, Settings
from editor.engine.cv import cv2
from editor.engine.image import Picture, Size, to_working

_SIDE = 384  # pixels: what is measured is measured on pictures of this size
_CLEAR = 0.1  # of a correlation: below it, no shift stands out
_LEAST = 3.0  # pixels that count as a shift: a filter may draw an edge a little beside itself
_FAR = 40.0  # of 255 in some channel: another colour, not the same one after JPEG
_MUCH = 0.004  # of all pixels: a label, not a rim
_MOST = 4  # colours that are listed

_RGB = NDArray[np.uint8]


def remarks(pairs: Sequence[Pair], B: Sequence[Picture], settings: Settings) -> tuple[str, ...]:
    """Sentences for the person; ValueError where A says nothing."""
    said: list[str] = []
    for number, (guides, Ap) in enumerate(pairs):
        A = guides if isinstance(guides, np.ndarray) else guides[0]
        name = "A" if len(pairs) == 1 else f"A of pair {number + 1}"
        if settings.guidance > 0 and _flat(A):
            raise ValueError(
                f"{name} is of a single colour, so nothing in it says what belongs where in B;"
                " with a guidance of 0 it is not asked"
            )
        if not settings.luminance and A.ndim == 2 and B[0].ndim == 3:
            said.append(f"{name} is grey and B has colours: they can only be compared as greys")
        # A map of labels has edges of its own, a little beside those of what it stands for.
        shift = misalignment(A, Ap) if settings.luminance else None
        if shift is not None:
            x, y = shift
            said.append(f"A′ seems to lie {x:+d}, {y:+d} pixels off {name}: align them first")
    if settings.guidance > 0 and not settings.luminance:
        missing = missing_colours([guides for guides, _ in pairs], B[0])
        if missing:
            listed = ", ".join(f"{colour} ({100 * part:.1f} %)" for colour, part in missing)
            said.append(f"B has colours that A lacks, the nearest were taken: {listed}")
    return tuple(said)


def missing_colours(
    guides: Sequence[Picture | Sequence[Picture]], B: Picture
) -> list[tuple[str, float]]:
    """Colours of B far from all of A, as #rrggbb with their part of B; the commonest first."""
    from scipy.spatial import KDTree

    first = [one if isinstance(one, np.ndarray) else one[0] for one in guides]
    there = np.concatenate([_small(one).reshape(-1, 3) for one in first])
    wanted = _small(B).reshape(-1, 3)
    known = np.unique(there >> 3, axis=0).astype(np.int16) * 8 + 4  # the middle of each cell
    cells, where = np.unique(wanted >> 3, axis=0, return_inverse=True)
    middle = cells.astype(np.int16) * 8 + 4
    away, _ = KDTree(known).query(middle, p=np.inf)
    counts = np.bincount(where.ravel(), minlength=len(cells)) * (away > _FAR)
    found: list[tuple[str, float]] = []
    while len(found) < _MOST and counts.max(initial=0) >= _MUCH * len(wanted):
        best = middle[counts.argmax()]
        alike = np.abs(middle - best).max(axis=1) <= _FAR
        mean = wanted[where.ravel() == counts.argmax()].mean(axis=0).round().astype(int)
        found.append(
            ("#{:02x}{:02x}{:02x}".format(*mean), float(counts[alike].sum() / len(wanted)))
        )
        counts[alike] = 0
    return found


def misalignment(A: Picture, Ap: Picture) -> tuple[int, int] | None:
    """How far A′ lies right of and below A, in whole pixels; None if it lies on it, or is unlike.

    The edges of both are compared by phase correlation, C. Kuglin, D. Hines (1975).
    """
    edges = [_edges(_small(one)) for one in (A, Ap)]
    if edges[0].shape != edges[1].shape or min(edges[0].shape) < 32:
        return None
    window = cv2.createHanningWindow(edges[0].shape[::-1], cv2.CV_32F)
    (x, y), clear = cv2.phaseCorrelate(edges[0], edges[1], window)
    if clear < _CLEAR or max(abs(x), abs(y)) < _LEAST:
        return None
    return round(x * _step(A)), round(y * _step(A))


def _flat(picture: Picture) -> bool:
    return bool((picture[0] == picture[0, 0]).all() and (picture == picture[:1, :1]).all())


def _small(picture: Picture) -> _RGB:
    """Every n-th pixel, so that no side is much longer than is measured."""
    step = _step(picture)
    working = to_working(np.ascontiguousarray(picture[::step, ::step]))
    return np.asarray(np.rint(np.clip(working, 0, 1) * 255), np.uint8)


def _step(picture: Picture) -> int:
    return max(1, -(-max(Size.of(picture)) // _SIDE))


def _edges(small: _RGB) -> NDArray[np.float32]:
    light = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1)
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down))
