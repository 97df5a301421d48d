"""Lay one picture upon another that shows the same: shifted, turned, or of another size.

The edges of both are compared, since a painting has other colours than the photograph of its
motif. A shift is found by phase correlation; turn and scale by raising the enhanced correlation
coefficient, coarse to fine: G. Evangelidis, E. Psarakis: Parametric Image Alignment Using Enhanced
Correlation Coefficient Maximization, PAMI 30(10), 2008.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Picture, Size, to_working
from editor.engine.step import Step

_SIDE = 320  # pixels: the pictures are compared as small as this
_BLURS = (4.0, 1.5)  # of the edges, coarse to fine
_ROUNDS, _BITES = 24, 2  # iterations at each, so many before there is a pause
_STILL = 0.02  # pixels: it moves no more
_LEAST = 2.5  # of the small pixels, that it is off
_BETTER = 0.06  # that the agreement gains
_ALIKE = 0.25  # the least agreement that means the same thing is shown
_FAR = 0.25  # of the side: nothing is moved farther
_STRETCH = 0.2  # from 1, of either axis
_BAND = 1 << 19  # pixels before there is a pause
_ASPECTS = 0.02  # that two proportions may differ and count as the same

_Matrix = NDArray[np.float64]  # 2 × 3: x and y in A give x and y in A′
_Plane = NDArray[np.float32]


class Alignment(NamedTuple):
    """Where in A′ each place of A is, and how well the edges agree: as they lie, and then."""

    size: Size  # of A
    matrix: _Matrix
    before: float
    after: float


def same_proportions(A: Picture, Ap: Picture) -> bool:
    """Whether one is the other one scaled, as far as their sizes tell."""
    aspects = [size.width / size.height for size in (Size.of(A), Size.of(Ap))]
    return abs(aspects[0] / aspects[1] - 1) <= _ASPECTS


def alignment(A: Picture, Ap: Picture) -> Iterator[Step[Alignment]]:
    """How A′ lies on A; the last value is the best. A′ is thought of as large as A before that."""
    if not same_proportions(A, Ap):
        raise ValueError(
            f"A is {Size.of(A)} and A′ is {Size.of(Ap)}: they have other proportions, so one cannot"
            " be laid upon the other"
        )
    small = [_small(one, Size.of(A)) for one in (A, Ap)]
    step = max(1.0, max(Size.of(A)) / _SIDE)
    matrix, before, after = np.eye(2, 3), 0.0, 0.0
    yield Step(0.0)
    for number, blur in enumerate(_BLURS):
        a, ap = (_edges(one, blur) for one in small)
        if min(float(a.std()), float(ap.std())) < 1e-6:  # nothing is there to be compared
            break
        if number == 0 and agreement(a, ap, shifted := _shifted(a, ap)) > agreement(a, ap, matrix):
            matrix = shifted
        found = yield from _climb(a, ap, matrix, number / len(_BLURS))
        matrix = found if _possible(found, Size.of(small[0])) else np.eye(2, 3)
        before, after = agreement(a, ap, np.eye(2, 3)), agreement(a, ap, matrix)
    yield Step(1.0, Alignment(Size.of(A), _enlarged(matrix, step, A, Ap), before, after))


def needed(found: Alignment, A: Picture, Ap: Picture) -> Alignment | None:
    """What is to be done with A′ before it is learnt from; None: nothing."""
    if is_off(found, A, Ap):
        return found
    if Size.of(A) == Size.of(Ap):
        return None
    return found._replace(matrix=_enlarged(np.eye(2, 3), 1.0, A, Ap))


def is_off(found: Alignment, A: Picture, Ap: Picture) -> bool:
    """Whether moving A′ is worth it."""
    if found.after < _ALIKE or found.after - found.before < _BETTER:
        return False
    step = max(1.0, max(Size.of(A)) / _SIDE)
    return float(np.abs(_moves(found.matrix, A, Ap)).max()) >= _LEAST * step


def shift(found: Alignment, A: Picture, Ap: Picture) -> tuple[int, int]:
    """How far A′ is right of and below A in the middle, in pixels of A."""
    x, y = _moves(found.matrix, A, Ap).mean(axis=0)
    return round(float(x)), round(float(y))


def laid_upon(Ap: Picture, found: Alignment) -> Iterator[Step[Picture]]:
    """A′ as it lies on A, and as large; what is beyond its edge is mirrored."""
    size = found.size
    scale = float(np.sqrt(abs(np.linalg.det(found.matrix[:, :2]))))
    source = Ap
    if scale > 1.5:  # or fine lines would come and go
        source = cv2.GaussianBlur(Ap, (0, 0), 0.35 * scale)
        yield Step(0.1)
    laid = np.empty((size.height, size.width, *Ap.shape[2:]), Ap.dtype)
    low, high = Ap.min(), Ap.max()
    rows = max(1, _BAND // size.width)
    for top in range(0, size.height, rows):
        band = laid[top : top + rows]
        matrix = found.matrix.copy()
        matrix[:, 2] += top * matrix[:, 1]
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        border = cv2.BORDER_REFLECT_101
        warped = cv2.warpAffine(source, matrix, Size.of(band), flags=flags, borderMode=border)
        np.clip(warped, low, high, out=band)  # a cubic goes beyond
        yield Step(0.1 + 0.9 * top / size.height)
    yield Step(1.0, laid)


def agreement(A: _Plane, Ap: _Plane, matrix: _Matrix) -> float:
    """The correlation of A and A′ moved, where both are: 1 is the same, 0 unlike."""
    size, flags = Size.of(A), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(Ap, matrix, size, flags=flags)
    both = cv2.warpAffine(np.ones_like(Ap), matrix, size, flags=flags) > 0.99
    if np.count_nonzero(both) < both.size // 2:
        return 0.0
    one, other = A[both], moved[both]
    deviations = float(one.std()) * float(other.std())
    if deviations < 1e-12:
        return 0.0
    return float(((one - one.mean()) * (other - other.mean())).mean()) / deviations


def _climb(
    A: _Plane, Ap: _Plane, matrix: _Matrix, done: float
) -> Generator[Step[Alignment], None, _Matrix]:
    """Shift and turn first, then scale and shear as well."""
    corners = _corners(Size.of(A))
    for motion in (cv2.MOTION_EUCLIDEAN, cv2.MOTION_AFFINE):
        for _ in range(_ROUNDS):
            criteria = (cv2.TERM_CRITERIA_COUNT, _BITES, 0.0)
            given = matrix.astype(np.float32)
            try:
                _, warped = cv2.findTransformECC(A, Ap, given, motion, criteria, None, 1)
            except cv2.error:  # it left the picture, or the edges say nothing
                return matrix
            yield Step(done)
            moved = np.abs((warped - matrix) @ corners).max()
            matrix = np.asarray(warped, np.float64)
            if moved < _STILL:
                break
    return matrix


def _shifted(A: _Plane, Ap: _Plane) -> _Matrix:
    window = cv2.createHanningWindow(A.shape[::-1], cv2.CV_32F)
    (x, y), _ = cv2.phaseCorrelate(A, Ap, window)
    return np.array([[1, 0, x], [0, 1, y]], np.float64)


def _possible(matrix: _Matrix, size: Size) -> bool:
    """Whether that may have happened to a photograph of the same thing."""
    stretches = np.linalg.svd(matrix[:, :2], compute_uv=False)
    moved = (matrix - np.eye(2, 3)) @ _corners(size)
    return bool(
        np.abs(stretches - 1).max() <= _STRETCH
        and np.linalg.det(matrix[:, :2]) > 0
        and np.abs(moved).max() <= _FAR * max(size)
    )


def _moves(matrix: _Matrix, A: Picture, Ap: Picture) -> NDArray[np.float64]:
    """(4, 2): how far each corner is off, in pixels of A."""
    size, own = Size.of(A), Size.of(Ap)
    corners = _corners(size)
    scale = np.array([size.width / own.width, size.height / own.height])
    there = (matrix @ corners + 0.5).T * scale - 0.5
    return np.asarray(there - corners[:2].T)


def _enlarged(matrix: _Matrix, step: float, A: Picture, Ap: Picture) -> _Matrix:
    """The same for the pictures in their own sizes; a pixel's middle is at whole numbers."""
    size, own = Size.of(A), Size.of(Ap)
    down, up = _scaling(1 / step, 1 / step), _scaling(step, step)
    onto = _scaling(own.width / size.width, own.height / size.height)
    return np.asarray((onto @ up @ np.vstack([matrix, [0, 0, 1]]) @ down)[:2])


def _scaling(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])


def _corners(size: Size) -> NDArray[np.float64]:
    right, bottom = size.width - 1, size.height - 1
    return np.array([[0, right, 0, right], [0, 0, bottom, bottom], [1, 1, 1, 1]], np.float64)


def _small(picture: Picture, size: Size) -> _Plane:
    """Its lightness, as small as is compared, in the proportions of A."""
    step = max(1.0, max(size) / _SIDE)
    to = max(8, round(size.width / step)), max(8, round(size.height / step))
    thin = max(1, int(min(Size.of(picture)) / (3 * min(to))))
    light = cv2.cvtColor(to_working(picture[::thin, ::thin]), cv2.COLOR_RGB2GRAY)
    small: _Plane = cv2.resize(light, to, interpolation=cv2.INTER_AREA)
    return small


def _edges(light: _Plane, blur: float) -> _Plane:
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    edges: _Plane = cv2.GaussianBlur(np.sqrt(np.hypot(across, down)), (0, 0), blur)
    return edges
