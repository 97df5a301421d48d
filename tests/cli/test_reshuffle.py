"""Reshuffle on the command line: each piece is one flag, failures are one line."""

from functools import partial

import numpy as np
import pytest

from editor import cli
from tests.cli import shell
from tests.cli.shell import read, report_of, write

run = partial(shell.run, "reshuffle")


def noise():
    return np.random.default_rng(5).integers(0, 256, (48, 64, 3)).astype(np.uint8)


def block(y=10, x=8):
    mask = np.zeros((48, 64), np.uint8)
    mask[y : y + 12, x : x + 12] = 255
    return mask


@pytest.fixture
def photo(tmp_path):
    return write(tmp_path / "photo.png", noise())


@pytest.fixture
def piece(tmp_path):
    return write(tmp_path / "piece.png", block())


def test_a_piece_is_moved_and_the_report_says_how(photo, piece, out, tmp_path):
    told = tmp_path / "told.json"
    asked = (photo, "--move", f"{piece}:30,20", "-o", out, "--adapt", 0, "--report", told)
    assert run(*asked) == cli.DONE
    assert (read(out)[30:42, 38:50] == noise()[10:22, 8:20]).all()
    assert (read(out)[10:22, 8:20] != noise()[10:22, 8:20]).any()
    report = report_of(told)
    assert report["operation"] == "reshuffle"
    assert report["params"]["moves"] == [{"by": [30, 20]}]
    assert report["input"]["move"] == [str(piece)]


def test_several_pieces_each_in_its_own_way(photo, piece, out, tmp_path):
    other = write(tmp_path / "other.png", block(30, 40))
    moves = ("--move", f"{piece}:30,0,mirror,keep", "--move", f"{other}:-30,0")
    assert run(photo, *moves, "-o", out, "--adapt", 0) == cli.DONE
    assert (read(out)[10:22, 38:50] == noise()[10:22, 8:20][:, ::-1]).all()
    assert (read(out)[10:22, 8:20] == noise()[10:22, 8:20]).all()
    assert (read(out)[30:42, 10:22] == noise()[30:42, 40:52]).all()


def test_turned_and_scaled(photo, piece, out):
    asked = (photo, "--move", f"{piece}:30,20,turn=90,scale=0.5", "-o", out, "--adapt", 0)
    assert run(*asked) == cli.DONE
    assert (read(out)[33:39, 41:47] != noise()[33:39, 41:47]).any()
    assert (read(out)[30:33, 38:50] == noise()[30:33, 38:50]).all()


def test_a_folder_has_one_mask_for_each_picture(photo, tmp_path, out):
    for name, at in (("photo.png", (10, 8)), ("second.png", (30, 40))):
        write(tmp_path / "masks" / name, block(*at))
    second = write(tmp_path / "second.png", noise())
    done = tmp_path / "done"
    moves = ("--move", f"{tmp_path / 'masks'}:6,2")
    assert run(photo, second, *moves, "-o", done, "--adapt", 0) == cli.DONE
    assert (read(done / "photo.png")[12:24, 14:26] == noise()[10:22, 8:20]).all()
    assert (read(done / "second.png")[32:44, 46:58] == noise()[30:42, 40:52]).all()


def test_several_seeds_for_one_move(photo, piece, out):
    asked = (photo, "--move", f"{piece}:30,20", "-o", out, "--adapt", 0, "--variations", 2)
    assert run(*asked) == cli.DONE
    one, other = (read(out.with_stem(f"out-{number}")) for number in (1, 2))
    assert (one[30:42, 38:50] == other[30:42, 38:50]).all()
    assert (one != other).any()


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ((), "--move"),
        (("--move", "piece.png"), "'piece.png' does not move a piece: write MASK:DX,DY"),
        (("--move", "piece.png:30"), "does not move a piece"),
        (("--move", "piece.png:a,b"), "does not move a piece"),
        (("--move", ":1,2"), "does not move a piece"),
        (("--move", "piece.png:1,2,large"), "does not move a piece"),
        (("--move", "piece.png:1,2,keep=3"), "does not move a piece"),
        (("--move", "piece.png:1,2", "--adapt", "101"), "it goes from 0 to 100"),
    ],
)
def test_what_cannot_be_understood_is_one_line(photo, out, capsys, words, cause):
    with pytest.raises(SystemExit) as left:
        run(photo, "-o", out, *words)
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.count("\n") == 1
    assert cause in said


@pytest.mark.parametrize(
    ("moves", "cause"),
    [
        (("{}:0,0",), "no piece has another place than before"),
        (("{}:200,0",), "piece 1 would lie wholly outside the picture"),
        (("{}:3,0", "{}:6,0"), "piece 2 would lie on piece 1"),
        (("{}:3,0,scale=9",), "is scaled by 9: from 0.1 to 8 is possible"),
        (("{}:nan,0",), "it moves and turns by numbers"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_picture(photo, piece, out, capsys, moves, cause):
    words = [word for move in moves for word in ("--move", move.format(piece))]
    assert run(photo, *words, "-o", out) == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "photo.png" in said
    assert cause in said
    assert not out.exists()


def test_an_empty_mask_is_said(photo, tmp_path, out, capsys):
    blank = write(tmp_path / "blank.png", block() * 0)
    assert run(photo, "--move", f"{blank}:3,0", "-o", out) == cli.IMPOSSIBLE
    assert "the piece is empty" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "cause"), [("none.png", "none.png"), ("low.png", "64 × 30")])
def test_a_mask_that_cannot_be_used_is_refused(photo, tmp_path, out, capsys, name, cause):
    write(tmp_path / "low.png", block()[:30])
    assert run(photo, "--move", f"{tmp_path / name}:3,0", "-o", out) == cli.REFUSED
    assert cause in capsys.readouterr().err
