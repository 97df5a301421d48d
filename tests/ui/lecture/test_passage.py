import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from editor.ui.lecture.passage import Mark, Passage
from editor.ui.theme import ui_font

TEXT = "The rain it raineth every day.\nUpon the just and unjust fellow."


@pytest.fixture
def passage(qapp):
    return Passage(TEXT, ui_font(16), 140)


def drawn(passage, **how):
    image = QImage(200, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    passage.draw(painter, QPointF(10, 10), "#ffffff", **how)
    painter.end()
    return image


def test_a_letter_is_found_where_it_stands(passage):
    for at in (0, 5, 12, 31, len(TEXT) - 1):
        [box] = passage.boxes(at, at + 1)
        assert passage.at(box.center()) == at


def test_beside_the_text_there_is_nothing(passage):
    assert passage.at(QPointF(5, passage.height + 30)) is None
    assert passage.at(QPointF(139.5, 2)) is None


def test_a_part_over_two_lines_has_a_box_in_each(passage):
    boxes = passage.boxes(0, len(TEXT))
    assert len(boxes) > 3
    assert [box.top() for box in boxes] == sorted(box.top() for box in boxes)


def test_letters_stay_where_they_are_while_the_text_grows(passage):
    part, whole = drawn(passage, until=5), drawn(passage)
    [box] = passage.boxes(0, 5)
    shown = box.translated(10, 10).toRect()
    assert part.copy(shown) == whole.copy(shown)
    assert part != whole
    assert drawn(passage, until=0) == drawn(Passage("", ui_font(16), 140))


def test_a_mark_is_seen_under_its_letters_only(passage):
    red = QColor("#ff0000")
    image = drawn(passage, marks=[Mark(4, 8, red)])
    [box] = passage.boxes(4, 8)
    corner = box.translated(10, 10).topLeft().toPoint()
    assert image.pixelColor(corner.x() + 2, corner.y() + 1) == red
    [beside] = passage.boxes(0, 3)
    corner = beside.translated(10, 10).topLeft().toPoint()
    assert image.pixelColor(corner.x() + 2, corner.y() + 1) != red
