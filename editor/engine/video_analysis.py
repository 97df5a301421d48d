"""The road from a clip to its loops: frames are compared once, then judged as often as is wanted.

Comparing reads the clip and takes seconds; judging (texture, loops, player) starts from the
distances and takes milliseconds, so that a slider can be dragged while the texture plays. The
methods themselves are A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000,
in ``frame_distances``, ``video_texture``, ``video_loops`` and ``video_play``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What was read: how the frames differ, and how each of them was moved to lie on the first."""

    distances: Distances
    shifts: NDArray[np.float64] | None = None  # (N, 2) parts of the frame; None: as it was shot
    light: Light | None = None  # of each frame, to be evened; None: it stays as it was shot
    region: Cover | None = None  # of the document: compared were only these pixels


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that is known of a clip. While frames still come, only the distances are."""

    compared: Compared
    texture: Texture | None = None
    loops: tuple[Loop, ...] = ()  # best first
    length: int = 0  # frames that were asked for; 0: however many the best loop has
    wanted: Loop | None = None  # the loop of this length, or the longest of the best
    player: Player | None = None

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
    footage: Footage, how: Comparing, region: Cover | None = None
) -> Iterator[Step[Compared]]:
    """Read the clip once and compare all frames; Steps carry what is known so far.

    With a region only the pixels under it are compared.
    """
    clip = footage.clip
    if clip.count < 2:
        raise ValueError("the clip has one frame only: a loop needs at least two")
    size = small_size(clip, how.side)
    check_memory(clip.count, 3 * size.width * size.height)
    mask = _small_mask(region, size, how.steady) if region is not None else None
    steadier, lights = Steadier(), _Lights(mask)
    blocks: Iterable[Frames] = footage.small(size, block=_AT_ONCE)
    if how.steady:
        blocks = steadier.blocks(blocks)
    if how.even_light and mask is not None:
        blocks = lights.blocks(blocks)
    for step in distances(
        blocks, clip.count, mask=mask, even_light=how.even_light, threads=how.threads
    ):
        found = step.value
        if found is None:
            yield Step(step.done)
            continue
        shifts = steadier.shifts[: found.count] if how.steady else None
        light = found.light if mask is None else lights.first(found.count)
        yield Step(step.done, Compared(found, shifts, light if how.even_light else None, region))


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
) -> Iterator[Step[Analysis]]:
    """What the distances mean with these settings; the clip is not read again.

    ``before`` is an analysis of the same distances with other settings: what they have in common
    is taken from it. ``length`` is that of the loop wanted, in frames; 0 asks for the best.
    """
    old = before if before is not None and before.compared is given else None
    found = yield from _texture(given, settings, old, threads)
    if old is not None and _same_loops(old.texture, settings):
        loops = old.loops
    else:
        old = None
        loops = yield from _best(given, found)
    if old is not None and old.length == length and old.wanted is not None:
        wanted = old.wanted
    elif length:
        steps = compound_loop(given.distances, found, length, slack=max(1, length // 50))
        wanted = yield from _inside(0.7, 1.0, steps)
    else:
        wanted = longest_of_the_best(loops)
    yield Step(1.0, Analysis(given, found, loops, length, wanted, player(found, seed)))


def analysed(
    footage: Footage,
    how: Comparing = Comparing(),
    settings: Settings = _USUAL,
    *,
    region: Cover | None = None,
    length: int = 0,
    seed: int = 0,
) -> Iterator[Step[Analysis]]:
    """Compare and judge. A Step's value on the way knows the distances so far, and no more."""
    found: Compared | None = None
    for step in compared(footage, how, region):
        found = step.value or found
        yield Step(0.95 * step.done, None if step.value is None else Analysis(step.value))
    assert found is not None
    for judging in judged(found, settings, length=length, seed=seed, threads=how.threads):
        yield Step(0.95 + 0.05 * judging.done, judging.value)


def completed(found: Analysis, settings: Settings, *, length: int, seed: int) -> Analysis:
    """An analysis that was stopped while frames still came: what these frames alone give."""
    if found.texture is not None:
        return found
    return last(judged(found.compared, settings, length=length, seed=seed))


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


def _small_mask(region: Cover, size: Size, steady: bool) -> Mask:
    small = cv2.resize(region, tuple(size), interpolation=cv2.INTER_AREA)
    mask: Mask = (moved_back(small, (0.0, 0.0)) if steady else small) > 127
    if not mask.any():
        raise ValueError("the region is too small to be compared: paint a larger one")
    return mask
