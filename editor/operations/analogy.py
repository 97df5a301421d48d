"""Analogy: A is to A′ as B, the picture, is to B′."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.device import Device
from editor.engine.image import Mask, Picture, check_picture, frozen, full_scale
from editor.engine.step import Step, silent
from editor.operations.base import Operation, Scene, param
from editor.operations.new_picture import NewPicture

_EXACT_UP_TO = 1 << 34  # values of all A times pixels of B: three seconds of the exact method

_USUAL: dict[str, Any] = {
    "takes": "light",
    "compares": "light",
    "kappa": 5.0,
    "guidance": 1.0,
    "levels": 5,
    "remap": True,
    "filters": False,
    "method": "auto",
}
_SUGGESTED: dict[str, dict[str, Any]] = {
    "filter": {"kappa": 0.0, "levels": 2, "remap": False},
    "artistic": {"kappa": 5.0, "filters": True, "guidance": 3.0, "method": "fast"},
    "line": {"takes": "pixels", "kappa": 1.0, "method": "fast"},
    "colour": {"takes": "colours", "kappa": 2.0, "levels": 3},
    "numbers": {
        "takes": "pixels",
        "compares": "colour",
        "remap": False,
        "guidance": 2.0,
        "method": "fast",
    },
    "superres": {"kappa": 0.5, "levels": 2, "remap": False},
    "transfer": {"takes": "pixels", "guidance": 3.0, "method": "fast"},
    "texture": {"takes": "pixels", "compares": "colour", "remap": False, "guidance": 0.0},
    "prompt": {},
}
_CHOSEN = ("preset", *(name for name in _SUGGESTED if name != "prompt"))  # not by the example


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A and its A′, of one size; A may be several pictures, which all say something of A′."""

    A: tuple[Picture, ...]
    Ap: Picture

    def __post_init__(self) -> None:
        for picture in (*self.A, self.Ap):
            check_picture(picture)
        object.__setattr__(self, "A", tuple(frozen(one) for one in self.A))
        object.__setattr__(self, "Ap", frozen(self.Ap))


@dataclass(frozen=True, slots=True, eq=False)
class Analogous(NewPicture):
    """B′, and which pixel of which A′ each of its pixels was copied from."""

    sources: NDArray[np.int32] | None = field(default=None, kw_only=True)  # (H, W, 3): pair, y, x
    of: Picture | None = field(default=None, kw_only=True)  # B, where one goes on painting labels

    @property
    def nbytes(self) -> int:
        return self.pixels.nbytes + (0 if self.sources is None else self.sources.nbytes)


@dataclass(frozen=True)
class Analogy(Operation):
    label: ClassVar[str] = "Analogy"
    edits: ClassVar[bool] = False  # B′ stands beside B until it is taken

    preset: str = param(
        "filter",
        "Purpose",
        choices=(
            ("filter", "Learn a filter"),
            ("artistic", "Artistic filter"),
            ("line", "Line art"),
            ("colour", "Colourise"),
            ("numbers", "By numbers"),
            ("superres", "Super-resolution"),
            ("transfer", "Texture transfer"),
            ("texture", "Plain texture"),
            ("prompt", "Visual prompt"),
        ),
        help="What the analogy is for: sets all that is below to what usually suits it.",
        more="A visual prompt finds out by itself what the example shows.",
    )
    takes: str = param(
        "light",
        "Take",
        choices=(("light", "Light"), ("colours", "Colours"), ("pixels", "Whole pixels")),
        help="What comes from A′: how light it is, how coloured, or its pixels as they are.",
        more="Whole pixels where B′ should look like A′ in every respect.",
        less="Light where the colours of B should stay, colours where its light should.",
        only=_CHOSEN,
    )
    compares: str = param(
        "light",
        "Compare",
        choices=(("light", "Light"), ("colour", "Colour")),
        help="What makes a place of A like a place of B.",
        more="Colour where it alone tells things apart, as in a map of labels.",
        less="Light for photographs and paintings.",
        only=_CHOSEN,
    )
    kappa: float = param(
        0.0,
        "Coherence κ",
        0.0,
        25.0,
        step=0.5,
        help="How gladly whole pieces of A′ are copied, by the exact method.",
        more="Raise it for strokes and textures that should stay in one piece.",
        less="Lower it for filters, where each pixel has one right answer.",
        only=_CHOSEN,
    )
    guidance: float = param(
        1.0,
        "Guidance",
        0.0,
        8.0,
        step=0.1,
        help="How much A and B count, beside how well the pieces of A′ fit together.",
        more="Raise it when B is not followed closely enough.",
        less="Lower it when the texture of A′ comes out broken; 0 forgets A and B.",
        only=_CHOSEN,
    )
    levels: int = param(
        2,
        "Levels",
        1,
        8,
        help="How many sizes of the pictures are looked at, each half of the one before.",
        more="Raise it for textures with large parts.",
        less="Lower it for a filter that only looks at a few pixels.",
        only=_CHOSEN,
    )
    remap: bool = param(
        False,
        "Match tones",
        help="Brings A and A′ to the brightness and contrast of B first.",
        only=_CHOSEN,
    )
    filters: bool = param(
        False,
        "Compare edges",
        help="Compares which way edges and lines run as well, so that strokes follow them.",
        only=_CHOSEN,
    )
    method: str = param(
        "auto",
        "Method",
        choices=(("auto", "Automatic"), ("exact", "Exact"), ("fast", "Fast")),
        help="Pixel by pixel as in the paper, or by whole patches; exact up to some 300 × 300.",
        more="Exact for learnt filters and for small pictures.",
        less="Fast for everything large.",
        only=_CHOSEN,
    )
    uniformity: float = param(
        1.0,
        "Evenness",
        0.0,
        4.0,
        step=0.1,
        help="How much it matters to the fast method that all of A′ is used equally often.",
        more="Raise it when the same piece comes again and again.",
        less="Lower it when pieces come where they do not belong.",
        only=_CHOSEN,
    )
    align: bool = param(
        False,
        "Align",
        help="Lays A′ on A first, where it is shifted, turned or of another size.",
        hidden=True,
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result, pixel for pixel.",
        more="Any other number gives another, often equally good one.",
    )
    examples: tuple[Example, ...] = field(default=(), compare=False, repr=False)
    beside: tuple[Picture, ...] = field(default=(), compare=False, repr=False)  # B in other ways
    weights: tuple[float, ...] = ()  # of B and what is beside it; empty: all the same
    #: What was made of a B that has changed a little since: it stays where B is the same.
    kept: Analogous | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "beside", tuple(frozen(one) for one in self.beside))

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import analogy_fast  # noqa: F401
        from editor.engine.kernels import analogy  # noqa: F401

    def suggested(self) -> Analogy:
        """The same pictures and seed, everything else as it suits the purpose."""
        return dataclasses.replace(self, **suggested(self.preset))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Those it holds: all but B itself."""
        shown = [picture for one in self.examples for picture in (*one.A, one.Ap)]
        return (*shown, *self.beside)

    def same_as(self, other: Operation) -> bool:
        """Whether it would make the same B′ of the same B."""
        if not isinstance(other, Analogy):
            return False
        pairs = zip(self.pictures, other.pictures, strict=False)
        return (
            self == other
            and len(self.pictures) == len(other.pictures)
            and all(np.may_share_memory(mine, its) for mine, its in pairs)
        )

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Analogous]]:
        from editor.engine.analogy import Kept, Settings, analogy
        from editor.engine.analogy_check import remarks

        if not self.examples:
            raise ValueError("there is no A and A′ yet: open a picture before and after a change")
        if self.preset == "prompt":
            from editor.operations.prompt import prompted

            yield from prompted(self, scene, device)
            return
        B = (scene.image, *self.beside)
        pairs = [(list(one.A), one.Ap) for one in self.examples]
        if self.align:
            from editor.operations.align import aligned

            for number, (A, Ap) in enumerate(pairs):
                pairs[number] = A, (yield from silent(0.0, aligned(A[0], Ap)))
        kept = None
        if self.kept is not None and self.kept.sources is not None:
            kept = Kept(self.kept.sources, changed(self.kept.of, scene.image))
        settings = Settings(
            method=self._method(scene.image) if kept is None else "fast",
            luminance=self.compares == "light",
            takes=self.takes,
            kappa=self.kappa,
            guidance=self.guidance,
            levels=self.levels,
            remap=self.remap,
            filters=self.filters,
            weights=self.weights,
            uniformity=self.uniformity,
        )
        notices = remarks(pairs, B, settings) if kept is None else ()
        of = scene.image if self.preset == "numbers" else None
        yield Step(0.0)
        for step in analogy(
            pairs, B, settings=settings, seed=self.seed, threads=device.threads, kept=kept
        ):
            value = None
            if step.value is not None:
                pixels = with_alpha_of(scene.image, step.value.picture)
                value = Analogous(pixels, sources=step.value.source, of=of, notices=notices)
            yield Step(step.done, value)

    def _method(self, B: Picture) -> str:
        if self.method != "auto":
            return self.method
        return "exact" if self.scale_for(B, _EXACT_UP_TO) >= 1 else "fast"

    def scale_for(self, B: Picture, work: int) -> float:
        """By how much all pictures may be larger for so much work by the exact method."""
        values = (1 if self.compares == "light" else 3) + (4 if self.filters else 0)
        values *= 1 + len(self.beside)
        own = values * sum(one.Ap.shape[0] * one.Ap.shape[1] for one in self.examples)
        return float((work / (own * B.shape[0] * B.shape[1])) ** 0.25)


def suggested(preset: str) -> dict[str, Any]:
    """The values of the other fields that usually suit a purpose."""
    return {**_USUAL, **_SUGGESTED[preset]}


def example(*pictures: Picture) -> Example:
    """One or more A, and their A′ last."""
    return Example(pictures[:-1], pictures[-1])


def changed(before: Picture | None, B: Picture) -> Mask:
    """Where B is another picture than it was; all of it if it was of another shape."""
    if before is None or before.shape != B.shape:
        return np.ones(B.shape[:2], np.bool_)
    different: Mask = before != B
    return different if B.ndim == 2 else np.asarray(different.any(axis=2))


def with_alpha_of(B: Picture, made: Picture) -> Picture:
    """What is transparent in B is so in B′, if A′ itself has no transparency."""
    if B.shape[2:] != (4,) or made.shape[2:] == (4,):
        return made
    colour = made if made.ndim == 3 else np.repeat(made[..., None], 3, axis=2)
    share = B[..., 3:] / np.float32(full_scale(B.dtype)) * np.float32(full_scale(made.dtype))
    alpha = np.rint(share) if made.dtype.kind == "u" else share
    return np.concatenate([colour, alpha.astype(made.dtype)], axis=2)
