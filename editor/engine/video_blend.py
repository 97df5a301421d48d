"""Hidden jumps: a sequence of frames becomes a sequence of mixes, and mixes become pictures.

§5 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000. Around a jump
i → j the clip goes on past i while it already plays what leads to j, and one fades into the other:
n frames are mixes of frame i + r and frame j − 1 + r. Two fades never overlap: each has at most
half of the frames up to the next jump; and none asks for frames before or after the clip.

A morph moves both frames along the optical flow between them before it mixes them. Where the flow
there and back does not meet, or where moving makes the two frames no more alike than they were, the
flow is not to be trusted and the place is faded instead. Flow: T. Kroeger, R. Timofte, D. Dai, L.
Van Gool: Fast optical flow using dense inverse search, ECCV 2016. In between: the two flows are
combined as in H. Jiang et al.: Super SloMo, CVPR 2018.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Picture, full_scale
from editor.engine.video_texture import Jump

FrameSource = Callable[[int], Picture]
Blend = Callable[[Picture, Picture, float], Picture]
Flow = NDArray[np.float32]  # (H, W, 2), pixels, x first

FADE = 6  # frames
_FLOW_SIDE = 480  # the longer side at which the flow is computed
_LEAST = 16  # … and the shorter one at least
_MEETING = 1.5  # pixels by which the way there and back may miss
_AROUND = 9  # pixels over which frames are compared and trust is smoothed


class Mix(NamedTuple):
    """One picture to show: frame ``first``, and ``weight`` of frame ``second`` over it."""

    first: int
    second: int
    weight: float = 0.0

    @property
    def frames(self) -> tuple[int, ...]:
        """Those it is made of."""
        return (self.first,) if self.weight == 0 or self.first == self.second else self[:2]


# ── which frames to mix ──


def mixes(
    frames: Iterable[int], count: int, fade: int = FADE, fades: Mapping[Jump, int] | None = None
) -> Iterator[Mix]:
    """The mixes of a sequence, however long, of frames of a clip of ``count`` frames.

    ``fade`` is how many pictures a jump's cross-fade has, 0 a cut; ``fades`` is that of single
    jumps. It looks no further ahead than two fades.
    """
    fades = fades or {}
    longest = max([fade, *fades.values()])
    if longest < 0 or min([fade, *fades.values()]) < 0:
        raise ValueError("a cross-fade has 0 frames or more")
    source = iter(frames)
    window = deque(islice(source, 2 * longest + 2))
    since = 1  # which picture after the last jump, or after the beginning, this one is
    behind: Jump | None = None
    before_behind = 0  # how many pictures the fade of that jump had before it
    while window:
        left, ahead = _stretch(window, 0)  # pictures up to the next jump, this one included
        far = ahead is None and len(window) > 2 * longest
        mix = Mix(window[0], window[0])
        if behind is not None:
            gap = count if far else since + left - 1
            after = _after(behind, gap, count, fades.get(behind, fade))
            if since <= after:
                weight = (since + before_behind) / (before_behind + after + 1)
                mix = Mix(behind[0] + since, window[0], weight)
        if ahead is not None:
            length = fades.get(ahead, fade)
            before = _before(ahead, since + left - 1, length)
            if left <= before:
                after = _after(ahead, _stretch(window, left)[0], count, length)
                weight = (before - left + 1) / (before + after + 1)
                mix = Mix(window[0], ahead[1] - left, weight)
            if left == 1:
                behind, since, before_behind = ahead, 0, before
        yield mix
        since += 1
        window.popleft()
        window.extend(islice(source, 1))


def _stretch(window: deque[int], start: int) -> tuple[int, Jump | None]:
    """How many pictures from this place are in order, and the jump after them if it is seen."""
    for at in range(start, len(window) - 1):
        if window[at + 1] != window[at] + 1:
            return at + 1 - start, (window[at], window[at + 1])
    return len(window) - start, None


def _before(jump: Jump, gap: int, fade: int) -> int:
    """Pictures of the fade up to the jump; ``gap`` is how many lie between it and the last one."""
    return min(fade - fade // 2, gap - gap // 2, jump[1])


def _after(jump: Jump, gap: int, count: int, fade: int) -> int:
    """… and after it; ``gap`` is how many lie between it and the next one."""
    return max(0, min(fade // 2, gap // 2, count - 1 - jump[0]))


def loop_mixes(
    frames: Sequence[int], count: int, fade: int = FADE, fades: Mapping[Jump, int] | None = None
) -> list[Mix]:
    """The mixes of one turn of a loop: its last jump fades across the end into the beginning.

    It is the third turn, because a fade's length depends on the jump before, and so on once more.
    """
    if len(frames) == 0:
        raise ValueError("the loop has no frames")
    turn = len(frames)
    return list(islice(mixes(cycle(frames), count, fade, fades), 2 * turn, 3 * turn))


# ── the pictures ──


def rendered(
    plan: Iterable[Mix], frame: FrameSource, blend: Blend | None = None
) -> Iterator[Picture]:
    """The pictures of a plan, one at a time; ``blend`` is cross_fade (the default) or morph."""
    blend = blend or cross_fade
    for mix in plan:
        if len(mix.frames) == 1:
            yield frame(mix.first)
        else:
            yield blend(frame(mix.first), frame(mix.second), mix.weight)


def cross_fade(a: Picture, b: Picture, weight: float) -> Picture:
    """(1 − weight) a + weight b, in the depth of a; colours count by their alpha."""
    _check_alike(a, b)
    if _has_alpha(a):
        return _straight(_mixed(_premultiplied(a), _premultiplied(b), weight), a.dtype)
    return _mixed(a, b, weight)


def morph(a: Picture, b: Picture, weight: float) -> Picture:
    """Both frames moved to meet on the way from a to b, faded where the flow is not trusted.

    The flow and how far to trust it come from small copies, the pixels from the frames themselves.
    """
    _check_alike(a, b)
    first, second = _small(a), _small(b)
    there, back = _flow(first, second), _flow(second, first)
    t = np.float32(weight)
    ways = (
        -(1 - t) * t * there + t * t * back,
        (1 - t) * (1 - t) * there - t * (1 - t) * back,
    )
    trust = _trust(first, second, ways, there, back)
    if _has_alpha(a):
        moved = _morphed(_premultiplied(a), _premultiplied(b), weight, ways, trust)
        return _straight(moved, a.dtype)
    return _morphed(a, b, weight, ways, trust)


def _check_alike(a: Picture, b: Picture) -> None:
    if a.shape != b.shape or a.dtype != b.dtype:
        raise ValueError(f"two frames differ: {a.shape} {a.dtype} and {b.shape} {b.dtype}")


def _has_alpha(a: Picture) -> bool:
    return a.ndim == 3 and a.shape[2] == 4


def _premultiplied(a: Picture) -> NDArray[np.float32]:
    """Colours times alpha, so that they can be mixed and moved like any other number."""
    result = a.astype(np.float32)
    result[..., :3] *= result[..., 3:] * np.float32(1 / full_scale(a.dtype))
    return result


def _straight(a: NDArray[np.float32], dtype: np.dtype[Any]) -> Picture:
    cover = a[..., 3:] * np.float32(1 / full_scale(dtype))
    np.divide(a[..., :3], cover, out=a[..., :3], where=cover > 0)
    if dtype == np.float32:
        return a
    whole: Picture = np.rint(np.clip(a, 0, full_scale(dtype))).astype(dtype)
    return whole


def _mixed(a: Picture, b: Picture, weight: float) -> Picture:
    mixed: Picture = cv2.addWeighted(a, 1 - weight, b, weight, 0)
    return mixed


def _morphed(
    a: Picture, b: Picture, weight: float, ways: tuple[Flow, Flow], trust: NDArray[np.float32]
) -> Picture:
    height, width = a.shape[:2]
    factor = np.array([width / trust.shape[1], height / trust.shape[0]], np.float32)
    grown = [cv2.resize(way, (width, height)) * factor for way in ways]
    trust = cv2.resize(trust, (width, height))
    moved = _mixed(_sampled(a, grown[0]), _sampled(b, grown[1]), weight)
    faded = _mixed(a, b, weight)
    if a.dtype == np.uint16:
        if a.ndim == 3:
            trust = trust[..., None]
        between = faded + trust * (moved.astype(np.float32) - faded)
        deep: Picture = np.rint(between).astype(np.uint16)  # which blendLinear does not take
        return deep
    blended: Picture = cv2.blendLinear(moved, faded, trust, 1 - trust)
    return blended


def _small(frame: Picture) -> Picture:
    """8 bit grey or RGB, no larger than the flow wants it."""
    height, width = frame.shape[:2]
    scale = min(1.0, _FLOW_SIDE / max(height, width))
    size = (max(_LEAST, round(width * scale)), max(_LEAST, round(height * scale)))
    colours = frame[..., :3] if frame.ndim == 3 else frame
    small = cv2.resize(np.ascontiguousarray(colours), size, interpolation=cv2.INTER_AREA)
    levels = small * np.float32(255 / full_scale(frame.dtype))
    whole: Picture = np.rint(np.clip(levels, 0, 255)).astype(np.uint8)
    return whole


def _flow(a: Picture, b: Picture) -> Flow:
    """Where each pixel of a went in b, x first."""
    greys = [one if one.ndim == 2 else cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (a, b)]
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found: Flow = finder.calc(greys[0], greys[1], None)
    return found


def _sampled(array: NDArray[Any], way: Flow) -> NDArray[Any]:
    """What lies so far away from each pixel."""
    place = way.copy()
    place[..., 0] += np.arange(way.shape[1], dtype=np.float32)
    place[..., 1] += np.arange(way.shape[0], dtype=np.float32)[:, None]
    sampled: NDArray[Any] = cv2.remap(
        array, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return sampled


def _trust(
    a: Picture, b: Picture, ways: tuple[Flow, Flow], there: Flow, back: Flow
) -> NDArray[np.float32]:
    """0..1: where there and back meet, and moving has made the frames more alike."""
    miss = np.linalg.norm(there + _sampled(back, there), axis=2)
    meets = np.clip(2 - miss / _MEETING, 0, 1)
    before, after = _difference(a, b), _difference(_sampled(a, ways[0]), _sampled(b, ways[1]))
    alike = np.clip(3 - 4 * after / np.maximum(before, 1), 0, 1)
    smooth: NDArray[np.float32] = cv2.blur((meets * alike).astype(np.float32), (_AROUND, _AROUND))
    return smooth


def _difference(a: Picture, b: Picture) -> NDArray[np.float32]:
    """How much two small frames differ around each pixel, in levels."""
    difference = cv2.absdiff(a, b).astype(np.float32)
    if difference.ndim == 3:
        difference = difference.mean(axis=2)
    around: NDArray[np.float32] = cv2.blur(difference, (_AROUND, _AROUND))
    return around
