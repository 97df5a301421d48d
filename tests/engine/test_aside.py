import threading

import pytest

from editor.engine.aside import Aside
from tests.engine.ended import ended


def test_the_result_comes_back_from_a_thread_of_its_own():
    with Aside(lambda: None) as aside:
        name = ended(aside(lambda: threading.current_thread().name))
        assert name != threading.current_thread().name
        assert ended(aside(lambda: threading.current_thread().name)) == name


def test_an_error_comes_back_too():
    with Aside(lambda: None) as aside, pytest.raises(ZeroDivisionError):
        ended(aside(lambda: 1 // 0))


def test_there_are_pauses_while_the_work_goes_on_and_leaving_asks_it_to_give_up():
    asked = threading.Event()
    with Aside(asked.set) as aside:
        pauses = aside(asked.wait)
        next(pauses)
        next(pauses)
        assert not asked.is_set()
        pauses.close()
        assert asked.is_set()
