"""The top row: the name, the menus, and a tab for each open document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QSizePolicy, QTabBar, QWidget

from editor.model.document import Document
from editor.ui.theme import GRID

_HEIGHT = 34
_NARROWEST, _WIDEST = 96, 220  # px of a tab


class Tabs(QTabBar):
    """They give way before the menus do: long names are cut, and many of them scroll."""

    def tabSizeHint(self, index: int) -> QSize:
        return super().tabSizeHint(index).boundedTo(QSize(_WIDEST, _HEIGHT))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index).boundedTo(QSize(_NARROWEST, _HEIGHT))


class Header(QWidget):
    """Signals: chosen(Document), close_wanted(Document)."""

    chosen = Signal(object)
    close_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self._documents: Sequence[Document] = ()
        brand = QLabel("Patina")
        brand.setObjectName("brand")
        self.menus = QMenuBar()
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.tabs = Tabs()
        self.tabs.setAccessibleName(self.tr("Open documents"))
        self.tabs.setTabsClosable(True)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, GRID, 1)  # the line below stays free
        row.setSpacing(0)
        row.addWidget(brand)
        row.addWidget(self.menus)
        row.addStretch(1)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        self.tabs.currentChanged.connect(self._changed)
        self.tabs.tabCloseRequested.connect(self._closing)

    def show_documents(self, documents: Sequence[Document], current: Document | None) -> None:
        """One tab each, a dot at those with changes that are not saved."""
        self._documents = documents
        self.tabs.blockSignals(True)
        while self.tabs.count() > len(documents):
            self.tabs.removeTab(self.tabs.count() - 1)
        while self.tabs.count() < len(documents):
            self.tabs.addTab("")
        for index, document in enumerate(documents):
            caption = document.title + ("" if document.history.saved else " •")
            self.tabs.setTabText(index, caption.replace("&", "&&"))
            path = document.project or document.source
            self.tabs.setTabToolTip(index, str(path or document.title))
            if document is current:
                self.tabs.setCurrentIndex(index)
        self.tabs.blockSignals(False)

    def _changed(self, index: int) -> None:
        if 0 <= index < len(self._documents):
            self.chosen.emit(self._documents[index])

    def _closing(self, index: int) -> None:
        self.close_wanted.emit(self._documents[index])
