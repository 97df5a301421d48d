"""The bundled samples: every card opens, its mask fits, and its settings mean something."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import editor.operations
from editor.engine.image import Size
from editor.files.masks import read_mask
from editor.files.read import read_picture
from editor.files.samples import analogy_samples
from editor.operations import params

SAMPLES = Path(__file__).parent.parent / "resources" / "samples"
LISTED = json.loads((SAMPLES / "samples.json").read_text("utf-8"))
BUDGET = 25_000_000  # bytes, all samples together

FILES = ("picture", "mask", "protect", "truth")
NEEDED = {  # beside the picture
    "fill": {"mask"},
    "retarget": {"protect"},
    "reshuffle": {"moves"},
    "texture": set(),
    "extend": set(),
    "restore": {"truth"},
}


def each(*tasks):
    """A test of every sample of these tasks; of all, if none is named."""
    those = [one for one in LISTED if not tasks or one["task"] in tasks]
    return pytest.mark.parametrize("sample", those, ids=lambda sample: sample["id"])


def files(sample):
    """All the pictures and masks an entry names."""
    single = [sample[key] for key in FILES if key in sample]
    masks = [move["mask"] for move in sample.get("moves", ())]
    return [*single, *masks, *sample.get("analogy", {}).values()]


def size_of(name):
    return Size.of(read_picture(SAMPLES / name).pixels)


def mask_of(sample, name):
    return read_mask(SAMPLES / name, size_of(sample["picture"]), read=read_picture)


def operation(sample):
    return getattr(editor.operations, sample["task"].capitalize())


def test_each_has_a_name_of_its_own():
    names = [sample["id"] for sample in LISTED]
    assert names
    assert len(set(names)) == len(names)


@each()
def test_the_card_says_one_calm_thing(sample):
    assert 0 < len(sample["title"]) <= 30
    assert 0 < len(sample["sentence"]) <= 70
    assert sample["sentence"].endswith(".")
    assert "!" not in sample["sentence"]


@each(*NEEDED)
def test_it_has_what_its_task_needs(sample):
    assert NEEDED[sample["task"]] <= set(sample)


@each(*NEEDED)
def test_the_picture_opens_without_a_remark(sample):
    photo = read_picture(SAMPLES / sample["picture"])
    assert not photo.notices
    assert photo.pixels.ndim == 3
    assert 30 < photo.pixels.mean() < 225  # neither black nor burnt out
    assert photo.pixels.std() > 20


@each("fill", "retarget", "reshuffle")
def test_a_photograph_is_as_large_as_a_photograph(sample):
    assert max(size_of(sample["picture"])) >= 1500


@each("texture", "restore")
def test_what_takes_long_is_small(sample):
    assert max(size_of(sample["picture"])) <= 384


@each("fill")
def test_the_mask_fits_and_covers_little(sample):
    cover = mask_of(sample, sample["mask"])
    assert set(cover.ravel().tolist()) == {0, 255}
    assert 0.0005 <= (cover > 0).mean() <= 0.15


@each("retarget")
def test_what_is_protected_leaves_room(sample):
    cover = mask_of(sample, sample["protect"])
    assert set(cover.ravel().tolist()) == {0, 255}
    assert (cover > 0).any(axis=0).mean() <= 0.01 * sample["settings"]["width"]


@each("reshuffle")
def test_a_piece_stays_in_the_picture(sample):
    width, height = size_of(sample["picture"])
    for move in sample["moves"]:
        down, across = mask_of(sample, move["mask"]).nonzero()
        for place, shift, most in ((across, move["dx"], width), (down, move["dy"], height)):
            assert (place + shift >= 0).all()
            assert (place + shift < most).all()


@each("restore")
def test_the_truth_is_what_was_spoiled(sample):
    spoiled, truth = (read_picture(SAMPLES / sample[key]).pixels for key in ("picture", "truth"))
    scale = int(sample["settings"].get("scale", 1))
    assert truth.shape[0] == scale * spoiled.shape[0]
    assert truth.shape[1] == scale * spoiled.shape[1]
    small = truth.reshape(*spoiled.shape[:1], scale, spoiled.shape[1], scale, 3).mean(axis=(1, 3))
    changed = np.abs(small - spoiled)
    assert changed.mean() < 25
    if scale == 1:
        assert changed.mean() > 3
    if sample["settings"]["task"] == "inpaint":
        assert not changed[mask_of(sample, sample["mask"]) == 0].any()


@each(*NEEDED)
def test_the_settings_are_those_of_the_operation(sample):
    declared = {one.name: one for one in params(operation(sample))}
    for name, value in sample["settings"].items():
        assert declared[name].checked(value) == value


def test_all_together_are_small():
    files = [found for found in SAMPLES.rglob("*") if found.is_file()]
    assert sum(found.stat().st_size for found in files) <= BUDGET


def test_nothing_lies_about_unlisted():
    listed = {name for sample in LISTED for name in files(sample)}
    found = {
        path.relative_to(SAMPLES).as_posix()
        for path in SAMPLES.rglob("*")
        if path.is_file() and path.suffix != ".json"
    }
    assert listed <= found
    assert {name.split("/")[0] for name in found - listed} == {"source"}


@pytest.mark.parametrize("sample", analogy_samples(), ids=lambda sample: sample.id)
def test_the_three_pictures_of_an_analogy_fit(sample):
    A, Ap, B = (read_picture(path).pixels for path in sample.analogy)
    assert A.shape == Ap.shape
    assert max(B.shape) <= 512
    assert editor.operations.Analogy(**sample.settings)
    if sample.truth is not None:
        assert read_picture(sample.truth).pixels.shape == B.shape


def test_every_purpose_of_an_analogy_has_an_example():
    purposes = next(one for one in params(editor.operations.Analogy) if one.name == "preset")
    own = [value for value, _ in purposes.choices if value != "prompt"]  # which finds it out
    offered = dict.fromkeys(one.settings["preset"] for one in analogy_samples())
    assert list(offered) == own


def test_an_engraving_is_made_of_lines_and_as_dark_as_its_picture():
    A, Ap, _ = (
        read_picture(path).pixels.astype(float).mean(axis=2)
        for one in analogy_samples()
        if one.id == "engraved"
        for path in one.analogy
    )
    away = np.abs(Ap[..., None] - [Ap.min(), Ap.max()]).min(axis=2)
    assert (away < 0.25 * np.ptp(Ap)).mean() > 0.6  # ink or paper, and little between
    blocks = [one.reshape(24, 16, 32, 16).mean(axis=(1, 3)).ravel() for one in (A, Ap)]
    assert np.corrcoef(*blocks)[0, 1] > 0.9


@pytest.mark.parametrize("script", sorted((SAMPLES / "source").glob("*.py")), ids=lambda p: p.name)
def test_the_sources_know_no_machine(script):
    assert not re.search(r"""["'\s](/[a-z]+/|[A-Z]:\\|~/)""", script.read_text("utf-8"))
