"""What Sprite mode gives out: films, a sheet, a page, the sprite itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot

from editor.engine.sprite import Route
from editor.engine.step import Step
from editor.model.document import Document
from editor.operations import WalkPath
from editor.ui.doings.sprite.work import Room

Writing = Callable[[], Iterator[Step[str]]]


class ExportRoom(Room):
    @Slot(str)
    def export(self, kind: str) -> None:
        document = self._shown
        if document is None or document.sprite is None:
            return
        path = self._asked_path(kind, document)
        if path is None:
            return
        writing = self._writing(kind, path, document)
        if not self._filing.export_made(document, path, writing):
            self._tell_busy()

    def _asked_path(self, kind: str, document: Document) -> Path | None:
        from editor.files.clips.kinds import CLIP_KINDS

        films = [(one.name, one.suffix) for one in CLIP_KINDS if one.writes and one.suffix]
        kinds = {
            "sprite": [(self.tr("Sprite"), ".sprite")],
            "sheet": [("PNG", ".png"), ("WebP", ".webp")],
            "page": [(self.tr("Page"), ".html")],
        }.get(kind, films)
        names = {"sheet": "-sheet", "sprite": "", "page": ""}
        name = Path(document.title).stem + names.get(kind, f"-{kind}") + kinds[0][1]
        title = self._stage.exports()[kind].rstrip("…")
        return self._asked_target(title, self._folder() / name, kinds)

    def _writing(self, kind: str, path: Path, document: Document) -> Writing:
        """How this kind of file is written, from frozen values."""
        from editor import writing_sprites as files

        sprite, operation = document.sprite, self._window.steer_options.operation()
        assert sprite is not None
        assert isinstance(operation, WalkPath)
        recording, ground = self._work.recording, self._sprites.ground.behind()
        device = self._session.device
        if kind == "sprite":
            return partial(files.export_sprite, path, sprite, document.goal)
        if kind == "sheet":
            return partial(files.export_sheet, path, sprite, device)
        if kind == "page":
            return partial(files.export_page, path, sprite, operation, ground, device)
        if kind == "recording" and recording is not None:
            film = recording.film()
            states, beneath = [one.states for one in film], [one.beneath for one in film]
            taken = recording.sprite, recording.control, states
            return partial(files.export_recording, path, *taken, self._work.recorded_on, beneath)
        way: Callable[[], Route]
        if kind == "path" and recording is not None:
            operation = replace(operation, seconds=max(0.1, recording.seconds))
            way = recording.route
        elif kind == "drawn" and isinstance(document.goal, Route):
            way = partial(replace, document.goal)
        else:
            way = partial(files.usual_route, kind, sprite, ground)
        return partial(files.export_walk, path, sprite, operation, ground, way, device)
