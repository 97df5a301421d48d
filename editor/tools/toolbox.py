"""Which tools there are, in the order in which they stand."""

from editor.tools.base import Tool
from editor.tools.brush import Brush
from editor.tools.extend import ExtendTool
from editor.tools.heal import HealBrush, NotThis
from editor.tools.line import LineTool
from editor.tools.move import MoveTool
from editor.tools.resize import ResizeTool
from editor.tools.shapes import Ellipse, Lasso, Polygon, Rectangle
from editor.tools.wand import Wand

MASK_TOOLS: tuple[type[Tool], ...] = (Brush, Rectangle, Ellipse, Lasso, Polygon, Wand)
FILL_TOOLS: tuple[type[Tool], ...] = (*MASK_TOOLS, LineTool, HealBrush, NotThis)
RESHUFFLE_TOOLS: tuple[type[Tool], ...] = (MoveTool, Rectangle, Ellipse, Lasso, Polygon, Wand)
REGION_TOOLS: tuple[type[Tool], ...] = (Brush, Rectangle, Ellipse, Lasso, Polygon)  # of a clip
EXTEND_TOOLS: tuple[type[Tool], ...] = (ExtendTool,)
RETARGET_TOOLS: tuple[type[Tool], ...] = (ResizeTool, *MASK_TOOLS, LineTool)
