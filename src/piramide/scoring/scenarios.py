"""Score a plan under many scenarios at once: amendments, forecasts, simulations.

Most gaps are straight lines of the value between two bounds, so the bounds are moved to the values once, when the
scorer is made, and the slopes are moved into the weights. What is left to do for a cell is to hold it between two
numbers; what is left for a node is one product of matrices. Structures are taken in blocks whose values fit in the
processor's cache, scenarios in chunks of a bounded size. What takes the score of others is scored after them, in the
order of who takes from whom (R42).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.scoring.arrays import FULL, Flags, Floats, Numbers, Positions
from piramide.scoring.cells import CURRENT, Cells, compile_cells
from piramide.scoring.gaps import TakenScore, gaps_of
from piramide.scoring.indices import CLOSE
from piramide.scoring.layout import Layout
from piramide.scoring.plan import Plan
from piramide.scoring.rules.kinds import is_made_of_parts
from piramide.scoring.rules.work import Known
from piramide.scoring.score_of import Taken

BLOCK_LEAVES: Final = 96
"""Leaves of the structures of one block: small trees share one, a large tree has its own."""
CHUNK: Final = 512
"""Scenarios at a time: a block of values then takes a quarter of a megabyte."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some structures whole: their leaves and rows follow each other.

    The gap of a leaf is `clip(value, low, high)` times its slope plus a constant, both inside `weights`: (rows,
    leaves + 1), the last column for the constants. Leaves at `steps` are met or not: 1 between their `least` and
    `most`, else 0. Leaves at `special` take the gap of a special cell.
    """

    leaves: slice
    rows: slice
    low: Floats
    high: Floats
    weights: Floats
    steps: Positions
    least: Floats
    most: Floats
    special: Positions
    special_cells: Positions


@dataclass(frozen=True, slots=True, eq=False)
class _Taking:
    """A special cell that takes the score at some rows: `parts` are their shares, over what is known where not all is.

    `share` of it is known; `is_whole` when all of it is.
    """

    cell: int
    sources: Positions
    parts: Floats
    share: float
    is_whole: bool

    def score(self, indices: Floats) -> TakenScore:
        """The gap under each scenario, from the indices (rows, scenarios)."""
        gaps = self.parts @ (indices[self.sources] / FULL - 1.0)
        return TakenScore(gaps, self.share, self.is_whole, -np.inf, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """A plan ready for scenarios. `rows` are the positions of the layout that are answered.

    These are inner nodes, roots, and leaves whose score others take; `complete` says where the whole index is known,
    `coverage` how much of it.
    """

    plan: Plan
    rows: Positions
    blocks: tuple[_Block, ...]
    special: Cells | None
    special_places: Positions
    known: Known
    takings: tuple[tuple[_Taking, ...], ...]
    coverage: Floats
    complete: Flags

    def score(self, values: Floats, out: Floats | None = None, earlier: Floats | None = None) -> Floats:
        """Indices (rows, scenarios) over the leaves that are known; where not all are, the rest weighs nothing.

        `values` is (cells, scenarios), float64, in the order of `plan.cells.items`; `earlier` (moments - 1, cells)
        are the values at the plan's earlier moments, the same for all scenarios. `out` takes the answer; `shown` makes
        the mean of what is measured of it. Memory beside the answer stays below a few megabytes when no cell is
        special, whatever the number of scenarios.
        """
        answer = np.empty((len(self.rows), values.shape[1])) if out is None else out
        work = np.empty((max((block.weights.shape[1] for block in self.blocks), default=0), CHUNK))
        for start in range(0, values.shape[1], CHUNK):
            chunk = slice(start, min(start + CHUNK, values.shape[1]))
            here, indices = values[:, chunk], answer[:, chunk]
            taken: dict[int, TakenScore] = {}
            gaps = self._special_gaps(here, earlier, taken)
            for block in self.blocks:
                _score_block(block, here[block.leaves], work, gaps, indices[block.rows])
            for generation in self.takings:
                taken |= {one.cell: one.score(indices) for one in generation}
                gaps = self._special_gaps(here, earlier, taken)
                for block in self.blocks:
                    if len(block.special):
                        _score_block(block, here[block.leaves], work, gaps, indices[block.rows])
        return answer

    def shown(self, indices: Floats) -> Floats:
        """The number told at each row under each scenario: the index, else that of what is known; NaN of nothing."""
        partial = np.full(indices.shape, np.nan)
        known = self.coverage > 0
        partial[known] = (indices[known] - FULL) / self.coverage[known, None] + FULL
        return np.where(self.complete[:, None], indices, partial)

    def _special_gaps(self, values: Floats, earlier: Floats | None, taken: Mapping[int, TakenScore]) -> Floats | None:
        """Capped gaps of thresholds, bands, composites and their parts; `None` when the plan has none."""
        if self.special is None:
            return None
        here = values[self.special_places]
        moments = np.zeros((len(self.plan.moments), *here.shape))
        moments[CURRENT] = here
        if earlier is not None:
            moments[1:] = earlier[:, self.special_places, None]
        gaps = gaps_of(self.special, moments * self.known.values[:, :, None], self.known, taken)
        return gaps.capped


def _score_block(block: _Block, values: Floats, work: Floats, special: Floats | None, answer: Floats) -> None:
    leaves, scenarios = values.shape
    held = work[:leaves, :scenarios]
    np.maximum(values, block.low, out=held)
    np.minimum(held, block.high, out=held)
    if len(block.steps):
        judged = values[block.steps]
        held[block.steps] = (judged >= block.least) & (judged <= block.most)
    if special is not None and len(block.special):
        held[block.special] = special[block.special_cells]
    work[leaves, :scenarios] = 1.0
    np.matmul(block.weights, work[: leaves + 1, :scenarios], out=answer)


def prepare(plan: Plan, known: Known | None = None) -> Scorer:
    """Make a plan ready for scenarios.

    `known` says which values will be there, the same in all scenarios (`Readings.facts` of a file of values); by
    default all those of the scored moment that nothing else makes, and none before. What is not known weighs nothing,
    as in `Indices.index_measured` before its division by the coverage.
    """
    cells, layout = plan.cells, plan.layout
    facts = _all_now(plan) if known is None else known
    steps = _steps(cells)
    wanted = _special(plan, steps, facts)
    special = compile_cells([cells.items[place] for place in wanted], plan.moments) if len(wanted) else None
    here = Known(facts.values[:, wanted], facts.not_applicable[wanted], facts.is_worst[wanted], facts.quarter_before)
    share: Numbers = (
        facts.values[CURRENT] & ((cells.relative & cells.has_target) | steps.is_step) & ~cells.late
    ).astype(np.float64)
    rows = _rows(plan)
    takings: list[tuple[_Taking, ...]] = []
    taken: dict[int, TakenScore] = {}
    ones = np.ones((len(plan.moments), len(wanted), 1))
    for generation in ((), *plan.takings):
        of = _Known(layout, share, rows, wanted)
        takings.append(tuple(of.taking(one) for one in generation if not cells.late[one.cell]))
        taken |= {one.cell: TakenScore(0.0, one.share, one.is_whole, -np.inf, np.inf) for one in takings[-1]}
        if special is not None:
            share[wanted] = gaps_of(special, ones * here.values[:, :, None], here, taken).share
    of = _Known(layout, share, rows, wanted)
    blocks = tuple(_blocks(plan, rows, share, wanted, steps))
    return Scorer(plan, rows, blocks, special, wanted, here, tuple(takings[1:]), of.coverage[rows], of.complete[rows])


def _all_now(plan: Plan) -> Known:
    """Every value of now that nothing else makes."""
    items = plan.cells.items
    known = np.zeros((len(plan.moments), len(items)), np.bool_)
    known[CURRENT] = [
        not (is_made_of_parts(cell.indicator) or cell.indicator.score_of or cell.phases) for cell in items
    ]
    nothing = np.zeros(len(items), np.bool_)
    return Known(known, nothing, nothing, plan.quarter_before)


class _Known:
    """What is known at every position of the layout when `share` is known of each cell."""

    def __init__(self, layout: Layout, share: Numbers, rows: Positions, special: Positions) -> None:
        leaves = slice(0, len(layout.leaves))
        self.coverage = layout.roll_up(share[leaves])
        absent = layout.roll_up((share[leaves] < 1).astype(np.float64))
        self.complete: Flags = (absent == 0) & (np.abs(self.coverage - 1) < CLOSE)
        self._rows, self._special = rows, special

    def taking(self, taken: Taken) -> _Taking:
        """What a cell takes."""
        positions = np.array([at for at, _ in taken.sources], np.intp)
        parts = np.array([float(share) for _, share in taken.sources])
        known, is_whole = float(parts @ self.coverage[positions]), bool(self.complete[positions].all())
        return _Taking(
            cell=int(np.flatnonzero(self._special == taken.cell)[0]),
            sources=np.array([np.flatnonzero(self._rows == at)[0] for at in positions], np.intp),
            parts=parts / known if known and not is_whole else parts,
            share=1.0 if is_whole else known,
            is_whole=is_whole,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Cells met or not by their value of now alone; `least` and `most` are (cells,)."""

    is_step: Flags
    least: Floats
    most: Floats


def _steps(cells: Cells) -> _Steps:
    """Thresholds with one checkpoint, which reads the scored moment."""
    group, count = cells.checkpoints, len(cells.items)
    alone = np.bincount(group.owners, minlength=count)[group.owners] == 1
    alone &= (group.moments == CURRENT) & ~group.is_free
    is_step = np.zeros(count, np.bool_)
    least, most = np.full(count, -np.inf), np.full(count, np.inf)
    owners = group.owners[alone]
    is_step[owners] = True
    least[owners], most[owners] = group.least[alone, 0], group.most[alone, 0]
    return _Steps(is_step, least, most)


def _special(plan: Plan, steps: _Steps, facts: Known) -> Positions:
    """Cells whose gap is neither a straight line of their value nor a step, and the parts these are made of."""
    cells = plan.cells
    chosen = ~cells.relative & ~steps.is_step
    chosen[cells.looks_back] = True
    chosen |= facts.is_worst
    chosen[[taken.cell for generation in plan.takings for taken in generation]] = True
    chosen[cells.phases.parts] = True
    for group in reversed(cells.composites):
        chosen[group.cells] = True
        chosen[group.parts] = True
    return np.flatnonzero(chosen)


def _taken_leaves(plan: Plan) -> Positions:
    """Positions of leaves whose score others take."""
    sources = [at for generation in plan.takings for taken in generation for at, _ in taken.sources]
    return np.intersect1d(plan.layout.leaves, np.array(sources, np.intp))


def _rows(plan: Plan) -> Positions:
    """Inner nodes of each structure in the order of the paper, then its root; structure by structure."""
    layout = plan.layout
    inner = np.union1d(np.setdiff1d(np.arange(layout.size), layout.leaves), _taken_leaves(plan))
    roots = inner >= len(layout.nodes)
    owners = np.where(roots, inner - len(layout.nodes), layout.owners[np.where(roots, 0, inner)])
    answer: Positions = inner[np.argsort(owners, kind="stable")]
    return answer


def _blocks(plan: Plan, rows: Positions, known: Numbers, special: Positions, steps: _Steps) -> Iterator[_Block]:
    """Cut the plan into blocks of whole structures."""
    layout, cells = plan.layout, plan.cells
    lines = _lines(cells, special, steps)
    place_of = np.full(len(cells.items), -1, np.intp)
    place_of[special] = np.arange(len(special))
    row_of = np.full(layout.size, -1, np.intp)
    row_of[rows] = np.arange(len(rows))
    alone = _taken_leaves(plan)
    pairs_of_leaves = (*layout.path_weights(), (np.searchsorted(layout.leaves, alone), alone, np.ones(len(alone))))
    which, above, shares = (np.concatenate(column) for column in zip(*pairs_of_leaves, strict=True))
    by_leaf = np.argsort(which, kind="stable")
    which, above, shares = which[by_leaf], row_of[above[by_leaf]], (shares * known[which])[by_leaf]
    for leaves, inside in _ranges(plan, rows):
        pairs = slice(*np.searchsorted(which, [leaves.start, leaves.stop]))
        plain = np.zeros((inside.stop - inside.start, leaves.stop - leaves.start))
        plain[above[pairs] - inside.start, which[pairs] - leaves.start] = shares[pairs]
        stepping = np.flatnonzero(steps.is_step[leaves] & (place_of[leaves] < 0))
        others = np.flatnonzero(place_of[leaves] >= 0)
        yield _Block(
            leaves=leaves,
            rows=inside,
            low=lines.low[leaves, None],
            high=lines.high[leaves, None],
            weights=FULL * np.column_stack([plain * lines.slopes[leaves], 1.0 + plain @ lines.offsets[leaves]]),
            steps=stepping,
            least=steps.least[leaves][stepping, None],
            most=steps.most[leaves][stepping, None],
            special=others,
            special_cells=place_of[leaves][others],
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Gap of each cell as slope x clip(value, low, high) + offset."""

    slopes: Floats
    offsets: Floats
    low: Floats
    high: Floats


def _lines(cells: Cells, special: Positions, steps: _Steps) -> _Lines:
    """Values at which the cap binds, and the line between; what is special brings its gap, a step its 0 or 1."""
    signs, targets = cells.signs, cells.targets
    at_low = np.maximum(targets * (1.0 - signs * cells.caps), cells.floors)
    at_high = np.minimum(targets * (1.0 + signs * cells.high), cells.ceilings)
    low, high = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
    slopes = np.divide(signs, targets, out=np.zeros_like(targets), where=targets != 0)
    offsets = -signs
    fall = np.minimum(cells.caps, 1.0)
    slopes[steps.is_step], offsets[steps.is_step] = fall[steps.is_step], -fall[steps.is_step]
    slopes[special], offsets[special] = 1.0, 0.0
    free = steps.is_step.copy()
    free[special] = True
    return _Lines(slopes, offsets, np.where(free, -np.inf, low), np.where(free, np.inf, high))


def _ranges(plan: Plan, rows: Positions) -> Iterator[tuple[slice, slice]]:
    """Leaves and rows of consecutive structures, as many as fit in a block."""
    layout = plan.layout
    count = len(layout.structures)
    leaf_ends = np.searchsorted(layout.owners[layout.leaves], np.arange(count), side="right")
    row_ends = np.flatnonzero(rows >= len(layout.nodes)) + 1
    first_leaf = first_row = 0
    for owner in range(count):
        following = leaf_ends[owner + 1] if owner + 1 < count else np.inf
        if following - first_leaf > BLOCK_LEAVES:
            yield slice(first_leaf, int(leaf_ends[owner])), slice(first_row, int(row_ends[owner]))
            first_leaf, first_row = int(leaf_ends[owner]), int(row_ends[owner])
