"""Time goes by, and moments with it."""

from editor.ui.lecture.player import Player


def player(count, *, growing=False):
    made = Player()
    made.pace = 10.0
    made.follow(count, growing=growing)
    moments = []
    made.moved.connect(moments.append)
    return made, moments


def test_so_many_moments_a_second(qapp):
    one, moments = player(100)
    one.advance(0.25)
    one.advance(0.25)
    assert moments == [2, 5]


def test_less_than_a_moment_is_not_lost(qapp):
    one, moments = player(100)
    for _ in range(4):
        one.advance(0.03)
    assert moments == [1]


def test_it_stops_at_the_last_moment_and_begins_again_from_the_first(qapp):
    one, moments = player(5)
    one.play()
    one.advance(9)
    assert not one.playing
    assert one.moment == 4
    one.play()
    assert moments == [4, 0]
    one.pause()


def test_where_nothing_is_recorded_yet_it_waits_and_goes_on(qapp):
    one, _ = player(3, growing=True)
    one.play()
    one.advance(9)
    assert one.playing
    assert one.moment == 2
    one.follow(20, growing=True)
    one.advance(0.5)
    assert one.moment == 7
    one.pause()


def test_a_step_pauses_and_stays_within_what_there_is(qapp):
    one, moments = player(5)
    one.play()
    one.step(3)
    assert not one.playing
    one.step(9)
    one.step(-20)
    assert moments == [3, 4, 0]


def test_a_shorter_record_is_shown_at_its_last_moment(qapp):
    one, _ = player(50)
    one.go_to(40)
    one.follow(10, growing=False)
    assert one.moment == 9
