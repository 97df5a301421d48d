"""Good zip files, of which something is changed."""

import json
import zipfile


def with_entries(path, whole, entries):
    """Write the good file with some entries replaced; None takes one away."""
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (there | entries).items():
            if data is not None:
                archive.writestr(name, data)
    return path


def with_told(path, whole, entry, told):
    """The same with some values of a JSON entry replaced."""
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        before = json.loads(archive.read(entry))
    return with_entries(path, whole, {entry: json.dumps(before | told)})
