"""Where the tour goes: what is typed at each stop, and which stops are asked for."""

from pathlib import Path

import numpy as np
import pytest

from editor.asked import understood
from editor.files.samples import TASKS, Moved, Sample, Triple, samples
from editor.subcommands import COMMANDS
from editor.tour.stop import flags
from editor.tour.stops import chosen, stops
from tests.cli.shell import write


@pytest.fixture
def every(tmp_path):
    """One sample for each mode, of a few pixels."""
    y, x = np.mgrid[0:40, 0:60]
    picture = write(tmp_path / "p.png", np.dstack([x * 4, y * 5, x + y]).astype(np.uint8))
    cover = np.zeros((40, 60), np.uint8)
    cover[10:20, 10:20] = 255
    mask = write(tmp_path / "m.png", cover)
    special = {
        "fill": {"mask": mask},
        "retarget": {"protect": mask, "settings": {"width": 70, "height": 100}},
        "reshuffle": {"moves": (Moved(mask, 20, -4),)},
        "texture": {"settings": {"width": 80, "height": 64}},
        "analogy": {"analogy": Triple(picture, mask, picture), "settings": {"preset": "line"}},
        "restore": {"mask": mask, "truth": picture, "settings": {"task": "inpaint"}},
        "sprite": {"settings": {"mirror": True}},
    }
    return [
        Sample(task, task.title(), "A sentence.", task, picture, **special.get(task, {}))
        for task in TASKS
    ]


def test_every_mode_and_method_is_on_it(every):
    going = stops(every, Path("out"))
    commands = {stop.command[0] for stop in going if stop.command}
    assert commands == {
        *("fill", "retarget", "reshuffle", "texture", "extend", "grow", "analogy", "restore"),
        *("loop", "endless", "sprite", "steer", "sheet", "text"),
    }
    assert {stop.task for stop in going} == {*TASKS, "text"}
    assert [stop.name for stop in going if stop.operation is not None] == ["fill-heal"]
    names = [stop.name for stop in going]
    assert len(set(names)) == len(names)
    assert len({stop.target for stop in going}) == len(names)


def test_each_command_line_is_understood(every):
    by_name = {command.name: command for command in COMMANDS}
    for stop in stops(every, Path("out")):
        if stop.command:
            asked = understood(by_name[stop.command[0]], list(stop.command[1:]))
            assert Path(asked.out) == stop.target


def test_what_is_typed_names_files_alone(every):
    typed = {stop.name: stop.typed for stop in stops(every, Path("out"))}
    assert typed["reshuffle"] == "patina reshuffle p.png --move m.png:20,-4 -o reshuffle.png"
    assert typed["retarget"] == (
        "patina retarget p.png --size 70%x100% --protect m.png --method patches -o retarget.png"
    )
    assert typed["sprite-circle"] == (
        "patina steer sprite.sprite --path circle --seconds 8 -o sprite-circle.mp4"
    )
    assert (
        typed["analogy-analogy"]
        == "patina analogy p.png m.png p.png --preset line --method exact -o analogy-analogy.png"
    )


def test_nothing_is_written_over_what_it_was_made_of():
    for stop in stops(samples(), Path("out")):
        if stop.command:
            *others, made = stop.typed.split()
            assert made not in others


def test_settings_as_they_are_typed():
    settings = {"method": "fast", "mirror": True, "even_light": False, "sigma": 0.5, "seed": 3}
    assert [*flags(settings)] == [
        *("--method", "fast", "--mirror", "--no-even-light", "--sigma", "0.5", "--seed", "3")
    ]


def test_what_is_needed_comes_along(every):
    going = stops(every, Path("out"))
    assert [stop.name for stop in chosen(going, ["sprite-sheet"])] == ["sprite", "sprite-sheet"]
    assert {stop.task for stop in chosen(going, ["loop", "fill"])} == {"loop", "fill"}
    assert chosen(going, []) == going


def test_a_sample_without_what_it_needs_is_named(every):
    bare = [Sample("bare", "Bare", "Bare.", "fill", every[0].picture)]
    with pytest.raises(ValueError, match="sample bare has no mask: the tour needs one"):
        stops(bare, Path("out"))


def test_those_that_come_with_it_are_all_on_it():
    going = stops(samples(), Path("out"))
    assert {sample.task for sample in samples()} <= {stop.task for stop in going}
    assert len(going) > len(samples())
