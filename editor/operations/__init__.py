"""Everything the user can ask for, one frozen description each."""

from editor.operations.base import Operation, Param, Scene, param, params
from editor.operations.fill import Fill

__all__ = ["Fill", "Operation", "Param", "Scene", "param", "params"]
