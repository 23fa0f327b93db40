"""An invented administration of forty offices, honest, on which the alarms are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bench.alarms import ALARM_OF
from bench.dressed_up import dress_up
from bench.invented_work import Columns, Invented, invent, table

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.registry import examine
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query

MARCH_2024 = (2024 - 1970) * 12 + 2

Ask = Callable[[Columns], Facts]


@pytest.fixture(scope="session")
def honest() -> Invented:
    return invent(seed=11, offices=40, months=16, per_head=4, products=16)


@pytest.fixture(scope="session")
def engine() -> Iterator[DuckdbEngine]:
    with DuckdbEngine({"threads": "1"}) as opened:
        yield opened


@pytest.fixture
def facts_of(honest: Invented, engine: DuckdbEngine) -> Ask:
    def facts(entries: Columns) -> Facts:
        rows = table(entries)
        return Facts(lambda sql: engine.run(Query(sql, tables={"entries": rows})), honest.structures, honest.deadlines)

    return facts


@pytest.fixture
def heard(facts_of: Ask) -> Callable[[Columns, str], list[Evidence]]:
    def hear(entries: Columns, code: str) -> list[Evidence]:
        """Evidence of one alarm in March."""
        answers = examine(facts_of(entries), parse_period("2024-03"), (ALARM_OF[code],))
        return [found for answer in answers for found in answer.evidence if found.code == code]

    return hear


@pytest.fixture(scope="session")
def troubled(honest: Invented, engine: DuckdbEngine) -> list[Evidence]:
    """What alarms hear, by chance, in March of the honest world."""
    rows = table(honest.entries)
    facts = Facts(lambda sql: engine.run(Query(sql, tables={"entries": rows})), honest.structures, honest.deadlines)
    return [found for answer in examine(facts, parse_period("2024-03")) for found in answer.evidence]


@pytest.fixture
def dressed(honest: Invented) -> Callable[[str, list[int], float], Columns]:
    def dress(code: str, offices: list[int], size: float) -> Columns:
        return dress_up(honest, code, offices, MARCH_2024, size, seed=1)

    return dress
