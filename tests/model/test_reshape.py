"""A document that becomes another picture: of another size, with its masks and lines, and back."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.guides import Line
from editor.engine.image import MASKS, Point, Rect, Size
from editor.engine.step import Step
from editor.model.commands import (
    DrawLines,
    Swap,
    before,
    command_for,
    image_swaps,
    paint_mask,
)
from editor.model.document import Document, Drawn
from editor.operations.base import MaskPatch, Operation, Patch
from editor.operations.new_picture import NewPicture, Turn


@dataclass(frozen=True)
class Shrink(Operation):
    label: ClassVar[str] = "Shrink"

    def steps(self, scene, device):
        yield Step(1.0)


def any_bits(rng, shape, dtype):
    word = {1: np.uint8, 2: np.uint16, 4: np.uint32}[np.dtype(dtype).itemsize]
    return rng.integers(0, np.iinfo(word).max, shape, word, endpoint=True).view(dtype)


def everything(document):
    """All that undo must bring back, as bytes."""
    arrays = [document.plane(name).frozen() for name in document.planes]
    return [(array.shape, array.tobytes()) for array in arrays], document.lines


def copied(document, rng, height, width):
    """A picture made of the document's pixels, and where each is from."""
    old = document.size
    origins = np.stack(
        [rng.integers(0, side, (height, width), np.int32) for side in (old.height, old.width)],
        axis=2,
    )
    return NewPicture(document.image[origins[..., 0], origins[..., 1]], origins)


def reshape(document, made):
    document.history.push(command_for(document, Shrink(), made, document.scene()))


PLACE = Rect(3, 2, 4, 5)


def paint(document, rng, rect=PLACE):
    pixels = any_bits(rng, (rect.height, rect.width, 3), document.image.dtype)
    document.history.push(command_for(document, Shrink(), Patch(rect, pixels), document.scene()))


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture(params=[np.uint8, np.uint16, np.float32], ids=["uint8", "uint16", "float32"])
def document(request, rng):
    masks = {name: rng.integers(0, 5, (20, 30), np.uint8) for name in MASKS}
    document = Document(any_bits(rng, (20, 30, 3), request.param), **masks)
    document.draw((Drawn(Line(Point(2, 3), Point(25, 18))), Drawn(Line(Point(0, 0), Point(9, 0)))))
    return document


def test_it_has_another_size_with_all_its_masks(document, rng):
    made = copied(document, rng, 11, 17)
    masks = {name: document.plane(name).frozen() for name in MASKS}
    reshape(document, made)
    assert document.size == Size(17, 11)
    assert document.rect == Rect(0, 0, 17, 11)
    assert document.image.tobytes() == made.pixels.tobytes()
    for name, mask in masks.items():
        assert (document.plane(name).frozen() == made.carried(mask, name)).all()
    assert document.history.now.label == "Shrink to 17 × 11"
    assert document.history.now.command.recipe == {"operation": "Shrink", "values": {}}


def test_undo_and_redo_bring_every_bit_back(document, rng):
    old = everything(document)
    reshape(document, copied(document, rng, 11, 17))
    new = everything(document)
    assert new != old
    for _ in range(3):
        document.history.undo()
        assert everything(document) == old
        document.history.redo()
        assert everything(document) == new


def test_a_mask_that_is_empty_stays_empty_and_costs_nothing(rng):
    document = Document(any_bits(rng, (20, 30), np.uint8))
    reshape(document, copied(document, rng, 5, 6))
    kept = document.history.nbytes
    assert not document.painted("mask")
    assert document.mask.shape == (5, 6)
    assert kept < 20 * 30 + 5 * 6 + 100  # noise does not compress


def test_it_is_told_once_and_not_as_a_change_of_a_place(document, rng, qtbot):
    with qtbot.assertNotEmitted(document.changed), qtbot.waitSignal(document.reshaped):
        reshape(document, copied(document, rng, 5, 6))
    assert document.shapes == 1
    document.history.undo()
    assert document.shapes == 2


def test_the_same_size_may_hold_another_picture(document, rng):
    old = everything(document)
    reshape(document, copied(document, rng, 20, 30))
    assert document.history.now.label == "Shrink"
    document.history.undo()
    assert everything(document) == old


def test_every_revision_is_another_one(document, rng):
    revisions = document.revisions
    reshape(document, copied(document, rng, 5, 6))
    assert all(document.revision(name) > old for name, old in revisions.items())


def test_a_scene_stays_what_it_was(document, rng):
    scene = document.scene()
    old = scene.image.copy().tobytes()
    reshape(document, copied(document, rng, 5, 6))
    paint(document, rng, Rect(0, 0, 2, 2))
    assert scene.image.tobytes() == old
    assert scene.image.shape == (20, 30, 3)


def test_what_it_was_made_of_is_not_written_to(document, rng):
    made = NewPicture(document.image[2:9, 3:20])  # a view of the picture as it is
    kept = document.image
    old = kept.tobytes()
    reshape(document, made)
    paint(document, rng, Rect(0, 0, 5, 5))
    assert kept.tobytes() == old


def test_lines_go_along_and_those_of_which_nothing_is_left_go(document):
    short = Drawn(Line(Point(26, 1), Point(29, 1)), used=False)
    document.history.push(DrawLines(document, "Draw line", (*document.lines, short)))
    turn = Turn(Rect(0, 0, 20, 20))
    reshape(document, NewPicture(turn.of(document.image), turn=turn))
    assert [one.line.b for one in document.lines] == [Point(20, 18), Point(9, 0)]
    document.history.undo()
    assert document.lines[2] == short


def test_the_picture_before_is_the_one_it_began_with(document, rng):
    first = document.image.tobytes()
    paint(document, rng)
    reshape(document, copied(document, rng, 11, 17))
    paint(document, rng)
    reshape(document, copied(document, rng, 40, 7))
    old = before(document)
    assert isinstance(old, NewPicture)
    assert old.pixels.shape == (20, 30, 3)
    assert old.pixels.tobytes() == first


def test_copies_of_another_shape_are_no_copies_of_this_one(document, rng):
    paint(document, rng)
    assert len(image_swaps(document)) == 1
    reshape(document, copied(document, rng, 11, 17))
    assert image_swaps(document) == []
    paint(document, rng)
    assert [swap.rect for swap in image_swaps(document)] == [PLACE]
    document.history.go_to(1)
    assert len(image_swaps(document)) == 1


def test_a_swap_of_the_old_size_is_refused(document, rng):
    pixels = any_bits(rng, (20, 30, 3), document.image.dtype)
    reshape(document, copied(document, rng, 11, 17))
    with pytest.raises(ValueError, match="do not fit"):
        Swap(document, "Tint", "image", Rect(0, 0, 30, 20), pixels)


def test_the_maps_made_with_it_are_there_until_it_has_another_shape(rng):
    document = Document(any_bits(rng, (12, 10, 3), np.uint8))
    normal = any_bits(rng, (9, 8, 3), np.uint16)
    made = copied(document, rng, 9, 8)
    plain = command_for(document, Shrink(), made, document.scene()).nbytes
    mapped = replace(made, beside=(("normal.png", normal),))
    assert command_for(document, Shrink(), mapped, document.scene()).nbytes == plain + normal.nbytes
    reshape(document, mapped)
    paint(document, rng)
    np.testing.assert_array_equal(document.maps["normal.png"], normal)
    assert not document.maps["normal.png"].flags.writeable
    reshape(document, copied(document, rng, 6, 5))
    assert document.maps == {}
    for state, names in ((2, ["normal.png"]), (0, []), (1, ["normal.png"]), (3, [])):
        document.history.go_to(state)
        assert list(document.maps) == names


def test_the_maps_it_was_opened_with_come_back_when_another_shape_is_undone(rng):
    normal = any_bits(rng, (12, 10, 3), np.uint8)
    document = Document(any_bits(rng, (12, 10), np.uint8), maps={"normal.png": normal})
    reshape(document, copied(document, rng, 9, 8))
    assert document.maps == {}
    document.history.undo()
    np.testing.assert_array_equal(document.maps["normal.png"], normal)


def test_it_counts_in_the_budget():
    rng = np.random.default_rng(0)
    document = Document(any_bits(rng, (40, 40), np.uint8), budget=10_000)
    for side in (39, 38, 37, 36, 35, 34, 33, 32):
        reshape(document, copied(document, rng, side, side))
    assert document.history.nbytes <= 10_000
    assert len(document.history.states) < 9
    document.history.go_to(0)
    assert document.size.width > 32


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["paint", "stroke", "line", "copies", "scale", "undo", "redo", "jump"]),
        st.integers(1, 12),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=25,
)


@given(ACTS, st.integers(0, 2**32 - 1))
def test_any_sequence_of_swaps_and_shapes_is_like_a_list_of_copies(acts, seed):
    rng = np.random.default_rng(seed)
    document = Document(any_bits(rng, (8, 9, 3), np.uint16))
    history, states = document.history, [everything(document)]
    looks = []
    for act, a, b in acts:
        size = document.size
        if act in ("undo", "redo"):
            getattr(history, act)()
        elif act == "jump":
            history.go_to(a % len(states))
        else:
            rect = Rect(0, 0, a, b).within(document.rect)
            if act == "paint":
                paint(document, rng, rect)
            elif act == "stroke":
                name = MASKS[a % len(MASKS)]
                cover = rng.integers(0, 5, (rect.height, rect.width), np.uint8)
                history.push(paint_mask(document, "Brush", MaskPatch(rect, cover, name)))
            elif act == "line":
                line = Line(Point(0, 0), Point(*size))
                history.push(DrawLines(document, "Draw line", (*document.lines, Drawn(line))))
            elif act == "copies":
                reshape(document, copied(document, rng, a, b))
            else:
                reshape(document, NewPicture(any_bits(rng, (a, b, 3), np.uint16)))
            del states[history.at :]
            states.append(everything(document))
            looks = [*looks[-2:], (document.image, document.image.tobytes())]
        assert everything(document) == states[history.at]
    for index, state in enumerate(states):
        history.go_to(index)
        assert everything(document) == state
    assert all(image.tobytes() == then for image, then in looks)
