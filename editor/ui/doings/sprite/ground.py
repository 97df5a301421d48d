"""What is behind the creature on the stage of Sprite mode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFileDialog

from editor.engine.clip import Frame
from editor.engine.image import Size
from editor.engine.step import Step
from editor.ui.doings.sprite.work import Room
from editor.ui.sprite.ground import Backdrop

if TYPE_CHECKING:
    from editor.files.clips.film import Film
    from editor.writing_sprites import Behind


class GroundRoom(Room):
    @Slot(object)
    def choose(self, kind: str) -> None:
        if self._shown is not None:
            self._put(ground=kind)

    @Slot(object)
    def colour(self, colour: str) -> None:
        if self._shown is not None:
            self._put(ground="colour", colour=colour)

    @Slot()
    def ask(self) -> None:
        """Ask for a picture or a clip."""
        from editor.files.clips.kinds import CLIP_KINDS
        from editor.files.kinds import KINDS

        if self._shown is None:
            return
        suffixes = [suffix for kind in (*KINDS, *CLIP_KINDS) for suffix in kind.suffixes if suffix]
        endings = " ".join(f"*{suffix}" for suffix in dict.fromkeys(suffixes))
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Picture or clip behind the creature"), str(self._folder()),
            f"{self.tr('Pictures and clips')} ({endings});;{self.tr('All files')} (*)",
        )  # fmt: skip
        if chosen:
            self.read(Path(chosen))

    @Slot(object)
    def read(self, path: Path) -> None:
        """Put the picture or the clip in a file behind it."""
        document = self._shown
        if document is None:
            return
        work = self._work

        def steps() -> Iterator[Step[Frame | Film]]:
            from editor.files.clips.film import open_clip_safely
            from editor.files.clips.kinds import is_clip
            from editor.files.read import read_picture_safely
            from editor.operations.steer import ground_of

            if is_clip(path):
                yield Step(1.0, open_clip_safely(path))
            else:
                yield Step(1.0, ground_of(read_picture_safely(path).pixels))

        def settle(found: Frame | Film) -> None:
            picture, film = (found, None) if isinstance(found, np.ndarray) else (None, found)
            self.close(work.film)
            if document is self._shown:
                self._put(ground="file", picture=picture, film=film)
            else:
                work.ground, work.picture, work.film = "file", picture, film

        self._session.at_desk(f"Open {path.name}", steps, settle)

    def _put(self, **values: Any) -> None:
        """Something else is behind it from now on: what is recorded ends with what was there."""
        self._stage.steer.actor.record(False)
        for name, value in values.items():
            setattr(self._work, name, value)
        self.show()

    def close(self, film: Film | None) -> None:
        """A clip that nobody looks at any more."""
        if film is None:
            return

        def steps() -> Iterator[Step[None]]:
            film.close()
            yield Step(1.0)

        self._session.at_desk(self.tr("Close the clip behind it"), steps, quiet=True)

    def behind(self) -> Behind:
        """What films are drawn on; None is nothing."""
        work = self._work
        assert work.cut is not None
        if work.ground == "file":
            return work.film if work.picture is None else work.picture
        levels: Any = None
        if work.ground == "own" and work.key is not None:
            levels = np.clip(np.rint(work.key.backdrop.plates[0]), 0, 255).astype(np.uint8)
        elif work.ground == "colour":
            colour = QColor(work.colour)
            levels = np.array([colour.red(), colour.green(), colour.blue()], np.uint8)
        if levels is None:
            return None
        width, height = work.cut.size
        filled: Frame = np.ascontiguousarray(np.broadcast_to(levels, (height, width, 3)))
        return filled

    def show(self) -> None:
        work, page = self._work, self._stage.steer
        if work.cut is None:
            page.show_backdrop(None, "none", ("none",))
            return
        kinds = ["none", "colour"] + ["own"] * (work.key is not None)
        kinds += ["file"] * (work.picture is not None or work.film is not None)
        if work.ground not in kinds:
            work.ground = "none"
        page.colour.set_value(work.colour)
        page.show_backdrop(self._backdrop(work.cut.size), work.ground, kinds)

    def _backdrop(self, size: Size) -> Backdrop:
        work = self._work
        behind = None if work.ground == "colour" else self.behind()
        if behind is None:
            return Backdrop(size, colour=work.colour if work.ground == "colour" else "")
        if isinstance(behind, np.ndarray):
            return Backdrop(Size.of(behind), picture=behind)
        return Backdrop(behind.clip.size, film=behind)
