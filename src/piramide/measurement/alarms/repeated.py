"""A value repeated: the same number of resolved cases as the month before, in more products than chance would have."""

from __future__ import annotations

from typing import Final

import numpy as np

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RESOLVED, Facts, column, counts_of, whole_numbers
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.tails import Floats
from piramide.measurement.alarms.window import Window

LEAST_VALUE: Final = 5
FEWEST_PAIRS: Final = 8


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Equal pairs of neighbouring months over all pairs, against the chance that two counts agree."""
    table = facts.query(
        f"""
        SELECT work AS office, product AS product_code, month AS month_index, SUM(sign) AS resolved
        FROM entries WHERE {RESOLVED} AND month BETWEEN {window.first_month - 1} AND {window.last_month}
        GROUP BY 1, 2, 3
        """  # noqa: S608 - of our own parts
    )
    offices, office = np.unique(whole_numbers(table, "office"), return_inverse=True)
    products, product = np.unique(whole_numbers(table, "product_code"), return_inverse=True)
    value = np.zeros((window.months + 1, len(offices), len(products)))
    value[whole_numbers(table, "month_index") - window.first_month + 1, office, product] = column(table, "resolved")
    mean = 0.5 * (value[1:] + value[:-1])
    is_pair = mean >= LEAST_VALUE
    whole = is_pair.sum(axis=(0, 2)).astype(np.float64)
    equal = (is_pair & (value[1:] == value[:-1])).sum(axis=(0, 2)).astype(np.float64)
    chance = np.where(is_pair, agreement(np.maximum(mean, LEAST_VALUE)), 0.0).sum(axis=(0, 2)) / np.maximum(whole, 1.0)
    rows = f"{RESOLVED} AND month BETWEEN {window.first_month - 1} AND {window.last_month}"
    rule = Rule("value_repeated", "AL010", rows=rows, office_column="work", least_ratio=1.5, fewest=FEWEST_PAIRS)
    counts = counts_of(offices, equal[None, :], whole[None, :], np.maximum(chance, 1e-6)[None, :])
    return (judge(rule, counts, facts, window),)


def agreement(mean: Floats) -> Floats:
    """Probability that two counts with this mean are equal: exp(-2m) I0(2m), by its expansion for m of 5 or more.

    >>> round(float(agreement(np.array(20.0))), 4)  # two counts around 20 agree about once in sixteen
    0.0633
    """
    return np.asarray((1.0 + 1.0 / (16.0 * mean)) / np.sqrt(4.0 * np.pi * mean), dtype=np.float64)
