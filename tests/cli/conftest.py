"""What the tests of all commands share."""

from pathlib import Path

import pytest

from editor import log


@pytest.fixture(autouse=True)
def _no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "start", lambda folder: None)  # it has tests of its own


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.png"
