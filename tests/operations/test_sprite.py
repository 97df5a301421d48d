from dataclasses import replace

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.image import Point, Size
from editor.engine.matte import matte
from editor.engine.sprite import Route
from editor.engine.step import last
from editor.operations import CutSprite, LayOut, Scene, Steer, WalkPath
from editor.operations.sprite import frame_of, read_key
from editor.operations.steer import angles, ways
from tests.creature import AROUND, GREEN, HEIGHT, WIDTH, floor, place, running
from tests.footage import InMemory

CPU = Device("cpu", 1)


@pytest.fixture(scope="module")
def green():
    return InMemory(running())


def cut(footage, operation=None, **more):
    scene = Scene(footage.frame(0), clip=footage, **more)
    return last((operation or CutSprite()).steps(scene, CPU))


@pytest.fixture(scope="module")
def sprite(green):
    return replace(cut(green).sprite, mirrored=True)


def test_the_ways_it_goes_are_those_of_the_clip(sprite):
    """It runs clockwise: to the right at the top, a round in 40 frames; its mirror image too."""
    found = ways(sprite)
    assert found.counts == angles(sprite)
    assert min(found.counts) > 0
    assert len(found.headings) == sprite.count
    off = np.array(found.headings[2:AROUND]) - 2 * np.pi * np.arange(2, AROUND) / AROUND
    assert np.abs((off + np.pi) % (2 * np.pi) - np.pi).max() < 0.4
    still = replace(sprite, cels=sprite.cels[:1])
    assert np.isnan(ways(still).headings).all()


# ── cut out ──


@pytest.mark.parametrize("below", [GREEN, (128, 128, 128), None])
def test_the_creature_is_cut_out_before_any_backdrop(below):
    found = cut(InMemory(running(AROUND, floor() if below is None else below))).sprite
    assert found.count == AROUND
    assert found.size == Size(WIDTH, HEIGHT)
    for cel in found.cels:
        middle, _ = place(cel.number)
        assert np.hypot(cel.centroid.x - middle.x, cel.centroid.y - middle.y) < 5


def test_the_key_takes_any_other_frame_apart_too(green):
    found = cut(green, CutSprite(last=3))
    assert found.sprite.count == 4
    alpha = matte(green.frame(60), found.key.backdrop, found.key.matting)[..., 3]
    assert 60 < (alpha > 128).sum() < 140


def test_what_was_asked_for_is_done(green):
    found = cut(green, CutSprite(first=5, last=20, mirror=True, tolerance=50.0))
    assert [cel.number for cel in found.sprite.cels] == [*range(5, 21)]
    assert found.sprite.mirrored
    assert found.key.matting.tolerance == 50
    picked = cut(green, CutSprite(**read_key("#14c828"), pick=(10, 50.0, 40.0)))
    assert picked.key.colours == ((0x14, 0xC8, 0x28),)
    assert picked.sprite.cels[0].number == 10


def test_under_the_mask_nothing_is_creature(green):
    hole = np.zeros((HEIGHT, WIDTH), bool)
    hole[:, : WIDTH // 2] = True
    found = cut(green, hole=hole).sprite
    assert all(cel.place.x >= WIDTH // 2 for cel in found.cels)


def test_a_clean_picture_of_the_place_is_taken():
    clip = InMemory(running(3, floor()))  # too short to tell the place by itself
    found = cut(clip, other=floor())
    assert found.key.backdrop.is_plate
    assert found.sprite.count == 3


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (CutSprite(first=90), "after the out point"),
        (CutSprite(last=90), "the clip has frames 0 to 79"),
        (CutSprite(pick=(85, 1.0, 1.0)), "picked in frame 85"),
        (CutSprite(colours=((0, 0, 300),)), "300"),
    ],
)
def test_what_cannot_be_is_said(green, operation, why):
    with pytest.raises(ValueError, match=why):
        cut(green, operation)


def test_without_a_clip_or_a_creature_it_says_so(green):
    with pytest.raises(ValueError, match="open a clip"):
        last(CutSprite().steps(Scene(green.frame(0)), CPU))
    empty = InMemory(np.full((6, HEIGHT, WIDTH, 3), GREEN, np.uint8))
    with pytest.raises(ValueError, match="no whole object"):
        cut(empty)


@pytest.mark.parametrize("text", ["", "green", "#12345", "#12345g", "#123456,", "auto,#123456"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match="is no key"):
        read_key(text)


def test_keys_are_read():
    assert read_key("difference") == {"key": "difference", "colours": ()}
    assert read_key("#00ff10,#112233")["colours"] == ((0, 255, 16), (17, 34, 51))


# ── steer ──


def stage(sprite, **more):
    return Scene(np.zeros((300, 400, 4), np.uint8), sprite=sprite, **more)


def test_the_control_steers_over_the_picture(sprite):
    control = last(Steer(sigma=0.5, seed=3).steps(stage(sprite), CPU))
    assert control.stage[2:] == (400, 300)
    assert (control.sigma, control.seed) == (0.5, 3)
    state = control.start(Point(20, 20))
    for _ in range(200):
        state = control.next_frame(state, Point(350, 250))
    assert np.hypot(state.x - 350, state.y - 250) < 3 * control.length


def test_a_walk_keeps_to_the_path_and_is_as_long_as_asked(sprite):
    route = Route((Point(50, 50), Point(350, 50), Point(350, 250)), closed=True)
    walk = last(WalkPath(seconds=8).steps(stage(sprite, route=route), CPU))
    assert len(walk.states) == 1 + 8 * 25
    away = [walk.path.distance(state.point) / walk.control.length for state in walk.states]
    assert np.median(away) < 1


def test_with_freedom_another_seed_is_another_film(sprite):
    scene = stage(sprite, route=Route((Point(50, 50), Point(350, 250))))
    films = [
        [state.pose for state in last(WalkPath(sigma=9.0, seed=seed).steps(scene, CPU)).states]
        for seed in (1, 1, 2)
    ]
    assert films[0] == films[1] != films[2]


def test_one_thread_or_two_and_the_same_seed_are_the_same_film(sprite):
    route = Route((Point(50, 50), Point(350, 250)))
    films = [
        last(WalkPath(seconds=2, sigma=1.0, seed=2).steps(stage(sprite, route=route), device))
        for device in (CPU, Device("cpu", 2))
    ]
    assert films[0].states == films[1].states


def test_without_a_sprite_or_a_path_it_says_so(sprite):
    with pytest.raises(ValueError, match="cut a creature"):
        last(Steer().steps(Scene(np.zeros((9, 9, 3), np.uint8)), CPU))
    with pytest.raises(ValueError, match="no path"):
        last(WalkPath().steps(stage(sprite), CPU))


def test_a_sheet_is_laid_out(sprite):
    laid = last(LayOut(scale=50).steps(stage(sprite), CPU))
    assert len(laid.places) == sprite.count
    assert laid.scale == 0.5


def test_a_picture_becomes_a_frame_in_8_bits():
    deep = np.full((2, 3, 4), 65535, np.uint16)
    assert frame_of(deep, alpha=False).tolist() == np.full((2, 3, 3), 255).tolist()
    grey = np.full((2, 3), 0.5, np.float32)
    assert frame_of(grey, alpha=True).shape == (2, 3, 4)
