"""Reshuffle mode: a piece is drawn around, carried, turned, taken, taken hold of again."""

import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.engine.image import Point
from editor.files.paths import recovery_folder
from editor.files.recovery import recover, recoverable
from editor.tools.move import handles
from editor.ui.modes import MODES


@pytest.fixture
def meadow(tmp_path):
    """Green with grain, a red thing at the left and a blue one at the right."""
    rng = np.random.default_rng(0)
    picture = np.full((160, 240, 3), [70, 130, 50]) + rng.normal(0, 4, (160, 240, 3))
    picture[60:80, 40:60] = [220, 30, 30]
    picture[100:110, 180:190] = [30, 30, 220]
    path = tmp_path / "meadow.png"
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def there(hand, meadow):
    hand.open(meadow)
    hand.window.choose_mode(mode("reshuffle"))
    return hand


def mode(name):
    return next(one for one in MODES if one.name == name)


def surround(hand, left, top, right, bottom):
    """Draw a rectangle around a thing."""
    hand.window.tools.choose("rectangle")
    hand.drag((left, top), (right, bottom))


def carried(hand, dx=100, dy=10):
    """The red thing, let go somewhere else."""
    surround(hand, 36, 56, 64, 84)
    hand.drag((50, 70), (50 + dx, 70 + dy))
    return hand


def settled(hand):
    hand.qtbot.waitUntil(lambda: hand.parts.session.idle and hand.canvas.settled)


def pixel(hand, x, y):
    return hand.document.plane("image").frozen()[y, x].astype(int)


def is_red(colour):
    return colour[0] > 150 and colour[1] < 90


def seen(hand, x, y):
    """The colour on the canvas at a place of the picture."""
    settled(hand)
    at = hand.canvas.place_of(x + 0.5, y + 0.5)
    colour = hand.canvas.grab().toImage().pixelColor(at)
    return np.array([colour.red(), colour.green(), colour.blue()])


def labels(hand):
    return [state.label for state in hand.document.history.states]


def test_a_piece_is_carried_shown_and_taken(there):
    carried(there)
    (move,) = there.document.pieces.moves
    assert move.by == (100, 10)
    assert not there.document.masked
    assert is_red(seen(there, 158, 88))  # shown in its new place
    assert not is_red(seen(there, 44, 64))  # and gone from the old one
    assert is_red(pixel(there, 44, 64))  # but the picture is as it was
    there.key("Return")
    assert is_red(pixel(there, 158, 88))
    assert not is_red(pixel(there, 44, 64))
    assert labels(there) == ["Open “meadow.png”", "Rectangle", "Move piece", "Reshuffle"]
    assert not there.document.pieces.waiting


def test_one_undo_step_takes_a_result_back_and_redo_brings_it_again(there):
    carried(there).key("Return")
    after = there.document.image.copy()
    there.key("Ctrl+Z")
    assert is_red(pixel(there, 44, 64))
    assert there.document.pieces.waiting
    assert is_red(seen(there, 158, 88))  # it is tried again
    there.key("Ctrl+Z")
    assert there.document.pieces.moves == ()
    assert there.document.masked
    for _ in range(2):
        there.key("Ctrl+Shift+Z")
    assert (there.document.image == after).all()


def test_an_arrow_is_taken_hold_of_again_and_solved_from_the_picture_before(there):
    carried(there).key("Return")
    there.drag((150, 80), (110, 40))
    (move,) = there.document.pieces.moves
    assert move.by == (60, -30)
    there.key("Return")
    assert is_red(pixel(there, 118, 48))
    assert not is_red(pixel(there, 158, 88))
    assert not is_red(pixel(there, 44, 64))
    fresh = there.document.pieces.before
    assert is_red(fresh.pixels[64 - fresh.rect.y, 44 - fresh.rect.x].astype(int))


def test_while_it_is_in_the_hand_it_floats_over_what_heals(there):
    surround(there, 36, 56, 64, 84)
    start, end = (there.canvas.place_of(*at) for at in ((50, 70), (150, 80)))
    QTest.mousePress(there.canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(there.canvas, QPoint(end))
    assert is_red(seen(there, 158, 88))
    assert not is_red(seen(there, 44, 64))
    assert there.document.pieces.moves == ()
    there.key("Esc")
    QTest.mouseRelease(there.canvas, Qt.MouseButton.LeftButton, pos=end)
    assert is_red(seen(there, 44, 74))
    assert not is_red(seen(there, 158, 88))
    assert there.document.masked
    assert labels(there) == ["Open “meadow.png”", "Rectangle"]


def test_esc_gives_back(there):
    carried(there)
    there.key("Esc")
    assert there.document.pieces.moves == ()
    assert is_red(seen(there, 44, 74))
    carried(there).key("Return")
    there.drag((150, 80), (110, 40))
    there.key("Esc")
    (move,) = there.document.pieces.moves
    assert move.by == (100, 10)
    assert not there.document.pieces.waiting


def test_undo_in_mid_drag_lets_go_of_the_piece(there):
    carried(there)
    start, end = (there.canvas.place_of(*at) for at in ((150, 80), (110, 40)))
    QTest.mousePress(there.canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(there.canvas, QPoint(end))
    there.key("Ctrl+Z")
    QTest.mouseRelease(there.canvas, Qt.MouseButton.LeftButton, pos=end)
    there.rest()
    assert there.document.pieces.moves == ()
    assert there.document.masked
    assert labels(there)[:2] == ["Open “meadow.png”", "Rectangle"]
    assert is_red(seen(there, 44, 74))
    assert not is_red(seen(there, 118, 48))


def test_arrow_keys_nudge_in_one_step(there):
    carried(there)
    for _ in range(3):
        QTest.keyClick(there.canvas, Qt.Key.Key_Right)
    QTest.keyClick(there.canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    there.rest()
    assert there.document.pieces.moves[0].by == (103, 0)
    assert labels(there)[-2:] == ["Move piece", "Nudge piece"]
    there.key("Ctrl+Z")
    assert there.document.pieces.moves[0].by == (100, 10)


def test_handles_scale_and_turn(there):
    carried(there)
    corner = handles(there.document.pieces.moves[0], 1)[1][2]
    middle = there.document.pieces.moves[0].middle
    out = Point(middle.x + 2 * (corner.x - middle.x), middle.y + 2 * (corner.y - middle.y))
    there.drag(corner, out)
    assert there.document.pieces.moves[0].scale == pytest.approx(2, abs=0.1)
    move = there.document.pieces.moves[0]
    turning = handles(move, there.canvas.scale)[0]
    there.drag(turning, (move.middle.x + 60, move.middle.y))
    assert there.document.pieces.moves[0].turn == pytest.approx(90, abs=3)
    there.key("Return")
    assert is_red(pixel(there, 150 + 17, 80 + 17))


def test_several_pieces_at_once_each_with_its_row(there):
    carried(there)
    surround(there, 176, 96, 194, 114)
    there.drag((185, 105), (85, 135))
    there.key("Return")
    assert is_red(pixel(there, 158, 88))
    assert pixel(there, 85, 135)[2] > 150
    panel = there.window.pieces_panel
    panel._rows[0]._eye.click()  # the red one is left where it was
    there.rest()
    there.key("Return")
    assert is_red(pixel(there, 44, 64))
    assert not is_red(pixel(there, 158, 88))
    panel._rows[1]._remove.click()
    there.rest()
    there.key("Return")
    assert pixel(there, 185, 105)[2] > 150
    assert len(there.document.pieces.moves) == 1


def test_mirror_and_keep_both(there):
    carried(there)
    row = there.window.pieces_panel._rows[0]
    row._keep.click()
    row._mirror.click()
    there.rest()
    there.key("Return")
    assert is_red(pixel(there, 158, 88))
    assert is_red(pixel(there, 44, 64))
    move = there.document.pieces.moves[0]
    assert (move.keep, move.mirror) == (True, True)


def test_numbers_in_the_panel_scale_and_turn(there):
    carried(there)
    panel = there.window.pieces_panel
    panel._scale.field.setFocus()
    for slider, value in ((panel._scale, 150.0), (panel._turn, 30.0)):
        slider.set_value(value)
        slider.committed.emit(value)
        there.rest()
    move = there.document.pieces.moves[0]
    assert (move.scale, move.turn) == (1.5, 30)


def test_the_options_are_tried_at_once(there):
    carried(there).key("Return")
    states = len(labels(there))
    options = there.window.options
    options.set_operation(type(options.operation())(adapt=0))
    options.changed.emit(options.operation())
    there.rest()
    assert len(labels(there)) == states
    there.key("Return")
    assert there.document.history.now.command.operation.adapt == 0
    source = there.document.pieces.before
    piece = source.pixels[56 - source.rect.y : 84 - source.rect.y, 36 - source.rect.x :][:, :28]
    assert (there.document.image[66:94, 136:164] == piece).all()


def test_what_was_drawn_loosely_is_tightened_to_the_thing(there):
    surround(there, 20, 40, 84, 104)
    there.key("Shift+T")
    mask = there.document.mask > 127
    assert mask[62:78, 42:58].all()
    assert mask.sum() < 1.2 * 20 * 20
    assert labels(there)[-1] == "Tighten mask"
    there.key("Ctrl+Z")
    there.window.pieces_panel.link.click()
    there.rest()
    assert (there.document.mask > 127).sum() == mask.sum()


def test_what_must_be_done_first_is_said(there):
    there.key("Return")
    assert there.shown()[-1] == "Draw around a thing, then drag it to where it should be."
    surround(there, 36, 56, 64, 84)
    there.key("Return")
    assert there.shown()[-1].startswith("Drag what is painted to where it should be")


def test_one_piece_on_another_is_refused_and_nothing_changes(there):
    carried(there)
    surround(there, 176, 96, 194, 114)
    there.drag((185, 105), (150, 80))
    assert "piece 2 would lie on piece 1" in there.shown()[-1].lower()
    before = there.document.image.copy()
    there.key("Return")
    assert (there.document.image == before).all()


def test_a_piece_that_is_let_go_outside_is_refused_and_nothing_changes(there):
    surround(there, 36, 56, 64, 84)
    there.drag((38, 70), (-40, 70))
    assert "piece 1 would lie wholly outside" in there.shown()[-1].lower()
    before = there.document.image.copy()
    there.key("Return")
    assert (there.document.image == before).all()
    there.key("Ctrl+Z")
    assert there.document.pieces.moves == ()


def test_pieces_wait_while_another_mode_is_used_and_go_with_another_edit(there):
    carried(there)
    there.window.choose_mode(mode("fill"))
    assert is_red(seen(there, 44, 74))
    there.window.choose_mode(mode("reshuffle"))
    there.rest()
    assert is_red(seen(there, 158, 88))
    there.window.choose_mode(mode("fill"))
    surround(there, 176, 96, 194, 114)
    there.key("Return")
    assert there.document.pieces.moves == ()
    there.key("Ctrl+Z")
    assert len(there.document.pieces.moves) == 1


def test_a_thing_that_lies_where_pieces_were_begins_anew(there):
    carried(there).key("Return")
    surround(there, 20, 50, 70, 90)  # what has healed
    there.drag((30, 60), (30, 20))
    (move,) = there.document.pieces.moves
    assert move.by == (0, -40)
    assert there.document.pieces.before is None


def test_the_project_keeps_the_arrows_and_what_was_under_them(there, tmp_path):
    carried(there).key("Return")
    path = tmp_path / "meadow.patina"
    there.parts.filing.save(there.document, path, {})
    there.rest()
    there.window.files.close(there.document)
    there.rest()
    there.open(path)
    (move,) = there.document.pieces.moves
    assert (move.by, there.document.pieces.waiting) == ((100, 10), False)
    there.window.choose_mode(mode("reshuffle"))
    there.drag((150, 80), (110, 40))
    there.key("Return")
    assert is_red(pixel(there, 118, 48))
    assert not is_red(pixel(there, 158, 88))


def test_another_document_has_pieces_of_its_own(there, meadow):
    carried(there)
    first = there.document
    there.open(shutil.copy(meadow, meadow.with_name("other.png")))
    assert there.window.pieces_panel._rows == []
    assert is_red(seen(there, 44, 74))
    there.parts.session.activate(first)
    there.rest()
    assert len(there.window.pieces_panel._rows) == 1
    assert is_red(seen(there, 158, 88))


def test_pieces_come_back_after_a_crash(there, tmp_path):
    carried(there)
    moves = there.document.pieces.moves
    left = []

    def written():
        """The diary as it would lie there if the program ended now."""
        copy = tmp_path / f"copy-{len(left)}"
        shutil.copytree(recovery_folder(), copy)
        left.append(recoverable(copy))
        return any("pieces" in recover(one).settings for one in left[-1])

    there.qtbot.waitUntil(written, timeout=20_000)
    there.parts.filing.recover(left[-1][0])
    there.qtbot.waitUntil(lambda: len(there.parts.session.documents) == 2)
    assert there.document.title == "meadow-recovered.png"
    (move,) = there.document.pieces.moves
    assert move.by == moves[0].by
    assert (move.cover == moves[0].cover).all()
