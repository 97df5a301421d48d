"""The clock and the thread behind it: every picture, in order, when it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from editor.engine.image import Rect, Size
from editor.engine.video_blend import cross_fade, loop_mixes
from editor.files.problems import FileProblem
from editor.ui.canvas.view import View
from editor.ui.loop.pictures import Sight, image_of, place_of, scaled, visible
from editor.ui.loop.plan import InOrder, Means, OneLoop, Place
from editor.ui.loop.playing import Playing
from editor.ui.loop.renderer import Made
from tests.ui.loop.samples import SIZE, FakePlayer, Film

PLAIN = Sight(View(), SIZE)
New = Callable[..., tuple[Playing, list[Made]]]


@pytest.fixture
def new(film: Film, means: Means) -> Iterator[New]:
    made: list[Playing] = []

    def make(player: FakePlayer | None = None, clip: object = None) -> tuple[Playing, list[Made]]:
        playing = Playing(clip or film.clip, player or FakePlayer(film), means)
        made.append(playing)
        shown: list[Made] = []
        playing.shown.connect(shown.append)
        playing.look_through(PLAIN)
        return playing, shown

    yield make
    for one in made:
        one.close()


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def numbers(shown: list[Made]) -> list[int]:
    return [made.planned.place.frame for made in shown]


def test_it_shows_one_frame_and_stands_still(new: New, film: Film, qtbot: QtBot) -> None:
    playing, shown = new()
    playing.go(InOrder(0, 89), Place(7))
    qtbot.waitUntil(lambda: bool(shown))
    assert (playing.frame, playing.running) == (7, False)
    np.testing.assert_array_equal(pixels(shown[0].image), film.frames[7])
    assert numbers(shown) == [7]


def test_playing_leaves_nothing_out(new: New, qtbot: QtBot) -> None:
    playing, shown = new()
    playing.go(InOrder(0, 89), Place(80))
    playing.play()
    qtbot.waitUntil(lambda: len(shown) > 30)
    assert numbers(shown)[:31] == [*range(80, 90), *range(21)]


def test_a_loop_fades_as_the_engine_would(new: New, film: Film, qtbot: QtBot) -> None:
    playing, shown = new()
    loop = OneLoop(tuple(range(21, 61)))
    playing.set_fades(6, {})
    playing.go(loop, loop.place(0, before_end=8))
    playing.play()
    qtbot.waitUntil(lambda: len(shown) > 16)
    mixes = loop_mixes(loop.frames, 90, 6)
    for made, mix in zip(shown[:17], [*mixes[-9:], *mixes[:8]], strict=True):
        a, b = film.frames[mix.first], film.frames[mix.second]
        wanted = cross_fade(a, b, mix.weight) if mix.weight else a
        np.testing.assert_array_equal(pixels(made.image), wanted)
    assert sum(made.planned.mix.weight > 0 for made in shown[:17]) == 6


def test_pausing_and_stepping_goes_on_where_it_was(new: New, qtbot: QtBot) -> None:
    playing, shown = new()
    playing.go(InOrder(0, 89), Place(0))
    playing.play()
    qtbot.waitUntil(lambda: len(shown) > 5)
    playing.play(False)
    at = len(shown)
    playing.step()
    qtbot.waitUntil(lambda: len(shown) == at + 1)
    playing.play()
    qtbot.waitUntil(lambda: len(shown) > at + 5)
    assert numbers(shown) == list(range(len(shown)))


def test_a_frame_that_comes_late_is_shown_when_it_comes(new: New, film: Film, qtbot: QtBot) -> None:
    player = FakePlayer(film, missing={12})
    playing, shown = new(player)
    playing.go(InOrder(0, 89), Place(10))
    playing.play()
    qtbot.waitUntil(lambda: playing.late == 1)
    assert numbers(shown) == [10, 11]
    player.missing.clear()
    qtbot.waitUntil(lambda: len(shown) > 4)
    assert numbers(shown)[:5] == [10, 11, 12, 13, 14]
    assert playing.late == 1


def test_another_place_is_not_held_up_by_a_frame_that_does_not_come(
    new: New, film: Film, qtbot: QtBot
) -> None:
    playing, shown = new(FakePlayer(film, missing={12}))
    playing.go(InOrder(0, 89), Place(12))
    playing.go(InOrder(0, 89), Place(50))
    qtbot.waitUntil(lambda: bool(shown))
    assert numbers(shown) == [50]


def test_what_cannot_be_read_is_told(new: New, film: Film, qtbot: QtBot) -> None:
    broken = FileProblem("a.mp4 ends too soon")
    playing, _ = new(FakePlayer(film, missing={3}, problem=broken))
    with qtbot.waitSignal(playing.failed) as told:
        playing.go(InOrder(0, 89), Place(3))
    assert told.args == ["a.mp4 ends too soon"]


def test_another_sight_is_made_anew_and_nothing_is_lost(new: New, film: Film, qtbot: QtBot) -> None:
    playing, shown = new()
    playing.go(InOrder(0, 89), Place(5))
    qtbot.waitUntil(lambda: bool(shown))
    zoomed = Sight(View(2.0), Size(40, 20))
    playing.look_through(zoomed)
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert shown[1].sight == zoomed
    assert numbers(shown) == [5, 5]
    playing.play()
    qtbot.waitUntil(lambda: len(shown) > 6)
    assert numbers(shown)[1:] == list(range(5, 4 + len(shown)))


def test_frames_last_as_long_as_the_file_says(new: New, film: Film, qtbot: QtBot) -> None:
    times = np.array(film.clip.times)
    times[3:] += 0.4
    playing, shown = new(clip=replace(film.clip, times=times, steady=False))
    playing.go(InOrder(0, 89), Place(2))
    qtbot.waitUntil(lambda: bool(shown))
    assert playing._lasts() == pytest.approx(0.405)
    playing.set_speed(2)
    assert playing._lasts() == pytest.approx(0.2025)


def test_the_speed_has_bounds_and_tells_of_a_change_once(new: New) -> None:
    playing, _ = new()
    told: list[float] = []
    playing.speed_changed.connect(told.append)
    for speed in (2, 2, 100, 0):
        playing.set_speed(speed)
    assert told == [2, 8, pytest.approx(0.1)]


def test_what_is_coming_is_told_to_the_player(new: New, film: Film, qtbot: QtBot) -> None:
    player = FakePlayer(film)
    playing, shown = new(player)
    loop = OneLoop(tuple(range(21, 61)))
    playing.set_fades(6, {})
    playing.go(loop, loop.place(0, before_end=12))
    qtbot.waitUntil(lambda: bool(shown))
    number, coming = player.asked[0]
    assert number == 48
    assert number not in coming
    assert {18, 19, 20, 21, 61, 62} <= set(coming)


@pytest.mark.parametrize("ratio", [0.37, 1.0, 2.5])
def test_the_visible_part_covers_the_screen(ratio: float) -> None:
    size, screen = Size(200, 100), Size(90, 60)
    view = View(ratio, x=31.4, y=-12.6)
    part = visible(Sight(view, screen), size)
    place = place_of(part, view)
    whole = place_of(Rect(0, 0, 200, 100), view)
    inside = whole.within(Rect(0, 0, *screen))
    assert inside == place.within(Rect(0, 0, *screen))


def test_a_part_is_scaled_and_large_pixels_are_squares(film: Film) -> None:
    frame = film.frames[0]
    part = Rect(4, 2, 10, 8)
    assert scaled(frame, part, Size(10, 8)).base is not None
    large = scaled(frame, part, Size(80, 64))
    np.testing.assert_array_equal(large[::8, ::8], frame[2:10, 4:14])
    half = scaled(frame, part, Size(5, 4))
    np.testing.assert_allclose(half[0, 0], frame[2:4, 4:6].mean(axis=(0, 1)), atol=0.51)


def test_transparent_frames_stay_transparent() -> None:
    frame = np.zeros((2, 3, 4), np.uint8)
    frame[0, 0] = (200, 100, 50, 255)
    image = image_of(frame)
    assert image.pixelColor(0, 0).getRgb() == (200, 100, 50, 255)
    assert image.pixelColor(1, 1).alpha() == 0
