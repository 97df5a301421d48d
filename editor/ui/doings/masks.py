"""The Select menu: the mask as a whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from editor.operations.masks import (
    ClearMask,
    FeatherMask,
    GrowMask,
    InvertMask,
    MaskFromTransparency,
    TightenMask,
)
from editor.ui.doings.base import Doings


class MaskDoings(Doings):
    @property
    def _plane(self) -> str:
        """The mask that is painted is the one that is changed."""
        return self._window.tools.paint.plane

    def do_paint(self) -> None:
        """The next of what can be painted in this mode."""
        planes = self._window.mode.paints
        if planes:
            after = planes[(planes.index(self._plane) + 1) % len(planes)]
            self._window.tools.set_paint(self._window.mask_panel.paint(after))

    def do_tighten_mask(self) -> None:
        self._session.do(TightenMask(plane=self._plane))

    def do_clear_mask(self) -> None:
        self._session.do(ClearMask(plane=self._plane))

    def do_invert_mask(self) -> None:
        self._session.do(InvertMask(plane=self._plane))

    def do_grow_mask(self) -> None:
        self._session.do(GrowMask(px=self._window.mask_panel.amount, plane=self._plane))

    def do_shrink_mask(self) -> None:
        self._session.do(GrowMask(px=-self._window.mask_panel.amount, plane=self._plane))

    def do_feather_mask(self) -> None:
        self._session.do(FeatherMask(radius=self._window.mask_panel.amount, plane=self._plane))

    def do_mask_from_transparency(self) -> None:
        self._session.do(MaskFromTransparency(plane=self._plane))

    def do_import_mask(self) -> None:
        document = self._document
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Import mask"), str(self._folder())
        )
        if chosen:
            self._filing.import_mask(document, Path(chosen), self._plane)

    def do_export_mask(self) -> None:
        document = self._document
        suggested = self._folder() / f"{Path(document.title).stem}-{self._plane}.png"
        path = self._asked_target(self.tr("Export mask"), suggested, [("PNG", ".png")])
        if path is not None:
            self._filing.export_mask(document, path, self._plane)
