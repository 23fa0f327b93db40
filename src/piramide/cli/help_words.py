"""The words that `--help` adds to ours (headings, usage, marks of options), in the language of the user."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from piramide.cli.texts import say

_HEADINGS: Final = {"Arguments": "arguments", "Options": "options", "Commands": "commands"}
_MARKS: Final = re.compile(r"\[(?P<default>default: (?P<value>[^;\]]*))?(?P<both>; )?(?P<required>required)?\]$")
_TYPE: Final = re.compile(r" <\w+>$")
_HELP: Final = "Show this message and exit."


class HelpInWords(HelpFormatter):
    """Writes a page of help as the library lays it out, with our words for its own."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line; what can be given is named as the user's language does."""
        worded = args.replace("[OPTIONS]", f"[{say('help.options').upper()}]")
        worded = worded.replace("COMMAND [ARGS]...", f"{say('help.command').upper()} …").replace("{PACK}", "PACK")
        super().write_usage(prog, worded, prefix or f"{say('help.usage')}: ")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(say(f"help.{_HEADINGS[heading]}").capitalize() if heading in _HEADINGS else heading)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands, each with its help."""
        worded = [(_TYPE.sub("", name), say("help.help") if text == _HELP else _marked(text)) for name, text in rows]
        super().write_dl(worded, col_max, col_spacing)


def _marked(text: str) -> str:
    """The help of an option; a mark at its end is worded, and left out where the help says the same."""
    found = _MARKS.search(text)
    if not found:
        return text
    said = text[: found.start()].rstrip()
    is_told = not found["default"] or say("help.default") in said.lower() or found["value"] == "store"
    default = "" if is_told else f"{say('help.default')}: {found['value']}"
    marks = "; ".join(filter(None, (default, found["required"] and say("help.required"))))
    return f"{said}  [{marks}]" if marks else said


def speak() -> None:
    """Let every page of help be written so."""
    Context.formatter_class = HelpInWords
