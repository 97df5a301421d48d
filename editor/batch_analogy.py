"""What an analogy is made of besides B: on the command line, pictures that are read once."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from editor.engine.image import Picture
from editor.flags import Given
from editor.operations.analogy import Analogy, Example, example


def _with_examples(analogy: Analogy, asked: argparse.Namespace) -> Analogy:
    """With A, A′, the other pairs of them, and what says something of A and B beside them."""
    from editor.files.read import read_picture

    def read(path: Path) -> Picture:
        return read_picture(path).pixels

    for flag in ("pairs", "guides"):
        if len(getattr(asked, flag)) % 2:
            raise ValueError(f"--{flag} has {len(getattr(asked, flag))} pictures: two are a pair")
    if asked.guides and asked.pairs:
        raise ValueError("--guides and --pairs cannot be used together: guides belong to one A")
    if asked.guides and len(asked.images) > 1:
        raise ValueError("--guides lie on one B: make one B at a time with them")
    others = [read(path) for path in asked.pairs]
    guides = [read(path) for path in asked.guides]
    first = Example((read(asked.A), *guides[::2]), read(asked.AP))
    more = [example(*pair) for pair in zip(others[::2], others[1::2], strict=True)]
    return dataclasses.replace(analogy, examples=(first, *more), beside=tuple(guides[1::2]))


EXAMPLES = Given(
    (
        ("A", "a picture before the change"),
        ("AP", "A′, the same picture after it: of the same size, pixel upon pixel"),
    ),
    (
        ("--pairs", "PICTURE", "more pictures before and after the change: A2 AP2 A3 AP3 …"),
        (
            "--guides",
            "PICTURE",
            "more pictures that say what belongs where, of A and of B in turn: GA GB GA2 GB2 …",
        ),
    ),
    _with_examples,
)
