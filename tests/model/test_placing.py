"""Pieces of a document: commands that move them about, and edits that end them."""

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.image import Point, Rect
from editor.engine.moves import Move
from editor.engine.step import last
from editor.model.commands import Swap, command_for
from editor.model.document import NO_PIECES, Document, Pieces
from editor.model.placing import NUDGE, PlacePieces
from editor.operations import Reshuffle


@pytest.fixture
def document():
    return Document(np.random.default_rng(1).integers(0, 255, (40, 60, 3)).astype(np.uint8))


def piece(dx, dy):
    return Move(Rect(5, 6, 12, 10), np.full((10, 12), 255, np.uint8), Point(dx, dy))


def arrange(document, *moves, label="Move piece"):
    document.history.push(PlacePieces(document, label, Pieces(moves)))


def reshuffle(document, *moves, before=None):
    operation, scene = Reshuffle(moves=moves, before=before, adapt=0), document.scene()
    value = last(operation.steps(scene, Device.named("cpu", 1)))
    command = command_for(document, operation, value, scene)
    del scene
    document.history.push(command)


def test_pieces_are_undone_and_done_again(document, qtbot):
    with qtbot.waitSignal(document.redrawn):
        arrange(document, piece(3, 4))
    assert document.pieces.waiting
    document.history.undo()
    assert document.pieces is NO_PIECES
    document.history.redo()
    assert document.pieces.moves[0].by == (3, 4)


def test_a_result_says_what_it_shows_and_what_was_there(document):
    image = document.image.copy()
    moves = (piece(30, 4),)
    arrange(document, *moves)
    reshuffle(document, *moves)
    pieces = document.pieces
    assert not pieces.waiting
    assert (document.image[10:20, 35:47] == image[6:16, 5:17]).all()
    assert (pieces.before.pixels == image[pieces.before.rect.slices]).all()
    document.history.undo()
    assert document.pieces.waiting
    assert (document.image == image).all()


def test_done_over_what_was_there_first_is_still_known(document):
    image = document.image.copy()
    reshuffle(document, piece(30, 4))
    reshuffle(document, piece(10, 20), before=document.pieces.before)
    before = document.pieces.before
    assert (before.pixels == image[before.rect.slices]).all()
    assert before.rect.within(Rect(35, 10, 12, 10)) == Rect(35, 10, 12, 10)
    reshuffle(document, before=before)
    assert (document.image == image).all()


def test_any_other_edit_of_the_picture_ends_them_until_it_is_undone(document):
    reshuffle(document, piece(30, 4))
    pieces = document.pieces
    white = np.full((2, 2, 3), 255, np.uint8)
    document.history.push(Swap(document, "Paint", "image", Rect(0, 0, 2, 2), white))
    assert document.pieces is NO_PIECES
    document.history.undo()
    assert document.pieces is pieces
    cover = np.full((2, 2), 255, np.uint8)
    document.history.push(Swap(document, "Brush", "mask", Rect(0, 0, 2, 2), cover))
    assert document.pieces is pieces


def test_what_is_kept_for_later_is_counted(document):
    reshuffle(document, piece(30, 4))
    swap = document.history.now.command
    alone = swap.nbytes
    document.history.undo()
    assert swap.nbytes > alone + document.image[:20, :40].nbytes // 2


def test_nudges_of_one_piece_are_one_step(document):
    arrange(document, piece(0, 0), piece(0, 0))
    one, other = document.pieces.moves
    for moves in ((piece(1, 0), other), (piece(2, 0), other)):
        arrange(document, *moves, label=NUDGE)
    assert len(document.history.states) == 3
    arrange(document, document.pieces.moves[0], piece(0, 1), label=NUDGE)
    assert len(document.history.states) == 4
    document.history.go_to(1)
    assert document.pieces.moves == (one, other)
    document.history.redo()
    assert document.pieces.moves[0].by == (2, 0)
