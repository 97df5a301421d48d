"""What a video texture plays becomes a file: from the window and from the command line alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from editor.engine.step import Step

if TYPE_CHECKING:
    from editor.engine.clip import Frame
    from editor.engine.video_analysis import Analysis
    from editor.engine.video_render import Sequel
    from editor.files.clips.film import Film
    from editor.files.clips.options import ClipOptions
    from editor.files.clips.save import Written
    from editor.operations.loop import Texture


@dataclass(frozen=True, slots=True, eq=False)
class Playing:
    """Everything that decides about the pictures and the sound of a file."""

    film: Film
    operation: Texture  # its in and out points, its fades
    found: Analysis
    sequel: Sequel


def written(
    playing: Playing, path: Path, options: ClipOptions, *, overwrite: bool
) -> Iterator[Step[Written]]:
    """Write it whole or not at all; closing the iterator leaves everything as it was.

    A file that loops is as long as the loop, in pictures and in sound. Raises FileProblem.
    """
    from editor.engine.video_render import Rendering
    from editor.files.clips.player import Player
    from editor.files.clips.save import write_clip

    operation, sequel = playing.operation, playing.sequel
    part = operation.part(playing.film)
    first, sound = operation.first, part.clip.sound
    samples = sequel.sound(part)
    with contextlib.closing(Player(playing.film)) as player:

        def read(number: int, coming: Sequence[int]) -> Frame:
            return player.wait(first + number, [first + one for one in coming])

        take = Rendering(
            read,
            sequel.regions(part.clip.count, operation.fade, operation.single_fades),
            len(sequel),
            compared=playing.found.compared,
            blend=operation.mix,
        )
        yield from write_clip(
            path,
            take,
            sequel.pace(part.clip),
            options,
            sound=samples,
            sound_rate=sound.rate if sound is not None else 48_000,
            overwrite=overwrite,
        )
