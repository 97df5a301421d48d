"""What goes along with the samples of Texture mode: guides, more samples, and maps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot

from editor.engine.step import Step
from editor.model.commands import Reshape
from editor.model.document import Document
from editor.opening import reading
from editor.operations import Texture
from editor.ui.doings.base import Doings
from editor.ui.panels.along import Along
from editor.ui.pictures import small_image

if TYPE_CHECKING:
    from editor.opening import Opened
    from editor.ui.window import Window

_Row = list[Along | None]
_Rows = dict[str, list[_Row]]

_MOST = 8  # of a kind


class AlongDoings(Doings):
    """Every sample that is open has its own."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._shown: Document | None = None
        self._of: dict[Document, _Rows] = {}
        self._panel = window.along_panel
        self._panel.guided.connect(self._guide)
        for kind, group in self._panel.groups.items():
            group.opened.connect(partial(self._choose, kind))
            group.dropped.connect(partial(self.put, kind))
            group.removed.connect(partial(self.remove, kind))
        self._session.closed.connect(self._forget)

    @property
    def _rows(self) -> _Rows:
        """Those of the sample in front: the guide of the texture and its own; other samples, each
        with its guide; its maps.
        """
        if self._shown is None:
            return _none()
        if self._shown not in self._of:
            self._of[self._shown] = _with_maps_of(self._shown)
        return self._of[self._shown]

    @property
    def _operation(self) -> Texture:
        """As the options are set."""
        return cast(Texture, self._window.options_of("texture").operation())

    def show(self, document: Document | None) -> None:
        self._shown = document
        if document is not None:
            self.refresh()

    def why_not(self, operation: Texture) -> str:
        """What is missing; nothing, mostly."""
        rows = self._rows
        guide, own = rows["guide"][0]
        if operation.method == "exact" or (guide is None and own is None):
            return ""
        if guide is None:
            return self.tr("The guide has no map of the texture yet: open it, or drop it.")
        for number, (_, one) in enumerate(rows["sample"], start=2):
            if own is not None and one is None:
                words = self.tr("Sample {} has no map for the guide yet: open it, or drop it.")
                return words.format(number)
        return ""

    def into(self, operation: Texture) -> Texture:
        """With all that it can be made of."""
        rows = self._rows
        guide, own = rows["guide"][0]
        guides = [guide, own, *(one for _, one in rows["sample"] if own is not None)]
        if guide is None or operation.method == "exact":
            guides = []
        return dataclasses.replace(
            operation,
            guides=tuple(one.pixels for one in guides if one is not None),
            others=tuple(one.pixels for one, _ in rows["sample"] if one is not None),
            maps=tuple((one.name, one.pixels) for (one,) in rows["map"] if one is not None),
        )

    def _choose(self, kind: str, number: int, side: int) -> None:
        chosen = self._asked_picture(self.tr("Open a picture that goes along with the sample"))
        if chosen is not None:
            self.put(kind, number, side, chosen)

    def put(self, kind: str, number: int, side: int, path: Path) -> None:
        """Open a picture in a row of the panel; the last one is for one more."""
        there = self._rows[kind]
        row = there[number] if number < len(there) else None

        def steps() -> Iterator[Step[Opened]]:
            from editor.files.kinds import for_saving

            if kind == "map":
                for_saving(path)  # refuse what could not be written beside the texture
            yield from reading(path)

        settle = partial(self._hold, self._rows, kind, row, side, path.name)
        self._session.at_desk(f"Open {path.name}", steps, settle)

    def _hold(
        self,
        rows: _Rows,
        kind: str,
        row: _Row | None,
        side: int,
        name: str,
        opened: Opened,
    ) -> None:
        if kind == "map":  # the file again, or another that would be written in the same place
            rows[kind] = [one for one in rows[kind] if one is row or _name(one) != name]
        if row is None:
            row = [None] if kind == "map" else [None, None]
            rows[kind].append(row)
        row[side] = Along(name, opened.pixels, small_image(opened.pixels))
        self.refresh()

    def remove(self, kind: str, number: int) -> None:
        if kind == "guide":
            self._rows[kind] = [[None, None]]
        else:
            del self._rows[kind][number]
        self.refresh()

    def refresh(self) -> None:
        """Show them, as the options are now."""
        rows, operation = self._rows, self._operation
        guide, own = rows["guide"][0]
        exact = operation.method == "exact"
        samples = [one if own is not None and not exact else one[:1] for one in rows["sample"]]
        groups = self._panel.groups
        groups["guide"].show_rows(rows["guide"])
        groups["sample"].show_rows(_and_one_more(samples))
        groups["map"].show_rows(_and_one_more(rows["map"]))
        self._panel.show_guidance(operation.guidance, exact=exact, guided=guide is not None)

    @Slot(object)
    def _guide(self, percent: int) -> None:
        options = self._window.options_of("texture")
        operation = dataclasses.replace(self._operation, guidance=percent)
        options.set_operation(operation)
        options.changed.emit(operation)

    @Slot(object)
    def _forget(self, document: Document) -> None:
        self._of.pop(document, None)


def _none() -> _Rows:
    return {"guide": [[None, None]], "sample": [], "map": []}


def _with_maps_of(document: Document) -> _Rows:
    """Of a document that was opened with maps of its picture, which is a sample now."""
    rows = _none()
    if not isinstance(document.history.now.command, Reshape):
        rows["map"] = [
            [Along(name, pixels, small_image(pixels))] for name, pixels in document.maps.items()
        ]
    return rows


def _and_one_more(rows: list[_Row]) -> list[_Row]:
    return rows if len(rows) >= _MOST else [*rows, [None]]


def _name(row: _Row) -> str:
    return "" if row[0] is None else row[0].name
