"""FFmpeg's containers, opened the one safe way: one file, one demuxer, bounded frames.

Traps: FFmpeg opens web addresses, playlists and lists of other files unless told not to; it takes
a header's word for the size of the pictures; and a container must never be used by two threads.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import av.error

from editor.files.clips.kinds import ClipKind, sniff
from editor.files.kinds import HEAD
from editor.files.problems import FileProblem, free_memory, in_bytes, shown, unreadable

MAX_PIXELS = 64_000_000  # of one frame: 8K has 33 million
_COPIES = 24  # bytes per pixel that a decoder with its reference frames may need


def kind_of(path: Path) -> ClipKind:
    """The kind that the file's own bytes tell. Raises FileProblem."""
    try:
        if path.exists() and not path.is_file():
            raise FileProblem(f"{shown(path)} cannot be opened: it is not an ordinary file")
        with path.open("rb") as file:
            head = file.read(HEAD)
        if not head:
            raise FileProblem(f"{shown(path)} is empty: there is nothing in the file")
        return sniff(path, head)
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise FileProblem(f"{shown(path)} cannot be opened: there can be no such file") from error


def container_of(path: Path, kind: ClipKind) -> Any:
    """An open container, to be closed by the caller. Raises FileProblem."""
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": kind.demuxer,
        "max_pixels": str(MAX_PIXELS),
    }
    with complaints(path, kind):
        return av.open(
            f"file:{path.absolute()}",
            format=kind.demuxer,
            options=options,
            metadata_errors="ignore",
        )


def moving_pictures(path: Path, container: Any) -> Any:
    """The video stream, checked before any of it is decoded. Raises FileProblem."""
    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    streams = [one for one in container.streams.video if not one.disposition & covers]
    if not streams:
        if container.streams.audio:
            raise FileProblem(f"{shown(path)} has no pictures: there is only sound in it")
        raise FileProblem(f"{shown(path)} has no pictures in it")
    best = container.streams.best("video")
    stream = best if best in streams else streams[0]
    context = stream.codec_context
    if context is None:
        raise FileProblem(
            f"{shown(path)} cannot be opened: its pictures are packed in a way that is not known"
            " here"
        )
    check_size(path, context.width, context.height)
    return stream


def check_size(path: Path, width: int, height: int) -> None:
    """Raise FileProblem unless such frames can be decoded here."""
    if width < 1 or height < 1:
        raise FileProblem(
            f"{shown(path)} is damaged: its frames have no size, or more than"
            f" {MAX_PIXELS / 1e6:g} megapixels"
        )
    if width * height > MAX_PIXELS:
        raise FileProblem(
            f"{shown(path)} is too large: it claims frames of {width} × {height} pixels"
            f" and the limit is {MAX_PIXELS / 1e6:g} megapixels"
        )
    needed, free = width * height * _COPIES, free_memory()
    if needed > free // 2:
        raise FileProblem(
            f"{shown(path)} is too large for this computer now: decoding needs"
            f" {in_bytes(needed)} and {in_bytes(free)} of memory are free"
        )


@contextlib.contextmanager
def complaints(path: Path, kind: ClipKind) -> Iterator[None]:
    """What FFmpeg raises, as a FileProblem."""
    try:
        yield
    except MemoryError as error:
        raise FileProblem(f"{shown(path)} cannot be opened: there is not enough memory") from error
    except av.error.FFmpegError as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise unreadable(path, error) from error
        raise FileProblem(
            f"{shown(path)} cannot be opened: the {kind.name} file is damaged or incomplete"
        ) from error
