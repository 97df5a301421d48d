"""What opening a clip finds out: its index, its look and its sound, without the open file.

It can be found out in a process of its own: a file made to crash or hang a decoder, or to fill up
the memory, mostly does so here, when it is looked through from end to end for the first time. What
comes later, decoding frame by frame, happens in this process: FFmpeg's decoders are fuzzed day and
night, and pixels from another process would cost a copy and a hand-over for every frame played.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from editor.engine.clip import Clip, Sound
from editor.engine.image import Size
from editor.files.apart import told_apart
from editor.files.clips.container import kind_of
from editor.files.clips.convert import Look, look_of, odd_light
from editor.files.clips.index import Index, index_of
from editor.files.clips.kinds import ANIMATED_WEBP, CLIP_KINDS, FOLDER, ClipKind
from editor.files.clips.reader import ContainerReader
from editor.files.clips.sound import sound_of
from editor.files.clips.timing import PLAIN_RATE, Timing
from editor.files.problems import FileProblem, shown

_TIMEOUT = 120.0  # seconds to read a long clip from a slow disk


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """All that is needed to show any frame of the clip, but for the file itself."""

    path: Path
    kind: ClipKind
    index: Index
    look: Look
    sound: Sound | None = None
    notices: tuple[str, ...] = ()
    pictures: tuple[Path, ...] = ()  # of a folder

    @property
    def clip(self) -> Clip:
        timing = self.index.timing
        return Clip(
            self.look.size, timing.times, timing.rate, timing.steady, self.look.alpha, self.sound
        )


def known_of(path: Path, rate: Fraction = PLAIN_RATE) -> Known:
    """Look through a clip from its beginning to its end and decode its first frame."""
    if path.is_dir():
        return _known_of_folder(path, rate)
    kind = kind_of(path)
    if kind is ANIMATED_WEBP:
        return _known_of_webp(path)
    with contextlib.closing(ContainerReader(path, kind)) as reader:
        return _known_of_container(path, kind, reader)


def _known_of_folder(path: Path, rate: Fraction) -> Known:
    from editor.files.clips.pictures import FolderReader, index_of_pictures, pictures_in

    pictures = pictures_in(path)
    look = look_of(FolderReader(pictures).frame(0), None, maybe_opaque=True)
    return Known(path, FOLDER, index_of_pictures(pictures, rate), look, pictures=pictures)


def _known_of_webp(path: Path) -> Known:
    from editor.files.clips.pictures import WebpReader

    with contextlib.closing(WebpReader(path)) as webp:
        index = webp.index()
        look = look_of(webp.frame(0), None, maybe_opaque=True)
    return Known(path, ANIMATED_WEBP, index, look, None, index.notices)


def _known_of_container(path: Path, kind: ClipKind, reader: ContainerReader) -> Known:
    index = index_of(reader, kind)
    if index is None:
        raise FileProblem(f"{shown(path)} has no pictures in it that can be shown")
    reader.read_by(index)
    first = reader.frame(0)
    look = look_of(first, reader.aspect, maybe_opaque=kind.whole)
    notices = list(index.notices)
    if first.interlaced_frame:
        notices.append("The clip is interlaced: moving edges show combs.")
    if light := odd_light(first):
        notices.append(f"The clip is HDR ({light}): its colours are shown paler than they are.")
    return Known(path, kind, index, look, sound_of(reader.container), tuple(notices))


def known_safely(path: Path, rate: Fraction = PLAIN_RATE) -> Known:
    """``known_of`` in a process of its own. Raises FileProblem."""
    told, numbers = told_apart(path, {"what": "clip", "rate": str(rate)}, _TIMEOUT)
    return _unpacked(path, told, bytes(numbers))


def packed(known: Known) -> tuple[dict[str, Any], bytes]:
    """All of it as plain values and one block of numbers; the path is left out."""
    index, timing, look = known.index, known.index.timing, known.look
    arrays = [index.stamps, index.starts, index.seeks, timing.times]
    told = {
        "kind": known.kind.name,
        "counts": [len(array) for array in arrays],
        "rate": str(timing.rate),
        "steady": timing.steady,
        "origin": timing.origin,
        "look": [*look.stored, look.orientation, look.alpha],
        "sound": [known.sound.rate, known.sound.channels] if known.sound else None,
        "notices": known.notices,
        "pictures": [picture.name for picture in known.pictures],
    }
    return told, b"".join(array.tobytes() for array in arrays)


def _unpacked(path: Path, told: dict[str, Any], numbers: bytes) -> Known:
    ends = np.cumsum(told["counts"])[:-1]
    stamps, starts, seeks, times = np.split(np.frombuffer(numbers, np.int64), ends)
    rate = Fraction(told["rate"])
    timing = Timing(times.view(np.float64), rate, told["steady"], told["origin"])
    width, height, orientation, alpha = told["look"]
    return Known(
        path,
        next(kind for kind in CLIP_KINDS if kind.name == told["kind"]),
        Index(stamps, starts, seeks, timing),
        Look(Size(width, height), orientation, alpha),
        Sound(*told["sound"]) if told["sound"] else None,
        tuple(told["notices"]),
        tuple(path / name for name in told["pictures"]),
    )
