"""Who helps whom in a month: nobody, the pairs of a printed table, or the best plan of what is forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.share.flow import best_flow, least_worst
from piramide.planning.share.network import network_of
from piramide.planning.share.pairs import moves_of
from piramide.planning.share.posing import Asked, Month, posed
from piramide.planning.share.reading import problem_of
from piramide.planning.targets import Families
from piramide.planning.year.month import Lent

Floats = NDArray[np.float64]

THOUSAND: Final = 1000


class Policy(StrEnum):
    """How help is decided."""

    NONE = "none"
    TABLE = "table"
    REPLAN = "replan"


Decide = Callable[[int, Floats], Sequence[Lent]]
"""The moves of a month, by its number and what waits [office, family] at its start."""


def nobody(_month: int, _waiting: Floats) -> Sequence[Lent]:
    """No help at all."""
    return ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of a printed table: points a month that some offices work for others."""

    providers: tuple[int, ...]
    receivers: tuple[int, ...]
    points: float


def by_table(pairs: Sequence[Pair], sizes: Floats, expected: Callable[[int], Floats]) -> Decide:
    """The printed pairs month after month, shared out by the size of the offices and what is there of each family.

    `sizes` [office] share out a region's part; `expected(month)` are the receipts forecast, [office, family].
    """

    def decide(month: int, waiting: Floats) -> Sequence[Lent]:
        there = waiting + expected(month)
        return [move for pair in pairs for move in _of_pair(pair, sizes, there)]

    return decide


def _of_pair(pair: Pair, sizes: Floats, there: Floats) -> Sequence[Lent]:
    givers, takers = sizes[list(pair.providers)], there[list(pair.receivers)]
    if not givers.sum() or not takers.sum():
        return []
    points = min(pair.points, float(takers.sum()))
    return [
        Lent(owner, worker, family, float(points * part * takers[at, family] / takers.sum()))
        for worker, part in zip(pair.providers, givers / givers.sum(), strict=True)
        for at, owner in enumerate(pair.receivers)
        for family in np.flatnonzero(takers[at]).tolist()
    ]


def best_moves(month: Month, *, worst_first: bool, families: Families, names: Mapping[str, int]) -> Sequence[Lent]:
    """The moves of the best plan of a month."""
    problem = problem_of(posed(month, Asked(worst_first=worst_first)), month.month)
    network = network_of(problem, worst=least_worst(problem) if worst_first else None)
    flow = best_flow(network)
    if flow is None:
        return ()
    family = {name: at for at, name in enumerate(families.families)}
    return [
        Lent(names[move.owner], names[move.worker], family[move.family], move.points / THOUSAND)
        for move in moves_of(problem, network, flow)
    ]
