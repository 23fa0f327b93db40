"""The site under everything at once, for minutes: are there errors, does memory grow, is anything lost that was kept.

    .venv/bin/python -m bench.soak [--rate 40] [--seconds 600] [--database postgresql://…]

Makes a site of its own in a temporary folder, serves it as `piramide serve` does (two processes and a worker), and asks
`rate` times a second for pages of all kinds, sign-ins, writes of a grid and scoring jobs, each timed from when it was
due. Then what was accepted is held against the database. Everything talks to the loopback and stops by itself. Exits
1 when something was wrong. On a PostgreSQL of its own:

    .venv/bin/python -m tests.postgresql .venv/bin/python -m bench.soak
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak_site import PERIODS, Kept, Site, make_site
from bench.soak_visits import Visits, WrongAnswerError, kinds
from bench.web_load import CONNECTIONS, Times

MINUTE = 60
BASE_MINUTE = 3
"""The minute whose memory later ones are held against: by then what is kept is kept."""
MOST_GROWTH = 0.05
AFTER = 120.0
"""Seconds that jobs may take to end after the last request."""
TOLD = 5
"""Errors of a kind that are told in words."""


@dataclass(slots=True)
class Soaked:
    """What came of it: milliseconds and errors by kind, bytes of memory by second, what was lost."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    memory: list[tuple[float, int]] = field(default_factory=list)
    written: int = 0
    jobs: int = 0
    lost: list[str] = field(default_factory=list)

    def minutes(self) -> list[float]:
        """The median of the memory of each whole minute, in MB."""
        found: dict[int, list[int]] = {}
        for second, size in self.memory:
            found.setdefault(int(second // MINUTE), []).append(size)
        return [statistics.median(sizes) / 1e6 for _minute, sizes in sorted(found.items())]

    def growth(self) -> float | None:
        """By what share the memory of the last minute is above that of the third; nothing of a shorter time."""
        minutes = self.minutes()
        return minutes[-1] / minutes[BASE_MINUTE - 1] - 1 if len(minutes) > BASE_MINUTE else None

    def faults(self) -> list[str]:
        """What is wrong, in words; nothing when all held."""
        errors = [f"{kind}: {len(told)} errors, {told[0]}" for kind, told in self.errors.items()]
        growth = self.growth()
        grown = [f"memory grew by {growth:.1%}"] if growth is not None and growth > MOST_GROWTH else []
        return [*errors, *self.lost, *grown]


def soak(site: Site, rate: float, seconds: float) -> Soaked:
    """`rate` acts a second for `seconds`, then what the database holds."""
    done = Soaked()
    with site.serving() as (port, process):
        visits = Visits(site, port)
        stop = threading.Event()
        watch = threading.Thread(target=_watch_memory, args=(process, done, stop))
        watch.start()
        try:
            _visit(visits, done, rate, seconds)
            stop.set()
            done.lost += _wait_for_jobs(site)
        finally:
            stop.set()
            watch.join()
    kept = site.kept()
    done.written = sum(len(values) for values in visits.cells.accepted.values())
    done.jobs = len(kept.jobs)
    done.lost += lost(visits.cells.accepted, kept)
    return done


def _visit(visits: Visits, done: Soaked, rate: float, seconds: float) -> None:
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()

    def work() -> None:
        own = threading.local()
        while (item := due.get()) is not None:
            moment, kind = item
            try:
                visits.act(kind, own)
            except WrongAnswerError as error:
                done.errors.setdefault(kind, []).append(str(error))
            done.times.setdefault(kind, []).append(1000 * (time.perf_counter() - moment))

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    for number, kind in enumerate(kinds(rate, seconds)):
        moment = began + number / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        due.put((moment, kind))
    for _thread in threads:
        due.put(None)
    for thread in threads:
        thread.join()


def lost(accepted: Mapping[int, Sequence[str]], kept: Kept) -> list[str]:
    """What the site said that it kept and the database does not hold, in words; also what it holds besides."""
    found = []
    for key in sorted({*accepted, *kept.cells}):
        wanted, there = list(accepted.get(key, [])), list(kept.cells.get(key, []))
        if wanted != there:
            found.append(f"cell {key}: accepted {wanted}, kept {there}")
        elif wanted and kept.current[key] != wanted[-1]:
            found.append(f"cell {key}: {kept.current[key]} holds, not {wanted[-1]} that was written last")
    found += [f"job {key} is {state}: {outcome}" for key, state, outcome in kept.jobs if state != "done"]
    return [*found, *([] if kept.is_register_whole else ["the register is broken"])]


def _wait_for_jobs(site: Site) -> list[str]:
    """Until no job waits or runs; in words when some never end."""
    until = time.monotonic() + AFTER
    while time.monotonic() < until:
        if not any(state in {"waiting", "running"} for _key, state, _outcome in site.kept().jobs):
            return []
        time.sleep(1)
    return [f"jobs have not ended {AFTER:.0f} seconds after the last request"]


def _watch_memory(process: int, done: Soaked, stop: threading.Event) -> None:
    began = time.monotonic()
    while not stop.wait(1):
        done.memory.append((time.monotonic() - began, memory_below(process)))


def memory_below(process: int) -> int:
    """Resident bytes of a process and of all that it started."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended while we looked
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    total, waiting = 0, [process]
    while waiting:
        one = waiting.pop()
        waiting += parents.get(one, [])
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


def show(done: Soaked) -> None:
    """Print the table, memory minute by minute, and what is wrong."""
    print("| Kind | answers | p50, ms | p99, ms | errors |\n|---|---:|---:|---:|---:|")
    for kind, milliseconds in sorted(done.times.items()):
        times = Times(milliseconds, len(done.errors.get(kind, [])))
        p50 = statistics.median(milliseconds)
        print(f"| {kind} | {len(milliseconds):,} | {p50:.0f} | {times.at(99):.0f} | {times.failed} |")
    print(f"\n{done.written:,} writes accepted, {done.jobs} scoring jobs; {len(done.lost)} lost.")
    print("Memory by minute, MB: " + ", ".join(f"{size:.0f}" for size in done.minutes()))
    growth = done.growth()
    print("Too short to judge memory." if growth is None else f"Last minute beside the third: {growth:+.1%}.")
    for fault in done.faults()[: 4 * TOLD]:
        print(f"WRONG {fault}")


def main() -> None:
    """Soak a site and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=40)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--database", default=os.environ.get("PIRAMIDE_TEST_DATABASE_URL", ""))
    asked = parser.parse_args()
    if asked.rate <= 0 or asked.seconds <= 0:
        parser.error("--rate and --seconds are above 0.")
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that nothing is left behind
    with tempfile.TemporaryDirectory(prefix="piramide-soak-") as folder:
        done = soak(make_site(Path(folder), asked.database, PERIODS), asked.rate, asked.seconds)
    show(done)
    sys.exit(1 if done.faults() else 0)


if __name__ == "__main__":
    main()
