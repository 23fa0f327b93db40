"""An office unlike its cluster: beyond the limits of the funnel plot, which are wide for small offices."""

from __future__ import annotations

import numpy as np

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import Counts, Facts
from piramide.measurement.alarms.indicators import declared, is_measurable, sums
from piramide.measurement.alarms.judging import RATE, Rule, Side, judge
from piramide.measurement.alarms.window import Window


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Each compared indicator against the cluster alone, on both sides; the rate of both is shared among them."""
    totals = sums(facts, window)
    compared = [share for share in declared().compared if is_measurable(share, facts)]
    return tuple(
        judge(
            Rule(
                "unlike_cluster",
                "AL009",
                side=Side.BOTH,
                rate=2 * RATE / len(compared),
                rows=window.in_period,
                least_ratio=1.5,
                about=share.id,
            ),
            without_past(totals.counts(share)),
            facts,
            window,
        )
        for share in compared
    )


def without_past(counts: Counts) -> Counts:
    """The counts to be compared with the cluster alone."""
    none = np.zeros(counts.whole.shape)
    return Counts(counts.offices, counts.part, counts.whole, counts.base, none, none, np.full(none.shape, 0.5))
