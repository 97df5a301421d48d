"""Settings come back; whatever is wrong with the file, the start goes on."""

import json
import os
from pathlib import Path

import pytest

from editor.files import paths
from editor.files.settings import Settings


def test_values_come_back(tmp_path):
    settings = Settings(tmp_path / "deep" / "settings.json")
    settings.set("tools.brush", {"size": 12})
    settings.set("theme", "light")
    settings.save()
    again = Settings(tmp_path / "deep" / "settings.json")
    assert again.get("tools.brush", {}) == {"size": 12}
    assert again.get("tools.brush.size", 64) == 12
    assert again.get("theme", "dark") == "light"
    assert again.notices == []


def test_what_was_never_set_is_the_default(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    assert settings.get("tools.brush.size", 64) == 64


def test_what_is_given_out_or_taken_in_is_a_copy(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    keys = {"fill": ["F"]}
    settings.set("keys", keys)
    keys["fill"].append("G")
    settings.get("keys", {})["fill"].append("H")
    assert settings.get("keys", {}) == {"fill": ["F"]}


def test_what_cannot_be_kept_is_refused_where_it_is_set(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    with pytest.raises(TypeError):
        settings.set("window.place", Path("here"))
    settings.save()
    assert Settings(tmp_path / "settings.json").notices == []


@pytest.mark.parametrize(
    ("stored", "default"),
    [("many", 4), (True, 4), (1.5, 4), (3, "dark"), ([], {}), (1, False), (None, "dark")],
)
def test_a_value_of_another_kind_is_as_good_as_none(tmp_path, stored, default):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 1, "values": {"it": stored}}))
    assert Settings(path).get("it", default) == default


@pytest.mark.parametrize(("stored", "default", "kind"), [(4.0, 1, int), (4, 1.0, int)])
def test_a_whole_number_may_be_written_either_way(tmp_path, stored, default, kind):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 1, "values": {"it": stored}}))
    assert Settings(path).get("it", default) == 4
    assert type(Settings(path).get("it", default)) is kind


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"values": 3}', '{"values": {}}', "\x00\xff", "[" * 100_000]
)
def test_a_broken_file_is_set_aside_and_told(tmp_path, text):
    path = tmp_path / "settings.json"
    path.write_bytes(text.encode("latin-1"))
    settings = Settings(path)
    assert settings.get("theme", "dark") == "dark"
    assert len(settings.notices) == 1
    assert "settings.bak" in settings.notices[0]
    assert (tmp_path / "settings.bak").read_bytes() == text.encode("latin-1")
    settings.set("theme", "light")
    settings.save()
    assert Settings(path).get("theme", "dark") == "light"


def test_settings_of_a_newer_patina_are_set_aside_and_told(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 2, "values": {"theme": "light"}}))
    settings = Settings(path)
    assert settings.get("theme", "dark") == "dark"
    assert "newer Patina" in settings.notices[0]
    assert json.loads((tmp_path / "settings.bak").read_text())["format"] == 2


def test_an_unwritable_home_stops_nothing_and_is_told_at_once(tmp_path):
    (tmp_path / "home").write_text("a file where a folder should be")
    settings = Settings(tmp_path / "home" / "settings.json")
    assert len(settings.notices) == 1
    settings.set("theme", "light")
    settings.save()
    assert settings.get("theme", "dark") == "light"
    assert len(settings.notices) == 1


def test_a_file_that_cannot_be_read_now_is_not_written_over(tmp_path, monkeypatch):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 1, "values": {"theme": "light"}}))

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", denied)
        settings = Settings(path)
    assert "permission is denied" in settings.notices[0]
    settings.set("theme", "dark")
    settings.save()
    assert Settings(path).get("theme", "dark") == "light"


def test_a_disk_that_refuses_is_told_once(tmp_path, monkeypatch):
    settings = Settings(tmp_path / "settings.json")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for theme in ("light", "dark"):
        settings.set("theme", theme)
        settings.save()
    assert len(settings.notices) == 1
    assert "the disk is full" in settings.notices[0]


def test_recent_files_are_the_newest_first_once_each_and_still_there(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    paths = [tmp_path / f"{n}.png" for n in range(25)]
    for path in paths:
        path.touch()
        settings.add_recent(path)
    settings.add_recent(paths[10])
    paths[24].unlink()
    recent = settings.recent()
    assert recent[:3] == [paths[10], paths[23], paths[22]]
    assert len(recent) == 19
    settings.remove_recent(paths[10])
    assert paths[10] not in settings.recent()


def test_a_recent_file_is_found_from_any_folder(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.png").touch()
    settings = Settings(tmp_path / "settings.json")
    monkeypatch.chdir(tmp_path / "here")
    settings.add_recent(Path("a.png"))
    monkeypatch.chdir(tmp_path)
    assert settings.recent() == [tmp_path / "here" / "a.png"]


def test_senseless_recent_files_are_left_out(tmp_path):
    path = tmp_path / "settings.json"
    listed = ["a\0b.png", 3, None, "x" * 9999, str(tmp_path)]
    path.write_text(json.dumps({"format": 1, "values": {"recent": listed}}))
    assert Settings(path).recent() == []


def test_one_variable_moves_every_folder(tmp_path, monkeypatch):
    places = (
        paths.settings_file,
        paths.cache_folder,
        paths.log_folder,
        paths.recovery_folder,
    )
    monkeypatch.setenv("PATINA_HOME", str(tmp_path))
    assert all(place().is_relative_to(tmp_path) for place in places)
    assert len({place() for place in places}) == len(places)
    monkeypatch.delenv("PATINA_HOME")
    assert all("patina" in place().parts for place in places)
