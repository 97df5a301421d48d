"""The four matrices: the engine's numbers, and shades in which the best never vanishes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from skimage.color import rgb2lab

from editor.engine.video_texture import preserve_dynamics
from editor.ui.loop.cells import KINDS, Cells
from editor.ui.loop.shading import colours
from editor.ui.theme import DARK, LIGHT, Theme
from tests.ui.loop.samples import Found

ALL = slice(None)


@pytest.fixture
def cells(found: Found) -> Cells:
    return Cells(found.distances, found.texture)


def test_the_numbers_are_the_engines(cells: Cells, found: Found) -> None:
    np.testing.assert_array_equal(cells.values("distance", ALL, ALL), found.distances.D)
    np.testing.assert_allclose(cells.values("future", ALL, ALL), found.texture.D2, rtol=1e-5)
    P = found.texture.P
    for i, j in ((3, 23), (50, 11), (60, 61)):
        assert cells.at("probability", i, j) == pytest.approx(P[i, j], rel=1e-3, abs=1e-7)
    i, j = 40, 19
    D1 = preserve_dynamics(found.distances.D, found.texture.settings.taps)
    assert cells.at("dynamics", i, j) == pytest.approx(D1[i + 1, j], rel=1e-4)


def test_a_part_is_a_part_of_the_whole(cells: Cells) -> None:
    for kind in KINDS:
        whole = cells.values(kind, ALL, ALL)
        part = cells.values(kind, slice(5, 30), slice(40, 70))
        np.testing.assert_array_equal(part, whole[5:30, 40:70])


def test_without_a_texture_there_are_distances(found: Found) -> None:
    cells = Cells(found.distances)
    assert cells.kinds == ("distance",)
    assert cells.cost((10, 31)) == pytest.approx(float(found.distances.D[11, 31]))
    assert cells.cost((89, 3)) == pytest.approx(float(found.distances.D[89, 3]))


def test_the_cost_of_a_jump_that_cannot_be_judged_is_that_of_its_frames(cells: Cells) -> None:
    assert np.isfinite(cells.cost((88, 0)))


@pytest.mark.parametrize("step", [2, 3, 7, 90])
def test_coarse_shades_are_the_best_of_their_cells(cells: Cells, step: int) -> None:
    for kind in KINDS:
        fine = cells.shades(kind, ALL, ALL)
        coarse = cells.shades(kind, ALL, ALL, step)
        cut = [
            [fine[y : y + step, x : x + step].max() for x in range(0, 90, step)]
            for y in range(0, 90, step)
        ]
        np.testing.assert_array_equal(coarse, cut)


def test_a_light_shade_is_a_good_jump(cells: Cells, found: Found) -> None:
    shades = cells.shades("dynamics", ALL, ALL)
    assert shades[40, 21] > shades[40, 31]  # one turn back, and half a turn
    assert shades[40, 41] == 255  # to go on
    assert shades[89].max() == 0  # nothing can be judged after the last frame
    probable = cells.shades("probability", ALL, ALL)
    assert (probable[:80].max(axis=1) == 255).all()


def test_long_clips_have_half_precision(found: Found) -> None:
    half = replace(found.distances, D=found.distances.D.astype(np.float16))
    shades = Cells(half).shades("distance", ALL, ALL).astype(int)
    assert np.abs(shades - Cells(found.distances).shades("distance", ALL, ALL)).max() <= 1


@pytest.mark.parametrize(("theme", "way"), [(DARK, 1), (LIGHT, -1)])
def test_the_colour_map_is_even_in_lightness(theme: Theme, way: int) -> None:
    lightness = way * rgb2lab(colours(theme)[None] / 255)[0, :, 0]
    steps = np.diff(lightness)
    assert (steps > -0.3).all()  # a colour has 8 bits
    assert lightness[-1] - lightness[0] > 80
    quarters = np.diff(lightness[[0, 64, 128, 191, 255]])
    assert quarters.max() < 1.25 * quarters.min()
