"""Read a picture: any kind, any name, in its own depth; or say in one sentence why not.

The header is looked at first, so that a small file that claims a huge picture costs nothing.
The window reads through ``read_picture_safely``, where a decoder that is led astray by a hostile
file takes only a throw-away process with it; the command line may call ``read_picture``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from editor.engine.image import Meta, Picture, Size, check_picture, encode_srgb, full_scale
from editor.files.apart import read_picture_safely
from editor.files.kinds import AVIF, HEAD, HEIC, MAX_PIXELS, PSD, RAW, Kind, sniff
from editor.files.photo import Photo, Stamp, changed_on_disk
from editor.files.problems import FileProblem, free_memory, in_bytes, shown, unreadable

if TYPE_CHECKING:
    from editor.files.metadata import Told
    from editor.files.openimageio import Allow, Decoded, Header

__all__ = [
    "Photo",
    "Stamp",
    "changed_on_disk",
    "read_picture",
    "read_picture_safely",
    "read_preview",
]

_SMALL = 256 << 20  # bytes of pixels that need no look at the memory


def read_picture(path: Path, *, max_pixels: int = MAX_PIXELS) -> Photo:
    """The first picture of a file. Raises FileProblem."""
    from editor.files.openimageio import DecodeError

    path = Path(path)
    allow = _allowance(path, max_pixels)
    try:
        kind = _kind(path)
        decoded, told = _decoded(path, kind, allow)
    except DecodeError as error:
        cause = str(error) or "its contents are damaged"
        raise FileProblem(
            f"{shown(path)} cannot be opened: the {kind.name} file is damaged or incomplete"
            f" ({cause})"
        ) from error
    except MemoryError as error:
        raise FileProblem(f"{shown(path)} cannot be opened: there is not enough memory") from error
    except OSError as error:
        raise unreadable(path, error) from error
    pixels = np.ascontiguousarray(upright(decoded.pixels, told.orientation))
    check_picture(pixels)
    icc, said = _fitting_profile(decoded, told, pixels)
    meta = Meta(icc, told.meta.exif, told.meta.xmp, told.meta.dpi)
    notices = (*decoded.notices, *told.notices, *said, *_odd_values(pixels))
    return Photo(pixels, meta, path, kind.name, notices)


def read_preview(path: Path, longest: int, *, max_pixels: int = MAX_PIXELS) -> Picture:
    """A small uint8 RGB version for a thumbnail, its longer side at most ``longest``."""
    from PIL import Image

    from editor.files.openimageio import DecodeError
    from editor.files.pillow import preview

    path = Path(path)
    try:
        if _kind(path) not in (PSD, RAW, HEIC):
            small = preview(path, longest, _allowance(path, max_pixels))
            if small is not None:
                return small
    except (DecodeError, OSError):
        pass  # the reader of whole pictures may know better, or say what is wrong
    pixels = read_picture(path, max_pixels=max_pixels).pixels
    step = max(1, max(Size.of(pixels)) // (2 * longest))
    image = Image.fromarray(_as_shown(pixels[::step, ::step]))
    image.thumbnail((longest, longest))
    return np.array(image)


def _as_shown(pixels: Picture) -> Picture:
    """Any picture as uint8 RGB on white."""
    if pixels.dtype == np.float32:
        pixels = np.clip(np.nan_to_num(pixels), 0, 1)
        colour = encode_srgb(pixels if pixels.ndim == 2 else pixels[..., :3])
    else:
        pixels = pixels.astype(np.float32) / np.float32(full_scale(pixels.dtype))
        colour = pixels if pixels.ndim == 2 else pixels[..., :3]
    if pixels.ndim == 2:
        colour = np.repeat(colour[..., None], 3, axis=2)
    elif pixels.shape[2] == 4:
        cover = pixels[..., 3:]
        colour = colour * cover + (1 - cover)
    return np.rint(colour * 255).astype(np.uint8)


def _kind(path: Path) -> Kind:
    if path.is_dir():
        raise FileProblem(f"{shown(path)} cannot be opened: it is a folder")
    if path.exists() and not path.is_file():
        raise FileProblem(f"{shown(path)} cannot be opened: it is not an ordinary file")
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise FileProblem(f"{shown(path)} is empty: there is nothing in the file")
    return sniff(path, head)


def _allowance(path: Path, max_pixels: int) -> Allow:
    def allow(header: Header) -> None:
        pixels = header.width * header.height
        if pixels > max_pixels:
            raise FileProblem(
                f"{shown(path)} is too large: it claims {header.width} × {header.height} pixels"
                f" ({pixels / 1e6:.0f} megapixels) and the limit is {max_pixels / 1e6:g} megapixels"
            )
        size = pixels * header.bytes_per_pixel
        if size > _SMALL:
            free = free_memory()
            if size > free // 2:
                raise FileProblem(
                    f"{shown(path)} is too large for this computer now: its pixels need"
                    f" {in_bytes(size)} and {in_bytes(free)} of memory are free"
                )

    return allow


def _decoded(path: Path, kind: Kind, allow: Allow) -> tuple[Decoded, Told]:
    from editor.files.headers import header_of
    from editor.files.metadata import read_meta
    from editor.files.openimageio import decode
    from editor.files.pillow import decode_inks, decode_plain

    if kind.extra:
        from editor.files.optional import decode_optional

        return decode_optional(path, kind, allow)
    header = header_of(path, kind)
    if header is not None:
        allow(header)
    decoded = decode_plain(path, allow) if kind is AVIF else decode(path, kind, allow)
    if decoded is None:
        decoded = decode_inks(path, allow)
    return decoded, read_meta(path, kind)


def upright(pixels: Picture, orientation: int) -> Picture:
    """Turn and mirror pixels as EXIF's orientation 1..8 asks."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _fitting_profile(
    decoded: Decoded, told: Told, pixels: Picture
) -> tuple[bytes, tuple[str, ...]]:
    """The profile, if it speaks of channels such as these."""
    icc = told.meta.icc if decoded.icc is None else decoded.icc
    fits = (b"GRAY", b"RGB ") if pixels.ndim == 2 else (b"RGB ",)
    if not icc or icc[16:20] in fits:
        return icc, ()
    space = icc[16:20].decode("latin-1").strip() or "no colours"
    return b"", (f"Its colour profile is for {space} and was left out.",)


def _odd_values(pixels: Picture) -> tuple[str, ...]:
    if pixels.dtype != np.float32:
        return ()
    nan = int(np.isnan(pixels).sum())
    if nan == 0:
        return ()
    what = "1 value is not a number" if nan == 1 else f"{nan:,} values are not numbers"
    return (f"{what} (NaN); they are kept as they are and shown as black.",)
