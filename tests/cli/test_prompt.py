"""Figures with an empty cell are completed without the window."""

from functools import partial

import numpy as np
import pytest

from editor import cli
from tests.cli import shell
from tests.cli.shell import read, report_of, write
from tests.operations.test_prompt import figure, small

run = partial(shell.run, "prompt")


def test_the_empty_cell_is_completed_and_nothing_else(tmp_path, out, capsys):
    pixels, truth = figure(gap=6)
    told = tmp_path / "told.json"
    assert run(write(tmp_path / "figure.png", pixels), "-o", out, "--report", told) == cli.DONE
    made = read(out)
    assert abs(made[70:, 86:].astype(int) - truth).mean() < 12
    made[70:, 86:] = pixels[70:, 86:]
    assert (made == pixels).all()
    assert "seems to show a change of every colour" in capsys.readouterr().err
    assert report_of(told)["operation"] == "prompt"


def test_the_same_with_pictures_of_their_own(tmp_path, out):
    names = {"A.png": small(), "AP.png": 255 - small(), "B.png": small(1)}
    given = [write(tmp_path / name, pixels) for name, pixels in names.items()]
    assert shell.run("analogy", *given, "-o", out, "--preset", "prompt") == cli.DONE
    assert abs(read(out).astype(int) - (255 - small(1))).mean() < 12


@pytest.mark.parametrize("pixels", [small(), np.zeros((40, 40, 3), np.uint8)])
def test_what_is_no_figure_is_one_line(pixels, tmp_path, out, capsys):
    assert run(write(tmp_path / "figure.png", pixels), "-o", out) == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "one cell of the figure must be empty" in said
    assert not out.exists()
