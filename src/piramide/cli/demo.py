"""`piramide demo`: the main job on two years of invented facts."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import track

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.files import folder_to_write
from piramide.cycle.months import MonthScored, score_months, write_series
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Scored
from piramide.demo.beginning import make_facts, make_newest
from piramide.demo.periods import keep_month, months_of
from piramide.demo.values import Demonstration, demonstration
from piramide.kernel import wording
from piramide.kernel.periods import parse_period
from piramide.kernel.progress import silent
from piramide.methodology.model import Pack
from piramide.methodology.names import names_of
from piramide.scoring.score_print import as_json as scores_as_json

FORMATS = ("pdf", "xlsx", "md")
NATION = "nazionale"


def demo(out: Path, store: Path, *, as_json: bool) -> None:
    """Invent facts, load them, measure and score month by month, and print one sheet in three formats."""
    folder_to_write(out)
    job, kept = demonstration(), Store(store)
    terminal.tell(say("answer.demonstration"))
    with steps("answer.generating") as progress:
        make_facts(job, out / "facts", kept, progress)
    pack = open_pack(job.pack, demonstration=True)
    months = _months(job, pack, kept)
    write_series(months, out / "indici-mensili.csv")
    scored = _keep(job, pack, months, out, kept)
    files = [out / f"{job.structure}-{job.period}.{extension}" for extension in FORMATS]
    language = wording.current_language()
    for file in files:
        write_sheet_of_run(kept, scored.run_id, job.structure, file, language)
    if as_json:
        terminal.print_json(
            scores_as_json(scored.run_id, scored.scores, names_of(scored.pack))
            | {"files": [str(file) for file in files]}
        )
        return
    _print_months(months)
    period = parse_period(job.period).label(language)
    count = len(scored.scores.structures)
    terminal.print_text(say("answer.demo_done", count=count, period=period, structure=job.structure, path=files[0]))
    for file in (*files[1:], out / "indici-mensili.csv"):
        terminal.print_text(f"  {file}")
    terminal.print_text(say("answer.demo_next", run=scored.run_id[:8], structure=job.structure))


def newest(store: Path, *, as_json: bool) -> None:
    """Make the newest months alone: the others are made by the worker of the site."""
    terminal.tell(say("answer.demonstration"))
    with steps("answer.generating") as progress:
        waiting = make_newest(Store(store), progress)
    if as_json:
        terminal.print_json({"waiting": [str(month.moment) for month in waiting]})
    else:
        terminal.print_text(say("answer.demo_newest", count=len(waiting)))


def _months(job: Demonstration, pack: Pack, store: Store) -> list[MonthScored]:
    wanted = months_of(job)
    months = score_months(pack, store.root, wanted, silent)
    console = Console(stderr=True)
    told = track(
        months,
        say("answer.demo_months"),
        total=len(wanted),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    return list(told)


def _keep(job: Demonstration, pack: Pack, months: list[MonthScored], out: Path, store: Store) -> Scored:
    """Every month as a run that is kept: measured values, and by hand what facts do not measure; the last one."""
    console = Console(stderr=True)
    told = track(months, say("answer.demo_runs"), console=console, disable=not console.is_terminal, transient=True)
    return [keep_month(job, pack, month, store, out) for month in told][-1]


def _print_months(months: list[MonthScored]) -> None:
    columns = [(say("answer.period"), False), (say("answer.index"), True), (say("answer.coverage"), True)]
    columns.append((say("answer.complete"), True))
    rows = []
    for month in months:
        nation = next(s for s in month.scores.structures if s.id == NATION)
        complete = sum(s.index is not None for s in month.scores.structures)
        figure = terminal.index(nation.index_measured)
        index = figure if nation.index is not None else f"({figure})"
        rows.append((month.period.label(), index, terminal.share(nation.coverage), str(complete)))
    terminal.print_table(columns, rows)
    terminal.print_text(say("answer.demo_series"))
