"""A whole picture as the screen has it: its pixels, smaller copies of them, and where it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from typing import Any

from numpy.typing import NDArray

from editor.engine.image import Picture, Rect, Size
from editor.ui.canvas.colour import Colours
from editor.ui.canvas.mips import Pyramid, Source, Thin, averaged, depth_for, thinned

_numbers = count()


@dataclass(frozen=True, slots=True, eq=False)
class StandIn:
    """A picture to be seen in the place of a document's: an estimate of another size, say."""

    pixels: Picture
    place: Rect  # in pixels of the document; if it is larger than the picture, that is stretched


class Whole:
    def __init__(
        self, source: Source, size: Size, place: Rect, colours: Colours, *, refine: bool = True
    ) -> None:
        self.source, self.place = source, place
        self.rect = Rect(0, 0, *size)
        self.depth = depth_for(size)
        self.pyramid = Pyramid(
            source, self.rect, self.depth, colours.shown, averaged, refine=refine
        )
        self.number = next(_numbers)  # no two have the same

    @classmethod
    def of(cls, one: StandIn, colours: Colours, *, refine: bool) -> Whole:
        size = Size.of(one.pixels)
        return cls(_Still(one.pixels), size, one.place, colours, refine=refine)

    @property
    def stretch(self) -> tuple[float, float]:
        """Pixels of the document to one of this picture, across and down."""
        return self.place.width / self.rect.width, self.place.height / self.rect.height

    def take_done(self) -> list[Rect]:
        """The places that have become finer since, in pixels of the document."""
        return [self._in_document(rect) for rect in self.pyramid.take_done()]

    def _in_document(self, rect: Rect) -> Rect:
        across, down = self.stretch
        left, top = math.floor(rect.x * across), math.floor(rect.y * down)
        right, bottom = math.ceil(rect.right * across), math.ceil(rect.bottom * down)
        return Rect(left, top, right - left, bottom - top).moved(self.place.x, self.place.y)


class _Still:
    """A picture that nobody changes."""

    def __init__(self, pixels: Picture) -> None:
        self._pixels = pixels

    def crop(self, rect: Rect) -> NDArray[Any]:
        return self._pixels[rect.slices].copy()

    def every(self, rect: Rect, step: int = 1, thin: Thin = thinned) -> NDArray[Any]:
        return thin(self._pixels[rect.slices], step)
