"""What the tour measures of each result: a number, whether it is good enough, and both in words.

Pictures are arrays as they were read from files, masks are 0 where nothing is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Picture, Rect, Size, to_working

_SEAM = 1.6  # times the steps beside it may those across the border be, and not be seen
_CHANGED = 0.5  # of what was to go must be other than before
_NEAR = 8  # pixels around a border that count as beside it
_PATCH = 7  # pixels, of the patches that are looked for in another picture
_LOOKED_FOR = 160  # patches
_AMONG = 1 << 16  # patches at most
_STRANGE = 0.45  # of how far patches of the sample are apart may a texture's be from them
_CLOSER = 0.9  # times as far as B's may the patches of B′ be from those of A′
_ALIKE = 0.9  # correlation of a thing with itself in another place
_AROUND_PIECE = 48  # pixels in which a piece that moved may change its surroundings
_AFAR = 16  # pixels that are one, seen from afar
_TONED = 0.8  # correlation of what is seen then
_STEP = 1.25  # times the larger steps of a clip, or of a tile, may its seam be
_LEAP = 2.0  # and a jump that is taken on the way
_FULL = (0.005, 0.6)  # of its frame may a creature cover
_STRAYS = 0.5  # body lengths from its path, usually
_LIGHT = np.array([0.299, 0.587, 0.114], np.float32)

Light = NDArray[np.float32]


class Verdict(NamedTuple):
    holds: bool
    sentence: str


# ── fills ──


def untouched(before: Picture, after: Picture, mask: NDArray[Any]) -> Verdict:
    """Outside the mask not one bit may change."""
    outside = mask == 0
    if before.shape != after.shape:
        return Verdict(False, f"it became {Size.of(after)}, and was {Size.of(before)}")
    different = before != after
    count = int((different.reshape(*mask.shape, -1).any(axis=2) & outside).sum())
    return Verdict(
        count == 0, f"{count:,} of {int(outside.sum()):,} pixels outside the mask changed"
    )


def replaced(before: Picture, after: Picture, mask: NDArray[Any]) -> Verdict:
    """What was to go is not there any more."""
    inside = mask > 0
    different = (before != after).reshape(*mask.shape, -1).any(axis=2)
    share = float(different[inside].mean())
    return Verdict(share >= _CHANGED, f"{share:.0%} of what was covered is new")


def no_seam(after: Picture, mask: NDArray[Any]) -> Verdict:
    """Steps across the border of the mask are like those on either side of it."""
    from editor.engine.cv import cv2

    light, inside = _light(after), (mask > 0).astype(np.uint8)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _NEAR + 1, 2 * _NEAR + 1))
    beside = (cv2.dilate(inside, disk) > cv2.erode(inside, disk)).astype(np.bool_)
    across, near = [], []
    for axis in (0, 1):
        steps = np.abs(np.diff(light, axis=axis))
        ends = np.abs(np.diff(inside.astype(np.int8), axis=axis)) > 0
        place = beside[1:] if axis == 0 else beside[:, 1:]
        across.append(steps[ends])
        near.append(steps[place & ~ends])
    ratio = _mean(across) / max(_mean(near), 1 / 255)
    return Verdict(ratio <= _SEAM, f"steps across its border are {ratio:.2f} times those beside it")


def _mean(parts: Sequence[Light]) -> float:
    values = np.concatenate(parts)
    return float(values.mean()) if values.size else 0.0


# ── shapes ──


def sized(after: Picture, size: Size) -> Verdict:
    """It is exactly as large as was asked for."""
    return Verdict(Size.of(after) == size, f"it is {Size.of(after)}, asked for was {size}")


def still_there(before: Picture, after: Picture, mask: NDArray[Any]) -> Verdict:
    """Each thing that was protected is found again, as large as it was."""
    from editor.engine.cv import cv2

    if before.ndim != after.ndim:
        return Verdict(False, "it has other channels than before")
    _, _, stats, _ = cv2.connectedComponentsWithStats((mask > 0).astype(np.uint8))
    found = []
    for x, y, width, height, area in stats[1:]:
        if area < _NEAR * _NEAR:
            continue
        place = Rect(int(x), int(y), int(width), int(height))
        found.append(_found_again(_light(before)[place.slices], mask[place.slices], _light(after)))
    worst = min(found, default=1.0)
    things = "thing" if len(found) == 1 else "things"
    return Verdict(
        worst >= _ALIKE, f"{len(found)} protected {things}, found again to {worst:.0%} or better"
    )


def _found_again(piece: Light, mask: NDArray[Any], light: Light) -> float:
    """How much what is most like a piece is like it."""
    from editor.engine.cv import cv2

    if piece.shape[0] > light.shape[0] or piece.shape[1] > light.shape[1]:
        return 0.0
    cover = (mask > 0).astype(np.float32)
    alike = cv2.matchTemplate(light, piece, cv2.TM_CCOEFF_NORMED, mask=cover)
    return float(np.nan_to_num(alike, nan=0.0, posinf=0.0, neginf=0.0).max())


def nearer_than_scaled(before: Picture, after: Picture) -> Verdict:
    """What was in the picture is nearer to the result than to the picture merely stretched."""
    from editor.engine.cv import cv2

    stretched = cv2.resize(before, tuple(Size.of(after)), interpolation=cv2.INTER_AREA)
    mine, plain = (patch_distance(before, one) for one in (after, stretched))
    return Verdict(mine < plain, f"its patches are {mine:.1f} levels from it; scaled {plain:.1f}")


def kept_within(before: Picture, after: Picture, left: int, top: int) -> Verdict:
    """The picture stands in a larger one as it was, bit for bit."""
    rect = Rect(left, top, *Size.of(before))
    inside = after[rect.slices]
    count = int((inside != before).sum()) if inside.shape == before.shape else before.size
    larger = Size.of(after) != Size.of(before)
    return Verdict(larger and count == 0, f"{count:,} values of the picture itself changed")


def moved(before: Picture, after: Picture, mask: NDArray[Any], dx: int, dy: int) -> Verdict:
    """A piece lies where it was to go."""
    rect = Rect.around(mask)
    there = rect.moved(dx, dy).within(Rect.whole(after))
    here = there.moved(-dx, -dy)
    whole = mask[here.slices] > 0
    pieces = [_light(one)[place.slices][whole] for one, place in ((before, here), (after, there))]
    alike = _correlation(*pieces) if whole.any() else 0.0
    return Verdict(
        alike >= _ALIKE, f"it lies {dx:+}, {dy:+} pixels away, and is {alike:.0%} as it was"
    )


def _correlation(one: Light, other: Light) -> float:
    """Pearson's, of values that belong together; 0 where one of them is all the same."""
    mine, its = one - one.mean(), other - other.mean()
    product = math.sqrt(float((mine * mine).sum()) * float((its * its).sum()))
    return float((mine * its).sum()) / product if product > 0 else 0.0


def untouched_elsewhere(before: Picture, after: Picture, mask: NDArray[Any]) -> Verdict:
    """Away from where pieces were and are, not one bit changes."""
    from editor.engine.cv import cv2

    side = 2 * _AROUND_PIECE + 1
    near = cv2.dilate((mask > 0).astype(np.uint8), np.ones((side, side), np.uint8))
    holds, sentence = untouched(before, after, near)
    return Verdict(holds, sentence.replace("outside the mask", "elsewhere"))


# ── textures and analogies ──


def of_sample(sample: Picture, texture: Picture) -> Verdict:
    """Every patch of the texture looks like one of the sample, and the sample's like the texture's.

    The larger of both distances, as a part of how far two patches of the sample are apart.
    """
    apart = _spread(sample)
    there, back = patch_distance(texture, sample), patch_distance(sample, texture)
    share = max(there, back) / max(apart, 1.0)
    return Verdict(
        share <= _STRANGE,
        f"patches are {there:.1f} levels from the sample's, the sample's {back:.1f} from them",
    )


def goes_on(texture: Picture, axis: int) -> Verdict:
    """A tile goes on at its opposite edge as it goes on inside."""
    light = _light(texture)
    inside = np.abs(np.diff(light, axis=axis)).mean(axis=1 - axis)  # between each row and the next
    over = float(np.abs(np.take(light, 0, axis) - np.take(light, -1, axis)).mean())
    ratio = over / max(float(np.percentile(inside, 95)), 1 / 255)
    way = "top to bottom" if axis == 0 else "left to right"
    return Verdict(
        ratio <= _STEP, f"steps over its edge, {way}, are {ratio:.2f} times the larger inside"
    )


def like_example(Ap: Picture, B: Picture, made: Picture, *, colour: bool) -> Verdict:
    """B′ is made of what A′ is made of: its patches are nearer to those of A′ than B's were."""
    was, now = (patch_distance(one, Ap, colour=colour) for one in (B, made))
    return Verdict(
        now < _CLOSER * was,
        f"its patches are {now:.1f} levels from those of A′; B's were {was:.1f}",
    )


def as_detailed(Ap: Picture, B: Picture, made: Picture) -> Verdict:
    """B′ is nearly as full of detail as A′, where B was not."""
    wanted, was, now = (_detail(one) for one in (Ap, B, made))
    nearer = abs(math.log(now / wanted)) < _CLOSER * abs(math.log(was / wanted))
    return Verdict(
        nearer, f"its detail is {now:.1f} levels a pixel; A′ has {wanted:.1f}, B had {was:.1f}"
    )


def as_toned(B: Picture, made: Picture) -> Verdict:
    """Seen from afar B′ is light and dark where B is."""
    alike = _correlation(*(_shrunk(_light(one), 1 / _AFAR) for one in (B, made)))
    return Verdict(alike >= _TONED, f"seen from afar its tones are {alike:.0%} those of B")


def _detail(picture: Picture) -> float:
    """How far neighbouring pixels are apart, in levels."""
    light = _light(picture)
    return 255 * float(np.abs(np.diff(light, axis=1)).mean()) + 0.1


def patch_distance(of: Picture, to: Picture, *, colour: bool = True) -> float:
    """How far patches of one picture are from the nearest of another, in levels (RMS), usually.

    Large pictures are compared as smaller ones, both by the same amount.
    """
    scale = min(
        1.0, math.sqrt(_AMONG / max(Size.of(one).width * Size.of(one).height for one in (of, to)))
    )
    asked, among = (_patches(_shrunk(one, scale), colour=colour) for one in (of, to))
    asked = asked[_places(len(asked))]
    squares = (among * among).sum(axis=1) - 2 * asked @ among.T
    nearest = np.min(squares, axis=1) + (asked * asked).sum(axis=1)
    return float(np.sqrt(np.maximum(nearest, 0) / asked.shape[1]).mean())


def _spread(picture: Picture) -> float:
    """How far patches of a picture are from any others of it."""
    patches = _patches(picture, colour=True)
    patches = patches[_places(len(patches))]
    between = patches - np.roll(patches, len(patches) // 2, axis=0)
    return float(np.sqrt((between * between).mean(axis=1)).mean())


def _places(count: int) -> NDArray[np.intp]:
    """Some of so many, the same every time."""
    few = min(count, _LOOKED_FOR)
    return np.random.default_rng(0).choice(count, few, replace=False)


def _shrunk(picture: Picture, scale: float) -> Picture:
    from editor.engine.cv import cv2

    if scale == 1:
        return picture
    shrunk: Picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return shrunk


def _patches(picture: Picture, *, colour: bool) -> Light:
    """All of its patches, row by row; (n, values)."""
    levels = _levels(picture, colour=colour)
    if min(levels.shape[:2]) < _PATCH:
        raise ValueError(f"the picture is {Size.of(picture)}: too small to be compared")
    views = np.lib.stride_tricks.sliding_window_view(levels, (_PATCH, _PATCH), axis=(0, 1))
    return views.reshape(views.shape[0] * views.shape[1], -1)


# ── restorations ──


def better(before: Picture, after: Picture, truth: Picture, gain: float) -> Verdict:
    """It is nearer to the truth than what it was made of, by so many decibels."""
    was, now = psnr(before, truth), psnr(after, truth)
    return Verdict(now - was >= gain, f"{now:.1f} dB to the truth; it was {was:.1f} dB")


def psnr(picture: Picture, truth: Picture) -> float:
    """Decibels, of two pictures; the pixels of one that is smaller become as large as needed."""
    from editor.engine.cv import cv2

    mine, wanted = _levels(picture, colour=True), _levels(truth, colour=True)
    if mine.shape != wanted.shape:
        size = tuple(Size.of(wanted))
        mine = cv2.resize(mine, size, interpolation=cv2.INTER_NEAREST).reshape(wanted.shape)
    error = float(((mine - wanted) ** 2).mean())
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


# ── clips and sprites ──


def loops(frames: Sequence[Picture]) -> Verdict:
    """From the last frame to the first is no larger a step than others of the clip."""
    steps, seam = _steps(frames), _step(frames[-1], frames[0])
    usual = float(np.percentile(steps, 90)) if len(steps) else 0.0
    return Verdict(
        len(frames) > 1 and seam <= _STEP * usual + 0.5,
        f"its seam is {seam:.1f} levels, larger steps of the clip are {usual:.1f}",
    )


def never_leaps(frames: Sequence[Picture], source: Sequence[Picture], count: int) -> Verdict:
    """As many frames as were asked for, and none further from the last than in the clip."""
    largest = float(_steps(frames).max()) if len(frames) > 1 else math.inf
    usual = float(np.percentile(_steps(source), 95))
    return Verdict(
        len(frames) == count and largest <= _LEAP * usual + 0.5,
        f"{len(frames)} of {count} frames, the largest step {largest:.1f} levels; of the clip"
        f" {usual:.1f}",
    )


def _steps(frames: Sequence[Picture]) -> Light:
    return np.array([_step(one, other) for one, other in pairwise(frames)], np.float32)


def _step(one: Picture, other: Picture) -> float:
    return 255 * float(np.sqrt(((_light(one) - _light(other)) ** 2).mean()))


def cut_out(cels: Sequence[Picture], size: Size, frames: int) -> Verdict:
    """A creature in every frame: solid within, gone at the border, of a sensible size."""
    covered = [float(cel[..., 3].sum()) / 255 / (size.width * size.height) for cel in cels]
    solid = all(cel[..., 3].max() == 255 for cel in cels)
    low, high = min(covered, default=0.0), max(covered, default=0.0)
    holds = len(cels) >= 0.9 * frames and solid and low >= _FULL[0] and high <= _FULL[1]
    return Verdict(
        holds, f"{len(cels)} of {frames} frames, it covers {low:.1%} to {high:.1%} of them"
    )


def keeps_to_path(path: dict[str, float]) -> Verdict:
    """What a steered sprite reports: how far from its path it is, in body lengths."""
    usual, worst = path["median_distance"], path["largest_distance"]
    return Verdict(
        usual <= _STRAYS and path["walked"] > 1,
        f"usually {usual:.2f} body lengths from its path, at most {worst:.2f};"
        f" it goes {path['walked']:.1f} of them",
    )


def page_of_its_own(text: str) -> Verdict:
    """A page that needs nothing beside it."""
    strangers = sum(text.count(word) for word in ('src="http', 'href="http', 'src="./', "@import"))
    holds = text.lstrip().lower().startswith("<!doctype html") and strangers == 0
    return Verdict(
        holds and "data:image/" in text, f"{strangers} things are fetched from elsewhere"
    )


def laid_out(sheet: Picture, frames: Sequence[Rect]) -> Verdict:
    """Each frame lies within the sheet, shows something, and lies over no other."""
    taken = np.zeros(sheet.shape[:2], np.uint8)
    empty = outside = 0
    for rect in frames:
        outside += rect.within(Rect.whole(sheet)) != rect
        empty += not sheet[rect.slices][..., 3].any()
        taken[rect.slices] += 1
    twice = int((taken > 1).sum())
    return Verdict(
        bool(frames) and outside + empty + twice == 0,
        f"{len(frames)} frames, {outside} outside, {empty} empty, {twice} pixels used twice",
    )


# ── texts ──


def drawn_from(text: str, grown: str, order: int) -> Verdict:
    """Every run of so many letters stands in the text, and yet it is not copied."""
    source, made = (" ".join(one.split()) for one in (text, grown))
    runs = [made[first : first + order] for first in range(len(made) - order + 1)]
    found = sum(run in source for run in runs)
    return Verdict(
        bool(runs) and found == len(runs) and made not in source,
        f"{found:,} of {len(runs):,} runs of {order} letters stand in the text",
    )


# ── what is compared ──


def _light(picture: Picture) -> Light:
    """Its lightness from 0 to 1."""
    working = to_working(picture)
    light: Light = working[..., :3] @ _LIGHT
    return light


def _levels(picture: Picture, *, colour: bool) -> Light:
    """Its colours, or its lightness, from 0 to 255; (H, W, C)."""
    levels: Light = 255 * (to_working(picture)[..., :3] if colour else _light(picture)[..., None])
    return levels
