"""Export: where, as what, how well, and what the format cannot keep, said before it is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from editor.model.document import Document
from editor.ui.dialogs.sheet import Sheet
from editor.ui.theme import GRID
from editor.ui.widgets import ChoiceBox, LabeledSlider, PillButton, Row, Segmented, Switch

if TYPE_CHECKING:
    from editor.files.write import SaveOptions
    from editor.ui.window import Window

_CAPTION = 120


class ExportDialog(Sheet):
    title = "Export picture"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setMinimumWidth(460)
        self.column.setSpacing(GRID + 2)
        self._document: Document | None = None
        self._folder, self._suggested = Path.home(), ""
        self._name = QLineEdit()
        self._asked_about: Path | None = None  # a file that is there and may be replaced
        self._place()
        self._quality()
        self._kept()
        self._beside = QLabel()
        self._beside.setObjectName("muted")
        self._beside.setWordWrap(True)
        self._beside_row = Row(self.tr("Its maps"), self._beside, caption_width=_CAPTION)
        self.column.addWidget(self._beside_row)
        self._losses = QLabel()
        self._losses.setObjectName("warning")
        self._losses.setWordWrap(True)
        self.column.addWidget(self._losses)
        self._export = PillButton(self.tr("Export"), kind="primary", height=34)
        self._export.clicked.connect(self._write)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._export)
        self.column.addLayout(foot)
        window.session.closed.connect(self._gone)

    def show_document(self, document: Document, suggested: Path) -> None:
        self._document, self._suggested = document, suggested.name
        self._name.setText(suggested.name)
        self._folder = suggested.parent
        self._name.setFocus()
        self._name.setSelection(0, len(suggested.stem))
        self._refresh()

    # ── what it is made of ──

    def _place(self) -> None:
        from editor.files.kinds import KINDS

        self._name.textChanged.connect(self._refresh)
        browse = PillButton(self.tr("Browse…"), height=28)
        browse.clicked.connect(self._browse)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._name, 1)
        row.addWidget(browse)
        self.column.addWidget(Row(self.tr("Name"), line, caption_width=_CAPTION))
        self._where = QLabel()
        self._where.setObjectName("muted")
        self.column.addWidget(Row(self.tr("Folder"), self._where, caption_width=_CAPTION))
        self._format = ChoiceBox([(kind.suffix, kind.name) for kind in KINDS if kind.writes])
        self._format.changed.connect(self._format_chosen)
        self.column.addWidget(Row(self.tr("Format"), self._format, caption_width=_CAPTION))

    def _quality(self) -> None:
        self._amount = LabeledSlider(self.tr("Quality"), 1, 100, 95, caption_width=_CAPTION)
        self.column.addWidget(self._amount)
        self._colour = Segmented([("4:4:4", self.tr("Full")), ("4:2:0", self.tr("Halved"))])
        self._colour_row = Row(
            self.tr("Colour detail"), self._colour, stretch=False, caption_width=_CAPTION
        )
        self.column.addWidget(self._colour_row)
        self._lossless = Switch(self.tr("Lossless"))
        self._lossless.changed.connect(self._refresh)
        self.column.addWidget(self._lossless)

    def _kept(self) -> None:
        self._strip_place = Switch(self.tr("Leave out where it was taken"))
        self._strip_all = Switch(self.tr("Leave out all metadata"))
        for switch in (self._strip_place, self._strip_all):
            self.column.addWidget(switch)

    # ── what it does ──

    @property
    def _path(self) -> Path:
        return self._folder / self._name.text().strip()

    @property
    def _paths(self) -> list[Path]:
        """All that is written."""
        from editor.files.write import place_beside

        names = [] if self._document is None else self._document.maps
        return [self._path, *(place_beside(self._path, name) for name in names)]

    @Slot()
    def _refresh(self, *_: object) -> None:
        """Show what goes with the format and what the format will lose."""
        from editor.files.kinds import for_saving
        from editor.files.problems import FileProblem
        from editor.files.write import losses

        self._export.set_text(self.tr("Export"))
        self._asked_about = None
        self._where.setText(str(self._folder))
        if self._document is None:
            return
        try:
            kind = for_saving(self._path)
        except FileProblem as problem:
            named = bool(self._name.text().strip())
            self._losses.setText(f"{problem}." if named else self.tr("Give it a name."))
            self._losses.show()
            self._export.setEnabled(False)
            return
        self._export.setEnabled(True)
        maps = self._paths[1:]
        self._beside.setText(", ".join(path.name for path in maps))
        self._beside_row.setVisible(bool(maps))
        self._format.set_value(kind.suffix)
        choosable = kind.suffix in (".webp", ".jxl", ".jp2")
        self._lossless.setVisible(choosable)
        lossy = not kind.lossless or (choosable and not self._lossless.value())
        self._amount.setVisible(lossy and kind.suffix not in (".gif", ".hdr"))
        self._colour_row.setVisible(kind.suffix == ".jpg")
        for switch in (self._strip_place, self._strip_all):
            switch.setVisible(kind.exif or kind.xmp)
        told = losses(self._path.suffix, self._document.image)
        self._losses.setText(" ".join(told))
        self._losses.setVisible(bool(told))
        self.adjustSize()

    @Slot(object)
    def _format_chosen(self, suffix: str) -> None:
        from editor.files.kinds import KINDS

        name = self._name.text().strip() or self._suggested
        ending = Path(name).suffix
        known = ending.lower() in {one for kind in KINDS for one in kind.suffixes}
        self._name.setText((name.removesuffix(ending) if known else name) + suffix)

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder"), str(self._folder))
        if chosen:
            self._folder = Path(chosen)
            self._refresh()

    @Slot()
    def _write(self) -> None:
        """Export; a file that is there is replaced only on the second press."""
        path = self._path
        if self._document is None:
            return
        there = [one.name for one in self._paths if os.path.lexists(one)]
        if there and self._asked_about != path:
            self._asked_about = path
            words = self.tr("{} is there already. Press again to replace it.")
            if len(there) > 1:
                words = self.tr("{} are there already. Press again to replace them.")
            self._losses.setText(words.format(", ".join(there)))
            self._losses.show()
            self._export.set_text(self.tr("Replace it"))
            return
        self.window_.filing.export(self._document, path, self._options())
        self.close()

    def _options(self) -> SaveOptions:
        from editor.files.write import SaveOptions

        return SaveOptions(
            quality=int(self._amount.value()),
            subsampling=str(self._colour.value()),
            lossless=self._lossless.value(),
            strip_location=self._strip_place.value(),
            strip_metadata=self._strip_all.value(),
        )

    @Slot(object)
    def _gone(self, document: Document) -> None:
        if document is self._document:
            self.close()
