"""A texture while it grows: how far it is, how it got there, and how it goes on.

``Growth.steps`` runs to the end, ``Growth.advance`` goes on by some pixels. All choices are
recorded: ``picture_at`` shows any earlier moment, ``moment`` the window, the matches and the choice
of that moment, and ``restart`` goes on from it with other random numbers.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.efros_leung_reference import (
    EPSILON,
    MAX_ERROR,
    ORDER,
    PICK,
    RELAXED,
    Features,
    gaussian_weights,
)
from editor.engine.efros_leung_samples import (
    Atlas,
    as_pairs,
    features,
    row_vectors,
    shape_of,
)
from editor.engine.efros_leung_views import Vantage
from editor.engine.image import (
    Cover,
    Mask,
    Picture,
    Point,
    Rect,
    blended,
)
from editor.engine.kernels import efros_leung as kernels
from editor.engine.kernels import efros_leung_search as search
from editor.engine.kernels.efros_leung import Record
from editor.engine.kernels.efros_leung_search import Canvas, Samples, Shape
from editor.engine.kernels.efros_leung_vectors import LANES
from editor.engine.kernels.random import bits
from editor.engine.moment import Moment
from editor.engine.step import Step
from editor.engine.threads import Crew

if TYPE_CHECKING:
    from editor.engine.efros_leung_torch import TorchSearch

WINDOWS = 3, 63  # the smallest and the largest
_SHARED = 1 << 14  # the weight of a thread's part: always worth sharing
_PROBES = 24  # windows that tell how well the samples match themselves
BYTES_EACH = 48  # of memory for a pixel of the picture, and for one of the samples
_FRESH = 1 << 24  # pixels of windows that are looked through before there is a pause
_PAUSE = 0.012  # seconds of work between two Steps
_UNFILLED = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Rule:
    """How a texture grows: everything but the pictures that decides the result."""

    window: int = 11  # as wide as the largest regular feature of the texture
    epsilon: float = EPSILON
    max_error: float = MAX_ERROR
    seed: int = 0

    def __post_init__(self) -> None:
        low, high = WINDOWS
        if not low <= self.window <= high:
            raise ValueError(f"the window is {self.window}: it goes from {low} to {high}")
        if self.window % 2 == 0:
            raise ValueError(f"the window is {self.window}: it is odd, so that it has a middle")
        if not 0 <= self.epsilon <= 10:
            raise ValueError(f"epsilon is {self.epsilon}: it goes from 0 to 10")
        if not 0 < self.max_error <= 1:
            raise ValueError(f"the error allowed is {self.max_error}: it is above 0 and at most 1")
        if self.seed < 0:
            raise ValueError(f"the seed is {self.seed}: it is 0 or more")


@dataclass(frozen=True, slots=True)
class Grown:
    """What has grown so far; a view of working memory."""

    rect: Rect  # where it lies in the picture it was made for
    picture: Picture
    known: Mask  # False where nothing has grown yet
    growth: Growth

    @property
    def source(self) -> NDArray[np.int32]:
        """(H, W, 3): which sample, y, x each pixel was copied from; −1 where it was not."""
        return self.growth.source


class _Round(NamedTuple):
    """One pass over all pixels that border on known ones."""

    number: int
    begin: int  # pixels that were filled before it
    max_error: float


class Growth:
    """A texture that grows: how far it is, how it got there, and how it goes on."""

    def __init__(
        self,
        atlas: Atlas,
        start: Picture,
        known: Mask,
        wanted: Mask,
        origin: NDArray[np.int32],
        rule: Rule,
        rect: Rect,
        *,
        cover: Cover | None = None,
        seeded: bool = False,
        threads: int = 1,
        torch_device: str | None = None,
    ) -> None:
        self.rule, self.atlas, self.rect = rule, atlas, rect
        self.picture = start.copy()
        self.known = known | ~wanted
        self.picture[~self.known] = 0
        self.total = int(wanted.sum())
        self.count = 0  # pixels that have grown
        self.restarts: list[int] = []  # the moments it started again from
        self._before, self._cover = start, cover
        self._seed = known if seeded else np.zeros_like(known)  # copied before it began
        self._threads, self._torch_device = threads, torch_device
        self._searching: tuple[Samples, Shape] | None = None
        self._twin: TorchSearch | None = None
        self._canvas = _canvas(features(start), known, wanted, origin, rule.window)
        self._order, self._source, self._coherent = (np.empty(self.total, np.int32) for _ in "123")
        self._errors = np.empty(self.total, np.float32)
        self._when = np.where(self._canvas.wanted, _UNFILLED, -1).astype(np.int32)
        self._rounds: list[_Round] = []
        self._begin_round(np.flatnonzero(self._canvas.wanted), rule.max_error)

    # ── going on ──

    def steps(self, until: int | None = None) -> Iterator[Step[Grown]]:
        """Grow to the end, or until so many pixels have grown."""
        goal = self.total if until is None else until
        with Crew(self._threads) as crew:
            pace = 1.0  # pixels in a pause
            while self.count < goal:
                for _ in self._prepare(crew):
                    yield Step(self.done)
                began = time.perf_counter()
                tried = self._try(max(1, min(int(pace), goal - self.count)), crew)
                pace = min(2 * pace, tried * _PAUSE / (time.perf_counter() - began))
                yield Step(self.done, self.value)
        yield Step(1.0 if until is None else self.done, self.value)

    def advance(self, pixels: int = 1) -> None:
        """Go on by so many pixels, or to the end."""
        goal = min(self.count + pixels, self.total)
        with Crew(self._threads) as crew:
            while self.count < goal:
                for _ in self._prepare(crew):
                    pass
                self._try(goal - self.count, crew)

    def restart(self, moment: int) -> None:
        """Take back what grew from this moment on; from there other random numbers decide."""
        self._check_moment(moment)
        gone = self._order[moment : self.count]
        self._canvas.turn[self._listed[self._next :]] = 0
        kernels.take_back(gone, self._canvas)
        self._when[gone] = _UNFILLED
        ys, xs = self._places(gone)
        self.picture[ys, xs], self.known[ys, xs] = 0, False
        while len(self._rounds) > 1 and self._rounds[-1].begin >= moment:
            self._rounds.pop()  # as if no pixel had been tried after this moment's
        self.count = moment
        self.restarts.append(moment)
        self._begin_round(np.flatnonzero(self._canvas.wanted), self._rounds[-1].max_error)

    def copied(self) -> Growth:
        """The same, to go its own way: what becomes of the one leaves the other as it is."""
        twin = copy.copy(self)
        for name in ("picture", "known", "_order", "_source", "_coherent", "_errors", "_when"):
            setattr(twin, name, getattr(self, name).copy())
        twin._canvas = Canvas(*(_copied(one) for one in self._canvas))
        twin._record = Record(*(one.copy() for one in self._record))
        twin._rounds, twin.restarts = self._rounds.copy(), self.restarts.copy()
        return twin

    def _prepare(self, crew: Crew) -> Generator[None, None, None]:
        """All that makes the search fast, before a list is begun."""
        if self._searching is None:
            samples = yield from self.atlas.load()
            shape = shape_of(samples, self.atlas.channels, self.rule.window)
            if self._torch_device is not None:
                from editor.engine.efros_leung_torch import TorchSearch

                self._twin = TorchSearch(samples, shape, self.atlas.channels, self._torch_device)
            self._vantage = Vantage(samples, self.atlas.channels, self.rule.window)
            self._searching = samples, shape
        if self._next == 0 and self._twin is None:
            yield from self._vantage.improve(self._listed, self._canvas, crew)

    def _begin_round(self, tried: NDArray[np.int64], max_error: float) -> None:
        """List what can be filled now: most known neighbours first, equals in random order."""
        number = self._rounds[-1].number + 1 if self._rounds else 0
        self._rounds.append(_Round(number, self.count, max_error))
        room = min(9 * len(tried), self.total - self.count)
        listed, neighbours = np.empty(room, np.int64), np.empty(room, np.int64)
        count = kernels.list_neighbours(tried, self._canvas, listed, neighbours)
        listed, neighbours = listed[:count], neighbours[:count]
        order = np.lexsort((listed, self._draw(ORDER, number, listed), -neighbours))
        self._listed, self._next = listed[order], 0
        self._randoms = self._draw(PICK, number, self._listed)
        self._record = Record(*(np.empty(count, np.int64) for _ in Record._fields))
        self._canvas.turn[self._listed] = np.arange(1, count + 1)

    def _draw(self, use: int, number: int, listed: NDArray[np.int64]) -> NDArray[np.uint64]:
        height, width = self.known.shape
        stream = bits(np.uint64(self.rule.seed), np.uint64(3 * len(self.restarts) + use))
        numbers = np.empty(len(listed), np.uint64)
        border, stride = self.rule.window // 2, self._canvas.stride
        counter = number * width * height
        kernels.draw(listed, stride, border, width, np.uint64(stream), counter, numbers)
        return numbers

    def _try(self, pixels: int, crew: Crew) -> int:
        """Try so many pixels of the list, or what is left of it; how many it were."""
        samples, shape = self._loaded()
        low, high = self._next, min(self._next + pixels, len(self._listed))
        max_error = self._rounds[-1].max_error
        what = self._listed, self._randoms
        epsilon, canvas = self.rule.epsilon, self._canvas
        if self._twin is not None:
            self._twin.fill(low, high, *what, canvas, epsilon, max_error, self._record)
        else:
            found = samples, shape, self._vantage.views, canvas, epsilon, max_error
            work = np.array([low]), high, *what, *found, self._record
            if high - low < 4 * self._threads:
                kernels.fill(0, 1, *work)
            else:
                crew(kernels.fill, 0, self._threads, *work, weight=_SHARED)
        self._next = high
        self._note(low, high)
        if high == len(self._listed) and self.count < self.total:
            progress = self.count > self._rounds[-1].begin
            self._begin_round(self._listed, max_error * (1 if progress else RELAXED))
        return high - low

    def _note(self, low: int, high: int) -> None:
        """Record what became of these pixels of the list."""
        filled = self._record.source[low:high] >= 0
        order = self._listed[low:high][filled]
        begin, stop = self.count, self.count + len(order)
        source = self._record.source[low:high][filled]
        self._order[begin:stop], self._source[begin:stop] = order, source
        most = self._record.weight[low:high][filled] * (self.atlas.channels * 255**2)
        self._errors[begin:stop] = self._record.distance[low:high][filled] / most
        self._when[order] = np.arange(begin, stop)
        kernels.follows(
            begin,
            stop,
            self._order,
            self._when,
            self._canvas.origin,
            self._canvas.stride,
            self.atlas.stride,
            self._coherent,
        )
        ys, xs = self._places(order)
        self.picture[ys, xs], self.known[ys, xs] = self.atlas.pixels_at(source), True
        self.count = stop

    # ── looking at it ──

    @property
    def done(self) -> float:
        return self.count / self.total

    @property
    def samples(self) -> tuple[Picture, ...]:
        return tuple(sample.picture for sample in self.atlas.samples)

    @property
    def nbytes(self) -> int:
        """Memory for its record, about."""
        return int(BYTES_EACH * (self.known.size + self.atlas.size))

    @property
    def value(self) -> Grown:
        """What has grown so far."""
        picture = self.picture
        if self._cover is not None:
            picture = blended(self._before, picture, self._cover)
        return Grown(self.rect, picture, self.known, self)

    @property
    def source(self) -> NDArray[np.int32]:
        """(H, W, 3): which sample, y, x each pixel was copied from; −1 where none was."""
        source = np.full((*self.known.shape, 3), -1, np.int32)
        seed = np.flatnonzero(self._seed)
        r, stride = self.rule.window // 2, self._canvas.stride
        there = (seed // self.known.shape[1] + r) * stride + seed % self.known.shape[1] + r
        for order, origins in (
            (there, self._canvas.origin[there]),
            (self._order[: self.count], self._source[: self.count]),
        ):
            ys, xs = self._places(order)
            source[ys, xs] = self.atlas.place(origins)
        return source

    @property
    def errors(self) -> NDArray[np.float32]:
        """How badly each pixel's choice matched, in the order they grew: 0 equal .. 1."""
        return self._errors[: self.count]

    @property
    def coherent(self) -> NDArray[np.int32]:
        """1 for each pixel that goes on where an earlier neighbour was copied from."""
        return self._coherent[: self.count]

    def fresh(self) -> Generator[None, None, NDArray[np.uint8]]:
        """1 for each pixel that is copied from where nothing earlier in its window is from."""
        fresh = np.empty(self.count, np.uint8)
        canvas, r = self._canvas, self.rule.window // 2
        what = self._order, self._when, canvas.origin, canvas.stride, r, fresh
        with Crew(self._threads) as crew:
            piece = _FRESH // self.rule.window**2
            yield from crew.passing(
                kernels.fresh, 0, self.count, *what, piece=piece, weight=self.rule.window**2
            )
        return fresh

    @property
    def order(self) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        """y and x of the pixels as they grew."""
        return self._places(self._order[: self.count])

    def own_error(self) -> Generator[None, None, float]:
        """What a good match is here: the mean error of half-known windows within the samples.

        A window that overlaps the one in question does not count; 0 where all of them do.
        """
        samples, shape = self._loaded()
        place = np.arange(_PROBES) * len(samples.first) // _PROBES
        found = []
        for position in samples.first[place]:
            views, channels = self._vantage.views, self.atlas.channels
            error = search.own_error(samples, shape, views, int(position), channels)
            if error <= 1:
                found.append(error)
            yield
        return float(np.mean(found)) if found else 0.0

    def picture_at(self, moment: int) -> Picture:
        """What it looked like when so many pixels had grown."""
        self._check_moment(moment)
        picture = self.picture.copy()
        ys, xs = self._places(self._order[moment : self.count])
        picture[ys, xs] = 0
        return picture

    def known_at(self, moment: int) -> Mask:
        """What was known when so many pixels had grown."""
        self._check_moment(moment)
        known = self.known.copy()
        known[self._places(self._order[moment : self.count])] = False
        return known

    def source_at(self, moment: int) -> NDArray[np.int32]:
        """The source, as it was when so many pixels had grown."""
        self._check_moment(moment)
        source = self.source
        source[self._places(self._order[moment : self.count])] = -1
        return source

    def moment(self, moment: int) -> Moment:
        """How the pixel that grew at this moment was chosen (0 is the first)."""
        self._check_moment(moment)
        if moment == self.count:
            raise ValueError(f"the moment is {moment}: only {self.count} pixels have grown")
        samples, shape = self._loaded()
        window, r = self.rule.window, self.rule.window // 2
        at = int(self._order[moment])
        canvas, known = self._window_at(at, moment)
        positions, distances, weight = search.all_matches(
            samples, shape, self._vantage.views, canvas, r * canvas.stride + r, self.rule.epsilon
        )
        y, x = (int(place[0]) for place in self._places(self._order[moment : moment + 1]))
        seen = np.zeros((window, window, *self.picture.shape[2:]), self.picture.dtype)
        inside = Rect(x - r, y - r, window, window).within(Rect.whole(self.picture))
        seen[inside.moved(r - x, r - y).slices] = self.picture[inside.slices]
        seen[~known] = 0
        weights = gaussian_weights(window)
        return Moment(
            Point(x, y),
            seen,
            known,
            weights / weights.max(),
            self.atlas.place(positions),
            distances / (weight * self.atlas.channels * 255**2),
            int(np.searchsorted(positions, self._source[moment])),
            self.samples,
        )

    def _window_at(self, at: int, moment: int) -> tuple[Canvas, Mask]:
        """The window around a pixel as a canvas of its own, and what of it was known then."""
        window, r, canvas = self.rule.window, self.rule.window // 2, self._canvas
        rows = at + (np.arange(window) - r)[:, None] * canvas.stride - r + np.arange(window)
        pixels = canvas.pixels.reshape(-1, canvas.plane // 2, 2)[:, rows]
        known = (pixels[-1, ..., 1] != 0) & (self._when[rows] < moment)
        pixels[:, ~known] = 0
        stride = LANES * row_vectors(window)
        room = np.zeros((len(pixels), window + 1, stride, 2), np.int16)
        room[:, :window, :window] = pixels
        nothing = np.full((window + 1) * stride, -1, np.int32)
        flat, empty = room.reshape(-1), np.empty(0, np.uint8)
        return Canvas(flat, len(flat) // len(room), stride, nothing, nothing, empty), known

    def _check_moment(self, moment: int) -> None:
        if not 0 <= moment <= self.count:
            raise ValueError(f"the moment is {moment}: it goes from 0 to {self.count}")

    def _loaded(self) -> tuple[Samples, Shape]:
        assert self._searching is not None
        return self._searching

    def _places(self, flat: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        """y and x in the picture of pixels of the canvas."""
        ys, xs = np.divmod(flat, self._canvas.stride)
        r = self.rule.window // 2
        return ys - r, xs - r


def _copied(one: Any) -> Any:
    return one.copy() if isinstance(one, np.ndarray) else one


def _canvas(
    colours: Features, known: Mask, wanted: Mask, origin: NDArray[np.int32], window: int
) -> Canvas:
    """A picture with a border as wide as half a window."""
    (height, width), r = known.shape, window // 2
    stride, reach = width + 2 * r, LANES * row_vectors(window)
    size = (height + 2 * r) * stride + reach
    planes = (colours.shape[2] + 1) // 2
    pixels = np.zeros((planes, size, 2), np.int16)
    plain = [np.full(size, -1, np.int32), np.zeros(size, np.int32), np.zeros(size, np.uint8)]

    def inner(flat: NDArray[Any]) -> NDArray[Any]:
        whole = flat[: size - reach].reshape(height + 2 * r, stride, *flat.shape[1:])
        return whole[r : r + height, r : r + width]

    pairs = as_pairs(colours, known.astype(np.int16)) * known[..., None, None]
    for plane in range(planes):
        inner(pixels[plane])[:] = pairs[:, :, plane]
    inner(plain[0])[:] = origin
    inner(plain[2])[:] = wanted
    return Canvas(pixels.reshape(-1), 2 * size, stride, *plain)
