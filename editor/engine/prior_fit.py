"""The fit of one network to one picture, an iteration at a time; it can be saved and gone on with.

All unknowns are one vector, of which the weights are views, so that a step of Adam is a few lines
and saving is copying. An iteration changes nothing before its end: who
leaves it in the middle and comes back goes on as if nothing had been.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from editor.engine.adam import Adam
from editor.engine.curve import Saved
from editor.engine.networks import Architecture, network
from editor.engine.prior_stop import Running, Stop
from editor.engine.prior_tasks import Floats, Level, Problem, from_tensor, to_tensor
from editor.engine.random import normals

_INPUT = 0.1  # the input lies between 0 and this
_PATIENCE = 0.15  # of the iterations: how long the variance may rise


class Left(Exception):
    """The person left in the middle of an iteration."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a network is fitted."""

    iterations: int  # at all sizes together
    noise: float = 0.01  # deviation of what is added to the input at each iteration
    tv: float = 0.0  # weight of the total variation, which flattens
    keep: float = 0.99  # weight of the past in the mean of the outputs
    stops: bool = True  # by itself, where the outputs begin to vary more
    seed: int = 0

    def counts(self, architecture: Architecture) -> tuple[int, ...]:
        """Iterations at each size, the smallest first; of few each size has as many."""

        def together(full: int) -> int:
            return sum(all_sizes(full, architecture))

        full = bisect(range(self.iterations + 1), self.iterations, key=together) - 1
        *early, _ = all_sizes(full, architecture)
        return (*early, self.iterations - sum(early))


def all_sizes(full: int, architecture: Architecture) -> tuple[int, ...]:
    """Iterations at each size, the smallest first, of which so many are at full size."""
    return (*(min(one, full) for one in architecture.early), full)


class Fit:
    """Call ``iterate`` until ``over``; ``picture`` is what there is so far."""

    def __init__(
        self, problem: Problem, architecture: Architecture, course: Course, device: torch.device
    ) -> None:
        self._problem, self._architecture, self._course = problem, architecture, course
        self._device = device
        self.ends: list[int] = np.cumsum(course.counts(architecture)).tolist()
        padded = problem.padded(architecture.multiple, architecture.least)
        self._height, self._width = padded.size
        levels = range(len(self.ends) - 1, -1, -1)
        self._levels: list[Level] = [padded.at(level, device) for level in levels]
        self._inputs = self._made_inputs(padded)
        inputs = self._inputs[0].shape[1]
        outputs = problem.target.shape[2]
        self._net = network(architecture, inputs, outputs, course.seed).to(device)
        self._unknowns = _as_one(self._net)
        _make_it_leave(self._net, self._check)
        self._leaving = False
        self._half = half_precision(device)
        self.losses: list[float] = []
        self.variances: list[float] = []
        self._running = Running(course.keep)
        self._chosen: Tensor | None = None
        self.jump(0)

    @property
    def starts(self) -> list[int]:
        """Iterations before each of the sizes, the smallest first; ``ends`` are those after it."""
        return [0, *self.ends[:-1]]

    @property
    def stage(self) -> int:
        """Which of the sizes is being fitted."""
        return min(bisect(self.ends, self.done), len(self.ends) - 1)

    @property
    def over(self) -> bool:
        return self.done >= self.ends[-1] or (self._course.stops and self._stop.over)

    @property
    def best(self) -> int:
        """The iteration at which to stop as far as can be told, 0 if there is none yet."""
        return self.starts[-1] + self._stop.best if self._stop.best else 0

    def leave(self) -> None:
        """From another thread: give up the iteration, which then has not been."""
        self._leaving = True

    def iterate(self) -> None:
        """One step of Adam."""
        self._leaving = False
        stage = self.stage
        level = len(self.ends) - 1 - stage
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            output = self._net(self._disturbed(level))
        output = output.float()
        loss = self._levels[stage].loss(output)
        if self._course.tv:
            loss = loss + self._course.tv * _total_variation(output)
        assert self._unknowns.grad is not None
        self._unknowns.grad.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        self._adam.step()
        self.done += 1
        self._remember(output.detach(), float(loss.detach()))

    def _remember(self, output: Tensor, loss: float) -> None:
        self._running.add(output)
        self.losses.append(loss)
        self.variances.append(self._running.variance)
        if self.done > self.starts[-1] and self._stop.add(self._running.variance):
            assert self._running.mean is not None
            self._chosen = self._running.mean.clone()
        if self.done in self.ends[:-1]:
            self.jump(self.done)

    def picture(self, *, chosen: bool = False) -> Floats:
        """The mean of the outputs, or the one at which to stop: (H, W, C), 0..1, at full size.

        There is none before the first iteration.
        """
        means = (self._chosen if chosen else None, self._running.mean, self._smaller)
        x = next(mean for mean in means if mean is not None)
        if x.shape[2] != self._height:
            size = (self._height, self._width)
            x = interpolate(x, size=size, mode="bilinear", align_corners=False)
        height, width = self._problem.size
        return from_tensor(x)[:height, :width].copy()

    def saved(self) -> Saved:
        """All that is needed to go on, as arrays."""
        arrays: Saved = {
            "weights": self._unknowns.detach().cpu().numpy().copy(),
            "losses": np.array(self.losses),
            "variances": np.array(self.variances),
            "stop": np.array([self._stop.lowest, self._stop.best, self._stop.count]),
            "running": np.array([self._running.variance, self._running.count]),
            "m": self._adam.m.cpu().numpy().copy(),
            "v": self._adam.v.cpu().numpy().copy(),
        }
        for name, x in self._means():
            if x is not None:
                arrays[name] = from_tensor(x).copy()
        return arrays

    def load(self, arrays: Saved) -> None:
        """Go on where another fit of the same problem was saved."""
        if arrays["weights"].shape != self._unknowns.shape:
            raise ValueError(
                f"the saved fit has {arrays['weights'].size} weights and this network has "
                f"{self._unknowns.numel()}: it was saved with other settings"
            )
        with torch.no_grad():
            self._unknowns.copy_(torch.from_numpy(arrays["weights"]))
            self.losses, self.variances = arrays["losses"].tolist(), arrays["variances"].tolist()
            self.jump(len(self.losses))
            running, stop = arrays["running"], arrays["stop"]
            self._running.variance, self._running.count = float(running[0]), int(running[1])
            self._stop.lowest = float(stop[0])
            self._stop.best, self._stop.count = int(stop[1]), int(stop[2])
            self._running.mean, self._chosen, self._smaller = (
                to_tensor(arrays[name]).to(self._device) if name in arrays else None
                for name, _ in self._means()
            )
            self._adam.m.copy_(torch.from_numpy(arrays["m"]))
            self._adam.v.copy_(torch.from_numpy(arrays["v"]))
            self._adam.t = self._running.count

    def _means(self) -> tuple[tuple[str, Tensor | None], ...]:
        """All pictures that are kept, by their names when saved."""
        return (
            ("mean", self._running.mean),
            ("chosen", self._chosen),
            ("smaller", self._smaller),
        )

    def jump(self, done: int) -> None:
        """As if so many iterations were done, with the weights there are.

        At another size there are other outputs and other slopes: what was remembered means nothing.
        """
        self.done = done  # iterations, at all sizes
        self._smaller = self._running.mean  # of the size before
        self._running = Running(self._course.keep)
        patience = max(1, round((self.ends[-1] - self.starts[-1]) * _PATIENCE))
        self._stop: Stop = Stop(patience, after=round(2 / (1 - self._course.keep)))
        self._chosen = None
        self._adam: Adam = Adam(self._unknowns, self._architecture.rate)

    def _made_inputs(self, problem: Problem) -> list[Tensor]:
        """At full size first; the guide, or noise that stays the same."""
        inputs = []
        for level in range(self._architecture.inputs):
            shape = (self._height >> level, self._width >> level)
            if problem.guide is not None:
                x = avg_pool2d(to_tensor(problem.guide), 1 << level)
            else:
                random = torch.Generator().manual_seed(self._course.seed * 16 + level)
                x = _INPUT * torch.rand((1, *shape, self._architecture.channels), generator=random)
                x = x.permute(0, 3, 1, 2)
            inputs.append(x.to(self._device))
        return inputs

    def _disturbed(self, level: int) -> list[Tensor]:
        """The inputs from this level on, with fresh noise: another place, another counter."""
        inputs = self._inputs[level:]
        if not self._course.noise:
            return inputs
        disturbed = []
        for number, x in enumerate(inputs):
            seed = (self._course.seed * 1_000_003 + self.done) * 16 + level + number
            noise = normals(seed, (1, *x.shape[2:], x.shape[1]))
            added = torch.from_numpy(noise).permute(0, 3, 1, 2).to(self._device)
            disturbed.append(x + self._course.noise * added)
        return disturbed

    def _check(self) -> None:
        if self._leaving:
            raise Left


def half_precision(device: torch.device) -> bool:
    """Whether products of bfloat16 are quicker here than those of float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    from llvmlite import binding

    return bool(binding.get_host_cpu_features().get("avx512bf16"))


def _total_variation(x: Tensor) -> Tensor:
    return (x[..., 1:] - x[..., :-1]).abs().mean() + (x[..., 1:, :] - x[..., :-1, :]).abs().mean()


def _as_one(net: nn.Module) -> Tensor:
    """One vector of all weights, and one of their slopes: the network's own become views of it."""
    parameters = list(net.parameters())
    flat = torch.cat([one.detach().reshape(-1) for one in parameters]).requires_grad_()
    flat.grad = torch.zeros_like(flat)
    at = 0
    for one in parameters:
        part = slice(at, at + one.numel())
        one.data = flat.detach()[part].view(one.shape)
        one.grad = flat.grad[part].view(one.shape)
        at += one.numel()
    return flat


def _make_it_leave(net: nn.Module, check: Any) -> None:
    """Let every convolution, and its part of the way back, begin with a check."""

    def on_the_way_back(_: Tensor) -> None:
        check()

    def after(module: nn.Module, inputs: Any, output: Tensor) -> None:
        check()
        if output.requires_grad:
            output.register_hook(on_the_way_back)  # type: ignore[no-untyped-call]

    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(after)
