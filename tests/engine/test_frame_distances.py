import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine import frame_distances
from editor.engine.frame_distances import check_memory, distances, distances_reference
from editor.engine.kernels import products
from editor.engine.step import last


def clip(shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def table(frames, **how):
    return last(distances([frames], len(frames), **how))


# ── the products ──


@pytest.mark.parametrize("kernel", ["vnni", "plain"])
def test_the_products_are_exact_on_every_kind_of_processor(kernel):
    if kernel == "vnni" and not products.VNNI:
        pytest.skip("this processor has no VNNI")
    x = clip((32, 4096))
    x[0], x[1], x[2, ::2] = 255, 0, 255
    panels = (x ^ 128).view(np.int32).reshape(2, 16, 1024).transpose(0, 2, 1).copy()
    sums = np.zeros((32, 32), np.int64)
    add = products.add_products_vnni if kernel == "vnni" else products.add_products_plain
    for low in range(0, 1024, 300):
        add(0, 1, panels, 0, 2, low, min(low + 300, 1024), sums)
    wide = x.astype(np.int64)
    assert np.array_equal(sums, (wide - 128) @ wide.T)


# ── D ──


@st.composite
def clips(draw):
    shape = [draw(st.integers(1, 40)), draw(st.integers(1, 9)), draw(st.integers(1, 9))]
    channels = draw(st.sampled_from([None, 1, 3, 4]))
    frames = clip([*shape, *([channels] if channels else [])], draw(st.integers(0, 99)))
    cuts = draw(st.lists(st.integers(0, shape[0]), max_size=4))
    return frames, np.split(frames, sorted(cuts))


@settings(max_examples=40)
@given(clips(), st.sampled_from([1, 2]))
def test_d_is_the_distance_of_every_pair_however_the_frames_come(case, threads):
    frames, blocks = case
    D = last(distances(blocks, len(frames), threads=threads)).D
    assert np.array_equal(D, distances_reference(frames).astype(np.float32))


@settings(max_examples=20)
@given(clips())
def test_in_even_light_it_agrees_with_the_reference(case):
    frames, blocks = case
    D = last(distances(blocks, len(frames), even_light=True)).D
    assert np.allclose(D, distances_reference(frames, even_light=True), atol=2e-4)


def test_many_blocks_and_both_numbers_of_threads_give_the_same_bytes():
    frames = clip((300, 9, 11, 3))
    one, two = (table(frames, threads=threads).D for threads in (1, 2))
    assert one.tobytes() == two.tobytes()
    assert np.array_equal(one, distances_reference(frames).astype(np.float32))


def test_sums_beyond_32_bits_are_exact():
    frames = np.zeros((3, 400, 500, 3), np.uint8)
    frames[1], frames[2, 0, 0, 0] = 255, 1
    D = table(frames).D
    assert D[0, 1] == 255
    assert D[0, 2] == np.float32(np.sqrt(1 / 600_000))


def test_only_equal_frames_have_no_distance():
    frames = clip((20, 6, 6, 3))
    frames[13] = frames[4]
    for even_light in (False, True):
        D = table(frames, even_light=even_light).D
        assert [tuple(pair) for pair in np.argwhere(np.triu(D == 0, 1))] == [(4, 13)]


def test_even_light_does_not_see_a_lamp_or_an_exposure():
    scene = clip((4, 40, 40, 3)) // 2 + 60
    flicker = scene.copy()
    flicker[1::2] = np.rint(scene[1::2] * 0.8 + (30, 10, 0)).astype(np.uint8)
    frames = np.concatenate([scene, flicker])
    plain, even = table(frames).D, table(frames, even_light=True).D
    assert plain[1, 5] > 10
    assert even[1, 5] < 0.5
    assert even[0, 1] > 10


def test_the_light_of_each_frame_is_known():
    frames = clip((5, 8, 9, 3))
    light = table(frames).light
    values = frames.reshape(5, -1, 3).astype(float)
    assert np.allclose(light.means, values.mean(axis=1))
    around = values - values.mean(axis=1, keepdims=True)
    assert np.allclose(light.contrasts, np.sqrt((around**2).mean(axis=(1, 2))))


def test_only_what_the_mask_holds_is_compared():
    frames = clip((10, 8, 9, 3))
    mask = np.zeros((8, 9), bool)
    mask[2:5, 3:4] = True
    expected = distances_reference(frames[:, 2:5, 3:4])
    assert np.array_equal(table(frames, mask=mask).D, expected.astype(np.float32))


def test_a_long_clip_is_kept_in_half_the_memory(monkeypatch):
    monkeypatch.setattr(frame_distances, "_LONG", 10)
    frames = clip((12, 8, 8, 3))
    D = table(frames).D
    assert D.dtype == np.float16
    assert np.allclose(D, distances_reference(frames), rtol=5e-4)


def test_neighbours_and_stillness():
    frames = np.zeros((6, 4, 4), np.uint8)
    assert table(frames).still
    frames[:] = np.array([0, 1, 2, 3, 4, 14])[:, None, None]
    moving = table(frames)
    assert not moving.still
    assert moving.neighbours == 1
    assert table(frames[:1]).neighbours == 0


# ── steps and the door ──


def test_what_is_known_grows_and_progress_with_it():
    frames = clip((300, 4, 4))
    steps = list(distances(np.array_split(frames, 10), 300))
    done = [step.done for step in steps]
    counts = [step.value.count for step in steps if step.value is not None]
    assert done == sorted(done)
    assert (done[-1], counts) == (1, [128, 256, 300])


def test_it_can_be_left_at_every_step():
    frames = clip((150, 5, 5))
    count = sum(1 for _ in distances([frames], 150))
    for leave in range(count):
        steps = distances([frames], 150)
        for _ in range(leave):
            next(steps)
        steps.close()


def test_a_clip_that_ends_early_gives_what_there_was():
    frames = clip((7, 5, 5, 3))
    found = last(distances([frames], 100)).D
    assert found.flags.c_contiguous
    assert np.array_equal(found, table(frames).D)


def test_frames_are_not_written_to():
    frames = clip((5, 5, 5, 3))
    frames.flags.writeable = False
    found = table(frames)
    with pytest.raises(ValueError, match="read-only"):
        found.D[0, 0] = 1


@pytest.mark.parametrize(
    ("blocks", "count", "sentence"),
    [
        ([], 5, "the clip has no frames"),
        ([clip((0, 4, 4))], 5, "the clip has no frames"),
        ([clip((4, 4, 4))], 0, "the clip has no frames"),
        ([clip((4, 4, 4))], 3, "more frames than the 3"),
        ([clip((2, 4, 4)), clip((2, 4, 5))], 9, "change their size"),
        ([np.zeros((2, 4, 4))], 9, "uint8 of shape .* not float64"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(blocks, count, sentence):
    with pytest.raises(ValueError, match=sentence):
        last(distances(blocks, count))


@pytest.mark.parametrize(
    ("mask", "sentence"),
    [(np.zeros((4, 4), bool), "is empty"), (np.ones((4, 5), bool), r"\(4, 5\) and a frame is")],
)
def test_a_mask_that_does_not_fit_is_refused(mask, sentence):
    with pytest.raises(ValueError, match=sentence):
        last(distances([clip((4, 4, 4))], 4, mask=mask))


def test_a_clip_beyond_memory_is_refused_before_the_start():
    with pytest.raises(
        ValueError, match=r"comparing 1000000 frames takes .* set in and out points"
    ):
        check_memory(10**6, 230_400)


def test_warming_up_needs_nothing():
    frame_distances.warm_up()
