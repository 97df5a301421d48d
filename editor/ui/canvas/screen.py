"""The pixels of the canvas: what is to be seen in which part of it, and what must be drawn anew.

What has been drawn is kept in a Frame; spoiling a place costs nothing, and the next ``draw`` makes
it right. Drawing never takes long: of a picture whose colours take long to convert, what cannot be
done in a frame's time is drawn from the next coarser level, and properly when there is time.
"""

from __future__ import annotations

import math
from dataclasses import replace
from time import perf_counter

from PySide6.QtGui import QPainter, QRegion

from editor.engine.image import MASKS, Rect, Size
from editor.ui.canvas.frame import Frame, qrect, rects
from editor.ui.canvas.overlay import (
    OVERLAY_COLOURS,
    PROTECT_COLOUR,
    REMOVE_COLOUR,
    SOURCE_COLOUR,
    Tint,
)
from editor.ui.canvas.sampling import NEAREST_FROM
from editor.ui.canvas.shown import Look, ShownDocument
from editor.ui.canvas.view import View

_BITE = 1 << 17  # pixels of a slow picture that are drawn before the clock is looked at


class Screen:
    def __init__(self) -> None:
        self.shown: ShownDocument | None = None
        self.view = View()
        self.size = Size(1, 1)  # device pixels
        self.ratio = 1.0  # device pixels per logical pixel
        self.compare = "after"  # or "before" or "split"
        self.split = 0.5  # of the width
        self.overlay_colour, self.overlay_visible = OVERLAY_COLOURS[0], True
        self.hatched = True  # else the mask is an outline only
        self.painted = "mask"  # of MASKS the one that the tools paint
        self.paints: tuple[str, ...] = MASKS  # those that are seen
        self.checker = ("#4a4c4f", "#55575a")
        self.frame_time = 0.008  # seconds
        self._frames: dict[bool, Frame] = {}  # by whether it is the picture as it was before

    def show(self, shown: ShownDocument | None) -> None:
        self.shown = shown
        self._frames.clear()

    def resize(self, size: Size, ratio: float) -> None:
        self.size, self.ratio = size, ratio
        self._frames.clear()

    def forget_before(self) -> None:
        self._frames.pop(True, None)

    @property
    def rough(self) -> bool:
        """Whether something that is seen deserves to be drawn finer."""
        frames = (self._frames.get(before) for before in self.sides())
        return any(frame is not None and not frame.rough.isEmpty() for frame in frames)

    def sides(self) -> dict[bool, Rect]:
        """Which picture is in which part of the screen (device pixels): before, after."""
        whole = Rect(0, 0, *self.size)
        if self.shown is None or not self.shown.has_before or self.compare == "after":
            return {False: whole}
        if self.compare == "before":
            return {True: whole}
        at = round(self.split * whole.width)
        right = Rect(at, 0, whole.width - at, whole.height)
        return {True: Rect(0, 0, at, whole.height), False: right}

    def picture(self, before: bool = False) -> Rect:
        """Where the picture is, and far beyond the screen it may be."""
        if self.shown is None:
            return Rect(0, 0, 0, 0)
        left, top = self._view_of(before).corner
        return self._world_of(before).moved(-left, -top)

    def _view_of(self, before: bool) -> View:
        """The view as it is from the corner of the picture that is drawn there."""
        x, y = self._offset_of(before)
        return replace(self.view, x=self.view.x + x, y=self.view.y + y)

    def _offset_of(self, before: bool) -> tuple[int, int]:
        """From the world of the document to that of the picture that is drawn in its place."""
        assert self.shown is not None
        place = self.shown.whole(before).place
        return -round(place.x * self.view.scale), -round(place.y * self.view.scale)

    def _world_of(self, before: bool) -> Rect:
        assert self.shown is not None
        place = self.shown.whole(before).place
        return self.view.world(Size(place.width, place.height))

    def spoil(self, place: Rect) -> Rect:
        """A place of the picture looks different now; the place on the screen."""
        assert self.shown is not None
        scale, reach = self.view.scale, 1 + max(1, round(self.ratio))
        if scale < NEAREST_FROM:
            # Smooth sampling looks at neighbours, coarse ones while the levels are being made.
            level = max(1, self.shown.level(scale), self.shown.busy * self.shown.coarse)
            reach += math.ceil(2 * scale * (1 << level))
        world = self.view.world_around(place).grown(reach)
        for before, frame in self._frames.items():
            frame.spoil(world.moved(*self._offset_of(before)))
        left, top = self.view.corner
        return world.moved(-left, -top).within(Rect(0, 0, *self.size))

    def draw(self, region: QRegion, time: float | None = None) -> None:
        """Make a part of the screen right, roughly after so many seconds (a frame's time)."""
        assert self.shown is not None
        end = perf_counter() + (self.frame_time if time is None else time)
        slow = self.shown.slow(self.view.scale)
        for before, side in self.sides().items():
            frame = self._frame(before)
            wanted = region.intersected(qrect(side)).translated(*self._view_of(before).corner)
            for piece in self._pieces(frame.stale.intersected(wanted), slow):
                self._paint(frame, piece, hurry=slow and perf_counter() > end)

    def draw_finer(self, time: float) -> list[Rect]:
        """Draw what was drawn in a hurry, for so many seconds; the places on the screen."""
        assert self.shown is not None
        end = perf_counter() + time
        done: list[Rect] = []
        for before in self.sides():
            frame = self._frame(before)
            left, top = self._view_of(before).corner
            for piece in self._pieces(frame.rough, slow=True):
                if perf_counter() > end:
                    return done
                self._paint(frame, piece)
                done.append(piece.moved(-left, -top))
        return done

    def copy_to(self, painter: QPainter, region: QRegion) -> None:
        """Paint what has been drawn; the painter counts device pixels."""
        for before, side in self.sides().items():
            picture, corner = self.picture(before), self._view_of(before).corner
            for part in rects(region.intersected(qrect(side.within(picture)))):
                self._frames[before].draw(painter, part.moved(*corner), corner)

    def _frame(self, before: bool) -> Frame:
        """The frame of a picture, at the present place and look."""
        assert self.shown is not None
        frame = self._frames.get(before)
        if frame is None:
            frame = self._frames[before] = Frame(self.size)
        comparing = before or len(self.sides()) > 1  # then the pixels are what matters
        overlays = self._overlays() if self.overlay_visible and not comparing else ()
        number = self.shown.whole(before).number
        look = Look(self.view.scale, self.ratio, self.checker, overlays, before, number)
        if look != frame.look:
            frame.look = look
            frame.reset()
        frame.move_to(self._view_of(before).window(self.size).within(self._world_of(before)))
        return frame

    def _overlays(self) -> tuple[tuple[str, Tint], ...]:
        """The masks in the colours of now: the one that is painted is on top and the strongest."""
        tints = {
            "sampling": Tint(SOURCE_COLOUR, "flat" if self.painted == "sampling" else "faint"),
            "labels": Tint("", "flat"),
            "protect": Tint(PROTECT_COLOUR, "flat" if self.painted == "protect" else "faint"),
            "remove": Tint(REMOVE_COLOUR, "flat" if self.painted == "remove" else "faint"),
            "mask": Tint(self.overlay_colour, "hatched" if self.hatched else "outline"),
        }
        planes = sorted(
            (plane for plane in tints if plane in self.paints), key=lambda one: one == self.painted
        )
        return tuple((plane, tints[plane]) for plane in planes)

    def _paint(self, frame: Frame, piece: Rect, hurry: bool = False) -> None:
        assert self.shown is not None
        assert frame.look is not None
        whole = self._world_of(frame.look.before)
        frame.write(piece, self.shown.painted(piece, whole, frame.look, hurry), hurry)

    def _pieces(self, region: QRegion, slow: bool) -> list[Rect]:
        """The places of a region, cut into bites if the picture is slow to draw."""
        if not slow:
            return rects(region)
        pieces = []
        for rect in rects(region):
            rows = max(16, int(_BITE * self.view.scale**2 / rect.width))
            for y in range(rect.y, rect.bottom, rows):
                pieces.append(Rect(rect.x, y, rect.width, min(rows, rect.bottom - y)))
        return pieces
