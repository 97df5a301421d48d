"""Everything the user can ask for, one frozen description each."""

from editor.operations.analogy import Analogy
from editor.operations.base import Operation, Param, Scene, param, params
from editor.operations.field import ShowField
from editor.operations.fill import Fill
from editor.operations.heal import FillAgain, Heal
from editor.operations.lines import MeasureLines, SuggestLines
from editor.operations.loop import Endless, Loop
from editor.operations.retarget import Retarget
from editor.operations.variations import Variations

__all__ = [
    "Analogy",
    "Endless",
    "Fill",
    "FillAgain",
    "Heal",
    "Loop",
    "MeasureLines",
    "Operation",
    "Param",
    "Retarget",
    "Scene",
    "ShowField",
    "SuggestLines",
    "Variations",
    "param",
    "params",
]
