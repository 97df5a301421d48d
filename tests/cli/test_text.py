"""Texts on the command line: one drawn from another, and what cannot be done in one line."""

import pytest

from editor import cli
from editor.resources import resource
from tests.cli import shell
from tests.cli.shell import report_of

BOOK = resource("lecture", "opticks.txt")


def run(*arguments):
    return shell.run("text", *arguments, "--quiet")


@pytest.fixture
def rhyme(tmp_path):
    path = tmp_path / "rhyme.txt"
    path.write_text("The rain it raineth every day. The rain, the rain!\n", "utf-8")
    return path


def test_a_text_is_drawn_from_another_and_told_about(rhyme, tmp_path):
    out, told = tmp_path / "like.txt", tmp_path / "told.json"
    arguments = ("--order", 3, "--length", 80, "--seed", 4)
    assert run(rhyme, *arguments, "-o", out, "--report", told) == cli.DONE
    text, source = out.read_text("utf-8"), rhyme.read_text("utf-8")
    assert 78 <= len(text) <= 81
    assert all(text[i : i + 3] in source * 2 for i in range(len(text) - 3))
    report = report_of(told)
    assert report["seed"] == 4
    assert report["output"]["letters"] == 80
    assert report["output"]["copied"]["passage"].strip() in text
    assert report["output"]["copied"]["letters"] >= 3


def test_the_same_seed_is_the_same_text(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert (
            run(BOOK, "--length", 200, "--seed", seed, "-o", tmp_path / f"{name}.txt") == cli.DONE
        )
    a, b, c = ((tmp_path / f"{name}.txt").read_bytes() for name in "abc")
    assert a == b != c


def test_words_and_several_at_once(rhyme, tmp_path):
    out = tmp_path / "drawn"
    arguments = ("--unit", "words", "--order", 2, "--length", 12, "--variations", 2)
    assert run(rhyme, *arguments, "-o", f"{out}/") == cli.DONE
    assert [one.name for one in sorted(out.iterdir())] == ["rhyme-1.txt", "rhyme-2.txt"]
    known = set(rhyme.read_text("utf-8").replace(",", "").replace(".", "").replace("!", "").split())
    for one in out.iterdir():
        words = one.read_text("utf-8").replace(",", "").replace(".", "").replace("!", "").split()
        assert set(words) <= known


def test_what_was_copied_is_said(rhyme, tmp_path, capsys):
    assert shell.run("text", rhyme, "--length", 60, "-o", tmp_path / "out.txt") == cli.DONE
    said = capsys.readouterr()
    assert "The longest passage copied has" in said.err
    assert "60 letters" in said.out


def test_latin_letters_of_old_files_are_read(tmp_path):
    path = tmp_path / "alt.txt"
    path.write_bytes("Würzburg, schöne Stadt. Grüße!".encode("latin-1"))
    assert run(path, "--order", 5, "--length", 40, "-o", tmp_path / "neu.txt") == cli.DONE
    assert "ö" in (tmp_path / "neu.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", cli.IMPOSSIBLE, "too few different letters"),
        (b"\x89PNG\0\0\0", cli.REFUSED, "it is no text"),
    ],
)
def test_what_cannot_be_done_is_one_line(content, code, words, tmp_path, capsys):
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    assert run(path, "-o", tmp_path / "out.txt") == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out.txt").exists()


def test_what_is_there_is_not_replaced(rhyme, tmp_path, capsys):
    out = tmp_path / "mine.txt"
    out.write_text("mine")
    assert run(rhyme, "-o", out) == cli.REFUSED
    assert out.read_text() == "mine"
