"""Adam: D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1.

torch has it too, but loads a compiler of a thousand modules the first time it is made.
"""

from __future__ import annotations

import torch
from torch import Tensor

_BETA_1, _BETA_2 = 0.9, 0.999
_EPSILON = 1e-8


class Adam:
    """Moves one vector ``theta`` against its slope; ``m``, ``v`` and ``t`` are all it remembers."""

    def __init__(self, theta: Tensor, rate: float) -> None:
        self._theta, self._rate = theta, rate
        self.m, self.v = torch.zeros_like(theta), torch.zeros_like(theta)
        self.t = 0

    @torch.no_grad()
    def step(self) -> None:
        g = self._theta.grad
        assert g is not None, "there is a slope once the loss went back"
        self.t += 1
        self.m.lerp_(g, 1 - _BETA_1)
        self.v.mul_(_BETA_2).addcmul_(g, g, value=1 - _BETA_2)
        root = self.v.sqrt().mul_((1 - _BETA_2**self.t) ** -0.5).add_(_EPSILON)
        self._theta.addcdiv_(self.m, root, value=-self._rate / (1 - _BETA_1**self.t))
