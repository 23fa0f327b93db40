"""Jumps: a month of a structure that is unlike its own past, by a robust z."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.findings import Finding, Place
from piramide.measurement.facts_check.summary import Summary, is_monthly, judged_months, month_text
from piramide.measurement.ledger.store import Codes

LEAST_PAST: Final = 6
"""Months of past that a judgement needs."""
LONGEST_PAST: Final = 24
LEAST_SCORE: Final = 6.0
_NORMAL: Final = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""
_LEAST_SPREAD: Final = 0.1
_NOISE: Final = 2.0
"""A month may always differ by a tenth of the usual level, and by twice the noise of counting so many rows, as if by
one deviation."""

Matrix = np.ndarray[Any, np.dtype[np.float64]]


def check_jumps(summary: Summary, codes: Codes) -> Iterator[Finding]:
    """Months whose distance from the median of the past is `LEAST_SCORE` robust deviations or more."""
    of = summary.contract
    if not is_monthly(of) or of.ahead:
        return
    months = judged_months(summary)
    if len(months) <= LEAST_PAST:
        return
    structures = summary.structures()
    row = {structure: at for at, structure in enumerate(structures)}
    column = {month: at for at, month in enumerate(months)}
    table = summary.table.filter(pc.is_in(summary.table["month"], pa.array(months)))
    rows = [row[s] for s in table["structure"].to_pylist()]
    columns = [column[m] for m in table["month"].to_pylist()]
    matrices = {}
    for quantity in dict.fromkeys(("rows", *summary.quantities)):
        matrices[quantity] = np.full((len(structures), len(months)), np.nan)
        matrices[quantity][rows, columns] = table[quantity].to_numpy()
    for quantity in summary.quantities:
        values = matrices[quantity]
        usual, score = _scores(values, matrices["rows"])
        for at, when in np.argwhere(np.abs(score) >= LEAST_SCORE):
            fields = {
                "structure": codes.structures[structures[at]],
                "quantity": quantity,
                "month": month_text(months[when]),
                "score": f"{score[at, when]:.1f}",
            }
            stated, level = f"{values[at, when]:.6g}", f"{usual[at, when]:.6g}"
            yield Finding("FA045", Place(), of.id, fields, stated=stated, recomputed=level)


def _scores(values: Matrix, rows: Matrix) -> tuple[Matrix, Matrix]:
    """Median of the past and robust z of each cell (structures × months); 0 where there is too little past."""
    usual, score = np.zeros_like(values), np.zeros_like(values)
    for when in range(LEAST_PAST, values.shape[1]):
        past = values[:, max(0, when - LONGEST_PAST) : when]
        enough = np.sum(~np.isnan(past), axis=1) >= LEAST_PAST
        if not enough.any():
            continue
        median = np.nanmedian(past[enough], axis=1)
        spread = _NORMAL * np.nanmedian(np.abs(past[enough] - median[:, None]), axis=1)
        counted = np.maximum(np.nanmedian(rows[enough, max(0, when - LONGEST_PAST) : when], axis=1), 1.0)
        least = np.maximum(np.abs(median) * (_LEAST_SPREAD + _NOISE / np.sqrt(counted)), 1.0)
        usual[enough, when] = median
        score[enough, when] = np.nan_to_num((values[enough, when] - median) / np.maximum(spread, least))
    return usual, score
