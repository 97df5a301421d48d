"""Restore mode: estimated, run, kept or stopped; another checkpoint or strength taken; undone."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.engine.device import Device
from editor.engine.image import Size
from editor.engine.step import last
from editor.operations import Race, Restore, Scene
from editor.ui.modes import MODES

_LONG = 30_000  # ms, after which something hangs


@pytest.fixture
def noisy(tmp_path):
    y, x = np.mgrid[:48, :64]
    ramp = np.dstack([60 + x * 2, 80 + y * 2, 100 + x + y]).astype(np.float32)
    noise = np.random.default_rng(2).normal(0, 20, ramp.shape)
    path = tmp_path / "noisy.png"
    Image.fromarray(np.clip(ramp + noise, 0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def restoring(hand, noisy):
    hand.open(noisy)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "restore"))
    options(hand, iterations=12)
    return hand


def options(hand, **values):
    """Set them as a person would."""
    shown = hand.window.options
    shown.set_operation(Restore(**{**shown.operation().to_dict(), **values}))
    shown.changed.emit(shown.operation())
    hand.rest()


def restored(hand):
    hand.key("Return")
    assert labels(hand)[-1].startswith("Restore")
    return hand.document.image


def labels(hand):
    return [state.label for state in hand.document.history.states]


def panel(hand):
    return hand.window.restore_panel


def scrub(hand, iteration):
    """Drag the line to an iteration."""
    view = panel(hand).view
    place = QPoint(round(view._x(iteration)), view.height() - 20)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place)
    hand.rest()


def begun(hand, qtbot):
    """Press Enter on a long one and wait for its first picture."""
    options(hand, iterations=20_000, automatic=False)
    QTest.keyClick(hand.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel(hand).view.isVisible(), timeout=_LONG)
    assert hand.parts.session.solving


def test_before_it_begins_it_says_what_it_will_take(restoring, qtbot):
    qtbot.waitUntil(lambda: "of memory" in panel(restoring)._words.text(), timeout=_LONG)
    assert panel(restoring)._words.text().startswith("At most ")
    options(restoring, task="inpaint")
    qtbot.waitUntil(lambda: "mask is empty" in panel(restoring)._words.text(), timeout=_LONG)


def test_enter_restores_and_one_undo_takes_it_back(restoring):
    before = restoring.document.image.copy()
    after = restored(restoring)
    assert not np.array_equal(after, before)
    assert panel(restoring).view.isVisible()
    assert "Taken from iteration 12" in panel(restoring)._words.text()
    restoring.key("Ctrl+Z")
    assert np.array_equal(restoring.document.image, before)
    assert not panel(restoring).view.isVisible()
    restoring.key("Ctrl+Shift+Z")
    assert panel(restoring).view.isVisible()


def test_before_another_picture_the_bar_says_what_is_worked_at(restoring, qtbot):
    begun(restoring, qtbot)
    bar, session = restoring.window.action_bar, restoring.parts.session
    first = restoring.document
    qtbot.waitUntil(lambda: bar._percent.text().endswith(" %"), timeout=_LONG)
    assert not bar._percent.text().startswith(first.title)
    width = bar.width()
    session.add(first.image, "another.png")
    qtbot.waitUntil(lambda: bar._percent.text().startswith(first.title), timeout=_LONG)
    assert bar.width() > width
    session.activate(first)
    qtbot.waitUntil(lambda: not bar._percent.text().startswith(first.title), timeout=_LONG)
    assert bar.width() == width
    session.stop()
    restoring.rest()


def test_keep_takes_the_picture_now(restoring, qtbot):
    before = restoring.document.image.copy()
    begun(restoring, qtbot)
    QTest.mouseClick(restoring.window.action_bar._keep, Qt.MouseButton.LeftButton)
    restoring.rest()
    assert labels(restoring)[-1] == "Restore"
    assert not np.array_equal(restoring.document.image, before)
    command = restoring.document.history.now.command
    assert 0 < command.curve.taken == command.curve.done < 20_000


def test_esc_leaves_everything_as_it_was(restoring, qtbot):
    before = restoring.document.image.copy()
    begun(restoring, qtbot)
    restoring.key("Esc")
    assert labels(restoring) == ["Open “noisy.png”"]
    assert np.array_equal(restoring.document.image, before)
    assert not panel(restoring).view.isVisible()


def test_any_checkpoint_can_be_seen_and_taken_in_place_of_the_result(restoring):
    result = restored(restoring)
    scrub(restoring, 5)
    assert np.array_equal(restoring.document.image, result)  # it is only looked at
    assert "looking at iteration" in panel(restoring)._words.text()
    assert restoring.window.doing.label == "Take"
    restoring.key("Return")
    curve = restoring.document.history.now.command.curve
    taken = curve.nearest(5)
    assert np.array_equal(restoring.document.image, taken.pixels)
    assert curve.taken == taken.iteration
    assert labels(restoring) == ["Open “noisy.png”", "Restore"]
    assert restoring.window.doing.label == "Restore"


def test_esc_goes_back_to_the_result(restoring):
    result = restored(restoring)
    scrub(restoring, 5)
    restoring.key("Esc")
    assert panel(restoring).view.chosen == 12
    assert np.array_equal(restoring.document.image, result)
    assert labels(restoring)[-1] == "Restore"


def test_the_link_takes_too_and_back_at_the_result_there_is_nothing_to_take(restoring):
    restored(restoring)
    scrub(restoring, 5)
    scrub(restoring, 12)
    assert not panel(restoring).link.isVisible()
    scrub(restoring, 5)
    panel(restoring).link.click()
    restoring.rest()
    assert restoring.document.history.now.command.curve.taken < 8


def test_strength_is_moved_afterwards(restoring, qtbot):
    before = restoring.document.image.copy()
    result = restored(restoring).copy()
    options(restoring, strength=50)
    mean = (before.astype(float) + result) / 2
    qtbot.waitUntil(lambda: np.abs(restoring.document.image - mean).max() <= 1, timeout=_LONG)
    assert labels(restoring) == ["Open “noisy.png”", "Restore"]
    options(restoring, strength=100)
    qtbot.waitUntil(lambda: np.array_equal(restoring.document.image, result), timeout=_LONG)
    restoring.key("Ctrl+Z")
    assert np.array_equal(restoring.document.image, before)


def test_only_what_is_painted_changes(restoring):
    before = restoring.document.image.copy()
    restoring.window.tools.choose("rectangle")
    restoring.drag((20, 10), (40, 30))
    after = restored(restoring)
    outside = restoring.document.mask == 0
    assert outside.any()
    assert not outside.all()
    assert np.array_equal(after[outside], before[outside])
    assert not np.array_equal(after, before)


def test_missing_pixels_have_to_be_painted_first(restoring):
    options(restoring, task="inpaint")
    restoring.key("Return")
    assert labels(restoring) == ["Open “noisy.png”"]
    assert any("Paint over the missing pixels" in said for said in restoring.shown())


def test_a_picture_is_enlarged_and_another_checkpoint_of_it_taken(restoring):
    options(restoring, task="superres", scale="2", iterations=12)
    restored(restoring)
    assert restoring.document.size == Size(128, 96)
    scrub(restoring, 1)
    restoring.key("Return")
    assert restoring.document.size == Size(128, 96)
    assert restoring.document.history.now.command.curve.taken == 1
    assert len(labels(restoring)) == 2
    restoring.key("Ctrl+Z")
    assert restoring.document.size == Size(64, 48)


def test_another_document_in_front_has_its_own_progress(restoring, noisy):
    restored(restoring)
    other = noisy.with_stem("other")
    other.write_bytes(noisy.read_bytes())
    restoring.open(other)
    assert not panel(restoring).view.isVisible()
    first = restoring.parts.session.documents[0]
    restoring.parts.session.activate(first)
    assert panel(restoring).view.isVisible()


def paused(hand, qtbot, **values):
    """Start, and tap the space bar once there is a picture."""
    options(hand, **{"iterations": 300, "automatic": False, **values})
    QTest.keyClick(hand.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel(hand).view.isVisible(), timeout=_LONG)
    QTest.keyClick(hand.canvas, Qt.Key.Key_Space)
    hand.rest()
    assert "Paused at iteration" in panel(hand)._words.text()


def uninterrupted(image, **values):
    values = {"iterations": 300, "automatic": False, **values}
    steps = Restore(**values).steps(Scene(image), Device())
    return last(steps).on(image)


def test_space_pauses_and_space_goes_on_to_the_same_bytes(restoring, qtbot):
    before = restoring.document.image.copy()
    paused(restoring, qtbot)
    assert np.array_equal(restoring.document.image, before)
    assert restoring.canvas._shown._preview is not None
    assert restoring.window.doing.label == "Go on"
    assert not restoring.document.history.saved  # or closing it would lose the work
    bar = restoring.window.action_bar
    assert bar._keep.isVisible()
    assert not bar._pause.isVisible()
    QTest.keyClick(restoring.canvas, Qt.Key.Key_Space)
    restoring.rest()
    assert np.array_equal(restoring.document.image, uninterrupted(before))
    assert labels(restoring) == ["Open “noisy.png”", "Restore"]
    assert restoring.window.doing.label == "Restore"
    assert not bar._keep.isVisible()


def test_a_project_is_reopened_and_the_restoration_goes_on(restoring, qtbot, tmp_path):
    before = restoring.document.image.copy()
    paused(restoring, qtbot)
    iteration = panel(restoring)._words.text().split()[3]
    path = tmp_path / "noisy.patina"
    restoring.parts.filing.save(restoring.document, path, restoring.window.project_settings())
    restoring.rest()
    assert restoring.document.history.saved
    restoring.parts.session.close_document(restoring.document)
    restoring.open(path)
    assert f"Paused at iteration {iteration} " in panel(restoring)._words.text()
    assert restoring.canvas._shown._preview is not None
    restoring.key("Return")
    assert np.array_equal(restoring.document.image, uninterrupted(before))


def test_what_is_paused_can_be_kept_or_left(restoring, qtbot):
    before = restoring.document.image.copy()
    paused(restoring, qtbot)
    QTest.mouseClick(restoring.window.action_bar._keep, Qt.MouseButton.LeftButton)
    restoring.rest()
    assert labels(restoring)[-1] == "Restore"
    assert not np.array_equal(restoring.document.image, before)
    restoring.key("Ctrl+Z")
    paused(restoring, qtbot)
    restoring.key("Esc")
    assert restoring.window.doing.label == "Restore"
    qtbot.waitUntil(lambda: restoring.canvas._shown._preview is None, timeout=_LONG)
    assert np.array_equal(restoring.document.image, before)
    assert not restoring.window.action_bar._keep.isVisible()


def test_another_mode_hides_what_is_paused_and_this_one_shows_it_again(restoring, qtbot):
    paused(restoring, qtbot)
    restoring.window.choose_mode(next(mode for mode in MODES if mode.name == "fill"))
    assert not restoring.window.action_bar._keep.isVisible()
    restoring.window.choose_mode(next(mode for mode in MODES if mode.name == "restore"))
    restoring.rest()
    assert restoring.window.action_bar._keep.isVisible()
    assert restoring.window.doing.label == "Go on"


def test_space_still_pans_while_it_runs(restoring, qtbot):
    begun(restoring, qtbot)
    QTest.keyPress(restoring.canvas, Qt.Key.Key_Space)
    QTest.mousePress(restoring.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    QTest.mouseRelease(restoring.canvas, Qt.MouseButton.LeftButton, pos=QPoint(320, 300))
    QTest.keyRelease(restoring.canvas, Qt.Key.Key_Space)
    assert restoring.parts.session.solving
    restoring.key("Esc")


def race(hand, qtbot, *, keep=True, **values):
    """Press the button of the panel and wait for the first pictures."""
    options(hand, **{"iterations": 600, "automatic": False, **values})
    panel(hand)._rivals.set_value("hourglass-1")
    panel(hand)._race.click()
    stage = hand.window.doing.stage()
    qtbot.waitUntil(lambda: bool(stage.lanes[1].note.text()), timeout=_LONG)
    if keep:
        QTest.mouseClick(hand.window.doing.action_bar._keep, Qt.MouseButton.LeftButton)
        hand.rest()
    return stage


def test_two_networks_race_and_the_better_one_is_taken(restoring, qtbot):
    before = restoring.document.image.copy()
    stage = race(restoring, qtbot)
    assert stage.isVisible()
    assert [lane.name.text() for lane in stage.lanes] == ["The quickest", "Hourglass, 1"]
    assert panel(restoring).race_view.isVisible()
    assert np.array_equal(restoring.document.image, before)
    raced = restoring.window.doing._racing.raced
    QTest.keyClick(stage.lanes[0].canvas, Qt.Key.Key_Right)
    restoring.key("Return")
    assert np.array_equal(restoring.document.image, raced.lanes[1].made.pixels)
    assert labels(restoring) == ["Open “noisy.png”", "Restore"]
    assert restoring.canvas.isVisible()
    assert not panel(restoring).race_view.isVisible()
    assert panel(restoring).view.isVisible()  # its checkpoints can be looked through
    restoring.key("Ctrl+Z")
    assert np.array_equal(restoring.document.image, before)


def test_esc_stops_a_race_and_esc_leaves_one_that_is_over(restoring, qtbot):
    race(restoring, qtbot, keep=False)
    assert restoring.parts.session.solving
    restoring.key("Esc")
    assert restoring.canvas.isVisible()
    stage = race(restoring, qtbot)
    restoring.key("Esc")
    assert not stage.isVisible()
    assert restoring.canvas.isVisible()
    assert labels(restoring) == ["Open “noisy.png”"]


def paused_race(hand, qtbot):
    """Let two race, and tap the space bar on one of the pictures."""
    stage = race(hand, qtbot, keep=False)
    QTest.keyClick(stage.lanes[0].canvas, Qt.Key.Key_Space)
    hand.rest()
    assert "Paused at " in panel(hand)._words.text()
    assert hand.window.doing.label == "Go on"
    assert stage.isVisible()
    return stage


def test_a_race_is_paused_goes_on_and_is_over_where_it_is_kept(restoring, qtbot):
    stage = paused_race(restoring, qtbot)
    assert not restoring.document.history.saved
    before = len(restoring.document.paused(Race).made.lanes[0].course)
    QTest.keyClick(stage.lanes[0].canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: restoring.parts.session.solving, timeout=_LONG)
    QTest.keyClick(stage.lanes[1].canvas, Qt.Key.Key_Space)
    restoring.rest()
    paused = restoring.document.paused(Race)
    assert len(paused.made.lanes[0].course) >= before
    QTest.mouseClick(restoring.window.doing.action_bar._keep, Qt.MouseButton.LeftButton)
    restoring.rest()
    assert restoring.document.paused(Race) is None
    assert restoring.window.doing.label == "Take"
    restoring.key("Return")
    made = paused.made.lanes[0].made
    assert np.array_equal(restoring.document.image, made.on(restoring.document.image))
    assert labels(restoring) == ["Open “noisy.png”", "Restore"]


def test_a_race_that_is_paused_comes_back_with_its_project_and_is_forgotten_with_esc(
    restoring, qtbot, tmp_path
):
    paused_race(restoring, qtbot)
    lanes = restoring.document.paused(Race).made.lanes
    path = tmp_path / "noisy.patina"
    restoring.parts.filing.save(restoring.document, path, restoring.window.project_settings())
    restoring.rest()
    restoring.parts.session.close_document(restoring.document)
    restoring.open(path)
    stage = restoring.window.doing.stage()
    assert [lane.name.text() for lane in stage.lanes] == ["The quickest", "Hourglass, 1"]
    for pane, lane in zip(stage.lanes, lanes, strict=True):
        assert pane.note.text().startswith(f"{len(lane.course):,} iterations")
    restoring.key("Esc")
    assert restoring.canvas.isVisible()
    assert restoring.window.doing.label == "Restore"


def test_both_pictures_of_a_race_are_seen_at_the_same_place(restoring, qtbot):
    stage = race(restoring, qtbot)
    left, right = (lane.canvas for lane in stage.lanes)
    left.zoom_to(3.0)
    assert right.scale == left.scale
    assert np.allclose(right.middle, left.middle, atol=0.01)


def test_too_little_light_asks_for_the_picture_with_flash(restoring, noisy, tmp_path):
    options(restoring, task="flash", iterations=4)
    restoring.key("Return")
    assert labels(restoring) == ["Open “noisy.png”"]
    assert any("taken with flash" in said for said in restoring.shown())
    dark = restoring.document
    bright = tmp_path / "bright.png"
    bright.write_bytes(noisy.read_bytes())
    restoring.open(bright)
    restoring.parts.session.activate(dark)
    restoring.rest()
    assert panel(restoring)._flashes.isVisible()
    assert panel(restoring)._flashes.value().title == "bright.png"
    restored(restoring)
    assert restoring.document is dark
    scrub(restoring, 2)
    restoring.key("Return")
    assert len(labels(restoring)) == 2


def test_a_race_stays_with_its_document_and_its_mode(restoring, qtbot, noisy):
    stage = race(restoring, qtbot)
    other = noisy.with_stem("other")
    other.write_bytes(noisy.read_bytes())
    restoring.open(other)
    assert restoring.canvas.isVisible()
    assert not panel(restoring).race_view.isVisible()
    restoring.parts.session.activate(restoring.parts.session.documents[0])
    assert stage.isVisible()
    assert panel(restoring).race_view.isVisible()
    restoring.window.choose_mode(next(mode for mode in MODES if mode.name == "fill"))
    assert restoring.canvas.isVisible()
    restoring.window.choose_mode(next(mode for mode in MODES if mode.name == "restore"))
    assert stage.isVisible()
    stage.lanes[0].take.click()
    restoring.rest()
    assert labels(restoring) == ["Open “noisy.png”", "Restore"]


def test_what_is_paused_is_let_go_of_when_the_picture_changes(restoring, qtbot):
    paused(restoring, qtbot)
    restoring.window.actions_["flip_horizontally"].trigger()
    restoring.rest()
    assert restoring.window.doing.label == "Restore"
    assert not restoring.window.action_bar._keep.isVisible()
    qtbot.waitUntil(lambda: restoring.canvas._shown._preview is None, timeout=_LONG)
