"""The parts of Sprite mode's stage that need no document: the rose, the actor, a picked colour."""

from types import SimpleNamespace

import numpy as np
import pytest

from editor.engine.image import Point, Size
from editor.ui.loop.pictures import image_at
from editor.ui.sprite.actor import Recording, Taken
from editor.ui.sprite.compass import colour_number, mirrored, missing, way_colours
from editor.ui.sprite.key import mean_colour
from editor.ui.sprite.rose import Rose
from editor.ui.sprite.track import pieces_of
from editor.ui.theme import Theme


def recording(points, length=20.0, lasts=0.1):
    taken = tuple(
        Taken((SimpleNamespace(point=Point(*one)),), number, lasts)
        for number, one in enumerate(points)
    )
    return Recording(SimpleNamespace(rate=10), SimpleNamespace(length=length), taken)


def test_a_recording_is_a_path_without_its_trembling():
    route = recording([(0, 0), (0.3, 0.1), (5, 0), (5.2, 0.2), (9, 4)]).route()
    assert route.points == ((0, 0), (5, 0), (9, 4))
    assert not route.closed


def test_a_recording_that_stays_in_its_place_is_no_path():
    with pytest.raises(ValueError, match="two points"):
        recording([(3, 3)] * 4).route()


def test_a_recording_lasts_as_long_as_its_frames():
    assert recording([(0, 0)] * 25).seconds == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("lasts", "seen"), [(0.1, [0, 1, 2, 3]), (0.2, [0, 0, 1, 1, 2, 2, 3, 3]), (0.05, [1, 3])]
)
def test_a_film_of_it_shows_each_frame_when_it_was_seen(lasts, seen):
    """The sprite has 10 frames a second; half as fast it was shown twice as long."""
    assert [one.beneath for one in recording([(0, 0)] * 4, lasts=lasts).film()] == seen


def test_a_picked_colour_is_the_mean_around_the_point_at_the_border_too():
    frame = np.zeros((8, 8, 3), np.uint8)
    frame[:3, :3] = (90, 180, 30)
    assert mean_colour(frame, Point(0.5, 0.5)) == (90, 180, 30)
    frame[:] = 10
    frame[5, 5] = 255
    assert mean_colour(frame, Point(5.5, 5.5))[0] == 20


def test_the_rose_says_what_is_missing():
    rose = Rose()
    rose.show_ways([3.0, 0.0, 1.0, 0.0])
    assert rose.gaps == 2
    assert rose.accessibleName() == "The creature goes 2 of 4 ways"
    rose.resize(176, 176)
    shown = rose.grab().toImage()
    right, below = shown.pixelColor(150, 88), shown.pixelColor(88, 150)
    assert right != below  # a petal to the right, a gap below


def test_a_creature_grows_without_the_colour_of_what_is_clear():
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., :3] = (0, 255, 0)  # clear green around a red square
    pixels[2:6, 2:6] = (255, 0, 0, 255)
    for side in (4, 8, 20):
        image = image_at(pixels, Size(side, side))
        assert (image.width(), image.height()) == (side, side)
        middle = image.pixelColor(side // 2, side // 2)
        assert middle.getRgb() == (255, 0, 0, 255)
        assert all(image.pixelColor(x, side // 2).green() == 0 for x in range(side))
        assert image.pixelColor(0, 0).alpha() == 0


def test_missing_ways_are_named_once():
    def named(*gaps):
        return missing([0.0 if way in gaps else 1.0 for way in range(16)], str)

    assert named(7, 8, 9) == ["left"]
    assert named(5, 6, 7) == ["down left"]
    assert named(1) == ["right"]
    assert named(15, 0, 1, 2, 3, 4, 5) == ["right", "down"]
    assert named() == []


def test_a_mirror_goes_the_other_way():
    counts = [0.0] * 16
    counts[0], counts[3], counts[12] = 5.0, 2.0, 1.0  # right, right and down, up
    both = mirrored(counts)
    assert {way for way, count in enumerate(both) if count} == {0, 8, 3, 5, 12}
    assert both[12] == 2.0


@pytest.mark.parametrize("name", ["dark", "light"])
def test_no_way_is_brighter_than_another(name):
    found = way_colours(Theme.named(name))
    light = [0.3 * c.redF() + 0.59 * c.greenF() + 0.11 * c.blueF() for c in found]
    assert len({c.name() for c in found}) == len(found)
    assert max(light) - min(light) < 0.15
    assert colour_number(0.0) == colour_number(2 * np.pi)


def test_the_track_is_cut_where_it_was_not_seen_or_thrown_out():
    """Frames 0, 1, 2 of one track; 3 was thrown out; 5 begins another track."""
    told = [(0, 0), (0, 1), (0, 2), (0, 4), (1, 5), (1, 6)]
    cels = [SimpleNamespace(track=track, number=number) for track, number in told]
    pieces = pieces_of(cels, [0.0, 0.0, np.nan, 0.0, 0.0, np.pi])
    assert sorted(at for piece in pieces for at in piece) == [0, 1, 4]
    assert pieces[0] == [0]
    assert pieces[-1] == [1]  # it stood still
    assert pieces[colour_number(np.pi)] == [4]
