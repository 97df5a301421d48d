"""What a mode is: the tools, the operation, the parts of the panel and the words that belong
together.
"""

from __future__ import annotations

from dataclasses import dataclass

from editor.model.document import Document
from editor.operations import Analogy, Fill, Loop, Operation
from editor.tools.base import Tool
from editor.tools.toolbox import FILL_TOOLS
from editor.ui.doings import AnalogyDoings, LoopDoings, ModeDoings


@dataclass(frozen=True, slots=True)
class Mode:
    name: str  # for settings and the command line
    caption: str
    icon: str
    operation: type[Operation]  # what Enter does
    doings: type[ModeDoings] = ModeDoings
    tools: tuple[type[Tool], ...] = ()
    paints: tuple[str, ...] = ()  # those of MASKS that its tools paint
    sections: tuple[str, ...] = ()  # of the panel, between its options and the history
    needs_mask: str = ""  # what to say when Enter is pressed and nothing is painted
    of_clips: bool = False  # it works on a clip as a whole, else on a picture

    def suits(self, document: Document) -> bool:
        return self.of_clips == (document.film is not None)


MODES = (
    Mode(
        name="fill",
        caption="Fill",
        icon="fill",
        operation=Fill,
        tools=FILL_TOOLS,
        paints=("mask", "sampling", "labels"),
        sections=("mask", "guides", "variations"),
        needs_mask="Paint over what should go, then press Enter.",
    ),
    Mode(
        name="analogy",
        caption="Analogy",
        icon="analogy",
        operation=Analogy,
        doings=AnalogyDoings,
    ),
    Mode(
        name="loop",
        caption="Loop",
        icon="loop",
        operation=Loop,
        doings=LoopDoings,
        of_clips=True,
    ),
)
