"""An operation on files without the window: read, solve, write, for one picture or for many.

It walks the road that the window walks: a frozen scene, an operation, its Steps.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from editor.engine.device import Device
from editor.engine.guides import Guides
from editor.engine.image import Picture, Size
from editor.engine.regions import Plays
from editor.engine.step import Step, last
from editor.operations.base import Operation, Patch, Scene
from editor.operations.new_picture import NewPicture
from editor.report import Stopwatch, about_picture, run_report


@dataclass(frozen=True, slots=True)
class Input:
    """A file beside the picture: the flag that names it and the field of the scene it fills.

    The field of one that may be given ``several`` times belongs to the operation: a tuple.
    """

    flag: str
    field: str
    help: str
    read: Callable[[Path, Size], Any]
    required: bool = True
    several: bool = False

    @property
    def name(self) -> str:
        return self.flag.lstrip("-")


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that is the same for each picture of a batch."""

    name: str
    operation: Operation
    device: Device
    inputs: tuple[tuple[Input, Path], ...]
    quality: int | None = None
    force: bool = False
    plays: Plays = ()  # of the regions of a clip
    given: tuple[tuple[str, str | list[str]], ...] = ()  # files that are part of the operation

    def varied(self, number: int) -> Work:
        """The same with another seed, so many after the one that was asked for."""
        if number == 0:
            return self
        varied: dict[str, Any] = {"seed": self.operation.to_dict()["seed"] + number}
        return dataclasses.replace(self, operation=dataclasses.replace(self.operation, **varied))


@dataclass(frozen=True, slots=True)
class Done:
    report: dict[str, Any]
    notices: tuple[str, ...]


def measures(output: dict[str, Any]) -> str:
    """How large a picture or a clip is that was written, from what is reported of it."""
    width, height = output["size"]
    frames = f"  {output['frames']} frames" if "frames" in output else ""
    return f"{width} × {height}{frames}"


@dataclass(frozen=True, slots=True)
class Trade:
    """What a command takes, what it makes of it, and who does that."""

    what: str  # as it stands in the usage
    out: str  # what is said about -o
    steps: Callable[[Work, Path, Path], Iterator[Step[Done]]]
    named: Callable[[Path], Path] = lambda path: path  # a result that has the source's name
    beside: Callable[[Path], tuple[Path, ...]] = lambda _: ()  # what is written with a result
    quality: bool = True  # there is something to be squeezed
    plays: bool = False  # there are regions, each of which can be told what to do
    shown: Callable[[dict[str, Any]], str] = measures  # what is said of a result that was written


def steps(work: Work, source: Path, target: Path) -> Iterator[Step[Done]]:
    """Do the work on one picture; the last Step's value says what was done."""
    from editor.files.kinds import for_saving
    from editor.files.problems import FileProblem
    from editor.files.read import read_picture
    from editor.files.write import SaveOptions, place_beside, write_pictures

    watch = Stopwatch()
    further = [place_beside(target, name) for name in work.operation.further]
    for path in (target, *further):
        for_saving(path)  # refuse a format that cannot be written before the work, not after
    for path in further:
        if path.exists() and not work.force:
            raise FileProblem(f"{path}: is there already; --force replaces it")
    with watch("load"):
        photo = read_picture(source)
        beside = [(one, matching(path, source)) for one, path in work.inputs]
        own, others = ([one for one in beside if one[0].several is own] for own in (True, False))
        scene = Scene(photo.pixels, **_read(others, photo.pixels))
        operation = dataclasses.replace(work.operation, **_read(own, photo.pixels))
    with watch("warmup"):
        warm_up(operation, scene, work.device)
    value: Any = None
    with watch("solve"):
        for step in operation.steps(scene, work.device):
            value = value if step.value is None else step.value
            yield Step(min(step.done, 0.99))
    made = value if isinstance(value, Patch | NewPicture) else None
    result = value if made is None else made.on(photo.pixels)
    with watch("save"):
        options = SaveOptions() if work.quality is None else SaveOptions(quality=work.quality)
        beside_it = made.beside if isinstance(made, NewPicture) else ()
        notices = write_pictures(
            target, result, photo.meta, options, beside=beside_it, overwrite=work.force
        )
    report = run_report(
        work.name,
        operation,
        work.device,
        watch.seconds,
        about_picture(
            source, photo.pixels, format=photo.format, **dict(work.given), **_names(beside)
        ),
        about_picture(target, result, **({"beside": [*map(str, further)]} if further else {})),
    )
    if made is not None and made.curve is not None:
        report["curve"] = made.curve.as_json()
    elif isinstance(made, NewPicture):
        report["residuals"] = [round(one, 2) if isfinite(one) else None for one in made.residuals]
    said = () if made is None else made.notices
    yield Step(1.0, Done(report, (*photo.notices, *said, *notices)))


def _read(beside: list[tuple[Input, Path]], pixels: Picture) -> dict[str, Any]:
    """The fields that come from files; a mask lies on what it belongs to."""
    found: dict[str, Any] = {}
    for one, path in beside:
        lies_on = found.get("other", pixels) if one.field == "sampling" else pixels
        value = one.read(path, Size.of(lies_on))
        found[one.field] = (*found.get(one.field, ()), value) if one.several else value
    return found


def _names(beside: list[tuple[Input, Path]]) -> dict[str, Any]:
    """The files that were read, by their flags."""
    found: dict[str, Any] = {}
    for one, path in beside:
        found[one.name] = [*found.get(one.name, []), str(path)] if one.several else str(path)
    return found


PICTURES = Trade(
    "IMAGE",
    "the result, in the format of its ending; a folder if there are several pictures",
    steps,
)


def variations(target: Path, count: int) -> list[Path]:
    """Where several results for one picture go: out-1.png, out-2.png …"""
    if count == 1:
        return [target]
    return [target.with_stem(f"{target.stem}-{number + 1}") for number in range(count)]


def targets(sources: list[Path], out: Path, as_folder: bool) -> list[Path]:
    """Where each result goes: the file that was named, or the same name in a folder."""
    if len(sources) == 1 and not as_folder and not out.is_dir():
        return [out]
    found = [out / source.name for source in sources]
    double = next((path for path in found if found.count(path) > 1), None)
    if double is not None:
        raise ValueError(f"two of the pictures are called {double.name}: they would be one result")
    return found


def matching(path: Path, source: Path) -> Path:
    """A file serves every picture; from a folder comes the one that has the picture's name."""
    if not path.is_dir():
        return path
    from editor.files.problems import FileProblem

    if (path / source.name).is_file():
        return path / source.name
    found = sorted(one for one in path.iterdir() if one.is_file() and one.stem == source.stem)
    if len(found) != 1:
        count = "nothing is" if not found else f"{len(found)} files are"
        raise FileProblem(f"{source.name} has no mask: {count} called {source.stem} in {path}")
    return found[0]


def warm_up(operation: Operation, scene: Scene, device: Device) -> None:
    """Load and compile on a small scene, so that the solve is measured without it.

    Its hole is large enough to be solved coarse to fine, and the scene is larger than what is
    looked at around it: what only does that, or takes a part of a picture, is loaded as well.
    """
    if scene.hole is None:  # what is asked of the whole picture may be too much for a few pixels
        operation.warm_up()
        return
    shape = (96, 224, *scene.image.shape[2:])
    noise = np.arange(np.prod(shape)).reshape(shape) * 61 % 97
    small: dict[str, Any] = {"image": noise.astype(scene.image.dtype)}
    small |= {"other": None, "sampling": None, "guides": Guides()}
    hole = np.zeros(shape[:2], np.uint8)
    hole[20:72, 20:72] = 255
    small["hole"] = hole.astype(scene.hole.dtype)
    last(operation.rehearsed().steps(dataclasses.replace(scene, **small), device))
