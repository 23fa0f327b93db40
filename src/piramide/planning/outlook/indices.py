"""Every draw scored: indices of structures over the draws, what is told of them and of their leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.progress import Progress, silent
from piramide.planning.outlook.answer import NONE, NodeAhead, band_of, structure_json
from piramide.planning.outlook.draws import Draws
from piramide.scoring.arrays import FULL
from piramide.scoring.cells import CURRENT
from piramide.scoring.open_reach import open_reach
from piramide.scoring.plan import Plan
from piramide.scoring.rules.work import Known
from piramide.scoring.scenarios import Scorer, prepare

CHUNK: Final = 512
"""Draws scored at a time."""
_SAME: Final = 1e-9
"""Points of index below which two ways to add up are the same."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnIndices:
    """A plan scored in every draw: `indices` [structure, draw] weigh what has a basis, the rest at its target.

    `bases` say of each cell what its draws rest on.
    """

    plan: Plan
    scorer: Scorer
    known: Known
    bases: Sequence[str]
    draws: Draws
    indices: Floats

    @classmethod
    def of(cls, plan: Plan, bases: Sequence[str], draws: Draws, progress: Progress = silent) -> DrawnIndices:
        """Score all draws; a cell with a draw that has no value has no basis."""
        found = [basis if draws.is_known(cell) else NONE for cell, basis in enumerate(bases)]
        values = np.zeros((len(plan.moments), len(found)), np.bool_)
        values[CURRENT] = [basis != NONE for basis in found]
        nothing = np.zeros(len(found), np.bool_)
        known = Known(values, nothing, nothing, plan.quarter_before)
        scorer = prepare(plan, known)
        roots = scorer.rows >= len(plan.layout.nodes)
        indices = _scored(scorer, roots, draws, progress)
        return cls(plan, scorer, known, found, draws, indices)

    def structures(self) -> list[dict[str, Any]]:
        """What is told of every structure and its leaves."""
        plan, leaves = self.plan, self._leaves()
        coverage, complete = self._covered()
        below, above = open_reach(plan, self.known, self.draws.values(0, 1)[:, 0])
        shown = self.shown()
        answer = []
        for at, name in enumerate(plan.layout.structures):
            is_whole = bool(complete[at])
            band = None if is_whole else band_of(self.indices[at], float(below[at]), float(above[at]))
            beside = {"complete": is_whole, "coverage": float(coverage[at]), "band": band}
            answer.append(structure_json(name, shown[at], beside, leaves.get(name, [])))
        return answer

    def _leaves(self) -> dict[str, list[NodeAhead]]:
        leaves: dict[str, list[NodeAhead]] = defaultdict(list)
        for at, (cell, basis) in enumerate(zip(self.plan.cells.items, self.bases, strict=True)):
            if cell.node is not None:
                target = None if cell.target is None else float(cell.target)
                values, counts = self.draws.weighed(at) if basis != NONE else (np.empty(0), np.empty(0, np.int64))
                leaves[cell.structure].append(
                    NodeAhead(cell.node.id, basis, values, counts, target, cell.indicator.direction)
                )
        return leaves

    def shown(self) -> Floats:
        """The number told of each structure in each draw: its index, else that of what has a basis; NaN of nothing."""
        coverage, complete = self._covered()
        part = np.where(complete | (coverage <= 0), 1.0, coverage)[:, None]
        shown: Floats = (self.indices - FULL) / part + FULL
        shown[coverage <= 0] = np.nan
        return shown

    def _covered(self) -> tuple[Floats, NDArray[np.bool_]]:
        roots = self.scorer.rows >= len(self.plan.layout.nodes)
        return self.scorer.coverage[roots], self.scorer.complete[roots]


def _scored(scorer: Scorer, roots: NDArray[np.bool_], draws: Draws, progress: Progress) -> Floats:
    """Indices of the structures in every draw, [structure, draw].

    Where what each group of choices moves simply adds up, as the first draws tell, every choice is scored once; where
    it does not (a composite with parts of both), every draw is.
    """
    first = scorer.score(draws.values(0, min(CHUNK, draws.count)))[roots]
    added = _added_up(scorer, roots, draws)
    if np.allclose(added[:, : first.shape[1]], first, rtol=0, atol=_SAME):
        progress("", draws.count, draws.count)
        return added
    for start in range(0, draws.count, CHUNK):
        stop = min(start + CHUNK, draws.count)
        added[:, start:stop] = scorer.score(draws.values(start, stop))[roots]
        progress("", stop, draws.count)
    return added


def _added_up(scorer: Scorer, roots: NDArray[np.bool_], draws: Draws) -> Floats:
    """What each group of choices moves, the others kept at their first, added up."""
    moved = [scorer.score(draws.of_one(group))[roots] for group in range(len(draws.choices))]
    start = moved[0][:, :1]
    total = np.repeat(start, draws.count, axis=1)
    for choices, indices in zip(draws.choices, moved, strict=True):
        total += np.take(indices - start, choices.of_draw, axis=1)
    return total
