"""The Image menu: cut and turn the picture as a whole."""

from __future__ import annotations

from editor.operations.turn import Crop, Flip, Rotate
from editor.ui.doings.base import Doings


class ImageDoings(Doings):
    def do_crop(self) -> None:
        self._session.do(Crop(plane=self._window.tools.paint.plane))

    def do_rotate_left(self) -> None:
        self._session.do(Rotate(quarters=1))

    def do_rotate_right(self) -> None:
        self._session.do(Rotate(quarters=3))

    def do_rotate_half(self) -> None:
        self._session.do(Rotate(quarters=2))

    def do_flip_horizontally(self) -> None:
        self._session.do(Flip())

    def do_flip_vertically(self) -> None:
        self._session.do(Flip(upside_down=True))
