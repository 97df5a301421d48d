"""What a texture is made of besides its sample: on the command line, files that are read once."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from editor.engine.image import Picture
from editor.flags import Given
from editor.operations.texture import Texture


def _with_pictures(texture: Texture, asked: argparse.Namespace) -> Texture:
    """With other samples, guides, and maps of the sample."""
    from editor.files.read import read_picture

    def read(paths: list[Path]) -> tuple[Picture, ...]:
        return tuple(read_picture(path).pixels for path in paths)

    paths: list[Path] = getattr(asked, "with")
    names = [path.name for path in paths]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"two of the maps are called {double}: they would be one result")
    return dataclasses.replace(
        texture,
        others=read(asked.more),
        guides=read(asked.guide),
        maps=tuple(zip(names, read(paths), strict=True)),
    )


PICTURES_OF_IT = Given(
    (),
    (
        ("--more", "PICTURE", "more samples, which are copied from as well"),
        (
            "--guide",
            "PICTURE",
            "what the texture follows: a map of it, light and dark or in flat colours, that is"
            " stretched to its size; then the same map of the sample, pixel on pixel, or nothing"
            " where the sample's own light and dark should go where the map's are",
        ),
        (
            "--with",
            "PICTURE",
            "maps of the sample, pixel on pixel, that are laid in the same way: for normal.png"
            " there is OUT-normal.png beside OUT; nothing is turned, so normals stay right",
        ),
    ),
    _with_pictures,
)
