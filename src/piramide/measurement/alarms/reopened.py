"""Cases closed and reopened: more of them than the office used to have, all offices' change allowed for."""

from __future__ import annotations

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import REOPENED, RESOLVED, Facts, counted, total
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.window import Window


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Reopened over resolved, against the office's own past."""
    sql = f"""
        SELECT work AS office, {window.back} AS back, {total("sign", REOPENED)} AS part,
               {total("sign", RESOLVED)} AS whole
        FROM entries WHERE ({RESOLVED} OR {REOPENED}) AND {window.in_period_or_past} GROUP BY 1, 2
    """  # noqa: S608 - of our own parts
    rows = f"{REOPENED} AND {window.in_period}"
    rule = Rule("closed_and_reopened", "AL004", rows=rows, office_column="work", least_ratio=1.5)
    return (judge(rule, counted(facts, window, sql), facts, window),)
