"""The one query of a fold: the rows of a load, grouped by offices, line and month, and every base sum."""

from __future__ import annotations

from typing import Final

from piramide.measurement.contract import contract
from piramide.measurement.loading.work_rows import STATUSES
from piramide.measurement.measures.fields import ENTRIES, LINES
from piramide.measurement.measures.plan import Plan

ROWS: Final = "entries"
"""Name of the rows of a load in the query."""
PRODUCTS: Final = "lines"
"""Name of the table of lines."""
NO_LINE: Final = -1
"""Line of a row whose product the catalogue does not hold any more."""
KEYS: Final = ("competence", "work", "line", "month", "closing")
"""Columns that name a row of the cube; a dataset with one structure repeats it, one without products has line 0."""


def fold_sql(plan: Plan, *, is_dated: bool) -> str:
    """The query of a fold. `is_dated`: products change line, so the day of the row chooses."""
    reads_products = plan.is_work and _reads_products(plan)
    keys = _work_keys(has_lines=reads_products) if plan.is_work else _statement_keys(plan.dataset)
    sums = ", ".join(f'{item.sql} AS "{item.name}"' for item in plan.sums)
    named = ", ".join(f'{sql} AS "{name}"' for name, sql in keys.items())
    grouped = ", ".join(dict.fromkeys(sql for sql in keys.values() if sql not in {"0", "FALSE"}))
    counted = f'COUNT(*) AS "rows", {_estimated(plan)} AS "estimated"'
    source = f"{ROWS} AS {ENTRIES}{_products(is_dated=is_dated) if reads_products else ''}"
    return f"SELECT {named}, {counted}, {sums} FROM {source} GROUP BY {grouped}"  # noqa: S608 - made of checked parts


def _reads_products(plan: Plan) -> bool:
    """Whether any condition or sum asks something of the product; without, all products are one line."""
    return bool(plan.conditions) or any(f'"{LINES}".' in item.sql for item in plan.sums)


def _work_keys(*, has_lines: bool) -> dict[str, str]:
    columns = ("competence", "work", "month")
    offices = {name: f'"{ENTRIES}"."{name}"' for name in columns}
    return {
        "competence": offices["competence"],
        "work": offices["work"],
        "line": f'COALESCE("{LINES}"."line_number", {NO_LINE})' if has_lines else "0",
        "month": offices["month"],
        "closing": "FALSE",
    }


def _statement_keys(dataset: str) -> dict[str, str]:
    agreed = contract(dataset)
    structure = f'"{ENTRIES}"."{agreed.structure[0]}"'
    closing = f'"{ENTRIES}"."closing"' if "closing" in agreed.names else "FALSE"
    return {
        "competence": structure,
        "work": structure,
        "line": "0",
        "month": f'"{ENTRIES}"."month"',
        "closing": closing,
    }


def _estimated(plan: Plan) -> str:
    """How many rows are estimates that nobody took back; none where the dataset does not say."""
    agreed = contract(plan.dataset)
    if "status" not in agreed.names:
        return "CAST(0 AS BIGINT)"
    stored = STATUSES.index("estimated") if plan.is_work else "'estimated'"
    status, sign = f'"{ENTRIES}"."status"', f'"{ENTRIES}"."sign"'
    return f"CAST(SUM(CASE WHEN {status} = {stored} THEN {sign} ELSE 0 END) AS BIGINT)"


def _products(*, is_dated: bool) -> str:
    day, product = f'"{ENTRIES}"."day"', f'"{ENTRIES}"."product"'
    dated = f' AND {day} >= "{LINES}"."since" AND {day} < "{LINES}"."until"' if is_dated else ""
    return f' LEFT JOIN {PRODUCTS} AS "{LINES}" ON {product} = "{LINES}"."product"{dated}'
