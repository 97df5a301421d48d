"""What a mode is: the tools, the operation, the parts of the panel and the words that belong
together.
"""

from __future__ import annotations

from dataclasses import dataclass

from editor.model.document import Document
from editor.operations import (
    Analogy,
    CutSprite,
    Extend,
    Fill,
    Loop,
    Operation,
    RecordField,
    Reshuffle,
    Restore,
    Retarget,
    Texture,
)
from editor.tools.base import Tool
from editor.tools.toolbox import (
    EXTEND_TOOLS,
    FILL_TOOLS,
    MASK_TOOLS,
    REGION_TOOLS,
    RESHUFFLE_TOOLS,
    RETARGET_TOOLS,
)
from editor.ui.doings import (
    AnalogyDoings,
    ExtendDoings,
    LectureDoings,
    LoopDoings,
    ModeDoings,
    ReshuffleDoings,
    RestoreDoings,
    RetargetDoings,
    SpriteDoings,
    TextureDoings,
)


@dataclass(frozen=True, slots=True)
class Mode:
    name: str  # for settings and the command line
    caption: str
    icon: str
    help: str  # what it does, in a sentence
    operation: type[Operation]  # what Enter does
    doings: type[ModeDoings] = ModeDoings
    tools: tuple[type[Tool], ...] = ()
    begins_with: str = ""  # a tool; else with the one in hand
    paints: tuple[str, ...] = ()  # those of MASKS that its tools paint
    sections: tuple[str, ...] = ()  # of the panel, between its options and the history
    lines: str = ""  # what a guide line is for
    needs_mask: str = ""  # what to say when Enter is pressed and nothing is painted
    taken: tuple[str, ...] = ()  # keys of tools that mean something else here
    loads_late: bool = False  # what it needs is large, and loaded when it is first chosen
    of_clips: bool = False  # it works on a clip as a whole, else on a picture
    of_sprites: bool = False  # and on a sprite that was opened
    of_anything: bool = False  # it works on all of these

    def suits(self, document: Document) -> bool:
        if self.of_anything:
            return True
        if document.is_sprite:
            return self.of_sprites
        return self.of_clips == (document.film is not None)


MODES = (
    Mode(
        name="fill",
        caption="Fill",
        icon="fill",
        help="Covers what you paint over with what is around it.",
        operation=Fill,
        tools=FILL_TOOLS,
        paints=("mask", "sampling", "labels"),
        sections=("mask", "guides", "variations"),
        lines="Draw a line (G) where an edge goes on through the mask.",
        needs_mask="Paint over what should go, then press Enter.",
    ),
    Mode(
        name="retarget",
        caption="Retarget",
        icon="retarget",
        help="Gives the picture another size or shape; what matters keeps its own.",
        operation=Retarget,
        doings=RetargetDoings,
        tools=RETARGET_TOOLS,
        begins_with="resize",
        paints=("protect", "remove", "labels"),
        sections=("size", "mask", "guides"),
        lines="Draw a line (G) along an edge that must stay straight.",
    ),
    Mode(
        name="reshuffle",
        caption="Reshuffle",
        icon="reshuffle",
        help="Moves things to other places, and their old places heal.",
        operation=Reshuffle,
        doings=ReshuffleDoings,
        tools=RESHUFFLE_TOOLS,
        begins_with="lasso",
        paints=("mask",),
        sections=("pieces", "mask"),
        needs_mask="Draw around a thing, then drag it to where it should be.",
    ),
    Mode(
        name="texture",
        caption="Texture",
        icon="texture",
        help="Grows a texture of any size from a sample.",
        operation=Texture,
        doings=TextureDoings,
        sections=("along",),
    ),
    Mode(
        name="extend",
        caption="Extend",
        icon="extend",
        help="Makes the picture larger: it goes on past its edges.",
        operation=Extend,
        doings=ExtendDoings,
        tools=EXTEND_TOOLS,
        begins_with="extend",
    ),
    Mode(
        name="analogy",
        caption="Analogy",
        icon="analogy",
        help="Does to your picture what was done to another one.",
        operation=Analogy,
        doings=AnalogyDoings,
        tools=REGION_TOOLS,
        sections=("labels", "beside"),
    ),
    Mode(
        name="restore",
        caption="Restore",
        icon="restore",
        help="Takes away noise and JPEG artefacts, enlarges, and makes up missing pixels.",
        operation=Restore,
        doings=RestoreDoings,
        tools=MASK_TOOLS,
        paints=("mask",),
        sections=("restore", "mask"),
        needs_mask="Paint over the missing pixels, then press Enter.",
        loads_late=True,
    ),
    Mode(
        name="loop",
        caption="Loop",
        icon="loop",
        help="Makes a clip play for ever.",
        operation=Loop,
        doings=LoopDoings,
        tools=REGION_TOOLS,
        sections=("regions",),
        taken=("O", "L", "Shift+L"),  # the out point, and play
        of_clips=True,
    ),
    Mode(
        name="sprite",
        caption="Sprite",
        icon="sprite",
        help="Cuts a creature out of a clip, and lets you steer it.",
        operation=CutSprite,
        doings=SpriteDoings,
        sections=("steer",),
        of_clips=True,
        of_sprites=True,
    ),
    Mode(
        name="lecture",
        caption="Lecture",
        icon="lecture",
        help="Shows the algorithms at work.",
        operation=RecordField,
        doings=LectureDoings,
        of_anything=True,
    ),
)
