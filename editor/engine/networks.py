"""The networks of a deep image prior: their weights are the unknowns, their shape is the prior.

A network makes a picture from noise. Fitted to one degraded picture it learns what repeats and is
smooth long before what is random, because of how it is built: convolutions at several scales,
without any training. ``NETS`` names the architectures of the comparison in

    D. Ulyanov, A. Vedaldi, V. Lempitsky, Deep Image Prior, CVPR 2018 and IJCV 128 (2020), §4,

with the settings of the authors' experiments, and two of our own, "fast" and "fast-deep". They
grow: the coarse rungs are fitted alone to the picture at a quarter of its size, which costs a
sixteenth, and go on with one more rung at half and at full size. Each rung has noise of its own and
adds detail to the picture of the coarser ones. A rung starts by adding nothing, so that nothing
learnt is lost.

Every network takes a list of inputs, finest first, each half the size of the one before; all but
the growing ones know one size only. Tensors are (1, C, H, W), laid out with the channels last; the
sides of the first input are multiples of ``Architecture.multiple``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu, max_pool2d

_SLOPE = 0.2  # of the leaky rectifier below zero


@dataclass(frozen=True, slots=True)
class Architecture:
    """What a network is built from. Channels are listed from the finest level to the deepest."""

    name: str
    caption: str
    kind: str  # "growing", "ladder", "unet" or "resnet"
    down: tuple[int, ...]  # channels of the levels of the encoder
    up: tuple[int, ...] = ()  # of the decoder
    skip: tuple[int, ...] = ()  # of the connections past the deeper levels; 0: none
    upsampling: str = "bilinear"  # or "nearest"
    filter_down: int = 3
    filter_up: int = 3
    pointwise: bool = True  # a 1×1 convolution ends each level of the decoder
    channels: int = 32  # of noise
    rate: float = 0.01  # of learning
    early: tuple[int, ...] = ()  # iterations at …, a quarter and half of the size, before the full

    @property
    def levels(self) -> int:
        """How often the size is halved."""
        halvings = {"unet": len(self.down) - 1, "resnet": 0}
        return halvings.get(self.kind, len(self.down))

    @property
    def inputs(self) -> int:
        """How many it takes, each half the size of the one before."""
        return self.levels if self.kind == "growing" else 1

    @property
    def multiple(self) -> int:
        """Sides have to be multiples of this."""
        return 1 << self.levels

    @property
    def least(self) -> int:
        """The shortest side: at the deepest level there has to be something to mirror."""
        return (self.filter_down // 2 + 1) * self.multiple


def _ladder(name: str, caption: str, down: Sequence[int], skip: int, **more: Any) -> Architecture:
    widths = tuple(down)
    return Architecture(name, caption, "ladder", widths, widths, (skip,) * len(widths), **more)


_LARGE_HOLES = (16, 32, 64, 128, 128, 128)  # the authors' own for the picture of a library

NETS: dict[str, Architecture] = {
    one.name: one
    for one in (
        Architecture("fast", "Fast", "growing", (16, 32, 64, 64), channels=8, early=(200, 200)),
        Architecture(
            "fast-deep",  # sees across a large hole
            "Fast and deep",
            "growing",
            (16, 32, 64, 64, 64, 64),
            channels=8,
            early=(400, 400, 200),
        ),
        _ladder("skip-5", "Skip, 5 levels", (128,) * 5, 4),
        _ladder("skip-5-nearest", "Skip, nearest", (128,) * 5, 4, upsampling="nearest"),
        *(
            _ladder(f"hourglass-{depth}", f"Hourglass, {depth}", (128,) * depth, 0)
            for depth in (1, 3, 5)
        ),
        *(
            _ladder(
                f"encoder-decoder-{depth}",
                f"Encoder–decoder, {depth}",
                _LARGE_HOLES[:depth],
                0,
                upsampling="nearest",
                filter_down=5,
                pointwise=False,
                channels=1,
            )
            for depth in (2, 4, 6)
        ),
        Architecture("resnet-8", "ResNet, 8 blocks", "resnet", (32,) * 8, rate=0.001),
        Architecture("unet-5", "U-Net, 5 levels", "unet", (16, 32, 64, 128, 256), rate=0.001),
    )
}


def network(architecture: Architecture, inputs: int, outputs: int, seed: int) -> nn.Module:
    """The untrained network: a sigmoid ends it. The same seed gives the same weights."""
    kinds: dict[str, Callable[[Architecture, int, int], nn.Module]]
    kinds = {"growing": _Growing, "ladder": _Ladder, "unet": _UNet, "resnet": _ResNet}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kinds[architecture.kind](architecture, inputs, outputs)


def enlarged(x: Tensor, mode: str = "bilinear") -> Tensor:
    """Twice as high and wide."""
    corners = None if mode == "nearest" else False
    return interpolate(x, scale_factor=2, mode=mode, align_corners=corners)


class _Block(nn.Module):
    """A convolution, a normalisation and a leaky rectifier."""

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, stride: int = 1, mirrored: bool = True
    ) -> None:
        super().__init__()
        border: Literal["reflect", "zeros"] = "reflect" if mirrored and size > 1 else "zeros"
        self.convolution = nn.Conv2d(  # the normalisation takes a constant away again
            inputs, outputs, size, stride, size // 2, bias=False, padding_mode=border
        )
        self.norm = normalisation(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return leaky_relu(self.norm(self.convolution(x)), _SLOPE)


def normalisation(channels: int) -> nn.BatchNorm2d:
    """Of this one picture: nothing is remembered from one iteration to the next."""
    return nn.BatchNorm2d(channels, track_running_stats=False)


class _Rung(nn.Module):
    """A level of the growing network; at full size nothing is wider than its own channels.

    What comes from below is narrowed before it is enlarged and added to what passes by: wide and
    large at once is what costs. The border is zero here, which costs half of what mirroring does.
    """

    def __init__(self, noise: int, outer: int, width: int, below: int, outputs: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(noise, outer, 1, bias=False)
        self.halve = _Block(outer, width, stride=2, mirrored=False)
        self.down = _Block(width, width, mirrored=False)
        self.narrow = nn.Conv2d(below, width, 1, bias=False)
        self.past = nn.Conv2d(outer, width, 1, bias=False)
        self.norm = normalisation(width)
        self.up = _Block(width, width, mirrored=False)
        self.picture = nn.Conv2d(width, outputs, 1)

    def silence(self) -> None:
        """Add nothing at first, neither to the picture nor to what the deeper rungs are given."""
        nn.init.zeros_(self.picture.weight)
        nn.init.zeros_(cast(Tensor, self.picture.bias))
        nn.init.zeros_(self.down.norm.weight)

    def rise(self, y: Tensor, x: Tensor) -> Tensor:
        """From the features below, (1, below, H/2, W/2), and those passing by, (…, H, W)."""
        y = self.past(x) + enlarged(self.narrow(y))
        result: Tensor = self.up(leaky_relu(self.norm(y), _SLOPE))
        return result


class _Growing(nn.Module):
    """Ours: with fewer inputs than rungs it is the network of a smaller size."""

    def __init__(self, architecture: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        widths = architecture.down
        rungs = [
            _Rung(inputs, outer, width, below, outputs)
            for outer, width, below in zip(
                (widths[0], *widths), widths, (*widths[1:], widths[-1]), strict=False
            )
        ]
        for later in rungs[: len(architecture.early)]:
            later.silence()
        self.rungs = nn.ModuleList(rungs)

    def forward(self, inputs: list[Tensor]) -> Tensor:
        rungs = cast(list[_Rung], list(self.rungs)[-len(inputs) :])
        passing: list[Tensor] = []
        y = inputs[0].new_zeros(())
        for rung, noise in zip(rungs, inputs, strict=True):
            x = rung.stem(noise) + y
            passing.append(x)
            y = rung.down(rung.halve(x))
        picture: Tensor | None = None
        for rung, x in zip(reversed(rungs), reversed(passing), strict=True):
            y = rung.rise(y, x)
            detail = rung.picture(y)
            picture = detail if picture is None else detail + enlarged(picture)
        assert picture is not None
        return torch.sigmoid(picture)


class _Level(nn.Module):
    """One rung: past the deeper ones go the skips, through them goes the rest at half the size."""

    def __init__(self, architecture: Architecture, level: int, inputs: int) -> None:
        super().__init__()
        a = architecture
        down, up, skip = a.down[level], a.up[level], a.skip[level]
        deepest = level + 1 == len(a.down)
        self.mode = a.upsampling
        self.skip = _Block(inputs, skip, 1) if skip else None
        self.down = nn.Sequential(
            _Block(inputs, down, a.filter_down, stride=2), _Block(down, down, a.filter_down)
        )
        self.deeper = None if deepest else _Level(a, level + 1, down)
        joined = skip + (down if deepest else a.up[level + 1])
        self.norm = normalisation(joined)
        blocks = [_Block(joined, up, a.filter_up)]
        if a.pointwise:
            blocks.append(_Block(up, up, 1))
        self.up = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        y = self.down(x)  # (1, down, H/2, W/2)
        if self.deeper is not None:
            y = self.deeper(y)
        y = enlarged(y, self.mode)  # (1, down, H, W)
        if self.skip is not None:
            y = torch.cat([self.skip(x), y], dim=1)
        result: Tensor = self.up(self.norm(y))
        return result


class _Ladder(nn.Module):
    """Encoder and decoder with or without skips: skip, hourglass and encoder–decoder networks."""

    def __init__(self, architecture: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        self.levels = _Level(architecture, 0, inputs)
        self.last = nn.Conv2d(architecture.up[0], outputs, 1)

    def forward(self, inputs: list[Tensor]) -> Tensor:
        return torch.sigmoid(self.last(self.levels(inputs[0])))


class _UNet(nn.Module):
    """All of the features pass by: O. Ronneberger, P. Fischer, T. Brox, U-Net, MICCAI 2015."""

    def __init__(self, architecture: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        widths = architecture.down
        befores = (inputs, *widths)
        self.downs = nn.ModuleList(
            nn.Sequential(_Block(before, width), _Block(width, width))
            for before, width in zip(befores, widths, strict=False)
        )
        self.narrow = nn.ModuleList(_Block(below, width) for width, below in pairwise(widths))
        self.ups = nn.ModuleList(
            nn.Sequential(_Block(2 * width, width), _Block(width, width)) for width in widths[:-1]
        )
        self.last = nn.Conv2d(widths[0], outputs, 1)

    def forward(self, inputs: list[Tensor]) -> Tensor:
        x = inputs[0]
        passed: list[Tensor] = []
        for level, down in enumerate(self.downs):
            if level:
                x = max_pool2d(x, 2)
            x = down(x)
            passed.append(x)
        for level in reversed(range(len(self.ups))):
            y = self.narrow[level](enlarged(x))
            x = self.ups[level](torch.cat([passed[level], y], dim=1))
        return torch.sigmoid(self.last(x))


class _ResNet(nn.Module):
    """Blocks that add to what they are given, all at full size: K. He et al., CVPR 2016."""

    def __init__(self, architecture: Architecture, inputs: int, outputs: int) -> None:
        super().__init__()
        width = architecture.down[0]
        self.first = _mirrored(inputs, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(_Block(width, width), _mirrored(width, width), normalisation(width))
            for _ in architecture.down
        )
        self.last = _mirrored(width, outputs)

    def forward(self, inputs: list[Tensor]) -> Tensor:
        x = leaky_relu(self.first(inputs[0]), _SLOPE)
        for block in self.blocks:
            x = x + block(x)
        return torch.sigmoid(self.last(x))


def _mirrored(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="reflect")
