"""What a small dataset states: rows that no correction takes back, with the names of structures, as known on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow.parquet as pq

from piramide.kernel.periods import FINAL
from piramide.measurement.contract import ColumnType, contract
from piramide.measurement.ledger.store import Ledger


def standing_rows(ledger: Ledger, dataset: str, known_on: date | None = None) -> list[dict[str, Any]]:
    """The rows of a dataset that stand, in the order of their keys: structures by name, months as `2025-01`.

    Of a row that was reversed and stated again the last statement counts. Refuses FA018, FA071 (files touched).
    """
    agreed = contract(dataset)
    names = ledger.codes().structures
    months = [column.name for column in agreed.columns if column.type is ColumnType.MONTH]
    key = [name for name in agreed.key if name not in {"entry", "correction"}]
    standing: dict[tuple[Any, ...], dict[str, Any]] = {}
    counted: dict[tuple[Any, ...], int] = {}
    rows: list[dict[str, Any]] = []
    for load in ledger.loads(dataset, known_on):
        if load.manifest["accepted"]:
            rows += pq.read_table(load.proven_entries, columns=[*agreed.names, "sign"]).to_pylist()
    for row in rows:
        statement = (*(row[name] for name in key), row["correction"])
        counted[statement] = counted.get(statement, 0) + row["sign"]
    for row in sorted(rows, key=lambda each: each["correction"]):
        of = tuple(row[name] for name in key)
        if row["sign"] > 0 and counted[*of, row["correction"]] > 0:
            standing[of] = row
    for row in standing.values():
        for name in agreed.structure:
            row[name] = names[row[name]]
        for name in months:
            row[name] = f"{row[name] // (FINAL - 1):04d}-{row[name] % (FINAL - 1) + 1:02d}"
    return [standing[of] for of in sorted(standing, key=lambda each: tuple(map(str, each)))]
