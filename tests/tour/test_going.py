"""The tour on samples of a few pixels: what it makes, measures, says and refuses."""

import numpy as np
import pytest

from editor import cli, log
from editor.files.samples import Sample
from editor.operations import Fill
from editor.tour import checks, going
from editor.tour.checks import Verdict
from tests.cli.shell import read, report_of, run, write


@pytest.fixture(autouse=True)
def _no_log(monkeypatch):
    monkeypatch.setattr(log, "start", lambda folder: None)  # it has tests of its own


def _refuse():
    raise ValueError("there is nothing to copy from")


def ramp(height=64, width=96):
    y, x = np.mgrid[0:height, 0:width]
    return np.dstack([60 + x, 80 + y, 100 + (x + y) // 2]).astype(np.uint8)


@pytest.fixture
def scratched(tmp_path, monkeypatch):
    """The only sample there is: a bright spot and a scratch in a ramp, to be filled smoothly."""
    picture, mask = ramp(), np.zeros((64, 96), np.uint8)
    mask[20:44, 30:34] = mask[50:58, 70:80] = 255
    picture[mask > 0] = 255
    sample = Sample(
        "ramp", "A ramp", "Take the scratch away.", "fill",
        write(tmp_path / "ramp.png", picture), write(tmp_path / "mask.png", mask),
        settings={"method": "smooth"},
    )  # fmt: skip
    monkeypatch.setattr(going, "samples", lambda: (sample,))
    return sample


@pytest.fixture
def out(tmp_path):
    return tmp_path / "tour"


def test_a_short_tour(scratched, out, capsys):
    told = out.parent / "told.json"
    assert run("tour", "-o", out, "--only", "ramp", "--report", told) == cli.DONE
    assert read(out / "ramp.png").shape == (64, 96, 3)
    page = (out / "index.html").read_text("utf-8")
    assert "patina fill ramp.png --mask mask.png --method smooth -o ramp.png" in page
    assert "0 of 5,968 pixels outside the mask changed" in page
    assert "A ramp" in page
    assert str(out) not in page  # nothing says where it was made
    for name in ("contact.png", "pictures/ramp.jpg", "pictures/ramp-0.jpg"):
        assert (out / name).stat().st_size > 0
    report = report_of(told)
    assert report["stop"] == "ramp"
    assert [one["holds"] for one in report["checks"]] == [True, True, True]
    assert report["run"]["operation"] == "fill"
    said = capsys.readouterr()
    assert "3 of 3 checks hold" in said.out
    assert said.err == ""


def test_the_heal_brush_is_on_it_too(scratched, out):
    assert run("tour", "-o", out, "--only", "ramp-heal", "--quiet") == cli.DONE
    healed = read(out / "ramp-heal.png")
    assert (healed[20:44, 30:34] < 255).all()  # the larger of the two small things
    assert (healed[50:58, 70:80] == 255).all()
    assert not (out / "ramp.png").exists()


def test_a_text_is_read_on_the_page(scratched, out):
    assert run("tour", "-o", out, "--only", "text", "--quiet") == cli.DONE
    words = (out / "like-opticks.txt").read_text("utf-8").split()
    page = (out / "index.html").read_text("utf-8")
    assert " ".join(words[3:8]) in " ".join(page.split())


def test_what_does_not_hold_is_named_and_ends_with_4(scratched, out, capsys, monkeypatch):
    monkeypatch.setattr(checks, "no_seam", lambda *_: Verdict(False, "a seam shows"))
    assert run("tour", "-o", out, "--only", "ramp") == cli.IMPOSSIBLE
    said = capsys.readouterr()
    assert said.err == "patina: tour: ramp: a seam shows\n"
    assert "2 of 3 checks hold" in said.out
    assert "A seam shows" in (out / "index.html").read_text("utf-8")


def test_a_stop_that_cannot_be_done_does_not_end_the_tour(scratched, out, capsys, monkeypatch):
    monkeypatch.setattr(Fill, "steps", lambda *_: _refuse())
    assert run("tour", "-o", out, "--only", "fill", "--quiet") == cli.IMPOSSIBLE
    said = capsys.readouterr().err
    assert said.startswith("patina: tour: ramp: ")
    assert "ramp.png" in said
    assert said.count("\n") == 1
    assert not (out / "ramp.png").exists()
    assert (out / "ramp-heal.png").exists()
    assert "ramp.png" in (out / "index.html").read_text("utf-8")


def test_what_is_there_already_is_not_replaced(scratched, out, capsys):
    out.mkdir()
    (out / "ramp.png").write_text("mine")
    assert run("tour", "-o", out) == cli.REFUSED
    assert "ramp.png: is there already; --force replaces it" in capsys.readouterr().err
    assert (out / "ramp.png").read_text() == "mine"
    assert run("tour", "-o", out, "--only", "ramp", "--force", "--quiet") == cli.DONE


def test_a_stop_that_is_not_known_is_named(scratched, out, capsys):
    assert run("tour", "-o", out, "--only", "moon") == 2
    assert capsys.readouterr().err == (
        "patina: tour: the tour has no stop 'moon': choose among fill, extend, text, or a sample\n"
    )
    assert not out.exists()


def test_an_interruption_leaves_whole_files_or_none(scratched, out, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(checks, "untouched", interrupted)
    assert run("tour", "-o", out, "--only", "ramp") == cli.INTERRUPTED
    assert [path.name for path in out.iterdir()] == ["ramp.png"]
    assert read(out / "ramp.png").shape == (64, 96, 3)
