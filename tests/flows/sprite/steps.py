"""What somebody does in Sprite mode, and looks at."""

import itertools

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.engine.image import Point
from editor.ui.modes import MODES
from tests.creature import WIDTH

LONG = 30_000


def in_sprite_mode(hand):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "sprite"))


def stage(hand):
    return hand.window.doing.stage()


def seen(hand, qtbot, **wanted):
    """What the key page shows, when it is as it is wanted."""
    page = stage(hand).key

    def there():
        shown = page.seen
        return shown is not None and all(
            getattr(shown.wanted, name) == value for name, value in wanted.items()
        )

    qtbot.waitUntil(there, timeout=LONG)
    return page.seen


def point_at(hand, at):
    pitch = stage(hand).steer.pitch
    QTest.mouseMove(pitch, pitch.to_widget(at).toPoint())


def saved_as(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def drag(hand, *places, ends=True):
    """Over the stage, with the button down."""
    pitch = stage(hand).steer.pitch
    points = [pitch.to_widget(Point(*place)).toPoint() for place in places]
    QTest.mousePress(pitch, Qt.MouseButton.LeftButton, pos=points[0])
    for one, other in itertools.pairwise(points):
        for part in range(1, 5):
            QTest.mouseMove(pitch, one + (other - one) * (part / 4))
    if ends:
        QTest.mouseRelease(pitch, Qt.MouseButton.LeftButton, pos=QPoint(points[-1]))


def click(hand, place):
    pitch = stage(hand).steer.pitch
    QTest.mouseClick(pitch, Qt.MouseButton.LeftButton, pos=pitch.to_widget(Point(*place)).toPoint())


def press(hand, key):
    QTest.keyClick(stage(hand).steer.pitch, key)


def recorded(hand, frames=30):
    assert "recording" not in stage(hand).exports()
    actor = stage(hand).steer.actor
    hand.window.edit.do_go()
    actor.play(False)
    point_at(hand, Point(WIDTH - 12, 12))
    while actor.taken < frames:
        actor.step()
    hand.window.edit.do_go()
    assert {"recording", "path"} <= set(stage(hand).exports())
    return stage(hand).steer.recording
