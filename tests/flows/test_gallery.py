"""Someone picks a sample: one click and it stands in its mode, and Enter does what it is for."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.files.samples import TASKS, Moved, Sample, Triple, samples
from editor.operations import Loop
from editor.ui import gallery
from editor.ui.modes import MODES
from tests.cli.shell import write
from tests.creature import running

_LONG = 30_000  # ms, after which something hangs


def tiles(height=72, width=96):
    """Bricks in courses: there is something to copy from."""
    y, x = np.mgrid[0:height, 0:width]
    joint = (y % 12 < 2) | ((x + 8 * (y // 12 % 2)) % 16 < 2)
    return np.where(joint[..., None], (210, 205, 190), (150, 80, 60)).astype(np.uint8)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A creature that runs on green: to be looped as well as to be cut out."""
    path = tmp_path_factory.mktemp("clips") / "dart.mp4"
    last(write_clip(path, running(), Fraction(25), ClipOptions(quality=90), overwrite=True))
    return path


@pytest.fixture
def offered(tmp_path, monkeypatch, clip):
    """A sample for each kind of picture, of a few pixels."""
    picture = write(tmp_path / "wall.png", tiles())
    cover = np.zeros((72, 96), np.uint8)
    cover[24:40, 32:52] = 255
    mask = write(tmp_path / "mask.png", cover)
    small = write(tmp_path / "small.png", tiles(40, 40))
    special = {
        "fill": {"mask": mask, "settings": {"method": "smooth"}},
        "retarget": {"protect": mask, "settings": {"width": 75, "height": 100}},
        "reshuffle": {"moves": (Moved(mask, 30, 12),)},
        "texture": {"picture": small, "settings": {"width": 64, "height": 56}},
        "extend": {"settings": {"right": 16}},
        "analogy": {
            "analogy": Triple(picture, write(tmp_path / "dark.png", tiles() // 2), picture),
            "settings": {"preset": "line"},
        },
        "restore": {"truth": picture, "settings": {"task": "jpeg", "iterations": 150}},
        "loop": {"picture": clip, "settings": {"leap": 20}},
        "sprite": {"picture": clip, "settings": {"mirror": True}},
    }
    made = [
        Sample(task, f"A {task}", "Try it.", task, **{"picture": picture, **how})
        for task, how in special.items()
    ]
    monkeypatch.setattr(gallery, "samples", lambda: tuple(made))
    return {sample.task: sample for sample in made}


def click(hand, name):
    """On the card of a sample; then it is open."""
    before = len(hand.parts.session.documents)
    QTest.mouseClick(hand.window.gallery.samples[name], Qt.MouseButton.LeftButton)
    hand.qtbot.waitUntil(lambda: len(hand.parts.session.documents) > before, timeout=_LONG)
    hand.rest()
    assert hand.window.mode.name == name
    assert hand.document.title == f"A {name}"  # as its card is called, and not its file


def enter(hand):
    hand.key("Return")
    hand.rest()


def test_cards_show_their_pictures(offered, hand):
    cards = hand.window.gallery.samples
    assert set(cards) == set(offered)
    hand.qtbot.waitUntil(
        lambda: all(card._picture is not None for card in cards.values()), timeout=_LONG
    )
    assert cards["fill"].accessibleName() == "A fill"


def test_a_mode_brings_its_samples_to_the_top(offered, hand):
    mode = next(mode for mode in MODES if mode.name == "restore")
    hand.window.resize(1280, 500)
    hand.window.rail.chosen.emit(mode)
    bar = hand.window.gallery.verticalScrollBar()
    hand.qtbot.waitUntil(lambda: bar.value() > 0)
    assert hand.window.mode is mode


def test_fill(offered, hand):
    click(hand, "fill")
    assert hand.document.masked
    assert hand.document.source is None  # nobody saves over a sample
    assert hand.window.options.operation().method == "smooth"
    before = hand.document.image
    enter(hand)
    assert (hand.document.image != before).any()


def test_retarget(offered, hand):
    click(hand, "retarget")
    assert hand.document.painted("protect")
    assert hand.document.size == (96, 72)
    enter(hand)
    assert hand.document.size == (72, 72)


def test_reshuffle(offered, hand):
    click(hand, "reshuffle")
    [move] = hand.document.pieces.moves
    assert move.by == (30, 12)
    before = hand.document.image
    enter(hand)
    there, piece = hand.document.image[36:52, 62:82], before[24:40, 32:52]
    assert np.abs(there.astype(int) - piece).mean() < 20
    assert np.abs(before[36:52, 62:82].astype(int) - piece).mean() > 20
    assert not hand.document.pieces.waiting


def test_texture(offered, hand):
    click(hand, "texture")
    enter(hand)
    assert hand.document.size == (64, 56)


def test_extend(offered, hand):
    click(hand, "extend")
    hand.qtbot.waitUntil(lambda: not hand.canvas.view.fitted)  # there is room for what comes on
    enter(hand)
    assert hand.document.size == (112, 72)


def test_analogy(offered, hand):
    click(hand, "analogy")
    doing = hand.window.doing
    assert doing.operation().preset == "line"
    assert len(doing.operation().examples) == 1
    assert {pane.document.title for pane in doing.stage().panes.values() if pane.document} == {
        "A analogy"
    }
    before = hand.document.image
    enter(hand)  # B′ is made
    enter(hand)  # and taken
    assert (hand.document.image != before).any()


def test_restore(offered, hand):
    click(hand, "restore")
    operation = hand.window.doing.operation()
    assert (operation.task, operation.iterations) == ("jpeg", 150)
    assert hand.window.doing.label == "Restore"


def test_loop(offered, hand):
    click(hand, "loop")
    assert hand.window.doing.operation().leap == 20
    enter(hand)
    assert hand.document.finding(Loop) is not None


def test_sprite(offered, hand):
    click(hand, "sprite")
    assert hand.window.doing.operation().mirror
    enter(hand)
    assert hand.document.sprite.mirrored


def test_those_that_come_with_it_all_have_a_card(hand):
    listed = samples()
    assert set(hand.window.gallery.samples) == {sample.id for sample in listed}
    assert {task for group in gallery.GROUPS for task in group.tasks} == set(TASKS)
