"""The View menu: nothing here changes a document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from editor.engine.image import Point
from editor.model.commands import before, image_swaps
from editor.model.copies import origin_of
from editor.model.document import Document
from editor.operations import ShowField
from editor.tools.base import Pointer
from editor.ui import theme
from editor.ui.doings.base import Doings


class ViewDoings(Doings):
    _at: Pointer | None = None  # where the cursor is
    _pointing = False  # at where things came from
    _beside: tuple[Document, int] | None = None  # what is split, and which of its pictures

    def do_zoom_in(self) -> None:
        self._window.doing.surface.zoom_by(1.25)

    def do_zoom_out(self) -> None:
        self._window.doing.surface.zoom_by(0.8)

    def do_fit(self) -> None:
        self._window.doing.surface.fit()

    def do_actual_size(self) -> None:
        self._window.doing.surface.actual_size()

    def do_before(self) -> None:
        """Shown until the key is let go: the application is watched for that."""
        canvas = self._window.canvas
        canvas.show_before(before(self._document))
        canvas.compare = "before"
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == event.Type.KeyRelease:
            let_go = QKeySequence(event.key())
            for name in ("before", "origin"):
                if not event.isAutoRepeat() and self._window.actions_[name].shortcut() == let_go:
                    QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
                    self._let_go(name)
        return False

    def _let_go(self, name: str) -> None:
        if name == "before":
            self.show_before()
        else:
            self._pointing = False
            self._window.canvas.show_origin(None)

    def do_origin(self) -> None:
        """While the key is held, the pixel under the cursor shows where it was copied from."""
        self._pointing = True
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self.point_at(self._at)

    def do_field(self) -> None:
        """The same for every pixel at once."""
        if not self._window.actions_["field"].isChecked():
            self._window.canvas.show_preview(None)
            return
        copies = [swap.origins for swap in reversed(image_swaps(self._document))]
        own = tuple(one for one in copies if one is not None and not one.other)
        self._session.do(ShowField(copies=own))

    def forget_field(self) -> None:
        """The picture is another one now."""
        if self._window.actions_["field"].isChecked():
            self._window.actions_["field"].setChecked(False)
            self._window.canvas.show_preview(None)

    @Slot(object)
    def point_at(self, pointer: Pointer | None) -> None:
        """The cursor is over another place of the picture."""
        self._at = pointer
        if not self._pointing:
            return
        found = None
        document = self._session.current
        if pointer is not None and document is not None:
            found = origin_of(document, int(pointer.x), int(pointer.y))
        if found is None or pointer is None:
            self._window.canvas.show_origin(None)
        elif found[0].other:
            self._window.canvas.show_origin(None)
            self._window.status.show_hint(self.tr("Copied from another picture"))
        else:
            y, x = found[1]
            here = Point(int(pointer.x) + 0.5, int(pointer.y) + 0.5)
            self._window.canvas.show_origin((here, Point(x + 0.5, y + 0.5)))

    def do_split(self) -> None:
        self.show_before()

    def show_before(self) -> None:
        """Lay the picture as it was beside the picture as it is, if that is wanted."""
        canvas, document = self._window.canvas, self._session.current
        split = self._window.actions_["split"].isChecked() and document is not None
        beside = None if document is None or not split else (document, document.revision("image"))
        if beside != self._beside or canvas.compare != "split":
            self._beside = beside
            canvas.show_before(before(document) if document is not None and split else None)
        canvas.compare = "split" if split else "after"

    def do_show_mask(self) -> None:
        self._window.canvas.overlay_visible = self._window.actions_["show_mask"].isChecked()

    def do_mask_colour(self) -> None:
        from editor.ui.canvas import OVERLAY_COLOURS

        canvas = self._window.canvas
        index = (OVERLAY_COLOURS.index(canvas.overlay_colour) + 1) % len(OVERLAY_COLOURS)
        canvas.overlay_colour = OVERLAY_COLOURS[index]
        self._window.settings.set("overlay", index)

    def do_panels(self) -> None:
        hidden = self._window.actions_["panels"].isChecked()
        self._window.rail.setVisible(not hidden)
        self._window.arrange()

    def do_panel_focus(self) -> None:
        self._window.options.setFocus()
        self._window.options.focusNextChild()

    def do_full_screen(self) -> None:
        if self._window.actions_["full_screen"].isChecked():
            self._window.showFullScreen()
        else:
            self._window.showNormal()

    def do_theme(self) -> None:
        light = self._window.actions_["theme"].isChecked()
        self.set_theme("light" if light else "dark")

    def set_theme(self, name: str) -> None:
        self._window.settings.set("theme", name)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, theme.Theme.named(name))
        self._window.actions_["theme"].setChecked(name == "light")

    def do_next_document(self) -> None:
        documents = self._session.documents
        index = (documents.index(self._document) + 1) % len(documents)
        self._session.activate(documents[index])
