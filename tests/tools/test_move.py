"""The move tool: what a press takes hold of, and what becomes of it."""

import math

import numpy as np
import pytest

from editor.engine.image import Point, Rect
from editor.engine.moves import Move
from editor.model.commands import Swap
from editor.model.document import Pieces
from editor.model.placing import PlacePieces
from editor.operations.base import Patch
from editor.tools.base import Pointer
from editor.tools.move import MoveTool, handles

PLACE = Rect(10, 10, 20, 10)


def paint(document, rect=PLACE):
    cover = np.full((rect.height, rect.width), 255, np.uint8)
    document.history.push(Swap(document, "Rectangle", "mask", rect, cover))


def with_piece(document, rect=PLACE, **how):
    move = Move(rect, np.full((rect.height, rect.width), 255, np.uint8), **how)
    pieces = Pieces((*document.pieces.moves, move))
    document.history.push(PlacePieces(document, "Move piece", pieces))


def dragged(tool, document, *places, shift=False):
    tool.press(Pointer(*places[0], shift=shift), document)
    for place in places[1:]:
        tool.drag(Pointer(*place, shift=shift))
    result = tool.release(Pointer(*places[-1], shift=shift))
    if result is not None:
        document.history.push(result)
    return result


def test_what_is_painted_becomes_a_piece_and_is_painted_no_more(document):
    paint(document)
    dragged(MoveTool(), document, (15, 15), (40, 21.4))
    (move,) = document.pieces.moves
    assert (move.rect, move.by) == ((10, 10, 20, 10), (25, 6))
    assert not document.masked
    document.history.undo()
    assert document.pieces.moves == ()
    assert document.masked


def test_a_draft_shows_where_everything_would_lie(document):
    with_piece(document, by=Point(30, 0))
    tool = MoveTool()
    draft = tool.press(Pointer(45, 15), document)
    assert (draft.held, draft.moves) == (0, document.pieces.moves)
    draft = tool.drag(Pointer(50, 20))
    assert draft.moves[0].by == (35, 5)
    assert document.pieces.moves[0].by == (30, 0)
    tool.cancel()
    assert not tool.active


@pytest.mark.parametrize("place", [(5, 5), (-3, 200), (31, 15)])
def test_a_press_elsewhere_takes_nothing(document, place):
    paint(document)
    tool = MoveTool()
    assert tool.grabs(Pointer(*place), document) == ""
    assert dragged(tool, document, place, (60, 60)) is None


def test_a_click_chooses_and_changes_nothing(document):
    with_piece(document, by=Point(30, 0))
    tool = MoveTool()
    assert dragged(tool, document, (45, 15)) is None
    assert tool.selected == 0
    assert dragged(tool, document, (2, 2)) is None
    assert tool.selected is None


def test_a_click_on_what_is_painted_leaves_it_painted(document):
    paint(document)
    tool = MoveTool()
    assert dragged(tool, document, (15, 15)) is None
    assert tool.selected is None
    assert document.masked


def test_the_upper_one_is_taken(document):
    with_piece(document)
    with_piece(document, Rect(12, 12, 4, 4))
    tool = MoveTool()
    tool.press(Pointer(13, 13), document)
    assert tool.selected == 1


def test_shift_keeps_to_a_direction(document):
    with_piece(document)
    dragged(MoveTool(), document, (15, 15), (45, 18), shift=True)
    assert document.pieces.moves[0].by == (30, 0)


def chosen(document, **how):
    with_piece(document, Rect(40, 30, 20, 10), **how)
    tool = MoveTool()
    tool.selected = 0
    return tool


def test_a_corner_scales_about_the_middle(document):
    tool = chosen(document)
    assert tool.grabs(Pointer(60, 40), document) == "scale"
    dragged(tool, document, (60, 40), (70, 45))
    move = document.pieces.moves[0]
    assert (move.scale, move.by) == (2, (0, 0))
    dragged(tool, document, (30, 25), (50, 35))
    assert document.pieces.moves[0].scale == 0.1  # and no less


@pytest.mark.parametrize(("shift", "turn"), [(False, 40), (True, 45)])
def test_the_handle_above_turns(document, shift, turn):
    tool = chosen(document)
    above = handles(document.pieces.moves[0], 1)[0]
    assert above == (50, 4)
    assert tool.grabs(Pointer(*above), document) == "turn"
    angle = math.radians(40 - 90)
    to = (50 + 30 * math.cos(angle), 35 + 30 * math.sin(angle))
    dragged(tool, document, above, to, shift=shift)
    assert document.pieces.moves[0].turn == pytest.approx(turn, abs=0.06)


def test_handles_are_those_of_the_piece_that_is_chosen(document):
    tool = chosen(document)
    tool.selected = None
    assert tool.grabs(Pointer(50, 4), document) == ""


def test_what_is_left_cannot_be_grabbed(document):
    tool = chosen(document, used=False)
    for place in ((50, 35), (60, 40), (50, 4)):
        assert tool.grabs(Pointer(*place), document) == ""


def test_arrow_keys_nudge_the_chosen_one(document):
    tool = chosen(document)
    for dx, dy in ((1, 0), (0, -10)):
        document.history.push(tool.nudge(dx, dy, document))
    assert document.pieces.moves[0].by == (1, -10)
    assert [state.label for state in document.history.states[1:]] == ["Move piece", "Nudge piece"]
    tool.selected = None
    assert tool.nudge(1, 0, document) is None


def test_nudges_after_saving_are_a_step_of_their_own(document):
    tool = chosen(document)
    document.history.push(tool.nudge(1, 0, document))
    document.history.mark_saved(document.history.now)
    document.history.push(tool.nudge(1, 0, document))
    assert not document.history.saved
    document.history.undo()
    assert document.history.saved
    assert document.pieces.moves[0].by == (1, 0)


def already_done(document):
    """A piece that the picture shows in its new place."""
    with_piece(document, by=Point(20, 0))
    before = Patch(Rect(10, 10, 40, 10), document.image[10:20, 10:50])
    pieces = Pieces(document.pieces.moves, document.pieces.moves, before)
    document.place_pieces(pieces)
    return pieces


def test_one_more_piece_leaves_the_others_as_they_are(document):
    done = already_done(document)
    paint(document, Rect(60, 30, 5, 5))
    dragged(MoveTool(), document, (62, 32), (62, 60))
    assert document.pieces.moves[:1] == done.moves
    assert len(document.pieces.moves) == 2
    assert document.pieces.before is done.before


def test_on_what_pieces_have_changed_a_new_one_begins_anew(document):
    already_done(document)
    paint(document, Rect(12, 12, 5, 5))  # where the piece has been
    dragged(MoveTool(), document, (14, 14), (14, 60))
    (move,) = document.pieces.moves
    assert move.by == (0, 46)
    assert document.pieces.before is None
