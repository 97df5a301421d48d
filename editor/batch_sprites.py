"""Sprites on files without the window: cut one out of a clip, steer it, lay its frames out.

It walks the road that the window walks: a frozen scene, an operation, its Steps.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from editor.batch import Done, Trade, Work, matching
from editor.batch_clips import about_clip
from editor.engine.clip import Beneath, in_time
from editor.engine.image import Picture, Size
from editor.engine.sprite import Route, Sprite
from editor.engine.step import Step, unseen
from editor.operations.base import Scene
from editor.operations.sprite import CutSprite, doubt_of
from editor.operations.steer import WalkPath, angles, ground_of
from editor.report import Stopwatch, about_picture, run_report
from editor.writing_sprites import (
    SOLVING,
    STILL_PAGE,
    atlas,
    beside_sheet,
    film,
    margin,
    page,
    sheet_of_page,
    usual_way,
)

if TYPE_CHECKING:
    from editor.engine.device import Device
    from editor.engine.sprite_cut import Cut
    from editor.engine.steer_walk import Walk

_MISSING = 0.02  # of the frames, from which on it is said that they are
_LIKE_IT = 0.25  # of its size, from which on something else may be the creature that was meant


# ── a clip becomes a sprite ──


def cut(work: Work, source: Path, target: Path) -> Iterator[Step[Done]]:
    """Do the work on one clip; the last Step's value says what was done."""
    from editor.files.clips.film import open_clip
    from editor.files.problems import FileProblem, shown
    from editor.files.sprites import SUFFIX, write_sprite

    operation = work.operation
    assert isinstance(operation, CutSprite)
    watch = Stopwatch()
    if target.suffix.lower() != SUFFIX:
        raise FileProblem(f"{shown(target)} cannot be saved: the name of a sprite ends in {SUFFIX}")
    with watch("warmup"):
        operation.warm_up()
    with watch("load"):
        film = open_clip(source)
    with film:
        beside = [(one, matching(path, source)) for one, path in work.inputs]
        read = {one.field: one.read(path, film.clip.size) for one, path in beside}
        scene = Scene(film.frame(0), clip=film, **read)
        with watch("solve"):
            made = yield from unseen(0, 0.95, operation.steps(scene, work.device))
            others = others_beside(made, scene, operation, work.device)
            doubt = doubt_of(made.key)
            if doubt:
                others = (f"{doubt} (--plate).", *others)
        sprite = dataclasses.replace(made.sprite, source=source.name)
        with watch("save"):
            write_sprite(target, sprite)
        report = run_report(
            work.name, operation, work.device, watch.seconds,
            about_clip(
                source, film.clip, kind=film.known.kind.name,
                **{one.name: str(path) for one, path in beside},
            ),
            about_sprite(target, sprite),
        )  # fmt: skip
        colours = [f"#{bytes(colour).hex()}" for colour in made.key.colours]
        report["key"] = {
            "kind": "colour" if colours else "difference",
            "colours": colours,
            "tolerance": round(made.key.matting.tolerance, 1),
        }
        report["angles"] = angles(sprite)
        notices = (*film.notices, *others, *remarks(sprite, operation.part(scene).clip.count))
    yield Step(1.0, Done(report, notices))


def others_beside(made: Cut, scene: Scene, operation: CutSprite, device: Device) -> tuple[str, ...]:
    """What a person should know where it was not alone when it was first seen."""
    from editor.engine.matte_objects import pieces

    assert scene.clip is not None
    first = made.sprite.cels[0]
    garbage = None if scene.hole is None else scene.hole != 0
    seen = operation.matte(scene.clip.frame(first.number), made.key, garbage, device)
    found = pieces(np.ascontiguousarray(seen[..., 3]))
    count = sum(one.whole and one.area >= _LIKE_IT * first.area for one in found) - 1
    if count < 1:
        return ()
    more = "another creature" if count == 1 else f"{count} other creatures"
    return (
        f"In frame {first.number} there is {more} and the largest is followed: cover what you do"
        " not mean with --garbage, or click on what you do in the window.",
    )


def remarks(sprite: Sprite, asked: int) -> tuple[str, ...]:
    """What a person should know of what was cut out of so many frames."""
    said = []
    if sprite.count < (1 - _MISSING) * asked:
        parts = sprite.count - int(sprite.follows.sum())
        said.append(
            f"{asked - sprite.count} of {asked} frames show no whole creature: it is in {parts} "
            f"part{'s' if parts > 1 else ''}."
        )
    ways = angles(sprite)
    covered = sum(count > 0 for count in ways)
    if covered == 0:
        said.append(
            "It does not move, and cannot be steered: say how fast it goes with --along and --down."
        )
    elif covered < len(ways) // 2:
        mirror = "" if sprite.mirrored else " or mirror it"
        said.append(f"It goes {covered} of {len(ways)} ways: film more of the others{mirror}.")
    return tuple(said)


def about_sprite(path: Path, sprite: Sprite) -> dict[str, Any]:
    return {
        "path": str(path),
        "size": list(sprite.size),
        "frames": sprite.count,
        "rate": float(sprite.rate),
        "mirrored": sprite.mirrored,
        "length": round(sprite.length, 1),
        "source": sprite.source,
    }


# ── a sprite becomes a film, or a page ──


def steer(work: Work, source: Path, target: Path) -> Iterator[Step[Done]]:
    """Do the work on one sprite; the last Step's value says what was done."""
    from editor.files.clips.kinds import for_saving, is_clip
    from editor.files.sprites import read_sprite

    operation = work.operation
    assert isinstance(operation, WalkPath)
    watch = Stopwatch()
    page = is_page(target)
    if page and any(one.field == "route" for one, _ in work.inputs):
        raise ValueError("a page follows the pointer: leave --path away, or write a film")
    # Refuse a format that cannot be written before the work, not after.
    transparent = page or for_saving(target).alpha
    with watch("load"):
        sprite = read_sprite(source)
        scene, beside = _scene_of(work, source, sprite, transparent=transparent)
    with watch("warmup"):
        operation.warm_up()
    about = about_sprite(source, sprite) | beside
    behind = next((matching(at, source) for one, at in work.inputs if one.field == "image"), None)
    if page:
        notices = (STILL_PAGE,) if behind is not None and is_clip(behind) else ()
        yield from _page(work, scene, target, watch, about, notices)
        return
    yield from _film(work, scene, behind, target, watch, about)


def is_page(target: Path) -> bool:
    from editor.files.pages import SUFFIXES

    return target.suffix.lower() in SUFFIXES


def _scene_of(
    work: Work, source: Path, sprite: Sprite, *, transparent: bool
) -> tuple[Scene, dict[str, str]]:
    """The sprite over its background, on its way; and the names of the files they came from."""
    paths = {one.field: (one, matching(path, source)) for one, path in work.inputs}
    shape = (sprite.size.height, sprite.size.width)
    stage = np.zeros((*shape, 4), np.uint8) if transparent else np.full((*shape, 3), 255, np.uint8)
    if "image" in paths:
        one, path = paths["image"]
        stage = one.read(path, sprite.size)
    _, way = paths.get("route", (None, Path("circle")))
    scene = Scene(stage, sprite=sprite, route=read_way(way, Size.of(stage), margin(sprite)))
    return scene, {one.name: str(path) for one, path in paths.values()}


def read_way(path: Path, stage: Size, margin: float = 0.0) -> Route:
    """The path in a file, or one of the usual ones, which stay off the border of the stage."""
    from editor.files.routes import read_route

    usual = usual_way(str(path), stage, margin)
    return read_route(path) if usual is None else usual


def read_background(path: Path, _: Size) -> Picture:
    """A picture, or the first one of a clip."""
    from editor.files.clips.film import open_clip
    from editor.files.clips.kinds import is_clip
    from editor.files.read import read_picture

    if is_clip(path):
        with open_clip(path) as clip:
            return clip.frame(0)
    return ground_of(read_picture(path).pixels)


@contextlib.contextmanager
def _below(path: Path | None, still: Any, rate: Fraction, count: int) -> Iterator[Any]:
    """What so many frames of a film are drawn on: a picture, or a clip at its own rate."""
    from editor.files.clips.film import open_clip
    from editor.files.clips.kinds import is_clip

    if path is None or not is_clip(path):
        yield still
        return
    with open_clip(path) as clip:
        yield Beneath(clip, in_time(clip.clip, rate, count))


def _film(
    work: Work,
    scene: Scene,
    behind: Path | None,
    target: Path,
    watch: Stopwatch,
    about: dict[str, Any],
) -> Iterator[Step[Done]]:
    from editor.files.clips.options import ClipOptions

    assert scene.sprite is not None
    with watch("solve"):
        walk = yield from unseen(0, SOLVING, work.operation.steps(scene, work.device))
    with watch("save"):
        states = [(state,) for state in walk.states[1:]]
        options = ClipOptions() if work.quality is None else ClipOptions(quality=work.quality)
        with _below(behind, scene.image, scene.sprite.rate, len(states)) as stage:
            writing = film(
                target, scene.sprite, walk.control, states, stage, options, overwrite=work.force
            )
            made = yield from unseen(SOLVING, 0.99, writing)
    output = {
        "path": str(target),
        "size": list(made.size),
        "frames": made.frames,
        "seconds": made.seconds,
    }
    report = _report(work, watch, scene.sprite, output, about)
    report["transitions"] = transitions(walk, scene.sprite)
    report["path"] = about_path(walk)
    yield Step(1.0, Done(report, made.notices))


def _page(
    work: Work,
    scene: Scene,
    target: Path,
    watch: Stopwatch,
    about: dict[str, Any],
    notices: tuple[str, ...],
) -> Iterator[Step[Done]]:
    operation, sprite = work.operation, scene.sprite
    assert isinstance(operation, WalkPath)
    assert sprite is not None
    with watch("solve"):
        control = yield from unseen(0, SOLVING, operation.controlled(scene, work.device))
        laid = yield from unseen(SOLVING, 0.95, sheet_of_page(sprite))
    with watch("save"):
        page(target, control, laid, scene.image, work.quality)
    output = {
        "path": str(target),
        "size": list(Size.of(laid.pixels)),
        "frames": sprite.count,
        "bytes": target.stat().st_size,
    }
    yield Step(1.0, Done(_report(work, watch, sprite, output, about), notices))


def _report(
    work: Work, watch: Stopwatch, sprite: Sprite, output: dict[str, Any], about: dict[str, Any]
) -> dict[str, Any]:
    report = run_report(work.name, work.operation, work.device, watch.seconds, about, output)
    return report | {"angles": angles(sprite)}


def transitions(walk: Walk, sprite: Sprite) -> list[list[float]]:
    """The jumps that are taken: from and to which frame of the clip, and how far apart they are.

    That is in steps of the footage: 1 is as smooth as the clip itself.
    """
    found, poses = walk.control.tables.transitions, walk.control.tables.poses
    numbers = [sprite.cels[cel].number for cel in poses.cel]
    jumps = []
    for one, other in pairwise(state.pose for state in walk.states):
        if other == one + 1 and poses.follows[one]:
            continue
        arc = int(np.flatnonzero(found.arcs[one] == other)[0])
        distance = float(found.distances[one, arc]) / found.step
        jumps.append([numbers[one], numbers[other], round(distance, 3)])
    return jumps


def about_path(walk: Walk) -> dict[str, float]:
    """How well a path was kept to, in body lengths, and how much of it was walked."""
    length = walk.control.length
    away = [walk.path.distance(state.point) / length for state in walk.states]
    return {
        "length": round(walk.path.length / length, 2),
        "walked": round(walk.states[-1].way / length, 2),
        "median_distance": round(float(np.median(away)), 3),
        "largest_distance": round(max(away), 3),
    }


# ── a sprite becomes a sheet ──


def lay_out(work: Work, source: Path, target: Path) -> Iterator[Step[Done]]:
    """Do the work on one sprite; the last Step's value says what was done."""
    from editor.files.kinds import for_saving
    from editor.files.problems import FileProblem, shown
    from editor.files.sprites import read_sprite
    from editor.files.write import SaveOptions

    watch = Stopwatch()
    if not for_saving(target).alpha:
        raise FileProblem(
            f"{shown(target)} cannot be saved: a sheet is transparent, take .png or .webp"
        )
    with watch("load"):
        sprite = read_sprite(source)
    scene = Scene(np.zeros((1, 1, 4), np.uint8), sprite=sprite)
    with watch("solve"):
        laid = yield from unseen(0, 0.5, work.operation.steps(scene, work.device))
    with watch("save"):
        options = SaveOptions() if work.quality is None else SaveOptions(quality=work.quality)
        atlas(target, laid, options, overwrite=work.force)
    output = about_picture(target, laid.pixels, frames=sprite.count)
    about = about_sprite(source, sprite)
    report = run_report(work.name, work.operation, work.device, watch.seconds, about, output)
    yield Step(1.0, Done(report, ()))


def _beside_sheet(target: Path) -> tuple[Path, ...]:
    return (beside_sheet(target),)


def _ending(suffix: str, kept: tuple[str, ...] = ()) -> Callable[[Path], Path]:
    """A name with this ending, unless it has one that is as good."""
    return lambda path: path if path.suffix.lower() in (suffix, *kept) else path.with_suffix(suffix)


CUTTING = Trade(
    "CLIP", "the sprite, NAME.sprite; a folder if there are several clips", cut,
    _ending(".sprite"), quality=False,
)  # fmt: skip
STEERING = Trade(
    "SPRITE",
    "the film, in the format of its ending: .mp4, .webm, .gif, .apng, .webp, a folder of PNG"
    " pictures without one; or .html, a page in which it follows the mouse",
    steer,
    _ending(".mp4"),
)
LAYING_OUT = Trade(
    "SPRITE", "the picture, .png or .webp; its JSON goes beside it, under the same name", lay_out,
    _ending(".png"), _beside_sheet,
)  # fmt: skip
