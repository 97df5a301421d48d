import pytest
import torch

from editor.engine.networks import NETS, network


def inputs(architecture, height, width):
    random = torch.Generator().manual_seed(1)
    return [
        torch.rand((1, architecture.channels, height >> k, width >> k), generator=random)
        for k in range(architecture.inputs)
    ]


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("outputs", [1, 3])
def test_a_network_makes_a_picture_of_its_least_size(name, outputs):
    architecture = NETS[name]
    height, width = architecture.least, architecture.least + architecture.multiple
    net = network(architecture, architecture.channels, outputs, seed=0)
    with torch.no_grad():
        x = net(inputs(architecture, height, width))
    assert x.shape == (1, outputs, height, width)
    assert 0 < x.min() < x.max() < 1


@pytest.mark.parametrize("name", ["fast", "hourglass-1", "unet-5", "resnet-8"])
def test_every_weight_is_learnt(name):
    architecture = NETS[name]
    net = network(architecture, architecture.channels, 3, seed=0)
    for silent in net.parameters():  # what begins silent says nothing of what lies before it
        if not silent.any():
            torch.nn.init.constant_(silent, 0.1)
    x = net(inputs(architecture, architecture.least, architecture.least))
    (x * torch.rand_like(x)).sum().backward()
    assert all(one.grad is not None and one.grad.any() for one in net.parameters())


def test_the_seed_decides_the_weights_and_nothing_else_is_touched():
    before = torch.random.get_rng_state()
    one, same, other = (network(NETS["fast"], 8, 3, seed) for seed in (1, 1, 2))
    assert torch.equal(before, torch.random.get_rng_state())
    weights = [torch.nn.utils.parameters_to_vector(net.parameters()) for net in (one, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_a_rung_that_is_added_changes_nothing_at_first():
    architecture = NETS["fast"]
    net = network(architecture, 8, 3, seed=3)
    fine = inputs(architecture, 64, 48)
    with torch.no_grad():
        for added in (1, 0):
            small = net(fine[added + 1 :])
            grown = net(fine[added:])
            small = torch.logit(small)
            enlarged = torch.nn.functional.interpolate(small, scale_factor=2, mode="bilinear")
            assert torch.allclose(grown, torch.sigmoid(enlarged), atol=1e-5)
