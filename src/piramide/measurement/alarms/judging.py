"""From counts to evidence: the one way in which alarms about shares decide whether to ring."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.measurement.alarms.facts import Counts, Facts
from piramide.measurement.alarms.reference import Reference, expit, logit, own_past, reference
from piramide.measurement.alarms.tails import lower_tail, upper_tail
from piramide.measurement.alarms.window import Window

RATE: Final = 0.001
"""Probability with which an alarm rings for an office where nothing is wrong: the upper 99.8 % limit of a funnel plot.
The rate promised is 1 in 100; the rest is kept for honest offices that differ in ways the model does not know."""

FEWEST_OFFICES: Final = 8
FEWEST_CASES: Final = 30
LEAST_EXCESS: Final = 5.0
_SCREEN: Final = 1.5
"""Offices nearer than this to their reference are not worth an exact probability."""


class Side(StrEnum):
    """Which departures an alarm is about."""

    MORE = "more"
    LESS = "less"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Rule:
    """How an alarm decides: which side, its rate, and the least odds ratio worth a look however rare it is.

    An office with fewer than `fewest` cases is not judged. `rows` is the SQL condition of the rows to look at,
    `office_column` the column that holds the office.
    """

    id: str
    code: str
    side: Side = Side.MORE
    rate: float = RATE
    least_ratio: float = 1.25
    rows: str = ""
    office_column: str = "competence"
    about: str = ""
    fewest: float = FEWEST_CASES


def judge(rule: Rule, counts: Counts, facts: Facts, window: Window) -> Examined:
    """Compare every office with its reference inside its cluster, and keep the evidence of those beyond the limit.

    Offices with fewer cases than the rule asks for, and clusters of fewer than `FEWEST_OFFICES`, are not judged.
    """
    present = counts.of(counts.whole > 0)
    large = present.of(present.whole >= rule.fewest)
    evidence: list[Evidence] = []
    examined = 0
    for group in groups(large, facts):
        fitted = fit(group)
        examined += len(group.offices)
        evidence += _heard(rule, group, fitted, facts, window)
    too_small = len(present.offices) - examined
    by_chance = examined * rule.rate
    return Examined(rule.id, rule.code, examined, too_small, by_chance, tuple(evidence), rule.about)


def groups(counts: Counts, facts: Facts) -> Iterator[Counts]:
    """The counts of each cluster that is large enough to be compared in."""
    names = np.array([facts.cluster(int(office)) for office in counts.offices], dtype=object)
    for name in sorted(set(names)):
        group = counts.of(names == name)
        if len(group.offices) >= FEWEST_OFFICES:
            yield group


def fit(counts: Counts) -> Reference:
    """The reference of each office: its own work, drawn to its own past as far as there is one, and the cluster."""
    departure, noise = own_past(counts.past_part, counts.past_whole, counts.past_base)
    return reference(counts.part, counts.whole, expit(logit(counts.base) + departure), noise)


def probability(part: float, whole: float, share: float, spread: float, side: Side) -> float:
    """How rare the count is, on the side asked for."""
    k, n = round(part), round(whole)
    if side is Side.MORE:
        return upper_tail(k, n, share, spread)
    if side is Side.LESS:
        return lower_tail(k, n, share, spread)
    return min(1.0, 2.0 * min(upper_tail(k, n, share, spread), lower_tail(k, n, share, spread)))


def is_worth_a_look(part: float, whole: float, share: float, least_ratio: float) -> bool:
    """Whether the departure is large enough to matter, in cases and in odds."""
    if abs(part - whole * share) < LEAST_EXCESS:
        return False
    ratio = (part + 0.5) / (whole - part + 0.5) * (1.0 - share) / share
    return abs(math.log(ratio)) >= math.log(least_ratio)


def deviation(whole: float, share: float, spread: float) -> float:
    """Standard deviation of the share by chance and by the usual differences."""
    room = share * (1.0 - share)
    return math.sqrt(room / whole + (room * spread) ** 2)


def rows_query(rows: str, office_column: str, office: int) -> str:
    """SQL that lists rows to look at."""
    return f"SELECT * FROM entries WHERE {office_column} = {office} AND {rows} ORDER BY day LIMIT 20"  # noqa: S608 - of our own parts


def _heard(rule: Rule, counts: Counts, fitted: Reference, facts: Facts, window: Window) -> Iterator[Evidence]:
    for at, office in enumerate(counts.offices):
        part, whole = float(counts.part[at]), float(counts.whole[at])
        share, spread = float(fitted.share[at]), float(fitted.spread[at])
        if abs(fitted.scores[at]) < _SCREEN:
            continue
        rarity = probability(part, whole, share, spread, rule.side)
        if rarity > rule.rate or not is_worth_a_look(part, whole, share, rule.least_ratio):
            continue
        yield Evidence(
            rule.id,
            rule.code,
            facts.structures.get(int(office), str(office)),
            window.period,
            part / whole,
            share,
            deviation(whole, share, spread),
            rarity,
            rows_query(rule.rows, rule.office_column, int(office)),
            {"part": part, "whole": whole, "usual": whole * share, "log_odds_spread": spread},
            rule.about,
        )
