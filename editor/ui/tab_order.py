"""Where Tab leads: through the window as the eye goes, whatever was made first.

Qt goes from one widget to the next in the order in which they were made. Options, stages and
messages are made when somebody first asks for them, and would all come last.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLayout,
    QMainWindow,
    QScrollArea,
    QWidget,
)


def go_on(window: QWidget, forwards: bool) -> bool:
    """Give the focus to the next stop, or the last one, and bring it into sight."""
    now = window.focusWidget()
    way = list(stops(window, now))
    if not way:
        return False
    at = way.index(now) if now in way else -1 if forwards else 0
    reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
    stop = way[(at + (1 if forwards else -1)) % len(way)]
    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # lists draw their ring then
    stop.setFocus(reason)
    bring_into_sight(stop)
    return True


def stops(parent: QWidget, now: QWidget | None = None) -> Iterator[QWidget]:
    """What Tab stops at; and where it is ``now``, be that a stop or not."""
    for child in in_order(parent):
        if child.isWindow() or not child.isVisible():
            continue
        if child is now or is_stop(child):
            yield child
        yield from stops(child, now)


def is_stop(widget: QWidget) -> bool:
    if not widget.isEnabled() or widget.size().isEmpty() or widget.focusProxy() is not None:
        return False
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is not None and group.exclusive():
        return widget is first_of(group)
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def first_of(group: QButtonGroup) -> QAbstractButton | None:
    """Of several of which one is chosen it is that one; the arrow keys lead to the others."""
    there = [button for button in group.buttons() if button.isVisible() and button.isEnabled()]
    chosen = group.checkedButton()
    return chosen if chosen in there else next(iter(there), None)


def in_order(parent: QWidget) -> list[QWidget]:
    """Its parts as its layout has them; then what it has laid itself, or lies over them."""
    layout = None if isinstance(parent, QMainWindow) else parent.layout()
    laid = [] if layout is None else list(laid_out(layout))
    others = [
        child for child in parent.children() if isinstance(child, QWidget) and child not in laid
    ]
    return laid + sorted(others, key=lambda child: (child.y(), child.x()))


def laid_out(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        assert item is not None
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from laid_out(inner)


def bring_into_sight(widget: QWidget) -> None:
    """Scroll whatever it lies in."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
