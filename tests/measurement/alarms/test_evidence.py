from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from bench.dressed_up import DRESSINGS
from bench.invented_work import Columns, Invented

from piramide.kernel import wording
from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.judging import RATE
from piramide.measurement.alarms.registry import rarest_first

Hear = Callable[[Columns, str], list[Evidence]]
Dress = Callable[[str, list[int], float], Columns]

BURST = Evidence(
    alarm="period_end_burst",
    code="AL001",
    office="dp_belluno",
    period=parse_period("2024-Q3"),
    statistic=0.412,
    expected=0.153,
    spread=0.02,
    probability=0.00004,
    query="SELECT 1",
    numbers={"part": 412.0, "whole": 1000.0, "usual": 153.0},
)


def test_it_says_what_was_seen_how_rare_it_is_and_what_may_be_honest() -> None:
    said = BURST.finding().message("it")

    assert "dp_belluno, 2024-Q3" in said
    assert "412 definizioni su 1000 (41,2 %)" in said
    assert "15,3 %" in said
    assert "un ufficio su 25.000" in said
    assert "Chiedete prima di giudicare" in said


def test_it_says_the_same_in_english() -> None:
    said = BURST.finding().message("en")

    assert "412 of 1000 closures (41.2 %)" in said
    assert "one office in 25,000" in said


def test_it_never_claims_more_than_a_million_to_one() -> None:
    assert replace(BURST, probability=1e-15).odds == 1_000_000


@pytest.mark.parametrize("code", sorted(DRESSINGS))
def test_no_message_is_a_verdict_or_lacks_a_figure(code: str) -> None:
    for language in wording.languages():
        message = wording.catalogue(language)[code]

        assert "{odds:figure}" in message["text"]
        assert "{expected:figure}" in message["text"]
        assert message["remedy"]
        for word in ("fraud", "cheat", "guilty", "frode", "truffa", "colpevole"):
            assert word not in message["text"].lower()


def test_it_names_both_indicators_of_a_pair_in_words() -> None:
    pair = replace(BURST, code="AL012", about="clearance_rate / reopened")

    assert "clearance_rate" not in pair.finding().message("it")
    assert "riaperto su definito e riaperto" in pair.finding().message("it")


def test_its_query_lists_rows_of_the_office(
    honest: Invented, heard: Hear, dressed: Dress, facts_of: Callable[[Columns], Facts]
) -> None:
    entries = dressed("AL004", [5], 0.2)
    (evidence,) = heard(entries, "AL004")

    rows = facts_of(entries).query(evidence.query)

    assert 0 < rows.num_rows <= 20
    assert set(rows.column("work").to_pylist()) == {5}
    assert evidence.office == honest.structures[5]
    assert evidence.probability < RATE
    assert evidence.statistic == evidence.numbers["part"] / evidence.numbers["whole"]


def test_it_is_json_without_anything_that_json_has_not() -> None:
    answer = json.loads(json.dumps(BURST.as_json(), allow_nan=False))

    assert answer["structure"] == "dp_belluno"
    assert answer["probability"] == 0.00004
    assert answer["numbers"]["part"] == 412


def test_the_rarest_comes_first() -> None:
    rarer = replace(BURST, office="dp_enna", probability=1e-9)
    answer = Examined("period_end_burst", "AL001", 100, 0, 0.1, (BURST, rarer))

    assert [one.office for one in rarest_first([answer])] == ["dp_enna", "dp_belluno"]
