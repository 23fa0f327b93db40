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
    epilog=example("plan share --problem problema.json"),
)


@plan_app.callback()
def plans() -> None:
    """Keep the name of the one command."""


@plan_app.command(
    "share", help=say("help.plan_share"), epilog=example("plan share --problem problema.json --out piano")
)
def plan_share(
    problem: Annotated[Path, typer.Option("--problem", metavar="FILE.json", help=say("help.plan_problem"))],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("help.plan_out"))] = None,
    json: options.Json = False,
) -> None:
    """Share work among offices."""
    from piramide.cli import plan as commands

    commands.share(problem, out, as_json=json)
