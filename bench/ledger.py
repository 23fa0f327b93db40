"""Fold a ledger of cases beside other ways to do it: tables in Markdown, all ratios of one run.

    .venv/bin/python -m bench.ledger --cases 100e6 --data /tmp/piramide-bench

Data are made once and kept in the folder (100 million cases: 7 GB). Each measurement runs in a process of its own with
two threads; the best of the rounds, of two for Spark. Files are read from the memory of the system.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from bench.ledger_entries import PLAIN, make_data
from bench.ledger_queries import SCANNED
from bench.ledger_task import ABSENT, entries_files
from bench.ledger_world import MONTHS

ROOT = Path(__file__).parents[1]
HISTORIES = (10, 24, 48)
PENDING_COLUMNS = ("kind", "sign", "month", "competence", "work", "status")
PLAIN_FOLD = ("came", "resolved", "product", "competence", "work", "again", "automated", "outcome")
PLAIN_MONEY = ("hours_100", "interest_cents", "amount_cents")
STAY = ("came", "resolved", "competence")
READ_BYTES = 1 << 22
BESIDE_FLOWS = tuple(name for name in SCANNED if name not in {"day", "status", "days_to_month_end"})
"""What the fold reads of entries where it has flows."""
TWICE = 2


@dataclass(frozen=True)
class Row:
    """A line of a table: what is run, how it is called, and the columns it reads of entries or of plain rows.

    With `flows` it reads the flows too. Slow ones run twice at most.
    """

    task: tuple[str, ...]
    label: str
    columns: tuple[str, ...] = ()
    plain: bool = False
    is_slow: bool = False
    flows: bool = False


FOLD = (
    Row(("product_fold",), "**Piramide**, 48 loads to 48 files of the cube", BESIDE_FLOWS, flows=True),
    Row(("product_fold", "entries"), "Piramide, from entries alone, without flows", SCANNED),
    Row(("hand_fold", "apart"), "by hand, resolved entries and the others apart", SCANNED),
    Row(("hand_fold", "by_case"), "by hand, conditions in the sums", SCANNED),
    Row(("hand_fold", "by_kind"), "by hand, kind of entry in the key", SCANNED),
    Row(("hand_fold", "packed"), "by hand, keys packed into one integer", SCANNED),
    Row(("hand_plain",), "by hand, over plain rows of cases", (*PLAIN_FOLD, *PLAIN_MONEY), plain=True),
    Row(("spark_fold",), "Spark 4.0, `local[2]`, the first query by hand", SCANNED, is_slow=True),
    Row(("scan",), "the same columns decoded and added up, no groups", SCANNED),
)
PENDING = (
    Row(("product_pending",), "**Piramide**, nothing but pending cases", flows=True),
    Row(("product_pending", "entries"), "Piramide, from entries alone, without flows", PENDING_COLUMNS),
    Row(("hand_pending",), "by hand over entries, a running sum", ("kind", "sign", "month", "competence")),
    Row(("range_join",), "range join over plain rows, `or resolved is null`", STAY, plain=True),
    Row(("range_join_far",), "range join over plain rows, `coalesce`", STAY, plain=True),
)


def run(task: tuple[str, ...], data: Path) -> dict[str, Any] | None:
    """One measurement; `None` when what it needs is not installed."""
    name, *more = task
    command = [sys.executable, "-W", "ignore", "-m", "bench.ledger_task", name, str(data), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, cwd=ROOT)  # noqa: S603
    if done.returncode == ABSENT:
        return None
    done.check_returncode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measure(rows: tuple[Row, ...], data: Path, rounds: int) -> dict[Row, dict[str, Any]]:
    """Every row in turn, round after round; of each the best seconds and processor seconds, and the highest peak."""
    told: dict[Row, list[dict[str, Any]]] = {row: [] for row in rows}
    for turn in range(rounds):
        for row in rows:
            if (turn < TWICE or not row.is_slow) and (answer := run(row.task, data)) is not None:
                told[row].append(answer)
    return {row: _best(answers) for row, answers in told.items() if answers}


def _best(answers: list[dict[str, Any]]) -> dict[str, Any]:
    best = {name: min(answer[name] for answer in answers) for name in ("seconds", "cpu")}
    return best | {"peak_mb": max(answer["peak_mb"] for answer in answers), "told": answers[0]["told"]}


def print_table(measured: dict[Row, dict[str, Any]], data: Path, speed: float) -> None:
    """A table whose first row is the reference; what all tell must agree."""
    reference = next(iter(measured.values()))
    print("| | seconds | ÷ ours | processor, s | peak, MB | columns read, GB | limit, s |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for row, answer in measured.items():
        size = column_bytes(data, row) / 1e9
        cells = (
            row.label,
            f"{answer['seconds']:.1f}",
            f"{answer['seconds'] / reference['seconds']:.2f}×",
            f"{answer['cpu']:.1f}",
            f"{answer['peak_mb']:,.0f}",
            f"{size:.2f}",
            f"{size / speed:.2f}",
        )
        print(f"| {' | '.join(cells)} |")
        both = answer["told"].keys() & reference["told"].keys()
        apart = [name for name in both if answer["told"][name] != reference["told"][name]]
        if apart:
            sys.exit(f"{row.label}: {apart} differ from ours")
    print()


def column_bytes(data: Path, row: Row) -> int:
    """Bytes that the columns of a row take in the files."""
    total = sum(file.with_name("flows.parquet").stat().st_size for file in entries_files(data)) if row.flows else 0
    for file in sorted((data / PLAIN).glob("*.parquet")) if row.plain else entries_files(data):
        metadata = pq.read_metadata(file)
        for group in range(metadata.num_row_groups):
            columns = (metadata.row_group(group).column(at) for at in range(metadata.num_columns))
            total += sum(c.total_compressed_size for c in columns if c.path_in_schema in row.columns)
    return total


def read_speed(data: Path) -> float:
    """How fast files are read from the memory of the system by one thread, in GB/s, the faster of two readings."""
    best = 0.0
    for _ in range(2):
        size, started = 0, time.perf_counter()
        for path in entries_files(data)[:8]:
            with path.open("rb", buffering=0) as file:
                while block := file.read(READ_BYTES):
                    size += len(block)
        best = max(best, size / 1e9 / (time.perf_counter() - started))
    return best


def print_months(data: Path, rounds: int) -> None:
    """What a new month costs behind histories of different length."""
    measured = measure(tuple(Row(("product_month", str(loads)), str(loads)) for loads in HISTORIES), data, rounds)
    loaded = measure(tuple(Row(("product_load", str(loads)), str(loads)) for loads in HISTORIES), data, rounds)
    new = pq.read_metadata(entries_files(data)[-1].parents[1] / f"{MONTHS + 1:06d}" / "entries.parquet").num_rows
    print(f"The new month has {new:,} entries.\n")
    cost = "s | processor, s | peak, MB"
    print(f"| months behind it | entries behind it | load, {cost} | values, {cost} |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for (row, answer), load in zip(measured.items(), loaded.values(), strict=True):
        behind = sum(pq.read_metadata(f).num_rows for f in entries_files(data)[-int(row.label) :])
        figures = " | ".join(f"{x['seconds']:.2f} | {x['cpu']:.2f} | {x['peak_mb']:,.0f}" for x in (load, answer))
        print(f"| {row.label} | {behind:,} | {figures} |")
    print()


def print_values(data: Path, rounds: int) -> None:
    """What values cost once the cube is there."""
    answer = next(iter(measure((Row(("product_values",), ""),), data, rounds).values()))
    told = answer["told"]
    print(
        f"{told['measures']} measures × {told['structures']} structures × {MONTHS} months ({told['values']:,} values) "
        f"from the cube: {answer['seconds']:.2f} s, {answer['peak_mb']:,.0f} MB.\n"
    )


def main() -> None:
    """Make the data when they are not there, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=float, default=100e6)
    arguments.add_argument("--data", type=Path, default=Path("/tmp/piramide-bench"))  # noqa: S108 - a default to change
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", nargs="*", default=["fold", "pending", "month", "values"])
    asked = arguments.parse_args()
    cases = int(asked.cases)
    data = (asked.data / f"{cases}").resolve()
    if not (data / "made").exists():
        shutil.rmtree(data, ignore_errors=True)
        make_data(data, cases)
        (data / "made").touch()
    entries = sum(pq.read_metadata(file).num_rows for file in entries_files(data))
    size = sum(file.stat().st_size for file in entries_files(data)) / 1e9
    speed = read_speed(data)
    print(f"{platform.machine()}, 2 threads; Python {platform.python_version()}")
    print(f"{cases:,} cases over {MONTHS} months: {entries:,} entries, {size:.1f} GB, read at {speed:.1f} GB/s\n")
    if "fold" in asked.only:
        print_table(measure(FOLD, data, asked.rounds), data, speed)
    if "pending" in asked.only:
        print_table(measure(PENDING, data, asked.rounds), data, speed)
    if "month" in asked.only:
        print_months(data, asked.rounds)
    if "values" in asked.only:
        print_values(data, asked.rounds)


if __name__ == "__main__":
    main()
