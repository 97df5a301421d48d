"""Somebody shows how pictures and films come from examples: page by page of Lecture mode."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.engine.image import Point
from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.files.sprites import write_sprite
from editor.ui.lecture import sprites
from editor.ui.modes import MODES
from tests.creature import running
from tests.engine.test_steer import circles


@pytest.fixture
def at(hand):
    """Lecture mode with the page of a name, and the first moments of its record."""

    def turn_to(name, moments=30):
        choose(hand, "lecture")
        stage(hand).choose(name)
        wait_for(hand, moments)
        return stage(hand).page

    return turn_to


def choose(hand, name):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == name))


def stage(hand):
    return hand.window.doing.stage()


def wait_for(hand, moments):
    def there():
        page, player = stage(hand).page, stage(hand).player
        return page.count >= moments and player.last >= moments - 1

    hand.qtbot.waitUntil(there, timeout=60_000)
    stage(hand).player.pause()


def attempt(hand, caption, moments=30):
    page = stage(hand).page
    page.attempt(next(one for one in page.tries if one.caption == caption))
    wait_for(hand, moments)


def test_each_pixel_of_a_texture_and_how_it_was_chosen(hand, at):
    page = at("efros-leung")
    stage(hand).go_to(20)
    assert page.said().startswith("Pixel 21 of")
    assert page.about == "Bricks, 54 × 54"
    assert page.view.accessibleDescription().startswith("Pixel 21 ")
    look = page.record[0].looks[20]
    assert page.output.chosen == look.moment.place
    assert page.sample.chosen == look.moment.place_of(look.moment.chosen)
    QTest.keyClick(stage(hand), Qt.Key.Key_Right)
    assert page.moment == 21
    assert page.output.chosen == page.record[0].looks[21].moment.place


def test_windows_grow_side_by_side_and_again_the_same(hand, at):
    page = at("efros-leung")
    first = page.record[0].pixels[:25].copy()
    attempt(hand, "Side by side", 3)
    assert not page.view.isVisible()
    assert not page.output.isVisible()
    assert [pane.isVisible() for pane in page.several] == [True] * 4
    attempt(hand, "11")
    assert page.output.isVisible()
    assert np.array_equal(page.record[0].pixels[:25], first)


def test_the_texture_of_the_picture_that_is_open(hand, at, scratched):
    hand.open(scratched)
    page = at("efros-leung")
    assert page.about == "scratched.png, 54 × 54"
    attempt(hand, "Pebbles")
    assert page.about == "Pebbles, 54 × 54"


def test_the_projector_points_where_the_hand_does(hand, at):
    page = at("efros-leung")
    stage(hand).go_to(12)
    stage(hand).change_projector()
    other = stage(hand).projector.page
    assert other.moment == 12
    page.view.pointed.emit(3)
    assert other.sample.chosen == page.sample.chosen
    assert other.sample.chosen == page.record[0].looks[12].moment.place_of(3)
    stage(hand).change_projector()


def test_the_two_places_of_a_pixel(hand, at):
    page = at("analogies")
    stage(hand).go_to(25)
    assert page.said() == "Level 1 of 3, row 2, pixel 2"
    place = page._places()["Bp"]
    heard = []
    page.looked.connect(heard.append)
    QTest.mouseMove(page, place.topLeft().toPoint() + QPoint(3, 3))
    hand.qtbot.waitUntil(lambda: heard == [(0, 0)])
    QTest.mouseMove(page, page.rect().bottomRight())
    hand.qtbot.waitUntil(lambda: heard == [(0, 0), None])
    attempt(hand, "κ = 0")
    assert page.record.kappa == 0
    assert page.record.levels[-1].tolerated == 1


def test_an_analogy_with_the_picture_that_is_open(hand, at, scratched):
    hand.open(scratched)
    page = at("analogies")
    assert page.about.startswith("A view by numbers")
    attempt(hand, "Pen and ink")
    assert page.about == "scratched.png, 96 × 72"


def test_networks_learn_and_race(hand, at):
    page = at("prior", 2)
    stage(hand).go_to(1)
    assert page.said() == "Iteration 2 of 240"
    assert page._names() == ["The picture", "With noise", "Pixels shuffled", "Only noise"]
    attempt(hand, "Four networks", 1)
    assert page._names() == ["Skip", "Hourglass", "U-Net", "ResNet"]


def test_without_a_sprite_it_says_what_to_do(hand, at, monkeypatch):
    opened = []
    monkeypatch.setattr(hand.window.filing, "open_sample", opened.append)
    page = at("sprites", 0)
    assert page.serve.isVisible()
    QTest.mouseClick(page.serve, Qt.MouseButton.LeftButton)
    assert [sample.id for sample in opened] == ["koi"]


def test_a_creature_is_cut_out_of_its_clip_by_the_way(hand, at, tmp_path):
    path = tmp_path / "dart.mp4"
    last(write_clip(path, running(), Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    page = at("sprites", 40)
    assert page.about.startswith("dart.mp4, 80 poses")
    assert hand.document.sprite is None


def test_a_long_clip_is_cut_in_sprite_mode(hand, at, tmp_path, monkeypatch):
    monkeypatch.setattr(sprites, "_LONGEST", 20)
    path = tmp_path / "dart.mp4"
    last(write_clip(path, running(), Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    page = at("sprites", 0)
    QTest.mouseClick(page.serve, Qt.MouseButton.LeftButton)
    assert hand.window.mode.name == "sprite"


def test_what_each_jump_costs(hand, at, tmp_path):
    write_sprite(tmp_path / "dart.sprite", circles())
    hand.open(tmp_path / "dart.sprite")
    page = at("sprites", 40)
    assert not page.serve.isVisible()
    assert page.rose.isVisible()
    assert page.about == "dart.sprite, 160 poses"
    stage(hand).go_to(30)
    turn = page.record.turns[30]
    assert turn.chosen == 0
    says = "goes on" if turn.goes_on == 0 else "jumps"
    assert page.said() == f"Frame 31 of 400: it {says}"
    attempt(hand, "30")
    assert page.record.control.tables.steering.beta == 30


def test_it_goes_where_it_is_clicked(hand, at, tmp_path):
    write_sprite(tmp_path / "dart.sprite", circles())
    hand.open(tmp_path / "dart.sprite")
    page = at("sprites", 40)
    place = page._stage()
    spot = place.topLeft() + (place.bottomRight() - place.topLeft()) * 0.25
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=spot.toPoint())
    wait_for(hand, 5)
    goal = page.record.turns[0].goal
    assert Point(goal.x / 1200, goal.y / 900) == pytest.approx((0.25, 0.25), abs=0.01)
