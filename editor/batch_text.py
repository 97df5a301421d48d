"""Texts on files without the window: read a text, draw one that looks like it, write that."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from editor.batch import Done, Trade, Work
from editor.engine.step import Step
from editor.operations.base import Scene
from editor.operations.text import GrowText
from editor.report import Stopwatch, run_report

if TYPE_CHECKING:
    from editor.engine.text_sample import Sample

_SHOWN = 60  # letters of a copied passage
_NO_PICTURE = np.zeros((1, 1), np.uint8)  # a text has none


def steps(work: Work, source: Path, target: Path) -> Iterator[Step[Done]]:
    """Do the work on one text; the last Step's value says what was done."""
    from editor.files.atomic import write_atomically
    from editor.files.texts import read_text

    assert isinstance(work.operation, GrowText)
    watch = Stopwatch()
    with watch("load"):
        operation = dataclasses.replace(work.operation, text=read_text(source))
    with watch("warmup"):
        operation.warm_up()
    sample: Sample | None = None
    with watch("solve"):
        for step in operation.steps(Scene(_NO_PICTURE), work.device):
            sample = step.value or sample
            yield Step(min(step.done, 0.99))
    assert sample is not None
    text = sample.text
    with watch("save"):
        write_atomically(target, (text.rstrip() + "\n").encode())
    grams = sample.grams
    start, length = sample.longest
    passage = text_of(sample, start, length)
    report = run_report(
        work.name, operation, work.device, watch.seconds,
        {
            "path": str(source),
            "letters": len(operation.text),
            "symbols": len(grams.source.symbols),
            "contexts": grams.contexts,
        },
        {
            "path": str(target),
            operation.unit: len(sample),
            "entropy": round(sample.entropy, 4),
            "copied": {operation.unit: length, "passage": passage},
        },
    )  # fmt: skip
    yield Step(1.0, Done(report, (_remark(operation.unit, length, passage),)))


def text_of(sample: Sample, start: int, length: int) -> str:
    """A part of a sample, as it is written."""
    from editor.engine.text_sample import written

    return written(sample.grams.source, sample.codes[start : start + length])


def _remark(unit: str, length: int, passage: str) -> str:
    said = " ".join(passage.split())
    if len(said) > _SHOWN:
        said = f"{said[:_SHOWN]}…"
    one = {"letters": "letter", "words": "word"}[unit]
    return f"The longest passage copied has {length} {one if length == 1 else unit}: “{said}”"


def written_as(target: Path) -> Path:
    return target.with_suffix(".txt")


def shown(output: dict[str, Any]) -> str:
    """What there is to say of a text that was written."""
    unit = "words" if "words" in output else "letters"
    return f"{output[unit]} {unit}"


TEXTS = Trade(
    "FILE",
    "the new text; a folder if there are several",
    steps,
    written_as,
    quality=False,
    shown=shown,
)
