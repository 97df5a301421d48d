"""The options of the mode's operation, and the card that explains the one under the pointer."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from editor.operations.base import Operation, Param
from editor.ui.panels.fields import Fields, explanation
from editor.ui.widgets import Card, Section


class Options(Section):
    """Signals: changed(Operation)."""

    changed = Signal(object)

    def __init__(
        self, operation: type[Operation], title: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(title or operation.label, "Reset", parent)
        self._operation = operation
        self._fields = Fields(operation)
        self._card = Card()
        self.add(self._fields)
        self.add(self._card)
        self._fields.explained.connect(self.explain)
        self._fields.changed.connect(self.changed)
        self.triggered.connect(self._reset)
        if self._fields.params:
            self.explain(self._fields.params[0])
        else:
            self._card.hide()

    def operation(self) -> Operation:
        value: Operation = self._fields.value()
        return value

    def set_operation(self, value: Operation) -> None:
        self._fields.set_value(value)

    @Slot(object)
    def explain(self, one: Param) -> None:
        self._card.set_text(self.tr(one.caption), self.tr(explanation(one)))

    @Slot()
    def _reset(self) -> None:
        self._fields.set_value(self._operation())
        self.changed.emit(self.operation())
