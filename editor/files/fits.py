"""A fit that is paused, as a project keeps it: its arrays as planes, what they are as JSON.

Two that race are kept as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.curve import Curve, Saved, lanes_of

_NAME = "fit"
# Projects hold no numbers of these depths: they are kept in words of another one.
_WORDS = {"float64": "int32", "int64": "int32", "float16": "int16"}


class Kept(NamedTuple):
    """What was asked for, by the names of its options, and all that is needed to go on."""

    values: Mapping[str, Any]
    saved: Saved


def packed(kept: Kept) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Settings and planes of a project."""
    shapes, planes = {}, {}
    for name, array in kept.saved.items():
        shapes[name] = [array.dtype.name, list(array.shape)]
        if array.size:
            rows = np.ascontiguousarray(array if array.ndim > 1 else array.reshape(1, -1))
            planes[f"{_NAME}_{name}"] = rows.view(_WORDS.get(array.dtype.name, array.dtype))
    return {_NAME: {"values": dict(kept.values), "arrays": shapes}}, planes


def unpacked(settings: Mapping[str, Any], planes: Mapping[str, NDArray[Any]]) -> Kept | None:
    """From a project; None if it has none, or none that makes sense."""
    said = settings.get(_NAME)
    if said is None:
        return None
    saved: Saved = {}
    try:
        for name, (depth, shape) in said["arrays"].items():
            words = planes.get(f"{_NAME}_{name}", np.zeros(0, _WORDS.get(depth, depth)))
            if words.dtype != _WORDS.get(depth, depth):
                return None
            saved[name] = np.ascontiguousarray(words).reshape(-1).view(depth).reshape(shape)
        for lane in lanes_of(saved):
            Curve.of(lane)
            float(lane["progress"])
        return Kept(dict(said["values"]), saved)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
