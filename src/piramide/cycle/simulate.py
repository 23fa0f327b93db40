"""Simulate: the same values under two methods, all structures at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from piramide.cycle.packs import open_pack
from piramide.kernel.periods import Period, parse_period
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack, Sheet
from piramide.reports.winners import Winner, write_winners
from piramide.scoring.reading import read_values
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from piramide.scoring.simulation import Simulation

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
    period = parse_period(question.period)
    base = open_pack(question.base, folders, demonstration=question.demonstration)
    other = open_pack(question.other, folders, demonstration=question.demonstration)
    day = min(period.end, base.until) - timedelta(days=1)
    other_in_force = replace(in_force(other, _same_day(day, other)), since=base.since, until=base.until, year=base.year)
    return _compared(in_force(base, day), other_in_force, question.values, period, day)


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
    points = [
        Winner(s.id, s.label, s.clusters.get(CLUSTER) or s.kind, s.change, s.size)
        for s in simulation.structures
        if s.change is not None
    ]
    write_winners(points, out, language)
