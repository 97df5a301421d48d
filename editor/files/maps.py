"""Maps that were made with a picture, as a project keeps them: names as JSON, pixels as planes.

Trap: when the picture is exported they are written beside it under the names they have here. One
that could lead to another folder is no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from editor.engine.image import Picture, Size, check_picture
from editor.files.kinds import for_saving
from editor.files.problems import FileProblem, word

_NAME = "maps"
_LONGEST = 200  # letters of a file's name; with that of its picture the disk takes some more


def packed(maps: Mapping[str, Picture]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Settings and planes of a project."""
    if not maps:
        return {}, {}
    planes = {_plane(number): one for number, one in enumerate(maps.values(), start=1)}
    return {_NAME: list(maps)}, planes


def unpacked(
    settings: Mapping[str, Any], planes: Mapping[str, NDArray[Any]], image: Picture
) -> tuple[dict[str, Picture], tuple[str, ...]]:
    """From a project: the maps by their names, and a sentence on each that makes no sense."""
    names = settings.get(_NAME, [])
    if not isinstance(names, list):
        return {}, ("Its maps are left out: what it says of them is damaged.",)
    maps, told = {}, []
    for number, name in enumerate(names, start=1):
        try:
            maps[_checked(name)] = _fitting(planes.get(_plane(number)), image)
        except ValueError as error:
            told.append(f"Its map {word(name)} is left out: {error}.")
    return maps, tuple(told)


def _plane(number: int) -> str:
    return f"map_{number}"


def _checked(name: Any) -> str:
    """The name of a file that can be written beside another."""
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST:
        raise ValueError("a file cannot be called so")
    if any(letter in name for letter in "/\\:") or not name.isprintable():
        raise ValueError("a file cannot be called so")
    try:
        for_saving(Path(name))
    except FileProblem:
        raise ValueError("no picture is written with this ending") from None
    return name


def _fitting(pixels: NDArray[Any] | None, image: Picture) -> Picture:
    if pixels is None:
        raise ValueError("its pixels are missing")
    check_picture(pixels)
    if Size.of(pixels) != Size.of(image):
        raise ValueError(f"it is {Size.of(pixels)} and the picture {Size.of(image)}")
    return pixels
