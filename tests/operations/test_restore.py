"""Restore: fields and masks reach the engine, values carry their curve, another one is taken."""

from dataclasses import replace

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.image import Rect, Size
from editor.engine.networks import NETS
from editor.engine.prior_tasks import SCALES, TASKS
from editor.engine.step import Pause, last
from editor.operations import (
    EstimateRestore,
    Restore,
    Scene,
    TakeCheckpoint,
    TakePaused,
    params,
)
from editor.operations.base import Look, Patch, Paused
from editor.operations.new_picture import NewPicture

CPU = Device("cpu", 1)


def noisy(height=32, width=40):
    y, x = np.mgrid[:height, :width]
    ramp = np.dstack([x * 4, y * 5, (x + y) * 2]).astype(np.float32)
    noise = np.random.default_rng(2).normal(0, 20, ramp.shape)
    return np.clip(ramp + noise, 0, 255).astype(np.uint8)


def hole(value=255):
    mask = np.zeros((32, 40), np.uint8)
    mask[8:14, 10:22] = value
    return mask


def restored(scene, **values):
    values = {"iterations": 6, **values}
    return last(Restore(**values).steps(scene, CPU))


def choices(name):
    one = next(one for one in params(Restore) if one.name == name)
    return {value for value, _ in one.choices}


def test_all_that_the_engine_can_do_is_there_to_be_chosen():
    assert choices("task") == set(TASKS)
    assert choices("net") == {"auto", *NETS}
    assert choices("scale") == {str(scale) for scale in SCALES}


@pytest.mark.parametrize("task", ["denoise", "jpeg"])
def test_a_picture_of_the_same_size_is_a_patch_of_all_of_it(task):
    image = noisy()
    made = restored(Scene(image), task=task)
    assert isinstance(made, Patch)
    assert made.rect == Rect(0, 0, 40, 32)
    assert made.pixels.dtype == np.uint8
    assert not np.array_equal(made.on(image), image)


def test_a_mask_keeps_all_else_as_it_was():
    image = noisy()
    made = restored(Scene(image, hole=hole()))
    assert made.rect == Rect(10, 8, 12, 6)
    inside = hole() > 0
    assert np.array_equal(made.on(image)[~inside], image[~inside])


@pytest.mark.parametrize("scale", ["2", "8"])
def test_an_enlarged_picture_is_a_new_one_seen_in_the_old_one_s_place(scale):
    made = restored(Scene(noisy(8, 10), hole=None), task="superres", scale=scale)
    assert isinstance(made, NewPicture)
    assert Size.of(made.pixels) == (10 * int(scale), 8 * int(scale))
    assert made.stretched


def test_missing_pixels_need_a_mask():
    made = restored(Scene(noisy(), hole=hole()), task="inpaint")
    assert made.rect == Rect(10, 8, 12, 6)
    with pytest.raises(ValueError, match="the mask is missing"):
        restored(Scene(noisy()), task="inpaint")
    with pytest.raises(ValueError, match="the mask is empty"):
        restored(Scene(noisy(), hole=hole(0)), task="inpaint")


def test_every_value_brings_its_curve():
    made = restored(Scene(noisy()), automatic=False, iterations=60)
    curve = made.curve
    assert curve.ends == (20, 40, 60)
    assert curve.done == curve.taken == 60
    assert curve.stages == ((0, 20), (20, 40), (40, 60))
    assert curve.losses[-1] < curve.losses[1]
    assert curve.nbytes > sum(one.pixels.nbytes for one in curve.checkpoints) > 0
    told = curve.as_json()
    assert (len(told["loss"]), len(told["variance"]), told["taken"]) == (60, 60, 60)


def test_steps_rise_and_end_with_a_value():
    steps = list(Restore(iterations=4).steps(Scene(noisy()), CPU))
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == 1
    assert steps[-1].value is not None


def test_time_and_strength_reach_the_engine():
    image = noisy()
    nothing = restored(Scene(image), strength=0)
    assert np.array_equal(nothing.pixels, image)
    short = restored(Scene(image), iterations=20_000, budget=0.2)
    assert 0 < short.curve.done < 20_000
    one, same, other = (restored(Scene(image), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.pixels, same.pixels)
    assert not np.array_equal(one.pixels, other.pixels)


def take(scene, restore, curve, iteration, **more):
    operation = TakeCheckpoint.of(restore, curve, iteration, **more)
    return operation, last(operation.steps(scene, CPU))


def test_another_checkpoint_is_taken_without_fitting_again():
    scene, restore = Scene(noisy(), hole=hole()), Restore(iterations=40, automatic=False)
    curve = last(restore.steps(scene, CPU)).curve
    operation, made = take(scene, restore, curve, 50)
    found = curve.nearest(50)
    inside = hole() > 0
    assert made.curve.taken == found.iteration
    assert np.array_equal(made.on(scene.image)[inside], found.pixels[inside])
    assert operation.to_dict()["iteration"] == 50
    _, half = take(scene, replace(restore, strength=50), curve, 50)
    mean = (scene.image.astype(float) + made.on(scene.image)) / 2
    assert np.abs(half.on(scene.image) - mean).max() <= 1


def test_a_checkpoint_taken_from_a_taken_one_is_the_same():
    scene, restore = Scene(noisy()), Restore(iterations=10)
    curve = last(restore.steps(scene, CPU)).curve
    first, made = take(scene, restore, curve, 8)
    again, same = take(scene, first, made.curve, 8)
    assert np.array_equal(made.pixels, same.pixels)
    assert again.to_dict() == first.to_dict()


def test_a_checkpoint_can_be_looked_at():
    scene, restore = Scene(noisy(8, 10)), Restore(iterations=3, task="superres")
    curve = last(restore.steps(scene, CPU)).curve
    _, look = take(scene, restore, curve, 3, looks=True)
    assert isinstance(look, Look)
    assert look.patch.stretched


def test_where_nothing_was_kept_it_is_said():
    with pytest.raises(ValueError, match="no pictures were kept on the way"):
        take(Scene(noisy()), Restore(), None, 3)


def test_an_estimate_says_what_it_will_take_or_why_it_cannot_be():
    cost = last(EstimateRestore(iterations=50).steps(Scene(noisy()), CPU))
    assert cost.seconds > 0
    assert cost.bytes > noisy().nbytes
    assert (cost.parts, cost.problem) == (1, "")
    short = last(EstimateRestore(iterations=20_000, budget=1).steps(Scene(noisy()), CPU))
    assert short.seconds == 1
    none = last(EstimateRestore(task="inpaint").steps(Scene(noisy()), CPU))
    assert "the mask is missing" in none.problem


def test_a_rehearsal_is_short():
    assert Restore(iterations=5000, budget=9).rehearsed() == Restore(iterations=1)


def test_each_field_says_what_it_does():
    assert all(one.help.endswith(".") for one in params(Restore))


def paused_at(steps, at):
    """What steps yield that are paused once so much is done."""
    for step in steps:
        if step.done >= at:
            return steps.throw(Pause()).value
    raise AssertionError("it was over before")


@pytest.mark.parametrize("at", [0.0, 0.05, 0.5])
@pytest.mark.parametrize("values", [{}, {"task": "superres", "scale": "2"}])
def test_what_is_paused_goes_on_to_the_same_bytes(values, at):
    scene = Scene(noisy())
    restore = Restore(iterations=6, seed=2, **values)
    whole = last(restore.steps(scene, CPU))
    paused = paused_at(restore.steps(scene, CPU), at)
    assert isinstance(paused, Paused)
    twice = paused_at(paused.on.steps(scene, CPU), at)
    made = last(twice.on.steps(scene, CPU))
    assert np.array_equal(made.pixels, whole.pixels)
    assert np.array_equal(made.curve.losses, whole.curve.losses)
    assert paused.on.remembered == restore


def test_what_is_paused_can_be_looked_at_and_taken():
    scene = Scene(noisy())
    paused = paused_at(Restore(iterations=20).steps(scene, CPU), 0.05)
    taking = TakePaused(iterations=20, saved=paused.on.saved)
    taken = last(taking.steps(scene, CPU))
    assert np.array_equal(taken.pixels, paused.made.pixels)
    assert isinstance(last(replace(taking, looks=True).steps(scene, CPU)), Look)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda saved: saved.pop("weights"), None),
        (lambda saved: saved.pop("spent"), "damaged: begin it anew"),
        (lambda saved: saved.update(sum=np.zeros((3, 3, 3), np.float32)), "of another picture"),
        (lambda saved: saved.update(weights=np.zeros(5, np.float32)), "with other settings"),
        (lambda saved: saved.update(place=np.array([0])), "damaged"),
        (lambda saved: saved.update(stop=np.array([0.5])), "damaged"),
    ],
)
def test_what_was_spoilt_is_refused(spoil, said):
    scene = Scene(noisy())
    saved = dict(paused_at(Restore(iterations=20).steps(scene, CPU), 0.05).on.saved)
    spoil(saved)
    steps = Restore(iterations=20, saved=saved).steps(scene, CPU)
    if said is None:  # there was no fit yet: it begins
        assert last(steps).curve.done > 0
    else:
        with pytest.raises(ValueError, match=said):
            last(steps)
