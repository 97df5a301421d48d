"""The front door: `patina [FILES…]` opens the window, `patina fill …` works without one.

Nothing here imports Qt, torch or OpenCV before it is needed, so that --help and mistakes are
answered at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from editor import batch, guard, log, report
from editor.asked import understood, work_of
from editor.flags import USAGE, Besides, Subcommand, window_parser
from editor.subcommands import COMMANDS
from editor.telling import DONE, IMPOSSIBLE, INTERRUPTED, REFUSED, Bar, failed, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the number is its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a narrow encoding must not stop a sentence
            stream.reconfigure(errors="replace")
    command = next((one for one in COMMANDS if given and one.name == given[0]), None)
    try:
        if given[:1] == ["tour"]:
            return _tour(given[1:])
        if command is None:
            return _window(window_parser(COMMANDS).parse_args(given))
        if command.besides is not None and given[1:2] and given[1] in command.besides.words:
            return _beside(command.name, command.besides, given[1:])
        return _batch(command, understood(command, given[1:]))
    except KeyboardInterrupt:
        return INTERRUPTED


def _prepare() -> None:
    from editor.files.paths import log_folder

    guard.prepare()
    log.start(log_folder())


# ── the window ──


def _window(asked: argparse.Namespace) -> int:
    _prepare()
    if asked.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    elif _has_no_display():
        say("there is no display here for the window; patina tour shows everything without one")
        return IMPOSSIBLE
    try:
        from editor import app
    except ImportError as problem:  # a system library that Qt needs, most likely
        logging.getLogger("patina").exception("the window cannot open")
        say(f"the window cannot open: {problem}")
        return IMPOSSIBLE
    if asked.screenshot is None:
        return app.run(asked.files)
    from editor.ui.modes import MODES

    modes = [mode.name for mode in MODES]
    if asked.mode not in modes:
        say(f"there is no mode {asked.mode!r}: choose {', '.join(modes)}")
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
        say(str(problem))
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
        say(f"{blocked}: is there already; --force replaces it")
        return REFUSED
    try:
        work = work_of(command, asked)
        if as_folder:
            out.mkdir(parents=True, exist_ok=True)
    except Exception as problem:
        return failed(command.name, out, problem)

    codes, reports = [], []
    for source, target, number in runs:
        try:
            done = _run(command.trade, work.varied(number), source, target, quiet=asked.quiet)
            reports.append(done)
        except Exception as problem:  # the other pictures are still to be done
            codes.append(failed(command.name, source, problem))
    if asked.report is not None and reports:
        try:
            _write_report(asked.report, reports)
        except Exception as problem:
            codes.append(failed("report", asked.report, problem))
    return next(iter(codes), DONE)


def _tour(given: list[str]) -> int:
    from editor.tour import going

    asked = going.parser().parse_args(given)
    _prepare()
    return going.tour(asked)


def _beside(name: str, besides: Besides, given: list[str]) -> int:
    """What a command does without pictures."""
    _prepare()
    try:
        besides.do(given)
    except Exception as problem:
        return failed(name, Path(name), problem)
    return DONE


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
            say(f"{source}: {notice}")
        seconds = sum(done.report["seconds"].values())
        print(f"{target}  {trade.shown(done.report['output'])}  {seconds:.1f} s")
    return done.report


def _write_report(path: Path, reports: list[dict[str, Any]]) -> None:
    from editor.files.atomic import write_atomically

    write_atomically(path, report.as_json(reports))
