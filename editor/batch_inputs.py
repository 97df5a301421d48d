"""What is given beside a picture: masks, guides, sizes and moves, and how each is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from editor.batch import Input
from editor.batch_sprites import read_background, read_way
from editor.engine.guides import Guides
from editor.engine.image import Cover, Picture, Size
from editor.engine.moves import Move
from editor.flags import Repeated, Together
from editor.operations.reshuffle import read_move
from editor.operations.retarget import read_size
from editor.operations.sprite import read_key
from editor.operations.texture import read_size as read_texture_size


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


# ── what is filled, grown or restored ──

MASK = Input(
    "--mask",
    "hole",
    "what should go: white in this picture (greys are a soft edge), or opaque if its alpha says so;"
    " a folder holds one mask per picture, of the same name",
    _read_mask,
)
RESTORED = Input(
    "--mask",
    "hole",
    "where the picture may change: white in this picture, as large as the one it is for; the task"
    " inpaint needs one",
    _read_mask,
    required=False,
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
GUIDES = Input(
    "--guides",
    "guides",
    "lines that go on through the mask, and regions that are filled with their own, as JSON",
    _read_guides,
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


# ── another size or shape ──

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
SIZE = Together(
    "--size",
    ("unit", "width", "height"),
    "WxH",
    "The new size: 60%x100% of what it is, or 800x600 pixels, each side from a tenth of what it is"
    " to eight times as much.",
    read_size,
)


# ── pieces that move ──

MOVE = Repeated(
    "--move",
    "MASK:DX,DY[,HOW]",
    "a piece, white in MASK, and how far it goes to the right and down; then, if wanted, scale=1.5,"
    " turn=30 (degrees, clockwise), mirror, and keep to leave it in its old place as well; once for"
    " each piece",
    _read_move,
)


# ── textures ──

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


# ── clips ──

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


# ── sprites ──

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
