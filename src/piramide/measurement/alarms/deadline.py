"""Heaping inside a deadline: far more cases resolved in the last days before it than in the first days after it."""

from __future__ import annotations

from typing import Final

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RESOLVED, Facts, counted, total
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.window import Window

BESIDE: Final = 5
"""Days on each side of the deadline that are compared."""


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Resolved just inside over resolved on both sides of each product's standard time, against the cluster."""
    if not facts.deadlines:
        return (Examined("just_inside_deadline", "AL008", 0, 0, 0.0),)
    inside, beyond = f"days_waited > days - {BESIDE}", f"days_waited <= days + {BESIDE}"
    sql = f"""
        SELECT work AS office, 0 AS back, {total("sign", "days_waited <= days")} AS part, SUM(sign) AS whole
        FROM entries JOIN {facts.deadline_rows} ON product = product_code
        WHERE {RESOLVED} AND {window.in_period} AND {inside} AND {beyond} GROUP BY work
    """  # noqa: S608 - of our own parts
    least, most = min(facts.deadlines.values()), max(facts.deadlines.values())
    between = f"days_waited BETWEEN {least - BESIDE + 1} AND {most}"
    rule = Rule(
        "just_inside_deadline",
        "AL008",
        rows=f"{RESOLVED} AND {window.in_period} AND {between}",
        office_column="work",
        least_ratio=1.5,
    )
    return (judge(rule, counted(facts, window, sql), facts, window),)
