"""Transfers back and forth: cases that are moved again after having been moved before."""

from __future__ import annotations

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RECEIVED, TRANSFERRED, Facts, counted, total
from piramide.measurement.alarms.judging import Rule, judge
from piramide.measurement.alarms.window import Window


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Transfers beyond the first of their case over cases received, against the office's own past."""
    sql = f"""
        SELECT office, back, SUM(again) AS part, SUM(taken_in) + SUM(again) AS whole FROM (
            SELECT office, back, CASE WHEN turn >= 2 THEN 1 ELSE 0 END AS again, 0 AS taken_in FROM (
                SELECT competence AS office, {window.back} AS back,
                       ROW_NUMBER() OVER (PARTITION BY case_key ORDER BY day) AS turn
                FROM entries WHERE {TRANSFERRED} AND sign = 1 AND {window.in_period_or_past}
            ) AS moves
            UNION ALL
            SELECT competence AS office, {window.back} AS back, 0 AS again, {total("sign", RECEIVED)} AS taken_in
            FROM entries WHERE {RECEIVED} AND {window.in_period_or_past} GROUP BY 1, 2
        ) AS both_kinds GROUP BY office, back
    """  # noqa: S608 - of our own parts
    rows = f"{TRANSFERRED} AND {window.in_period}"
    rule = Rule("transferred_to_and_fro", "AL007", rows=rows, least_ratio=1.5)
    return (judge(rule, counted(facts, window, sql), facts, window),)
