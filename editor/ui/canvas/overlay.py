"""The mask over the picture: hatched in a colour, outlined light on dark, never invisible.

Two tones of the colour alternate in diagonal stripes, so that on a picture of the very same colour
the stripes still show; the outline has a dark companion for the same reason.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from editor.engine.image import Cover, Rect
from editor.model.document import Document
from editor.ui.canvas.mips import Pyramid, Thin, at_level, depth_for, hairlines, strongest, thinned
from editor.ui.canvas.sampling import sampled

OVERLAY_COLOURS = ("#d98c4a", "#3fb59f", "#e0559a", "#4f9be8", "#e8d44d")

SOURCE_COLOUR = "#3fb59f"
PROTECT_COLOUR, REMOVE_COLOUR = "#57b35a", "#e5484d"
LABEL_COLOURS = ("#4f9be8", "#e8d44d", "#e0559a", "#8bc34a")  # of labels 1, 2, 3, 4


class Tint(NamedTuple):
    """How a mask is painted: in a colour, hatched, flat, faint or as an outline alone.

    Without a colour its values are labels, and each has its own.
    """

    colour: str
    style: str = "hatched"


_TILE = 256
_STRIPE = 5  # logical pixels across one stripe
_STRENGTHS = {  # of the two tones
    "hatched": (0.48, 0.46),
    "flat": (0.34, 0.34),
    "faint": (0.16, 0.16),
    "outline": (0.0, 0.0),
}
_LIGHT, _DARK = 512, 513  # entries of the table behind the 2 × 256 of the stripes


class Drafted:
    """One of the document's planes with what the present gesture has painted laid over it."""

    def __init__(self, document: Document, plane: str) -> None:
        self._plane = document.plane(plane)
        self._bounds = document.rect
        self._tiles: dict[tuple[int, int], NDArray[Any]] = {}

    def crop(self, rect: Rect) -> NDArray[Any]:
        return self._drafted(self._plane.crop(rect), rect)

    def every(self, rect: Rect, step: int = 1, thin: Thin = thinned) -> NDArray[Any]:
        if self._tiles and any(place in self._tiles for place in _tiles(rect)):
            return thin(self.crop(rect), step)
        return thin(self._plane.frozen()[rect.slices], step)

    def _drafted(self, pixels: NDArray[Any], rect: Rect) -> NDArray[Any]:
        for place in _tiles(rect) if self._tiles else ():
            tile = self._tiles.get(place)
            if tile is not None:
                where = _tile_rect(place, self._bounds)
                part = where.within(rect)
                inside = part.moved(-where.x, -where.y)
                pixels[part.moved(-rect.x, -rect.y).slices] = tile[inside.slices]
        return pixels

    def draft(self, place: Rect, pixels: NDArray[Any]) -> Rect:
        """Lay pixels over the plane."""
        rect = place.within(self._bounds)
        for tile in _tiles(rect):
            where = _tile_rect(tile, self._bounds)
            if tile not in self._tiles:
                self._tiles[tile] = self._plane.crop(where)
            part = where.within(rect)
            new = pixels[part.moved(-place.x, -place.y).slices]
            self._tiles[tile][part.moved(-where.x, -where.y).slices] = new
        return rect

    def forget(self) -> list[Rect]:
        """Take the draft away; the places where the document is not as the draft was."""
        tiles, self._tiles = self._tiles, {}
        places = ((_tile_rect(place, self._bounds), tile) for place, tile in tiles.items())
        return [rect for rect, tile in places if not np.array_equal(self._plane.crop(rect), tile)]

    def drafted(self, rect: Rect) -> bool:
        """Whether the whole place is under a draft."""
        return bool(self._tiles) and all(place in self._tiles for place in _tiles(rect))


def _tiles(rect: Rect) -> list[tuple[int, int]]:
    rows = range(rect.y // _TILE, -(-rect.bottom // _TILE))
    columns = range(rect.x // _TILE, -(-rect.right // _TILE))
    return [(row, column) for row in rows for column in columns]


def _tile_rect(place: tuple[int, int], bounds: Rect) -> Rect:
    return Rect(place[1] * _TILE, place[0] * _TILE, _TILE, _TILE).within(bounds)


class Overlay:
    """One mask of a document, ready to be laid over its picture."""

    def __init__(self, document: Document, plane: str) -> None:
        self.source = Drafted(document, plane)
        self._labels = plane == "labels"
        self._bounds = document.rect
        depth = depth_for(document.size)
        self.pyramid = Pyramid(
            self.source, document.rect, depth, lambda cover: cover, strongest, hairlines, ()
        )

    def layer(
        self, world: Rect, whole: Rect, scale: float, level: int, tint: Tint, ratio: float
    ) -> tuple[Rect, NDArray[np.uint8]] | None:
        """What to paint over a place in the world, and where; None where nothing is masked.

        The pixels are as the screen wants them (``colour.py``); ``whole`` is the picture.
        """
        world = self._masked(world, scale).within(world)
        if world.empty:
            return None
        if level and not self.pyramid.ready(level, self._needed(world, scale, level)):
            level = max(level, self.pyramid.coarse)
        line = max(1, round(ratio))
        wide = world.grown(line)
        inside = wide.within(whole)
        bounds = at_level(self._bounds, level)
        cover = sampled(
            lambda rect: self._pixels(level, rect),
            bounds,
            inside,
            scale * (1 << level),
            nearest=scale >= 2 or self._labels,
        )
        return world, _painted(cover, inside, wide, line, scale, tint, ratio)

    def _pixels(self, level: int, rect: Rect) -> NDArray[Any]:
        return self.source.every(rect) if level == 0 else self.pyramid.pixels(level, rect)

    def _needed(self, world: Rect, scale: float, level: int) -> Rect:
        left, top = int(world.x / scale), int(world.y / scale)
        right, bottom = int(world.right / scale) + 1, int(world.bottom / scale) + 1
        rect = at_level(Rect(left, top, right - left, bottom - top), level).grown(2)
        return rect.within(at_level(self._bounds, level))

    def _masked(self, world: Rect, scale: float) -> Rect:
        """Around what is masked in a place, found in a level where that costs nothing."""
        depth = self.pyramid.depth
        level = min(depth, max(0, self.pyramid.coarse, int(np.log2(max(1, 8 / scale)))))
        needed = self._needed(world.grown(4), scale, level)
        found = Rect.around(self._pixels(level, needed))
        if found.empty:
            return found
        size = scale * (1 << level)
        left, top = int((needed.x + found.x - 1) * size), int((needed.y + found.y - 1) * size)
        right = int((needed.x + found.right + 1) * size) + 1
        bottom = int((needed.y + found.bottom + 1) * size) + 1
        return Rect(left, top, right - left, bottom - top).grown(2)


def _painted(
    cover: Cover, place: Rect, wide: Rect, line: int, scale: float, tint: Tint, ratio: float
) -> NDArray[np.uint8]:
    """Stripes and outline for a cover at screen size; it lies at ``place``, ``wide`` is the result
    and a border of ``line`` pixels around it that the outline needs."""
    from editor.engine.cv import cv2

    sides = (place.y - wide.y, wide.bottom - place.bottom, place.x - wide.x)
    cover = cv2.copyMakeBorder(
        cover, *sides, wide.right - place.right, cv2.BORDER_CONSTANT, value=0
    )
    # A hairline is less than half covered when it is shown smaller. Neither number is a simple
    # fraction of 255: what lies halfway between two pixels must not depend on rounding.
    least = 0 if not tint.colour else 120 if scale >= 1 else 56
    _, chosen = cv2.threshold(cover, least, 255, cv2.THRESH_BINARY)
    kernel = np.ones((2 * line + 1, 2 * line + 1), np.uint8)
    light = chosen & ~cv2.erode(chosen, kernel, borderType=cv2.BORDER_REPLICATE)
    dark = cv2.dilate(chosen, kernel, borderType=cv2.BORDER_REPLICATE) & ~chosen
    inner = slice(line, -line)
    index = cover[inner, inner].astype(np.uint16)
    index += _stripes(wide.x + line, wide.y + line, index.shape[1], index.shape[0], ratio)
    index[light[inner, inner] > 0] = _LIGHT
    index[dark[inner, inner] > 0] = _DARK
    return _table(*tint).take(index).view(np.uint8).reshape(*index.shape, 4)


def _stripes(x: int, y: int, width: int, height: int, ratio: float) -> NDArray[np.uint16]:
    """0 and 256 in diagonal stripes, fixed to the picture's corner, as wide at every zoom."""
    period = max(4, round(2 * _STRIPE * ratio * 2**0.5))
    diagonal = np.arange(width + height) + (x + y) % period
    tones = np.where(diagonal % period < period // 2, np.uint16(256), np.uint16(0))
    # Row r begins r places later: the anti-diagonals of a picture as a view of one line.
    return np.lib.stride_tricks.sliding_window_view(tones, width)[:height]


@cache
def _table(colour: str, style: str) -> NDArray[np.uint32]:
    """Premultiplied pixels for a cover of 0..255 in either tone, the outline and its companion."""
    light = np.array([[255, 255, 255, 255]]) * 0.95
    dark = np.array([[0, 0, 0, 255]]) * 0.6
    if not colour:
        labels = np.zeros((256, 4), np.float32)
        for number, name in enumerate(LABEL_COLOURS, 1):
            labels[number:] = _bytes(name) * 0.42
        tones: list[NDArray[Any]] = [labels, labels]
    else:
        covers = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
        bright = _bytes(colour)
        dim = bright * [0.45, 0.45, 0.45, 1]
        strengths = _STRENGTHS[style]
        tones = [
            bright * covers * strengths[0],
            (dim if style == "hatched" else bright) * covers * strengths[1],
        ]
    rows = np.concatenate([*tones, light, dark])
    table: NDArray[np.uint32] = np.rint(rows).astype(np.uint8).view(np.uint32)[:, 0]
    return table


def _bytes(colour: str) -> NDArray[np.float32]:
    named = QColor(colour)
    return np.array([named.blue(), named.green(), named.red(), 255], np.float32)
