"""Saved filters without the window: which there are, new ones, other names, none any more."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import Any

from editor.flags import Besides, Given, Parser, add_common, add_params, formatter
from editor.operations.analogy import Analogy, suggested
from editor.operations.filter import ApplyFilter


def _with_filter(operation: ApplyFilter, asked: argparse.Namespace) -> ApplyFilter:
    """As the filter that is called so was saved, with the seed that is asked for."""
    from editor.files.filters import read_filter
    from editor.files.paths import filters_folder

    name = str(asked.NAME)
    saved = read_filter(filters_folder(), name)
    return dataclasses.replace(ApplyFilter.of(name, saved.values, saved.pairs), seed=operation.seed)


NAMED = Given((("NAME", "the filter, as --list tells them"),), (), _with_filter)


def _keep(given: list[str]) -> None:
    """Do what the words in front say: list, save, rename or delete."""
    parser = _parser()
    asked = parser.parse_args(given)
    if asked.list:
        _list()
    elif asked.save is not None:
        parser.set_defaults(**suggested(asked.preset))
        _save(parser.parse_args(given), parser)
    elif asked.rename is not None:
        _rename(*asked.rename)
    else:
        _delete(asked.delete)


def _parser() -> Parser:
    parser = Parser(
        "patina filter",
        usage="patina filter --list\n"
        "       patina filter --save NAME --a A --ap AP [--pairs A2 AP2 …] [options]\n"
        "       patina filter --rename NAME NEW\n"
        "       patina filter --delete NAME",
        description="Keep filters: each is an analogy that was saved under a name.",
        formatter_class=formatter,
        add_help=False,
    )
    what = parser.add_argument_group("one of these").add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="print the names of all filters")
    what.add_argument("--save", metavar="NAME", help="keep an analogy as a filter of this name")
    what.add_argument(
        "--rename", nargs=2, metavar=("NAME", "NEW"), help="give a filter another name"
    )
    what.add_argument("--delete", metavar="NAME", help="remove a filter")
    files = parser.add_argument_group("to save one")
    files.add_argument("--a", type=Path, metavar="A", help="a picture before the change")
    files.add_argument("--ap", type=Path, metavar="AP", help="A′, the same picture after it")
    files.add_argument(
        "--pairs",
        type=Path,
        nargs="+",
        default=[],
        metavar="PICTURE",
        help="more pictures before and after the change: A2 AP2 A3 AP3 …",
    )
    files.add_argument("--force", action="store_true", help="replace a filter of that name")
    add_params(parser.add_argument_group("how it is used"), Analogy)
    add_common(parser)
    return parser


KEEPING = Besides(("--list", "--save", "--rename", "--delete"), _parser, _keep)


def _list() -> None:
    from editor.files.filters import filter_names
    from editor.files.paths import filters_folder

    names = filter_names(filters_folder())
    for name in names:
        print(name)
    if not names:
        print("patina: there are no filters yet; patina filter --save makes one", file=sys.stderr)


def _save(asked: argparse.Namespace, parser: Parser) -> None:
    from editor.files.filters import SavedFilter, write_filter
    from editor.files.paths import filters_folder
    from editor.files.read import read_picture
    from editor.operations.analogy import example
    from editor.operations.base import params
    from editor.operations.filter import filter_pairs

    if asked.a is None or asked.ap is None:
        parser.error("--save needs --a and --ap, the pictures before and after")
    if len(asked.pairs) % 2:
        raise ValueError(f"--pairs has {len(asked.pairs)} pictures: two are a pair")
    pictures = [read_picture(path).pixels for path in (asked.a, asked.ap, *asked.pairs)]
    examples = tuple(example(*pair) for pair in zip(pictures[::2], pictures[1::2], strict=True))
    values: dict[str, Any] = {one.name: getattr(asked, one.name) for one in params(Analogy)}
    pairs = filter_pairs(Analogy(**values, examples=examples))
    write_filter(filters_folder(), asked.save, SavedFilter(values, pairs), replace=asked.force)


def _rename(name: str, new: str) -> None:
    from editor.files.filters import rename_filter
    from editor.files.paths import filters_folder

    rename_filter(filters_folder(), name, new)


def _delete(name: str) -> None:
    from editor.files.filters import delete_filter
    from editor.files.paths import filters_folder

    delete_filter(filters_folder(), name)
