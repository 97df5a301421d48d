"""Stops at pictures that are mended: fills, new shapes, moved pieces, restorations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from editor.engine.image import Cover, Picture, Rect, Size
from editor.files.samples import Sample
from editor.operations.base import MaskPatch
from editor.operations.heal import Heal
from editor.operations.retarget import Retarget
from editor.tour import checks
from editor.tour.checks import Verdict
from editor.tour.stop import Made, Shown, Stop, cover_of, flags, needed, read, stop_at, told

_SPOT = (60, 6000)  # pixels of a thing that one stroke heals
_AROUND_SPOT = 120  # pixels that are shown around it

# Iterations of a restoration, and the decibels that they must bring, by its task: it is a
# demonstration, which ends long before the best.
_ITERATIONS = {"denoise": 450, "jpeg": 450, "superres": 600, "inpaint": 1100}
_GAIN = {"denoise": 3.0, "jpeg": 0.1, "superres": 0.1, "inpaint": 3.0}


# ── fill ──


def fills(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        mask = needed(sample, sample.mask, "mask")
        yield stop_at(
            sample, out / f"{sample.id}.png",
            ("fill", str(sample.picture), "--mask", str(mask), *flags(sample.settings)),
            _filled(sample.picture, mask),
            mask=mask,
        )  # fmt: skip
    spotted = [one for one in samples if one.settings.get("method") == "smooth"] or samples
    yield _healing(spotted[-1], out)


def _filled(picture: Path, mask: Path) -> Callable[[Made], Iterator[Verdict]]:
    def measured(made: Made) -> Iterator[Verdict]:
        before, after = read(picture), read(made.path)
        yield from _judged(before, after, cover_of(mask, before))

    return measured


def _judged(before: Picture, after: Picture, cover: Cover) -> Iterator[Verdict]:
    yield checks.untouched(before, after, cover)
    if before.shape == after.shape:
        yield checks.replaced(before, after, cover)
        yield checks.no_seam(after, cover)


def _healing(sample: Sample, out: Path) -> Stop:
    """One of the small things that its mask covers, by a stroke of the heal brush."""
    mask = needed(sample, sample.mask, "mask")
    target = out / f"{sample.id}-heal.png"
    stroke = _spot(sample.picture, mask)

    def measured(made: Made) -> Iterator[Verdict]:
        before = read(sample.picture)
        cover = np.zeros(before.shape[:2], np.uint8)
        cover[stroke.rect.slices] = stroke.cover
        yield from _judged(before, read(made.path), cover)

    return Stop(
        target.stem, sample.task, "One stroke heals a spot",
        "The heal brush needs no mask and no Enter: the spot is gone when the stroke ends.",
        (), target, measured, (Shown("Before", sample.picture, stroke),), operation=Heal(stroke),
        view=stroke.rect.grown(_AROUND_SPOT),
    )  # fmt: skip


def _spot(picture: Path, mask: Path) -> MaskPatch:
    """The largest of the small things of a mask."""
    from editor.engine.cv import cv2

    cover = cover_of(mask, read(picture))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((cover > 0).astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    small = [one for one in areas if _SPOT[0] <= one <= _SPOT[1]] or [areas.min()]
    number = 1 + int(np.flatnonzero(areas == max(small))[0])
    rect = Rect(*(int(side) for side in stats[number, :4]))
    part = np.where(labels[rect.slices] == number, cover[rect.slices], 0).astype(np.uint8)
    return MaskPatch(rect, part)


# ── retarget, reshuffle ──


def retargets(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        yield _retarget(sample, out, sample.id, sample.settings.get("method", "patches"))
    sample = samples[0]
    stop = _retarget(sample, out, f"{sample.id}-seams", "seams")
    yield told(stop, "The same by seams", "Paths of least notice are taken out one by one.")


def _retarget(sample: Sample, out: Path, name: str, method: str) -> Stop:
    said = {key: value for key, value in sample.settings.items() if key != "method"}
    wanted = Retarget.from_dict(said)
    sides = [
        f"{side:g}{'%' if wanted.unit == 'percent' else ''}"
        for side in (wanted.width, wanted.height)
    ]
    protect = () if sample.protect is None else ("--protect", str(sample.protect))
    rest = {key: value for key, value in said.items() if key not in ("unit", "width", "height")}

    def measured(made: Made) -> Iterator[Verdict]:
        before, after = read(sample.picture), read(made.path)
        yield checks.sized(after, wanted.size(Size.of(before)))
        yield checks.nearer_than_scaled(before, after)
        if sample.protect is not None:
            yield checks.still_there(before, after, cover_of(sample.protect, before))

    return stop_at(
        sample, out / f"{name}.png",
        (
            *("retarget", str(sample.picture), "--size", "x".join(sides), *protect),
            *("--method", method), *flags(rest),
        ),
        measured, mask=sample.protect,
    )  # fmt: skip


def reshuffles(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        moves = [("--move", f"{one.mask}:{one.dx},{one.dy}") for one in sample.moves]
        yield stop_at(
            sample, out / f"{sample.id}.png",
            ("reshuffle", str(sample.picture), *chain(*moves), *flags(sample.settings)),
            _reshuffled(sample),
            mask=sample.moves[0].mask,
        )  # fmt: skip


def _reshuffled(sample: Sample) -> Callable[[Made], Iterator[Verdict]]:
    def measured(made: Made) -> Iterator[Verdict]:
        before, after = read(sample.picture), read(made.path)
        touched = np.zeros(before.shape[:2], np.uint8)
        for one in sample.moves:
            cover = cover_of(one.mask, before)
            there = shifted(cover, one.dx, one.dy)
            yield checks.moved(before, after, cover, one.dx, one.dy)
            touched |= cover | there
        yield checks.untouched_elsewhere(before, after, touched)

    return measured


def shifted(cover: Cover, dx: int, dy: int) -> Cover:
    """A cover so far to the right and down; what leaves the picture is lost."""
    result = np.zeros_like(cover)
    there = Rect.whole(cover).moved(dx, dy).within(Rect.whole(cover))
    result[there.slices] = cover[there.moved(-dx, -dy).slices]
    return result


# ── restorations ──


def restorations(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        task = sample.settings.get("task", "denoise")
        settings = {"iterations": _ITERATIONS[task], **sample.settings}
        torn = () if sample.mask is None else ("--mask", str(sample.mask))
        yield stop_at(
            sample, out / f"{sample.id}-restored.png",
            ("restore", str(sample.picture), *torn, *flags(settings)),
            _restored(sample, _GAIN[task]),
        )  # fmt: skip
    for sample in [one for one in samples if one.mask is not None][:1]:
        mask = needed(sample, sample.mask, "mask")
        grown = stop_at(
            sample, out / f"{sample.id}-grow.png",
            ("grow", str(sample.picture), "--mask", str(mask)),
            _restored(sample, _GAIN["inpaint"]),
            mask=mask,
        )  # fmt: skip
        words = "The same holes grow shut from their rims, pixel by pixel (Efros, Leung)."
        yield told(grown, "Grown shut", words)


def _restored(sample: Sample, gain: float) -> Callable[[Made], Iterator[Verdict]]:
    truth = needed(sample, sample.truth, "truth")

    def measured(made: Made) -> Iterator[Verdict]:
        before, after, best = read(sample.picture), read(made.path), read(truth)
        yield checks.sized(after, Size.of(best))
        yield checks.better(before, after, best, gain)
        if sample.mask is not None:
            yield checks.untouched(before, after, cover_of(sample.mask, before))

    return measured
