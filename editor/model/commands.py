"""What can be done to a document and undone: tiny, symmetric, holding its own document.

A command keeps *before XOR after* of its rectangle, so doing and undoing are one and the same swap,
bit for bit at every depth, and unchanged pixels compress to nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Protocol

from numpy.typing import NDArray

from editor.engine.image import Rect
from editor.engine.origins import Origins
from editor.model.document import Document, Drawn, Part
from editor.model.packed import Packed
from editor.model.plane import Plane, differences
from editor.operations.base import MaskPatch, Operation, Patch, Scene


class Command(Protocol):
    label: str
    plane: str  # the one it writes to

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
    ) -> None:
        self.label = label
        self.operation = operation  # that gave the pixels, if one did
        self.origins = origins  # where they were copied from, if they were
        self.plane, self.rect = plane, rect
        self._document = document
        before = document.plane(plane).frozen() if before is None else before
        self._fresh: list[Part] | None = list(differences(before, rect, pixels))
        self._parts = [(tile, Packed(delta)) for tile, delta in self._fresh]

    @property
    def recipe(self) -> dict[str, Any]:
        if self.operation is None:
            return {}
        name, values = type(self.operation).__name__, self.operation.to_dict()
        return {"operation": name, "values": values}

    @property
    def nbytes(self) -> int:
        own = 0 if self.origins is None else self.origins.nbytes
        return own + sum(delta.nbytes for _, delta in self._parts)

    def redo(self) -> None:
        # Most commands are done a moment after they were made, while somebody waits for the window.
        fresh, self._fresh = self._fresh, None
        self._document.swap(self.plane, self.parts() if fresh is None else fresh)

    undo = redo

    def parts(self) -> list[Part]:
        return [(tile, delta.array()) for tile, delta in self._parts]


class DrawLines:
    """Other lines than before."""

    plane = "lines"
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


def image_swaps(document: Document) -> list[Swap]:
    """What was done to the picture since the oldest state in the history."""
    done = document.history.states[1 : document.history.at + 1]
    commands = [state.command for state in done]
    return [one for one in commands if isinstance(one, Swap) and one.plane == "image"]


def before(document: Document) -> Patch | None:
    """The picture as the oldest state in the history has it, where it has changed since."""
    swaps = image_swaps(document)
    rect = Rect(0, 0, 0, 0)
    for swap in swaps:
        rect = rect.joined(swap.rect)
    if rect.empty:
        return None
    plane = Plane(document.plane("image").crop(rect))
    for swap in reversed(swaps):
        for tile, delta in swap.parts():
            plane.swap(tile.moved(-rect.x, -rect.y), delta)
    return Patch(rect, plane.frozen())


def without(scene: Scene, swap: Swap) -> Scene:
    """The scene as it was before a command that was the last one done to its picture."""
    plane = Plane(scene.image.copy())
    for rect, delta in swap.parts():
        plane.swap(rect, delta)
    return replace(scene, image=plane.frozen())


def paint_mask(document: Document, label: str, patch: MaskPatch) -> Command:
    return Swap(document, label, patch.plane, patch.rect, patch.cover)


def command_for(document: Document, operation: Operation, value: Any, scene: Scene) -> Command:
    """The command that makes an operation's result part of the document as the scene shows it.

    Nothing of the document itself is touched or read, so the engine's thread may do this.
    """
    label = operation.label
    if isinstance(value, Patch):
        place = "image", value.rect, value.pixels, scene.image
        return Swap(document, label, *place, operation=operation, origins=value.origins)
    if isinstance(value, MaskPatch):
        place = value.plane, value.rect, value.cover, scene.cover(value.plane)
        return Swap(document, label, *place, operation=operation)
    raise TypeError(f"no command is made from a {type(value).__name__}")
