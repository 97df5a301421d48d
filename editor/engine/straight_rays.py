"""Edges that run straight out of a hole, followed as far as they go.

An edge is where the colour changes most along the normal of a line, found to a fraction of a pixel.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Picture, Rect
from editor.engine.residuals import FAINT, Floats, box_of, levels, profiles_at

RAYS = (24, 48, 96)  # pixels that an edge is followed: the farther, the surer is where it leads
LONGER = 200  # … and where it is known to be one
STEEP = 0.3  # sine of the angle at which an edge meets the border, at least
_AWAY = 3  # pixels from the hole's border, where what goes has left its traces
_MISSES = 6  # pixels in a row after which an edge has ended
_ASIDE = 4.0  # pixels beside a ray in which its edge may lie
_MOST = 400
_PRESENT = 0.65  # share of a ray on which its edge is there
_ROUGH = 0.6  # pixels that an edge strays from its ray, at most


class Rays(NamedTuple):
    """Edges that leave the hole: y and x first."""

    starts: NDArray[Any]  # (n, 2)
    ways: NDArray[Any]  # (n, 2): outwards
    strengths: NDArray[Any]  # (n,): levels a pixel
    across: NDArray[Any]  # (n, offsets, 3): the colours across, seen outwards
    lengths: NDArray[Any]  # (n,): as far as each was followed
    points: NDArray[Any]  # (n, steps, 2): where the edge is
    present: NDArray[np.bool_]  # (n, steps)

    @property
    def detail(self) -> NDArray[Any]:
        """(n, offsets, 3): the colours across, less their means."""
        detail: NDArray[Any] = self.across - self.across.mean(axis=1, keepdims=True)
        return detail

    @property
    def contrasts(self) -> NDArray[Any]:
        """(n,): how much the colours across differ, in levels."""
        contrasts: NDArray[Any] = np.sqrt((self.detail**2).mean(axis=(1, 2)))
        return contrasts

    def of(self, chosen: NDArray[Any]) -> Rays:
        return Rays(*(part[chosen] for part in self))

    def lengthened(self, which: NDArray[Any], others: Rays) -> Rays:
        """With the others, which were followed farther, in the place of some."""
        more = others.present.shape[1] - self.present.shape[1]
        points = np.pad(self.points, ((0, 0), (0, more), (0, 0)))
        present = np.pad(self.present, ((0, 0), (0, more)))
        rays = self.of(np.arange(len(points)))._replace(points=points, present=present)  # a copy
        for part, new in zip(rays, others, strict=True):
            part[which] = new
        return rays


def closed_around(hole: NDArray[Any]) -> NDArray[np.uint8]:
    """1 in the hole, and where what goes may have left its traces."""
    around = np.ones((2 * _AWAY - 1,) * 2, np.uint8)
    closed: NDArray[np.uint8] = cv2.dilate((hole != 0).astype(np.uint8), around)
    return closed


class Least(NamedTuple):
    """What is too little to be followed."""

    steep: float = FAINT  # levels a pixel
    contrast: float = 0.0  # levels
    number: int = 1  # of rays


_ANY = Least()


def rays_of(pixels: Floats, closed: NDArray[np.uint8], least: Least = _ANY) -> Rays:
    """Straight edges that leave what is closed."""
    soft = cv2.GaussianBlur(pixels, (7, 7), 1.0)
    at, outwards = _border(closed)
    grey = cv2.transform(soft, np.full((1, 3), 1 / 3, np.float32))
    inner = (at.min(axis=1) > 0) & (at < np.array(closed.shape) - 1).all(axis=1)
    at, outwards = at[inner], outwards[inner]
    ys, xs = at.T
    slopes = np.stack([grey[ys + 1, xs] - grey[ys - 1, xs], grey[ys, xs + 1] - grey[ys, xs - 1]], 1)
    strength = np.hypot(*slopes.T) / 2
    ways = np.stack([-slopes[:, 1], slopes[:, 0]], axis=1) / np.maximum(2 * strength, 1e-6)[:, None]
    out = (ways * outwards).sum(axis=1)
    ways *= np.sign(out)[:, None]
    peak = strength > least.steep
    for shift in (1, 2):
        peak &= (strength >= np.roll(strength, shift)) & (strength >= np.roll(strength, -shift))
    chosen = np.flatnonzero(peak & (np.abs(out) > STEEP))
    chosen = chosen[np.argsort(-strength[chosen], kind="stable")][:_MOST]
    ends = at[chosen].astype(float), ways[chosen]
    return _as_far_as_straight(soft, closed, *ends, least)


def _border(closed: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The pixels around the hole, in order, and which way is outwards."""
    contours, _ = cv2.findContours(
        cv2.dilate(closed, np.ones((3, 3), np.uint8)), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
    )
    at = np.concatenate([contour[:, 0, ::-1] for contour in contours])
    counts = cv2.boxFilter(
        closed, cv2.CV_16S, (9, 9), normalize=False, borderType=cv2.BORDER_REPLICATE
    )
    counts = cv2.copyMakeBorder(counts, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    ys, xs = at.T + 1
    inwards = np.stack(
        [counts[ys + 1, xs] - counts[ys - 1, xs], counts[ys, xs + 1] - counts[ys, xs - 1]], 1
    )
    return at, -inwards / np.maximum(np.linalg.norm(inwards, axis=1), 1e-6)[:, None]


def _as_far_as_straight(
    soft: Floats,
    closed: NDArray[np.uint8],
    starts: NDArray[Any],
    ways: NDArray[Any],
    least: Least,
) -> Rays:
    """Edges followed farther and farther; those that are not straight at first are left out."""
    rays, straight = _followed(soft, closed, starts, ways, least.steep, RAYS[0])
    rays = rays.of(np.flatnonzero(straight & (rays.contrasts >= least.contrast)))
    there = np.arange(len(rays.starts))  # those that are straight so far
    for length in RAYS[1:]:
        if len(rays.starts) < least.number or len(there) == 0:
            break
        ends = rays.starts[there], rays.ways[there]
        found, straight = _followed(soft, closed, *ends, least.steep, length)
        there = there[straight]
        rays = rays.lengthened(there, found.of(np.flatnonzero(straight)))
    return rays


def _followed(
    soft: Floats,
    closed: NDArray[np.uint8],
    starts: NDArray[Any],
    ways: NDArray[Any],
    steep: float,
    length: int,
) -> tuple[Rays, NDArray[np.bool_]]:
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
        grey = _grey(profiles)
        slopes = grey[:, :, 2:] - grey[:, :, :-2]  # levels a pixel
        sign = np.sign(slopes[:, :4, slopes.shape[2] // 2].sum(axis=1))[:, None, None]
        slopes = slopes * np.where(sign == 0, 1, sign)
        strays, heights = _peaks(slopes)
        strays += offsets[1]
        usable = is_open(closed, at)
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
    straight = (share >= _PRESENT) & (rough <= _ROUGH) & (strengths >= steep)
    straight &= present.sum(axis=1) >= length // 2
    weights = present[..., None, None] / np.maximum(present.sum(axis=1), 1)[:, None, None, None]
    colours = (profiles * weights).sum(axis=1)
    lengths = np.full(len(starts), length)
    return Rays(starts, ways, strengths, colours[:, 4:-4], lengths, points, present), straight


def _grey(colours: NDArray[Any]) -> NDArray[Any]:
    """Their mean, which NumPy takes long for along a short axis."""
    mean: NDArray[Any] = (colours[..., 0] + colours[..., 1] + colours[..., 2]) / 3
    return mean


def is_open(closed: NDArray[np.uint8], at: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether places lie in the picture and outside the hole."""
    ys, xs = np.rint(at[..., 0]).astype(int), np.rint(at[..., 1]).astype(int)
    height, width = closed.shape
    inside = (ys >= 0) & (xs >= 0) & (ys < height) & (xs < width)
    opened: NDArray[np.bool_] = (
        closed[np.clip(ys, 0, height - 1), np.clip(xs, 0, width - 1)] == 0
    ) & inside
    return opened


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


def distance(line: NDArray[Any], other: NDArray[Any]) -> float:
    """Of the ends of one from the other as far as it goes on: the larger."""
    way = (other[1] - other[0]) / np.linalg.norm(other[1] - other[0])
    d = line - other[0]
    return float(np.abs(d[:, 0] * way[1] - d[:, 1] * way[0]).max())


def longer(image: Picture, line: NDArray[Any]) -> NDArray[Any]:
    """The line, drawn out on both sides as far as its edge goes on."""
    ends = line.copy()
    way = (line[1] - line[0]) / np.linalg.norm(line[1] - line[0])
    offsets = np.arange(-1.5, 2.0, 0.5)
    for side, out in ((0, -way), (1, way)):
        at = line[side] + np.arange(-8, LONGER)[:, None] * out
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
