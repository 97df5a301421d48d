"""Texture grown pixel after pixel from a sample: new pictures, filled holes, wider pictures.

A. Efros, T. Leung: Texture Synthesis by Non-parametric Sampling, ICCV 1999. A pixel looks at what
is known of the window around it, finds all places of the sample that match it nearly as well as the
best, and copies one of them by chance. What exactly is computed says ``efros_leung_reference``;
here is the fast way to the same pixels.

Three jobs make a ``Growth``: ``synthesise`` a picture of any size, ``grow`` into a hole, ``extend``
past the edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import psutil

from editor.engine.efros_leung_growth import BYTES_EACH, Grown, Growth, Rule
from editor.engine.efros_leung_reference import seed_place
from editor.engine.efros_leung_samples import Atlas, Sample, check_alike, check_grows, readable
from editor.engine.image import (
    Cover,
    Mask,
    Picture,
    Point,
    Rect,
    Size,
    check_fits,
    check_hole,
    check_picture,
)
from editor.engine.step import last

__all__ = ["Grown", "Growth", "Rule", "extend", "grow", "synthesise", "warm_up"]

_MOST = 1 << 30  # pixels, so that a number of 32 bits tells each


def warm_up() -> None:
    """Compile all of it, on few pixels, yet so many that views are made."""
    for shape in ((24, 24), (24, 24, 3)):
        picture = (np.arange(np.prod(shape)) * 61 % 97).astype(np.uint8).reshape(shape)
        growth = synthesise([Sample(picture)], Size(80, 80), Rule(window=5))
        last(growth.steps())
        growth.moment(0)
        for look in (growth.own_error(), growth.fresh()):
            for _ in look:
                pass


def synthesise(
    samples: Sequence[Sample], size: Size, rule: Rule | None = None, **how: Any
) -> Growth:
    """A new picture of this size, from a seed of 3 × 3 pixels in its middle."""
    rule = rule or Rule()
    atlas = _atlas(samples, rule)
    if size.width < 3 or size.height < 3:
        raise ValueError(f"the output is {size}: at least 3 × 3 pixels are needed")
    for sample in samples:
        check_grows("output", size, Size.of(sample.picture))
    _check_memory(size, atlas.size)
    first = samples[0].picture
    start = np.zeros((size.height, size.width, *first.shape[2:]), first.dtype)
    origin = np.full((size.height, size.width), -1, np.int32)
    s, y, x = seed_place(atlas.centres, rule.seed)
    top, left = size.height // 2 - 1, size.width // 2 - 1
    for dy, dx in np.ndindex(3, 3):
        start[top + dy, left + dx] = samples[s].picture[y - 1 + dy, x - 1 + dx]
        origin[top + dy, left + dx] = atlas.position((s, y - 1 + dy, x - 1 + dx))
    known = origin >= 0
    return Growth(atlas, start, known, ~known, origin, rule, Rect.whole(start), seeded=True, **how)


def grow(
    image: Picture,
    hole: Mask | Cover,
    rule: Rule | None = None,
    *,
    samples: Sequence[Sample] = (),
    allowed: Mask | None = None,
    **how: Any,
) -> Growth:
    """Fill a hole (bool, or a cover 0..255) from around it, or from other samples.

    ``allowed`` limits what is copied to a part of the picture. What comes back is the smallest
    rectangle around the hole with half a window of its surroundings.
    """
    check_picture(image)
    check_hole(image, hole)
    if not samples:
        if allowed is not None:
            check_fits(image, allowed)
        outside = hole == 0
        own = Sample(image, outside if allowed is None else outside & allowed)
        return _around(image, hole, rule or Rule(), [own], Point(0, 0), **how)
    return _around(image, hole, rule or Rule(), samples, None, **how)


def extend(
    image: Picture,
    rule: Rule | None = None,
    *,
    left: int = 0,
    right: int = 0,
    top: int = 0,
    bottom: int = 0,
    samples: Sequence[Sample] = (),
    allowed: Mask | None = None,
    **how: Any,
) -> Growth:
    """The picture with so many more pixels on each side."""
    check_picture(image)
    sides = {"left": left, "right": right, "top": top, "bottom": bottom}
    for side, amount in sides.items():
        if amount < 0:
            raise ValueError(f"{side} is {amount}: a picture is extended by 0 pixels or more")
    if not any(sides.values()):
        raise ValueError("nothing to extend: left, right, top and bottom are all 0")
    size = Size(left + image.shape[1] + right, top + image.shape[0] + bottom)
    _check_memory(size, image.shape[0] * image.shape[1])
    inside = Rect(left, top, image.shape[1], image.shape[0]).slices
    hole = np.ones((size.height, size.width), bool)
    hole[inside] = False
    larger = np.zeros((*hole.shape, *image.shape[2:]), image.dtype)
    larger[inside] = image
    if samples:
        return _around(larger, hole, rule or Rule(), samples, None, **how)
    own = Sample(image, allowed)
    return _around(larger, hole, rule or Rule(), [own], Point(left, top), **how)


def _around(
    image: Picture,
    hole: Mask | Cover,
    rule: Rule,
    samples: Sequence[Sample],
    own: Point | None,
    **how: Any,
) -> Growth:
    """Fill a hole; the first sample is the picture itself where own says that it lies there."""
    wanted = hole != 0
    atlas = _atlas(samples, rule, image)
    rect = Rect.around(wanted).grown(rule.window // 2).within(Rect.whole(image))
    _check_memory(Size(rect.width, rect.height), atlas.size)
    known = ~wanted[rect.slices] & readable(image[rect.slices])
    origin = np.full(known.shape, -1, np.int32)
    if own is not None:
        ys, xs = np.nonzero(known)
        there = (ys + rect.y - int(own.y)) * atlas.stride + xs + rect.x - int(own.x)
        origin[ys, xs] = there
    cover = None if hole.dtype == np.bool_ else hole.view(np.uint8)[rect.slices]
    crop = image[rect.slices], known, wanted[rect.slices], origin
    return Growth(atlas, *crop, rule, rect, cover=cover, **how)


def _atlas(samples: Sequence[Sample], rule: Rule, like: Picture | None = None) -> Atlas:
    check_alike(samples, like)
    for sample in samples:
        there = Size.of(sample.picture)
        if min(there) < rule.window:
            raise ValueError(
                f"the sample is {there} and the window {rule.window}: choose a smaller window"
            )
    atlas = Atlas(samples, rule.window)
    if not any(mask.any() for mask in atlas.centres):
        raise ValueError(
            f"no whole window of {rule.window} × {rule.window} pixels may be copied from: "
            "allow more of the sample or choose a smaller window"
        )
    return atlas


def _check_memory(size: Size, sample_pixels: int) -> None:
    """Refuse before the start what would bring the machine to its knees."""
    needed = BYTES_EACH * (size.width * size.height + sample_pixels)
    free = psutil.virtual_memory().available
    if needed > 0.8 * free or size.width * size.height > _MOST:
        raise ValueError(
            f"growing {size} pixels takes {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB "
            "are free: ask for less"
        )
