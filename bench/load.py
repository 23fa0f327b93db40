"""Load a CSV of work entries with all checks, beside what DuckDB does with the same file: ratios of one run.

    .venv/bin/python -m bench.load --rows 10e6 --data /tmp/piramide-bench
    .venv/bin/python -m bench.load --months 25 --rows 88e3   # month after month, each behind those before it

The file is the entries of the benchmark's ledger, corrections left out, written as an administration delivers them. The
bare read types the columns and looks at every value, and checks and keeps nothing; the one statement makes the same
checks and keeps the same entries (`load_statement.py`). Each measurement runs in a process of its own with two threads;
medians of three rounds. Months are loaded one after the other, corrections included, once.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa
from bench.ledger_entries import make_data
from bench.ledger_world import MONTHS, make_pack
from bench.load_statement import load_in_one_statement
from bench.peak import peak_mb

from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.references import load_references
from piramide.measurement.loading.sources import open_source
from piramide.measurement.loading.work_rows import CHANNELS, KINDS, OUTCOMES, STATUSES

ROOT = Path(__file__).parents[1]
ENTRIES_PER_CASE = 2.1245
LEARNED_ON = date(2025, 12, 31)
READ_BYTES = 1 << 22

CORRECTIONS = """
    ANTI JOIN (FROM read_parquet({files}) WHERE sign < 0) AS r
        ON e.case_key = r.case_key AND e.day = r.day AND e.kind = 2"""
WRITE = """
COPY (
    SELECT e."case", IF(e.sign > 0, k.name, 'reversed') AS entry, e.day, p.name AS product,
        c.name AS office_of_competence, w.name AS office_of_work, e.received_on, o.name AS outcome, h.name AS channel,
        e.automated, CAST(e.hours_100 AS DECIMAL(18, 2)) / 100 AS staff_hours,
        CAST(e.interest_cents AS DECIMAL(18, 2)) / 100 AS interest_paid,
        CAST(e.amount_cents AS DECIMAL(18, 2)) / 100 AS amount,
        IF(e.sign > 0, '', k.name) AS reversed_entry, s.name AS status
    FROM read_parquet({files}) AS e{without}
    JOIN kinds AS k ON e.kind = k.at JOIN products AS p ON e.product = p.at
    JOIN structures AS c ON e.competence = c.at JOIN structures AS w ON e.work = w.at
    JOIN outcomes AS o ON e.outcome = o.at JOIN channels AS h ON e.channel = h.at JOIN statuses AS s ON e.status = s.at
) TO '{out}' (FORMAT csv, HEADER, DATEFORMAT '%Y-%m-%d')
"""
BARE = """
SELECT COUNT(*), MAX("case"), MAX(entry), MAX(day), MAX(product), MAX(office_of_competence), MAX(office_of_work),
    MAX(received_on), MAX(outcome), MAX(channel), MAX(automated), SUM(staff_hours), SUM(interest_paid), SUM(amount),
    MAX(reversed_entry), MAX(status)
FROM read_csv('{file}', header = true, columns = {columns})
"""
TYPES = {
    "code": "VARCHAR",
    "text": "VARCHAR",
    "date": "DATE",
    "decimal": "DECIMAL(18, 2)",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
}


def write_csv(folder: Path, rows: int) -> Path:
    """Write the file, and a store with its catalogue and codes, when they are not there."""
    out = folder / f"{rows}.csv"
    if not out.exists():
        shutil.rmtree(folder, ignore_errors=True)
        make_data(folder, int(rows / ENTRIES_PER_CASE))
        work = Ledger(folder / "store").folder / "work"
        files = [str(file) for file in sorted(work.glob("*/entries.parquet"))]
        write_as_delivered(folder, {out: files}, CORRECTIONS.format(files=files))
        shutil.rmtree(work)
    return out


def write_months(folder: Path, rows: int, months: int) -> list[Path]:
    """Write a file for each of the first months of about so many rows, and the store, when they are not there."""
    work = folder / "store" / "ledger" / "work"
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        make_data(folder, int(rows / ENTRIES_PER_CASE) * MONTHS)
        loads = sorted(work.glob("*/entries.parquet"))
        write_as_delivered(folder, {folder / f"{load.parent.name}.csv": [str(load)] for load in loads}, "")
        (folder / "made").touch()
    shutil.rmtree(work, ignore_errors=True)
    return sorted(folder.glob("*.csv"))[:months]


def write_as_delivered(folder: Path, wanted: dict[Path, list[str]], without: str) -> None:
    """Write files of entries as CSV; `without` takes rows out."""
    codes = Ledger(folder / "store").codes()
    words = {"kinds": KINDS, "products": codes.products, "structures": codes.structures}
    words |= {"outcomes": OUTCOMES, "channels": CHANNELS, "statuses": STATUSES}
    with duckdb.connect(config={"threads": "2"}) as connection:
        for name, known in words.items():
            connection.register(name, pa.table({"at": range(len(known)), "name": known}))
        for out, files in wanted.items():
            connection.execute(WRITE.format(files=files, out=out, without=without))


def product(file: Path) -> dict[str, Any]:
    """Load into an empty ledger of work that has the catalogue."""
    shutil.rmtree(file.parent / "store" / "ledger" / "work", ignore_errors=True)
    return month(file)


def month(file: Path) -> dict[str, Any]:
    """Load behind what is there."""
    pack, ledger = make_pack(), Ledger(file.parent / "store")
    cpu, started = time.process_time(), time.perf_counter()
    report = load(ledger, contract("work"), open_source(str(file)), Terms(pack.organisation, LEARNED_ON))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    told = report.load.manifest
    return {"seconds": seconds, "cpu": cpu, "rows": told["rows"], "rejected": told["rejected"]}


def statement(file: Path) -> dict[str, Any]:
    """DuckDB makes the same checks and keeps the same entries, in one statement."""
    pack, ledger, out = make_pack(), Ledger(file.parent / "store"), file.with_suffix(".parquet")
    columns = {column.name: TYPES[column.type] for column in contract("work").columns}
    with duckdb.connect(config={"threads": "2"}) as connection:
        cpu, started = time.process_time(), time.perf_counter()
        rows = load_in_one_statement(connection, file, columns, load_references(ledger, pack.organisation), out)
        return {
            "seconds": time.perf_counter() - started,
            "cpu": time.process_time() - cpu,
            "rows": rows,
            "rejected": 0,
        }


def bare(file: Path) -> dict[str, Any]:
    """DuckDB reads every column with its type."""
    columns = {column.name: TYPES[column.type] for column in contract("work").columns}
    with duckdb.connect(config={"threads": "2"}) as connection:
        started = time.perf_counter()
        (answer,) = connection.execute(BARE.format(file=file, columns=columns)).fetchall()
        return {"seconds": time.perf_counter() - started, "rows": answer[0], "rejected": 0}


def bytes_alone(file: Path) -> dict[str, Any]:
    """The bytes of the file, one after the other."""
    started = time.perf_counter()
    with file.open("rb", buffering=0) as handle:
        while handle.read(READ_BYTES):
            pass
    return {"seconds": time.perf_counter() - started, "rows": 0, "rejected": 0}


TASKS = {"product": product, "statement": statement, "bare": bare, "bytes_alone": bytes_alone}
MONTH = {"month": month}
LABELS = {
    "product": "**Piramide**, all checks, committed",
    "statement": "DuckDB, the same checks and entries in one statement",
    "bare": "DuckDB `read_csv`, nothing checked or kept",
    "bytes_alone": "the bytes of the file",
}


def run(name: str, file: Path) -> dict[str, Any]:
    """One measurement in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.load", "--task", name, "--data", str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)  # noqa: S603
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main() -> None:
    """Write the file when it is not there, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=float, default=10e6)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--data", type=Path, default=Path("/tmp/piramide-bench"))  # noqa: S108 - a default to change
    arguments.add_argument("--months", type=int, default=0, help="load so many months of --rows each")
    arguments.add_argument("--task", default="")
    asked = arguments.parse_args()
    if asked.task:
        cpu = time.process_time()
        told = (TASKS | MONTH)[asked.task](asked.data)
        peak = peak_mb()
        json.dump({"cpu": time.process_time() - cpu} | told | {"peak_mb": peak}, sys.stdout)
        return
    if asked.months:
        print_months((asked.data / f"months-{int(asked.rows)}").resolve(), int(asked.rows), asked.months)
    else:
        print_file((asked.data / "csv").resolve(), int(asked.rows), asked.rounds)


def print_months(folder: Path, rows: int, months: int) -> None:
    """What each month costs behind those before it."""
    print("| load | rows | seconds | processor, s | peak, MB |")
    print("|---:|---:|---:|---:|---:|")
    cpu = []
    for at, file in enumerate(write_months(folder, rows, months), 1):
        told = run("month", file)
        cpu.append(told["cpu"])
        print(
            f"| {at} | {told['rows']:,} | {told['seconds']:.2f} | {told['cpu']:.2f} | {told['peak_mb']:,.0f} |",
            flush=True,
        )
    early, late = (median(part) for part in (cpu[2:7], cpu[-5:]))
    print(f"\nMedian of the last five ÷ of the third to the seventh, processor seconds: {late / early:.2f}")


def print_file(folder: Path, rows: int, rounds: int) -> None:
    """The load of one file beside the others, round after round."""
    file = write_csv(folder, rows)
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in TASKS}
    for _ in range(rounds):
        for name in TASKS:
            told[name].append(run(name, file))
    first = told["product"][0]
    if {answer["rows"] for answer in told["statement"]} != {first["rows"] - first["rejected"]}:
        sys.exit("the one statement keeps other rows than the load")
    size = file.stat().st_size / 1e9
    print(f"{first['rows']:,} rows, {size:.2f} GB, {MONTHS + 1} months; {first['rejected']:,} set aside\n")
    print("| | seconds | ÷ ours | processor, s | ÷ ours | peak, MB |")
    print("|---|---:|---:|---:|---:|---:|")
    ours = {key: median(answer[key] for answer in told["product"]) for key in ("seconds", "cpu")}
    for name, answers in told.items():
        seconds, cpu = (median(answer[key] for answer in answers) for key in ("seconds", "cpu"))
        peak = max(answer["peak_mb"] for answer in answers)
        ratios = (f"{seconds / ours['seconds']:.2f}×", f"{cpu / ours['cpu']:.2f}×")
        print(f"| {LABELS[name]} | {seconds:.1f} | {ratios[0]} | {cpu:.1f} | {ratios[1]} | {peak:,.0f} |")


if __name__ == "__main__":
    main()
