"""Write a page in which a sprite follows the pointer: one file, for any browser, without a network.

The pictures are WebP, which every browser of today reads; the script and the frame of the page are
in ``resources/page``.
"""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

import editor
from editor.engine.cv import cv2
from editor.engine.image import Size
from editor.files.atomic import write_atomically
from editor.files.problems import FileProblem, shown
from editor.resources import resource

SUFFIXES = (".html", ".htm")
LONGEST_SIDE = 16_383  # of a WebP

_COVERS = "background-position: center; background-size: cover;"
_LIGHT, _DARK = 0xE7, 0x26  # greys of the page, for those who like it light or dark
_SEEN = 48  # levels that a creature must differ from its ground


def write_page(
    path: Path,
    title: str,
    atlas: NDArray[np.uint8],
    data: dict[str, Any],
    background: NDArray[np.uint8] | None = None,
    *,
    quality: int = 85,
) -> None:
    """The sprite's sheet (RGBA), its tables, and the picture behind it. Raises FileProblem.

    Where there is no picture, or nothing on it, the ground is light or dark as the person's system
    is, unless the creature could hardly be seen there.
    """
    cels, ground = _embedded(path, atlas, quality), _grounds(atlas)
    if background is not None:
        picture = _embedded(path, background, quality)
        ground += f"\nbody {{ background-image: url({picture}); {_COVERS} }}"
    page = Template(resource("page", "follow.html").read_text("utf-8")).substitute(
        generator=f"Patina {editor.__version__}",
        title=html.escape(title),
        ground=ground,
        atlas=cels,
        tables=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
        script=resource("page", "follow.js").read_text("utf-8"),
    )
    write_atomically(path, page.encode("utf-8"))


def _grounds(atlas: NDArray[np.uint8]) -> str:
    """The style of a page without a picture."""
    grey = float(np.average(cv2.cvtColor(atlas, cv2.COLOR_RGBA2GRAY), weights=atlas[..., 3]))
    light = _LIGHT if abs(grey - _LIGHT) >= _SEEN else _DARK
    dark = _DARK if abs(grey - _DARK) >= _SEEN else _LIGHT
    first, second = (f"body {{ background: rgb({one} {one} {one}); }}" for one in (light, dark))
    return f"{first}\n@media (prefers-color-scheme: dark) {{ {second} }}"


def _embedded(path: Path, pixels: NDArray[np.uint8], quality: int) -> str:
    """A picture as an address that holds all of it."""
    if max(pixels.shape[:2]) > LONGEST_SIDE:
        raise FileProblem(
            f"{shown(path)} cannot be saved: a picture of {Size.of(pixels)} pixels is too large for"
            f" a page, which holds at most {LONGEST_SIDE} along a side"
        )
    order = cv2.COLOR_RGBA2BGRA if pixels.shape[2] == 4 else cv2.COLOR_RGB2BGR
    done, encoded = cv2.imencode(
        ".webp", cv2.cvtColor(pixels, order), [cv2.IMWRITE_WEBP_QUALITY, quality]
    )
    if not done:
        raise FileProblem(f"{shown(path)} cannot be saved: its picture cannot be encoded")
    return f"data:image/webp;base64,{base64.b64encode(encoded.tobytes()).decode('ascii')}"
