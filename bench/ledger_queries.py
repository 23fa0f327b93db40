"""The queries that somebody writes by hand, in the dialect of DuckDB, over entries and over plain rows of cases.

`{entries}` and `{cases}` are scans of Parquet files; `lines` has one row per product: its line before and after
`changes_on`, with its standard days and hours.
"""

# ruff: noqa: S608 - the texts are constants of this file
from __future__ import annotations

from typing import Final

SUMS: Final = (
    "received",
    "resolved",
    "reopened",
    "received_days",
    "reopened_days",
    "resolved_days",
    "points",
    "automated_points",
    "hours",
    "interest",
    "amount",
    "waited",
    "by_hand",
    "on_time",
    "accepted",
    "rejected",
    "within_15",
    "within_30",
    "within_60",
    "within_120",
)
"""What every fold adds up, in the order of the base sums of the product."""

KEYS: Final = ("competence", "work", "line", "month")

_LINE: Final = "CASE WHEN e.day >= l.changes_on THEN l.line_after ELSE l.line_before END"

OF_RESOLVED: Final = """
    SUM(CASE WHEN e.kind = 2 THEN e.sign * e.points_1000 ELSE 0 END) AS points,
    SUM(CASE WHEN e.kind = 2 AND e.automated THEN e.sign * e.points_1000 ELSE 0 END) AS automated_points,
    SUM(CASE WHEN e.kind = 2 THEN e.sign * e.hours_100 ELSE 0 END) AS hours,
    SUM(CASE WHEN e.kind = 2 THEN e.sign * e.interest_cents ELSE 0 END) AS interest,
    SUM(CASE WHEN e.kind = 2 THEN e.sign * e.amount_cents ELSE 0 END) AS amount,
    SUM(CASE WHEN e.kind = 2 AND NOT e.automated THEN e.sign * e.days_waited ELSE 0 END) AS waited,
    SUM(CASE WHEN e.kind = 2 AND NOT e.automated THEN e.sign ELSE 0 END) AS by_hand,
    SUM(CASE WHEN e.kind = 2 AND e.days_waited <= l.standard_days THEN e.sign ELSE 0 END) AS on_time,
    SUM(CASE WHEN e.kind = 2 AND e.outcome = 1 THEN e.sign ELSE 0 END) AS accepted,
    SUM(CASE WHEN e.kind = 2 AND e.outcome = 2 THEN e.sign ELSE 0 END) AS rejected,
    SUM(CASE WHEN e.kind = 2 AND e.days_waited <= 15 THEN e.sign ELSE 0 END) AS within_15,
    SUM(CASE WHEN e.kind = 2 AND e.days_waited <= 30 THEN e.sign ELSE 0 END) AS within_30,
    SUM(CASE WHEN e.kind = 2 AND e.days_waited <= 60 THEN e.sign ELSE 0 END) AS within_60,
    SUM(CASE WHEN e.kind = 2 AND e.days_waited <= 120 THEN e.sign ELSE 0 END) AS within_120
"""

FOLD_BY_CASE: Final = f"""
SELECT e.competence, e.work, {_LINE} AS line, e.month,
    SUM(CASE WHEN e.kind = 0 THEN e.sign ELSE 0 END) AS received,
    SUM(CASE WHEN e.kind = 2 THEN e.sign ELSE 0 END) AS resolved,
    SUM(CASE WHEN e.kind = 3 THEN e.sign ELSE 0 END) AS reopened,
    SUM(CASE WHEN e.kind = 0 THEN e.sign * e.days_to_month_end ELSE 0 END) AS received_days,
    SUM(CASE WHEN e.kind = 3 THEN e.sign * e.days_to_month_end ELSE 0 END) AS reopened_days,
    SUM(CASE WHEN e.kind = 2 THEN e.sign * e.days_to_month_end ELSE 0 END) AS resolved_days,
    {OF_RESOLVED}
FROM {{entries}} AS e JOIN lines AS l ON e.product = l.product
GROUP BY ALL
"""
"""One GROUP BY with a condition inside each sum: what most people write."""

_BY_KIND: Final = f"""
SELECT e.competence, e.work, {_LINE} AS line, e.month, e.kind,
    SUM(e.sign) AS pieces,
    SUM(e.sign * e.days_to_month_end) AS days_left,
    SUM(e.sign * e.points_1000) AS points,
    SUM(e.sign * e.hours_100) AS hours,
    SUM(e.sign * e.interest_cents) AS interest,
    SUM(e.sign * e.amount_cents) AS amount,
    SUM(CASE WHEN e.automated THEN e.sign * e.points_1000 END) AS automated_points,
    SUM(CASE WHEN NOT e.automated THEN e.sign * e.days_waited END) AS waited,
    SUM(CASE WHEN NOT e.automated THEN e.sign END) AS by_hand,
    SUM(CASE WHEN e.days_waited <= l.standard_days THEN e.sign END) AS on_time,
    SUM(CASE WHEN e.outcome = 1 THEN e.sign END) AS accepted,
    SUM(CASE WHEN e.outcome = 2 THEN e.sign END) AS rejected,
    SUM(CASE WHEN e.days_waited <= 15 THEN e.sign END) AS within_15,
    SUM(CASE WHEN e.days_waited <= 30 THEN e.sign END) AS within_30,
    SUM(CASE WHEN e.days_waited <= 60 THEN e.sign END) AS within_60,
    SUM(CASE WHEN e.days_waited <= 120 THEN e.sign END) AS within_120
FROM {{entries}} AS e JOIN lines AS l ON e.product = l.product
WHERE e.kind <> 1
GROUP BY ALL
"""


def _turned() -> str:
    pieces = {"received": 0, "resolved": 2, "reopened": 3}
    sums = [f"SUM(CASE WHEN kind = {kind} THEN pieces ELSE 0 END) AS {name}" for name, kind in pieces.items()]
    sums += [
        f"SUM(CASE WHEN kind = {kind} THEN days_left ELSE 0 END) AS {name}_days"
        for name, kind in (("received", 0), ("reopened", 3), ("resolved", 2))
    ]
    sums += [f"COALESCE(SUM(CASE WHEN kind = 2 THEN {name} END), 0) AS {name}" for name in SUMS[6:]]
    return ", ".join(sums)


FOLD_BY_KIND: Final = f"WITH kinds AS ({_BY_KIND}) SELECT {', '.join(KEYS)}, {_turned()} FROM kinds GROUP BY ALL"
"""The kind of entry in the key, so that sums need no condition; turned on its side afterwards."""

FOLD_PACKED: Final = f"""
WITH packed AS (
    SELECT ((e.competence * 1024 + e.work) * 4096 + {_LINE}) * 32768 + e.month AS key, e.*, l.standard_days
    FROM (SELECT * REPLACE (CAST(competence AS BIGINT) AS competence) FROM {{entries}}) AS e
    JOIN lines AS l ON e.product = l.product
), folded AS (
    SELECT e.key,
        SUM(CASE WHEN e.kind = 0 THEN e.sign ELSE 0 END) AS received,
        SUM(CASE WHEN e.kind = 2 THEN e.sign ELSE 0 END) AS resolved,
        SUM(CASE WHEN e.kind = 3 THEN e.sign ELSE 0 END) AS reopened,
        SUM(CASE WHEN e.kind = 0 THEN e.sign * e.days_to_month_end ELSE 0 END) AS received_days,
        SUM(CASE WHEN e.kind = 3 THEN e.sign * e.days_to_month_end ELSE 0 END) AS reopened_days,
        SUM(CASE WHEN e.kind = 2 THEN e.sign * e.days_to_month_end ELSE 0 END) AS resolved_days,
        {OF_RESOLVED.replace("l.standard_days", "e.standard_days")}
    FROM packed AS e GROUP BY e.key
)
SELECT key // 32768 // 4096 // 1024 AS competence, key // 32768 // 4096 % 1024 AS work, key // 32768 % 4096 AS line,
    key % 32768 AS month, * EXCLUDE (key) FROM folded
"""
"""As the first, with the four keys packed into one integer."""

FOLD_APART: Final = f"""
WITH done AS (
    SELECT e.competence, e.work, {_LINE} AS line, e.month,
        SUM(e.sign) AS resolved, SUM(e.sign * e.days_to_month_end) AS resolved_days,
        {OF_RESOLVED.replace("e.kind = 2 AND ", "").replace("e.kind = 2", "TRUE")}
    FROM {{entries}} AS e JOIN lines AS l ON e.product = l.product WHERE e.kind = 2 GROUP BY ALL
), others AS (
    SELECT e.competence, e.work, {_LINE} AS line, e.month,
        SUM(CASE WHEN e.kind = 0 THEN e.sign ELSE 0 END) AS received,
        SUM(CASE WHEN e.kind = 3 THEN e.sign ELSE 0 END) AS reopened,
        SUM(CASE WHEN e.kind = 0 THEN e.sign * e.days_to_month_end ELSE 0 END) AS received_days,
        SUM(CASE WHEN e.kind = 3 THEN e.sign * e.days_to_month_end ELSE 0 END) AS reopened_days
    FROM {{entries}} AS e JOIN lines AS l ON e.product = l.product WHERE e.kind <> 2 GROUP BY ALL
)
SELECT competence, work, line, month, COLUMNS(* EXCLUDE (competence, work, line, month))
FROM others FULL JOIN done USING (competence, work, line, month)
"""
"""Resolved entries and the others each in a query of its own, so that most sums see half of the rows."""

FOLDS: Final = {"by_case": FOLD_BY_CASE, "by_kind": FOLD_BY_KIND, "packed": FOLD_PACKED, "apart": FOLD_APART}

FOLD_PLAIN: Final = """
WITH came AS (
    SELECT c.competence, c.work, CASE WHEN c.came >= l.changes_on THEN l.line_after ELSE l.line_before END AS line,
        year(c.came) * 12 + month(c.came) - 1 AS month,
        SUM(CASE WHEN NOT c.again THEN 1 ELSE 0 END) AS received,
        SUM(CASE WHEN c.again THEN 1 ELSE 0 END) AS reopened,
        SUM(CASE WHEN NOT c.again THEN datediff('day', c.came, last_day(c.came)) + 1 ELSE 0 END) AS received_days,
        SUM(CASE WHEN c.again THEN datediff('day', c.came, last_day(c.came)) + 1 ELSE 0 END) AS reopened_days
    FROM {cases} AS c JOIN lines AS l ON c.product = l.product GROUP BY ALL
), went AS (
    SELECT c.competence, c.work, CASE WHEN c.resolved >= l.changes_on THEN l.line_after ELSE l.line_before END AS line,
        year(c.resolved) * 12 + month(c.resolved) - 1 AS month,
        COUNT(*) AS resolved,
        SUM(datediff('day', c.resolved, last_day(c.resolved)) + 1) AS resolved_days,
        SUM(l.hours_1000) AS points,
        SUM(CASE WHEN c.automated THEN l.hours_1000 ELSE 0 END) AS automated_points,
        SUM(c.hours_100) AS hours,
        SUM(c.interest_cents) AS interest,
        SUM(c.amount_cents) AS amount,
        SUM(CASE WHEN NOT c.automated THEN datediff('day', c.came, c.resolved) ELSE 0 END) AS waited,
        COUNT(*) FILTER (NOT c.automated) AS by_hand,
        COUNT(*) FILTER (datediff('day', c.came, c.resolved) <= l.standard_days) AS on_time,
        COUNT(*) FILTER (c.outcome = 1) AS accepted,
        COUNT(*) FILTER (c.outcome = 2) AS rejected,
        COUNT(*) FILTER (datediff('day', c.came, c.resolved) <= 15) AS within_15,
        COUNT(*) FILTER (datediff('day', c.came, c.resolved) <= 30) AS within_30,
        COUNT(*) FILTER (datediff('day', c.came, c.resolved) <= 60) AS within_60,
        COUNT(*) FILTER (datediff('day', c.came, c.resolved) <= 120) AS within_120
    FROM {cases} AS c JOIN lines AS l ON c.product = l.product WHERE c.resolved IS NOT NULL GROUP BY ALL
)
SELECT competence, work, line, month, COLUMNS(* EXCLUDE (competence, work, line, month))
FROM came FULL JOIN went USING (competence, work, line, month)
"""
"""The same cube from plain rows: once by the day they came, once by the day they were resolved."""

PENDING_RANGE_JOIN: Final = """
SELECT c.competence, m.month, COUNT(*) AS pending
FROM months AS m JOIN {cases} AS c ON c.came < m.after AND (c.resolved >= m.after OR c.resolved IS NULL)
GROUP BY ALL
"""
"""Pending cases by office at the end of each month, as everybody writes it first."""

PENDING_RANGE_JOIN_FAR: Final = """
SELECT c.competence, m.month, COUNT(*) AS pending
FROM months AS m JOIN {cases} AS c ON c.came < m.after AND COALESCE(c.resolved, DATE '9999-12-31') >= m.after
GROUP BY ALL
"""
"""The same, with a day far away for the cases that are not resolved: an inequality on each side."""

PENDING_RUNNING_SUM: Final = """
WITH changes AS (
    SELECT competence, month, SUM(CASE WHEN kind = 2 THEN -sign ELSE sign END) AS change
    FROM {entries} WHERE kind <> 1 GROUP BY ALL
), every AS (
    SELECT o.competence, m.month, COALESCE(c.change, 0) AS change
    FROM (SELECT DISTINCT competence FROM changes) AS o CROSS JOIN months AS m
    LEFT JOIN changes AS c ON c.competence = o.competence AND c.month = m.month
)
SELECT competence, month, SUM(change) OVER (PARTITION BY competence ORDER BY month) AS pending FROM every
"""
"""The same by hand over entries: a running sum of what came less what went."""

SCAN: Final = "SELECT {sums} FROM {entries}"
"""Every column of the fold read and added up once, without groups."""

SCANNED: Final = (
    "kind",
    "sign",
    "day",
    "month",
    "product",
    "competence",
    "work",
    "days_waited",
    "outcome",
    "automated",
    "hours_100",
    "points_1000",
    "interest_cents",
    "amount_cents",
    "status",
    "days_to_month_end",
)
"""Columns of the entries that the fold reads."""

MONTH_ENDS: Final = """
CREATE TEMP TABLE months AS
SELECT year(d) * 12 + month(d) - 1 AS month, CAST(d + INTERVAL 1 MONTH AS DATE) AS after
FROM range(CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP), INTERVAL 1 MONTH) AS t(d)
"""
"""Months between two days, and the first day after each."""
