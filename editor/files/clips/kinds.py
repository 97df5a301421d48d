"""The kinds of clip: what each can hold, and how a file's own bytes tell its kind.

The kind names the one demuxer that FFmpeg may use for a file. A playlist, a list of other files or
a web address in disguise has no kind, and so nothing ever opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from os.path import isdir  # a name that is too long is no folder: pathlib would raise
from pathlib import Path

from editor.files.kinds import HEAD, PNG, WEBP, looks_like, picture_kind
from editor.files.problems import FileProblem, shown


@dataclass(frozen=True, slots=True)
class ClipKind:
    name: str
    suffixes: tuple[str, ...]  # the first is the one we write
    demuxer: str = ""  # of FFmpeg; empty where FFmpeg is not asked
    writes: bool = False
    alpha: bool = False
    sound: bool = False
    whole: bool = False  # each frame builds on the one before: only the first is a beginning
    shortest: float = 0.0  # seconds; what a player shows as long as it says. Less becomes 0.1 s
    longest_side: int = 16_384

    @property
    def suffix(self) -> str:
        return self.suffixes[0]


MP4 = ClipKind("MP4", (".mp4", ".m4v"), "mov", writes=True, sound=True)
MOV = ClipKind("MOV", (".mov", ".qt"), "mov", alpha=True, sound=True)
WEBM = ClipKind("WebM", (".webm",), "matroska", writes=True, alpha=True, sound=True)
MKV = ClipKind("Matroska", (".mkv",), "matroska", alpha=True, sound=True)
AVI = ClipKind("AVI", (".avi",), "avi", sound=True)
GIF = ClipKind(
    "GIF", (".gif",), "gif", writes=True, alpha=True, whole=True, shortest=0.02, longest_side=65_535
)
APNG = ClipKind("APNG", (".apng",), "apng", writes=True, alpha=True, whole=True, shortest=0.011)
ANIMATED_WEBP = ClipKind(
    "WebP", (".webp",), writes=True, alpha=True, whole=True, shortest=0.011, longest_side=16_383
)
FOLDER = ClipKind("PNG sequence", ("",), writes=True, alpha=True, longest_side=2**31 - 1)

CLIP_KINDS = (MP4, MOV, WEBM, MKV, AVI, GIF, APNG, ANIMATED_WEBP, FOLDER)


def for_saving(path: Path) -> ClipKind:
    """The kind a name asks for, or FileProblem with the endings there are."""
    for kind in CLIP_KINDS:
        if kind.writes and path.suffix.lower() in kind.suffixes:
            return kind
    endings = ", ".join(kind.suffix for kind in CLIP_KINDS if kind.writes and kind.suffix)
    raise FileProblem(
        f'{shown(path)} cannot be saved: "{path.suffix}" is not a kind of clip written here;'
        f" choose one of {endings}, or a name without an ending for a folder of PNG pictures"
    )


def sniff(path: Path, head: bytes) -> ClipKind:
    """The kind that a file's first bytes tell, or FileProblem saying what it seems to be."""
    if head[4:8] in _BOXES and not picture_kind(path, head):
        quick_time = head[4:8] != b"ftyp" or head[8:12] == b"qt  "
        return MOV if quick_time else MP4
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return WEBM if b"webm" in head[:64] else MKV
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return AVI
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    picture = picture_kind(path, head)
    if picture is PNG and _is_animated_png(path):
        return APNG
    if picture is WEBP:
        return ANIMATED_WEBP
    what = f"a picture in {picture.name}" if picture else looks_like(head)
    raise FileProblem(f"{shown(path)} is not a clip: it looks like {what}")


def is_clip(path: Path) -> bool:
    """Whether a file that may be either is opened as a clip: it, or the folder, has frames.

    A GIF or WebP that does not move is a picture, and so is what cannot be read: the reader of
    pictures says why.
    """
    if isdir(path):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        return sniff(path, head) not in (GIF, ANIMATED_WEBP) or _moves(path)
    except (OSError, ValueError, FileProblem):
        return False


def _moves(path: Path) -> bool:
    from editor.files.openimageio import DecodeError
    from editor.files.pillow import opened

    try:
        with opened(path) as image:
            return bool(getattr(image, "is_animated", False))
    except DecodeError:
        return False


_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def _is_animated_png(path: Path) -> bool:
    """Whether the chunk that makes it move stands before the pixels, as it must."""
    with path.open("rb") as file:
        file.seek(8)
        for _ in range(1000):
            head = file.read(8)
            if len(head) < 8 or head[4:] in (b"IDAT", b"IEND"):
                return False
            if head[4:] == b"acTL":
                return True
            file.seek(int.from_bytes(head[:4], "big") + 4, 1)
    return False
