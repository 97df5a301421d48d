"""A text as symbols, what follows what in it, and a text that was drawn from it.

How they are made is ``ngrams``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]

_NO_SPACE_BEFORE = frozenset(".,;:!?)]}’”»%\n")
_NO_SPACE_AFTER = frozenset("([{‘“«\n")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text as a ring of symbols."""

    text: str  # tidied: single spaces, and a line break after each paragraph
    unit: str
    symbols: tuple[str, ...]  # the alphabet, or the vocabulary
    codes: Codes  # (N,) which symbol stands at each place
    starts: Codes  # (N,) where it stands in the text

    @property
    def count(self) -> int:
        return len(self.codes)

    def span(self, place: int) -> tuple[int, int]:
        """From where to where in the text the symbol of a place stands."""
        start = int(self.starts[place])
        return start, start + len(self.symbols[self.codes[place]])


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """All places of a text, in the order of the n − 1 symbols before them."""

    source: Source
    order: int
    places: Codes  # (N,) those with the same context together, and as they stand in the text
    groups: Codes  # (N,) the number of the context of each place
    first: NDArray[np.int64]  # where the places of each context begin

    def alike(self, place: int) -> Codes:
        """Every place with the same context, this one among them."""
        group = self.groups[place % self.source.count]
        return self.places[self.first[group] : self.first[group + 1]]

    def continuations(self, place: int) -> list[tuple[int, int]]:
        """What follows the context of a place, and how often: the most frequent first.

        At order 0 each symbol of the alphabet once.
        """
        if self.order == 0:
            return [(code, 1) for code in range(len(self.source.symbols))]
        counts = np.bincount(self.source.codes[self.alike(place)])
        codes = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        return list(zip(codes.tolist(), counts[codes].tolist(), strict=True))

    @property
    def contexts(self) -> int:
        return len(self.first) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A text that was drawn, symbol by symbol, and where each of them was read."""

    grams: Grams
    seed: int
    codes: Codes  # (length,)
    places: Codes  # (length,) of the text; at order 0 nothing is read there
    contexts: Codes  # (length,) a place whose context was the one looked for
    copied: Codes  # (length,) so many symbols until here stand in the text just so
    entropy: float  # F_n, bits a symbol

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def text(self) -> str:
        return written(self.grams.source, self.codes)

    @property
    def longest(self) -> tuple[int, int]:
        """Where the longest copied passage begins in the sample, and how long it is, in symbols."""
        at = int(self.copied.argmax())
        return at + 1 - int(self.copied[at]), int(self.copied[at])


def written(source: Source, codes: NDArray[Any]) -> str:
    """Symbols as a text, words with spaces between them."""
    symbols = [source.symbols[code] for code in codes.tolist()]
    if source.unit == "letters":
        return "".join(symbols)
    return "".join(
        after if before in _NO_SPACE_AFTER or after in _NO_SPACE_BEFORE else f" {after}"
        for before, after in pairwise(["\n", *symbols])
    )
