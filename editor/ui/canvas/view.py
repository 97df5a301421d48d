"""Where the picture lies on the screen: zoom and pan as a value, without a widget.

Three spaces. *Image*: pixels of the picture. *World*: device pixels, counted from the picture's
top left corner at the present scale; what is drawn is kept there. *Screen*: device pixels of the
canvas. The screen's corner always lies on a whole world pixel, so panning never resamples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from editor.engine.image import Point, Rect, Size

MIN_SCALE, MAX_SCALE = 0.05, 64.0
_KEPT = 32  # so many pixels of the picture never leave the screen


@dataclass(frozen=True, slots=True)
class View:
    scale: float = 1.0  # device pixels per pixel of the picture
    x: float = 0.0  # the screen's top left corner in the world; its fraction is not shown,
    y: float = 0.0  # but kept, so that many zooms do not drift
    fitted: bool = True  # stays fitted when the canvas is resized

    @classmethod
    def fit(cls, picture: Size, screen: Size, margin: float = 0, below: float = 0) -> View:
        """The whole picture, centred, as large as it goes; with so much more room below it."""
        width = max(screen.width - 2 * margin, screen.width / 4, 1)
        height = max(screen.height - 2 * margin - below, screen.height / 4, 1)
        scale = min(width / picture.width, height / picture.height, MAX_SCALE)
        middle = Point(picture.width / 2, picture.height / 2 + below / scale / 2)
        return replace(cls(scale).centred(middle, screen), fitted=True)

    @property
    def corner(self) -> tuple[int, int]:
        """The world pixel at the screen's top left corner."""
        return math.floor(self.x + 0.5), math.floor(self.y + 0.5)

    def to_image(self, x: float, y: float) -> Point:
        left, top = self.corner
        return Point((x + left) / self.scale, (y + top) / self.scale)

    def to_screen(self, point: Point) -> Point:
        left, top = self.corner
        return Point(point.x * self.scale - left, point.y * self.scale - top)

    def world(self, picture: Size) -> Rect:
        """The whole picture in world pixels."""
        width, height = round(picture.width * self.scale), round(picture.height * self.scale)
        return Rect(0, 0, max(1, width), max(1, height))

    def window(self, screen: Size) -> Rect:
        """What the screen shows, in world pixels."""
        return Rect(*self.corner, *screen)

    def world_around(self, part: Rect) -> Rect:
        """The world pixels that some pixels of the picture reach into."""
        left, top = math.floor(part.x * self.scale), math.floor(part.y * self.scale)
        right, bottom = math.ceil(part.right * self.scale), math.ceil(part.bottom * self.scale)
        return Rect(left, top, right - left, bottom - top)

    def centred(self, middle: Point, screen: Size) -> View:
        """With this point of the picture in the middle of the screen."""
        x = middle.x * self.scale - screen.width / 2
        y = middle.y * self.scale - screen.height / 2
        return View(self.scale, x, y, fitted=False)

    def panned(self, dx: float, dy: float) -> View:
        """The picture moves by so many device pixels."""
        return View(self.scale, self.x - dx, self.y - dy, fitted=False)

    def zoomed(self, scale: float, at: Point, lowest: float = MIN_SCALE) -> View:
        """At another scale, with the same point of the picture at this place on the screen."""
        scale = min(max(scale, lowest), MAX_SCALE)
        factor = scale / self.scale
        return View(
            scale, (self.x + at.x) * factor - at.x, (self.y + at.y) * factor - at.y, fitted=False
        )

    def clamped(self, picture: Size, screen: Size) -> View:
        """Moved as little as needed for some of the picture to be on the screen."""
        width, height = picture.width * self.scale, picture.height * self.scale
        keep_x = min(_KEPT, width, screen.width)
        keep_y = min(_KEPT, height, screen.height)
        x = min(max(self.x, keep_x - screen.width), width - keep_x)
        y = min(max(self.y, keep_y - screen.height), height - keep_y)
        return replace(self, x=x, y=y)
