"""A and A′ are found by their names, whichever of them is pointed at."""

import pytest

from editor.files.pairs import together
from editor.files.problems import FileProblem


def touched(folder, *names):
    for name in names:
        (folder / name).touch()


@pytest.mark.parametrize("after", ["Ap", "A'", "A′", "Aprime", "ap"])
@pytest.mark.parametrize("stem", ["tree-", "tree_", "the tree ", "v1.", ""])
def test_any_member_finds_the_others(tmp_path, stem, after):
    touched(tmp_path, f"{stem}A.png", f"{stem}{after}.jpg", f"{stem}B.tif", "other-A.png")
    for name in (f"{stem}A.png", f"{stem}{after}.jpg", f"{stem}B.tif"):
        found = together(tmp_path / name)
        assert [path.name for path in found] == [
            f"{stem}A.png", f"{stem}{after}.jpg", f"{stem}B.tif"
        ]  # fmt: skip


def test_B_need_not_be_there_and_other_files_are_no_pictures(tmp_path):
    touched(tmp_path, "x-A.png", "x-Ap.png", "x-B.txt")
    assert together(tmp_path / "x-A.png").B is None


@pytest.mark.parametrize(
    ("names", "chosen", "cause"),
    [
        (("x-A.png",), "x-A.png", "there is no x-Ap beside it"),
        (("x-Ap.png", "x-B.png"), "x-B.png", "there is no x-A beside it"),
        (("PANDA.png", "PANDAp.png"), "PANDA.png", "is not one of a pair"),
    ],
)
def test_what_is_alone_is_said(tmp_path, names, chosen, cause):
    touched(tmp_path, *names)
    with pytest.raises(FileProblem, match=cause):
        together(tmp_path / chosen)
