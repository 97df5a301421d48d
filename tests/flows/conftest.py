"""The whole program with its window, in a home of its own that starts empty."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from editor.app import Parts

_LONG = 30_000  # ms, after which something hangs


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATINA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def parts(qapp, qtbot, home) -> Iterator[Parts]:
    parts = Parts(qapp)
    parts.window.resize(1280, 720)
    with qtbot.waitExposed(parts.window):
        parts.window.show()
    yield parts
    parts.window.files._quitting = True
    parts.window.close()
    parts.session.stop()
    # What is being compiled cannot be left, and the program would end without it: with all tests.
    qtbot.waitUntil(lambda: parts.session.idle, timeout=60_000)
    assert parts.end() == 0


@pytest.fixture
def hand(parts, qtbot) -> "Hand":
    return Hand(parts, qtbot)


@pytest.fixture
def scratched(tmp_path: Path) -> Path:
    """A smooth picture with a bright scratch down the middle."""
    height, width = 120, 160
    y, x = np.mgrid[0:height, 0:width]
    ramp = np.dstack([60 + x * 0.5, 80 + y * 0.5, 100 + (x + y) * 0.2]).astype(np.uint8)
    ramp[20:100, 79:82] = 255
    path = tmp_path / "scratched.png"
    Image.fromarray(ramp).save(path)
    return path


class Hand:
    """What a person does: opens, drags over the picture, presses keys, and looks."""

    def __init__(self, parts: Parts, qtbot) -> None:
        self.parts, self.qtbot = parts, qtbot
        self.window, self.canvas = parts.window, parts.window.canvas

    @property
    def document(self):
        return self.parts.session.current

    def open(self, path: Path) -> None:
        before = len(self.parts.session.documents)
        self.parts.filing.open(path)
        self.qtbot.waitUntil(lambda: len(self.parts.session.documents) > before, timeout=_LONG)
        self.rest()

    def drag(self, *points: tuple[float, float], button=Qt.MouseButton.LeftButton) -> None:
        """Draw a line through these places of the picture."""
        places = [self.canvas.place_of(x, y) for x, y in points]
        QTest.mousePress(self.canvas, button, pos=places[0])
        for place in places[1:]:
            for part in range(1, 9):
                step = places[0] + (place - places[0]) * (part / 8)
                QTest.mouseMove(self.canvas, QPoint(step))
            places[0] = place
        QTest.mouseRelease(self.canvas, button, pos=places[-1])
        self.rest()

    def move(self, place: tuple[float, float]) -> None:
        QTest.mouseMove(self.canvas, self.canvas.place_of(*place))
        self.rest()

    def tune(self, **values: object) -> None:
        """Set options of the tool in hand."""
        tool = self.window.tool_bar.tool
        tool.settings = tool.Settings.from_dict({**tool.settings.to_dict(), **values})

    def key(self, keys: str) -> None:
        QTest.keySequence(self.window, QKeySequence(keys))
        self.rest()

    def rest(self) -> None:
        """Wait until nothing is being done any more."""
        self.qtbot.waitUntil(lambda: self.parts.session.idle, timeout=_LONG)

    def shown(self) -> list[str]:
        """The messages over the canvas."""
        return [notice.text for notice in self.window.notices.shown()]

    def answer(self, caption: str) -> None:
        """Press a button of the last message."""
        from editor.ui.widgets import PillButton

        buttons = self.window.notices.shown()[-1].findChildren(PillButton)
        QTest.mouseClick(
            next(one for one in buttons if one.text() == caption), Qt.MouseButton.LeftButton
        )
        self.rest()
