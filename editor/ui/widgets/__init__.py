"""The small widgets that every panel is made of.

Widgets that hold a value share four things: ``value()``, a silent ``set_value(value)``, and the
signals ``changed(object)`` (live, while the person moves it) and ``committed(object)`` (once, when
they let go). Signals tell only what the person did, so nothing can go round in circles.
"""

from editor.ui.widgets.card import Card
from editor.ui.widgets.chip import Chip
from editor.ui.widgets.choice_box import ChoiceBox
from editor.ui.widgets.elided_label import ElidedLabel
from editor.ui.widgets.icon_button import IconButton, IconSwitch
from editor.ui.widgets.key_cap import KeyCap
from editor.ui.widgets.labeled_slider import LabeledSlider
from editor.ui.widgets.notice import Notice, Notices
from editor.ui.widgets.number_field import NumberField
from editor.ui.widgets.pill_button import PillButton
from editor.ui.widgets.progress_ring import ProgressRing
from editor.ui.widgets.row import Row
from editor.ui.widgets.scale import Scale
from editor.ui.widgets.section import Section
from editor.ui.widgets.seed_field import SeedField
from editor.ui.widgets.segmented import Segmented
from editor.ui.widgets.slider import Slider
from editor.ui.widgets.switch import Switch

__all__ = [
    "Card",
    "Chip",
    "ChoiceBox",
    "ElidedLabel",
    "IconButton",
    "IconSwitch",
    "KeyCap",
    "LabeledSlider",
    "Notice",
    "Notices",
    "NumberField",
    "PillButton",
    "ProgressRing",
    "Row",
    "Scale",
    "Section",
    "SeedField",
    "Segmented",
    "Slider",
    "Switch",
]
