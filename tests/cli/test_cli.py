"""The command line: flags from fields, one line per failure, exit codes, batches, reports."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from editor import cli, flags, log
from editor.batch_inputs import MASK
from editor.engine.device import Device
from editor.engine.image import Picture, Rect, check_hole
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene, param
from tests.cli.shell import read, report_of, write

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Paint(Operation):
    """Paints the hole in one value: a whole operation in five lines."""

    label: ClassVar[str] = "Paint"
    value: int = param(7, "Value", 0, 255, help="What to paint with, in 100 % of cases.")
    share: float = param(1.0, "Share", 0, 1, step=0.1, help="How much of it.")
    way: str = param("flat", "Way", choices=(("flat", "Flat"), ("odd", "Odd")), help="How.")
    large_brush: bool = param(False, "Large brush", help="Whether it is large.")
    seed: int = param(0, "Seed", 0, 99, help="Which.")

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        assert scene.hole is not None
        check_hole(scene.image, scene.hole)
        if self.way == "odd":
            raise KeyError("a surprise")
        rect = Rect.around(scene.hole)
        pixels = np.array(scene.image[rect.slices])
        pixels[scene.hole[rect.slices] > 127] = round(self.value * self.share)
        yield Step(0.5)
        yield Step(1.0, Patch(rect, pixels))


@pytest.fixture(autouse=True)
def _commands(monkeypatch: pytest.MonkeyPatch) -> None:
    paint = flags.Subcommand("paint", Paint, "Paint it.", (MASK,), "  patina paint …")
    monkeypatch.setattr(cli, "COMMANDS", (*cli.COMMANDS, paint))
    monkeypatch.setattr(log, "start", lambda folder: None)  # it has tests of its own


def grey(width: int = 12, height: int = 8) -> Picture:
    return np.full((height, width, 3), 100, np.uint8)


def dot(width: int = 12, height: int = 8) -> Picture:
    mask = np.zeros((height, width), np.uint8)
    mask[3, 4] = 255
    return mask


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return write(tmp_path / "photo.png", grey())


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    return write(tmp_path / "mask.png", dot())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.png"


def run(*arguments: object) -> int:
    return cli.main([*map(str, arguments)])


def usage(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command line that cannot be understood is answered: one line, exit code 2."""
    with pytest.raises(SystemExit) as left:
        run(*arguments)
    assert left.value.code == 2
    return one_line(capsys)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err
    assert said.startswith("patina")
    assert said.count("\n") == 1
    return said


# ── what it does ──


def test_a_picture_comes_out(image: Path, mask: Path, out: Path) -> None:
    assert run("paint", image, "--mask", mask, "-o", out, "--value", 9) == 0
    expected = grey()
    expected[3, 4] = 9
    np.testing.assert_array_equal(read(out), expected)
    np.testing.assert_array_equal(read(image), grey())


def test_every_field_has_its_flag(image: Path, mask: Path, out: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    flagged = ["--value", "30", "--share", "0.5", "--way", "flat", "--large-brush", "--seed", "3"]
    assert run("paint", image, "--mask", mask, "-o", out, *flagged, "--report", told) == 0
    assert report_of(told)["params"] == {
        "value": 30,
        "share": 0.5,
        "way": "flat",
        "large_brush": True,
        "seed": 3,
    }
    assert read(out)[3, 4, 0] == 15


@pytest.mark.parametrize(
    ("flag", "value", "cause"),
    [
        ("--value", "300", "it goes from 0 to 255"),
        ("--value", "many", "it is a number"),
        ("--value", "1.5", "it is a whole number"),
        ("--share", "nan", "it is a number"),
        ("--share", "inf", "it is a number"),
        ("--way", "round", "choose flat, odd"),
        ("--quality", "0", "1 to 100"),
        ("--threads", "0", "1 to 1024"),
        ("--device", "abacus", "abacus"),
        ("--colour", "red", "--colour"),
    ],
)
def test_a_wrong_flag_is_named_with_its_range(
    capsys: pytest.CaptureFixture[str], flag: str, value: str, cause: str
) -> None:
    said = usage(capsys, "paint", "a.png", "--mask", "m.png", "-o", "o.png", flag, value)
    assert flag in said
    assert cause in said


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--mask" in usage(capsys, "paint", "a.png", "-o", "o.png")


def test_help_names_every_field_and_needs_neither_qt_nor_files() -> None:
    for command in cli.COMMANDS:
        text = flags.batch_parser(command).format_help()
        assert "examples:" in text
        together = command.together
        fields = [one.name for one in flags.params(command.operation)]
        if together is not None:
            assert together.flag in text
            fields = [name for name in fields if name not in together.fields]
        assert all(f"--{name.replace('_', '-')}" in text for name in fields)
    text = flags.window_parser(cli.COMMANDS).format_help()
    assert "patina fill" in text
    assert "--screenshot" in text


def test_the_window_gets_its_files_and_its_place() -> None:
    parse = flags.window_parser(cli.COMMANDS).parse_args
    assert parse(["a.png", "b.patina"]).files == [Path("a.png"), Path("b.patina")]
    asked = parse(
        ["--screenshot", "o.png", "--size", "1280x720", "--theme", "light", "--scale", "2"]
    )
    assert (asked.screenshot, asked.size) == (Path("o.png"), (1280, 720))
    assert (asked.theme, asked.scale, asked.mode) == ("light", 2.0, "fill")


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--size", "large"),
        ("--size", "0x9"),
        ("--size", "12"),
        ("--scale", "9"),
        ("--theme", "red"),
    ],
)
def test_a_wrong_place_is_refused(
    capsys: pytest.CaptureFixture[str], flag: str, value: str
) -> None:
    assert flag in usage(capsys, "--screenshot", "o.png", flag, value)


# ── batches ──


def test_several_pictures_go_into_a_folder(tmp_path: Path, mask: Path) -> None:
    images = [write(tmp_path / f"{name}.png", grey()) for name in "ab"]
    assert run("paint", *images, "--mask", mask, "-o", tmp_path / "done") == 0
    assert [int(read(tmp_path / "done" / f"{name}.png")[3, 4, 0]) for name in "ab"] == [7, 7]


def test_a_folder_of_masks_serves_by_name(tmp_path: Path) -> None:
    images = [write(tmp_path / f"{name}.png", grey()) for name in "ab"]
    other = np.roll(dot(), 2, axis=1)
    write(tmp_path / "masks" / "a.png", dot())
    write(tmp_path / "masks" / "b.tif", other)
    assert run("paint", *images, "--mask", tmp_path / "masks", "-o", tmp_path / "done") == 0
    assert read(tmp_path / "done" / "a.png")[3, 4, 0] == 7
    assert read(tmp_path / "done" / "b.png")[3, 6, 0] == 7


def test_a_picture_without_its_mask_is_named_and_the_others_are_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = [write(tmp_path / f"{name}.png", grey()) for name in "ab"]
    write(tmp_path / "masks" / "b.png", dot())
    told = tmp_path / "told.json"
    done = ["-o", tmp_path / "done", "--report", told]
    assert run("paint", *images, "--mask", tmp_path / "masks", *done) == 3
    assert "a.png has no mask" in one_line(capsys)
    assert (tmp_path / "done" / "b.png").exists()
    assert report_of(told)["output"]["path"].endswith("b.png")


def test_two_pictures_of_one_name_are_refused(
    tmp_path: Path, mask: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = [write(tmp_path / folder / "a.png", grey()) for folder in "xy"]
    assert run("paint", *images, "--mask", mask, "-o", tmp_path / "done") == 2
    assert "two of the pictures are called a.png" in one_line(capsys)


# ── what is refused ──


def test_what_is_there_is_not_replaced_unasked(
    image: Path, mask: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.write_bytes(b"dear to somebody")
    assert run("paint", image, "--mask", mask, "-o", out) == 3
    assert "out.png: is there already; --force replaces it" in one_line(capsys)
    assert out.read_bytes() == b"dear to somebody"
    assert run("paint", image, "--mask", mask, "-o", out, "--force") == 0
    assert read(out)[3, 4, 0] == 7


def test_a_report_is_not_replaced_unasked(
    image: Path, mask: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("paint", image, "--mask", mask, "-o", out, "--report", mask) == 3
    assert "mask.png: is there already" in one_line(capsys)
    assert not out.exists()


@pytest.mark.parametrize("content", [None, b"", b"no picture at all", b"\x89PNG\r\n\x1a\n cut"])
def test_an_unreadable_picture_is_named(
    mask: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    image = tmp_path / "broken.png"
    if content is not None:
        image.write_bytes(content)
    assert run("paint", image, "--mask", mask, "-o", out) == 3
    assert "broken.png" in one_line(capsys)
    assert not out.exists()


def test_a_mask_of_another_size_is_refused_with_both_sizes(
    image: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = write(tmp_path / "small.png", dot(6, 5))
    assert run("paint", image, "--mask", mask, "-o", out) == 3
    said = one_line(capsys)
    assert "6 × 5" in said
    assert "12 × 8" in said


@pytest.mark.parametrize(("value", "cause"), [(0, "the mask is empty"), (255, "whole picture")])
def test_a_mask_that_leaves_nothing_to_do(
    image: Path,
    out: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    value: int,
    cause: str,
) -> None:
    mask = write(tmp_path / "mask.png", np.full((8, 12), value, np.uint8))
    assert run("paint", image, "--mask", mask, "-o", out) == 4
    said = one_line(capsys)
    assert "photo.png" in said
    assert cause in said
    assert not out.exists()


def test_a_surprise_is_one_line_and_its_trace_is_in_the_log(
    image: Path,
    mask: Path,
    out: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert run("paint", image, "--mask", mask, "-o", out, "--way", "odd") == 4
    assert "could not be done" in one_line(capsys)
    assert "KeyError: 'a surprise'" in caplog.text


def test_a_missing_card_is_said(
    image: Path, mask: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr("editor.engine.device._working_card", lambda: None)
    assert run("paint", image, "--mask", mask, "-o", out, "--device", "cuda") == 4
    assert "no working CUDA device" in one_line(capsys)


def test_an_interrupt_ends_with_130_and_nothing_half_written(
    image: Path, mask: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Paint, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        yield Step(0.1)
        raise KeyboardInterrupt

    monkeypatch.setattr(Paint, "steps", interrupted)
    assert run("paint", image, "--mask", mask, "-o", out) == 130
    assert sorted(out.parent.iterdir()) == [mask, image]


# ── what it says ──


def test_the_report_tells_what_was_done(image: Path, mask: Path, out: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    assert run("paint", image, "--mask", mask, "-o", out, "--seed", 5, "--report", told) == 0
    report = report_of(told)
    assert report["operation"] == "paint"
    assert report["seed"] == 5
    assert set(report["seconds"]) == {"load", "warmup", "solve", "save"}
    assert report["peak_rss_mb"] > 10
    assert report["input"]["size"] == [12, 8]
    assert report["input"]["mask"] == str(mask)
    assert report["output"] == {"path": str(out), "size": [12, 8], "channels": 3, "depth": "uint8"}


def test_a_batch_reports_a_list(tmp_path: Path, mask: Path) -> None:
    images = [write(tmp_path / f"{name}.png", grey()) for name in "ab"]
    told = tmp_path / "told.json"
    assert run("paint", *images, "--mask", mask, "-o", tmp_path / "x", "--report", told) == 0
    assert [one["input"]["path"] for one in report_of(told)] == [*map(str, images)]


def test_it_says_what_came_of_it_or_nothing(
    image: Path, mask: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("paint", image, "--mask", mask, "-o", out) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{out}  12 × 8")
    assert said.err == ""
    assert run("paint", image, "--mask", mask, "-o", out, "--force", "--quiet") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


def test_the_bar_fills_and_goes(capsys: pytest.CaptureFixture[str]) -> None:
    with cli.Bar("photo.png", shown=True) as bar:
        for done in (0.0, 0.5, 0.501, 1.0):
            bar.show(done)
    said = capsys.readouterr().err
    assert said.count("photo.png") == 3  # 50 % is drawn once
    assert " 50 %" in said
    assert said.endswith("\r\x1b[K")


@pytest.mark.slow
def test_smooth_fill_from_the_outside(tmp_path: Path) -> None:
    """The real program in its own process: a scratch in a ramp is gone."""
    ramp = np.repeat(np.linspace(40, 200, 48).astype(np.uint8)[None, :, None], 32, axis=0)
    ramp = np.repeat(ramp, 3, axis=2)
    hole = np.zeros((32, 48), np.uint8)
    hole[8:24, 20:23] = 255
    scratched = ramp.copy()
    scratched[hole > 0] = 255
    image, mask = write(tmp_path / "a.png", scratched), write(tmp_path / "m.png", hole)
    asked = [image, "--mask", mask, "-o", tmp_path / "b.png"]
    ran = subprocess.run(
        [sys.executable, "main.py", "fill", *asked, "--grain", "0", "--device", "cpu"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    mended = read(tmp_path / "b.png")
    np.testing.assert_array_equal(mended[hole == 0], scratched[hole == 0])
    assert np.abs(mended.astype(int) - ramp).max() <= 4


def test_variations_have_the_seeds_that_follow(image: Path, mask: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "out.png", tmp_path / "report.json"
    arguments = ["paint", str(image), "--mask", str(mask), "-o", str(out), "--seed", "5"]
    assert cli.main([*arguments, "--variations", "3", "--report", str(report)]) == cli.DONE
    assert not out.exists()
    assert all((tmp_path / f"out-{number}.png").exists() for number in (1, 2, 3))
    assert [one["seed"] for one in report_of(report)] == [5, 6, 7]


def test_a_variation_that_is_there_is_not_replaced_unasked(
    image: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = write(tmp_path / "out-2.png", grey())
    arguments = ["paint", str(image), "--mask", str(mask), "-o", str(tmp_path / "out.png")]
    assert cli.main([*arguments, "--variations", "2"]) == cli.REFUSED
    assert f"{there}: is there already" in capsys.readouterr().err
    assert not (tmp_path / "out-1.png").exists()


@pytest.fixture
def halves(tmp_path: Path) -> dict[str, Path]:
    """A picture that is dark on the left and light on the right, a hole on the border of the two,
    masks of either half, and a third, even picture."""
    picture = np.zeros((64, 96, 3), np.uint8)
    picture[:, :48], picture[:, 48:] = 50, 200
    hole, right = np.zeros((2, 64, 96), np.uint8)
    hole[24:40, 40:56], right[:, 60:] = 255, 255
    named = {"photo": picture, "hole": hole, "right": right}
    named["even"] = np.full((40, 50, 3), 120, np.uint8)
    return {name: write(tmp_path / f"{name}.png", pixels) for name, pixels in named.items()}


def test_only_the_sampling_area_is_copied(halves: dict[str, Path], out: Path) -> None:
    files = [str(halves["photo"]), "--mask", str(halves["hole"]), "-o", str(out)]
    assert cli.main(["fill", *files, "--sampling", str(halves["right"])]) == cli.DONE
    assert read(out)[30:34, 50:54].min() > 180


def test_another_picture_is_copied_from(halves: dict[str, Path], out: Path) -> None:
    files = [str(halves["photo"]), "--mask", str(halves["hole"]), "-o", str(out)]
    assert cli.main(["fill", *files, "--from", str(halves["even"])]) == cli.DONE
    middle = read(out)[31, 44:52].astype(int)
    assert middle.min() > 50
    assert middle.max() < 200


def test_a_sampling_area_of_another_size_is_refused(
    halves: dict[str, Path], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(halves["photo"]), "--mask", str(halves["hole"]), "-o", str(out)]
    assert cli.main(["fill", *files, "--sampling", str(halves["even"])]) == cli.REFUSED
    assert "50 × 40" in capsys.readouterr().err
    assert not out.exists()
