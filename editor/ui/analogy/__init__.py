"""The widgets of Analogy mode: four pictures that zoom and pan together."""

from editor.ui.analogy.stage import AnalogyStage

__all__ = ["AnalogyStage"]
