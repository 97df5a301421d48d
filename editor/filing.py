"""In and out of files, from the window's side: open, save, export, and what must be asked first.

Reading and writing happen at the session's desk from frozen pictures; here stands what is to be
done before and after, in the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal, Slot

from editor.engine.image import Cover, Meta, Picture, Rect, Size
from editor.engine.regions import used_labels
from editor.engine.step import Step
from editor.model.commands import paint_mask
from editor.model.document import Document
from editor.news import Told
from editor.opening import Opened, reading, reading_sample, recovering
from editor.operations.base import MaskPatch
from editor.projects import arrange, project_of
from editor.session import Session

if TYPE_CHECKING:
    from editor.engine.video_analysis import Analysis
    from editor.files.clips.film import Film
    from editor.files.clips.options import ClipOptions
    from editor.files.clips.reference import Reference
    from editor.files.clips.save import Written
    from editor.files.project import Project
    from editor.files.read import Stamp
    from editor.files.recovery import Found
    from editor.files.samples import Sample
    from editor.files.settings import Settings
    from editor.files.write import SaveOptions
    from editor.operations.loop import Texture


@dataclass(frozen=True, slots=True)
class Outdated:
    """The project on disk is not the one that was opened or saved here: ask before writing."""

    document: Document
    path: Path


class Filing(QObject):
    """Signals: outdated(Outdated); restored(document, settings) — a project brings its own;
    saved(document), or not_saved(document) if it could not be; recent_changed();
    sample_opened(Sample).
    """

    outdated = Signal(object)
    restored = Signal(object, object)
    saved = Signal(object)
    not_saved = Signal(object)
    recent_changed = Signal()
    sample_opened = Signal(object)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._stamps: WeakKeyDictionary[Document, Stamp | None] = WeakKeyDictionary()
        self._clips: WeakKeyDictionary[Document, Reference] = WeakKeyDictionary()
        self._opening: set[Path] = set()
        self._recovered: WeakKeyDictionary[Document, Found] = WeakKeyDictionary()
        session.closed.connect(self._let_go)

    # ── in ──

    def open(self, path: Path) -> None:
        """Open a picture, a clip or a project; one that is open already comes to the front."""
        path = path.absolute()
        for document in self._session.documents:
            if path in (document.source, document.project):
                self._session.activate(document)
                return

        def settle(opened: Opened) -> None:
            self._add(path, opened)
            self._remember(path)

        self._read(path, lambda: reading(path), settle)

    def _read(
        self,
        path: Path,
        start: Callable[[], Iterator[Step[Opened]]],
        settle: Callable[[Opened], None],
    ) -> None:
        """Read a file that is not being read already: somebody may have clicked twice."""
        if path in self._opening:
            return

        def finished(opened: Opened) -> None:
            self._opening.discard(path)
            settle(opened)

        def failed(_: str) -> None:
            self._opening.discard(path)

        self._opening.add(path)
        self._session.at_desk(f"Open {path.name}", start, finished, failed=failed)

    def open_sample(self, sample: Sample) -> None:
        """Open one of those that come with Patina, as one that was never saved, with what its mode
        needs.
        """

        def settle(opened: Opened) -> None:
            self._add(None, opened)
            self.sample_opened.emit(sample)

        self._read(sample.picture, lambda: reading_sample(sample), settle)

    def recover(self, found: Found) -> None:
        """Open what a session that ended badly left behind; never over the original file."""

        def settle(opened: Opened) -> None:
            document = self._session.add(
                opened.pixels,
                opened.title,
                masks=opened.masks,
                maps=opened.maps,
                meta=opened.meta,
                film=opened.film,
            )
            self._keep_clip(document, opened)
            document.history.mark_saved(None)
            document.place_pieces(opened.pieces)
            _keep_paused(document, opened)
            arrange(document, opened.settings or {})
            self._recovered[document] = found
            self.restored.emit(document, opened.settings or {})
            self._tell_all(opened.notices)

        self._session.at_desk(f"Recover {found.title}", lambda: recovering(found), settle)

    def protected(self, document: Document) -> None:
        """It is written down as it is: what it was recovered from is not needed any more."""
        if document in self._recovered:
            self.forget([self._recovered.pop(document)])

    def forget(self, lost: Sequence[Found]) -> None:
        """Remove what a session that ended badly left behind."""

        def steps() -> Iterator[Step[None]]:
            from editor.files.recovery import forget

            for one in lost:
                forget(one)
            yield Step(1.0)

        self._session.at_desk("Recovery", steps, quiet=True)

    def add_new(self, title: str, pixels: Picture) -> None:
        """A picture that is in no file yet."""
        document = self._session.add(pixels, title)
        document.history.mark_saved(None)
        self.restored.emit(document, {})

    def _add(self, path: Path | None, opened: Opened) -> None:
        document = self._session.add(
            opened.pixels,
            opened.title,
            masks=opened.masks,
            maps=opened.maps,
            meta=opened.meta,
            film=opened.film,
            sprite=opened.sprite,
        )
        self._keep_clip(document, opened)
        document.send(opened.goal)
        document.place_pieces(opened.pieces)
        if opened.settings is None:
            document.source = path
        else:
            document.project = path
            self._stamps[document] = opened.stamp
            _keep_paused(document, opened)
            arrange(document, opened.settings)
            self.restored.emit(document, opened.settings)
        self._tell_all(opened.notices)

    def _tell_all(self, notices: Sequence[str]) -> None:
        for notice in notices:
            self._session.told.emit(Told("info", notice))

    def _keep_clip(self, document: Document, opened: Opened) -> None:
        if opened.reference is not None:
            self._clips[document] = opened.reference

    @Slot(object)
    def _let_go(self, document: Document) -> None:
        """Close the clip of a document that is closed; what still reads it has its own decoder."""
        self.protected(document)  # nothing is left to protect
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
            document.history.push(paint_mask(document, f"Import “{path.name}”", patch))

        self._session.at_desk(f"Open {path.name}", steps, settle)

    # ── out ──

    def save(
        self, document: Document, path: Path, settings: dict[str, Any], *, force: bool = False
    ) -> bool:
        """Write the project, or the sprite; the document counts as saved as it is now.

        False if something must be asked first: that is then done.
        """
        if path == document.project and not force and self._changed_on_disk(document, path):
            self.outdated.emit(Outdated(document, path))
            return False
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
                self.protected(document)
                self.saved.emit(document)
            self._remember(path)
            self._session.told.emit(Told("info", f"{path.name} is saved."))

        def failed(_: str) -> None:
            self.not_saved.emit(document)

        self._session.at_desk(f"Save {path.name}", steps, settle, failed=failed)
        return True

    def _writer(self, document: Document, settings: dict[str, Any]) -> Callable[[Path], None]:
        """What writes the document as it is now."""
        sprite, goal = document.sprite, document.goal
        if sprite is not None and document.is_sprite:
            from editor.files.sprites import write_sprite

            return lambda path: write_sprite(path, sprite, goal)
        from editor.files.project import write_project

        project = self.project(document, settings)
        return lambda path: write_project(path, project)

    def export(self, document: Document, path: Path, options: SaveOptions) -> None:
        """Write the picture, with its metadata, in the format of the file's ending; and its maps.

        Those are written beside it, each in the format of its own ending.
        """
        pixels, meta, maps = document.image, document.meta, document.maps

        def steps() -> Iterator[Step[tuple[str, ...]]]:
            from editor.files.write import write_pictures

            told = write_pictures(path, pixels, meta, options, beside=maps.items(), overwrite=True)
            yield Step(1.0, told)

        def settle(notices: tuple[str, ...]) -> None:
            what = f"{path.name} and its maps are" if maps else f"{path.name} is"
            told = " ".join([f"{what} exported.", *notices])
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

    def project(self, document: Document, settings: dict[str, Any]) -> Project:
        """The document as a project file holds it: frozen, so that editing may go on."""
        return project_of(document, settings, self._clips.get(document))

    def _changed_on_disk(self, document: Document, path: Path) -> bool:
        from editor.files.read import Stamp

        return path.exists() and Stamp.of(path) != self._stamps.get(document)

    def _remember(self, path: Path) -> None:
        self._settings.add_recent(path)
        self.recent_changed.emit()


def _keep_paused(document: Document, opened: Opened) -> None:
    if opened.paused is not None:
        document.keep(opened.paused.on, opened.paused)
