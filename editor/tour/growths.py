"""Stops at what grows from an example: textures, larger pictures, analogies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from editor.engine.image import Rect, Size
from editor.files.samples import Sample
from editor.tour import checks
from editor.tour.checks import Verdict
from editor.tour.stop import Made, Shown, Stop, flags, read, stop_at, told

_WIDER = 25  # per cent of its width that comes on to a picture, on either side
_GROWN = "bark"  # what suits to be grown pixel by pixel: nothing in it is straight
_ON = 32  # pixels by which a texture that grows pixel by pixel is larger than its sample
_TILE = 384  # and of a tile
_GAIN = 3.0  # dB by which a filter that was learnt comes nearer to the filter itself


def textures(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        yield _texture(sample, out, sample.id, sample.settings)
    grown = next((sample for sample in samples if sample.id == _GROWN), samples[0])
    width, height = (side + _ON for side in Size.of(read(grown.picture)))
    small = {"width": width, "height": height, "method": "exact", "window": 15}
    yield told(
        _texture(grown, out, f"{grown.id}-exact", small),
        "Pixel by pixel, as in the paper",
        "Each pixel is one whose surroundings in the sample match what has grown (Efros, Leung).",
    )
    if any(sample.settings.get("tile", "none") != "none" for sample in samples):
        return
    tile = {"width": _TILE, "height": _TILE, "tile": "xy"}
    yield told(
        _texture(samples[-1], out, f"{samples[-1].id}-tile", tile),
        "A tile without an edge",
        "Lay copies of it side by side, and there is no seam.",
    )


def _texture(sample: Sample, out: Path, name: str, settings: Mapping[str, Any]) -> Stop:
    size = Size(*(int(settings.get(side, 512)) for side in ("width", "height")))
    rest = {key: value for key, value in settings.items() if key not in ("width", "height")}

    def measured(made: Made) -> Iterator[Verdict]:
        grown = read(made.path)
        yield checks.sized(grown, size)
        yield checks.of_sample(read(sample.picture), grown)
        for axis, way in enumerate("yx"):
            if way in settings.get("tile", "none").replace("none", ""):
                yield checks.goes_on(grown, axis)

    return stop_at(
        sample, out / f"{name}.png",
        ("texture", str(sample.picture), "--size", f"{size.width}x{size.height}", *flags(rest)),
        measured, caption="Sample",
    )  # fmt: skip


def extensions(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        own = sample.settings if sample.task == "extend" else {}
        on = Size.of(read(sample.picture)).width * _WIDER // 100
        sides = own or {"left": on, "right": on}
        stop = stop_at(
            sample, out / f"{sample.id}-wider.png",
            ("extend", str(sample.picture), *flags(sides)),
            _extended(sample.picture, sides),
        )  # fmt: skip
        words = "What lies at its edges grows on past them; the picture itself stays as it is."
        yield stop if own else told(stop, "More of it on either side", words, task="extend")


def _extended(picture: Path, sides: Mapping[str, Any]) -> Callable[[Made], Iterator[Verdict]]:
    def measured(made: Made) -> Iterator[Verdict]:
        before, after = read(picture), read(made.path)
        size = Size.of(before)
        left, right, top, bottom = (
            int(sides.get(side, 0)) for side in ("left", "right", "top", "bottom")
        )
        yield checks.sized(after, Size(left + size.width + right, top + size.height + bottom))
        yield checks.kept_within(before, after, left, top)
        around = np.full(after.shape[:2], 255, np.uint8)
        around[Rect(left, top, *size).slices] = 0
        yield checks.no_seam(after, around)

    return measured


# ── analogies ──


def analogies(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    first, *others = samples
    exact, fast = ({**first.settings, "method": method} for method in ("exact", "fast"))
    yield _analogy(first, out, f"analogy-{first.id}", exact)
    yield told(
        _analogy(first, out, f"analogy-{first.id}-fast", fast),
        "The same, faster",
        "Neighbours are found by PatchMatch, coarse to fine: for pictures of any size.",
    )
    for sample in others:
        yield _analogy(sample, out, f"analogy-{sample.id}", sample.settings)


def _analogy(sample: Sample, out: Path, name: str, settings: Mapping[str, Any]) -> Stop:
    assert sample.analogy is not None
    A, Ap, B = sample.analogy

    def measured(made: Made) -> Iterator[Verdict]:
        example, before, after = read(Ap), read(B), read(made.path)
        yield checks.sized(after, Size.of(before))
        params = made.report["params"]
        if sample.truth is not None:
            yield checks.better(before, after, read(sample.truth), _GAIN)
            return
        if params["preset"] != "superres":
            yield checks.like_example(example, before, after, colour=params["takes"] != "light")
        if params["preset"] in ("superres", "line"):
            yield checks.as_detailed(example, before, after)
        if params["preset"] == "line":
            yield checks.as_toned(before, after)

    stop = stop_at(
        sample, out / f"{name}.png",
        ("analogy", str(A), str(Ap), str(B), *flags(settings)),
        measured,
    )  # fmt: skip
    shown = (Shown("A", A), Shown("A′", Ap), Shown("B", B))
    return replace(stop, before=shown)
