"""No key means two things."""

from collections import Counter

from editor.tools.toolbox import FILL_TOOLS
from editor.ui.actions import SPECS


def test_every_key_means_one_thing():
    keys = [key for spec in SPECS for key in spec.keys] + [tool.key for tool in FILL_TOOLS]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
