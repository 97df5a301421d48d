"""The stage as most tests want it: with the made-up clip, analysed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from editor.app import means_of_loops
from editor.ui.loop.plan import Means
from editor.ui.loop.stage import LoopStage
from editor.ui.theme import DARK, apply
from tests.ui.loop.samples import FakePlayer, Film, Found, found_in


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    apply(qapp, DARK)


@pytest.fixture(scope="session")
def film() -> Film:
    return Film()


@pytest.fixture(scope="session")
def found(film: Film) -> Found:
    return found_in(film)


@pytest.fixture(scope="session")
def means() -> Means:
    return means_of_loops()


@pytest.fixture
def new_stage(qtbot: QtBot, means: Means) -> Iterator[Callable[..., LoopStage]]:
    made: list[LoopStage] = []

    def new(width: int = 1200, height: int = 900) -> LoopStage:
        stage = LoopStage(means)
        made.append(stage)
        qtbot.addWidget(stage)
        stage.resize(width, height)
        stage.show()
        return stage

    yield new
    for stage in made:
        stage.end()


@pytest.fixture
def stage(new_stage: Callable[..., LoopStage], film: Film, found: Found, qtbot: QtBot) -> LoopStage:
    """A stage that shows the clip at its first frame, analysed."""
    shown = new_stage()
    shown.show_clip(film, FakePlayer(film))
    shown.show_analysis(found.distances, found.texture, found.loops, found.play)
    assert shown.playing is not None
    qtbot.waitUntil(lambda: shown.playing is not None and shown.playing.made is not None)
    return shown
