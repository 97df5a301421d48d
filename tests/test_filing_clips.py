"""Clips in the window, without the window: opened, looked into, saved by reference, let go."""

import shutil
from datetime import datetime
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from editor import jobs
from editor.engine.image import Rect
from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.reference import Reference
from editor.files.clips.save import write_clip
from editor.files.problems import FileProblem
from editor.files.recovery import Found, Journal
from editor.files.settings import Settings
from editor.filing import Filing
from editor.model.commands import Swap
from editor.operations import Endless, Loop
from tests.pendulum import leaving, pendulum


@pytest.fixture
def filing(session, tmp_path):
    return Filing(session, Settings(tmp_path / "settings.json"))


@pytest.fixture
def told(session):
    said = []
    session.told.connect(lambda one: said.append(one.sentence))
    return said


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "pendulum.mp4"
    last(write_clip(path, pendulum(60, 20), Fraction(25), ClipOptions(95), overwrite=True))
    return path


@pytest.fixture
def opened(session, filing, clip, qtbot):
    filing.open(clip)
    qtbot.waitUntil(lambda: session.current is not None and session.idle)
    return session.current


def rest(session, qtbot):
    qtbot.waitUntil(lambda: session.idle)


def test_a_clip_opens_as_its_first_frame(opened, clip):
    assert opened.title == "pendulum.mp4"
    assert opened.source == clip
    assert opened.film.clip.count == 60
    assert np.array_equal(opened.image, opened.film.frame(0))
    assert opened.scene().clip is opened.film


def test_a_picture_has_no_film(session, filing, tmp_path, qtbot):
    for name in ("still.gif", "still.webp"):
        Image.fromarray(leaving(1)[0]).save(tmp_path / name)
        filing.open(tmp_path / name)
    rest(session, qtbot)
    assert [one.film for one in session.documents] == [None] * 2


def test_pictures_that_move_are_clips(session, filing, tmp_path, qtbot):
    frames = [Image.fromarray(frame) for frame in leaving(5)]
    for name in ("moves.gif", "moves.webp", "moves.apng"):
        more = {"format": "PNG"} if name.endswith("apng") else {}
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **more)
        filing.open(tmp_path / name)
    rest(session, qtbot)
    assert [one.film.clip.count for one in session.documents] == [5] * 3


def test_what_is_wrong_with_a_clip_is_one_sentence(session, filing, clip, tmp_path, told, qtbot):
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(clip.read_bytes()[:300])
    filing.open(torn)
    rest(session, qtbot)
    [sentence] = told
    assert sentence.startswith("torn.mp4 ")
    assert session.current is None


def test_an_analysis_is_known_and_is_no_edit(session, opened, qtbot, monkeypatch):
    monkeypatch.setattr(jobs, "_PREVIEW_EVERY", 0)
    so_far = []
    session.results.found_so_far.connect(so_far.append)
    with qtbot.waitSignal(opened.found):
        session.do(Loop())
    finding = opened.finding(Loop)
    assert finding.operation == Loop()
    assert abs(finding.value.wanted.length % 20) in (0, 1, 19)
    assert opened.finding(Endless) is None
    assert len(opened.history.states) == 1
    assert opened.history.saved
    assert so_far
    assert all(one.document is opened and one.value.texture is None for one in so_far)


def test_a_picture_is_told_that_it_has_no_loops(session, told, qtbot):
    session.add(leaving(1)[0], "picture.png")
    session.do(Loop())
    rest(session, qtbot)
    assert told == ["This is a picture: open a clip to find its loops."]


def test_a_loop_is_exported(session, filing, opened, told, tmp_path, qtbot):
    out = tmp_path / "loop.mp4"
    session.do(Loop())
    rest(session, qtbot)
    analysis = opened.finding(Loop).value
    assert filing.export_clip(opened, out, Loop(), analysis, ClipOptions())
    assert not filing.export_clip(opened, out, Loop(), analysis, ClipOptions())  # it is at it
    rest(session, qtbot)
    assert told[-1].startswith(f"loop.mp4 is exported: {analysis.wanted.length} frames")
    with open_clip(out) as made:
        assert made.clip.count == analysis.wanted.length


def test_an_export_that_is_stopped_leaves_nothing(session, filing, opened, tmp_path, qtbot):
    session.do(Loop())
    rest(session, qtbot)
    found = opened.finding(Loop).value
    before = sorted(tmp_path.iterdir())
    filing.export_clip(opened, tmp_path / "long.mp4", Endless(frames=50_000), found, ClipOptions())
    with qtbot.waitSignal(session.working):
        pass
    assert session.stop()
    rest(session, qtbot)
    assert sorted(tmp_path.iterdir()) == before


def test_closing_a_document_closes_its_film(session, opened, qtbot):
    film = opened.film
    assert film._reader is not None
    session.close_document(opened)
    rest(session, qtbot)
    assert film._reader is None


# ── projects ──


@pytest.fixture
def project(session, filing, opened, tmp_path, qtbot):
    """The clip with its frame edited, saved and closed."""
    pixels = np.full((4, 4, 3), 9, np.uint8)
    session.push(Swap(opened, "Paint", "image", Rect(0, 0, 4, 4), pixels))
    folder = tmp_path / "work"
    folder.mkdir()
    path = folder / "pendulum.patina"
    with qtbot.waitSignal(filing.saved):
        filing.save(opened, path, {"operations": {"Loop": {"sigma": 0.3}}})
    session.close_document(opened)
    rest(session, qtbot)
    return path


def test_a_project_holds_the_clip_by_reference(session, filing, project, clip, qtbot):
    assert project.stat().st_size < clip.stat().st_size + 60_000
    with qtbot.waitSignal(filing.restored) as restored:
        filing.open(project)
    document, settings = restored.args
    assert document.film.clip.count == 60
    assert (document.image[:4, :4] == 9).all()
    assert settings["operations"] == {"Loop": {"sigma": 0.3}}
    assert document.history.saved


def test_clip_and_project_can_be_moved_together(session, filing, project, clip, qtbot):
    shutil.move(clip, project.parent / clip.name)
    with qtbot.waitSignal(filing.restored) as restored:
        filing.open(project)
    assert restored.args[0].film.known.path == project.parent / clip.name
    with qtbot.waitSignal(filing.saved):
        filing.save(restored.args[0], project, {})
    found = Reference.from_dict(filing.project(restored.args[0], {}).settings["clip"])
    assert found.path == project.parent / clip.name


def test_a_clip_that_has_gone_or_changed_is_one_sentence(
    session, filing, project, clip, told, qtbot
):
    content = clip.read_bytes()
    clip.unlink()
    told.clear()
    filing.open(project)
    rest(session, qtbot)
    clip.write_bytes(content[:-1] + b"?")
    filing.open(project)
    rest(session, qtbot)
    gone, changed = told
    assert gone == (
        f"pendulum.patina cannot be opened: its clip {clip} is not there;"
        " put it back, or beside the project."
    )
    assert f"its clip {clip} has changed since" in changed
    assert session.current is None


@pytest.mark.parametrize("gone", [False, True])
def test_lost_work_comes_back_with_its_clip(
    session, filing, opened, clip, told, tmp_path, qtbot, gone
):
    journal = Journal.begin(tmp_path / "lost", filing.project(opened, {}), "pendulum.mp4", clip)
    journal.close()
    session.close_document(opened)
    rest(session, qtbot)
    if gone:
        clip.unlink()
    look = np.zeros((2, 2, 3), np.uint8)
    lost = Found(journal._folder, "pendulum.mp4", clip, datetime.now(), 1, look)
    with qtbot.waitSignal(filing.restored) as restored:
        filing.recover(lost)
    document = restored.args[0]
    assert document.title == "pendulum-recovered.mp4"
    assert (document.film is None) == gone
    assert any("is not there" in sentence for sentence in told) == gone


def test_a_large_file_is_known_by_parts_of_it(tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    before = Reference.of(path)
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    assert Reference.of(path).digest != before.digest
    assert Reference.of(path).size == before.size


@pytest.mark.parametrize(
    "told",
    [None, {}, [], {"path": 3, "size": 1, "sha256": ""}, {"path": "a\0b", "size": 1, "sha256": ""}],
)
def test_a_reference_that_makes_no_sense_is_none(told):
    assert Reference.from_dict(told) is None


def test_a_reference_to_nothing_says_so(tmp_path):
    with pytest.raises(FileProblem, match="there is no such file"):
        Reference.of(tmp_path / "gone.mp4")
