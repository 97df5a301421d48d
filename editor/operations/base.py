"""What an operation is: a frozen value that, with a scene, decides every pixel of the result.

A field made with ``param`` is declared once; the options panel, the command line, recipes and the
property tests derive from it. Fields without ``param`` (a place that was clicked, say) belong to
the result too but are set by a gesture, not by hand.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import numpy as np

from editor.engine.clip import Footage
from editor.engine.curve import Curve
from editor.engine.device import Device
from editor.engine.guides import Guides, check_guides
from editor.engine.image import Cover, Mask, Picture, Rect, Size, check_fits, check_picture, frozen
from editor.engine.origins import Origins
from editor.engine.regions import Plays
from editor.engine.sprite import Route, Sprite
from editor.engine.step import Step

_KEY = "param"


@dataclass(frozen=True, slots=True)
class Param:
    """One declared field: everything a control, a flag or a test needs to know about it."""

    name: str
    default: Any  # its type is the field's type: int, float, bool or str (one of the choices)
    caption: str
    low: float | None = None
    high: float | None = None
    step: float = 1
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # (value, caption) of each, for a str
    help: str = ""  # one sentence: what it does
    more: str = ""  # "Raise it when …"
    less: str = ""  # "Lower it when …"
    hidden: bool = False  # on the command line and in recipes, but not in the panel
    icon: str = ""  # of a bool: all there is room for in a tool bar
    zero: str = ""  # what 0 means, in a word, where it is no amount
    only: tuple[str, ...] | None = None  # a field, and the values with which this one counts

    def checked(self, value: Any) -> Any:
        """The value in the field's type, or ValueError naming it and its range."""
        if self.choices:
            values = [choice for choice, _ in self.choices]
            if value not in values:
                raise ValueError(f"{self.caption} is {value!r}: choose {', '.join(values)}")
            return value
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"{self.caption} is {value!r}: it is on or off")
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise ValueError(f"{self.caption} is {value!r}: it is a number")
        whole = isinstance(value, int) or not math.isfinite(value) or value == int(value)
        if isinstance(self.default, int) and not whole:
            raise ValueError(f"{self.caption} is {value}: it is a whole number")
        low, high = self.low, self.high
        if (low is not None and not value >= low) or (high is not None and not value <= high):
            raise ValueError(f"{self.caption} is {value}: it goes from {low:g} to {high:g}")
        return type(self.default)(value)


def param(
    default: Any,
    caption: str,
    low: float | None = None,
    high: float | None = None,
    *,
    step: float = 1,
    unit: str = "",
    choices: tuple[tuple[str, str], ...] = (),
    help: str = "",
    more: str = "",
    less: str = "",
    hidden: bool = False,
    icon: str = "",
    zero: str = "",
    only: tuple[str, ...] | None = None,
) -> Any:
    """A dataclass field that describes itself."""
    described = Param(
        *("", default, caption, low, high, step, unit, choices, help, more, less),
        *(hidden, icon, zero, only),
    )
    return dataclasses.field(default=default, metadata={_KEY: described})


def params(described: Any) -> tuple[Param, ...]:
    """The declared fields of an operation or of a tool's settings, in order."""
    return tuple(
        dataclasses.replace(field.metadata[_KEY], name=field.name)
        for field in dataclasses.fields(described)
        if _KEY in field.metadata
    )


Described = TypeVar("Described", bound="Declared")


@dataclass(frozen=True)
class Declared:
    """A frozen value whose declared fields are checked when it is made."""

    def __post_init__(self) -> None:
        for one in params(self):
            object.__setattr__(self, one.name, one.checked(getattr(self, one.name)))

    @classmethod
    def from_dict(cls: type[Described], values: dict[str, Any]) -> Described:
        """From settings or a recipe: unknown or broken entries fall back to the default."""
        known = {}
        for one in params(cls):
            try:
                known[one.name] = one.checked(values.get(one.name, one.default))
            except ValueError:
                known[one.name] = one.default
        return cls(**known)

    def to_dict(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in params(self)}


@dataclass(frozen=True)
class Scene:
    """A frozen picture of the document. A mask may be given as bool or as a soft cover."""

    image: Picture
    hole: Mask | Cover | None = None
    revision: int = 0
    sampling: Mask | Cover | None = None  # where a fill may copy from
    other: Picture | None = None  # copied from in the picture's place; sampling then lies on it
    guides: Guides = field(default_factory=Guides)  # lines that go on through the hole, and regions
    clip: Footage | None = None  # what the picture is a frame of
    plays: Plays = ()  # what the regions of a clip do, where it is not the usual
    sprite: Sprite | None = None  # what is steered over the picture
    route: Route | None = None  # where it should go
    protect: Mask | Cover | None = None  # what keeps its shape when the picture changes its own
    remove: Mask | Cover | None = None  # what goes when the picture changes its shape

    def __post_init__(self) -> None:
        check_picture(self.image)
        object.__setattr__(self, "image", frozen(self.image))
        if self.other is not None:
            check_picture(self.other)
            object.__setattr__(self, "other", frozen(self.other))
        sampled = self.image if self.other is None else self.other
        check_guides(self.guides, Size.of(self.image))
        for name in ("hole", "sampling", "protect", "remove"):
            mask, lies_on = getattr(self, name), sampled if name == "sampling" else self.image
            if mask is not None:
                check_fits(lies_on, mask)
                if mask.dtype not in (np.bool_, np.uint8):
                    raise ValueError(f"a mask is bool or uint8, not {mask.dtype}")
                object.__setattr__(self, name, frozen(mask))

    def cover(self, plane: str) -> Cover:
        """One of MASKS as a cover; nothing chosen if there is none."""
        mask = self._mask(plane)
        if mask is None:
            return np.zeros(self.image.shape[:2], np.uint8)
        cover: Cover = mask.view(np.uint8)
        return cover * np.uint8(255) if mask.dtype == np.bool_ else cover

    def painted(self, plane: str) -> Cover | None:
        """The same; None where nothing is chosen."""
        mask = self._mask(plane)
        return None if mask is None or not mask.any() else self.cover(plane)

    def _mask(self, plane: str) -> Mask | Cover | None:
        fields = {"mask": self.hole, "labels": self.guides.labels}
        mask: Mask | Cover | None = fields[plane] if plane in fields else getattr(self, plane)
        return mask


@dataclass(frozen=True, slots=True)
class Patch:
    """A value: these pixels at this place, everything else as it was."""

    rect: Rect
    pixels: Picture  # (rect.height, rect.width[, C]) in the document's depth
    origins: Origins | None = None  # where they were copied from, if they were
    notices: tuple[str, ...] = ()  # sentences for the person: what had to be done otherwise
    curve: Curve | None = None  # of the fit that made them, if one did

    def on(self, image: Picture) -> Picture:
        """A copy of the picture with the patch in its place."""
        result = image.copy()
        result[self.rect.slices] = self.pixels
        return result

    def copied(self) -> Patch:
        return dataclasses.replace(self, pixels=self.pixels.copy())


@dataclass(frozen=True, slots=True)
class MaskPatch:
    """A value: this cover at this place of a mask, the rest of the mask as it was."""

    rect: Rect
    cover: Cover
    plane: str = "mask"  # one of MASKS

    def copied(self) -> MaskPatch:
        return MaskPatch(self.rect, self.cover.copy(), self.plane)


@dataclass(frozen=True, slots=True)
class Look:
    """A value: something to be looked at over the picture, which stays as it is."""

    patch: Any  # a Patch or a NewPicture


@dataclass(frozen=True, slots=True, eq=False)
class Paused:
    """A value: steps that were paused before their end."""

    on: Operation  # goes on where they were
    so_far: Operation  # takes what there is by now
    done: float  # 0..1
    made: Any = None  # what there is by now, to be looked at; None: it has to be found out first
    lasts: bool = False  # a project keeps it
    instead: Any = None  # the step whose place the result takes, if it takes one


@dataclass(frozen=True, slots=True)
class Choices:
    """A value: several results, of which a person takes one; each with what made it."""

    results: tuple[tuple[Operation, Patch], ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about a result that is not as it should be, in a few words: in its place."""

    caption: str
    operation: Operation


@dataclass(frozen=True)
class Operation(Declared, ABC):
    label: ClassVar[str] = ""
    quick: ClassVar[bool] = False  # over in a moment: need not wait behind a long solve
    waits: ClassVar[bool] = False  # one stroke after the other: begun when the last one is done
    edits: ClassVar[bool] = True  # its value changes the picture; else it is something found out

    @property
    def pauses(self) -> bool:
        """Whether its steps know Pause: they can be gone on with later."""
        return False

    @property
    def title(self) -> str:
        """What this one is called in the history and while it works."""
        return self.label

    @classmethod
    def warm_up(cls) -> None:
        """Load and compile what steps will need, while the person is still painting."""

    @property
    def further(self) -> tuple[str, ...]:
        """The names of what its value will hold beside the picture."""
        return ()

    def rehearsed(self) -> Operation:
        """The same as short as it can be, to be run on a few pixels before the time is taken."""
        return self

    @property
    def remembered(self) -> Operation:
        """The same for the history, without what only its making needed."""
        return self

    @abstractmethod
    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        """Import the engine module inside, so that nothing heavy loads before it is needed."""

    def completed(self, value: Any) -> Any:
        """What is made of the last value; it may be one of a solve that was stopped and kept."""
        return value
