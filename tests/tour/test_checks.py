"""What the tour measures: it holds of what is right, and not of the same when it is spoiled."""

import numpy as np
import pytest

from editor.engine.image import Rect, Size
from editor.tour import checks


@pytest.fixture(scope="module")
def photo():
    """Something with structure at every size, in colour."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[0:96, 0:128]
    ramp = np.dstack([70 + x, 60 + y, 140 - y // 2]).astype(np.float64)
    stripes = 25 * (np.sin(x / 5) * np.cos(y / 7))[..., None]
    noise = rng.normal(0, 6, (96, 128, 1))
    return np.clip(ramp + stripes + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def mask():
    mask = np.zeros((96, 128), np.uint8)
    mask[30:60, 40:80] = 255
    return mask


def with_noise(picture, levels=40, place=(slice(None), slice(None))):
    rng = np.random.default_rng(1)
    result = picture.astype(np.int16)
    result[place] += rng.integers(-levels, levels + 1, result[place].shape).astype(np.int16)
    return np.clip(result, 0, 255).astype(np.uint8)


# ── fills ──


def test_untouched(photo, mask):
    after = photo.copy()
    after[40:50, 50:60] += 9
    assert checks.untouched(photo, after, mask).holds
    after[10, 10, 2] ^= 1
    assert checks.untouched(photo, after, mask) == (
        False,
        "1 of 11,088 pixels outside the mask changed",
    )
    assert not checks.untouched(photo, photo[:90], mask).holds


def test_replaced(photo, mask):
    after = photo.copy()
    after[mask > 0] += 5
    assert checks.replaced(photo, after, mask).holds
    after[30:50] = photo[30:50]
    assert not checks.replaced(photo, after, mask).holds


def test_no_seam(photo, mask):
    assert checks.no_seam(photo, mask).holds
    spoiled = photo.copy()
    spoiled[mask > 0] = 255 - spoiled[mask > 0]
    assert not checks.no_seam(spoiled, mask).holds


# ── shapes ──


def test_sized(photo):
    assert checks.sized(photo, Size(128, 96)) == (True, "it is 128 × 96, asked for was 128 × 96")
    assert not checks.sized(photo[:95], Size(128, 96)).holds


def test_still_there(photo, mask):
    narrower = np.concatenate([photo[:, :20], photo[:, 36:]], axis=1)
    assert checks.still_there(photo, narrower, mask).holds
    squeezed = narrower.copy()
    squeezed[:, 18:70:2] = squeezed[:, 17:69:2]
    squeezed[28:62] = with_noise(squeezed[28:62], 90)
    assert not checks.still_there(photo, squeezed, mask).holds
    assert not checks.still_there(photo, photo[:20, :20], mask).holds


def test_nearer_than_scaled(photo):
    stripes = np.sin(np.arange(128))[None, :, None] * 60
    photo = np.clip(photo + stripes, 0, 255).astype(np.uint8)
    other = np.concatenate([photo[:, :44], photo[:, 84:]], axis=1)
    assert checks.nearer_than_scaled(photo, other).holds
    assert not checks.nearer_than_scaled(photo, with_noise(other, 120)).holds


def test_kept_within(photo):
    larger = np.pad(photo, ((3, 0), (8, 8), (0, 0)), mode="edge")
    assert checks.kept_within(photo, larger, 8, 3).holds
    assert not checks.kept_within(photo, larger, 7, 3).holds
    assert not checks.kept_within(photo, photo, 0, 0).holds
    larger[20, 20] ^= 1
    assert not checks.kept_within(photo, larger, 8, 3).holds


def test_moved(photo, mask):
    after = photo.copy()
    after[35:65, 10:50] = photo[30:60, 40:80] // 2 + 60  # in another light
    assert checks.moved(photo, after, mask, -30, 5).holds
    assert not checks.moved(photo, photo, mask, -30, 5).holds


def test_untouched_elsewhere(photo):
    mask = np.zeros((96, 128), np.uint8)
    mask[10:14, 10:14] = 255
    after = photo.copy()
    after[30, 30] ^= 1
    assert checks.untouched_elsewhere(photo, after, mask).holds
    after[90, 120] ^= 1
    assert checks.untouched_elsewhere(photo, after, mask) == (
        False,
        checks.untouched_elsewhere(photo, after, mask).sentence,
    )
    assert "elsewhere" in checks.untouched_elsewhere(photo, after, mask).sentence


# ── textures and analogies ──


def test_of_sample(photo):
    texture = np.concatenate([photo[:, 30:110], photo[:, 20:90]], axis=1)
    assert checks.of_sample(photo, texture).holds
    assert not checks.of_sample(photo, with_noise(texture, 70)).holds
    assert not checks.of_sample(photo, np.tile(photo[:12, :12], (8, 9, 1))).holds  # poor in it


@pytest.mark.parametrize("axis", [0, 1])
def test_goes_on(axis):
    turn = np.sin(np.arange(96) / 96 * 2 * np.pi)
    tile = np.rint(128 + 90 * np.add.outer(turn, turn) / 2).astype(np.uint8)
    assert checks.goes_on(tile, axis).holds
    cut = tile[:60] if axis == 0 else tile[:, :60]
    assert not checks.goes_on(cut, axis).holds


def test_like_example(photo):
    painted = 255 - photo // 2
    B = np.ascontiguousarray(photo[:, ::-1])
    assert checks.like_example(painted, B, 255 - B // 2, colour=True).holds
    assert checks.like_example(painted, B, 255 - B // 2, colour=False).holds
    assert not checks.like_example(painted, B, B, colour=True).holds


def test_as_detailed(photo):
    from editor.engine.cv import cv2

    blurred = cv2.GaussianBlur(photo, (0, 0), 3)
    assert checks.as_detailed(photo, blurred, with_noise(blurred, 6)).holds
    assert not checks.as_detailed(photo, blurred, blurred).holds


def test_as_toned():
    y, x = np.mgrid[:96, :128]
    tone = np.repeat(x[..., None] * 255 // 127, 3, axis=2).astype(np.uint8)
    lines = np.where((y % 6)[..., None] * 255 // 5 < tone, 255, 0).astype(np.uint8)
    assert checks.as_toned(tone, lines).holds
    assert not checks.as_toned(tone, lines[:, ::-1]).holds
    assert not checks.as_toned(tone, np.full_like(lines, 90)).holds


def test_patches_of_a_picture_too_small_are_refused(photo):
    with pytest.raises(ValueError, match="5 × 5: too small to be compared"):
        checks.patch_distance(photo, photo[:5, :5])


# ── restorations ──


def test_better(photo):
    noisy, less = with_noise(photo, 40), with_noise(photo, 10)
    assert checks.better(noisy, less, photo, 3.0).holds
    assert not checks.better(noisy, noisy, photo, 0.1).holds
    assert not checks.better(less, noisy, photo, 0.0).holds
    small = np.ascontiguousarray(photo[::4, ::4])
    assert checks.better(small, less, photo, 1.0).holds


def test_psnr_of_the_truth_itself_is_endless(photo):
    assert checks.psnr(photo, photo) == float("inf")
    assert checks.psnr(photo // 2 + 1, photo) < 20


# ── clips and sprites ──


def swing(count, period):
    """A light that goes up and down."""
    levels = (round(128 + 100 * np.sin(2 * np.pi * number / period)) for number in range(count))
    return [np.full((8, 12, 3), level, np.uint8) for level in levels]


def test_loops():
    assert checks.loops(swing(40, 20)).holds
    assert not checks.loops(swing(45, 20)).holds
    assert not checks.loops(swing(1, 20)).holds


def test_never_leaps():
    source = swing(60, 30)
    assert checks.never_leaps(source[:40], source, 40).holds
    assert not checks.never_leaps(source[:40], source, 41).holds
    assert not checks.never_leaps([*source[:20], *source[37:57]], source, 40).holds


def creature(side=20, alpha=255):
    cel = np.zeros((side, side, 4), np.uint8)
    cel[4:-4, 4:-4] = (200, 90, 40, alpha)
    return cel


def test_cut_out():
    size = Size(80, 60)
    assert checks.cut_out([creature()] * 9, size, 10).holds
    assert not checks.cut_out([creature()] * 8, size, 10).holds  # too many were lost
    assert not checks.cut_out([*[creature()] * 9, creature(alpha=120)], size, 10).holds
    assert not checks.cut_out([*[creature()] * 9, creature(9)], size, 10).holds  # a speck
    assert not checks.cut_out([np.full((60, 80, 4), 255, np.uint8)] * 10, size, 10).holds


def test_keeps_to_path():
    path = {"median_distance": 0.2, "largest_distance": 1.1, "walked": 9.0, "length": 12.0}
    assert checks.keeps_to_path(path).holds
    assert not checks.keeps_to_path({**path, "median_distance": 0.9}).holds
    assert not checks.keeps_to_path({**path, "walked": 0.3}).holds


def test_page_of_its_own():
    page = '<!DOCTYPE html><html><img src="data:image/webp;base64,AA"></html>'
    assert checks.page_of_its_own(page).holds
    assert not checks.page_of_its_own(page.replace("data:image/webp;base64,AA", "https://a")).holds
    assert not checks.page_of_its_own(page.replace("data:image/webp;base64,AA", "fish.webp")).holds
    assert not checks.page_of_its_own("fish").holds


def test_laid_out():
    sheet = np.zeros((40, 80, 4), np.uint8)
    sheet[5:15, 5:15] = sheet[5:15, 45:55] = 255
    frames = [Rect(0, 0, 20, 20), Rect(40, 0, 20, 20)]
    assert checks.laid_out(sheet, frames).holds
    assert not checks.laid_out(sheet, []).holds
    assert not checks.laid_out(sheet, [*frames, Rect(20, 20, 10, 10)]).holds  # empty
    assert not checks.laid_out(sheet, [*frames, Rect(70, 0, 20, 20)]).holds  # outside
    assert not checks.laid_out(sheet, [*frames, Rect(10, 0, 20, 20)]).holds  # over another


def test_drawn_from():
    text = "the cat sat on the mat and the dog sat on the cat"
    assert checks.drawn_from(text, "and the cat sat on\nthe dog sat", 4).holds
    assert not checks.drawn_from(text, "and the cow sat on the dog", 4).holds
    assert not checks.drawn_from(text, "the mat and the dog", 4).holds  # copied as it is
    assert not checks.drawn_from(text, "the", 4).holds
