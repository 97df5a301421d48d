"""Filters on the command line: saved once, used on any number of pictures."""

import numpy as np
import pytest

from editor import cli
from tests.cli import shell
from tests.cli.shell import read, report_of, write
from tests.cli.test_analogy import labels, textured


def keep(*words):
    return cli.main(["filter", *map(str, words)])


def use(*words):
    return shell.run("filter", *words)


@pytest.fixture
def pictures(tmp_path):
    given = {"A.png": labels(), "AP.png": textured(), "B.png": labels(turned=True)}
    return [write(tmp_path / name, pixels) for name, pixels in given.items()]


@pytest.fixture
def saved(pictures):
    A, AP, B = pictures
    assert keep("--save", "River", "--a", A, "--ap", AP, "--preset", "numbers") == cli.DONE
    return B


def test_a_filter_is_saved_listed_used_renamed_and_deleted(saved, out, tmp_path, capsys):
    told = tmp_path / "told.json"
    assert use("River", saved, "-o", out, "--report", told) == cli.DONE
    made = read(out)
    assert made[:, :13].mean() > 190
    assert made[:, 17:].mean() < 90
    report = report_of(told)
    assert report["operation"] == "filter"
    assert report["params"] == {"name": "River", "seed": 0}
    assert keep("--rename", "River", "Stream") == cli.DONE
    capsys.readouterr()
    assert keep("--list") == cli.DONE
    assert capsys.readouterr().out == "Stream\n"
    assert keep("--delete", "Stream") == cli.DONE
    assert keep("--list") == cli.DONE
    said = capsys.readouterr()
    assert said.out == ""
    assert "there are no filters yet" in said.err


def test_it_gives_what_the_analogy_gives(saved, pictures, out, tmp_path):
    assert use("River", saved, "-o", out) == cli.DONE
    other = tmp_path / "analogy.png"
    assert shell.run("analogy", *pictures, "-o", other, "--preset", "numbers") == cli.DONE
    assert (read(out) == read(other)).all()


def test_many_pictures_and_variations(saved, tmp_path):
    other = write(tmp_path / "other.png", labels())
    words = ("-o", tmp_path / "made", "--variations", 2)
    assert use("River", saved, other, *words) == cli.DONE
    made = sorted(path.name for path in (tmp_path / "made").iterdir())
    assert made == ["B-1.png", "B-2.png", "other-1.png", "other-2.png"]


def test_several_pairs_are_kept(pictures, tmp_path, out):
    A, AP, B = pictures
    bright = write(tmp_path / "AP2.png", np.full_like(labels(), 250))
    words = ("--a", A, "--ap", AP, "--pairs", A, bright, "--preset", "numbers")
    assert keep("--save", "Two", *words) == cli.DONE
    assert use("Two", B, "-o", out) == cli.DONE


def test_a_name_that_is_taken_needs_force(saved, pictures, capsys):
    again = ("--save", "River", "--a", pictures[0], "--ap", pictures[1])
    assert keep(*again) == cli.REFUSED
    assert capsys.readouterr().err == "patina: River is the name of another filter\n"
    assert keep(*again, "--force") == cli.DONE


@pytest.mark.parametrize(
    ("words", "code", "cause"),
    [
        (("--delete", "None"), cli.REFUSED, "None is the name of no filter"),
        (("--rename", "None", "b"), cli.REFUSED, "None is the name of no filter"),
        (("--rename", "None", "a/b"), cli.REFUSED, "None is the name of no filter"),
        (("--delete", "../x"), cli.IMPOSSIBLE, "cannot be called '../x'"),
        (("--save", "x", "--a", "none.png", "--ap", "none.png"), cli.REFUSED, "none.png"),
    ],
)
def test_what_cannot_be_done_is_one_line(words, code, cause, capsys):
    assert keep(*words) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert cause in said


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("--save", "x"), "--save needs --a and --ap"),
        (("--list", "--delete", "x"), "not allowed with"),
        (("--rename", "x"), "expected 2 arguments"),
    ],
)
def test_what_cannot_be_understood_is_one_line(words, cause, capsys):
    with pytest.raises(SystemExit) as left:
        keep(*words)
    said = capsys.readouterr().err
    assert left.value.code == cli.USAGE
    assert said.count("\n") == 1
    assert cause in said


@pytest.mark.parametrize(
    ("A", "AP", "more", "cause"),
    [
        (labels(), textured()[:9], (), "A and A′ are of different sizes"),
        (labels(), textured(), ("--pairs", "A.png"), "--pairs has 1 pictures: two are a pair"),
    ],
)
def test_pictures_that_make_no_filter(A, AP, more, cause, tmp_path, capsys):
    A, AP = write(tmp_path / "A.png", A), write(tmp_path / "AP.png", AP)
    assert keep("--save", "x", "--a", A, "--ap", AP, *more) == cli.IMPOSSIBLE
    assert cause in capsys.readouterr().err
    assert keep("--list") == cli.DONE
    assert capsys.readouterr().out == ""


def test_a_filter_that_is_not_there_is_refused(saved, out, capsys):
    assert use("Rover", saved, "-o", out) == cli.REFUSED
    assert capsys.readouterr().err == "patina: Rover is the name of no filter\n"
    assert not out.exists()
