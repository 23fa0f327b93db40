"""Every alarm rings on what it is for, and leaves honest offices alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from bench.dressed_up import DRESSINGS
from bench.invented_work import Columns, Invented, invent, table

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.registry import examine
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query

Hear = Callable[[Columns, str], list[Evidence]]
Dress = Callable[[str, list[int], float], Columns]
SIZE = {"AL004": 0.15, "AL005": 0.15, "AL007": 0.1, "AL012": 1.0}


def office_of(world: Invented, people: int) -> int:
    """The office whose size is nearest."""
    return int(np.argmin(np.abs(world.people - people)))


def rung(code: str, evidence: list[Evidence]) -> set[str]:
    return {one.office for one in evidence if one.code == code}


@pytest.mark.parametrize("code", sorted(DRESSINGS))
def test_it_rings_where_an_office_of_two_hundred_dressed_its_figures_up(
    code: str, honest: Invented, heard: Hear, dressed: Dress, troubled: list[Evidence]
) -> None:
    office = office_of(honest, 200)

    found = {one.office for one in heard(dressed(code, [office], SIZE.get(code, 0.7)), code)}

    assert found - rung(code, troubled) == {honest.structures[office]}


@pytest.mark.parametrize("code", sorted(DRESSINGS))
def test_it_is_not_deaf_when_three_do_the_same(
    code: str, honest: Invented, heard: Hear, dressed: Dress, troubled: list[Evidence]
) -> None:
    guilty = [office_of(honest, people) for people in (200, 400, 600)]

    found = {one.office for one in heard(dressed(code, guilty, SIZE.get(code, 0.7)), code)}

    assert len(found & {honest.structures[office] for office in guilty}) >= 2
    assert found - rung(code, troubled) <= {honest.structures[office] for office in guilty}


@pytest.mark.parametrize("period", ["2024-01", "2024-02", "2024-03", "2024-Q1", "2023"])
def test_it_is_silent_about_honest_offices(period: str, honest: Invented, facts_of: Callable[[Columns], Facts]) -> None:
    answers = examine(facts_of(honest.entries), parse_period(period))

    assert sum(answer.examined for answer in answers) > 300
    assert [len(answer.evidence) for answer in answers if len(answer.evidence) > 1] == []
    assert sum(len(answer.evidence) for answer in answers) <= 2


@pytest.mark.slow
def test_it_troubles_fewer_than_one_honest_office_in_a_hundred() -> None:
    troubled: dict[str, int] = {}
    examined: dict[str, int] = {}
    with DuckdbEngine() as engine:
        for seed in range(4):
            world = invent(seed, offices=116, months=15, per_head=2, products=20)
            rows = table(world.entries)
            facts = Facts(
                lambda sql, rows=rows: engine.run(Query(sql, tables={"entries": rows})),  # type: ignore[misc]
                world.structures,
                world.deadlines,
            )
            for period in ("2024-01", "2024-02"):
                for answer in examine(facts, parse_period(period)):
                    troubled[answer.code] = troubled.get(answer.code, 0) + len(answer.evidence)
                    examined[answer.code] = examined.get(answer.code, 0) + answer.examined

    assert min(examined.values()) > 100
    assert {code: count for code, count in troubled.items() if count > 0.01 * max(examined[code], 400)} == {}
