"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piramide.cli.texts import say

Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]
Packs = Annotated[list[Path], typer.Option("--packs", metavar="DIR", help=say("help.packs"))]
Store = Annotated[
    Path, typer.Option("--store", metavar="DIR", envvar="PIRAMIDE_STORE", help=say("help.store"), show_envvar=False)
]
Demonstration = Annotated[bool, typer.Option("--demonstration", help=say("help.demonstration"))]
PackName = Annotated[str, typer.Argument(metavar="PACK", help=say("help.pack"))]
Structures = Annotated[list[str], typer.Option("--structure", metavar="ID", help=say("help.structure"))]
OneStructure = Annotated[str, typer.Option("--structure", metavar="ID", help=say("help.one_structure"))]
Values = Annotated[Path, typer.Option("--values", metavar="FILE", help=say("help.values"))]
PeriodText = Annotated[str, typer.Option("--period", metavar="P", help=say("help.period"))]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help=say("help.as_of"))]
KnownOn = Annotated[str, typer.Option("--known-on", metavar="DATE", help=say("help.known_on"))]
RunId = Annotated[str, typer.Argument(metavar="RUN", help=say("help.run"))]

DEFAULT_STORE = Path("store")
