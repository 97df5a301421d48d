"""The examples that come with Analogy mode: A, A′ and B for each purpose."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from editor.resources import resource


@dataclass(frozen=True, slots=True)
class AnalogySample:
    """One entry of resources/samples/analogies/analogies.json."""

    preset: str
    title: str
    sentence: str
    A: Path
    Ap: Path
    B: Path


def analogy_samples() -> tuple[AnalogySample, ...]:
    folder = resource("samples", "analogies")
    listed = json.loads((folder / "analogies.json").read_text("utf-8"))
    return tuple(
        AnalogySample(
            one["preset"],
            one["title"],
            one["sentence"],
            *(folder / one[name] for name in ("A", "Ap", "B")),
        )
        for one in listed
    )
