"""The brush: what the hand does, and what becomes of the mask."""

import gc
import weakref

import numpy as np
import pytest

from editor.model.document import Document
from editor.tools.base import Pointer
from editor.tools.brush import Brush, BrushSettings


@pytest.fixture
def brush():
    brush = Brush()
    brush.settings = BrushSettings(size=8, hardness=100)
    return brush


def drafted(document, *drafts):
    """The mask as a canvas shows it that lays every draft over the one before."""
    mask = np.array(document.mask)
    for draft in drafts:
        if draft is not None and draft.patch is not None:
            mask[draft.patch.rect.slices] = draft.patch.cover
    return mask


def test_a_click_paints_one_dab(brush, document, done):
    mask = done(brush, document, (40, 30))
    assert (mask[27:33, 38:42] == 255).all()
    assert mask.sum() / 255 == pytest.approx(np.pi * 16, rel=0.02)
    assert document.history.now.label == "Brush"


def test_the_smallest_brush_paints_the_pixel_it_is_on(brush, document, done):
    brush.settings = BrushSettings(size=1, hardness=100)
    mask = done(brush, document, (40.5, 30.5))
    assert mask[30, 40] == 255
    assert mask.sum() == 255


def test_nothing_is_dropped_between_far_places(brush, document, done):
    mask = done(brush, document, (10, 40), (110, 40))
    assert (mask[37:43, 10:110] == 255).all()


def test_a_stroke_is_one_step_that_can_be_undone(brush, document, done):
    done(brush, document, (10, 10), (60, 40), (110, 10))
    assert len(document.history.states) == 2
    document.history.undo()
    assert not document.mask.any()


def test_the_document_is_untouched_until_the_end(brush, document):
    brush.press(Pointer(20, 20), document)
    brush.drag(Pointer(90, 60))
    assert not document.mask.any()
    assert document.revision("mask") == 0


def test_drafts_show_what_the_stroke_will_be(brush, document):
    places = [(20, 20), (50, 60), (90, 60), (100, 15), (60, 10)]
    drafts = [brush.press(Pointer(*places[0]), document)]
    drafts += [brush.drag(Pointer(*place)) for place in places[1:]]
    seen = drafted(document, *drafts)
    document.history.push(brush.release(Pointer(*places[-1])))
    mask = np.array(document.mask)
    assert np.count_nonzero(seen) > 1000
    assert np.abs((seen > 127).sum() - (mask > 127).sum()) < 60
    seen[:30, 50:115] = mask[:30, 50:115] = 0  # the last bit may still become a curve
    assert (seen == mask).all()


def test_strokes_add_up_to_the_stronger(brush, document, done):
    brush.settings = BrushSettings(size=40, hardness=0)
    first = done(brush, document, (40, 40))
    both = done(brush, document, (60, 40))
    assert (both >= first).all()
    assert both[40, 60] >= 254
    assert both.max() <= 255


def test_going_over_a_soft_stroke_again_does_not_build_up(brush, document, done):
    brush.settings = BrushSettings(size=20, hardness=0)
    once = done(brush, document, (20, 40), (100, 40))
    again = done(brush, document, (100, 40), (20, 40), (100, 40))
    assert np.abs(once.astype(int) - again).max() <= 1


def test_subtract_takes_away_and_is_called_erase(brush, painted, done):
    mask = done(brush, painted, (40, 30), (80, 30), subtract=True)
    assert not mask[27:33, 40:80].any()
    assert (mask[40:] == 255).all()
    assert painted.history.now.label == "Erase"


def test_painting_what_is_painted_is_no_step(brush, painted, gesture):
    assert gesture(brush, painted, (40, 30), (80, 30)) is None


def test_erasing_nothing_is_no_step(brush, document, gesture):
    assert gesture(brush, document, (40, 30), (80, 30), subtract=True) is None


def test_beside_the_picture_is_no_step(brush, document, gesture):
    assert gesture(brush, document, (-300, -50), (-200, 4000)) is None


def test_a_stroke_may_leave_the_picture_and_come_back(brush, document, done):
    mask = done(brush, document, (10, 40), (-80, 40), (-80, 200), (30, 70))
    assert mask[:, 0].max() == 255
    assert mask[69, 29] == 255
    assert not mask[:, 60:].any()


def test_a_step_keeps_no_more_than_what_changed(brush, document, gesture):
    command = gesture(brush, document, (20.5, 30.5), (60.5, 30.5))
    rect = command.rect
    assert (rect.y, rect.bottom) == (26, 35)
    assert (rect.x, rect.right) == (16, 65)


def test_escape_forgets_the_stroke(brush, document, gesture):
    brush.press(Pointer(20, 20), document)
    brush.drag(Pointer(90, 60))
    assert brush.active
    brush.cancel()
    assert not brush.active
    assert brush.drag(Pointer(95, 60)) is None
    assert brush.release(Pointer(95, 60)) is None
    assert not document.mask.any()


def test_shift_click_draws_straight_from_the_last_end(brush, document, done):
    done(brush, document, (10, 10), (20, 40))
    mask = done(brush, document, (100, 60), shift=True)
    for part in np.linspace(0, 1, 20):
        assert mask[int(40 + 20 * part), int(20 + 79 * part)] == 255
    assert [state.label for state in document.history.states[1:]] == ["Brush", "Brush"]


def test_shift_click_goes_on_from_click_to_click(brush, document, done):
    for place in ((10, 10), (100, 10), (100, 70)):
        mask = done(brush, document, place, shift=True)
    assert (mask[10, 10:100] == 255).all()
    assert (mask[10:70, 99] == 255).all()
    assert not mask[40:70, 10:50].any()


def test_a_first_shift_click_is_a_dab(brush, document, done, where):
    mask = done(brush, document, (40, 30), shift=True)
    assert mask.sum() / 255 == pytest.approx(np.pi * 16, rel=0.02)


def test_shift_click_knows_its_document(brush, document, painted, done):
    done(brush, painted, (10, 10), subtract=True)
    mask = done(brush, document, (100, 70), shift=True)
    assert not mask[:60].any()


def test_a_cancelled_stroke_has_no_end(brush, document, done):
    done(brush, document, (10, 10))
    brush.press(Pointer(10, 70), document)
    brush.cancel()
    mask = done(brush, document, (110, 10), shift=True)
    assert (mask[10, 10:110] == 255).all()
    assert not mask[30:].any()


@pytest.mark.parametrize(
    ("to", "end"),
    [((100, 46), (100, 40)), ((56, 72), (54, 74)), ((23, 71), (20, 71)), ((50, 12), (49, 11))],
)
def test_shift_while_dragging_keeps_to_multiples_of_45(brush, document, to, end):
    brush.settings = BrushSettings(size=5, hardness=100)
    brush.press(Pointer(20, 40), document)
    brush.drag(Pointer(30, 45, shift=True))
    brush.drag(Pointer(*to, shift=True))
    document.history.push(brush.release(Pointer(*to, shift=True)))
    for part in np.linspace(0, 1, 40):
        x, y = 20 + part * (end[0] - 20), 40 + part * (end[1] - 40)
        assert document.mask[int(y), int(x)] == 255
    area = 5 * np.hypot(end[0] - 20, end[1] - 40) + np.pi * 2.5**2
    assert document.mask.sum() / 255 == pytest.approx(area, rel=0.02)  # and nothing else


def test_a_pen_that_presses_harder_paints_wider(brush, document):
    brush.settings = BrushSettings(size=30, hardness=100, pressure_size=True)
    brush.press(Pointer(20, 40, pressure=0.1), document)
    brush.drag(Pointer(60, 40, pressure=0.5))
    brush.drag(Pointer(100, 40, pressure=1.0))
    document.history.push(brush.release(Pointer(100, 40, pressure=0.0)))
    width = (document.mask > 127).sum(axis=0)
    assert width[20] < width[60] < width[100]
    assert width[100] == pytest.approx(30, abs=1)


def test_a_pen_that_presses_harder_paints_fuller(brush, document):
    brush.settings = BrushSettings(size=10, pressure_size=False, pressure_strength=True)
    brush.press(Pointer(20, 40, pressure=0.1), document)
    brush.drag(Pointer(100, 40, pressure=1.0))
    document.history.push(brush.release(Pointer(100, 40, pressure=0.0)))
    row = document.mask[40]
    assert 60 < row[20] < row[60] < row[100] == 255
    width = (document.mask > 0).sum(axis=0)
    assert abs(int(width[30]) - int(width[90])) <= 1


def test_lifting_the_pen_elsewhere_does_not_thin_the_end(brush, document):
    brush.settings = BrushSettings(size=20, hardness=100)
    brush.press(Pointer(20, 40), document)
    brush.drag(Pointer(60, 40))
    document.history.push(brush.release(Pointer(90, 40, pressure=0.0)))
    assert (document.mask > 127).sum(axis=0)[88] == pytest.approx(20, abs=1)


def test_a_mouse_paints_the_full_size_whatever_the_pen_may_change(brush, document, done):
    brush.settings = BrushSettings(
        size=20, hardness=100, pressure_size=True, pressure_strength=True
    )
    mask = done(brush, document, (60, 40))
    assert mask.max() == 255
    assert mask.sum() / 255 == pytest.approx(np.pi * 100, rel=0.02)


def test_an_edit_during_the_stroke_is_kept(brush, document, done):
    """Undo while the button is down: the stroke joins what the mask is then."""
    done(brush, document, (100, 70))
    brush.press(Pointer(20, 20), document)
    document.history.undo()
    document.history.push(brush.release(Pointer(20, 20)))
    assert document.mask[20, 20] == 255
    assert not document.mask[60:].any()


def test_the_outline_is_as_large_as_the_brush(brush):
    assert brush.diameter == 8


def test_settings_are_remembered_and_checked():
    with pytest.raises(ValueError, match="Size is 0: it goes from 1 to 2000"):
        BrushSettings(size=0)
    settings = BrushSettings(size=7, hardness=35, pressure_strength=True)
    assert BrushSettings.from_dict(settings.to_dict()) == settings
    assert BrushSettings.from_dict({"size": -3, "hardness": "soft"}) == BrushSettings()


def test_a_brush_does_not_keep_a_closed_document(brush, done):
    document = Document(np.zeros((20, 20), np.uint8))
    done(brush, document, (5, 5), (15, 15))
    gone = weakref.ref(document)
    del document
    gc.collect()
    assert gone() is None
