"""Text that looks like English because each symbol follows as it does in a text.

C. E. Shannon: A Mathematical Theory of Communication, Bell System Technical Journal 27, 1948, §3,
"The series of approximations to English". To make one of order n he opened a book at random, read
on until the last n − 1 symbols of what he had written stood there, and wrote down the symbol that
came next. ``sampled`` does that: it draws one of all places of the text with this context. Efros
and Leung grow pictures in the same way, and say so.

The text is a ring: its end is followed by its beginning, so that every context goes on. What one
symbol tells about the next is F_n (C. E. Shannon: Prediction and Entropy of Printed English, Bell
System Technical Journal 30, 1951, eq. 1).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Generator, Iterable, Iterator

import numpy as np

from editor.engine.image import frozen
from editor.engine.kernels import ngrams as kernels
from editor.engine.markov import chance
from editor.engine.step import Step, last, silent, unseen
from editor.engine.text_sample import Codes, Grams, Sample, Source

LARGEST = 10_000_000  # letters of a text
UNITS = ("letters", "words")

_PIECE = 1 << 17  # places a kernel does between two places to stop
_LETTERS = 1 << 16  # of the text that Python reads at once
_WORD = re.compile(r"\n|\w+(?:['’\-]\w+)*|[^\w\s]")
_ENDS = frozenset(".!?\n")


# ── what a text is made of ──


def tidied(text: str, *, plain: bool = False) -> Generator[None, None, str]:
    """Single spaces, paragraphs apart by one line break; ``plain``: 26 letters and the space."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        parts = []
        for low in range(0, len(paragraph), _LETTERS):
            part = paragraph[low : low + _LETTERS]
            parts.append(re.sub(r"[^A-Z]+", " ", _unaccented(part)) if plain else part)
            yield
        if words := "".join(parts).split():
            paragraphs.append(" ".join(words))
    return (" " if plain else "\n").join(paragraphs)


def _unaccented(text: str) -> str:
    for letter, two in (("Æ", "AE"), ("æ", "ae"), ("Œ", "OE"), ("œ", "oe"), ("ß", "ss")):
        text = text.replace(letter, two)
    marks = (one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return "".join(one for one in marks if one not in "'’").upper()


def read(text: str, unit: str = "letters", *, plain: bool = False) -> Iterator[Step[Source]]:
    """A text as symbols."""
    if unit not in UNITS:
        raise ValueError(f"the unit is {unit!r}: choose {' or '.join(UNITS)}")
    if len(text) > LARGEST:
        raise ValueError(
            f"the text has {len(text):,} letters: {LARGEST:,} are the most that are read"
        )
    tidy = yield from silent(0.1, tidied(text, plain=plain))
    tidy += " " if plain else "\n"  # between the end and the beginning
    split = _letters if unit == "letters" else _words
    codes, symbols, starts = yield from silent(0.5, split(tidy))
    if len(symbols) < 3:
        raise ValueError(
            f"the text has too few different {unit}: two are the least that can be told apart"
        )
    yield Step(1.0, Source(tidy, unit, symbols, frozen(codes), frozen(starts)))


Read = Generator[None, None, tuple[Codes, tuple[str, ...], Codes]]


def _letters(text: str) -> Read:
    points = np.empty(len(text), np.int32)
    for low in range(0, len(text), _PIECE):
        piece = text[low : low + _PIECE].encode("utf-32-le", "surrogatepass")
        points[low : low + _PIECE] = np.frombuffer(piece, "<i4")
        yield
    there = np.zeros(int(points.max()) + 1, bool)
    there[points] = True
    yield
    alphabet = np.flatnonzero(there)
    code = np.cumsum(there, dtype=np.int32) - np.int32(1)
    return code[points], tuple(map(chr, alphabet)), np.arange(len(text), dtype=np.int32)


def _words(text: str) -> Read:
    known: dict[str, int] = {}
    codes: list[int] = []
    starts: list[int] = []
    for number, found in enumerate(_WORD.finditer(text)):
        codes.append(known.setdefault(found.group(), len(known)))
        starts.append(found.start())
        if number % (_LETTERS // 8) == 0:
            yield
    return np.array(codes, np.int32), tuple(known), np.array(starts, np.int32)


# ── the places of each context ──


def contexts_reference(codes: list[int], order: int) -> dict[tuple[int, ...], list[int]]:
    """As one would say it: the places of the text that have the same n − 1 symbols before them."""
    found: dict[tuple[int, ...], list[int]] = {}
    for place in range(len(codes)):
        context = tuple(codes[place - back] for back in range(max(order - 1, 0), 0, -1))
        found.setdefault(context, []).append(place)
    return found


def grams(source: Source, order: int) -> Iterator[Step[Grams]]:
    """The same for a long text: a radix sort of the places, one pass for each symbol before."""
    if not 0 <= order <= source.count:
        raise ValueError(f"the order is {order}: this text allows 0 to {source.count}")
    count, codes, context = source.count, source.codes, max(order - 1, 0)
    counts = np.zeros(len(source.symbols), np.int64)
    bands = [(low, min(low + _PIECE, count)) for low in range(0, count, _PIECE)]
    for low, high in bands:
        kernels.count_codes(low, high, codes, counts)
        yield Step(0.0)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    places, other = np.arange(count, dtype=np.int32), np.empty(count, np.int32)
    for back in range(context, 0, -1):
        cursors = begins.copy()
        for low, high in bands:
            kernels.sort_pass(low, high, places, other, codes, back, cursors)
            yield Step((context - back) / (context + 1))
        places, other = other, places
    groups, group = other, -1
    for low, high in bands:
        group = kernels.name_groups(low, high, places, codes, context, group, groups)
        yield Step(context / (context + 1))
    sizes = np.bincount(groups, minlength=group + 1)
    first = np.concatenate([[0], np.cumsum(sizes)])
    yield Step(1.0, Grams(source, order, frozen(places), frozen(groups), frozen(first)))


def entropy(grams: Grams, longer: Grams) -> float:
    """F_n = H(n symbols) − H(n − 1 symbols), bits: what is left to guess after n − 1 symbols.

    ``longer`` are the grams of the next order: there the contexts are n symbols.
    """
    if grams.order == 0:
        return float(np.log2(len(grams.source.symbols)))
    return max(0.0, _block_entropy(longer) - _block_entropy(grams))


def _block_entropy(grams: Grams) -> float:
    """−Σ p log₂ p of the contexts."""
    sizes, count = np.diff(grams.first), grams.source.count
    return float(np.log2(count) - (sizes * np.log2(sizes)).sum() / count)


# ── drawing ──


def sampled(
    grams: Grams, length: int, seed: int = 0, bits: float = math.nan
) -> Iterator[Step[Sample]]:
    """Text of so many symbols, from where a sentence begins; a random number belongs to each.

    The symbol read at place p and the n − 2 before it are the context of p + 1: so that is where
    to look next, and nothing has to be searched.
    """
    if not 1 <= length <= LARGEST:
        raise ValueError(f"the length is {length}: it goes from 1 to {LARGEST:,}")
    source, order = grams.source, grams.order
    codes, places, contexts, copied = (np.empty(length, np.int32) for _ in range(4))
    runs = np.zeros((2, source.count), np.int32)
    by_code: list[Codes] = []
    if order < 2:
        by_code = yield from silent(0.0, _by_code(source))
    before = np.zeros(0, np.int32)
    place = _beginning(source, chance(seed, 0))
    for k in range(length):
        u = chance(seed, k + 1)
        contexts[k] = place
        if order == 0:
            code = int(u * len(source.symbols))
            same = by_code[code]
            place = int(same[0])
        else:
            alike = grams.alike(place)
            place = int(alike[int(u * len(alike))])
            code = int(source.codes[place])
            same = by_code[code] if order == 1 else alike[source.codes[alike] == code]
        codes[k], places[k] = code, place
        least = min(max(order, 1), k + 1)
        copied[k] = kernels.lengthen(same, before, least, runs[k % 2], runs[1 - k % 2])
        before = same
        place = (place + 1) % source.count
        if k % 16 == 15:
            yield Step((k + 1) / length)
    for one in (codes, places, contexts, copied):
        one.flags.writeable = False
    yield Step(1.0, Sample(grams, seed, codes, places, contexts, copied, bits))


def _by_code(source: Source) -> Generator[None, None, list[Codes]]:
    """Of each symbol its places, for orders at which a context does not narrow them down."""
    counts = np.zeros(len(source.symbols), np.int64)
    bands = [(low, min(low + _PIECE, source.count)) for low in range(0, source.count, _PIECE)]
    for low, high in bands:
        kernels.count_codes(low, high, source.codes, counts)
        yield
    ends = np.cumsum(counts)
    places, found = np.arange(source.count, dtype=np.int32), np.empty(source.count, np.int32)
    cursors = ends - counts
    for low, high in bands:
        kernels.sort_pass(low, high, places, found, source.codes, 0, cursors)
        yield
    return np.split(frozen(found), ends[:-1])


def _beginning(source: Source, u: float) -> int:
    """A place where a sentence begins, if there is one; else a word; else any."""
    before = np.roll(source.codes, 1)
    spaces = np.isin(source.codes, _codes_of(source, " \n"))
    after_an_end = np.isin(before, _codes_of(source, _ENDS))
    if source.unit == "letters":
        after_an_end = np.roll(after_an_end & spaces, 1)
    after_a_space = np.isin(before, _codes_of(source, " "))
    for begins in (after_an_end & ~spaces, after_a_space, np.ones(source.count, bool)):
        found = np.flatnonzero(begins)
        if len(found) > 0:
            break
    return int(found[int(u * len(found))])


def _codes_of(source: Source, symbols: Iterable[str]) -> list[int]:
    return [code for code, symbol in enumerate(source.symbols) if symbol in symbols]


def sample_of(source: Source, order: int, *, length: int, seed: int = 0) -> Iterator[Step[Sample]]:
    """Sort the places of a text, measure its entropy, and draw."""
    found = yield from unseen(0, 0.3, grams(source, order))
    longer = found
    if 0 < order < source.count:
        longer = yield from unseen(0.3, 0.6, grams(source, order + 1))
    bits = entropy(found, longer)
    for step in sampled(found, length, seed, bits):
        yield Step(0.6 + 0.4 * step.done, step.value)


def text_like(
    text: str, order: int, *, unit: str = "letters", plain: bool = False, length: int, seed: int = 0
) -> Iterator[Step[Sample]]:
    """The same from the text itself."""
    source = yield from unseen(0, 0.3, read(text, unit, plain=plain))
    for step in sample_of(source, order, length=length, seed=seed):
        yield Step(0.3 + 0.7 * step.done, step.value)


def warm_up() -> None:
    last(text_like("abracadabra", 2, length=3))
