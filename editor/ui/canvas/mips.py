"""Smaller and smaller display copies of a picture or a mask: what makes 100 megapixels light.

Level 0 is the document itself and never copied whole. Level k has half the width and height of
level k - 1, rounded up. All levels of a small place are made anew at once; a big one is shown
coarsely at once, from every so manieth pixel, and exactly a moment later, in bands, by a thread.

Trap: a picture of the plane that is still held when the next edit comes makes that edit copy the
whole plane; so nothing here keeps one, and the thread takes copies of bands (``Plane.crop``). A
band that was being read while it was written to is simply made again.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Rect, Size
from editor.model.plane import Plane
from editor.operations.base import Patch

Levels = NDArray[np.uint8]
Thin = Callable[[NDArray[Any], int], NDArray[Any]]

_BAND = 512  # rows of level 0; a multiple of 2 ** _DEEPEST
_DEEPEST = 9
_SMALLEST = 256  # the last level is no larger than this
_AT_ONCE = 1 << 20  # pixels that are derived while the window waits
_COARSE = 2 << 20  # pixels of the first, coarse level


class Source(Protocol):
    """Level 0 of something."""

    def crop(self, rect: Rect) -> NDArray[Any]:
        """A copy of the pixels there; from any thread."""
        ...

    def every(self, rect: Rect, step: int = 1, thin: Thin = ...) -> NDArray[Any]:
        """Every so manieth pixel; a view that must be let go before the next event."""
        ...


def thinned(pixels: NDArray[Any], step: int, *, middles: bool = False) -> NDArray[Any]:
    """pixels[::step, ::step], a view of them if the step is 1.

    Or instead of the first of so many the mean of the four in their middle.
    """
    from editor.engine.cv import cv2

    if step == 1:
        return pixels
    height, width = pixels.shape[:2]
    rows, columns = height // step, width // step
    shape = (-(-height // step), -(-width // step), *pixels.shape[2:])
    thin = np.empty(shape, pixels.dtype)
    if rows and columns:  # the same as slicing where the step divides the size, but much faster
        even = pixels[: rows * step, : columns * step]
        size = (columns, rows)
        how = cv2.INTER_LINEAR if middles else cv2.INTER_NEAREST
        thin[:rows, :columns] = cv2.resize(even, size, interpolation=how)
    if columns < shape[1]:
        thin[:, columns] = pixels[::step, columns * step]
    if rows < shape[0]:
        thin[rows] = pixels[rows * step, ::step]
    return thin


def smoothed(pixels: NDArray[Any], step: int) -> NDArray[Any]:
    """Thinned so that fine patterns stay calm; deep pictures, which take long to read, are not."""
    return thinned(pixels, step, middles=pixels.dtype == np.uint8)


class Pixels:
    """A plane, maybe with a patch laid over it."""

    def __init__(self, plane: Plane, patch: Patch | None = None) -> None:
        self._plane, self._patch = plane, patch

    def crop(self, rect: Rect) -> NDArray[Any]:
        return self._patched(self._plane.crop(rect), rect, 1, thinned)

    def every(self, rect: Rect, step: int = 1, thin: Thin = thinned) -> NDArray[Any]:
        patch = self._patch
        if patch is not None and rect.within(patch.rect) == rect:
            inside = rect.moved(-patch.rect.x, -patch.rect.y)
            return thin(patch.pixels[inside.slices], step)
        pixels = thin(self._plane.frozen()[rect.slices], step)
        if patch is None or patch.rect.within(rect).empty:
            return pixels
        return self._patched(pixels if step > 1 else pixels.copy(), rect, step, thin)

    def _patched(self, pixels: NDArray[Any], rect: Rect, step: int, thin: Thin) -> NDArray[Any]:
        part = self._patch.rect.within(rect) if self._patch is not None else rect
        if self._patch is None or part.empty:
            return pixels
        # The first sampled row and column inside the patch, as numbers in ``pixels``.
        top, left = -(-(part.y - rect.y) // step), -(-(part.x - rect.x) // step)
        y = rect.y + top * step - self._patch.rect.y
        x = rect.x + left * step - self._patch.rect.x
        inside = part.moved(-self._patch.rect.x, -self._patch.rect.y)
        patch = thin(self._patch.pixels[y : inside.bottom, x : inside.right], step)
        pixels[top : top + patch.shape[0], left : left + patch.shape[1]] = patch
        return pixels


def averaged(pixels: NDArray[Any]) -> NDArray[Any]:
    """Half as wide and high, each pixel the mean of four."""
    from editor.engine.cv import cv2

    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
    half: NDArray[Any] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return half


def strongest(cover: Levels) -> Levels:
    """Half as wide and high, each the largest of four: a hairline in a mask never fades away."""
    if cover.shape[0] % 2:
        cover = np.concatenate([cover, cover[-1:]])
    if cover.shape[1] % 2:
        cover = np.concatenate([cover, cover[:, -1:]], axis=1)
    rows = np.maximum(cover[0::2], cover[1::2])
    half: Levels = np.maximum(rows[:, 0::2], rows[:, 1::2])
    return half


def hairlines(cover: Levels, step: int) -> Levels:
    """Thinned, and of four the strongest."""
    return strongest(thinned(cover, step // 2))


def depth_for(size: Size) -> int:
    """How many levels there are above the document itself."""
    depth = 0
    while max(size) >> depth > _SMALLEST and depth < _DEEPEST:
        depth += 1
    return depth


def at_level(rect: Rect, level: int) -> Rect:
    """The pixels of a level that some pixels of level 0 are part of."""
    left, top = rect.x >> level, rect.y >> level
    right, bottom = -(-rect.right >> level), -(-rect.bottom >> level)
    return Rect(left, top, right - left, bottom - top)


def in_rows(places: Iterable[Rect]) -> list[Rect]:
    """Places that come one after the other are joined where that adds little to them."""
    rows: list[Rect] = []
    for place in places:
        joined = rows[-1].joined(place) if rows else place
        if rows and 2 * joined.area <= 3 * (rows[-1].area + place.area):
            rows[-1] = joined
        else:
            rows.append(place)
    return rows


def aligned(rect: Rect, level: int, bounds: Rect) -> Rect:
    """Grown to whole pixels of a level, but not beyond the picture."""
    place = at_level(rect, level)
    return Rect(*(number << level for number in place)).within(bounds)


class Pyramid:
    """The levels above a source, within ``rect`` of it; pixels by ``convert``, levels by ``halve``.

    ``rect`` is aligned to the deepest level. ``thin`` is the quick way to a coarse one. With
    ``refine`` off, a big place stays coarse.
    """

    def __init__(
        self,
        source: Source,
        rect: Rect,
        depth: int,
        convert: Callable[[NDArray[Any]], Levels],
        halve: Callable[[NDArray[Any]], NDArray[Any]],
        thin: Thin = smoothed,
        channels: tuple[int, ...] = (4,),
        refine: bool = True,
    ) -> None:
        self.rect, self.depth = rect, depth
        self._source, self._convert, self._halve, self._thin = source, convert, halve, thin
        self._levels: list[Levels] = []
        for level in range(1, depth + 1):
            place = at_level(rect, level)
            # zeros() of this size is memory that the system hands out when it is touched.
            self._levels.append(np.zeros((place.height, place.width, *channels), np.uint8))
        sizes = [level.shape[0] * level.shape[1] for level in self._levels]
        #: The first level that can always be shown.
        self.coarse = next((k for k in range(1, depth) if sizes[k - 1] <= _COARSE), depth)
        self._only_coarse = not refine and rect.area > _AT_ONCE
        self._lock = threading.Lock()  # for the four below, held for a moment
        self._waiting: dict[int, None] = {}  # bands, in order
        self._at: int | None = None  # the one the thread is at
        self._thread: threading.Thread | None = None
        self._done: deque[Rect] = deque()
        self.refresh(rect)

    @property
    def nbytes(self) -> int:
        return sum(level.nbytes for level in self._levels)

    @property
    def busy(self) -> bool:
        return self._thread is not None or bool(self._done)

    def pixels(self, level: int, rect: Rect) -> Levels:
        """A view of a level (1 …); the place is counted from the whole picture's corner."""
        origin = at_level(self.rect, level)
        return self._levels[level - 1][rect.moved(-origin.x, -origin.y).slices]

    def ready(self, level: int, rect: Rect) -> bool:
        """Whether a level has been made there, coarsely at least."""
        if level >= self.coarse or self._only_coarse:
            return level >= self.coarse
        with self._lock:
            unmade = set(self._waiting) | ({self._at} if self._at is not None else set())
        return unmade.isdisjoint(self._bands(Rect(*(number << level for number in rect))))

    def refresh(self, *places: Rect) -> None:
        """The source has changed there: follow, at once if it is little, else coarsely at once."""
        if self.depth == 0:
            return
        inside = [rect for place in places if not (rect := place.within(self.rect)).empty]
        little = sum(rect.area for rect in inside) <= _AT_ONCE
        for rect in inside:
            # Fine levels that are yet to be made must not be averaged into the coarse ones.
            if little and self.ready(1, at_level(rect, 1)):
                self._derive(rect, 1, self._exact(rect, self._source.every))
                continue
            self._derive(rect, self.coarse, self._quick(rect))
            if not self._only_coarse:
                self._make_later(rect)

    def take_done(self) -> list[Rect]:
        """The places of level 0 that the thread has made since the last call."""
        return [self._done.popleft() for _ in range(len(self._done))]

    def wait(self) -> None:
        """Until the thread is through."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Let the thread end after the band it is at."""
        with self._lock:
            self._waiting.clear()

    def _exact(self, rect: Rect, read: Callable[[Rect], NDArray[Any]]) -> Levels:
        """Level 1 of a place."""
        return self._halve(self._convert(read(aligned(rect, 1, self.rect))))

    def _quick(self, rect: Rect) -> Levels:
        """The coarse level of a place, before anybody can become impatient."""
        below = aligned(rect, self.coarse, self.rect)
        return self._convert(self._source.every(below, 1 << self.coarse, self._thin))

    def _derive(self, rect: Rect, first: int, part: Levels) -> None:
        """Write a place of level ``first`` and make those above it anew."""
        for level in range(first, self.depth + 1):
            place = at_level(rect, level)
            self.pixels(level, place)[...] = part
            if level < self.depth:
                whole = at_level(self.rect, level)
                twice = Rect(*(2 * number for number in at_level(rect, level + 1)))
                part = self._halve(self.pixels(level, twice.within(whole)))

    # ── the thread ──

    def _bands(self, rect: Rect) -> range:
        top, bottom = rect.y - self.rect.y, rect.bottom - self.rect.y
        return range(max(0, top // _BAND), -(-bottom // _BAND))

    def _make_later(self, rect: Rect) -> None:
        """Also bands that the thread has begun: it may have read what was there before."""
        with self._lock:
            self._waiting.update(dict.fromkeys(self._bands(rect)))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=_refine, args=(weakref.ref(self),), name="canvas levels"
                )
                self._thread.start()

    def _make_next_band(self) -> bool:
        with self._lock:
            self._at = next(iter(self._waiting), None)
            if self._at is None:
                self._thread = None
                return False
            del self._waiting[self._at]
            top = self.rect.y + self._at * _BAND
        rect = Rect(self.rect.x, top, self.rect.width, _BAND).within(self.rect)
        try:
            self._derive(rect, 1, self._exact(rect, self._source.crop))
        except BaseException:  # no memory, say: the coarse levels must do
            with self._lock:
                self._waiting.clear()
                self._at = self._thread = None
            self._only_coarse = True
            raise
        with self._lock:
            self._at = None
            self._done.append(rect)
        return True


def _refine(reference: weakref.ref[Pyramid]) -> None:
    """The thread: band after band while the pyramid is wanted and the program runs."""
    while threading.main_thread().is_alive():
        pyramid = reference()
        if pyramid is None or not pyramid._make_next_band():
            return
        del pyramid
