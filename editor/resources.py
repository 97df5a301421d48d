"""Finds the pictures, icons and style that come with Patina, in a checkout and when installed."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of one resource, as in ``resource("icons", "brush.svg")``."""
    installed = _HERE / "resources"  # where the wheel puts the folder that stands beside editor/
    folder = installed if installed.is_dir() else _HERE.parent / "resources"
    return folder.joinpath(*parts)
