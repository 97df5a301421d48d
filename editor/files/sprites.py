"""The sprite file: a zip of PNG cut-outs, their places as JSON, and a thumbnail.

Everything that is read is checked first: sizes before anything is allocated, names before anything
is opened. What reading refuses, writing refuses too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import editor
from editor.engine.cv import cv2
from editor.engine.image import Point, Rect, Size
from editor.engine.sprite import FASTEST, Cel, Cutout, Goal, Sprite
from editor.files import png
from editor.files.problems import free_memory, in_bytes, refused, word
from editor.files.routes import goal_from_json, goal_to_json
from editor.files.safe_zip import SafeZip
from editor.files.whole_zip import DAMAGED, write_zip

FORMAT = 1
SUFFIX = ".sprite"
MOST_CELS = 9_990  # what an archive may hold, with the description and the thumbnail
LONGEST_SIDE = 16_384

_MANIFEST = "sprite.json"
_THUMBNAIL = "thumbnail.png"
_THUMBNAIL_SIDE = 256
_MOST_JSON = 4 << 20
_MOST_NUMBER = 1 << 31
_SMALL = 256 << 20  # bytes of pixels that need no look at the memory


class _Told(NamedTuple):
    """What the description says, checked, before any pixels are read."""

    size: Size
    rate: Fraction
    source: str
    mirrored: bool
    drift: Point
    cels: tuple[tuple[int, int, Rect], ...]  # track, number, place


def write_sprite(path: Path, sprite: Sprite, goal: Goal = None) -> None:
    """Write it, and where it should go, whole or not at all.

    Raises FileProblem; ValueError for what no file can hold.
    """
    check_sprite(sprite)

    write_zip(path, lambda: _entries(sprite, goal), _described)


def _entries(sprite: Sprite, goal: Goal) -> Iterator[tuple[str, str | bytes]]:
    yield _MANIFEST, _manifest(sprite, goal)
    yield _THUMBNAIL, png.encode(_thumbnail(sprite))
    for at, cel in enumerate(sprite.cels):
        yield _entry(at), png.encode(cel.pixels)


def read_sprite(path: Path) -> Sprite:
    """Raises FileProblem, and nothing else."""
    try:
        with SafeZip(path) as archive:
            told = _described(path, archive)
            _check_memory(path, told)
            return _unpacked(path, archive, told)
    except DAMAGED as error:
        raise refused(path, "its description is damaged") from error
    except (MemoryError, cv2.error) as error:
        raise refused(path, "there is not enough memory") from error


def read_goal(path: Path) -> Goal:
    """Where it should go, if it says so and that makes sense. Raises FileProblem."""
    with suppress(*DAMAGED), SafeZip(path) as archive:
        return goal_from_json(json.loads(archive.read(_MANIFEST, _MOST_JSON)).get("goal"))
    return None


def read_thumbnail(path: Path) -> Cutout:
    """The small picture in it, RGBA. Raises FileProblem."""
    try:
        with SafeZip(path) as archive:
            data = archive.read(_THUMBNAIL, 4 * _THUMBNAIL_SIDE**2 + 4096)
    except DAMAGED as error:
        raise refused(path, "it has no thumbnail") from error
    pixels = png.decode(data)
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8:
        raise refused(path, "its thumbnail is damaged")
    thumbnail: Cutout = pixels
    return thumbnail


def check_sprite(sprite: Sprite) -> None:
    """Raise ValueError unless a sprite file can hold it and give it back."""
    if sprite.count > MOST_CELS:
        raise ValueError(
            f"the sprite has {sprite.count} cut-outs: a file holds {MOST_CELS}; save it in parts"
        )
    if not 1 <= min(sprite.size) <= max(sprite.size) <= LONGEST_SIDE:
        raise ValueError(f"the clip is {sprite.size}: a side is at most {LONGEST_SIDE} pixels")
    frame = Rect(0, 0, *sprite.size)
    for cel in sprite.cels:
        if cel.place.empty or cel.place.within(frame) != cel.place:
            raise ValueError(f"the cut-out of frame {cel.number} lies outside the frame")


# ── what is written ──


def _manifest(sprite: Sprite, goal: Goal) -> bytes:
    told: dict[str, Any] = {
        "format": FORMAT,
        "patina": editor.__version__,
        "size": sprite.size,
        "rate": [sprite.rate.numerator, sprite.rate.denominator],
        "source": sprite.source,
        "mirrored": sprite.mirrored,
        "drift": list(sprite.drift),
        "cels": [[cel.track, cel.number, *cel.place] for cel in sprite.cels],
    }
    if goal is not None:
        told["goal"] = goal_to_json(goal)
    return json.dumps(told, separators=(",", ":")).encode()


def _thumbnail(sprite: Sprite) -> NDArray[np.uint8]:
    """The cel of middling size, small."""
    cels = sorted(sprite.cels, key=lambda cel: (cel.area, cel.track, cel.number))
    pixels = cels[len(cels) // 2].pixels
    scale = min(1.0, _THUMBNAIL_SIDE / max(pixels.shape[:2]))
    size = tuple(max(1, round(side * scale)) for side in pixels.shape[1::-1])
    light = pixels.astype(np.float32)
    light[..., :3] *= light[..., 3:] / 255
    small = cv2.resize(light, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 4)
    small[..., :3] *= 255 / np.maximum(small[..., 3:], 1)
    thumbnail: NDArray[np.uint8] = np.rint(np.clip(small, 0, 255)).astype(np.uint8)
    return thumbnail


# ── what is read ──


def _described(path: Path, archive: SafeZip) -> _Told:
    if _MANIFEST not in archive:
        raise refused(path, "it is not a sprite")
    told = json.loads(archive.read(_MANIFEST, _MOST_JSON))
    version = told["format"]
    if type(version) is not int or version < 1:
        raise refused(path, f"its format is {word(version)}")
    if version > FORMAT:
        raise refused(path, f"it was made by a newer Patina (format {word(version)})")
    size = Size(*_whole(told["size"], 2, 1))
    if max(size) > LONGEST_SIDE:
        raise refused(path, f"it describes frames of {word(list(size))} pixels")
    above, below = _whole(told["rate"], 2, 1)
    source, mirrored = told.get("source", ""), told.get("mirrored", False)
    if not isinstance(source, str) or type(mirrored) is not bool:
        raise refused(path, "its description is damaged")
    drift = told.get("drift", [0, 0])
    if not isinstance(drift, list) or not all(type(one) in (int, float) for one in drift):
        raise refused(path, "its description is damaged")
    if len(drift) != 2 or not all(abs(one) <= FASTEST for one in drift):
        raise refused(path, f"its drift is {word(drift)}")
    if not isinstance(told["cels"], list):
        raise refused(path, "its description is damaged")
    if not 1 <= len(told["cels"]) <= MOST_CELS:
        raise refused(path, f"it has {len(told['cels'])} cut-outs")
    cels = tuple(_cel(path, one, size) for one in told["cels"])
    order = [cel[:2] for cel in cels]
    if order != sorted(set(order)):
        raise refused(path, "its cut-outs are not in order")
    name = source.replace("\\", "/").rpartition("/")[2]
    return _Told(size, Fraction(above, below), name, mirrored, Point(*map(float, drift)), cels)


def _cel(path: Path, told: Any, size: Size) -> tuple[int, int, Rect]:
    track, number, *place = _whole(told, 6, 0)
    rect = Rect(*place)
    if rect.empty or rect.within(Rect(0, 0, *size)) != rect:
        raise refused(path, f"the place of a cut-out is {word(list(rect))}")
    return track, number, rect


def _whole(told: Any, count: int, least: int) -> Sequence[int]:
    """So many whole numbers, none of them absurd. Raises ValueError."""
    if not isinstance(told, list) or len(told) != count:
        raise ValueError("a list has another length than it should")
    if not all(type(one) is int and least <= one < _MOST_NUMBER for one in told):
        raise ValueError("a number is not what it can be")
    return told


def _check_memory(path: Path, told: _Told) -> None:
    needed = sum(4 * place.area for _, _, place in told.cels)
    if needed > _SMALL and needed > (free := free_memory()) // 2:
        raise refused(
            path, f"its cut-outs need {in_bytes(needed)} and {in_bytes(free)} of memory are free"
        )


def _unpacked(path: Path, archive: SafeZip, told: _Told) -> Sprite:
    cels = []
    for at, (track, number, place) in enumerate(told.cels):
        shape, size = (place.height, place.width, 4), math.prod((place.height, place.width, 4))
        data = archive.read(_entry(at), size + size // 8 + place.height + 4096)
        pixels = png.decode(data) if png.shape_of(data) == (shape, np.dtype(np.uint8)) else None
        if pixels is None or pixels.shape != shape or pixels.dtype != np.uint8:
            raise refused(path, f"the cut-out {at} is damaged")
        if not pixels[..., 3].any():
            raise refused(path, f"the cut-out {at} is empty")
        cels.append(Cel.of(number, track, place, pixels))
    return Sprite(tuple(cels), told.size, told.rate, told.source, told.mirrored, told.drift)


def _entry(at: int) -> str:
    return f"frames/{at:05d}.png"
