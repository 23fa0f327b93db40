"""Simulate: the same values under two methods, all structures at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from piramide.cycle.packs import open_pack
from piramide.cycle.store import Run
from piramide.kernel.periods import Period, parse_period
from piramide.methodology.in_force import in_force, tried_on
from piramide.methodology.model import Pack, Sheet
from piramide.reports.winners import Winner, write_winners
from piramide.scoring.reading import read_values
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from piramide.scoring.simulation import Simulation, StructureChange

CLUSTER = "economic"
"""The scheme that the picture groups by; structures outside it stand under their kind."""


@dataclass(frozen=True, slots=True)
class Question:
    """Two packs, one file of values, one period."""

    base: str
    other: str
    values: Path
    period: str
    demonstration: bool = False


def simulate_packs(question: Question, folders: Sequence[Path]) -> Simulation:
    """Score the values under both methods and compare.

    A method for another year is tried on the base's: a draft is simulated on last year's values before it is adopted.
    """
    base = open_pack(question.base, folders, demonstration=question.demonstration)
    other = open_pack(question.other, folders, demonstration=question.demonstration)
    return simulate_opened(base, other, question.values, parse_period(question.period))


def simulate_opened(base: Pack, other: Pack, values: Path, period: Period) -> Simulation:
    """Score the values under two packs, as printed, and compare."""
    day = min(period.end, base.until) - timedelta(days=1)
    other_in_force = replace(in_force(other, _same_day(day, other)), since=base.since, until=base.until, year=base.year)
    return _compared(in_force(base, day), other_in_force, values, period, day)


def simulate_run(run: Run, base: Pack, other: Pack) -> Simulation:
    """The values of a kept run under two packs, as printed: on the year that the run was tried on, where it was."""
    year = run.manifest.get("tried_on", 0)
    period = parse_period(run.manifest["period"])
    return simulate_opened(tried_on(base, year), tried_on(other, year), run.values_file, period)


def _compared(base: Pack, other: Pack, file: Path, period: Period, day: date) -> Simulation:
    values = read_values(file, _knowing_both(base, other))
    scores = [score_pack(pack, values, period, as_of=day) for pack in (base, other)]
    return simulate(base, scores[0], other, scores[1], base.organisation.on(day))


def _same_day(day: date, pack: Pack) -> date:
    """The day inside the pack's validity that corresponds to `day`: itself, or the last one of another year."""
    return day if pack.since <= day < pack.until else pack.until - timedelta(days=1)


def _knowing_both(base: Pack, other: Pack) -> Pack:
    """A pack that asks for what either asks for, to read values by: neither method refuses the other's indicators."""
    sheets = dict(base.sheets)
    for name, sheet in other.sheets.items():
        tree = (*sheets[name].tree, *sheet.tree) if name in sheets else sheet.tree
        sheets[name] = Sheet(name, tree, sheet.source)
    return replace(base, sheets=sheets, indicators={**other.indicators, **base.indicators})


def draw(simulation: Simulation, out: Path, language: str) -> None:
    """Draw winners and losers by cluster into `out` (.svg or .png)."""
    write_winners(winners(simulation.structures), out, language)


def winners(structures: Iterable[StructureChange]) -> list[Winner]:
    """The marks of the picture: structures whose change is known, each in its cluster."""
    return [
        Winner(s.id, s.label, s.clusters.get(CLUSTER) or s.kind, s.change, s.size)
        for s in structures
        if s.change is not None
    ]
