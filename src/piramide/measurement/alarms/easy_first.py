"""Easy cases first: what is resolved is quicker, or younger, than what the office has to work on leads to expect."""

from __future__ import annotations

import numpy as np

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RESOLVED, Facts
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.tails import Floats
from piramide.measurement.alarms.window import Window
from piramide.measurement.alarms.workload import Workload, easy_counts, workload

_RECEIVED_MONTH = "(EXTRACT(YEAR FROM received_on) * 12 + EXTRACT(MONTH FROM received_on) - 1)"
_OLDEST_MONTHS = 36
_EASY_RATIO = 1.3


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Two alarms: products that take fewer hours, and cases received of late."""
    return _products(facts, window), _ages(facts, window)


def _products(facts: Facts, window: Window) -> Examined:
    work = workload(facts, window, "product")
    easy = _quicker_half(work)
    codes = ", ".join(str(code) for code in work.kinds[easy > 0])
    rows = f"{RESOLVED} AND {window.in_period} AND product IN ({codes or 'NULL'})"
    rule = Rule("easy_products_first", "AL002", rows=rows, least_ratio=_EASY_RATIO)
    return judge(rule, easy_counts(work, easy), facts, window)


def _ages(facts: Facts, window: Window) -> Examined:
    oldest = window.earliest_month - _OLDEST_MONTHS
    work = workload(facts, window, f"CAST(GREATEST({_RECEIVED_MONTH}, {oldest}) AS INTEGER)")
    rows = f"{RESOLVED} AND {window.in_period} AND {_RECEIVED_MONTH} >= {window.first_month}"
    rule = Rule("young_cases_first", "AL003", rows=rows, least_ratio=_EASY_RATIO)
    return judge(rule, easy_counts(work, _young(work, window)), facts, window)


def _quicker_half(work: Workload) -> Floats:
    """1 for the products that take the fewest hours and make up half of all that is resolved."""
    resolved = work.resolved.sum(axis=(0, 1))
    order = np.argsort(work.hours, kind="stable")
    before = np.cumsum(resolved[order]) - resolved[order]
    easy = np.zeros(len(order))
    easy[order[before < 0.5 * resolved.sum()]] = 1.0
    return easy


def _young(work: Workload, window: Window) -> Floats:
    """Of shape (spans, months of receipt): 1 where a case was received in the span in which it is resolved."""
    first = window.first_month - window.months * np.arange(window.spans_back + 1)
    return np.asarray(work.kinds[None, :] >= first[:, None], dtype=np.float64)
