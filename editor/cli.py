"""The front door: `patina [FILES…]` opens the window, `patina fill …` works without one.

Nothing here imports Qt, torch or OpenCV before it is needed, so that --help and mistakes are
answered at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from editor import batch, guard, log, report
from editor.engine.device import Device
from editor.engine.regions import Play, Plays, with_play
from editor.flags import USAGE, Besides, Subcommand, batch_parser, window_parser
from editor.operations.base import params
from editor.subcommands import COMMANDS

DONE, REFUSED, IMPOSSIBLE, INTERRUPTED = 0, 3, 4, 130  # and USAGE, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the number is its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a narrow encoding must not stop a sentence
            stream.reconfigure(errors="replace")
    command = next((one for one in COMMANDS if given and one.name == given[0]), None)
    try:
        if command is None:
            return _window(window_parser(COMMANDS).parse_args(given))
        if command.besides is not None and given[1:2] and given[1] in command.besides.words:
            return _beside(command.name, command.besides, given[1:])
        return _batch(command, _understood(command, given[1:]))
    except KeyboardInterrupt:
        return INTERRUPTED


def _understood(command: Subcommand, given: list[str]) -> argparse.Namespace:
    """What is asked for; what is not said is as the rest suggests."""
    parser = batch_parser(command)
    asked = parser.parse_args(given)
    if command.suggested is None:
        return asked
    parser.set_defaults(**command.suggested(asked))
    return parser.parse_args(given)


def _prepare() -> None:
    from editor.files.paths import log_folder

    guard.prepare()
    log.start(log_folder())


def _say(sentence: str) -> None:
    print(f"patina: {sentence}", file=sys.stderr)


# ── the window ──


def _window(asked: argparse.Namespace) -> int:
    _prepare()
    if asked.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    elif _has_no_display():
        _say("there is no display here for the window; without one: patina fill --help")
        return IMPOSSIBLE
    try:
        from editor import app
    except ImportError as problem:  # a system library that Qt needs, most likely
        logging.getLogger("patina").exception("the window cannot open")
        _say(f"the window cannot open: {problem}")
        return IMPOSSIBLE
    if asked.screenshot is None:
        return app.run(asked.files)
    from editor.ui.modes import MODES

    modes = [mode.name for mode in MODES]
    if asked.mode not in modes:
        _say(f"there is no mode {asked.mode!r}: choose {', '.join(modes)}")
        return USAGE
    return app.screenshot(
        asked.screenshot, asked.mode, asked.size, asked.files, asked.theme, asked.scale
    )


def _has_no_display() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in names)


# ── work without the window ──


def _batch(command: Subcommand, asked: argparse.Namespace) -> int:
    _prepare()
    as_folder = len(asked.images) > 1 or asked.out.endswith(("/", os.sep))
    out = Path(asked.out)
    try:
        targets = batch.targets(asked.images, out, as_folder)
        targets = [one if one == out else command.trade.named(one) for one in targets]
    except ValueError as problem:
        _say(str(problem))
        return USAGE
    runs = [
        (source, target, number)
        for source, one in zip(asked.images, targets, strict=True)
        for number, target in enumerate(batch.variations(one, asked.variations))
    ]
    written = [one for _, target, _ in runs for one in (target, *command.trade.beside(target))]
    if asked.report is not None:
        written.append(asked.report)
    blocked = next((path for path in written if path.exists()), None)
    if blocked is not None and not asked.force:
        _say(f"{blocked}: is there already; --force replaces it")
        return REFUSED
    try:
        work = _work(command, asked)
        if as_folder:
            out.mkdir(parents=True, exist_ok=True)
    except Exception as problem:
        return _failed(command.name, out, problem)

    codes, reports = [], []
    for source, target, number in runs:
        try:
            done = _run(command.trade, work.varied(number), source, target, quiet=asked.quiet)
            reports.append(done)
        except Exception as problem:  # the other pictures are still to be done
            codes.append(_failed(command.name, source, problem))
    if asked.report is not None and reports:
        try:
            _write_report(asked.report, reports)
        except Exception as problem:
            codes.append(_failed("report", asked.report, problem))
    return next(iter(codes), DONE)


def _beside(name: str, besides: Besides, given: list[str]) -> int:
    """What a command does without pictures."""
    _prepare()
    try:
        besides.do(given)
    except Exception as problem:
        return _failed(name, Path(name), problem)
    return DONE


def _work(command: Subcommand, asked: argparse.Namespace) -> batch.Work:
    together = () if command.together is None else command.together.fields
    names = dict.fromkeys([*(one.name for one in params(command.operation)), *together])
    values = {name: getattr(asked, name) for name in names if hasattr(asked, name)}
    named = [(each, getattr(asked, each.name)) for each in command.inputs]
    operation = command.operation(**values)
    if command.given is not None:
        operation = command.given.read(operation, asked)
    given = {name: getattr(asked, name) for name in command.named}
    named += [] if command.repeated is None else asked.repeated
    return batch.Work(
        command.name,
        operation,
        Device.named(asked.device, asked.threads),
        tuple((each, path) for each, path in named if path is not None),
        asked.quality,
        asked.force,
        _plays(asked) if command.trade.plays else (),
        tuple((name, _listed(paths)) for name, paths in given.items() if paths),
    )


def _listed(paths: Path | list[Path]) -> str | list[str]:
    return [str(one) for one in paths] if isinstance(paths, list) else str(paths)


def _plays(asked: argparse.Namespace) -> Plays:
    """What the regions do; around what a mask says should move, all is still."""
    plays: Plays = ()
    if asked.mask is not None and asked.regions is not None:
        raise ValueError("--mask and --regions both say what moves: give one of them")
    if asked.mask is not None:
        plays = with_play(plays, Play(0, still=True))
    for play in asked.plays:
        plays = with_play(plays, play)
    return plays


def _run(
    trade: batch.Trade, work: batch.Work, source: Path, target: Path, *, quiet: bool
) -> dict[str, Any]:
    """Do the work on one picture and say what came of it."""
    done: batch.Done | None = None
    with Bar(source.name, shown=not quiet and sys.stderr.isatty()) as bar:
        bar.show(0)  # the first run compiles for some seconds
        for step in trade.steps(work, source, target):
            bar.show(step.done)
            done = step.value
    assert done is not None
    if not quiet:
        for notice in done.notices:
            _say(f"{source}: {notice}")
        seconds = sum(done.report["seconds"].values())
        print(f"{target}  {trade.shown(done.report['output'])}  {seconds:.1f} s")
    return done.report


def _write_report(path: Path, reports: list[dict[str, Any]]) -> None:
    from editor.files.atomic import write_atomically

    write_atomically(path, report.as_json(reports))


def _failed(name: str, path: Path, problem: Exception) -> int:
    """Say in one line what went wrong with which file; a surprise goes to the log as well."""
    from editor.files.problems import FileProblem, reason

    if isinstance(problem, FileProblem):
        _say(str(problem))
        return REFUSED
    if isinstance(problem, OSError):
        _say(f"{path}: {reason(problem)}")
        return REFUSED
    if isinstance(problem, ValueError):
        _say(f"{path}: {problem}")
        return IMPOSSIBLE
    from editor.jobs import described

    sentence, details = described(name, problem)
    logging.getLogger("patina").error("%s: %s", path, details.rstrip())
    _say(f"{path}: {sentence.rstrip('.')} (the log says why)")
    return IMPOSSIBLE


class Bar:
    """A line that fills up while something runs, and is gone afterwards."""

    def __init__(self, name: str, *, shown: bool) -> None:
        self._name, self._shown, self._percent = name, shown, -1

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._percent >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, done: float) -> None:
        percent = int(done * 100)
        if not self._shown or percent == self._percent:
            return
        self._percent = percent
        full = percent * 24 // 100
        line = f"{'━' * full}{'─' * (24 - full)} {percent:3} %  {self._name}"
        columns = shutil.get_terminal_size().columns
        sys.stderr.write(f"\r\x1b[K{line[: columns - 1]}")
        sys.stderr.flush()
