"""Commands: swaps of pixels that undo and redo bit for bit, at every depth."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.engine.step import Step
from editor.model.commands import Swap, before, command_for, image_swaps, paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch, Operation, Patch, param

PLACE = Rect(3, 2, 4, 5)


@dataclass(frozen=True)
class Tint(Operation):
    label: ClassVar[str] = "Tint"
    strength: int = param(3, "Strength", 0, 9, help="How much.")

    def steps(self, scene, device):
        yield Step(1.0, self.strength)


def any_bits(rng, shape, dtype):
    word = {1: np.uint8, 2: np.uint16, 4: np.uint32}[np.dtype(dtype).itemsize]
    return rng.integers(0, np.iinfo(word).max, shape, word, endpoint=True).view(dtype)


def bits(array):
    return np.ascontiguousarray(array).view(np.uint8)


def any_rect(rng, width, height):
    x, right = np.sort(rng.integers(0, width + 1, 2))
    y, bottom = np.sort(rng.integers(0, height + 1, 2))
    return Rect(int(x), int(y), int(right - x), int(bottom - y))


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture(params=[np.uint8, np.uint16, np.float32], ids=["uint8", "uint16", "float32"])
def document(request, rng):
    return Document(any_bits(rng, (20, 30, 3), request.param))


def edit(document, rng, rect):
    pixels = any_bits(rng, (rect.height, rect.width, 3), document.image.dtype)
    document.history.push(command_for(document, Tint(), Patch(rect, pixels), document.scene()))
    return pixels


def test_a_result_becomes_a_step_with_its_recipe(document, rng):
    pixels = edit(document, rng, PLACE)
    assert (bits(document.image[PLACE.slices]) == bits(pixels)).all()
    command = document.history.now.command
    assert command.label == "Tint"
    assert command.plane == "image"
    assert command.recipe == {"operation": "Tint", "values": {"strength": 3}}


def test_undo_and_redo_are_exact(document, rng):
    old = bits(document.image).copy()
    edit(document, rng, PLACE)
    new = bits(document.image).copy()
    for _ in range(3):
        document.history.undo()
        assert (bits(document.image) == old).all()
        document.history.redo()
        assert (bits(document.image) == new).all()


def test_a_cover_becomes_a_step_of_the_mask(document):
    cover = np.full((5, 4), 9, np.uint8)
    document.history.push(command_for(document, Tint(), MaskPatch(PLACE, cover), document.scene()))
    assert (document.mask[PLACE.slices] == 9).all()
    assert document.mask.sum() == 9 * 20
    assert document.history.now.command.plane == "mask"


def test_a_painted_mask_has_no_recipe(document):
    command = paint_mask(document, "Brush", MaskPatch(PLACE, np.full((5, 4), 9, np.uint8)))
    assert command.recipe == {}
    assert command.label == "Brush"


def test_a_command_does_nothing_before_it_is_pushed(document):
    paint_mask(document, "Brush", MaskPatch(PLACE, np.full((5, 4), 9, np.uint8)))
    assert not document.mask.any()


def test_another_value_is_no_command(document):
    with pytest.raises(TypeError, match="no command is made from a int"):
        command_for(document, Tint(), 3, document.scene())


def test_pixels_of_another_depth_are_refused(document):
    with pytest.raises(ValueError, match="do not fit a place"):
        Swap(document, "Tint", "image", PLACE, np.zeros((5, 4, 3), np.int32))


def test_a_step_that_changes_little_costs_little():
    document = Document(np.random.default_rng(0).integers(0, 256, (400, 500), np.uint8))
    pixels = np.array(document.image)
    pixels[200, 300] ^= 1
    command = Swap(document, "Tint", "image", document.rect, pixels)
    assert command.nbytes < 200


def test_a_hair_across_a_picture_costs_its_own_tiles(rng):
    document = Document(any_bits(rng, (2000, 2000), np.uint8))
    pixels = np.array(document.image)
    pixels[np.arange(2000), np.arange(2000)] ^= 255
    document.history.push(Swap(document, "Hair", "image", document.rect, pixels))
    assert len(document.history.now.command.parts()) == 8
    assert (document.image == pixels).all()
    assert document.history.nbytes < 20_000


def test_a_step_made_from_a_scene_needs_the_document_only_when_it_is_done(rng):
    """The engine's thread makes it while the person may already look elsewhere."""
    document = Document(any_bits(rng, (20, 30, 3), np.uint16))
    scene = document.scene()
    pixels = any_bits(rng, (5, 4, 3), np.uint16)
    command = command_for(document, Tint(), Patch(PLACE, pixels), scene)
    assert document.revision("image") == 0
    document.history.push(command)
    assert (document.image[PLACE.slices] == pixels).all()
    assert not (scene.image[PLACE.slices] == pixels).all()


def test_the_picture_before_is_found_under_everything_that_was_done(document, rng):
    assert before(document) is None
    original = bits(document.image).copy()
    for rect in (PLACE, Rect(5, 4, 10, 3), Rect(6, 1, 2, 12)):
        edit(document, rng, rect)
    patch = before(document)
    assert patch.rect == Rect(3, 1, 12, 12)
    assert (bits(patch.on(document.image)) == original).all()
    document.history.undo()
    assert (bits(before(document).on(document.image)) == original).all()
    document.history.go_to(0)
    assert before(document) is None


def test_strokes_are_no_part_of_before(document):
    cover = np.full((5, 4), 9, np.uint8)
    document.history.push(paint_mask(document, "Brush", MaskPatch(PLACE, cover)))
    assert image_swaps(document) == []
    assert before(document) is None


def test_before_is_the_oldest_state_that_is_still_known(rng):
    document = Document(np.zeros((20, 30, 3), np.uint8), budget=2000)
    states = [np.array(document.image)]
    for _ in range(12):
        edit(document, rng, document.rect)
        states.append(np.array(document.image))
    kept = len(document.history.states)
    assert kept < 12
    assert (before(document).on(document.image) == states[-kept]).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_thousand_edits_like_a_list_of_copies(document, seed):
    """Edits, strokes, undo, redo and jumps in any order, with onlookers, against plain copies."""
    rng = np.random.default_rng(seed)
    history = document.history
    states = [(bits(document.image).copy(), np.array(document.mask))]
    looks = []
    for _ in range(1000):
        act = rng.choice(["edit", "stroke", "undo", "redo", "jump", "look"])
        if act in ("edit", "stroke"):
            rect = any_rect(rng, 30, 20)
            del states[history.at + 1 :]
            if act == "edit":
                edit(document, rng, rect)
            else:
                cover = rng.integers(0, 256, (rect.height, rect.width), np.uint8)
                history.push(paint_mask(document, "Brush", MaskPatch(rect, cover)))
                expected = states[-1][1].copy()
                expected[rect.slices] = cover
                assert (document.mask == expected).all()
            states.append((bits(document.image).copy(), np.array(document.mask)))
        elif act == "undo":
            history.undo()
        elif act == "redo":
            history.redo()
        elif act == "jump":
            history.go_to(int(rng.integers(0, len(states))))
        else:
            looks.append((document.image, document.mask, history.at, *states[history.at]))
            looks = looks[-3:]
        image, mask = states[history.at]
        assert (bits(document.image) == image).all()
        assert (document.mask == mask).all()
    for image, mask, _, image_then, mask_then in looks:
        assert (bits(image) == image_then).all()
        assert (mask == mask_then).all()


@pytest.mark.parametrize("budget", [500, 3000, 20_000])
def test_within_a_budget_every_state_that_is_left_is_right(budget):
    rng = np.random.default_rng(budget)
    document = Document(np.zeros((20, 30, 3), np.uint8), budget=budget)
    history = document.history
    states = {id(history.now): np.array(document.image)}
    kept = [history.now]  # so that no identity is used twice
    for _ in range(300):
        if rng.random() < 0.6:
            edit(document, rng, any_rect(rng, 30, 20))
            states[id(history.now)] = np.array(document.image)
            kept.append(history.now)
        else:
            history.go_to(int(rng.integers(0, len(history.states))))
        assert (document.image == states[id(history.now)]).all()
        assert history.nbytes <= budget or len(history.states) == 2
    for index in range(len(history.states)):
        history.go_to(index)
        assert (document.image == states[id(history.now)]).all()
