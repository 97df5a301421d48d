"""The road from a clip to its loops: frames are compared once, then judged as often as is wanted.

Comparing reads the clip and takes seconds; judging (texture, loops, player) starts from the
distances and takes milliseconds, so that a slider can be dragged while the texture plays. The
methods themselves are A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000,
in ``frame_distances``, ``video_texture``, ``video_loops`` and ``video_play``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import tee
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine import frame_distances, video_texture
from editor.engine.clip import Clip, Footage
from editor.engine.cv import cv2
from editor.engine.frame_distances import Distances, Frames, Light, check_memory, distances
from editor.engine.image import Cover, Mask, Size
from editor.engine.step import Step, last, within
from editor.engine.video_loops import Loop, best_loops, compound_loop
from editor.engine.video_play import Player, player
from editor.engine.video_steady import Steadier, moved_back
from editor.engine.video_texture import Settings, Texture, texture

_MOST = 400_000_000  # values of all small frames together: longer clips are compared smaller
_LEAST_SIDE = 40
_AT_ONCE = 2  # frames decoded between two places to stop
_USUAL = Settings()
_SHAPES = ("taps", "p", "apart", "forbidden", "forced")  # the settings that decide about loops


@dataclass(frozen=True, slots=True)
class Comparing:
    """How a clip is read and compared: to change any of it is to read the clip again."""

    side: int = 320  # the longer side of the frames compared, pixels, at most
    even_light: bool = False
    steady: bool = False
    threads: int = 1


class Area(NamedTuple):
    """A part of the frame that is compared on its own."""

    number: int = 0  # of the region; 0 is the rest
    cover: Cover | None = None  # of the document; None: the whole frame


WHOLE = Area()


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What was read: how the frames differ, and how each of them was moved to lie on the first."""

    distances: Distances
    shifts: NDArray[np.float64] | None = None  # (N, 2) parts of the frame; None: as it was shot
    light: Light | None = None  # of each frame, to be evened; None: it stays as it was shot
    area: Area = WHOLE  # compared were only these pixels


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that is known of a clip. While frames still come, only the distances are."""

    compared: Compared
    texture: Texture | None = None
    loops: tuple[Loop, ...] = ()  # best first
    length: int = 0  # frames that were asked for; 0: however many the best loop has
    wanted: Loop | None = None  # the loop of this length, or the longest of the best
    player: Player | None = None
    others: tuple[Analysis, ...] = ()  # of the regions that are looped beside this one

    @property
    def number(self) -> int:
        """The region it is about; 0 is the rest, or the whole frame."""
        return self.compared.area.number

    @property
    def distances(self) -> Distances:
        return self.compared.distances

    @property
    def count(self) -> int:
        return self.distances.count


def small_size(clip: Clip, side: int) -> Size:
    """The size at which a clip's frames are compared: at most ``side``, less for a long clip."""
    values = clip.count * 3 * clip.fitting(side).width * clip.fitting(side).height
    if values > _MOST:
        side = max(_LEAST_SIDE, int(side * (_MOST / values) ** 0.5))
    return clip.fitting(side)


def compared(
    footage: Footage, how: Comparing, areas: Sequence[Area] = (WHOLE,)
) -> Iterator[Step[tuple[Compared, ...]]]:
    """Read the clip once and compare all frames; Steps carry what is known so far.

    Of each area only the pixels under its cover are compared. One that is too small for that is
    left out. Flicker is measured outside the first one.
    """
    clip = footage.clip
    if clip.count < 2:
        raise ValueError("the clip has one frame only: a loop needs at least two")
    size = small_size(clip, how.side)
    check_memory(clip.count, 3 * size.width * size.height, tables=len(areas))
    small = [(area, _small_mask(area.cover, size, how.steady)) for area in areas]
    areas, masks = zip(*_large_enough(small), strict=True)
    steadier, lights = Steadier(), _Lights(masks[0])
    blocks: Iterable[Frames] = footage.small(size, block=_AT_ONCE)
    if how.steady:
        blocks = steadier.blocks(blocks)
    if how.even_light and masks[0] is not None:
        blocks = lights.blocks(blocks)
    runs = [
        distances(one, clip.count, mask=mask, even_light=how.even_light, threads=how.threads)
        for one, mask in zip(tee(blocks, len(areas)), masks, strict=True)
    ]
    for done, found in _side_by_side(runs):
        if found is None:
            yield Step(done)
            continue
        count = found[0].count
        shifts = steadier.shifts[:count] if how.steady else None
        light = found[0].light if masks[0] is None else lights.first(count)
        kept = light if how.even_light else None
        pairs = zip(found, areas, strict=True)
        yield Step(done, tuple(Compared(one, shifts, kept, area) for one, area in pairs))


def _side_by_side(
    runs: Sequence[Iterator[Step[Distances]]],
) -> Iterator[tuple[float, tuple[Distances, ...] | None]]:
    """Several comparisons of the same frames: always the one that is furthest behind goes on.

    What is found is told when all of them know as many frames.
    """
    done = [0.0] * len(runs)
    found: list[Distances | None] = [None] * len(runs)
    going = list(range(len(runs)))
    while going:
        at = min(going, key=done.__getitem__)
        step = next(runs[at], None)
        if step is None:
            going.remove(at)
            continue
        done[at], new = step.done, step.value
        if new is not None:
            found[at] = new
        there = [one for one in found if one is not None]
        even = len({one.count for one in there}) == 1 and len(there) == len(runs)
        yield min(done), tuple(there) if new is not None and even else None


class _Lights:
    """The light of each frame, measured outside a region: what changes there is light alone."""

    def __init__(self, mask: Mask | None) -> None:
        self._around = None if mask is None else ~mask if not mask.all() else mask
        self._means: list[NDArray[np.float64]] = []
        self._contrasts: list[NDArray[np.float64]] = []

    def blocks(self, blocks: Iterable[Frames]) -> Iterator[Frames]:
        for block in blocks:
            values = block[:, self._around].astype(np.float64)  # (n, pixels, C)
            means = values.mean(axis=1)
            self._means.append(means)
            self._contrasts.append(((values - means[:, None]) ** 2).mean(axis=(1, 2)) ** 0.5)
            yield block

    def first(self, count: int) -> Light | None:
        if not self._means:
            return None
        means, contrasts = np.concatenate(self._means), np.concatenate(self._contrasts)
        return Light(means[:count], contrasts[:count])


def judged(
    given: Compared,
    settings: Settings = _USUAL,
    *,
    length: int = 0,
    seed: int = 0,
    before: Analysis | None = None,
    threads: int = 1,
    beside: Sequence[Compared] = (),
) -> Iterator[Step[Analysis]]:
    """What the distances mean with these settings; the clip is not read again.

    ``before`` is an analysis of the same distances with other settings: what they have in common
    is taken from it. ``length`` is that of the loop wanted, in frames; 0 asks for the best. Those
    ``beside`` are other regions, which have no jumps that are forced or forbidden.
    """
    old = before if before is not None and before.compared is given else None
    found = yield from _texture(given, settings, old, threads)
    if old is not None and _same_loops(old.texture, settings):
        loops = old.loops
    else:
        loops = yield from _best(given, found)
    same = old is not None and old.loops is loops and old.length == length
    if same and old is not None and old.wanted is not None:
        wanted = old.wanted
    elif length:
        steps = compound_loop(given.distances, found, length, slack=max(1, length // 50))
        wanted = yield from _inside(0.7, 0.9, steps)
    else:
        wanted = longest_of_the_best(loops)
    others: list[Analysis] = []
    free = replace(settings, forbidden=frozenset(), forced=frozenset())
    known = {} if before is None else {id(one.compared): one for one in before.others}
    for k, one in enumerate(beside):
        judging = judged(one, free, seed=seed, before=known.get(id(one)), threads=threads)
        low, high = (0.9 + 0.1 * part / len(beside) for part in (k, k + 1))
        others.append((yield from _inside(low, high, judging)))
    made = Analysis(given, found, loops, length, wanted, player(found, seed), tuple(others))
    yield Step(1.0, made)


def analysed(
    footage: Footage,
    how: Comparing = Comparing(),
    settings: Settings = _USUAL,
    *,
    areas: Sequence[Area] = (WHOLE,),
    length: int = 0,
    seed: int = 0,
) -> Iterator[Step[Analysis]]:
    """Compare and judge. A Step's value on the way knows the distances so far, and no more.

    The analysis is that of the first area; those of the others are with it.
    """
    found: tuple[Compared, ...] = ()
    for step in compared(footage, how, areas):
        found = step.value or found
        yield Step(0.95 * step.done, None if step.value is None else _only_compared(step.value))
    assert found
    first, *beside = found
    for judging in judged(
        first, settings, length=length, seed=seed, threads=how.threads, beside=beside
    ):
        yield Step(0.95 + 0.05 * judging.done, judging.value)


def _only_compared(found: Sequence[Compared]) -> Analysis:
    first, *others = (Analysis(one) for one in found)
    return replace(first, others=tuple(others))


def completed(found: Analysis, settings: Settings, *, length: int, seed: int) -> Analysis:
    """An analysis that was stopped while frames still came: what these frames alone give."""
    if found.texture is not None:
        return found
    beside = [one.compared for one in found.others]
    return last(judged(found.compared, settings, length=length, seed=seed, beside=beside))


def longest_of_the_best(loops: Sequence[Loop]) -> Loop:
    """Of the loops whose jump shows no more than the best one's, the longest.

    A loop of half a second in which nothing happens is easily the cheapest, and nobody wants it.
    Where even the best jump can be seen, the best it is.
    """
    best = loops[0]
    if best.quality not in ("perfect", "good"):
        return best
    return max((loop for loop in loops if loop.quality == best.quality), key=_length)


def _length(loop: Loop) -> int:
    return loop.length


def warm_up() -> None:
    frame_distances.warm_up()
    video_texture.warm_up()
    frames = (np.arange(40 * 4 * 4 * 3, dtype=np.uint32) * 97 % 251).astype(np.uint8)
    found = Compared(last(distances([frames.reshape(40, 4, 4, 3)], 40)))
    last(judged(found, length=20))


def _texture(
    given: Compared, settings: Settings, old: Analysis | None, threads: int
) -> Generator[Step[Any], None, Texture]:
    if old is not None and old.texture is not None and old.texture.settings == settings:
        return old.texture
    before = old.texture if old is not None else None
    steps = texture(given.distances.D, settings, before=before, threads=threads)
    found: Texture = yield from _inside(0.0, 0.6, steps)
    return found


def _best(given: Compared, found: Texture) -> Generator[Step[Any], None, tuple[Loop, ...]]:
    return tuple((yield from _inside(0.6, 0.7, best_loops(given.distances, found))))


def _inside(low: float, high: float, steps: Iterable[Step[Any]]) -> Generator[Step[Any], None, Any]:
    """``within``, but what the inner steps find is not the value of the outer."""
    inner = within(low, high, steps)
    while True:
        try:
            yield Step(next(inner).done)
        except StopIteration as end:
            return end.value


def _same_loops(old: Texture | None, settings: Settings) -> bool:
    return old is not None and all(
        getattr(old.settings, name) == getattr(settings, name) for name in _SHAPES
    )


def _small_mask(region: Cover | None, size: Size, steady: bool) -> Mask | None:
    if region is None:
        return None
    small = cv2.resize(region, tuple(size), interpolation=cv2.INTER_AREA)
    mask: Mask = (moved_back(small, (0.0, 0.0)) if steady else small) > 127
    return mask


def _large_enough(
    areas: Sequence[tuple[Area, Mask | None]],
) -> Sequence[tuple[Area, Mask | None]]:
    """Without crumbs of which nothing is left at the size that is compared."""
    there = [(area, mask) for area, mask in areas if mask is None or mask.any()]
    if not there:
        raise ValueError("the region is too small to be compared: paint a larger one")
    return there
