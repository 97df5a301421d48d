"""256 colours for a whole clip, and every frame in them: FFmpeg's palettegen and paletteuse.

One palette for the clip, so that a still area has the same colours in every frame; it is chosen
from frames all over the clip, in a perceptual space.

Trap: the ends of a filter graph do not keep it alive; whoever uses them must hold the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.filter import Graph

from editor.engine.clip import Frame, Take
from editor.engine.image import Size

_LOOKED_AT = 64  # frames
_PIXELS = 160_000  # of each of them
_DITHERS = {"none": "none", "ordered": "bayer:bayer_scale=3", "diffused": "sierra2_4a"}
_TICK = Fraction(1, 100)
_FORM = "bgra"  # of pixels, the only one that both filters take


def palette_of(take: Take) -> Iterator[tuple[float, Any | None]]:
    """How much is done, frame by frame, and at last the palette: FFmpeg's frame of 16 × 16."""
    looked = range(0, len(take), -(-len(take) // _LOOKED_AT))
    size = Size.of(take[0])
    step = max(1, round((size.width * size.height / _PIXELS) ** 0.5))
    graph = Graph()
    source = _buffer(graph, Size.of(take[0][::step, ::step]), av.VideoFormat(_FORM))
    # A place for "transparent" is kept even if nothing is: it says "as in the frame before".
    maker = graph.add("palettegen", "max_colors=256:reserve_transparent=1:stats_mode=full")
    sink = graph.add("buffersink")
    graph.link_nodes(source, maker, sink).configure()
    for number in looked:
        source.push(_as_frame(take[number][::step, ::step]))
        yield (number + 1) / len(take), None
    source.push(None)
    yield 1.0, sink.pull()


class Painter:
    """Frames in the colours of a palette."""

    def __init__(self, size: Size, palette: Any, dither: str) -> None:
        self._graph, self._count = Graph(), 0
        self._source = _buffer(self._graph, size, av.VideoFormat(_FORM))
        colours = _buffer(self._graph, Size(palette.width, palette.height), palette.format)
        user = self._graph.add("paletteuse", f"dither={_DITHERS[dither]}:alpha_threshold=128")
        self._sink = self._graph.add("buffersink")
        self._source.link_to(user, 0, 0)
        colours.link_to(user, 0, 1)
        user.link_to(self._sink)
        self._graph.configure()
        palette.pts, palette.time_base = 0, _TICK
        colours.push(palette)
        colours.push(None)

    def painted(self, pixels: Frame) -> Any:
        frame = _as_frame(pixels)
        frame.pts, frame.time_base = self._count, _TICK
        self._count += 1
        self._source.push(frame)
        return self._sink.pull()


def _as_frame(pixels: Frame) -> Any:
    form = "rgba" if pixels.shape[2] == 4 else "rgb24"
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), form).reformat(format=_FORM)


def _buffer(graph: Graph, size: Size, form: Any) -> Any:
    return graph.add_buffer(width=size.width, height=size.height, format=form, time_base=_TICK)
