"""The grain of a picture around a hole: how strong, how coarse, how coloured; and more of the same.

Grain is what is left when everything smooth and every straight edge is taken away. The mask
D = (1, −2, 1) ⊗ (1, −2, 1) does that (J. Immerkær: Fast noise variance estimation, CVIU 64, 1996);
here it is taken twice, with its taps one pixel and two pixels apart. White noise answers both
alike, coarser grain answers the wider one more: the ratio tells the size of the grain.

How strong the grain of a film or a sensor is depends on the brightness. Small windows beside the
hole are asked, those with an edge are sent away, and at each brightness the quiet ones are
believed, because texture can only add to what they say (C. Liu et al.: Noise estimation from a
single image, CVPR 2006). What rounding to the picture's depth alone would cause is taken off, so
that a clean sky stays clean.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Cover, Mask, Picture, full_scale, to_working
from editor.engine.kernels import grain as kernels
from editor.engine.random import normals
from editor.engine.threads import Crew

_SQUARE = 8  # side of a window
_REACH = 2  # the wider mask looks so far beyond it
_NEAR = 3  # windows at most so many squares away from the hole
_WINDOWS = 8192  # at most so many are asked
_AT_ONCE = 512
_LOOKED_UP = 1 << 18  # pixels of the hole at a time
_STEPS = 16  # of brightness
_CALM = 0.25  # which of the pixels of a window is believed, 0 the calmest
_CALM_SAYS = 0.3186  # of the deviation, if the pixels are normal
_EVEN = 3.0  # all pixels of a window may be so much louder than the calm ones say
_QUIET = 0.2  # which of the windows of one brightness is believed, 0 the quietest
_QUIET_SAYS = 0.73  # of the true variance; measured on noise of many sizes
_ROUNDING = 36 / 12  # in steps of the picture's depth
_DOUBT = 1.5  # so many times that may come from rounding
_SIZES = np.linspace(0, 1.2, 25)  # σ of the grain in pixels; coarser grain drowns in rounding
_MARGIN = 5  # a kernel of that σ fits into 2 × 5 + 1 taps
_TILE = 512

REACH = (_NEAR + 1) * _SQUARE + _REACH  # how far from the hole pixels are looked at

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grain:
    tile: Floats  # (512, 512, 3), deviation 1, goes on at its edges
    strength: Floats  # (16, 3): the deviation at each step of brightness

    def at(self, ys: NDArray[np.int32], xs: NDArray[np.int32], colours: Floats) -> Floats:
        """(n, 3) to add to these colours, as displayed, at these places."""
        grain = np.empty((len(ys), 3), np.float32)
        kernels.lay(0, len(ys), ys, xs, colours, self.tile, self.strength, grain)
        return grain


class _Heard(NamedTuple):
    """What the windows say, one row for each."""

    brightness: Floats
    fine: Floats  # (n, 3): variance of D
    wide: Floats  # (n, 3, 3): covariance of the wide D


def grain_around(
    image: Picture,
    cover: Mask | Cover,
    ys: NDArray[np.int32],
    xs: NDArray[np.int32],
    amount: float,
    seed: int,
    crew: Crew,
) -> Generator[None, None, Grain | None]:
    """So many times the grain beside a hole (a cover, and a list of it); None if it is clean."""
    squares = yield from _squares_near(cover.shape, ys, xs)
    parts = []
    for start in range(0, len(squares), _AT_ONCE):
        parts.append(_listen(image, cover, squares[start : start + _AT_ONCE]))
        yield
    if sum(len(part.brightness) for part in parts) == 0:
        return None
    brightness, fine, covariance = (np.concatenate(some) for some in zip(*parts, strict=True))
    wide, rounding = np.diagonal(covariance, axis1=1, axis2=2), _rounding(image)
    believed = np.maximum(_by_brightness(brightness, wide) - _DOUBT * rounding, 0)
    if not believed.any():
        return None
    grainy = (wide > _DOUBT * rounding).any(axis=1)
    loud = wide.mean(axis=1)
    quiet = grainy & (loud <= np.quantile(loud[grainy], 0.5))
    size, gain = _size(fine[quiet].mean() - rounding, wide[quiet].mean() - rounding)
    yield
    tile = _tile(size, _mixture(covariance[quiet].mean(axis=0)), seed, crew)
    return Grain(tile, (amount * np.sqrt(believed / (gain * _QUIET_SAYS))).astype(np.float32))


def _squares_near(
    shape: tuple[int, ...], ys: NDArray[np.int32], xs: NDArray[np.int32]
) -> Generator[None, None, NDArray[np.int64]]:
    """(n, 2): squares beside the hole whose masks stay inside the picture."""
    touched = np.zeros((-(-shape[0] // _SQUARE), -(-shape[1] // _SQUARE)), np.uint8)
    for start in range(0, len(ys), _LOOKED_UP):
        part = slice(start, start + _LOOKED_UP)
        touched[ys[part] // _SQUARE, xs[part] // _SQUARE] = 1
        yield
    near = cv2.dilate(touched, np.ones((2 * _NEAR + 1, 2 * _NEAR + 1), np.uint8))
    squares = np.argwhere(near > touched)
    end = (squares + 1) * _SQUARE + _REACH
    squares = squares[(squares > 0).all(axis=1) & (end <= shape[:2]).all(axis=1)]
    return squares[:: max(1, -(-len(squares) // _WINDOWS))]


def _listen(image: Picture, cover: Mask | Cover, squares: NDArray[np.int64]) -> _Heard:
    """What those of the squares say that are wholly known and through which no edge runs."""
    side = _SQUARE + 2 * _REACH
    inside = np.arange(side) - _REACH
    ys = (squares[:, :1] * _SQUARE + inside)[:, :, None]
    xs = (squares[:, 1:] * _SQUARE + inside)[:, None, :]
    pixels = image[ys, xs]
    known = ~cover[ys, xs].any(axis=(1, 2))
    if image.dtype == np.float32:
        known &= np.isfinite(pixels).reshape(len(squares), -1).all(axis=1)
    if image.ndim == 3 and image.shape[2] == 4:
        known &= (pixels[..., 3] > 0).all(axis=(1, 2))
    pixels = pixels[known]
    v = to_working(pixels.reshape(-1, *pixels.shape[2:])).reshape(-1, side, side, 3)
    fine, wide = _D(v[:, 1:-1, 1:-1], 1), _D(v, 2)
    variance = (fine**2).mean(axis=(1, 2))
    covariance = np.einsum("nyxc,nyxd->ncd", wide, wide) / _SQUARE**2
    calm = _calm(fine) if len(fine) else variance
    even = (variance <= _EVEN * calm + _DOUBT * _rounding(image)).all(axis=1)
    return _Heard(v.mean(axis=(1, 2, 3))[even], variance[even], covariance[even])


def _calm(D: Floats) -> Floats:
    """(n, 3): the variance, by the calmer pixels of each window alone."""
    size = np.abs(D).reshape(len(D), -1, 3)
    some = int(_CALM * size.shape[1])
    variance: Floats = np.square(np.partition(size, some, axis=1)[:, some] / _CALM_SAYS)
    return variance


def _rounding(image: Picture) -> float:
    """Variance of D that rounding to the picture's depth causes."""
    return _ROUNDING / full_scale(image.dtype) ** 2 if image.dtype.kind == "u" else 0.0


def _D(v: Floats, apart: int) -> Floats:
    """(1, −2, 1) along both axes, the taps so many pixels apart; valid places only."""
    v = v[:, : -2 * apart] - 2 * v[:, apart:-apart] + v[:, 2 * apart :]
    return v[:, :, : -2 * apart] - 2 * v[:, :, apart:-apart] + v[:, :, 2 * apart :]


def _by_brightness(brightness: Floats, variance: Floats) -> Floats:
    """(16, 3): what a quiet window says; steps that have few windows listen to those beside."""
    step = np.clip(brightness * _STEPS, 0, _STEPS - 1).astype(np.int64)
    said, weight = np.zeros((_STEPS, 3)), np.zeros(_STEPS)
    for k in np.unique(step):
        said[k] = np.quantile(variance[step == k], _QUIET, axis=0)
        weight[k] = min((step == k).sum(), 16)
    apart = np.abs(np.arange(_STEPS)[:, None] - np.arange(_STEPS))
    near = weight * np.exp2(-4.0 * apart)
    heard: Floats = (near @ said) / near.sum(axis=1, keepdims=True)
    return heard


def _size(fine: float, coarse: float) -> tuple[float, float]:
    """σ of the grain, and what the wide mask makes of grain of that size and variance 1."""
    gains = [[_gain(_kernel(size), apart) for size in _SIZES] for apart in (1, 2)]
    ratios = np.divide(gains[1], gains[0])
    size = float(np.interp(coarse / max(fine, 1e-12), ratios, _SIZES))
    return size, float(np.interp(size, _SIZES, gains[1]))


def _kernel(size: float) -> NDArray[np.float64]:
    """A Gaussian that leaves white noise its deviation."""
    taps = np.arange(-_MARGIN, _MARGIN + 1)
    shape = np.exp(-(taps**2) / (2 * size**2)) if size > 0 else taps == 0
    kernel: NDArray[np.float64] = shape / np.sqrt((shape**2).sum())
    return kernel


def _gain(kernel: NDArray[np.float64], apart: int) -> float:
    """Variance of D after noise of this kernel, which is the same along both axes."""
    mask = np.zeros(2 * apart + 1)
    mask[::apart] = 1, -2, 1
    return float((np.convolve(kernel, mask) ** 2).sum() ** 2)


def _mixture(covariance: Floats) -> Floats:
    """The symmetric root of the correlation of the three channels: grey grain stays grey."""
    deviation = np.sqrt(np.maximum(np.diagonal(covariance), 1e-12))
    weights, axes = np.linalg.eigh(covariance / np.outer(deviation, deviation))
    root: Floats = ((axes * np.sqrt(np.maximum(weights, 0))) @ axes.T).astype(np.float32)
    return root


def _tile(size: float, mixture: Floats, seed: int, crew: Crew) -> Floats:
    around = (_MARGIN, _MARGIN)
    wide = np.pad(normals(seed, (_TILE, _TILE, 3), crew), (around, around, (0, 0)), "wrap")
    kernel = _kernel(size).astype(np.float32)
    tile = cv2.sepFilter2D(wide, -1, kernel, kernel)[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    mixed: Floats = np.zeros_like(tile)
    for c in range(3):
        mixed += tile[..., c : c + 1] * mixture[:, c]
    return mixed
