"""Stops at clips: loops, endless play, and a creature that is cut out and steered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from editor.engine.image import Picture, Rect
from editor.files.samples import Sample
from editor.tour import checks
from editor.tour.checks import Verdict
from editor.tour.stop import Made, Stop, flags, read, stop_at, told

_FRAMES = 240  # of an endless play
_SECONDS = 8  # that a sprite is steered
_LONGEST = 240  # pixels of a frame that is compared


def loops(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        yield stop_at(
            sample, out / f"{sample.id}-loop.mp4",
            ("loop", str(sample.picture), *flags(sample.settings)),
            _looped,
        )  # fmt: skip
    first = samples[0]
    endless = stop_at(
        first, out / f"{first.id}-endless.mp4",
        ("endless", str(first.picture), "--frames", str(_FRAMES)),
        _endless(first.picture),
    )  # fmt: skip
    words = "It jumps where frames look alike, in an order that is never quite the same."
    yield told(endless, "On and on, never the same", words)


def _looped(made: Made) -> Iterator[Verdict]:
    yield checks.loops(_frames(made.path))


def _endless(clip: Path) -> Callable[[Made], Iterator[Verdict]]:
    def measured(made: Made) -> Iterator[Verdict]:
        yield checks.never_leaps(_frames(made.path), _frames(clip), _FRAMES)

    return measured


def sprites(samples: Sequence[Sample], out: Path) -> Iterator[Stop]:
    for sample in samples:
        name, cut = sample.id, out / f"{sample.id}.sprite"
        command = ("sprite", str(sample.picture), *flags(sample.settings))
        yield stop_at(sample, cut, command, _is_cut_out)

        def of_it(
            file: str,
            command: tuple[str, ...],
            measured: Callable[[Made], Iterator[Verdict]],
            *words: str,
            sample: Sample = sample,
        ) -> Stop:
            stop = stop_at(sample, out / file, command, measured)
            return told(stop, *words, needs=sample.id, before=())

        yield of_it(
            f"{name}-circle.mp4",
            ("steer", str(cut), "--path", "circle", "--seconds", str(_SECONDS)),
            _steered,
            "Steered along a circle",
            "Every step it takes is a step of the clip, in an order that leads there.",
        )
        yield of_it(
            f"{name}-follows.html",
            ("steer", str(cut)),
            _on_a_page,
            "A page in which it follows you",
            "One file that needs nothing else: open it, and move the mouse.",
        )
        yield of_it(
            f"{name}-sheet.png",
            ("sheet", str(cut), "--scale", "50"),
            _laid_out,
            "All its frames in one picture",
            "For a game or a page: beside it a JSON file says where each frame is.",
        )


def _is_cut_out(made: Made) -> Iterator[Verdict]:
    from editor.files.sprites import read_sprite

    sprite = read_sprite(made.path)
    frames = made.report["input"]["frames"]
    yield checks.cut_out([cel.pixels for cel in sprite.cels], sprite.size, frames)


def _steered(made: Made) -> Iterator[Verdict]:
    yield checks.keeps_to_path(made.report["path"])


def _on_a_page(made: Made) -> Iterator[Verdict]:
    yield checks.page_of_its_own(made.path.read_text("utf-8"))


def _laid_out(made: Made) -> Iterator[Verdict]:
    said = json.loads(made.path.with_suffix(".json").read_text("utf-8"))
    places = [
        Rect(*(one[side] for side in ("x", "y", "width", "height"))) for one in said["frames"]
    ]
    yield checks.laid_out(read(made.path), places)


def _frames(path: Path) -> list[Picture]:
    """All frames of a clip, small."""
    from editor.files.clips.film import open_clip

    with open_clip(path) as film:
        blocks = film.small(film.clip.fitting(_LONGEST))
        return [frame for block in blocks for frame in block.copy()]
