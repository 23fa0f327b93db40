"""The query of a fold: the rows of a load, grouped by offices, line and month, and every base sum.

Where the load has flows, what needs no condition on the row is added up from them, and only the entries of the kinds
that the other sums count are read.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final

from piramide.measurement.contract import contract
from piramide.measurement.loading.work_rows import STATUSES
from piramide.measurement.measures.fields import ENTRIES, LINES
from piramide.measurement.measures.plan import Plan

ROWS: Final = "entries"
"""Name of the rows of a load in the query."""
FLOWS: Final = "flows"
"""Name of the flows of a load in the query."""
PRODUCTS: Final = "lines"
"""Name of the table of lines."""
NO_LINE: Final = -1
"""Line of a row whose product the catalogue does not hold any more."""
KEYS: Final = ("competence", "work", "line", "month", "closing")
"""Columns that name a row of the cube; a dataset with one structure repeats it, one without products has line 0."""


def fold_sql(plan: Plan, *, is_dated: bool) -> str:
    """The query of a fold over entries. `is_dated`: products change line, so the day of the row chooses."""
    keys = _work_keys(has_lines=_reads_products(plan)) if plan.is_work else _statement_keys(plan.dataset)
    sums = {"rows": "COUNT(*)", "estimated": _estimated(plan)} | {item.name: item.sql for item in plan.sums}
    return _grouped(plan, keys, sums, ROWS, is_dated=is_dated)


def flow_sql(plan: Plan) -> str:
    """The query of a fold of work over flows and, for what they do not tell, over entries; no product changes line."""
    keys = _work_keys(has_lines=_reads_products(plan))
    counted = {name: f'CAST(SUM("{ENTRIES}"."{name}") AS BIGINT)' for name in ("rows", "estimated")}
    known = counted | {item.name: item.of_flows for item in plan.sums if item.of_flows}
    flows = _grouped(plan, keys, known, FLOWS)
    rest = [item for item in plan.sums if not item.of_flows]
    if not rest:
        return flows
    kinds = sorted({item.kind for item in rest})
    sums = {item.name: item.of_kind if len(kinds) == 1 else item.sql for item in rest}
    where = f'"{ENTRIES}"."kind" IN ({", ".join(map(str, kinds))})'
    entries = _grouped(plan, keys, sums, ROWS, where)
    names = [*known, *sums]
    of_flows, of_entries = (_filled(keys, part, names, text) for part, text in ((known, flows), (sums, entries)))
    named = ", ".join(f'"{name}"' for name in keys)
    added = ", ".join(f'CAST(SUM("{name}") AS BIGINT) AS "{name}"' for name in names)
    return f'SELECT {named}, {added} FROM ({of_flows} UNION ALL {of_entries}) AS "both" GROUP BY {named}'  # noqa: S608 - made of checked parts


def _filled(keys: Iterable[str], part: Container[str], names: Iterable[str], text: str) -> str:
    """A query with all sums, 0 those that are no part of it."""
    columns = [*(f'"{name}"' for name in keys)]
    columns += [f'"{name}"' if name in part else f'CAST(0 AS BIGINT) AS "{name}"' for name in names]
    return f'SELECT {", ".join(columns)} FROM ({text}) AS "part"'  # noqa: S608 - made of checked parts


def _grouped(
    plan: Plan, keys: dict[str, str], sums: dict[str, str], source: str, where: str = "", *, is_dated: bool = False
) -> str:
    products = _products(is_dated=is_dated) if plan.is_work and _reads_products(plan) else ""
    named = ", ".join(f'{sql} AS "{name}"' for name, sql in (keys | sums).items())
    grouped = ", ".join(dict.fromkeys(sql for sql in keys.values() if sql not in {"0", "FALSE"}))
    kept = f" WHERE {where}" if where else ""
    return f"SELECT {named} FROM {source} AS {ENTRIES}{products}{kept} GROUP BY {grouped}"  # noqa: S608 - made of checked parts


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
