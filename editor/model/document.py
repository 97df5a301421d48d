"""A picture that is being edited: its planes, its history, and one signal when a place changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from editor.engine.clip import Footage
from editor.engine.guides import Guides, Line
from editor.engine.image import (
    MASKS,
    Cover,
    Meta,
    Picture,
    Rect,
    Size,
    check_fits,
    check_picture,
    frozen,
)
from editor.engine.moves import Move
from editor.engine.regions import Plays
from editor.engine.sprite import Goal, Route, Sprite
from editor.model.history import History
from editor.model.plane import Plane
from editor.operations.base import Operation, Patch, Paused, Scene

Part = tuple[Rect, NDArray[Any]]  # a place and its before XOR after
Planes = Mapping[str, NDArray[Any] | None]  # of a document; None where nothing is painted
Maps = Mapping[str, Picture]  # made with a picture, by the names of files; pixel on pixel with it


@dataclass(frozen=True, slots=True)
class Changed:
    """One swap: what the canvas paints anew and the recovery journal writes down."""

    plane: str  # "image" or one of MASKS
    rect: Rect  # around all parts
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line of the person's, and whether the next fill keeps to it."""

    line: Line
    used: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What an operation that edits nothing has found out, and the options it was found with."""

    operation: Operation
    value: Any
    revision: int  # of the picture, when it was found


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of a picture that are moved about: how they are to lie, and how the picture shows it.

    They are cut from the picture as it was: where it has changed since, that is ``before``.
    """

    moves: tuple[Move, ...] = ()
    done: tuple[Move, ...] = ()
    before: Patch | None = None

    @property
    def waiting(self) -> bool:
        """Are they to lie in another way than the picture shows?"""
        return self.moves != self.done

    @property
    def nbytes(self) -> int:
        covers = sum(move.cover.nbytes for move in self.moves)
        return covers + (0 if self.before is None else self.before.pixels.nbytes)


NO_PIECES = Pieces()


class Document(QObject):
    """Signals: changed(Changed) — after every swap; reshaped() — it is another picture now, of
    another size perhaps; renamed() — path, title or saved state; redrawn() — the lines, those that
    are suggested, or the pieces; arranged() — what regions of a clip do; sent() — where a sprite
    should go; culled() — which of its frames are thrown out; found(Finding) — something new is
    known; forgotten() — something is not, any more.

    A document of a clip shows one frame of it: that is its picture, and it is edited like any
    other. The clip itself is the ``film``, which never changes. What is found out about it, such as
    where it loops, is no edit: it changes no pixel, makes no line in the history, leaves the
    document saved if it was, and is not undone. The document keeps the latest of each kind.
    """

    changed = Signal(object)
    reshaped = Signal()
    redrawn = Signal()
    arranged = Signal()
    sent = Signal()
    culled = Signal()
    renamed = Signal()
    found = Signal(object)
    forgotten = Signal()

    def __init__(
        self,
        pixels: Picture,
        *,
        mask: Cover | None = None,
        sampling: Cover | None = None,
        labels: Cover | None = None,
        protect: Cover | None = None,
        remove: Cover | None = None,
        maps: Maps | None = None,
        meta: Meta | None = None,
        film: Footage | None = None,
        sprite: Sprite | None = None,
        title: str = "Untitled",
        budget: int = 1 << 30,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        check_picture(pixels)
        masks = dict(zip(MASKS, (mask, sampling, labels, protect, remove), strict=True))
        self._planes = planes_of({"image": pixels, **masks})
        self._left: tuple[object, dict[str, Plane]] | None = None
        self._revisions = dict.fromkeys((*self._planes, "lines"), 0)
        self.shapes = 0  # how often it has become another picture
        self._painted: dict[str, tuple[int, bool]] = {}  # for which revision, and the answer
        self._lines: tuple[Drawn, ...] = ()
        self._suggested: tuple[Line, ...] = ()
        self._pieces = NO_PIECES
        self.lay(maps or {})
        self._plays: Plays = ()
        self.meta = meta or Meta()
        self.film = film
        self._whole = self._sprite = sprite
        self._rejected: frozenset[int] = frozenset()
        self._goal: Goal = None
        self._findings: dict[type[Operation], Finding] = {}
        self.title = title
        self.source: Path | None = None  # the picture it came from
        self.project: Path | None = None  # where Save writes
        self.history = History(budget, f"Open “{title}”", self)
        self.history.changed.connect(self.renamed)

    @property
    def size(self) -> Size:
        height, width = self._planes["image"].shape[:2]
        return Size(width, height)

    @property
    def rect(self) -> Rect:
        return Rect(0, 0, *self.size)

    @property
    def is_sprite(self) -> bool:
        """Whether it is a sprite alone: the clip it was cut out of is not here."""
        return self._whole is not None and self.film is None

    @property
    def planes(self) -> tuple[str, ...]:
        return tuple(self._planes)

    def plane(self, name: str) -> Plane:
        return self._planes[name]

    @property
    def image(self) -> Picture:
        """The picture as it is now, frozen. While it is held, the next edit copies the plane."""
        return self._planes["image"].frozen()

    @property
    def mask(self) -> Cover:
        """The cover as it is now, frozen; 0 keeps, 255 is hole."""
        return self._planes["mask"].frozen()

    @property
    def masked(self) -> bool:
        """Whether there is a hole."""
        return self.painted("mask")

    def painted(self, name: str) -> bool:
        """Whether anything is painted in one of the masks."""
        plane, now = self._planes[name], self._revisions[name]
        known, painted = self._painted.get(name, (-1, False))
        if known != now:
            painted = not plane.blank and plane.any(self.rect)
            self._painted[name] = now, painted
        return painted

    def _paint(self, name: str, parts: Sequence[Part]) -> None:
        """Know whether anything is painted from what was changed, where that is enough."""
        known, painted = self._painted.get(name, (-1, False))
        now = self._revisions[name]
        if any(self._planes[name].any(rect) for rect, _ in parts):
            self._painted[name] = now, True
        elif known == now - 1 and not painted:
            self._painted[name] = now, False

    @property
    def lines(self) -> tuple[Drawn, ...]:
        """Guides of a fill, as they were drawn."""
        return self._lines

    def draw(self, lines: tuple[Drawn, ...]) -> None:
        """Only commands call this, and who restores a document."""
        self._lines = lines
        self._revisions["lines"] += 1
        self.redrawn.emit()

    @property
    def suggested(self) -> tuple[Line, ...]:
        """Lines that nobody has drawn yet but that seem to be there; no part of the history."""
        return self._suggested

    def suggest(self, lines: tuple[Line, ...]) -> None:
        if lines != self._suggested:
            self._suggested = lines
            self.redrawn.emit()

    @property
    def pieces(self) -> Pieces:
        """What is moved about."""
        return self._pieces

    def place_pieces(self, pieces: Pieces) -> None:
        """Only commands call this, and who restores a document."""
        if pieces is not self._pieces:
            self._pieces = pieces
            self.redrawn.emit()

    @property
    def maps(self) -> Maps:
        """What was made together with the picture and is exported beside it, such as normals."""
        return self._maps

    def lay(self, maps: Maps) -> None:
        """Only commands call this."""
        self._maps = {name: frozen(one) for name, one in maps.items()}

    @property
    def plays(self) -> Plays:
        """What the regions of a clip do; they are the labels, and one that is not here loops."""
        return self._plays

    def arrange(self, plays: Plays) -> None:
        """Only commands call this, and who restores a document."""
        self._plays = plays
        self.arranged.emit()

    @property
    def goal(self) -> Goal:
        """Where the sprite should go: along a path, or to a place; None: it wanders."""
        return self._goal

    def send(self, goal: Goal) -> None:
        """Only commands call this, and who restores a document."""
        self._goal = goal
        self.sent.emit()

    @property
    def sprite(self) -> Sprite | None:
        """What is steered: it was opened, or cut out of the film; less what was thrown out."""
        return self._sprite

    def cut_out(self, whole: Sprite) -> None:
        """Have this sprite; frames that were thrown out before stay out."""
        self._whole = whole
        self._cull()

    @property
    def rejected(self) -> frozenset[int]:
        """The frames of the clip that its sprite does without."""
        return self._rejected

    def reject(self, frames: frozenset[int]) -> None:
        """Only commands call this, and who restores a document."""
        self._rejected = frames
        self._cull()
        self.culled.emit()

    def _cull(self) -> None:
        whole = self._whole
        if whole is not None:
            left = any(cel.number not in self._rejected for cel in whole.cels)
            self._sprite = whole.without(self._rejected) if left else None

    def revision(self, plane: str) -> int:
        """How often a plane, or the lines, have changed."""
        return self._revisions[plane]

    @property
    def revisions(self) -> dict[str, int]:
        return dict(self._revisions)

    def scene(self, other: Document | None = None) -> Scene:
        """A frozen picture of the document for a job; O(1) but for masks that have changed.

        With an ``other`` document, that one is copied from.
        """
        planes = {name: self._planes[name].frozen() for name in MASKS if self.painted(name)}
        planes |= {"image": self.image, "mask": self.mask}
        more: dict[str, Any] = {"clip": self.film, "sprite": self._sprite, "plays": self._plays}
        more["route"] = self._goal if isinstance(self._goal, Route) else None
        if other is not None:
            planes.pop("sampling", None)
            if other.painted("sampling"):
                planes["sampling"] = other.plane("sampling").frozen()
            more["other"] = other.image
        return scene_of(planes, self._lines, revision=self._revisions["image"], **more)

    def keep(self, operation: Operation, value: Any) -> None:
        """Remember what an operation has found out, in place of what it found before."""
        finding = Finding(operation, value, self._revisions["image"])
        self._findings[type(operation)] = finding
        self.found.emit(finding)

    def finding(self, kind: type[Operation]) -> Finding | None:
        """What is known from the last operation of this kind."""
        return self._findings.get(kind)

    def forget(self, kind: type[Operation]) -> None:
        """What the last operation of this kind has found is of no use any more."""
        if self._findings.pop(kind, None) is not None:
            self.forgotten.emit()

    def paused(self, kind: type[Operation]) -> Paused | None:
        """What was paused of an operation of this kind. It is let go of as the picture changes."""
        for finding in self._findings.values():
            paused = finding.value
            if isinstance(paused, Paused) and isinstance(paused.on, kind):
                return paused
        return None

    def _let_go_of_paused(self) -> None:
        kept = self._findings.items()
        self._findings = {kind: one for kind, one in kept if not isinstance(one.value, Paused)}

    def swap(self, plane: str, parts: Sequence[Part]) -> None:
        """Only commands call this; everybody else makes a command."""
        around = Rect(0, 0, 0, 0)
        for rect, delta in parts:
            self._planes[plane].swap(rect, delta)
            around = around.joined(rect)
        if not around.empty:
            self._revisions[plane] += 1
            if plane == "image":
                self._let_go_of_paused()
            else:
                self._paint(plane, parts)
            self.changed.emit(Changed(plane, around, tuple(parts)))

    def become(self, planes: dict[str, Plane], lines: tuple[Drawn, ...], command: object) -> None:
        """Be another picture, with masks and lines of its own; only commands call this.

        What it was before is kept as it is until the next time, so that undoing is at once.
        """
        self._left = command, self._planes
        self._planes = planes
        for name in self._revisions:
            self._revisions[name] += 1
        self.shapes += 1
        self._let_go_of_paused()
        self._lines, self._suggested = lines, ()
        self.reshaped.emit()
        self.redrawn.emit()

    def close(self) -> None:
        """Let go of what points back at it: its pixels go with it, not when a collector comes by.

        What is there when the engine is warm no collector looks at any more.
        """
        self.history.clear()
        self._findings.clear()
        self._left = None

    def left_by(self, command: object) -> dict[str, Plane] | None:
        """What it was before a command, if that was the last one to make it another picture."""
        left, self._left = self._left, None
        return left[1] if left is not None and left[0] is command else None


def planes_of(planes: Planes) -> dict[str, Plane]:
    """The picture and all masks, written in place from now on; masks that are None are empty."""
    pixels = planes["image"]
    assert pixels is not None, "a document always has a picture"
    made = {"image": Plane(pixels)}
    for name in MASKS:
        mask = planes.get(name)
        # Zeros take memory only where something is painted.
        cover = np.zeros(pixels.shape[:2], np.uint8) if mask is None else mask
        check_fits(pixels, cover)
        made[name] = Plane(cover, blank=mask is None)
    return made


def scene_of(planes: Mapping[str, NDArray[Any]], lines: tuple[Drawn, ...], **more: Any) -> Scene:
    """A frozen picture of planes and lines; masks that are not among them are empty."""
    return Scene(
        planes["image"],
        planes.get("mask"),
        sampling=planes.get("sampling"),
        guides=Guides(tuple(one.line for one in lines if one.used), planes.get("labels")),
        protect=planes.get("protect"),
        remove=planes.get("remove"),
        **more,
    )
