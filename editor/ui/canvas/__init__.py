"""The canvas: a picture of any size, its mask, and the hand that works on it."""

from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.overlay import OVERLAY_COLOURS
from editor.ui.canvas.view import View

__all__ = ["OVERLAY_COLOURS", "Canvas", "View"]
