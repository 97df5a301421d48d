"""Fixtures of the file tests."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engine.image import Picture


@pytest.fixture
def noise() -> Picture:
    """RGB8 that no lossy encoder keeps."""
    return np.random.default_rng(7).integers(0, 256, (40, 60, 3), dtype=np.uint8)
