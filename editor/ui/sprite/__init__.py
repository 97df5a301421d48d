"""The widgets of Sprite mode: a key that is tried, frames that are chosen, a creature that follows.

The stage is given values of the engine and speaks by signals. Whoever shows it says ``end()``
before it goes: it keeps a thread that draws ahead.
"""

from editor.ui.sprite.stage import SpriteStage

__all__ = ["SpriteStage"]
