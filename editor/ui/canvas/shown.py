"""A document as the screen has it: picture, preview, picture as it was before, and masks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QColorSpace, QImage, QPainter

from editor.engine.image import MASKS, Rect, Size
from editor.model.document import Changed, Document
from editor.operations.base import MaskPatch, Patch
from editor.ui.canvas.colour import Colours, Shown
from editor.ui.canvas.mips import (
    Pixels,
    Pyramid,
    aligned,
    at_level,
    averaged,
    depth_for,
    in_rows,
)
from editor.ui.canvas.overlay import Drafted, Overlay, Tint
from editor.ui.canvas.sampling import NEAREST_FROM, level_for, sampled
from editor.ui.canvas.whole import StandIn, Whole

GRID_FROM = 8.0  # scale from which on the pixel grid shows
_CHECKER = 8  # device pixels at 1× of one square under a transparent picture


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is to be painted."""

    scale: float
    ratio: float = 1.0  # device pixels per logical pixel: how wide a line is
    checker: tuple[str, str] = ("#4a4c4f", "#55575a")
    overlays: tuple[tuple[str, Tint], ...] = ()  # the masks that are shown, the last on top
    before: bool = False
    number: int = 0  # of the picture: another one is drawn anew


class _Laid:
    """A patch laid over the picture, with levels of its own where it lies."""

    def __init__(self, document: Document, patch: Patch, colours: Colours, refine: bool) -> None:
        depth = depth_for(document.size)
        self.pixels = Pixels(document.plane("image"), patch)
        rect = aligned(patch.rect, depth, document.rect)
        self.pyramid = Pyramid(self.pixels, rect, depth, colours.shown, averaged, refine=refine)


class ShownDocument:
    """A document's picture, or what stands in its place, and its masks over it."""

    def __init__(self, document: Document, screen: QColorSpace | None = None) -> None:
        plane = document.plane("image")
        self.size: Size = document.size
        self.rect = document.rect
        self._document = document
        self._colours = Colours(document.meta.icc, plane.dtype, len(plane.shape) == 2, screen)
        self._alpha = len(plane.shape) == 3 and plane.shape[2] == 4
        self._pixels = Drafted(document, "image")
        self._own = Whole(self._pixels, self.size, self.rect, self._colours)
        self._overlays = {name: self._overlay(name) for name in MASKS if document.painted(name)}
        self._preview: _Laid | Whole | None = None
        self._before: _Laid | Whole | None = None

    def _overlay(self, plane: str) -> Overlay:
        return Overlay(self._document, plane)

    def whole(self, before: bool = False) -> Whole:
        """The picture that is drawn: the document's own, or one that stands in its place."""
        other = self._before if before else self._preview
        return other if isinstance(other, Whole) else self._own

    # ── what changes it ──

    def show_preview(self, preview: Patch | StandIn | None) -> list[Rect]:
        """Lay an estimate over the picture, or in its place; where it looks different now."""
        old = self._preview
        self._preview = None
        if isinstance(preview, StandIn):
            self._preview = Whole.of(preview, self._colours, refine=False)
        elif preview is not None and not preview.rect.within(self.rect).empty:
            self._preview = _Laid(self._document, preview, self._colours, refine=False)
        changed = [one for one in (old, self._preview) if one is not None]
        if any(isinstance(one, Whole) for one in changed):
            return [self.rect]
        return [one.pyramid.rect for one in changed]

    def show_before(self, before: Patch | StandIn | None) -> None:
        if self._before is not None:
            self._before.pyramid.close()
        self._before = None
        if isinstance(before, StandIn):
            self._before = Whole.of(before, self._colours, refine=True)
        elif before is not None and not before.rect.empty:
            self._before = _Laid(self._document, before, self._colours, refine=True)

    @property
    def has_before(self) -> bool:
        return self._before is not None

    @property
    def stood_in_for(self) -> bool:
        """Whether another picture is in the place of the document's."""
        return isinstance(self._preview, Whole)

    def follow(self, changed: Changed) -> list[Rect]:
        """A swap has been done: the places that look different now."""
        places = [place for place, _ in changed.parts]
        if changed.plane == "image":
            laid = [one.pyramid for one in (self._preview, self._before) if isinstance(one, _Laid)]
            pyramids = [self._own.pyramid, *laid]
        elif changed.plane not in self._overlays:
            self._overlays[changed.plane] = self._overlay(changed.plane)
            return in_rows(places)
        else:
            overlay = self._overlays[changed.plane]
            # What the gesture has shown already is right, and forgotten when the gesture ends.
            places = [place for place in places if not overlay.source.drafted(place)]
            pyramids = [overlay.pyramid]
        places = in_rows(places)
        for pyramid in pyramids:
            pyramid.refresh(*places)
        return places

    def draft(self, patch: MaskPatch | Patch) -> Rect:
        """Show a mask, or the picture, as a gesture would make it."""
        if isinstance(patch, Patch):
            rect = self._pixels.draft(patch.rect, patch.pixels)
            self._own.pyramid.refresh(rect)
            return rect
        if patch.plane not in self._overlays:
            self._overlays[patch.plane] = self._overlay(patch.plane)
        overlay = self._overlays[patch.plane]
        rect = overlay.source.draft(patch.rect, patch.cover)
        overlay.pyramid.refresh(rect)
        return rect

    def forget_draft(self) -> list[Rect]:
        """The document as it is again; the places that look different now."""
        masks = [(overlay.source, overlay.pyramid) for overlay in self._overlays.values()]
        found = []
        for source, pyramid in ((self._pixels, self._own.pyramid), *masks):
            places = source.forget()
            for place in places:
                pyramid.refresh(place)
            found += places
        return found

    def take_done(self) -> list[Rect]:
        """Places that are exact now and were coarse before."""
        places = self._before.take_done() if isinstance(self._before, Whole) else []
        return places + [rect for pyramid in self._pyramids() for rect in pyramid.take_done()]

    @property
    def busy(self) -> bool:
        return any(pyramid.busy for pyramid in self._pyramids())

    def wait(self) -> None:
        for pyramid in self._pyramids():
            pyramid.wait()

    def _pyramids(self) -> list[Pyramid]:
        """Those that a thread may be at."""
        laid = [self._before.pyramid] if self._before is not None else []
        masks = [overlay.pyramid for overlay in self._overlays.values()]
        return [self._own.pyramid, *masks, *laid]

    def close(self) -> None:
        for pyramid in self._pyramids():
            pyramid.close()

    # ── what it looks like ──

    def cut_out(self, rect: Rect, step: int, before: Patch | None) -> Shown:
        """Each so-and-so-many-th pixel of a place, as it was before a patch was laid over it."""
        pixels = self._document.image[rect.slices][::step, ::step].copy()
        if before is not None:
            both = before.rect.within(rect)
            top, bottom, left, right = (
                -(-side // step)
                for side in (
                    both.y - rect.y,
                    both.bottom - rect.y,
                    both.x - rect.x,
                    both.right - rect.x,
                )
            )
            part = before.pixels[
                rect.y + top * step - before.rect.y : both.bottom - before.rect.y : step,
                rect.x + left * step - before.rect.x : both.right - before.rect.x : step,
            ]
            pixels[top:bottom, left:right] = part
        return self._colours.shown(pixels)

    def slow(self, scale: float) -> bool:
        """Whether it pays to draw coarsely first at this scale."""
        return self._colours.slow and self._own.depth > 0 and self.level(scale) == 0

    @property
    def coarse(self) -> int:
        """The level that stands in for those that have not been made yet."""
        return self._own.pyramid.coarse

    def level(self, scale: float) -> int:
        return level_for(scale, self._own.depth)

    def painted(self, world: Rect, whole: Rect, look: Look, hurry: bool = False) -> Shown:
        """The pixels of a place, opaque. In a hurry (only where it is ``slow``): from level 1.

        The world begins at the corner of the picture that is drawn.
        """
        picture = self.whole(look.before)
        across, down = (look.scale * one for one in picture.stretch)
        wanted = level_for(min(across, down), picture.depth)
        level = max(wanted, min(1, picture.depth)) if hurry else wanted
        own = picture is self._own
        laid = self._before if look.before else self._preview
        laid = laid if isinstance(laid, _Laid) else None
        level = self._usable(picture, level, world, (across, down), laid)
        pixels: Shown = sampled(
            lambda rect: self._fetch(picture, level, rect, laid),
            at_level(picture.rect, level),
            world,
            (across * (1 << level), down * (1 << level)),
            nearest=min(across, down) >= NEAREST_FROM and level == 0,
        )
        if self._alpha:
            pixels = _over_checker(pixels, world, look)
        if own and look.scale >= GRID_FROM:
            _draw_grid(pixels, world, look.scale)
        for plane, tint in look.overlays:
            overlay = self._overlays.get(plane) if own else None
            if overlay is None:
                continue
            layer = overlay.layer(world, whole, look.scale, wanted, tint, look.ratio)
            if layer is not None:
                _paint_over(pixels, layer[1], layer[0].x - world.x, layer[0].y - world.y)
        return pixels

    def _usable(
        self,
        picture: Whole,
        level: int,
        world: Rect,
        scale: tuple[float, float],
        laid: _Laid | None,
    ) -> int:
        """This level, or a coarser one where it has not been made yet."""
        if level == 0:
            return 0
        left, top = int(world.x / scale[0]), int(world.y / scale[1])
        right, bottom = int(world.right / scale[0]) + 1, int(world.bottom / scale[1]) + 1
        part = at_level(Rect(left, top, right - left, bottom - top), level).grown(2)
        pyramids = [picture.pyramid]
        if laid is not None and not at_level(laid.pyramid.rect, level).within(part).empty:
            pyramids.append(laid.pyramid)
        unmade = [pyramid.coarse for pyramid in pyramids if not pyramid.ready(level, part)]
        return max([level, *unmade])

    def _fetch(self, picture: Whole, level: int, rect: Rect, laid: _Laid | None) -> Shown:
        if level == 0:
            source = picture.source if laid is None else laid.pixels
            return self._colours.shown(source.every(rect))
        base = picture.pyramid.pixels(level, rect)
        if laid is None:
            return base
        part = at_level(laid.pyramid.rect, level).within(rect)
        if not part.empty:
            base = base.copy()
            base[part.moved(-rect.x, -rect.y).slices] = laid.pyramid.pixels(level, part)
        return base


def _image(pixels: NDArray[np.uint8], layout: QImage.Format) -> QImage:
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], layout)


def _paint_over(pixels: Shown, layer: NDArray[np.uint8], x: int, y: int) -> None:
    target = _image(pixels, QImage.Format.Format_RGB32)  # must outlive its painter
    painter = QPainter(target)
    painter.drawImage(x, y, _image(layer, QImage.Format.Format_ARGB32_Premultiplied))
    painter.end()


def _draw_grid(pixels: Shown, world: Rect, scale: float) -> None:
    """Thin lines between the pixels of the picture: a little nearer to grey than they are."""
    greyed = np.rint(0.65 * np.arange(256) + 0.35 * 127).astype(np.uint8)
    columns, rows = _borders(world.x, world.width, scale), _borders(world.y, world.height, scale)
    pixels[:, columns] = greyed[pixels[:, columns]]
    pixels[rows] = greyed[pixels[rows]]


def _borders(start: int, count: int, scale: float) -> NDArray[np.intp]:
    """Where a pixel of the picture begins, counted from the start."""
    pixel = np.floor((np.arange(start - 1, start + count) + 0.5) / scale)
    return np.flatnonzero(np.diff(pixel))


def _over_checker(pixels: Shown, world: Rect, look: Look) -> Shown:
    """The picture over a calm checkerboard that is fixed to its corner."""
    side = max(1, round(_CHECKER * look.ratio))
    colours = [QColor(name) for name in look.checker]
    squares = np.array([(c.blue(), c.green(), c.red(), 255) for c in colours], np.uint8)
    tones = squares.view(np.uint32)[:, 0]
    columns = (np.arange(world.x, world.right) // side % 2).astype(bool)
    rows = (np.arange(world.y, world.bottom) // side % 2).astype(bool)
    words = tones.take((rows[:, None] ^ columns).view(np.uint8))
    board: Shown = words.view(np.uint8).reshape(world.height, world.width, 4)
    _paint_over(board, pixels, 0, 0)
    return board
