"""Text that looks like a text: Shannon's series of approximations, of any order.

It changes no picture. What it finds is a ``Sample`` (``editor/engine/ngrams``), in which every
symbol that was drawn knows where it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from editor.engine.device import Device
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param

if TYPE_CHECKING:
    from editor.engine.text_sample import Sample

BUNDLED = "lecture", "opticks.txt"  # a resource


@dataclass(frozen=True)
class GrowText(Operation):
    """``text`` is what it is drawn from."""

    label: ClassVar[str] = "Grow a text"
    quick: ClassVar[bool] = True
    edits: ClassVar[bool] = False

    order: int = param(
        3,
        "Order n",
        0,
        12,
        help="How many letters or words in a row stand in the text just so; 0 throws dice.",
        more="Raise it for text that makes more sense, and copies more.",
        less="Lower it for text that surprises.",
    )
    unit: str = param(
        "letters",
        "Made of",
        choices=(("letters", "Letters"), ("words", "Words")),
        help="What is drawn, one after the other.",
    )
    plain: bool = param(
        False,
        "26 letters",
        help="Reads capital letters and spaces only, as Shannon did.",
    )
    length: int = param(
        400,
        "Length",
        1,
        100_000,
        help="How many letters or words are drawn.",
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number draws the same text.",
        more="Any other number draws another one.",
    )
    text: str = ""

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import ngrams

        ngrams.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Sample]]:
        from editor.engine.ngrams import text_like

        return text_like(
            self.text,
            self.order,
            unit=self.unit,
            plain=self.plain,
            length=self.length,
            seed=self.seed,
        )


@dataclass(frozen=True)
class WatchText(Operation):
    """Texts of several orders one after the other, of a text that is fetched when it begins.

    The value is a tuple of samples, which grows.
    """

    label: ClassVar[str] = "Watch a text grow"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    orders: tuple[int, ...] = (3,)
    unit: str = "letters"
    plain: bool = False
    length: int = 300  # of each
    seed: int = 0
    fetch: Callable[[], str] = field(default=str, repr=False)

    @classmethod
    def warm_up(cls) -> None:
        GrowText.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[tuple[Sample, ...]]]:
        from editor.engine.ngrams import read, sample_of
        from editor.engine.step import unseen

        yield Step(0.0)
        source = yield from unseen(0.0, 0.3, read(self.fetch(), self.unit, plain=self.plain))
        made: tuple[Sample, ...] = ()
        for number, order in enumerate(self.orders, start=1):
            drawn = sample_of(source, order, length=self.length, seed=self.seed)
            sample = yield from unseen(0.3, 0.99, drawn)
            made = (*made, sample)
            yield Step(0.3 + 0.7 * number / len(self.orders), made)
