"""Someone tells a creature from its backdrop."""

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.engine.image import Point
from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.operations import CutSprite
from editor.ui.modes import MODES
from tests.creature import AROUND, GREEN, HEIGHT, WIDTH, floor, place, running, staying
from tests.flows.sprite.steps import in_sprite_mode, seen, stage


def test_the_matte_is_seen_at_once_and_on_every_frame(keyed, qtbot):
    page = stage(keyed).key
    page.look.set_value("alpha")
    page.go_to(7)
    made = seen(keyed, qtbot, number=7, look="alpha")
    assert made.wanted.key is not None
    scale, corner = made.sight.view.scale, made.part
    (x, y), _ = place(7)
    middle = made.image.pixelColor(round((x - corner.x) * scale), round((y - corner.y) * scale))
    assert middle.lightness() > 250
    assert made.image.pixelColor(2, 2).lightness() == 0


def test_an_option_is_seen_at_once(keyed, qtbot):
    options = keyed.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "choke": 3})
    options.set_operation(operation)
    options.changed.emit(operation)
    assert seen(keyed, qtbot, operation=operation).wanted.key is not None


def test_the_backdrop_is_picked_with_the_eyedropper(keyed, qtbot):
    page = stage(keyed).key
    page.look.set_value("clip")
    page.go_to(0)
    seen(keyed, qtbot, number=0, look="clip")
    QTest.keyClick(page, Qt.Key.Key_I)
    assert page.eyedropper.value()
    at = page.sight.view.to_screen(Point(4, 4))
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(int(at.x), int(at.y)))
    keyed.rest()
    picked = keyed.window.options.operation()
    assert picked.key == "colour"
    assert np.abs(np.subtract(picked.colours[0], GREEN)).max() <= 6
    assert not page.eyedropper.value()
    keyed.window.choose_mode(keyed.window.mode)
    assert keyed.window.options.operation().colours == picked.colours
    page.chips.dropped.emit(0)
    assert keyed.window.options.operation().colours == ()


def test_the_creature_is_chosen_by_a_click_and_let_go_by_another(keyed, qtbot):
    page = stage(keyed).key
    page.go_to(10)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(page, key)
    seen(keyed, qtbot, number=10)
    at = page.sight.view.to_screen(place(10)[0])
    for expected in (10, None):
        QTest.keyClick(page, Qt.Key.Key_C)
        QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(int(at.x), int(at.y)))
        pick = keyed.window.options.operation().pick
        assert (None if pick is None else pick[0]) == expected


def test_where_there_is_no_clip_a_line_says_what_to_do(hand, scratched):
    hand.open(scratched)
    in_sprite_mode(hand)
    assert stage(hand).pages.currentWidget() is stage(hand).empty
    assert not stage(hand).export.isEnabled()
    hand.key("Return")
    assert hand.document.history.saved


def test_a_backdrop_without_a_colour_is_said_and_another_clip_has_its_own(hand, clip, tmp_path):
    path = tmp_path / "many.mp4"
    blocks = np.random.default_rng(1).integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    below = blocks.repeat(8, axis=0).repeat(8, axis=1)
    last(write_clip(path, running(20, below), Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    in_sprite_mode(hand)
    options = hand.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "key": "colour"})
    options.set_operation(operation)
    options.changed.emit(operation)
    hand.rest()
    assert "no colour of its own" in stage(hand).key.words
    hand.open(clip)
    in_sprite_mode(hand)
    hand.rest()
    assert stage(hand).key.words == ""
    hand.key("Return")
    assert hand.document.sprite.count == 2 * AROUND


def test_a_project_brings_the_colours_that_were_picked_and_they_stay(keyed, tmp_path):
    page = stage(keyed).key
    picked = (24, 190, 44)
    page.colours_changed.emit((picked,))
    keyed.rest()
    path = tmp_path / "dart.patina"
    keyed.parts.filing.save(keyed.document, path, keyed.window.project_settings())
    keyed.rest()
    keyed.parts.session.close_document(keyed.document)
    keyed.window.choose_mode(next(mode for mode in MODES if mode.name == "fill"))
    keyed.open(path)
    assert keyed.window.mode.name == "sprite"
    for _ in range(2):
        assert keyed.window.options.operation().colours == (picked,)
        assert keyed.window.options.operation().key == "colour"
        in_sprite_mode(keyed)
    keyed.rest()
    assert keyed.window.doing.work.key.colours == (picked,)


def test_where_the_place_is_never_seen_a_picture_of_it_helps(hand, tmp_path, monkeypatch):
    path, plate = tmp_path / "staying.mp4", tmp_path / "floor.png"
    last(write_clip(path, staying(), Fraction(25), ClipOptions(95), overwrite=True))
    Image.fromarray(floor()).save(plate)
    hand.open(path)
    in_sprite_mode(hand)
    hand.rest()
    page, options = stage(hand).key, hand.window.options
    assert "hardly leaves its place" in page.words
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    QTest.mouseClick(page.plate, Qt.MouseButton.LeftButton)
    assert not page.plate.value()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(plate), ""))
    QTest.mouseClick(page.plate, Qt.MouseButton.LeftButton)
    hand.rest()
    assert page.plate.value()
    assert page.words == ""
    assert options.operation().key == "difference"
    hand.key("Return")
    assert hand.document.sprite.cels[0].area == pytest.approx(108, rel=0.1)  # pixels of the dart
    QTest.keyClick(stage(hand), Qt.Key.Key_1)
    QTest.mouseClick(page.plate, Qt.MouseButton.LeftButton)
    hand.rest()
    assert not page.plate.value()
    assert options.operation().key == "auto"
    assert "hardly leaves its place" in page.words
