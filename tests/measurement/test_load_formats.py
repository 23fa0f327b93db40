"""The same rows give the same entries, whatever they come in; Arrow goes in and out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from piramide.kernel.findings import Refusal
from piramide.measurement.contract import contract
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
from tests.measurement.loads import LEARNED_ON, ORGANISATION, Office, row, sound_rows, work_text

ROWS = [
    *sound_rows(20),
    row("a", "received", "2024-01-10"),
    row("a", "resolved", "2024-02-10", "2024-01-10", staff_hours="2.5", status="estimated"),
    row("città", "received", "2024-01-11"),
    row("a-case-with-an-identifier-that-is-longer-than-sixty-four-characters-altogether", "received", "2024-01-11"),
]
TERMS = Terms(ORGANISATION, LEARNED_ON)


@pytest.fixture
def table(office: Office) -> pa.Table:
    """The rows with the types that Arrow infers: dates, numbers, nulls."""
    options = pa_csv.ConvertOptions(strings_can_be_null=True)
    return pa_csv.read_csv(office.file(work_text(ROWS)), convert_options=options)


def test_parquet_gives_the_entries_of_csv(tmp_path: Path, table: pa.Table) -> None:
    plain, columnar = Office(tmp_path / "csv"), Office(tmp_path / "parquet")
    plain.load("work", work_text(ROWS))
    pq.write_table(table, tmp_path / "work.parquet")

    report = load(columnar.ledger, contract("work"), open_source(str(tmp_path / "work.parquet")), TERMS)

    assert report.reasons == {}
    lines = {"source_line": 0}
    assert [e | lines for e in columnar.entries()] == [e | lines for e in plain.entries()]


def test_it_gives_entries_batch_by_batch(office: Office) -> None:
    office.work(*ROWS[:10])
    office.work(*ROWS[10:])

    reader = office.ledger.entries("work", ["case", "sign"])

    assert isinstance(reader, pa.RecordBatchReader)
    assert reader.schema.names == ["case", "sign"]
    assert sum(batch.num_rows for batch in reader) == len(ROWS)


def test_it_gives_only_what_was_known_on_a_day(office: Office) -> None:
    office.load("work", work_text(ROWS[:10]), learned_on=LEARNED_ON.replace(month=11, day=30))
    office.load("work", work_text(ROWS[10:]), learned_on=LEARNED_ON)

    known = office.ledger.entries("work", ["case"], known_on=LEARNED_ON.replace(day=1))

    assert known.read_all().num_rows == 10


def test_it_refuses_a_damaged_parquet_file(office: Office, table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "work.parquet"
    pq.write_table(table, path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"\0" * 40 + whole[44:-20])

    with pytest.raises(Refusal, match="FA011"):
        load(office.ledger, contract("work"), open_source(str(path)), TERMS)

    assert office.ledger.loads("work") == ()


def test_it_refuses_a_column_of_parquet_whose_name_is_no_text(office: Office, table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "work.parquet"
    pq.write_table(table.append_column("a_name", [["x"] * table.num_rows]), path)
    path.write_bytes(path.read_bytes().replace(b"a_name", b"a\xe5name"))

    with pytest.raises(Refusal, match="FA011"):
        load(office.ledger, contract("work"), open_source(str(path)), TERMS)

    assert office.ledger.loads("work") == ()


@pytest.mark.parametrize(("column", "cells", "code"), [
    ("structure", pa.nulls(3), "FA010"),
    ("structure", pa.nulls(3, pa.string()).dictionary_encode(), "FA010"),
    ("structure", pa.array([["asti"], [], None]), "FA076"),
    ("structure", pa.array([{"name": "asti"}] * 3), "FA076"),
    ("structure", pa.array([b"asti", b"\xff", None]), "FA076"),
    ("structure", pa.array([b"asti", b"\xff", b"asti"]).view(pa.string()), "FA011"),
])  # fmt: skip
@pytest.mark.parametrize("dataset", ["appeals", "balances", "work"])
def test_an_odd_column_of_parquet_is_refused_by_name(
    office: Office, tmp_path: Path, dataset: str, column: str, cells: pa.Array, code: str
) -> None:
    names = [found.name for found in contract(dataset).columns]
    column = next((n for n in names if n == column), names[0])
    texts = {name: pa.array(["x", "y", "z"]) for name in names}
    pq.write_table(pa.table(texts | {column: cells}), tmp_path / "odd.parquet")

    with pytest.raises(Refusal) as refused:
        load(office.ledger, contract(dataset), open_source(str(tmp_path / "odd.parquet")), TERMS)

    first = refused.value.findings[0]
    assert first.code == code
    assert code != "FA076" or first.subject == column
    assert office.ledger.loads(dataset) == ()


def test_it_refuses_a_parquet_file_of_another_dataset(office: Office, tmp_path: Path) -> None:
    pq.write_table(pa.table({"structure": ["asti"], "account": ["1005"]}), tmp_path / "work.parquet")

    with pytest.raises(Refusal, match="FA003"):
        load(office.ledger, contract("work"), open_source(str(tmp_path / "work.parquet")), TERMS)


def test_it_adds_up_to_what_the_file_says(tmp_path: Path) -> None:
    office = Office(tmp_path)
    rows = [
        row(f"c{i}", entry, day, "2024-01-05", product=product, staff_hours=f"{i % 300 / 100:.2f}")
        for i in range(30_000)
        for product in [("pension", "naspi")[i % 2]]
        for entry, day in [("received", "2024-01-05"), ("resolved", f"2024-{i % 11 + 2:02d}-{i % 28 + 1:02d}")]
    ]
    path = office.file(work_text(rows), "many.csv")
    load(office.ledger, contract("work"), open_source(str(path)), TERMS)

    stored = office.ledger.entries("work").read_all()

    delivered = pa_csv.read_csv(path)
    months = stored.group_by(["month", "kind"]).aggregate([("hours_100", "sum"), ("sign", "sum")]).to_pylist()
    written: dict[tuple[int, int], list[int]] = {}
    for one in delivered.to_pylist():
        key = (one["day"].year * 12 + one["day"].month - 1, 0 if one["entry"] == "received" else 2)
        sums = written.setdefault(key, [0, 0])
        sums[0] += round(one["staff_hours"] * 100)
        sums[1] += 1
    assert {(m["month"], m["kind"]): [m["hours_100_sum"], m["sign_sum"]] for m in months} == written
    assert stored["case_key"].to_pylist().count(stored["case_key"][0].as_py()) == 2
