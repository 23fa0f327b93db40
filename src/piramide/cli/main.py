"""The command `piramide`: what can be asked, and nothing else.

Every body loads the room it needs when it is called, so that `--help` stays quick; so do those of `pack_app`.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from importlib import metadata
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from piramide.cli import help_words, messages, options
from piramide.cli.pack_app import pack_app, sheet_app
from piramide.cli.plan_app import plan_app
from piramide.cli.texts import example, say
from piramide.kernel import wording
from piramide.kernel.findings import Place, Refusal, refuse

NOT_DONE = 2

help_words.speak()

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=say("help.app"),
    epilog=example("pack check inps-2021"),
)
report_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help=say("help.report_app"), epilog=example("report sheet --help")
)
app.add_typer(pack_app, name="pack")
app.add_typer(sheet_app, name="sheet")
app.add_typer(plan_app, name="plan")
app.add_typer(report_app, name="report")
facts_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=say("help.facts_app"))
app.add_typer(facts_app, name="facts")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(metadata.version("piramide"))
        raise typer.Exit


@app.callback()
def start(
    lang: Annotated[str, typer.Option("--lang", metavar="it|en", help=say("help.lang"))] = "",
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help=say("help.version"))
    ] = False,
) -> None:
    """Choose the language before anything is said."""
    if lang and lang not in wording.languages():
        raise refuse("CY017", Place("--lang"), lang, known=", ".join(wording.languages()))
    if lang:
        wording.use_language(lang)


@app.command("score", help=say("help.score"), epilog=example("score inps-2024 --values valori.csv --period 2024-Q4"))
def score(
    pack: options.PackName,
    values: options.Values,
    period: options.PeriodText,
    structure: options.Structures = [],
    as_of: options.AsOf = "",
    known_on: options.KnownOn = "",
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Score and keep a run."""
    from piramide.cli import score as commands

    request = commands.Request(pack, values, period, tuple(structure), as_of, known_on, demonstration)
    commands.score(request, packs, store, as_json=json)


@app.command("measure", help=say("help.measure"), epilog=example("measure inps-2024 --period 2024-Q3 --out valori.csv"))
def measure(
    pack: options.PackName,
    period: options.PeriodText,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=say("help.values_out"))],
    engine: Annotated[str, typer.Option("--engine", metavar="duckdb|spark", help=say("help.engine"))] = "",
    structure: options.Structures = [],
    as_of: options.AsOf = "",
    known_on: options.KnownOn = "",
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Fold facts and write values."""
    from piramide.cli import measure as commands

    request = commands.Request(pack, period, tuple(structure), as_of, known_on, engine, demonstration)
    commands.measure(request, packs, store, out, as_json=json)


@app.command("explain", help=say("help.explain"), epilog=example("explain 1a2b3c4d --structure dcm_milano"))
def explain(
    run: options.RunId,
    structure: options.OneStructure,
    node: Annotated[str, typer.Option("--node", metavar="NODE", help=say("help.node"))] = "",
    depth: Annotated[int, typer.Option("--depth", help=say("help.depth"))] = 3,
    rows: Annotated[bool, typer.Option("--rows", help=say("help.rows"))] = False,
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Explain one number."""
    from piramide.cli import explain as commands

    commands.explain(commands.Asked(run, structure, node, depth, rows), store, as_json=json)


@app.command(
    "simulate",
    help=say("help.simulate"),
    epilog=example("simulate inps-2024 ./proposta --values valori.csv --period 2024"),
)
def simulate(
    base: Annotated[str, typer.Argument(metavar="BASE", help=say("help.base"))],
    other: Annotated[str, typer.Argument(metavar="OTHER", help=say("help.other"))],
    values: options.Values,
    period: options.PeriodText,
    picture: Annotated[Path | None, typer.Option("--picture", metavar="FILE", help=say("help.picture"))] = None,
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Compare two methods on the same values."""
    from piramide.cli import simulate as commands
    from piramide.cycle.simulate import Request

    request = Request(base, other, values, period, demonstration)
    commands.simulate(request, packs, picture, as_json=json)


@report_app.command(
    "sheet",
    help=say("help.report_sheet"),
    epilog=example("report sheet 1a2b3c4d --structure dcm_milano --out scheda.pdf"),
)
def report_sheet(
    run: options.RunId,
    structure: options.OneStructure,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=say("help.out_file"))],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Print the sheet of a structure."""
    from piramide.cli import report as commands

    commands.sheet(run, structure, out, store, as_json=json)


@report_app.command(
    "objectives",
    help=say("help.report_objectives"),
    epilog=example("report objectives inps-2024 --structure dcm_milano --out scheda.pdf"),
)
def report_objectives(
    pack: options.PackName,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=say("help.out_sheets"))],
    structure: options.Structures = [],
    everybody: Annotated[bool, typer.Option("--all", help=say("help.all_sheets"))] = False,
    form: Annotated[str, typer.Option("--form", metavar="pdf|docx|xlsx|md", help=say("help.form"))] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help=say("help.as_of_plan"))] = "",
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Print the sheets of a plan, before any result."""
    from piramide.cli import report as commands

    asked = commands.Asked(pack, out, tuple(structure), everybody, form, as_of, demonstration)
    commands.objectives(asked, packs, as_json=json)


@facts_app.command(
    "load",
    help=say("help.facts_load"),
    epilog=example("facts load products=prodotti.csv work=lavorazioni.csv --pack inps-2024"),
)
def facts_load(
    sources: Annotated[list[str], typer.Argument(metavar="DATASET=SOURCE|FOLDER...", help=say("help.facts_sources"))],
    learned_on: Annotated[str, typer.Option("--learned-on", metavar="DATE", help=say("help.learned_on"))] = "",
    query: Annotated[str, typer.Option("--query", metavar="SQL|FILE", help=say("help.query"))] = "",
    max_rejected: Annotated[str, typer.Option("--max-rejected", metavar="SHARE", help=say("help.max_rejected"))] = "1%",
    pack: Annotated[str, typer.Option("--pack", metavar="PACK", help=say("help.facts_pack"))] = "",
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="FILE.yaml", help=say("help.mapping"))] = None,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Load facts."""
    from piramide.cli import facts_load as commands

    how = commands.How(learned_on, query, max_rejected, pack, mapping)
    commands.load(sources, how, packs, store, as_json=json)


@facts_app.command(
    "preview", help=say("help.facts_preview"), epilog=example("facts preview pratiche.csv --mapping pratiche.yaml")
)
def facts_preview(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.export"))],
    dataset: Annotated[str, typer.Option("--dataset", metavar="DATASET", help=say("help.dataset"))] = "",
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="FILE.yaml", help=say("help.mapping"))] = None,
    pack: Annotated[str, typer.Option("--pack", metavar="PACK", help=say("help.facts_pack"))] = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Preview an export."""
    from piramide.cli import facts_preview as commands

    commands.preview(file, commands.How(dataset, mapping, pack), packs, store, as_json=json)


@facts_app.command("check", help=say("help.facts_check"), epilog=example("facts check --control totali.csv"))
def facts_check(
    pack: Annotated[str, typer.Option("--pack", metavar="PACK", help=say("help.facts_pack"))] = "",
    control: Annotated[Path | None, typer.Option("--control", metavar="FILE", help=say("help.control"))] = None,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Check the ledger."""
    from piramide.cli import facts as commands

    commands.check(pack, control, packs, store, as_json=json)


@facts_app.command("alarms", help=say("help.facts_alarms"), epilog=example("facts alarms --period 2024-Q3"))
def facts_alarms(
    period: options.PeriodText,
    clusters: Annotated[Path | None, typer.Option("--clusters", metavar="FILE.csv", help=say("help.clusters"))] = None,
    known_on: options.KnownOn = "",
    engine: Annotated[str, typer.Option("--engine", metavar="duckdb|spark", help=say("help.engine"))] = "",
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Say what stands out."""
    from piramide.cli import alarms as commands

    commands.alarms(commands.Request(period, clusters, known_on, engine), store, as_json=json)


@facts_app.command("status", help=say("help.facts_status"), epilog=example("facts status"))
def facts_status(store: options.Store = options.DEFAULT_STORE, json: options.Json = False) -> None:
    """Show what is there."""
    from piramide.cli import facts as commands

    commands.status(store, as_json=json)


@facts_app.command(
    "generate",
    help=say("help.facts_generate"),
    epilog=example("facts generate --out fatti --cases 1000000 --seed 7 --years 2023,2024"),
)
def facts_generate(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=say("help.facts_out"))],
    cases: Annotated[int, typer.Option("--cases", metavar="N", help=say("help.cases"))],
    seed: Annotated[int, typer.Option("--seed", metavar="S", help=say("help.seed"))],
    years: Annotated[str, typer.Option("--years", metavar="YEARS", help=say("help.years"))] = "2023,2024",
    ending: Annotated[str, typer.Option("--format", metavar="parquet|csv", help=say("help.facts_format"))] = "parquet",
    demand: Annotated[str, typer.Option("--demand", metavar="steady|lively", help=say("help.facts_demand"))] = "steady",
    json: options.Json = False,
) -> None:
    """Write invented facts."""
    from piramide.cli import generate as commands

    commands.generate_facts(out, cases, seed, years, ending, demand=demand, as_json=json)


@app.command("verify", help=say("help.verify"), epilog=example("verify 1a2b3c4d"))
def verify(
    run: Annotated[str, typer.Argument(metavar="RUN|PLAN", help=say("help.verify_what"))] = "",
    facts: Annotated[bool, typer.Option("--facts", help=say("help.verify_facts"))] = False,
    audit: Annotated[bool, typer.Option("--audit", help=say("help.audit"))] = False,
    expect: Annotated[str, typer.Option("--expect", metavar="ROWS:HASH", help=say("help.expect"))] = "",
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Recompute a run and compare; or walk the register of changes."""
    if expect and not audit:
        raise typer.BadParameter(say("usage.expect_audit"))
    if audit:
        from piramide.cli import site

        site.verify_audit(expect, as_json=json)
    elif run:
        from piramide.cli import verify as commands

        commands.verify(run, store, with_facts=facts, as_json=json)
    else:
        raise typer.BadParameter(say("usage.run_or_audit"))


@app.command("demo", help=say("help.demo"), epilog=example("demo"))
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=say("help.out_dir"))] = Path("out"),
    store: options.Store = options.DEFAULT_STORE,
    newest: Annotated[bool, typer.Option("--newest", help=say("help.demo_newest"))] = False,
    json: options.Json = False,
) -> None:
    """Do the main job on invented values."""
    from piramide.cli import demo as commands

    if newest:
        commands.newest(store, as_json=json)
    else:
        commands.demo(out, store, as_json=json)


@app.command("backup", help=say("help.backup"), epilog=example("backup piramide-2024-12-31.tar"))
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.backup_file"))],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Save store and database."""
    os.environ["PIRAMIDE_STORE"] = str(store)  # before the site reads its settings
    from piramide.cli import site as commands

    commands.backup(file, as_json=json)


@app.command("restore", help=say("help.restore"), epilog=example("restore piramide-2024-12-31.tar"))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.backup_file"))],
    store: options.Store = options.DEFAULT_STORE,
    without_secrets: Annotated[bool, typer.Option("--without-secrets", help=say("help.without_secrets"))] = False,
    json: options.Json = False,
) -> None:
    """Restore store and database."""
    os.environ["PIRAMIDE_STORE"] = str(store)  # before the site reads its settings
    from piramide.cli import site as commands

    commands.restore(file, without_secrets=without_secrets, as_json=json)


@app.command("upgrade", help=say("help.upgrade"), epilog=example("upgrade"))
def upgrade() -> None:
    """Bring the site up to date."""
    from piramide.cli import site as commands

    commands.upgrade()


@app.command("serve", help=say("help.serve"), epilog=example("serve --port 8000"))
def serve(
    host: Annotated[str, typer.Option("--host", metavar="HOST", help=say("help.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", help=say("help.port"))] = 8000,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help=say("help.workers"))] = 1,
    threads: Annotated[int, typer.Option("--threads", metavar="N", help=say("help.threads"))] = 4,
    with_worker: Annotated[bool, typer.Option("--with-worker", help=say("help.with_worker"))] = False,
) -> None:
    """Serve the site."""
    from piramide.cli import site as commands

    raise typer.Exit(commands.serve(host, port, workers, threads, with_worker=with_worker))


@app.command("worker", help=say("help.worker"), epilog=example("worker"))
def worker() -> None:
    """Work in the background."""
    from piramide.cli import site as commands

    commands.worker()


@app.command("housekeeping", help=say("help.housekeeping"), epilog=example("housekeeping"))
def housekeeping(json: options.Json = False) -> None:
    """Remind people by mail and delete what has expired."""
    from piramide.cli import site as commands

    raise typer.Exit(commands.housekeeping(as_json=json))


@app.command("administrator", help=say("help.administrator"), epilog=example("administrator anna@example.org"))
def administrator(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help=say("help.administrator_email"))],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=say("help.administrator_name"))] = "",
) -> None:
    """Make the first administrator."""
    from piramide.cli import site as commands

    commands.administrator(email, name)


def _prepare_streams() -> None:
    """A stream that is closed swallows what it is told; a terminal that lacks a letter shows another sign for it."""
    sys.stdout = sys.stdout or StringIO()
    sys.stderr = sys.stderr or StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


OBJECTS_BEFORE_COLLECTING = 200_000
"""A command makes objects that live as long as it does: looking for cycles among them costs a tenth of its time."""


_DATABASE_GONE = ("OperationalError", "InterfaceError")
"""What the database of the site raises when it does not answer or takes no more: commands do not know its library."""


def run() -> None:
    """Entry point: every refusal becomes one message on standard error and exit code 2, never a traceback."""
    _prepare_streams()
    code = 0
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    try:
        answer = app(prog_name="piramide", standalone_mode=False)
        code = answer if isinstance(answer, int) else 0
        sys.stdout.flush()
        sys.exit(code)
    except Refusal as refusal:
        messages.tell(str(refusal))
        sys.exit(NOT_DONE)
    except typer.TyperException as error:
        messages.tell(messages.usage(error))
        sys.exit(NOT_DONE)
    except typer.Abort:
        messages.tell(say("usage.interrupted"))
        sys.exit(NOT_DONE)
    except BrokenPipeError:  # the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(code)
    except OSError as error:
        messages.tell(say("usage.system", file=error.filename or say("usage.output"), problem=messages.problem(error)))
        sys.exit(NOT_DONE)
    except Exception as error:  # noqa: BLE001 - the last guard before the user
        if type(error).__name__ in _DATABASE_GONE:
            messages.tell(say("usage.database", problem=messages.problem(error)))
            sys.exit(NOT_DONE)
        if os.environ.get("PIRAMIDE_DEBUG"):
            traceback.print_exc()
        messages.tell(say("answer.internal", error=f"{type(error).__name__}: {error}"))
        sys.exit(NOT_DONE)
