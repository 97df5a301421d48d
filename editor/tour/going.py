"""Going on the tour: one stop after the other, each by the road of its command, and measured."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.asked import understood, work_of
from editor.batch import PICTURES, Done, Work
from editor.engine.device import Device
from editor.engine.step import Step
from editor.files.samples import samples
from editor.flags import USAGE, Parser, add_common, add_machine, formatter
from editor.subcommands import COMMANDS
from editor.telling import DONE, IMPOSSIBLE, REFUSED, Bar, failed, say, sentence_of
from editor.tour.checks import Verdict
from editor.tour.stop import Made, Stop
from editor.tour.stops import chosen, stops

_OUT = Path("patina-tour")


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a stop."""

    stop: Stop
    seconds: float  # of the solve; how long it took altogether if it did not end
    verdicts: tuple[Verdict, ...]
    report: dict[str, Any] | None = None

    @property
    def holds(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)


def parser() -> argparse.ArgumentParser:
    made = Parser(
        "patina tour",
        usage="patina tour [-o DIR] [--only NAMES] [options]",
        description="Run every mode on the samples that come with Patina, and measure each result:"
        " pictures, clips, a contact sheet, and a page that shows them, DIR/index.html.",
        epilog="examples:\n  patina tour\n  patina tour -o shown --only fill loop\n\n"
        "It ends with 0 if everything that is measured holds, and with 4 if something does not.",
        formatter_class=formatter,
        add_help=False,
    )
    files = made.add_argument_group("files")
    files.add_argument(
        "-o", "--out", type=Path, default=_OUT, metavar="DIR", help=f"a folder (usually {_OUT})"
    )
    files.add_argument("--force", action="store_true", help="replace what is there already")
    files.add_argument(
        "--report", type=Path, metavar="FILE.json", help="write down what was done, and how long"
    )
    made.add_argument_group("how").add_argument(
        "--only", nargs="+", default=[], metavar="NAMES",
        help="some of it: modes, or stops by the names of their files",
    )  # fmt: skip
    add_machine(made)
    add_common(made)
    return made


def tour(asked: argparse.Namespace) -> int:
    """Go, write the page, and say what does not hold; the exit code."""
    out: Path = asked.out
    try:
        every = stops(samples(), out)
        wanted = chosen(every, asked.only)
    except ValueError as problem:
        say(f"tour: {problem}")
        return USAGE
    written = [out / "index.html", *(stop.target for stop in wanted)]
    written += [] if asked.report is None else [asked.report]
    blocked = next((path for path in written if path.exists()), None)
    if blocked is not None and not asked.force:
        say(f"{blocked}: is there already; --force replaces it")
        return REFUSED
    try:
        out.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        visits = list(_visits(wanted, asked))
        _write(out, visits, time.perf_counter() - began, asked.report)
    except Exception as problem:
        return failed("tour", out, problem)
    wrong = [visit for visit in visits if not visit.holds]
    for visit in wrong:
        for verdict in visit.verdicts:
            if not verdict.holds:
                say(f"tour: {visit.stop.name}: {verdict.sentence}")
    if not asked.quiet:
        well = len(visits) - len(wrong)
        print(f"{out / 'index.html'}  {well} of {len(visits)} as they should be")
    return IMPOSSIBLE if wrong else DONE


def _visits(wanted: Sequence[Stop], asked: argparse.Namespace) -> Iterator[Visit]:
    """One after the other; what one needs of another is there by then."""
    missing: set[str] = set()  # what could not be made
    with Bar("tour", shown=not asked.quiet and sys.stderr.isatty()) as bar:
        for number, stop in enumerate(wanted):

            def show(done: float, number: int = number, stop: Stop = stop) -> None:
                bar.name = stop.title
                bar.show((number + done) / len(wanted))

            if stop.needs in missing:
                visit = Visit(stop, 0.0, (Verdict(False, f"{stop.needs} was not made"),))
            else:
                visit = _visited(stop, asked, show)
            if visit.report is None:
                missing.add(stop.name)
            if not asked.quiet:
                bar.clear()
                _print(visit)
            yield visit


def _print(visit: Visit) -> None:
    held = sum(verdict.holds for verdict in visit.verdicts)
    print(
        f"{visit.stop.target}  {visit.seconds:.1f} s  {held} of {len(visit.verdicts)} checks hold",
        flush=True,
    )


def _visited(stop: Stop, asked: argparse.Namespace, show: Callable[[float], None]) -> Visit:
    """Do what is done there, and measure what came of it."""
    began = time.perf_counter()
    done: Done | None = None
    try:
        with contextlib.closing(_steps(stop, asked)) as steps:
            for step in steps:
                show(step.done)
                done = step.value
        assert done is not None
        verdicts = tuple(stop.checks(Made(stop.target, done.report)))
    except Exception as problem:
        verdict = Verdict(False, sentence_of(stop.name, stop.target, problem))
        return Visit(stop, time.perf_counter() - began, (verdict,))
    return Visit(stop, done.report["seconds"]["solve"], verdicts, done.report)


def _steps(stop: Stop, asked: argparse.Namespace) -> Generator[Step[Done]]:
    """The road that the command walks."""
    if stop.operation is not None:
        device = Device.named(asked.device, asked.threads)
        work = Work(stop.name, stop.operation, device, (), force=asked.force)
        yield from PICTURES.steps(work, stop.source, stop.target)
        return
    command = next(one for one in COMMANDS if one.name == stop.command[0])
    line = [*stop.command[1:], "--device", asked.device]
    line += [] if asked.threads is None else ["--threads", str(asked.threads)]
    line += ["--force"] if asked.force else []
    said = understood(command, line)
    yield from command.trade.steps(work_of(command, said), said.images[0], stop.target)


def _write(out: Path, visits: Sequence[Visit], seconds: float, report: Path | None) -> None:
    """The page, the contact sheet and, if it is wanted, the report."""
    from editor.files.atomic import write_atomically
    from editor.report import as_json
    from editor.tour.page import write_page

    write_page(out, visits, seconds)
    if report is not None:
        said = [
            {
                "stop": visit.stop.name,
                "seconds": visit.seconds,
                "checks": [verdict._asdict() for verdict in visit.verdicts],
                "run": visit.report,
            }
            for visit in visits
        ]
        write_atomically(report, as_json(said))
