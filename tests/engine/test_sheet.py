"""A sheet: copies beside a picture from which a fill may take more than there is."""

import numpy as np
import pytest

from editor.engine.guides import Guides
from editor.engine.sheet import Variants, check_variants, in_picture, sheet
from tests.engine.test_fill import filled, hole, noise


def laid_out(*arguments):
    steps = sheet(*arguments)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_the_picture_is_at_the_left_as_it_is_and_its_mirror_image_beside_it():
    image, cover = noise(20, 30, 3), hole(20, 30, (5, 5, 6, 7))
    sources = np.ones((20, 30), bool)
    sources[:, :3] = False
    labels = Guides(labels=noise(20, 30))
    whole = laid_out(image, cover, sources, labels, Variants(mirrored=True))
    assert (whole.image[:, :30] == image).all()
    assert (whole.image[:, 38:] == image[:, ::-1]).all()
    assert (whole.cover[:, :30] == cover).all()
    assert not whole.cover[:, 30:].any()
    assert (whole.sources[:, :30] == sources).all()
    mirrored = whole.sources[:, 38:]
    assert not mirrored[(cover > 0)[:, ::-1]].any()
    assert not mirrored[:, -3:].any()
    assert mirrored[14:18, 4:20].all()
    assert (whole.guides.labels[:, 38:] == labels.labels[:, ::-1]).all()


def test_each_variant_adds_its_copies():
    image, cover = noise(20, 30, 3), hole(20, 30, (5, 5, 6, 7))
    for variants, count in (
        (Variants(turned=10), 5),
        (Variants(scaled=1.5), 3),
        (Variants(True, 10, 1.5), 14),
    ):
        whole = laid_out(image, cover, None, Guides(), variants)
        assert whole.image.shape == (20, count * 38 - 8, 3)
        assert not whole.sources[:, 30:38].any()


def test_a_copy_is_turned_about_its_middle():
    image = np.zeros((41, 41, 3), np.uint8)
    image[:, 20] = 255
    whole = laid_out(image, np.zeros((41, 41), bool), None, Guides(), Variants(turned=45))
    turned = whole.image[:, 4 * 49 :]
    assert (turned[20, 20] > 200).all()
    assert (turned[10, 30] > 120).all() or (turned[10, 10] > 120).all()
    assert (turned[5, 20] < 20).all()


@pytest.mark.parametrize(
    ("variants", "sentence"),
    [
        (Variants(turned=60), "copies are turned by 60°: from 0 to 45"),
        (Variants(scaled=0.5), "copies are scaled by 0.5: from 1 to 2"),
    ],
)
def test_what_cannot_be_is_refused(variants, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_variants(variants)


def test_what_is_only_there_the_other_way_round_is_copied_mirrored():
    """The slanted bars of a gable: on the right of the hole is only their mirror image."""
    y, x = np.mgrid[:90, :180]
    bars = 128 + 100 * np.sin(2 * np.pi * (np.abs(x - 90) + y) / 14)
    image = np.repeat(bars[..., None], 3, axis=2).astype(np.uint8)
    mask = hole(90, 180, (110, 25, 45, 40))
    sources = np.zeros((90, 180), bool)
    sources[:, :85] = True
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    plain, mirrored = (
        np.abs(filled(damaged, mask, sources=sources, mirrored=choice).astype(int) - image)[
            mask > 0
        ].mean()
        for choice in (False, True)
    )
    assert mirrored < plain / 2


def test_what_is_only_there_turned_is_copied_turned():
    def bars(angle):
        y, x = np.mgrid[:100, :120]
        return np.sin(2 * np.pi * (np.cos(angle) * x + np.sin(angle) * y) / 9)

    wave = np.concatenate([bars(0.0), bars(np.radians(20))], axis=1)
    image = np.repeat((128 + 100 * wave)[..., None], 3, axis=2).astype(np.uint8)
    mask = hole(100, 240, (150, 25, 60, 50))
    sources = np.zeros((100, 240), bool)
    sources[:, :110] = True
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    plain, turned = (
        np.abs(filled(damaged, mask, sources=sources, turned=angle).astype(int) - image)[
            mask > 0
        ].mean()
        for angle in (0.0, 20.0)
    )
    assert turned < 0.7 * plain


@pytest.mark.parametrize(
    "variants", [Variants(mirrored=True), Variants(turned=20), Variants(True, 30, 1.5)]
)
def test_a_place_of_the_sheet_is_found_again_in_the_picture(variants):
    y, x = np.mgrid[:60, :80].astype(np.float32)
    image = np.dstack([y, x, np.zeros_like(y)])
    whole = laid_out(image, np.zeros((60, 80), np.uint8), None, Guides(), variants)
    places = np.argwhere(whole.sources).astype(np.int32)
    back = in_picture(places, variants, 80, 60)
    seen = whole.image[tuple(places.T)][:, :2]
    assert np.abs(back - seen).max() < 1
