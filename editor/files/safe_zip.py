"""Zip archives from strangers: checked as a whole before a byte is unpacked, read by name only."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from types import TracebackType

from editor.files.problems import FileProblem, in_bytes, shown, unreadable

_MOST_ENTRIES = 10_000
_MOST_BYTES = 16 << 30  # all entries unpacked
_LOCAL_HEADER = 30  # bytes before an entry's name


class SafeZip:
    """An archive whose table has been checked. Raises FileProblem, and nothing else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise unreadable(path, error) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self._damaged("it is not a whole zip archive") from error
        try:
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> SafeZip:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str, at_most: int) -> bytes:
        """One entry, whole and checked; refused if it says it is larger than expected."""
        try:
            entry = self._zip.getinfo(name)
        except KeyError as error:
            raise self._damaged(f"{name} is missing") from error
        if entry.file_size > at_most:
            raise self._damaged(f"{name} is {in_bytes(entry.file_size)}, more than it can be")
        try:
            data = self._zip.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self._damaged(f"{name} cannot be read") from error
        except (RuntimeError, NotImplementedError) as error:
            raise self._damaged(f"{name} is packed in a way that is not known here") from error
        if len(data) != entry.file_size:
            raise self._damaged(f"{name} is shorter than it says")
        return data

    def _check(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise self._damaged(f"it has {len(entries)} entries")
        if sum(entry.file_size for entry in entries) > _MOST_BYTES:
            raise self._damaged("its contents would be larger than any project")
        names = set()
        for entry in entries:
            name = entry.filename
            parts = PurePosixPath(name).parts
            strange = "\\" in name or "\0" in entry.orig_filename or ":" in name
            if strange or name.startswith("/") or ".." in parts:
                raise self._damaged(f"an entry is called {name!r}")
            if name in names:
                raise self._damaged(f"{name} is there twice")
            names.add(name)
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise self._damaged(f"{name} is a link")
            if entry.flag_bits & 0x1:
                raise self._damaged(f"{name} is encrypted")
        self._check_overlap(entries)

    def _check_overlap(self, entries: list[zipfile.ZipInfo]) -> None:
        """Entries that share bytes are how a small archive becomes a huge one."""
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < end:
                raise self._damaged(f"{entry.filename} overlaps another entry")
            end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        if end > self._zip.start_dir:
            raise self._damaged("an entry reaches into the table of contents")

    def _damaged(self, why: str) -> FileProblem:
        return FileProblem(f"{shown(self._path)} cannot be opened: {why}")
