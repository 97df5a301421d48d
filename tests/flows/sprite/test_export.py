"""Someone records what was steered, and takes it away as a file."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.engine.sprite_stage import Staged
from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.preview import preview
from editor.files.clips.save import write_clip
from editor.files.sprites import read_sprite
from editor.ui import theme
from tests.creature import AROUND, HEIGHT, WIDTH
from tests.flows.sprite.steps import (
    LONG,
    drag,
    press,
    recorded,
    saved_as,
    stage,
)


def test_what_is_recorded_is_exported_as_it_was(steered, tmp_path, monkeypatch):
    recording = recorded(steered)
    path = tmp_path / "take.webm"
    saved_as(monkeypatch, path)
    stage(steered).export_wanted.emit("recording")
    steered.rest()
    assert "take.webm is exported" in steered.shown()[-1]
    with open_clip(path) as film:
        assert film.clip.count == len(recording.taken)
        assert film.clip.alpha
        alpha = film.frame(film.clip.count - 1)[..., 3] / 255
    nothing = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    poses, states = recording.control.tables.poses, recording.taken[-1].states
    drawn = Staged(recording.sprite, poses, [states], [nothing])[0][..., 3] / 255
    assert drawn.sum() > 20
    assert np.abs(alpha - drawn).sum() < 0.1 * drawn.sum()


@pytest.mark.parametrize(("kind", "suffix"), [("path", ".gif"), ("circle", ".mp4")])
def test_films_along_a_path_are_exported(steered, tmp_path, monkeypatch, kind, suffix):
    recorded(steered)
    path = tmp_path / f"out{suffix}"
    saved_as(monkeypatch, path)
    options = steered.window.steer_options
    options.set_operation(type(options.operation())(seconds=1.0, tries=0))
    stage(steered).export_wanted.emit(kind)
    steered.rest()
    assert f"{path.name} is exported" in steered.shown()[-1]
    with open_clip(path) as film:
        assert film.clip.size == (WIDTH, HEIGHT)


def test_sprite_sheet_and_page_are_exported_and_steps_painted_in_both_themes(
    cut, qapp, tmp_path, monkeypatch
):
    for kind, name in (("sprite", "a.sprite"), ("sheet", "b.png"), ("page", "c.html")):
        saved_as(monkeypatch, tmp_path / name)
        stage(cut).export_wanted.emit(kind)
        cut.rest()
        assert name in cut.shown()[-1]
    for name in ("light", "dark"):
        theme.apply(qapp, theme.Theme.named(name))
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            QTest.keyClick(stage(cut), key)
            assert not cut.window.grab().isNull()
    card = preview(tmp_path / "a.sprite", 512)
    assert card.shape[2] == 3
    assert tuple(card[0, 0]) == (230, 230, 230)
    assert read_sprite(tmp_path / "a.sprite").count == 2 * AROUND
    assert len(json.loads((tmp_path / "b.json").read_text())["frames"]) == 2 * AROUND
    assert "dart.mp4" in (tmp_path / "c.html").read_text("utf-8")


def test_an_exported_sprite_opens_and_can_be_steered(cut, tmp_path, monkeypatch):
    path = tmp_path / "dart.sprite"
    saved_as(monkeypatch, path)
    stage(cut).export_wanted.emit("sprite")
    cut.rest()
    cut.open(path)
    assert cut.window.mode.name == "sprite"
    assert stage(cut).step == "steer"
    actor = stage(cut).steer.actor
    assert actor.control is not None
    actor.play(False)
    before = actor.states[0].point
    for _ in range(10):
        actor.step()
    assert actor.states[0].point != before


def test_ctrl_s_saves_a_sprite_as_a_sprite(cut, tmp_path, monkeypatch):
    path = tmp_path / "dart.sprite"
    saved_as(monkeypatch, path)
    stage(cut).export_wanted.emit("sprite")
    cut.rest()
    cut.open(path)
    asked = []

    def ask(_, title, suggested, kinds):
        asked.append((title, suggested, kinds))
        return str(tmp_path / "less"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    stage(cut).frames.rejected_changed.emit(frozenset({3}))
    cut.rest()
    for keys in ("Ctrl+S", "Ctrl+Shift+S"):
        cut.key(keys)
        assert read_sprite(tmp_path / "less.sprite").count == 2 * AROUND - 1
        assert "less.sprite is saved" in cut.shown()[-1]
    assert asked[0] == ("Save sprite", str(path), "Sprite (*.sprite)")
    # The second time it is there already, which the dialog cannot know before the ending is added.
    assert [Path(suggested).name for _, suggested, _ in asked[1:]] == ["less.sprite"] * 2
    stage(cut).frames.rejected_changed.emit(frozenset({3, 4}))
    cut.rest()
    cut.key("Ctrl+S")  # it knows where
    assert read_sprite(tmp_path / "less.sprite").count == 2 * AROUND - 2
    assert len(asked) == 3


def test_a_clip_plays_behind_it_at_its_own_rate_on_the_stage_and_in_films(
    steered, tmp_path, monkeypatch, qtbot
):
    """The clip behind it has 10 grey levels and lasts 2 s; the creature has 25 frames a second."""
    path, page = tmp_path / "steps.mp4", stage(steered).steer
    levels = np.arange(10, dtype=np.uint8) * 20 + 30
    frames = np.broadcast_to(levels[:, None, None, None], (10, 64, 96, 3))
    last(write_clip(path, frames, Fraction(5), ClipOptions(95), overwrite=True))
    page.background_dropped.emit(path)
    steered.rest()
    assert page.background.value() == "file"
    steered.window.edit.do_go()
    page.actor.play(False)
    numbers = []
    for _ in range(30):
        numbers.append(int(page.actor.middle * 5) % 10)
        qtbot.waitUntil(lambda: page.ground.number == numbers[-1], timeout=LONG)
        page.actor.step()
    steered.window.edit.do_go()
    out = tmp_path / "take.mp4"
    saved_as(monkeypatch, out)
    assert [one.beneath for one in page.recording.film()] == numbers
    assert len(set(numbers)) in (6, 7)
    page.background.changed.emit("none")  # what was seen stays what is written
    stage(steered).export_wanted.emit("recording")
    steered.rest()
    with open_clip(out) as film:
        assert film.clip.size == (96, 64)
        shown = [int(film.frame(number)[1, 1].mean()) for number in range(30)]
    assert np.abs(np.subtract(shown, levels[numbers])).max() <= 4
    walk = tmp_path / "circle.mp4"
    saved_as(monkeypatch, walk)
    page.background.changed.emit("file")
    options = steered.window.steer_options
    options.set_operation(type(options.operation())(seconds=1.0, tries=0))
    stage(steered).export_wanted.emit("circle")
    steered.rest()
    with open_clip(walk) as film:
        shown = [int(film.frame(number)[1, 1].mean()) for number in range(25)]
    assert np.abs(np.subtract(shown, levels[np.arange(25) // 5])).max() <= 4


def test_a_slow_recording_is_written_as_slowly(steered, tmp_path, monkeypatch):
    page = stage(steered).steer
    page.speed.changed.emit(0.5)
    recording = recorded(steered, 20)
    assert recording.seconds == pytest.approx(20 / 25 * 2)
    path = tmp_path / "slow.mp4"
    saved_as(monkeypatch, path)
    stage(steered).export_wanted.emit("recording")
    steered.rest()
    with open_clip(path) as film:
        assert film.clip.count == 40


def test_from_the_key_to_a_film_along_a_drawn_path(keyed, tmp_path, monkeypatch, qtbot):
    keyed.key("Return")
    strip = stage(keyed).frames.strip
    at = strip.visualRect(strip.model().index(1, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=at)
    keyed.rest()
    keyed.key("Return")
    actor = stage(keyed).steer.actor
    qtbot.waitUntil(lambda: actor.running, timeout=LONG)
    actor.play(False)
    assert "drawn" not in stage(keyed).exports()
    press(keyed, Qt.Key.Key_D)
    drag(keyed, (20, 20), (76, 20), (76, 60), (20, 60), (20, 21))
    actor.set_copies(2)
    keyed.window.edit.do_go()
    actor.play(False)
    for _ in range(25):
        actor.step()
    keyed.window.edit.do_go()
    assert all(len(one.states) == 2 for one in stage(keyed).steer.recording.taken)
    options = keyed.window.steer_options
    options.set_operation(type(options.operation())(seconds=1.0, tries=0))
    for kind in ("recording", "drawn"):
        saved_as(monkeypatch, tmp_path / f"{kind}.mp4")
        stage(keyed).export_wanted.emit(kind)
        keyed.rest()
        with open_clip(tmp_path / f"{kind}.mp4") as film:
            assert film.clip.count == 25
