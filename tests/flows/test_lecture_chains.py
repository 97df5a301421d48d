"""Someone shows chains in a lecture: the weather, Shannon's text, and a clip that becomes one."""

from fractions import Fraction
from itertools import pairwise

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.ui.lecture import video_chain
from editor.ui.lecture.shannon_board import Gaze
from editor.ui.lecture.word_button import WordButton
from editor.ui.modes import MODES
from editor.ui.theme import DARK, LIGHT, apply
from tests.pendulum import pendulum

_LONG = 30_000


class Lecturer:
    def __init__(self, hand, page):
        self.hand = hand
        mode = hand.window.mode
        self.stage = hand.window._doings["lecture"].stage()
        self.stage.choose(page)
        if mode.name != "lecture":
            hand.window.choose_mode(next(one for one in MODES if one.name == "lecture"))
        self.wait()

    @property
    def page(self):
        return self.stage.page

    def wait(self):
        """Until all is recorded."""
        self.hand.qtbot.waitUntil(
            lambda: self.hand.parts.session.idle and not self.stage.player.growing, timeout=_LONG
        )

    def press(self, caption, group="Try this"):
        one = next(t for t in self.page.tries if (t.caption, t.group) == (caption, group))
        words = self.stage._texts.currentWidget()
        button = next(b for b, t in words._buttons if t is one)
        assert isinstance(button, WordButton)
        button.click()
        self.wait()

    def grab(self):
        return self.page.grab().toImage()


@pytest.fixture
def shannon(hand):
    return Lecturer(hand, "shannon")


@pytest.fixture
def weather(hand):
    return Lecturer(hand, "weather")


def colours_of(image):
    return {
        image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 5)
    }


# ── Shannon's text ──


def test_a_text_grows_from_newtons_without_anything_open(shannon):
    page = shannon.page
    [sample] = page.samples
    assert page.count == len(sample) == 300
    assert sample.grams.order == 3
    assert "Light" in sample.grams.source.text
    shannon.stage.go_to(120)
    assert page.said() == "n = 3, letter 121 of 300"
    QTest.keyClick(shannon.stage, Qt.Key.Key_Right)
    assert page.moment == 121
    assert not shannon.stage.player.playing


def test_nought_to_six_in_a_row(shannon):
    shannon.press("0 to 6 in a row")
    orders = [one.grams.order for one in shannon.page.samples]
    assert orders == [0, 1, 2, 3, 4, 5, 6]
    bits = [one.entropy for one in shannon.page.samples]
    assert bits == sorted(bits, reverse=True)
    assert len(shannon.page.chapters) == 6
    shannon.stage.go_to(0)
    QTest.keyClick(shannon.stage, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert shannon.page.said().startswith("n = 1, letter 1 of")


def test_words_and_letters_and_seeds(shannon):
    first = shannon.page.samples[0].text
    shannon.press("Words, n = 2")
    assert shannon.page.samples[0].grams.source.unit == "words"
    shannon.press("3", "Letters, n =")
    assert shannon.page.samples[0].text == first  # played twice it is the same
    shannon.press("Another seed")
    assert shannon.page.samples[0].text != first
    shannon.press("26 letters")
    assert shannon.page.samples[0].text.replace(" ", "").isupper()


def test_a_text_of_ones_own_is_opened_pasted_or_dropped(shannon, tmp_path, monkeypatch):
    path = tmp_path / "rhyme.txt"
    path.write_text("the rain it raineth every day " * 5, "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    shannon.press("Open…", "Text")
    assert shannon.page.about == "rhyme.txt"
    assert set(shannon.page.samples[0].text) <= set("the rain it raineth every day\n")

    QGuiApplication.clipboard().setText("upon the just and unjust fellow " * 5)
    shannon.press("Paste", "Text")
    assert shannon.page.about == "Pasted text"
    assert set(shannon.page.samples[0].text) <= set("upon the just and unjust fellow\n")

    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path))])
    drop(shannon.page, content)
    shannon.wait()
    assert shannon.page.about == "rhyme.txt"
    shannon.press("Newton", "Text")
    assert "Light" in shannon.page.samples[0].grams.source.text


def drop(page, content):
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        content,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)


def test_a_text_that_is_none_is_said_in_one_sentence(shannon, tmp_path):
    QGuiApplication.clipboard().setText("")
    shannon.press("Paste", "Text")
    assert shannon.page.samples == ()
    assert "too few different letters" in shannon.hand.shown()[-1]
    path = tmp_path / "photo.txt"
    path.write_bytes(b"\x89PNG\0\0\0")
    shannon.page.read_file(path)
    shannon.wait()
    assert shannon.hand.shown()[-1] == "photo.txt cannot be opened: it is no text."
    shannon.press("Newton", "Text")
    assert shannon.page.count == 300


def test_a_letter_under_the_pointer_shows_what_else_could_have_come(shannon):
    stage, page = shannon.stage, shannon.page
    stage.go_to(200)
    shannon.grab()
    number, corner, passage = page._board._grown[0]
    box = passage.boxes(50, 51)[0]
    gaze = page._board.at(corner + box.center())
    assert gaze == Gaze(number, 50)
    with shannon.hand.qtbot.waitSignal(page.looked):
        QTest.mouseMove(page, (corner + box.center()).toPoint())
    assert page._gaze == gaze
    before = shannon.grab()
    QTest.mouseMove(page, QPoint(page.width() - 3, page.height() - 3))
    assert page._gaze is None
    assert shannon.grab() != before


# ── the weather ──


def test_the_share_of_rain_settles(weather):
    walked = weather.page.record
    assert weather.page.count == 365
    assert walked.limit == pytest.approx([2 / 3, 1 / 3])
    assert walked.shares[-1, 1] == pytest.approx(1 / 3, abs=0.1)
    weather.stage.go_to(9)
    assert weather.page.said().startswith("Day 10 of 365: ")


def test_the_chance_that_is_marked_is_changed(weather):
    page = weather.page
    weather.press("+5 %", "The chance marked")
    assert page.settings.chances[0] == pytest.approx((0.75, 0.25))
    assert not any(page.holds(one) for one in page.tries)
    weather.press("Next", "The chance marked")
    assert page.marked == (1, 0)
    weather.press("−5 %", "The chance marked")
    assert page.settings.chances[1] == pytest.approx((0.35, 0.65))
    weather.press("Fair")
    assert page.marked == (0, 1)
    assert page.record.limit == pytest.approx([2 / 3, 1 / 3])


def test_the_wheel_over_a_chance_turns_it(weather):
    page = weather.page
    weather.grab()
    middle = page._board._cells[1, 1].center()
    wheel = QWheelEvent(
        middle,
        QPointF(page.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page, wheel)
    weather.wait()
    assert page.marked == (1, 1)
    assert page.settings.chances[1] == pytest.approx((0.35, 0.65))


def test_there_are_never_two_days_of_sun_in_oz(weather):
    weather.press("Land of Oz")
    states = weather.page.record.states.tolist()
    assert set(states) == {0, 1, 2}
    assert (0, 0) not in set(pairwise(states))
    assert weather.page.record.limit == pytest.approx([0.2, 0.4, 0.4])


# ── a clip ──


@pytest.fixture
def video(hand, tmp_path):
    path = tmp_path / "pendulum.mp4"
    last(write_clip(path, pendulum(50, 20), Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    return Lecturer(hand, "video")


def test_the_open_clip_becomes_a_chain_step_by_step(video):
    page, record = video.page, video.page.record
    assert record.total == 50
    assert page.about == "pendulum.mp4, 50 frames"
    assert page.chapters == record.begins[1:]
    video.stage.go_to(record.begins[1] + 9)
    assert page.said() == "Row 10"
    arcs = [{j for j, _ in record.texture.arcs.of(i)} for i in range(50)]
    walk = record.walk.tolist()
    assert all(j in arcs[i] for i, j in pairwise(walk) if arcs[i])
    video.stage.go_to(page.count - 1)
    assert page.said() == f"Plays frame {walk[-1] + 1}"


def test_without_dynamics_other_jumps_are_kept(video):
    with_them = video.page.record.texture.arcs.jumps()
    video.press("Without dynamics")
    assert video.page.record.texture.settings.taps == 0
    assert video.page.record.texture.arcs.jumps() != with_them
    video.press("As in the paper")
    assert video.page.record.texture.arcs.jumps() == with_them


def test_with_no_clip_open_one_of_the_samples_is_shown(hand, tmp_path, monkeypatch):
    path = tmp_path / "swing.mp4"
    last(write_clip(path, pendulum(30, 12), Fraction(25), ClipOptions(95), overwrite=True))
    monkeypatch.setattr(video_chain, "_CLIPS", {"swing": ("Swing", "It swings.")})
    monkeypatch.setattr(video_chain, "bundled", lambda name: str(tmp_path / f"{name}.mp4"))
    lecturer = Lecturer(hand, "video")
    assert lecturer.page.about == "Swing, 30 frames"
    assert lecturer.page.record.walk is not None
    [own] = [one for one in lecturer.page.tries if one.caption == "The open clip"]
    assert not lecturer.page.holds(own)


def test_where_there_is_no_clip_at_all_the_board_says_so(hand, monkeypatch):
    monkeypatch.setattr(video_chain, "_CLIPS", {})
    lecturer = Lecturer(hand, "video")
    assert lecturer.page.count == 0
    assert lecturer.page.nothing
    assert hand.shown()[-1] == "This is a picture: open a clip to see its chain."
    assert len(colours_of(lecturer.grab())) > 1


# ── all of them ──


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_every_page_is_painted_in_both_themes(video, qapp, theme):
    apply(qapp, theme)
    for name, tries in (
        ("video", ()),
        ("weather", ("Land of Oz",)),
        ("shannon", ("Words, n = 2",)),
    ):
        video.stage.choose(name)
        video.wait()
        for caption in ("", *tries):
            if caption:
                video.press(caption)
            seen = []
            for part in range(5):
                video.stage.go_to(video.page.count * part // 5)
                seen.append((video.page.said(), video.grab()))
            assert all((a[0] != b[0]) == (a[1] != b[1]) for a, b in pairwise(seen))
            assert len(colours_of(video.grab())) > 10
    apply(qapp, DARK)


def test_the_projector_follows(shannon):
    shannon.stage.change_projector()
    try:
        shannon.stage.go_to(77)
        board = shannon.stage.projector.page
        assert board.moment == 77
        assert board.samples is shannon.page.samples
        shannon.page._see(Gaze(0, 20))
        assert board._gaze == Gaze(0, 20)
        assert len(colours_of(board.grab().toImage())) > 10
    finally:
        shannon.stage.change_projector()
