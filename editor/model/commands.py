"""What can be done to a document and undone: tiny, symmetric, holding its own document.

A swap keeps *before XOR after* of its rectangle, so doing and undoing are one and the same act,
bit for bit at every depth, and unchanged pixels compress to nothing. Where the picture becomes
another one, of another size perhaps, both are kept whole, with their masks and lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.engine.curve import Curve
from editor.engine.image import MASKS, Picture, Rect, Size
from editor.engine.origins import Origins
from editor.engine.regions import Plays
from editor.model.document import (
    NO_PIECES,
    Document,
    Drawn,
    Maps,
    Part,
    Pieces,
    Planes,
    planes_of,
    scene_of,
)
from editor.model.packed import Packed
from editor.model.plane import Plane, differences
from editor.operations.base import MaskPatch, Operation, Patch, Scene
from editor.operations.grown import GrownPicture
from editor.operations.new_picture import NewPicture
from editor.operations.reshuffle import Reshuffle
from editor.operations.texture import Texture


class Command(Protocol):
    label: str

    @property
    def planes(self) -> tuple[str, ...]: ...  # those it writes to
    @property
    def recipe(self) -> dict[str, Any]: ...  # operation and values, for the project's list of steps
    @property
    def nbytes(self) -> int: ...
    def redo(self) -> None: ...
    def undo(self) -> None: ...


class Swap:
    """Some pixels of one plane, kept tile by tile: a hair across a picture costs its own tiles.

    ``before`` is the plane as it was when the pixels were made, if that was in another thread.
    """

    def __init__(
        self,
        document: Document,
        label: str,
        plane: str,
        rect: Rect,
        pixels: NDArray[Any],
        before: NDArray[Any] | None = None,
        *,
        operation: Operation | None = None,
        origins: Origins | None = None,
        curve: Curve | None = None,
        pieces: Pieces = NO_PIECES,
    ) -> None:
        self.label = label
        self.operation = operation  # that gave the pixels, if one did
        self.origins = origins  # where they were copied from, if they were
        self.curve = curve  # of the fit that made them, if one did
        self.plane, self.rect = plane, rect
        self._document = document
        self._pieces = pieces  # those there are in the picture when it has been swapped
        before = document.plane(plane).frozen() if before is None else before
        self._fresh: list[Part] | None = list(differences(before, rect, pixels))
        self._parts = [(tile, Packed(delta)) for tile, delta in self._fresh]

    @property
    def planes(self) -> tuple[str, ...]:
        return (self.plane,)

    @property
    def recipe(self) -> dict[str, Any]:
        return {} if self.operation is None else recipe(self.operation)

    @property
    def nbytes(self) -> int:
        own = sum(one.nbytes for one in (self.origins, self.curve) if one is not None)
        return own + self._pieces.nbytes + sum(delta.nbytes for _, delta in self._parts)

    def redo(self) -> None:
        # Most commands are done a moment after they were made, while somebody waits for the window.
        fresh, self._fresh = self._fresh, None
        self._document.swap(self.plane, self.parts() if fresh is None else fresh)
        if self.plane == "image":  # pieces are of one picture and no other
            pieces, self._pieces = self._pieces, self._document.pieces
            self._document.place_pieces(pieces)

    undo = redo

    def parts(self) -> list[Part]:
        return [(tile, delta.array()) for tile, delta in self._parts]


class DrawLines:
    """Other lines than before."""

    planes = ("lines",)
    nbytes = 0
    recipe: ClassVar[dict[str, Any]] = {}

    def __init__(self, document: Document, label: str, lines: tuple[Drawn, ...]) -> None:
        self.label = label
        self._document = document
        self._before, self._after = document.lines, lines

    def redo(self) -> None:
        self._document.draw(self._after)

    def undo(self) -> None:
        self._document.draw(self._before)


class ArrangeRegions:
    """Regions of a clip do something else than before."""

    planes = ("plays",)
    nbytes = 0
    recipe: ClassVar[dict[str, Any]] = {}

    def __init__(self, document: Document, label: str, plays: Plays) -> None:
        self.label = label
        self._document = document
        self._before, self._after = document.plays, plays

    def redo(self) -> None:
        self._document.arrange(self._after)

    def undo(self) -> None:
        self._document.arrange(self._before)


class _State:
    """A document's planes and lines, kept small."""

    def __init__(self, planes: Planes, lines: tuple[Drawn, ...]) -> None:
        self._kept = {name: None if one is None else Packed(one) for name, one in planes.items()}
        self.lines = lines

    @property
    def nbytes(self) -> int:
        return sum(one.nbytes for one in self._kept.values() if one is not None)

    def planes(self) -> Planes:
        return {name: None if one is None else one.array() for name, one in self._kept.items()}

    def image(self) -> Picture:
        kept = self._kept["image"]
        assert kept is not None, "a document always has a picture"
        return kept.array()


class Reshape:
    """Another picture in the place of the old one, with the masks and lines that lie upon it."""

    planes = ("image", *MASKS, "lines")

    def __init__(
        self,
        document: Document,
        operation: Operation,
        made: NewPicture,
        scene: Scene,
        lines: tuple[Drawn, ...],
    ) -> None:
        assert scene.other is None, "it is made of one picture, whose masks go along"
        size, old_size = Size.of(made.pixels), Size.of(scene.image)
        self.label = operation.title if size == old_size else f"{operation.title} to {size}"
        self.operation = operation
        self.residuals, self.curve, self.stretched = made.residuals, made.curve, made.stretched
        self.growth = made.growth if isinstance(made, GrownPicture) else None
        origins = made.origins if isinstance(operation, Texture) else None
        self._origins = None if origins is None else Packed(origins)
        self._document = document
        # Those there are of the picture when it is the other one.
        self._pieces = NO_PIECES
        self._maps: Maps = dict(made.beside)
        old = {name: scene.painted(name) for name in MASKS}
        new = {
            name: None if one is None or name == made.spent else made.carried(one, name)
            for name, one in old.items()
        }
        pixels = np.ascontiguousarray(made.pixels)
        self._before = _State({"image": scene.image, **old}, lines)
        self._after = _State({"image": pixels, **new}, _carried(lines, made, old_size))
        # As a swap is, it is done a moment after it was made, while somebody waits for the window.
        self._fresh: dict[str, Plane] | None = planes_of({"image": pixels, **new})

    @property
    def recipe(self) -> dict[str, Any]:
        return recipe(self.operation)

    @property
    def nbytes(self) -> int:
        others = self.curve, self.growth, self._origins, *self._maps.values()
        kept = sum(one.nbytes for one in others if one is not None)
        return self._pieces.nbytes + self._before.nbytes + self._after.nbytes + kept

    @property
    def before(self) -> Picture:
        """The picture that this one takes the place of."""
        return self._before.image()

    @property
    def origins(self) -> NDArray[np.int32] | None:
        """(H, W, 2): row and column in the sample that each pixel of a texture is a copy of."""
        return None if self._origins is None else self._origins.array()

    @property
    def lines_before(self) -> tuple[Drawn, ...]:
        return self._before.lines

    def scene_before(self) -> Scene:
        planes = self._before.planes()
        return scene_of(
            {name: one for name, one in planes.items() if one is not None}, self.lines_before
        )

    def redo(self) -> None:
        fresh, self._fresh = self._fresh, None
        self._become(self._after, fresh)

    def undo(self) -> None:
        self._become(self._before, None)

    def _become(self, state: _State, fresh: dict[str, Plane] | None) -> None:
        """What the document has left by this same command it takes back as it is."""
        planes = fresh or self._document.left_by(self) or planes_of(state.planes())
        pieces, self._pieces = self._pieces, self._document.pieces
        maps, self._maps = self._maps, self._document.maps
        self._document.place_pieces(NO_PIECES)
        self._document.lay(maps)
        self._document.become(planes, state.lines, self)
        self._document.place_pieces(pieces)


def _carried(lines: tuple[Drawn, ...], made: NewPicture, old: Size) -> tuple[Drawn, ...]:
    """The lines where they are in the new picture; those of which nothing is left are left out."""
    moved = [(one, made.carried_line(one.line, old)) for one in lines]
    return tuple(replace(one, line=line) for one, line in moved if line is not None)


def recipe(operation: Operation) -> dict[str, Any]:
    """An operation for the project's list of steps."""
    return {"operation": type(operation).__name__, "values": operation.to_dict()}


def image_steps(document: Document) -> list[Swap | Reshape]:
    """What was done to the picture since the oldest state in the history."""
    done = document.history.states[1 : document.history.at + 1]
    commands = [state.command for state in done]
    return [
        one
        for one in commands
        if isinstance(one, Reshape) or (isinstance(one, Swap) and one.plane == "image")
    ]


def image_swaps(document: Document) -> list[Swap]:
    """What was done to the picture since it is this one: since its last change of shape."""
    swaps: list[Swap] = []
    for one in image_steps(document):
        if isinstance(one, Swap):
            swaps.append(one)
        else:
            swaps.clear()
    return swaps


def before(document: Document) -> Patch | NewPicture | None:
    """The picture as the oldest state in the history has it, where it has changed since."""
    swaps: list[Swap] = []
    for one in image_steps(document):
        if isinstance(one, Reshape):
            whole = Plane(one.before)
            _take_back(whole, swaps)
            return NewPicture(whole.frozen(), stretched=one.stretched)
        swaps.append(one)
    rect = Rect(0, 0, 0, 0)
    for swap in swaps:
        rect = rect.joined(swap.rect)
    if rect.empty:
        return None
    plane = Plane(document.plane("image").crop(rect))
    _take_back(plane, swaps, (rect.x, rect.y))
    return Patch(rect, plane.frozen())


def _take_back(plane: Plane, swaps: list[Swap], corner: tuple[int, int] = (0, 0)) -> None:
    """Undo swaps in a part of the picture that begins at a corner."""
    for swap in reversed(swaps):
        for tile, delta in swap.parts():
            plane.swap(tile.moved(-corner[0], -corner[1]), delta)


def without(scene: Scene, command: Swap | Reshape) -> Scene:
    """The scene as it was before a command that was the last one done to its picture."""
    if isinstance(command, Reshape):
        return command.scene_before()
    plane = Plane(scene.image.copy())
    for rect, delta in command.parts():
        plane.swap(rect, delta)
    return replace(scene, image=plane.frozen())


def paint_mask(document: Document, label: str, patch: MaskPatch) -> Command:
    return Swap(document, label, patch.plane, patch.rect, patch.cover)


def command_for(
    document: Document,
    operation: Operation,
    value: Any,
    scene: Scene,
    instead: Swap | Reshape | None = None,
) -> Command:
    """The command that makes an operation's result part of the document as the scene shows it.

    With ``instead`` the scene is from before that step, which is to be undone first.

    Of the document itself nothing is touched, and nothing read but its lines, a frozen tuple:
    so the engine's thread may do this.
    """
    label, operation = operation.title, operation.remembered
    if isinstance(value, Patch):
        place = "image", value.rect, value.pixels, scene.image
        pieces = NO_PIECES
        if isinstance(operation, Reshuffle):
            under = operation.under(scene.image, value.rect)
            pieces = Pieces(operation.moves, operation.moves, under)
        more: dict[str, Any] = {"origins": value.origins, "curve": value.curve, "pieces": pieces}
        return Swap(document, label, *place, operation=operation, **more)
    if isinstance(value, MaskPatch):
        place = value.plane, value.rect, value.cover, scene.cover(value.plane)
        return Swap(document, label, *place, operation=operation)
    if isinstance(value, NewPicture):
        lines = instead.lines_before if isinstance(instead, Reshape) else document.lines
        return Reshape(document, operation, value, scene, lines)
    raise TypeError(f"no command is made from a {type(value).__name__}")
