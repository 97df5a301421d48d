"""The window: where everything stands, and how what one part says reaches the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from editor.filing import Filing
from editor.model.commands import image_steps, image_swaps
from editor.model.document import Changed, Document
from editor.news import Shown, Working
from editor.operations import Operation, Steer, WalkPath
from editor.session import Session
from editor.ui.action_bar import ActionBar
from editor.ui.actions import Actions, key_text
from editor.ui.canvas import Canvas
from editor.ui.clipboard import files_in
from editor.ui.doings import (
    EditDoings,
    FileDoings,
    FilterDoings,
    GuideDoings,
    ImageDoings,
    MaskDoings,
    ModeDoings,
    ToolDoings,
    VariationDoings,
    ViewDoings,
)
from editor.ui.gallery import Gallery
from editor.ui.header import Header
from editor.ui.messages import Messages
from editor.ui.modes import MODES, Mode
from editor.ui.panel import Panel
from editor.ui.panels.along import AlongPanel
from editor.ui.panels.beside import BesidePanel
from editor.ui.panels.guides import GuidesPanel
from editor.ui.panels.history import HistoryPanel
from editor.ui.panels.labels import LabelsPanel
from editor.ui.panels.mask import MaskPanel
from editor.ui.panels.options import Options
from editor.ui.panels.pieces import PiecesPanel
from editor.ui.panels.regions import RegionsPanel
from editor.ui.panels.restore import RestorePanel
from editor.ui.panels.size import SizePanel
from editor.ui.panels.variations import VariationsPanel
from editor.ui.rail import Rail
from editor.ui.status import Status
from editor.ui.tab_order import go_on
from editor.ui.tool_bar import ToolBar
from editor.ui.widgets import Notices

if TYPE_CHECKING:
    from editor.files.settings import Settings
    from editor.ui.loop.plan import Means

_WARM_UP_AFTER = (
    400  # ms: loading compilers takes the interpreter's lock, and the window comes first
)


class Window(QMainWindow):
    def __init__(
        self,
        session: Session,
        filing: Filing,
        settings: Settings,
        means_of_loops: Callable[[], Means],
    ) -> None:
        super().__init__()
        self.session, self.filing, self.settings = session, filing, settings
        self.setWindowTitle("Patina")
        self.setAcceptDrops(True)
        self.mode: Mode = MODES[0]
        self._working: Working | None = None  # what the engine is at
        self.copied_from: Document | None = None  # another document, in place of the current one
        self.means_of_loops = means_of_loops
        self.canvas = Canvas()
        self.gallery = Gallery(session)
        self.actions_ = Actions(self, self.canvas, settings.get("keys", {}))
        self._lay_out()
        self.notices = Notices(self._stage)
        self.messages = Messages(self.notices, session, self)
        self.files, self.edit = FileDoings(self), EditDoings(self)
        self.image, self.view = ImageDoings(self), ViewDoings(self)
        self.filters, self.masks = FilterDoings(self), MaskDoings(self)
        self.variations, self.guides = VariationDoings(self), GuideDoings(self)
        self.tools = ToolDoings(self)
        self._doings = {mode.name: mode.doings(self, mode) for mode in MODES}
        menus = (self.files, self.edit, self.image, self.filters, self.view, self.masks)
        for doings in (*menus, self.variations, *self._doings.values()):
            self.actions_.connect_to(doings)
        self.actions_["recent"].setMenu(self.files.recent_menu())
        self.actions_["show_mask"].setChecked(self.canvas.overlay_visible)
        self._connect()
        self.choose_mode(self.mode)
        self._show_document(None)

    # ── what stands where ──

    def _lay_out(self) -> None:
        self.header = Header()
        self.menus = self.actions_.fill(self.header.menus)
        self.setMenuWidget(self.header)
        self.rail = Rail(MODES)
        kinds = dict.fromkeys(tool for mode in MODES for tool in mode.tools)
        first = [mode.tools[0] for mode in MODES if mode.begins_with]
        tools = [kind() for kind in sorted(kinds, key=lambda kind: kind not in first)]
        for tool in tools:
            tool.settings = tool.Settings.from_dict(self.settings.get(f"tools.{tool.name}", {}))
        self.tool_bar = ToolBar(tools)
        self._stage = Middle()
        self._stage.addWidget(self.gallery)
        self._stage.addWidget(self.canvas)
        self.action_bar = ActionBar(self.canvas)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tool_bar)
        column.addWidget(self._stage, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(middle, 1)
        self.panel = self._make_panel()
        row.addWidget(self.panel)
        self.status = Status()
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(body, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)

    def _make_panel(self) -> Panel:
        self.size_panel = SizePanel()
        self.restore_panel = RestorePanel()
        self.mask_panel = MaskPanel(self.actions_)
        self.guides_panel = GuidesPanel()
        self.pieces_panel = PiecesPanel()
        self.regions_panel = RegionsPanel()
        self.labels_panel = LabelsPanel()
        self.beside_panel = BesidePanel()
        self.along_panel = AlongPanel()
        self.variations_panel = VariationsPanel()
        self.steer_options = Options(WalkPath, self.tr(Steer.label))
        self.history_panel = HistoryPanel()
        sections: dict[str, QWidget] = {
            "size": self.size_panel,
            "pieces": self.pieces_panel,
            "restore": self.restore_panel,
            "mask": self.mask_panel,
            "guides": self.guides_panel,
            "regions": self.regions_panel,
            "labels": self.labels_panel,
            "beside": self.beside_panel,
            "along": self.along_panel,
            "variations": self.variations_panel,
            "steer": self.steer_options,
        }
        return Panel(sections, self.history_panel, self._remembered)

    def _remembered(self, operation: type[Operation]) -> Operation:
        return operation.from_dict(self.settings.get(f"operations.{operation.__name__}", {}))

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)
        session.activated.connect(self._show_document)
        session.working.connect(self._show_working)
        session.results.shown.connect(self._show_preview)
        session.results.choices.connect(self.variations.show)
        session.device_known.connect(self.status.show_device)
        self.filing.restored.connect(self._restore)
        self.filing.recent_changed.connect(self._show_recent)
        self.canvas.gestured.connect(self.gestured)
        self.canvas.hovered.connect(self.status.show_place)
        self.canvas.hovered.connect(self.view.point_at)
        self.canvas.arrow.connect(self.variations.step)
        self.canvas.tapped.connect(self._pause)
        self.guides_panel.changed.connect(self.guides.edit)
        self.guides_panel.accept_wanted.connect(self.guides.accept)
        self.variations_panel.wanted.connect(self.actions_["variations"].trigger)
        self.variations_panel.chosen.connect(self.variations.look)
        self.variations_panel.taken.connect(self.variations.take_it)
        self.canvas.zoomed.connect(self.status.show_zoom)
        self.header.chosen.connect(session.activate)
        self.header.close_wanted.connect(self.files.close)
        self.rail.chosen.connect(self.choose_mode)
        self.rail.chosen.connect(self.gallery.show_mode)
        self.mask_panel.other_chosen.connect(self._other_chosen)
        self.panel.tuned.connect(self._options_changed)
        self.follow_bar(self.action_bar)
        self.gallery.open_wanted.connect(self.files.do_open)
        self.gallery.path_wanted.connect(self.filing.open)
        self.gallery.sample_wanted.connect(self.files.open_sample)
        self.gallery.recover_wanted.connect(self.files.recover)
        self.gallery.forget_wanted.connect(self.files.forget)
        QTimer.singleShot(0, self, self._show_recent)

    def follow_bar(self, bar: ActionBar) -> None:
        """Do what is pressed on it."""
        bar.go_wanted.connect(self.edit.do_go)
        bar.keep_wanted.connect(self._keep)
        bar.stop_wanted.connect(self._stop)
        bar.pause_wanted.connect(self._pause)

    @Slot()
    def _keep(self) -> None:
        if not self.session.keep():
            self.doing.keep()

    @Slot()
    def _stop(self) -> None:
        if not self.session.stop():
            self.doing.leave()

    @Slot()
    def _pause(self) -> None:
        if not self.session.pause():
            self.doing.resume()

    # ── modes ──

    @Slot(object)
    def choose_mode(self, mode: Mode) -> None:
        self.mode = mode
        self.rail.choose(mode)
        self.panel.choose(mode)
        self.actions_["go"].setText(self.tr(mode.operation.label))
        self.arrange()
        self.show_go()
        self.tool_bar.offer(mode.tools, mode.taken)
        if mode.begins_with:
            self.tools.choose(mode.begins_with)
        self.mask_panel.offer(mode.paints)
        self.guides_panel.teach(self.tr(mode.lines))
        self.canvas.paints = mode.paints
        self.canvas.lines_visible = bool(mode.lines)
        if mode.paints and self.tools.paint.plane not in mode.paints:
            self.tools.set_paint(self.mask_panel.paint(mode.paints[0]))
        self.guides.suggest()
        self.enable()

    @property
    def doing(self) -> ModeDoings:
        """What the mode does."""
        return self._doings[self.mode.name]

    @property
    def options(self) -> Options:
        """Those of the mode."""
        return self.options_of(self.mode.name)

    @property
    def settled(self) -> bool:
        """Whether everything is drawn as it should be."""
        return self.canvas.settled and self.doing.settled

    def options_of(self, name: str) -> Options:
        return self.panel.options_of(name)

    def arrange(self) -> None:
        """What stands in the middle: the gallery, the canvas or the stage of the mode."""
        document = self.session.current
        for doing in self._doings.values():
            if doing is not self.doing:
                doing.show(None)
        self.doing.show(document)
        shown = (
            self.gallery if document is None and not self.doing.starts_empty else self.doing.stage()
        )
        hidden = shown is self.gallery or self.actions_["panels"].isChecked()
        beside = {self.panel: self.doing.has_options, self.tool_bar: self.doing.paints}
        for part, wanted in beside.items():
            if hidden or not wanted:
                part.hide()  # what goes goes first: both at once could make the window wider
        if self._stage.indexOf(shown) < 0:
            self._stage.addWidget(shown)
        self._stage.setCurrentWidget(shown)
        for part, wanted in beside.items():
            part.setVisible(wanted and not hidden)
        self.tools.show_hint()
        if shown is not self.gallery:
            shown.setFocus()

    @Slot()
    def show_go(self) -> None:
        """What Enter does now, and how far it is what could go on."""
        label = "Take" if self.variations.choosing else self.doing.label
        paused = self.doing.paused
        for bar in self._bars():
            bar.set_action(self.tr(label), key_text(self.actions_["go"]))
            if not self.session.solving:
                bar.show_paused(None if paused is None else paused.done)

    def _bars(self) -> list[ActionBar]:
        own = (doing.action_bar for doing in self._doings.values())
        return [self.action_bar, *(bar for bar in own if bar is not None)]

    def enable(self) -> None:
        """What is grey."""
        known = facts(self.session.current, self.tools.paint.plane)
        self.actions_.enable(known | {f"in {self.mode.name}"} if known else known)

    @Slot(object)
    def _other_chosen(self, other: Document | None) -> None:
        self.copied_from = other

    @Slot(object)
    def _options_changed(self, operation: Operation) -> None:
        self.settings.set(f"operations.{type(operation).__name__}", operation.to_dict())
        self.doing.tuned(operation)

    @Slot(object)
    def gestured(self, result: object) -> None:
        if isinstance(result, Operation):
            self.doing.start(self.doing.completed(result))
        elif result is not None:
            self.session.push(result)  # type: ignore[arg-type]

    # ── documents ──

    @Slot(object)
    def _opened(self, document: Document) -> None:
        document.renamed.connect(self._refresh)
        document.renamed.connect(self.show_go)
        document.found.connect(self.show_go)
        document.forgotten.connect(self.show_go)
        document.changed.connect(self._changed)
        document.reshaped.connect(self._reshaped)
        document.history.changed.connect(self._stepped)

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        """A mended place is judged without stripes over it; a mask in the making has them."""
        if self.sender() is not self.session.current:
            return  # what was begun before another document came to the front
        self.canvas.hatched = changed.plane != "image"
        self.variations.forget()
        self.view.forget_field()

    @Slot()
    def _reshaped(self) -> None:
        """It is another picture, of another size perhaps."""
        if self.sender() is not self.session.current:
            return
        self.canvas.hatched = False
        self.variations.forget()
        self.view.forget_field()
        self.status.show_document(self.session.current)

    @Slot()
    def _stepped(self) -> None:
        """Once its fill is undone a mask is one in the making again."""
        document = self.session.current
        if document is None or self.sender() is not document.history:
            return
        if document.masked and document.history.last_written("image", "mask") != "image":
            self.canvas.hatched = True

    @Slot(object)
    def _closed(self, document: Document) -> None:
        self.guides.forget(document)
        self._refresh()

    @Slot(object)
    def _show_document(self, document: Document | None) -> None:
        self.variations.forget()
        self.view.forget_field()
        self.canvas.set_document(document)
        if document is not None and not self.mode.suits(document):
            self.choose_mode(next(one for one in MODES if one.suits(document)))
        else:
            self.arrange()
        self.history_panel.show_document(document)
        self.guides.follow(document)
        self.status.show_document(document)
        self.tools.show_hint()
        if self._working is not None:
            self._show_working(self._working)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Tabs, title and what is grey: read from the documents as they are now."""
        document = self.session.current
        self.header.show_documents(self.session.documents, document)
        title = "Patina"
        if document is not None:
            title = f"{document.title}{'' if document.history.saved else ' •'} — Patina"
        self.setWindowTitle(title)
        others = [one for one in self.session.documents if one is not document]
        if self.copied_from not in others:
            self.copied_from = None
        self.mask_panel.show_others(others, self.copied_from)
        self.enable()
        self.view.show_before()

    @Slot(object)
    def _show_working(self, working: Working | None) -> None:
        self._working = working
        elsewhere = ""
        if working is not None and working.document is not self.session.current:
            known = working.document in self.session.documents
            elsewhere = working.document.title if known else self.tr(working.label)
        for bar in self._bars():
            bar.show_working(working, elsewhere)
        if working is None:
            self.show_go()

    @Slot(object)
    def _show_preview(self, shown: Shown) -> None:
        if shown.document is self.session.current:
            self.canvas.show_preview(shown.value)

    @Slot(object, object)
    def _restore(self, document: Document, settings: dict[str, Any]) -> None:
        """A project opens in the mode it was left in, with the options it was made with."""
        left_in = next((one for one in MODES if one.name == settings.get("mode")), None)
        if left_in is not None and left_in is not self.mode and left_in.suits(document):
            self.choose_mode(left_in)
        operations = settings.get("operations", {})
        for mode in MODES if isinstance(operations, dict) else ():
            values = operations.get(mode.operation.__name__)
            if isinstance(values, dict):
                self._doings[mode.name].restore(mode.operation.from_dict(values))

    @Slot()
    def _show_recent(self) -> None:
        self.gallery.show_recent(self.settings.recent())
        self.files.fill_recent_menu()

    def end(self) -> None:
        """The program ends: nothing plays any more."""
        for doing in self._doings.values():
            doing.end()

    def project_settings(self) -> dict[str, Any]:
        """What a project remembers of the window."""
        operations = self.panel.operations.values()
        return {
            "mode": self.mode.name,
            "operations": {type(one).__name__: one.to_dict() for one in operations},
        }

    # ── Qt ──

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(_WARM_UP_AFTER, self._warm_up)

    @Slot()
    def _warm_up(self) -> None:
        warmed = (mode.operation for mode in MODES if not mode.loads_late)
        self.session.warm_up(*warmed, Steer)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        return go_on(self, forwards)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.files.may_quit():
            event.accept()
        else:
            event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if files_in(data) or data.hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.files.take_in(event.mimeData())
        event.acceptProposedAction()


class Middle(QStackedWidget):
    """Needs as much room as what is shown in it, however wide the others are."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return QSize() if shown is None else shown.minimumSizeHint()


def facts(document: Document | None, plane: str) -> frozenset[str]:
    """What is true now, in the words of the actions' needs; ``plane`` is the mask painted on."""
    if document is None:
        return frozenset()
    history, shape = document.history, document.plane("image").shape
    found = {
        "document": True,
        "mask": document.painted(plane),
        "cover": document.painted(plane) and plane != "labels",
        "any cover": plane != "labels",
        "undo": history.at > 0,
        "redo": history.at < len(history.states) - 1,
        "edited": bool(image_steps(document)),
        "copies": any(swap.origins is not None for swap in image_swaps(document)),
        "alpha": plane != "labels" and len(shape) == 3 and shape[2] == 4,
    }
    return frozenset(name for name, true in found.items() if true)
