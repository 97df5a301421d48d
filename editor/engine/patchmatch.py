"""The nearest-neighbour field: for each patch of one picture the most similar patch of another.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch: A Randomized Correspondence
Algorithm for Structural Image Editing, ACM Transactions on Graphics 28(3), 2009. As they wrote it:
``patchmatch_reference``. Here the same on bytes and in the tiles of a chessboard; the distance is
the sum of squared differences over a patch, an integer.

Pictures are (H, W, C) uint8 with 1 to 8 channels: what counts more is scaled up before it comes
here. Patches have an odd size and are named by their centre. Only whole patches are compared, so
the border of size // 2 pixels is neither a target nor a source.

Two ways in. ``nearest`` is an operation on its own, an iterator of Steps. ``Search`` is for
algorithms that solve the field again and again while the target changes, as Fill does:

    search = Search(target, source, size=7, wanted=touched, allowed=~hole, crew=crew)
    yield from search.prepare()
    field = search.empty_field()          # or any Field: what is not valid in it is drawn anew
    for each pass:
        search.target[...] = estimate     # the buffer itself, (H, W, C): write what has changed
        yield from search.begin(field, seed)
        for number in range(2):
            yield from search.sweep(field, seed, number)
        vote with field.positions, where ``wanted``; by field.distances

Every method is a generator of pauses of some milliseconds, in which one may leave.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels import nearest as kernels
from editor.engine.kernels import several
from editor.engine.kernels.nearest import FREE, TILE, Pair
from editor.engine.kernels.patch import (
    CHANNELS,
    FORBIDDEN,
    MARK,
    SIZES,
    TAIL,
    mark_basis,
    pitch_of,
    shape_of,
)
from editor.engine.step import Step
from editor.engine.threads import Crew

__all__ = ["FORBIDDEN", "FREE", "TILE", "Field", "Part", "Search", "first_radius", "nearest"]

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Pauses = Generator[None, None, None]

_PIECE = 1 << 15  # targets whose rows of 32 bytes are swept before there is a pause
_TARGET = 32  # a target weighs as much as so many of a crew's unknowns
_ROWS = 1 << 21  # pixels that are counted before there is a pause
_NO_MARKS = np.zeros((1, 1, MARK), np.int8)
_NEARER = 5  # sweeps, each of which searches a quarter as far as the one before


class Field(NamedTuple):
    """positions[y, x] is the centre (y′, x′) in the source, distances[y, x] how far it is.

    Only where it is wanted; anywhere else it is whatever was there before.
    """

    positions: NDArray[np.int32]  # (H, W, 2)
    distances: NDArray[np.int32]  # (H, W): sum of squared differences; FORBIDDEN if none is allowed


class Part(NamedTuple):
    """Where a target lies in the picture that it was cut out of: in multiples of a TILE."""

    top: int
    left: int
    across: int  # the width of that picture


class Search:
    """Two pictures made ready for a search, and the tiles in which something is wanted."""

    def __init__(
        self,
        target: Bytes,
        source: Bytes,
        *,
        size: int = 7,
        wanted: NDArray[Any] | None = None,
        allowed: NDArray[Any] | None = None,
        labels: tuple[Bytes, Bytes] | None = None,
        marked: bool = True,
        once: int = 0,
        part: Part | None = None,
        turned: Search | None = None,
        crew: Crew | None = None,
    ) -> None:
        """Pictures and masks are copied; only whole patches inside ``allowed`` are a source.

        ``wanted`` are the centres whose neighbour is searched; by default all. ``labels`` belong to
        the centres in target and source: label X is only matched with label X, a target with the
        label FREE with any. A random search needs all patches ``marked``: a few bytes for each
        rule most candidates out. Without, matches are only handed on from neighbour to neighbour. A
        target that is ``part`` of a larger one is searched as it would be there: the same tiles,
        the same random numbers. A search that is another one ``turned``, from its source to its
        target as that was when its field was begun, takes the marks of both from it.

        Within ``once`` pixels (and a tile) no two targets come to the same place: copies of a patch
        that is like its neighbours would lie side by side, in a weave.
        """
        check_pair(target, source, size, wanted, allowed, labels)
        r = size // 2
        height, width, channels = target.shape
        self._crew = crew or Crew(1)
        self._part = part or Part(0, 0, width)
        self._allowed = _as_mask(allowed, source)
        inside = np.zeros((height, width), np.uint8)
        core = np.s_[r : height - r, r : width - r]
        inside[core] = 1 if wanted is None else wanted[core] != 0
        bytes_of_target = np.zeros(target.size + TAIL, np.uint8)
        bytes_of_source = np.zeros(source.size + TAIL, np.int8)
        self.target = bytes_of_target[: target.size].reshape(target.shape)
        self.target[...] = target
        bytes_of_source[: source.size].view(np.uint8).reshape(source.shape)[...] = source
        rows, pitch = shape_of(size, channels)
        basis, scales = mark_basis(size, channels)
        self._marked: bool = marked if turned is None else turned._marked
        self._turned = turned
        none = np.zeros((1, 1), np.uint8)
        target_labels, source_labels = labels or (none, none)
        mask = np.zeros(pitch_of(size, channels), np.uint8)
        mask[: size * channels] = 255
        self.pair = Pair(
            target=bytes_of_target,
            source=bytes_of_source,
            norms=np.empty((0, 0), np.int32),
            target_marks=_NO_MARKS,
            marks=_NO_MARKS,
            basis=basis,
            scales=scales,
            wanted=inside,
            first=self._part.top * self._part.across + self._part.left,
            across=self._part.across,
            target_labels=np.array(target_labels, np.uint8),
            source_labels=np.array(source_labels, np.uint8),
            ranks=np.zeros((int(source_labels.max()) + 1 if labels else 1, len(source) + 1), int),
            mask=mask,
            once=once,
            size=size,
            channels=channels,
            rows=rows,
            pitch=pitch,
        )
        if labels:
            most = int(target_labels.max()) + 1
            missing = max(0, most - len(self.pair.ranks))
            self.pair = self.pair._replace(ranks=np.pad(self.pair.ranks, ((0, missing), (0, 0))))
        self._tiles = np.empty((0, 2), np.int32)
        self._red = 0
        self._weight = 1
        self._piece = 1

    def label(self, targets: Bytes) -> None:
        """Other labels for the targets, none of them higher than those at first."""
        self.pair.target_labels[...] = targets

    @property
    def corner(self) -> tuple[int, int]:
        """(y, x) of the target in the picture that it is a part of."""
        return self._part.top, self._part.left

    @property
    def source(self) -> NDArray[np.int8]:
        """(H′, W′, C): what is copied from, once it is prepared; less 128."""
        shape = (*self.pair.norms.shape, self.pair.channels)
        return self.pair.source[: math.prod(shape)].reshape(shape)

    @property
    def wanted(self) -> Mask:
        """The centres whose neighbour is searched: those asked for whose patch lies inside."""
        return self.pair.wanted.view(np.bool_)

    def prepare(self) -> Pauses:
        """Sum up the source and find the tiles; once, before anything else."""
        norms: NDArray[np.int32] = np.empty(self._allowed.shape, np.int32)
        self.pair = self.pair._replace(norms=norms)
        wanted, crew = self.pair.wanted, self._crew
        size, channels = self.pair.size, self.pair.channels
        band = max(64, _ROWS // norms.shape[1])
        yield from crew.passing(
            kernels.sum_squares,
            *(0, len(norms), self.pair.source.view(np.uint8), self._allowed, size, channels, norms),
            piece=band,
            weight=norms.shape[1],
        )
        self._allowed = np.empty((0, 0), np.uint8)  # the norms say it from now on
        if self._turned is not None:
            other = self._turned.pair
            self.pair = self.pair._replace(target_marks=other.marks, marks=other.target_marks)
        elif self._marked:
            self.pair = self.pair._replace(
                target_marks=np.zeros((*wanted.shape, MARK), np.int8),
                marks=np.zeros((*norms.shape, MARK), np.int8),
            )
            yield from crew.passing(
                kernels.mark_patches,
                *(0, len(norms), self.pair.source.view(np.uint8), self.pair),
                piece=band,
                weight=norms.shape[1] * _TARGET,
            )
        np.bitwise_xor(self.pair.source.view(np.uint8), 0x80, out=self.pair.source.view(np.uint8))
        counts = np.zeros((len(self.pair.ranks), len(norms)), np.int64)
        yield from crew.passing(
            kernels.count_choices,
            *(0, len(norms), norms, self.pair.source_labels, counts),
            piece=band,
            weight=norms.shape[1],
        )
        if len(counts) > FREE:
            counts[FREE] = counts.sum(axis=0)
        np.cumsum(counts, axis=1, out=self.pair.ranks[:, 1:])
        down, across = (-(-length // TILE) for length in wanted.shape)
        of_tiles = np.zeros((down, across), np.int64)
        yield from crew.passing(
            kernels.count_tiles,
            *(0, down, wanted, of_tiles),
            piece=band,
            weight=wanted.shape[1] * TILE,
        )
        ys, xs = np.nonzero(of_tiles)
        black = (ys + xs + (self._part.top + self._part.left) // TILE) % 2
        order = np.argsort(black, kind="stable")
        self._tiles = (TILE * np.stack([ys, xs], axis=1)[order]).astype(np.int32)
        self._red = len(black) - int(black.sum())
        each = max(1, int(of_tiles.sum()) // max(1, len(ys)))
        bulk = max(1, size * len(self.pair.mask) // (7 * 32))  # of a patch
        self._weight = each * bulk * _TARGET
        self._piece = max(2, _PIECE // (each * bulk))

    def empty_field(self, neighbours: int | None = None) -> Field:
        """A field in which nothing is valid yet. Memory is only taken where something is wanted.

        With a number of ``neighbours`` there is one more axis, (H, W, neighbours): so many
        different places for each patch, the nearest first.
        """
        shape = self.pair.wanted.shape if neighbours is None else (*self.wanted.shape, neighbours)
        return Field(np.zeros((*shape, 2), np.int32), np.zeros(shape, np.int32))

    def begin(self, field: Field, seed: int) -> Pauses:
        """Measure the field against the pictures as they are now; draw where it is not valid."""
        kernel = kernels.begin if field.distances.ndim == 2 else several.begin_several
        pair = self.pair
        if self._turned is not None:
            pair = pair._replace(target_marks=_NO_MARKS)  # they are made already
        arguments = (self._tiles, pair, np.uint64(seed), *field)
        yield from self._passing(kernel, 0, len(self._tiles), field, arguments)

    def sweep(
        self,
        field: Field,
        seed: int,
        number: int,
        *,
        reach: int | None = None,
        nearer: int = 1,
    ) -> Pauses:
        """Improve the field once, in place: propagation and random search.

        Even and odd numbers run in opposite directions: count them up. ``reach`` is the radius at
        which the random search begins, by default the ``first_radius`` for the larger side of the
        source; each next one is so many halvings ``nearer``. Where nothing is marked there is no
        search.
        """
        kernel = kernels.sweep if field.distances.ndim == 2 else several.sweep_several
        if not self._marked:
            reach = 0
        elif reach is None:
            reach = first_radius(max(self.pair.norms.shape), number)
        arguments = (self._tiles, self.pair, np.uint64(seed), number, reach, nearer, *field)
        yield from self._passing(kernel, 0, self._red, field, arguments)
        yield from self._passing(kernel, self._red, len(self._tiles), field, arguments)

    def _passing(
        self, kernel: Any, start: int, stop: int, field: Field, arguments: tuple[Any, ...]
    ) -> Pauses:
        neighbours = 1 if field.distances.ndim == 2 else field.distances.shape[2]
        piece = max(2, self._piece // neighbours)
        yield from self._crew.passing(
            kernel, start, stop, *arguments, piece=piece, weight=self._weight
        )


def first_radius(longest: int, sweep: int) -> int:
    """Where the random search of a sweep begins: nearer each time, and in every fifth far away.

    What is far was tried before, and what it found is handed on by then.
    """
    return max(1, longest >> 2 * (sweep % _NEARER))


def nearest(
    target: Bytes,
    source: Bytes,
    *,
    size: int = 7,
    sweeps: int = 5,
    neighbours: int | None = None,
    wanted: NDArray[Any] | None = None,
    allowed: NDArray[Any] | None = None,
    labels: tuple[Bytes, Bytes] | None = None,
    start: NDArray[np.int32] | None = None,
    thorough: bool = False,
    seed: int = 0,
    threads: int = 1,
) -> Iterator[Step[Field]]:
    """The field from target to source: similarity. For completeness swap the two.

    With ``neighbours`` so many different places are found for each patch, the nearest first, and
    the field has one more axis: positions (H, W, neighbours, 2), distances (H, W, neighbours).
    ``start`` are positions to begin with, as from a coarser level; those outside the allowed ones
    are drawn anew. The search goes to a quarter of the radius each time, or, ``thorough``, to half
    of it, as the paper does: that takes half as long again. After each sweep a Step carries the
    field so far.
    """
    if neighbours is not None and neighbours < 1:
        raise ValueError(f"neighbours is {neighbours}: at least 1 is needed")
    if sweeps < 0:
        raise ValueError(f"sweeps is {sweeps}: at least 0 are needed")
    with Crew(threads) as crew:
        search = Search(
            target, source, size=size, wanted=wanted, allowed=allowed, labels=labels, crew=crew
        )
        for _ in search.prepare():
            yield Step(0.0)
        field = search.empty_field(neighbours)
        if start is not None:
            field.positions[...] = start
        for _ in search.begin(field, seed):
            yield Step(0.05)
        yield Step(0.1, field)
        for number in range(sweeps):
            for _ in search.sweep(field, seed, number, nearer=1 if thorough else 2):
                yield Step(0.1 + 0.9 * number / sweeps)
            yield Step(0.1 + 0.9 * (number + 1) / sweeps, field)


def _as_mask(mask: NDArray[Any] | None, like: Bytes) -> Bytes:
    if mask is None:
        return np.ones(like.shape[:2], np.uint8)
    return np.ascontiguousarray(mask != 0).view(np.uint8)


def check_pair(
    target: Bytes,
    source: Bytes,
    size: int,
    wanted: NDArray[Any] | None,
    allowed: NDArray[Any] | None,
    labels: tuple[Bytes, Bytes] | None = None,
) -> None:
    """Raise ValueError unless patches of the two pictures can be compared."""
    if size not in SIZES:
        raise ValueError(f"the patch size is {size}: it is odd and goes from 3 to 15")
    for name, picture in (("target", target), ("source", source)):
        if picture.ndim != 3 or picture.dtype != np.uint8:
            raise ValueError(
                f"the {name} is {picture.dtype} with {picture.ndim} axes: "
                "it must be uint8 with rows, columns and channels"
            )
        if min(picture.shape[:2]) < size:
            height, width = picture.shape[:2]
            raise ValueError(f"the {name} is {width} × {height}: smaller than a patch of {size}")
    if target.shape[2] != source.shape[2] or target.shape[2] not in CHANNELS:
        raise ValueError(
            f"the target has {target.shape[2]} channels and the source {source.shape[2]}: "
            "both must have the same number, 1 to 8"
        )
    masks = [("mask of targets", wanted, target), ("mask of sources", allowed, source)]
    if labels is not None:
        masks += [("target labels", labels[0], target), ("source labels", labels[1], source)]
    for name, mask, picture in masks:
        if mask is not None and mask.shape != picture.shape[:2]:
            raise ValueError(
                f"the {name} has the shape {mask.shape}, its picture {picture.shape[:2]}: "
                "they must be equal"
            )
