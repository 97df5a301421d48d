"""A page of the manual: Markdown set in the fonts and colours of the window.

Its pictures are as wide as the page at the most, and are read beside the window: a page is there at
once, with their places kept free.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QImage,
    QImageReader,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFragment,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget
from shiboken6 import isValid

from editor.engine.step import Step
from editor.session import Session
from editor.ui.theme import GRID, TEXT_SIZE, Theme

_HEADINGS = {1: 24, 2: 17, 3: 14}  # px
_MARGIN = 4 * GRID
_WIDEST = 760  # px of a line of text
_FOUND = 500  # places at the most


class Page(QTextBrowser):
    """One at a time, with the way back to those before it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: set[str] = set()  # names of files that are read, or were
        self._originals: dict[str, QImage] = {}  # by them
        self._found: list[QTextCursor] = []
        self._at = -1  # of those that were found
        self.setObjectName("page")
        self.setAccessibleName(self.tr("Page of the manual"))
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setOpenExternalLinks(True)
        self.sourceChanged.connect(self._set)
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self._fit_pictures)

    # ── finding ──

    @property
    def found(self) -> tuple[int, int]:
        """Which of how many places is looked at, from 1; 0 of 0 where there is none."""
        return self._at + 1, len(self._found)

    def find_all(self, words: str) -> None:
        """Mark every place where it says this, and go to the first from here on."""
        self._found, self._at = [], -1
        document = self.document()
        at = document.find(words) if words else QTextCursor()
        while not at.isNull() and len(self._found) < _FOUND:
            self._found.append(at)
            at = document.find(words, at)
        here = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        ahead = (n for n, one in enumerate(self._found) if one.selectionStart() >= here)
        self._look(next(ahead, 0))

    def find_next(self, step: int) -> None:
        """Go on to the next of them, or with −1 back to the last."""
        if self._found:
            self._look((self._at + step) % len(self._found))

    def _look(self, number: int) -> None:
        theme = Theme.of(self)
        marks = []
        for n, place in enumerate(self._found):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = place
            shown = number == n
            mark.format.setBackground(QColor(theme.accent if shown else theme.selection))
            mark.format.setForeground(QColor(theme.accent_text if shown else theme.text))
            marks.append(mark)
        self.setExtraSelections(marks)
        if self._found:
            self._at = number
            place = self._found[number]
            bar, seen = self.verticalScrollBar(), self.cursorRect(place)
            if not self.viewport().rect().adjusted(0, 0, 0, -GRID).contains(seen):
                bar.setValue(bar.value() + seen.center().y() - self.viewport().height() // 3)

    # ── setting ──

    @Slot()
    def _set(self) -> None:
        self._found, self._at = [], -1
        self.setExtraSelections([])
        whole = QTextCursor(self.document())
        whole.beginEditBlock()  # or it would be laid out twice
        typeset(self.document(), Theme.of(self), self.font())
        self._keep_margins()
        whole.endEditBlock()

    def _keep_margins(self) -> None:
        """Lines that are too long are hard to read."""
        side = max(_MARGIN, (self.viewport().width() - _WIDEST) // 2)
        root = self.document().rootFrame()
        shape = root.frameFormat()
        if shape.leftMargin() != side or shape.topMargin() != _MARGIN:
            shape.setLeftMargin(side)
            shape.setRightMargin(side)
            shape.setTopMargin(_MARGIN)
            shape.setBottomMargin(_MARGIN)
            root.setFrameFormat(shape)

    # ── pictures ──

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        path = QUrl(name).toLocalFile()
        if path in self._originals:
            return self._fitted(self._originals[path])
        whole = QImageReader(path).size()
        if not whole.isValid():
            return None
        if path not in self._asked:
            self._asked.add(path)
            self._session.at_desk("Picture", reading(path), self._read, quiet=True)
        empty = QImage(self._place_of(whole), QImage.Format.Format_RGB32)
        empty.fill(QColor(Theme.of(self).panel))
        return empty

    @Slot(object)
    def _read(self, read: tuple[str, QImage]) -> None:
        self._originals[read[0]] = read[1]
        if isValid(self):  # else the manual was closed meanwhile
            self._fit.start()

    @Slot()
    def _fit_pictures(self) -> None:
        """Draw those that were read at the size that there is room for."""
        document, kind = self.document(), QTextDocument.ResourceType.ImageResource.value
        for name in pictures(document):
            place = document.baseUrl().resolved(QUrl(name))
            document.addResource(kind, place, self.loadResource(kind, place))
        document.markContentsDirty(0, document.characterCount())

    def _place_of(self, whole: QSize) -> QSize:
        room = min(_WIDEST, self.viewport().width() - 2 * _MARGIN)
        return whole.scaled(max(1, min(room, whole.width())), whole.height(), _KEEP)

    def _fitted(self, original: QImage) -> QImage:
        ratio = self.devicePixelRatioF()
        place = self._place_of(original.size())
        wanted = (place.toSizeF() * ratio).toSize().boundedTo(original.size())
        fitted = original.scaled(wanted, _KEEP, Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(fitted.width() / place.width())
        return fitted

    # ── Qt ──

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_margins()
        self._fit.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not self.source().isEmpty():
            typeset(self.document(), Theme.of(self), self.font())


_KEEP = Qt.AspectRatioMode.KeepAspectRatio


def reading(path: str) -> Any:
    """The steps that read one picture."""

    def steps() -> Iterator[Step[tuple[str, QImage]]]:
        yield Step(1.0, (path, QImage(path)))

    return steps


def pictures(document: QTextDocument) -> list[str]:
    """The names of the pictures in it, as the page has them."""
    found = []
    for block in blocks(document):
        for part in fragments(block):
            shape = part.charFormat()
            if shape.isImageFormat():
                found.append(shape.toImageFormat().name())
    return found


def blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    """Its words, as far as they look alike, and its pictures."""
    place = block.begin()
    while not place.atEnd():
        yield place.fragment()
        place += 1


def typeset(document: QTextDocument, theme: Theme, font: QFont) -> None:
    """Give each part of a page that was read from Markdown its look."""
    document.setDefaultFont(font)
    whole = QTextCursor(document)
    whole.beginEditBlock()  # or every change would lay out all of it anew
    for block in blocks(document):
        set_block(block, theme)
        set_words(block, theme)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            set_table(frame, theme)
    whole.endEditBlock()


def set_block(block: QTextBlock, theme: Theme) -> None:
    shape = block.blockFormat()
    heading, fenced = shape.headingLevel(), is_code(block)
    in_table = QTextCursor(block).currentTable() is not None
    percent = 120 if heading else 130 if in_table else 145
    if fenced or any(part.charFormat().isImageFormat() for part in fragments(block)):
        percent = 100
    proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    shape.setLineHeight(percent, proportional)
    if heading:
        shape.setTopMargin(0 if block.blockNumber() == 0 else 3 * GRID)
        shape.setBottomMargin(GRID)
    elif not in_table:
        shape.setTopMargin(0)
        below = 0 if fenced and is_code(block.next()) else GRID + 4
        shape.setBottomMargin(GRID - 2 if block.textList() is not None else below)
    if fenced:
        shape.setBackground(QColor(theme.canvas))
        shape.setNonBreakableLines(False)
    QTextCursor(block).setBlockFormat(shape)


def is_code(block: QTextBlock) -> bool:
    """Whether it is a line between two fences."""
    fence = QTextBlockFormat.Property.BlockCodeFence.value
    return block.isValid() and block.blockFormat().hasProperty(fence)


def set_words(block: QTextBlock, theme: Theme) -> None:
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    heading, fenced = block.blockFormat().headingLevel(), is_code(block)
    for part in list(fragments(block)):
        words = part.charFormat()
        if words.isImageFormat():
            continue
        words.setForeground(QColor(theme.accent if words.isAnchor() else theme.text))
        if heading:
            words.clearProperty(QTextCharFormat.Property.FontSizeAdjustment.value)
            words.setProperty(QTextCharFormat.Property.FontPixelSize.value, _HEADINGS[heading])
            words.setFontWeight(QFont.Weight.DemiBold)
        elif words.isAnchor():
            words.setFontUnderline(False)
        elif fenced or words.fontFixedPitch():
            words.setFontFamilies([fixed])
            words.setProperty(QTextCharFormat.Property.FontPixelSize.value, TEXT_SIZE - 1)
            if not fenced:
                words.setBackground(QColor(theme.raised))
        cursor = QTextCursor(block)
        cursor.setPosition(part.position())
        cursor.setPosition(part.position() + part.length(), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(words)


def set_table(table: QTextTable, theme: Theme) -> None:
    shape = table.format()
    shape.setBorder(1)
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorderBrush(QColor(theme.line))
    shape.setBorderCollapse(True)
    shape.setCellPadding(GRID - 2)
    shape.setCellSpacing(0)
    shape.setTopMargin(GRID)
    shape.setBottomMargin(2 * GRID)
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(shape)
