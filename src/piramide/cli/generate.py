"""`piramide facts generate`: invented facts in the formats of the dataset contracts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.demo.facts.generate import generate
from piramide.demo.facts.lively import Demand
from piramide.kernel.findings import refuse


def generate_facts(  # noqa: PLR0913 - what the command takes
    out: Path, cases: int, seed: int, years: str, ending: str, *, demand: str = Demand.STEADY, as_json: bool
) -> None:
    """Write the facts and say what there is; the first line says that they are invented."""
    with steps("answer.generating") as progress:
        done = generate(out, cases, seed, _years(years), ending, demand=_demand(demand), progress=progress)
    if as_json:
        terminal.print_json({"invented": True} | asdict(done) | {"folder": str(out)})
        return
    terminal.print_text(say("answer.facts_invented"))
    first, last = done.years[0], done.years[-1]
    terminal.print_text(
        say(
            "answer.facts_generated",
            entries=done.entries,
            cases=done.cases,
            opening=done.opening_cases,
            years=str(first) if first == last else f"{first}-{last}",
            folder=out,
        )
    )
    small = sorted({file.dataset for file in done.files} - {"work"})
    terminal.print_text(say("answer.facts_beside", datasets=", ".join(small)))
    terminal.print_text(say("answer.facts_next", folder=out))


def _demand(text: str) -> Demand:
    try:
        return Demand(text)
    except ValueError:
        raise refuse("DG007", subject=text, known=", ".join(Demand)) from None


def _years(text: str) -> tuple[int, ...]:
    """`2023,2024` or `2023-2024`; raises `Refusal` DG005 for anything else."""
    first, dash, last = text.replace(" ", "").partition("-")
    try:
        return tuple(range(int(first), int(last) + 1)) if dash else tuple(int(year) for year in text.split(","))
    except ValueError:
        raise refuse("DG005", subject=text) from None
