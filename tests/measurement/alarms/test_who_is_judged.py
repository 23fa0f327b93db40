"""Whom alarms leave alone: small offices, small clusters, what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from bench.invented_work import Columns, Invented

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence
from piramide.measurement.alarms.facts import Counts, Facts
from piramide.measurement.alarms.judging import Rule, Side, judge
from piramide.measurement.alarms.registry import examine
from piramide.measurement.alarms.window import Window

Ask = Callable[[Columns], Facts]
Dress = Callable[[str, list[int], float], Columns]
Hear = Callable[[Columns, str], list[Evidence]]

WINDOW = Window(parse_period("2024-03"))
RULE = Rule("made_up", "AL001")


def counts(part: list[float], whole: list[float]) -> Counts:
    none = np.zeros(len(part))
    half = np.full(len(part), 0.5)
    return Counts(np.arange(len(part)), np.array(part), np.array(whole), half, none, none, half)


def facts(**clusters: str) -> Facts:
    return Facts(lambda _: None, {at: f"office_{at}" for at in range(30)}, clusters=clusters)


def test_an_office_of_a_few_cases_is_counted_as_too_small() -> None:
    answer = judge(RULE, counts([10.0] * 10 + [20.0], [100.0] * 10 + [20.0]), facts(), WINDOW)

    assert answer.evidence == ()
    assert (answer.examined, answer.too_small) == (10, 1)


def test_seven_offices_are_too_few_to_know_what_is_usual() -> None:
    answer = judge(RULE, counts([10.0] * 6 + [90.0], [100.0] * 7), facts(), WINDOW)

    assert answer.evidence == ()
    assert (answer.examined, answer.too_small) == (0, 7)


def test_the_eighth_makes_it_ring() -> None:
    answer = judge(RULE, counts([10.0] * 7 + [90.0], [100.0] * 8), facts(), WINDOW)

    assert [evidence.office for evidence in answer.evidence] == ["office_7"]


def test_it_compares_offices_inside_their_cluster() -> None:
    parts = [10.0] * 10 + [60.0] * 10
    by_cluster = {f"office_{at}": "a" if at < 10 else "b" for at in range(20)}
    odd = counts([*parts[:9], 60.0, *parts[10:]], [100.0] * 20)

    alone, together = judge(RULE, odd, facts(**by_cluster), WINDOW), judge(RULE, odd, facts(), WINDOW)

    assert [evidence.office for evidence in alone.evidence] == ["office_9"]
    assert together.evidence == ()


def test_what_is_rare_but_tiny_is_left_alone() -> None:
    many = [1_000_000.0] * 10
    slightly = counts([100_000.0] * 9 + [102_000.0], many)

    assert judge(RULE, slightly, facts(), WINDOW).evidence == ()
    assert judge(replace(RULE, least_ratio=1.01), slightly, facts(), WINDOW).evidence != ()


def test_a_rule_about_less_does_not_ring_at_more() -> None:
    more = counts([10.0] * 9 + [60.0], [100.0] * 10)

    assert judge(replace(RULE, side=Side.LESS), more, facts(), WINDOW).evidence == ()
    assert len(judge(replace(RULE, side=Side.BOTH), more, facts(), WINDOW).evidence) == 1


def test_a_habit_known_from_the_past_is_no_news() -> None:
    same = counts([5.0, 8.0, 12.0, 18.0] * 5 + [70.0], [100.0] * 21)
    with_past = replace(same, past_part=same.part * 12, past_whole=same.whole * 12)

    assert len(judge(RULE, same, facts(), WINDOW).evidence) == 1
    assert judge(RULE, with_past, facts(), WINDOW).evidence == ()


def test_where_nobody_departs_from_the_cluster_a_single_habit_is_not_believed() -> None:
    """Twenty offices alike say that offices do not differ: the odd one is drawn to them, past or not."""
    same = counts([10.0] * 19 + [40.0], [100.0] * 20)
    with_past = replace(same, past_part=same.part * 12, past_whole=same.whole * 12)

    assert len(judge(RULE, with_past, facts(), WINDOW).evidence) == 1


def test_without_standard_times_it_says_that_nobody_was_examined(honest: Invented, facts_of: Ask) -> None:
    known = facts_of(honest.entries)

    answers = examine(Facts(known.query, known.structures), parse_period("2024-03"))

    (deadline,) = [answer for answer in answers if answer.code == "AL008"]
    assert (deadline.examined, deadline.evidence) == (0, ())
    assert {answer.about for answer in answers if answer.code == "AL009"} == {
        "clearance_rate",
        "pending",
        "rejected",
    }


def test_corrections_are_taken_off(heard: Hear, dressed: Dress) -> None:
    """Entries counted and taken back on the same day leave the alarm as it was."""
    entries = dressed("AL004", [5], 0.2)
    rows = np.flatnonzero((entries["kind"] == 3) & (entries["work"] == 5))
    twice = {name: np.concatenate([values, values[rows], values[rows]]) for name, values in entries.items()}
    twice["sign"] = twice["sign"].copy()
    twice["sign"][-len(rows) :] = -1

    assert [one.as_json() for one in heard(twice, "AL004")] == [one.as_json() for one in heard(entries, "AL004")]
