"""The query of a fold: the rows of a load, grouped by offices, line and month, and every base sum.

Where the load has flows, what needs no condition on the row is added up from them, and only the entries of the kinds
that the other sums count are read. Pending cases are of the line that their product was in when they came in.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from piramide.kernel.statuses import Status
from piramide.measurement.contract import contract
from piramide.measurement.loading.work_rows import STATUSES
from piramide.measurement.measures.fields import ENTRIES, LINES
from piramide.measurement.measures.plan import BaseSum, Plan

ROWS: Final = "entries"
"""Name of the rows of a load in the query."""
FLOWS: Final = "flows"
"""Name of the flows of a load in the query."""
PRODUCTS: Final = "lines"
"""Name of the table of lines."""
PRODUCTS_AS_RECEIVED: Final = "lines_as_received"
"""Name of the table of lines that the cases of a load can have come in with."""
NO_LINE: Final = -1
"""Line of a row whose product the catalogue does not hold any more."""
KEYS: Final = ("competence", "work", "line", "month", "closing")
"""Columns that name a row of the cube; a dataset with one structure repeats it, one without products has line 0."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of a load are to be folded.

    `has_flows`: what needs no condition on the row is added up from flows. `is_dated`: products change line within the
    days of the load, so the day of the row chooses. `is_dated_by_receipt`: products have changed line so far, so the
    day of receipt chooses that of a pending case.
    """

    has_flows: bool = False
    is_dated: bool = False
    is_dated_by_receipt: bool = False


def fold_sql(plan: Plan, shape: Shape) -> str:
    """The query of a fold over the entries of a load and, of work, its flows.

    Parts that are read apart, each with 0 for the sums of the others, are added up.
    """
    keys = _work_keys(has_lines=_reads_products(plan)) if plan.is_work else _statement_keys(plan.dataset)
    apart = [item for item in plan.sums if item.as_received and shape.is_dated_by_receipt]
    together = [item for item in plan.sums if item not in apart]
    parts: list[_Part] = []
    if shape.has_flows and not shape.is_dated:
        counted = {name: f'CAST(SUM("{ENTRIES}"."{name}") AS BIGINT)' for name in ("rows", "estimated")}
        known = counted | {item.name: item.of_flows for item in together if item.of_flows}
        parts.append((known, _grouped(plan, keys, known, FLOWS)))
        together = [item for item in together if not item.of_flows]
        if together:
            parts.append(_some_kinds(plan, keys, together))
    else:
        sums = {"rows": "COUNT(*)", "estimated": _estimated(plan)} | {item.name: item.sql for item in together}
        parts.append((sums, _grouped(plan, keys, sums, ROWS, products=_products(is_dated=shape.is_dated))))
    if apart:
        parts.append(_some_kinds(plan, keys, apart, _products_as_received()))
    return _added_up(keys, parts)


_Part = tuple[Mapping[str, str], str]
"""Some sums of the cube, by name, and the query that gives them and the keys."""


def _some_kinds(plan: Plan, keys: Mapping[str, str], items: Sequence[BaseSum], products: str = "") -> _Part:
    """Sums over the entries of those kinds alone that they count."""
    kinds = sorted({item.kind for item in items})
    sums = {item.name: item.of_kind if len(kinds) == 1 else item.sql for item in items}
    where = f'"{ENTRIES}"."kind" IN ({", ".join(map(str, kinds))})'
    return sums, _grouped(plan, keys, sums, ROWS, where, products)


def _added_up(keys: Iterable[str], parts: Sequence[_Part]) -> str:
    if len(parts) == 1:
        return parts[0][1]
    names = list(dict.fromkeys(name for sums, _ in parts for name in sums))
    filled = " UNION ALL ".join(_filled(keys, sums, names, text) for sums, text in parts)
    named = ", ".join(f'"{name}"' for name in keys)
    added = ", ".join(f'CAST(SUM("{name}") AS BIGINT) AS "{name}"' for name in names)
    return f'SELECT {named}, {added} FROM ({filled}) AS "parts" GROUP BY {named}'  # noqa: S608 - made of checked parts


def _filled(keys: Iterable[str], part: Container[str], names: Iterable[str], text: str) -> str:
    """A query with all sums, 0 those that are no part of it."""
    columns = [*(f'"{name}"' for name in keys)]
    columns += [f'"{name}"' if name in part else f'CAST(0 AS BIGINT) AS "{name}"' for name in names]
    return f'SELECT {", ".join(columns)} FROM ({text}) AS "part"'  # noqa: S608 - made of checked parts


def _grouped(
    plan: Plan, keys: Mapping[str, str], sums: Mapping[str, str], source: str, where: str = "", products: str = ""
) -> str:
    named = ", ".join(f'{sql} AS "{name}"' for name, sql in (*keys.items(), *sums.items()))
    grouped = ", ".join(dict.fromkeys(sql for sql in keys.values() if sql not in {"0", "FALSE"}))
    joined = (products or _products(is_dated=False)) if plan.is_work and _reads_products(plan) else ""
    kept = f" WHERE {where}" if where else ""
    return f"SELECT {named} FROM {source} AS {ENTRIES}{joined}{kept} GROUP BY {grouped}"  # noqa: S608 - made of checked parts


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
    stored = STATUSES.index(Status.ESTIMATED) if plan.is_work else f"'{Status.ESTIMATED}'"
    status, sign = f'"{ENTRIES}"."status"', f'"{ENTRIES}"."sign"'
    return f"CAST(SUM(CASE WHEN {status} = {stored} THEN {sign} ELSE 0 END) AS BIGINT)"


def _products(*, is_dated: bool) -> str:
    """The version of the product of a row: the only one, else that of its day."""
    return _joined(PRODUCTS, "day" if is_dated else "")


def _products_as_received() -> str:
    return _joined(PRODUCTS_AS_RECEIVED, "received_on")


def _joined(table: str, chosen_by: str) -> str:
    day, product = f'"{ENTRIES}"."{chosen_by}"', f'"{ENTRIES}"."product"'
    dated = f' AND {day} >= "{LINES}"."since" AND {day} < "{LINES}"."until"' if chosen_by else ""
    return f' LEFT JOIN {table} AS "{LINES}" ON {product} = "{LINES}"."product"{dated}'
