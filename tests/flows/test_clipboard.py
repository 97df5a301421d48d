"""Copied, pasted and dropped: pictures and files, as other programs give and take them."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage


@pytest.fixture
def clipboard(qapp):
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


def test_what_is_pasted_is_unsaved_work(hand, clipboard):
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    clipboard.setImage(image)
    hand.key("Ctrl+V")
    document = hand.document
    assert document.title == "Pasted"
    assert document.image.shape == (40, 60, 3)
    assert (document.image == (10, 20, 30)).all()
    assert not document.history.saved
    hand.key("Ctrl+W")
    assert hand.shown() == ["Pasted has changes that are not saved."]


def test_files_that_were_copied_are_opened(hand, clipboard, scratched):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(scratched))])
    clipboard.setMimeData(data)
    hand.key("Ctrl+V")
    assert hand.document.source == scratched


def test_an_empty_clipboard_is_said_to_be_so(hand, clipboard):
    hand.rest()  # what loads behind the window, or the message would be gone by then
    hand.key("Ctrl+V")
    assert hand.shown() == ["There is no picture on the clipboard."]


def test_a_picture_of_another_program_is_dropped(hand):
    data = QMimeData()
    image = QImage(30, 20, QImage.Format.Format_RGBA8888)
    image.fill(QColor(200, 100, 50, 128))
    data.setImageData(image)
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    hand.window.dropEvent(event)
    hand.rest()
    assert (hand.document.image == (200, 100, 50, 128)).all()


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_what_is_copied_comes_back_as_it_was(hand, clipboard, tmp_path, mode):
    chance = np.random.default_rng(3)
    pixels = chance.integers(0, 256, (30, 45, 4), np.uint8)
    pixels[..., 3] = 255  # colours under a veil are rounded on the way
    pixels[:5, :, 3] = 0
    pixels[:5, :, :3] = 0
    whole = Image.fromarray(pixels).convert(mode)
    whole.save(tmp_path / "a.png")
    hand.open(tmp_path / "a.png")
    hand.key("Ctrl+C")
    assert hand.shown() == ["The picture is on the clipboard."]
    hand.key("Ctrl+V")
    back = hand.document.image
    assert back.shape[2] == (4 if mode == "RGBA" else 3)
    assert (back == np.asarray(whole.convert("RGBA" if mode == "RGBA" else "RGB"))).all()
