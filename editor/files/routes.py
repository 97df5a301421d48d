"""Paths that a sprite should follow: JSON, their points in pixels of the stage."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

from editor.engine.image import Point
from editor.engine.sprite import Goal, Route
from editor.files.problems import FileProblem, reason, shown, word

_MOST = 4 << 20  # bytes of JSON
_MOST_POINTS = 100_000
_FARTHEST = 1_000_000  # pixels

_MOST_DRAWN, _LONGEST_DRAWN = 2000, 200_000  # points and pixels: the window draws it at once

_FORM = '{"points": [[x, y], …], "closed": true, "curved": true}'


def read_route(path: Path) -> Route:
    """Raises FileProblem."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise ValueError("it is too long for a path")
        return _route(json.loads(data.decode("utf-8")))
    except OSError as problem:
        raise FileProblem(f"{shown(path)} cannot be read: {reason(problem)}") from problem
    except (ValueError, RecursionError) as problem:
        broken = isinstance(problem, UnicodeDecodeError | json.JSONDecodeError | RecursionError)
        told = f"it is no JSON such as {_FORM}" if broken else problem
        raise FileProblem(f"{shown(path)} cannot be used: {told}") from problem


def goal_to_json(goal: Goal) -> Any:
    """A path, or a place, as a file tells it."""
    if not isinstance(goal, Route):
        return None if goal is None else list(goal)
    told: dict[str, Any] = {"points": [list(point) for point in goal.points]}
    return told | {name: True for name in ("closed", "curved") if getattr(goal, name)}


def goal_from_json(told: Any) -> Goal:
    """Raises ValueError for what is neither a path nor a place."""
    if told is None:
        return None
    if not isinstance(told, dict):
        return _point(told)
    route = _route(told)
    length = sum(math.dist(*ends) for ends in pairwise(route.points))
    if len(route.points) > _MOST_DRAWN or length > _LONGEST_DRAWN:
        raise ValueError(f"the path is {length:.0f} pixels long: nobody drew it on a stage")
    return route


def _route(told: Any) -> Route:
    if not isinstance(told, dict) or not isinstance(told.get("points"), list):
        raise ValueError(f"it is not {_FORM}")
    unknown = next((name for name in told if name not in ("points", "closed", "curved")), None)
    if unknown is not None:
        raise ValueError(f"there is no {word(unknown)} in a path: it is {_FORM}")
    if len(told["points"]) > _MOST_POINTS:
        raise ValueError(f"it has {len(told['points'])} points: at most {_MOST_POINTS}")
    flags = [told.get(name, False) for name in ("closed", "curved")]
    if not all(isinstance(flag, bool) for flag in flags):
        raise ValueError("closed and curved are true or false")
    return Route(tuple(_point(one) for one in told["points"]), *flags)


def _point(told: Any) -> Point:
    good = isinstance(told, list) and len(told) == 2
    if not good or not all(_is_number(value) for value in told):
        raise ValueError(f"{word(told)} is no point: it is [x, y], in pixels of the stage")
    return Point(float(told[0]), float(told[1]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and type(value) is not bool and abs(value) <= _FARTHEST
