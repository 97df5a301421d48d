"""The bundled samples: every card opens, its mask fits, and its settings mean something."""

import json
import re
from pathlib import Path

import pytest

import editor.operations
from editor.engine.image import Size
from editor.files.masks import read_mask
from editor.files.read import read_picture
from editor.operations import params
from editor.ui.analogy.samples import analogy_samples

SAMPLES = Path(__file__).parent.parent / "resources" / "samples"
LISTED = json.loads((SAMPLES / "samples.json").read_text("utf-8"))
BUDGET = 25_000_000  # bytes, all samples together

each = pytest.mark.parametrize("sample", LISTED, ids=lambda sample: sample["id"])


def operation(sample):
    return getattr(editor.operations, sample["task"].capitalize())


def test_each_has_a_name_of_its_own():
    names = [sample["id"] for sample in LISTED]
    assert names
    assert len(set(names)) == len(names)


@each
def test_the_card_says_one_calm_thing(sample):
    assert 0 < len(sample["title"]) <= 30
    assert 0 < len(sample["sentence"]) <= 70
    assert sample["sentence"].endswith(".")
    assert "!" not in sample["sentence"]


@each
def test_the_picture_opens_without_a_remark(sample):
    photo = read_picture(SAMPLES / sample["picture"])
    size = Size.of(photo.pixels)
    assert not photo.notices
    assert photo.pixels.ndim == 3
    assert max(size) >= 1500
    assert 30 < photo.pixels.mean() < 225  # neither black nor burnt out
    assert photo.pixels.std() > 20


@each
def test_the_mask_fits_and_covers_little(sample):
    size = Size.of(read_picture(SAMPLES / sample["picture"]).pixels)
    cover = read_mask(SAMPLES / sample["mask"], size, read=read_picture)
    assert set(cover.ravel().tolist()) == {0, 255}
    assert 0.0005 <= (cover > 0).mean() <= 0.15


@each
def test_the_settings_are_those_of_the_operation(sample):
    declared = {one.name: one for one in params(operation(sample))}
    for name, value in sample["settings"].items():
        assert declared[name].checked(value) == value


def test_all_together_are_small():
    files = [found for found in SAMPLES.rglob("*") if found.is_file()]
    assert sum(found.stat().st_size for found in files) <= BUDGET


def test_nothing_lies_about_unlisted():
    listed = {sample[key] for sample in LISTED for key in ("picture", "mask")}
    pictures = {found.name for found in SAMPLES.iterdir() if found.suffix != ".json"} - {
        "source",
        "analogies",
    }
    assert pictures == listed


@pytest.mark.parametrize("sample", analogy_samples(), ids=lambda sample: sample.preset)
def test_the_three_pictures_of_an_analogy_fit(sample):
    A, Ap, B = (read_picture(path).pixels for path in (sample.A, sample.Ap, sample.B))
    assert A.shape == Ap.shape
    assert max(B.shape) <= 512
    assert editor.operations.Analogy(preset=sample.preset).preset == sample.preset
    assert sample.sentence.endswith(".")


def test_every_purpose_of_an_analogy_has_an_example():
    purposes = next(one for one in params(editor.operations.Analogy) if one.name == "preset")
    own = [value for value, _ in purposes.choices if value != "prompt"]  # which finds it out
    assert [one.preset for one in analogy_samples()] == own
    named = {path.name for one in analogy_samples() for path in (one.A, one.Ap, one.B)}
    there = {path.name for path in (SAMPLES / "analogies").iterdir() if path.suffix != ".json"}
    assert named == there


@pytest.mark.parametrize("script", sorted((SAMPLES / "source").glob("*.py")), ids=lambda p: p.name)
def test_the_sources_know_no_machine(script):
    assert not re.search(r"""["'\s](/[a-z]+/|[A-Z]:\\|~/)""", script.read_text("utf-8"))
