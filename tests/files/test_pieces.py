"""Pieces in a project: they come back as they were, and nothing that makes no sense does."""

import json

import numpy as np
import pytest

from editor.engine.image import Point, Rect
from editor.engine.moves import Move
from editor.files.pieces import Kept, packed, unpacked

IMAGE = np.zeros((40, 60, 3), np.uint8)


def piece(x=5, y=6, **how):
    cover = np.random.default_rng(x).integers(1, 255, (10, 12)).astype(np.uint8)
    return Move(Rect(x, y, 12, 10), cover, Point(3, -4), **how)


def kept():
    one = piece(turn=20.0, mirror=True)
    two = piece(30, keep=True)
    before = Rect(2, 3, 50, 20), np.full((20, 50, 3), 7, np.uint8)
    return Kept((one, two), (one,), before)


def again(said, planes, image=IMAGE):
    return unpacked(json.loads(json.dumps(said)), planes, image)


def test_they_come_back():
    found = again(*packed(kept()))
    assert [move.as_json() for move in found.moves] == [move.as_json() for move in kept().moves]
    assert [move.rect for move in found.moves] == [move.rect for move in kept().moves]
    assert (found.moves[1].cover == kept().moves[1].cover).all()
    assert found.before[0] == (2, 3, 50, 20)
    assert (found.before[1] == 7).all()


def test_what_lies_as_it_is_to_lie_is_one_and_the_same():
    found = again(*packed(kept()))
    assert found.done[0] is found.moves[0]
    assert len(packed(kept())[1]) == 3  # two covers, and what was there


def test_a_project_without_pieces_has_none():
    assert unpacked({}, {}, IMAGE) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda said, planes: said.clear() or said.update(pieces=3),
        lambda said, planes: said["pieces"].pop("done"),
        lambda said, planes: said["pieces"].pop("before"),
        lambda said, planes: said["pieces"].update(before=[30, 30]),
        lambda said, planes: said["pieces"]["moves"][0].update(at=[55, 0]),
        lambda said, planes: said["pieces"]["moves"][0].update(at="left"),
        lambda said, planes: said["pieces"]["moves"][0].update(by=["far", 0]),
        lambda said, planes: said["pieces"]["moves"][0].update(scale=1e9),
        lambda said, planes: said["pieces"]["moves"][0].update(cover="mask"),
        lambda said, planes: said["pieces"]["moves"].append(None),
        lambda said, planes: planes.update(piece_1=np.zeros((10, 12), np.float32)),
        lambda said, planes: planes.update(piece_1=np.zeros((0, 12), np.uint8)),
        lambda said, planes: planes.update(before_pieces=np.zeros((20, 50), np.uint8)),
    ],
)
def test_what_makes_no_sense_is_left_out(change):
    said, planes = packed(kept())
    change(said, planes)
    assert again(said, planes) is None
