"""Straight structures about a hole: which lines enter and leave it, and which leave a picture.

An edge is where the colour changes most along the normal of a line, found to a fraction of a pixel.
``suggested`` follows the edges that meet the hole's border outwards for some pixels, keeps those
that are straight, and pairs them across the hole by direction, place and the colours beside them.
Only a ring around the hole is looked at, so it takes a moment in a picture of any size.

``leaving`` does the same where all around a picture is the hole: nothing is there to be paired, so
an edge must be straight for longer. A picture of any size is looked at in half a megapixel.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.guides import Line
from editor.engine.image import Cover, Mask, Picture, Point, Rect
from editor.engine.residuals import FAINT, Floats, box_of, levels, profiles_at

_AWAY = 3  # pixels from the hole's border, where what goes has left its traces
_RAYS = (24, 48, 96)  # pixels that an edge is followed: the farther, the surer is where it leads
_LONGER = 200  # … and where it proved to go on through the hole
_MISSES = 6  # pixels in a row after which an edge has ended
_ASIDE = 4.0  # pixels beside a ray in which its edge may lie
_STEEP = 0.3  # sine of the angle at which an edge meets the border, at least
_MOST_RAYS = 400
_PRESENT = 0.65  # share of a ray on which its edge is there
_ROUGH = 0.6  # pixels that an edge strays from its ray, at most
_BENT = math.cos(math.radians(5))  # between two sides of a line
_MISS, _MISS_EACH = 1.5, 0.025  # pixels that two sides pass each other, and each pixel of the gap
_ALIKE = 0.6  # of its contrast, what is seen across an edge may differ from side to side
_LIGHT = 30.0  # levels that it may be lighter
_APART = 6.0  # pixels between two suggestions
_ENOUGH = 1 << 19  # pixels, in which it is looked what leaves a picture
_FRAME = 8  # pixels of nothing around it there
_CLEAR = 12.0  # levels a pixel: less may be a wave or a furrow, which ends somewhere …
_STEEPER = 0.4  # … and so do those that run along the edge of the picture rather than out of it
_LEVEL = 4.0  # pixels that a line leaves its height by, outside; copies of less go on by themselves
_MOST_LEAVING = 12
# One for each suggestion: of one colour they would lend to each other.
_COLOURS = ("#3fb59f", "#d98c4a", "#7aa2f7", "#d16d9e", "#c9b458", "#8fbf5a")


class _Rays(NamedTuple):
    """Edges that leave the hole: y and x first."""

    starts: NDArray[Any]  # (n, 2)
    ways: NDArray[Any]  # (n, 2): outwards
    strengths: NDArray[Any]  # (n,): levels a pixel
    across: NDArray[Any]  # (n, offsets, 3): the colours across, seen outwards
    lengths: NDArray[Any]  # (n,): as far as each was followed
    points: NDArray[Any]  # (n, steps, 2): where the edge is
    present: NDArray[np.bool_]  # (n, steps)

    def of(self, chosen: NDArray[Any]) -> _Rays:
        return _Rays(*(part[chosen] for part in self))

    def lengthened(self, which: NDArray[Any], longer: _Rays) -> _Rays:
        """Some of them followed farther."""
        more = longer.present.shape[1] - self.present.shape[1]
        points = np.pad(self.points, ((0, 0), (0, more), (0, 0)))
        present = np.pad(self.present, ((0, 0), (0, more)))
        rays = self.of(np.arange(len(points)))._replace(points=points, present=present)  # a copy
        for part, new in zip(rays, longer, strict=True):
            part[which] = new
        return rays


def suggested(image: Picture, hole: Mask | Cover) -> list[Line]:
    """Lines that enter and leave the hole, the surest first."""
    if not (hole != 0).any():
        return []
    window = Rect.around(hole).grown(_RAYS[-1] + 12).within(Rect.whole(hole))
    pixels = levels(image[window.slices])
    closed = cv2.dilate(
        (hole[window.slices] != 0).astype(np.uint8), np.ones((2 * _AWAY - 1,) * 2, np.uint8)
    )
    rays = _rays(pixels, closed)
    if rays is None:
        return []
    large = window.grown(_LONGER).within(Rect.whole(hole))
    lines = []
    for line, colour in zip(_paired(rays, closed), _COLOURS, strict=False):
        shift = np.array([window.y - large.y, window.x - large.x])
        found = _longer(image[large.slices], line + shift)
        found = found[:, ::-1] + np.array([large.x, large.y]) + 0.5
        ends = np.clip(found, 0, hole.shape[::-1])
        a, b = (Point(round(float(x), 2), round(float(y), 2)) for x, y in ends)
        lines.append(Line(a, b, colour))
    return lines


# ── rays ──


def _rays(pixels: Floats, closed: NDArray[np.uint8]) -> _Rays | None:
    """Straight edges that leave the hole; None where there are not two."""
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.0)
    at, outwards = _border(closed)
    grey = soft.mean(axis=2)
    inner = (at.min(axis=1) > 0) & (at < np.array(closed.shape) - 1).all(axis=1)
    at, outwards = at[inner], outwards[inner]
    ys, xs = at.T
    slopes = np.stack([grey[ys + 1, xs] - grey[ys - 1, xs], grey[ys, xs + 1] - grey[ys, xs - 1]], 1)
    strength = np.hypot(*slopes.T) / 2
    ways = np.stack([-slopes[:, 1], slopes[:, 0]], axis=1) / np.maximum(2 * strength, 1e-6)[:, None]
    steep = (ways * outwards).sum(axis=1)
    ways *= np.sign(steep)[:, None]
    peak = strength > FAINT
    for shift in (1, 2):
        peak &= (strength >= np.roll(strength, shift)) & (strength >= np.roll(strength, -shift))
    chosen = np.flatnonzero(peak & (np.abs(steep) > _STEEP))
    chosen = chosen[np.argsort(-strength[chosen], kind="stable")][:_MOST_RAYS]
    if len(chosen) < 2:
        return None
    return _as_far_as_straight(soft, closed, at[chosen].astype(float), ways[chosen])


def _border(closed: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The pixels around the hole, in order, and which way is outwards."""
    contours, _ = cv2.findContours(
        cv2.dilate(closed, np.ones((3, 3), np.uint8)), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
    )
    at = np.concatenate([contour[:, 0, ::-1] for contour in contours])
    blurred = cv2.blur(closed.astype(np.float32), (9, 9), borderType=cv2.BORDER_REPLICATE)
    blurred = np.pad(blurred, 1, mode="edge")
    ys, xs = at.T + 1
    inwards = np.stack(
        [blurred[ys + 1, xs] - blurred[ys - 1, xs], blurred[ys, xs + 1] - blurred[ys, xs - 1]], 1
    )
    return at, -inwards / np.maximum(np.linalg.norm(inwards, axis=1), 1e-6)[:, None]


def _as_far_as_straight(
    soft: Floats, closed: NDArray[np.uint8], starts: NDArray[Any], ways: NDArray[Any]
) -> _Rays:
    """Edges followed farther and farther; those that are not straight at first are left out."""
    rays, straight = _followed(soft, closed, starts, ways, _RAYS[0])
    rays = rays.of(np.flatnonzero(straight))
    there = np.arange(len(rays.starts))  # those that are straight so far
    for length in _RAYS[1:]:
        if len(there) == 0:
            break
        longer, straight = _followed(soft, closed, rays.starts[there], rays.ways[there], length)
        there, longer = there[straight], longer.of(np.flatnonzero(straight))
        rays = rays.lengthened(there, longer)
    return rays


def _followed(
    soft: Floats, closed: NDArray[np.uint8], starts: NDArray[Any], ways: NDArray[Any], length: int
) -> tuple[_Rays, NDArray[np.bool_]]:
    """Edges followed outwards and straightened, and which of them are straight."""
    offsets = np.arange(-_ASIDE - 1, _ASIDE + 1.5, 0.5)
    steps = np.arange(length)
    usable = np.zeros((len(starts), length), np.bool_)
    heights = np.zeros((len(starts), length))
    strays = np.zeros((len(starts), length))
    for _ in range(2):  # the second time along the line that was found
        at = starts[:, None] + steps[:, None] * ways[:, None]  # (n, steps, 2)
        profiles = profiles_at(soft, at.reshape(-1, 2), np.repeat(ways, length, axis=0), offsets)
        profiles = profiles.reshape(len(starts), length, len(offsets), 3)
        slopes = (profiles[:, :, 2:] - profiles[:, :, :-2]).mean(axis=3)  # levels a pixel
        sign = np.sign(slopes[:, :4, slopes.shape[2] // 2].sum(axis=1))[:, None, None]
        slopes = slopes * np.where(sign == 0, 1, sign)
        strays, heights = _peaks(slopes)
        strays += offsets[1]
        usable = _open(closed, at)
        strong = usable & (heights > 0.35 * np.median(heights, axis=1)[:, None])
        slope, start = _fitted(steps, strays, strong)
        normals = np.stack([-ways[:, 1], ways[:, 0]], axis=1)
        points = at + strays[..., None] * normals[:, None]
        starts = starts + start[:, None] * normals
        ways = ways + slope[:, None] * normals
        ways = ways / np.linalg.norm(ways, axis=1)[:, None]
        strays = strays - start[:, None] - slope[:, None] * steps
    present = strong & (np.abs(strays) < 1.0)
    share = present.sum(axis=1) / np.maximum(usable.sum(axis=1), 1)
    rough = np.sqrt((strays**2 * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1))
    strengths = (heights * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    straight = (share >= _PRESENT) & (rough <= _ROUGH) & (strengths >= FAINT)
    straight &= present.sum(axis=1) >= length // 2
    weights = present[..., None, None] / np.maximum(present.sum(axis=1), 1)[:, None, None, None]
    colours = (profiles * weights).sum(axis=1)
    lengths = np.full(len(starts), length)
    return _Rays(starts, ways, strengths, colours[:, 4:-4], lengths, points, present), straight


def _open(closed: NDArray[np.uint8], at: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether places lie in the picture and outside the hole."""
    ys, xs = np.rint(at[..., 0]).astype(int), np.rint(at[..., 1]).astype(int)
    height, width = closed.shape
    inside = (ys >= 0) & (xs >= 0) & (ys < height) & (xs < width)
    is_open: NDArray[np.bool_] = (
        closed[np.clip(ys, 0, height - 1), np.clip(xs, 0, width - 1)] == 0
    ) & inside
    return is_open


def _peaks(slopes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where each profile is steepest, in half pixels from its begin as pixels, and how steep."""
    last = slopes.shape[2] - 1
    near = 1 - 0.1 * np.abs(np.arange(last + 1) - last / 2) / 2  # of two alike, the nearer
    best = np.clip((slopes * near).argmax(axis=2), 1, last - 1)
    before, peak, after = (
        np.take_along_axis(slopes, best[..., None] + k, axis=2)[..., 0] for k in (-1, 0, 1)
    )
    curve = before - 2 * peak + after
    fraction = np.where(curve < 0, 0.5 * (before - after) / np.minimum(curve, -1e-6), 0)
    return (best + np.clip(fraction, -0.5, 0.5)) * 0.5, peak


def _fitted(
    steps: NDArray[Any], strays: NDArray[Any], strong: NDArray[np.bool_]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """stray = start + slope · step, for most of the strong steps: slope and start."""
    weights = strong.astype(float)
    slope = start = np.zeros(len(strays))
    for width in (3.0, 1.5, 0.8):
        total = np.maximum(weights.sum(axis=1), 1e-6)
        mean_t = (weights * steps).sum(axis=1) / total
        mean_o = (weights * strays).sum(axis=1) / total
        dt = steps - mean_t[:, None]
        slope = (weights * dt * (strays - mean_o[:, None])).sum(axis=1) / np.maximum(
            (weights * dt**2).sum(axis=1), 1e-6
        )
        start = mean_o - slope * mean_t
        rest = strays - start[:, None] - slope[:, None] * steps
        weights = strong / (1 + (rest / width) ** 4)
    return slope, start


# ── pairs ──


def _paired(rays: _Rays, closed: NDArray[np.uint8]) -> list[NDArray[Any]]:
    """Lines (2, 2) through two rays each, the surest first."""
    starts, ways = rays.starts, rays.ways
    between = starts[None] - starts[:, None]  # [i, j]: from i to j
    gap = np.linalg.norm(between, axis=2)
    straight = -(ways @ ways.T)
    miss = np.abs(between[..., 0] * ways[:, None, 1] - between[..., 1] * ways[:, None, 0])
    miss = np.maximum(miss, miss.T)
    ahead = (between * ways[:, None]).sum(axis=2) < 0
    light = rays.across.mean(axis=1, keepdims=True)
    detail = rays.across - light
    contrast = np.sqrt((detail**2).mean(axis=(1, 2)))
    least = np.minimum(contrast[:, None], contrast[None])
    apart = np.sqrt(((detail[:, None] - detail[None, :, ::-1]) ** 2).mean(axis=(2, 3)))
    lighter = np.abs(light[:, None] - light[None]).mean(axis=(2, 3))
    fits = (straight > _BENT) & (miss < _MISS + _MISS_EACH * gap) & ahead & ahead.T & (gap > 4)
    fits &= (apart < _ALIKE * least) & (lighter < _LIGHT)
    i, j = np.nonzero(np.triu(fits, 1))
    force = np.minimum(rays.strengths[i], rays.strengths[j])
    sure = force * (1 - apart[i, j] / least[i, j]) / (1 + miss[i, j])
    lines: list[NDArray[Any]] = []
    used: set[int] = set()
    for k in np.argsort(-sure, kind="stable"):
        one, other = int(i[k]), int(j[k])
        if one in used or other in used or not _crosses(starts[[one, other]], closed):
            continue
        line = _through(rays, one, other)
        if all(_distance(line, known) > _APART for known in lines):
            lines.append(line)
            used |= {one, other}
        if len(lines) == len(_COLOURS):
            break
    return lines


def _crosses(ends: NDArray[Any], closed: NDArray[np.uint8]) -> bool:
    """Whether nearly all between two places is hole."""
    count = max(4, int(np.linalg.norm(ends[1] - ends[0])))
    at = ends[0] + np.linspace(0.05, 0.95, count)[:, None] * (ends[1] - ends[0])
    return float((~_open(closed, at)).mean()) > 0.9


def _through(rays: _Rays, one: int, other: int) -> NDArray[Any]:
    """The line through the edges of two rays, from the end of one to that of the other."""
    points = np.concatenate([rays.points[k][rays.present[k]] for k in (one, other)])
    middle = points.mean(axis=0)
    way = np.linalg.svd(points - middle)[2][0]
    along = (points - middle) @ way
    line: NDArray[Any] = middle + np.array([along.min(), along.max()])[:, None] * way
    return line


def _distance(line: NDArray[Any], other: NDArray[Any]) -> float:
    """Of the ends of one from the other as far as it goes on: the larger."""
    way = (other[1] - other[0]) / np.linalg.norm(other[1] - other[0])
    d = line - other[0]
    return float(np.abs(d[:, 0] * way[1] - d[:, 1] * way[0]).max())


def _longer(image: Picture, line: NDArray[Any]) -> NDArray[Any]:
    """The line, drawn out on both sides as far as its edge goes on."""
    ends = line.copy()
    way = (line[1] - line[0]) / np.linalg.norm(line[1] - line[0])
    offsets = np.arange(-1.5, 2.0, 0.5)
    for side, out in ((0, -way), (1, way)):
        at = line[side] + np.arange(-8, _LONGER)[:, None] * out
        room = np.array(image.shape[:2]) - 1
        inside = ((at >= 0) & (at <= room)).all(axis=1)
        count = len(at) if inside.all() else int(inside.argmin())
        if count <= 8:
            continue
        at = at[:count]
        box = box_of(at, 4).within(Rect.whole(image))
        profiles = profiles_at(levels(image[box.slices]), at - (box.y, box.x), way, offsets)
        slopes = np.abs((profiles[:, 2:] - profiles[:, :-2]).mean(axis=2)).max(axis=1)
        weak = slopes < max(FAINT, 0.4 * float(np.median(slopes[:8])))
        ended = np.convolve(weak, np.ones(_MISSES))[_MISSES - 1 :] >= _MISSES
        count = int(ended.argmax()) if ended.any() else count
        ends[side] = line[side] + max(0, count - 1 - 8) * out
    return ends


# ── out of a picture ──


def leaving(image: Picture, known: Rect) -> list[Line]:
    """Lines that leave what is known of a picture at a slant, the surest first, out to its end.

    Each has a colour of its own. Two do not cross outside: there the surer one goes on.
    """
    inner = image[known.slices]
    scale = max(1.0, math.sqrt(inner.shape[0] * inner.shape[1] / _ENOUGH))
    if scale > 1:
        size = (round(known.width / scale), round(known.height / scale))
        inner = cv2.resize(inner, size, interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(inner, *(_FRAME,) * 4, cv2.BORDER_REPLICATE)
    closed = np.ones(framed.shape[:2], np.uint8)
    closed[_FRAME:-_FRAME, _FRAME:-_FRAME] = 0
    if framed.ndim == 3 and framed.shape[2] == 4:
        closed[framed[..., 3] == 0] = 1
    closed = cv2.dilate(closed, np.ones((2 * _AWAY - 1,) * 2, np.uint8))
    rays = _rays(levels(framed), closed)
    if rays is None:
        return []
    room = np.greater(image.shape[:2], (known.height, known.width))
    pieces: list[NDArray[Any]] = []  # (2, 2): outside
    lines: list[Line] = []
    for k in np.argsort(-rays.strengths, kind="stable"):
        if rays.lengths[k] < _RAYS[-1] or rays.strengths[k] < _CLEAR:
            continue
        start, way, corner = rays.starts[k], rays.ways[k], (known.y, known.x)
        if not (np.abs(way) > _STEEP)[room].any():
            continue  # at a corner: past it, along the edge
        border = scale * (start - _FRAME + 0.5)
        far = border + corner - sum(image.shape[:2]) * way
        piece = np.array([border + corner, _within(border + corner, far, image.shape)])
        apart = (_distance(piece, other) > _APART * scale for other in pieces)
        cross = (_cross(piece, other) for other in pieces)
        away = np.abs(piece[1] - piece[0])
        if away.max() <= _FRAME * scale or away.min() <= _LEVEL or not all(apart) or any(cross):
            continue  # there is no room, no need, or one that is surer
        inside = _longer(framed, np.array([start, start + rays.lengths[k] * way]))[1]
        inside = scale * (inside - _FRAME + 0.5)
        inside = _within(border, inside, (known.height, known.width)) + corner
        a, b = (Point(*end[::-1].tolist()) for end in (inside, piece[1]))
        lines.append(Line(a, b, f"#{len(lines):06x}"))
        pieces.append(piece)
        if len(lines) == _MOST_LEAVING:
            break
    return lines


def _within(start: NDArray[Any], end: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """The end of a piece of a line, or where it leaves the picture."""
    way = end - start
    room = np.where(way > 0, np.array(shape[:2]) - start, start)
    steps = np.ones(2)
    np.divide(room, np.abs(way), out=steps, where=way != 0)
    inside: NDArray[Any] = np.clip(start + min(1, steps.min()) * way, 0, shape[:2])
    return inside


def _cross(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether two pieces of lines cross."""

    def sides(line: NDArray[Any], points: NDArray[Any]) -> NDArray[Any]:
        (dy, dx), away = line[1] - line[0], points - line[0]
        beside: NDArray[Any] = np.sign(dx * away[:, 0] - dy * away[:, 1])
        return beside

    return bool(sides(one, other).prod() < 0 and sides(other, one).prod() < 0)
