"""The kinds of picture file: what each can hold, and how a file's own bytes tell its kind.

The open and save dialogs, the README's table and the round-trip test derive from ``KINDS``. The
ending of a name is believed when a file is written, never when one is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from editor.files.problems import FileProblem, shown

MAX_PIXELS = 512_000_000  # the largest picture that is decoded unless the person raises it
HEAD = 4096  # how many bytes of a file tell its kind


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    suffixes: tuple[str, ...]  # the first is the one we write
    writes: bool = True
    depths: tuple[str, ...] = ("uint8",)  # that are written and read back as they were
    alpha: bool = False
    grey: bool = True  # a grey picture comes back with one channel
    lossless: bool = True  # or can be, by the person's choice
    icc: bool = False
    exif: bool = False
    xmp: bool = False
    dpi: bool = False  # in a place of its own; elsewhere EXIF says it
    longest: int = 2**31 - 1  # pixels along a side
    extra: str = ""  # the optional part of the installation that reads it

    @property
    def suffix(self) -> str:
        return self.suffixes[0]

    @property
    def linear(self) -> bool:
        """Holds light itself, in float32, rather than values for a screen."""
        return self.depths == ("float32",)


_RAW_SUFFIXES = (
    ".dng", ".nef", ".nrw", ".cr2", ".cr3", ".arw", ".srf", ".sr2",
    ".orf", ".rw2", ".raf", ".pef", ".srw", ".3fr", ".iiq", ".rwl",
)  # fmt: skip

PNG = Kind(
    "PNG",
    (".png",),
    depths=("uint8", "uint16"),
    alpha=True,
    icc=True,
    exif=True,
    xmp=True,
    dpi=True,
)
JPEG = Kind(
    "JPEG",
    (".jpg", ".jpeg", ".jpe", ".jfif"),
    lossless=False,
    icc=True,
    exif=True,
    xmp=True,
    dpi=True,
    longest=65_500,
)
TIFF = Kind(
    "TIFF",
    (".tif", ".tiff"),
    depths=("uint8", "uint16", "float32"),
    alpha=True,
    icc=True,
    exif=True,
    xmp=True,
    dpi=True,
)
WEBP = Kind(
    "WebP", (".webp",), alpha=True, grey=False, icc=True, exif=True, xmp=True, longest=16_383
)
JXL = Kind(
    "JPEG XL", (".jxl",), depths=("uint8", "uint16"), alpha=True, icc=True, exif=True, xmp=True
)
JP2 = Kind(
    "JPEG 2000",
    (".jp2", ".jpx"),
    depths=("uint8", "uint16"),
    alpha=True,
    icc=True,
    exif=True,
    xmp=True,
)
AVIF = Kind(
    "AVIF",
    (".avif",),
    alpha=True,
    grey=False,
    lossless=False,
    icc=True,
    exif=True,
    xmp=True,
    longest=65_535,
)
BMP = Kind("BMP", (".bmp", ".dib"), dpi=True)
GIF = Kind("GIF", (".gif",), alpha=True, grey=False, lossless=False, longest=65_535)
EXR = Kind("OpenEXR", (".exr",), depths=("float32",), alpha=True)
HDR = Kind("Radiance HDR", (".hdr",), depths=("float32",), grey=False, lossless=False)
PSD = Kind(
    "Photoshop",
    (".psd", ".psb"),
    writes=False,
    depths=("uint8", "uint16", "float32"),
    alpha=True,
    icc=True,
    exif=True,
    xmp=True,
)
TGA = Kind("Targa", (".tga",), writes=False, alpha=True)
HEIC = Kind(
    "HEIC",
    (".heic", ".heif", ".hif"),
    writes=False,
    depths=("uint8", "uint16"),
    alpha=True,
    lossless=False,
    icc=True,
    exif=True,
    xmp=True,
    extra="heif",
)
RAW = Kind(
    "camera RAW",
    _RAW_SUFFIXES,
    writes=False,
    depths=("uint16",),
    exif=True,
    extra="raw",
)

KINDS = (PNG, JPEG, TIFF, WEBP, JXL, JP2, AVIF, EXR, HDR, GIF, BMP, PSD, TGA, HEIC, RAW)


def for_saving(path: Path) -> Kind:
    """The kind a name asks for, or FileProblem with the endings there are."""
    for kind in KINDS:
        if kind.writes and path.suffix.lower() in kind.suffixes:
            return kind
    endings = ", ".join(kind.suffix for kind in KINDS if kind.writes)
    asked = f'"{path.suffix}"' if path.suffix else "no ending"
    raise FileProblem(
        f"{shown(path)} cannot be saved: {asked} is not a kind of picture written here;"
        f" choose one of {endings}"
    )


def sniff(path: Path, head: bytes) -> Kind:
    """The kind that a file's first bytes tell, or FileProblem saying what it seems to be."""
    kind = picture_kind(path, head)
    if kind is None:
        raise FileProblem(f"{shown(path)} is not a picture: it looks like {looks_like(head)}")
    return kind


def picture_kind(path: Path, head: bytes) -> Kind | None:
    """The kind of picture that a file's first bytes tell, or None if they tell of no picture."""
    for start, kind in _MAGIC:
        if head.startswith(start):
            if kind is TIFF and path.suffix.lower() in RAW.suffixes:
                return RAW  # most camera RAW is TIFF inside; only the name tells them apart
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    brands = _brands(head)
    for brand, kind in _BRANDS:
        if brand in brands:
            return kind
    if path.suffix.lower() in TGA.suffixes and _ends_as_targa(path):
        return TGA
    return None


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\0\x10\0\0\0CR", RAW),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"\xff\x0a", JXL),
    (b"\0\0\0\x0cJXL \r\n\x87\n", JXL),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JP2),
    (b"\xff\x4f\xff\x51", JP2),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"BM", BMP),
    (b"v/1\x01", EXR),
    (b"#?RADIANCE", HDR),
    (b"#?RGBE", HDR),
    (b"8BPS\0", PSD),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"MMOR", RAW),
    (b"IIU\0", RAW),
    (b"FUJIFILMCCD-RAW", RAW),
)
_BRANDS = (
    (b"crx ", RAW),
    (b"avif", AVIF),
    (b"avis", AVIF),
    (b"heic", HEIC),
    (b"heix", HEIC),
    (b"heim", HEIC),
    (b"hevc", HEIC),
    (b"mif1", HEIC),
)


def _brands(head: bytes) -> list[bytes]:
    """What an ISO media file (the family of MP4) says it is."""
    if head[4:8] != b"ftyp":
        return []
    size = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12]] + [head[at : at + 4] for at in range(16, size - 3, 4)]


def _ends_as_targa(path: Path) -> bool:
    """Targa has no mark at its beginning; version 2 has one at its end."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 18))
        return file.read() == b"TRUEVISION-XFILE.\0"


def looks_like(head: bytes) -> str:
    """What a file seems to be that is no picture, for a sentence."""
    if _brands(head) or head.startswith((b"\x1a\x45\xdf\xa3", b"RIFF")):
        return "a video or sound clip"
    if head.startswith(b"%PDF"):
        return "a PDF document"
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive or an office document"
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        text = head.decode("utf-8", "ignore") if error.start > len(head) - 4 else ""
    if text and "\0" not in text:
        return "a drawing in SVG" if "<svg" in text else "text"
    return "data of a kind that is not known here"
