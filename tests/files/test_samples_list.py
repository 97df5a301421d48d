"""The list of the samples: what is right is read, and each mistake is one clear sentence."""

import json

import pytest

from editor.files.problems import FileProblem
from editor.files.samples import TASKS, analogy_samples, read_samples, samples

LAWN = {
    "id": "lawn",
    "title": "A ball on the lawn",
    "sentence": "Take it away.",
    "task": "fill",
    "picture": "lawn.jpg",
    "mask": "mask.png",
    "settings": {"method": "smooth"},
}
MOVED = {
    **LAWN,
    "task": "reshuffle",
    "moves": [{"mask": "mask.png", "dx": -3, "dy": 4}],
}
ANALOGY = {
    **{key: LAWN[key] for key in ("id", "title", "sentence")},
    "task": "analogy",
    "analogy": {"A": "lawn.jpg", "Ap": "mask.png", "B": "b.png"},
}


@pytest.fixture
def listed(tmp_path):
    for name in ("lawn.jpg", "mask.png", "b.png"):
        (tmp_path / name).touch()

    def write(*entries):
        path = tmp_path / "samples.json"
        path.write_text(json.dumps(entries))
        return path

    return write


def test_an_entry_is_read_with_its_files(listed, tmp_path):
    [sample] = read_samples(listed(LAWN))
    assert (sample.id, sample.task, sample.settings) == ("lawn", "fill", {"method": "smooth"})
    assert sample.picture == tmp_path / "lawn.jpg"
    assert sample.files == (tmp_path / "lawn.jpg", tmp_path / "mask.png")


def test_pieces_and_triples_are_read(listed, tmp_path):
    moved, analogy = read_samples(listed(MOVED, {**ANALOGY, "id": "b"}))
    assert moved.moves == ((tmp_path / "mask.png", -3, 4),)
    assert analogy.picture == analogy.analogy.B == tmp_path / "b.png"
    assert (analogy.shown, moved.shown) == (tmp_path / "mask.png", tmp_path / "lawn.jpg")
    assert {path.name for path in analogy.files} == {"lawn.jpg", "mask.png", "b.png"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("lawn", "a sample has no id: 'lawn'"),
        ({**LAWN, "id": ""}, "a sample has no id"),
        ({**LAWN, "title": None}, "sample 'lawn' has no title"),
        ({**LAWN, "colour": "red"}, "sample 'lawn' has 'colour', which is not known"),
        ({**LAWN, "task": "paint"}, "sample 'lawn' is for 'paint': that is no mode"),
        ({**LAWN, "picture": 7}, "the picture of sample 'lawn' is 7: it is a file beside the list"),
        ({**LAWN, "picture": "../lawn.jpg"}, "it is a file beside the list"),
        ({**LAWN, "mask": "gone.png"}, "the mask of sample 'lawn' is 'gone.png', which is not"),
        ({**LAWN, "settings": ["smooth"]}, "the settings of sample 'lawn' are not names"),
        ({**LAWN, "moves": MOVED["moves"]}, "a reshuffle has a list of moves, and nothing else"),
        ({**MOVED, "moves": []}, "a reshuffle has a list of moves"),
        ({**MOVED, "moves": ["left"]}, "a move of sample 'lawn' is 'left'"),
        ({**MOVED, "moves": [{"mask": "mask.png", "dx": 1.5, "dy": 0}]}, "dx of sample 'lawn'"),
        ({**MOVED, "moves": [{"mask": "no.png", "dx": 1, "dy": 0}]}, "the mask of a move"),
        ({**ANALOGY, "analogy": "A"}, "an analogy has A, Ap and B, and nothing else does"),
        ({**LAWN, "analogy": ANALOGY["analogy"]}, "an analogy has A, Ap and B"),
        ({**ANALOGY, "analogy": {"A": "lawn.jpg", "Ap": "mask.png"}}, "the B of sample 'lawn'"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_it(listed, entry, said):
    with pytest.raises(FileProblem) as told:
        read_samples(listed(entry))
    assert str(told.value).startswith("samples.json cannot be used: ")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_two_of_one_name_are_refused(listed):
    with pytest.raises(FileProblem, match="two samples are called 'lawn'"):
        read_samples(listed(LAWN, LAWN))


def test_what_is_no_list_is_refused(tmp_path):
    path = tmp_path / "samples.json"
    for text, said in (("{}", "no list of samples"), ("[", "cannot be used")):
        path.write_text(text)
        with pytest.raises(FileProblem, match=said):
            read_samples(path)
    with pytest.raises(FileProblem, match="cannot be read: it is not there"):
        read_samples(tmp_path / "gone.json")


def test_those_that_come_with_it_are_in_the_order_of_the_modes():
    tasks = [sample.task for sample in samples()]
    assert tasks == sorted(tasks, key=TASKS.index)
    assert [one for one in samples() if one.analogy is not None] == list(analogy_samples())
    names = [sample.id for sample in samples()]
    assert len(set(names)) == len(names)
