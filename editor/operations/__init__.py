"""Everything the user can ask for, one frozen description each."""

from editor.operations.base import Operation, Param, Scene, param, params
from editor.operations.fill import Fill
from editor.operations.loop import Endless, Loop

__all__ = ["Endless", "Fill", "Loop", "Operation", "Param", "Scene", "param", "params"]
