"""What a mode is: the tools, the operation and the words that belong together."""

from __future__ import annotations

from dataclasses import dataclass

from editor.operations import Fill, Loop, Operation
from editor.tools.base import Tool
from editor.tools.toolbox import FILL_TOOLS


@dataclass(frozen=True, slots=True)
class Mode:
    name: str  # for settings and the command line
    caption: str
    icon: str
    operation: type[Operation]  # what Enter does
    tools: tuple[type[Tool], ...]
    needs_mask: str = ""  # what to say when Enter is pressed and nothing is painted
    shows: str = "canvas"  # or "loop"


MODES = (
    Mode(
        name="fill",
        caption="Fill",
        icon="fill",
        operation=Fill,
        tools=FILL_TOOLS,
        needs_mask="Paint over what should go, then press Enter.",
    ),
    Mode(name="loop", caption="Loop", icon="loop", operation=Loop, tools=(), shows="loop"),
)
