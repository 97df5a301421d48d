"""What was painted before the program was killed is offered at the next start, and only then."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from editor.app import Parts
from tests.flows.conftest import Hand

_PAINTS_AND_IS_KILLED = """
import os, signal, sys
import numpy as np
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from editor.app import Parts, application

app = application()
parts = Parts(app)
parts.window.resize(800, 600)
parts.window.show()
document = parts.session.add(np.full((90, 120, 3), 77, np.uint8), "lake.png")
app.processEvents()
for _ in range(2):
    QTest.mouseClick(parts.window.canvas, Qt.MouseButton.LeftButton)
while not parts.session.idle:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
np.save(sys.argv[1], document.mask)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def lost(tmp_path, home):
    """The mask that somebody painted in a session that was killed."""
    mask = tmp_path / "mask.npy"
    ended = subprocess.run(
        [sys.executable, "-c", _PAINTS_AND_IS_KILLED, str(mask)],
        env={**os.environ, "PATINA_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    return np.load(mask)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_it_is_offered_and_comes_back_with_its_mask(lost, hand):
    assert lost.any()
    gallery = hand.window.gallery
    hand.parts.look_for_recovery()
    hand.rest()
    [found] = gallery.recoverable
    assert found.title == "lake.png"

    gallery.recover_wanted.emit(found)
    hand.rest()
    assert hand.document.title == "lake-recovered.png"
    assert (hand.document.mask == lost).all()
    assert not hand.document.history.saved
    assert gallery.recoverable == []

    hand.key("Ctrl+W")
    hand.answer("Discard")
    hand.parts.look_for_recovery()
    hand.rest()
    assert gallery.recoverable == []


def test_what_was_discarded_on_purpose_does_not_come_back(qapp, qtbot, home, scratched):
    hand = Hand(Parts(qapp), qtbot)
    hand.window.show()
    hand.open(scratched)
    hand.drag((80, 30), (80, 60))
    hand.parts.session.close_document(hand.document)
    assert hand.parts.end() == 0

    later = Parts(qapp)
    later.look_for_recovery()
    qtbot.waitUntil(lambda: later.session.idle)
    assert later.window.gallery.recoverable == []
    assert later.end() == 0
