"""Analogies on the command line: three pictures make a fourth, failures are one line."""

from functools import partial

import numpy as np
import pytest

from editor import cli
from tests.cli import shell
from tests.cli.shell import read, report_of, write

run = partial(shell.run, "analogy")


def labels(turned=False):
    picture = np.zeros((24, 30, 3), np.uint8)
    picture[:, 15:] = (255, 0, 0)
    return picture[:, ::-1].copy() if turned else picture


def textured(number=0):
    noise = np.random.default_rng(number).integers(0, 40, (24, 30, 1))
    return (noise + np.where(labels()[..., :1] > 0, 200, 20)).astype(np.uint8).repeat(3, axis=2)


@pytest.fixture
def put(tmp_path):
    def put(name, pixels):
        return write(tmp_path / name, pixels)

    return put


@pytest.fixture
def triple(put):
    return put("A.png", labels()), put("AP.png", textured()), put("B.png", labels(turned=True))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "BP.png"


@pytest.mark.parametrize("method", ["exact", "fast"])
def test_labels_become_textures(triple, out, tmp_path, method):
    told = tmp_path / "told.json"
    asked = (*triple, "-o", out, "--preset", "numbers", "--method", method, "--report", told)
    assert run(*asked) == cli.DONE
    made = read(out)
    assert made[:, :13].mean() > 190
    assert made[:, 17:].mean() < 90
    report = report_of(told)
    assert report["operation"] == "analogy"
    assert report["params"]["preset"] == "numbers"
    assert report["params"]["method"] == method
    assert report["input"]["path"].endswith("B.png")
    assert report["input"]["A"] == str(triple[0])
    assert report["input"]["AP"] == str(triple[1])
    assert "pairs" not in report["input"]


def test_a_purpose_sets_what_is_not_said(triple, out, tmp_path):
    told = tmp_path / "told.json"
    words = ("--kappa", "0", "--preset", "numbers", "--guidance", "3")
    assert run(*triple, "-o", out, *words, "--report", told) == cli.DONE
    values = report_of(told)["params"]
    assert (values["kappa"], values["guidance"]) == (0.0, 3.0)
    assert (values["takes"], values["compares"], values["levels"]) == ("pixels", "colour", 5)


def test_several_pairs_and_guides(triple, put, out, tmp_path):
    told = tmp_path / "told.json"
    more = (put("A2.png", labels()), put("AP2.png", textured(1)))
    asked = (*triple, "-o", out, "--preset", "numbers", "--report", told, "--force")
    assert run(*asked, "--pairs", *more) == cli.DONE
    assert report_of(told)["input"]["pairs"] == [str(one) for one in more]
    both = (textured(), textured(1))
    dark = [min(np.abs(row.astype(int) - each).sum(axis=(1, 2)).min() for each in both)
            for row in read(out)]  # fmt: skip
    assert len(dark) == 24
    guides = (put("GA.png", labels()), put("GB.png", labels(turned=True)))
    assert run(*asked, "--guides", *guides) == cli.DONE
    assert read(out)[:, :13].mean() > 190


def test_one_analogy_for_a_folder_of_pictures(triple, put, tmp_path):
    A, AP, B = triple
    other, folder = put("other.png", labels()), tmp_path / "made"
    assert run(A, AP, B, other, "-o", folder, "--preset", "numbers") == cli.DONE
    assert read(folder / "B.png")[:, 20:].mean() < 90
    assert read(folder / "other.png")[:, 20:].mean() > 190


def test_a_painting_that_was_photographed_askew_is_laid_straight(put, out, tmp_path):
    from tests.engine.test_align import moved, picture

    grey = picture()[..., 1].copy()
    A, Ap = put("A.png", grey), put("AP.png", 255 - moved(grey, x=9, y=4))
    words = (A, Ap, A, "-o", out, "--method", "fast", "--force")
    assert run(*words) == cli.DONE
    askew = np.abs(read(out).astype(int) - (255 - grey)).mean()
    assert run(*words, "--align") == cli.DONE
    assert np.abs(read(out).astype(int) - (255 - grey)).mean() < 0.5 * askew


def test_other_seeds_of_the_same_pictures(triple, out):
    asked = (*triple, "-o", out, "--preset", "texture", "--method", "fast", "--variations", 2)
    assert run(*asked) == cli.DONE
    one, other = (read(out.with_stem(f"BP-{number}")) for number in (1, 2))
    assert (one != other).any()


def test_a_label_that_A_lacks_is_said(triple, put, out, capsys):
    odd = labels()
    odd[:6] = (0, 200, 0)
    words = (triple[0], triple[1], put("odd.png", odd), "-o", out, "--preset", "numbers")
    assert run(*words) == cli.DONE
    assert "B has colours that A lacks, the nearest were taken: #00c800 (25.0\u00a0%)" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("--preset", "magic"), "choose filter, artistic, line, colour, numbers"),
        (("--kappa", "-1"), "Coherence κ is -1: it goes from 0 to 25"),
        (("--method", "slow"), "choose auto, exact, fast"),
        (("--levels", "0"), "Levels is 0: it goes from 1 to 8"),
    ],
)
def test_what_cannot_be_understood_is_one_line(triple, out, capsys, words, cause):
    with pytest.raises(SystemExit) as left:
        run(*triple, "-o", out, *words)
    said = capsys.readouterr().err
    assert left.value.code == cli.USAGE
    assert said.count("\n") == 1
    assert cause in said


def test_three_pictures_are_needed(triple, out, capsys):
    with pytest.raises(SystemExit) as left:
        run(*triple[:2], "-o", out)
    assert left.value.code == cli.USAGE
    assert "IMAGE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("--pairs", "A.png"), "--pairs has 1 pictures: two are a pair"),
        (("--guides", "A.png", "A.png", "A.png"), "--guides has 3 pictures: two are a pair"),
        (
            ("--guides", "A.png", "A.png", "--pairs", "A.png", "A.png"),
            "--guides and --pairs cannot be used together",
        ),
    ],
)
def test_pictures_that_do_not_go_together(triple, out, capsys, words, cause):
    assert run(*triple, "-o", out, *words) == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert cause in said


def test_guides_lie_on_one_B(triple, tmp_path, capsys):
    A, AP, B = triple
    assert run(A, AP, B, A, "-o", tmp_path / "made", "--guides", A, B) == cli.IMPOSSIBLE
    assert "make one B at a time" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("A", "AP", "cause"),
    [
        (labels(), textured()[:, :29], "A is 30 × 24 and A′ is 29 × 24: they must be equal"),
        (labels()[:3], textured()[:3], "A is 30 × 3: smaller than the window of 5 × 5"),
        (labels() * 0, textured(), "A is of a single colour"),
    ],
)
def test_what_makes_no_analogy_is_one_line(put, out, capsys, A, AP, cause):
    assert run(put("A.png", A), put("AP.png", AP), put("B.png", labels()), "-o", out) == (
        cli.IMPOSSIBLE
    )
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "B.png" in said
    assert cause in said
    assert not out.exists()


def test_an_A_that_is_not_there_is_refused(triple, out, tmp_path, capsys):
    assert run(tmp_path / "none.png", *triple[1:], "-o", out) == cli.REFUSED
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "none.png" in said
