"""What Lecture mode shows of a clip is what the engine of Loop mode makes of it."""

from itertools import islice

import numpy as np
import pytest

from editor.engine import chain_record, video_chain
from editor.engine.chain_record import STAGES
from editor.engine.frame_distances import distances_reference
from editor.engine.step import last
from editor.engine.video_chain import record_chain
from editor.engine.video_play import player
from editor.engine.video_texture import Settings, texture
from tests.footage import InMemory
from tests.pendulum import pendulum, still


@pytest.fixture(scope="module")
def clip():
    return InMemory(pendulum(60, 20))


@pytest.fixture(scope="module")
def record(clip):
    return last(record_chain(clip, Settings(), seed=3))


def test_the_frames_are_those_of_the_clip_and_are_compared(clip, record):
    assert record.total == len(record.frames) == 60
    assert (record.frames[7] == clip.frame(7)).all()
    apart = np.abs(record.distances.D - distances_reference(record.frames))
    assert apart.max() < 0.01


def test_its_walk_is_what_the_player_plays(record):
    found = last(texture(record.distances.D, Settings()))
    assert record.walk.tolist() == list(islice(player(found, 3).play(), video_chain.SHOWN))


def test_the_stages_come_one_after_the_other(record):
    assert record.begins == (0, 60, 120, 180, 240, 300, 360)
    assert record.count == 360 + video_chain.SHOWN
    assert [record.when(begin) for begin in record.begins] == [(stage, 0) for stage in STAGES]
    assert record.when(119) == ("distance", 59)
    assert record.row(360 + 5) == record.walk[5]


def test_each_matrix_fills_row_by_row_and_the_future_backwards(record):
    for stage, begin in zip(STAGES[1:-1], record.begins[1:-1], strict=True):
        first, whole = record.rows(begin), record.rows(begin + record.slices - 1)
        assert first == ((59, 60) if stage == "future" else (0, 1))
        assert whole == (0, 60)
        assert record.row(begin) == (59 if stage == "future" else 0)


def test_a_long_clip_fills_in_slices_and_is_cut(monkeypatch):
    monkeypatch.setattr(video_chain, "MOST", 50)
    monkeypatch.setattr(chain_record, "SLICES", 20)
    record = last(record_chain(InMemory(pendulum(60, 20)), Settings()))
    assert record.total == 50
    assert record.begins == (0, 50, 70, 90, 110, 130, 150)
    assert record.rows(50 + 19) == (0, 50)
    filled = [record.rows(50 + part)[1] for part in range(20)]
    assert filled == sorted(filled)


def test_frames_are_there_before_all_is_read(clip):
    seen = [step.value for step in record_chain(clip, Settings()) if step.value is not None]
    assert seen[0].count == len(seen[0].frames) < 60
    assert seen[0].walk is None
    assert [one.count for one in seen] == sorted(one.count for one in seen)
    assert not seen[0].frames.flags.writeable


def test_the_same_seed_is_the_same_walk(clip, record):
    again, other = (last(record_chain(clip, Settings(sigma=0.5), seed=s)) for s in (3, 4))
    assert (again.walk != other.walk).any()
    assert (last(record_chain(clip, Settings(), seed=3)).walk == record.walk).all()


def test_a_clip_that_stands_still_has_a_chain(clip):
    record = last(record_chain(InMemory(still(12)), Settings()))
    assert (record.walk < 12).all()


def test_one_frame_is_no_chain():
    with pytest.raises(ValueError, match="one frame only"):
        last(record_chain(InMemory(np.zeros((1, 8, 8, 3), np.uint8)), Settings()))
