import pytest

from editor.files import texts
from editor.files.problems import FileProblem
from editor.files.texts import read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_it_reads_what_was_written(encoding, tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("Grüße, Æther\n".encode(encoding))
    assert read_text(path) == "Grüße, Æther\n"


def test_a_picture_is_no_text(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(FileProblem, match=r"photo\.png cannot be opened: it is no text"):
        read_text(path)


def test_a_folder_and_nothing_are_named(tmp_path):
    with pytest.raises(FileProblem, match="it is a folder"):
        read_text(tmp_path)
    with pytest.raises(FileProblem, match="no such file"):
        read_text(tmp_path / "none.txt")


def test_a_text_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "LARGEST", 1000)
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * 1200)
    with pytest.raises(FileProblem, match=r"it has 1\.2 kB, and 1\.0 kB are the most"):
        read_text(path)
