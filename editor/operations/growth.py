"""Growing pixel by pixel: gone on with from where it was paused, or with several windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from editor.engine.device import Device
from editor.engine.image import Mask, Picture, Size
from editor.engine.moment import Growing
from editor.engine.step import Pause, Step
from editor.operations.base import Operation, Paused, Remedy, Scene
from editor.operations.grow import searched_on
from editor.operations.grown import GrownPicture, grown
from editor.operations.new_picture import NewPicture
from editor.operations.texture import Texture

if TYPE_CHECKING:
    from editor.engine.efros_leung import Growth


BACK = "Go on from the last good point"  # what is offered where garbage grows


@dataclass(frozen=True)
class GoOn(Texture):
    """The same Texture, and its growth as far as it has come: working memory that saves time.

    Where ``again`` names one moment more than the growth knows, it grows once more from there.
    """

    label: ClassVar[str] = Texture.label

    growth: Growing | None = None
    so_far: bool = False  # no further than it is

    @classmethod
    def of(cls, texture: Texture, growth: Growing) -> GoOn:
        return cls(**_all_of(texture), growth=growth)

    def from_moment(self, moment: int) -> GoOn:
        """Once more from there, with other random numbers."""
        return replace(self, again=(*self.again, moment))

    @property
    def remembered(self) -> Texture:
        return Texture(**_all_of(self)).remembered

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        """Each value is a NewPicture, or Paused."""
        growth = cast("Growth", self.growth)
        try:
            for moment in self.again[len(growth.restarts) :]:
                if growth.count < moment:
                    yield from grown(growth, until=moment)
                growth = growth.copied()  # for somebody may still look at the one that went wrong
                growth.restart(moment)
            until = growth.count if self.so_far else None
            yield from self.with_maps(grown(growth, until=until))
        except Pause:
            on = replace(self, growth=growth)
            so_far = replace(on, so_far=True, again=tuple(growth.restarts))
            yield Step(growth.done, Paused(on, so_far, growth.done))


def _all_of(texture: Texture) -> dict[str, Any]:
    return {one.name: getattr(texture, one.name) for one in fields(Texture)}


@dataclass(frozen=True, slots=True, eq=False)
class Strand:
    """One of several textures that grow at the same time, as far as it is."""

    window: int
    pixels: Picture
    known: Mask
    growth: Growing


class Strands(tuple[Strand, ...]):
    def copied(self) -> Strands:
        return Strands(
            replace(one, pixels=one.pixels.copy(), known=one.known.copy()) for one in self
        )


@dataclass(frozen=True)
class CompareWindows(Operation):
    """The same texture with several windows, each growing a little in its turn."""

    label: ClassVar[str] = "Compare windows"
    edits: ClassVar[bool] = False

    texture: Texture = field(default_factory=Texture)
    windows: tuple[int, ...] = ()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Strands]]:
        """Strands of those windows that fit into the sample."""
        from editor.engine.efros_leung import Rule, synthesise

        samples = self.texture.samples(scene)
        size, seed = Size(self.texture.width, self.texture.height), self.texture.seed
        fitting = [
            one for one in self.windows if all(one <= min(Size.of(of.picture)) for of in samples)
        ]
        growths = [
            synthesise(samples, size, Rule(window, seed=seed), **searched_on(device))
            for window in fitting or self.windows[:1]  # which says that it does not fit
        ]
        running = [growth.steps() for growth in growths]
        while running:
            for one in list(running):
                if next(one, None) is None:
                    running.remove(one)
                done = sum(growth.done for growth in growths) / len(growths)
                yield Step(min(done, 0.99), _strands(growths))
        yield Step(1.0, _strands(growths))


def _strands(growths: list[Growth]) -> Strands:
    return Strands(Strand(one.rule.window, one.picture, one.known, one) for one in growths)


def remedied(texture: Texture, value: NewPicture) -> NewPicture:
    """A texture in which garbage grew comes with a way back to the last good point."""
    health = value.health if isinstance(value, GrownPicture) else None
    if health is None or not health.garbage_grew:
        return value
    assert isinstance(value, GrownPicture)
    again = GoOn.of(texture, value.growth).from_moment(health.last_good)
    return replace(value, remedy=Remedy(BACK, again))
