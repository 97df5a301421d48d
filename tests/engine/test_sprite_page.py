"""The script of the page does what the program does: run in Qt's JavaScript, without a browser."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtQml import QJSEngine

from editor.engine.image import Point, Rect
from editor.engine.sprite_costs import tables, transitions
from editor.engine.sprite_page import page_data
from editor.engine.sprite_poses import Perspective, poses
from editor.engine.sprite_sheet import sheet
from editor.engine.steer import Control, State
from editor.engine.step import last
from editor.resources import resource
from tests.engine.test_steer import star

ATOB = """
function atob(text) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let bits = 0, held = 0, out = "";
  for (const letter of text.replace(/=/g, "")) {
    held = (held << 6) | letters.indexOf(letter);
    bits += 6;
    if (bits >= 8) { bits -= 8; out += String.fromCharCode((held >> bits) & 255); }
  }
  return out;
}
"""


@pytest.fixture(scope="module")
def film():
    sprite = replace(star(run=6, rest=20), mirrored=True)
    found = poses(sprite, perspective=Perspective(0.0005, 400))
    control = Control(last(tables(found, last(transitions(sprite, found)))), Rect(0, 0, 1000, 800))
    return control, last(sheet(sprite, 0.5))


@pytest.fixture
def script(film, qapp):
    engine = QJSEngine()
    told = json.dumps(page_data(*film))
    for part in (ATOB, resource("page", "follow.js").read_text("utf-8")):
        assert not engine.evaluate(part).isError()
    run = engine.evaluate(f"var data = unpacked({told}); data.count")
    assert run.toInt() == film[0].tables.poses.count, run.toString()
    return engine


def asked(engine, expression):
    result = engine.evaluate(f"JSON.stringify({expression})")
    assert not result.isError(), result.toString()
    return json.loads(result.toString())


def test_the_page_goes_where_the_program_goes(film, script):
    control, _ = film
    rng = np.random.default_rng(5)
    for _ in range(200):
        state = State(
            int(rng.integers(control.tables.poses.count)), *rng.uniform(0, 900, 2),
            resting=bool(rng.integers(2)),
        )  # fmt: skip
        target = Point(*(state.point + rng.normal(0, 40, 2)))
        expected = control.next_frame(state, target)
        here = {"pose": state.pose, "x": state.x, "y": state.y, "resting": state.resting}
        there = {"x": target.x, "y": target.y}
        found = asked(script, f"nextFrame(data, {json.dumps(here)}, {json.dumps(there)}, 0)")
        assert (found["pose"], found["resting"]) == (expected.pose, expected.resting)
        assert (found["x"], found["y"]) == pytest.approx(expected.point, abs=1e-3)


def test_it_walks_to_the_pointer_and_stays(film, script):
    run = """
      (() => {
        let state = { pose: 0, x: 100, y: 100, resting: false };
        const target = { x: 800, y: 600 };
        const away = [];
        for (let n = 0; n < 500; n++) {
          state = nextFrame(data, state, target, 0.5);
          away.push(Math.hypot(target.x - state.x, target.y - state.y));
        }
        return [away[0], away[100], away[499], state.resting];
      })()
    """
    begin, later, end, resting = asked(script, run)
    assert begin > later > end
    assert end < 3 * film[0].length
    assert resting


def test_with_freedom_chance_decides(film, script):
    script.evaluate("data.sigma = 1000")
    drawn = asked(
        script, "[...Array(50).keys()].map((n) => choose(data, 3, 1, false, (n + 0.5) / 50))"
    )
    control = replace(film[0], sigma=1000.0)
    row = control.tables.transitions.arcs[3]
    assert len(set(drawn)) > 3
    assert set(drawn) <= set(row.tolist())


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_cel_is_drawn_about_its_centroid_on_whole_pixels(film, script, mirrored):
    script.evaluate("""
      var calls = {};
      var context = {};
      for (const name of ["setTransform", "drawImage"])
        context[name] = (...given) => calls[name] = given.filter((one) => one !== null);
    """)
    _, laid = film
    pose = 4 + mirrored * len(laid.places)
    script.evaluate(f"draw(context, data, null, {{ pose: {pose}, x: 300, y: 400 }}, 2)")
    calls = asked(script, "calls")
    across, _, _, scale, left, top = calls["setTransform"]
    assert across == (-scale if mirrored else scale)
    assert (left, top) == (round(left), round(top))
    x, y = laid.pivots[4]
    assert (left + across * x, top + scale * y) == pytest.approx((600, 800), abs=0.51)
    assert calls["drawImage"] == [*laid.places[4], 0, 0, *laid.places[4][2:]]


BROWSER = """
  var clock = 0, heard = {}, frame = null;
  var performance = { now: () => clock };
  var drawing = {
    setTransform: () => {}, clearRect: () => {}, drawImage: () => {},
  };
  var canvas = { getContext: () => drawing, dataset: {}, classList: { add: () => {} } };
  var window = {
    innerWidth: 900, innerHeight: 700, devicePixelRatio: 1,
    matchMedia: () => ({ matches: false }),
    addEventListener: (name, told) => { heard[name] = told; },
    requestAnimationFrame: (told) => { frame = told; },
  };
  data.rate = 100; // quick on its feet
  begin(data, null, canvas);
  function nearest(x, y, seconds) {
    let best = Infinity;
    for (const until = clock + 1000 * seconds; clock < until;) {
      clock += 40;
      frame(clock);
      best = Math.min(best, Math.hypot(canvas.dataset.x - x, canvas.dataset.y - y));
    }
    return best;
  }
"""


def test_left_alone_it_goes_to_one_place_after_another(film, script):
    assert not script.evaluate(BROWSER).isError()
    for chance, x, y in ((0, 135, 105), (1, 765, 595), (0, 135, 105)):
        script.evaluate(f"Math.random = () => {chance}")
        assert asked(script, f"nearest({x}, {y}, 10)") < 3 * film[0].length


def test_led_it_does_not_wander_before_long(film, script):
    assert not script.evaluate(BROWSER).isError()
    script.evaluate("Math.random = () => 1")
    script.evaluate("heard.pointermove({ clientX: 200, clientY: 200 })")
    assert asked(script, "nearest(200, 200, 5)") < 3 * film[0].length
    away = np.hypot(765 - 200, 595 - 200)
    assert asked(script, "nearest(765, 595, 1)") > away - 5 * film[0].length
    assert asked(script, "nearest(765, 595, 9)") < 3 * film[0].length


def test_a_creature_that_leaves_for_good_comes_in_at_the_other_side(film, script):
    stage = {"width": 800, "height": 600}
    script.evaluate(f"var state = {{ x: 300, y: 700, gone: 0 }}, stage = {json.dumps(stage)}")
    script.evaluate("for (let n = 1; n < 1.5 * 30; n++) state = comeBack(data, state, stage)")
    assert asked(script, "state.y") == 700
    script.evaluate("state = comeBack(data, state, stage)")
    assert asked(script, "[state.x, state.y]") == pytest.approx((300, -film[0].length), abs=1e-3)
    script.evaluate("state = comeBack(data, { x: 300, y: 20, gone: 30 }, stage)")
    assert asked(script, "[state.y, state.gone]") == [20, 0]
