"""Reshuffle as an operation: a patch of what changes, done over, tried, written down."""

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.image import Point
from editor.engine.moves import Move
from editor.engine.step import last
from editor.operations import Reshuffle, Scene, TryMoves
from editor.operations.reshuffle import read_move

CPU = Device.named("cpu", 1)


def noise():
    return np.random.default_rng(5).integers(0, 256, (48, 64, 3)).astype(np.uint8)


def piece(dx, dy, y=10, x=8, **how):
    mask = np.zeros((48, 64), bool)
    mask[y : y + 12, x : x + 12] = True
    return Move.of(mask, Point(dx, dy), **how)


def made(operation, image):
    return last(operation.steps(Scene(image), CPU))


def test_only_the_patch_changes_and_it_knows_its_origins():
    image = noise()
    patch = made(Reshuffle(moves=(piece(30, 20),), adapt=0), image)
    result = patch.on(image)
    assert (result[30:42, 38:50] == image[10:22, 8:20]).all()
    assert patch.origins.at(30, 38) == (10, 8)
    changed = (result != image).any(axis=2)
    changed[30:42, 38:50] = False
    changed[8:24, 6:22] = False
    assert not changed.any()


def test_done_over_it_begins_with_the_picture_as_it_was():
    image = noise()
    first = made(Reshuffle(moves=(piece(30, 20),)), image)
    after = first.on(image)
    before = type(first)(first.rect, image[first.rect.slices])
    other = Reshuffle(moves=(piece(4, 24),), adapt=20, seed=3)
    again = made(Reshuffle(moves=other.moves, before=before, adapt=20, seed=3), after)
    assert (again.on(after) == made(other, image).on(image)).all()


def test_every_estimate_of_doing_over_is_one_of_the_picture_as_it_is():
    image = noise()
    first = made(Reshuffle(moves=(piece(30, 20),)), image)
    before = type(first)(first.rect, image[first.rect.slices])
    again = Reshuffle(moves=(piece(4, 24),), before=before, adapt=0)
    for step in again.steps(Scene(first.on(image)), CPU):
        if step.value is not None:
            seen = step.value.on(first.on(image))
            assert (seen[34:46, 12:24] == image[10:22, 8:20]).all()
            assert (seen[32:44, 40:52][4:, 4:] == image[32:44, 40:52][4:, 4:]).all()


def test_trying_finds_what_doing_does_and_edits_nothing():
    image = noise()
    moves = (piece(30, 20),)
    tried, done = (made(kind(moves=moves), image) for kind in (TryMoves, Reshuffle))
    assert (tried.pixels == done.pixels).all()
    assert Reshuffle.edits
    assert not TryMoves.edits


def test_a_piece_that_is_held_leaves_its_place():
    image = noise()
    image[10:22, 8:20] = 255
    result = made(TryMoves(moves=(piece(0, 0),), held=0), image).on(image)
    assert not (result == 255).all(axis=2).any()


def test_the_recipe_says_where_the_pieces_went():
    moves = (piece(30, 20), piece(-4, 0, 30, 40, mirror=True))
    said = Reshuffle(moves=moves, seed=2).to_dict()
    assert said["moves"] == [{"by": [30, 20]}, {"by": [-4, 0], "mirror": True}]
    assert Reshuffle.from_dict(said) == Reshuffle(seed=2)
    assert "moves" not in Reshuffle().to_dict()


def test_a_move_as_it_is_written():
    assert read_move("a:b.png: 3 , -4.5, turn=-30,keep") == (
        "a:b.png",
        {"by": [3, -4.5], "turn": -30, "keep": True},
    )


def test_what_cannot_be_done_is_said():
    with pytest.raises(ValueError, match="no piece is moved"):
        made(Reshuffle(), noise())
