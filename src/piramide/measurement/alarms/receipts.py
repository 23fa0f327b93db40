"""Received days moved: rows that disagree about the day, and receipts held back at the end of the period."""

from __future__ import annotations

from datetime import timedelta

from piramide.measurement.alarms.evidence import Examined
from piramide.measurement.alarms.facts import RECEIVED, RESOLVED, Facts, counted, total
from piramide.measurement.alarms.judging import Rule, Side, judge
from piramide.measurement.alarms.window import LAST_DAYS, Window


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Two alarms, both against the cluster in the same days."""
    return _changed(facts, window), _held_back(facts, window)


def _changed(facts: Facts, window: Window) -> Examined:
    """Resolved cases whose waiting is counted from a later day than the first receipt on record."""
    sql = f"""
        SELECT office, 0 AS back, SUM(CASE WHEN counted_from > first_day THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole
        FROM (
            SELECT closed.case_key, MIN(closed.office) AS office, MAX(closed.received_on) AS counted_from,
                   MIN(receipt.day) AS first_day
            FROM (SELECT case_key, competence AS office, received_on FROM entries
                  WHERE {RESOLVED} AND sign = 1 AND {window.in_period}) AS closed
            JOIN (SELECT case_key, day FROM entries WHERE {RECEIVED} AND sign = 1) AS receipt
              ON receipt.case_key = closed.case_key
            GROUP BY closed.case_key
        ) AS cases GROUP BY office
    """  # noqa: S608 - of our own parts
    rows = f"{RESOLVED} AND {window.in_period}"
    return judge(Rule("receipt_day_changed", "AL005", rows=rows), counted(facts, window, sql), facts, window)


def _held_back(facts: Facts, window: Window) -> Examined:
    """Received in the last days over received there and in the first days of the next period.

    Where the ledger ends with the period, the last days are compared with the whole period instead.
    """
    first, last = window.last_days
    around = f"day BETWEEN DATE '{first}' AND DATE '{last + timedelta(days=LAST_DAYS)}'"
    counts = counted(facts, window, _last_days(window, around))
    if counts.whole.sum() == counts.part.sum():
        counts = counted(facts, window, _last_days(window, window.in_period))
    rule = Rule("receipts_held_back", "AL006", side=Side.LESS, rows=f"{RECEIVED} AND {around}")
    return judge(rule, counts, facts, window)


def _last_days(window: Window, among: str) -> str:
    """SQL: cases received in the last days among those received in wider days."""
    return f"""
        SELECT competence AS office, 0 AS back, {total("sign", window.in_last_days)} AS part, SUM(sign) AS whole
        FROM entries WHERE {RECEIVED} AND {among} GROUP BY competence
    """  # noqa: S608 - of our own parts
