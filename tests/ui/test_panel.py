"""The panel shows what belongs to the mode, and tells what is tuned."""

import pytest
from PySide6.QtWidgets import QLabel

from editor.ui.modes import MODES
from editor.ui.panel import Panel

FILL, RETARGET = MODES[:2]


@pytest.fixture
def sections():
    return {name: QLabel(name) for name in ("size", "mask", "variations")}


@pytest.fixture
def panel(qtbot, sections):
    panel = Panel(sections, QLabel("history"), lambda kind: kind())
    qtbot.addWidget(panel)
    return panel


@pytest.mark.parametrize(("mode", "shown"), [(FILL, "mask variations"), (RETARGET, "size mask")])
def test_a_mode_has_its_own_sections_and_options(panel, sections, mode, shown):
    panel.choose(FILL)
    panel.choose(mode)
    assert {name for name, section in sections.items() if not section.isHidden()} == {
        *shown.split()
    }
    visible = [one for one in (FILL, RETARGET) if not panel.options_of(one.name).isHidden()]
    assert visible == [mode]
    assert isinstance(panel.options_of(mode.name).operation(), mode.operation)


def test_options_are_made_once_and_tell_through_the_panel(panel, qtbot):
    options = panel.options_of("fill")
    assert panel.options_of("fill") is options
    assert panel.operations == {"fill": FILL.operation()}
    with qtbot.waitSignal(panel.tuned) as told:
        options.triggered.emit()
    assert told.args == [FILL.operation()]
