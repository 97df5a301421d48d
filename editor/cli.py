"""The front door: `patina [FILES…]` opens the window, `patina fill …` works without one.

A later operation is one more entry in COMMANDS: its flags come from its own fields. Nothing here
imports Qt, torch or OpenCV before it is needed, so that --help and mistakes are answered at once.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from editor import batch, guard, log, report
from editor.batch import Input
from editor.batch_clips import CLIPS
from editor.batch_filters import KEEPING, with_filter
from editor.batch_sprites import CUTTING, LAYING_OUT, STEERING, read_background, read_way
from editor.batch_texture import PICTURES_OF_IT
from editor.engine.device import Device
from editor.engine.guides import Guides
from editor.engine.image import Cover, Picture, Size
from editor.engine.moves import Move
from editor.engine.regions import Play, Plays, with_play
from editor.flags import (
    USAGE,
    Besides,
    Given,
    Repeated,
    Subcommand,
    Together,
    batch_parser,
    window_parser,
)
from editor.operations.analogy import Analogy, Example, example, suggested
from editor.operations.base import params
from editor.operations.fill import Fill
from editor.operations.filter import ApplyFilter
from editor.operations.grow import Grow
from editor.operations.loop import Endless, Loop
from editor.operations.prompt import CompleteFigure
from editor.operations.reshuffle import Reshuffle, read_move
from editor.operations.restore import Restore
from editor.operations.retarget import Retarget, read_size
from editor.operations.sprite import CutSprite, LayOut, WalkPath, read_key
from editor.operations.texture import Extend, Texture
from editor.operations.texture import read_size as read_texture_size

DONE, REFUSED, IMPOSSIBLE, INTERRUPTED = 0, 3, 4, 130  # and USAGE, 2


def _read_mask(path: Path, size: Size) -> Cover:
    from editor.files.masks import read_mask
    from editor.files.read import read_picture

    return read_mask(path, size, read=read_picture)


def _read_other(path: Path, _: Size) -> Picture:
    from editor.files.read import read_picture

    return read_picture(path).pixels


def _read_moving(path: Path, size: Size) -> Guides:
    return Guides(labels=(_read_mask(path, size) > 127).view(np.uint8))


def _read_regions(path: Path, size: Size) -> Guides:
    from editor.files.masks import read_labels
    from editor.files.read import read_picture

    return Guides(labels=read_labels(path, size, read=read_picture))


def _read_guides(path: Path, size: Size) -> Guides:
    from editor.files.guides import read_guides

    return read_guides(path, size)


def _read_move(text: str) -> tuple[Input, Path]:
    name, said = read_move(text)

    def read(path: Path, size: Size) -> Move:
        return Move.from_json(_read_mask(path, size), said)

    return Input(MOVE.flag, "moves", MOVE.help, read, several=True), Path(name)


MASK = Input(
    "--mask",
    "hole",
    "what should go: white in this picture (greys are a soft edge), or opaque if its alpha says so;"
    " a folder holds one mask per picture, of the same name",
    _read_mask,
)

FROM = Input(
    "--from",
    "other",
    "another picture, from which everything is copied in place of this one",
    _read_other,
    required=False,
)
SAMPLING = Input(
    "--sampling",
    "sampling",
    "where may be copied from: white in this picture, which is as large as the one it belongs to",
    _read_mask,
    required=False,
)
MOVING = Input(
    "--mask",
    "guides",
    "what should move: white in this picture, as large as a frame; all else stands still",
    _read_moving,
    required=False,
)
REGIONS = Input(
    "--regions",
    "guides",
    "what loops on its own, or is still: a flat colour for each region in this picture, as large as"
    " a frame; they are numbered from dark to light, and black is the rest",
    _read_regions,
    required=False,
)

GUIDES = Input(
    "--guides",
    "guides",
    "lines that go on through the mask, and regions that are filled with their own, as JSON",
    _read_guides,
    required=False,
)

PROTECT = Input(
    "--protect",
    "protect",
    "what moves as a whole and does not change: white in this picture, as large as the one it is"
    " for",
    _read_mask,
    required=False,
)
REMOVE = Input(
    "--remove",
    "remove",
    "what goes: white in this picture, as large as the one it is for",
    _read_mask,
    required=False,
)
STRAIGHT = Input(
    "--guides",
    "guides",
    "lines that stay straight, and regions that keep their shape, as JSON",
    _read_guides,
    required=False,
)
GARBAGE = Input(
    "--garbage",
    "hole",
    "what is never part of the creature: white in this picture, as large as a frame",
    _read_mask,
    required=False,
)
PLATE = Input(
    "--plate",
    "other",
    "a picture of the place without the creature, from which the difference is taken",
    _read_other,
    required=False,
)
KEY = Together(
    "--key",
    ("key", "colours"),
    "auto|colour|difference|#rrggbb",
    "What the creature is told from: the colour of the backdrop, found at the border of the clip or"
    " given (several with commas), or the difference from the place without it (usually auto).",
    read_key,
    required=False,
)
PATH = Input(
    "--path",
    "route",
    "where it goes: circle, square, or a file with points in pixels of the film, such as"
    ' {"points": [[90, 80], [600, 90]], "closed": true, "curved": true} (usually circle)',
    read_way,
    required=False,
)
BACKGROUND = Input(
    "--background",
    "image",
    "the picture over which it goes, or the clip that plays beneath it at its own rate; it says how"
    " large the film is; else that is transparent, or white where that cannot be written",
    read_background,
    required=False,
)
RESTORED = Input(
    "--mask",
    "hole",
    "where the picture may change: white in this picture, as large as the one it is for; the task"
    " inpaint needs one",
    _read_mask,
    required=False,
)
FLASH = Input(
    "--flash",
    "other",
    "the same picture taken with flash, as large as the one it is for: the task flash needs it, for"
    " its sharp edges",
    _read_other,
    required=False,
)
SIZE = Together(
    "--size",
    ("unit", "width", "height"),
    "WxH",
    "The new size: 60%x100% of what it is, or 800x600 pixels, each side from a tenth of what it is"
    " to eight times as much.",
    read_size,
)

MOVE = Repeated(
    "--move",
    "MASK:DX,DY[,HOW]",
    "a piece, white in MASK, and how far it goes to the right and down; then, if wanted, scale=1.5,"
    " turn=30 (degrees, clockwise), mirror, and keep to leave it in its old place as well; once for"
    " each piece",
    _read_move,
)
SAMPLE = Input(
    "--sampling",
    "sampling",
    "where may be copied from: white in this picture, which is as large as the sample",
    _read_mask,
    required=False,
)
PIXELS = Together(
    "--size",
    ("width", "height"),
    "WxH",
    "The size of the texture in pixels, each side from 7 to 16384.",
    read_texture_size,
)


def _with_examples(analogy: Analogy, asked: argparse.Namespace) -> Analogy:
    """With A, A′, the other pairs of them, and what says something of A and B beside them."""
    from editor.files.read import read_picture

    def read(path: Path) -> Picture:
        return read_picture(path).pixels

    for flag in ("pairs", "guides"):
        if len(getattr(asked, flag)) % 2:
            raise ValueError(f"--{flag} has {len(getattr(asked, flag))} pictures: two are a pair")
    if asked.guides and asked.pairs:
        raise ValueError("--guides and --pairs cannot be used together: guides belong to one A")
    if asked.guides and len(asked.images) > 1:
        raise ValueError("--guides lie on one B: make one B at a time with them")
    others = [read(path) for path in asked.pairs]
    guides = [read(path) for path in asked.guides]
    first = Example((read(asked.A), *guides[::2]), read(asked.AP))
    more = [example(*pair) for pair in zip(others[::2], others[1::2], strict=True)]
    return dataclasses.replace(analogy, examples=(first, *more), beside=tuple(guides[1::2]))


EXAMPLES = Given(
    (
        ("A", "a picture before the change"),
        ("AP", "A′, the same picture after it: of the same size, pixel upon pixel"),
    ),
    (
        ("--pairs", "PICTURE", "more pictures before and after the change: A2 AP2 A3 AP3 …"),
        (
            "--guides",
            "PICTURE",
            "more pictures that say what belongs where, of A and of B in turn: GA GB GA2 GB2 …",
        ),
    ),
    _with_examples,
)

NAMED = Given((("NAME", "the filter, as --list tells them"),), (), with_filter)

COMMANDS = (
    Subcommand(
        "fill",
        Fill,
        "Take away what the mask covers; its surroundings grow over it.",
        (MASK, FROM, SAMPLING, GUIDES),
        """\
  patina fill scan.tif --mask scratches.png -o mended.tif
  patina fill *.jpg --mask dust.png -o mended/ --method smooth
  patina fill wall.jpg --mask poster.png --sampling bricks.png -o wall-mended.jpg --variations 4
  patina fill shots/*.jpg --mask masks/ -o mended/ --report mended.json""",
    ),
    Subcommand(
        "retarget",
        Retarget,
        "Give a picture another size or shape, and let what matters in it keep its own.",
        (PROTECT, REMOVE, STRAIGHT),
        """\
  patina retarget beach.jpg --size 60%x100% -o narrow.jpg
  patina retarget street.png --size 1080x1080 --protect people.png --guides kerbs.json -o square.png
  patina retarget hall.tif --size 100%x100% --remove bin.png -o tidy.tif
  patina retarget *.jpg --size 75%x100% --method seams -o narrow/""",
        together=SIZE,
    ),
    Subcommand(
        "reshuffle",
        Reshuffle,
        "Move pieces of a picture; their old places heal.",
        (),
        """\
  patina reshuffle meadow.jpg --move donkey.png:-120,30 -o meadow-2.jpg
  patina reshuffle sea.tif --move boat.png:300,12,scale=0.6,mirror,keep -o two-boats.tif
  patina reshuffle sky.png --move kite.png:0,-80 --move moon.png:200,0,turn=15 -o sky-2.png""",
        repeated=MOVE,
    ),
    Subcommand(
        "texture",
        Texture,
        "Grow a texture of any size from a sample of it.",
        (SAMPLE,),
        """\
  patina texture bricks.jpg --size 2048x2048 --tile xy -o wall.png
  patina texture bark.png --size 400x400 --method exact --window 15 -o tree.png
  patina texture grass.jpg --size 800x600 -o lawn.jpg --variations 4
  patina texture ink.jpg --size 600x600 --guide heart.png ink-map.png -o heart.jpg
  patina texture rock.png --size 1024x1024 --tile xy --with normal.png rough.png -o cliff.png""",
        together=PIXELS,
        given=PICTURES_OF_IT,
    ),
    Subcommand(
        "grow",
        Grow,
        "Take away what the mask covers; the hole grows shut pixel after pixel.",
        (MASK, FROM, SAMPLING),
        """\
  patina grow cloth.png --mask stain.png -o clean.png
  patina grow wall.jpg --mask hole.png -o whole.jpg --window 17 --seed 3""",
    ),
    Subcommand(
        "extend",
        Extend,
        "Make a picture larger: what lies around it grows on past its edges.",
        (SAMPLING,),
        """\
  patina extend beach.jpg --left 300 --right 300 -o wide.jpg
  patina extend cloth.png --bottom 64 --method exact --window 15 -o long.png""",
    ),
    Subcommand(
        "restore",
        Restore,
        "Take noise or JPEG artefacts away, enlarge a picture, make up its missing pixels, or clear"
        " it with another one taken with flash.",
        (RESTORED, FLASH),
        """\
  patina restore noisy.tif -o clean.tif
  patina restore old.jpg -o better.png --task jpeg --budget 60
  patina restore small.png -o large.png --task superres --scale 4 --report curve.json
  patina restore torn.png --mask tears.png -o whole.png --task inpaint --net skip-5
  patina restore candles.jpg --flash bright.jpg -o clear.png --task flash""",
    ),
    Subcommand(
        "analogy",
        Analogy,
        "Do to a picture B what was done to A when it became A′.",
        (),
        """\
  patina analogy photo.jpg painting.jpg other.jpg -o painted.png --preset artistic
  patina analogy labels.png river.jpg mine.png -o landscape.png --preset numbers
  patina analogy A.png AP.png B.png -o BP.png --guides A-light.png B-light.png --preset numbers
  patina analogy before.jpg after.jpg holiday/*.jpg -o graded/ --report graded.json
  patina analogy bark.jpg bark.jpg large.png -o wall.png --preset texture""",
        given=EXAMPLES,
        suggested=lambda asked: suggested(asked.preset),
    ),
    Subcommand(
        "prompt",
        CompleteFigure,
        "Complete a figure of two by two cells: an example in and out, a query, and an empty one.",
        (),
        """\
  patina prompt figure.png -o completed.png
  patina prompt figures/*.png -o completed/ --report completed.json

The empty cell is of a single colour. What the example shows is found out, and said: a change of
tones, of colours or of texture. Nothing but the example is known: no thing can be named, moved or
invented. The same with pictures of their own: patina analogy A AP B -o BP --preset prompt""",
    ),
    Subcommand(
        "filter",
        ApplyFilter,
        "Use a filter that was saved from an analogy.",
        (),
        """\
  patina filter --list
  patina filter --save Painted --a photo.jpg --ap painting.jpg --preset artistic
  patina filter Painted other.jpg -o painted.png
  patina filter Painted holiday/*.jpg -o painted/ --report painted.json
  patina filter --rename Painted Oils
  patina filter --delete Oils
  patina filter --list --help says more about saving and renaming""",
        given=NAMED,
        besides=KEEPING,
    ),
    Subcommand(
        "loop",
        Loop,
        "Cut a clip to the loop that shows its seam least, or to the best one of a length.",
        (MOVING, REGIONS),
        """\
  patina loop waterfall.mov -o waterfall.mp4
  patina loop pendulum.mp4 -o pendulum.gif --length 40
  patina loop lake.mp4 --mask water.png -o cinemagraph.webm --steady --report lake.json
  patina loop fair.mp4 --regions swings.png --play rest=still --play 2=loop+12 -o fair.mp4""",
        trade=CLIPS,
    ),
    Subcommand(
        "endless",
        Endless,
        "Play a clip on and on, in an order that is never quite the same.",
        (MOVING, REGIONS),
        """\
  patina endless flame.mp4 --frames 3000 -o evening.mp4
  patina endless water.mov --frames 900 -o water.webm --sigma 0.1 --blend morph --seed 7""",
        trade=CLIPS,
    ),
    Subcommand(
        "sprite",
        CutSprite,
        "Cut a creature out of a clip, to be steered.",
        (GARBAGE, PLATE),
        """\
  patina sprite walker-on-green.mp4 -o walker.sprite --mirror
  patina sprite fish.mov -o fish.sprite --key '#1e50d0' --spill 0.8
  patina sprite mouse.mp4 -o mouse.sprite --key difference --shadow 0.5 --report mouse.json""",
        trade=CUTTING,
        together=KEY,
    ),
    Subcommand(
        "steer",
        WalkPath,
        "Let a sprite walk along a path, or follow the mouse on a page of its own.",
        (PATH, BACKGROUND),
        """\
  patina steer mouse.sprite --path square --seconds 20 -o square.mp4 --background floor.jpg
  patina steer fish.sprite --path route.json -o fish.webm
  patina steer walker.sprite -o walker.html""",
        trade=STEERING,
    ),
    Subcommand(
        "sheet",
        LayOut,
        "Lay the frames of a sprite out in one picture, with a JSON file that says where each is.",
        (),
        """\
  patina sheet mouse.sprite -o mouse.png
  patina sheet walker.sprite -o walker.webp --scale 50""",
        trade=LAYING_OUT,
    ),
)


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
        said = done.report["output"]
        width, height = said["size"]
        frames = f"  {said['frames']} frames" if "frames" in said else ""
        seconds = sum(done.report["seconds"].values())
        print(f"{target}  {width} × {height}{frames}  {seconds:.1f} s")
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
