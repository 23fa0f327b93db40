"""Load a CSV of work entries with all checks, beside DuckDB's bare read of the same file: a ratio of one run.

    .venv/bin/python -m bench.load --rows 10e6 --data /tmp/piramide-bench

The file is the entries of the benchmark's ledger, corrections left out, written as an administration delivers them. The
bare read types the columns and looks at every value, and checks and keeps nothing. Each measurement runs in a process
of its own with two threads; medians of three rounds.
"""

from __future__ import annotations

import argparse
import json
import resource
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

from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
from piramide.measurement.loading.work_rows import CHANNELS, KINDS, OUTCOMES, STATUSES

ROOT = Path(__file__).parents[1]
ENTRIES_PER_CASE = 2.1245
LEARNED_ON = date(2025, 12, 31)
READ_BYTES = 1 << 22

WRITE = """
COPY (
    SELECT e."case", IF(e.sign > 0, k.name, 'reversed') AS entry, e.day, p.name AS product,
        c.name AS office_of_competence, w.name AS office_of_work, e.received_on, o.name AS outcome, h.name AS channel,
        e.automated, CAST(e.hours_100 AS DECIMAL(18, 2)) / 100 AS staff_hours,
        CAST(e.interest_cents AS DECIMAL(18, 2)) / 100 AS interest_paid,
        CAST(e.amount_cents AS DECIMAL(18, 2)) / 100 AS amount,
        IF(e.sign > 0, '', k.name) AS reversed_entry, s.name AS status
    FROM read_parquet({files}) AS e
    ANTI JOIN (FROM read_parquet({files}) WHERE sign < 0) AS r
        ON e.case_key = r.case_key AND e.day = r.day AND e.kind = 2
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
    if out.exists():
        return out
    shutil.rmtree(folder, ignore_errors=True)
    make_data(folder, int(rows / ENTRIES_PER_CASE))
    ledger = Ledger(folder / "store")
    codes = ledger.codes()
    words = {"kinds": KINDS, "products": codes.products, "structures": codes.structures}
    words |= {"outcomes": OUTCOMES, "channels": CHANNELS, "statuses": STATUSES}
    with duckdb.connect(config={"threads": "2"}) as connection:
        for name, known in words.items():
            connection.register(name, pa.table({"at": range(len(known)), "name": known}))
        files = sorted((ledger.folder / "work").glob("*/entries.parquet"))
        text = WRITE.format(files=[str(file) for file in files], out=out)
        connection.execute(text)
    shutil.rmtree(ledger.folder / "work")
    return out


def product(file: Path) -> dict[str, Any]:
    """Load into an empty ledger of work that has the catalogue."""
    ledger = Ledger(file.parent / "store")
    shutil.rmtree(ledger.folder / "work", ignore_errors=True)
    pack = make_pack()
    started = time.perf_counter()
    report = load(ledger, contract("work"), open_source(str(file)), Terms(pack.organisation, LEARNED_ON))
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "rows": report.load.manifest["rows"], "rejected": report.load.manifest["rejected"]}


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


TASKS = {"product": product, "bare": bare, "bytes_alone": bytes_alone}
LABELS = {
    "product": "**Piramide**, all checks, committed",
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
    arguments.add_argument("--task", default="")
    asked = arguments.parse_args()
    if asked.task:
        cpu = time.process_time()
        told = TASKS[asked.task](asked.data)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        json.dump(told | {"peak_mb": peak, "cpu": time.process_time() - cpu}, sys.stdout)
        return
    file = write_csv((asked.data / "csv").resolve(), int(asked.rows))
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in TASKS}
    for _ in range(asked.rounds):
        for name in TASKS:
            told[name].append(run(name, file))
    first = told["product"][0]
    size = file.stat().st_size / 1e9
    print(f"{first['rows']:,} rows, {size:.2f} GB, {MONTHS + 1} months; {first['rejected']:,} set aside\n")
    print("| | seconds | ÷ ours | processor, s | peak, MB |")
    print("|---|---:|---:|---:|---:|")
    ours = median(answer["seconds"] for answer in told["product"])
    for name, answers in told.items():
        seconds, cpu = (median(answer[key] for answer in answers) for key in ("seconds", "cpu"))
        peak = max(answer["peak_mb"] for answer in answers)
        print(f"| {LABELS[name]} | {seconds:.1f} | {seconds / ours:.2f}× | {cpu:.1f} | {peak:,.0f} |")


if __name__ == "__main__":
    main()
