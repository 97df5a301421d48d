"""What is done with a creature that was cut out: it is steered, walks a path, is laid out.

None of these changes a picture. What they find (the ``Control`` that steers a sprite, a ``Walk``
along a path, a ``Sheet`` of its frames) is kept by the document beside its history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from editor.engine.clip import Frame
from editor.engine.device import Device
from editor.engine.image import Picture, Rect, Size, full_scale
from editor.engine.sprite import Route, Sprite
from editor.engine.step import Step, unseen, within
from editor.operations.base import Operation, Scene, param
from editor.operations.sprite import frame_of

if TYPE_CHECKING:
    from editor.engine.sprite_sheet import Sheet
    from editor.engine.sprite_stage import Placed
    from editor.engine.steer import Control, State
    from editor.engine.steer_paths import Path
    from editor.engine.steer_walk import Walk

_COMPARED = 0.7  # of the time it takes to be steered along a path


@dataclass(frozen=True)
class Steer(Operation):
    """The value is a ``Control``: from then on the next frame is looked up, by a timer."""

    label: ClassVar[str] = "Steer"
    edits: ClassVar[bool] = False

    alpha: float = param(
        1.0,
        "Smoothness",
        0.0,
        20.0,
        step=0.1,
        help="How much a jump that can be seen counts.",
        more="Raise it when the creature changes too suddenly.",
        less="Lower it when it does not do what it is told.",
    )
    beta: float = param(
        6.0,
        "Obedience",
        0.0,
        50.0,
        step=0.5,
        help="How much it counts to go another way than the one that is wanted.",
        more="Raise it when it dawdles.",
        less="Lower it when it jumps about to be quick.",
    )
    gamma: float = param(
        0.985,
        "Foresight",
        0.1,
        0.999,
        step=0.001,
        help="How far ahead it looks for footage that leads where it should go.",
        more="Raise it when it runs into dead ends.",
        less="Lower it when it turns too early.",
    )
    sigma: float = param(
        0.0,
        "Freedom",
        0.0,
        20.0,
        step=0.1,
        help="How gladly it does something else than what is best.",
        more="Raise it for a creature with a will of its own.",
        less="Lower it when it strays.",
    )
    perspective: bool = param(
        False,
        "Perspective",
        help="Draws it larger where the footage shows it larger: nearer to the camera.",
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number plays the same film.",
        more="Any other number plays another one, where there is freedom.",
    )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import steer_walk  # noqa: F401 - its kernels compile as they are loaded

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        return self.controlled(scene, device)

    def controlled(self, scene: Scene, device: Device) -> Iterator[Step[Control]]:
        """The sprite of a scene, to be steered over its picture."""
        from editor.engine.sprite_costs import Steering, tables, transitions
        from editor.engine.sprite_poses import Perspective, perspective_of, poses
        from editor.engine.steer import Control

        sprite = _sprite_of(scene)
        found = poses(
            sprite, perspective=perspective_of(sprite) if self.perspective else Perspective()
        )
        if not found.moves:
            raise ValueError(
                "the sprite does not move: film it going somewhere, or say how far it goes right or"
                " down a frame, if it walks on the spot"
            )
        jumps = yield from unseen(0, 0.8, transitions(sprite, found, threads=device.threads))
        settings = Steering(self.alpha, self.beta, self.gamma)
        table = yield from unseen(0.8, 0.99, tables(found, jumps, settings, threads=device.threads))
        stage = Rect(0, 0, *Size.of(scene.image))
        yield Step(1.0, Control(table, stage, self.sigma, self.seed))

    def retuned(self, control: Control, device: Device) -> Iterator[Step[Control]]:
        """The same creature with these settings, found from where it is; not its perspective."""
        from editor.engine.sprite_costs import Steering, tables

        before = control.tables
        settings = Steering(self.alpha, self.beta, self.gamma)
        solving = tables(
            before.poses, before.transitions, settings, before=before, threads=device.threads
        )
        table = yield from unseen(0, 0.99, solving)
        yield Step(1.0, replace(control, tables=table, sigma=self.sigma, seed=self.seed))

    @staticmethod
    def path(route: Route) -> Path:
        """A route as it is walked along."""
        from editor.engine.steer_paths import path_of

        return path_of(route)

    @staticmethod
    def drawn(sprite: Sprite, control: Control, state: State) -> Placed:
        """What is to be seen of a state on the stage, and where."""
        from editor.engine.sprite_stage import placed

        return placed(sprite, control.tables.poses, state)


@dataclass(frozen=True)
class WalkPath(Steer):
    """The value is a ``Walk``: a film along the scene's path, looked for as a whole."""

    label: ClassVar[str] = "Walk along the path"

    seconds: float = param(
        10.0, "Length", 0.1, 3600.0, step=0.1, unit="s", help="How long a film along a path is."
    )
    tries: int = param(
        10,
        "Effort",
        0,
        1000,
        help="How many changes are tried for each frame; 0 steers it as the mouse would.",
        more="Raise it for a film that keeps to the path still better.",
        less="Lower it for one that is there at once.",
    )

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Walk]]:
        from editor.engine.steer_walk import walked

        sprite = _sprite_of(scene)
        if scene.route is None:
            raise ValueError("there is no path: draw one for the creature to follow")
        control = yield from unseen(0, _COMPARED, self.controlled(scene, device))
        frames = max(1, round(self.seconds * float(sprite.rate)))
        tries = 0 if self.sigma > 0 else self.tries  # the best film has no will of its own
        walking = walked(control, self.path(scene.route), frames, tries=tries)
        yield from within(_COMPARED, 1.0, walking)


@dataclass(frozen=True)
class LayOut(Operation):
    """The value is a ``Sheet``: all frames of the scene's sprite in one picture."""

    label: ClassVar[str] = "Lay out"
    edits: ClassVar[bool] = False

    scale: float = param(
        100.0,
        "Scale",
        1.0,
        100.0,
        unit="%",
        help="How large the frames are, of what they are in the clip.",
        less="Lower it for a small file.",
    )

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Sheet]]:
        from editor.engine.sprite_sheet import sheet

        return sheet(_sprite_of(scene), self.scale / 100)


def ground_of(picture: Picture) -> Frame:
    """A picture as a creature is laid on it: with alpha only where something of it is clear."""
    channels = picture.shape[2:]
    clear = channels == (4,) and bool((picture[..., 3] < full_scale(picture.dtype)).any())
    return frame_of(picture, alpha=clear)


class Ways(NamedTuple):
    """Where a creature goes in its footage."""

    counts: list[float]  # frames that go each way, to the right first, then down
    headings: list[float]  # of each cel, radians; NaN where it hardly moves


def ways(sprite: Sprite, directions: int = 16) -> Ways:
    """The rose of the footage, and the way of each cel."""
    from editor.engine.sprite_poses import coverage, headings, poses

    found = poses(sprite)
    counts = [round(float(count), 1) for count in coverage(found, directions)]
    return Ways(counts, headings(found)[: sprite.count].tolist())


def angles(sprite: Sprite, directions: int = 16) -> list[float]:
    """Frames that go each way, to the right first, then down."""
    return ways(sprite, directions).counts


def _sprite_of(scene: Scene) -> Sprite:
    if scene.sprite is None:
        raise ValueError("there is no sprite: cut a creature out of a clip first")
    return scene.sprite
