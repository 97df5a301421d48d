"""Read the guides of a fill: lines as JSON, and the picture of the regions that it names."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from editor.engine.guides import Guides, check_guides, lines_from_json
from editor.engine.image import Size
from editor.files.problems import FileProblem, reason, shown

_MOST = 4 << 20  # bytes of JSON


def read_guides(path: Path, size: Size) -> Guides:
    """For a picture of this size. Raises FileProblem."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise ValueError("it is too long for guides")
        lines, name = lines_from_json(data.decode("utf-8"))
        guides = Guides(lines, None if name is None else _labels(path.parent / name))
        check_guides(guides, size)
    except OSError as problem:
        raise FileProblem(f"{shown(path)} cannot be read: {reason(problem)}") from problem
    except ValueError as problem:  # also UnicodeDecodeError
        told = "it is no text" if isinstance(problem, UnicodeDecodeError) else problem
        raise FileProblem(f"{shown(path)} cannot be used: {told}") from problem
    return guides


def _labels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The numbers of the regions, as they are in a grey picture of 8 bits."""
    from editor.files.read import read_picture

    pixels = read_picture(path).pixels
    if pixels.ndim != 2 or pixels.dtype != np.uint8:
        kind = "grey" if pixels.ndim == 2 else "coloured"
        raise ValueError(f"{shown(path)} is {kind} {pixels.dtype}: labels are grey with 8 bits")
    return pixels
