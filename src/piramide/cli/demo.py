"""`piramide demo`: the main job on two years of invented facts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.fact_sources import parse_sources
from piramide.cycle.facts import LoadRequest, facts_status, load_facts
from piramide.cycle.files import folder_to_write
from piramide.cycle.months import MonthScored, score_months, write_series
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.measured_from import measured_now
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, ValuesAtHand, score
from piramide.cycle.score_period import read_by_hand
from piramide.demo.agreement import agreeing
from piramide.demo.facts.generate import generate
from piramide.demo.values import Demonstration, demonstration
from piramide.kernel import wording
from piramide.kernel.periods import parse_period
from piramide.kernel.telling import silent
from piramide.kernel.value_rows import measured_first, write
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
    _facts(job, out / "facts", kept)
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


def _facts(job: Demonstration, folder: Path, store: Store) -> None:
    """Invent and load the facts, unless the store has them already."""
    if any(status.dataset == "work" for status in facts_status(store, date.today())):  # noqa: DTZ011 - a day of the calendar
        return
    with steps("answer.generating") as progress:
        generate(folder, job.cases, job.seed, job.years, "parquet", progress=progress)
    pairs = parse_sources([str(folder)]).pairs
    learned = date(job.years[-1] + 1, 1, 15)
    load_facts(LoadRequest(pairs, learned, pack=job.pack), [], store)


def _months(job: Demonstration, pack: Pack, store: Store) -> list[MonthScored]:
    months = score_months(pack, store.root, job.years, silent)
    console = Console(stderr=True)
    steps = track(
        months,
        say("answer.demo_months"),
        total=12 * len(job.years),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    return list(steps)


def _keep(job: Demonstration, pack: Pack, months: list[MonthScored], out: Path, store: Store) -> Scored:
    """Every month as a run that is kept: measured values, and by hand what facts do not measure; the last one."""
    console = Console(stderr=True)
    steps = track(months, say("answer.demo_runs"), console=console, disable=not console.is_terminal, transient=True)
    return [_kept(job, pack, month, out, store) for month in steps][-1]


def _kept(job: Demonstration, pack: Pack, month: MonthScored, out: Path, store: Store) -> Scored:
    name = str(month.period.moment)
    day = month.period.end - timedelta(days=1)
    by_hand = agreeing(read_by_hand(job.values, name), month.answer.values, pack, pack.organisation.on(day))
    rows, facts = measured_first(month.answer.rows, by_hand), measured_now(store.root, month.answer.loads, str(day))
    write(rows, out / f"valori-{name}.csv")
    values = ValuesAtHand(rows, facts, name)
    return score(Request(job.pack, values, name, demonstration=True, tried_on=month.tried_on), [], store)


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
