"""Everything the user can ask for, one frozen description each."""

from editor.operations.align import Align, MeasurePair
from editor.operations.analogy import Analogy
from editor.operations.base import Operation, Param, Scene, param, params
from editor.operations.chains import WalkChain, WatchClip
from editor.operations.extend import Extend
from editor.operations.field import ShowField
from editor.operations.fill import Fill
from editor.operations.filter import ApplyFilter
from editor.operations.grow import Grow
from editor.operations.growth import CompareWindows, GoOn
from editor.operations.heal import FillAgain, Heal
from editor.operations.kappas import CompareKappas
from editor.operations.labels import FindLabels, Relabel
from editor.operations.lecture import RecordField
from editor.operations.lecture_records import RecordAnalogy, RecordFits, RecordGrowth, RecordWalk
from editor.operations.lines import MeasureLines, SuggestLines
from editor.operations.loop import Endless, Loop
from editor.operations.prompt import CompleteFigure
from editor.operations.race import Race, TakeLane, TakeRace
from editor.operations.reshuffle import Reshuffle, TryMoves
from editor.operations.restore import EstimateRestore, Restore, TakeCheckpoint, TakePaused
from editor.operations.retarget import Retarget
from editor.operations.sprite import CutSprite
from editor.operations.steer import LayOut, Steer, WalkPath
from editor.operations.text import GrowText, WatchText
from editor.operations.texture import Texture
from editor.operations.turn import Crop, Flip, Rotate
from editor.operations.variations import Variations

__all__ = [
    "Align",
    "Analogy",
    "ApplyFilter",
    "CompareKappas",
    "CompareWindows",
    "CompleteFigure",
    "Crop",
    "CutSprite",
    "Endless",
    "EstimateRestore",
    "Extend",
    "Fill",
    "FillAgain",
    "FindLabels",
    "Flip",
    "GoOn",
    "Grow",
    "GrowText",
    "Heal",
    "LayOut",
    "Loop",
    "MeasureLines",
    "MeasurePair",
    "Operation",
    "Param",
    "Race",
    "RecordAnalogy",
    "RecordField",
    "RecordFits",
    "RecordGrowth",
    "RecordWalk",
    "Relabel",
    "Reshuffle",
    "Restore",
    "Retarget",
    "Rotate",
    "Scene",
    "ShowField",
    "Steer",
    "SuggestLines",
    "TakeCheckpoint",
    "TakeLane",
    "TakePaused",
    "TakeRace",
    "Texture",
    "TryMoves",
    "Variations",
    "WalkChain",
    "WalkPath",
    "WatchClip",
    "WatchText",
    "param",
    "params",
]
