"""Video texture: which frame may follow which, so that a short clip plays for ever.

A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000. The functions here are
its §3: dynamics (3.1), future cost (3.2), probabilities (eq. 2) and pruning (3.3).

The jump i → j shows frame j after frame i; it is seamless if j is like the frame that would have
come, i + 1. Its cost is C_ij = (D′_{i+1,j})ᵖ, and with all that follows D″_ij = C_ij + α m_j, where
m_j = min_k D″_jk. The paper's D″ has its rows at i + 1; ours at i, where the jump starts. To go on
costs nothing. A jump whose neighbourhood is not wholly in the clip cannot be judged and is not
made; a frame from which every way ends has m = ∞, so that no jump leads there: no dead ends.

m is a fixed point. Sweeping values backwards until nothing changes takes thousands of sweeps for
α near 1; instead the best next frame of each frame (the policy) is evaluated exactly, cycles in
closed form, and improved by a backward sweep, until no frame finds a better one (R. Howard: Dynamic
Programming and Markov Processes, 1960). That takes about ten sweeps, and two or three from the
policy of a slider's last position.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import frozen
from editor.engine.kernels import video_texture as kernels
from editor.engine.step import Step, last
from editor.engine.threads import Crew

Matrix = NDArray[np.float32]
Jump = tuple[int, int]

TAPS = {0: (1,), 2: (1, 1), 4: (1, 3, 3, 1)}  # binomial; without dynamics D itself
_LEAST = {0: 2, 2: 3, 4: 5}  # frames a clip must have for the filter to leave a jump
_PIECE = 1 << 23  # cells of a matrix before there is a pause
_NOTHING = 1e-30


@dataclass(frozen=True, slots=True)
class Settings:
    taps: int = 4  # of the dynamics' filter: 0, 2 or 4
    p: float = 2.0  # above 1: one bad jump is worse than several fair ones
    alpha: float = 0.99  # how much the future counts
    sigma: float = 0.05  # in means of the non-zero costs: the larger, the more random
    apart: int = 12  # frames a jump leaps at least: shorter ones stand still or tremble
    threshold: float = 0.01  # jumps less probable than this part of the best one are pruned
    target: tuple[int, int] | None = None  # the frames wanted, first and last
    pull: float = 0.1  # how much they are wanted
    forbidden: frozenset[Jump] = frozenset()
    forced: frozenset[Jump] = frozenset()  # kept, and as probable as the best of their frame

    def check(self, count: int) -> None:
        """Raise ValueError unless these settings make sense for a clip of so many frames."""
        if self.taps not in TAPS:
            raise ValueError(f"taps is {self.taps}: choose 0, 2 or 4")
        for name, low, high in (
            ("p", 0.1, 8), ("alpha", 0.1, 0.9999), ("sigma", 0, 1e6), ("threshold", 0, 1),
            ("apart", 1, 10_000), ("pull", 0, 1e6),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} is {getattr(self, name)}: it goes from {low} to {high:g}")
        if self.target is not None and not 0 <= self.target[0] <= self.target[1] < count:
            raise ValueError(
                f"the target is frames {self.target[0]} to {self.target[1]}: "
                f"the clip has frames 0 to {count - 1}"
            )
        for i, j in self.forbidden | self.forced:
            if not (0 <= i < count and 0 <= j < count):
                raise ValueError(f"the jump {i} → {j} leaves the clip of {count} frames")


@dataclass(frozen=True, slots=True)
class Arcs:
    """The jumps kept, going on included: those of frame i are first[i] .. first[i + 1]."""

    first: NDArray[np.int64]  # (N + 1,)
    targets: NDArray[np.int32]
    chances: NDArray[np.float64]  # they sum to 1 for each frame that is no dead end

    def of(self, i: int) -> list[tuple[int, float]]:
        """Where one may go from frame i, and how probably."""
        part = slice(self.first[i], self.first[i + 1])
        return list(zip(self.targets[part].tolist(), self.chances[part].tolist(), strict=True))

    def jumps(self) -> list[tuple[int, int, float]]:
        """Every arc that is not going on: from, to, chance."""
        sources = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        real = self.targets != sources + 1
        return list(
            zip(
                sources[real].tolist(), self.targets[real].tolist(), self.chances[real].tolist(),
                strict=True,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texture:
    settings: Settings
    C: Matrix  # (N, N) cost of the jump i → j, inf where it cannot be
    m: NDArray[np.float64]  # (N,) the least that the future costs after frame i; inf: a dead end
    ahead: NDArray[np.float64]  # (N,) α m, and the pull of the target
    policy: NDArray[np.int32]  # (N,) the best next frame, −1 after a dead end
    sigma: float  # as a cost
    residual: float  # of m, at most: 0 is the fixed point
    sweeps: int
    arcs: Arcs

    @property
    def count(self) -> int:
        return len(self.C)

    @property
    def D2(self) -> NDArray[np.float64]:
        """D″, row by row where the jump starts."""
        return self.C + self.ahead

    @property
    def P(self) -> NDArray[np.float64]:
        """exp(−D″/σ), each row summing to 1, before pruning; a dead end's row is 0."""
        return probabilities(self.D2, self.sigma)


# ── §3 as the paper says it, for tests and for reading ──


def preserve_dynamics(D: NDArray[Any], taps: int) -> NDArray[np.float64]:
    """D′_ij = Σ w_k D_{i+k, j+k}, k = −m .. m − 1 (3.1); inf where the clip ends too soon."""
    D = D.astype(np.float64)
    if taps == 0:
        return D
    m, w = taps // 2, np.array(TAPS[taps]) / sum(TAPS[taps])
    D1 = np.full_like(D, np.inf)
    for i in range(m, len(D) - m + 1):
        for j in range(m, len(D) - m + 1):
            D1[i, j] = sum(w[k + m] * D[i + k, j + k] for k in range(-m, m))
    return D1


def jump_costs_reference(
    D: NDArray[Any], taps: int, p: float, apart: int = 1
) -> NDArray[np.float64]:
    """C_ij = (D′_{i+1, j})ᵖ; to go on costs nothing, and nothing follows the last frame.

    Frames nearer to i + 1 than ``apart`` are not jumped to: where nothing in a clip comes back, the
    cheapest future would otherwise be to show one frame for ever.
    """
    C = np.full(D.shape, np.inf)
    C[:-1] = preserve_dynamics(D, taps)[1:] ** p
    i, j = np.indices(D.shape)
    C[np.abs(j - (i + 1)) < apart] = np.inf
    going_on = np.arange(len(D) - 1)
    C[going_on, going_on + 1] = 0
    return C


def future_cost(
    C: NDArray[Any], alpha: float, tolerance: float = 0.0, penalty: NDArray[Any] | float = 0.0
) -> NDArray[np.float64]:
    """D″_ij = C_ij + α min_k D″_jk, swept from the last row to the first until it stays (3.2)."""
    m = np.zeros(len(C))
    while True:
        before = m.copy()
        for i in range(len(C) - 1, -1, -1):
            m[i] = (C[i] + penalty + alpha * m).min()
        alive = np.isfinite(m)
        same = np.array_equal(alive, np.isfinite(before))
        if same and np.abs(m[alive] - before[alive]).max(initial=0) <= tolerance:
            D2: NDArray[np.float64] = C + penalty + alpha * m
            return D2


def probabilities(D2: NDArray[Any], sigma: float) -> NDArray[np.float64]:
    """P_ij ∝ exp(−D″_ij / σ), rows summing to 1 (eq. 2)."""
    best = D2.min(axis=1, keepdims=True)
    worse = np.subtract(D2, best, out=np.full_like(D2, np.inf), where=np.isfinite(D2))
    P = np.exp(-worse / max(sigma, _NOTHING))
    total = P.sum(axis=1, keepdims=True)
    normal: NDArray[np.float64] = P / np.where(total > 0, total, 1)
    return normal


def prune(P: NDArray[Any], D2: NDArray[Any], threshold: float) -> NDArray[np.float64]:
    """Keep the local maxima that reach the threshold, and renormalise (3.3).

    A row's best jump stays, and so does going on: between neighbours on the diagonal it would
    otherwise have to win against itself. What is local is judged by D″ less the row's best, which
    is −σ ln P without the row's norm.
    """
    count = len(P)
    best = D2.min(axis=1, keepdims=True)
    A = np.subtract(D2, best, out=np.full_like(D2, np.inf), where=np.isfinite(D2))
    padded = np.pad(A, 1, constant_values=np.inf)
    around = [padded[y : y + count, x : x + count] for y in range(3) for x in range(3)]
    kept = np.less_equal(A, np.min(around, axis=0))
    kept |= np.eye(count, k=1, dtype=bool)
    kept &= np.greater_equal(P, threshold * P.max(axis=1, keepdims=True))
    kept |= (P > 0) & (A == 0) & (np.cumsum(A == 0, axis=1) == 1)
    pruned = np.where(kept & (P > 0), P, 0.0)
    total = pruned.sum(axis=1, keepdims=True)
    return pruned / np.where(total > 0, total, 1)


# ── the same, fast ──


def texture(
    D: NDArray[Any],
    settings: Settings = Settings(),
    *,
    before: Texture | None = None,
    threads: int = 1,
) -> Iterator[Step[Texture]]:
    """The texture of a clip from its distances (N, N).

    ``before`` is the texture of the same clip with other settings: its policy is where the search
    for the fixed point starts. The result does not depend on it, but for its last digits.
    """
    count = len(D)
    settings.check(count)
    with Crew(threads) as crew:
        yield from _texture(D, settings, before, crew)


def warm_up() -> None:
    last(texture(np.ones((6, 6), np.float32), Settings(p=1.5)))


def _texture(
    D: NDArray[Any], settings: Settings, before: Texture | None, crew: Crew
) -> Generator[Step[Texture], None, None]:
    count = len(D)
    C = np.empty((count, count), np.float32)
    for done in _fill_costs(D, settings, C, crew):
        yield Step(0.3 * done)
    sums, counts = np.zeros(count), np.zeros(count, np.int64)
    piece = max(1, _PIECE // count)
    for _ in crew.passing(kernels.add_up, 0, count, C, sums, counts, piece=piece, weight=count):
        yield Step(0.3)
    mean = float(sums.sum()) / max(1, int(counts.sum()))
    penalty = _penalty(settings, count, mean)
    m = np.zeros(count)
    ahead = penalty.copy()
    policy = np.full(count, -1, np.int32)
    if before is not None and before.count == count and _possible(C, before.policy).all():
        policy[:] = before.policy  # one that leads into a dead end would never find out of it
    sweeps = 0
    for sweeps in _fixed_point(C, settings.alpha, penalty, m, ahead, policy):
        yield Step(0.3 + 0.6 * sweeps / (sweeps + 8))
    if not np.isfinite(m).any():
        raise ValueError("no jump is left: allow one of those that are forbidden")
    rest = np.zeros(count)
    for _ in crew.passing(
        kernels.residuals, 0, count, C, ahead, m, rest, piece=piece, weight=count
    ):
        yield Step(0.9)
    sigma = max(settings.sigma * mean, _NOTHING)
    arcs = yield from _kept(C, ahead, m, policy, sigma, settings, crew)
    found = frozen(C), frozen(m), frozen(ahead), frozen(policy)
    yield Step(1.0, Texture(settings, *found, sigma, float(rest.max()), sweeps, arcs))


def _fill_costs(
    D: NDArray[Any], settings: Settings, C: Matrix, crew: Crew
) -> Generator[float, None, None]:
    """C in bands of rows, with what the person forbids and forces."""
    count = len(D)
    if count == 1:
        C[:] = 0  # a still picture follows itself
        return
    taps = max(t for t in TAPS if t <= settings.taps and (t == 0 or count >= _LEAST[t]))
    weights = np.array(TAPS[taps], np.float32) / sum(TAPS[taps])
    m, apart = taps // 2, least_leap(settings, count)
    band = max(1, _PIECE // count)
    for low in range(0, count, band):
        high = min(low + band, count)
        first = max(low + 1 - m, 0)
        rows = np.ascontiguousarray(D[first : high + max(m, 1)], np.float32)
        crew(kernels.jump_costs, low, high, rows, first, weights, apart, C, weight=count)
        _raise(C[low:high], settings.p)
        yield high / count
    for i, j in settings.forced:
        if not np.isfinite(C[i, j]):  # at the ends of the clip: by its frames alone
            C[i, j] = float(D[i, j]) ** settings.p
    for i, j in settings.forbidden:
        C[i, j] = np.inf


def least_leap(settings: Settings, count: int) -> int:
    """How far a jump leaps at least in a clip of so many frames: a quarter of a short one."""
    return min(settings.apart, max(1, count // 4))


def _raise(C: Matrix, p: float) -> None:
    if p == 2:
        np.square(C, out=C)
    elif p != 1:
        np.power(C, np.float32(p), out=C)


def _penalty(settings: Settings, count: int, mean: float) -> NDArray[np.float64]:
    """What showing a frame costs besides: in proportion to how far it is from the target (§6.4)."""
    if settings.target is None:
        return np.zeros(count)
    frames = np.arange(count)
    low, high = settings.target
    away = np.maximum(np.maximum(low - frames, frames - high), 0)
    return settings.pull * (mean or 1.0) * away / count


def _possible(C: Matrix, policy: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Where the best next frame may still be shown next; after a dead end there was none."""
    costs = C[np.arange(len(C)), np.maximum(policy, 0)]
    return np.isfinite(costs) | (policy < 0)


def _fixed_point(
    C: Matrix,
    alpha: float,
    penalty: NDArray[np.float64],
    m: NDArray[np.float64],
    ahead: NDArray[np.float64],
    policy: NDArray[np.int32],
) -> Generator[int, None, None]:
    """Make m, ahead and policy optimal, yielding the number of sweeps now and then."""
    count = len(C)
    if (policy >= 0).any():
        kernels.evaluate(C, alpha, penalty, policy, m, ahead)
    piece = max(1, _PIECE // count)
    sweeps, changed = 0, 1
    while changed:
        changed = 0
        for high in range(count, 0, -piece):
            changed += kernels.improve(
                max(high - piece, 0), high, C, alpha, penalty, m, ahead, policy
            )
            yield sweeps
        sweeps += 1
        kernels.evaluate(C, alpha, penalty, policy, m, ahead)
    yield sweeps


def _kept(
    C: Matrix,
    ahead: NDArray[np.float64],
    m: NDArray[np.float64],
    policy: NDArray[np.int32],
    sigma: float,
    settings: Settings,
    crew: Crew,
) -> Generator[Step[Texture], None, Arcs]:
    """Prune (3.3): P ≥ threshold · (the best P of the row) is D″ − m ≤ −σ ln threshold."""
    count = len(C)
    bound = -sigma * np.log(max(settings.threshold, _NOTHING))
    counts = np.zeros(count, np.int64)
    band = max(1, _PIECE // count)
    targets, excess = [], []
    for low in range(0, count, band):
        high = min(low + band, count)
        listed = np.empty((high - low, count), np.int32)
        given = C, ahead, m, policy
        crew(kernels.list_kept, low, high, *given, bound, low, listed, counts, weight=count)
        total = int(counts[low:high].sum())
        targets.append(np.empty(total, np.int32))
        excess.append(np.empty(total))
        kernels.close_up(*given, low, listed, counts, targets[-1], excess[-1])
        yield Step(0.9 + 0.1 * high / count)
    sources = np.repeat(np.arange(count), counts)
    return _arcs(sources, np.concatenate(targets), np.concatenate(excess), m, sigma, settings)


def _arcs(
    sources: NDArray[np.int64],
    targets: NDArray[np.int32],
    excess: NDArray[np.float64],
    m: NDArray[np.float64],
    sigma: float,
    settings: Settings,
) -> Arcs:
    """The jumps kept, in order of their sources, with those that are forced, and their chances."""
    for i, j in sorted(settings.forced - settings.forbidden):
        if not np.isfinite(m[[i, j]]).all():
            raise ValueError(f"the jump {i} → {j} leads to where nothing goes on: force another")
        at = int(np.searchsorted(sources, i, side="right"))
        same = (sources == i) & (targets == j)
        sources, targets, excess = (
            np.insert(array[~same], at - int(same.sum()), value)
            for array, value in ((sources, i), (targets, j), (excess, 0.0))
        )
    first = np.searchsorted(sources, np.arange(len(m) + 1))
    chances = np.exp(-excess / sigma)
    totals = np.bincount(sources, chances, len(m))
    chances /= totals[sources]
    return Arcs(frozen(first), frozen(targets), frozen(chances))
