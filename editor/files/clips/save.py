"""Write a clip: frames that are made one by one, with their times and sound, whole or not at all.

A file that loops does so because its frames do: no frame is doubled at the seam, every delay adds
up, and the sound is exactly as long as the pictures.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av.error
import numpy as np

from editor.engine.clip import Frame, Samples, Take, check_frame, check_take
from editor.engine.image import Size
from editor.engine.step import Step
from editor.files.atomic import New, replacing
from editor.files.clips.encode import Encoding, encoded_webp, even
from editor.files.clips.kinds import ANIMATED_WEBP, APNG, FOLDER, GIF, MP4, ClipKind, for_saving
from editor.files.clips.known import known_of
from editor.files.clips.options import ClipOptions
from editor.files.clips.pace import Pace, Ticks, ticks_of
from editor.files.clips.palette import Painter, palette_of
from editor.files.clips.sequence import write_sequence
from editor.files.colour import on_white
from editor.files.problems import FileProblem, shown

_DEFAULT = ClipOptions()
_PALETTE = 0.15  # of the work of a GIF


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    frames: int
    seconds: float
    size: Size
    notices: tuple[str, ...] = ()  # what could not be kept, in sentences


def write_clip(
    path: Path,
    take: Take,
    pace: Pace,
    options: ClipOptions = _DEFAULT,
    *,
    sound: Samples | None = None,
    sound_rate: int = 48_000,
    overwrite: bool,
) -> Iterator[Step[Written]]:
    """Write the frames at a pace: so many a second, or each as many seconds as it says.

    The sound is cut or filled with silence to the length of the pictures. Frames are asked for in
    order, and for a GIF some of them twice. Closing the iterator leaves everything as it was.
    Raises FileProblem.
    """
    path = Path(path)
    kind = for_saving(path)
    size, alpha = check_take(take)
    if max(size) > kind.longest_side:
        raise FileProblem(
            f"{shown(path)} cannot be saved: the frames are {size} pixels and {kind.name} holds at"
            f" most {kind.longest_side} along a side"
        )
    if path.exists() and not overwrite:
        raise FileProblem(f"{shown(path)} exists already")
    ticks = ticks_of(len(take), pace, kind)
    notices = clip_losses(kind, size, alpha=alpha, sound=sound is not None) + _left_out(kind, ticks)
    frames = _Frames(take, ticks, flat=alpha and not kind.alpha)
    track = _fitted(sound, sound_rate, ticks) if sound is not None and kind.sound else None
    seconds = float(ticks.stamps[-1] * ticks.base)
    kept = even(size) if kind is MP4 else size
    written = Written(path, len(ticks.frames), seconds, kept, notices)
    if kind is FOLDER:
        yield from write_sequence(path, frames)
    else:
        with replacing(path, check=lambda made: _check(path, made, kind, written)) as new:
            try:
                yield from _filled(new, kind, frames, size, ticks, options, track)
            except av.error.FFmpegError as error:
                raise FileProblem(f"{shown(path)} cannot be saved: {error.strerror}") from error
            except MemoryError as error:
                raise FileProblem(
                    f"{shown(path)} cannot be saved: there is not enough memory"
                ) from error
    yield Step(1.0, written)


def clip_losses(kind: ClipKind, size: Size, *, alpha: bool, sound: bool) -> tuple[str, ...]:
    """What a kind of file cannot keep of such a clip, in sentences."""
    said = []
    if alpha and not kind.alpha:
        said.append(f"{kind.name} has no transparency: the clip is laid on white.")
    if alpha and kind is GIF:
        said.append("GIF has no half transparency: a pixel is there or it is not.")
    if kind is GIF:
        said.append("GIF holds 256 colours for the whole clip: the nearest ones are used.")
    if sound and not kind.sound:
        said.append(f"{kind.name} has no sound: it is left out.")
    if kind is MP4 and even(size) != size:
        said.append(
            f"MP4 has no odd sizes: {size} becomes {even(size)}, the last row or column twice."
        )
    return tuple(said)


def _left_out(kind: ClipKind, ticks: Ticks) -> tuple[str, ...]:
    if ticks.left_out == 0:
        return ()
    most = round(1 / kind.shortest)
    return (
        f"{kind.name} shows at most {most} frames a second: {ticks.left_out} frames are left out.",
    )


class _Frames:
    """The frames to be written, each checked, and laid on white where there is no alpha."""

    def __init__(self, take: Take, ticks: Ticks, *, flat: bool) -> None:
        self._take, self._numbers, self._flat = take, ticks.frames.tolist(), flat
        self._first = take[0]

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: int) -> Frame:
        frame = self._take[self._numbers[number]]
        check_frame(frame, self._first)
        return np.ascontiguousarray(on_white(frame) if self._flat else frame)


def _filled(
    new: New,
    kind: ClipKind,
    frames: _Frames,
    size: Size,
    ticks: Ticks,
    options: ClipOptions,
    track: tuple[Samples, int] | None,
) -> Iterator[Step[Written]]:
    if kind is ANIMATED_WEBP:
        yield from _webp(new, frames, size, ticks, options)
        return
    alpha = frames[0].shape[2] == 4
    begun, painter = 0.0, None
    if kind is GIF:
        palette = yield from _palette(frames)
        begun, painter = _PALETTE, Painter(size, palette, options.dither)
    with Encoding(new, kind, size, alpha, ticks, options, track) as encoding:
        for number in range(len(frames)):
            frame = frames[number]
            encoding.add(frame if painter is None else painter.painted(frame))
            yield Step(begun + (1 - begun) * (number + 1) / (len(frames) + 1))
        encoding.finish()


def _palette(frames: _Frames) -> Generator[Step[Written], None, Any]:
    made = None
    for done, palette in palette_of(frames):
        made = palette
        yield Step(_PALETTE * done)
    return made


def _webp(
    new: New, frames: _Frames, size: Size, ticks: Ticks, options: ClipOptions
) -> Iterator[Step[Written]]:
    each = (frames[number] for number in range(len(frames)))
    for number, made in enumerate(encoded_webp(each, size, ticks, options)):
        if made is not None:
            new.stream.write(made)
        yield Step((number + 1) / (len(frames) + 2))


def _fitted(sound: Samples, rate: int, ticks: Ticks) -> tuple[Samples, int]:
    """The sound, as long as the pictures."""
    if sound.ndim != 2 or sound.shape[1] not in (1, 2) or sound.dtype != np.float32:
        raise ValueError(f"sound is (n, 1 or 2) float32, not {sound.shape} {sound.dtype}")
    if not 8000 <= rate <= 192_000:
        raise ValueError(f"the rate of the sound is {rate}: it goes from 8000 to 192000")
    wanted = round(ticks.stamps[-1] * ticks.base * rate)
    fitted = np.zeros((wanted, sound.shape[1]), np.float32)
    fitted[: len(sound)] = sound[:wanted]
    return fitted, rate


def _check(path: Path, made: Path, kind: ClipKind, written: Written) -> None:
    """What was written can be opened again and has every frame; only the first is decoded."""
    if kind is APNG and written.frames == 1:
        return  # it is a plain PNG then, and no clip
    try:
        known = known_of(made)
    except FileProblem as problem:
        raise FileProblem(
            f"{shown(path)} cannot be saved: what was written is damaged"
        ) from problem
    if known.index.count != written.frames and kind is not ANIMATED_WEBP:
        raise FileProblem(
            f"{shown(path)} cannot be saved: {written.frames} frames became {known.index.count}"
        )
