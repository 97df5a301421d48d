"""What can be said on the command line; an operation's flags come from its declared fields."""

from __future__ import annotations

import argparse
import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from editor import __doc__ as summary
from editor import __version__
from editor.batch import PICTURES, Input, Trade
from editor.engine.regions import read_play
from editor.operations.base import Operation, Param, params

USAGE = 2  # the exit code of a command line that cannot be understood


@dataclass(frozen=True, slots=True)
class Together:
    """One flag that says several fields at once, in place of theirs."""

    flag: str
    fields: tuple[str, ...]
    metavar: str
    help: str
    read: Callable[[str], dict[str, Any]]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Repeated:
    """One flag that is there once or more: each time a file, and what is done with it."""

    flag: str
    metavar: str
    help: str
    read: Callable[[str], tuple[Input, Path]]


@dataclass(frozen=True, slots=True)
class Given:
    """Pictures that belong to the operation itself: read once, whatever it is then used on."""

    first: tuple[tuple[str, str], ...]  # in front of the picture: what each is called, and what is
    flags: tuple[tuple[str, str, str], ...]  # more of them: the flag, what is called for, and what
    read: Callable[[Any, argparse.Namespace], Operation]  # the operation with them


@dataclass(frozen=True, slots=True)
class Besides:
    """What else a command does where it begins with one of these words instead of a picture."""

    words: tuple[str, ...]
    parser: Callable[[], Parser]
    do: Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Subcommand:
    name: str
    operation: type[Operation]
    summary: str
    inputs: tuple[Input, ...]  # files beside the picture
    examples: str
    trade: Trade = PICTURES
    together: Together | None = None
    repeated: Repeated | None = None
    given: Given | None = None
    suggested: Callable[[argparse.Namespace], dict[str, Any]] | None = None  # where nothing is said
    besides: Besides | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """What holds the given pictures when the command line has been read."""
        if self.given is None:
            return ()
        first = [name for name, _ in self.given.first]
        return (*first, *(flag.lstrip("-") for flag, _, _ in self.given.flags))


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


def formatter(prog: str) -> argparse.HelpFormatter:
    width = min(100, shutil.get_terminal_size().columns)
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=26, width=width)


def window_parser(commands: Sequence[Subcommand]) -> argparse.ArgumentParser:
    listed = "\n".join(f"  patina {one.name} …    {one.summary}" for one in commands)
    listed += "\n  patina tour …    Run every mode on the samples, and measure what comes of it."
    parser = Parser(
        "patina",
        usage="patina [FILES…]\n       patina COMMAND … (see below)",
        description=summary,
        epilog=f"commands, which need no window:\n{listed}\n"
        "  patina COMMAND --help says more about one",
        formatter_class=formatter,
        add_help=False,
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILES", help="pictures, clips and projects to open"
    )
    asked = parser.add_argument_group("a picture of the window, without a display")
    asked.add_argument("--screenshot", type=Path, metavar="OUT.png", help="draw it, then leave")
    asked.add_argument("--mode", default="fill", metavar="MODE", help="the mode on the left rail")
    asked.add_argument(
        "--size", type=_size, default=(1600, 1000), metavar="WxH", help="usually 1600x1000"
    )
    asked.add_argument("--theme", choices=("dark", "light"), default="dark", help="dark or light")
    asked.add_argument(
        "--scale", type=_scale, default=1.0, metavar="N", help="device pixels per pixel, 1 to 4"
    )
    add_common(parser)
    return parser


def _asked(words: str, required: bool) -> str:
    return words if required else f"[{words}]"


def batch_parser(command: Subcommand) -> argparse.ArgumentParser:
    what, together, repeated = command.trade.what, command.together, command.repeated
    given = command.given or Given((), (), lambda made, _: made)
    words = [*(name for name, _ in given.first), f"{what}…"]
    if together is not None:
        words.append(_asked(f"{together.flag} {together.metavar}", together.required))
    if repeated is not None:
        words.append(f"{repeated.flag} {repeated.metavar} …")
    words += [f"[{flag} {metavar} …]" for flag, metavar, _ in given.flags]
    words += [_asked(f"{one.flag} {one.name.upper()}", one.required) for one in command.inputs]
    parser = Parser(
        f"patina {command.name}",
        usage=f"patina {command.name} {' '.join(words)} -o OUT [options]",
        description=command.summary,
        epilog=f"examples:\n{command.examples}",
        formatter_class=formatter,
        add_help=False,
    )
    files = parser.add_argument_group("files")
    for name, text in given.first:
        files.add_argument(name, type=Path, help=text)
    files.add_argument("images", nargs="+", type=Path, metavar=what, help="what to work on")
    for one in command.inputs:
        files.add_argument(
            one.flag, type=Path, required=one.required, metavar=one.name.upper(), help=one.help
        )
    if repeated is not None:
        files.add_argument(
            repeated.flag,
            action="append",
            dest="repeated",
            type=_told(repeated.read),
            required=True,
            metavar=repeated.metavar,
            help=repeated.help,
        )
    for flag, metavar, text in given.flags:
        files.add_argument(flag, type=Path, nargs="+", default=[], metavar=metavar, help=text)
    files.add_argument(
        "-o",
        "--out",
        required=True,
        metavar="OUT",
        help=command.trade.out,
    )
    files.add_argument("--force", action="store_true", help="replace what is there already")
    if command.trade.quality:
        files.add_argument(
            "--quality",
            type=_quality,
            metavar="N",
            help="of JPEG, WebP, MP4 and the like, 1 to 100",
        )
    else:
        parser.set_defaults(quality=None)
    files.add_argument(
        "--report", type=Path, metavar="FILE.json", help="write down what was done, and how long"
    )
    chosen = parser.add_argument_group("how")
    if together is not None:
        chosen.add_argument(
            together.flag,
            action=_Spread,
            type=_told(together.read),
            required=together.required,
            default=argparse.SUPPRESS,
            metavar=together.metavar,
            help=together.help.replace("%", "%%"),
        )
    add_params(chosen, command.operation, () if together is None else together.fields)
    seeded = any(one.name == "seed" for one in params(command.operation))
    if seeded:
        chosen.add_argument(
            "--variations",
            type=_variations,
            default=1,
            metavar="N",
            help="so many results, with the seeds that follow: OUT-1, OUT-2 … (1 to 99, usually 1)",
        )
    else:
        parser.set_defaults(variations=1)
    if command.trade.plays:
        chosen.add_argument(
            "--play",
            action="append",
            type=_told(read_play),
            default=[],
            dest="plays",
            metavar="REGION=HOW",
            help="what a region does, once for each: rest=still, 1=still@40 (as in frame 40),"
            " 2=loop+10 (10 frames ahead), 3=48 (a loop of its own, of 48 frames)",
        )
    add_machine(parser)
    add_common(parser)
    return parser


def add_machine(parser: argparse.ArgumentParser) -> None:
    machine = parser.add_argument_group("where")
    machine.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto, cpu or cuda"
    )
    machine.add_argument(
        "--threads", type=_positive, metavar="N", help="usually all the processor has"
    )
    machine.add_argument("--quiet", action="store_true", help="say nothing but what went wrong")


def add_common(parser: argparse.ArgumentParser) -> None:
    others = parser.add_argument_group("and")
    others.add_argument(
        "--version", action="version", version=f"Patina {__version__}", help="which version it is"
    )
    others.add_argument("-h", "--help", action="help", help="this text")


def add_params(
    group: argparse._ArgumentGroup, operation: type[Operation], without: Sequence[str] = ()
) -> None:
    """The flags of the declared fields of an operation."""
    for described in params(operation):
        if described.name not in without:
            _add_param(group, described)


def _add_param(group: argparse._ArgumentGroup, one: Param) -> None:
    """The flag of a declared field: its name, its range and its sentence."""
    flag, text = f"--{one.name.replace('_', '-')}", one.help.replace("%", "%%")
    if isinstance(one.default, bool):
        action = argparse.BooleanOptionalAction
        group.add_argument(flag, dest=one.name, action=action, default=one.default, help=text)
        return
    metavar = "|".join(value for value, _ in one.choices) if one.choices else "N"
    span = f"{one.low:g} to {one.high:g}, " if one.low is not None else ""
    usually = f"({span}usually {one.default}{one.unit and ' ' + one.unit})".replace("%", "%%")
    group.add_argument(
        flag,
        dest=one.name,
        type=_reader(one),
        default=one.default,
        metavar=metavar,
        help=f"{text} {usually}",
    )


class _Spread(argparse.Action):
    """Puts each of the fields that were read into its place."""

    def __call__(
        self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: Any = None
    ) -> None:
        vars(namespace).update(values)


def _reader(one: Param) -> Callable[[str], Any]:
    return _told(lambda text: one.checked(text if isinstance(one.default, str) else _number(text)))


def _told(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same, and what it complains about is said as it stands."""

    def told(text: str) -> Any:
        try:
            return read(text)
        except ValueError as problem:
            raise argparse.ArgumentTypeError(str(problem)) from None

    return told


def _number(text: str) -> float | str:
    """The number, or the text itself for the check to complain about."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number == int(number) else number


def _whole(text: str, low: int, high: int, what: str) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return int(text)


def _positive(text: str) -> int:
    return _whole(text, 1, 1024, "a whole number from 1 to 1024")


def _variations(text: str) -> int:
    return _whole(text, 1, 99, "a whole number from 1 to 99")


def _quality(text: str) -> int:
    return _whole(text, 1, 100, "a whole number from 1 to 100")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    what = "a size such as 1600x1000"
    return _whole(width, 1, 16384, what), _whole(height, 1, 16384, what)


def _scale(text: str) -> float:
    number = _number(text)
    if isinstance(number, str) or not 1 <= number <= 4:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 4")
    return number
