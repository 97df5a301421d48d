"""What is behind the creature on the stage of Sprite mode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from editor.engine.clip import Frame
from editor.engine.image import Size
from editor.engine.step import Step
from editor.ui.doings.sprite.work import Room


class GroundRoom(Room):
    @Slot(object)
    def choose(self, kind: str) -> None:
        if self._shown is None:
            return
        if kind == "picture":
            endings = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.jxl *.avif"
            chosen, _ = QFileDialog.getOpenFileName(
                self._window, self.tr("Picture behind the creature"), str(self._folder()),
                f"{self.tr('Pictures')} ({endings});;{self.tr('All files')} (*)",
            )  # fmt: skip
            if chosen:
                self.read(Path(chosen))
        else:
            self._work.ground = kind
        self.show()

    @Slot(object)
    def read(self, path: Path) -> None:
        document = self._shown
        if document is None:
            return
        work = self._work

        def steps() -> Iterator[Step[Frame]]:
            from editor.files.read import read_picture_safely
            from editor.operations.sprite import frame_of

            yield Step(1.0, frame_of(read_picture_safely(path).pixels, alpha=False))

        def settle(picture: Frame) -> None:
            work.ground, work.picture = "picture", picture
            if document is self._shown:
                self.show()

        self._session.at_desk(f"Open {path.name}", steps, settle)

    def picture(self) -> Frame | None:
        """The picture behind the creature; None where there is none."""
        work = self._work
        if work.ground == "picture":
            return work.picture
        if work.ground == "own" and work.key is not None and work.cut is not None:
            levels = np.clip(np.rint(work.key.backdrop.plates[0]), 0, 255).astype(np.uint8)
            size = work.cut.size
            own: Frame = np.ascontiguousarray(np.broadcast_to(levels, (size.height, size.width, 3)))
            return own
        return None

    def show(self) -> None:
        work, page = self._work, self._stage.steer
        if work.cut is None:
            page.show_stage(None, None, "none")
            return
        page.background.offer(("none", "own", "picture") if work.key else ("none", "picture"))
        ground = self.picture()
        page.show_stage(work.cut.size if ground is None else Size.of(ground), ground, work.ground)
