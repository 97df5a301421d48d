"""Tiny clips whose every frame tells its number: made by FFmpeg, not by what is under test."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

WIDTH, HEIGHT, COUNT = 64, 48, 20
_CELL = 8  # pixels of one digit


def numbered(
    number: int, width: int = WIDTH, height: int = HEIGHT, *, alpha: bool = False
) -> Array:
    """A frame with its number in binary along the top, on a ramp that differs in each frame."""
    y, x = np.mgrid[:height, :width]
    ramp = np.stack([x * 3, y * 4, (x + y + 5 * number) % 200], axis=-1).astype(np.uint8)
    for digit in range(6):
        lit = 255 if number >> digit & 1 else 0
        ramp[:_CELL, digit * _CELL : (digit + 1) * _CELL] = lit
    if not alpha:
        return ramp
    cover = np.full((height, width, 1), 255, np.uint8)
    cover[height // 2 :, : width // 2] = 0
    cover[height // 2 :, width // 2 :] = 128
    return np.concatenate([ramp, cover], axis=2)


def number_in(frame: Array) -> int:
    """The number that a frame shows."""
    middles = [frame[_CELL // 2, digit * _CELL + _CELL // 2, :3].mean() for digit in range(6)]
    return sum(1 << digit for digit, light in enumerate(middles) if light > 128)


def film(
    path: Path,
    codec: str,
    frames: Sequence[Array],
    *,
    form: str = "yuv420p",
    pixels: str = "rgb24",
    stamps: Sequence[int] | None = None,
    base: Fraction = Fraction(1, 25),
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
    muxer: str | None = None,
    rotation: int = 0,
    sound: Array | None = None,
    settings: dict[str, Any] | None = None,
) -> Path:
    """Write frames with the stamps given; settings go to the encoder."""
    with av.open(str(path), "w", format=muxer, options=container or {}) as out:
        stream: Any = out.add_stream(codec, rate=1 / base, options=options or {})
        stream.height, stream.width = frames[0].shape[:2]
        if pixels.startswith("yuv"):
            stream.height = frames[0].shape[0] * 2 // 3
        stream.pix_fmt = form
        stream.codec_context.time_base = base
        for name, value in (settings or {}).items():
            setattr(stream.codec_context, name, value)
        if rotation:
            stream.set_display_rotation(rotation)
        track: Any = None
        if sound is not None:
            name = "libopus" if path.suffix == ".webm" else "aac"
            track = out.add_stream(name, rate=48_000, layout="mono")
        for number, frame in enumerate(frames):
            made: Any = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), pixels)
            if pixels != form:
                made = made.reformat(format=form)
            made.pts = number if stamps is None else stamps[number]
            made.time_base = base
            out.mux(stream.encode(made))
        out.mux(stream.encode())
        if track is not None and sound is not None:
            heard: Any = av.AudioFrame.from_ndarray(sound.reshape(1, -1), "flt", "mono")
            heard.sample_rate, heard.pts, heard.time_base = 48_000, 0, Fraction(1, 48_000)
            out.mux(track.encode(heard))
            out.mux(track.encode())
    return path


def tone(seconds: float, hertz: float = 440.0) -> Array:
    """A sine at 48 kHz, (n,) float32."""
    n = round(seconds * 48_000)
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(n) / 48_000)).astype(np.float32)


H264 = {"bf": "3", "g": "9", "crf": "10"}  # three frames in a row are shown out of order
