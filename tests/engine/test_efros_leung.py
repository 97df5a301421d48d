import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine import efros_leung_reference as reference
from editor.engine.efros_leung import Rule, extend, grow, synthesise
from editor.engine.efros_leung_samples import Sample, features
from editor.engine.image import Size
from editor.engine.step import last


def noise(shape, levels=256, seed=0):
    picture = np.random.default_rng(seed).integers(0, levels, shape)
    return (picture * (255 // (levels - 1))).astype(np.uint8)


def blotches(height, width, channels=(), seed=0):
    """Two-pixel blotches of few colours under a little noise: many near matches."""
    coarse = noise((height // 2 + 1, width // 2 + 1, *channels), 4, seed) * 0.9
    picture = np.kron(coarse, np.ones((2, 2, *(1 for _ in channels))))[:height, :width]
    return (picture + noise(picture.shape, seed=seed + 1) * 0.08).astype(np.uint8)


def stripes(height, width, period=4):
    return np.tile(np.where(np.arange(width) % period < period // 2, 20, 230), (height, 1)).astype(
        np.uint8
    )


def chequers(height, width, cell=2):
    ys, xs = np.mgrid[:height, :width] // cell
    return np.where((ys + xs) % 2, 30, 220).astype(np.uint8)


def grown(growth):
    last(growth.steps())
    return growth


def by_reference(samples, size, rule):
    """The reference's picture for Samples."""
    masks = [
        np.ones(one.picture.shape[:2], bool) if one.allowed is None else one.allowed
        for one in samples
    ]
    return reference.synthesise_image(
        [features(one.picture) for one in samples],
        [reference.full_windows(mask, rule.window) for mask in masks],
        size.height,
        size.width,
        rule.window,
        seed=rule.seed,
        epsilon=rule.epsilon,
        max_error=rule.max_error,
    )


def check_agrees(samples, size, rule, threads=1, **how):
    growth = grown(synthesise(samples, size, rule, threads=threads, **how))
    exact = by_reference(samples, size, rule)
    ys, xs = growth.order
    assert list(zip(ys.tolist(), xs.tolist(), strict=True)) == exact.order
    assert np.array_equal(growth.source, exact.source)
    assert np.array_equal(growth.picture.reshape(exact.image.shape), exact.image)


# ── the fast version and the reference ──


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize(("window", "seed"), [(3, 0), (5, 1), (7, 2), (11, 3), (17, 4)])
def test_both_versions_grow_the_same_pixels(window, seed, channels, threads):
    sample = Sample(blotches(22, 25, channels, seed))
    check_agrees([sample], Size(28, 27), Rule(window, seed=seed), threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_both_agree_on_several_samples_with_masks(threads):
    allowed = np.ones((20, 24), bool)
    allowed[7:12, 5:20] = False
    samples = [Sample(blotches(20, 24, (3,)), allowed), Sample(blotches(13, 31, (3,), seed=5))]
    check_agrees(samples, Size(26, 30), Rule(5, seed=8), threads)
    growth = grown(synthesise(samples, Size(26, 30), Rule(5, seed=8)))
    number, y, x = growth.source[growth.source[..., 0] >= 0].T
    assert set(number) == {0, 1}
    assert allowed[y[number == 0], x[number == 0]].all()


@pytest.mark.parametrize("channels", [(), (3,)])
def test_both_agree_where_windows_repeat(channels):
    """Equal windows are measured once; all of them must be found all the same."""
    sample = np.full((24, 26, *channels), 255, np.uint8)
    sample[4:9:2, 3:20] = 0
    check_agrees([Sample(sample)], Size(30, 29), Rule(5, seed=2), threads=2)
    check_agrees([Sample(noise((20, 20, *channels), 2))], Size(24, 24), Rule(3, seed=2))


def test_both_agree_when_matches_are_too_bad_and_the_error_is_relaxed():
    check_agrees([Sample(noise((14, 14)))], Size(18, 18), Rule(3, max_error=0.002, seed=1), 2)


@pytest.mark.parametrize("epsilon", [0.0, 1.0])
def test_both_agree_on_how_many_matches_are_as_good(epsilon):
    check_agrees([Sample(blotches(20, 20))], Size(24, 24), Rule(5, epsilon, seed=3))


@settings(max_examples=15)
@given(st.data())
def test_both_agree_on_anything(data):
    window = data.draw(st.sampled_from([3, 5, 9]))
    channels = data.draw(st.sampled_from([(), (3,)]))
    seed = data.draw(st.integers(0, 2**40))
    height, width = data.draw(st.integers(window, 20)), data.draw(st.integers(window, 20))
    picture = noise((height, width, *channels), data.draw(st.sampled_from([2, 3, 256])), seed % 99)
    rule = Rule(window, data.draw(st.sampled_from([0.0, 0.1, 0.5])), seed=seed)
    size = Size(width + data.draw(st.integers(0, 4)), height + data.draw(st.integers(1, 4)))
    check_agrees([Sample(picture)], size, rule, data.draw(st.sampled_from([1, 2])))


def test_both_agree_on_a_hole():
    image = blotches(26, 30, (3,))
    hole = np.zeros((26, 30), bool)
    hole[8:15, 10:19] = hole[0:4, 0:3] = True
    rule = Rule(5, seed=4)
    features_ = features(image)
    source = np.full((26, 30, 3), -1, np.int32)
    exact = reference.grow_image(
        [features_],
        [reference.full_windows(~hole, 5)],
        reference.Grown(np.where(hole[..., None], 0, features_).astype(np.uint8), source, []),
        ~hole,
        hole,
        5,
        seed=4,
    )
    for threads in (1, 2):
        growth = grown(grow(image, hole, rule, threads=threads))
        part = growth.rect.slices
        # the random numbers count the pixels of the part that is grown, here the whole picture
        assert growth.rect == (0, 0, 21, 17)
    inner = reference.grow_image(
        [features_],
        [reference.full_windows(~hole, 5)],
        reference.Grown(np.where(hole[..., None], 0, features_)[part], source[part], []),
        ~hole[part],
        hole[part],
        5,
        seed=4,
    )
    assert np.array_equal(growth.picture, inner.image)
    assert exact.image.shape == image.shape


# ── by hand ──


def test_weights_are_a_gaussian_in_whole_numbers():
    assert reference.gaussian_weights(3).tolist() == [[1, 13, 1], [13, 127, 13], [1, 13, 1]]
    for window in (5, 11, 23, 41, 63):
        weights = reference.gaussian_weights(window)
        assert np.array_equal(weights, weights.T)
        assert weights.sum() * 3 * 255**2 < 2**31
        assert weights.max() == weights[window // 2, window // 2] <= 127


def test_the_best_match_and_all_within_epsilon_are_found():
    sample = np.array([[10, 0, 10, 0, 11, 0, 14]], np.uint8).repeat(3, 0)[..., None]
    template = np.zeros((3, 3, 1), np.uint8)
    template[:, 0] = 10
    valid = np.array([[1, 0, 0]] * 3)
    mask = np.zeros((3, 7), bool)
    mask[1, 1:6] = True
    weights = reference.gaussian_weights(3)
    d, places = reference.find_matches(template, valid, weights, [sample], [mask], 0.1)
    assert places == [(0, 1, 1), (0, 1, 3)]
    assert d.tolist() == [0, 0]
    template[:, 0] = 12  # 10 is two away, 11 one: 4 Σ w is more than 1.1 Σ w
    d, places = reference.find_matches(template, valid, weights, [sample], [mask], 0.1)
    assert places == [(0, 1, 5)]
    assert d.tolist() == [1 + 13 + 1]
    d, places = reference.find_matches(template, valid, weights, [sample], [mask], 3.0)
    assert places == [(0, 1, 1), (0, 1, 3), (0, 1, 5)]


def test_pixels_with_more_known_neighbours_come_first():
    filled = np.zeros((5, 5), bool)
    filled[:2, :] = filled[2, :2] = True
    listed = reference.unfilled_neighbours(filled, np.ones((5, 5), bool), 0, 0)
    assert listed[0] == (2, 2)  # four: three above and one beside it
    assert listed[1] == (2, 3)
    assert set(listed[2:]) == {(2, 4), (3, 0), (3, 1), (3, 2)}
    assert listed[-1] == (3, 2)  # one


@pytest.mark.parametrize("window", [5, 9])
def test_stripes_stay_stripes(window):
    sample = stripes(20, 24)
    result = grown(synthesise([Sample(sample)], Size(41, 33), Rule(window))).picture
    assert (result == result[0]).all()
    phases = [np.array_equal(result[0], stripes(1, 60)[0, k : k + 41]) for k in range(4)]
    assert any(phases)


def test_a_chequerboard_stays_one():
    result = grown(synthesise([Sample(chequers(20, 20))], Size(40, 36), Rule(5))).picture
    board = chequers(60, 60)
    assert any(
        np.array_equal(result, board[y : y + 36, x : x + 40]) for y in range(4) for x in range(4)
    )


def test_stripes_grow_into_a_hole_as_they_were():
    image = stripes(30, 40, 6)
    hole = np.zeros(image.shape, bool)
    hole[10:20, 12:27] = True
    damaged = np.where(hole, 0, image).astype(np.uint8)
    growth = grown(grow(damaged, hole, Rule(7)))
    assert np.array_equal(growth.picture, image[growth.rect.slices])


def test_each_edge_is_extended_by_its_own_amount():
    image = chequers(24, 26)
    growth = grown(extend(image, Rule(5), left=3, right=6, top=1, bottom=4))
    assert growth.picture.shape == (29, 35)
    assert np.array_equal(growth.picture[1:25, 3:29], image)
    board = chequers(60, 60)
    assert np.array_equal(growth.picture, board[3 : 3 + 29, 1 : 1 + 35])


def test_one_colour_is_one_match_and_done_at_once():
    flat = np.full((64, 64, 3), (9, 90, 200), np.uint8)
    growth = grown(synthesise([Sample(flat)], Size(90, 80), Rule(11)))
    assert (growth.picture == (9, 90, 200)).all()
    assert len(growth.moment(500).matches) == 54 * 54


# ── what holds for every growth ──


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_every_pixel_is_the_one_its_source_names(dtype, channels):
    scale = 1.0 if dtype == np.float32 else np.iinfo(dtype).max
    picture = (blotches(20, 22, channels) / 255 * scale).astype(dtype)
    growth = grown(synthesise([Sample(picture)], Size(25, 25), Rule(5)))
    number, y, x = np.moveaxis(growth.source, 2, 0)
    copied = number >= 0
    assert copied.all()
    assert growth.picture.dtype == dtype
    assert np.array_equal(growth.picture[copied], picture[y[copied], x[copied]])
    colours = {pixel.tobytes() for pixel in picture.reshape(-1, *channels)}
    assert {pixel.tobytes() for pixel in growth.picture.reshape(-1, *channels)} <= colours


def test_what_is_known_stays_and_numbers_that_are_none_are_not_copied():
    image = (blotches(30, 30) / 255).astype(np.float32)
    image[2:4, 20:24] = np.nan
    hole = np.zeros((30, 30), bool)
    hole[10:16, 10:18] = True
    growth = grown(grow(image, hole, Rule(5)))
    inside = hole[growth.rect.slices]
    before = image[growth.rect.slices]
    assert np.array_equal(growth.picture[~inside], before[~inside], equal_nan=True)
    assert np.isfinite(growth.picture[inside]).all()


def test_a_soft_cover_mixes():
    image = stripes(24, 24)
    cover = np.zeros((24, 24), np.uint8)
    cover[8:12, 8:12] = 128
    image[8:12, 8:12] = 120
    value = last(grow(image, cover, Rule(5)).steps())
    inner = value.picture[2:6, 2:6]
    exact = stripes(24, 24)[8:12, 8:12].astype(float)
    assert np.abs(inner - (exact * 128 + 120 * 127) / 255).max() <= 0.5


def test_a_hole_can_grow_from_another_sample_or_a_part():
    image, hole = np.full((20, 20), 100, np.uint8), np.zeros((20, 20), bool)
    hole[6:12, 6:12] = True
    other = grown(grow(image, hole, Rule(3), samples=[Sample(stripes(9, 9) + np.uint8(5))]))
    assert set(np.unique(other.picture[other.source[..., 0] >= 0])) <= {25, 235}
    image = blotches(24, 24)
    allowed = np.zeros((24, 24), bool)
    allowed[:, 14:] = True
    part = grown(grow(image, np.pad(hole, ((0, 4), (0, 4))), Rule(5), allowed=allowed))
    assert part.source[part.source[..., 0] >= 0][:, 2].min() >= 16


def test_the_same_seed_gives_the_same_and_another_seed_another():
    sample = Sample(blotches(24, 24))
    one, same, other = (
        grown(synthesise([sample], Size(30, 30), Rule(5, seed=seed))).picture for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


# ── steps, moments and restarts ──


def test_pixel_by_pixel_is_the_same_as_all_at_once():
    sample = Sample(blotches(20, 20, (3,)))
    whole = grown(synthesise([sample], Size(24, 24), Rule(5)))
    slow = synthesise([sample], Size(24, 24), Rule(5))
    for count in range(1, 60):
        slow.advance()
        assert slow.count == count
    slow.advance(10_000)
    assert slow.count == slow.total == 24 * 24 - 9
    assert np.array_equal(slow.picture, whole.picture)


def test_any_earlier_moment_can_be_seen():
    growth = synthesise([Sample(blotches(20, 20))], Size(24, 24), Rule(5, seed=5))
    seen = [growth.picture.copy()]
    for _ in range(40):
        growth.advance()
        seen.append(growth.picture.copy())
    last(growth.steps())
    for count, picture in enumerate(seen):
        assert np.array_equal(growth.picture_at(count), picture)
    assert np.array_equal(growth.picture_at(growth.total), growth.picture)


@pytest.mark.parametrize("channels", [(), (3,)])
def test_a_moment_shows_what_the_reference_finds(channels):
    sample, rule = blotches(20, 20, channels), Rule(5, seed=5)
    growth = grown(synthesise([Sample(sample)], Size(24, 24), rule))
    ys, xs = growth.order
    centres = reference.full_windows(np.ones((20, 20), bool), 5)
    for k in (0, 7, 100, growth.total - 1):
        moment, before = growth.moment(k), growth.picture_at(k)
        assert moment.at == (xs[k], ys[k])
        filled = np.ones((24, 24), bool)
        filled[ys[k:], xs[k:]] = False
        template, valid = reference.neighbourhood_window(features(before), filled, ys[k], xs[k], 5)
        assert np.array_equal(moment.known, valid)
        assert np.array_equal(features(moment.window) * valid[..., None], template)
        weights = reference.gaussian_weights(5)
        d, places = reference.find_matches(
            template, valid, weights, [features(sample)], [centres], rule.epsilon
        )
        assert [tuple(match) for match in moment.matches.tolist()] == places
        most = (valid * weights).sum() * template.shape[2] * 255**2
        assert moment.distances == pytest.approx(d / most)
        assert moment.matches[moment.chosen].tolist() == growth.source[ys[k], xs[k]].tolist()
        assert growth.errors[k] == pytest.approx(moment.distances[moment.chosen])
        assert moment.weights[2, 2] == 1
        taken = features(moment.piece(moment.chosen))[2, 2]
        assert np.array_equal(taken, features(growth.picture)[ys[k], xs[k]])


def test_a_restart_goes_on_differently_from_there_and_always_the_same():
    def restarted():
        growth = grown(synthesise([Sample(blotches(20, 20))], Size(26, 26), Rule(5, seed=1)))
        before = growth.picture.copy(), growth.picture_at(200)
        growth.restart(200)
        assert growth.count == 200
        assert np.array_equal(growth.picture, before[1])
        return grown(growth), before[0]

    first, before = restarted()
    second, _ = restarted()
    assert first.restarts == [200]
    assert np.array_equal(first.picture, second.picture)
    assert not np.array_equal(first.picture, before)
    first.restart(0)
    assert grown(first).count == first.total


@pytest.mark.parametrize("moment", [1, 60, 200])
def test_a_restart_does_not_depend_on_how_far_it_had_grown(moment):
    """Not even from the last pixel of a round, after which another may have begun or not."""

    def restarted(count):
        growth = synthesise([Sample(blotches(20, 20))], Size(26, 26), Rule(5, seed=1))
        last(growth.steps(until=count))
        assert growth.count == count
        growth.restart(moment)
        return grown(growth).picture

    assert np.array_equal(restarted(moment), restarted(26 * 26 - 9))


def test_a_copy_goes_its_own_way():
    growth = synthesise([Sample(blotches(20, 20))], Size(26, 26), Rule(5, seed=1))
    growth.advance(200)
    twin = growth.copied()
    twin.restart(100)
    other = grown(twin).picture
    assert growth.count == 200
    assert growth.restarts == []
    whole = synthesise([Sample(blotches(20, 20))], Size(26, 26), Rule(5, seed=1))
    assert np.array_equal(grown(growth).picture, grown(whole).picture)
    assert not np.array_equal(growth.picture, other)


def test_the_sources_of_an_earlier_moment_are_known():
    growth = grown(synthesise([Sample(blotches(20, 20))], Size(24, 24), Rule(5)))
    source = growth.source_at(50)
    assert np.array_equal(source[..., 0] >= 0, growth.known_at(50))
    assert np.array_equal(source[growth.known_at(50)], growth.source[growth.known_at(50)])


def test_a_restart_in_the_middle_of_a_round_grows_to_the_end():
    growth = synthesise([Sample(blotches(20, 20))], Size(26, 26), Rule(5), threads=2)
    growth.advance(333)
    growth.restart(150)
    value = last(growth.steps())
    assert value.known.all()
    assert growth.restarts == [150]


def test_steps_tell_how_far_it_is_and_can_be_left_at_any_time():
    growth = synthesise([Sample(blotches(30, 30))], Size(60, 60), Rule(7))
    done = []
    for step in growth.steps():
        done.append(step.done)
        if step.done > 0.3:
            break
    assert done == sorted(done)
    assert 0.3 < done[-1] < 1
    value = last(growth.steps())  # and goes on where it was
    assert value.known.all()
    assert value.rect == (0, 0, 60, 60)


# ── the door ──

PICTURE = blotches(20, 20)
HOLE = np.zeros((20, 20), bool)
HOLE[8:10, 8:10] = True


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: synthesise([], Size(30, 30)), "there is no sample"),
        (lambda: synthesise([Sample(PICTURE)], Size(30, 30), Rule(21)), "choose a smaller window"),
        (lambda: Rule(8), "the window is 8: it is odd"),
        (lambda: Rule(1), "the window is 1: it goes from 3 to 63"),
        (lambda: Rule(65), "the window is 65: it goes from 3 to 63"),
        (lambda: Rule(max_error=0), "the error allowed is 0"),
        (lambda: Rule(epsilon=-1), "epsilon is -1"),
        (lambda: Rule(seed=-1), "the seed is -1"),
        (lambda: synthesise([Sample(PICTURE)], Size(20, 12), Rule(5)), "the output is 20 × 12"),
        (lambda: synthesise([Sample(PICTURE)], Size(2, 40), Rule(5)), "at least 3 × 3"),
        (lambda: synthesise([Sample(PICTURE, HOLE)], Size(30, 30), Rule(5)), "no whole window"),
        (
            lambda: synthesise([Sample(PICTURE)], Size(4_000_000, 4_000_000), Rule(5)),
            "GB of memory",
        ),
        (
            lambda: synthesise([Sample(PICTURE), Sample(PICTURE / np.float32(255))], Size(30, 30)),
            "differ in depth",
        ),
        (lambda: Sample(PICTURE, HOLE[1:]), "the mask is 20 × 19"),
        (lambda: Sample(PICTURE, HOLE.view(np.uint8)), "bool, not uint8"),
        (lambda: grow(PICTURE, np.zeros((20, 20), bool)), "the mask is empty"),
        (lambda: grow(PICTURE, np.ones((20, 20), bool)), "nothing left to copy from"),
        (lambda: extend(PICTURE), "nothing to extend"),
        (lambda: extend(PICTURE, left=-1), "left is -1"),
        (lambda: extend(PICTURE, top=10**9), "GB of memory"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(made, words):
    with pytest.raises(ValueError, match=words) as problem:
        made()
    assert "\n" not in str(problem.value)


def test_a_moment_that_has_not_been_is_refused():
    growth = synthesise([Sample(PICTURE)], Size(24, 24), Rule(5))
    growth.advance(5)
    for ask, moment in ((growth.moment, 5), (growth.picture_at, 6), (growth.restart, -1)):
        with pytest.raises(ValueError, match=f"the moment is {moment}"):
            ask(moment)
