"""Draws of every cell, kept as the few values that each can have and which of them each draw takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Values that some cells can have, [row, choice], and the choice of each draw, the same for all of them.

    Every choice is taken by some draw.
    """

    values: Floats
    of_draw: Places
    counts: Places
    """How many draws take each choice."""

    @classmethod
    def of(cls, values: Floats, of_draw: Places) -> Choices:
        """Choices, counted; those that no draw takes are left out."""
        counts = np.bincount(of_draw, minlength=values.shape[1]).astype(np.int64)
        taken = counts > 0
        if taken.all():
            return cls(values, of_draw, counts)
        place: Places = np.cumsum(taken) - 1
        return cls(values[:, taken], place[of_draw], counts[taken])


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The draws of all cells: for each the choices it belongs to (none without a basis) and its row among them."""

    choices: Sequence[Choices]
    of_cell: Sequence[tuple[int, int] | None]
    count: int

    def values(self, start: int, stop: int) -> Floats:
        """Values of every cell in some draws, [cell, draw]; zero where a cell has none."""
        answer = np.zeros((len(self.of_cell), stop - start))
        taken = [choices.of_draw[start:stop] for choices in self.choices]
        for cell, place in enumerate(self.of_cell):
            if place is not None:
                np.take(self.choices[place[0]].values[place[1]], taken[place[0]], out=answer[cell])
        return np.nan_to_num(answer, copy=False)

    def of_one(self, group: int) -> Floats:
        """Values of every cell, [cell, choice], where one group of choices varies and the others keep their first."""
        count = self.choices[group].values.shape[1]
        answer = np.zeros((len(self.of_cell), count))
        for cell, place in enumerate(self.of_cell):
            if place is not None:
                values = self.choices[place[0]].values[place[1]]
                answer[cell] = values if place[0] == group else values[0]
        return np.nan_to_num(answer, copy=False)

    def is_known(self, cell: int) -> bool:
        """Whether a cell has a value in every draw."""
        values, _ = self.weighed(cell)
        return bool(len(values)) and bool(np.isfinite(values).all())

    def of(self, cell: int) -> Floats:
        """Values of one cell, [draw]; nothing where it has none."""
        place = self.of_cell[cell]
        if place is None:
            return np.empty(0)
        values: Floats = self.choices[place[0]].values[place[1]][self.choices[place[0]].of_draw]
        return values

    def weighed(self, cell: int) -> tuple[Floats, Places]:
        """The values that draws of a cell have, and how many have each."""
        place = self.of_cell[cell]
        if place is None:
            return np.empty(0), np.empty(0, np.int64)
        return self.choices[place[0]].values[place[1]], self.choices[place[0]].counts
