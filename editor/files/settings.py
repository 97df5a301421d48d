"""What the person chose, in one JSON file: broken or unwritable, it never stops the start."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any, TypeVar

from editor.files.atomic import write_atomically
from editor.files.problems import FileProblem, reason

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
        self._kept = True  # whether ``save`` may write
        self._failing = False  # whether it could not, the last time
        self.notices: list[str] = []  # what the person should know about the file
        try:
            self._values = _values_in(path.read_bytes())
        except FileNotFoundError:
            if not _can_be_made(path.parent):
                self._not_kept(f"{path.parent} cannot be written")
        except OSError as error:
            # It may be readable another time: what cannot be read is not written over either.
            self._not_kept(f"{path} cannot be read, {reason(error)}")
        except (ValueError, RecursionError) as error:
            newer = isinstance(error, _NewerFormat)
            self._set_aside("are of a newer Patina" if newer else "could not be read")

    def get(self, name: str, default: T) -> T:
        """A value of the default's type; a copy, so that it can be changed."""
        node: Any = self._values
        for part in name.split("."):
            if not isinstance(node, dict) or part not in node:
                return default
            node = node[part]
        if type(default) is int and isinstance(node, float) and node.is_integer():
            node = int(node)
        return copy.deepcopy(node) if _fits(node, default) else default

    def set(self, name: str, value: Any) -> None:
        """Keep a copy of a plain value. Raises TypeError for what JSON cannot hold."""
        *path, last = name.split(".")
        plain = json.loads(json.dumps(value))
        node = self._values
        for part in path:
            inner = node.get(part)
            if not isinstance(inner, dict):
                inner = node[part] = {}
            node = inner
        node[last] = plain

    def save(self) -> None:
        """Write the file; where that is not possible the values live as long as the program."""
        if not self._kept:
            return
        whole = {"format": _FORMAT, "values": self._values}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(whole, indent=1).encode())
        except FileProblem as problem:
            self._failed(str(problem))
        except OSError as error:
            self._failed(f"{self._path.parent} cannot be made, {reason(error)}")
        else:
            self._failing = False

    # ── recent files ──

    def recent(self) -> list[Path]:
        """The files used last that are still there, the newest first."""
        return [Path(one) for one in self._listed() if os.path.isfile(one)]

    def add_recent(self, path: Path) -> None:
        path = path.absolute()
        others = [one for one in self._listed() if one != str(path)]
        self.set("recent", [str(path), *others][:_RECENT])

    def remove_recent(self, path: Path) -> None:
        path = path.absolute()
        self.set("recent", [one for one in self._listed() if one != str(path)])

    def _listed(self) -> list[str]:
        listed: list[Any] = self.get("recent", [])
        return [one for one in listed if isinstance(one, str)]

    # ── what may be wrong ──

    def _set_aside(self, what: str) -> None:
        """Keep a file that cannot be used beside the new one."""
        aside = self._path.with_suffix(".bak")
        try:
            os.replace(self._path, aside)
        except OSError as error:
            self._not_kept(f"they {what}, and {self._path} stays as it is, {reason(error)}")
        else:
            self.notices.append(
                f"The settings {what} and start afresh; the old file is {aside.name}."
            )

    def _not_kept(self, why: str) -> None:
        self._kept = False
        self.notices.append(f"The settings are not kept: {why}.")

    def _failed(self, why: str) -> None:
        """Told once, until it works again: settings are saved often."""
        if not self._failing:
            self.notices.append(f"The settings are not kept: {why}.")
        self._failing = True


class _NewerFormat(ValueError):
    pass


def _values_in(data: bytes) -> dict[str, Any]:
    loaded = json.loads(data)
    if not isinstance(loaded, dict) or not isinstance(loaded.get("values"), dict):
        raise ValueError("settings are an object with values")
    version = loaded.get("format")
    if type(version) is not int or version < 1:
        raise ValueError("settings have a format")
    if version > _FORMAT:
        raise _NewerFormat(f"format {version}")
    values: dict[str, Any] = loaded["values"]
    return values


def _can_be_made(folder: Path) -> bool:
    """Whether a file could be written there, with the folders that are still missing."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def _fits(value: Any, default: Any) -> bool:
    if default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))
