"""One measurement of the benchmark of the ledger, in a process of its own: `ledger_task NAME FOLDER [HISTORY]`.

It prints JSON: `seconds` of the work itself (interpreter, imports and sessions are started before), processor seconds
(not those of a JVM), the peak of resident memory, and `told`, by which results are compared. HISTORY is how many loads
lie behind a new month.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from bench.ledger_entries import PLAIN
from bench.ledger_load import link_loads, product_load
from bench.ledger_queries import (
    FOLD_PLAIN,
    FOLDS,
    MONTH_ENDS,
    PENDING_RANGE_JOIN,
    PENDING_RANGE_JOIN_FAR,
    PENDING_RUNNING_SUM,
    SCAN,
    SCANNED,
    SUMS,
)
from bench.ledger_world import FIRST_YEAR, MONTHS, make_pack
from bench.peak import peak_mb

from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.progress import silent
from piramide.measurement.fold.catalogue import FOREVER, read_catalogue
from piramide.measurement.fold.fold import Folded
from piramide.measurement.fold.lines import lines_of
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measure import Scope, fold_new, measured_at
from piramide.measurement.measures.plan import BaseSum, Plan, plans
from piramide.methodology.model import Pack

ABSENT = 3
"""Exit code when what a peer needs is not installed."""
THREADS = "2"
HISTORY_ENDS = date(FIRST_YEAR + 3, 12, 31)
NEW_MONTH = Moment(FIRST_YEAR + 4, 1)

Told = dict[str, Any]
Work = Callable[[], Told]


def product_fold(root: Path, *without: str) -> Work:
    """The product: plans and lines made, 48 loads folded, 48 files of the cube written; `without` flows."""
    store, scope = _store(root, *without), scope_of(make_pack(), month_ends()[-1])
    shutil.rmtree(store / "cube", ignore_errors=True)
    return lambda: _told(fold_new(store, scope, silent).folded[0])


def product_pending(root: Path, *without: str) -> Work:
    """The product, measuring nothing but the pending cases: folded, and added up for each office and month."""
    pack, store = make_pack(only=("pending",)), _store(root, *without)
    shutil.rmtree(store / "cube", ignore_errors=True)
    months = month_ends()

    def work() -> Told:
        scope = scope_of(pack, months[-1])
        folded = fold_new(store, scope, silent).folded
        measured = measured_at(store, scope, folded, months)
        return {"pending": int(np.nansum(measured.figures("pending").values[measured.tree.ids.index("nazionale")]))}

    return work


def month_ends() -> tuple[Moment, ...]:
    """The ends of the 48 months."""
    return tuple(Moment(FIRST_YEAR + at // 12, at % 12 + 1) for at in range(MONTHS))


def sums_by_hand(plan: Plan) -> list[BaseSum]:
    """The base sums that differ: no product changes area here, so pending cases add up what others do as well."""
    firsts: dict[str, BaseSum] = {}
    for item in plan.sums:
        firsts.setdefault(item.sql, item)
    return list(firsts.values())


def _told(folded: Folded) -> Told:
    """Sums over the whole cube, under the names of the queries by hand."""
    sums = sums_by_hand(folded.plan)
    if len(sums) != len(SUMS):
        return {}
    tables = [folded.folder.read(load.id).table for load in folded.loads]
    totals: Told = {"groups": sum(len(table) for table in tables)}
    for name, item in zip(SUMS, sums, strict=True):
        totals[name] = sum(_total(table[item.name]) for table in tables)
    return totals


def product_month(root: Path, history: str) -> Work:
    """The product: a new month folded onto a cube of `history` loads, and every measure of the nation computed."""
    store, pack = _history(root, int(history)) / "store", make_pack()
    fold_new(store, scope_of(pack, Moment(HISTORY_ENDS.year, HISTORY_ENDS.month)), silent)
    scope = scope_of(pack, NEW_MONTH)
    for file in (store / "cube").glob(f"*/{MONTHS + 1:06d}.parquet"):
        file.unlink()

    def work() -> Told:
        fold = fold_new(store, scope, silent)
        folded, count = fold.folded, fold.count
        measured = measured_at(store, scope, folded, (NEW_MONTH,))
        nation = measured.tree.ids.index("nazionale")
        values = {name: float(measured.figures(name).values[nation, 0]) for name in pack.measures}
        return {"folded": count} | {name: values[name] for name in ("received", "resolved", "pending", "points")}

    return work


def scope_of(pack: Pack, moment: Moment) -> Scope:
    """Everything as it stands at a moment, and as known then."""
    return Scope(pack, parse_period(str(moment)), moment.day, moment.day)


def _store(root: Path, *without: str) -> Path:
    """The store, or links to all of it but the flows."""
    if not without:
        return root / "store"
    place, whole = root / "without-flows" / "store" / "ledger", (root / "store" / "ledger").resolve()
    for load in (whole / "work").iterdir() if not place.exists() else ():
        (place / "work" / load.name).mkdir(parents=True)
        for name in ("entries.parquet", "manifest.json"):
            (place / "work" / load.name / name).symlink_to(load / name)
    for name in ("products", "codes.json"):
        if not (place / name).exists():
            (place / name).symlink_to(whole / name)
    return place.parent


def _history(root: Path, loads: int) -> Path:
    """A store with the last loads of the history and the new month, as links."""
    place = root / f"history-{loads}"
    if not place.exists():
        link_loads(root, place / "store", range(MONTHS - loads + 1, MONTHS + 2))
    return place


def product_values(root: Path) -> Work:
    """Every measure of every structure at the end of each of 48 months, from a cube that is there."""
    store, pack, months = root / "store", make_pack(), month_ends()
    scope = scope_of(pack, months[-1])
    fold_new(store, scope, silent)

    def work() -> Told:
        folded = fold_new(store, scope, silent).folded
        measured = measured_at(store, scope, folded, months)
        cells = sum(int(np.isfinite(measured.figures(name).values).sum()) for name in pack.measures)
        return {"values": cells, "measures": len(pack.measures), "structures": len(measured.tree.ids)}

    return work


def hand_fold(root: Path, name: str) -> Work:
    """One of the hand-written folds over all entries at once; the cube is written to Parquet."""
    return _by_hand(root, FOLDS[name], "cube")


def hand_plain(root: Path) -> Work:
    """The cube from plain rows of cases."""
    return _by_hand(root, FOLD_PLAIN, "cube")


def hand_pending(root: Path) -> Work:
    """Month-end pending by hand over entries: a running sum."""
    return _by_hand(root, PENDING_RUNNING_SUM, "pending")


def range_join(root: Path) -> Work:
    """Month-end pending by hand over plain rows: cases that came before and had not gone."""
    return _by_hand(root, PENDING_RANGE_JOIN, "pending")


def range_join_far(root: Path) -> Work:
    """The same with a day far away for cases that are not resolved."""
    return _by_hand(root, PENDING_RANGE_JOIN_FAR, "pending")


def scan(root: Path) -> Work:
    """Every column that the fold reads, decoded and added up once."""
    sums = (f"MAX({name})" if name in {"day", "automated"} else f"SUM({name})" for name in SCANNED)
    return _by_hand(root, SCAN.replace("{sums}", ", ".join(sums)), "")


def _by_hand(root: Path, query: str, kind: str) -> Work:
    connection, text = _opened(root, query)
    out = root / "by-hand.parquet"

    def work() -> Told:
        if not kind:
            connection.execute(text).fetchall()
            return {}
        connection.execute(f"COPY ({text}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
        table = pq.read_table(out)
        told = {name: _total(table[name]) for name in (*SUMS, "pending") if name in table.column_names}
        return told | ({"groups": len(table)} if kind == "cube" else {})

    return work


def by_hand_on(root: Path, query: str) -> pa.Table:
    """The answer of a query by hand."""
    connection, text = _opened(root, query)
    with connection:
        return connection.sql(text).to_arrow_table()


def _opened(root: Path, query: str) -> tuple[duckdb.DuckDBPyConnection, str]:
    """A database with the small tables of the queries, and a query over the files."""
    connection = duckdb.connect(config={"threads": THREADS})
    connection.register("small", hand_lines(root))
    connection.execute("CREATE TEMP TABLE lines AS SELECT * FROM small")
    connection.execute(MONTH_ENDS, [date(FIRST_YEAR, 1, 1), date(FIRST_YEAR + MONTHS // 12, 1, 1)])
    files = ", ".join(f"'{file}'" for file in entries_files(root))
    text = query.replace("{entries}", f"read_parquet([{files}])")
    return connection, text.replace("{cases}", f"read_parquet('{root / PLAIN}/*.parquet')")


def entries_files(root: Path) -> list[Path]:
    """Entries of the 48 months."""
    return [root / "store" / "ledger" / "work" / f"{number + 1:06d}" / "entries.parquet" for number in range(MONTHS)]


def hand_lines(root: Path) -> pa.Table:
    """One row per product: its line before and after `changes_on`, its standard days and hours."""
    ledger = Ledger(root / "store")
    plan = plans(make_pack(), ledger.codes())["work"]
    found: dict[int, dict[str, Any]] = {}
    for row in lines_of(plan, read_catalogue(ledger)).table.to_pylist():
        first = found.setdefault(row["product"], row | {"line_before": row["line_number"], "changes_on": FOREVER})
        first["line_after"] = row["line_number"]
        if first["line_number"] != row["line_number"]:
            first["changes_on"] = row["since"]
    rows = [row | {"hours_1000": row["standard_hours"]} for row in found.values()]
    schema = pa.schema(
        {"product": pa.int32(), "changes_on": pa.date32(), "line_before": pa.int32(), "line_after": pa.int32()}
        | {"standard_days": pa.int32(), "hours_1000": pa.int64()}
    )
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


def spark_fold(root: Path) -> Work:
    """The fold by hand on Spark, `local[2]`, over the same files."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - a peer that may be absent
    except ImportError:
        sys.exit(ABSENT)
    settings = {
        "spark.driver.memory": "4g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.files.maxPartitionBytes": "256m",
    }
    builder = SparkSession.builder.master(f"local[{THREADS}]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    pq.write_table(hand_lines(root), root / "lines.parquet")
    session.read.parquet(str(root / "lines.parquet")).createOrReplaceTempView("lines")
    session.read.parquet(*map(str, entries_files(root))).createOrReplaceTempView("entries")
    keys = "e.competence, e.work, CASE WHEN e.day >= l.changes_on THEN l.line_after ELSE l.line_before END, e.month"
    text = FOLDS["by_case"].replace("{entries}", "entries").replace("GROUP BY ALL", f"GROUP BY {keys}")
    out = root / "by-spark"

    def work() -> Told:
        session.sql(text).write.mode("overwrite").parquet(str(out))
        table = pq.read_table(out)
        told: Told = {name: _total(table[name]) for name in SUMS} | {"groups": len(table)}
        gateway = session.sparkContext._gateway  # noqa: SLF001 - nothing else tells which process it is
        return told | ({PEAK_OF_JVM: _peak_mb(gateway.proc.pid)} if gateway else {})

    return work


PEAK_OF_JVM = "peak_of_jvm_mb"


def _peak_mb(process: int) -> float:
    """The most memory that a process had, where the system tells it."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _total(column: pa.ChunkedArray) -> int:
    return (
        sum(int(value or 0) for value in column.to_pylist())
        if pa.types.is_decimal(column.type)
        else int(np.nan_to_num(column.to_numpy().astype(np.float64)).sum())
    )


TASKS: dict[str, Callable[..., Work]] = {
    "product_fold": product_fold,
    "product_pending": product_pending,
    "product_month": product_month,
    "product_load": product_load,
    "product_values": product_values,
    "hand_fold": hand_fold,
    "hand_plain": hand_plain,
    "hand_pending": hand_pending,
    "range_join": range_join,
    "range_join_far": range_join_far,
    "scan": scan,
    "spark_fold": spark_fold,
}


def main() -> None:
    """Prepare, work with the clock running, tell."""
    name, folder, *more = sys.argv[1:]
    work = TASKS[name](Path(folder), *more)
    cpu, started = time.process_time(), time.perf_counter()
    told = work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = peak_mb() + told.pop(PEAK_OF_JVM, 0.0)
    json.dump({"seconds": seconds, "cpu": cpu, "peak_mb": peak, "told": told}, sys.stdout)


if __name__ == "__main__":
    main()
