"""The table of open cases, counted again from all entries: it is derived, and one that was touched is never read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.ledger.store import Load
from piramide.measurement.loading.work_rows import RECEIVED, REOPENED, RESOLVED

_SQL: Final = f"""
SELECT case_key & -8 AS case_key,
    CAST(SUM(CASE WHEN kind = {RECEIVED} THEN sign ELSE 0 END) AS TINYINT) AS received,
    CAST(SUM(CASE WHEN kind = {RESOLVED} THEN sign WHEN kind = {REOPENED} THEN -sign ELSE 0 END) AS TINYINT) AS resolved
FROM entries GROUP BY 1 HAVING received <> 1 OR resolved <> 1 ORDER BY 1
"""  # noqa: S608 - made of constants


def counted_again(loads: Sequence[Load]) -> pa.Table:
    """Columns case_key (lowest three bits cleared), received, resolved: the cases that all these loads leave open.

    Raises `Refusal`: FA018, FA071 for entries that are not those that were kept.
    """
    with DuckdbEngine() as engine:
        return engine.run(Query(_SQL, {"entries": tuple(load.proven_entries for load in loads)}))
