"""What a deep image prior is fitted to: a degraded picture, and how it came from the good one.

The good picture x is what the network makes; the loss compares what the degradation would leave of
it with what there is (Ulyanov et al., §3): nothing lost in denoising and for JPEG artefacts, fewer
pixels in super-resolution, only the known pixels in inpainting.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, pad

from editor.engine.image import Cover, Mask, Picture, Rect, check_fits, check_hole, to_working
from editor.engine.image import check_picture as _check_picture

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    caption: str
    iterations: int  # at full size
    noise: float  # deviation of what is added to the input at each iteration
    stops: bool = True  # fitting on makes it worse: the artefacts come back
    net: str = "fast"


TASKS = {
    one.name: one
    for one in (
        Task("denoise", "Denoise", 1500, 0.01),
        Task("jpeg", "Remove JPEG artefacts", 800, 0.015),
        Task("superres", "Enlarge", 1000, 0.01, stops=False),
        Task("inpaint", "Fill holes", 400, 0.03, stops=False, net="fast-deep"),
        Task("flash", "Too little light", 500, 0.0),
    )
}
SCALES = (2, 4, 8)


@dataclass(frozen=True, slots=True)
class Problem:
    """The degraded picture as the network sees it."""

    target: Floats  # (h, w, 1 or 3), 0..1
    known: Floats  # (h, w), 1: the pixel counts, 0: nothing is known of it
    scale: int = 1  # the good picture has so many times as many rows and columns
    guide: Floats | None = None  # (h, w, 3): a sharp picture of the same, instead of noise
    ceiling: float = 1.0  # what 1 means: above 1 in a picture brighter than white

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the good picture."""
        return self.target.shape[0] * self.scale, self.target.shape[1] * self.scale

    def cut(self, rect: Rect) -> Problem:
        """A part of it."""
        guide = None if self.guide is None else self.guide[rect.slices]
        return replace(
            self, target=self.target[rect.slices], known=self.known[rect.slices], guide=guide
        )

    def padded(self, multiple: int, least: int) -> Problem:
        """Mirrored to the right and below until the good picture has sides a network can take."""
        whole = math.lcm(multiple, self.scale) // self.scale
        height, width = (
            -(-max(side, -(-least // self.scale)) // whole) * whole
            for side in self.target.shape[:2]
        )
        room = ((0, height - self.target.shape[0]), (0, width - self.target.shape[1]))
        return replace(
            self,
            target=np.pad(self.target, (*room, (0, 0)), "symmetric"),
            known=np.pad(self.known, room),
            guide=None if self.guide is None else np.pad(self.guide, (*room, (0, 0)), "symmetric"),
        )

    def at(self, level: int, device: torch.device) -> Level:
        """What is fitted at 1/2^level of the size: the good picture may still be the larger one."""
        target = to_tensor(self.target).to(device)
        known = torch.from_numpy(self.known)[None, None].to(device)
        smaller = max(1, (1 << level) // self.scale)
        if smaller > 1:  # known pixels only make the mean of a smaller one
            target = avg_pool2d(target * known, smaller)
            known = avg_pool2d(known, smaller)
            target = target / known.clamp(min=1e-6)
        return Level(target, known, max(1, self.scale >> level))


class Level(NamedTuple):
    target: Tensor  # (1, C, h, w)
    known: Tensor  # (1, 1, h, w), 0..1
    scale: int

    def loss(self, output: Tensor) -> Tensor:
        """The mean square of what is wrong, where something is known."""
        wrong = (shrunk(output, self.scale) - self.target).square().mean(dim=1, keepdim=True)
        return (wrong * self.known).sum() / self.known.sum()


def problem(
    image: Picture,
    task: str,
    *,
    hole: Mask | Cover | None = None,
    scale: int = 4,
    flash: Picture | None = None,
) -> Problem:
    """The degraded picture of a task, checked. Pixels that are not numbers count as unknown."""
    _check_picture(image)
    if task not in TASKS:
        raise ValueError(f'there is no task "{task}": choose {", ".join(TASKS)}')
    target = to_working(image)
    target = np.ascontiguousarray(target[..., :1]) if image.ndim == 2 else target
    known = np.isfinite(image).reshape(*image.shape[:2], -1).all(axis=2)
    if task == "inpaint":
        if hole is None:
            raise ValueError("the mask is missing: paint over what should be filled")
        check_hole(image, hole)
        known &= hole == 0
    if not known.any():
        raise ValueError("no pixel of the picture is a number: there is nothing to fit")
    if task == "superres" and scale not in SCALES:
        raise ValueError(f"the scale is {scale}: choose 2, 4 or 8")
    guide = None
    if task == "flash":
        if flash is None:
            raise ValueError("the picture taken with flash is missing: open it beside this one")
        _check_picture(flash)
        if flash.shape[:2] != image.shape[:2]:
            check_fits(image, flash[..., 0] if flash.ndim == 3 else flash)
        guide = np.clip(to_working(flash), 0, 1)
    ceiling = max(1.0, float(target[known].max()))
    scaled: Floats = np.clip(target / np.float32(ceiling), 0, 1)
    return Problem(
        scaled,
        np.asarray(known, np.float32),
        scale if task == "superres" else 1,
        guide,
        ceiling,
    )


def shrunk(x: Tensor, scale: int) -> Tensor:
    """1/scale of the size, by Lanczos' filter with two lobes: what a good camera would have seen.

    The taps lie symmetrically about the middle of the large pixel, 4·scale of them.
    """
    if scale == 1:
        return x
    taps = _lanczos(scale).to(x.device)
    channels, margin = x.shape[1], 3 * scale // 2
    x = pad(x, (margin,) * 4, "replicate")
    x = conv2d(x.transpose(0, 1), taps[None, None, :, None], stride=(scale, 1))
    x = conv2d(x, taps[None, None, None, :], stride=(1, scale))
    return x.reshape(1, channels, *x.shape[2:])


@functools.cache
def _lanczos(scale: int) -> Tensor:
    t = (torch.arange(4 * scale, dtype=torch.float64) - 2 * scale + 0.5) / scale
    taps = torch.sinc(t) * torch.sinc(t / 2)
    return (taps / taps.sum()).float()


def to_tensor(pixels: Floats) -> Tensor:
    """(H, W, C) → (1, C, H, W) with the channels last in memory: no copy."""
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None]


def from_tensor(x: Tensor) -> Floats:
    pixels: Floats = x.detach()[0].permute(1, 2, 0).float().cpu().numpy()
    return pixels
