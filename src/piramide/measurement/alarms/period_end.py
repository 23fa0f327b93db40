"""Bursts of closures at the end of the period: more of the resolved cases fall in its last days than elsewhere."""

from __future__ import annotations

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RESOLVED, Facts, counted, total
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.window import Window


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Resolved in the last days over resolved in the period, against the cluster in the same days."""
    sql = f"""
        SELECT work AS office, 0 AS back, {total("sign", window.in_last_days)} AS part, SUM(sign) AS whole
        FROM entries WHERE {RESOLVED} AND {window.in_period} GROUP BY work
    """  # noqa: S608 - of our own parts
    rows = f"{RESOLVED} AND {window.in_last_days}"
    rule = Rule("period_end_burst", "AL001", rows=rows, office_column="work", least_ratio=1.3)
    return (judge(rule, counted(facts, window, sql), facts, window),)
