"""The canvas as a widget: what is painted, what is painted anew, and what the hand does."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColorSpace,
    QImage,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.engine.image import Meta, Point, Rect
from editor.model.commands import Swap, paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch, Patch
from editor.tools.base import Draft, Tool
from editor.ui.canvas import Canvas, painting
from editor.ui.canvas.colour import Colours

LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
P3 = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())


class Dab(Tool):
    """Paints a square wherever the pointer goes, and writes down what it was told."""

    name = caption = icon = key = hint = "dab"
    side = 10

    def __init__(self):
        super().__init__()
        self.told = []
        self._document = None
        self._boxes = []

    @property
    def active(self):
        return self._document is not None

    @property
    def diameter(self):
        return self.side

    def press(self, at, document):
        self._document, self._boxes = document, []
        return self.dab("press", at)

    def drag(self, at):
        return self.dab("drag", at)

    def dab(self, word, at):
        self.told.append((word, at))
        box = Rect(int(at.x), int(at.y), self.side, self.side).within(self._document.rect)
        self._boxes.append(box)
        return Draft(MaskPatch(box, np.full((box.height, box.width), 255, np.uint8)))

    def release(self, at):
        self.told.append(("release", at))
        around = self._boxes[0]
        for box in self._boxes:
            around = around.joined(box)
        cover = self._document.plane("mask").crop(around)
        for box in self._boxes:
            cover[box.moved(-around.x, -around.y).slices] = 255
        document, self._document = self._document, None
        return paint_mask(document, "Dab", MaskPatch(around, cover))

    def cancel(self):
        self.told.append(("cancel", None))
        self._document = None


class Corners(Tool):
    """A gesture of several clicks: places are kept until it is finished."""

    name = caption = icon = key = hint = "corners"

    def __init__(self):
        super().__init__()
        self.places = []

    @property
    def active(self):
        return bool(self.places)

    def press(self, at, document):
        self.places.append(Point(at.x, at.y))
        return Draft(outline=tuple(self.places))

    def hover(self, at):
        return Draft(outline=(*self.places, Point(at.x, at.y)), closed=True)

    def finish(self):
        self.places = []

    def back(self):
        self.places.pop()
        return Draft(outline=tuple(self.places))

    def cancel(self):
        self.places = []


@pytest.fixture
def canvas(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(420, 320)
    canvas.show()
    qtbot.waitExposed(canvas)
    yield canvas
    canvas.set_document(None)


def noise(height=200, width=300, channels=3, dtype=np.uint8, seed=1):
    rng = np.random.default_rng(seed)
    if dtype == np.float32:
        return rng.random((height, width, channels), np.float32)
    return rng.integers(0, np.iinfo(dtype).max + 1, (height, width, channels)).astype(dtype)


def seen(canvas):
    """RGB of the widget, in device pixels."""
    canvas.settle()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shape = (image.height(), image.width(), 4)
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[..., 2::-1].astype(int)


def picture_part(canvas):
    """Where on the widget the picture is."""
    x, y = canvas.view.corner
    return canvas.view.world(canvas.document.size).moved(-x, -y)


def opened(canvas, pixels, scale=None, **more):
    document = Document(pixels, **more)
    canvas.set_document(document)
    if scale is not None:
        canvas.zoom_to(scale)
    return document


def edit(document, rect, pixels, plane="image"):
    document.history.push(Swap(document, "Edit", plane, rect, pixels))


# ── what is painted ──


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("profile", [None, "AdobeRgb", "DisplayP3"])
def test_at_100_percent_the_screen_has_the_pixels_of_the_document(canvas, dtype, profile):
    pixels = noise(dtype=dtype, channels=4)
    pixels[..., 3] = 1 if dtype == np.float32 else np.iinfo(dtype).max
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    space = QColorSpace(QColorSpace.NamedColorSpace.SRgbLinear) if dtype == np.float32 else srgb
    if profile:
        space = QColorSpace(getattr(QColorSpace.NamedColorSpace, profile))
    icc = bytes(space.iccProfile().data()) if profile else b""
    opened(canvas, pixels, 1.0, meta=Meta(icc=icc))
    layouts = {
        1: QImage.Format.Format_RGBA8888,
        2: QImage.Format.Format_RGBA64,
        4: QImage.Format.Format_RGBA32FPx4,
    }
    source = QImage(pixels.data, 300, 200, pixels.strides[0], layouts[pixels.itemsize])
    transform = space.transformationToColorSpace(srgb)
    there = source.colorTransformed(transform, QImage.Format.Format_RGB32)
    wanted = np.frombuffer(there.constBits(), np.uint8).reshape(200, 300, 4)[..., 2::-1]
    shown = seen(canvas)[picture_part(canvas).slices]
    assert np.abs(shown - wanted).max() <= 1


def test_at_400_percent_every_pixel_is_a_sharp_square(canvas):
    pixels = noise(40, 50)
    opened(canvas, pixels, 4.0)
    part = picture_part(canvas)
    wanted = np.repeat(np.repeat(pixels, 4, 0), 4, 1)
    assert (seen(canvas)[part.slices] == wanted).all()


def test_from_800_percent_there_is_a_grid(canvas):
    grey = np.full((20, 30, 3), 240, np.uint8)
    opened(canvas, grey, 7.9)
    assert len(np.unique(seen(canvas)[picture_part(canvas).slices])) == 1
    canvas.zoom_to(8)
    shown = seen(canvas)[picture_part(canvas).slices][..., 0]
    assert (shown[4::8, 4::8] == 240).all()
    assert (shown[8::8, :] < 215).all()
    assert (shown[:, 8::8] < 215).all()


def test_transparency_shows_a_checkerboard(canvas):
    pixels = np.zeros((64, 64, 4), np.uint8)
    opened(canvas, pixels, 1.0)
    shown = seen(canvas)[picture_part(canvas).slices]
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) == 2
    assert (shown[:8, :8] == shown[0, 0]).all()
    assert (shown[:8, :8] != shown[:8, 8:16]).all()


@pytest.mark.parametrize("scale", [0.05, 0.3, 0.5, 0.8])
def test_a_small_view_has_the_mean_of_the_picture(canvas, scale):
    pixels = noise(900, 1300)
    opened(canvas, pixels, scale)
    part = picture_part(canvas).within(Rect(0, 0, 420, 320))
    assert seen(canvas)[part.slices].mean() == pytest.approx(pixels.mean(), abs=2)


def test_an_empty_canvas_is_calm(canvas):
    assert len(np.unique(seen(canvas).reshape(-1, 3), axis=0)) == 1


def test_the_shadow_below_a_picture_begins_at_its_edge_and_fades(canvas):
    opened(canvas, noise(), 1.0)
    x, y, width, height = picture_part(canvas)
    light = seen(canvas)[:, x + width // 2].sum(axis=1)
    below = light[y + height + 1 : y + height + 16]  # the first one is the frame
    assert below[0] < light[0]
    assert (np.diff(below) >= 0).all()


def test_each_document_keeps_whether_its_mask_is_hatched(canvas):
    first = opened(canvas, noise())
    canvas.hatched = False  # its mask was mended
    opened(canvas, noise())
    assert canvas.hatched
    canvas.set_document(first)
    assert not canvas.hatched


@pytest.mark.parametrize("ratio", ["1", "2"])
def test_a_canvas_with_finer_pixels_shows_more_of_them(canvas, monkeypatch, ratio):
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: float(ratio))
    canvas._measure()
    pixels = noise(100, 100)
    opened(canvas, pixels, 1.0)
    corner = canvas.place_of(0, 0)
    assert canvas.image_point(QPointF(corner)) == pytest.approx((0, 0), abs=float(ratio))
    opposite = canvas.place_of(100, 100)
    assert opposite.x() - corner.x() == 100 / float(ratio)


# ── what is painted anew ──


@pytest.mark.parametrize("scale", [0.21, 0.5, 0.83, 1.0, 1.6, 3.0, 11.0])
@pytest.mark.parametrize("channels", [3, 4])
def test_after_any_edits_the_screen_is_as_if_opened_afresh(canvas, qtbot, scale, channels):
    document = opened(canvas, noise(700, 900, channels), scale)
    other = Canvas()
    qtbot.addWidget(other)
    other.resize(canvas.size())
    other.show()
    rng = np.random.default_rng(7)
    seen(canvas)
    for number in range(25):
        plane = "mask" if number % 2 else "image"
        middle = canvas.image_point(QPointF(210, 160))
        x, y = (int(middle[axis] + rng.integers(-300, 300)) for axis in (0, 1))
        width, height = (int(side) for side in rng.integers(1, 200, 2))
        rect = Rect(x, y, width, height).within(document.rect)
        if rect.empty:
            continue
        shape = (
            (rect.height, rect.width) if plane == "mask" else (rect.height, rect.width, channels)
        )
        edit(document, rect, rng.integers(0, 256, shape).astype(np.uint8), plane)
        if number % 5 == 4:
            document.history.undo()
        if number % 3 == 0:
            canvas.pan_by(*(int(by) for by in rng.integers(-60, 60, 2)))
        QApplication.processEvents()
    other.set_document(document)
    other._set_view(canvas.view)
    differs = np.abs(seen(canvas) - seen(other)).max(axis=2)
    # A cover on the threshold of the outline may fall on either side of it.
    assert np.mean(differs > 1) < 0.0005
    other.set_document(None)


def test_a_small_edit_repaints_a_small_place(canvas, qtbot):
    document = opened(canvas, noise(200, 300), 1.0)
    seen(canvas)
    QApplication.processEvents()
    painted = []
    original = canvas.paintEvent
    canvas.paintEvent = lambda event: (painted.append(event.rect()), original(event))
    edit(document, Rect(100, 80, 10, 10), noise(10, 10))
    while not painted:
        QApplication.processEvents()
    (rect,) = painted
    assert rect.width() <= 30
    assert rect.height() <= 30


def test_showing_a_document_does_not_make_its_edits_copy_it(canvas, qtbot):
    document = opened(canvas, noise(600, 800), 0.7)
    seen(canvas)
    for name in ("image", "mask"):
        array = document.plane(name)._array
        shape = (10, 10, 3) if name == "image" else (10, 10)
        for _ in range(3):
            edit(document, Rect(5, 5, 10, 10), np.full(shape, 9, np.uint8), name)
            QApplication.processEvents()
            document.history.undo()
            QApplication.processEvents()
        assert document.plane(name)._array is array


def test_a_heavy_picture_is_drawn_in_two_steps_and_ends_exact(canvas, qtbot):
    canvas._screen.frame_time = -1.0
    document = opened(canvas, noise(600, 800), 1.0, meta=Meta(icc=P3))
    canvas.repaint()
    assert not canvas.settled
    canvas._screen.frame_time = 1.0
    qtbot.waitUntil(lambda: canvas.settled)
    part = picture_part(canvas)
    visible = part.within(Rect(0, 0, 420, 320))
    pixels = document.image[visible.moved(-part.x, -part.y).slices]
    wanted = Colours(P3, pixels.dtype, grey=False).shown(pixels)[..., 2::-1]
    canvas.settle = lambda: None
    assert (seen(canvas)[visible.slices] == wanted).all()


def test_switching_the_theme_repaints(canvas, qapp):
    from editor.ui import theme

    opened(canvas, np.zeros((50, 50, 4), np.uint8), 1.0)
    theme.apply(qapp, theme.DARK)
    dark = seen(canvas).mean()
    theme.apply(qapp, theme.LIGHT)
    assert seen(canvas).mean() > dark + 80
    theme.apply(qapp, theme.DARK)


# ── preview, before and after ──


@pytest.mark.parametrize("scale", [0.4, 1.0])
def test_a_preview_lies_over_an_untouched_document(canvas, qtbot, scale):
    document = opened(canvas, np.full((600, 900, 3), 50, np.uint8), scale)
    plain = seen(canvas)
    canvas.show_preview(Patch(Rect(401, 251, 99, 101), np.full((101, 99, 3), 250, np.uint8)))
    shown = seen(canvas)
    inside, outside = canvas.place_of(450, 300), canvas.place_of(380, 300)
    assert shown[inside.y(), inside.x()].tolist() == [250] * 3
    assert shown[outside.y(), outside.x()].tolist() == [50] * 3
    assert (document.image == 50).all()
    canvas.show_preview(None)
    assert (seen(canvas) == plain).all()


@pytest.mark.parametrize("scale", [0.4, 1.0])
def test_before_and_after(canvas, qtbot, scale):
    mask = np.full((600, 900), 255, np.uint8)
    opened(canvas, np.full((600, 900, 3), 50, np.uint8), scale, mask=mask)
    canvas.show_before(Patch(Rect(0, 0, 900, 600), np.full((600, 900, 3), 200, np.uint8)))
    left, right = (100, 200), (320, 200)

    def values():
        shown = seen(canvas)
        return [shown[y, x].tolist() for x, y in (left, right)]

    before, after = [200] * 3, [50] * 3
    masked = values()
    assert masked[0] != after
    canvas.compare = "before"
    assert values() == [before, before]
    canvas.compare = "split"  # the mask is not in the way of a comparison
    assert values() == [before, after]
    canvas.split = 0.1
    assert values() == [after, after]
    canvas.split = 0.9
    assert values() == [before, before]
    canvas.compare = "after"
    assert values() == masked
    canvas.compare = "before"
    canvas.show_before(None)  # nothing has changed: there is nothing to compare
    assert values() == masked
    with pytest.raises(ValueError, match="sideways"):
        canvas.compare = "sideways"


def test_the_split_is_dragged_and_no_tool_is_told(canvas):
    opened(canvas, noise())
    tool = Dab()
    canvas.set_tool(tool)
    canvas.show_before(Patch(Rect(0, 0, 300, 200), noise(seed=2)))
    canvas.compare = "split"
    QTest.mousePress(canvas, LEFT, pos=QPoint(210, 160))
    QTest.mouseMove(canvas, QPoint(105, 160))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(105, 160))
    assert canvas.split == pytest.approx(0.25)
    assert tool.told == []


# ── view ──


def wheel(canvas, at, angle=0, pixels=(0, 0), phase=Qt.ScrollPhase.NoScrollPhase, keys=NO_KEY):
    where = QPointF(*at)
    event = QWheelEvent(
        where, where, QPoint(*pixels), QPoint(0, angle), NO_BUTTON, keys, phase, False
    )
    QApplication.sendEvent(canvas, event)


@pytest.mark.parametrize("keys", [NO_KEY, Qt.KeyboardModifier.ControlModifier])
def test_the_wheel_zooms_at_the_cursor(canvas, qtbot, keys):
    opened(canvas, noise(600, 900))
    told = []
    canvas.zoomed.connect(told.append)
    scale = canvas.scale
    place = canvas.image_point(QPointF(250, 170))
    for _ in range(3):
        wheel(canvas, (250, 170), 120, keys=keys)
    assert canvas.scale == pytest.approx(2 * scale)
    assert told[-1] == canvas.scale
    assert len(told) == 3
    assert canvas.image_point(QPointF(250, 170)) == pytest.approx(place, abs=1.5 / scale)


def test_zooming_stops_at_100_percent_on_the_way(canvas):
    opened(canvas, noise(600, 900), 0.9)
    canvas.zoom_by(1.25)
    assert canvas.scale == 1
    canvas.zoom_by(1.25)
    assert canvas.scale == 1.25
    canvas.zoom_by(0.5)
    assert canvas.scale == 1


def test_two_fingers_pan_and_pinch(canvas):
    opened(canvas, noise(600, 900), 2.0)
    view = canvas.view
    wheel(canvas, (200, 150), 40, (7, -9), Qt.ScrollPhase.ScrollUpdate)
    assert (canvas.view.x, canvas.view.y) == (view.x - 7, view.y + 9)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        QPointF(200, 150),
        QPointF(200, 150),
        QPointF(200, 150),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(canvas, pinch)
    assert canvas.scale == 3


@pytest.mark.parametrize("way", ["space", "middle"])
def test_space_and_the_middle_button_pan(canvas, way):
    tool = Dab()
    opened(canvas, noise(600, 900), 2.0)
    canvas.set_tool(tool)
    view = canvas.view
    button = LEFT if way == "space" else MIDDLE
    if way == "space":
        QTest.keyPress(canvas, Qt.Key.Key_Space)
        assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, button, pos=QPoint(200, 150))
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(canvas, QPoint(230, 110))
    QTest.mouseRelease(canvas, button, pos=QPoint(230, 110))
    assert (canvas.view.x, canvas.view.y) == (view.x - 30, view.y + 40)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    assert tool.told == []


def test_arrows_pan_and_other_keys_are_left_alone(canvas):
    opened(canvas, noise(600, 900), 2.0)
    x = canvas.view.x
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x == x + 64
    for key in (Qt.Key.Key_0, Qt.Key.Key_X, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_M):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NO_KEY)
        QApplication.sendEvent(canvas, event)
        assert not event.isAccepted()


def test_a_fitted_picture_stays_fitted_and_another_stays_where_it_is(canvas):
    opened(canvas, noise(600, 900))
    scale = canvas.scale
    canvas.resize(640, 480)
    assert canvas.scale > scale
    canvas.zoom_to(2.0)
    middle = canvas.image_point(QPointF(320, 240))
    canvas.resize(300, 260)
    assert canvas.scale == 2
    assert canvas.image_point(QPointF(150, 130)) == pytest.approx(middle, abs=1)


def test_every_document_keeps_its_view(canvas):
    first = opened(canvas, noise(600, 900), 3.0)
    view = canvas.view
    second = opened(canvas, noise(100, 100, seed=2))
    assert canvas.view.fitted
    canvas.set_document(first)
    assert canvas.view == view
    canvas.set_document(second)
    assert canvas.view.fitted


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (20000, 1), (3, 5000)])
def test_pictures_of_odd_shapes_are_shown(canvas, size):
    opened(canvas, np.full((*size, 3), 200, np.uint8))
    for scale in (canvas.scale, 0.05, 1.0, 64.0):
        canvas.zoom_to(scale)
        part = picture_part(canvas).within(Rect(0, 0, 420, 320))
        assert not part.empty
        assert (seen(canvas)[part.slices].max(axis=(0, 1)) == 200).all()


# ── hovering ──


def test_the_place_under_the_cursor_is_told(canvas):
    opened(canvas, noise(100, 200), 2.0)
    told = []
    canvas.hovered.connect(told.append)
    QTest.mouseMove(canvas, canvas.place_of(30, 40))
    assert (told[-1].x, told[-1].y) == pytest.approx((30, 40), abs=0.6)
    QTest.mouseMove(canvas, QPoint(1, 1))
    assert told[-1] is None
    canvas.pan_by(-12, -60)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert told[-1] is None


@pytest.mark.parametrize("scale", [0.7, 1.0, 5.0])
def test_the_brush_is_outlined_exactly(canvas, scale):
    opened(canvas, np.full((300, 400, 3), 128, np.uint8), scale)
    tool = Dab()
    tool.side = 40
    canvas.set_tool(tool)
    at = QPoint(210, 160)
    QTest.mouseMove(canvas, at)
    shown = seen(canvas)
    radius = round(20 * scale)
    ring = shown[160, 210 + radius - 1 : 210 + radius + 3]
    assert ring.max() > 200
    assert ring.min() < 110
    assert shown[160, 210].tolist() == [128] * 3
    assert shown[160, 210 + radius + 5].tolist() == [128] * 3
    QTest.mouseMove(canvas, QPoint(40, 40))
    assert seen(canvas)[160, 210 + radius].tolist() == [128] * 3


def test_a_tiny_brush_is_a_cross(canvas):
    opened(canvas, noise(600, 900), 0.3)
    canvas.set_tool(Dab())
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    canvas.zoom_to(1.0)
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor


# ── strokes ──


def drag(canvas, *places, button=LEFT, keys=NO_KEY, release=True):
    points = [canvas.place_of(*place) for place in places]
    QTest.mousePress(canvas, button, keys, points[0])
    for point in points[1:]:
        where = QPointF(point)
        event = QMouseEvent(QEvent.Type.MouseMove, where, where, NO_BUTTON, button, keys)
        QApplication.sendEvent(canvas, event)
    if release:
        QTest.mouseRelease(canvas, button, keys, points[-1])


def test_a_stroke_is_shown_while_it_goes_on_and_becomes_one_command(canvas):
    document = opened(canvas, np.full((300, 400, 3), 128, np.uint8), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    done = []
    canvas.gestured.connect(done.append)
    canvas.gestured.connect(document.history.push)
    drag(canvas, (150, 100), (170, 110), (190, 120), release=False)
    assert not document.mask.any()
    during = seen(canvas)
    at = canvas.place_of(155, 105)
    assert during[at.y(), at.x()].tolist() != [128] * 3
    QTest.mouseRelease(canvas, LEFT, NO_KEY, canvas.place_of(190, 120))
    assert [word for word, _ in tool.told] == ["press", "drag", "drag", "release"]
    assert (tool.told[0][1].x, tool.told[0][1].y) == (150, 100)
    assert len(done) == 1
    assert document.mask[105, 155] == 255
    assert (seen(canvas) == during).all()
    document.history.undo()
    after = seen(canvas)
    assert after[at.y(), at.x()].tolist() == [128] * 3


def test_every_sample_reaches_the_tool_and_one_frame_follows(canvas, qtbot):
    opened(canvas, noise(300, 400), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    seen(canvas)
    QApplication.processEvents()
    frames = []
    original = canvas.paintEvent
    canvas.paintEvent = lambda event: (frames.append(event), original(event))
    drag(canvas, *[(100 + step, 100) for step in range(50)], release=False)
    assert len(tool.told) == 50
    assert frames == []
    QApplication.processEvents()
    assert len(frames) == 1
    canvas.cancel_gesture()


def test_a_cancelled_stroke_leaves_no_trace(canvas):
    document = opened(canvas, noise(300, 400), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    done = []
    canvas.gestured.connect(done.append)
    QTest.mouseMove(canvas, canvas.place_of(190, 120))
    before = seen(canvas)
    assert not canvas.cancel_gesture()
    drag(canvas, (150, 100), (190, 120), release=False)
    assert canvas.cancel_gesture()
    QTest.mouseMove(canvas, canvas.place_of(180, 110))
    QTest.mouseRelease(canvas, LEFT, NO_KEY, canvas.place_of(190, 120))
    QTest.mouseMove(canvas, canvas.place_of(190, 120))
    assert [word for word, _ in tool.told][-1] == "cancel"
    assert done == []
    assert not document.mask.any()
    assert (seen(canvas) == before).all()
    assert not canvas.cancel_gesture()


@pytest.mark.parametrize("leave", ["tool", "document"])
def test_another_tool_or_document_cancels(canvas, leave):
    opened(canvas, noise(300, 400), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    drag(canvas, (150, 100), (190, 120), release=False)
    if leave == "tool":
        canvas.set_tool(Corners())
    else:
        canvas.set_document(None)
    assert tool.told[-1][0] == "cancel"


@pytest.mark.parametrize("subtract", [False, True])
@pytest.mark.parametrize(
    ("button", "keys"),
    [(LEFT, NO_KEY), (RIGHT, NO_KEY), (LEFT, Qt.KeyboardModifier.AltModifier)],
)
def test_alt_and_the_right_button_turn_adding_round_for_the_stroke(canvas, subtract, button, keys):
    opened(canvas, noise(300, 400), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    canvas.subtract = subtract
    drag(canvas, (150, 100), (190, 120), button=button, keys=keys)
    flipped = button == RIGHT or keys != NO_KEY
    assert {at.subtract for _, at in tool.told} == {subtract != flipped}
    drag(canvas, (150, 100), (190, 120))
    assert tool.told[-1][1].subtract == subtract


def test_a_gesture_of_several_clicks(canvas):
    opened(canvas, np.full((300, 400, 3), 128, np.uint8), 1.0)
    tool = Corners()
    canvas.set_tool(tool)
    plain = seen(canvas)
    for place in ((100, 100), (250, 100), (250, 200)):
        drag(canvas, place)
    QTest.mouseMove(canvas, canvas.place_of(120, 210))
    at = canvas.place_of(175, 100)
    assert (seen(canvas)[at.y() - 3 : at.y() + 4, at.x() - 20 : at.x() + 20] > 180).any()
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert len(tool.places) == 2
    x = canvas.view.x
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x == x
    assert canvas.finish_gesture()
    assert not canvas.finish_gesture()
    assert (seen(canvas) == plain).all()


def test_a_double_click_finishes_a_gesture_or_is_another_press(canvas):
    opened(canvas, noise(300, 400), 1.0)
    tool = Corners()
    canvas.set_tool(tool)
    QTest.mouseClick(canvas, LEFT, NO_KEY, QPoint(150, 150))
    QTest.mouseDClick(canvas, LEFT, NO_KEY, QPoint(150, 150))
    assert not tool.active
    dab = Dab()
    canvas.set_tool(dab)
    QTest.mouseClick(canvas, LEFT, NO_KEY, QPoint(150, 150))
    QTest.mouseDClick(canvas, LEFT, NO_KEY, QPoint(150, 150))
    assert [word for word, _ in dab.told].count("press") >= 2


# ── pen ──

PEN = QPointingDevice.PointerType.Pen
ERASER = QPointingDevice.PointerType.Eraser


def pen(canvas, kind, place, pressure=0.5, tip=PEN, button=LEFT):
    capabilities = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    device = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, tip, capabilities, 1, 3)
    at = QPointF(canvas.place_of(*place))
    moving = kind == QEvent.Type.TabletMove
    event = QTabletEvent(
        kind, device, at, at, pressure, 0.0, 0.0, 0.0, 0.0, 0.0, NO_KEY,
        NO_BUTTON if moving else button, button,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


@pytest.mark.parametrize("tip", [PEN, ERASER])
def test_a_pen_presses_and_its_other_end_erases(canvas, tip):
    document = opened(canvas, noise(300, 400), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    canvas.gestured.connect(document.history.push)
    assert not pen(canvas, QEvent.Type.TabletMove, (90, 90))
    assert pen(canvas, QEvent.Type.TabletPress, (100, 100), 0.25, tip)
    # What the system makes of the pen for programs that know only mice must not paint twice.
    QTest.mouseMove(canvas, QPoint(5, 5))
    QTest.mousePress(canvas, LEFT, NO_KEY, QPoint(5, 5))
    assert pen(canvas, QEvent.Type.TabletMove, (120, 100), 0.75, tip)
    assert pen(canvas, QEvent.Type.TabletRelease, (120, 100), 0.0, tip)
    assert not pen(canvas, QEvent.Type.TabletMove, (130, 100), 0.0, tip)
    assert [word for word, _ in tool.told] == ["press", "drag", "release"]
    assert [at.pressure for _, at in tool.told] == [0.25, 0.75, 0.0]
    assert {at.subtract for _, at in tool.told} == {tip == ERASER}
    assert document.mask.any()


def test_a_pen_in_a_panning_hand_is_left_to_qt(canvas):
    opened(canvas, noise(300, 400), 1.0)
    tool = Dab()
    canvas.set_tool(tool)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert not pen(canvas, QEvent.Type.TabletPress, (100, 100))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert tool.told == []


def test_the_canvas_can_be_reached_and_named(canvas):
    assert canvas.accessibleName()
    assert canvas.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_a_label_stays_within_what_is_seen():
    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    seen = QRectF(10, 10, 180, 80)
    for corner in (QPointF(20, 20), QPointF(195, 95)):
        picture.fill(Qt.GlobalColor.white)
        with QPainter(picture) as painter:
            painting.label(painter, corner, "1900 × 1067", 1.0, within=seen)
        found = [
            (x, y) for x in range(200) for y in range(100) if picture.pixelColor(x, y).red() < 250
        ]
        assert len(found) > 1000
        assert all(seen.contains(x, y) for x, y in found)
