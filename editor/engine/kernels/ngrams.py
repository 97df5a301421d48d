"""Inner loops of the n-grams: the places of a text in the order of what stands before them."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_READ = types.Array(types.int32, 1, "C", readonly=True)
_PLACES = types.int32[::1]
_COUNTS = types.int64[::1]


@njit(types.void(types.intp, types.intp, _READ, _COUNTS), nogil=True, cache=True)
def count_codes(start, stop, codes, counts):
    """Add to ``counts`` how often each symbol stands in a part of the text."""
    for i in range(start, stop):
        counts[codes[i]] += 1


@njit(
    types.void(types.intp, types.intp, _PLACES, _PLACES, _READ, types.intp, _COUNTS),
    nogil=True,
    cache=True,
)
def sort_pass(start, stop, order, sorted_, codes, back, cursors):
    """One pass of a radix sort: the places ``order`` by the symbol ``back`` before them, stably.

    ``cursors`` says where the next place with a symbol goes. The text is a ring.
    """
    count = len(codes)
    for i in range(start, stop):
        place = order[i]
        at = place - back
        code = codes[at if at >= 0 else at + count]
        sorted_[cursors[code]] = place
        cursors[code] += 1


@njit(
    types.int64(types.intp, types.intp, _PLACES, _READ, types.intp, types.int64, _PLACES),
    nogil=True,
    cache=True,
)
def name_groups(start, stop, order, codes, context, group, groups):
    """Give each place the number of its context; the last number given comes back.

    ``group`` is the number of the place before ``start`` in the order, −1 at the beginning.
    """
    count = len(codes)
    for i in range(start, stop):
        place = order[i]
        same = i > 0
        if same:
            before = order[i - 1]
            for back in range(1, context + 1):
                a, b = place - back, before - back
                if codes[a if a >= 0 else a + count] != codes[b if b >= 0 else b + count]:
                    same = False
                    break
        if not same:
            group += 1
        groups[place] = group
    return group


@njit(types.int32(_READ, _READ, types.int32, _PLACES, _PLACES), nogil=True, cache=True)
def lengthen(places, marked, least, before, after):
    """The longest run that was copied, if now one of these places was: each is one longer.

    ``before`` and ``after`` hold the length of the run at each place of the text, 0 where nothing
    runs; those ``marked`` in ``before`` are cleared. Because of its context a run has ``least``.
    """
    count, longest = len(before), np.int32(0)
    for i in range(len(places)):
        place = places[i]
        run = max(before[place - 1 if place > 0 else count - 1] + np.int32(1), least)
        after[place] = run
        longest = max(longest, run)
    for i in range(len(marked)):
        before[marked[i]] = 0
    return longest
