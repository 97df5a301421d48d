import threading

import numpy as np
import pytest

from editor.engine import threads
from editor.engine.threads import Crew


@pytest.mark.parametrize("members", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 5, 1000])
def test_every_place_is_done_once(members, count):
    done = np.zeros(count, np.int64)

    def kernel(start, stop, times):
        done[start:stop] += times

    with Crew(members) as crew:
        crew(kernel, 0, count, 1)
        pauses = list(crew.passing(kernel, 0, count, 10, piece=7, weight=1 << 12))
    assert (done == 11).all()
    assert len(pauses) == -(-count // 7)


@pytest.mark.parametrize(("count", "weight", "pauses"), [(50, 1, 0), (50, 1 << 12, 1), (150, 1, 2)])
def test_what_is_done_in_no_time_is_done_without_a_pause(count, weight, pauses):
    done = np.zeros(count, np.int64)

    def kernel(start, stop):
        done[start:stop] += 1

    with Crew(2) as crew:
        assert len(list(crew.passing(kernel, 0, count, piece=100, weight=weight))) == pauses
    assert (done == 1).all()


def test_work_worth_it_is_shared_and_small_work_is_not(monkeypatch):
    monkeypatch.setattr(threads, "_WORTH_SHARING", 1 << 15)

    def who(start, stop, seen):
        seen.add(threading.current_thread())

    with Crew(3) as crew:
        large, small = set(), set()
        crew(who, 0, 300, large, weight=1 << 20)
        crew(who, 0, 300, small)
    assert len(large) >= 2
    assert small == {threading.current_thread()}


def test_a_failure_in_any_slice_reaches_the_caller():
    def kernel(start, stop):
        if start > 0:
            raise ValueError("the last slice is broken")

    with Crew(2) as crew, pytest.raises(ValueError, match="the last slice is broken"):
        crew(kernel, 0, 2)


def test_no_thread_is_left_behind():
    before = set(threading.enumerate())
    with Crew(4) as crew:
        crew(lambda start, stop: None, 0, 8)
    assert set(threading.enumerate()) <= before
