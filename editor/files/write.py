"""Write a picture: its own depth, profile, EXIF and XMP as far as the kind of file can hold them.

A file is made whole in memory, then written atomically. What a kind cannot hold is told, before
and after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from editor.engine.image import Meta, Picture, Size, check_picture
from editor.files.atomic import write_atomically
from editor.files.encoders import ENCODERS, SaveOptions
from editor.files.exif import with_resolution
from editor.files.kinds import GIF, HDR, HEAD, JPEG, JXL, Kind, for_saving, sniff
from editor.files.problems import FileProblem, shown, unreadable

__all__ = ["SaveOptions", "losses", "place_beside", "write_picture", "write_pictures"]

_LONGEST_SEGMENT = 65_000  # bytes that a JPEG holds in one piece
_DEFAULT = SaveOptions()


def write_picture(
    path: Path,
    pixels: Picture,
    meta: Meta,
    options: SaveOptions = _DEFAULT,
    *,
    overwrite: bool,
) -> tuple[str, ...]:
    """Write the picture; what could not be kept is returned in sentences. Raises FileProblem."""
    from editor.files.colour import fitted, is_srgb
    from editor.files.metadata import for_file
    from editor.files.openimageio import DecodeError

    path = Path(path)
    check_picture(pixels)
    kind = for_saving(path)
    if path.exists() and not overwrite:
        raise FileProblem(f"{shown(path)} exists already")
    size = Size.of(pixels)
    if max(size) > kind.longest:
        raise FileProblem(
            f"{shown(path)} cannot be saved: the picture is {size} pixels and"
            f" {kind.name} holds at most {kind.longest} along a side"
        )
    told = for_file(
        meta, *size, location=not options.strip_location, personal=not options.strip_metadata
    )
    notices = losses(path.suffix, pixels) + _lost_metadata(kind, told)
    fitting, icc = fitted(pixels, told.icc, kind)
    if kind is JXL and not options.lossless and not is_srgb(icc):
        notices += ("JPEG XL keeps this colour profile only without loss: it is written so.",)
    told = replace(_supported(kind, told), icc=icc)
    try:
        encoded = ENCODERS[kind](fitting, told, options)
    except (DecodeError, ValueError, OSError) as error:
        raise FileProblem(f"{shown(path)} cannot be saved: {error}") from error
    except MemoryError as error:
        raise FileProblem(f"{shown(path)} cannot be saved: there is not enough memory") from error
    write_atomically(path, encoded, check=lambda made: _check(path, made, kind))
    return notices


def place_beside(path: Path, name: str) -> Path:
    """Where a picture goes that is written with another: OUT-normal.png beside OUT."""
    return path.with_name(f"{path.stem}-{name}")


def write_pictures(
    path: Path,
    pixels: Picture,
    meta: Meta,
    options: SaveOptions = _DEFAULT,
    *,
    beside: Iterable[tuple[str, Picture]],
    overwrite: bool,
) -> tuple[str, ...]:
    """Write a picture, and by their names those that were made with it, in the same way."""
    notices = write_picture(path, pixels, meta, options, overwrite=overwrite)
    for name, one in beside:
        place = place_beside(path, name)
        notices += write_picture(place, one, Meta(), options, overwrite=overwrite)
    return notices


def losses(suffix: str, pixels: Picture) -> tuple[str, ...]:
    """What a kind of file cannot keep of these pixels, in sentences."""
    kind = for_saving(Path(f"picture{suffix}"))
    said = []
    if pixels.ndim == 3 and pixels.shape[2] == 4 and not kind.alpha and not _opaque(pixels):
        said.append(f"{kind.name} has no transparency: the picture is laid on white.")
    if pixels.dtype == np.float32 and not kind.linear and "float32" not in kind.depths:
        bits = np.dtype(kind.depths[-1]).itemsize * 8
        said.append(f"{kind.name} holds {bits} bits: light beyond black and white is cut off.")
        if np.isnan(pixels).any():
            said.append("Values that are not numbers (NaN) become black.")
    if pixels.dtype == np.uint16 and kind.depths == ("uint8",):
        said.append(f"{kind.name} holds 8 bits: the 16-bit values are rounded.")
    if kind is GIF and not (pixels.ndim == 2 and pixels.dtype == np.uint8):
        said.append("GIF holds 256 colours: the nearest ones are used.")
    if kind is GIF and pixels.ndim == 3 and pixels.shape[2] == 4 and not _opaque(pixels):
        said.append("GIF has no half transparency: a pixel is there or it is not.")
    if kind is HDR:
        said.append("Radiance HDR rounds colours to about one part in a hundred.")
    return tuple(said)


def _opaque(pixels: Picture) -> bool:
    whole = 1 if pixels.dtype == np.float32 else np.iinfo(pixels.dtype).max
    return bool((pixels[..., 3] == whole).all())


def _lost_metadata(kind: Kind, meta: Meta) -> tuple[str, ...]:
    kept = _supported(kind, meta)
    pairs = (("EXIF", meta.exif, kept.exif), ("XMP", meta.xmp, kept.xmp))
    lost = [name for name, before, after in pairs if before and not after]
    said = []
    if lost:
        said.append(f"{' and '.join(lost)} data does not fit into {kind.name} and is left out.")
    if meta.icc and not kind.icc:
        said.append(f"{kind.name} has no place for a colour profile: it is left out.")
    return tuple(said)


def _supported(kind: Kind, meta: Meta) -> Meta:
    """What of the metadata a kind has room for."""
    exif, xmp = (
        data if fits and not (kind is JPEG and len(data) > _LONGEST_SEGMENT) else b""
        for data, fits in ((meta.exif, kind.exif), (meta.xmp, kind.xmp))
    )
    if meta.dpi and kind.exif and not kind.dpi:
        exif = with_resolution(exif, meta.dpi)
    return Meta(meta.icc if kind.icc else b"", exif, xmp, meta.dpi if kind.dpi else None)


def _check(path: Path, made: Path, kind: Kind) -> None:
    """What was written begins as it should; the bytes themselves were checked on their way."""
    try:
        with made.open("rb") as file:
            written = sniff(path, file.read(HEAD))
    except OSError as error:
        raise unreadable(path, error) from error
    if written is not kind:
        raise FileProblem(f"{shown(path)} cannot be saved: what was written is not {kind.name}")
