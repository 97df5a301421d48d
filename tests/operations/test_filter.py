"""A saved filter does what the analogy did that it was made of, as an edit of its own."""

import dataclasses

import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Analogy, ApplyFilter, Scene
from editor.operations.analogy import example, suggested
from editor.operations.filter import filter_pairs
from tests.operations.test_analogy import waves

CPU = Device("cpu", 1)


def analogy(**values):
    values = {**suggested("texture"), "preset": "texture", **values}
    return Analogy(examples=(example(waves(), 255 - waves()),), **values)


def used(operation, image):
    return last(operation.steps(Scene(image), CPU)).pixels


def kept(operation):
    return ApplyFilter.of("Inverse", operation.to_dict(), filter_pairs(operation))


def test_a_filter_does_what_the_analogy_did():
    operation, B = analogy(seed=5), waves(18, 21, 1.0)
    assert (used(kept(operation), B) == used(operation, B)).all()


def test_it_is_an_edit_that_is_called_as_the_filter_is():
    operation = kept(analogy())
    assert operation.edits
    assert operation.title == "Filter “Inverse”"
    assert operation.to_dict() == {"name": "Inverse", "seed": 0}


def test_the_history_keeps_the_name_and_not_the_pictures():
    assert kept(analogy()).remembered == ApplyFilter(name="Inverse")
    assert kept(analogy()).remembered.analogy.examples == ()


def test_another_seed_counts_from_the_one_that_was_saved():
    operation, B = kept(analogy(seed=999_998)), waves(18, 21, 1.0)
    shifted = dataclasses.replace(operation, seed=5)
    assert (used(shifted, B) == used(analogy(seed=3), B)).all()
    assert (used(shifted, B) != used(operation, B)).any()


def test_values_that_are_not_known_fall_back():
    operation = ApplyFilter.of(
        "x", {"kappa": -3, "levels": 10**400, "later": 1, "seed": 2}, [(waves(), waves())]
    )
    assert operation.analogy == Analogy(seed=2)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"examples": ()}, "there is no A and A′ yet"),
        ({"beside": (waves(),)}, "guides lie on one B"),
        ({"examples": (example(waves(), waves(9, 9)),)}, "different sizes"),
    ],
)
def test_what_makes_no_filter_is_said(changes, why):
    with pytest.raises(ValueError, match=why):
        filter_pairs(dataclasses.replace(analogy(), **changes))


def test_a_frame_of_a_clip_is_refused():
    class Clip:
        count = 1

    with pytest.raises(ValueError, match="a frame of a clip"):
        last(kept(analogy()).steps(Scene(waves(), clip=Clip()), CPU))
