"""The sheet as CSV for who computes with it: one row per node, numbers as they are, names as in the results.

A spreadsheet runs what begins like a formula: texts that do are preceded by an apostrophe, numbers never are.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from fractions import Fraction

from piramide.kernel.figure import Figure, Printable
from piramide.kernel.node_fields import FIELDS, carried, index_of
from piramide.reports.formulas import harmless
from piramide.reports.sheet import SheetReport, SheetRow

WHOLE = (
    "structure", "year", "period", "run", "pack", "demonstration",
)  # fmt: skip
ON_PAPER = ("depth", "target_text", "value_text", "reference")
"""What a sheet says of a row besides the fields of its node."""
COLUMNS = (*WHOLE, "node", *(one.name for one in FIELDS if one.name != "id"), *ON_PAPER)


def sheet_csv(report: SheetReport) -> bytes:
    """The rows of the sheet, the whole structure first; UTF-8 with its mark, so that spreadsheets read the accents."""
    every: dict[str, object] = {
        "structure": report.structure,
        "year": report.year,
        "period": report.period_label,
        "run": report.run,
        "pack": report.pack,
        "demonstration": report.is_demonstration,
    }
    whole = index_of(report) | {"due": report.due, "kind": "structure", "label": report.structure_label}
    rows = [whole, *(_figures(row) for row in report.rows)]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_cell((every | row).get(name)) for name in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _figures(row: SheetRow) -> dict[str, object]:
    return carried(row) | {"node": row.id} | {name: getattr(row, name) for name in ON_PAPER}


def _cell(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int() | Fraction() | Decimal() | Figure():
            return _number(cell)
        case _:
            return harmless(str(cell))


def _number(figure: Printable) -> str:
    """A whole number as it is; any other as the shortest decimal of its nearest double."""
    return repr(figure) if isinstance(figure, int) else repr(float(figure))
