"""Time what a person waits for at the terminal, whole: start of the program, reading, work, writing.

    .venv/bin/python bench/commands.py

Commands are processes of their own, as a shell starts them, with bytecode at hand as after any first start. Seconds are
of the processor, the least of some rounds: a busy machine lengthens them less than those of the clock, and the ratio to
`--help` less still. Packs and checks are kept in a cache of the benchmark: *first* is without, *known* with it.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from piramide.cycle.adjust import AdjustedValue, Effect, adjustable, try_adjustment
from piramide.cycle.months import score_months
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs import results
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, score
from piramide.cycle.sheet_content import sheet_report
from piramide.demo.beginning import make_facts
from piramide.demo.periods import months_of
from piramide.demo.values import demonstration
from piramide.kernel.progress import silent
from piramide.methodology.loading import open_folder, shipped_packs
from piramide.reports.sheet_pdf import sheet_pdf
from piramide.scoring.explain import explain

PIRAMIDE = Path(sys.executable).with_name("piramide")
PACK, PERIOD, STRUCTURE = "inps-2024", "2024-Q4", "dcm_milano"
VALUES = next((shipped_packs() / PACK / "demonstration" / "values").glob("*.csv"))
SHEET = Path(__file__).parent.parent / "examples" / "scheda-dcm-milano-2024.txt"
ROUNDS = 3
SOME = (10, 40, 169)
SHARED = ("nazionale", "riduzione_giacenza_ricorsi_amministrativi_valore_assoluto_valore_nazionale")
"""A value of the nation that most structures take."""
MONTHS = 4

Row = tuple[str, float, str]
"""What was asked, seconds of the processor, what is aimed at."""


def processor(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the processor of the least of some runs, those of processes that it starts included."""
    return min(_seconds_of(work) for _ in range(rounds))


def _seconds_of(work: Callable[[], object]) -> float:
    started = _used()
    work()
    return _used() - started


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def command(*arguments: str) -> Callable[[], object]:
    """A run of the command, whatever its answer."""
    return lambda: subprocess.run([str(PIRAMIDE), *arguments], capture_output=True, check=False)  # noqa: S603


def request(structures: tuple[str, ...] = ()) -> Request:
    """A score of the demonstration, of all structures or of some."""
    return Request(PACK, VALUES, PERIOD, structures, demonstration=True)


def commands(folder: Path) -> Iterator[Row]:
    """The commands of a terminal."""
    cache, store = folder / "cache", folder / "store"
    helped = processor(command("--help"))
    yield "`piramide --help`", helped, "–"
    check = command("pack", "check", "inps-2021")

    def first() -> object:
        shutil.rmtree(cache, ignore_errors=True)
        return check()

    yield "`pack check inps-2021`, first: read and checked, 764 measures", processor(first), "–"
    seconds = processor(check)
    yield "`pack check inps-2021`, known", seconds, f"5 × `--help`: {seconds / helped:.1f} ×"
    run = score(request(), [], Store(store)).run_id
    place = (run, "--structure", STRUCTURE, "--store", str(store))
    yield f"`explain`, one of {max(SOME)} structures", processor(command("explain", *place)), "1.5 s"
    paper = str(folder / "sheet.pdf")
    yield "`report sheet`, PDF", processor(command("report", "sheet", *place, "--out", paper)), "1.5 s"
    asked = ("--demonstration", "--values", str(VALUES), "--period", PERIOD, "--store", str(folder / "other"))
    yield "`score`, 169 structures, run kept", processor(command("score", PACK, *asked)), "–"
    out = folder / "imported"

    def read_sheet() -> object:
        shutil.rmtree(out, ignore_errors=True)
        return command("sheet", "import", str(SHEET), "--out", str(out))()

    yield "`sheet import`, one objective sheet into a pack", processor(read_sheet), "–"


def packs() -> Iterator[Row]:
    """Packs that were read before, opened in a process that runs."""
    for name in ("inps-2021", PACK):
        folder = shipped_packs() / name
        open_folder(folder)
        yield f"pack {name} opened, known", processor(lambda folder=folder: open_folder(folder)), "50 ms"  # type: ignore[misc]


def work(folder: Path) -> Iterator[Row]:
    """What takes many structures, inside one process."""
    store = Store(folder / "store")
    kept = score(request(), [], store)
    opened = open_run(store, kept.run_id)
    names = [structure.id for structure in opened.scores.structures]
    explained = names.index(STRUCTURE)
    leaf = next(node.id for node in opened.scores.structures[explained].nodes if node.rule and node.index is not None)
    told = processor(lambda: explain(opened.pack, opened.scores, STRUCTURE, leaf, values=opened.values))
    yield "one explanation, in the process", told, "10 ms"
    one = processor(lambda: write_sheet_of_run(store, kept.run_id, STRUCTURE, folder / "one.pdf", "it"))
    yield "one sheet as PDF, its run opened for it", one, "–"
    every = processor(lambda: [sheet_pdf(sheet_report(opened, name, "it")) for name in names], 1)
    yield f"{len(names)} sheets as PDF in one job", every, "60 s"
    yield from adjustments(store, kept.run_id)
    yield from exact_figures(folder)
    for count in SOME:
        chosen = tuple(names[:count]) if count < len(names) else ()
        yield f"growth: a run of {count} structures kept", processor(lambda c=chosen: _kept(folder, c)), "–"  # type: ignore[misc]
    for quarter in (1, 2, 3, 4):
        asked = replace(request(), period=f"2024-Q{quarter}")
        yield f"growth: quarter {quarter} of the year kept", processor(lambda a=asked: _kept_as(folder, a)), "–"  # type: ignore[misc]


def adjustments(store: Store, run: str) -> Iterator[Row]:
    """Adjustments tried on the nation: the first on a run that is open, one of a structure, and one that moves most."""
    opened_runs = OpenedRuns(store)
    opened_runs.opened(run)
    structures = opened_runs.outline(run).structures
    rows = {(row.structure, row.indicator): row for name in structures for row in adjustable(opened_runs, run, name)}

    def tried(structure: str, indicator: str) -> Effect:
        value = f"{0.9 * float(rows[structure, indicator].value):.4f}"
        return try_adjustment(opened_runs, run, AdjustedValue(structure, indicator, value))

    own = [key for key, row in rows.items() if key[0] == STRUCTURE and row.value]
    yield "an adjustment tried on the nation, the first of a run", _seconds_of(lambda: tried(*own[0])), "–"
    for key in (own[-1], SHARED):
        moved = len(tried(*key).moved)
        seconds = processor(lambda key=key: tried(*key))  # type: ignore[misc]
        yield f"an adjustment tried on the nation, {moved} of {len(structures)} move", seconds, "15 ms"


def exact_figures(folder: Path) -> Iterator[Row]:
    """A run kept, and the same where nobody works out its exact figures."""
    whole = processor(lambda: _kept(folder, ()))
    with patch.object(results._Texts, "of_column", lambda _self, _name, figures: [None] * len(figures)):  # noqa: SLF001
        without = processor(lambda: _kept(folder, ()))
    yield "a run kept, without exact figures", without, "–"
    yield "a run kept, with its exact figures", whole, f"2 × without: {whole / without:.2f} ×"


def months(folder: Path) -> Iterator[Row]:
    """Months of the demonstration measured and scored one after the other; the first adds up all its facts."""
    job, store = demonstration(), Store(folder / "facts-store")
    store.prepare()
    make_facts(job, folder / "facts", store, silent)
    found = score_months(open_pack(job.pack, demonstration=True), store.root, months_of(job)[-MONTHS:], silent)
    first = _seconds_of(lambda: next(found))
    yield "`score_months`, the first month, with all facts added up", first, "–"
    yield "`score_months`, each month after", min(_seconds_of(lambda: next(found)) for _ in range(MONTHS - 1)), "–"


def _kept(folder: Path, structures: tuple[str, ...]) -> Scored:
    return _kept_as(folder, request(structures))


def _kept_as(folder: Path, asked: Request) -> Scored:
    shutil.rmtree(folder / "again", ignore_errors=True)
    return score(asked, [], Store(folder / "again"))


def main() -> None:
    """Print a table of what was measured beside what is aimed at."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        print("| What | processor | aim |")
        print("|---|---:|---:|")
        for rows in (commands(folder), packs(), work(folder), months(folder)):
            for what, seconds, aim in rows:
                print(f"| {what} | {_time(seconds)} | {aim} |", flush=True)


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1e3 * seconds:.1f} ms"


if __name__ == "__main__":
    main()
