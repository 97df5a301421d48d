"""In and out of files, from the window's side: open, save, export, and what must be asked first.

Reading and writing happen at the session's desk from frozen pictures; here stands what is to be
done before and after, in the window's thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from editor.engine.guides import Guides, check_guides, lines_from_json
from editor.engine.image import MASKS, Cover, Meta, Picture, Rect, Size
from editor.engine.regions import Play, Plays, used_labels, with_play
from editor.engine.sprite import Goal, Sprite
from editor.engine.step import Step
from editor.model.commands import paint_mask
from editor.model.document import NO_PIECES, Document, Drawn, Pieces
from editor.operations.base import MaskPatch, Patch, Paused
from editor.operations.restore import Restore
from editor.session import Session, Told

if TYPE_CHECKING:
    from editor.engine.video_analysis import Analysis
    from editor.files.clips.film import Film
    from editor.files.clips.options import ClipOptions
    from editor.files.clips.reference import Reference
    from editor.files.clips.save import Written
    from editor.files.project import Project
    from editor.files.read import Stamp
    from editor.files.recovery import Found
    from editor.files.settings import Settings
    from editor.files.write import SaveOptions
    from editor.operations.loop import Texture


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out of a file, whichever kind it was."""

    pixels: Picture
    meta: Meta
    title: str
    notices: tuple[str, ...] = ()
    masks: Mapping[str, Cover] = field(default_factory=dict)  # by the names of the planes
    settings: Mapping[str, Any] | None = None  # of a project
    stamp: Stamp | None = None
    film: Film | None = None  # of which the pixels are a frame
    reference: Reference | None = None  # how a project will find it again
    pieces: Pieces = NO_PIECES
    sprite: Sprite | None = None  # of which the pixels show one cel
    goal: Goal = None  # where it should go
    left_off: Restore | None = None  # a restoration that goes on where it was


@dataclass(frozen=True, slots=True)
class Outdated:
    """The project on disk is not the one that was opened or saved here: ask before writing."""

    document: Document
    path: Path


class Filing(QObject):
    """Signals: outdated(Outdated); restored(document, settings) — a project brings its own."""

    outdated = Signal(object)
    restored = Signal(object, object)
    saved = Signal(object)
    recent_changed = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._stamps: WeakKeyDictionary[Document, Stamp | None] = WeakKeyDictionary()
        self._clips: WeakKeyDictionary[Document, Reference] = WeakKeyDictionary()
        session.closed.connect(self._let_go)

    # ── in ──

    def open(self, path: Path, *, mask: Path | None = None, sample: bool = False) -> None:
        """Open a picture, a clip or a project; one that is open already comes to the front."""
        path = path.absolute()
        for document in self._session.documents:
            if path in (document.source, document.project) and not sample:
                self._session.activate(document)
                return

        def settle(opened: Opened) -> None:
            self._add(path, opened, sample)

        self._session.at_desk(f"Open {path.name}", lambda: reading(path, mask), settle)

    def recover(self, found: Found) -> None:
        """Open what a session that ended badly left behind; never over the original file."""

        def steps() -> Iterator[Step[Opened]]:
            from editor.files.problems import FileProblem
            from editor.files.recovery import recover

            project = recover(found)
            notices: tuple[str, ...] = ()
            film = reference = None
            try:
                film, reference = clip_of(project, found.path or found.folder)
            except FileProblem as problem:
                notices = (f"{problem}.",)
            stem, suffix = Path(found.title).stem, Path(found.title).suffix
            yield Step(
                1.0,
                Opened(
                    project.pixels,
                    project.meta,
                    f"{stem}-recovered{suffix}",
                    notices,
                    masks=masks_of(project),
                    settings=project.settings,
                    film=film,
                    reference=reference,
                ),
            )

        def settle(opened: Opened) -> None:
            document = self._session.add(
                opened.pixels,
                opened.title,
                masks=opened.masks,
                meta=opened.meta,
                film=opened.film,
            )
            self._keep_clip(document, opened)
            document.history.mark_saved(None)
            _arrange(document, opened.settings or {})
            self.restored.emit(document, opened.settings or {})
            self._tell_all(opened.notices)
            self.forget([found])  # by now the desk has been given its new journal to write

        self._session.at_desk(f"Recover {found.title}", steps, settle)

    def forget(self, lost: Sequence[Found]) -> None:
        """Remove what a session that ended badly left behind."""

        def steps() -> Iterator[Step[None]]:
            from editor.files.recovery import forget

            for one in lost:
                forget(one)
            yield Step(1.0)

        self._session.at_desk("Recovery", steps, quiet=True)

    def _add(self, path: Path, opened: Opened, sample: bool) -> None:
        document = self._session.add(
            opened.pixels,
            opened.title,
            masks=opened.masks,
            meta=opened.meta,
            film=opened.film,
            sprite=opened.sprite,
        )
        self._keep_clip(document, opened)
        document.send(opened.goal)
        if opened.settings is None:
            document.source = None if sample else path
        else:
            document.project = path
            self._stamps[document] = opened.stamp
            document.place_pieces(opened.pieces)
            if opened.left_off is not None:
                document.keep(opened.left_off, Paused(opened.left_off))
            _arrange(document, opened.settings)
            self.restored.emit(document, opened.settings)
        self._tell_all(opened.notices)
        if not sample:
            self._remember(path)

    def _tell_all(self, notices: Sequence[str]) -> None:
        for notice in notices:
            self._session.told.emit(Told("info", notice))

    def _keep_clip(self, document: Document, opened: Opened) -> None:
        if opened.reference is not None:
            self._clips[document] = opened.reference

    @Slot(object)
    def _let_go(self, document: Document) -> None:
        """Close the clip of a document that is closed; what still reads it has its own decoder."""
        film = cast("Film | None", document.film)
        if film is None:
            return
        document.film = None

        def steps() -> Iterator[Step[None]]:
            film.close()
            yield Step(1.0)

        self._session.at_desk(f"Close {document.title}", steps, quiet=True)

    def import_mask(self, document: Document, path: Path, plane: str = "mask") -> None:
        def steps() -> Iterator[Step[Cover]]:
            from editor.files.masks import read_labels, read_mask

            read = read_labels if plane == "labels" else read_mask
            yield Step(1.0, read(path, document.size))

        def settle(cover: Cover) -> None:
            if document not in self._session.documents:
                return
            if Size.of(cover) != document.size:  # it has become another one since
                sentence = (
                    f"{path.name} is {Size.of(cover)} and the picture is {document.size} now."
                )
                self._session.told.emit(Told("warning", sentence))
                return
            patch = MaskPatch(Rect.whole(cover), cover, plane)
            document.history.push(paint_mask(document, f"Import {path.name}", patch))

        self._session.at_desk(f"Open {path.name}", steps, settle)

    # ── out ──

    def save(
        self, document: Document, path: Path, settings: dict[str, Any], *, force: bool = False
    ) -> None:
        """Write the project, or the sprite; the document counts as saved as it is now."""
        if path == document.project and not force and self._changed_on_disk(document, path):
            self.outdated.emit(Outdated(document, path))
            return
        write = self._writer(document, settings)
        state = document.history.now

        def steps() -> Iterator[Step[Any]]:
            from editor.files.read import Stamp

            write(path)
            yield Step(1.0, Stamp.of(path))

        def settle(stamp: Any) -> None:
            if document in self._session.documents:
                document.project = path
                document.title = path.name
                self._stamps[document] = stamp
                document.history.mark_saved(state)
                self.saved.emit(document)
            self._remember(path)
            self._session.told.emit(Told("info", f"{path.name} is saved."))

        self._session.at_desk(f"Save {path.name}", steps, settle)

    def _writer(self, document: Document, settings: dict[str, Any]) -> Callable[[Path], None]:
        """What writes the document as it is now."""
        sprite, goal = document.sprite, document.goal
        if sprite is not None and document.is_sprite:
            from editor.files.sprites import write_sprite

            return lambda path: write_sprite(path, sprite, goal)
        from editor.files.project import write_project

        project = _with_fit(self.project(document, settings), document)
        return lambda path: write_project(path, project)

    def export(self, document: Document, path: Path, options: SaveOptions) -> None:
        """Write the picture alone, with its metadata, in the format of the file's ending."""
        pixels, meta = document.image, document.meta

        def steps() -> Iterator[Step[tuple[str, ...]]]:
            from editor.files.write import write_picture

            yield Step(1.0, write_picture(path, pixels, meta, options, overwrite=True))

        def settle(notices: tuple[str, ...]) -> None:
            told = " ".join([f"{path.name} is exported.", *notices])
            self._session.told.emit(Told("info", told))

        self._session.at_desk(f"Export {path.name}", steps, settle)

    def export_clip(
        self,
        document: Document,
        path: Path,
        operation: Texture,
        found: Analysis,
        options: ClipOptions,
    ) -> bool:
        """Write the loop that is wanted, or a piece of endless play, with the document's regions.

        False while the engine is at something else, or where there is no clip.
        """
        film = cast("Film | None", document.film)
        if film is None:
            return False
        scene = document.scene()

        def steps() -> Iterator[Step[Any]]:
            from editor.writing import Playing, written

            labels, weave = used_labels(scene.guides.labels, scene.plays), None
            for step in operation.weaving(found, labels, scene.plays):
                weave = step.value or weave
                yield Step(0.0)
            sequel = operation.sequel(found, weave, labels)
            playing = Playing(film, operation, found, sequel)
            yield from written(playing, path, options, overwrite=True)

        def settle(made: Written) -> None:
            told = f"{path.name} is exported: {made.frames} frames, {made.seconds:.1f} seconds."
            self._session.told.emit(Told("info", " ".join([told, *made.notices])))

        return self._session.at_engine(document, f"Export {path.name}", steps, settle) is not None

    def export_made(
        self, document: Document, path: Path, writing: Callable[[], Iterator[Step[str]]]
    ) -> bool:
        """Write something that takes its time; the last value is what the person is told.

        False while the engine is at something else.
        """

        def settle(told: str) -> None:
            self._session.told.emit(Told("info", told))

        return self._session.at_engine(document, f"Export {path.name}", writing, settle) is not None

    def export_mask(self, document: Document, path: Path, plane: str = "mask") -> None:
        cover = document.plane(plane).frozen()

        def steps() -> Iterator[Step[tuple[str, ...]]]:
            from editor.files.write import SaveOptions, write_picture

            yield Step(1.0, write_picture(path, cover, Meta(), SaveOptions(), overwrite=True))

        def settle(_: object) -> None:
            self._session.told.emit(Told("info", f"{path.name} is exported."))

        self._session.at_desk(f"Export {path.name}", steps, settle)

    def project(self, document: Document, settings: dict[str, Any]) -> Any:
        """The document as a project file holds it: frozen, so that editing may go on."""
        from editor.files.project import Project

        told, covers = _kept(document.pieces)
        if (clip := self._clips.get(document)) is not None:
            settings = {**settings, "clip": clip.to_dict()}
        return Project(
            pixels=document.image,
            mask=document.mask,
            meta=document.meta,
            settings={**settings, **_as_settings(document), **told},
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
            | covers,
        )

    def _changed_on_disk(self, document: Document, path: Path) -> bool:
        from editor.files.read import Stamp

        return path.exists() and Stamp.of(path) != self._stamps.get(document)

    def _remember(self, path: Path) -> None:
        self._settings.add_recent(path)
        self.recent_changed.emit()


def reading(path: Path, mask: Path | None) -> Iterator[Step[Opened]]:
    """Read a picture, a clip or a project, whichever the file says it is."""
    from editor.files.clips.kinds import is_clip
    from editor.files.read import Stamp, read_picture_safely

    if path.suffix.lower() == ".patina" and path.is_file():
        from editor.files.project import read_project

        project = read_project(path)
        film, reference = clip_of(project, path)
        opened = Opened(
            project.pixels,
            project.meta,
            path.name,
            project.notices,
            masks_of(project),
            project.settings,
            Stamp.of(path),
            film,
            reference,
            _pieces(project),
            left_off=_left_off(project),
        )
        yield Step(1.0, opened)
        return
    if path.suffix.lower() == ".sprite" and path.is_file():
        opened = _read_sprite(path)
    elif is_clip(path):
        opened = _read_clip(path)
    else:
        photo = read_picture_safely(path)
        opened = Opened(photo.pixels, photo.meta, path.name, photo.notices)
    if mask is not None:
        from editor.engine.image import Size
        from editor.files.masks import read_mask

        opened = replace(opened, masks={"mask": read_mask(mask, Size.of(opened.pixels))})
    yield Step(1.0, opened)


def _as_settings(document: Document) -> dict[str, Any]:
    """What a project says of lines, regions, and where a sprite should go."""
    from editor.files.routes import goal_to_json

    kept: dict[str, Any] = {}
    if document.lines:
        kept["lines"] = [{**one.line.as_json(), "used": one.used} for one in document.lines]
    if document.plays:
        kept["regions"] = [play.to_dict() for play in document.plays]
    if document.goal is not None:
        kept["goal"] = goal_to_json(document.goal)
    return kept


def _arrange(document: Document, settings: Mapping[str, Any]) -> None:
    """Lines and regions of a project, what it says of them, and where a sprite should go."""
    from editor.files.routes import goal_from_json

    document.draw(_drawn(settings, document.rect))
    document.arrange(_arranged(settings))
    with suppress(ValueError):  # one that makes no sense is left out
        document.send(goal_from_json(settings.get("goal")))


def _arranged(settings: Mapping[str, Any]) -> Plays:
    """What the regions do; what makes no sense is left out."""
    plays: Plays = ()
    given = settings.get("regions", [])
    for one in given if isinstance(given, list) else []:
        with suppress(ValueError):
            plays = with_play(plays, Play.from_dict(one))
    return plays


def _kept(pieces: Pieces) -> tuple[dict[str, Any], dict[str, Cover | Picture]]:
    """The pieces as settings and planes of a project."""
    from editor.files.pieces import Kept, packed

    if not pieces.moves and not pieces.done:
        return {}, {}
    before = None if pieces.before is None else (pieces.before.rect, pieces.before.pixels)
    return packed(Kept(pieces.moves, pieces.done, before))


def _pieces(project: Project) -> Pieces:
    """Those of a project; none if they make no sense."""
    from editor.files.pieces import unpacked

    kept = unpacked(project.settings, project.planes, project.pixels)
    if kept is None:
        return NO_PIECES
    return Pieces(kept.moves, kept.done, None if kept.before is None else Patch(*kept.before))


def _with_fit(project: Project, document: Document) -> Project:
    """With a restoration of the picture as it is now that was left off, if there is one."""
    from editor.files.fits import Kept, packed

    finding = document.finding(Restore)
    if finding is None or finding.revision != document.revision("image"):
        return project
    restore = cast(Restore, finding.operation)
    told, arrays = packed(Kept(restore.to_dict(), restore.saved or {}))
    return replace(
        project, settings={**project.settings, **told}, planes={**project.planes, **arrays}
    )


def _left_off(project: Project) -> Restore | None:
    """That of a project; None if it makes no sense."""
    from editor.files.fits import unpacked

    kept = unpacked(project.settings, project.planes)
    if kept is None:
        return None
    return replace(Restore.from_dict(dict(kept.values)), saved=kept.saved)


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


def masks_of(project: Project) -> dict[str, Cover]:
    """Those planes of a project that a document knows."""
    size = project.mask.shape
    fitting = {
        name: plane
        for name, plane in project.planes.items()
        if name in MASKS and plane.shape == size and plane.dtype == np.uint8
    }
    return {"mask": project.mask, **fitting}


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


def clip_of(project: Project, path: Path) -> tuple[Film | None, Reference | None]:
    """The clip of a project that has one. Raises FileProblem where it is not there any more."""
    from editor.files.clips.film import open_clip_safely
    from editor.files.clips.reference import Reference

    told = Reference.from_dict(project.settings.get("clip"))
    if told is None:
        return None, None
    there = told.found(path)
    return open_clip_safely(there), replace(told, path=there)
