"""What holds for all tests of the engine."""

import pytest

from editor.engine import threads


@pytest.fixture(autouse=True)
def shared_however_small(monkeypatch):
    """Pictures in tests are small: a crew of two shares their work all the same."""
    monkeypatch.setattr(threads, "_WORTH_SHARING", 1)
