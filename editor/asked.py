"""What a command line asks for, as work to be done."""

from __future__ import annotations

import argparse
from pathlib import Path

from editor import batch
from editor.engine.device import Device
from editor.engine.regions import Play, Plays, with_play
from editor.flags import Subcommand, batch_parser
from editor.operations.base import params


def understood(command: Subcommand, given: list[str]) -> argparse.Namespace:
    """What is asked for; what is not said is as the rest suggests."""
    parser = batch_parser(command)
    asked = parser.parse_args(given)
    if command.suggested is None:
        return asked
    parser.set_defaults(**command.suggested(asked))
    return parser.parse_args(given)


def work_of(command: Subcommand, asked: argparse.Namespace) -> batch.Work:
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
