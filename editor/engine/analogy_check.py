"""What there is to say about the pictures of an analogy before it is made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import Pair, Settings
from editor.engine.cv import cv2
from editor.engine.image import Picture
from editor.engine.labels import missing_labels, step_of, thinned

_CLEAR = 0.1  # of a correlation: below it, no shift stands out
_LEAST = 3.0  # pixels that count as a shift: a filter may draw an edge a little beside itself
_GREY = 16  # of 255 that the channels of a grey may differ by
_SAID = 4  # colours that are listed


def remarks(pairs: Sequence[Pair], B: Sequence[Picture], settings: Settings) -> tuple[str, ...]:
    """Sentences for the person; ValueError where A says nothing."""
    said: list[str] = []
    for number, (guides, Ap) in enumerate(pairs):
        A = guides if isinstance(guides, np.ndarray) else guides[0]
        name = "A" if len(pairs) == 1 else f"A of pair {number + 1}"
        if settings.guidance > 0 and _flat(A):
            raise ValueError(
                f"{name} is of a single colour, so nothing in it says what belongs where in B;"
                " with a guidance of 0 it is not asked"
            )
        if not settings.luminance and A.ndim == 2 and B[0].ndim == 3:
            said.append(f"{name} is grey and B has colours: they can only be compared as greys")
        # A map of labels has edges of its own, a little beside those of what it stands for.
        shift = misalignment(A, Ap) if settings.luminance else None
        if shift is not None:
            x, y = shift
            said.append(f"A′ seems to lie {x:+d}, {y:+d} pixels off {name}: align them first")
    if settings.luminance and len(B) > 1 and any(_coloured(guide) for guide in B):
        said.append("the guides have colours of which only the light is compared")
    if settings.guidance > 0 and not settings.luminance:
        every = [guides if isinstance(guides, np.ndarray) else guides[0] for guides, _ in pairs]
        missing = missing_labels(every, B[0])[:_SAID]
        if missing:
            listed = ", ".join(
                f"{one.name} ({100 * one.part:.1f}\N{NO-BREAK SPACE}%)" for one in missing
            )
            said.append(f"B has colours that A lacks, the nearest were taken: {listed}")
    return tuple(said)


def misalignment(A: Picture, Ap: Picture) -> tuple[int, int] | None:
    """How far A′ lies right of and below A, in whole pixels; None if it lies on it, or is unlike.

    The edges of both are compared by phase correlation, C. Kuglin, D. Hines (1975).
    """
    edges = [_edges(thinned(one)) for one in (A, Ap)]
    if edges[0].shape != edges[1].shape or min(edges[0].shape) < 32:
        return None
    window = cv2.createHanningWindow(edges[0].shape[::-1], cv2.CV_32F)
    (x, y), clear = cv2.phaseCorrelate(edges[0], edges[1], window)
    if clear < _CLEAR or max(abs(x), abs(y)) < _LEAST:
        return None
    return round(x * step_of(A)), round(y * step_of(A))


def _flat(picture: Picture) -> bool:
    return bool((picture[0] == picture[0, 0]).all() and (picture == picture[:1, :1]).all())


def _coloured(picture: Picture) -> bool:
    """Whether most of it is no grey."""
    pixels = thinned(picture).astype(np.int16)
    return bool(np.median(np.ptp(pixels, axis=2)) > _GREY)


def _edges(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    light = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1)
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down))
