"""From single frames to a clip: noise that runs on in time, and the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from darkroom import Picture
from numpy.typing import NDArray

Array = NDArray[np.floating]

RATE = 25  # frames a second
QUALITY = 17  # of x264: less is better
BT709 = 1
EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP


def wander(seed: int, when: Array | float, pace: float) -> Array:
    """Noise of the variance 1 that never comes back, with `pace` changes a unit of `when`."""
    when = np.asarray(when, dtype=float) * pace + 64  # a little before 0 can be asked for
    knots = np.random.default_rng(seed).standard_normal(4096)
    i, u = when.astype(int), when % 1
    a, b, c, d = (knots[i + k] for k in range(4))
    # a cubic B-spline, which is smooth to the second derivative
    smooth = (1 - u) ** 3 * a + (3 * u**3 - 6 * u**2 + 4) * b
    smooth += (-3 * u**3 + 3 * u**2 + 3 * u + 1) * c + u**3 * d
    return smooth / 6 / 0.69


def developed(light: Array, exposure: float = 0.0) -> Picture:
    """Light as film shows it: a soft shoulder, and what is very bright pales."""
    x = np.clip(light, 0, None).astype(np.float32) * np.float32(2**exposure)
    grey = x @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    x = 0.9 * x + 0.1 * grey[..., None]
    power = x**1.22
    shown = 1.04 * power / (power + 0.46)
    low, high = 12.92 * shown, 1.055 * np.maximum(shown, 1e-9) ** (1 / 2.4) - 0.055
    return np.clip(np.where(shown < 0.0031308, low, high), 0, 1)


def keep_clip(frames: Iterable[Picture], path: Path, says: str, script: str) -> None:
    """Save as H.264, with its story in the file; the same frames give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["title"] = says
        container.metadata["artist"] = "Patina"
        container.metadata["copyright"] = (
            "A computer rendering made for Patina; part of Patina, GPL-3.0-or-later"
        )
        container.metadata["comment"] = (
            f"Blender (Cycles) and NumPy: resources/samples/source/{script}"
        )
        how = {"crf": str(QUALITY), "preset": "medium", "threads": "1"}
        stream = container.add_stream("libx264", RATE, options=how)
        for number, picture in enumerate(frames):
            if number == 0:
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                context = stream.codec_context
                context.color_range = int(ColorRange.MPEG)
                context.colorspace = context.color_primaries = context.color_trc = BT709
            pixels = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=EXACT,
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
