"""What comes out of a file that is opened, whichever kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from os.path import isfile  # a name that is too long is no file: pathlib would raise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from editor.engine.image import Cover, Meta, Picture, Point, Size
from editor.engine.moves import Move
from editor.engine.sprite import Goal, Sprite
from editor.engine.step import Step, last
from editor.model.document import NO_PIECES, Maps, Pieces
from editor.operations.base import Paused
from editor.projects import maps_of, masks_of, paused_of, pieces_of

if TYPE_CHECKING:
    from editor.files.clips.film import Film
    from editor.files.clips.reference import Reference
    from editor.files.project import Project
    from editor.files.read import Stamp
    from editor.files.recovery import Found
    from editor.files.samples import Sample


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out of a file, whichever kind it was."""

    pixels: Picture
    meta: Meta
    title: str
    notices: tuple[str, ...] = ()
    masks: Mapping[str, Cover] = field(default_factory=dict)  # by the names of the planes
    maps: Maps = field(default_factory=dict)  # that were made with the picture
    settings: Mapping[str, Any] | None = None  # of a project
    stamp: Stamp | None = None
    film: Film | None = None  # of which the pixels are a frame
    reference: Reference | None = None  # how a project will find it again
    pieces: Pieces = NO_PIECES
    sprite: Sprite | None = None  # of which the pixels show one cel
    goal: Goal = None  # where it should go
    paused: Paused | None = None  # what goes on where it was


def reading(path: Path) -> Iterator[Step[Opened]]:
    """Read a picture, a clip or a project, whichever the file says it is."""
    from editor.files.clips.kinds import is_clip
    from editor.files.read import read_picture_safely

    if path.suffix.lower() == ".patina" and isfile(path):
        yield Step(1.0, _read_project(path))
        return
    if path.suffix.lower() == ".sprite" and isfile(path):
        opened = _read_sprite(path)
    elif is_clip(path):
        opened = _read_clip(path)
    else:
        photo = read_picture_safely(path)
        opened = Opened(photo.pixels, photo.meta, path.name, photo.notices)
    yield Step(1.0, opened)


def reading_sample(sample: Sample) -> Iterator[Step[Opened]]:
    """Read a sample under its own title, with its masks, and its pieces as they are to lie."""
    from editor.files.masks import read_mask

    opened = last(reading(sample.picture))
    size = Size.of(opened.pixels)
    named = {"mask": sample.mask, "protect": sample.protect}
    masks = {plane: read_mask(path, size) for plane, path in named.items() if path is not None}
    moves = (Move.of(read_mask(one.mask, size), Point(one.dx, one.dy)) for one in sample.moves)
    pieces = Pieces(tuple(moves))
    yield Step(1.0, replace(opened, title=sample.title, masks=masks, pieces=pieces))


def recovering(found: Found) -> Iterator[Step[Opened]]:
    """Read what a session that ended badly left behind."""
    from editor.files.problems import FileProblem
    from editor.files.recovery import recover

    project = recover(found)
    maps, notices = maps_of(project)
    film = reference = None
    try:
        film, reference = _clip_of(project, found.path or found.folder)
    except FileProblem as problem:
        notices += (f"{problem}.",)
    stem, suffix = Path(found.title).stem, Path(found.title).suffix
    yield Step(
        1.0,
        Opened(
            project.pixels,
            project.meta,
            f"{stem}-recovered{suffix}",
            notices,
            masks=masks_of(project),
            maps=maps,
            settings=project.settings,
            film=film,
            reference=reference,
            pieces=pieces_of(project),
            paused=paused_of(project),
        ),
    )


def _read_project(path: Path) -> Opened:
    from editor.files.project import read_project
    from editor.files.read import Stamp

    project = read_project(path)
    film, reference = _clip_of(project, path)
    maps, notices = maps_of(project)
    return Opened(
        project.pixels,
        project.meta,
        path.name,
        project.notices + notices,
        masks_of(project),
        maps,
        project.settings,
        Stamp.of(path),
        film,
        reference,
        pieces_of(project),
        paused=paused_of(project),
    )


def _read_clip(path: Path) -> Opened:
    """A clip, looked through in a process of its own; its first frame is the picture."""
    from editor.files.clips.film import open_clip_safely
    from editor.files.clips.reference import Reference

    film = open_clip_safely(path)
    return Opened(
        film.frame(0), Meta(), path.name, film.notices, film=film, reference=Reference.of(path)
    )


def _read_sprite(path: Path) -> Opened:
    """A sprite; its first cel, where it stood, is the picture."""
    from editor.files.sprites import read_goal, read_sprite

    sprite = read_sprite(path)
    pixels = np.zeros((sprite.size.height, sprite.size.width, 4), np.uint8)
    pixels[sprite.cels[0].place.slices] = sprite.cels[0].pixels
    return Opened(pixels, Meta(), path.name, sprite=sprite, goal=read_goal(path))


def _clip_of(project: Project, path: Path) -> tuple[Film | None, Reference | None]:
    """The clip of a project that has one. Raises FileProblem where it is not there any more."""
    from editor.files.clips.film import open_clip_safely
    from editor.files.clips.reference import Reference

    told = Reference.from_dict(project.settings.get("clip"))
    if told is None:
        return None, None
    there = told.found(path)
    return open_clip_safely(there), replace(told, path=there)
