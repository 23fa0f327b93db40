"""Confidence intervals of survey means: a weighted ratio from a stratified sample of questionnaires.

The mean is R = Σu / Σw over answers (u: weight × score, w: weight). With e = u - R w added up by questionnaire, its
variance is Σ over strata of n/(n-1) × Σ(e - mean of e)², divided by (Σw)²: the linearised variance of a ratio, with the
questionnaire as the unit drawn. A stratum with one questionnaire alone tells nothing of its variance, and adds none.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from piramide.kernel.sealing import Stamp, stamp_of
from piramide.measurement.cube.months import PLACES, Axis, Window
from piramide.measurement.engines.duckdb_engine import answer
from piramide.measurement.engines.engine import Query
from piramide.measurement.fold.fold import Folded
from piramide.measurement.ledger.store import Codes
from piramide.measurement.measures.conditions import parse_amount
from piramide.measurement.measures.fields import fields_of
from piramide.measurement.measures.plan import Compiled
from piramide.measurement.values.tree import Floats, Tree

SURVEYS: Final = "survey_answers"
QUANTILE: Final = 1.959963984540054
"""Of the normal distribution, for 95 %."""
MOST_READ: Final = 8
"""Tables of questionnaires that a process remembers: a plan has six, of 50 bytes for each questionnaire."""


def half_widths(item: Folded, top: Compiled, bottom: Compiled, tree: Tree, axis: Axis, span: Window) -> Floats:
    """Half the width of the 95 % interval of top ÷ bottom by (structure, moment); NaN where a sample tells none."""
    units = _questionnaires(item, top, bottom)
    found = np.full((len(tree.ids), len(span.start)), np.nan)
    place = np.asarray(units["month"], np.int64)
    place = place // 12 * PLACES + place % 12 - axis.first
    columns = {name: np.asarray(units[name], np.float64) for name in ("u", "w")}
    offices, strata = np.asarray(units["structure"], np.int64), np.asarray(units["stratum_code"], np.int64)
    for total in np.unique(tree.totals).tolist():
        inside = np.isin(offices, tree.offices[tree.totals == total])
        for moment, (start, end) in enumerate(zip(span.start.tolist(), span.end.tolist(), strict=True)):
            kept = inside & (place >= start) & (place < end)
            if kept.any():
                found[total, moment] = _half_width(columns["u"][kept], columns["w"][kept], strata[kept])
    return found


def _half_width(u: Floats, w: Floats, strata: NDArray[np.int64]) -> float:
    total = float(w.sum())
    if total <= 0:
        return float("nan")
    residual = u - u.sum() / total * w
    _, group = np.unique(strata, return_inverse=True)
    count = np.bincount(group).astype(np.float64)
    spread = np.bincount(group, residual**2) - np.bincount(group, residual) ** 2 / count
    known = count > 1
    if not known.any():
        return float("nan")
    squared_error = float((count[known] / (count[known] - 1) * np.maximum(spread[known], 0)).sum()) / total**2
    return QUANTILE * float(np.sqrt(squared_error))


def _questionnaires(item: Folded, top: Compiled, bottom: Compiled) -> pa.Table:
    """One row for each questionnaire of a structure, stratum and month, with its weighted scores and weights."""
    fields = fields_of(SURVEYS, Codes())
    sides = (top.measure, bottom.measure)
    amounts = [parse_amount(measure.column or "1", fields, measure.place) for measure in sides]
    u, w = (f'SUM("e"."sign" * ({amount.sql})) / 1e{amount.scale}' for amount in amounts)
    keys = '"e"."structure", "e"."month", "e"."stratum"'
    text = (
        f'SELECT {keys}, DENSE_RANK() OVER (ORDER BY "e"."stratum") AS stratum_code, {u} AS u, {w} AS w '  # noqa: S608 - made of checked parts
        f'FROM answers AS "e" WHERE {top.where} GROUP BY {keys}, "e"."survey", "e"."questionnaire" ORDER BY ALL'
    )
    files = tuple(load.proven_entries for load in item.loads)
    return _read(text, tuple((path, stamp_of(path)) for path in files))


@lru_cache(maxsize=MOST_READ)
def _read(text: str, files: tuple[tuple[Path, Stamp], ...]) -> pa.Table:
    """The answer of a query over files that stand still: the months of a year ask for the same questionnaires."""
    return answer(Query(text, {"answers": [path for path, _ in files]}))
