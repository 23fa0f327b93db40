"""Flows against the entries that they add up: the fold reads either, so they have to say the same."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding, Place
from piramide.kernel.statuses import Status
from piramide.measurement.contract import WORK
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.ledger.store import FLOWS, Ledger
from piramide.measurement.loading.flows import KEYS, SUMS
from piramide.measurement.loading.work_rows import STATUSES

_ADDED = f"""
SELECT {", ".join(KEYS)}, COUNT(*) AS "rows",
    CAST(SUM(CASE WHEN status = {STATUSES.index(Status.ESTIMATED)} THEN sign ELSE 0 END) AS BIGINT) AS estimated,
    CAST(SUM(sign) AS BIGINT) AS pieces,
    CAST(SUM(CAST(sign AS BIGINT) * days_to_month_end) AS BIGINT) AS days_left,
    CAST(SUM(sign * points_in_1000) AS BIGINT) AS points_in_1000
FROM entries GROUP BY {", ".join(KEYS)}
"""  # noqa: S608 - made of constants
_COLUMNS = ", ".join((*KEYS, *SUMS))
_APART = f"""
WITH added AS (SELECT {_COLUMNS} FROM ({_ADDED})), kept AS (SELECT {_COLUMNS} FROM flows)
SELECT COUNT(*) AS apart FROM ((FROM added EXCEPT ALL FROM kept) UNION ALL (FROM kept EXCEPT ALL FROM added))
"""  # noqa: S608 - made of constants


def check_flows(ledger: Ledger) -> Iterator[Finding]:
    """Loads of work whose flows are not what their entries add up to."""
    with DuckdbEngine() as engine:
        for load in ledger.loads(WORK):
            if not load.holds(FLOWS):
                continue  # gone, or touched and named as such: folded from the entries
            files = {"entries": (load.proven_entries,), "flows": (load.flows_file,)}
            if engine.run(Query(_APART, files))["apart"][0].as_py():
                yield Finding("FA056", Place(str(load.flows_file)), WORK, {"load": load.id})
