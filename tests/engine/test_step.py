import pytest

from editor.engine.step import Step, last, unseen, within


def test_last_is_the_last_value_there_was():
    assert last([Step(0.2, "coarse"), Step(0.5), Step(0.9, "fine"), Step(1.0)]) == "fine"


@pytest.mark.parametrize("steps", [[], [Step(0.5)]])
def test_steps_without_a_value_are_an_error(steps):
    with pytest.raises(ValueError, match="ended without a value"):
        last(steps)
    with pytest.raises(ValueError, match="ended without a value"):
        list(within(0, 1, steps))


def test_inner_steps_become_a_part_of_the_outer_ones():
    def outer():
        inner = yield from within(0.5, 0.9, [Step(0.0), Step(0.5, 7), Step(1.0)])
        yield Step(1.0, inner * 2)

    steps = list(outer())
    assert [step.done for step in steps] == pytest.approx([0.5, 0.7, 0.9, 1.0])
    assert [step.value for step in steps] == [None, 7, None, 14]


def test_unseen_inner_steps_tell_only_how_far_they_are():
    def outer():
        inner = yield from unseen(0.5, 0.9, [Step(0.0), Step(0.5, 7), Step(1.0)])
        yield Step(1.0, inner * 2)

    assert [step.value for step in outer()] == [None, None, None, 14]
    with pytest.raises(ValueError, match="ended without a value"):
        list(unseen(0, 1, [Step(0.5)]))


def test_zero_is_a_value():
    assert last([Step(1.0, 0)]) == 0
