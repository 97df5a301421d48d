"""Texture, Grow and Extend: each method answers, masks follow, what cannot be is said."""

from dataclasses import replace

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.fill import fill
from editor.engine.guides import Line
from editor.engine.image import Point, Size
from editor.engine.step import last
from editor.operations import Extend, Fill, GoOn, Grow, Scene, Texture
from editor.operations.new_picture import NewPicture
from editor.operations.texture import read_size
from tests.engine.test_efros_leung_guard import hills
from tests.engine.test_straight import edge

CPU = Device("cpu", 1)
METHODS = pytest.mark.parametrize("method", ["fast", "exact"])


def noise(height=24, width=30, seed=5):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def stripes(height=30, width=40):
    tones = np.where(np.arange(width) % 6 < 3, 40, 220).astype(np.uint8)
    return np.dstack([np.tile(tones, (height, 1))] * 3)


def block(height=30, width=40):
    mask = np.zeros((height, width), np.uint8)
    mask[10:18, 14:24] = 255
    return mask


def done(operation, scene):
    return last(operation.steps(scene, CPU))


@METHODS
def test_a_texture_is_a_new_picture_made_of_the_sample(method):
    image = noise()
    made = done(Texture(width=40, height=32, method=method, window=5), Scene(image))
    assert made.pixels.shape == (32, 40, 3)
    origins = made.origins
    np.testing.assert_array_equal(made.pixels, image[origins[..., 0], origins[..., 1]])


@METHODS
def test_a_texture_is_only_copied_from_the_source_area(method):
    sampling = np.zeros((24, 30), np.uint8)
    sampling[4:20, 5:25] = 255
    scene = Scene(noise(), sampling=sampling)
    made = done(Texture(width=40, height=32, method=method, window=5), scene)
    assert sampling[made.origins[..., 0], made.origins[..., 1]].all()


def test_an_exact_texture_is_seen_as_it_grows_and_says_what_went_wrong():
    operation = Texture(width=96, height=96, method="exact", window=15, seed=1)
    steps = list(operation.steps(Scene(hills()), CPU))
    shown = [step.value for step in steps if step.value is not None]
    assert shown[0].growth is shown[-1].growth
    kept = shown[0].copied()
    assert kept.pixels is not shown[0].pixels
    assert kept.growth is shown[0].growth
    assert "It repeats itself" in shown[-1].notices[0]
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_the_exact_method_makes_no_tiles():
    with pytest.raises(ValueError, match="the exact method makes no tiles"):
        done(Texture(method="exact", tile="xy"), Scene(noise()))


@METHODS
def test_maps_of_the_sample_are_laid_in_the_same_way(method):
    image = noise()
    maps = (("normal.png", noise(seed=6)), ("height.tif", image[..., 0].astype(np.uint16)))
    made = done(Texture(width=40, height=32, method=method, window=5, maps=maps), Scene(image))
    assert [name for name, _ in made.beside] == ["normal.png", "height.tif"]
    y, x = np.moveaxis(made.origins, -1, 0)
    np.testing.assert_array_equal(made.beside[0][1], maps[0][1][y, x])
    np.testing.assert_array_equal(made.beside[1][1], made.pixels[..., 0])


def midway(operation, scene):
    """What there is when some of it is done; as somebody would keep it."""
    steps, enough = operation.steps(scene, CPU), 0.4 if operation.method == "exact" else 0.0
    value = next(one.value for one in steps if one.value is not None and one.done > enough)
    steps.close()
    return value


@METHODS
def test_a_texture_that_is_kept_before_its_end_knows_where_it_is_from_and_has_its_maps(method):
    image = stripes(110, 120) + noise(110, 120) // 16
    maps = (("normal.png", 255 - image),)
    texture = Texture(width=130, height=120, method=method, window=5, maps=maps)
    part = midway(texture, Scene(image))
    assert part.beside == ()
    kept = texture.completed(part)
    assert kept.origins.shape == (120, 130, 2)
    assert kept.notices == ()
    y, x = np.moveaxis(kept.origins, -1, 0)
    known = part.known if method == "exact" else np.s_[:]
    np.testing.assert_array_equal(kept.pixels[known], image[y, x][known])
    np.testing.assert_array_equal(kept.beside[0][1], (255 - image)[y, x])
    assert texture.completed(kept).beside is kept.beside


def test_what_is_laid_around_a_kept_growth_is_from_where_its_copies_are_from():
    image = noise(60, 60)
    part = midway(Texture(width=70, height=64, method="exact", window=5), Scene(image))
    assert 0.1 < part.known.mean() < 0.9
    kept = Texture().completed(part)
    copies = image[kept.origins[..., 0], kept.origins[..., 1]].astype(int)
    off = np.abs(copies - kept.pixels).mean(axis=2)
    assert (off[part.known] == 0).all()
    assert off.mean() < 15  # seams between the patches are closed; two places are 85 apart


def test_a_growth_of_several_samples_that_is_kept_is_from_no_one_place():
    operation = Texture(width=60, height=50, method="exact", window=5, others=(stripes(),))
    assert operation.completed(midway(operation, Scene(stripes()))).origins is None


def test_the_history_keeps_the_values_without_the_pictures():
    one = noise()
    texture = Texture(width=40, others=(one,), guides=(one,), maps=(("normal.png", one),))
    for made in (texture.remembered, GoOn.of(texture, None).remembered):
        assert type(made) is Texture
        assert made.width == 40
        assert (made.others, made.guides, made.maps) == ((), (), ())


@METHODS
def test_a_texture_is_made_of_several_samples(method):
    pure = [np.full((20, 24, 3), tone, np.uint8) for tone in (40, 200)]
    image, other = (one + noise(20, 24, seed) // 8 for seed, one in enumerate(pure))
    operation = Texture(width=40, height=32, method=method, window=5, others=(other,))
    made = done(operation, Scene(image))
    known = {tuple(pixel) for one in (image, other) for pixel in one.reshape(-1, 3)}
    assert {tuple(pixel) for pixel in made.pixels.reshape(-1, 3)} <= known
    assert made.origins is None


def test_a_guide_says_what_goes_where():
    image = stripes()
    image[:15] = 130
    guide = np.zeros((30, 40), np.uint8)
    guide[:15] = 255
    operation = Texture(width=30, height=50, guides=(guide.T.copy(), guide), guidance=100)
    made = done(operation, Scene(image))
    assert (made.pixels[:, :12] == 130).mean() > 0.95
    assert (made.pixels[:, -12:] != 130).mean() > 0.95


def test_it_is_said_where_a_sample_cannot_follow_the_light_of_a_guide():
    guide = np.zeros((40, 40), np.uint8)
    guide[20:] = 255
    operation = Texture(width=60, height=50, guides=(guide,))
    [told] = done(operation, Scene(noise() // 8 + 100)).notices
    assert told.startswith("The sample is equally light everywhere")
    image = noise()
    image[:, :15] //= 4
    assert done(operation, Scene(image)).notices == ()
    own = np.zeros((24, 30), np.uint8)
    own[:12] = 255
    assert done(replace(operation, guides=(guide, own)), Scene(noise())).notices == ()


def test_it_is_said_at_which_sizes_a_tile_of_courses_closes():
    courses = np.ascontiguousarray(stripes(40, 96).swapaxes(0, 1))  # 6 pixels high
    for height, said in [(99, "as a tile 96 or 102 pixels high"), (102, "")]:
        made = done(Texture(width=50, height=height, tile="xy"), Scene(courses))
        assert len(made.notices) == bool(said)
        assert said in "".join(made.notices)
    assert done(Texture(width=50, height=99, tile="x"), Scene(courses)).notices == ()


def test_growing_fills_the_hole_and_nothing_else():
    image = stripes()
    spoilt = image.copy()
    spoilt[block() > 0] = 255
    patch = done(Grow(window=7), Scene(spoilt, block()))
    np.testing.assert_array_equal(patch.on(spoilt), image)
    assert len(patch.origins) == (block() > 0).sum()
    for y, x in [(10, 14), (17, 23)]:
        np.testing.assert_array_equal(image[patch.origins.at(y, x)], image[y, x])


def test_growing_copies_from_another_picture():
    other = np.full((20, 20), 9, np.uint8)
    patch = done(Grow(window=5), Scene(stripes(), block(), other=other))
    assert (patch.on(stripes())[block() > 0] == 9).all()
    assert patch.origins.other


def test_what_was_stopped_and_kept_leaves_the_rest_as_it_was():
    image = noise(80, 80)
    hole = np.zeros((80, 80), np.uint8)
    hole[20:60, 20:60] = 255
    steps = Grow(window=15).steps(Scene(image, hole), CPU)
    patch = next(step.value for step in steps if step.value is not None)
    after = patch.on(image)
    assert patch.origins is None
    for operation in (Grow(), Fill(method="grow")):
        kept = operation.completed(patch).origins
        assert 0 < len(kept) < 1600
        np.testing.assert_array_equal(
            after[kept.ys, kept.xs], image[kept.froms[:, 0], kept.froms[:, 1]]
        )
    same = (after == image).all(axis=2)
    assert same[hole == 0].all()
    assert same[40, 40]


def test_fill_grows_pixel_by_pixel_as_well():
    scene = Scene(stripes(), block())
    filled = done(Fill(method="grow", window=7, seed=3), scene)
    grown = done(Grow(window=7, seed=3), scene)
    np.testing.assert_array_equal(filled.pixels, grown.pixels)


@METHODS
def test_an_extended_picture_keeps_its_inside_and_its_masks_move_along(method):
    image = stripes()
    made = done(Extend(left=6, bottom=9, method=method, window=7), Scene(image))
    assert made.pixels.shape == (39, 46, 3)
    np.testing.assert_array_equal(made.pixels[:30, 6:], image)
    np.testing.assert_array_equal(made.pixels[:, 6:12], made.pixels[:, :6])  # the stripes go on
    np.testing.assert_array_equal(made.carried(block())[:30, 6:], block())
    assert made.carried(block()).sum() == block().sum()
    line = Line(Point(3, 4), Point(20, 4))
    moved = made.carried_line(line, Size(40, 30))
    assert (moved.a, moved.b) == (Point(9, 4), Point(26, 4))


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_straight_goes_on_straight_at_all_sides(turned):
    bands = np.repeat(np.arange(9) * 25, 10)[:, None, None] + noise(90, 120) // 12
    image = (bands.swapaxes(0, 1) if turned else bands).astype(np.uint8)
    sides = ("top", "bottom") if turned else ("left", "right")
    made = done(Extend(**dict.fromkeys(sides, 40)), Scene(image)).pixels
    made = made.swapaxes(0, 1) if turned else made
    assert made.shape == (90, 200, 3)
    assert (np.abs(made.astype(int) - bands.min(axis=1, keepdims=True)) <= 30).all()


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_what_runs_out_at_a_slant_goes_on_at_it_where_straight_lines_are_asked_for(
    turned, straight
):
    image = edge(0.4)
    image = np.ascontiguousarray(image.swapaxes(0, 1)) if turned else image
    side = "bottom" if turned else "right"
    made = done(Extend(**{side: 60}, straight=straight), Scene(image)).pixels
    made = made.swapaxes(0, 1) if turned else made
    columns = np.arange(200, 260)
    rows = (made[:, columns, 0] > 120).argmax(axis=0)
    strays = np.abs(rows - (80 + 0.4 * (columns - 100)))
    assert (strays.max() < 3) == straight


@pytest.mark.parametrize(("side", "outwards"), [("left", "x"), ("bottom", "y")])
def test_what_comes_on_is_filled_from_straight_inwards(side, outwards):
    image = noise(60, 60) // 2 + stripes(60, 60) // 2
    made = done(Extend(**{side: 40}), Scene(image)).pixels
    mask = np.ones(made.shape[:2], bool)
    mask[:60, -60:] = False
    rect, pixels, _ = last(fill(made, mask, outwards=outwards))
    nearest = last(fill(made, mask)).pixels
    assert (made[rect.slices] == pixels).all()
    assert (pixels != nearest).any()


def test_what_is_kept_before_it_goes_on_above_and_below_has_its_sides_alone():
    image, operation = stripes(), Extend(left=20, top=20, bottom=9)
    values = [step.value for step in operation.steps(Scene(image), CPU) if step.value is not None]
    first, at_last = (operation.completed(value) for value in (values[0], values[-1]))
    assert first.pixels.shape == (30, 60, 3)
    np.testing.assert_array_equal(first.pixels[:, 20:], image)
    np.testing.assert_array_equal(first.carried(block())[:, 20:], block())
    assert at_last.pixels.shape == (59, 60, 3)


def test_what_comes_on_is_as_opaque_as_the_edge():
    image = np.dstack([noise(), np.full((24, 30), 255, np.uint8)])
    image[:, -1, 3] = 0
    made = done(Extend(left=8, right=8, top=5), Scene(image)).pixels
    assert (made[:, :37, 3] == 255).all()
    assert (made[:, 37:, 3] == 0).all()


def test_what_comes_on_is_copied_from_the_source_area():
    image = noise()
    image[:, :15] = 0
    sampling = np.zeros((24, 30), np.uint8)
    sampling[:, :15] = 255
    made = done(Extend(top=8, method="exact", window=5), Scene(image, sampling=sampling))
    assert isinstance(made, NewPicture)
    assert (made.pixels[:8] == 0).all()


@pytest.mark.parametrize(
    ("operation", "cause"),
    [
        (Extend(), "nothing to extend"),
        (Grow(), "the mask is empty"),
        (Texture(width=20, height=20), "the texture is 20 × 20 and the sample 30 × 24"),
        (
            Texture(method="exact", guides=(noise(),)),
            "the exact method follows no guide: choose fast",
        ),
        (
            Texture(maps=(("n.png", noise(9, 9)),)),
            "the map n.png is 9 × 9 and the sample 30 × 24: they lie pixel on pixel",
        ),
        (Texture(maps=(("n.png", noise()),), others=(noise(),)), "leave the other samples out"),
        (Texture(method="exact", window=25), "the sample is 30 × 24 and the window 25"),
        (Texture(method="exact", window=10), "the window is 10: it is odd"),
        (Extend(left=9, method="exact", window=25), "the sample is 30 × 24 and the window 25"),
    ],
)
def test_what_cannot_be_is_said(operation, cause):
    with pytest.raises(ValueError, match=cause):
        done(operation, Scene(noise()))


def test_a_size_is_read():
    assert read_size(" 640X480 ") == {"width": 640, "height": 480}
    for text in ("large", "50%x50%", "12"):
        with pytest.raises(ValueError, match="is not a size such as 512x512"):
            read_size(text)
    with pytest.raises(ValueError, match="Width is 3: it goes from 7 to 16384"):
        read_size("3x40")


@pytest.mark.parametrize(
    "operation",
    [
        Texture(width=60, height=50, method="exact", window=5),
        Extend(right=30, bottom=20, method="exact", window=5),
    ],
)
def test_an_exact_one_that_is_stopped_and_kept_has_no_holes(operation):
    values = (one.value for one in operation.steps(Scene(stripes()), CPU))
    parts = [one.copied() for one in values if one is not None and not one.known.all()]
    with pytest.raises(ValueError, match="too little has grown yet"):
        Texture().completed(replace(parts[0], known=np.zeros_like(parts[0].known)))
    part = next(one for one in parts if one.known.sum() > 500)
    kept = operation.completed(part)
    assert (kept.pixels[part.known] == part.pixels[part.known]).all()
    assert kept.pixels.min() > 0  # black is what has not grown
