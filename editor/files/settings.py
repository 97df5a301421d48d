"""What the person chose, in one JSON file: broken or unwritable, it never stops the start."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, TypeVar

from editor.files.atomic import write_atomically
from editor.files.problems import FileProblem

T = TypeVar("T")

_FORMAT = 1
_RECENT = 20


class Settings:
    """Values by dotted names, as in ``get("tools.brush", {})``.

    A value of another type than the default's is as good as none: the file may have been edited.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        self.notices: list[str] = []  # what the person should know about the file
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError):
            self._set_aside()
            return
        try:
            loaded = json.loads(text)
        except (ValueError, RecursionError):
            self._set_aside()
            return
        if not isinstance(loaded, dict) or not isinstance(loaded.get("values"), dict):
            self._set_aside()
            return
        self._values = loaded["values"]

    def get(self, name: str, default: T) -> T:
        node: Any = self._values
        for part in name.split("."):
            if not isinstance(node, dict) or part not in node:
                return default
            node = node[part]
        return node if _fits(node, default) else default

    def set(self, name: str, value: Any) -> None:
        *path, last = name.split(".")
        node = self._values
        for part in path:
            inner = node.get(part)
            if not isinstance(inner, dict):
                inner = node[part] = {}
            node = inner
        node[last] = value

    def save(self) -> None:
        """Write the file; where that is not possible the values live as long as the program."""
        whole = {"format": _FORMAT, "values": self._values}
        with contextlib.suppress(FileProblem, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(whole, indent=1).encode())

    # ── recent files ──

    def recent(self) -> list[Path]:
        """The files used last that are still there, the newest first."""
        return [path for path in map(Path, self._listed()) if path.is_file()]

    def add_recent(self, path: Path) -> None:
        others = [one for one in self._listed() if one != str(path)]
        self.set("recent", [str(path), *others][:_RECENT])

    def remove_recent(self, path: Path) -> None:
        self.set("recent", [one for one in self._listed() if one != str(path)])

    def _listed(self) -> list[str]:
        listed: list[Any] = self.get("recent", [])
        return [one for one in listed if isinstance(one, str)]

    def _set_aside(self) -> None:
        """Keep a file that cannot be understood beside the new one."""
        aside = self._path.with_suffix(".bak")
        try:
            os.replace(self._path, aside)
            kept = f"; the old file is kept as {aside.name}"
        except OSError:
            kept = ""
        self.notices.append(f"The settings could not be read and start afresh{kept}.")


def _fits(value: Any, default: Any) -> bool:
    if default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))
