"""In and out of files, from the window's side: open, save, export, and what must be asked first.

Reading and writing happen at the session's desk from frozen pictures; here stands what is to be
done before and after, in the window's thread.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QObject, Signal

from editor.engine.guides import Guides, check_guides, lines_from_json
from editor.engine.image import MASKS, Cover, Meta, Picture, Rect, Size
from editor.engine.step import Step
from editor.model.commands import paint_mask
from editor.model.document import Document, Drawn
from editor.operations.base import MaskPatch
from editor.session import Session, Told

if TYPE_CHECKING:
    from editor.files.project import Project
    from editor.files.read import Stamp
    from editor.files.recovery import Found
    from editor.files.settings import Settings
    from editor.files.write import SaveOptions


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

    # ── in ──

    def open(self, path: Path, *, mask: Path | None = None, sample: bool = False) -> None:
        """Open a picture or a project; one that is open already comes to the front."""
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
            from editor.files.recovery import recover

            project = recover(found)
            stem, suffix = Path(found.title).stem, Path(found.title).suffix
            yield Step(
                1.0,
                Opened(
                    project.pixels,
                    project.meta,
                    f"{stem}-recovered{suffix}",
                    masks=masks_of(project),
                    settings=project.settings,
                ),
            )

        def settle(opened: Opened) -> None:
            document = self._session.add(
                opened.pixels, opened.title, masks=opened.masks, meta=opened.meta
            )
            document.history.mark_saved(None)
            document.draw(_drawn(opened.settings or {}, document.rect))
            self.restored.emit(document, opened.settings or {})
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
            opened.pixels, opened.title, masks=opened.masks, meta=opened.meta
        )
        if opened.settings is None:
            document.source = None if sample else path
        else:
            document.project = path
            self._stamps[document] = opened.stamp
            document.draw(_drawn(opened.settings, document.rect))
            self.restored.emit(document, opened.settings)
        for notice in opened.notices:
            self._session.told.emit(Told("info", notice))
        if not sample:
            self._remember(path)

    def import_mask(self, document: Document, path: Path, plane: str = "mask") -> None:
        def steps() -> Iterator[Step[Cover]]:
            from editor.files.masks import read_mask

            yield Step(1.0, read_mask(path, document.size))

        def settle(cover: Cover) -> None:
            if document in self._session.documents:
                patch = MaskPatch(Rect.whole(cover), cover, plane)
                document.history.push(paint_mask(document, f"Import {path.name}", patch))

        self._session.at_desk(f"Open {path.name}", steps, settle)

    # ── out ──

    def save(
        self, document: Document, path: Path, settings: dict[str, Any], *, force: bool = False
    ) -> None:
        """Write the project; the document counts as saved in the state it has now."""
        if path == document.project and not force and self._changed_on_disk(document, path):
            self.outdated.emit(Outdated(document, path))
            return
        project = self.project(document, settings)
        state = document.history.now

        def steps() -> Iterator[Step[Any]]:
            from editor.files.project import write_project
            from editor.files.read import Stamp

            write_project(path, project)
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

        return Project(
            pixels=document.image,
            mask=document.mask,
            meta=document.meta,
            settings={**settings, **_as_settings(document.lines)},
            history=tuple(
                {"label": state.label, **(state.command.recipe if state.command else {})}
                for state in document.history.states[: document.history.at + 1]
            ),
            source=document.source.name if document.source else document.title,
            planes={
                name: document.plane(name).frozen()
                for name in MASKS
                if name != "mask" and document.painted(name)
            },
        )

    def _changed_on_disk(self, document: Document, path: Path) -> bool:
        from editor.files.read import Stamp

        return path.exists() and Stamp.of(path) != self._stamps.get(document)

    def _remember(self, path: Path) -> None:
        self._settings.add_recent(path)
        self.recent_changed.emit()


def reading(path: Path, mask: Path | None) -> Iterator[Step[Opened]]:
    """Read a picture or a project, whichever the file says it is."""
    from editor.files.read import Stamp, read_picture_safely

    if path.suffix.lower() == ".patina":
        from editor.files.project import read_project

        project = read_project(path)
        yield Step(
            1.0,
            Opened(
                project.pixels,
                project.meta,
                path.name,
                project.notices,
                masks_of(project),
                project.settings,
                Stamp.of(path),
            ),
        )
        return
    photo = read_picture_safely(path)
    opened = Opened(photo.pixels, photo.meta, path.name, photo.notices)
    if mask is not None:
        from editor.engine.image import Size
        from editor.files.masks import read_mask

        opened = replace(opened, masks={"mask": read_mask(mask, Size.of(photo.pixels))})
    yield Step(1.0, opened)


def _as_settings(lines: Sequence[Drawn]) -> dict[str, Any]:
    if not lines:
        return {}
    return {"lines": [{**one.line.as_json(), "used": one.used} for one in lines]}


def _drawn(settings: Mapping[str, Any], place: Rect) -> tuple[Drawn, ...]:
    """The lines of a project; those that make no sense are left out."""
    found = []
    given = settings.get("lines", [])
    for one in given if isinstance(given, list) else []:
        try:
            used = bool(one.pop("used", True))
            (line,), _ = lines_from_json(json.dumps({"lines": [one]}))
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
