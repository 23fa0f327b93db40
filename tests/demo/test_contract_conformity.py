"""Every column of every dataset is what its contract says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from piramide.demo.facts.generate import Generated
from piramide.demo.facts.rows import organisation
from piramide.measurement.contract import Column, ColumnType, Contract, contract, contracts

SHAPES = {
    ColumnType.INTEGER: r"-?\d+",
    ColumnType.DATE: r"\d{4}-\d\d-\d\d",
    ColumnType.MONTH: r"\d{4}-(0[1-9]|1[0-2])",
    ColumnType.BOOLEAN: "true|false",
}
ARROW_TYPES = {
    ColumnType.CODE: pa.types.is_string,
    ColumnType.DATE: pa.types.is_date,
    ColumnType.BOOLEAN: pa.types.is_boolean,
    ColumnType.DECIMAL: pa.types.is_decimal,
}
SMALL = sorted(set(contracts()) - {"work"})


def faults(column: Column, cell: str, known: dict[str, set[str]]) -> Iterator[str]:
    if not cell:
        if column.required:
            yield "empty"
        return
    if column.allowed and cell not in column.allowed:
        yield "not allowed"
    shape = (
        rf"-?\d+(\.\d{{1,{column.scale}}})?" if column.type is ColumnType.DECIMAL else SHAPES.get(column.type, r"\S.*")
    )
    if not re.fullmatch(shape, cell):
        yield "shape"
    elif column.type in {ColumnType.INTEGER, ColumnType.DECIMAL}:
        if column.least is not None and float(cell) < column.least:
            yield "too small"
        if column.most is not None and float(cell) > column.most:
            yield "too large"
    if column.references in known and cell not in known[column.references]:
        yield "unknown"


def known_names(facts: Generated) -> dict[str, set[str]]:
    with (facts.folder / "products.csv").open(encoding="utf-8") as file:
        products = {row["product"] for row in csv.DictReader(file)}
    return {"structure": {row["id"] for row in organisation()}, "product": products}


@pytest.mark.parametrize("dataset", SMALL)
def test_a_small_dataset_keeps_its_contract(facts: Generated, dataset: str) -> None:
    of, known = contract(dataset), known_names(facts)
    with (facts.folder / f"{dataset}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {
        (column.name, fault, row[column.name])
        for row in rows
        for column in of.columns
        for fault in faults(column, row[column.name], known)
    }

    assert rows
    assert list(rows[0]) == list(of.names)
    assert found == set()
    assert len({tuple(row[name] for name in of.key) for row in rows}) == len(rows)


def test_the_work_ledger_keeps_its_contract(facts: Generated, entries: pa.Table) -> None:
    of, known = contract("work"), known_names(facts)

    assert tuple(entries.column_names) == of.names
    for column in of.columns:
        values = entries[column.name]
        assert ARROW_TYPES[column.type](values.type), column.name
        assert values.null_count == 0, column.name
        assert set(allowed(values, column)) <= {"", *column.allowed} or not column.allowed, column.name
        if column.references:
            assert set(pc.unique(values).to_pylist()) <= known[column.references]
        if column.type is ColumnType.DECIMAL:
            lowest, highest = pc.min_max(pc.cast(values, pa.float64())).as_py().values()
            assert values.type.scale == column.scale
            assert column.least is None or lowest >= column.least
            assert column.most is None or highest <= column.most
    keys = pa.table({name: entries[name] for name in of.key})
    assert keys.group_by(list(of.key)).aggregate([]).num_rows == entries.num_rows


def allowed(values: pa.ChunkedArray, column: Column) -> list[str]:
    return pc.unique(values).to_pylist() if column.allowed else []


def test_what_is_required_is_never_empty(entries: pa.Table) -> None:
    of: Contract = contract("work")
    for column in of.columns:
        if column.required and column.type is ColumnType.CODE:
            assert pc.min(pc.utf8_length(entries[column.name])).as_py() > 0, column.name


def test_each_month_has_its_file(facts: Generated) -> None:
    for path in sorted((facts.folder / "work").iterdir())[1:]:
        days = pq.read_table(path, columns=["day"])["day"].to_pylist()
        assert {day.isoformat()[:7] for day in days} == {path.stem}


def test_there_are_300_products_under_the_lines_of_the_plan(facts: Generated) -> None:
    with (facts.folder / "products.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert len({row["product"] for row in rows}) == 300
    assert len({row["line"] for row in rows}) == 24 + 3
    assert {"rvpa", "scarti_riscatti_ricongiunzioni"} <= {row["line"] for row in rows}
    assert {row["provenance"] for row in rows} == {"inventata"}
    assert [row for row in rows if row["valid_until"] and row["star"] != "false"] == []
    assert {row["star"] for row in rows} == {"true", "false"}
