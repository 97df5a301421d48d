"""Video textures: a clip becomes a Markov chain, step by step, and plays as one for ever."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from editor.engine.clip import Footage
from editor.model.document import Document
from editor.operations import Endless, Operation, WatchClip
from editor.resources import resource
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.video_chain_board import Board
from editor.ui.theme import Theme

if TYPE_CHECKING:
    from editor.engine.chain_record import ChainRecord

_OWN = ""  # the clip that is open


def bundled(name: str) -> str:
    """Where a clip of the samples lies."""
    return str(resource("samples", "clips", f"{name}.mp4"))


_CLIPS: dict[str, tuple[str, str]] = {
    name: (caption, help)
    for name, caption, help in (
        ("pendulum", "Pendulum", "What swings: only its motion tells which way it goes."),
        ("candle", "Candle", "A flame that leans in a draught: many frames may follow each."),
        ("flag", "Flag", "Cloth in the wind: good jumps are rare, and a long way ahead."),
        ("fountain", "Fountain", "Water: no two frames are alike, and nearly all may follow."),
    )
    if resource("samples", "clips", f"{name}.mp4").is_file()
}


@dataclass(frozen=True, slots=True)
class Settings:
    clip: str = _OWN  # or the name of a sample
    dynamics: str = "4"
    future: float = 0.99
    sigma: float = 0.05
    seed: int = 1


class VideoChainPage(Page):
    name, caption = "video", "Video textures"
    text = Text(
        "Video textures",
        (
            "A clip of a few seconds plays for ever if it may jump to where it looks as it would "
            "have gone on. So every frame is compared with every other.",
            "What looks alike may move the other way: so the frames around must be alike too.",
            "A jump is no good that leads to where only bad jumps follow. From the last frame to "
            "the first, each learns what its future costs.",
            "Costs become chances, the likeliest few are kept, and what is left is a Markov chain: "
            "a graph of frames, on which the clip goes for a walk.",
        ),
        (
            Formula(
                "texture-dynamics",
                "D prime i j is the sum over k of w k times D of i plus k and j plus k",
            ),
            Formula(
                "texture-future",
                "D second i j is D prime i j to the p, plus alpha times the least D second j k",
            ),
            Formula(
                "texture-chance",
                "P i j goes as e to the minus D second of i plus one and j, over sigma",
            ),
        ),
        "A. Schödl, R. Szeliski, D. H. Salesin, I. Essa: Video Textures. Proceedings of SIGGRAPH "
        "2000, 489–498.",
    )
    tries = (
        Try(
            "As in the paper",
            "Four frames of motion, a far sight, few jumps.",
            {"dynamics": "4", "future": 0.99, "sigma": 0.05},
            "Try this",
        ),
        Try(
            "Without dynamics",
            "Frames are compared alone: what swings may turn round in the middle of its way.",
            {"dynamics": "0", "future": 0.99, "sigma": 0.05},
            "Try this",
        ),
        Try(
            "Short sight",
            "The future hardly counts: it plays into its end, and has to take a bad jump there.",
            {"dynamics": "4", "future": 0.1, "sigma": 0.05},
            "Try this",
        ),
        Try(
            "Much freedom",
            "Bad jumps are taken nearly as gladly as good ones.",
            {"dynamics": "4", "future": 0.99, "sigma": 0.5},
            "Try this",
        ),
        Try(
            "Another seed",
            "The same chain, and another walk on it.",
            group="Try this",
            act=Page.reseed,
        ),
        Try("The open clip", "The clip that is open in front.", {"clip": _OWN}, "Clip"),
        *(Try(caption, help, {"clip": name}, "Clip") for name, (caption, help) in _CLIPS.items()),
    )
    first = Settings()
    pace = 25.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = Board(self)
        self._title = ""
        self._of = _OWN

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        play = Endless(
            dynamics=settings.dynamics,
            future=settings.future,
            sigma=settings.sigma,
            seed=settings.seed,
        )
        film = None if document is None else document.film
        if film is not None and document is not None and settings.clip == _OWN:
            self._title, self._of = document.title, _OWN
            return WatchClip(play=play)
        self._of = settings.clip or next(iter(_CLIPS), _OWN)
        if self._of not in _CLIPS:
            return WatchClip(play=play)  # which says that it needs one
        self._title = self.tr(_CLIPS[self._of][0])
        return WatchClip(play=play, opened=partial(opened, bundled(self._of)))

    def holds(self, one: Try) -> bool:
        """Without a clip it is shown on a sample, whatever is wanted."""
        return one.changes["clip"] == self._of if "clip" in one.changes else super().holds(one)

    @property
    def count(self) -> int:
        record: ChainRecord | None = self.record
        return 0 if record is None else record.count

    @property
    def chapters(self) -> tuple[int, ...]:
        record: ChainRecord | None = self.record
        return () if record is None or record.walk is None else record.begins[1:]

    def said(self) -> str:
        record: ChainRecord | None = self.record
        if record is None or self.moment >= record.count:
            return ""
        words = {"clip": self.tr("Frame {}"), "play": self.tr("Plays frame {}")}
        stage, _ = record.when(self.moment)
        return words.get(stage, self.tr("Row {}")).format(record.row(self.moment) + 1)

    @property
    def about(self) -> str:
        record: ChainRecord | None = self.record
        if record is None:
            return ""
        return self.tr("{0}, {1} frames").format(self._title, record.total)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.record is None:
            self.draw_ground(painter, self.tr("The clip is read…"))
            return
        self.draw_ground(painter)
        self._board.draw(painter, Theme.of(self), self.record, self.moment)


def opened(path: str) -> AbstractContextManager[Footage]:
    """A clip, open until its record is made."""
    from pathlib import Path

    from editor.files.clips.film import open_clip

    return open_clip(Path(path))
