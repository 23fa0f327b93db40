"""`piramide plan …`: what is coming and who helps whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piramide.cli import options
from piramide.cli.texts import example, say

plan_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("help.plan_app"),
    epilog=example("plan forecast inps-2024 --from 2025-01 --months 12"),
)

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("help.plan_out"))]


@plan_app.command(
    "share", help=say("help.plan_share"), epilog=example("plan share --problem problema.json --out piano")
)
def plan_share(
    pack: Annotated[str, typer.Argument(metavar="PACK", help=say("help.pack"))] = "",
    problem: Annotated[
        Path | None, typer.Option("--problem", metavar="FILE.json", help=say("help.plan_problem"))
    ] = None,
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help=say("help.plan_month"))] = "",
    plan: Annotated[str, typer.Option("--plan", metavar="PLAN", help=say("help.plan_receipts"))] = "",
    worst_first: Annotated[bool, typer.Option("--worst-first", help=say("help.plan_worst_first"))] = False,
    lot: Annotated[float | None, typer.Option("--lot", metavar="POINTS", help=say("help.plan_lot"))] = None,
    time: Annotated[float | None, typer.Option("--time", metavar="S", help=say("help.plan_time"))] = None,
    out: Out = None,
    known_on: options.KnownOn = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Share work among offices."""
    from piramide.cli import plan as commands
    from piramide.cycle.planning.opening import Source

    if problem is not None:
        commands.refuse_beside_problem(pack, month, plan, known_on, worst_first=worst_first, lot=lot)
        commands.share(problem, out, time, as_json=json)
        return
    source = Source(pack, packs, store, known_on, demonstration)
    request = commands.MonthRequest(source, month, plan, worst_first, lot, time)
    commands.share_month(request, out, as_json=json)


@plan_app.command(
    "forecast",
    help=say("help.plan_forecast"),
    epilog=example("plan forecast inps-2024 --from 2025-01 --months 12 --out previsione"),
)
def plan_forecast(
    pack: options.PackName,
    first: Annotated[str, typer.Option("--from", metavar="MONTH", help=say("help.plan_from"))],
    months: Annotated[int, typer.Option("--months", metavar="N", help=say("help.plan_months"))] = 12,
    events: Annotated[Path | None, typer.Option("--events", metavar="FILE.csv", help=say("help.plan_events"))] = None,
    out: Out = None,
    known_on: options.KnownOn = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Forecast receipts and production."""
    from piramide.cli import plan_forecast as commands
    from piramide.cycle.planning.opening import Source

    source = Source(pack, packs, store, known_on, demonstration)
    commands.forecast(commands.ForecastRequest(source, first, months, events), out, as_json=json)


@plan_app.command(
    "production",
    help=say("help.plan_production"),
    epilog=example("plan production inps-2024 --year 2025 --quantile 0.8 --out produzione"),
)
def plan_production(
    pack: options.PackName,
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help=say("help.plan_year"))],
    quantile: Annotated[float | None, typer.Option("--quantile", metavar="Q", help=say("help.plan_quantile"))] = None,
    events: Annotated[Path | None, typer.Option("--events", metavar="FILE.csv", help=say("help.plan_events"))] = None,
    out: Out = None,
    known_on: options.KnownOn = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Plan the production of a year."""
    from piramide.cli import plan_production as commands
    from piramide.cycle.planning.opening import Source

    source = Source(pack, packs, store, known_on, demonstration)
    commands.production(commands.ProductionRequest(source, year, quantile, events), out, as_json=json)


@plan_app.command(
    "simulate",
    help=say("help.plan_simulate"),
    epilog=example("plan simulate inps-2024 --year 2024 --policy none --policy replan"),
)
def plan_simulate(
    pack: options.PackName,
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help=say("help.plan_simulated_year"))],
    policy: Annotated[
        list[str], typer.Option("--policy", metavar="none|table|replan", help=say("help.plan_policy"))
    ] = [],
    worst_first: Annotated[bool, typer.Option("--worst-first", help=say("help.plan_worst_first"))] = False,
    scale: Annotated[float, typer.Option("--scale", metavar="S", help=say("help.plan_scale"))] = 1.0,
    out: Out = None,
    known_on: options.KnownOn = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Say what each policy would have brought."""
    from piramide.cli import plan_simulate as commands
    from piramide.cycle.planning.opening import Source

    source = Source(pack, packs, store, known_on, demonstration)
    commands.simulate(commands.YearRequest(source, year, policy, worst_first, scale), out, as_json=json)


@plan_app.command(
    "outlook",
    help=say("help.plan_outlook"),
    epilog=example("plan outlook inps-2024 --known-on 2024-08-31 --draws 10000 --seed 1"),
)
def plan_outlook(
    pack: options.PackName,
    known_on: options.KnownOn = "",
    draws: Annotated[int, typer.Option("--draws", metavar="N", help=say("help.plan_draws"))] = 10_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help=say("help.seed"))] = 1,
    out: Out = None,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Say where the year is going."""
    from piramide.cli import plan_outlook as commands
    from piramide.cycle.planning.opening import Source

    source = Source(pack, packs, store, known_on, demonstration)
    commands.outlook(commands.OutlookRequest(source, draws, seed), out, as_json=json)


@plan_app.command(
    "whatif", help=say("help.plan_whatif"), epilog=example("plan whatif --base 1a2b3c4d --change modifica.json")
)
def plan_whatif(
    base: Annotated[str, typer.Option("--base", metavar="PLAN", help=say("help.plan_base"))],
    change: Annotated[Path, typer.Option("--change", metavar="FILE.json", help=say("help.plan_change"))],
    out: Out = None,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Say what one change would do to every index."""
    from piramide.cli import plan_whatif as commands
    from piramide.cycle.planning.opening import Source

    source = Source("", packs, store, "", demonstration)
    commands.whatif(commands.WhatifRequest(source, base, change), out, as_json=json)


@plan_app.command("compare", help=say("help.plan_compare"), epilog=example("plan compare 1a2b3c4d 5e6f7a8b"))
def plan_compare(
    one: Annotated[str, typer.Argument(metavar="PLAN", help=say("help.plan_one"))],
    other: Annotated[str, typer.Argument(metavar="PLAN", help=say("help.plan_other"))] = "",
    with_facts: Annotated[str, typer.Option("--with-facts", metavar="PACK", help=say("help.plan_with_facts"))] = "",
    out: Out = None,
    known_on: options.KnownOn = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    demonstration: options.Demonstration = False,
    json: options.Json = False,
) -> None:
    """Set two plans beside each other, or one beside what happened."""
    from piramide.cli import plan_compare as commands
    from piramide.cycle.planning.opening import Source

    source = Source(with_facts, packs, store, known_on, demonstration)
    commands.compare(commands.CompareRequest(source, one, other), out, as_json=json)


@plan_app.command("list", help=say("help.plan_list"), epilog=example("plan list"))
def plan_list(store: options.Store = options.DEFAULT_STORE, json: options.Json = False) -> None:
    """List the plans of a store."""
    from piramide.cli import plan_list as commands

    commands.list_plans(store, as_json=json)
