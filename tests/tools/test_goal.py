"""A hand draws a path for a sprite, or shows it a place."""

import numpy as np
import pytest

from editor.engine.image import Point
from editor.engine.sprite import Route
from editor.model.document import Document
from editor.tools.base import Pointer
from editor.tools.goal import PathTool, PlaceTool


@pytest.fixture
def stage():
    return Document(np.zeros((300, 400, 3), np.uint8))


@pytest.fixture
def drawn(gesture):
    """Lead a tool over the stage; where the sprite should go afterwards."""

    def led(tool, document, *places):
        command = gesture(tool, document, *places)
        if command is not None:
            document.history.push(command)
        return document.goal

    return led


def test_a_drag_is_a_curve_without_its_trembling(drawn, stage):
    places = [(10 + 2 * at, 50 + at % 2) for at in range(60)]
    goal = drawn(PathTool(), stage, *places)
    assert goal.curved
    assert not goal.closed
    assert goal.points[0] == (10, 50)
    assert goal.points[-1] == places[-1]
    assert len(goal.points) <= 9
    assert stage.scene().route == goal


def test_a_drag_that_comes_back_is_closed(drawn, stage):
    goal = drawn(PathTool(), stage, (50, 50), (150, 50), (150, 150), (50, 150), (52, 53))
    assert goal.closed
    assert goal.points == ((50, 50), (150, 50), (150, 150), (50, 150))


def test_corners_make_a_path_grow_and_the_first_closes_it(drawn, stage):
    tool = PathTool()
    assert drawn(tool, stage, (10, 10)) is None
    assert tool.active
    assert tool.hover(Pointer(40, 40)).outline == ((10, 10), (40, 40))
    assert drawn(tool, stage, (100, 10)).points == ((10, 10), (100, 10))
    assert not tool.active
    drawn(tool, stage, (100, 100))
    assert drawn(tool, stage, (103, 101)).points == ((10, 10), (100, 10), (100, 100))  # the same
    goal = drawn(tool, stage, (12, 13))
    assert goal.closed
    assert len(goal.points) == 3
    assert drawn(tool, stage, (200, 200)) == goal  # the first of a new one


def test_corners_are_taken_back_one_by_one(drawn, stage):
    tool = PathTool()
    for place in ((10, 10), (100, 10), (100, 100), (10, 10)):
        drawn(tool, stage, place)
    left = []
    while (command := tool.shorter(stage)) is not None:
        stage.history.push(command)
        left.append(stage.goal)
    assert [one and (len(one.points), one.closed) for one in left] == [
        (3, False), (2, False), None,
    ]  # fmt: skip
    stage.history.undo()
    assert len(stage.goal.points) == 2


def test_a_gesture_that_is_cancelled_leaves_nothing(stage):
    tool = PathTool()
    tool.press(Pointer(10, 10), stage)
    tool.drag(Pointer(90, 90))
    tool.cancel()
    assert tool.release(Pointer(90, 90)) is None
    assert not tool.active


def test_a_line_drawn_large_on_the_screen_has_more_points(gesture, stage):
    places = [(10 + at, 50.0) for at in range(100)]
    near = gesture(PathTool(), stage, *places, scale=4.0)
    far = gesture(PathTool(), stage, *places, scale=0.5)
    for command, count in ((near, 20), (far, 3)):
        stage.history.push(command)
        assert len(stage.goal.points) >= count
    assert len(stage.goal.points) < 6


def test_a_place_is_shown_by_a_click(drawn, stage):
    assert drawn(PlaceTool(), stage, (30, 40)) == Point(30, 40)
    assert drawn(PlaceTool(), stage, (60, 70)) == Point(60, 70)
    assert stage.scene().route is None
    stage.history.undo()
    assert stage.goal == Point(30, 40)
    assert not isinstance(stage.goal, Route)
