"""A dataset added up by structure and month: all that the checks of completeness and jumps need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from piramide.measurement.contract import WORK, ColumnType, Contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.work_rows import RECEIVED, RESOLVED


@dataclass(frozen=True, slots=True)
class Summary:
    """`table`: structure, month, rows, estimated, and a float column for each of `quantities`."""

    contract: Contract
    table: pa.Table
    quantities: tuple[str, ...]

    def structures(self) -> list[int]:
        """Positions of the structures that have rows."""
        found: list[int] = pc.unique(self.table["structure"]).to_pylist()
        return [position for position in found if position >= 0]


def summarise(ledger: Ledger, of: Contract) -> Summary:
    """Add a dataset up, one batch after the other."""
    columns, quantities = _wanted(of)
    parts = [
        _added_up(_prepared(pa.Table.from_batches([batch]), of), quantities)
        for batch in ledger.entries(of.id, columns)
        if batch.num_rows
    ]
    empty = pa.table({name: pa.array([], pa.int64()) for name in ("structure", "month", "rows", "estimated")})
    for name in quantities:
        empty = empty.append_column(name, pa.array([], pa.float64()))
    table = _added_up(pa.concat_tables(parts), quantities) if parts else empty
    return Summary(of, table.sort_by([("structure", "ascending"), ("month", "ascending")]), quantities)


def _wanted(of: Contract) -> tuple[list[str], tuple[str, ...]]:
    """Columns to read, and the quantities that come out of them."""
    if of.id == WORK:
        return ["competence", "month", "kind", "sign", "hours_100", "status"], ("received", "resolved", "hours")
    structure = list(of.structure[:1])
    status = ["status"] if "status" in of.names else []
    return [*structure, "month", "sign", *status], ("rows",)


def _prepared(rows: pa.Table, of: Contract) -> pa.Table:
    """The columns of a summary, one row for each entry."""
    sign = rows["sign"].cast(pa.float64())
    nobody = pa.array([-1] * len(rows), pa.int32())
    structure = rows["competence"] if of.id == WORK else rows[of.structure[0]] if of.structure else nobody
    estimated = _estimated(rows, of)
    columns = {"structure": structure.cast(pa.int64()), "month": rows["month"].cast(pa.int64())}
    columns |= {
        "rows": rows["sign"].cast(pa.int64()),
        "estimated": pc.multiply(estimated, rows["sign"].cast(pa.int64())),
    }
    if of.id == WORK:
        for name, kind in (("received", RECEIVED), ("resolved", RESOLVED)):
            columns[name] = pc.multiply(pc.equal(rows["kind"], kind).cast(pa.float64()), sign)
        columns["hours"] = pc.multiply(pc.divide(rows["hours_100"].cast(pa.float64()), 100.0), sign)
    return pa.table(columns)


def _estimated(rows: pa.Table, of: Contract) -> pa.ChunkedArray:
    if "status" not in rows.column_names:
        return pc.multiply(rows["sign"].cast(pa.int64()), 0)
    mark = 1 if of.id == WORK else "estimated"
    return pc.equal(rows["status"], mark).cast(pa.int64())


def _added_up(rows: pa.Table, quantities: tuple[str, ...]) -> pa.Table:
    names = ["rows", "estimated", *(name for name in quantities if name != "rows")]
    added = rows.group_by(["structure", "month"]).aggregate([(name, "sum") for name in names])
    return added.rename_columns([name.removesuffix("_sum") for name in added.column_names])


def measured_columns(of: Contract) -> Iterator[str]:
    """Columns of a contract that hold quantities."""
    for column in of.columns:
        if column.type in {ColumnType.DECIMAL, ColumnType.INTEGER} and column.name not in {"correction", "weight"}:
            yield column.name


def is_monthly(of: Contract) -> bool:
    """Whether every structure is expected to have rows in every month: events such as payments come when they come."""
    return bool(of.structure) and (of.id == WORK or of.column(of.day).type is ColumnType.MONTH)


def judged_months(summary: Summary) -> list[int]:
    """Months of the dataset; of work only those since something was resolved: before, there is an opening stock."""
    table = summary.table
    months = sorted(set(table["month"].to_pylist()))
    if summary.contract.id != WORK:
        return months
    active = set(table.filter(pc.greater(table["resolved"], 0.0))["month"].to_pylist())
    return [month for month in months if active and month >= min(active)]


def month_text(month: int) -> str:
    """`2024-09` out of year × 12 + month − 1."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
