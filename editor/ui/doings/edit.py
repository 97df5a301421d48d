"""The Edit and Help menus, and the keys that tune the brush."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit

from editor.files.paths import log_folder
from editor.operations.base import params
from editor.ui.clipboard import as_image
from editor.ui.dialogs.about import About
from editor.ui.dialogs.manual import Manual
from editor.ui.dialogs.preferences import Preferences
from editor.ui.dialogs.shortcuts import Shortcuts
from editor.ui.doings.base import Doings


class EditDoings(Doings):
    def do_undo(self) -> None:
        self._document.history.undo()

    def do_redo(self) -> None:
        self._document.history.redo()

    def do_go(self) -> None:
        """Enter: end a field's editing, or a gesture of several clicks, or start the operation."""
        editing = self._window.focusWidget()
        if isinstance(editing, QLineEdit):
            self._window.doing.focus()
        elif self._window.doing.surface.finish_gesture() or self._window.variations.take():
            return
        elif (working := self._session.at_work) is not None:
            others = set(self._session.documents) - {self._session.current}
            if working.document in others:
                self._tell_busy()
        else:
            self._window.doing.go()

    def do_stop(self) -> None:
        """Esc: what is nearest to the hand stops first."""
        if self._window.doing.surface.cancel_gesture() or self._session.stop():
            return
        if self._window.variations.forget() or self._window.doing.leave():
            return
        if self._window.notices.shown():
            self._window.notices.clear()
        else:
            self._window.doing.focus()

    def do_copy(self) -> None:
        document = self._document
        start = partial(as_image, document.image, document.meta.icc)

        def settle(image: QImage) -> None:
            QGuiApplication.clipboard().setImage(image)
            self._tell(self.tr("The picture is on the clipboard."))

        self._session.at_desk("Copy picture", start, settle)

    def do_preferences(self) -> None:
        Preferences.open_for(self._window)

    def do_subtract(self) -> None:
        self._window.tools.set_subtract(not self._window.canvas.subtract)

    def do_smaller(self) -> None:
        self._tune("size", 0.8)

    def do_larger(self) -> None:
        self._tune("size", 1.25)

    def do_softer(self) -> None:
        self._tune("hardness", -10)

    def do_harder(self) -> None:
        self._tune("hardness", 10)

    def _tune(self, name: str, change: float) -> None:
        """Scale the brush's size or shift its hardness, at least by one."""
        tool = self._window.tool_bar.tool
        for one in params(tool.settings):
            if one.name == name and one.low is not None and one.high is not None:
                now = getattr(tool.settings, name)
                new = now + change if name == "hardness" else round(now * change)
                if new == now:
                    new += 1 if change > 1 else -1
                new = min(max(new, one.low), one.high)
                tool.settings = tool.Settings.from_dict({**tool.settings.to_dict(), name: new})
                self._window.tool_bar.show_settings()
                self._window.settings.set(f"tools.{tool.name}", tool.settings.to_dict())
                self._window.doing.surface.update()

    def do_manual(self) -> None:
        Manual.open_for(self._window).show_mode(self._window.mode)

    def do_shortcuts(self) -> None:
        Shortcuts.open_for(self._window)

    def do_show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))

    def do_about(self) -> None:
        About.open_for(self._window)
