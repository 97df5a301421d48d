"""OpenImageIO, used the one safe way: bits as they are in the file, errors as one exception.

Traps: it chooses its reader by the ending of the name and takes a ``?`` in it for a query, so it is
only ever shown an alias; it multiplies colour by alpha unless asked not to; it reports some errors
beside pixels that look whole; and it prints every error that nobody fetched when Python ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
from numpy.typing import NDArray

from editor.engine.image import Picture, encode_srgb, full_scale
from editor.files.kinds import BMP, EXR, GIF, JXL, TIFF, WEBP, Kind


class DecodeError(Exception):
    """A decoder gave up; the text is its own and says why."""


@dataclass(slots=True)
class Decoded:
    """Pixels as the file has them, before its orientation: (H, W), (H, W, 3) or (H, W, 4)."""

    pixels: Picture
    icc: bytes | None = None  # None: ask the metadata
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Header:
    width: int
    height: int
    bytes_per_pixel: int  # of what will be kept
    inks: bool = False  # CMYK or Lab: OpenImageIO would convert it without its profile


_LINEAR = "RGB_D65_SRG_Rel_Lin".encode("utf-16-be")  # libjxl’s name for linear sRGB
Allow = Callable[[Header], None]  # raises if that is too much


def decode(path: Path, kind: Kind, allow: Allow) -> Decoded | None:
    """The first picture of a file, or None where its colours are inks or Lab."""
    config = oiio.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    with alias(path, kind.suffix) as name:
        try:
            source = oiio.ImageInput.open(name, config)
            if source is None:
                raise DecodeError(_plain(oiio.geterror(), name))
            try:
                return _decode_open(source, name, kind, allow)
            finally:
                source.close()
                source.geterror()
                oiio.geterror()
        except UnicodeDecodeError as error:  # in what OpenImageIO says about a damaged header
            raise DecodeError("its header is damaged") from error


def _decode_open(source: Any, name: str, kind: Kind, allow: Allow) -> Decoded | None:
    spec = source.spec().copy()  # the original changes with the subimage
    picks, notices = _channels(spec)
    form, dtype, said = _depth(spec)
    size = len(picks) * np.dtype(dtype).itemsize
    header = Header(spec.width, spec.height, size, _inks(spec))
    allow(header)
    if header.inks:
        return None
    if spec.deep:
        raise DecodeError("it holds deep pixels, which are not supported")
    if str(spec.format) == "double" and spec.height == 1:
        raise DecodeError("a single row of 64-bit values is read wrongly by OpenImageIO")
    data = source.read_image(0, 0, min(picks), max(picks) + 1, form)
    error = _plain(source.geterror(), name)
    if data is None or "Premature end" in error:
        raise DecodeError(error or "its pixels cannot be read")
    if error:
        said.append(f"The file is damaged in places: {error}.")
    if kind in (GIF, WEBP, TIFF, EXR) and source.seek_subimage(1, 0):
        said.append("The file holds more than one picture: the first one was opened.")
    pixels = np.asarray(data, dtype).reshape(spec.height, spec.width, -1)
    pixels = _picked(pixels, [pick - min(picks) for pick in picks])
    profile = spec.getattribute("ICCProfile")
    icc = None if profile is None else bytes(profile)
    return _tidied(Decoded(pixels, icc, notices + said), spec, kind)


def _tidied(decoded: Decoded, spec: Any, kind: Kind) -> Decoded:
    """With straight alpha, and without the peculiarities of single kinds."""
    pixels, icc = decoded.pixels, decoded.icc
    if pixels.ndim == 3 and pixels.shape[2] == 4 and _multiplied(spec, kind):
        decoded.pixels = unmultiplied(pixels)
    elif kind in (BMP, GIF):
        decoded.pixels = _without_idle_alpha(pixels, kind)
    elif kind is JXL and icc and _LINEAR in icc and pixels.dtype != np.float32:
        # Lossy with a profile: it decodes to linear light, for lack of a colour engine.
        decoded.pixels, decoded.icc = as_displayed(pixels), b""
        decoded.notices.append("Its colours were converted from its own profile to sRGB.")
    return decoded


def encode(pixels: Picture, kind: Kind, attributes: dict[str, Any], icc: bytes = b"") -> bytearray:
    """A whole file in memory, without metadata but the profile."""
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    form = {"uint8": "uint8", "uint16": "uint16", "float32": "float"}[pixels.dtype.name]
    spec = oiio.ImageSpec(width, height, channels, form)
    spec.attribute("oiio:UnassociatedAlpha", 0 if kind is EXR else 1)
    for name, value in attributes.items():
        spec.attribute(name, value)
    if icc:
        profile = np.frombuffer(icc, np.uint8)
        spec.attribute("ICCProfile", oiio.TypeDesc(f"uint8[{len(icc)}]"), profile)
    block = np.ascontiguousarray(pixels).reshape(height, width, channels)
    with _scratch(kind.suffix) as (name, contents):
        out = oiio.ImageOutput.create(name)
        if out is None:
            raise DecodeError(_plain(oiio.geterror(), name))
        done = out.open(name, spec) and out.write_image(block)
        error = out.geterror()
        done = out.close() and done
        if not done:
            raise DecodeError(_plain(error or out.geterror() or oiio.geterror(), name))
        return contents()


@contextlib.contextmanager
def alias(path: Path, suffix: str) -> Iterator[str]:
    """A plain name with the ending that the contents deserve, for a file of any name."""
    with tempfile.TemporaryDirectory(prefix="patina-") as folder:
        name = Path(folder) / f"picture{suffix}"
        try:
            name.symlink_to(path.absolute())
        except OSError:  # Windows asks for a privilege
            shutil.copyfile(path, name)
        yield str(name)


@contextlib.contextmanager
def _scratch(suffix: str) -> Iterator[tuple[str, Callable[[], bytearray]]]:
    """A name to write to, in memory where the system can, and what has been written there."""
    with tempfile.TemporaryDirectory(prefix="patina-") as folder:
        name = Path(folder) / f"picture{suffix}"
        descriptor = os.memfd_create("patina") if hasattr(os, "memfd_create") else None
        if descriptor is not None:
            name.symlink_to(f"/proc/self/fd/{descriptor}")
        try:
            yield str(name), lambda: bytearray(name.read_bytes())
        finally:
            if descriptor is not None:
                os.close(descriptor)


def unmultiplied(pixels: Picture) -> Picture:
    """Straight alpha from colour that was multiplied by it; light without cover stays."""
    alpha = pixels[..., 3:].astype(np.float32)
    top = np.float32(np.iinfo(pixels.dtype).max if pixels.dtype.kind == "u" else 1)
    touched = (alpha > 0) & (alpha < top)
    if not touched.any():
        return pixels
    colour = pixels[..., :3].astype(np.float32) * top
    np.divide(colour, alpha, where=touched, out=colour)
    if pixels.dtype.kind == "u":
        colour = np.clip(np.rint(colour), 0, top)
    result = pixels.copy()
    np.copyto(result[..., :3], colour, casting="unsafe", where=touched)
    return result


def multiplied(pixels: Picture) -> Picture:
    """The way back, for float pictures."""
    alpha = pixels[..., 3:]
    result = pixels.copy()
    np.multiply(pixels[..., :3], alpha, out=result[..., :3], where=(alpha > 0) & (alpha < 1))
    return result


def as_displayed(pixels: Picture) -> Picture:
    """Integers that stand for linear light as sRGB values; alpha is kept."""
    top = full_scale(pixels.dtype)
    light = np.linspace(0, 1, int(top) + 1, dtype=np.float32)
    table = np.rint(encode_srgb(light) * np.float32(top)).astype(pixels.dtype)
    result: Picture = table[pixels]
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        result[..., 3] = pixels[..., 3]
    return result


def _multiplied(spec: Any, kind: Kind) -> bool:
    return kind is EXR or (kind is TIFF and not spec.get_int_attribute("oiio:UnassociatedAlpha"))


def _without_idle_alpha(pixels: Picture, kind: Kind) -> Picture:
    """Without the alpha that a GIF always seems to have, or that a BMP left at nothing."""
    idle = 255 if kind is GIF else 0
    if pixels.ndim == 3 and pixels.shape[2] == 4 and bool((pixels[..., 3] == idle).all()):
        return np.ascontiguousarray(pixels[..., :3])
    return pixels


def _inks(spec: Any) -> bool:
    jpeg = spec.get_string_attribute("jpeg:ColorSpace") in ("CMYK", "YCCK")
    return jpeg or spec.get_int_attribute("tiff:PhotometricInterpretation") in (5, 8, 9)


def _channels(spec: Any) -> tuple[list[int], list[str]]:
    """Which channels make the picture: grey, RGB or RGBA, and what is left out."""
    names = [name.rsplit(".", 1)[-1].upper() for name in spec.channelnames]
    alpha = names.index("A") if "A" in names else spec.alpha_channel
    if not 0 <= alpha < spec.nchannels:  # that of GIF is said to be one further
        alpha = -1
    colours = [names.index(name) for name in "RGB" if name in names]
    if len(colours) < 3:
        others = [at for at in range(spec.nchannels) if at != alpha]
        colours = others[:3] if len(others) >= 3 else others[:1] or [0]
    picks = colours + [alpha] * (alpha >= 0 and alpha not in colours)
    dropped = [spec.channelnames[at] for at in range(spec.nchannels) if at not in picks]
    if not dropped:
        return picks, []
    named = ", ".join(dropped[:4]) + (" …" if len(dropped) > 4 else "")
    return picks, [f"Only colour and transparency were read; left out: {named}."]


def _depth(spec: Any) -> tuple[str, str, list[str]]:
    """What to ask of OpenImageIO, the dtype that gives, and what is lost by it."""
    stored = str(spec.format)
    if stored in ("uint8", "uint16"):
        return stored, stored, []
    if stored in ("float", "half"):
        return "float", "float32", []
    if stored == "double":
        return "float", "float32", ["The 64-bit values were rounded to 32-bit ones."]
    kept = "uint8" if stored == "int8" else "uint16"
    return kept, kept, [f"The {stored} values were converted to {kept}."]


def _picked(pixels: NDArray[Any], picks: list[int]) -> Picture:
    if len(picks) == 1:
        return np.ascontiguousarray(pixels[..., picks[0]])
    if len(picks) == 2:  # grey and alpha
        grey, alpha = pixels[..., picks[0]], pixels[..., picks[1]]
        return np.stack([grey, grey, grey, alpha], axis=-1)
    if picks == list(range(pixels.shape[2])):
        return pixels
    return np.ascontiguousarray(pixels[..., picks])


def _plain(error: str, name: str) -> str:
    """The last line of a decoder's complaint, without the alias."""
    lines = [line.strip() for line in error.replace(f'("{name}")', "").splitlines()]
    last = next((line for line in reversed(lines) if line), "")
    return last.replace(name, "the file").rstrip(" .")
