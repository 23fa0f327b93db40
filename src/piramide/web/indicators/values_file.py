"""The values of an indicator as a file that a spreadsheet opens and a program reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from piramide.methodology.model import Indicator
from piramide.reports.formulas import harmless
from piramide.web.indicators.ranking import Row
from piramide.web.results.registry import Chosen

COLUMNS: Final = (
    "indicator", "period", "structure", "label", "kind", "node", "value", "target", "unit", "gap", "index",
    "share_of_index", "status", "run", "demonstration",
)  # fmt: skip


def values_csv(chosen: Chosen, indicator: Indicator, rows: Sequence[Row]) -> str:
    """One row per structure and node; numbers with a point, empty where there is none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    invented = "yes" if chosen.record.is_demonstration else "no"
    for row in rows:
        figures = (row.value, row.target, indicator.unit, row.gap, row.index, row.share)
        cells = (indicator.id, chosen.record.period, row.structure, row.label, row.kind, row.node)
        writer.writerow([_safe(cell) for cell in (*cells, *figures, row.status, chosen.record.run, invented)])
    return text.getvalue()


def _safe(cell: str | float | None) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    return harmless(cell)
