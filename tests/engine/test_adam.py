"""Adam: as torch's own, and its first step is the rate."""

import numpy as np
import pytest
import torch

from editor.engine.adam import Adam


def vector(seed=1):
    return torch.randn(50, generator=torch.Generator().manual_seed(seed)).requires_grad_()


def test_the_first_step_is_as_long_as_the_rate():
    theta = torch.zeros(3, requires_grad=True)
    theta.grad = torch.tensor([5.0, -0.1, 1e-3])
    Adam(theta, 0.25).step()
    assert theta.tolist() == pytest.approx([-0.25, 0.25, -0.25], rel=1e-4)


def test_it_agrees_with_that_of_torch():
    ours, theirs = vector(), vector()
    adam, reference = Adam(ours, 0.01), torch.optim.Adam([theirs], 0.01)
    for _ in range(30):
        for theta in (ours, theirs):
            theta.grad = None
            (theta.sin().square().sum() + theta.sum()).backward()
        adam.step()
        reference.step()
    assert np.allclose(ours.detach(), theirs.detach(), atol=1e-6)
