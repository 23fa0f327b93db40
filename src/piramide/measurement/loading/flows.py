"""Flows: the entries of a load added up without conditions, so that what needs none is not read row by row again.

`flows.parquet` has one row for each pair of offices, month, kind of entry and product. It is derived: entries alone
decide, and a load without the file is folded from them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file
from piramide.kernel.statuses import Status
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.loading.work_rows import STATUSES

KEYS: Final = ("competence", "work", "month", "kind", "product")
SUMS: Final = ("rows", "estimated", "pieces", "days_left", "points_in_1000")
FLOWS_SQL: Final = f"""
SELECT {", ".join(KEYS)}, COUNT(*) AS "rows",
    CAST(SUM(CASE WHEN status = {STATUSES.index(Status.ESTIMATED)} THEN sign ELSE 0 END) AS BIGINT) AS estimated,
    CAST(SUM(sign) AS BIGINT) AS pieces,
    CAST(SUM(CAST(sign AS BIGINT) * days_to_month_end) AS BIGINT) AS days_left,
    CAST(SUM(sign * points_in_1000) AS BIGINT) AS points_in_1000
FROM entries GROUP BY {", ".join(KEYS)} ORDER BY {", ".join(KEYS)}
"""  # noqa: S608 - made of constants
"""`rows` count; the others add up signs, what is taken back counting minus: of estimated rows, of all, of all times the
days left in the month, of all times the points that their cases came in with."""


def write_flows(entries: Path, flows: Path) -> None:
    """Add up a file of entries. Raises `Refusal` (ME010) when that fails."""
    with DuckdbEngine() as engine:
        table = engine.run(Query(FLOWS_SQL, {"entries": (entries,)}))
    with whole_file(flows) as draft:
        pq.write_table(table, draft, compression="lz4")
