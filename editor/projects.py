"""What a project keeps of a document, and what a document takes back from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.curve import lanes_of, of_picture
from editor.engine.guides import Guides, check_guides, lines_from_json
from editor.engine.image import MASKS, Cover, Picture, Rect, Size
from editor.engine.regions import Play, Plays, with_play
from editor.model.document import NO_PIECES, Document, Drawn, Pieces
from editor.operations.base import Patch, Paused
from editor.operations.race import Race, rivals
from editor.operations.restore import Restore

if TYPE_CHECKING:
    from editor.files.clips.reference import Reference
    from editor.files.project import Project


# ── into a project ──


def project_of(document: Document, settings: dict[str, Any], clip: Reference | None) -> Project:
    """The document as a project file holds it: frozen, so that editing may go on."""
    from editor.files import maps
    from editor.files.project import Project

    told, planes = _packed_pieces(document.pieces)
    of_fit, arrays = _packed_fit(document)
    names, laid = maps.packed(document.maps)
    if clip is not None:
        settings = {**settings, "clip": clip.to_dict()}
    return Project(
        pixels=document.image,
        mask=document.mask,
        meta=document.meta,
        settings={**settings, **_as_settings(document), **told, **of_fit, **names},
        history=tuple(
            {"label": state.label, **(state.command.recipe if state.command else {})}
            for state in document.history.states[: document.history.at + 1]
        ),
        source=document.source.name if document.source else document.title,
        planes={
            name: document.plane(name).frozen()
            for name in MASKS
            if name != "mask" and document.painted(name)
        }
        | planes
        | arrays
        | laid,
    )


def _packed_fit(document: Document) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """A restoration that is paused, or two that race, as settings and planes of a project."""
    from editor.files.fits import Kept, packed

    paused = document.paused(Restore)
    if paused is None or not isinstance(paused.on, Restore) or paused.on.saved is None:
        return {}, {}
    race = {"rival": paused.on.rival} if isinstance(paused.on, Race) else {}
    return packed(Kept(paused.on.to_dict() | race, paused.on.saved))


def _as_settings(document: Document) -> dict[str, Any]:
    """What a project says of lines, regions, and of its sprite."""
    from editor.files.routes import goal_to_json

    kept: dict[str, Any] = {}
    if document.lines:
        kept["lines"] = [{**one.line.as_json(), "used": one.used} for one in document.lines]
    if document.plays:
        kept["regions"] = [play.to_dict() for play in document.plays]
    if document.goal is not None:
        kept["goal"] = goal_to_json(document.goal)
    if document.rejected:
        kept["rejected"] = sorted(document.rejected)
    return kept


def _packed_pieces(pieces: Pieces) -> tuple[dict[str, Any], dict[str, Cover | Picture]]:
    """The pieces as settings and planes of a project."""
    from editor.files.pieces import Kept, packed

    if not pieces.moves and not pieces.done:
        return {}, {}
    before = None if pieces.before is None else (pieces.before.rect, pieces.before.pixels)
    return packed(Kept(pieces.moves, pieces.done, before))


# ── out of one ──


def masks_of(project: Project) -> dict[str, Cover]:
    """Those planes of a project that a document knows."""
    size = project.mask.shape
    fitting = {
        name: plane
        for name, plane in project.planes.items()
        if name in MASKS and plane.shape == size and plane.dtype == np.uint8
    }
    return {"mask": project.mask, **fitting}


def arrange(document: Document, settings: Mapping[str, Any]) -> None:
    """What a project says of lines, regions, and of its sprite."""
    from editor.files.routes import goal_from_json

    document.draw(_drawn(settings, document.rect))
    document.arrange(_arranged(settings))
    with suppress(ValueError):  # one that makes no sense is left out
        document.send(goal_from_json(settings.get("goal")))
    given = settings.get("rejected")
    if isinstance(given, list):
        document.reject(frozenset(one for one in given if type(one) is int))


def _drawn(settings: Mapping[str, Any], place: Rect) -> tuple[Drawn, ...]:
    """The lines of a project; those that make no sense are left out."""
    found = []
    given = settings.get("lines", [])
    for one in given if isinstance(given, list) else []:
        try:
            used = bool(one.get("used", True))
            fields = {name: value for name, value in one.items() if name != "used"}
            (line,), _ = lines_from_json(json.dumps({"lines": [fields]}))
            check_guides(Guides((line,)), Size(place.width, place.height))
            found.append(Drawn(line, used))
        except (ValueError, AttributeError, TypeError):
            continue
    return tuple(found)


def _arranged(settings: Mapping[str, Any]) -> Plays:
    """What the regions do; what makes no sense is left out."""
    plays: Plays = ()
    given = settings.get("regions", [])
    for one in given if isinstance(given, list) else []:
        with suppress(ValueError):
            plays = with_play(plays, Play.from_dict(one))
    return plays


def pieces_of(project: Project) -> Pieces:
    """Those of a project; none if they make no sense."""
    from editor.files.pieces import unpacked

    kept = unpacked(project.settings, project.planes, project.pixels)
    if kept is None:
        return NO_PIECES
    return Pieces(kept.moves, kept.done, None if kept.before is None else Patch(*kept.before))


def maps_of(project: Project) -> tuple[dict[str, Picture], tuple[str, ...]]:
    """Those of a project by their names, and what is to be told of those that make no sense."""
    from editor.files.maps import unpacked

    return unpacked(project.settings, project.planes, project.pixels)


def paused_of(project: Project) -> Paused | None:
    """That of a project; None if it makes no sense, or is of another picture."""
    from editor.files.fits import unpacked

    kept = unpacked(project.settings, project.planes)
    if kept is None:
        return None
    values, saved = dict(kept.values), kept.saved
    if not np.array_equal(saved.get("picture", ()), of_picture(project.pixels)["picture"]):
        return None
    with suppress(LookupError, ValueError, TypeError):
        if "rival" not in values:
            return replace(Restore.from_dict(values), saved=saved).as_paused()
        rival = values["rival"]
        if rival in [name for name, _ in rivals()] and len(lanes_of(saved)) == 2:
            return replace(Race.from_dict(values), rival=rival, saved=saved).as_paused()
    return None
