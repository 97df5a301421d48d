"""Video textures on files without the window: read a clip, find its loops, write what plays.

It walks the road that the window walks: a frozen scene, an operation, its Steps; then ``writing``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editor.batch import Done, Trade, Work, matching
from editor.engine.clip import Clip
from editor.engine.regions import used_labels
from editor.engine.step import Step, last, unseen
from editor.operations.base import Scene
from editor.operations.loop import Texture
from editor.report import Stopwatch, run_report
from editor.writing import Playing, written

if TYPE_CHECKING:
    from editor.engine.video_analysis import Analysis
    from editor.engine.video_render import Sequel
    from editor.engine.video_weave import Strand

_COMPARING = 0.4  # of the time it takes altogether, about


def steps(work: Work, source: Path, target: Path) -> Iterator[Step[Done]]:
    """Do the work on one clip; the last Step's value says what was done."""
    from editor.files.clips.film import open_clip
    from editor.files.clips.kinds import for_saving
    from editor.files.clips.options import ClipOptions

    operation = work.operation
    assert isinstance(operation, Texture)
    watch = Stopwatch()
    for_saving(target)  # refuse a format that cannot be written before the work, not after
    with watch("warmup"):
        operation.warm_up()
    with watch("load"):
        film = open_clip(source)
    with film:
        beside = [(one, matching(path, source)) for one, path in work.inputs]
        painted = {one.field: one.read(path, film.clip.size) for one, path in beside}
        scene = Scene(film.frame(0), clip=film, plays=work.plays, **painted)
        labels = used_labels(scene.guides.labels, scene.plays)
        found: Analysis | None = None
        with watch("solve"):
            for step in operation.steps(scene, work.device):
                found = step.value or found
                yield Step(_COMPARING * step.done)
        assert found is not None
        weave = last(operation.weaving(found, labels, scene.plays))
        sequel = operation.sequel(found, weave, labels)
        with watch("save"):
            options = ClipOptions() if work.quality is None else ClipOptions(quality=work.quality)
            saving = written(
                Playing(film, operation, found, sequel), target, options, overwrite=work.force
            )
            made = yield from unseen(_COMPARING, 0.99, saving)
        others = {one.name: str(path) for one, path in beside}
        report = run_report(
            work.name, operation, work.device, watch.seconds,
            about_clip(source, film.clip, kind=film.known.kind.name, **others),
            {
                "path": str(target),
                "size": list(made.size),
                "frames": made.frames,
                "seconds": made.seconds,
            },
        )  # fmt: skip
        report |= said_of(operation.part(film).clip, found, sequel)
        notices = (*film.notices, *remarks(found, sequel), *made.notices)
    yield Step(1.0, Done(report, notices))


def written_as(target: Path) -> Path:
    """A result that has the name of a kind of clip that is only read, such as .mov, becomes MP4."""
    from editor.files.clips.kinds import CLIP_KINDS, MP4

    only_read = any(
        target.suffix.lower() in kind.suffixes and not kind.writes for kind in CLIP_KINDS
    )
    return target.with_suffix(MP4.suffix) if only_read else target


CLIPS = Trade(
    "CLIP",
    "the result, in the format of its ending: .mp4, .webm, .gif, .apng, .webp; a folder of PNG"
    " pictures without one; a folder of clips if there are several",
    steps,
    written_as,
    plays=True,
)


def about_clip(path: Path, clip: Clip, **more: Any) -> dict[str, Any]:
    sound = clip.sound
    return {
        "path": str(path),
        "size": list(clip.size),
        "frames": clip.count,
        "seconds": clip.seconds,
        "rate": float(clip.rate),
        "steady": clip.steady,
        "alpha": clip.alpha,
        "sound": None if sound is None else {"rate": sound.rate, "channels": sound.channels},
        **more,
    }


def said_of(clip: Clip, found: Analysis, sequel: Sequel) -> dict[str, Any]:
    """What was found, and every jump that is taken: from, to, and its cost in levels."""
    said: dict[str, Any] = {"transitions": transitions(found, sequel)}
    if sequel.loops and found.wanted is not None:
        loop = found.wanted
        said["loop"] = {
            "first": loop.frames[0],
            "frames": loop.length,
            "quality": loop.quality,
            "ratio": loop.ratio,
            "reason": loop.reason,
        }
    if sequel.weave.strands:
        said["regions"] = [_said_of_region(strand, sequel) for strand in sequel.weave.strands]
    return said


def _said_of_region(strand: Strand, sequel: Sequel) -> dict[str, Any]:
    still = len(strand.frames) == 1
    length = len(strand.frames) or len(sequel.frames)
    quality = None if strand.loop is None else strand.loop.quality
    return {
        "number": strand.number,
        "still": still,
        "frames": length,
        "phase": strand.phase,
        "quality": quality,
    }


def transitions(found: Analysis, sequel: Sequel) -> list[list[float]]:
    """In the order in which they are taken; that of a loop's seam is the last."""
    assert found.texture is not None
    C, p = found.texture.C, found.texture.settings.p
    frames = sequel.frames
    loops = [loop for loop in (*found.loops, found.wanted) if loop is not None]
    known = {jump[:2]: jump.cost for loop in loops for jump in loop.jumps}
    following = [*frames[1:], frames[0]] if sequel.loops else frames[1:]
    jumps = [pair for pair in zip(frames, following, strict=False) if pair[1] != pair[0] + 1]
    return [
        [i, j, round(known[i, j] if (i, j) in known else float(C[i, j]) ** (1 / p), 4)]
        for i, j in jumps
    ]


def remarks(found: Analysis, sequel: Sequel) -> tuple[str, ...]:
    """What a person should know of what was written."""
    if not sequel.loops or found.wanted is None:
        return _remarks_on_play(found, sequel)
    loop = found.wanted
    said = []
    if found.length and abs(loop.length - found.length) > found.length // 50 + 1:
        said.append(f"No loop of {found.length} frames can be made: it has {loop.length}.")
    if loop.quality == "poor":
        said.append(f"The loop is poor. {loop.reason}")
    elif found.distances.still:
        said.append(loop.reason)
    for strand in sequel.weave.strands:
        own = strand.loop
        if own is not None and own.quality == "poor":
            said.append(f"The loop of region {strand.number} is poor. {own.reason}")
    if len(sequel) != loop.length:
        said.append(f"The regions are back together after {len(sequel)} frames.")
    return tuple(said)


def _remarks_on_play(found: Analysis, sequel: Sequel) -> tuple[str, ...]:
    from editor.engine.video_loops import judged

    worst = max((cost for _, _, cost in transitions(found, sequel)), default=0.0)
    distances = found.distances
    _, quality, reason = judged(worst, distances.neighbours, still=distances.still)
    return (f"The worst jump shows. {reason}",) if quality == "poor" else ()
