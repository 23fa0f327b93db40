"""`piramide pack …` and `piramide sheet …`: what can be asked of packs and of the documents they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piramide.cli import options
from piramide.cli.texts import example, say

pack_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help=say("help.pack_app"), epilog=example("pack list")
)
sheet_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help=say("help.sheet_app"), epilog=example("sheet import scheda.txt")
)


@pack_app.command("list", help=say("help.pack_list"), epilog=example("pack list"))
def pack_list(packs: options.Packs = [], json: options.Json = False) -> None:
    """List packs."""
    from piramide.cli import pack as commands

    commands.list_packs(packs, as_json=json)


@pack_app.command("show", help=say("help.pack_show"), epilog=example("pack show inps-2024 --structure dcm_milano"))
def pack_show(
    pack: options.PackName,
    structure: options.Structures = [],
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Show trees."""
    from piramide.cli import pack as commands

    commands.show_pack(pack, structure, packs, demonstration=demonstration, as_json=json)


@pack_app.command("chain", help=say("help.pack_chain"), epilog=example("pack chain inps-2021 --id 2021_IS.3"))
def pack_chain(
    pack: options.PackName,
    code: Annotated[str, typer.Option("--id", metavar="ID", help=say("help.chain_id"))] = "",
    run: Annotated[str, typer.Option("--run", metavar="RUN", help=say("help.chain_run"))] = "",
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Show the chain."""
    from piramide.cli import chain as commands

    asked = commands.Asked(pack, code, run, demonstration)
    commands.show_chain(asked, packs, store, as_json=json)


@pack_app.command("check", help=say("help.pack_check"), epilog=example("pack check inps-2021"))
def pack_check(
    pack: options.PackName,
    demonstration: options.Demonstration = False,
    notes: Annotated[bool, typer.Option("--notes", help=say("help.notes"))] = False,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Check a pack."""
    from piramide.cli import pack_check as commands

    commands.check(pack, packs, demonstration=demonstration, with_notes=notes, as_json=json)


@pack_app.command("prove", help=say("help.pack_prove"), epilog=example("pack prove inps-2021 --identity nazione"))
def pack_prove(
    pack: options.PackName,
    identity: Annotated[str, typer.Option("--identity", metavar="TEXT", help=say("help.identity"))] = "",
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Print stated and recomputed figures."""
    from piramide.cli import pack as commands

    commands.prove(pack, identity, packs, as_json=json)


@pack_app.command("diff", help=say("help.pack_diff"), epilog=example("pack diff inps-2024 ./proposta-2024"))
def pack_diff(
    a: options.PackName,
    b: options.PackName,
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Compare two packs."""
    from piramide.cli import pack as commands

    commands.diff(a, b, packs, demonstration=demonstration, as_json=json)


@pack_app.command(
    "values", help=say("help.pack_values"), epilog=example("pack values inps-2024 --period 2024 --out valori.csv")
)
def pack_values(
    pack: options.PackName,
    period: options.PeriodText,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.csv", help=say("help.out_file"))],
    structure: options.Structures = [],
    demonstration: options.Demonstration = False,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Write an empty file of values."""
    from piramide.cli import pack as commands
    from piramide.cycle.plans.packs import open_pack

    opened = open_pack(pack, packs, demonstration=demonstration)
    commands.blank(opened, period, structure, out, as_json=json)


@pack_app.command("new", help=say("help.pack_new"), epilog=example("pack new inps-2025 --from inps-2024"))
def pack_new(
    pack: Annotated[str, typer.Argument(metavar="ID", help=say("help.new_id"))],
    base: Annotated[str, typer.Option("--from", metavar="PACK", help=say("help.from_pack"))] = "",
    year: Annotated[int, typer.Option("--year", help=say("help.year"))] = 0,
    results: Annotated[str, typer.Option("--results", metavar="RUN|FILE", help=say("help.results_before"))] = "",
    packs: options.Packs = [],
    store: options.Store = options.DEFAULT_STORE,
    json: options.Json = False,
) -> None:
    """Start a pack."""
    from piramide.cli import pack_files as commands

    commands.new(pack, commands.Beginning(base, year, results, store), packs, as_json=json)


@pack_app.command("export", help=say("help.pack_export"), epilog=example("pack export inps-2024 piano.xlsx"))
def pack_export(
    pack: options.PackName,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=say("help.xlsx"))],
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Write a pack as a spreadsheet."""
    from piramide.cli import pack_files as commands

    commands.export(pack, file, packs, as_json=json)


@pack_app.command("import", help=say("help.pack_import"), epilog=example("pack import piano.xlsx --out ./inps-2024"))
def pack_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=say("help.xlsx"))],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("help.out_dir"))] = None,
    json: options.Json = False,
) -> None:
    """Read a pack from a spreadsheet."""
    from piramide.cli import pack_files as commands

    commands.import_(file, out, as_json=json)


@sheet_app.command("import", help=say("help.sheet_import"), epilog=example("sheet import scheda.txt --out ./importata"))
def sheet_import(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=say("help.sheets"))],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("help.out_dir"))] = None,
    packs: options.Packs = [],
    json: options.Json = False,
) -> None:
    """Import official sheets."""
    from piramide.cli import sheet as commands

    commands.import_sheet(files, out, packs, as_json=json)
