"""Cutting and turning: every pixel keeps its value, masks and lines go along."""

import numpy as np
import pytest

from editor.engine.clip import Footage
from editor.engine.device import Device
from editor.engine.guides import Line
from editor.engine.image import MASKS, Point, Size
from editor.engine.step import last
from editor.model.commands import command_for
from editor.model.document import Document, Drawn
from editor.operations import Crop, Flip, Rotate, Scene

CPU = Device.named("cpu", 1)


@pytest.fixture(params=[np.uint8, np.uint16, np.float32], ids=["uint8", "uint16", "float32"])
def document(request):
    rng = np.random.default_rng(1)
    masks = {name: rng.integers(0, 5, (20, 30), np.uint8) for name in MASKS if name != "protect"}
    pixels = rng.integers(0, 200, (20, 30, 4)).astype(request.param)
    document = Document(pixels, **masks)
    document.draw((Drawn(Line(Point(0, 5), Point(30, 10))),))
    return document


def do(document, operation):
    scene = document.scene()
    made = last(operation.steps(scene, CPU))
    document.history.push(command_for(document, operation, made, scene))


@pytest.mark.parametrize(
    ("operation", "turned", "label", "line"),
    [
        (Rotate(1), lambda a: np.rot90(a), "Rotate left to 20 × 30", (5, 30, 10, 0)),
        (Rotate(3), lambda a: np.rot90(a, 3), "Rotate right to 20 × 30", (15, 0, 10, 30)),
        (Rotate(2), lambda a: a[::-1, ::-1], "Rotate by 180°", (30, 15, 0, 10)),
        (Flip(), lambda a: a[:, ::-1], "Flip horizontally", (30, 5, 0, 10)),
        (Flip(True), lambda a: a[::-1], "Flip vertically", (0, 15, 30, 10)),
    ],
)
def test_a_turn_is_exact_and_undone(document, operation, turned, label, line):
    old = {name: np.array(document.plane(name).frozen()) for name in document.planes}
    do(document, operation)
    assert document.history.now.label == label
    for name, array in old.items():
        assert (document.plane(name).frozen() == turned(array)).all()
    a, b = document.lines[0].line.a, document.lines[0].line.b
    assert (*a, *b) == line
    document.history.undo()
    for name, array in old.items():
        assert (document.plane(name).frozen() == array).all()


def test_four_quarters_are_none(document):
    image = document.image.tobytes()
    for _ in range(4):
        do(document, Rotate(1))
    assert document.image.tobytes() == image


def test_a_crop_is_the_rectangle_around_what_is_painted():
    pixels = np.arange(20 * 30, dtype=np.uint16).reshape(20, 30)
    mask = np.zeros((20, 30), np.uint8)
    mask[4, 7], mask[9, 20] = 1, 255
    protect = np.full((20, 30), 9, np.uint8)
    document = Document(pixels.copy(), mask=mask, protect=protect)
    do(document, Crop())
    assert document.size == Size(14, 6)
    assert (document.image == pixels[4:10, 7:21]).all()
    assert not document.masked
    assert (document.plane("protect").frozen() == 9).all()
    document.history.undo()
    assert (document.mask == mask).all()


def test_another_mask_may_say_where():
    protect = np.zeros((20, 30), np.uint8)
    protect[3:5, 6:8] = 255
    document = Document(np.zeros((20, 30), np.uint8), protect=protect)
    do(document, Crop(plane="protect"))
    assert document.size == Size(2, 2)


def test_nothing_painted_is_refused():
    with pytest.raises(ValueError, match="nothing is painted: paint over what is to stay"):
        last(Crop().steps(Scene(np.zeros((5, 5), np.uint8)), CPU))


@pytest.mark.parametrize("operation", [Crop(), Rotate(), Flip()])
def test_a_frame_of_a_clip_keeps_its_shape(operation):
    class Clip(Footage):
        pass

    hole = np.ones((5, 5), np.uint8)
    scene = Scene(np.zeros((5, 5), np.uint8), hole, clip=Clip.__new__(Clip))
    with pytest.raises(ValueError, match="this is a frame of a clip"):
        last(operation.steps(scene, CPU))
