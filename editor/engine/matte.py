"""The matte: what of a frame is the object, on a backdrop of one colour or before a known picture.

A pixel of a soft edge is a mixture, I = αF + (1 − α)B (T. Porter, T. Duff: Compositing Digital
Images, SIGGRAPH 1984). B is known from the backdrop around, F from the inside of the object, and
α is the place of I on the way from B to F. What is left over goes to F, so that the cut-out is the
frame itself on its old backdrop, and free of it on a new one.

The backdrop may be darker than it should be, I = sB: that is its shadow, and goes with it. What is
as far as ``softness`` from the edge is wholly object or wholly backdrop, but for narrow places with
the backdrop's light in them, and where that light goes on inwards from the edge: a wider blur.

Spill is light of the backdrop on the object. It is taken off as far as the backdrop's chroma goes
beyond what another chroma of the same pixel explains (for a green backdrop: G ≤ max(R, B)), and at
an edge beyond what the inside of the object has. The brightness stays: no grey halo.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import Frame
from editor.engine.cv import cv2
from editor.engine.image import Cover, Mask, Rect, Size, frozen
from editor.engine.kernels import matte as kernels
from editor.engine.mask import feathered, grown
from editor.engine.matte_colours import spread
from editor.engine.sprite import Cutout
from editor.engine.threads import Crew

Colour = tuple[int, int, int]  # RGB, 0..255

_CLEAN = 0.01  # of α at either end is noise of the camera
_CELL = 32  # pixels of a side of what is looked at as one when objects are told apart
_REACH = 16  # pixels around the object whose backdrop tells B
_LIT = 0.08  # of the backdrop's light, from which on a pixel inside may be a mixture
_BLUR = 2.0  # pixels around such a place that are mixtures too
_WIDEST = 16.0  # pixels: how far an edge is followed inwards by its light
_STRONG = 0.3  # of the backdrop's light: what is seldom the object's own
_LESS = 0.2  # of what is left of it that a blur loses on the second half of its way
_FAINT = 0.05  # of the backdrop's light: what is little enough to be only taken off,
_TRACE = 6.0  # so many pixels from a mixture
_LEAN = 2.0  # times more than lightness the backdrop's hue tells how much of it there is
_THIN = 0.4  # of the tolerance: how much darker than what is beside it a narrow thing must be
_COLOURLESS = 0.12  # saturation below which a backdrop leaves no spill


@dataclass(frozen=True, slots=True)
class Matting:
    tolerance: float = 30.0  # levels: what is so near to the backdrop is backdrop
    softness: float = 4.0  # pixels: how wide an edge of the object may be
    shadow: float = 0.3  # how much darker than itself the backdrop may be
    spill: float = 1.0  # how much of the backdrop's light is taken off the object
    choke: int = 0  # pixels by which the edge moves inwards; negative: outwards
    feather: float = 0.0  # pixels over which the edge runs out besides

    def __post_init__(self) -> None:
        for name, low, high in (
            ("tolerance", 1, 255), ("softness", 0.5, 32), ("shadow", 0, 0.9), ("spill", 0, 1),
            ("choke", -32, 32), ("feather", 0, 32),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} is {getattr(self, name)}: it goes from {low} to {high}")


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What is behind the object: some colours, or a picture of the place without it."""

    plates: NDArray[np.float32]  # (k, 1, 1, 3) colours or (1, H, W, 3) the picture; levels
    key: NDArray[np.float32]  # (3,) the chroma of its light as a unit vector, or 0

    @classmethod
    def of_colours(cls, *colours: Colour) -> Backdrop:
        if not colours:
            raise ValueError("a backdrop needs at least one colour")
        for colour in colours:
            if len(colour) != 3 or not all(0 <= value <= 255 for value in colour):
                raise ValueError(f"the backdrop's colour is {colour}: it has three values 0 to 255")
        plates = np.array(colours, np.float32).reshape(-1, 1, 1, 3)
        return cls(frozen(plates), frozen(chroma(plates[0, 0, 0])))

    @classmethod
    def of_plate(cls, plate: Frame) -> Backdrop:
        if plate.ndim != 3 or plate.shape[2] < 3 or plate.dtype != np.uint8:
            raise ValueError(f"a plate is (H, W, 3) uint8, not {plate.shape} {plate.dtype}")
        levels = np.ascontiguousarray(plate[None, ..., :3], np.float32)
        return cls(frozen(levels), frozen(np.zeros(3, np.float32)))

    @property
    def is_plate(self) -> bool:
        return bool(max(self.plates.shape[1:3]) > 1)

    def check_fits(self, frame: Frame) -> None:
        """Raise ValueError unless the frame can stand before this backdrop."""
        if frame.ndim != 3 or frame.shape[2] not in (3, 4) or frame.dtype != np.uint8:
            raise ValueError(f"a frame is (H, W, 3 or 4) uint8, not {frame.shape} {frame.dtype}")
        if self.is_plate and self.plates.shape[1:3] != frame.shape[:2]:
            raise ValueError(
                f"the picture of the backdrop is {Size.of(self.plates[0])} and the frame is "
                f"{Size.of(frame)}: they must be equal"
            )


def matte(
    frame: Frame,
    backdrop: Backdrop,
    matting: Matting = Matting(),
    *,
    garbage: Mask | None = None,
    within: Rect | None = None,
    threads: int = 1,
) -> Cutout:
    """The object alone: its colours and, as alpha, how much of each pixel it is.

    What lies under ``garbage`` is never object, and only what is ``within`` is looked at. Where
    alpha is 0 near the object the colours go on, so that the cut-out may be scaled and turned.
    """
    backdrop.check_fits(frame)
    if garbage is not None and garbage.shape != frame.shape[:2]:
        raise ValueError(f"the mask is {Size.of(garbage)} and the frame is {Size.of(frame)}")
    room = Rect.whole(frame)
    room = room if within is None else within.within(room)
    cutout = np.zeros((*frame.shape[:2], 4), np.uint8)
    with Crew(threads) as crew:
        d, ground = _differences(frame, room, backdrop, matting, crew)
        seen = d > matting.tolerance
        sure = np.where(seen, np.float32(1e-3) * (d / 255) ** 4, np.float32(0))
        if backdrop.is_plate:
            limbs = _limbs(frame, room, d, backdrop, matting, crew)
            seen |= limbs > 0
            np.maximum(sure, limbs**2, out=sure)
        if garbage is not None:
            seen &= ~garbage[room.slices]
        for place in _places(seen, _REACH + math.ceil(matting.softness)):
            inner = sure[place.slices], ground[place.slices], seen[place.slices]
            place = place.moved(room.x, room.y)
            cutout[place.slices] = _solved(frame[place.slices], *inner, backdrop.key, matting, crew)
    _shape_edge(cutout, matting)
    if garbage is not None:
        cutout[garbage] = 0
    return cutout


def over(cutout: Cutout, background: Frame | Colour) -> Frame:
    """The cut-out on a new background: a colour, or a picture of its size."""
    alpha = cutout[..., 3:].astype(np.float32) / 255
    below = np.asarray(background, np.float32)[..., :3]
    mixed: Frame = np.rint(cutout[..., :3] * alpha + below * (1 - alpha)).astype(np.uint8)
    return mixed


def _differences(
    frame: Frame, room: Rect, backdrop: Backdrop, matting: Matting, crew: Crew
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of the room: how far its pixels are from the backdrop, and what is behind them."""
    d = np.empty((room.height, room.width), np.float32)
    ground = np.empty((room.height, room.width, 3), np.float32)
    crew(
        kernels.differences, 0, room.height, frame[room.slices], room.y, room.x, backdrop.plates,
        np.float32(matting.shadow), d, ground, weight=room.width,
    )  # fmt: skip
    return d, ground


def _limbs(
    frame: Frame,
    room: Rect,
    d: NDArray[np.float32],
    backdrop: Backdrop,
    matting: Matting,
    crew: Crew,
) -> NDArray[np.float32]:
    """Narrow things on the object that were taken for shadow: how dark they are, 0..1; else 0.

    A tail that is as dark as a shadow may be is narrower than one. Only before a picture of
    the place: hairs before one colour are lighter than a shadow.
    """
    whole, _ = _differences(frame, room, backdrop, replace(matting, shadow=0.0), crew)
    shade = np.clip(whole - d, 0, 255).astype(np.uint8)
    side = 2 * math.ceil(matting.softness) + 3
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    narrow = cv2.morphologyEx(shade, cv2.MORPH_TOPHAT, disc)
    thin, seen = narrow > _THIN * matting.tolerance, d > matting.tolerance
    _, labels = cv2.connectedComponents((thin | seen).view(np.uint8), connectivity=8)
    return np.where(thin & _joined(labels, seen), narrow / np.float32(255), np.float32(0))


def _joined(labels: cv2.typing.MatLike, to: Mask) -> Mask:
    """What is of one piece with something else."""
    joined = np.zeros(int(labels.max()) + 1, bool)
    joined[labels[to]] = True
    found: Mask = joined[labels]
    return found


def _places(seen: Mask, reach: int) -> list[Rect]:
    """Places that hold all that is seen and so many pixels around it; none meets another.

    A frame with a few specks in its corners need not be solved as a whole.
    """
    rows, columns = (np.arange(0, side, _CELL) for side in seen.shape)
    cells = np.logical_or.reduceat(np.logical_or.reduceat(seen, rows, axis=0), columns, axis=1)
    side = 2 * math.ceil(reach / _CELL) + 1
    wide = cv2.dilate(cells.view(np.uint8), np.ones((side, side), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    left = [Rect(*(int(value) for value in row[:4])) for row in stats[1:]]
    apart: list[Rect] = []
    while left:
        place = left.pop()
        meeting = next((other for other in apart if not place.within(other).empty), None)
        if meeting is None:
            apart.append(place)
        else:
            apart.remove(meeting)
            left.append(place.joined(meeting))
    whole = Rect.whole(seen)
    return [Rect(*(_CELL * value for value in place)).within(whole) for place in apart]


def _solved(
    frame: Frame,
    sure: NDArray[np.float32],
    ground: NDArray[np.float32],
    seen: Mask,
    key: NDArray[np.float32],
    matting: Matting,
    crew: Crew,
) -> Cutout:
    """α and F of a part of the frame with the object in it.

    A thin thing has no inside: there F is told by what is ``sure`` to be of it, more or less.
    """
    inside, outside = _depth(seen), _depth(~seen)
    known = np.where(inside > matting.softness, np.uint8(2), np.uint8(1))
    known[outside > matting.softness] = 0
    colours = frame[..., :3].astype(np.float32)
    faint, core = np.zeros(known.shape, bool), colours
    if key.any():
        known[_veils(frame, known, ground, key, matting.softness, crew)] = 1
        core = _core(colours, ground, np.minimum(inside / np.float32(_WIDEST), 1), key)
        blurred, faint = _blurred(colours, core, ground, known, inside, key)
        known[blurred] = 1
    front = spread(colours, np.where(known == 2, np.float32(1), sure))
    front[faint] = core[faint]
    behind = spread(colours - ground, (known == 0).astype(np.float32)) + ground
    cutout = np.empty((*frame.shape[:2], 4), np.uint8)
    crew(
        kernels.solve, 0, len(frame), frame, known, front, behind, key, np.float32(matting.spill),
        np.float32(_CLEAN), np.float32(_LEAN), cutout, weight=frame.shape[1],
    )  # fmt: skip
    return cutout


def _veils(
    frame: Frame,
    known: NDArray[np.uint8],
    ground: NDArray[np.float32],
    key: NDArray[np.float32],
    softness: float,
    crew: Crew,
) -> Mask:
    """Narrow places inside the object with the backdrop's light in them: gaps, veils, blur.

    Where it is in wide places too, it is the object's own colour, or falls on all of it.
    """
    found = np.empty(known.shape, bool)
    crew(
        kernels.lit, 0, len(frame), frame, known, ground, key, np.float32(_LIT), found,
        weight=frame.shape[1],
    )  # fmt: skip
    if found.any():
        wide = _depth(found) > softness
        found &= _depth(~wide) > softness
        found = (_depth(~found) <= _BLUR) & (known == 2)
    return found


def _core(
    colours: NDArray[np.float32],
    ground: NDArray[np.float32],
    depth: NDArray[np.float32],
    key: NDArray[np.float32],
) -> NDArray[np.float32]:
    """What is deep inside the object and free of the backdrop's light, everywhere; at half size."""
    half = slice(None, None, 2), slice(None, None, 2)
    small, below = colours[half], ground[half]
    pure = small @ key < _LIT * (below @ key)
    weight = depth[half] ** 4 * np.where(pure, np.float32(1), np.float32(1e-3))
    height, width = depth.shape
    core: NDArray[np.float32] = cv2.resize(spread(small, weight), (width, height))
    return core


def _blurred(
    colours: NDArray[np.float32],
    core: NDArray[np.float32],
    ground: NDArray[np.float32],
    known: NDArray[np.uint8],
    inside: NDArray[np.float32],
    key: NDArray[np.float32],
) -> tuple[Mask, Mask]:
    """Mixtures that hang together with the edge; and beside them what has a trace of such light.

    That is light of the backdrop beyond what the core of the object has. A blur has more of it
    halfway to the edge; what has as much there, a rim or a stripe, is of the object's own colour,
    unless it is a great deal and nothing further in is like it.
    """
    more = ((colours - core) @ key) / np.maximum((ground - core) @ key, 1)  # as a share
    edge, front = known == 1, known == 2
    near = front & (inside < _WIDEST)
    lit = near & (more > _FAINT)
    own = front & ~near & (more > _LIT)
    own = cv2.erode(own.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    mixed = near & (more > _STRONG) & (_depth(~own) > 1.5 * _WIDEST)
    y, x = np.nonzero(lit & ~mixed)
    here, halfway = more[y, x], more[_halfway_out(inside > 0, y, x)]
    mixed[y, x] = halfway - here > _LESS * (1 - here)
    _, labels = cv2.connectedComponents((mixed | edge).view(np.uint8), connectivity=8)
    mixed &= _joined(labels, edge)
    return mixed, near & ~lit & (_depth(~mixed) <= _TRACE)


def _halfway_out(
    inside: Mask, y: NDArray[np.intp], x: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """From each of some pixels inside, half the way to the nearest one outside."""
    if inside.all():
        return y, x
    _, labels = cv2.distanceTransformWithLabels(
        inside.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    pixels = np.zeros(int(labels.max()) + 1, np.intp)
    pixels[labels[~inside]] = np.flatnonzero(~inside)
    outside = np.divmod(pixels[labels[y, x]], inside.shape[1])
    return (y + outside[0]) // 2, (x + outside[1]) // 2


def _depth(inside: Mask) -> NDArray[np.float32]:
    """How far each pixel inside is from the outside; the border of the frame is no edge."""
    if inside.all():
        return np.full(inside.shape, 1e9, np.float32)
    depth: NDArray[np.float32] = cv2.distanceTransform(
        inside.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5
    )
    return depth


def _shape_edge(cutout: Cutout, matting: Matting) -> None:
    """Choke and feather, which move and soften alpha and leave the colours."""
    if matting.choke:
        _change_alpha(cutout, lambda alpha: grown(alpha, -matting.choke))
    if matting.feather:
        _change_alpha(cutout, lambda alpha: feathered(alpha, matting.feather))


def _change_alpha(cutout: Cutout, change: Callable[[Cover], tuple[Rect, Cover]]) -> None:
    alpha = np.ascontiguousarray(cutout[..., 3])
    if alpha.any():
        place, changed = change(alpha)
        cutout[..., 3] = 0
        cutout[..., 3][place.slices] = changed


def chroma(colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """The direction of a colour away from grey; 0 for one that has hardly any."""
    if np.ptp(colour) <= _COLOURLESS * 255:
        return np.zeros(3, np.float32)
    away = colour - colour.mean()
    unit: NDArray[np.float32] = (away / np.linalg.norm(away)).astype(np.float32)
    return unit
