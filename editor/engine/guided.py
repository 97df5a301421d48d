"""How a fill keeps to its guides at one level: what lies on a line, and what is labelled how.

A patch whose centre lies beside a line, at most half a patch away, may only be copied from a place
that lies as far beside a line of the same colour outside: one search along a line instead of all
over the picture. So short is that search that it is exhaustive where the picture is small, and
looks about the place that the coarser level named where it is large. In the first guess and at
coarse levels, where a patch shows more of what lies beside the line than of the line itself, it may
come from elsewhere if it looks like nothing along the line.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.fill_level import SIZE, Level, touching
from editor.engine.guides import Guides, Labels, Line
from editor.engine.image import Cover, Mask, Rect
from editor.engine.kernels import guided as kernels
from editor.engine.kernels.guided import Tracks
from editor.engine.patchmatch import FREE, Field, Search
from editor.engine.threads import Crew

_ALONG = 8  # pixels of a line that are looked at around the place so far
_FAR = 256  # pixels of a line outside the hole, at least, that may be copied
_COARSE = 2  # from here on, what looks like nothing along a line leaves it: it shows much else
_PIECE = 64  # patches on a line before there is a pause
_ENOUGH = 4  # times the hole's area of a label: then no more of it is looked for

Bytes = NDArray[np.uint8]
Pauses = Generator[None, None, None]


def widened(
    windows: list[tuple[Rect, Rect]], guides: Guides, hole: Mask | Cover
) -> list[tuple[Rect, Rect]]:
    """The windows around the parts of a hole, so large that the guides have what they name."""
    whole = Rect.whole(hole)
    boxes = [_box(line).within(whole) for line in guides.lines]
    result = []
    for rect, given in windows:
        window = given
        crossing = {
            line.colour
            for line, box in zip(guides.lines, boxes, strict=True)
            if not box.within(rect).empty
        }
        near = rect.grown(max(_FAR, 2 * max(rect.width, rect.height)))
        for line, box in zip(guides.lines, boxes, strict=True):
            if line.colour in crossing:
                part = box.within(near)
                window = window.joined(box if part.empty else part)
        if guides.labels is not None:
            inside = guides.labels[rect.slices][hole[rect.slices] != 0]
            for label, count in zip(
                *np.unique(inside[inside > 0], return_counts=True), strict=True
            ):
                here = (guides.labels[window.slices] == label) & (hole[window.slices] == 0)
                if np.count_nonzero(here) < _ENOUGH * count:
                    everywhere = (guides.labels == label) & (hole == 0)
                    window = window.joined(Rect.around(everywhere))
        result.append((rect, window.within(whole)))
    return result


def _box(line: Line) -> Rect:
    x, y = (int(min(pair)) for pair in zip(line.a, line.b, strict=True))
    right, bottom = (int(max(pair)) + 1 for pair in zip(line.a, line.b, strict=True))
    return Rect(x, y, right - x, bottom - y).grown(8)


class Kept(NamedTuple):
    """What the guides ask for at one level."""

    labels: tuple[Labels, Labels] | None = None  # of targets and sources
    tracks: Tracks | None = None

    def labels_of(self, part: Rect) -> tuple[Labels, Labels] | None:
        """For targets in a part of the level."""
        if self.labels is None:
            return None
        targets, sources = self.labels
        return targets[part.slices], sources


def kept_guides(
    guides: Guides, hole: Mask, levels: Sequence[Level], found: Sequence[Line] = ()
) -> Generator[None, None, list[Kept]]:
    """At each level. Raises ValueError where the picture has nothing for a guide to copy.

    Lines that nobody drew, but were ``found``, are left out there.
    """
    if not guides and not found:
        return [Kept()] * len(levels)
    planes = None
    if guides.labels is not None:
        check_labels(guides.labels, hole, levels[0].whole)
        planes = label_pyramid(guides.labels, [level.known for level in levels])
        yield
    kept, lines = [], guides.lines
    for depth, level in enumerate(levels):
        whole = level.whole
        labels = None if planes is None else pair_of_labels(planes[depth], whole)
        there = None
        if lines or found:
            wanted = touching(level.known == 0)
            if depth == 0:
                lines = (*lines, *fruitful(found, wanted, whole))
        if lines:
            there = tracks(lines, depth, wanted, whole, SIZE // 2)
            if depth == 0:
                check_tracks(lines, there)
        kept.append(Kept(labels, there))
        yield
    return kept


def label_pyramid(labels: Labels, known: Sequence[Bytes]) -> list[Labels]:
    """The labels at each level; ``known`` says what lies outside the hole there.

    Of four pixels the largest label counts, of those outside the hole if there are any.
    """
    planes = [np.ascontiguousarray(labels)]
    for fine in known[:-1]:
        height, width = (-(-side // 2) for side in fine.shape)
        odd = ((0, 2 * height - fine.shape[0]), (0, 2 * width - fine.shape[1]))
        outside = np.pad(np.where(fine != 0, planes[-1], 0), odd).reshape(height, 2, width, 2)
        anywhere = np.pad(planes[-1], odd).reshape(height, 2, width, 2)
        some = np.pad(fine, odd).reshape(height, 2, width, 2).any(axis=(1, 3))
        planes.append(np.where(some, outside.max(axis=(1, 3)), anywhere.max(axis=(1, 3))))
    return planes


def pair_of_labels(labels: Labels, whole: Bytes) -> tuple[Labels, Labels]:
    """Labels of targets and sources for a Search: where a label has no source here, all is free.

    ``whole`` is not 0 at the centres of patches that may be copied.
    """
    there = np.bincount(labels[whole != 0], minlength=256) > 0
    targets = np.where(there, np.arange(256), FREE).astype(np.uint8)
    targets[0] = FREE
    return targets[labels], labels


def check_labels(labels: Labels, hole: Mask, whole: Bytes) -> None:
    """Raise ValueError unless each label in the hole has patches outside."""
    missing = np.setdiff1d(labels[hole], labels[whole != 0])
    missing = missing[missing > 0]
    if len(missing):
        raise ValueError(
            f"label {missing[0]} is painted in the hole and nowhere outside, where enough of it "
            "could be copied: paint there too"
        )


def tracks(lines: Sequence[Line], depth: int, wanted: Bytes, whole: Bytes, r: int) -> Tracks:
    """What lies on lines at the level that has 2^-depth of the window's size.

    ``wanted`` are the centres of patches to be found, ``whole`` those that may be copied.
    """
    lines = _by_colour(lines)
    starts, ways = np.empty((2, len(lines), 2))
    leading: dict[str, NDArray[Any]] = {}
    targets: list[tuple[NDArray[Any], ...]] = []
    sources: list[tuple[NDArray[Any], ...]] = []
    buckets, counts = [0], []
    for number, line in enumerate(lines):
        a, b = (np.array(end[::-1]) / 2**depth - 0.5 for end in (line.a, line.b))
        if leading.setdefault(line.colour, b - a) @ (b - a) < 0:
            a, b = b, a
        length = float(np.linalg.norm(b - a))
        starts[number], ways[number] = a, (b - a) / max(length, 1e-6)
        ys, xs, along, beside = _band(a, ways[number], length, r + 1.5, wanted.shape)
        found = (wanted[ys, xs] != 0) & (np.abs(beside) <= r + 0.5)
        targets.append((ys[found], xs[found], beside[found], np.full(int(found.sum()), number)))
        usable = np.flatnonzero(whole[ys, xs])
        usable = usable[np.argsort(along[usable], kind="stable")]
        sources.append((ys[usable], xs[usable], beside[usable]))
        counts.append(np.bincount(along[usable].astype(int), minlength=int(length) + 1))
        buckets.append(buckets[-1] + len(counts[-1]))
    ys, xs, beside, owners = (np.concatenate(part) for part in zip(*targets, strict=True))
    order = np.lexsort((owners, np.abs(beside), xs, ys))  # one that lies on two is the nearer's
    ys, xs, beside, owners = ys[order], xs[order], beside[order], owners[order]
    new = np.ones(len(ys), np.bool_)
    new[1:] = (np.diff(ys) != 0) | (np.diff(xs) != 0)
    source_ys, source_xs, source_beside = (
        np.concatenate(part) for part in zip(*sources, strict=True)
    )
    names = [line.colour for line in lines]
    return Tracks(
        ys=ys[new].astype(np.int32),
        xs=xs[new].astype(np.int32),
        beside=beside[new].astype(np.float32),
        lines=owners[new].astype(np.int32),
        first=np.array([names.index(name) for name in names], np.int32),
        end=np.array([names.index(name) + names.count(name) for name in names], np.int32),
        weights=np.array([line.weight for line in lines], np.float32),
        starts=starts.astype(np.float32),
        ways=ways.astype(np.float32),
        buckets=np.array(buckets, np.int32),
        rows=np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int32),
        source_ys=source_ys.astype(np.int32),
        source_xs=source_xs.astype(np.int32),
        source_beside=source_beside.astype(np.float32),
    )


def fruitful(lines: Sequence[Line], wanted: Bytes, whole: Bytes) -> tuple[Line, ...]:
    """Those that have something to copy outside the hole."""
    return tuple(
        line for line in lines if not _barren([line], tracks([line], 0, wanted, whole, SIZE // 2))
    )


def check_tracks(lines: Sequence[Line], there: Tracks) -> None:
    """Raise ValueError unless each line in the hole has something to copy outside."""
    for colour in _barren(lines, there):
        raise ValueError(
            f"the lines in {colour} have nothing to copy outside the hole: draw one on past the "
            "hole's edge"
        )


def _barren(lines: Sequence[Line], there: Tracks) -> list[str]:
    """The colours of lines in the hole that have nothing to copy outside."""
    colours = []
    for number in np.unique(there.lines):
        first, end = there.buckets[there.first[number]], there.buckets[there.end[number]]
        if there.rows[first] == there.rows[end]:
            colours.append(_by_colour(lines)[number].colour)
    return colours


def _by_colour(lines: Sequence[Line]) -> list[Line]:
    """Those of a colour together, the colours as they came."""
    names = [line.colour for line in lines]
    return sorted(lines, key=lambda line: names.index(line.colour))


def _band(
    a: NDArray[Any], way: NDArray[Any], length: float, half: float, shape: tuple[int, ...]
) -> tuple[NDArray[Any], ...]:
    """The pixels about a line: y, x, how far along, and how far beside, left of it positive."""
    along, beside = np.arange(0, length, 0.5), np.arange(-half, half + 0.5, 0.5)
    normal = np.array([-way[1], way[0]])
    at = a + along[:, None, None] * way + beside[None, :, None] * normal
    ys, xs = np.rint(at).astype(np.int64).reshape(-1, 2).T
    inside = (ys >= 0) & (xs >= 0) & (ys < shape[0]) & (xs < shape[1])
    ys, xs = np.divmod(np.unique(ys[inside] * shape[1] + xs[inside]), shape[1])
    dy, dx = ys - a[0], xs - a[1]
    t, d = dy * way[0] + dx * way[1], dy * normal[0] + dx * normal[1]
    on = (t >= 0) & (t <= length) & (np.abs(d) <= half)
    return ys[on], xs[on], t[on], d[on]


class Follower:
    """The patches on lines of one level, while it is solved."""

    def __init__(self, there: Tracks, search: Search, crew: Crew, depth: int) -> None:
        y, x = search.corner
        self._tracks = there._replace(ys=there.ys - np.int32(y), xs=there.xs - np.int32(x))
        self._search, self._crew = search, crew
        self._alike = depth >= _COARSE
        count = len(there.ys)
        self._own = np.full((count, 2), -1, np.int32)
        self._found = np.zeros(count, np.int64)
        self._everywhere = np.ones(search.wanted.shape, np.uint8)

    def guess(self, field: Field, seen: Bytes) -> Pauses:
        """The first guess on the lines, from their ends in; ``seen`` grows by it."""
        ys, xs = self._tracks.ys, self._tracks.xs
        todo = seen[ys, xs] == 0
        while todo.any():
            around = cv2.dilate(seen, np.ones((3, 3), np.uint8))
            layer = np.flatnonzero(todo & (around[ys, xs] != 0))
            if len(layer) == 0:  # a line that ends inside the hole
                layer = np.flatnonzero(todo)
            yield from self._follow(layer, seen, alike=True)
            kernels.copy(
                *(0, len(layer), layer, self._tracks, self._own),
                *(self._search.source, self._search.target, field.positions),
            )
            todo[layer] = False
            layer = layer[self._own[layer, 0] >= 0]
            seen[ys[layer], xs[layer]] = 1

    def remember(self, field: Field) -> None:
        """Where the patches are before the search looks elsewhere."""
        self._own[...] = field.positions[self._tracks.ys, self._tracks.xs]

    def keep(self, field: Field) -> Pauses:
        """Look along the lines, and put the patches back on them."""
        count = len(self._tracks.ys)
        yield from self._follow(np.arange(count), self._everywhere, alike=self._alike)
        kernels.keep(0, count, self._tracks, self._own, self._found, *field)
        yield

    def _follow(self, listed: NDArray[Any], seen: Bytes, *, alike: bool) -> Pauses:
        yield from self._crew.passing(
            kernels.follow,
            *(0, len(listed), listed, self._tracks, self._search.target, seen),
            *(self._search.source, SIZE // 2, _ALONG, alike, self._own, self._found),
            piece=_PIECE,
            weight=1 << 12,
        )
