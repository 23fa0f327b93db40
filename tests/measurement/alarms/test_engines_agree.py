"""The alarms hear the same on DuckDB and on Spark, to the last digit."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench.dressed_up import dress_up
from bench.invented_work import invent, table

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.registry import examine
from piramide.measurement.engines.configuration import Configuration, SparkSettings
from piramide.measurement.engines.engine import Query
from piramide.measurement.engines.opening import engine_of

MARCH_2024 = (2024 - 1970) * 12 + 2


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_they_hear_the_same(tmp_path: Path) -> None:
    world = invent(seed=5, offices=12, months=15, per_head=3, products=8)
    file = tmp_path / "entries.parquet"
    pq.write_table(table(dress_up(world, "AL004", [1], MARCH_2024, 0.3)), file)
    heard = {}

    for name in ("duckdb", "spark"):
        with engine_of(Configuration(name, SparkSettings(tmp_path, "local[1]"))) as engine:
            facts = Facts(
                lambda sql, engine=engine: engine.run(Query(sql, {"entries": [file]})),  # type: ignore[misc]
                world.structures,
                world.deadlines,
            )
            heard[name] = [answer.as_json() for answer in examine(facts, parse_period("2024-03"))]

    assert any(answer["evidence"] for answer in heard["duckdb"])
    assert heard["spark"] == heard["duckdb"]
