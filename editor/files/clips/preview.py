"""The first frame of a clip, small: for a card in the gallery, without looking through the file."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np

from editor.engine.image import Picture, Size
from editor.files import sprites
from editor.files.clips.container import container_of, kind_of, moving_pictures
from editor.files.clips.convert import Converter, look_of
from editor.files.clips.kinds import ANIMATED_WEBP, is_clip
from editor.files.problems import FileProblem, shown
from editor.files.read import read_preview

_PLAIN = 230  # levels behind a sprite


def preview(path: Path, longest: int) -> Picture:
    """A small uint8 RGB version of a picture, a sprite or a clip's first frame.

    Raises FileProblem.
    """
    if path.suffix.lower() == sprites.SUFFIX and path.is_file():
        thumbnail = sprites.read_thumbnail(path)
        alpha = thumbnail[..., 3:] / 255
        card: Picture = np.rint(thumbnail[..., :3] * alpha + _PLAIN * (1 - alpha)).astype(np.uint8)
        return card
    if not is_clip(path):
        return read_preview(path, longest)
    if path.is_dir():
        from editor.files.clips.pictures import pictures_in

        return read_preview(pictures_in(path)[0], longest)
    kind = kind_of(path)
    if kind is ANIMATED_WEBP:
        return read_preview(path, longest)
    with contextlib.closing(container_of(path, kind)) as container:
        stream = moving_pictures(path, container)
        first = next(container.decode(stream), None)
        if first is None:
            raise FileProblem(f"{shown(path)} has no pictures in it that can be shown")
        look = look_of(first, stream.sample_aspect_ratio, maybe_opaque=kind.whole)
        scale = min(1.0, longest / max(look.size))
        size = Size(*(max(1, round(side * scale)) for side in look.size))
        small = np.empty((size.height, size.width, 3), np.uint8)
        small[:] = Converter(look).small(first, size)
        return small
