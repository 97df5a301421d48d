"""What an analogy compares: the pictures as pyramids of bytes, and how much each byte counts.

The letters are those of A. Hertzmann, C. Jacobs, N. Oliver, B. Curless, D. Salesin: Image
Analogies, SIGGRAPH 2001. A is to A′ as B is to B′. A and B are *guides*, A′ is the *style*; there
may be several pairs, and several guides to each, with weights.

Everything that decides is a whole number, so that two ways to the same answer can be equal to the
last bit. A feature is a list of bytes: each pixel of a neighbourhood, multiplied with the root of
its weight and rounded. The distance of two features is the sum of their squared differences.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import (
    Picture,
    Size,
    check_picture,
    from_working,
    full_scale,
    to_working,
)

FINE, COARSE = 5, 3  # sides of the neighbourhoods (§3.1)
CAUSAL = [(dy, dx) for dy in range(-2, 1) for dx in range(-2, 3) if (dy, dx) < (0, 0)]
SMALLEST = 8  # pixels: no side of a coarser level is shorter

Bytes = NDArray[np.uint8]
Planes = NDArray[np.float32]  # (H, W, C), 0..255
Guides = Picture | Sequence[Picture]
Pair = tuple[Guides, Picture]  # A and A′

_YIQ = np.array(
    [[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], np.float32
)
_RGB = np.linalg.inv(_YIQ.astype(np.float64)).astype(np.float32)
_TURNS = 4  # directions of the steerable filters
_GAIN = 4.0  # a strong line answers a steerable filter with some 30 of 255


@dataclass(frozen=True, slots=True)
class Settings:
    """How an analogy is made; one value for the exact and the fast method."""

    method: str = "exact"  # "exact" as in the paper, or "fast"
    luminance: bool = True  # compare luminance, or else colour
    takes: str = "light"  # of A′: its "light" or its "colours", the other stays B's; or "pixels"
    guidance: float = 1.0  # how much A and B count beside A′ and B′
    kappa: float = 5.0  # how much worse than the best a coherent match may be
    levels: int = 5  # of the pyramid, at most
    remap: bool = True  # bring A and A′ to B's mean and deviation, where luminance is compared
    filters: bool = False  # compare the answers of steerable filters too
    weights: tuple[float, ...] = ()  # of the guides; empty: all the same
    uniformity: float = 1.0  # fast: how much it matters that all of A′ is used equally often

    def __post_init__(self) -> None:
        if self.method not in ("exact", "fast"):
            raise ValueError(f'there is no method "{self.method}": choose exact or fast')
        if self.takes not in ("light", "colours", "pixels"):
            raise ValueError(f'"{self.takes}" cannot be taken: choose light, colours or pixels')
        for name in ("kappa", "guidance", "uniformity"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} is {value}: it must be a number from 0 up")
        if self.levels < 1:
            raise ValueError(f"levels is {self.levels}: at least 1 is needed")
        if any(not (math.isfinite(weight) and weight >= 0) for weight in self.weights):
            raise ValueError(f"the weights of the guides are {self.weights}: none may be below 0")
        if self.weights and not any(self.weights):
            raise ValueError("the weights of the guides are all 0: at least one must count")


class Level(NamedTuple):
    """All pictures at one size, as bytes (H, W, channels)."""

    A: list[Bytes]
    Ap: list[Bytes]
    B: Bytes


class Problem(NamedTuple):
    """An analogy made ready: what is compared, and what a result is put together from."""

    levels: list[Level]  # coarse to fine
    guide_weights: tuple[float, ...]  # of the channels of A and B; the sum is the guidance
    style_weights: tuple[float, ...]  # of the channels of A′ and B′; the sum is 1
    styles: list[Picture]  # what is taken of A′: all of it in one depth, or Y, or I and Q
    kept: Planes | None  # of B: I and Q, or Y; nothing where whole pixels are taken
    like: Picture  # B: for the depth and alpha where something of it is kept

    def picture(self, source: NDArray[np.int32]) -> Picture:
        """B′ for a source map (H, W, 3) of pair, y and x in A′."""
        pair, y, x = (source[..., axis] for axis in range(3))
        if len(self.styles) == 1:
            made = self.styles[0][y, x]
        else:
            made = np.empty((*pair.shape, *self.styles[0].shape[2:]), self.styles[0].dtype)
            for number, style in enumerate(self.styles):
                mine = pair == number
                made[mine] = style[y[mine], x[mine]]
        if self.kept is None:
            return made
        parts = (made, self.kept) if made.shape[2] == 1 else (self.kept, made)
        yiq = np.concatenate(parts, axis=2)
        return from_working(yiq @ (_RGB.T / np.float32(255)), self.like)


class Taps(NamedTuple):
    """The bytes of a feature one after the other: where each is read, and how it is scaled."""

    style: NDArray[np.int64]  # 0: in A or B, 1: in A′ or B′
    coarse: NDArray[np.int64]  # 0: this level, 1: the coarser one
    channel: NDArray[np.int64]
    dy: NDArray[np.int64]
    dx: NDArray[np.int64]
    scaled: Bytes  # (bytes, 256): what each value becomes
    known: int  # so many come first that do not wait for B′ on this level


def prepared(pairs: Sequence[Pair], B: Guides, settings: Settings) -> Problem:
    """Check the pictures and bring them to pyramids of bytes."""
    steps = preparing(pairs, B, settings)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            problem: Problem = end.value
            return problem


def preparing(
    pairs: Sequence[Pair], B: Guides, settings: Settings
) -> Generator[None, None, Problem]:
    """The same, with a pause after each picture."""
    targets, guides = _several(B), [_several(A) for A, _ in pairs]
    check(guides, [Ap for _, Ap in pairs], targets, settings)
    compared = _luminance if settings.luminance else _colour
    target_planes, *guide_planes = [[compared(one) for one in each] for each in (targets, *guides)]
    yield
    style_planes = [compared(Ap) for _, Ap in pairs]
    taken = [_taken(Ap, settings) for _, Ap in pairs]
    yield
    if settings.luminance and settings.remap:
        for number, each in enumerate(guide_planes):
            maps = [_remapping(A, b) for A, b in zip(each, target_planes, strict=True)]
            guide_planes[number] = [
                gain * A + shift for A, (gain, shift) in zip(each, maps, strict=True)
            ]
            gain, shift = maps[0]
            style_planes[number] = gain * style_planes[number] + shift
            if settings.takes == "light":
                taken[number] = gain * taken[number] + shift
    every = [target_planes, *guide_planes]
    count = _levels([each[0] for each in every], settings.levels)
    pyramids = []
    for pictures, filters in (
        *((each, settings.filters) for each in every),
        *(([Ap], False) for Ap in style_planes),
    ):
        pyramids.append(_pyramid(pictures, count, filters))
        yield
    b, As, Aps = pyramids[0], pyramids[1 : len(every)], pyramids[len(every) :]
    channels = style_planes[0].shape[2]
    weights = settings.weights or (1.0,) * len(targets)
    guide_weights = [weight / channels for weight in weights for _ in range(channels)]
    if settings.filters:
        guide_weights += [weight / _TURNS for weight in weights for _ in range(_TURNS)]
    return Problem(
        levels=[
            Level([A[n] for A in As], [Ap[n] for Ap in Aps], b[n]) for n in reversed(range(count))
        ],
        guide_weights=tuple(
            settings.guidance * weight / sum(guide_weights) for weight in guide_weights
        ),
        style_weights=(1 / channels,) * channels,
        styles=_alike(taken),
        kept=_kept(targets[0], settings),
        like=targets[0],
    )


def check(
    guides: list[list[Picture]], styles: list[Picture], targets: list[Picture], settings: Settings
) -> None:
    """Raise ValueError unless these pictures make an analogy."""
    if not guides:
        raise ValueError("there is no pair of A and A′: at least one is needed")
    every = {"B": targets, "A": [one for each in guides for one in each], "A′": styles}
    for name, picture in ((name, one) for name, several in every.items() for one in several):
        check_picture(picture)
        if min(picture.shape[:2]) < FINE:
            raise ValueError(
                f"{name} is {Size.of(picture)}: smaller than the window of {FINE} × {FINE}"
            )
    for each, Ap in zip(guides, styles, strict=True):
        if len(each) != len(targets):
            raise ValueError(
                f"A has {len(each)} guides and B has {len(targets)}: both need the same ones"
            )
        for A in each:
            if A.shape[:2] != Ap.shape[:2]:
                raise ValueError(
                    f"A is {Size.of(A)} and A′ is {Size.of(Ap)}: they must be equal, "
                    "pixel lies on pixel"
                )
    for b in targets[1:]:
        if b.shape[:2] != targets[0].shape[:2]:
            raise ValueError(
                f"the guides of B are {Size.of(targets[0])} and {Size.of(b)}: they must be equal"
            )
    if settings.weights and len(settings.weights) != len(targets):
        raise ValueError(
            f"there are {len(settings.weights)} weights for {len(targets)} guides: "
            "each guide has one"
        )


def taps(problem: Problem, coarsest: bool) -> Taps:
    """The feature F(p) of §3.1: what is known from the start first, then the causal part of B′.

    Each neighbourhood weighs 1 in all, its pixels by a Gaussian; the largest weight becomes 1, so
    that a byte stays a byte.
    """
    listed = []
    r, s = FINE // 2, COARSE // 2
    fine, coarse = gaussian(FINE), gaussian(COARSE)
    for c, weight in enumerate(problem.guide_weights):
        listed += [
            (0, 0, c, dy, dx, weight * fine[dy + r, dx + r])
            for dy in range(-r, r + 1)
            for dx in range(-r, r + 1)
        ]
    for style, weights in enumerate((problem.guide_weights, problem.style_weights)):
        for c, weight in enumerate(weights if not coarsest else ()):
            listed += [
                (style, 1, c, dy, dx, weight * coarse[dy + s, dx + s])
                for dy in range(-s, s + 1)
                for dx in range(-s, s + 1)
            ]
    known = len(listed)
    for c, weight in enumerate(problem.style_weights):
        listed += [(1, 0, c, dy, dx, weight * fine[dy + r, dx + r]) for dy, dx in CAUSAL]
    columns = np.array([tap[:5] for tap in listed], np.int64)
    w = np.array([tap[5] for tap in listed])
    scaled = np.rint(np.sqrt(w / w.max())[:, None] * np.arange(256)).astype(np.uint8)
    style_, coarse_, channel, down, across = (np.ascontiguousarray(one) for one in columns.T)
    return Taps(style_, coarse_, channel, down, across, scaled, known)


def gaussian(side: int) -> NDArray[np.float64]:
    """Weights of a neighbourhood; the sum is 1."""
    t = np.arange(side) - side // 2
    g = np.exp(-(t[:, None] ** 2 + t**2) / (2 * (side / 5) ** 2))
    return np.asarray(g / g.sum())


def tolerance(kappa: float, level: int, count: int) -> float:
    """1 + 2^(ℓ−L) κ of §3.2; level counts from 0, the coarsest."""
    return 1 + 2.0 ** (level + 1 - count) * kappa


def first_place(seed: int, count: int) -> int:
    """Of equally good places the first one counts; the seed says where counting begins."""
    return seed * 2654435761 % count


def _several(guides: Guides) -> list[Picture]:
    return [guides] if isinstance(guides, np.ndarray) else list(guides)


def _luminance(picture: Picture) -> Planes:
    """Y of YIQ."""
    return np.asarray(to_working(picture) @ (np.float32(255) * _YIQ[:1].T))


def _chroma(picture: Picture) -> Planes:
    """I and Q of YIQ."""
    return np.asarray(to_working(picture) @ (np.float32(255) * _YIQ[1:].T))


def _taken(Ap: Picture, settings: Settings) -> Picture:
    """What of A′ is copied."""
    if settings.takes == "pixels":
        return Ap
    return _luminance(Ap) if settings.takes == "light" else _chroma(Ap)


def _kept(B: Picture, settings: Settings) -> Planes | None:
    """What of B stays as it is."""
    if settings.takes == "pixels":
        return None
    return _chroma(B) if settings.takes == "light" else _luminance(B)


def _colour(picture: Picture) -> Planes | Bytes:
    """RGB; a picture that is in bytes stays so."""
    if picture.dtype == np.uint8 and picture.ndim == 3:
        return np.ascontiguousarray(picture[..., :3])
    return to_working(picture) * np.float32(255)


def _alike(styles: list[Picture]) -> list[Picture]:
    """All in the depth and with the channels of the first one."""
    like, *others = styles
    made = [like]
    for Ap in others:
        if Ap.dtype == like.dtype and Ap.shape[2:] == like.shape[2:]:
            made.append(Ap)
        else:
            opaque = np.full((*Ap.shape[:2], *like.shape[2:]), full_scale(like.dtype), like.dtype)
            made.append(from_working(to_working(Ap), opaque))
    return made


def _remapping(A: Planes | Bytes, B: Planes | Bytes) -> tuple[np.float32, np.float32]:
    """§3.4: σ_B / σ_A (Y − μ_A) + μ_B, as gain and shift."""
    deviations = float(A.std(dtype=np.float64)), float(B.std(dtype=np.float64))
    gain = deviations[1] / deviations[0] if min(deviations) > 1e-3 else 1.0
    shift = float(B.mean(dtype=np.float64)) - gain * float(A.mean(dtype=np.float64))
    return np.float32(gain), np.float32(shift)


def _levels(pictures: list[Planes | Bytes], most: int) -> int:
    side, count = min(min(one.shape[:2]) for one in pictures), 1
    while count < most and -(-side // 2) >= SMALLEST:
        side, count = -(-side // 2), count + 1
    return count


def _pyramid(pictures: Sequence[Planes | Bytes], count: int, filters: bool) -> list[Bytes]:
    """Fine to coarse; the answers of the filters last, if they are asked for."""
    levels = []
    for number in range(count):
        if number:
            pictures = [halved(picture) for picture in pictures]
        parts = list(pictures)
        if filters:
            parts += [steered(one.mean(axis=2, dtype=np.float32)) for one in pictures]
        levels.append(np.concatenate([_bytes(part) for part in parts], axis=2))
    return levels


def halved(picture: Planes | Bytes) -> Planes | Bytes:
    """The next size of a pyramid."""
    height, width, channels = picture.shape
    return np.asarray(cv2.pyrDown(picture)).reshape(-(-height // 2), -(-width // 2), channels)


def _bytes(planes: Planes | Bytes) -> Bytes:
    if planes.dtype == np.uint8:
        return planes.astype(np.uint8, copy=False)
    return np.asarray(np.rint(np.clip(planes, 0, 255)), np.uint8)


def steered(plane: NDArray[np.float32]) -> Planes:
    """Second derivatives of a Gaussian in four directions; 128 means no answer.

    W. Freeman, E. Adelson: The Design and Use of Steerable Filters, PAMI 13(9), 1991.
    """
    t = np.arange(-3, 4, dtype=np.float32)
    g = np.exp(-(t**2) / 2) / np.float32(math.sqrt(2 * math.pi))
    first, second = -t * g, (t**2 - 1) * g
    xx, yy, xy = (
        cv2.sepFilter2D(plane, cv2.CV_32F, across, down)
        for across, down in ((second, g), (g, second), (first, first))
    )
    answers = []
    for turn in range(_TURNS):
        c, s = math.cos(turn * math.pi / _TURNS), math.sin(turn * math.pi / _TURNS)
        answers.append(np.float32(c * c) * xx + np.float32(s * s) * yy + np.float32(2 * c * s) * xy)
    return np.float32(_GAIN) * np.dstack(answers) + np.float32(128)
