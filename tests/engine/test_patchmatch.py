import numpy as np
import pytest

from editor.engine.patchmatch import FORBIDDEN, FREE, Part, Search, nearest
from editor.engine.patchmatch_reference import nearest_reference
from editor.engine.step import last
from editor.engine.threads import Crew


def noise(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def distance(target, source, size, y, x, y2, x2):
    r = size // 2
    a = target[y - r : y + r + 1, x - r : x + r + 1].astype(np.int64)
    b = source[y2 - r : y2 + r + 1, x2 - r : x2 + r + 1].astype(np.int64)
    assert a.shape == b.shape == (size, size, target.shape[2])
    return ((a - b) ** 2).sum()


def structured(height, width, seed=0):
    """Soft blobs, stripes and grain: what is similar lies together, as in a photograph."""
    rng = np.random.default_rng(seed)
    ys, xs = np.mgrid[:height, :width]
    waves = [np.sin(ys / a + np.cos(xs / b) * 3) for a, b in rng.uniform(4, 30, (3, 2))]
    grain = rng.normal(0, 6, (height, width, 3))
    return np.clip(128 + 80 * np.stack(waves, axis=2) + grain, 0, 255).astype(np.uint8)


def inner(height, width, size):
    r = size // 2
    return [(y, x) for y in range(r, height - r) for x in range(r, width - r)]


@pytest.mark.parametrize(("size", "channels"), [(3, 1), (5, 3), (7, 3), (7, 5), (9, 4), (15, 8)])
def test_every_distance_is_that_of_its_position(size, channels):
    target, source = noise(30, 45, channels), noise(41, 28, channels, seed=1)
    field = last(nearest(target, source, size=size, sweeps=2))
    for y, x in inner(30, 45, size):
        y2, x2 = field.positions[y, x]
        assert field.distances[y, x] == distance(target, source, size, y, x, y2, x2)


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("make", [noise, structured])
@pytest.mark.parametrize(("size", "shapes"), [(7, ((40, 50), (30, 45))), (5, ((9, 70), (20, 20)))])
def test_the_kernel_gives_the_field_of_the_reference(make, size, shapes, thorough):
    target, source = make(*shapes[0]), make(*shapes[1], seed=1)
    field = last(nearest(target, source, size=size, sweeps=2, seed=3, thorough=thorough))
    expected = nearest_reference(target, source, size, 2, 3, thorough=thorough)
    for (y, x), (distance, place) in expected.items():
        assert (field.distances[y, x], tuple(field.positions[y, x])) == (distance, place)


def test_the_same_seed_gives_the_same_field_on_one_thread_or_three():
    target, source = noise(150, 200), noise(160, 130, seed=1)
    one, three = (last(nearest(target, source, seed=4, threads=n)) for n in (1, 3))
    assert all(np.array_equal(a, b) for a, b in zip(one, three, strict=True))
    other = last(nearest(target, source, seed=5))
    assert not np.array_equal(one.positions, other.positions)


def test_a_moved_picture_is_found_whole():
    source = noise(90, 120)
    field = last(nearest(source[10:80, 20:90].copy(), source, sweeps=8))
    assert (field.distances == 0).all()
    assert (field.positions[30, 30] == (40, 50)).all()


def test_only_allowed_patches_are_taken_and_only_wanted_ones_searched():
    picture = noise(60, 70)
    hole = np.zeros((60, 70), bool)
    hole[20:40, 30:50] = True
    field = last(nearest(picture, picture, wanted=hole, allowed=~hole))
    for y, x in field.positions[hole]:
        assert not hole[y - 3 : y + 4, x - 3 : x + 4].any()
    assert (field.positions[~hole] == 0).all()


def test_a_label_is_only_matched_with_its_own():
    target, source = noise(40, 50), noise(50, 60, seed=1)
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 3, (40, 50), np.uint8), rng.integers(0, 2, (50, 60), np.uint8)
    labels[1][30, 30] = 2
    labels[0][20, 20] = 7
    field = last(nearest(target, source, labels=labels))
    for y, x in inner(40, 50, 7):
        if labels[0][y, x] == 7:
            assert field.distances[y, x] == FORBIDDEN
            assert field.positions[y, x].tolist() == [-1, -1]
        else:
            assert labels[1][tuple(field.positions[y, x])] == labels[0][y, x]
    assert (field.positions[labels[0] == 2][:, 0] <= 30).all()


def test_where_nothing_is_allowed_nothing_is_taken():
    picture = noise(40, 40)
    allowed = np.zeros((40, 40), bool)
    allowed[10:16] = True
    field = last(nearest(picture, picture, allowed=allowed))
    assert (field.distances[3:-3, 3:-3] == FORBIDDEN).all()
    allowed[10:17, 20:27] = True
    allowed[10:16] = False
    field = last(nearest(picture, picture, allowed=allowed))
    assert (field.distances[3:-3, 3:-3] == FORBIDDEN).all()
    allowed[10:17, 20:27] = True
    field = last(nearest(picture, picture, allowed=allowed))
    assert (field.positions[3:-3, 3:-3] == (13, 23)).all()


def test_a_given_field_is_kept_where_it_is_valid():
    target, source = noise(40, 40), noise(50, 50, seed=1)
    start = np.full((40, 40, 2), 25, np.int32)
    start[:20] = (2, 25)  # the patch would leave the picture
    start[20, 20] = (-5, 1 << 20)
    field = last(nearest(target, source, start=start, sweeps=0))
    kept = (field.positions == 25).all(axis=2)
    assert kept[21:37, 3:37].all()
    assert not kept[20, 20]
    assert kept[3:20, 3:37].mean() < 0.01
    assert len(np.unique(field.positions[3:20, 3:37].reshape(-1, 2), axis=0)) > 400


def test_a_search_goes_on_while_the_target_changes():
    source, target = noise(60, 60), np.zeros((60, 60, 3), np.uint8)
    with Crew(2) as crew:
        search = Search(target, source, crew=crew)
        list(search.prepare())
        field = search.empty_field()
        list(search.begin(field, 0))
        before = field.distances.copy()
        search.target[...] = source
        list(search.begin(field, 0))
        assert (field.distances != before)[search.wanted].all()
        for number in range(8):
            list(search.sweep(field, 0, number))
    assert (field.distances[search.wanted] == 0).all()


@pytest.mark.parametrize("neighbours", [None, 2])
def test_a_part_of_a_target_is_searched_as_it_would_be_in_the_whole(neighbours):
    target, source = noise(120, 140), noise(50, 60, seed=1)
    wanted = np.zeros((120, 140), bool)
    wanted[40:100, 75:135] = True
    fields = []
    for part in (Part(0, 0, 140), Part(32, 64, 140)):
        rest = np.s_[part.top : 110, part.left :]
        search = Search(target[rest], source, wanted=wanted[rest], part=part)
        field = search.empty_field(neighbours)
        for pauses in (search.prepare(), search.begin(field, 3), search.sweep(field, 3, 0)):
            for _ in pauses:
                pass
        assert search.corner == (part.top, part.left)
        fields.append([values[search.wanted] for values in field])
    assert all(np.array_equal(*both) for both in zip(*fields, strict=True))


def test_several_neighbours_are_different_sorted_and_measured():
    target, source = structured(50, 60), structured(45, 70, seed=1)
    one, three = (
        last(nearest(target, source, size=5, neighbours=6, sweeps=3, threads=n)) for n in (1, 3)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, three, strict=True))
    assert (np.diff(one.distances[2:-2, 2:-2], axis=2) >= 0).all()
    for y, x in inner(50, 60, 5)[::7]:
        places = one.positions[y, x]
        assert len(np.unique(places, axis=0)) == 6
        found = [distance(target, source, 5, y, x, *place) for place in places]
        assert one.distances[y, x].tolist() == found


def test_several_neighbours_come_close_to_the_best_there_are():
    target, source = structured(40, 50), structured(50, 40, seed=1)
    windows = [
        np.lib.stride_tricks.sliding_window_view(picture, (7, 7), (0, 1)).reshape(-1, 147)
        for picture in (target.astype(np.float64), source.astype(np.float64))
    ]
    every = ((windows[0][:, None] - windows[1]) ** 2).sum(axis=2)
    best = np.sort(every, axis=1)[:, :4].reshape(34, 44, 4)
    found = last(nearest(target, source, neighbours=4, sweeps=4)).distances[3:-3, 3:-3]
    assert (found >= best).all()
    assert np.sqrt(found).mean() < 1.02 * np.sqrt(best).mean()


def test_there_are_fewer_neighbours_where_fewer_are_allowed():
    picture = noise(30, 30)
    allowed = np.zeros((30, 30), bool)
    allowed[10:17, 10:18] = True
    field = last(nearest(picture, picture, allowed=allowed, neighbours=3))
    assert (np.sort(field.positions[3:-3, 3:-3, :2, 1], axis=2) == (13, 14)).all()
    assert (field.positions[3:-3, 3:-3, 2] == -1).all()
    assert (field.distances[3:-3, 3:-3, 2] == FORBIDDEN).all()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"size": 8}, "the patch size is 8: it is odd and goes from 3 to 15"),
        ({"size": 15}, "the source is 12 × 9: smaller than a patch of 15"),
        ({"sweeps": -1}, "sweeps is -1"),
        ({"neighbours": 0}, "neighbours is 0: at least 1 is needed"),
        ({"wanted": np.ones((9, 12))}, r"the mask of targets has the shape \(9, 12\)"),
        ({"target": np.zeros((20, 20, 9), np.uint8)}, "9 channels and the source 3"),
        ({"target": np.zeros((20, 20), np.uint8)}, "the target is uint8 with 2 axes"),
    ],
)
def test_what_cannot_be_searched_is_named(how, message):
    arguments = {"target": noise(20, 20), "source": noise(9, 12), **how}
    with pytest.raises(ValueError, match=message):
        last(nearest(**arguments))


def test_a_free_target_is_matched_with_any_label():
    target, source = noise(24, 24, 3, seed=1), noise(30, 30, 3, seed=2)
    labels = np.full((24, 24), FREE, np.uint8), np.arange(900, dtype=np.uint8).reshape(30, 30) % 5
    free, any_ = (last(nearest(target, source, labels=pair)) for pair in (labels, None))
    inner = np.s_[3:-3, 3:-3]
    assert (free.distances[inner] == any_.distances[inner]).all()
    several = last(nearest(target, source, labels=labels, neighbours=2))
    assert len(np.unique(labels[1][tuple(several.positions[inner].reshape(-1, 2).T)])) > 1


@pytest.mark.parametrize("neighbours", [None, 2])
def test_without_marks_matches_are_only_handed_on(neighbours):
    target, source = noise(60, 70), noise(50, 80, seed=1)
    search = Search(target, source, marked=False)
    field = search.empty_field(neighbours)
    ways, means = [], []
    for pauses in (search.prepare(), search.begin(field, 3), search.sweep(field, 3, 0)):
        for _ in pauses:
            pass
        here = np.dstack(np.mgrid[:60, :70]).reshape(60, 70, *(1,) * (field.distances.ndim - 2), 2)
        ways.append({tuple(way) for way in (field.positions - here)[search.wanted].reshape(-1, 2)})
        means.append(field.distances[search.wanted].mean())
    assert ways[2] < ways[1]
    assert means[2] < means[1]


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("neighbours", [None, 2])
def test_a_search_turned_round_finds_what_one_of_its_own_would(marked, neighbours):
    """Also for what found no place in the first one, as nothing there had its label."""
    target, source = structured(50, 70), structured(60, 50, seed=1)
    whole = np.zeros((60, 50), bool)
    whole[3:-3, 3:30] = True
    allowed = np.zeros((60, 50), bool)
    allowed[:, :33] = True
    seeking = np.where(np.arange(70) < 20, 5, FREE).astype(np.uint8) * np.ones((50, 1), np.uint8)
    nobody, all_ = np.ones((60, 50), np.uint8), np.ones((50, 70), np.uint8)
    first = Search(target, source, allowed=allowed, labels=(seeking, nobody), marked=marked)
    list(first.prepare())
    first.target[10:20] = 255 - first.target[10:20]  # the estimate changes
    field = first.empty_field(neighbours)
    list(first.begin(field, 3))
    assert (field.distances[25, 10] == FORBIDDEN).all()

    def back(**more):
        search = Search(source, first.target, wanted=whole, labels=(nobody, all_), **more)
        list(search.prepare())
        field = search.empty_field(neighbours)
        list(search.begin(field, 7))
        for number in range(3):
            list(search.sweep(field, 7, number, reach=8))
        return field

    own, shared = back(marked=marked), back(turned=first)
    assert all(np.array_equal(a, b) for a, b in zip(own, shared, strict=True))


@pytest.mark.parametrize("once", [0, 2])
def test_nearby_a_place_is_taken_once_where_that_is_asked_for(once):
    """Of a plain target one patch suits best everywhere."""
    source, target = noise(70, 70), np.full((70, 70, 3), 128, np.uint8)
    fields = []
    for threads in (1, 2):
        with Crew(threads) as crew:
            search = Search(target, source, once=once, crew=crew)
            list(search.prepare())
            field = search.empty_field()
            field.positions[...] = np.moveaxis(np.indices((70, 70)), 0, -1)
            list(search.begin(field, 0))
            before = field.distances[3:-3, 3:-3].mean()
            for number in range(3):
                list(search.sweep(field, 0, number))
        fields.append(field)
    assert all(np.array_equal(one, two) for one, two in zip(*fields, strict=True))
    assert field.distances[3:-3, 3:-3].mean() < 0.9 * before
    tile = field.positions[32:64, 32:64]
    twice = any(
        (tile[2:-2, 2:-2] == tile[2 + dy : 30 + dy, 2 + dx : 30 + dx]).all(axis=2).any()
        for dy in range(3)
        for dx in range(-2, 3)
        if (dy, dx) > (0, 0)
    )
    assert twice == (once == 0)
