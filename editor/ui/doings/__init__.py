"""What the menus do: ``do_NAME`` belongs to the action NAME, and each menu has its file."""

from editor.ui.doings.analogy import AnalogyDoings
from editor.ui.doings.edit import EditDoings
from editor.ui.doings.extend import ExtendDoings
from editor.ui.doings.files import FileDoings
from editor.ui.doings.filters import FilterDoings
from editor.ui.doings.guides import GuideDoings
from editor.ui.doings.image import ImageDoings
from editor.ui.doings.lecture import LectureDoings
from editor.ui.doings.loop import LoopDoings
from editor.ui.doings.masks import MaskDoings
from editor.ui.doings.mode import ModeDoings
from editor.ui.doings.regions import RegionDoings
from editor.ui.doings.reshuffle import ReshuffleDoings
from editor.ui.doings.restore import RestoreDoings
from editor.ui.doings.retarget import RetargetDoings
from editor.ui.doings.sprite import SpriteDoings
from editor.ui.doings.texture import TextureDoings
from editor.ui.doings.tools import ToolDoings
from editor.ui.doings.variations import VariationDoings
from editor.ui.doings.view import ViewDoings

__all__ = [
    "AnalogyDoings",
    "EditDoings",
    "ExtendDoings",
    "FileDoings",
    "FilterDoings",
    "GuideDoings",
    "ImageDoings",
    "LectureDoings",
    "LoopDoings",
    "MaskDoings",
    "ModeDoings",
    "RegionDoings",
    "ReshuffleDoings",
    "RestoreDoings",
    "RetargetDoings",
    "SpriteDoings",
    "TextureDoings",
    "ToolDoings",
    "VariationDoings",
    "ViewDoings",
]
