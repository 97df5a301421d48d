"""Settings come back; whatever is wrong with the file, the start goes on."""

import json

import pytest

from editor.files.settings import Settings


def test_values_come_back(tmp_path):
    settings = Settings(tmp_path / "deep" / "settings.json")
    settings.set("tools.brush", {"size": 12})
    settings.set("theme", "light")
    settings.save()
    again = Settings(tmp_path / "deep" / "settings.json")
    assert again.get("tools.brush", {}) == {"size": 12}
    assert again.get("theme", "dark") == "light"
    assert again.notices == []


def test_what_was_never_set_is_the_default(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    assert settings.get("tools.brush.size", 64) == 64


@pytest.mark.parametrize(
    ("stored", "default"),
    [("many", 4), (True, 4), (3, "dark"), ([], {}), (1, False), (None, "dark")],
)
def test_a_value_of_another_kind_is_as_good_as_none(tmp_path, stored, default):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 1, "values": {"it": stored}}))
    assert Settings(path).get("it", default) == default


@pytest.mark.parametrize("text", ["", "{", "[]", '{"values": 3}', "\x00\xff", "[" * 100_000])
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


def test_an_unwritable_home_stops_nothing(tmp_path):
    (tmp_path / "home").write_text("a file where a folder should be")
    settings = Settings(tmp_path / "home" / "settings.json")
    settings.set("theme", "light")
    settings.save()
    assert settings.get("theme", "dark") == "light"


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
