"""Takes the README's pictures of the window: .venv/bin/python resources/screenshots/take.py"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from editor.app import Parts, application
from editor.ui import theme
from editor.ui.gallery import Sample, samples

HERE = Path(__file__).parent
SIZE = 1600, 1000


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sample = {one.picture.stem: one for one in samples()}
    with tempfile.TemporaryDirectory() as home:
        os.environ["PATINA_HOME"] = home
        app = application()
        parts = Parts(app, theme_name="dark")
        parts.window.resize(*SIZE)
        parts.window.show()
        open_sample(app, parts, sample["lawn"])
        take(parts, "painted.jpg")
        theme.apply(app, theme.LIGHT)
        open_sample(app, parts, sample["wires"])
        parts.window.edit.do_go()
        rest(app, parts)
        parts.window.actions_["split"].setChecked(True)
        parts.window.view.do_split()
        rest(app, parts)
        take(parts, "filled.jpg")
        parts.end()


def open_sample(app: QApplication, parts: Parts, sample: Sample) -> None:
    parts.window.files.open_sample(sample)
    rest(app, parts)


def rest(app: QApplication, parts: Parts) -> None:
    while not (parts.session.idle and parts.window.canvas.settled):
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    app.processEvents()


def take(parts: Parts, name: str) -> None:
    parts.window.grab().save(str(HERE / name), quality=92)


if __name__ == "__main__":
    main()
