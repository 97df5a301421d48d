"""PatchMatch: what its page says, and the pictures that show what it can do and what it cannot."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.engine.image import Mask, Picture
from editor.model.document import Document
from editor.operations import Operation, RecordField
from editor.ui.lecture.field_board import FieldBoard
from editor.ui.lecture.page import Formula, Text, Try
from editor.ui.lecture.pictures import sample

_OWN = "own"  # the document in front; where none is, two roofs
_TILE = 32  # px, of the chessboard that several processors work on
_ROOF, _OTHER, _LAWN = (
    f"analogies/{name}.jpg" for name in ("artistic-B", "colour-Ap", "artistic-A")
)
_SEARCH, _PICTURES, _SHOWS = "How it searches", "On which pictures", "What the field shows"


@dataclass(frozen=True, slots=True)
class Settings:
    pair: str = _OWN
    propagates: bool = True
    searches: bool = True
    size: int = 7
    tile: int | None = None
    levels: int = 1
    shows: str = "colours"  # of the field


_AS_PAPER = {"propagates": True, "searches": True, "tile": None, "levels": 1}


class PatchMatchPage(FieldBoard):
    name, caption = "patchmatch", "PatchMatch"
    text = Text(
        "PatchMatch",
        (
            "For every patch of A we want the most similar patch of B. To compare each with each "
            "would take minutes.",
            "Begin with a guess at random: among so many, some are right by luck.",
            "Then go from patch to patch. What is right for a neighbour, moved along by a pixel, "
            "is probably right here too: good matches spread.",
            "Last, each patch tries some places at random around its match, first far away, then "
            "nearer and nearer.",
        ),
        (
            Formula("patchmatch-field", "f of p is the q in B with the least D of p and q"),
            Formula(
                "patchmatch-distance",
                "D of p and q is the sum of the squared differences of the two patches",
            ),
            Formula(
                "patchmatch-search",
                "u i is v nought plus w times alpha to the power of i times R i, alpha is a half",
            ),
        ),
        "C. Barnes, E. Shechtman, A. Finkelstein, D. B. Goldman: PatchMatch: A Randomized "
        "Correspondence Algorithm for Structural Image Editing. ACM Transactions on Graphics "
        "28(3), 2009.",
    )
    tries = (
        Try(
            "As in the paper",
            "Matches spread from neighbour to neighbour, and each patch searches at random.",
            _AS_PAPER,
            _SEARCH,
        ),
        Try(
            "Propagation only",
            "Nothing is searched: an offset that nobody guessed at first is never found.",
            _AS_PAPER | {"searches": False},
            _SEARCH,
        ),
        Try(
            "Random search only",
            "No neighbour is asked: every patch has to find its match alone, and few do.",
            _AS_PAPER | {"propagates": False},
            _SEARCH,
        ),
        Try(
            "Coarse to fine",
            "First on small copies of the pictures: each level begins where the coarser has ended.",
            _AS_PAPER | {"levels": 3},
            _SEARCH,
        ),
        Try(
            "In tiles",
            "As on several processors: the tiles of a chessboard, all of one colour at a time.",
            _AS_PAPER | {"tile": _TILE},
            _SEARCH,
        ),
        Try("Two pictures", "Yours if one is open, else two roofs.", {"pair": _OWN}, _PICTURES),
        Try(
            "A hole",
            "The chimney is taken away: search and vote in turn, from coarse to fine.",
            {"pair": "hole"},
            _PICTURES,
        ),
        Try(
            "The same, moved",
            "Every match lies the same way: one lucky patch is enough for all.",
            {"pair": "moved"},
            _PICTURES,
        ),
        Try(
            "Periodic",
            "Many matches are equally good: what is made is right, and the field is a patchwork.",
            {"pair": "periodic"},
            _PICTURES,
        ),
        Try(
            "Flat",
            "Every match is perfect from the start: the field stays as it was drawn.",
            {"pair": "flat"},
            _PICTURES,
        ),
        Try(
            "Unrelated",
            "Lawn for a roof: the best match is a bad one, and the energy says so.",
            {"pair": "unrelated"},
            _PICTURES,
        ),
        Try(
            "Mirrored",
            "Patches are moved, never mirrored: only what looks alike both ways is found.",
            {"pair": "mirrored"},
            _PICTURES,
        ),
        Try(
            "Turned",
            "Patches are moved, never turned: with B on its side, tiles find no tiles.",
            {"pair": "turned"},
            _PICTURES,
        ),
        Try("Colours", "The hue says which way a match lies, strong is far.", {"shows": "colours"},
            _SHOWS),
        Try("Arrows", "From each patch towards its match.", {"shows": "arrows"}, _SHOWS),
        Try(
            "Who found it",
            "What each patch took in its last visit: a neighbour’s match, a drawn one, or neither.",
            {"shows": "finders"},
            _SHOWS,
        ),
    )  # fmt: skip
    first = Settings()
    pace = 30.0

    @property
    def wanted(self) -> object:
        return dataclasses.replace(self.settings, shows="")

    def attempt(self, one: Try) -> None:
        if one.group == _SHOWS:
            self.settings, self.remark = dataclasses.replace(self.settings, **one.changes), one.help
            self.point()
        else:
            super().attempt(one)

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        names = ("propagates", "searches", "size", "tile", "levels")
        options: dict[str, Any] = {name: getattr(settings, name) for name in names}
        if settings.pair == _OWN and document is not None:
            self.title = document.title
            return RecordField(**options)
        self.title = next(
            (self.tr(one.caption) for one in self.tries if one.changes == {"pair": settings.pair}),
            "",
        )
        target, source, hole = _pictures(settings.pair)
        if settings.pair == _OWN:
            self.title = self.tr("Two roofs")
        return RecordField(**options, target=target, source=source, hole=hole)


@functools.cache
def _pictures(pair: str) -> tuple[Picture, Picture | None, Mask | None]:
    """A and B; or what is to be filled, and where."""
    roof = sample(_ROOF)
    if pair == "hole":
        height, width = roof.shape[:2]
        y, x = np.mgrid[:height, :width]
        chimney = (np.abs(x / width - 0.515) < 0.12) & (y > 0.1 * height) & (y < 0.68 * height)
        return roof, None, chimney
    if pair == "moved":
        wide = sample(_ROOF, 224)
        return wide[10:, 24:], wide[:-10, :-24], None
    if pair == "periodic":
        return _woven(7), _woven(0), None
    if pair == "flat":
        grey = np.full((128, 192, 3), 128, np.uint8)
        return grey, grey, None
    others = {
        "unrelated": sample(_LAWN),
        "mirrored": roof[:, ::-1],
        "turned": np.rot90(roof),
    }
    return roof, np.ascontiguousarray(others.get(pair, sample(_OTHER))), None


def _woven(moved: int) -> Picture:
    """Threads over and under each other, the same every sixteen pixels."""
    y, x = np.mgrid[moved : 128 + moved, moved : 192 + moved]
    over = (y // 8 + x // 8) % 2 == 0
    across = 1 - ((y % 8 - 3.5) / 5) ** 2
    along = 1 - ((x % 8 - 3.5) / 5) ** 2
    light = np.where(over, across, along)[..., None]
    colour = np.where(over[..., None], (205, 178, 132), (96, 124, 140))
    woven: Picture = np.rint(light * colour).astype(np.uint8)
    return woven
