"""Finding the backdrop: its colour at the border of the frames, its picture in the whole clip."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import Footage, Frame, Frames
from editor.engine.cv import cv2
from editor.engine.image import Mask, Size
from editor.engine.kernels import matte as kernels
from editor.engine.matte import Colour, chroma
from editor.engine.step import Step
from editor.engine.threads import Crew

_BORDER = 0.04  # of the shorter side: where there is mostly backdrop
_COARSE = 16  # levels of a cell in which colours are counted
_NEAR = 40.0  # levels around the commonest colour that belong to it
_ALIKE = 130.0  # levels from the first colour within which another is the same in other light,
_HUE = 0.9  # if their hues have a cosine of so much
_COLOURS = 3
_WORTH = 0.08  # of the border that a further colour must have
_ENOUGH = 0.6  # of the border that must have one of the colours
_MOST = 255  # frames that a median is made of: what a counter of one byte holds
_WATCHED = 15  # frames that tell whether the backdrop was ever seen
_OFTEN = 0.25  # of them in which a creature that goes about is at most in one place
_GAP = 8  # pixels: what is narrower, between places where something is often in the way, is one too
_AROUND = 4  # pixels around such a place
_BAND = 1 << 19  # pixels of frames before there is a pause


@dataclass(frozen=True, slots=True)
class FoundColours:
    colours: tuple[Colour, ...]  # several where the light on the backdrop is uneven
    share: float  # of the border that has one of them
    tolerance: float  # levels within which 99 % of that lies, and a little more


class InTheWay(NamedTuple):
    """What stands before the backdrop for much of the time."""

    place: Mask  # where
    share: float  # of all that ever moves


def find_colours(frames: Frames | Iterable[Frame]) -> FoundColours:
    """The colour of the backdrop, told by the borders of some frames of the clip.

    A backdrop that is lighter on one side gives a second and a third colour like the first. Raises
    ValueError where the border has no colour of its own.
    """
    values = np.concatenate([_border(frame) for frame in frames]).astype(np.float32)
    away = np.full(len(values), np.inf, np.float32)
    centres: list[NDArray[np.float32]] = []
    while len(centres) < _COLOURS:
        left = values[away > _NEAR]
        if len(centres) > 0:
            left = left[np.linalg.norm(left - centres[0], axis=1) <= _ALIKE]
        if len(left) < _WORTH * len(values):
            break
        centre = _commonest(left)
        if centres and not _same_hue(centres[0], centre):
            break
        centres.append(centre)
        np.minimum(away, np.linalg.norm(values - centres[-1], axis=1), out=away)
    share = float((away <= _NEAR).mean())
    if share < _ENOUGH:
        raise ValueError(
            f"the backdrop has no colour of its own: the commonest one covers {share:.0%} of the "
            "border; take the difference from the clip's own background instead"
        )
    spread = float(np.quantile(away[away <= _NEAR], 0.99))
    colours = tuple(_whole(centre) for centre in centres)
    return FoundColours(colours, share, min(max(1.5 * spread + 8, 16.0), 80.0))


def _commonest(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The middle of the densest place in the cube of colours."""
    cells = (values // _COARSE).astype(np.int64)
    counts = np.bincount((cells[:, 0] * 16 + cells[:, 1]) * 16 + cells[:, 2], minlength=4096)
    cube = np.pad(counts.reshape(16, 16, 16), 1)
    around = np.zeros((16, 16, 16), np.int64)
    for r, g, b in np.ndindex(3, 3, 3):  # what lies on the edge of a cell counts for both
        around += cube[r : r + 16, g : g + 16, b : b + 16]
    best = np.unravel_index(int(np.argmax(around)), around.shape)
    centre = (np.array(best, np.float32) + 0.5) * _COARSE
    for _ in range(3):
        near = np.linalg.norm(values - centre, axis=1) <= _NEAR
        centre = np.median(values[near], axis=0)
    return centre


def _same_hue(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether two colours are one in other light; two greys are."""
    hues = chroma(one), chroma(other)
    if not hues[0].any() or not hues[1].any():
        return not hues[0].any() and not hues[1].any()
    return float(hues[0] @ hues[1]) >= _HUE


def _whole(centre: NDArray[np.float32]) -> Colour:
    red, green, blue = (round(float(value)) for value in centre)
    return red, green, blue


def background(footage: Footage, *, most: int = 100, threads: int = 1) -> Iterator[Step[Frame]]:
    """The clip without what moves: each value the median of at most so many frames.

    The clip is decoded twice and never kept: once to count the upper four bits of each value, once
    the lower four of those that share the median's upper ones. Exact, in 18 bytes a value.
    """
    if not 1 <= most <= _MOST:
        raise ValueError(f"the median of {most} frames was asked for: it goes from 1 to {_MOST}")
    clip = footage.clip
    chosen = np.unique(np.linspace(0, clip.count - 1, min(most, clip.count)).round().astype(int))
    wanted = np.zeros(clip.count, bool)
    wanted[chosen] = True

    block = max(1, min(16, _BAND // (clip.size.width * clip.size.height)))

    def frames() -> Iterator[Frames]:
        first = 0
        for some in footage.small(clip.size, block=block):
            yield some[wanted[first : first + len(some)]]
            first += len(some)

    with Crew(threads) as crew:
        yield from _median(frames, len(chosen), clip.size, clip.count / block, crew)


def _median(
    frames: Callable[[], Iterator[Frames]], count: int, size: Size, blocks: float, crew: Crew
) -> Generator[Step[Frame], None, None]:
    shape = (size.height, size.width, 3)
    ranks = np.full(shape, (count - 1) // 2, np.uint8)
    high, low = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for turn, (shift, picked) in enumerate(((4, high), (0, low))):
        counts = np.zeros((*shape, 16), np.uint8)
        for number, some in enumerate(frames(), 1):
            if len(some):
                crew(
                    kernels.count_nibbles, 0, size.height, some, high, shift, counts,
                    weight=size.width * len(some),
                )  # fmt: skip
            yield Step(0.5 * turn + 0.49 * min(1.0, number / blocks))
        crew(kernels.pick_nibbles, 0, size.height, counts, ranks, picked, weight=size.width)
        yield Step(0.5 * (turn + 1) * 0.99)
    yield Step(1.0, high * np.uint8(16) + low)


def in_the_way(
    footage: Footage, plate: Frame, tolerance: float, shadow: float, threads: int = 1
) -> Iterator[Step[InTheWay]]:
    """Where a clip is not like its median for much of the time.

    Where a creature hardly leaves its place the median is a picture of the creature, and the clip
    has nothing that is behind it.
    """
    clip = footage.clip
    numbers = np.unique(np.linspace(0, clip.count - 1, min(_WATCHED, clip.count)).round())
    times = np.zeros((clip.size.height, clip.size.width), np.intp)
    plates = plate[None, ..., :3].astype(np.float32)
    d, ground = np.empty(times.shape, np.float32), np.empty((*times.shape, 3), np.float32)
    with Crew(threads) as crew:
        for done, number in enumerate(numbers.astype(int).tolist(), 1):
            crew(
                kernels.differences, 0, clip.size.height, footage.frame(number), 0, 0, plates,
                np.float32(shadow), d, ground, weight=clip.size.width,
            )  # fmt: skip
            times += d > tolerance
            yield Step(0.99 * done / len(numbers))
    often = times > _OFTEN * len(numbers)
    share = float(often.sum() / max(np.count_nonzero(times), 1))
    yield Step(1.0, InTheWay(_blot(often), share))


def _blot(often: Mask) -> Mask:
    """Without specks and gaps, and a little larger: soft edges go with what they belong to."""
    whole = cv2.morphologyEx(often.view(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    whole = cv2.morphologyEx(whole, cv2.MORPH_CLOSE, _disc(_GAP))
    blot: Mask = cv2.dilate(whole, _disc(_AROUND)) > 0
    return blot


def _disc(radius: int) -> cv2.typing.MatLike:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _border(frame: Frame) -> NDArray[np.uint8]:
    """The pixels near the border, (n, 3)."""
    depth = max(1, round(_BORDER * min(frame.shape[:2])))
    inside = np.zeros(frame.shape[:2], bool)
    inside[depth:-depth, depth:-depth] = True
    return frame[~inside][:, :3]
