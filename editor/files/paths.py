"""Where Patina keeps what is its own: settings, filters, caches, logs and what can be recovered.

The variable PATINA_HOME puts all of it into one folder, for tests and for portable use.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

_NAME = "patina"


def settings_file() -> Path:
    return _place("config", platformdirs.user_config_path) / "settings.json"


def cache_folder() -> Path:
    return _place("cache", platformdirs.user_cache_path)


def log_folder() -> Path:
    return _place("log", platformdirs.user_log_path)


def recovery_folder() -> Path:
    return _place("state", platformdirs.user_state_path) / "recovery"


def filters_folder() -> Path:
    return _place("data", platformdirs.user_data_path) / "filters"


def _place(kind: str, standard: Callable[..., Path]) -> Path:
    home = os.environ.get("PATINA_HOME")
    return Path(home) / kind if home else standard(_NAME, appauthor=False)
