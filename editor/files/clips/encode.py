"""Frames and sound into a file, by FFmpeg's encoders, a frame at a time.

Trap: FFmpeg moves a whole MP4 when it puts the index in front, and holds the interpreter's lock
meanwhile. It writes and reads through our own file here, which lets the lock go, and which swallows
everything once the work is abandoned.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import av
import av.error
import numpy as np
from av.audio.resampler import AudioResampler
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from editor.engine.clip import Frame, Samples
from editor.engine.image import Size
from editor.files.atomic import New
from editor.files.clips.kinds import APNG, GIF, MP4, WEBM, ClipKind
from editor.files.clips.options import ClipOptions
from editor.files.clips.pace import Ticks

_BUFFER = 1 << 20  # bytes
_CHUNK = 1 << 14  # samples
_BITS = 96_000  # a second, of each channel
_USUAL_RATE = 48_000  # samples a second; the one of Opus
_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 8_000)
_BT709 = 1  # of FFmpeg's matrices, primaries and curves alike
_EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP


def even(size: Size) -> Size:
    """What H.264 makes of a size, for its colours come in squares of two: at most a pixel more."""
    return Size(size.width + size.width % 2, size.height + size.height % 2)


class Encoding:
    """One file that is being encoded: with Encoding(…) as encoding, then add, then finish."""

    def __init__(
        self,
        new: New,
        kind: ClipKind,
        size: Size,
        alpha: bool,
        ticks: Ticks,
        options: ClipOptions,
        sound: tuple[Samples, int] | None = None,
    ) -> None:
        self._kind, self._ticks, self._alpha = kind, ticks, alpha
        self._file = _Output(new)
        self._container = av.open(
            self._file.written(),
            "w",
            format={MP4: "mp4", WEBM: "webm", GIF: "gif", APNG: "apng"}[kind],
            options=_of_container(kind, ticks, options),
            io_open=self._file.opened,
            buffer_size=_BUFFER,
        )
        self._size = even(size) if kind is MP4 else size
        self._stream = self._video_stream(options)
        self._sound = _SoundTrack(self._container, kind, *sound) if sound is not None else None
        self._reformatter = VideoReformatter()
        self._lengths = dict(
            zip(ticks.stamps[:-1].tolist(), np.diff(ticks.stamps).tolist(), strict=True)
        )
        self._done = 0
        self._finished = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._finished:
            self._file.abandoned = True
            with contextlib.suppress(av.error.FFmpegError, OSError, ValueError):
                self._container.close()

    def _video_stream(self, options: ClipOptions) -> Any:
        name, form, given = _of_video(self._kind, self._alpha, options)
        stream = self._container.add_stream(name, options=given)
        context = stream.codec_context
        stream.width, stream.height = self._size
        stream.pix_fmt = form
        context.time_base = self._ticks.base
        count, seconds = len(self._ticks.frames), self._ticks.seconds
        rate = Fraction(count / seconds).limit_denominator(1001)
        context.framerate = 1 / self._ticks.base if self._even_pace() else rate
        if form.endswith("420p"):
            context.color_range = int(ColorRange.MPEG)
            context.colorspace = context.color_primaries = context.color_trc = _BT709
        return stream

    def _even_pace(self) -> bool:
        return bool((np.diff(self._ticks.stamps) == 1).all())

    def add(self, frame: Frame | Any) -> None:
        """The next frame, as an array, or as FFmpeg's frame with a palette."""
        if isinstance(frame, np.ndarray):
            frame = self._converted(frame)
        frame.pts, frame.time_base = int(self._ticks.stamps[self._done]), self._ticks.base
        self._done += 1
        self._mux(self._stream.encode(frame))
        if self._sound is not None:
            self._sound.add_until(float(self._ticks.stamps[self._done] * self._ticks.base))

    def finish(self) -> None:
        self._mux(self._stream.encode())
        if self._sound is not None:
            self._sound.finish()
        self._container.close()
        self._finished = True

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            packet.duration = self._lengths.get(packet.pts, packet.duration)
            self._container.mux(packet)

    def _converted(self, pixels: Frame) -> Any:
        form = self._stream.pix_fmt
        if not form.endswith("420p"):
            return av.VideoFrame.from_ndarray(pixels, "rgba" if pixels.shape[2] == 4 else "rgb24")
        height, width = pixels.shape[:2]
        if (width, height) != self._size:
            more = ((0, self._size.height - height), (0, self._size.width - width), (0, 0))
            pixels = np.pad(pixels, more, mode="edge")
        frame = av.VideoFrame.from_ndarray(pixels, "rgba" if pixels.shape[2] == 4 else "rgb24")
        return self._reformatter.reformat(
            frame,
            format=form,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=_EXACT,
        )


def _of_container(kind: ClipKind, ticks: Ticks, options: ClipOptions) -> dict[str, str]:
    last = int(ticks.stamps[-1] - ticks.stamps[-2])
    if kind is MP4:
        return {"movflags": "+faststart"}
    if kind is GIF:
        loops = {0: 0, 1: -1}.get(options.plays, options.plays - 1)  # GIF counts the repetitions
        return {"loop": str(loops), "final_delay": str(last)}
    if kind is APNG:
        length = last * ticks.base
        return {
            "plays": str(options.plays),
            "final_delay": f"{length.numerator}/{length.denominator}",
        }
    return {}


def _of_video(kind: ClipKind, alpha: bool, options: ClipOptions) -> tuple[str, str, dict[str, str]]:
    """The encoder, the form of its pixels and its options."""
    loss = 100 - options.quality
    if kind is MP4:
        return "libx264", "yuv420p", {"crf": f"{12 + 0.3 * loss:.1f}", "preset": "medium"}
    if kind is WEBM:
        crf = min(63, round(10 + 0.6 * loss))
        given = {"crf": str(crf), "b": "0", "cpu-used": "3", "row-mt": "1", "deadline": "good"}
        if alpha:
            return "libvpx-vp9", "yuva420p", given | {"auto-alt-ref": "0"}
        return "libvpx-vp9", "yuv420p", given
    if kind is GIF:
        return "gif", "pal8", {}
    return "apng", "rgba" if alpha else "rgb24", {"pred": "mixed"}


class _SoundTrack:
    """Samples into a container, always a little ahead of the pictures."""

    def __init__(self, container: Any, kind: ClipKind, samples: Samples, rate: int) -> None:
        self._container = container
        self._layout = "mono" if samples.shape[1] == 1 else "stereo"
        self._rate = rate if kind is MP4 and rate in _AAC_RATES else _USUAL_RATE
        self._samples = samples if self._rate == rate else self._resampled(samples, rate)
        codec = {MP4: "aac", WEBM: "libopus"}[kind]
        self._stream = container.add_stream(codec, rate=self._rate, layout=self._layout)
        self._stream.codec_context.bit_rate = _BITS * samples.shape[1]
        self._done = 0

    def _resampled(self, samples: Samples, rate: int) -> Samples:
        """The same sound at our rate, of exactly the same length."""
        resampler = AudioResampler("flt", self._layout, self._rate)
        pieces = [self._frame(samples[at : at + _CHUNK], rate) for at in self._chunks(samples)]
        made = [one for piece in (*pieces, None) for one in resampler.resample(piece)]
        whole = np.concatenate([one.to_ndarray().reshape(-1, samples.shape[1]) for one in made])
        out = np.zeros((round(len(samples) * self._rate / rate), samples.shape[1]), np.float32)
        out[: len(whole)] = whole[: len(out)]
        return out

    def _chunks(self, samples: Samples) -> range:
        return range(0, len(samples), _CHUNK)

    def _frame(self, piece: Samples, rate: int) -> Any:
        flat = np.ascontiguousarray(piece).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(flat, "flt", self._layout)
        frame.sample_rate = rate
        return frame

    def add_until(self, seconds: float) -> None:
        while self._done < min(len(self._samples), round(seconds * self._rate) + _CHUNK):
            frame = self._frame(self._samples[self._done : self._done + _CHUNK], self._rate)
            frame.pts, frame.time_base = self._done, Fraction(1, self._rate)
            self._done += frame.samples
            self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self.add_until(len(self._samples) / self._rate)
        self._container.mux(self._stream.encode())


class _Output:
    """The new file as FFmpeg sees it: written through our stream, which checks every byte."""

    def __init__(self, new: New) -> None:
        self._new = new
        self.abandoned = False

    def written(self) -> _Written:
        return _Written(self, self._new)

    def opened(self, name: str, flags: int, options: dict[str, str]) -> _Read:
        """What the muxer of MP4 asks for when it moves what it has written."""
        self._new.stream.flush()
        return _Read(self, self._new.path)


class _Written:
    """Without close: the stream is not FFmpeg's to close."""

    def __init__(self, output: _Output, new: New) -> None:
        self._output, self._stream, self.name = output, new.stream, str(new.path)

    def write(self, data: bytes) -> int:
        return len(data) if self._output.abandoned else self._stream.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


class _Read(io.FileIO):
    def __init__(self, output: _Output, path: Any) -> None:
        super().__init__(path, "rb")
        self._output = output

    def read(self, size: int | None = -1, /) -> bytes:
        return b"" if self._output.abandoned else super().read(size) or b""


def encoded_webp(
    frames: Iterator[Frame], size: Size, ticks: Ticks, options: ClipOptions
) -> Iterator[bytes | None]:
    """An animated WebP: None for each frame that is in, then the whole file."""
    codec = av.CodecContext.create("libwebp_anim", "w")
    codec.width, codec.height, codec.pix_fmt = size.width, size.height, "bgra"
    codec.time_base = Fraction(1, 1000)
    codec.options = {
        "quality": str(options.quality),
        "lossless": str(int(options.lossless)),
        "compression_level": "4",
    }
    stamps = np.rint(ticks.stamps * float(ticks.base) * 1000).astype(np.int64)
    for pixels, stamp in zip(frames, stamps[:-1].tolist(), strict=True):
        form = "rgba" if pixels.shape[2] == 4 else "rgb24"
        frame = av.VideoFrame.from_ndarray(pixels, form).reformat(format="bgra")
        frame.pts, frame.time_base = stamp, Fraction(1, 1000)
        codec.encode(frame)
        yield None
    made = bytearray().join(bytes(packet) for packet in codec.encode())
    yield bytes(_mended_webp(made, int(stamps[-1]), options.plays))


def _mended_webp(made: bytearray, length: int, plays: int) -> bytearray:
    """The number of plays, and the length of the last frame, which FFmpeg cannot know."""
    at, sum_before, last = 12, 0, 0
    while at + 8 <= len(made):
        name, size = bytes(made[at : at + 4]), int.from_bytes(made[at + 4 : at + 8], "little")
        if name == b"ANIM":
            made[at + 12 : at + 14] = plays.to_bytes(2, "little")
        if name == b"ANMF":
            if last:
                sum_before += int.from_bytes(made[last + 20 : last + 23], "little")
            last = at
        at += 8 + size + (size & 1)
    if last:
        made[last + 20 : last + 23] = max(1, length - sum_before).to_bytes(3, "little")
    return made
