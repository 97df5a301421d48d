"""Networks fitted side by side, every output kept: a deep image prior to be looked at.

    D. Ulyanov, A. Vedaldi, V. Lempitsky, Deep Image Prior, CVPR 2018, §2 and Fig. 2.

``signals`` are the four pictures of that figure: the network fits a natural one long before noise,
which is why stopping early restores. ``networks`` are four shapes on the same noisy picture. All of
it is small, so that some hundred iterations are a matter of seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from editor.engine.aside import Aside
from editor.engine.image import to_working
from editor.engine.networks import Architecture
from editor.engine.prior_fit import Course, Fit
from editor.engine.prior_tasks import Floats, Problem
from editor.engine.step import Step, silent

NOISE = 25 / 255  # deviation of what is added to the picture

_WIDE = (32,) * 4
SKIP = Architecture("small-skip", "Skip", "ladder", _WIDE, _WIDE, (4,) * 4)
SHAPES = (
    SKIP,
    Architecture("small-hourglass", "Hourglass", "ladder", _WIDE, _WIDE, (0,) * 4),
    Architecture("small-unet", "U-Net", "unet", (16, 32, 64), rate=0.003),
    Architecture("small-resnet", "ResNet", "resnet", (24,) * 4, rate=0.003),
)


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """What one network is fitted to; the truth is known where noise was added to it."""

    name: str
    target: Floats  # (H, W, 3), 0..1
    architecture: Architecture = SKIP
    truth: Floats | None = None


@dataclass(slots=True, eq=False)
class Fitted:
    """One lane as far as it is; it grows, and what is there stays as it is."""

    lane: Lane
    outputs: NDArray[np.uint8]  # (n, H, W, 3): what came out of each iteration
    losses: NDArray[np.float64]  # (n,): mean square to the target …
    errors: NDArray[np.float64]  # … and to the truth; NaN where that is not known

    @property
    def best(self) -> int:
        """The iteration that came nearest to the truth; −1 where that is not known."""
        known = np.isfinite(self.errors)
        return int(np.nanargmin(self.errors)) if known.any() else -1


@dataclass(slots=True, eq=False)
class Fits:
    """All lanes; ``count`` iterations are there of each."""

    lanes: tuple[Fitted, ...]
    count: int
    total: int


def signals(picture: NDArray[np.uint8], seed: int) -> tuple[Lane, ...]:
    """Fig. 2: the picture, with noise, its pixels shuffled, and nothing but noise."""
    x = to_working(picture)
    random = np.random.default_rng(seed)
    shuffled = random.permutation(x.reshape(-1, 3)).reshape(x.shape)
    white = random.random(x.shape, np.float32)
    return (
        Lane("picture", x, truth=x),
        Lane("noisy", _with_noise(x, random), truth=x),
        Lane("shuffled", shuffled),
        Lane("noise", white),
    )


def networks(picture: NDArray[np.uint8], seed: int) -> tuple[Lane, ...]:
    """The same noisy picture for each of the ``SHAPES``."""
    x = to_working(picture)
    noisy = _with_noise(x, np.random.default_rng(seed))
    return tuple(Lane(one.caption, noisy, one, x) for one in SHAPES)


def fitted(lanes: Sequence[Lane], iterations: int, seed: int = 0) -> Iterator[Step[Fits]]:
    """Fit all of them, an iteration of each in turn. The value is one that grows."""
    course = Course(iterations, noise=0.0, keep=0.0, stops=False, seed=seed)
    fits: list[Fit] = []
    values = [_empty(lane, iterations) for lane in lanes]

    def leave() -> None:
        for fit in fits:
            fit.leave()

    with Aside(leave) as aside:
        yield from silent(0.0, aside(lambda: torch.set_num_threads(1)))
        for lane in lanes:
            pixels = Problem(lane.target, np.ones(lane.target.shape[:2], np.float32))
            make = partial(Fit, pixels, lane.architecture, course, torch.device("cpu"))
            fits.append((yield from silent(0.0, aside(make))))
        for number in range(iterations):
            for fit, value in zip(fits, values, strict=True):
                yield from silent(number / iterations, aside(fit.iterate))
                _keep(value, number, fit)
            yield Step((number + 1) / iterations, Fits(tuple(values), number + 1, iterations))


def _with_noise(x: Floats, random: np.random.Generator) -> Floats:
    noise = random.standard_normal(x.shape, np.float32) * np.float32(NOISE)
    noisy: Floats = np.clip(x + noise, 0, 1)
    return noisy


def _empty(lane: Lane, iterations: int) -> Fitted:
    outputs = np.zeros((iterations, *lane.target.shape), np.uint8)
    return Fitted(lane, outputs, np.full(iterations, np.nan), np.full(iterations, np.nan))


def _keep(value: Fitted, number: int, fit: Fit) -> None:
    """What came out of this iteration: the loss is that of the weights before its step."""
    output = fit.picture()
    value.outputs[number] = np.rint(output * 255)
    value.losses[number] = fit.losses[-1]
    if value.lane.truth is not None:
        value.errors[number] = np.square(output - value.lane.truth).mean()
