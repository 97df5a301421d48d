"""What was painted before the program was killed is offered at the next start, and only then."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from editor.app import Parts
from editor.operations import Restore
from editor.ui.modes import MODES
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
    killed(_PAINTS_AND_IS_KILLED, mask, home)
    return np.load(mask)


def killed(does, out, home):
    """Run a session that writes something down and is killed."""
    ended = subprocess.run(
        [sys.executable, "-c", does, str(out)],
        env={**os.environ, "PATINA_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL


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


_PAUSES_AND_IS_KILLED = """
import os, signal, sys
import numpy as np
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from editor.app import Parts, application
from editor.operations import Restore
from editor.ui.modes import MODES

def until(done):
    while not done():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)

app = application()
parts = Parts(app)
window = parts.window
window.resize(800, 600)
window.show()
noisy = np.random.default_rng(3).integers(0, 256, (32, 40, 3), np.uint8)
document = parts.session.add(noisy, "noisy.png")
window.choose_mode(next(mode for mode in MODES if mode.name == "restore"))
window.options.set_operation(Restore(iterations=20_000, automatic=False))
window.doing.go()
until(lambda: window.restore_panel.view.isVisible())
QTest.keyClick(window.canvas, Qt.Key.Key_Space)
until(lambda: document.paused(Restore) is not None)
diary = next(iter(parts.journals._diaries.values()))
until(lambda: diary._begun and not diary._calm.isActive() and parts.session.idle)
np.savez(sys.argv[1], **document.paused(Restore).on.saved)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_what_was_paused_is_recovered_and_can_go_on(tmp_path, home, hand):
    saved = tmp_path / "saved.npz"
    killed(_PAUSES_AND_IS_KILLED, saved, home)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "restore"))
    hand.parts.look_for_recovery()
    hand.rest()
    [found] = hand.window.gallery.recoverable
    hand.window.gallery.recover_wanted.emit(found)
    hand.rest()
    assert hand.window.doing.label == "Go on"
    back = hand.document.paused(Restore).on.saved
    with np.load(saved) as before:
        assert back.keys() == set(before)
        for name in before:
            assert np.array_equal(back[name], before[name]), name
    assert not hand.document.history.saved


def test_a_full_disk_is_told_once_and_protection_comes_back(hand, scratched, home, monkeypatch):
    """The first journal cannot be begun; the next change after that begins one."""
    from editor.files import recovery

    whole = recovery.own_session

    def full(root):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recovery, "own_session", full)
    hand.open(scratched)
    for x in (20, 40):
        hand.drag((x, 30), (x, 60))
    [said] = hand.shown()
    assert said.startswith("scratched.png is not protected from a crash now")
    monkeypatch.setattr(recovery, "own_session", whole)
    hand.drag((60, 30), (60, 60))
    [base] = home.rglob("base-1")
    assert base.stat().st_size > 0


def test_what_cannot_be_protected_anew_is_not_thrown_away(lost, hand, monkeypatch):
    from editor.files import recovery

    whole = recovery.own_session

    def full(root):
        raise OSError(28, "No space left on device")

    hand.parts.look_for_recovery()
    hand.rest()
    [found] = hand.window.gallery.recoverable
    monkeypatch.setattr(recovery, "own_session", full)
    hand.window.gallery.recover_wanted.emit(found)
    hand.rest()
    assert found.folder.exists()
    monkeypatch.setattr(recovery, "own_session", whole)
    hand.drag((20, 20), (40, 20))
    assert not found.folder.exists()
