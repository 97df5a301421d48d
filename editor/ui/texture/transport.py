"""The row under a growth, which is gone through pixel by pixel."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from editor.ui import transport
from editor.ui.texture.watch import FULL
from editor.ui.transport import Words, grouped


class Transport(transport.Transport):
    """A moment is so many pixels that have grown, a pace so many pixels a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        words = Words(
            back=self.tr("One pixel back"),
            on=self.tr("One pixel on"),
            further=self.tr("ten with Shift, a hundred with Ctrl"),
            slider=self.tr("Moment of the growth"),
            help=self.tr(
                "Goes back to any moment: the window, what matches it, and what was chosen"
            ),
            paces=self.tr("Pixels a second"),
            unit=self.tr("px/s"),
        )
        paces = (
            (1, "1", self.tr("One pixel a second")),
            (10, "10", self.tr("Ten pixels a second")),
            (100, "100", self.tr("A hundred pixels a second")),
            (FULL, self.tr("Full"), self.tr("As fast as it goes")),
        )
        super().__init__(words, paces, FULL, parent)

    def show_moment(self, moment: int, count: int, total: int) -> None:
        """So many pixels are seen of those that have grown, and of all there will be."""
        words = self.tr("pixel {0} of {1}").replace("{0}", grouped(moment))
        self.show_at(moment, count, words.replace("{1}", grouped(total)))
