"""The player: frames are there before they are needed, and memory has a bound."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.files.clips.film import Film, open_clip
from editor.files.clips.player import Player
from editor.files.clips.reader import ContainerReader
from editor.files.problems import FileProblem
from tests.files.clips.samples import COUNT, H264, HEIGHT, WIDTH, film, number_in, numbered

FRAME = WIDTH * HEIGHT * 3


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Film]:
    frames = [numbered(number) for number in range(COUNT)]
    with open_clip(film(tmp_path / "a.mp4", "libx264", frames, options=H264)) as clip:
        yield clip


def test_frames_come_in_any_order(opened: Film) -> None:
    with Player(opened, 6 * FRAME) as player:
        for number in (0, 1, 2, 15, 14, 13, 3, 19, 0):
            assert number_in(player.wait(number)) == number


def test_a_frame_that_is_not_there_yet_is_none_and_soon_there(opened: Film) -> None:
    with Player(opened, 6 * FRAME) as player:
        assert player.look(9) is None
        player.wait(9)
        seen = player.look(9)
        assert seen is not None
        assert number_in(seen) == 9


@pytest.mark.parametrize(
    "coming", [range(5, 9), range(8, 4, -1), (17, 18, 2, 3), (5, 19, 5, 0)], ids=str
)
def test_what_comes_next_is_read_ahead(opened: Film, coming: range) -> None:
    with Player(opened, 8 * FRAME) as player:
        player.wait(4, tuple(coming))
        wait_for(player, tuple(coming))
        assert all(player.look(number, tuple(coming)) is not None for number in coming)


def wait_for(player: Player, numbers: tuple[int, ...]) -> None:
    """Until the thread has nothing more to do; it is not asked for these frames again."""
    with player._changed:
        assert player._changed.wait_for(
            lambda: all(number in player._frames for number in numbers), timeout=10
        )


def test_it_holds_no_more_than_its_budget(opened: Film) -> None:
    with Player(opened, 5 * FRAME) as player:
        assert player.room == 5
        for number in [*range(COUNT), *range(COUNT - 1, -1, -1)]:
            player.wait(number, tuple(range(number + 1, min(number + 12, COUNT))))
            assert player.held <= 5 * FRAME


def test_the_frame_wanted_now_is_never_pushed_out_by_what_comes(opened: Film) -> None:
    with Player(opened, 3 * FRAME) as player:
        player.wait(0, (1, 2, 3, 4, 5, 6))
        wait_for(player, (0, 1, 2))
        assert player.look(0, (1, 2, 3, 4, 5, 6)) is not None


def test_playing_backwards_decodes_each_piece_once(
    opened: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine frames from one start: with room for them, going back through them is one pass."""
    seeks: list[int] = []
    seek = ContainerReader.seek
    monkeypatch.setattr(
        ContainerReader, "seek", lambda self, stamp: (seeks.append(stamp), seek(self, stamp))
    )
    with Player(opened, COUNT * FRAME) as player:
        player.wait(8, tuple(range(7, -1, -1)))
        wait_for(player, tuple(range(9)))
        for number in range(8, -1, -1):
            assert player.look(number) is not None
    assert len(seeks) <= 2  # for frame 8, and for what comes before it


def test_close_ends_the_thread_and_whoever_waits(opened: Film) -> None:
    player = Player(opened, 5 * FRAME)
    player.close()
    assert not any(one.name == "patina-player" for one in threading.enumerate())
    with pytest.raises(ValueError, match="closed"):
        player.wait(3)


def test_a_file_that_is_gone_is_told_to_whoever_waits(opened: Film) -> None:
    opened.known.path.unlink()
    with Player(opened, 5 * FRAME) as player, pytest.raises(FileProblem, match="no such file"):
        player.wait(3)


def test_what_a_jump_leads_to_waits_for_what_comes_before_it(
    opened: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    frame = ContainerReader.frame

    def noted(self: ContainerReader, number: int) -> object:
        read.append(number)
        return frame(self, number)

    monkeypatch.setattr(ContainerReader, "frame", noted)
    with Player(opened, 12 * FRAME) as player:
        while player.look(15, (16, 17, 2, 3)) is None or len(read) < 5:
            threading.Event().wait(0.001)
    assert read == [15, 16, 17, 2, 3]
