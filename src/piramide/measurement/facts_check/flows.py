"""Flows against the entries that they add up: the fold reads either, so they have to say the same."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding, Place
from piramide.measurement.contract import WORK
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.ledger.store import FLOWS, Ledger
from piramide.measurement.loading.flows import FLOWS_SQL, KEYS, SUMS

_COLUMNS = ", ".join((*KEYS, *SUMS))
_APART = f"""
WITH added AS (SELECT {_COLUMNS} FROM ({FLOWS_SQL})), kept AS (SELECT {_COLUMNS} FROM flows)
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
