"""The front door with a window: makes the application, wires its parts together, runs it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from PySide6.QtCore import QEventLoop, QObject, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import editor
from editor import log
from editor.files.paths import log_folder, recovery_folder, settings_file
from editor.files.settings import Settings
from editor.filing import Filing
from editor.journals import Journals
from editor.news import Told
from editor.resources import resource
from editor.session import Session
from editor.ui import theme
from editor.ui.modes import MODES
from editor.ui.window import Window

if TYPE_CHECKING:
    from editor.ui.loop.plan import Means

_SIZE = QSize(1600, 1000)
_SMALLEST = QSize(960, 600)


def run(files: list[Path]) -> int:
    """Open the window and stay until it is closed; the exit code."""
    app = application()
    parts = Parts(app)
    window = parts.window
    for notice in parts.settings.notices:
        parts.session.told.emit(Told("warning", notice))
    place(window, parts.settings)
    window.show()
    for path in files:
        parts.filing.open(path)
    QTimer.singleShot(0, parts.look_for_recovery)
    app.exec()
    return parts.end()


def screenshot(
    out: Path, mode: str, size: tuple[int, int], files: list[Path], theme_name: str, scale: float
) -> int:
    """Render the window as it looks with these files open, without a screen, and leave."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    app = application()
    parts = Parts(app, theme_name=theme_name)
    window = parts.window
    window.resize(*size)
    window.show()
    window.choose_mode(next(one for one in MODES if one.name == mode))
    for path in files:
        parts.filing.open(path)
    app.processEvents()  # what waits for the first paint begins
    while not (parts.session.idle and window.settled):
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    app.processEvents()  # what came last
    saved = window.grab().save(str(out))
    code = parts.end()
    if not saved:
        print(f"patina: {out}: the picture could not be written", file=sys.stderr)
    return code if saved else 3


def application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Every sample of a fast stroke counts; Qt would merge them.
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
        app = QApplication(sys.argv[:1])
    log.start(log_folder())
    log.follow_qt()
    # The window's thread gets the interpreter's lock back ten times sooner than by default.
    sys.setswitchinterval(0.0005)
    app.setApplicationName("Patina")
    app.setApplicationVersion(editor.__version__)
    app.setDesktopFileName("patina")
    app.setWindowIcon(QIcon(str(resource("patina.svg"))))
    return app


class Parts(QObject):
    """Everything that lives as long as the window, in the order in which it needs each other."""

    _problem = Signal(object)  # from any thread into the window's

    def __init__(self, app: QApplication, theme_name: str | None = None) -> None:
        super().__init__()
        self.settings = Settings(settings_file())
        chosen = theme.Theme.named(theme_name or chosen_theme(self.settings))
        theme.colour(app, chosen)
        kind = self.settings.get("device", "auto")
        self.session = Session(
            device=kind if kind in ("auto", "cpu", "cuda") else "auto",
            threads=max(self.settings.get("threads", 0), 0) or None,
            history_budget=self.settings.get("history_bytes", psutil.virtual_memory().total // 4),
        )
        self.filing = Filing(self.session, self.settings)
        self.journals = Journals(self.session, self.filing, recovery_folder())
        self.window = Window(self.session, self.filing, self.settings, means_of_loops)
        theme.dress(app, chosen)
        self.window.actions_["theme"].setChecked(chosen is theme.LIGHT)
        self._problem.connect(self._tell_problem)
        log.on_problem(self._hear_problem)

    def _hear_problem(self, sentence: str, details: str) -> None:
        self._problem.emit(Told("error", sentence, details))

    @Slot(object)
    def _tell_problem(self, told: Told) -> None:
        self.session.told.emit(told)

    def look_for_recovery(self) -> None:
        """Offer what a session that ended badly has left."""
        from editor.engine.step import Step
        from editor.files.recovery import recoverable

        self.session.at_desk(
            "Look for lost work",
            lambda: iter([Step(1.0, recoverable(recovery_folder()))]),
            self.window.gallery.show_recovery,
            quiet=True,
        )

    def end(self) -> int:
        """Keep what is to be kept and stop the threads; a thread that hangs is left behind."""
        log.on_problem(None)
        self.window.end()
        remember_place(self.window, self.settings)
        for document in self.session.documents:
            self.session.close_document(document)
        self.settings.save()
        if not self.session.shut_down():
            os._exit(0)  # nothing is lost: files are written by then, or not touched at all
        self.window.deleteLater()
        return 0


def means_of_loops() -> Means:
    """What the stage of Loop mode needs of the engine, when it is first shown."""
    from editor.engine.video_blend import cross_fade, mixes
    from editor.engine.video_loops import judged
    from editor.engine.video_regions import FEATHER, laid, soft_covers
    from editor.ui.loop.plan import Means

    return Means(mixes, cross_fade, judged, soft_covers, laid, FEATHER)


def chosen_theme(settings: Any) -> str:
    name = settings.get("theme", "dark")
    return name if name in ("dark", "light") else "dark"


def place(window: Window, settings: Any) -> None:
    """Where it was last time, as far as there is still a screen there."""
    window.setMinimumSize(_SMALLEST)
    remembered = settings.get("window", {})
    screen = window.screen().availableGeometry()
    try:
        size = QSize(int(remembered["width"]), int(remembered["height"]))
        corner = QPoint(int(remembered["x"]), int(remembered["y"]))
    except (KeyError, TypeError, ValueError):
        size, corner = _SIZE, None
    window.resize(size.boundedTo(screen.size()).expandedTo(_SMALLEST))
    if corner is not None and screen.contains(corner):
        window.move(corner)
    if settings.get("maximised", False):
        window.setWindowState(Qt.WindowState.WindowMaximized)


def remember_place(window: Window, settings: Any) -> None:
    if window.isFullScreen():
        return
    settings.set("maximised", window.isMaximized())
    if not window.isMaximized():
        settings.set(
            "window",
            {
                "x": window.x(),
                "y": window.y(),
                "width": window.width(),
                "height": window.height(),
            },
        )
