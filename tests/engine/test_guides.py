"""Guides: what is drawn is kept to, and what cannot be kept to is said."""

import json
from dataclasses import replace

import numpy as np
import pytest

from editor.engine.cv import cv2
from editor.engine.fill import fill
from editor.engine.fill_level import touching
from editor.engine.guided import Follower, fruitful, label_pyramid, tracks, widened
from editor.engine.guides import (
    LINE_COLOURS,
    Guides,
    Line,
    already_drawn,
    check_guides,
    lines_from_json,
    lines_to_json,
    unlike,
)
from editor.engine.image import Point, Rect, Size
from editor.engine.kernels import guided as kernels
from editor.engine.patchmatch import Search
from editor.engine.residuals import residuals
from editor.engine.step import last
from editor.engine.straight import sure
from editor.engine.threads import Crew
from tests.engine.test_fill import filled, hole, noise

LINE = Line(Point(2, 50.5), Point(98, 50.5))


def half_and_half(height=100, width=100, level=50):
    """Dark above a level, light below, with a little noise."""
    image = np.full((height, width, 3), 60, np.uint8)
    image[level:] = 180
    return image + noise(height, width, 3) // 12


def test_json_there_and_back():
    lines = (Line(Point(1, 2.5), Point(30, 40), "#ff0080", 0.5), LINE)
    assert lines_from_json(lines_to_json(lines, "regions.png")) == (lines, "regions.png")
    assert lines_from_json('{"lines": [{"from": [1, 2], "to": [9, 2]}]}') == (
        (Line(Point(1, 2), Point(9, 2)),),
        None,
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"from": [1, 2]}, "line 1 of the guides has fewer than two points"),
        ({"from": [1, 2], "to": [1, 2]}, "a line needs two points that lie apart"),
        ({"from": [1, 2], "to": [3]}, r"has a point \[3\]: it must be \[x, y\]"),
        ({"from": [1, 2], "to": [9, "x"]}, "has a point"),
        ({"from": [1, 2], "to": [9, 2], "width": 3}, "has a key 'width' that means nothing here"),
        ({"from": [1, 2], "to": [9, 2], "weight": 1.5}, "its weight is 1.5, from 0 to 1"),
        ({"from": [1, 2], "to": [9, 2], "colour": "red"}, "its colour is 'red', write it like #"),
        ({"from": [1, 2], "to": [9, 2], "weight": True}, "a weight that is no number"),
        ({"from": [1, 2], "to": [9, float("nan")]}, "its ends must be numbers"),
        (7, "line 1 of the guides must be an object"),
    ],
)
def test_lines_that_mean_nothing_are_refused(line, sentence):
    with pytest.raises(ValueError, match=sentence):
        lines_from_json(json.dumps({"lines": [line]}))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "line 1 of the guides is no JSON"),
        ("[]", "the guides must be an object with labels, lines"),
        ('{"lines": 3}', "the guides hold no list of lines"),
        ('{"labels": 3}', "the labels of the guides are 3: the name of a file"),
        ('{"line": []}', "the guides has a key 'line'"),
    ],
)
def test_files_that_mean_nothing_are_refused(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        lines_from_json(text)


@pytest.mark.parametrize(
    ("guides", "sentence"),
    [
        (Guides((LINE,)), "the line from 2, 50.5 to 98, 50.5 leaves the picture, which is 40 × 60"),
        (Guides(labels=np.zeros((40, 60), np.uint8)), "the labels are 60 × 40 and the picture"),
        (Guides(labels=np.zeros((60, 40), np.int32)), "the labels are int32 with 2 axes"),
        (Guides(labels=np.full((60, 40), 255, np.uint8)), "a label is 255: from 0 to 254"),
    ],
)
def test_guides_of_another_picture_are_refused(guides, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_guides(guides, Size(40, 60))


@pytest.mark.parametrize(
    ("ends", "same"),
    [
        ((10, 52, 90, 54), True),  # drawn by a hand that shook a little
        ((30, 50, 50, 50.5), True),  # along some of it
        ((10, 58, 90, 58), False),
        ((10, 45, 90, 60), False),
        ((50, 10, 50, 90), False),
    ],
)
def test_a_line_beside_one_that_was_found_means_the_same(ends, same):
    ax, ay, bx, by = ends
    assert already_drawn(LINE, [Line(Point(ax, ay), Point(bx, by))]) == same


def test_lines_are_given_colours_that_no_other_has_as_long_as_there_are_such():
    lines = [replace(LINE, colour=colour) for colour in LINE_COLOURS[:2]]
    assert unlike(lines, []) == lines
    assert [line.colour for line in unlike(lines, [LINE])] == [LINE_COLOURS[2], LINE_COLOURS[1]]
    every = [replace(LINE, colour=colour) for colour in LINE_COLOURS]
    assert unlike(lines, every) == lines


def test_no_guides_change_nothing():
    image, mask = noise(80, 80, 3), hole(80, 80, (20, 20, 40, 30))
    plain = filled(image, mask)
    assert (filled(image, mask, guides=Guides()) == plain).all()
    free = Guides(labels=np.zeros((80, 80), np.uint8))
    assert (filled(image, mask, guides=free)[mask == 0] == image[mask == 0]).all()


def test_an_edge_that_nothing_else_tells_follows_its_line():
    """Both ends of the hole lie in the dark: only the line knows that the wire goes on."""
    image = np.full((90, 140, 3), 90, np.uint8) + noise(90, 140, 3) // 10
    image[44:46] = 230
    mask = hole(90, 140, (35, 15, 70, 60))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    line = Line(Point(3, 45), Point(137, 45))
    result = filled(damaged, mask, guides=Guides((line,)))
    assert (result[44:46].mean(axis=(0, 2)) > 200).all()
    assert (result[20:40, 35:105].mean(axis=2) < 150).all()
    (stray,) = residuals(result, Guides((line,)), mask)
    assert stray is not None
    assert stray < 0.5


def narrow():
    """A wire, beside which there is only room for small patches; and a line along it."""
    image = np.full((256, 400, 3), 90, np.uint8) + noise(256, 400, 3) // 10
    image[127:129, 40:360] = 230
    mask = hole(256, 400, (100, 28, 200, 200))
    mask[100:116, 40:360] = mask[140:156, 40:360] = 255
    return image, mask, Guides((Line(Point(45, 128), Point(355, 128)),))


def test_a_line_that_the_coarse_levels_know_nothing_of_is_followed_by_the_finer_ones():
    image, mask, guides = narrow()
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    result = filled(damaged, mask, guides=guides)
    assert (result[127:129, 40:360].mean(axis=(0, 2)) > 200).all()


def test_where_a_line_has_nothing_to_copy_nothing_is_taken_for_known():
    pixels = np.full((40, 60, 4), 90, np.uint8)
    hidden = np.zeros((40, 60), bool)
    hidden[5:35, 10:50] = True
    search = Search(pixels, pixels, wanted=touching(hidden), allowed=~hidden)
    for _ in search.prepare():
        pass
    whole = np.zeros((40, 60), np.uint8)
    there = tracks((Line(Point(2, 20), Point(58, 20)),), 0, touching(hidden), whole, 3)
    seen = (~hidden).view(np.uint8)
    for _ in Follower(there, search, Crew(1), 0).guess(search.empty_field(), seen):
        pass
    assert np.array_equal(seen, ~hidden)


def test_a_rope_does_not_bring_the_sky_along():
    image = half_and_half(360, 300, 210)[::-1].copy()  # light above
    image[:, 148:152] = 120
    mask = hole(360, 300, (50, 60, 200, 275))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    result = filled(damaged, mask, guides=Guides((Line(Point(150, 5), Point(150, 357)),)))
    sea = np.delete(result[200:335, 50:250], np.s_[88:112], axis=1)
    assert (sea.mean(axis=2) < 110).mean() > 0.95


def test_a_slanted_edge_stays_straight():
    y, x = np.mgrid[:120, :160]
    image = np.where((y - 60 - 0.3 * (x - 80))[..., None] > 0, np.uint8(60), np.uint8(180))
    image = np.repeat(image, 3, axis=2) + noise(120, 160, 3) // 12
    mask = hole(120, 160, (45, 25, 70, 70))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    line = Line(Point(10, 60.5 + 0.3 * (10 - 80)), Point(150, 60.5 + 0.3 * (150 - 80)))
    guides = Guides((line,))
    result = filled(damaged, mask, guides=guides)
    (stray,) = residuals(result, guides, mask)
    assert stray is not None
    assert stray < 0.7
    mistake = np.abs(result.astype(int) - image).max(axis=2)[mask > 0]
    assert (mistake > 60).mean() < 0.02


def test_another_line_of_the_same_colour_lends_what_this_one_lacks():
    """The line ends in the hole; what it shows is outside on another line of its colour."""
    image = np.full((100, 160, 3), 90, np.uint8) + noise(100, 160, 3) // 10
    image[79:81, 20:140] = 230
    mask = hole(100, 160, (60, 20, 40, 30))
    inside, lender = Line(Point(64, 35), Point(96, 35)), Line(Point(22, 80), Point(138, 80))
    result = filled(image, mask, guides=Guides((inside, lender)))
    assert (result[34:36, 66:94].mean(axis=(0, 2)) > 180).all()
    other = Guides((inside, Line(lender.a, lender.b, "#ff0000")))
    with pytest.raises(
        ValueError,
        match=f"the lines in {inside.colour} have nothing to copy outside the hole: draw one",
    ):
        filled(image, mask, guides=other)


def test_a_line_without_weight_leaves_what_fits_better():
    image = half_and_half()
    mask = hole(100, 100, (30, 10, 30, 20))  # far from any edge
    line = Line(Point(10, 20), Point(90, 90), weight=0.0)
    result = filled(image, mask, guides=Guides((line,)))
    assert (result[mask > 0] < 100).all()


def test_labels_are_copied_from_their_own():
    image = half_and_half()
    mask = hole(100, 100, (30, 20, 40, 25))  # in the dark half
    labels = np.zeros((100, 100), np.uint8)
    labels[20:45, 30:70] = 3
    labels[70:] = 3
    result = filled(image, mask, guides=Guides(labels=labels))
    rect, pixels, _ = last(fill(image, mask, guides=Guides(labels=labels)))
    assert rect == (30, 20, 40, 25)
    assert (result[rect.slices] == pixels).all()
    assert (result[30:35, 45:55] > 140).all()
    assert (filled(image, mask)[30:35, 45:55] < 100).all()


def test_a_label_that_is_nowhere_outside_is_said():
    image, mask = noise(60, 60, 3), hole(60, 60, (20, 20, 20, 20))
    labels = np.where(mask > 0, np.uint8(9), np.uint8(0))
    with pytest.raises(ValueError, match="label 9 is painted in the hole and nowhere outside"):
        filled(image, mask, guides=Guides(labels=labels))


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads():
    image, mask = half_and_half(), hole(100, 100, (30, 30, 40, 40))
    labels = np.zeros((100, 100), np.uint8)
    labels[:50], labels[50:, :60] = 1, 2
    guides = Guides((LINE,), labels)
    one, two = (filled(image, mask, guides=guides, threads=threads) for threads in (1, 2))
    assert (one == two).all()


def test_patches_beside_a_line_know_how_far():
    wanted, whole = np.zeros((2, 40, 60), np.uint8)
    wanted[10:30, 20:40] = 1
    whole[3:-3, 3:17] = whole[3:-3, 43:57] = 1
    back = Line(Point(58, 20.5), Point(2, 20.5))
    there = tracks((back, LINE, Line(Point(2, 5.5), Point(58, 5.5))), 0, wanted, whole, 3)
    assert set(there.ys.tolist()) == set(range(17, 24))
    assert len(there.ys) == 7 * 20
    assert (np.abs(there.beside) == np.abs(there.ys - 20)).all()
    # drawn the other way, but of one colour: left stays left
    assert (there.ways == there.ways[0]).all()
    assert (whole[there.source_ys, there.source_xs] == 1).all()


def test_coarse_labels_prefer_what_is_known():
    labels = np.array([[1, 2, 0], [0, 2, 5], [4, 4, 4]], np.uint8)
    known = np.array([[0, 1, 1], [1, 1, 0], [0, 0, 0]], np.uint8)
    coarse = label_pyramid(labels, [known, np.zeros((2, 2), np.uint8)])[1]
    assert coarse.tolist() == [[2, 0], [4, 4]]


def test_windows_reach_what_the_guides_name():
    mask = hole(1000, 1000, (480, 480, 40, 40))
    (pair,) = widened([(Rect(480, 480, 40, 40), Rect(416, 416, 168, 168))], Guides((
        Line(Point(200, 500), Point(700, 500)),
        Line(Point(10, 900), Point(90, 950)),
        Line(Point(900, 10), Point(950, 90), "#ff0000"),
    )), mask)  # fmt: skip
    assert pair[1].x <= 10
    assert pair[1].bottom >= 950
    assert pair[1].right < 900
    labels = np.zeros((1000, 1000), np.uint8)
    labels[480:520, 480:520] = labels[700:800, 450:460] = 1
    (pair,) = widened([pair], Guides(labels=labels), mask)
    assert pair[1].bottom >= 800


def test_of_all_places_along_a_line_the_cheapest_is_taken():
    pixels = noise(40, 60, 4)
    wanted, whole = np.zeros((2, 40, 60), np.uint8)
    wanted[12:30, 25:35] = 1
    whole[3:-3, 3:20] = 1
    there = tracks((Line(Point(2, 14.5), Point(58, 26.5)),), 0, wanted, whole, 3)
    count = len(there.ys)
    own, found = np.full((count, 2), -1, np.int32), np.zeros(count, np.int64)
    seen = np.ones((40, 60), np.uint8)
    source = (pixels ^ 128).view(np.int8)
    kernels.follow(0, count, np.arange(count), there, pixels, seen, source, 3, 8, False, own, found)

    def patch(y, x):
        return pixels[y - 3 : y + 4, x - 3 : x + 4].astype(int)

    for k in range(count):
        target = patch(there.ys[k], there.xs[k])
        costs = []
        for y, x, beside in zip(there.source_ys, there.source_xs, there.source_beside, strict=True):
            aside = abs(float(beside - there.beside[k]))
            if aside <= kernels.TOLERANCE:
                difference = int(((patch(y, x) - target) ** 2).sum())
                cost = difference * (1 + aside**2) + kernels.ASIDE * aside**2
                costs.append((cost, difference, (y, x)))
        least = min(costs)
        assert tuple(own[k]) == least[2]
        assert found[k] == least[1]


def fence():
    """A bar through woods, and what stood before it."""
    rng = np.random.default_rng(2)
    woods = cv2.GaussianBlur(rng.normal(0, 60, (160, 260, 3)).astype(np.float32), (0, 0), 2) * 3
    image = np.clip(70 + woods, 0, 140).astype(np.uint8)
    image[76:84] = 225
    return image, hole(160, 260, (90, 20, 80, 120))


def test_what_is_surely_straight_goes_on_as_if_it_had_been_drawn():
    image, mask = fence()
    lines = sure(image, mask)
    assert {round(line.a.y) for line in lines} == {76, 84}
    found, drawn = filled(image, mask, straight=True), filled(image, mask, guides=Guides((*lines,)))
    assert np.array_equal(found, drawn)
    assert not np.array_equal(found, filled(image, mask))
    assert (found[77:83].mean(axis=(0, 2)) > 215).all()


def test_who_draws_a_line_elsewhere_keeps_those_that_are_found():
    image, mask = fence()
    line = Line(Point(60, 30), Point(200, 30))
    lines = (line, *sure(image, mask, [line]))
    assert len({one.colour for one in lines}) == len(lines) == 3
    found = filled(image, mask, guides=Guides((line,)), straight=True)
    assert np.array_equal(found, filled(image, mask, guides=Guides(lines)))


def test_a_line_that_is_drawn_takes_the_place_of_those_found_beside_it():
    image, mask = fence()
    guides = Guides((Line(Point(60, 80), Point(200, 80)),))
    drawn = [filled(image, mask, guides=guides, straight=on) for on in (False, True)]
    assert np.array_equal(*drawn)


def test_with_a_source_area_no_line_is_looked_for():
    image, mask = fence()
    results = [
        filled(image, mask, sources=np.ones(mask.shape, bool), straight=on) for on in (False, True)
    ]
    assert np.array_equal(*results)


def test_regions_and_what_is_straight_go_together():
    image, mask = fence()
    labels = np.zeros(mask.shape, np.uint8)
    labels[100:] = 1
    found = filled(image, mask, guides=Guides((), labels), straight=True)
    assert np.array_equal(found, filled(image, mask, guides=Guides((*sure(image, mask),), labels)))


def test_of_the_lines_that_are_found_those_without_a_source_are_left_out():
    whole = np.zeros((60, 80), np.uint8)
    whole[10:50, :20] = 1
    wanted = np.zeros((60, 80), np.uint8)
    wanted[10:50, 30:70] = 1
    one, other = Line(Point(2, 30), Point(75, 30)), Line(Point(40, 5), Point(40, 55), "#ff0000")
    assert fruitful((one, other), wanted, whole) == (one,)
