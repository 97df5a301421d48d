"""Someone lays further pictures beside the sample: a guide, more samples, maps of it."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from editor.files.encoders import SaveOptions
from editor.operations import Texture
from editor.ui.dialogs.export import ExportDialog
from tests.flows.test_filters import press
from tests.flows.test_guides_of_analogies import drop
from tests.flows.test_texture import choose, stage, tune

SIZE = {"width": 48, "height": 40}


@pytest.fixture
def paths(tmp_path):
    """A sample that is dark on the left and light on the right, and what lies on it."""
    x = np.broadcast_to(np.arange(40), (40, 40))
    grain = np.random.default_rng(1).integers(0, 30, (40, 40))
    light = np.where(x < 20, 30, 200) + grain
    pictures = {
        "sample": light,
        "labels": np.where(x < 20, 0, 255),
        "wanted": np.where(np.arange(48) < 24, 255, 0) + np.zeros((40, 1)),  # the other way round
        "normal": 255 - light,
        "other": grain + 100,
        "short": light[:20],
    }
    found = {name: tmp_path / f"{name}.png" for name in pictures}
    for name, pixels in pictures.items():
        Image.fromarray(np.dstack([pixels] * 3).astype(np.uint8)).save(found[name])
    return found


@pytest.fixture
def groups(hand, paths):
    hand.open(paths["sample"])
    choose(hand, "texture")
    tune(hand, Texture(**SIZE, guidance=100))
    return hand.window.along_panel.groups


def spot(groups, kind, row=0, side=0):
    return groups[kind].rows[row].spots[side]


def texture(hand):
    return hand.window.doing.operation()


def warned(hand):
    return hand.shown()[-1]


def test_the_texture_follows_a_guide(hand, groups, paths, monkeypatch):
    panel = hand.window.along_panel
    assert not panel.guidance.isVisible()
    drop(hand, spot(groups, "guide"), paths["wanted"])
    assert panel.guidance.isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(paths["labels"]), ""))
    press(spot(groups, "guide", side=1))
    hand.rest()
    hand.key("Return")
    made = hand.document.image
    assert made[:, :20].mean() > 170 > 90 > made[:, 28:].mean()
    panel.guidance.committed.emit(20)
    assert texture(hand).guidance == 20
    assert panel.guidance.value() == 20
    press(groups["guide"].rows[0].remove)
    assert texture(hand).guides == ()
    assert not panel.guidance.isVisible()


def test_half_a_guide_is_asked_for(hand, groups, paths):
    drop(hand, spot(groups, "guide", side=1), paths["labels"])
    hand.key("Return")
    assert warned(hand) == "The guide has no map of the texture yet: open it, or drop it."
    drop(hand, spot(groups, "guide"), paths["wanted"])
    drop(hand, spot(groups, "sample"), paths["other"])
    hand.key("Return")
    assert warned(hand) == "Sample 2 has no map for the guide yet: open it, or drop it."
    drop(hand, spot(groups, "sample", side=1), paths["other"])
    hand.key("Return")
    assert tuple(hand.document.size) == (48, 40)


def test_a_texture_is_made_of_more_samples(hand, groups, paths):
    drop(hand, spot(groups, "sample"), paths["other"])
    assert [row.caption.text() for row in groups["sample"].rows] == ["Sample 2", "One more sample"]
    assert not spot(groups, "sample", side=1).isVisible()
    hand.key("Return")
    made = hand.document.image
    assert ((made >= 100) & (made < 130)).any()
    press(groups["sample"].rows[0].remove)
    assert texture(hand).others == ()
    assert len(groups["sample"].rows) == 1


def test_the_exact_method_follows_no_guide_and_says_so(hand, groups, paths):
    panel = hand.window.along_panel
    drop(hand, spot(groups, "guide"), paths["wanted"])
    tune(hand, Texture(**SIZE, method="exact", window=7))
    assert panel.exact.isVisible()
    assert not groups["guide"].isVisible()
    assert not panel.guidance.isVisible()
    assert texture(hand).guides == ()
    tune(hand, Texture(**SIZE))
    assert groups["guide"].isVisible()
    assert len(texture(hand).guides) == 1


def test_windows_are_compared_on_all_samples(hand, groups, paths):
    drop(hand, spot(groups, "guide"), paths["wanted"])
    drop(hand, spot(groups, "sample"), paths["other"])
    stage(hand).compare_wanted.emit()
    hand.rest()
    hand.window.doing.stage().strip.taken.emit(0)
    hand.rest()
    made = hand.document.image
    assert made.shape == (40, 48, 3)
    assert set(np.unique(made)) <= {*range(30, 60), *range(100, 130), *range(200, 230)}


def test_maps_are_laid_like_the_texture_and_exported_beside_it(hand, groups, paths, tmp_path):
    drop(hand, spot(groups, "map"), paths["normal"])
    hand.key("Return")
    made, out = hand.document.image, tmp_path / "made.png"
    hand.parts.filing.export(hand.document, out, SaveOptions())
    hand.rest()
    assert warned(hand) == "made.png and its maps are exported."
    assert (np.asarray(Image.open(out)) == made).all()
    assert (np.asarray(Image.open(tmp_path / "made-normal.png")) == 255 - made).all()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_map_that_is_there_is_replaced_on_the_second_press(hand, groups, paths, tmp_path):
    there = tmp_path / "sample-edited-normal.png"
    there.write_bytes(b"")
    drop(hand, spot(groups, "map"), paths["normal"])
    hand.key("Return")
    hand.window.actions_["export"].trigger()
    dialog = hand.window.findChild(ExportDialog)
    assert dialog._beside.text() == there.name
    press(dialog._export)
    assert dialog._losses.text().startswith(f"{there.name} is there already.")
    assert there.read_bytes() == b""
    press(dialog._export)
    hand.rest()
    assert there.read_bytes().startswith(b"\x89PNG")


def test_maps_come_back_with_the_project_and_are_exported(hand, groups, paths, tmp_path):
    drop(hand, spot(groups, "map"), paths["normal"])
    hand.key("Return")
    made, saved = hand.document.image, tmp_path / "made.patina"
    hand.parts.filing.save(hand.document, saved, hand.window.project_settings())
    hand.rest()
    hand.parts.session.close_document(hand.document)
    hand.open(saved)
    assert groups["map"].rows[0].words.text() == "normal.png"
    hand.parts.filing.export(hand.document, tmp_path / "out.png", SaveOptions())
    hand.rest()
    assert warned(hand) == "out.png and its maps are exported."
    assert (np.asarray(Image.open(tmp_path / "out-normal.png")) == 255 - made).all()
    tune(hand, Texture(width=60, height=50))
    hand.key("Return")  # what was opened is a sample now, and its maps are laid like it
    assert (hand.document.maps["normal.png"] == 255 - hand.document.image).all()


def test_undone_textures_have_no_maps(hand, groups, paths, tmp_path):
    drop(hand, spot(groups, "map"), paths["normal"])
    hand.key("Return")
    hand.key("Ctrl+Z")
    hand.parts.filing.export(hand.document, tmp_path / "made.png", SaveOptions())
    hand.rest()
    assert warned(hand) == "made.png is exported."
    assert not (tmp_path / "made-normal.png").exists()


def test_a_map_that_could_not_be_written_is_refused(hand, groups, paths, tmp_path):
    odd = paths["normal"].rename(tmp_path / "normal.dng")
    drop(hand, spot(groups, "map"), odd)
    assert "normal.dng" in warned(hand)
    assert texture(hand).maps == ()


def test_the_same_map_again_takes_the_place_of_the_old_one(hand, groups, paths):
    drop(hand, spot(groups, "map"), paths["normal"])
    drop(hand, spot(groups, "map", row=1), paths["normal"])
    assert [name for name, _ in texture(hand).maps] == ["normal.png"]


@pytest.mark.parametrize(
    ("kind", "said"), [("map", "map short.png is 40 × 20"), ("sample", "leave the other")]
)
def test_a_map_that_does_not_fit_is_refused_in_a_sentence(hand, groups, paths, kind, said):
    drop(hand, spot(groups, "map"), paths["short" if kind == "map" else "normal"])
    if kind == "sample":
        drop(hand, spot(groups, "sample"), paths["other"])
    hand.key("Return")
    assert said in warned(hand)
    assert tuple(hand.document.size) == (40, 40)


def test_every_sample_has_its_own(hand, groups, paths):
    drop(hand, spot(groups, "map"), paths["normal"])
    hand.open(paths["other"])
    assert texture(hand).maps == ()
    assert len(groups["map"].rows) == 1
    hand.parts.session.activate(hand.parts.session.documents[0])
    assert groups["map"].rows[0].words.text() == "normal.png"
