"""Adjust: put another value in the place of one of a kept run, see what it moves, keep the run that follows.

The run that was adjusted stays as it was: what follows is a run of its own, with the same method, day and structures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from piramide.cycle.runs import results
from piramide.cycle.runs.measured_from import kept_with
from piramide.cycle.runs.moves import Move, moves
from piramide.cycle.runs.opened_runs import OpenedRuns, RunFigures
from piramide.cycle.runs.store import Run
from piramide.cycle.scenario import tried_figures
from piramide.cycle.score import Scored, ValuesAtHand, score
from piramide.cycle.verification.recompute import request_again
from piramide.kernel.figure import Figure
from piramide.kernel.findings import Place, refuse
from piramide.kernel.statuses import Status
from piramide.kernel.value_rows import NO, SIDES
from piramide.methodology.model import Pack
from piramide.scoring.value_table import values_of_rows, with_row

_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class AdjustedValue:
    """The value to be scored for an indicator of a structure, as written in its unit; `note` goes with the value."""

    structure: str
    indicator: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A value of a run that can be adjusted: as written (empty: none), its status, what it stands under."""

    structure: str
    indicator: str
    label: str
    unit: str
    value: str
    status: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an adjusted value moves: structures whose index changes, the largest change first, and the row itself."""

    moved: tuple[Move, ...]
    index_before: Figure | None
    index_after: Figure | None


def adjustable(runs: OpenedRuns, run_id: str, structure: str) -> tuple[Adjustable, ...]:
    """The values of a structure that a run scored or missed, in the order of the sheet, then parts of composites."""
    run = runs.run(run_id)
    pack = runs.opened(run.id).pack
    rows = {row["indicator"]: row for row in _rows(run) if row["structure"] == structure}
    found = []
    for leaf in runs.outline(run.id).nodes.get(structure, ()):
        known = pack.indicators.get(leaf.indicator)
        if leaf.indicator and known is not None and known.composite is None:
            found.append(_adjustable(structure, leaf.node, leaf.label, leaf.unit, rows.pop(leaf.node, {})))
    for name, row in rows.items():
        known = pack.indicators.get(name)
        label, unit = (known.label, known.unit) if known else (name, "")
        found.append(_adjustable(structure, name, label, unit, row))
    return tuple(found)


def _adjustable(structure: str, name: str, label: str, unit: str, row: dict[str, Any]) -> Adjustable:
    return Adjustable(structure, name, label, unit, row.get("value") or "", row.get("status") or Status.MISSING)


def _rows(run: Run) -> Iterator[dict[str, Any]]:
    """Rows of the period that the run scored."""
    period = results.moment_text(run.manifest["period"])
    return (row for row in results.read(run.values_file).to_pylist() if row["period"] == period)


def try_adjustment(runs: OpenedRuns, run_id: str, adjusted: AdjustedValue) -> Effect:
    """What the scores of a run would be with another value; nothing is kept. Refuses a value that cannot be scored.

    Scored by the rules of today, as the run that would follow: where they differ from the run's, that moves too.
    """
    opened = runs.opened(run_id)
    run, pack = opened.run, opened.printed
    _refuse_unknown(run, pack, adjusted)
    kept = runs.values(run_id)
    rows, at = _with_adjusted(kept.rows, run, adjusted)
    values = with_row(kept.read, rows, at, pack) if kept.read else values_of_rows(rows, pack, run.id[:8])
    tried = tried_figures(runs.plan(run_id), values, runs.figures(run.id), adjusted.structure, adjusted.indicator)
    return _effect(runs, run, tried, adjusted)


def keep_adjusted(runs: OpenedRuns, run_id: str, adjusted: AdjustedValue) -> Scored:
    """Score the amended values of a run and keep the run that follows; measured from what the first one was."""
    run = runs.run(run_id)
    _refuse_unknown(run, runs.opened(run_id).printed, adjusted)
    rows, _ = _with_adjusted(results.read(run.values_file), run, adjusted)
    values = ValuesAtHand(rows, kept_with(run.folder), run.id[:8])
    return score(request_again(run, str(run.pack_folder), values), [], runs.store)


def _with_adjusted(table: pa.Table, run: Run, adjusted: AdjustedValue) -> tuple[pa.Table, int]:
    """The values of a run with one of them replaced, or added where there was none, and the place of its row."""
    key = {
        "structure": adjusted.structure,
        "indicator": adjusted.indicator,
        "period": results.moment_text(run.manifest["period"]),
    }
    found = pc.indices_nonzero(reduce(pc.and_, (pc.equal(table[name], text) for name, text in key.items())))
    at = found[0].as_py() if len(found) else table.num_rows
    row = table.slice(at, 1).to_pylist()[0] if len(found) else dict.fromkeys(table.column_names, "") | key
    row |= {"value": adjusted.value, "status": Status.ADJUSTED.value, "note": adjusted.note}
    row |= dict.fromkeys(SIDES, "")
    row["contested"] = row["contested"] or NO
    one = pa.Table.from_pylist([row], schema=table.schema)
    return pa.concat_tables([table.slice(0, at), one, table.slice(at + 1)]), at


def _refuse_unknown(run: Run, pack: Pack, adjusted: AdjustedValue) -> None:
    """Refuse (CY026) an indicator that is neither in the sheet of the structure nor in the values of the run."""
    sheet = pack.sheets.get(adjusted.structure)
    if sheet and any(node.id == adjusted.indicator and node.indicator for node in sheet.walk()):
        return
    if not any((r["structure"], r["indicator"]) == (adjusted.structure, adjusted.indicator) for r in _rows(run)):
        raise refuse("CY026", Place(run.id[:8]), adjusted.indicator, structure=adjusted.structure)


def _effect(runs: OpenedRuns, run: Run, tried: RunFigures, adjusted: AdjustedValue) -> Effect:
    kept = runs.figures(run.id)
    every = moves(runs.outline(run.id), tried, kept, with_partial=True, with_causes=False)
    where = (adjusted.structure, adjusted.indicator)
    return Effect(
        tuple(move for move in every if abs(move.change) > _NOTHING),
        kept.figure("index", *where),
        tried.figure("index", *where),
    )
