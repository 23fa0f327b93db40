"""The values of a plan's cells: which row of the file each cell reads at each moment, and what stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from piramide.kernel.statuses import Status, position
from piramide.kernel.value_rows import SEPARATOR
from piramide.methodology.model import MissingPolicy
from piramide.scoring.arrays import Flags, Floats, Positions
from piramide.scoring.cells import CURRENT
from piramide.scoring.plan import Plan
from piramide.scoring.rules.work import Known
from piramide.scoring.values import Values, moment_code, moment_of

MISSING, NOT_APPLICABLE, ESTIMATED = map(position, (Status.MISSING, Status.NOT_APPLICABLE, Status.ESTIMATED))


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What the file says of each cell.

    `rows` is (moments, cells), -1 where there is none; `values` (0 where not `known`) likewise. `statuses` (cells,)
    are positions in `STATUSES` at the scored moment. `filled_from` (cells,) is the code of the earlier moment whose
    value stands in under the policy `previous`, 0 elsewhere; `is_worst` marks cells that the policy `worst` settles;
    `own_row` those whose own row won over the named structure's.
    """

    rows: NDArray[np.intp]
    values: Floats
    known: Flags
    statuses: NDArray[np.int8]
    filled_from: NDArray[np.int32]
    is_worst: Flags
    own_row: Flags

    def facts(self, quarter_before: int) -> Known:
        """What the rules need to know of what is there."""
        return Known(self.known, self.statuses == NOT_APPLICABLE, self.is_worst, quarter_before)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What the cells of a plan ask a file of values for, whatever the file.

    `names` are, for each cell in turn, its own name, then that under which it takes another's value by its node, then
    by its indicator; `policies` say what stands in for what is missing.
    """

    names: pa.StringArray
    is_shared: Flags
    policies: NDArray[np.str_]


def asked_by(plan: Plan) -> Asked:
    """What a plan asks for, for who reads several files."""
    items = plan.cells.items
    pairs = [
        *((cell.structure, cell.key) for cell in items),
        *((cell.shared_from, cell.key) for cell in items),
        *((cell.shared_from, cell.indicator.id) for cell in items),
    ]
    return Asked(
        names=pa.array([f"{structure}{SEPARATOR}{node}" for structure, node in pairs], pa.string()),
        is_shared=np.array([cell.shared_from not in {"", cell.structure} for cell in items], np.bool_),
        policies=np.array([cell.indicator.missing.value for cell in items], np.str_),
    )


def read_cells(plan: Plan, values: Values, asked: Asked | None = None) -> Readings:
    """Look every cell up in the file, at every moment that the plan reads, and apply the policies for what is missing.

    An indicator with `value_from` takes the row of the structure it names, unless the structure has a row of its own.
    `asked` is what the plan asks for (`asked_by`), where it is known already.
    """
    asked = asked or asked_by(plan)
    keys, policies = _keys(values, asked), asked.policies
    codes = [moment_code(moment) for moment in plan.moments]
    found = [_lookup(values, code, keys) for code in codes]
    rows = np.stack([row for row, _ in found])
    _hold(plan, values, keys, rows[CURRENT])
    statuses = np.where(rows[CURRENT] >= 0, _take(values.statuses, rows[CURRENT]), MISSING).astype(np.int8)
    waiting = (statuses == MISSING) & (policies == MissingPolicy.PREVIOUS.value)
    earlier, filled_from = _last_known(values, keys, codes[CURRENT], waiting)
    rows[CURRENT] = np.where(earlier >= 0, earlier, rows[CURRENT])
    statuses[earlier >= 0] = ESTIMATED
    known = (rows >= 0) & _take(values.has_value, rows)
    return Readings(
        rows=rows,
        values=np.where(known, _take(values.values, rows), 0.0),
        known=known,
        statuses=statuses,
        filled_from=filled_from,
        is_worst=_lacks(plan, known, statuses) & (policies == MissingPolicy.WORST.value),
        own_row=found[CURRENT][1],
    )


def _lacks(plan: Plan, known: Flags, statuses: NDArray[np.int8]) -> Flags:
    """Cells that lack what they are judged by: a threshold one of its checkpoints, any other its value of now."""
    group = plan.cells.checkpoints
    lacks: Flags = statuses == MISSING
    unseen = np.zeros_like(lacks)
    unseen[group.owners[~known[group.moments, group.owners]]] = True
    lacks[group.cells] = unseen[group.cells] & (statuses[group.cells] <= MISSING)
    lacks[plan.cells.phases.cells] = False  # their phases lack what they are judged by
    return lacks


@dataclass(frozen=True, slots=True)
class _Keys:
    """Where the file may hold each cell: under its own names, and under those of the structure it takes it from."""

    own: Positions
    shared_node: Positions
    shared_indicator: Positions
    is_shared: Flags


def _keys(values: Values, asked: Asked) -> _Keys:
    own, shared_node, shared_indicator = np.split(values.find(asked.names), 3)
    return _Keys(own, shared_node, shared_indicator, asked.is_shared)


def _lookup(values: Values, code: int, keys: _Keys) -> tuple[Positions, Flags]:
    """Row of each cell, and whether its own won over one it could have taken."""
    own = values.rows_at(code, keys.own)
    by_node, by_indicator = values.rows_at(code, keys.shared_node), values.rows_at(code, keys.shared_indicator)
    shared = np.where(keys.is_shared, np.where(by_node >= 0, by_node, by_indicator), -1)
    return np.where(own >= 0, own, shared), (own >= 0) & (shared >= 0)


def _hold(plan: Plan, values: Values, keys: _Keys, rows: Positions) -> None:
    """Put in place of `rows` of now, where progress made late does not count, the first on or after the end.

    That is the row of the first moment at which the file has a figure for the phase.
    """
    ends = np.array([item.held_at.toordinal() if item.held_at else 0 for item in plan.cells.items], np.int64)
    waiting: Flags = ends > 0
    rows[waiting] = -1
    for code in values.known_moments().tolist() if waiting.any() else ():
        if code > moment_code(plan.moment):
            break
        found, _ = _lookup(values, code, keys)
        told = found >= 0
        told &= _take(values.has_value, found)
        here = waiting & told & (ends <= moment_of(code).day.toordinal())
        rows[here] = found[here]
        waiting = waiting & ~here


def _last_known(values: Values, keys: _Keys, code: int, waiting: Flags) -> tuple[Positions, NDArray[np.int32]]:
    """Row of the last value before `code` of the cells that wait for one (-1 for the others), and its moment."""
    rows = np.full(len(waiting), -1, np.intp)
    moments = np.zeros(len(waiting), np.int32)
    for earlier in reversed(values.known_moments()):
        if earlier < code and waiting.any():
            before, _ = _lookup(values, int(earlier), keys)
            usable = waiting & (before >= 0) & _take(values.has_value, before)
            rows[usable], moments[usable] = before[usable], earlier
            waiting = waiting & ~usable
    return rows, moments


def _take(column: NDArray[Any], rows: Positions) -> NDArray[Any]:
    """The column at `rows`; anything where the row is -1."""
    return column[rows] if len(column) else np.zeros(rows.shape, column.dtype)
