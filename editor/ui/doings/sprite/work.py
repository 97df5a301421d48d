"""What is done with one document in Sprite mode, and what its rooms have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from editor.engine.clip import Frame
from editor.engine.image import Mask
from editor.engine.sprite import Sprite
from editor.operations import CutSprite, Steer
from editor.operations.steer import Ways
from editor.ui.doings.base import Doings
from editor.ui.sprite.ground import PLAIN

if TYPE_CHECKING:
    from editor.files.clips.film import Film
    from editor.model.document import Document
    from editor.ui.doings.sprite.mode import SpriteDoings
    from editor.ui.sprite.actor import Recording
    from editor.ui.sprite.stage import SpriteStage
    from editor.ui.window import Window
    from editor.writing_sprites import Behind

NOWHERE = Ways([], [])


@dataclass(eq=False)
class Work:
    draft: CutSprite  # as the options were left
    cut: Sprite | None = None  # all of it, those that were thrown out too
    plate: Document | None = None  # a picture of the place without it, that was given
    key: Any = None  # of the engine
    asked: tuple[Any, ...] = ()  # what the key was found for
    said: str = ""  # of the key: why there is none, or what is wrong with it
    told: tuple[Any, ...] = ()  # what decided about the document's sprite
    sprite: Sprite | None = None  # that the control is of
    control: Any = None
    steered: Steer | None = None  # what the control was made with
    refused: str = ""  # why it cannot be steered
    ways: Ways = NOWHERE
    garbage: Mask | None = None
    garbage_of: int = -1  # the revision of the mask it was made of
    step: str = "key"
    recording: Recording | None = None
    recorded_on: Behind = None
    ground: str = ""  # what is behind the creature: none, colour, own or file
    colour: str = PLAIN
    picture: Frame | None = None  # the file: it is a picture
    film: Film | None = None  # or a clip


class Room(Doings):
    """A part of Sprite mode: it works on the document that the mode shows."""

    def __init__(self, window: Window, sprites: SpriteDoings) -> None:
        super().__init__(window)
        self._sprites = sprites

    @property
    def _shown(self) -> Document | None:
        return self._sprites.shown

    @property
    def _work(self) -> Work:
        """That on the document in front."""
        return self._sprites.work

    @property
    def _stage(self) -> SpriteStage:
        return self._sprites.stage()
