"""When to stop fitting a deep image prior, without knowing the truth.

H. Wang and others, Early Stopping for Deep Image Prior, Transactions on Machine Learning Research,
2023: while the network still learns the picture its outputs settle, when it begins to learn the
noise they vary more again. So the variance of the outputs is lowest near the best picture. This is
the form with running means, EMV: it keeps one picture, not a window of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(slots=True)
class Running:
    """The mean of the outputs, the last ones counting most, and their variance about it."""

    keep: float  # the weight of the past
    mean: Tensor | None = None
    variance: float = 0.0
    count: int = 0

    def add(self, x: Tensor) -> None:
        self.count += 1
        if self.mean is None:
            self.mean = x.clone()
            return
        # The first outputs count in full: a plain mean, until the past has its weight.
        part = max(1 - self.keep, 1 / self.count)
        gap = float((x - self.mean).square_().mean())
        self.variance = (1 - part) * (self.variance + part * gap)
        self.mean.lerp_(x, part)


@dataclass(slots=True)
class Stop:
    """Says when the variance has been above its lowest value for ``patience`` iterations."""

    patience: int
    after: int  # iterations before which nothing is concluded: the outputs still move
    lowest: float = torch.inf
    best: int = 0  # the iteration with the lowest variance
    count: int = 0

    def add(self, variance: float) -> bool:
        """Whether this is the lowest so far."""
        self.count += 1
        if self.count <= self.after or variance >= self.lowest:
            return False
        self.lowest, self.best = variance, self.count
        return True

    @property
    def over(self) -> bool:
        return self.best > 0 and self.count - self.best >= self.patience
