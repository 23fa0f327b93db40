"""The catalogue of products as the ledger holds it: every version with its days and attributes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.measurement.ledger.store import Ledger

FOREVER: Final = date(9999, 12, 31)
CATALOGUE: Final = pa.schema(
    [
        ("product", pa.int32()),
        ("since", pa.date32()),
        ("until", pa.date32()),
        ("area", pa.string()),
        ("line", pa.string()),
        ("star", pa.bool_()),
        ("standard_hours", pa.int64()),
        ("standard_days", pa.int64()),
    ]
)
"""Versions of products: position of the product, days `[since, until)`, attributes; hours are thousandths."""


def read_catalogue(ledger: Ledger, known_on: date | None = None) -> pa.Table:
    """Versions of products as known on a day: what was taken back is out, and a version ends where the next begins.

    A product that the catalogue had not yet on that day, but some row has, is taken as it became known later.
    """
    known = _versions(ledger, known_on)
    if known_on is None:
        return pa.Table.from_pylist(known, schema=CATALOGUE)
    products = {version["product"] for version in known}
    later = [version for version in _versions(ledger, None) if version["product"] not in products]
    return pa.Table.from_pylist([*known, *later], schema=CATALOGUE)


def _versions(ledger: Ledger, known_on: date | None) -> list[dict[str, Any]]:
    files = [load.proven_entries for load in ledger.loads("products", known_on)]
    rows = pa.concat_tables([pq.read_table(file) for file in files]).to_pylist() if files else []
    taken_back = {_statement(row) for row in rows if row["sign"] < 0}
    in_force = {
        (row["product"], row["valid_from"]): row
        for row in sorted(rows, key=lambda row: row["correction"])
        if row["sign"] > 0 and _statement(row) not in taken_back
    }
    versions = [_version(in_force[key]) for key in sorted(in_force)]
    for earlier, later in pairwise(versions):
        if earlier["product"] == later["product"]:
            earlier["until"] = min(earlier["until"], later["since"])
    return versions


def _statement(row: dict[str, Any]) -> tuple[object, ...]:
    return row["product"], row["valid_from"], row["correction"]


def _version(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "product": row["product"],
        "since": row["valid_from"],
        "until": row["valid_until"] or FOREVER,
        "area": row["area"],
        "line": row["line"],
        "star": row["star"],
        "standard_hours": int(row["standard_hours"] * 1000),
        "standard_days": row["standard_days"],
    }
