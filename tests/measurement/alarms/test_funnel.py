from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from bench.invented_work import Columns, Invented

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.funnel import funnel_plots, limits
from piramide.measurement.alarms.indicators import declared
from piramide.measurement.alarms.window import Window

Ask = Callable[[Columns], Facts]


def test_limits_close_in_as_cases_grow_and_stay_shares() -> None:
    found = limits(0.03, 0.1, np.array([5.0, 10.0, 100.0, 10_000.0]))

    assert all(0.0 < one.low_outer < one.low_inner < 0.03 < one.high_inner < one.high_outer < 1.0 for one in found)
    assert all(wide.high_outer > narrow.high_outer for wide, narrow in pairwise(found))


def test_limits_never_close_in_beyond_what_honest_offices_differ() -> None:
    (endless,) = limits(0.5, 0.2, np.array([1e12]))

    assert endless.high_inner == pytest.approx(1 / (1 + np.exp(-1.959964 * 0.2)), abs=1e-6)


def test_it_shows_every_office_and_most_inside_the_limits(honest: Invented, facts_of: Ask) -> None:
    window = Window(parse_period("2024-03"))

    (plot,) = funnel_plots(facts_of(honest.entries), window, declared().indicators["reopened"])

    assert len(plot.points) == len(honest.people)
    assert sum(abs(point.score) > 1.96 for point in plot.points) <= 5
    assert plot.limits[0].denominator == pytest.approx(min(point.denominator for point in plot.points))
    assert plot.limits[-1].denominator == pytest.approx(max(point.denominator for point in plot.points))


def test_the_worst_of_the_ranking_is_a_small_office_inside_the_limits(honest: Invented, facts_of: Ask) -> None:
    window = Window(parse_period("2024-03"))
    (plot,) = funnel_plots(facts_of(honest.entries), window, declared().indicators["reopened"])

    worst = max(plot.points, key=lambda point: point.value)

    assert worst.denominator < np.median([point.denominator for point in plot.points])
    assert abs(worst.score) < 2.88


def test_it_draws_one_funnel_for_each_cluster(honest: Invented, facts_of: Ask) -> None:
    facts = facts_of(honest.entries)
    clusters = {
        name: "large" if people > 80 else "small"
        for name, people in zip(honest.structures.values(), honest.people, strict=True)
    }
    grouped = Facts(facts.query, facts.structures, facts.deadlines, clusters)

    plots = funnel_plots(grouped, Window(parse_period("2024-03")), declared().indicators["reopened"])

    assert {plot.cluster for plot in plots} == {"large", "small"}
    assert sum(len(plot.points) for plot in plots) == len(honest.people)
