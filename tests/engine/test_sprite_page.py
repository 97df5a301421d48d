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
    script.evaluate("data.sigma = 300")
    drawn = asked(
        script, "[...Array(50).keys()].map((n) => choose(data, 3, 1, false, (n + 0.5) / 50))"
    )
    control = replace(film[0], sigma=300.0)
    row = control.tables.transitions.arcs[3]
    assert len(set(drawn)) > 3
    assert set(drawn) <= set(row.tolist())


def test_the_cel_is_drawn_about_its_centroid(film, script):
    script.evaluate("""
      var calls = [];
      var context = {};
      for (const name of ["save", "restore", "translate", "scale", "drawImage"])
        context[name] = (...given) => calls.push([name, ...given.filter((one) => one !== null)]);
    """)
    _, laid = film
    count = len(laid.places)
    script.evaluate(f"draw(context, data, null, {{ pose: {count + 4}, x: 300, y: 400 }})")
    calls = {name: given for name, *given in asked(script, "calls")}
    assert calls["translate"] == [300, 400]
    assert calls["scale"][0] < 0 < calls["scale"][1]
    x, y, width, height, left, top, *_ = calls["drawImage"]
    assert (x, y, width, height) == laid.places[4]
    assert (-left, -top) == pytest.approx(laid.pivots[4], abs=1e-3)
