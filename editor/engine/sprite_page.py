"""What a page needs to steer a sprite by itself: the tables of a ``Control`` as plain values."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.sprite_sheet import Sheet
from editor.engine.steer import Control

_DIGITS = 5


def page_data(control: Control, sheet: Sheet) -> dict[str, Any]:
    """For JSON: numbers, and arrays as base64 of their little-endian bytes, i int32, f float32."""
    tables, poses = control.tables, control.tables.poses
    found = tables.transitions
    used = int((found.arcs >= 0).sum(axis=1).max())  # jumps of the pose that has most
    cels = [(*place, *pivot) for place, pivot in zip(sheet.places, sheet.pivots, strict=True)]
    arrays: dict[str, NDArray[Any]] = {
        "cel": poses.cel,
        "mirrored": poses.mirrored.astype(np.int32),
        "arcs": found.arcs[:, :used],
        "shift": poses.shift,
        "scale": poses.scale,
        "costs": found.costs[:, :used],
        "ahead": tables.ahead,
        "cels": np.array(cels),
    }
    return {
        "rate": round(float(sheet.sprite.rate), _DIGITS),
        "length": round(control.length, _DIGITS),
        "arrival": control.arrival,
        "alpha": tables.steering.alpha,
        "sigma": control.sigma,
        "slope": poses.perspective.slope,
        "level": poses.perspective.level,
        "shrunk": sheet.scale,
        "tables": {name: _packed(array) for name, array in arrays.items()},
    }


def _packed(array: NDArray[Any]) -> tuple[str, str]:
    kind = "i" if array.dtype.kind in "iu" else "f"
    values = np.ascontiguousarray(array, "<i4" if kind == "i" else "<f4")
    return kind, base64.b64encode(values.tobytes()).decode("ascii")
