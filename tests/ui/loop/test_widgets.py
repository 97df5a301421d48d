"""Screen, timeline, matrix, list, inspector and steering, each by itself, by mouse and by key."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from editor.engine.image import Point, Rect, Size
from editor.engine.video_loops import judged
from editor.ui.loop.arcs import Arcs, arcs_of, qualities
from editor.ui.loop.cells import Cells
from editor.ui.loop.drawing import tick
from editor.ui.loop.inspector import GAIN, Inspector, Pair, compared
from editor.ui.loop.loop_list import LoopList
from editor.ui.loop.matrix import Matrix
from editor.ui.loop.pictures import Sight, image_of
from editor.ui.loop.plan import Place, Planned
from editor.ui.loop.renderer import Made
from editor.ui.loop.screen import FullScreen, Screen
from editor.ui.loop.steer import Steer
from editor.ui.loop.timeline import Timeline
from editor.ui.loop.transport import Transport, clock
from editor.ui.theme import DARK
from tests.ui.loop.samples import SIZE, Film, Found

LEFT, NONE, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget, int, int], Any]:
    def show(widget: QWidget, width: int, height: int) -> Any:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        return widget

    return show


def heard(signal: Any) -> list[Any]:
    told: list[Any] = []
    signal.connect(lambda *words: told.append(words[0] if len(words) == 1 else words))
    return told


def roll(widget: QWidget, at: QPoint, angle: int) -> None:
    event = QWheelEvent(
        QPointF(at), widget.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, angle),
        Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


# ── screen ──


def made_of(frame: np.ndarray, sight: Sight) -> Made:
    part = Rect(0, 0, frame.shape[1], frame.shape[0])
    mix = SimpleNamespace(first=0, second=0, weight=0.0)
    return Made(Planned(mix, Place(0)), image_of(frame), part, sight)


def test_the_screen_shows_pixels_as_they_are(shown: Any, film: Film) -> None:
    screen = shown(Screen(), 160, 120)
    screen.show_clip(SIZE)
    screen.zoom_to(1.0)
    screen.show_made(made_of(film.frames[4], screen.sight))
    image = screen.grab().toImage()
    left, top = (round(number) for number in screen.view.to_screen(Point(0, 0)))
    assert left == 80 - 24
    assert top < 60 - 16  # below the frame is room for the action bar
    for x, y in ((0, 0), (40, 10), (47, 31)):
        assert image.pixelColor(left + x, top + y).getRgb()[:3] == tuple(film.frames[4][y, x])
    assert image.pixelColor(left - 1, top) == QColor(DARK.canvas)
    assert image.pixelColor(left + 48, top) == QColor(DARK.canvas)


def test_zooming_stops_at_100_percent_on_the_way(shown: Any) -> None:
    screen = shown(Screen(), 400, 300)
    screen.show_clip(SIZE)
    screen.zoom_to(0.9)
    screen.zoom_by(1.25)
    assert screen.scale == 1
    screen.zoom_by(1.25)
    assert screen.scale == 1.25


def test_without_a_clip_there_is_nothing_to_zoom(shown: Any) -> None:
    screen = shown(Screen(), 400, 300)
    before = screen.view
    screen.fit()
    screen.zoom_by(2)
    screen.pan_by(3, 4)
    assert screen.view == before


def test_on_the_whole_monitor_a_frame_reaches_the_edge(shown: Any) -> None:
    over = shown(Screen(), 100, 100)
    full = FullScreen(over)
    full.resize(480, 320)
    full.show_clip(SIZE)
    assert full.scale == pytest.approx(480 / SIZE.width)


def test_the_wheel_zooms_at_the_pointer_and_a_double_click_fits(shown: Any) -> None:
    screen = shown(Screen(), 400, 300)
    screen.show_clip(SIZE)
    told = heard(screen.sight_changed)
    before = screen.scale
    at = QPoint(150, 120)
    under = screen.sight.view.to_image(150, 120)
    roll(screen, at, 240)
    assert screen.scale > before
    assert screen.sight.view.to_image(150, 120) == pytest.approx(under, abs=0.5)
    QTest.mouseDClick(screen, LEFT, NONE, at)
    assert screen.scale == before
    assert told[-1] == screen.sight
    screen.resize(800, 600)
    assert screen.scale > before


def test_a_click_is_no_drag(shown: Any) -> None:
    screen = shown(Screen(), 400, 300)
    screen.show_clip(SIZE)
    clicks = heard(screen.clicked)
    QTest.mouseClick(screen, LEFT, NONE, QPoint(50, 50))
    view = screen.sight.view
    QTest.mousePress(screen, LEFT, NONE, QPoint(50, 50))
    QTest.mouseMove(screen, QPoint(90, 70))
    QTest.mouseRelease(screen, LEFT, NONE, QPoint(90, 70))
    assert len(clicks) == 1
    assert (screen.sight.view.x, screen.sight.view.y) == (view.x - 40, view.y - 20)


# ── timeline ──


@pytest.fixture
def timeline(shown: Any, film: Film, found: Found) -> Timeline:
    line = shown(Timeline(), 932, 180)
    line.show_clip(film.clip)
    arcs = arcs_of(found.texture)
    cells = Cells(found.distances, found.texture)
    line.show_arcs(arcs, qualities(arcs, cells, judged))
    return line


def on_film(line: Timeline, frame: float) -> QPoint:
    return QPoint(round(line._strip().x(frame)), round(line._film_top() + 12))


def on_arc(line: Timeline, at: int) -> QPoint:
    from editor.ui.loop.arcs import curves

    xs, ys = curves(line._arcs, line._strip(), line._base(), line._room())
    return QPoint(round(xs[at, 24]), round(ys[at, 24]))


def test_the_playhead_is_dragged(timeline: Timeline) -> None:
    told = heard(timeline.frame_wanted)
    QTest.mousePress(timeline, LEFT, NONE, on_film(timeline, 30))
    QTest.mouseMove(timeline, on_film(timeline, 44))
    QTest.mouseMove(timeline, QPoint(5000, 100))
    QTest.mouseRelease(timeline, LEFT, NONE, QPoint(5000, 100))
    QTest.mouseMove(timeline, on_film(timeline, 3))
    assert told == [30, 44, 89]


def test_in_and_out_points_are_dragged_and_never_cross(timeline: Timeline) -> None:
    timeline.show_frame(50)
    told = heard(timeline.range_changed)
    for start, end in ((-0.5, 20), (89.5, 60), (20 - 0.5, 80)):
        QTest.mousePress(timeline, LEFT, NONE, on_film(timeline, start))
        QTest.mouseMove(timeline, on_film(timeline, end))
        QTest.mouseRelease(timeline, LEFT, NONE, on_film(timeline, end))
    assert told == [(20, 89), (20, 60), (60, 60)]


def test_an_arc_is_pointed_at_and_played(timeline: Timeline) -> None:
    hovered, wanted = heard(timeline.hovered), heard(timeline.jump_wanted)
    place = on_arc(timeline, 0)
    QTest.mouseMove(timeline, place)
    QTest.mouseClick(timeline, LEFT, NONE, place)
    QTest.mouseMove(timeline, QPoint(4, 4))
    assert hovered[-1] is None
    assert wanted == [hovered[0]]


def test_arcs_are_reached_by_key(timeline: Timeline) -> None:
    hovered, wanted = heard(timeline.hovered), heard(timeline.jump_wanted)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(timeline, key)
    first, second = timeline._arcs.jump(0), timeline._arcs.jump(1)
    assert hovered == [first, second, first]
    assert wanted == [first]


@pytest.mark.parametrize(("quality", "colour"), [("good", DARK.accent), ("poor", DARK.warning)])
def test_an_arc_has_the_colour_of_its_quality(
    timeline: Timeline, quality: str, colour: str
) -> None:
    one = Arcs(np.array([70]), np.array([10]), np.ones(1), 1)
    timeline.show_arcs(one, [quality], frozenset({(70, 10)}))
    at = on_arc(timeline, 0)
    image = timeline.grab().toImage()
    column = [image.pixelColor(at.x(), y) for y in range(at.y() - 2, at.y() + 3)]
    wanted = QColor(colour)
    assert min(abs(one.hue() - wanted.hue()) for one in column if one.saturation() > 80) <= 4


def test_the_film_asks_for_as_many_pictures_as_fit(shown: Any, film: Film) -> None:
    line = shown(Timeline(), 632, 180)
    asked = heard(line.thumbnails_wanted)
    line.show_clip(film.clip)
    (frames,) = asked
    assert len(frames) == 10  # 600 px, 60 px each
    assert frames == tuple(sorted(set(frames)))
    line.show_thumbnail(frames[0], image_of(film.frames[frames[0]]))
    red = QImage(8, 8, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))
    line.show_thumbnail(frames[0], red)
    at = on_film(line, 3)
    assert line.grab().toImage().pixelColor(at) == QColor("red")


@pytest.mark.parametrize(
    ("count", "most", "step"), [(10, 10, 1), (90, 12, 10), (260, 12, 50), (1000, 13, 100)]
)
def test_the_ruler_counts_in_round_numbers(count: int, most: int, step: int) -> None:
    assert tick(count, most) == step


# ── matrix ──


@pytest.fixture
def matrix(shown: Any, found: Found) -> Any:
    view = shown(Matrix(), 300, 300)
    view.show_cells(Cells(found.distances, found.texture))
    yield view
    view.close_errands()


def place_in(view: Matrix, i: int, j: int) -> QPoint:
    at = view._box.mapViewToScene(QPointF(j + 0.5, i + 0.5))
    return view.mapFromScene(at)


def test_a_click_on_a_cell_is_its_jump(matrix: Matrix) -> None:
    chosen, hovered = heard(matrix.chosen), heard(matrix.hovered)
    pane = matrix.viewport()
    QTest.mouseMove(pane, place_in(matrix, 60, 40))
    QTest.mouseClick(pane, LEFT, NONE, place_in(matrix, 60, 40))
    QTest.mouseMove(pane, QPoint(1, 1))
    assert chosen == [(60, 40)]
    assert hovered == [(60, 40), None]


def test_a_drag_pans_and_plays_nothing(matrix: Matrix) -> None:
    chosen = heard(matrix.chosen)
    QTest.mousePress(matrix.viewport(), LEFT, NONE, place_in(matrix, 60, 40))
    for far in (5, 20, 30):
        QTest.mouseMove(matrix.viewport(), place_in(matrix, 60, 40) + QPoint(far, 0))
    QTest.mouseRelease(matrix.viewport(), LEFT, NONE, place_in(matrix, 60, 40) + QPoint(30, 0))
    assert chosen == []


def test_cells_are_reached_by_key(matrix: Matrix) -> None:
    chosen = heard(matrix.chosen)
    matrix.show_frame(50)
    QTest.keyClick(matrix, Qt.Key.Key_Left, SHIFT)
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    QTest.keyClick(matrix, Qt.Key.Key_Down)
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    assert chosen == [(51, 39)]


def test_all_of_it_is_seen_at_first_and_after_a_double_click(matrix: Matrix) -> None:
    whole = matrix.view()
    assert whole is not None
    assert (whole.rows, whole.columns, whole.step) == ((0, 90), (0, 90), 1)
    roll(matrix.viewport(), QPoint(150, 150), 480)
    assert matrix.view() != whole
    QTest.mouseDClick(matrix.viewport(), LEFT, NONE, QPoint(150, 150))
    assert matrix.view() == whole
    for width, height in ((500, 220), (220, 500)):
        matrix.resize(width, height)
        assert matrix.view() == whole


def test_its_colours_say_what_is_good(matrix: Matrix) -> None:
    matrix.show_kind("dynamics")
    image = matrix.grab().toImage()
    turn = image.pixelColor(place_in(matrix, 60, 41)).lightness()
    half = image.pixelColor(place_in(matrix, 60, 51)).lightness()
    assert turn > half + 60


def test_a_large_matrix_is_drawn_beside_the_window(shown: Any, qtbot: QtBot) -> None:
    count = 2000
    D = np.ones((count, count), np.float16)
    D[1500:, :100] = 0
    view = shown(Matrix(), 300, 300)
    try:
        view.show_cells(Cells(SimpleNamespace(D=D, neighbours=1.0)))
        assert view._image.image is None
        qtbot.waitUntil(lambda: view._image.image is not None)
        step = view.view().step
        assert view._image.image.shape == (-(-count // step),) * 2
        best = view._image.image == 255
        assert best.sum() == best[-(-1500 // step) :, : -(-100 // step)].sum() > 0
    finally:
        view.close_errands()


def test_pyqtgraph_is_loaded_with_the_first_matrix_only() -> None:
    program = "import sys, editor.ui.loop.stage; assert 'pyqtgraph' not in sys.modules"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


# ── loops ──


@pytest.fixture
def loops(shown: Any, film: Film, found: Found) -> LoopList:
    part = shown(LoopList(), 330, 400)
    part.show_loops(found.loops, film.clip)
    return part


def test_a_row_plays_and_the_button_exports_it(loops: LoopList, found: Found) -> None:
    chosen, exported = heard(loops.loop_chosen), heard(loops.export_wanted)
    rect = loops.list.visualItemRect(loops.list.item(1))
    QTest.mouseClick(loops.list.viewport(), LEFT, NONE, rect.center())
    QTest.mouseClick(loops._export, LEFT)
    QTest.keyClick(loops.list, Qt.Key.Key_Up)
    QTest.keyClick(loops.list, Qt.Key.Key_Return)
    assert chosen == [found.loops[1], found.loops[0]]
    assert exported == [found.loops[1]]


def test_rows_say_everything_to_a_reader(loops: LoopList, found: Found) -> None:
    words = loops.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    loop = found.loops[0]
    assert words.startswith(f"{loop.length} frames, {loop.length / 200:.1f} seconds")
    assert loop.reason in words
    assert loop.reason == loops._why.text()


def test_new_loops_keep_the_marked_one(loops: LoopList, film: Film, found: Found) -> None:
    loops.mark(found.loops[1])
    loops.show_loops(found.loops[1:], film.clip)
    assert loops.loop is found.loops[1]
    loops.show_loops((), film.clip)
    assert loops.loop is None
    assert not loops._export.isEnabled()


# ── inspector ──


def test_the_frames_of_a_jump_are_those_that_must_be_alike(shown: Any) -> None:
    part = shown(Inspector(), 330, 420)
    asked = heard(part.frames_wanted)
    part.show_jump((30, 12), 90)
    part.show_jump((30, 12), 90, "again")
    part.show_jump((89, 3), 90)
    assert asked == [(31, 12), (89, 3)]


def test_a_fade_and_a_verdict_are_told_of_the_jump(shown: Any) -> None:
    part = shown(Inspector(), 330, 420)
    part.show_jump((30, 12), 90, fade=4, verdict="forced")
    fades, verdicts = heard(part.fade_changed), heard(part.verdict_changed)
    QTest.keyClick(part.fade.slider, Qt.Key.Key_Right)
    buttons = part.verdict.findChildren(QWidget)
    QTest.mouseClick(buttons[1], LEFT)
    assert fades == [((30, 12), 5)]
    assert verdicts == [((30, 12), "forbidden")]


def test_pairs_are_compared_in_three_ways(film: Film) -> None:
    a, b = film.frames[3], film.frames[9]
    images = compared(a, b)

    def pixel(name: str) -> np.ndarray:
        image = images[name]
        x, y = image.width() // 2, image.height() // 2
        return np.array(image.pixelColor(x, y).getRgb()[:3], int)

    mean = (pixel("a") + pixel("b")) / 2
    assert pixel("onion") == pytest.approx(mean, abs=1)
    assert pixel("difference") == pytest.approx(
        np.minimum(255, GAIN * abs(pixel("a") - pixel("b"))), abs=1
    )


def test_flipping_moves_only_while_it_is_seen(shown: Any, film: Film) -> None:
    pair = shown(Pair(), 200, 150)
    pair.show_frames(film.frames[0], film.frames[9], "one", "two")
    assert pair.shown() == ("a", "one")
    pair._flip()
    assert pair.shown() == ("b", "two")
    assert pair._timer.isActive()
    pair.hide()
    assert not pair._timer.isActive()
    pair.show()
    pair.show_look("difference")
    assert not pair._timer.isActive()
    assert pair.shown()[0] == "difference"


# ── steering and transport ──


def test_the_range_is_moved_by_its_ends_and_as_a_whole(shown: Any) -> None:
    steer = shown(Steer(), 700, 40)
    steer.set_count(101)
    told = heard(steer.wanted_changed)
    span = steer.span

    def drag(start: int, end: int) -> None:
        for act, frame in ((QTest.mousePress, start), (QTest.mouseRelease, end)):
            if act is QTest.mouseRelease:
                QTest.mouseMove(span, QPoint(round(span._x(end)), 12))
            act(span, LEFT, NONE, QPoint(round(span._x(frame)), 12))

    drag(100, 40)
    drag(20, 50)
    drag(30, 60)
    assert told == [(0, 40), (30, 70), (60, 70)]
    QTest.keyClick(span, Qt.Key.Key_Left)
    QTest.keyClick(span, Qt.Key.Key_Right, SHIFT)
    assert told[3:] == [(58, 68), (58, 70)]


def test_the_mouse_steers_only_if_it_should(shown: Any) -> None:
    steer = shown(Steer(), 700, 40)
    steer.set_count(101)
    steer.span.set_value((0, 20))
    wanted, speeds = heard(steer.wanted_changed), heard(steer.speed_changed)
    steer.point(0.5, 0.5)
    assert (wanted, speeds) == ([], [])
    QTest.mouseClick(steer.mouse, LEFT)
    steer.point(0.5, 0.5)
    steer.point(1.0, 0.0)
    assert wanted == [(40, 60), (80, 100)]
    assert speeds == [pytest.approx(1), pytest.approx(4)]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00.000"), (3.6, "00:03.600"), (3671.0005, "1:01:11.000")]
)
def test_the_time_is_written_as_on_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_without_a_clip_nothing_can_be_pressed(shown: Any, film: Film) -> None:
    transport = shown(Transport(), 900, 46)
    assert not transport.play.isEnabled()
    transport.show_clip(film.clip)
    assert transport.play.isEnabled()
    assert not transport.manner.isEnabled()
    transport.show_manner("clip", choice=True)
    told = heard(transport.manner_changed)
    QTest.mouseClick(transport.manner.findChildren(QWidget)[2], LEFT)
    assert told == ["endless"]


def test_arcs_of_nothing_are_drawn_as_nothing(shown: Any, film: Film) -> None:
    line = shown(Timeline(), 600, 160)
    line.show_clip(film.clip)
    before = line.grab().toImage().copy(0, 30, 600, 130)
    line.show_arcs(Arcs(np.zeros(0, int), np.zeros(0, int), np.zeros(0)), ())
    assert line.grab().toImage().copy(0, 30, 600, 130) == before
    line.show_clip(None)
    line.grab()


def test_sizes_are_those_of_the_clip(shown: Any) -> None:
    screen = shown(Screen(), 400, 300)
    screen.show_clip(Size(1920, 1080))
    assert screen.scale == pytest.approx((400 - 48) / 1920)
