"""What a load does, as one statement of DuckDB: the file read, every row and history checked, the same entries kept.

Cells are typed and held against the words that are allowed, products and offices looked up in the versions in force on
the day of the row, days held against each other, rows left out whose key stands there twice or that leave a case
received or resolved twice at the end of their day, derived columns computed. Nothing is told of a row that is left out,
and nothing is kept for the next load.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from piramide.measurement.loading.references import References, Spans
from piramide.measurement.loading.work_rows import CHANNELS, KINDS, OUTCOMES, STATUSES

LEARNED_ON = date(2025, 12, 31)
EPOCH = date(1970, 1, 1)
FAR = 20_000
"""Days since 1970 that no version begins or ends beyond, on either side."""

STATEMENT = """
COPY (
    WITH named AS (
        SELECT r.*, row_number() OVER () + 1 AS source_line, entry = 'reversed' AS is_back,
            list_position({kinds}, IF(entry = 'reversed', reversed_entry, entry)) - 1 AS kind
        FROM read_csv('{file}', header = true, parallel = true, columns = {columns}) AS r
    ), known AS (
        SELECT n.*, p.at AS product_at, c.at AS competence, w.at AS work, p.hours_1000 AS points_1000,
            i.hours_1000 AS points_in_1000,
            CASE kind WHEN 0 THEN 1 ELSE 0 END * IF(is_back, -1, 1) AS adds_received,
            CASE kind WHEN 2 THEN 1 WHEN 3 THEN -1 ELSE 0 END * IF(is_back, -1, 1) AS adds_resolved
        FROM named AS n
        JOIN products AS p ON n.product = p.name AND n.day >= p.since AND n.day < p.until
        JOIN products AS i ON n.product = i.name AND n.received_on >= i.since AND n.received_on < i.until
        JOIN structures AS c ON n.office_of_competence = c.name AND n.day >= c.since AND n.day < c.until
        JOIN structures AS w ON n.office_of_work = w.name AND n.day >= w.since AND n.day < w.until
        WHERE n.kind IS NOT NULL AND n.case <> '' AND n.day >= n.received_on AND n.day <= DATE '{learned_on}'
            AND (n.kind <> 0 OR is_back OR n.day = n.received_on)
            AND COALESCE(outcome, '') IN {outcomes} AND channel IN {channels} AND n.status IN {statuses}
            AND staff_hours >= 0 AND interest_paid >= 0
    ), walked AS (
        SELECT *, SUM(adds_received) OVER to_evening AS times_received,
            SUM(adds_resolved) OVER to_evening AS times_resolved,
            lag(step) OVER (PARTITION BY "case" ORDER BY step) IS NOT DISTINCT FROM step AS is_again
        FROM (SELECT *, (day - DATE '1970-01-01') * 8 + kind + IF(is_back, 4, 0) AS step FROM known)
        WINDOW to_evening AS (
            PARTITION BY "case" ORDER BY step RANGE BETWEEN UNBOUNDED PRECEDING AND 7 - step % 8 FOLLOWING
        )
    )
    SELECT CAST(hash("case") >> 1 AS BIGINT) AS case_key, "case", CAST(kind AS TINYINT) AS kind,
        CAST(IF(is_back, -1, 1) AS TINYINT) AS sign, day, CAST(year(day) * 12 + month(day) - 1 AS INTEGER) AS month,
        product_at AS product, competence, work, received_on, IF(kind = 2, day - received_on, NULL) AS days_waited,
        CAST(list_position({outcome_list}, COALESCE(outcome, '')) - 1 AS TINYINT) AS outcome,
        CAST(list_position({channel_list}, channel) - 1 AS TINYINT) AS channel, automated,
        CAST(staff_hours * 100 AS INTEGER) AS hours_100, points_1000, points_in_1000,
        CAST(interest_paid * 100 AS BIGINT) AS interest_cents, CAST(amount * 100 AS BIGINT) AS amount_cents,
        CAST(list_position({status_list}, status) - 1 AS TINYINT) AS status,
        CAST(last_day(day) - day + 1 AS SMALLINT) AS days_to_month_end, source_line
    FROM walked WHERE NOT is_again AND times_received BETWEEN 0 AND 1 AND times_resolved BETWEEN -1 AND 1
) TO '{out}' (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 1000000)
"""


def load_in_one_statement(
    connection: duckdb.DuckDBPyConnection, file: Path, columns: Mapping[str, str], references: References, out: Path
) -> int:
    """Run it; the rows that are kept."""
    codes = references.codes
    products = _versions(codes.products, references.catalogue.spans)
    connection.register("products", products.append_column("hours_1000", pa.array(references.catalogue.hours_1000)))
    connection.register("structures", _versions(codes.structures, references.structures))
    words = {"outcomes": OUTCOMES, "channels": CHANNELS, "statuses": STATUSES}
    lists = {"outcome_list": OUTCOMES, "channel_list": CHANNELS, "status_list": STATUSES, "kinds": KINDS}
    text = STATEMENT.format(
        file=file,
        out=out,
        columns=dict(columns),
        learned_on=LEARNED_ON,
        **words,
        **{k: list(v) for k, v in lists.items()},
    )
    (row,) = connection.execute(text).fetchall()
    return int(row[0])


def _versions(names: tuple[str, ...], spans: Spans) -> pa.Table:
    """Versions of things: position, name, first day and the day after the last."""
    since = (spans.order - (spans.positions << 32)) - 2**30
    return pa.table(
        {
            "at": pa.array(spans.positions, pa.int32()),
            "name": [names[at] for at in spans.positions],
            "since": [_day(days) for days in since],
            "until": [_day(days) for days in spans.until],
        }
    )


def _day(days: np.int64) -> date:
    return EPOCH + timedelta(days=int(np.clip(days, -FAR, FAR * 2)))
