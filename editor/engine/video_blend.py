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

FADE = 6  # frames
_FLOW_SIDE = 480  # the longer side at which the flow is computed
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_MEETING = 1.5  # pixels there by which the way there and back may miss


class Mix(NamedTuple):
    """One picture to show: frame ``first``, and ``weight`` of frame ``second`` over it."""

    first: int
    second: int
    weight: float = 0.0


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
        if mix.weight == 0 or mix.first == mix.second:
            yield frame(mix.first)
        else:
            yield blend(frame(mix.first), frame(mix.second), mix.weight)


def cross_fade(a: Picture, b: Picture, weight: float) -> Picture:
    """(1 − weight) a + weight b, in the depth of a; colours count by their alpha."""
    if a.shape != b.shape or a.dtype != b.dtype:
        raise ValueError(f"two frames differ: {a.shape} {a.dtype} and {b.shape} {b.dtype}")
    if a.ndim == 3 and a.shape[2] == 4:
        return _faded_with_alpha(a, b, weight)
    mixed: Picture = cv2.addWeighted(a, 1 - weight, b, weight, 0)
    return mixed


def _faded_with_alpha(a: Picture, b: Picture, weight: float) -> Picture:
    covers = [(1 - weight) * a[..., 3:].astype(np.float32), weight * b[..., 3:].astype(np.float32)]
    cover = covers[0] + covers[1]
    colour = a[..., :3] * covers[0] + b[..., :3] * covers[1]
    colour = np.divide(colour, cover, out=np.zeros_like(colour), where=cover > 0)
    mixed = np.concatenate([colour, cover], axis=2)
    return mixed.astype(a.dtype) if a.dtype == np.float32 else np.rint(mixed).astype(a.dtype)


def morph(a: Picture, b: Picture, weight: float) -> Picture:
    """Both frames moved to meet on the way from a to b, faded where the flow is not trusted."""
    faded = cross_fade(a, b, weight)
    there, back = _flow(a, b), _flow(b, a)
    height, width = a.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    t = np.float32(weight)
    to_a = -(1 - t) * t * there + t * t * back
    to_b = (1 - t) * (1 - t) * there - t * (1 - t) * back
    a_moved, b_moved = (_sampled(one, x, y, way) for one, way in ((a, to_a), (b, to_b)))
    trust = _trust(a, b, a_moved, b_moved, there, back, x, y)
    moved = cross_fade(a_moved, b_moved, weight)
    if a.ndim == 3:
        trust = trust[..., None]
    mixed: Picture = faded + trust * (moved.astype(np.float32) - faded)
    return mixed.astype(a.dtype) if a.dtype == np.float32 else np.rint(mixed).astype(a.dtype)


def _grey(frame: Picture) -> NDArray[np.uint8]:
    """8 bit grey, as the flow wants it."""
    colour = frame if frame.ndim == 2 else frame[..., :3] @ _LUMA
    scaled = np.clip(colour * (255 / full_scale(frame.dtype)), 0, 255)
    grey: NDArray[np.uint8] = np.rint(scaled).astype(np.uint8)
    return grey


def _flow(a: Picture, b: Picture) -> NDArray[np.float32]:
    """(H, W, 2): where each pixel of a went in b, x first."""
    height, width = a.shape[:2]
    scale = min(1.0, _FLOW_SIDE / max(height, width))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    greys = [cv2.resize(_grey(one), size, interpolation=cv2.INTER_AREA) for one in (a, b)]
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found = finder.calc(greys[0], greys[1], None)
    flow = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
    grown: NDArray[np.float32] = flow * np.array([width / size[0], height / size[1]], np.float32)
    return grown


def _sampled(
    array: NDArray[Any], x: NDArray[np.float32], y: NDArray[np.float32], way: NDArray[np.float32]
) -> NDArray[Any]:
    """What lies so far away from each pixel."""
    sampled: NDArray[Any] = cv2.remap(
        array, x + way[..., 0], y + way[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return sampled


def _trust(
    a: Picture,
    b: Picture,
    a_moved: Picture,
    b_moved: Picture,
    there: NDArray[np.float32],
    back: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(H, W), 0..1: where there and back meets, and moving has made the frames more alike."""
    miss = np.linalg.norm(there + _sampled(back, x, y, there), axis=2)
    allowed = _MEETING * max(1.0, max(a.shape[:2]) / _FLOW_SIDE)
    meets = np.clip(2 - miss / allowed, 0, 1)
    before, after = (_difference(*pair) for pair in ((a, b), (a_moved, b_moved)))
    alike = np.clip(3 - 4 * after / np.maximum(before, full_scale(a.dtype) / 255), 0, 1)
    side = max(3, max(a.shape[:2]) // 60) | 1
    smooth: NDArray[np.float32] = cv2.blur((meets * alike).astype(np.float32), (side, side))
    return smooth


def _difference(a: Picture, b: Picture) -> NDArray[np.float32]:
    """How much two frames differ around each pixel."""
    difference = np.abs(a.astype(np.float32) - b)
    if difference.ndim == 3:
        difference = difference.mean(axis=2)
    side = max(3, max(a.shape[:2]) // 60) | 1
    around: NDArray[np.float32] = cv2.blur(difference, (side, side))
    return around
