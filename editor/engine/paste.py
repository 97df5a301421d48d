"""Pasting by slopes: what is copied keeps its detail and takes on the light around it.

P. Pérez, M. Gangnet, A. Blake: Poisson Image Editing, SIGGRAPH 2003. The slopes inside the hole are
those of the copies, the colours at its border those of the picture; what is solved for lies between
by the same multigrid as the membrane of Smooth fill.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import (
    Cover,
    Mask,
    Picture,
    Rect,
    blended,
    from_working,
    full_scale,
    to_working,
)
from editor.engine.kernels import fill as kernels
from editor.engine.kernels.membrane import LANES
from editor.engine.membrane import PIECE, Hole, Membrane, Values, linked
from editor.engine.threads import Crew

_TOLERANCE = 1 / 1024  # left of the colours' mistake
LIGHT = 0.3  # difference at the border of the hole that may be one of light


def paste(
    pixels: Picture,
    place: Rect,
    image: Picture,
    cover: Mask | Cover,
    hole: Hole,
    froms: NDArray[np.int32],
    crew: Crew,
    *,
    copied: Picture | None = None,
    light: float = LIGHT,
    alpha: bool = False,
) -> Generator[None, None, None]:
    """Put copies into the pixels of a place, so that no seam is left.

    ``hole`` lists what is missing in the picture, ``froms`` (n, 2) where each is copied from: in
    the picture ``copied``, by default in the same one. At the border of the hole they are corrected
    by ``light`` at the most, a share of white. With ``alpha`` what is copied is as transparent as
    it was; without, the hole as it was.
    """
    white = np.float32(full_scale(image.dtype))
    colours = _seen(image)
    others = colours if copied is None else _seen(copied)
    count = colours.shape[2]
    shape = image.shape[:2]
    grid, b, _ = yield from linked(hole, shape, lambda ys, xs: _lanes(colours[ys, xs]), crew)
    ys, xs = hole.ys[1:-1], hole.xs[1:-1]
    yield from crew.passing(
        kernels.add_slopes,
        *(
            0,
            len(ys),
            ys,
            xs,
            grid,
            froms,
            colours,
            others,
            np.float32(light) * white,
            white,
            b[:, :count],
        ),
        piece=PIECE // 8,
        weight=8,
    )
    membrane = Membrane(hole, grid, b, crew)
    yield from membrane.coarsen()
    yield from membrane.begin()
    for _ in membrane.converge(_TOLERANCE * float(white)):
        yield
    found = membrane.u
    del membrane, grid, b  # by far the most of the memory
    for part in hole.parts():
        ys, xs, after = hole.ys[part], hole.xs[part], found[part, :count] / white
        places = froms[part.start - 1 : part.stop - 1]
        asked = cover[ys, xs]
        if not asked.all():  # what cannot be read is solved, and left
            ys, xs, after, places, asked = (a[asked != 0] for a in (ys, xs, after, places, asked))
        before = like = image[None, ys, xs]
        if alpha:
            like = before.copy()
            like[0, :, 3] = (image if copied is None else copied)[tuple(places.T)][:, 3]
        rgb = np.repeat(after[None], 3, axis=2) if count == 1 else after[None]
        mended = blended(before, from_working(rgb, like), asked[None])
        pixels[ys - place.y, xs - place.x] = mended[0]
        yield


def _seen(image: Picture) -> Picture:
    """(H, W, 1 or 3): slopes are those that are seen."""
    if image.dtype == np.float32:
        return to_working(image)
    return image[..., :3] if image.ndim == 3 else image[..., None]


def _lanes(colours: Picture) -> Values:
    lanes = np.zeros((len(colours), LANES), np.float32)
    lanes[:, : colours.shape[1]] = colours
    return lanes
