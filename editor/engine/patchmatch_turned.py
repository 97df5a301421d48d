"""The generalised nearest-neighbour field: matches may be turned, scaled and mirrored.

C. Barnes, E. Shechtman, D. Goldman, A. Finkelstein: The Generalized PatchMatch Correspondence
Algorithm, ECCV 2010, sections 3.1 and 3.3. Angles and scales are taken from a fixed list, fine
enough that the corner of a patch moves less than half a pixel from one to the next; a larger scale
is read from a source that was blurred accordingly. It costs some ten times the plain field:
``patchmatch`` is right wherever nothing is turned.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.kernels import turned as kernels
from editor.engine.kernels.nearest import TILE
from editor.engine.kernels.turned import LANES, TurnedPair, Turns
from editor.engine.patchmatch import Bytes, check_pair
from editor.engine.step import Step
from editor.engine.threads import Crew

_PIECE = 1 << 13  # targets that are swept before there is a pause
_TARGET = 300  # a target weighs as much as so many of a crew's unknowns
_SOFTER = 1.25  # a scale from one blurred source to the next

Pauses = Generator[None, None, None]


class TurnedField(NamedTuple):
    """The centre (y′, x′) in the source, how far it is, and the number of its turn; -1 if none."""

    positions: NDArray[np.float32]  # (H, W, 2)
    distances: NDArray[np.int32]  # (H, W)
    turned: NDArray[np.int16]  # (H, W)


class TurnedSearch:
    """Two pictures made ready for a search among turned patches; used as Search is."""

    def __init__(
        self,
        target: Bytes,
        source: Bytes,
        *,
        size: int = 7,
        angles: tuple[float, float] = (-180.0, 180.0),
        scales: tuple[float, float] = (0.67, 1.5),
        mirrored: bool = False,
        wanted: NDArray[Any] | None = None,
        allowed: NDArray[Any] | None = None,
        crew: Crew | None = None,
    ) -> None:
        """``angles`` in degrees and ``scales`` are from and to; a scale of 2 reads twice the area.

        Pictures have one to four channels. Only pixels inside ``allowed`` are ever read.
        """
        check_pair(target, source, size, wanted, allowed)
        if target.shape[2] > 4:
            raise ValueError(f"turned patches have at most 4 channels, not {target.shape[2]}")
        if not -360 <= angles[0] <= angles[1] <= 360 or angles[1] - angles[0] > 360:
            raise ValueError(f"the angles go from {angles[0]} to {angles[1]}: at most one circle")
        if not 0.25 <= scales[0] <= scales[1] <= 4:
            raise ValueError(f"the scales go from {scales[0]} to {scales[1]}: 0.25 to 4 can be had")
        self._crew = crew or Crew(1)
        self._source, self._allowed = source, allowed
        height, width = target.shape[:2]
        r = size // 2
        inside = np.zeros((height, width), np.uint8)
        core = np.s_[r : height - r, r : width - r]
        inside[core] = 1 if wanted is None else wanted[core] != 0
        self._inside, self._size = inside, size
        self.angles, self.scales = _listed(angles, scales, size)
        self._circle = angles[1] - angles[0] == 360
        self._mirrors = 2 if mirrored else 1
        self.target = np.zeros((height, width, 4), np.uint8)
        self.target[..., : target.shape[2]] = target

    @property
    def wanted(self) -> NDArray[np.bool_]:
        return self._inside.view(np.bool_)

    def turn(self, number: int) -> tuple[float, float, bool]:
        """Angle in degrees, counter-clockwise, scale, and whether the match is mirrored first."""
        rest, angle = divmod(number, len(self.angles))
        mirror, scale = divmod(rest, len(self.scales))
        return float(self.angles[angle]), float(self.scales[scale]), bool(mirror)

    def prepare(self) -> Pauses:
        """Draw the source and make the lists; once, before anything else."""
        height, width = self._source.shape[:2]
        softness = np.floor(np.log(np.maximum(self.scales, 1)) / math.log(_SOFTER)).astype(int)
        levels = np.unique(softness)
        drawn = np.zeros((len(levels), 2 * height, 2 * width, 4), np.uint8)
        for level, plane in zip(levels, drawn, strict=True):
            _draw(self._source, _SOFTER ** float(level), plane)
            yield
        self._turns = self._listed_turns(softness, 2 * width)
        room = _room((height, width), self._allowed)
        yield
        plain = room[::2, ::2] > self._turns.reach[self._turns.plain]
        choices = np.flatnonzero(plain).astype(np.int32)
        self._pair = TurnedPair(
            self.target, drawn.view(np.int32)[..., 0], room, choices, self._inside, self._size
        )
        down, across = (-(-length // TILE) for length in self._inside.shape)
        ys, xs = np.divmod(np.arange(down * across), across)
        tiles = TILE * np.stack([ys, xs], axis=1).astype(np.int32)
        tiles = tiles[[bool(self._inside[y : y + TILE, x : x + TILE].any()) for y, x in tiles]]
        black = tiles.sum(axis=1) // TILE % 2
        self._tiles = np.ascontiguousarray(tiles[np.argsort(black, kind="stable")])
        self._red = len(black) - int(black.sum())
        yield

    def empty_field(self) -> TurnedField:
        """A field in which nothing is valid yet."""
        shape = self._inside.shape
        turned = np.full(shape, -1, np.int16)
        return TurnedField(np.zeros((*shape, 2), np.float32), np.zeros(shape, np.int32), turned)

    def begin(self, field: TurnedField, seed: int) -> Pauses:
        """Measure the field against the pictures as they are now; draw where it is not valid."""
        arguments = (self._tiles, self._pair, self._turns, np.uint64(seed), *field)
        yield from self._passing(kernels.begin_turned, 0, len(self._tiles), arguments)

    def sweep(self, field: TurnedField, seed: int, number: int) -> Pauses:
        """Improve the field once, in place: propagation and random search."""
        reach = max(self._source.shape[:2])
        arguments = (self._tiles, self._pair, self._turns, np.uint64(seed), number, reach, *field)
        yield from self._passing(kernels.sweep_turned, 0, self._red, arguments)
        yield from self._passing(kernels.sweep_turned, self._red, len(self._tiles), arguments)

    def _passing(self, kernel: Any, start: int, stop: int, arguments: tuple[Any, ...]) -> Pauses:
        each = max(1, int(self._inside.sum()) // max(1, len(self._tiles)))
        piece = max(2, _PIECE // each * 49 // self._size**2)
        weight = each * _TARGET
        yield from self._crew.passing(kernel, start, stop, *arguments, piece=piece, weight=weight)

    def _listed_turns(self, softness: NDArray[Any], width: int) -> Turns:
        r = self._size // 2
        level = np.searchsorted(np.unique(softness), softness)
        wider = [math.ceil(4 * _deviation(_SOFTER ** float(n))) for n in softness]
        ys, xs = (grid.ravel() for grid in np.mgrid[-r : r + 1, -r : r + 1])
        matrices, levels, margins = [], [], []
        for mirror in range(self._mirrors):
            for scale, sharpness, margin in zip(self.scales, level, wider, strict=True):
                for angle in np.radians(self.angles):
                    c, s = scale * math.cos(angle), scale * math.sin(angle)
                    flip = -1 if mirror else 1
                    matrices.append([[c, -s * flip], [s, c * flip]])
                    levels.append(sharpness)
                    margins.append(margin)
        steps = np.array(matrices)
        grid = np.rint(2 * (steps @ np.stack([ys, xs]))).astype(np.int32)  # (turns, 2, samples)
        offsets = np.zeros((len(steps), -(-len(ys) // LANES) * LANES), np.int32)
        offsets[:, : len(ys)] = grid[:, 0] * width + grid[:, 1]
        none = np.abs(np.log(self.scales)).argmin() * len(self.angles)
        return Turns(
            offsets=offsets,
            steps=steps.astype(np.float32),
            reach=(np.abs(grid).max(axis=(1, 2)) + margins).astype(np.int32),
            level=np.array(levels, np.int32),
            angles=len(self.angles),
            scales=len(self.scales),
            mirrors=self._mirrors,
            circle=self._circle,
            plain=int(none + np.abs(self.angles).argmin()),
        )


def nearest_turned(
    target: Bytes,
    source: Bytes,
    *,
    size: int = 7,
    sweeps: int = 8,
    angles: tuple[float, float] = (-180.0, 180.0),
    scales: tuple[float, float] = (0.67, 1.5),
    mirrored: bool = False,
    wanted: NDArray[Any] | None = None,
    allowed: NDArray[Any] | None = None,
    seed: int = 0,
    threads: int = 1,
) -> Iterator[Step[TurnedField]]:
    """The field from target to turned patches of the source; after each sweep as it is so far."""
    with Crew(threads) as crew:
        search = TurnedSearch(
            *(target, source),
            size=size,
            angles=angles,
            scales=scales,
            mirrored=mirrored,
            wanted=wanted,
            allowed=allowed,
            crew=crew,
        )
        for _ in search.prepare():
            yield Step(0.0)
        field = search.empty_field()
        for _ in search.begin(field, seed):
            yield Step(0.05)
        for number in range(sweeps):
            for _ in search.sweep(field, seed, number):
                yield Step(0.1 + 0.9 * number / sweeps)
            yield Step(0.1 + 0.9 * (number + 1) / sweeps, field)


def _listed(
    angles: tuple[float, float], scales: tuple[float, float], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """So many that the corner of a patch moves half a pixel from one to the next; 0° and 1 too."""
    corner = math.sqrt(2) * (size // 2)
    turn = math.degrees(0.5 / corner)
    if angles[1] - angles[0] == 360:
        listed = np.arange(0, 360, 360 / (4 * math.ceil(90 / turn)))
    else:
        listed = _between(angles[0], angles[1], turn, 0.0)
    low, high = (math.log(scale) for scale in scales)
    return listed, np.exp(_between(low, high, math.log1p(0.5 / corner), 0.0))


def _between(low: float, high: float, step: float, always: float) -> NDArray[np.float64]:
    """From low to high in equal steps on both sides of ``always``, if that lies between."""
    if not low < always < high:
        return np.linspace(low, high, 1 + math.ceil((high - low) / step))
    below = np.linspace(low, always, 1 + math.ceil((always - low) / step))
    return np.concatenate(
        [below, np.linspace(always, high, 1 + math.ceil((high - always) / step))[1:]]
    )


def _deviation(scale: float) -> float:
    """Of the blur after which every so manieth pixel is enough."""
    return 0.5 * math.sqrt(max(0.0, scale * scale - 1))


def _draw(source: Bytes, scale: float, plane: Bytes) -> None:
    """The source at twice its size, in four channels, as soft as a scale asks."""
    height, width, channels = source.shape
    if scale > 1:
        deviation = _deviation(scale)
        source = cv2.GaussianBlur(source, (0, 0), deviation, borderType=cv2.BORDER_REFLECT_101)
        source = source.reshape(height, width, channels)
    pixels = plane[..., :channels]
    pixels[::2, ::2] = source
    wide = source.astype(np.uint16)
    pixels[::2, 1:-1:2] = (wide[:, 1:] + wide[:, :-1] + 1) >> 1
    pixels[1:-1:2, ::2] = (wide[1:] + wide[:-1] + 1) >> 1
    rows = wide[:, 1:] + wide[:, :-1]
    pixels[1:-1:2, 1:-1:2] = (rows[1:] + rows[:-1] + 2) >> 2


def _room(shape: tuple[int, int], allowed: NDArray[Any] | None) -> NDArray[np.uint8]:
    """How far each place of the drawn source is from the nearest that may not be read."""
    height, width = shape
    usable = np.ones(shape, np.uint8) if allowed is None else (allowed != 0).astype(np.uint8)
    fine = np.zeros((2 * height + 2, 2 * width + 2), np.uint8)
    inner = fine[1:-1, 1:-1]
    inner[::2, ::2] = usable
    inner[::2, 1:-1:2] = usable[:, 1:] & usable[:, :-1]
    inner[1:-1:2, :] = inner[:-2:2, :] & inner[2::2, :]
    room = cv2.distanceTransform(fine, cv2.DIST_C, 3)[1:-1, 1:-1]
    clipped: NDArray[np.uint8] = np.minimum(room, 255).astype(np.uint8)
    return clipped
