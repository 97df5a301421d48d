"""Which frames a clip has, when each is shown, and from where it can be decoded.

Packets are read once without decoding them: their stamps, sorted, are the frames. Where stamps
cannot be trusted (AVI knows no order of showing) all frames are decoded once and counted instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from editor.files.clips.kinds import AVI, ClipKind
from editor.files.clips.timing import Timing, as_shown, timing_of

if TYPE_CHECKING:
    from editor.files.clips.reader import ContainerReader

MAX_FRAMES = 54_000  # half an hour at 30 frames a second

_MAX_PACKETS = 40 * MAX_FRAMES  # of all streams: a file whose index goes in circles ends somewhere
_REORDERED = 64  # packets: far more than any codec shows out of order
_SHORT = 0.5  # seconds that a whole file may miss of what its header claims


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """All that is needed to decode any frame; built once, shared by every reader of the clip."""

    stamps: NDArray[np.int64]  # of each frame, rising; empty where frames are counted
    starts: NDArray[np.int64]  # numbers of the frames where decoding can begin; the first is 0
    seeks: NDArray[np.int64]  # the stamp to seek for to get to each start
    timing: Timing
    notices: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.timing.times) - 1

    @property
    def counted(self) -> bool:
        return len(self.stamps) == 0

    def start_before(self, number: int) -> int:
        """Which of the starts is the last one at or before a frame."""
        return int(np.searchsorted(self.starts, number, side="right")) - 1


def index_of(reader: ContainerReader, kind: ClipKind) -> Index | None:
    """The index of an open clip, or None if it holds no frame. All of the file is read."""
    packets, notices = _packets(reader.container, reader.stream)
    if not any(packet.shown for packet in packets):
        return None
    if _trusted(reader, kind, packets):
        return _by_stamps(reader.stream, kind, packets, notices)
    frames = _decoded(reader, packets, MAX_FRAMES + 1)
    return _by_counting(reader.stream, packets, frames, notices) if frames else None


class _Packet(NamedTuple):
    pts: int | None
    dts: int | None
    duration: int
    key: bool
    shown: bool  # or decoded only for the sake of others


def _packets(container: Any, stream: Any) -> tuple[list[_Packet], list[str]]:
    """The packets of the pictures, and what is to be said of the file as a whole."""
    found: list[_Packet] = []
    seen, end, broken, full = 0, 0.0, False, False
    try:
        for packet in container.demux():
            seen += 1
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is not None and packet.time_base:
                end = max(end, float((stamp + (packet.duration or 0)) * packet.time_base))
            broken = broken or packet.is_corrupt
            if packet.stream_index == stream.index and packet.size > 0 and not packet.is_corrupt:
                length, key, unseen = packet.duration, packet.is_keyframe, packet.is_discard
                found.append(_Packet(packet.pts, packet.dts, length or 0, key, not unseen))
            full = len(found) == MAX_FRAMES + _REORDERED or seen == _MAX_PACKETS
            if full:
                break
    except av.error.FFmpegError:
        broken = True
    begin = (container.start_time or 0) / av.time_base
    claimed, there = (container.duration or 0) / av.time_base, max(0.0, end - begin)
    if not full and there < claimed - _SHORT:
        return found, [
            f"The file is incomplete: of the {claimed:.1f} s it promises {there:.1f} s are there."
        ]
    return found, ["The file is damaged: what can be read of it was opened."] if broken else []


def _trusted(reader: ContainerReader, kind: ClipKind, packets: list[_Packet]) -> bool:
    """Whether the stamps of the packets are the stamps of the frames."""
    stamps = [packet.pts for packet in packets if packet.shown and packet.pts is not None]
    if len(set(stamps)) < sum(packet.shown for packet in packets) or not reader.stream.time_base:
        return False
    if all(packet.key for packet in packets):
        return True
    if kind is AVI:
        return False
    rising = all(one < other for one, other in pairwise(stamps))
    if not rising or not reader.stream.codec_context.has_b_frames:
        return True
    # Frames may be shown out of order and yet the stamps rise: perhaps they only count packets.
    frames = [frame.pts for frame in _decoded(reader, packets, _REORDERED)]
    return set(frames) <= set(stamps) and all(one < other for one, other in pairwise(frames))


class _Shown(NamedTuple):
    pts: int
    key: bool


def _decoded(reader: ContainerReader, packets: list[_Packet], most: int) -> list[_Shown]:
    """The first frames of the clip, in the order they come."""
    stamps = (packets[0].dts, packets[0].pts)
    reader.seek(min((one for one in stamps if one is not None), default=0))
    return [
        _Shown(-1 if frame.pts is None else frame.pts, bool(frame.key_frame))
        for frame in islice(reader.decoded(), most)
    ]


def _by_stamps(stream: Any, kind: ClipKind, packets: list[_Packet], notices: list[str]) -> Index:
    shown = sorted((packet.pts or 0, packet.duration) for packet in packets if packet.shown)
    notices = notices + _cut(len(shown))
    shown = shown[:MAX_FRAMES]
    stamps = np.array([stamp for stamp, _ in shown], np.int64)
    keys = np.array(sorted({packet.pts or 0 for packet in packets if packet.key}), np.int64)
    numbers = np.searchsorted(stamps, keys)
    usable = (numbers < len(stamps)) & (numbers > 0) & (not kind.whole)
    starts, seeks = np.append(0, numbers[usable]), np.append(stamps[0], keys[usable])
    at, last = stamps, shown[-1][1]
    if kind.shortest:
        at, last = as_shown(stamps, stream.time_base, last, kind.shortest)
    timing = timing_of(at, stream.time_base, last, stream.average_rate)
    return Index(stamps, starts, seeks, timing, (*notices, *timing.notices))


def _by_counting(
    stream: Any, packets: list[_Packet], frames: list[_Shown], notices: list[str]
) -> Index:
    notices = notices + _cut(len(frames))
    frames = frames[:MAX_FRAMES]
    order = sorted({packet.dts for packet in packets if packet.dts is not None})
    if len(order) < len(frames):
        order = list(range(len(frames)))
    stamps = np.array(order[: len(frames)], np.int64)
    base = stream.time_base or Fraction(0)
    timing = timing_of(stamps, base, packets[-1].duration, stream.average_rate)
    numbers = [number for number, frame in enumerate(frames) if frame.key]
    keys = [packet.dts for packet in packets if packet.key]
    if len(numbers) != len(keys) or None in keys or numbers[:1] != [0]:
        numbers, keys = [0], [order[0]]
    starts, seeks = np.array(numbers, np.int64), np.array(keys, np.int64)
    none = np.empty(0, np.int64)
    return Index(none, starts, seeks, timing, (*notices, *timing.notices))


def _cut(count: int) -> list[str]:
    if count <= MAX_FRAMES:
        return []
    return [f"The clip is very long: its first {MAX_FRAMES:,} frames were opened."]
