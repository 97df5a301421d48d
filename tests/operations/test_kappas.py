"""The κ strip: four results, each as the analogy itself would make it, one after the other."""

import dataclasses

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Analogy, CompareKappas, Scene
from editor.operations import kappas as strip
from editor.operations.analogy import example

CPU = Device("cpu", 1)


def noise(height=24, width=30, seed=0):
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)


@pytest.fixture
def analogy():
    return Analogy(examples=(example(noise(), noise(seed=1)),), method="fast", takes="pixels")


def test_each_is_what_the_exact_method_makes(analogy):
    B = noise(20, 18, 2)
    steps = list(CompareKappas(analogy).steps(Scene(B), CPU))
    made = steps[-1].value
    assert [operation.kappa for operation, _ in made.results] == [0.0, 1.0, 5.0, 15.0]
    assert not made.small
    for operation, result in made.results:
        assert operation == dataclasses.replace(analogy, kappa=operation.kappa, method="exact")
        alone = last(operation.steps(Scene(B), CPU))
        assert np.array_equal(result.pixels, alone.pixels)
    done = [step.done for step in steps]
    assert done == sorted(done)
    finished = [step.value.finished for step in steps if step.value is not None]
    assert sorted(set(finished)) == [0, 1, 2, 3, 4]
    assert finished == sorted(finished)


def test_small_ones_have_the_same_shape(analogy, monkeypatch):
    monkeypatch.setattr(strip, "_SMALL", analogy.scale_for(noise(40, 60), 1) ** -4 / 16)
    made = last(CompareKappas(analogy).steps(Scene(noise(40, 60)), CPU))
    assert made.small
    assert {result.pixels.shape for _, result in made.results} == {(20, 30, 3)}
    assert made.results[0][0].examples[0].Ap.shape == (12, 15, 3)
    large = last(CompareKappas(analogy, small=False).steps(Scene(noise(16, 12)), CPU))
    assert not large.small
