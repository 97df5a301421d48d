"""Fill on a graphics card: the search and the votes of each level are torch's, all else as in fill.

    card = Card("cuda")
    steps = fill(image, hole, solver=partial(TorchSolver, card=card))
    # and after the last step: card.notices

What is known of the picture stays on the card while a level is solved; the estimate and the places
go there and back once in a pass, which is little beside the search. Where the card's memory does
not suffice, tiles grow smaller; where nothing helps, the processor solves the same pass instead,
and all that follow.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from editor.engine.fill_level import SIZE, SWEEPS, Bytes, Pauses, Solver
from editor.engine.guided import Follower
from editor.engine.image import Mask
from editor.engine.patchmatch import Field, Search
from editor.engine.patchmatch_torch import BROKEN, Card, TorchSearch
from editor.engine.threads import Crew

_R = SIZE // 2
_EACH = 128  # bytes for a pixel while votes are counted


class TorchSolver(Solver):
    """One level, on a card as long as that works."""

    def __init__(
        self,
        search: Search,
        unknown: Mask,
        crew: Crew,
        lines: Follower | None = None,
        *,
        card: Card,
    ) -> None:
        super().__init__(search, unknown, crew, lines)
        self._card = card
        self._twin: TorchSearch | None = None

    def _match(self, field: Field, seed: int, reach: int | None) -> Pauses:
        if not self._card.failed:
            try:
                yield from self._match_there(field, seed, reach)
            except BROKEN as problem:
                self._give_up(problem)
            else:
                return
        yield from super()._match(field, seed, reach)

    def _vote(self, field: Field) -> Pauses:
        if not self._card.failed:
            try:
                yield from self._vote_there(field)
            except BROKEN as problem:
                self._give_up(problem)
            else:
                return
        yield from super()._vote(field)

    def _give_up(self, problem: Exception) -> None:
        """The field and the estimate are as they were before: they are written at the end."""
        self._card.fail(problem)
        self._twin = None

    def _match_there(self, field: Field, seed: int, reach: int | None) -> Pauses:
        twin = self._on_card()
        twin.look()
        yield
        yield from twin.begin(field.positions, seed)
        everywhere = max(self._search.pair.norms.shape)
        for number in range(SWEEPS):
            yield from twin.sweep(seed, number, everywhere if reach is None else reach)
        yield from twin.store(field)

    def _vote_there(self, field: Field) -> Pauses:
        twin = self._on_card()
        twin.put(field.positions)
        weights = torch.from_numpy(self._weights).to(self._card.device).reshape(-1)
        yield
        colours = np.empty((len(self._ys), self._search.pair.channels), np.uint8)
        voted = np.empty(len(colours), np.bool_)
        low = 0
        while low < len(colours):
            part = slice(low, low + max(1, self._card.memory // _EACH))
            try:
                mean = self._mean(twin, weights, part)
            except torch.OutOfMemoryError:
                mean = None  # what the exception holds is let go of first
            if mean is None:
                self._card.halve()
                continue
            colours[part], voted[part] = mean
            low = part.stop
            yield
        self._search.target[self._ys[voted], self._xs[voted]] = colours[voted]

    def _mean(self, twin: TorchSearch, weights: Tensor, part: slice) -> tuple[Bytes, Mask]:
        """Of what all patches over some pixels of the hole say, and whether any says anything.

        One place of the patch after the other, in the order of the other version.
        """
        height, width = self._unknown.shape
        across = self._search.pair.norms.shape[1]
        channels = self._search.pair.channels
        pixels = twin.source[: self._search.source.size].view(-1, channels)
        ys, xs = (
            torch.from_numpy(axis[part]).to(self._card.device).long()
            for axis in (self._ys, self._xs)
        )
        sums = torch.zeros(len(ys), device=weights.device)
        total = torch.zeros((len(ys), channels), device=weights.device)
        for dy, dx in np.ndindex(SIZE, SIZE):
            v, u = ys + (dy - _R), xs + (dx - _R)
            there = (v >= 0) & (u >= 0) & (v < height) & (u < width)
            centre = torch.where(there, v * width + u, 0)
            weight = torch.where(there, weights[centre], 0)
            place = twin.grid[centre] - ((dy - _R) * across + dx - _R)
            place = torch.where(weight > 0, place, 0)
            total += weight[:, None] * (pixels[place].float() + 128)
            sums += weight
        voted = sums > 0
        mean = total / torch.where(voted, sums, 1)[:, None] + 0.5
        return mean.to(torch.uint8).cpu().numpy(), voted.cpu().numpy()

    def _on_card(self) -> TorchSearch:
        if self._twin is None:
            self._twin = TorchSearch(self._search.pair, self._card)
        return self._twin
