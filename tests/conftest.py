"""Every test runs without a screen, without a home and without a GPU unless it says so."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
