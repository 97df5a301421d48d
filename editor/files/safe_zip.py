"""Zip archives from strangers: checked as a whole before a byte is unpacked, read by name only.

Trap: ``ZipFile.read`` unpacks as much as the data hold and looks at the entry's size afterwards, so
that a kilobyte can ask for gigabytes. Entries are therefore read with their size as the limit.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from types import TracebackType

from editor.files.problems import FileProblem, in_bytes, refused, shown, unreadable

_MOST_ENTRIES = 10_000
_MOST_BYTES = 16 << 30  # all entries together, as they lie in the archive
_MOST_TABLE = 1 << 20  # bytes of the table of contents: some 10,000 entries
_LONGEST_NAME = 60  # in a sentence
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL = struct.Struct("<4s22xHH")  # an entry's own header: its mark, the lengths of name and extra
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


class SafeZip:
    """An archive whose table has been checked. Raises FileProblem, and nothing else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _opened(path)
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._file.most = None
            self._check()
        except _BROKEN as error:
            self._file.close()
            raise self._damaged("it is not a whole zip archive") from error
        except BaseException:
            self._file.close()
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
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str, at_most: int) -> bytes:
        """One entry, whole and checked; refused if it says it is larger than expected."""
        if name not in self:
            raise self._damaged(f"{name} is missing")
        entry = self._zip.getinfo(name)
        if entry.file_size > at_most:
            raise self._damaged(f"{name} is {in_bytes(entry.file_size)}, more than it can be")
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(entry.file_size + 1)
        except _BROKEN as error:
            raise self._damaged(f"{name} cannot be read") from error
        if len(data) != entry.file_size:
            raise self._damaged(f"{name} is shorter than it says")
        return data

    def check_contents(self) -> None:
        """Read every byte and compare it with its checksum."""
        for entry in self._zip.infolist():
            self.read(entry.filename, entry.file_size)

    def _check(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise self._damaged(f"it has {len(entries)} entries")
        if sum(entry.file_size for entry in entries) > _MOST_BYTES:
            raise self._damaged("its contents would be larger than any project")
        names = set()
        for entry in entries:
            name, told = entry.filename, _clipped(entry.filename)
            strange = any(letter in entry.orig_filename for letter in "\\\0:")
            if strange or name.startswith("/") or ".." in PurePosixPath(name).parts:
                raise self._damaged(f"an entry is called {told}")
            if name in names:
                raise self._damaged(f"{told} is there twice")
            names.add(name)
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise self._damaged(f"{told} is a link")
            if entry.flag_bits & 0x1:
                raise self._damaged(f"{told} is encrypted")
            if entry.compress_type not in _PACKED:
                raise self._damaged(f"{told} is packed in a way that is not known here")
        self._check_overlap(entries)

    def _check_overlap(self, entries: list[zipfile.ZipInfo]) -> None:
        """Entries that share bytes are how a small archive becomes a huge one."""
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            told = _clipped(entry.filename)
            if entry.header_offset < end:
                raise self._damaged(f"{told} overlaps another entry")
            self._file.seek(entry.header_offset)
            head = self._file.read(_LOCAL.size)
            if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
                raise self._damaged(f"{told} is not where it should be")
            _, name, extra = _LOCAL.unpack(head)
            end = entry.header_offset + _LOCAL.size + name + extra + entry.compress_size
        if end > self._zip.start_dir:
            raise self._damaged("an entry reaches into the table of contents")

    def _damaged(self, why: str) -> FileProblem:
        return refused(self._path, why)


class _Bounded(io.FileIO):
    """A file that refuses to be read in larger pieces than it is told."""

    most: int | None = _MOST_TABLE  # while ``zipfile`` takes in the table of contents at one go

    def read(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None else size
        if self.most is not None and size > self.most:
            raise zipfile.BadZipFile("the table of contents is too large")
        return super().read(size) or b""


def _opened(path: Path) -> _Bounded:
    """Only an ordinary file: a named pipe would wait for ever."""
    try:
        if path.is_dir():
            raise FileProblem(f"{shown(path)} cannot be opened: it is a folder")
        if path.exists() and not path.is_file():
            raise FileProblem(f"{shown(path)} cannot be opened: it is not an ordinary file")
        return _Bounded(path)
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise FileProblem(f"{shown(path)} cannot be opened: there can be no such file") from error


def _clipped(name: str) -> str:
    """A name from a stranger, short and printable enough for a sentence."""
    return repr(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…")
