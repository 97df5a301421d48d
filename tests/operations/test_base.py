from dataclasses import FrozenInstanceError, dataclass
from typing import ClassVar

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.engine.step import Step
from editor.operations.base import (
    MaskPatch,
    Operation,
    Patch,
    Scene,
    param,
    params,
)


@dataclass(frozen=True)
class Bake(Operation):
    label: ClassVar[str] = "Bake"
    loaves: int = param(2, "Loaves", 1, 9, step=1, help="How many.")
    heat: float = param(1.5, "Heat", 0, 2)
    crisp: bool = param(False, "Crisp")
    flour: str = param("rye", "Flour", choices=(("rye", "Rye"), ("oat", "Oat")))
    x: float = 0.0

    def steps(self, scene, device):
        yield Step(1.0, self.loaves)


def test_params_are_described_in_order_and_plain_fields_are_not():
    described = params(Bake)
    assert [one.name for one in described] == ["loaves", "heat", "crisp", "flour"]
    assert (described[0].low, described[0].high, described[0].help) == (1, 9, "How many.")
    assert params(Bake()) == described


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"loaves": 10}, "Loaves is 10: it goes from 1 to 9"),
        ({"loaves": 1.5}, "Loaves is 1.5: it is a whole number"),
        ({"loaves": True}, "Loaves is True: it is a number"),
        ({"loaves": "two"}, "Loaves is 'two': it is a number"),
        ({"heat": float("nan")}, "Heat is nan"),
        ({"crisp": 1}, "Crisp is 1: it is on or off"),
        ({"flour": "soy"}, "Flour is 'soy': choose rye, oat"),
    ],
)
def test_a_value_out_of_its_range_is_refused_by_name(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        Bake(**values)


def test_values_take_the_type_of_their_field():
    bake = Bake(loaves=3.0, heat=1)
    assert (type(bake.loaves), type(bake.heat)) == (int, float)


def test_an_operation_is_a_value():
    assert Bake(loaves=3) == Bake(loaves=3) != Bake()
    with pytest.raises(FrozenInstanceError):
        Bake().loaves = 3


def test_a_recipe_comes_back_and_broken_entries_fall_back():
    assert Bake.from_dict(Bake(loaves=5, flour="oat").to_dict()) == Bake(loaves=5, flour="oat")
    assert Bake.from_dict({"loaves": 99, "heat": "hot", "salt": 1}) == Bake()


def test_a_scene_freezes_what_it_holds():
    image, hole = np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), bool)
    scene = Scene(image=image, hole=hole)
    for array in (scene.image, scene.hole):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert np.shares_memory(scene.image, image)


def test_a_scene_refuses_a_mask_that_is_not_one():
    image = np.zeros((4, 5), np.uint8)
    with pytest.raises(ValueError, match="bool or uint8, not float64"):
        Scene(image=image, hole=np.zeros((4, 5)))
    with pytest.raises(ValueError, match="the mask is 5 × 3"):
        Scene(image=image, hole=np.zeros((3, 5), bool))
    with pytest.raises(ValueError, match="not float64"):
        Scene(image=np.zeros((4, 5)))


def test_a_patch_changes_its_place_in_a_copy():
    image = np.zeros((3, 4), np.uint8)
    patch = Patch(Rect(1, 1, 2, 1), np.full((1, 2), 7, np.uint8))
    assert patch.on(image).tolist() == [[0, 0, 0, 0], [0, 7, 7, 0], [0, 0, 0, 0]]
    assert not image.any()


@pytest.mark.parametrize("kind", [Patch, MaskPatch])
def test_a_copied_value_keeps_its_pixels(kind):
    pixels = np.zeros((2, 2), np.uint8)
    copy = kind(Rect(0, 0, 2, 2), pixels).copied()
    pixels[:] = 1
    assert not np.asarray(getattr(copy, "pixels", getattr(copy, "cover", None))).any()


def test_an_operation_without_steps_cannot_be_made():
    class Idle(Operation):
        name = "Idle"

    with pytest.raises(TypeError, match="abstract"):
        Idle()
