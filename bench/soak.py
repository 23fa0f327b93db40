"""The site under everything at once, for minutes: are there errors, does memory grow, is anything lost that was kept.

    .venv/bin/python -m bench.soak [--rate 40] [--seconds 600] [--cold] [--postgresql | --database postgresql://…]

Makes a site of its own in a temporary folder, serves it as `piramide serve` does (two processes and a worker), opens
every page some times as a site that has been up for a day (not with `--cold`), and asks `rate` times a second for pages
of all kinds, sign-ins, writes of a grid and scoring jobs, each timed from when it was due. Then what was accepted is
held against the database. Everything talks to the loopback and stops by itself. Prints the table of
`docs/performance.md`; exits 1 when something was wrong. `--postgresql` starts a server of its own and removes it.
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from bench.soak_processes import Watch
from bench.soak_site import PERIODS, Kept, Site, make_site
from bench.soak_told import Soaked, told
from bench.soak_visits import Act, Visits, WrongAnswerError, kinds
from bench.web_load import CONNECTIONS

from tests.postgresql import cluster

ROUNDS = 3
"""How often every page is opened before anything is timed, by visitors that come to either process as it falls."""


def soak(site: Site, rate: float, seconds: float, rounds: int = 0) -> Soaked:
    """`rate` acts a second for `seconds`, after `rounds` of opening every page; then what the database holds."""
    done = Soaked()
    with site.serving() as (port, process):
        visits = Visits(site, port)
        for _round in range(rounds):
            _visit(visits, visits.every_page(), done)
        done.times.clear()
        asking = time.process_time()
        with Watch(process) as watch:
            began = time.perf_counter()
            _visit(visits, _paced(kinds(rate, seconds), began, rate), done)
            done.behind = time.perf_counter() - began - seconds
        done.memory, done.processor = watch.memory, watch.processor | {"asking": time.process_time() - asking}
        kept = site.kept()  # while the worker runs: what was asked of it last is done meanwhile
    done.written = sum(len(values) for values in visits.cells.accepted.values())
    done.jobs = len(kept.jobs)
    done.lost += lost(visits.cells.accepted, kept)
    return done


def _paced(acts: Iterable[str], began: float, rate: float) -> Iterator[Act]:
    """Acts with the moments at which they are due, each given out when its own has come."""
    for number, kind in enumerate(acts):
        moment = began + number / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        yield Act(kind, due=moment)


def _visit(visits: Visits, acts: Iterable[Act], done: Soaked) -> None:
    waiting: queue.SimpleQueue[Act | None] = queue.SimpleQueue()

    def work() -> None:
        with visits.desk() as desk:
            while (act := waiting.get()) is not None:
                began = act.due or time.perf_counter()
                try:
                    visits.do(act, desk)
                except WrongAnswerError as error:
                    done.errors.setdefault(act.kind, []).append(str(error))
                done.times.setdefault(act.kind, []).append(1000 * (time.perf_counter() - began))

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for act in acts:
        waiting.put(act)
    for _thread in threads:
        waiting.put(None)
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


def _database(asked: argparse.Namespace) -> AbstractContextManager[str]:
    """The address of the database to soak; SQLite where it is empty."""
    return cluster() if asked.postgresql else nullcontext(asked.database)


def main() -> None:
    """Soak a site and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=40, help="requests a second")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--cold", action="store_true", help="open no page before the time is taken")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", default=os.environ.get("PIRAMIDE_TEST_DATABASE_URL", ""), help="its address")
    where.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    asked = parser.parse_args()
    if asked.rate <= 0 or asked.seconds <= 0:
        parser.error("--rate and --seconds are above 0.")
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that nothing is left behind
    with tempfile.TemporaryDirectory(prefix="piramide-soak-") as folder, _database(asked) as database:
        site = make_site(Path(folder), database, PERIODS)
        done = soak(site, asked.rate, asked.seconds, 0 if asked.cold else ROUNDS)
    print(told(done, asked.rate, asked.seconds, "PostgreSQL" if database else "SQLite"))
    sys.exit(1 if done.faults() or done.late() else 0)


if __name__ == "__main__":
    main()
