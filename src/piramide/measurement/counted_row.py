"""Whether a measure counts a row that is not in any ledger."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from piramide.measurement.engines import duckdb_engine
from piramide.measurement.engines.engine import Query
from piramide.measurement.measures.fields import ENTRIES
from piramide.measurement.measures.of_nodes import compiled_name
from piramide.measurement.values.figures import Measured


def is_counted(measured: Measured, name: str, node: str, row: Mapping[str, object]) -> bool:
    """Whether the conditions of a measure hold for a row, by the columns of its dataset that the row names."""
    plan = measured.plans[measured.pack.measures[name].dataset]
    where = plan.measures[compiled_name(name, measured.node_read(name, node))].where
    table = pa.Table.from_pylist([dict(row)])
    found = duckdb_engine.answer(Query(f'SELECT ({where}) AS held FROM "{ENTRIES}"', {}, {ENTRIES: table}))  # noqa: S608
    return bool(found["held"][0].as_py())
