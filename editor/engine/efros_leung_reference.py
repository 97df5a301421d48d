"""Texture by growing pixel after pixel, as the paper says it: short, slow, and what is right.

A. Efros, T. Leung: Texture Synthesis by Non-parametric Sampling, ICCV 1999. The functions below
carry the names of the pseudocode its authors published, and ``efros_leung`` does the same work
some thousand times faster: for the same seed both give the same pixels.

*Identical* must mean something, so everything that decides is a whole number. Pictures are compared
in 8 bits. The Gaussian is rounded to whole weights, 127 at most, of which a window sums up to no
more than 11 008: a distance d = Σ w (T − S)², over three channels at most 11 008 · 3 · 255², stays
below 2³¹ and is exact in 32 bits, whatever the order of the sum. Distances of one pixel are
compared with each other undivided; the error of a match, d over what it could be at most, is one
division of whole numbers, rounded the same way everywhere. Random numbers are counted, not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Mask
from editor.engine.kernels.random import bits

EPSILON = 0.1  # the paper's ErrThreshold: matches this much worse than the best are as good
MAX_ERROR = 0.3  # the paper's MaxErrThreshold: what matches worse is left for later …
RELAXED = 1.1  # … and when all is left for later, this many times more is allowed
PEAK = 127  # the largest weight
TOTAL = 11_008  # the largest sum of weights: TOTAL · 3 · 255² < 2³¹
ORDER, PICK, SEED = range(3)  # what a random number is for

Features = NDArray[np.uint8]  # (H, W, C): what is compared, C = 1 or 3
Place = tuple[int, int, int]  # which sample, y, x


class Grown(NamedTuple):
    image: Features
    source: NDArray[np.int32]  # (H, W, 3): the Place each pixel was copied from, −1 if it was not
    order: list[tuple[int, int]]  # (y, x) of the pixels as they were filled


def gaussian_weights(window: int) -> NDArray[np.int64]:
    """GaussMask: a Gaussian of σ = window / 6.4 in whole numbers, window × window."""
    t = np.arange(window) - window // 2
    g = np.exp(-(t[:, None] ** 2 + t**2) / (2 * (window / 6.4) ** 2))
    for peak in range(PEAK, 0, -1):
        weights: NDArray[np.int64] = np.rint(peak * g).astype(np.int64)
        if weights.sum() <= TOTAL:
            return weights
    raise ValueError(f"the window is {window} pixels wide: no whole weights are fine enough")


def full_windows(allowed: Mask, window: int) -> Mask:
    """The pixels whose whole window lies inside the picture and is allowed: the candidates."""
    r = window // 2
    full = np.zeros_like(allowed)
    height, width = allowed.shape
    if height >= window and width >= window:
        views = np.lib.stride_tricks.sliding_window_view(allowed, (window, window))
        full[r : height - r, r : width - r] = views.all(axis=(2, 3))
    return full


def random_bits(seed: int, restarts: int, use: int, counter: int) -> int:
    stream = bits(np.uint64(seed), np.uint64(3 * restarts + use))
    return int(bits(np.uint64(stream), np.uint64(counter)))


def random_index(number: int, count: int) -> int:
    """One of 0 .. count − 1."""
    return ((number >> 32) * count) >> 32


def seed_place(centres: Sequence[Mask], seed: int) -> Place:
    """Where in the samples the 3 × 3 pixels lie from which a new texture grows."""
    places = [(s, int(y), int(x)) for s, mask in enumerate(centres) for y, x in np.argwhere(mask)]
    return places[random_index(random_bits(seed, 0, SEED, 0), len(places))]


def synthesise_image(
    samples: Sequence[Features],
    centres: Sequence[Mask],
    height: int,
    width: int,
    window: int,
    *,
    seed: int = 0,
    epsilon: float = EPSILON,
    max_error: float = MAX_ERROR,
) -> Grown:
    """A new picture from 3 × 3 pixels of a sample, put into its middle."""
    image = np.zeros((height, width, samples[0].shape[2]), np.uint8)
    source = np.full((height, width, 3), -1, np.int32)
    s, y, x = seed_place(centres, seed)
    top, left = height // 2 - 1, width // 2 - 1
    for dy, dx in np.ndindex(3, 3):
        place = (s, y - 1 + dy, x - 1 + dx)
        image[top + dy, left + dx] = samples[s][place[1:]]
        source[top + dy, left + dx] = place
    known = source[..., 0] >= 0
    return grow_image(
        samples,
        centres,
        Grown(image, source, []),
        known,
        ~known,
        window,
        seed=seed,
        epsilon=epsilon,
        max_error=max_error,
    )


def grow_image(
    samples: Sequence[Features],
    centres: Sequence[Mask],
    start: Grown,
    known: Mask,
    wanted: Mask,
    window: int,
    *,
    seed: int = 0,
    epsilon: float = EPSILON,
    max_error: float = MAX_ERROR,
) -> Grown:
    """GrowImage: fill what is wanted, from the pixels that are known (and may be any picture)."""
    image, source, order = start.image.copy(), start.source.copy(), list(start.order)
    filled, area = known.copy(), known.size
    weights = gaussian_weights(window)
    round_ = 0
    while not filled[wanted].all():
        progress = False
        for y, x in unfilled_neighbours(filled, wanted, seed, round_ * area):
            template, valid = neighbourhood_window(image, filled, y, x, window)
            d, places = find_matches(template, valid, weights, samples, centres, epsilon)
            number = random_bits(seed, 0, PICK, round_ * area + y * known.shape[1] + x)
            chosen = random_index(number, len(places))
            if error_of(d[chosen], valid * weights, image.shape[2]) < max_error:
                s, sy, sx = places[chosen]
                image[y, x], source[y, x] = samples[s][sy, sx], places[chosen]
                filled[y, x] = progress = True
                order.append((y, x))
        if not progress:
            max_error *= RELAXED
        round_ += 1
    return Grown(image, source, order)


def unfilled_neighbours(
    filled: Mask, wanted: Mask, seed: int, counter: int
) -> list[tuple[int, int]]:
    """GetUnfilledNeighbors: most known neighbours first, equals in random order."""
    padded = np.pad(filled, 1)
    views = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    count = views.sum(axis=(2, 3))
    listed = [(int(y), int(x)) for y, x in np.argwhere(wanted & ~filled & (count > 0))]
    return sorted(
        listed,
        key=lambda p: (
            -count[p],
            random_bits(seed, 0, ORDER, counter + p[0] * filled.shape[1] + p[1]),
        ),
    )


def neighbourhood_window(
    image: Features, filled: Mask, y: int, x: int, window: int
) -> tuple[Features, NDArray[np.int64]]:
    """GetNeighborhoodWindow and its ValidMask: 1 where the window is filled."""
    r = window // 2
    template = np.pad(image, ((r, r), (r, r), (0, 0)))[y : y + window, x : x + window]
    valid = np.pad(filled, r)[y : y + window, x : x + window]
    return template, valid.astype(np.int64)


def find_matches(
    template: Features,
    valid: NDArray[np.int64],
    weights: NDArray[np.int64],
    samples: Sequence[Features],
    centres: Sequence[Mask],
    epsilon: float,
) -> tuple[NDArray[np.int64], list[Place]]:
    """FindMatches: distance and Place of all that are within (1 + ε) of the best, in order."""
    r = len(template) // 2
    distances, places = [], []
    for s, (sample, mask) in enumerate(zip(samples, centres, strict=True)):
        height, width = mask.shape
        if not mask.any():
            continue
        ssd = np.zeros((height - 2 * r, width - 2 * r), np.int64)
        for i, j in np.argwhere(valid * weights):
            part = sample[i : i + ssd.shape[0], j : j + ssd.shape[1]].astype(np.int64)
            ssd += weights[i, j] * ((template[i, j] - part) ** 2).sum(axis=2)
        for y, x in np.argwhere(mask):
            distances.append(ssd[y - r, x - r])
            places.append((s, int(y), int(x)))
    d = np.array(distances)
    best = np.flatnonzero(d <= (1 + epsilon) * d.min())
    return d[best], [places[k] for k in best]


def error_of(d: Any, weights: NDArray[np.int64], channels: int) -> float:
    """A distance as a part of the largest there could be under these weights: 0..1."""
    return float(d) / float(int(weights.sum()) * channels * 255**2)
