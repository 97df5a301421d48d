"""Files with names that nobody expects, and many of them at once."""

import numpy as np

from editor.ui.rail import ModeButton
from editor.ui.widgets import LabeledSlider


def test_long_names_and_many_documents_leave_the_menus_their_room(hand):
    session, menus = hand.parts.session, hand.window.header.menus
    width = menus.width()
    for number in range(9):
        session.add(np.zeros((20, 30, 3), np.uint8), f"{number}{'long' * 50}.png")
    hand.rest()
    hand.window.grab()
    assert menus.width() == width == menus.sizeHint().width()
    assert hand.window.width() == 1280
    assert max(hand.window.header.tabs.tabRect(at).width() for at in range(9)) <= 220


def test_a_name_that_is_too_long_is_refused_in_one_sentence(hand, tmp_path):
    hand.rest()
    for name in (f"{'x' * 300}.png", f"{'x' * 300}.patina", f"{'x' * 300}.sprite"):
        hand.parts.filing.open(tmp_path / name)
        hand.rest()
    assert hand.shown()
    assert all(said.endswith("cannot be opened: its name is too long.") for said in hand.shown())
    assert not any("Copy details" in notice.buttons for notice in hand.window.notices.shown())


def test_every_mode_and_every_setting_of_a_tool_says_what_it_is_for(hand, scratched):
    hand.open(scratched)
    assert all(button.toolTip() for button in hand.window.rail.findChildren(ModeButton))
    sliders = [one for one in hand.window.tool_bar.findChildren(LabeledSlider) if one.isVisible()]
    assert len(sliders) == 2  # size and hardness of the brush
    assert all(slider.toolTip() for slider in sliders)
