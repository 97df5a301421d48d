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
)
from editor.ui.doings.base import Doings


class MaskDoings(Doings):
    def do_clear_mask(self) -> None:
        self._session.do(ClearMask())

    def do_invert_mask(self) -> None:
        self._session.do(InvertMask())

    def do_grow_mask(self) -> None:
        self._session.do(GrowMask(px=self._window.mask_panel.amount))

    def do_shrink_mask(self) -> None:
        self._session.do(GrowMask(px=-self._window.mask_panel.amount))

    def do_feather_mask(self) -> None:
        self._session.do(FeatherMask(radius=self._window.mask_panel.amount))

    def do_mask_from_transparency(self) -> None:
        self._session.do(MaskFromTransparency())

    def do_import_mask(self) -> None:
        document = self._document
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Import mask"), str(self._folder())
        )
        if chosen:
            self._filing.import_mask(document, Path(chosen))

    def do_export_mask(self) -> None:
        document = self._document
        suggested = self._folder() / f"{Path(document.title).stem}-mask.png"
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export mask"), str(suggested), "PNG (*.png)"
        )
        if chosen:
            self._filing.export_mask(document, Path(chosen).with_suffix(".png"))
