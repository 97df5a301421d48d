"""What every tool must have to stand in the tool bar."""

from pathlib import Path

import pytest

from editor.operations.base import params
from editor.tools.base import Pointer
from editor.tools.toolbox import MASK_TOOLS, RESHUFFLE_TOOLS

TOOLS = tuple(dict.fromkeys((*MASK_TOOLS, *RESHUFFLE_TOOLS)))
ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"


def test_names_and_keys_are_each_their_own():
    for what in ("name", "caption", "key"):
        found = [getattr(tool, what) for tool in TOOLS]
        assert len(set(found)) == len(found)
        assert all(found)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_has_an_icon_and_one_calm_line(tool):
    assert (ICONS / f"{tool.icon}.svg").is_file()
    assert tool.hint.endswith(".")
    assert "!" not in tool.hint
    assert len(tool.hint) < 90


@pytest.mark.parametrize("tool", TOOLS)
def test_every_setting_explains_itself(tool):
    for one in params(tool.Settings):
        assert one.help.endswith(".")
        if not isinstance(one.default, bool):
            assert one.more.startswith("Raise it")
            assert one.less.startswith("Lower it")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_at_rest_does_nothing(tool, document):
    tool = tool()
    assert not tool.active
    assert tool.drag(Pointer(5, 5)) is None
    assert tool.hover(Pointer(5, 5)) is None
    assert tool.release(Pointer(5, 5)) is None
    assert tool.finish() is None
    assert tool.back() is None
    tool.cancel()
