"""The Filter menu: analogies that were saved, used on any picture, renamed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction

from editor.engine.step import Step
from editor.files.paths import filters_folder
from editor.news import Told
from editor.operations import Analogy, ApplyFilter
from editor.operations.filter import Pair, filter_pairs
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.ui.window import Window


class FilterDoings(Doings):
    """Signals: changed() — there are other filters than before."""

    changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._menu = window.menus["Filter"]
        self._own = self._menu.actions()  # what always stands below the names
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self.fill_menu)

    @Slot()
    def fill_menu(self) -> None:
        """The names as they are now in the folder; no file is opened."""
        for action in self._menu.actions():
            if action not in self._own:
                self._menu.removeAction(action)
                action.deleteLater()
        names = self.names()
        for name in names:
            action = QAction(name.replace("&", "&&"), self._menu)
            action.setToolTip(self.tr("Do to this picture what was done in the example"))
            action.setEnabled(self._session.current is not None)
            action.triggered.connect(partial(self.use, name))
            self._menu.insertAction(self._own[0], action)
        if not names:
            none = QAction(self.tr("Save an analogy, and it is here"), self._menu)
            none.setEnabled(False)
            self._menu.insertAction(self._own[0], none)
        self._menu.insertSeparator(self._own[0])

    def names(self) -> list[str]:
        from editor.files.filters import filter_names

        return filter_names(filters_folder())

    def use(self, name: str) -> None:
        """Do to the picture what the filter does."""
        document = self._document

        def reading() -> Iterator[Step[ApplyFilter]]:
            from editor.files.filters import read_filter

            saved = read_filter(filters_folder(), name)
            yield Step(1.0, ApplyFilter.of(name, saved.values, saved.pairs))

        def settle(operation: ApplyFilter) -> None:
            if document in self._session.documents:
                self.start(operation, document)

        self._session.at_desk(f"Open {name}", reading, settle)

    # ── keeping them ──

    def do_manage_filters(self) -> None:
        from editor.ui.dialogs.filters import FiltersSheet

        FiltersSheet.open_for(self._window)

    def save_as(self, analogy: Analogy) -> None:
        """Ask for a name, if these pictures make a filter."""
        from editor.ui.dialogs.filters import SaveFilterSheet

        try:
            pairs = filter_pairs(analogy)
        except ValueError as problem:
            sentence = str(problem)
            self._session.told.emit(Told("warning", f"{sentence[:1].upper()}{sentence[1:]}."))
            return
        SaveFilterSheet.open_for(self._window).show_filter(analogy.to_dict(), pairs)

    def save(
        self, name: str, values: dict[str, Any], pairs: tuple[Pair, ...], *, replace: bool
    ) -> None:
        def act() -> None:
            from editor.files.filters import SavedFilter, write_filter

            write_filter(filters_folder(), name, SavedFilter(values, pairs), replace=replace)

        def told(_: None) -> None:
            self.changed.emit()
            self._tell(self.tr("{} is in the Filter menu now.").format(name))

        self._at_desk(f"Save {name}", act, told)

    def rename(self, name: str, new: str) -> None:
        def act() -> None:
            from editor.files.filters import rename_filter

            rename_filter(filters_folder(), name, new)

        self._at_desk(f"Rename {name}", act, self._renew)

    def delete(self, name: str) -> None:
        """Take it out of the menu; for now it can be brought back."""

        def act() -> Path:
            from editor.files.filters import delete_filter

            return delete_filter(filters_folder(), name)

        def told(aside: Path) -> None:
            self.changed.emit()
            self._window.messages.ask(
                self.tr("The filter {} is deleted.").format(name),
                {self.tr("Bring it back"): partial(self._restore, name, aside)},
            )

        self._at_desk(f"Delete {name}", act, told)

    def _restore(self, name: str, aside: Path) -> None:
        def act() -> None:
            from editor.files.filters import restore_filter

            restore_filter(filters_folder(), name, aside)

        self._at_desk(f"Bring {name} back", act, self._renew)

    def _renew(self, _: object) -> None:
        self.changed.emit()

    def _at_desk(self, label: str, act: Callable[[], Any], settle: Callable[[Any], None]) -> None:
        """Something with files that is over in a moment."""

        def steps() -> Iterator[Step[Any]]:
            yield Step(1.0, act())

        self._session.at_desk(label, steps, settle)
