"""The curve of a fit: its sizes, its checkpoints, what a report says of it."""

import numpy as np

from editor.engine.curve import Checkpoint, Curve


def curve(done=7, ends=(2, 5, 9), kept=(2, 6)):
    pixels = np.zeros((4, 5, 3), np.uint8)
    return Curve(
        np.arange(done) + 0.123456789,
        np.zeros(done),
        ends,
        6,
        6,
        tuple(Checkpoint(iteration, pixels) for iteration in kept),
    )


def test_what_was_done_at_each_size():
    assert curve().stages == ((0, 2), (2, 5), (5, 7))
    assert curve(done=3).stages == ((0, 2), (2, 3), (3, 3))
    assert curve(done=0).stages == ((0, 0), (0, 0), (0, 0))


def test_the_nearest_checkpoint():
    assert [curve().nearest(at).iteration for at in (-5, 3, 5, 90)] == [2, 2, 6, 6]
    assert curve(kept=()).nearest(3) is None


def test_a_valley_is_one_when_it_is_left():
    assert (curve(done=7).valley, curve(done=6).valley) == (6, 0)


def test_it_says_what_it_takes():
    assert curve().nbytes == 7 * 16 + 2 * 60


def test_a_report_has_short_numbers():
    told = curve(done=2).as_json()
    assert told["loss"] == [0.123457, 1.12346]
    assert (told["iterations"], told["stop"], told["taken"]) == (2, 6, 6)
