"""A search reads nothing outside its pictures: they lie between pages that nobody may touch.

In a process of its own, since what reads such a page ends it.
"""

import ctypes
import mmap
import subprocess
import sys

import numpy as np
import pytest

from editor.engine.patchmatch import Search

_FENCED = "from tests.engine.test_patchmatch_bounds import search_fenced; search_fenced({}, {!r})"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pages are locked as on Linux")
@pytest.mark.parametrize("neighbours", [None, 2])
@pytest.mark.parametrize("place", ["first", "last"])
def test_nothing_is_read_before_or_behind_a_picture(neighbours, place):
    ran = subprocess.run([sys.executable, "-c", _FENCED.format(neighbours, place)], check=False)
    assert ran.returncode == 0


def search_fenced(neighbours, place):
    """All patches begin at the first or last of the source, and neighbours point beyond it."""
    picture = np.random.default_rng(0).integers(0, 256, (40, 90, 3), np.uint8)
    search = Search(picture, picture)
    for _ in search.prepare():
        pass
    search.pair = search.pair._replace(source=between_locked_pages(search.pair.source, place))
    field = search.empty_field(neighbours)
    field.positions[...] = (3, 3) if place == "first" else (36, 86)
    for _ in search.begin(field, 0):
        pass
    for number in range(2):
        for _ in search.sweep(field, 0, number):
            pass


def between_locked_pages(data, place):
    """A copy right behind a page that cannot be read, or right before one."""
    page = mmap.PAGESIZE
    inner = -(-data.nbytes // page) * page
    memory = mmap.mmap(-1, inner + 2 * page)
    whole = np.frombuffer(memory, np.int8)
    start = page if place == "first" else page + inner - data.nbytes
    copy = whole[start : start + data.nbytes]
    copy[...] = data
    lock = ctypes.CDLL(None).mprotect
    for at in (0, page + inner):
        assert lock(ctypes.c_void_p(whole.ctypes.data + at), ctypes.c_size_t(page), 0) == 0
    return copy
