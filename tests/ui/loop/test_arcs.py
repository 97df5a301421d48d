"""The arcs over the timeline: which are drawn, where they lie, which one is pointed at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from editor.engine.video_loops import judged
from editor.engine.video_texture import Settings
from editor.ui.loop.arcs import Arcs, Strip, arcs_of, curves, heights, nearest, qualities
from editor.ui.loop.cells import Cells
from tests.ui.loop.samples import Film, Found, found_in

STRIP = Strip(left=10, width=1000, count=100)
TWO = Arcs(np.array([80, 30]), np.array([20, 50]), np.array([0.9, 0.2]), 2)


def test_arcs_are_jumps_that_the_texture_keeps(found: Found) -> None:
    kept = {(i, j): chance for i, j, chance in found.texture.arcs.jumps()}
    arcs = arcs_of(found.texture)
    drawn = [arcs.jump(at) for at in range(len(arcs))]
    assert drawn
    assert len(set(drawn)) == len(drawn)
    assert [kept[jump] for jump in drawn] == arcs.chances.tolist()
    assert arcs.total == len(kept)
    assert arcs.find(drawn[-1]) == len(drawn) - 1
    assert arcs.find((5, 6)) is None


def test_no_more_than_so_many_and_the_forced_ones_first(film: Film) -> None:
    forced = (70, 33)
    texture = found_in(film, Settings(sigma=0.5, forced=frozenset({forced}))).texture
    arcs = arcs_of(texture, 3)
    assert len(arcs) == 3 < arcs.total
    assert arcs.jump(0) == forced


def test_of_a_bundle_the_best_is_drawn(found: Found) -> None:
    """In a clip of 640 frames, ten neighbours share an arc."""

    class Long:
        count = 640
        settings = found.texture.settings
        C = np.full((640, 640), 9.0, np.float32)
        arcs = replace(
            found.texture.arcs,
            first=np.clip(np.arange(641) - 200, 0, 10),
            targets=np.arange(100, 110, dtype=np.int32),
            chances=np.full(10, 0.5),
        )

    Long.C[204, 104] = 1
    arcs = arcs_of(Long())
    assert [arcs.jump(at) for at in range(len(arcs))] == [(204, 104)]


def test_an_arc_stands_on_its_frames_and_rises_with_its_span() -> None:
    x, y = curves(TWO, STRIP, base=200, room=100)
    assert x[0, 0] == pytest.approx(STRIP.x(80))
    assert x[0, -1] == pytest.approx(STRIP.x(20))
    assert y[:, [0, -1]] == pytest.approx(200)
    assert y.min(axis=1) == pytest.approx(200 - heights(TWO, STRIP, 100), abs=0.1)
    rise = heights(TWO, STRIP, 100)
    assert 100 > rise[0] > rise[1] > 0
    short = Strip(10, 1000, 100, longest=20)
    assert heights(TWO, short, 100) == pytest.approx(100)


def test_frames_and_places_agree() -> None:
    assert [STRIP.frame(STRIP.x(n)) for n in range(100)] == list(range(100))
    assert (STRIP.frame(-50), STRIP.frame(5000)) == (0, 99)


def test_the_nearest_arc_within_reach() -> None:
    top = 200 - heights(TWO, STRIP, 100)
    place = TWO, STRIP, 200, 100
    assert nearest(*place, STRIP.x(50), top[0] + 3, 6) == 0
    assert nearest(*place, STRIP.x(40), top[1] - 3, 6) == 1
    assert nearest(*place, STRIP.x(50), top[0] - 10, 6) is None
    empty = Arcs(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    assert nearest(empty, STRIP, 200, 100, 50, 50, 6) is None


def test_how_good_they_are_is_the_engines_judgement(found: Found) -> None:
    cells = Cells(found.distances, found.texture)
    turn, half = Arcs(np.array([60, 60]), np.array([41, 50]), np.ones(2)), (60, 50)
    words = qualities(turn, cells, judged)
    assert words[0] in ("perfect", "good")
    assert words[1] == judged(cells.cost(half), cells.neighbours)[1] == "poor"
