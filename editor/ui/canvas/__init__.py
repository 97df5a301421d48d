"""The canvas: a picture of any size, its mask, and the hand that works on it."""

from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.overlay import LABEL_COLOURS, OVERLAY_COLOURS
from editor.ui.canvas.view import View
from editor.ui.canvas.whole import StandIn

__all__ = ["LABEL_COLOURS", "OVERLAY_COLOURS", "Canvas", "StandIn", "View"]
