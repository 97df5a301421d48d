"""What was cut out becomes a file: from the window and from the command line alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from editor.engine.clip import Beneath, in_time
from editor.engine.device import Device
from editor.engine.image import Meta, Picture, Size
from editor.engine.sprite import Goal, Route, Sprite
from editor.engine.step import Step, unseen
from editor.operations.base import Scene
from editor.operations.steer import LayOut, Steer, WalkPath

if TYPE_CHECKING:
    from editor.engine.clip import Frame, Take
    from editor.engine.sprite_sheet import Sheet
    from editor.engine.steer import Control, State
    from editor.files.clips.film import Film
    from editor.files.clips.options import ClipOptions
    from editor.files.clips.save import Written
    from editor.files.write import SaveOptions

    Behind = Frame | Film | None  # the creature: a picture, a clip that plays, or nothing

Found = Callable[[], Device]  # called in the engine's thread: to look for a card takes time

SOLVING = 0.6  # of the time it takes to steer a sprite and to write the film
STILL_PAGE = "A page is still: the clip's first frame is behind the creature."
_PAGE_SIDE = 8192  # of the sheet in a page: more is too much for some browsers


def stage_for(path: Path, sprite: Sprite) -> Frame:
    """An empty stage: transparent where the kind of file can be, else white."""
    from editor.files.clips.kinds import for_saving

    shape = (sprite.size.height, sprite.size.width)
    if for_saving(path).alpha:
        return np.zeros((*shape, 4), np.uint8)
    return np.full((*shape, 3), 255, np.uint8)


def margin(sprite: Sprite) -> float:
    """How far from the border of the stage a creature is whole, and a little more."""
    return 8 + max(
        max(x - place.x, place.right - x, y - place.y, place.bottom - y)
        for cel in sprite.cels
        for (x, y), place in [(cel.centroid, cel.place)]
    )


def usual_way(name: str, stage: Size, margin: float) -> Route | None:
    """A circle or a square, so far off the border of the stage; None for any other name."""
    from editor.engine.steer_paths import circle_in, square_in

    usual = {"circle": circle_in, "square": square_in}.get(name)
    return None if usual is None else usual(stage, margin)


def film(
    path: Path,
    sprite: Sprite,
    control: Control,
    states: Sequence[Sequence[State]],
    stage: Frame | Take,
    options: ClipOptions,
    *,
    overwrite: bool,
) -> Iterator[Step[Written]]:
    """Write a film of these states on a stage, or on a film of the same length, whole or not at
    all. Raises FileProblem.
    """
    from editor.engine.sprite_stage import Staged
    from editor.files.clips.save import write_clip

    below = [stage] if isinstance(stage, np.ndarray) else stage
    staged = Staged(sprite, control.tables.poses, states, below)
    return write_clip(path, staged, sprite.rate, options, overwrite=overwrite)


def sheet_of_page(sprite: Sprite) -> Iterator[Step[Sheet]]:
    from editor.engine.sprite_sheet import fitting, sheet

    return sheet(sprite, fitting(sprite, _PAGE_SIDE))


def page(
    path: Path, control: Control, laid: Sheet, stage: Picture, quality: int | None = None
) -> None:
    """Write a page; a stage on which there is nothing is left away. Raises FileProblem."""
    from editor.engine.sprite_page import page_data
    from editor.files.pages import write_page

    behind: Any = stage if stage.shape[2] == 3 or stage[..., 3].any() else None
    told = {} if quality is None else {"quality": quality}
    title = laid.sprite.source or path.stem
    write_page(path, title, laid.pixels, page_data(control, laid), behind, **told)


def atlas(path: Path, laid: Sheet, options: SaveOptions, *, overwrite: bool) -> None:
    """Write a sheet, and its JSON beside it. Raises FileProblem."""
    from editor.files.atomic import write_atomically
    from editor.files.write import write_picture

    told = {"image": path.name, **laid.told}
    write_picture(path, laid.pixels, Meta(), options, overwrite=overwrite)
    write_atomically(beside_sheet(path), (json.dumps(told, indent=1) + "\n").encode())


def beside_sheet(path: Path) -> Path:
    """Where the JSON of a sheet goes."""
    return path.with_suffix(".json")


# ── from the window: the last value is a sentence for the person ──


def export_sprite(path: Path, sprite: Sprite, goal: Goal) -> Iterator[Step[str]]:
    from editor.files.sprites import write_sprite

    write_sprite(path, sprite, goal)
    yield Step(1.0, f"{path.name} is exported: {sprite.count} frames.")


def export_sheet(path: Path, sprite: Sprite, device: Found) -> Iterator[Step[str]]:
    from editor.files.write import SaveOptions

    scene = Scene(np.zeros((1, 1, 4), np.uint8), sprite=sprite)
    laid = yield from unseen(0, 0.5, LayOut().steps(scene, device()))
    atlas(path, laid, SaveOptions(), overwrite=True)
    names = f"{path.name} and {beside_sheet(path).name}"
    yield Step(1.0, f"{names} are exported: {sprite.count} frames.")


def export_page(
    path: Path, sprite: Sprite, operation: Steer, ground: Behind, device: Found
) -> Iterator[Step[str]]:
    """A page in which the sprite follows the pointer, over a picture if there is one."""
    stage = np.zeros((*sprite.size[::-1], 4), np.uint8) if ground is None else _first(ground)
    scene = Scene(stage, sprite=sprite)
    control = yield from unseen(0, SOLVING, operation.controlled(scene, device()))
    laid = yield from unseen(SOLVING, 0.95, sheet_of_page(sprite))
    page(path, control, laid, stage)
    told = f"{path.name} is exported: open it in any browser."
    still = ground is not None and not isinstance(ground, np.ndarray)
    yield Step(1.0, f"{told} {STILL_PAGE}" if still else told)


def export_recording(
    path: Path,
    sprite: Sprite,
    control: Control,
    states: Sequence[Sequence[State]],
    ground: Behind,
    beneath: Sequence[int],
) -> Iterator[Step[str]]:
    """A film of what was steered, frame by frame as it was, and over which frames of a clip."""
    ordered = [sorted(one, key=lambda state: state.y) for one in states]  # the nearer over the rest
    made = yield from unseen(0, 0.99, _written(path, sprite, control, ordered, ground, beneath))
    yield Step(1.0, _told(made))


def export_walk(
    path: Path,
    sprite: Sprite,
    operation: WalkPath,
    ground: Behind,
    way: Callable[[], Route],
    device: Found,
) -> Iterator[Step[str]]:
    """A film along a way; a clip behind it plays at its own rate."""
    stage = stage_for(path, sprite) if ground is None else _first(ground)
    scene = Scene(stage, sprite=sprite, route=way())
    walk = yield from unseen(0, SOLVING, operation.steps(scene, device()))
    states = [(state,) for state in walk.states[1:]]
    beneath: Sequence[int] = ()
    if ground is not None and not isinstance(ground, np.ndarray):
        beneath = in_time(ground.clip, sprite.rate, len(states))
    writing = _written(path, sprite, walk.control, states, ground, beneath)
    made = yield from unseen(SOLVING, 0.99, writing)
    yield Step(1.0, _told(made))


def usual_route(name: str, sprite: Sprite, ground: Behind) -> Route:
    """A circle or a square on the stage that there is."""
    size = sprite.size if ground is None else Size.of(_first(ground))
    way = usual_way(name, size, margin(sprite))
    if way is None:
        raise ValueError(f"there is no usual way {name!r}: circle or square")
    return way


def _written(
    path: Path,
    sprite: Sprite,
    control: Control,
    states: Sequence[Sequence[State]],
    ground: Behind,
    beneath: Sequence[int],
) -> Iterator[Step[Written]]:
    from editor.files.clips.film import Film
    from editor.files.clips.options import ClipOptions

    if ground is None or isinstance(ground, np.ndarray):
        stage = stage_for(path, sprite) if ground is None else ground
        yield from film(path, sprite, control, states, stage, ClipOptions(), overwrite=True)
        return
    with Film(ground.known) as clip:  # with a decoder of its own: the window goes on playing
        below = Beneath(clip, beneath)
        yield from film(path, sprite, control, states, below, ClipOptions(), overwrite=True)


def _first(ground: Frame | Film) -> Frame:
    """A picture, or the first frame of a clip."""
    return ground if isinstance(ground, np.ndarray) else ground.frame(0)


def _told(made: Written) -> str:
    told = f"{made.path.name} is exported: {made.frames} frames, {made.seconds:.1f} seconds."
    return " ".join([told, *made.notices])
