"""Options stay as they are until somebody changes them, and a project brings its own."""

from PySide6.QtCore import Qt

from editor.app import place, remember_place
from editor.operations import Extend, Fill
from editor.ui.doings import view
from editor.ui.modes import MODES


def choose(hand, name):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == name))
    hand.rest()


def test_what_a_sample_or_a_project_brought_outlives_a_look_at_another_mode(hand, scratched):
    hand.open(scratched)
    hand.window.options_of("fill").set_operation(Fill(method="smooth", seed=5))
    choose(hand, "extend")
    choose(hand, "fill")
    assert hand.window.options.operation() == Fill(method="smooth", seed=5)


def test_a_project_brings_the_options_of_every_mode_and_opens_in_its_own(hand, scratched, tmp_path):
    hand.open(scratched)
    hand.window.options_of("fill").set_operation(Fill(seed=5))
    choose(hand, "extend")
    hand.window.options.set_operation(Extend(method="exact"))
    path = tmp_path / "a.patina"
    hand.parts.filing.save(hand.document, path, hand.window.project_settings())
    hand.rest()
    hand.key("Ctrl+W")
    hand.window.options.set_operation(Extend())
    choose(hand, "fill")
    hand.window.options.set_operation(Fill())
    hand.open(path)
    assert hand.window.mode.name == "extend"
    assert hand.window.options.operation().method == "exact"
    choose(hand, "fill")
    assert hand.window.options.operation().seed == 5


def test_a_stroke_of_the_mask_makes_no_picture_as_it_was_before(hand, scratched, monkeypatch):
    made = []
    monkeypatch.setattr(view, "before", lambda document: made.append(document))
    hand.open(scratched)
    hand.key("Ctrl+]")
    hand.key("Y")
    assert len(made) == 1
    hand.drag((20, 20), (40, 20))
    assert len(made) == 1
    hand.key("Ctrl+]")
    assert len(made) == 2


def test_a_maximised_window_is_so_again_the_next_time(hand):
    window, settings = hand.window, hand.parts.settings
    size = window.size()
    remember_place(window, settings)
    window.setWindowState(Qt.WindowState.WindowMaximized)
    remember_place(window, settings)
    window.setWindowState(Qt.WindowState.WindowNoState)
    place(window, settings)
    assert window.isMaximized()
    assert settings.get("window", {})["width"] == size.width()
