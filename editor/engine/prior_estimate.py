"""What a fit will take, before it starts: memory by counting, time by a probe."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
import psutil
import torch

from editor.engine.image import Rect
from editor.engine.networks import Architecture
from editor.engine.prior_fit import Course, Fit
from editor.engine.prior_tasks import Problem

_PROBED = 8  # iterations at each size; the first half of them only warms up
_LONG = 0.8  # seconds after which fewer of them will do
_PART = 384  # side of the part that is probed: from there on time goes with the number of pixels
_SAMPLE = 64  # side of the picture on which memory is counted, times what a network needs
_WORKING = 1.5  # of the memory kept for the way back: what the way back itself takes


@dataclass(frozen=True, slots=True)
class Estimate:
    seconds: float  # to the end; where it stops by itself, at most
    bytes: int  # of memory, or of the card's
    iteration: float  # seconds of one at full size
    tiles: int


def bytes_each(architecture: Architecture, problem: Problem, device: torch.device) -> float:
    """Memory for a pixel of the good picture, counted on a small one."""
    multiple = architecture.multiple * problem.scale
    side = max(architecture.least * problem.scale, -(-_SAMPLE // multiple) * multiple)
    small = Problem(
        np.zeros((side // problem.scale,) * 2 + problem.target.shape[2:], np.float32),
        np.ones((side // problem.scale,) * 2, np.float32),
        problem.scale,
        None if problem.guide is None else np.zeros((side, side, 3), np.float32),
    )
    kept: dict[int, int] = {}

    def keep(x: torch.Tensor) -> torch.Tensor:
        storage = x.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return x

    fit = Fit(small, architecture, Course(1), device)
    fit.jump(fit.starts[-1])  # the full size is what counts
    weights = fit.saved()["weights"].nbytes
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda x: x):
        fit.iterate()
    return max(0, sum(kept.values()) - weights) * _WORKING / side**2


def probe(
    problem: Problem, architecture: Architecture, course: Course, device: torch.device
) -> Iterator[tuple[float, list[float]]]:
    """Run some iterations at each size: how much of the probe is done, seconds of one at each."""
    height, width = problem.target.shape[:2]
    side = max(1, _PART // problem.scale)
    part = problem.cut(Rect(0, 0, min(width, side), min(height, side)))
    more = height * width / (part.target.shape[0] * part.target.shape[1])
    fit = Fit(part, architecture, course, device)
    seconds: list[float] = []
    for number, start in enumerate(fit.starts):
        fit.jump(start)
        times: list[float] = []
        while len(times) < _PROBED and (len(times) < 2 or sum(times) < _LONG):
            began = time.perf_counter()
            fit.iterate()
            times.append(time.perf_counter() - began)
            yield (number + len(times) / _PROBED) / len(fit.starts), seconds
        seconds.append(median(times[len(times) // 2 :]) * more)
    yield 1.0, seconds


def free_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)
