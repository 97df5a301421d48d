"""The page with a sprite, in a real browser: it follows what points at it, and needs nobody else.

The pictures that the tests look at stay in pytest's own folder, to be looked at by a person too.
"""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from editor.engine.cv import cv2
from editor.engine.image import Rect
from editor.engine.sprite_costs import tables, transitions
from editor.engine.sprite_poses import poses
from editor.engine.sprite_sheet import sheet
from editor.engine.steer import Control
from editor.engine.step import last
from editor.writing_sprites import page
from tests import chromium
from tests.engine.test_steer import star

browser = chromium.found()
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the pipe of a browser is made elsewhere"),
    pytest.mark.skipif(browser is None, reason="there is no Chromium on this machine"),
]

AT = "document.querySelector('canvas').dataset"
NOTHING = np.zeros((600, 800, 4), np.uint8)


@pytest.fixture(scope="module")
def film():
    """A creature that is quick on its feet, so that nobody waits for it."""
    sprite = replace(star(run=10, rest=20), mirrored=True, rate=Fraction(150), source="dart.mp4")
    found = poses(sprite)
    control = Control(last(tables(found, last(transitions(sprite, found)))), Rect(0, 0, 800, 600))
    return control, last(sheet(sprite))


@pytest.fixture(scope="module")
def chrome(tmp_path_factory) -> Iterator[chromium.Page]:
    assert browser is not None
    with chromium.page(browser, tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def shown(film, chrome, tmp_path) -> Iterator[chromium.Page]:
    """The page, in a window of 800 × 600, without a network."""
    page(tmp_path / "dart.html", *film, NOTHING)
    chrome.resize(800, 600)
    chrome.requests.clear()
    chrome.open(tmp_path / "dart.html")
    chrome.until(f"{AT}.x")
    yield chrome
    chrome.prefer(color_scheme="light")
    assert not chrome.complaints


def place(chrome) -> tuple[float, float]:
    told = json.loads(chrome.run(f"JSON.stringify({AT})"))
    return float(told["x"]), float(told["y"])


def comes_to(chrome, x, y, near):
    """Wait until it is there; how far it was away before."""
    away = math.dist(place(chrome), (x, y))
    chrome.until(f"(at => Math.hypot(at.x - {x}, at.y - {y}) < {near})({AT})")
    return away


def seen(chrome, keep: Path):
    """Where the creature is seen in a picture of the page, and the picture."""
    keep.write_bytes(chrome.screenshot())
    picture = cv2.cvtColor(cv2.imread(str(keep)), cv2.COLOR_BGR2RGB)
    ys, xs = np.nonzero(np.ptp(picture.astype(int), axis=2) > 60)
    return (xs.mean(), ys.mean()), picture


def test_it_follows_the_mouse(film, shown, tmp_path):
    length = film[0].length
    for number, (x, y) in enumerate([(100, 100), (700, 120), (650, 500), (120, 480)]):
        shown.point(x, y)
        away = comes_to(shown, x, y, length)
        assert away > 6 * length  # or it would have had nowhere to go
        # It rests there, or takes a few steps between two looks at it.
        found, _ = seen(shown, tmp_path / f"at {number}.png")
        assert math.dist(found, (x, y)) < 3 * length


def test_it_follows_a_finger(film, shown):
    length = film[0].length
    shown.touch((300, 300), (500, 200), (690, 110))
    comes_to(shown, 690, 110, length)
    shown.touch((90, 500))
    comes_to(shown, 90, 500, length)


def test_it_wanders_until_somebody_points(shown):
    x, y = place(shown)
    shown.until(f"(at => Math.hypot(at.x - {x}, at.y - {y}) > 60)({AT})")
    hint = "getComputedStyle(document.querySelector('p')).opacity"
    assert shown.run(hint) == "1"
    shown.point(50, 50)
    shown.until(f"{hint} == 0")


def test_who_wants_no_motion_is_left_alone(film, shown, tmp_path):
    shown.prefer(reduced_motion="reduce")
    shown.open(tmp_path / "dart.html")
    shown.until(f"{AT}.x")
    x, y = place(shown)
    shown.run("new Promise(done => { let n = 30; const one = () => n-- ? requestAnimationFrame(one)"
              " : done(); one(); })")  # fmt: skip
    assert math.dist(place(shown), (x, y)) < film[0].length
    shown.point(100, 100)
    comes_to(shown, 100, 100, film[0].length)


def test_nothing_is_fetched_and_nothing_can_be(shown):
    assert shown.requests
    assert {one.partition(":")[0] for one in shown.requests} == {"file", "data"}
    refused = "fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')"
    assert shown.run(refused) == "refused"
    assert any("Content Security Policy" in one for one in shown.complaints)
    shown.complaints.clear()


def test_it_is_where_it_says_it_is_on_any_screen(film, shown, tmp_path):
    for number, (width, height, pixels) in enumerate([(360, 640, 2.0), (1200, 500, 1.0)]):
        shown.resize(width, height, pixels)
        shown.until(f"innerWidth == {width} && document.querySelector('canvas').width"
                    f" == {width * pixels}")  # fmt: skip
        shown.point(width - 60, height - 80)
        comes_to(shown, width - 60, height - 80, film[0].length)
        found, picture = seen(shown, tmp_path / f"screen {number}.png")
        assert picture.shape[:2] == (height * pixels, width * pixels)
        assert math.dist(np.array(found) / pixels, (width - 60, height - 80)) < 3 * film[0].length


def test_it_comes_back_into_a_smaller_window(film, shown):
    shown.point(780, 580)
    comes_to(shown, 780, 580, film[0].length)
    shown.resize(400, 300)
    shown.until(f"(at => at.x < 420 && at.y < 320)({AT})")


@pytest.mark.parametrize(("scheme", "grey"), [("light", 0xE7), ("dark", 0x26)])
def test_its_ground_is_as_the_person_likes_it(shown, tmp_path, scheme, grey):
    shown.prefer(color_scheme=scheme)
    _, picture = seen(shown, tmp_path / f"{scheme}.png")
    assert picture[2, 2].tolist() == [grey] * 3


def test_over_a_picture(film, chrome, tmp_path):
    ground = np.full((600, 800, 3), (40, 60, 50), np.uint8)
    page(tmp_path / "dart.html", *film, ground)
    chrome.resize(800, 600)
    chrome.open(tmp_path / "dart.html")
    chrome.until(f"{AT}.x")
    chrome.point(200, 200)
    comes_to(chrome, 200, 200, film[0].length)
    found, picture = seen(chrome, tmp_path / "over.png")
    assert np.abs(picture[2, 2].astype(int) - (40, 60, 50)).max() < 6
    assert math.dist(found, (200, 200)) < 3 * film[0].length
