"""What Sprite mode does: one file for the mode and its steps, and one for each room of it."""

from editor.ui.doings.sprite.mode import SpriteDoings

__all__ = ["SpriteDoings"]
