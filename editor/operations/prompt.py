"""Visual prompt: what the example shows is found out, and the empty cell is completed so."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Picture, Rect
from editor.engine.step import Step, unseen
from editor.operations.analogy import Analogous, Analogy, example, suggested
from editor.operations.base import Operation, Patch, Scene, param

#: What an example may show, in words, and how that is learnt. The simple ones come first.
_FORETOLD: dict[str, dict[str, Any]] = {
    "a change of light": suggested("filter"),
    "a change of every pixel by itself": {**suggested("filter"), "takes": "pixels"},
    "a change of every colour": {**suggested("filter"), "takes": "pixels", "compares": "colour"},
}
_COLOURS, _TEXTURES, _STROKES = "colours for greys", "textures in the place of labels", "strokes"
KINDS = {
    **_FORETOLD,
    _COLOURS: suggested("colour"),
    _TEXTURES: suggested("numbers"),
    _STROKES: suggested("artistic"),
}
_UNTOLD = 0.6  # of the change: what cannot be foretold pixel by pixel was drawn by hand
_TRIAL = 0.3  # of the time, as it is shown
_FIRM = 0.03  # better than a simpler kind must a later one be, as part of the error


def prompted(analogy: Analogy, scene: Scene, device: Device) -> Iterator[Step[Analogous]]:
    """The analogy of the kind that the example shows, which is said."""
    words = yield from unseen(0.0, _TRIAL, tried(analogy, device))
    way = KINDS[words]
    said = f"The example seems to show {words}."
    chosen = dataclasses.replace(analogy, preset="filter", **way)
    for step in chosen.steps(scene, device):
        value = step.value
        if value is not None:
            value = dataclasses.replace(value, notices=(said, *value.notices))
        yield Step(_TRIAL + (1 - _TRIAL) * step.done, value)


def tried(analogy: Analogy, device: Device) -> Iterator[Step[str]]:
    """Which of the kinds foretells one half of the example best from the other one."""
    from editor.engine.visual_prompt import halves, is_grey, is_map, unlikeness

    A, Ap = analogy.examples[0].A[0], analogy.examples[0].Ap
    parts = halves(A, Ap)
    if is_map(A) or (is_grey(A) and not is_grey(Ap)):
        yield Step(1.0, _TEXTURES if is_map(A) else _COLOURS)
        return
    unchanged = sum(unlikeness(*part) for part in parts) / 2
    best, least = _STROKES, math.inf
    for number, kind in enumerate(_FORETOLD):
        error = 0.0
        for known, (B, truth) in (parts, parts[::-1]):
            trial = Analogy(examples=(example(*known),), seed=analogy.seed, **KINDS[kind])
            made = None
            try:
                for step in trial.steps(Scene(B), device):
                    made = made if step.value is None else step.value
                    yield Step(number / len(_FORETOLD))
            except ValueError:  # a half that says nothing, as of a single colour
                error = math.inf
                break
            assert made is not None
            error += unlikeness(made.pixels, truth) / 2
        if error < least * (1 - _FIRM):
            best, least = kind, error
    yield Step(1.0, best if least <= _UNTOLD * unchanged else _STROKES)


@dataclass(frozen=True)
class CompleteFigure(Operation):
    """Of a picture of two by two cells, one of which is empty: what belongs into it."""

    label: ClassVar[str] = "Complete figure"

    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result, pixel for pixel.",
    )

    @classmethod
    def warm_up(cls) -> None:
        Analogy.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        *shown, empty = _cells(scene.image)
        A, Ap, B = (np.ascontiguousarray(scene.image[one.slices]) for one in shown)
        analogy = Analogy(preset="prompt", seed=self.seed, examples=(example(A, Ap),))
        for step in analogy.steps(Scene(B), device):
            made = step.value
            patch = None if made is None else Patch(empty, made.pixels, notices=made.notices)
            yield Step(step.done, patch)


def split(figure: Picture) -> tuple[Picture, Picture, Picture]:
    """A, A′ and B of a figure. Raises ValueError for one that has no empty cell."""
    A, Ap, B = (np.ascontiguousarray(figure[one.slices]) for one in _cells(figure)[:3])
    return A, Ap, B


def _cells(figure: Picture) -> list[Rect]:
    """All four in one size: a line that is drawn between them may take a pixel from one."""
    from editor.engine.visual_prompt import cells

    found = cells(figure)
    width, height = min(one.width for one in found), min(one.height for one in found)
    return [Rect(one.x, one.y, width, height) for one in found]
