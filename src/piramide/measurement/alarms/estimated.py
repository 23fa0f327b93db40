"""Estimated data passed as measured: hours that are whole numbers, or the product's standard hours to the digit."""

from __future__ import annotations

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RESOLVED, Facts, counted, total
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.window import Window

_WORKED = f"{RESOLVED} AND sign = 1 AND status = 0 AND hours_100 > 0"
_LOOKS_ESTIMATED = "MOD(hours_100, 100) = 0 OR hours_100 * 10 BETWEEN points_1000 - 5 AND points_1000 + 5"


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Rows said to be measured whose hours look filled in, over all said to be measured, against the cluster."""
    sql = f"""
        SELECT work AS office, 0 AS back, {total("1", _LOOKS_ESTIMATED)} AS part, COUNT(*) AS whole
        FROM entries WHERE {_WORKED} AND {window.in_period} GROUP BY work
    """  # noqa: S608 - of our own parts
    rows = f"{_WORKED} AND {window.in_period} AND ({_LOOKS_ESTIMATED})"
    rule = Rule("estimated_as_measured", "AL011", rows=rows, office_column="work", least_ratio=1.5)
    return (judge(rule, counted(facts, window, sql), facts, window),)
