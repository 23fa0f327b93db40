"""Rows set aside: which, why, and what stood in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.findings import Finding, Place, Severity
from piramide.kernel.naming import nearest
from piramide.kernel.tidying import tidy
from piramide.measurement.contract import WORK, ColumnType, Contract
from piramide.measurement.ledger.store import Codes
from piramide.measurement.loading.cells import EMPTY, NOT_ALLOWED, Faults
from piramide.measurement.loading.csv_rows import RawRows
from piramide.measurement.loading.plain_rows import UNKNOWN_LINE
from piramide.measurement.loading.work_rows import KINDS, UNKNOWN_PRODUCT, UNKNOWN_STRUCTURE

SCHEMA: Final = pa.schema(
    {"line": pa.int64(), "reason": pa.string(), "column": pa.string(), "value": pa.string(), "raw": pa.string()}
)
"""`line` in the source (record number where it has no lines), `reason` code, the column and its cell, the whole row."""

NOT_A_ROW: Final = "FA020"


def rejected_rows(raw: RawRows, faults: Faults) -> pa.Table:
    """Rows of a block with a fault, and its broken lines, in the order of their lines; blank lines are no rows."""
    rows = np.flatnonzero(~faults.sound)
    which = faults.which[rows]
    texts = {name: _texts(cells, rows) for name, cells in raw.columns.items()}
    columns = np.array(faults.columns, dtype=object)[which]
    values = np.full(len(rows), "", dtype=object)
    for name in set(columns) & texts.keys():
        values[columns == name] = texts[name].to_numpy(zero_copy_only=False)[columns == name]
    whole = pc.binary_join_element_wise(*texts.values(), ",") if texts and len(rows) else pa.array([], pa.string())
    blank = pc.equal(pc.utf8_trim(whole, characters=", \r"), "").to_numpy(zero_copy_only=False)
    reasons = np.array(faults.codes, dtype=object)[which]
    table = pa.table([raw.lines[rows], reasons, columns, pa.array(values, pa.string()), whole], schema=SCHEMA)
    table = table.filter(pa.array(~(blank & (reasons == EMPTY))))
    broken = [{"line": n, "reason": NOT_A_ROW, "column": "", "value": "", "raw": t} for n, t in raw.broken if t.strip()]
    return pa.concat_tables([table, pa.Table.from_pylist(broken, schema=SCHEMA)])


def _texts(cells: pa.Array, rows: Any) -> pa.Array:  # noqa: ANN401 - an array of row numbers
    return cells.take(pa.array(rows)).cast(pa.string()).fill_null("")


def judged_rows(entries: pa.Table, reasons: Sequence[str], of: Contract, codes: Codes) -> pa.Table:
    """Stored rows that the check of histories and keys sets aside, told by their keys as they were delivered."""
    texts = _work_key(entries) if of.id == WORK else [_told(name, entries[name], of, codes) for name in of.key]
    count = len(entries)
    whole = pc.binary_join_element_wise(*texts, ",") if count else pa.array([], pa.string())
    columns = [entries["source_line"], pa.array(reasons, pa.string()), pa.array([of.key[0]] * count, pa.string())]
    return pa.table([*columns, texts[0], whole], schema=SCHEMA)


def _work_key(entries: pa.Table) -> list[pa.Array]:
    """Case, entry, day, entry taken back."""
    kind = pa.array(KINDS).take(entries["kind"].combine_chunks())
    is_back = pc.less(entries["sign"].combine_chunks(), 0)
    day = entries["day"].combine_chunks().cast(pa.string())
    return [entries["case"].combine_chunks(), pc.if_else(is_back, "reversed", kind), day, pc.if_else(is_back, kind, "")]


def _told(name: str, stored: pa.ChunkedArray, of: Contract, codes: Codes) -> pa.Array:
    """Cells as files write them: positions are names again, months have a dash."""
    cells = stored.combine_chunks()
    if name in of.structure:
        return pa.array(codes.structures, pa.string()).take(cells)
    if of.id == "products" and name == "product":
        return pa.array(codes.products, pa.string()).take(cells)
    if of.column(name).type is ColumnType.MONTH:
        return pa.array([f"{month // 12:04d}-{month % 12 + 1:02d}" for month in cells.to_pylist()], pa.string())
    return cells.cast(pa.string()).fill_null("")


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that cells of a dataset may hold: those that a wrong one may have been meant for."""

    contract: Contract
    structures: Collection[str]
    products: Collection[str]
    lines: Collection[str]

    def fields(self, reason: str, column: str, value: str) -> dict[str, str]:
        """Fields of a finding about `value`: the nearest known names (`near`), and all where a list is short."""
        if reason == UNKNOWN_STRUCTURE:
            return {"column": column, "near": _near(value, self.structures)}
        if reason == UNKNOWN_PRODUCT and value not in self.products:
            return {"column": column, "near": _near(value, self.products)}
        if reason == UNKNOWN_LINE:
            return {"column": column, "near": _near(value, self.lines)}
        if reason == NOT_ALLOWED:
            allowed = self.contract.column(column).allowed
            return {"column": column, "near": _near(value, allowed), "known": ", ".join(allowed)}
        return {"column": column}


def _near(value: str, known: Collection[str]) -> str:
    return ", ".join(nearest(value, sorted(known)))


def as_findings(rejected: pa.Table, source: str, most: int, known: KnownNames) -> list[Finding]:
    """The first rows set aside, as findings with file and line, what their cell says and names like it."""
    return [_finding(row, source, known) for row in rejected.slice(0, most).to_pylist()]


def _finding(row: dict[str, Any], source: str, known: KnownNames) -> Finding:
    place, value = Place(source, row["line"], row["column"]), tidy(row["value"])
    fields = known.fields(row["reason"], row["column"], value)
    return Finding(row["reason"], place, value, fields, severity=Severity.WARNING)


def counts(rejected: pa.Table) -> dict[str, int]:
    """How many rows were set aside for each reason, by code."""
    found = pc.value_counts(rejected["reason"]).to_pylist()
    return dict(sorted((pair["values"], pair["counts"]) for pair in found))
