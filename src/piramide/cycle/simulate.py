"""Simulate: the same values under two methods, all structures at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.store import Run
from piramide.kernel.findings import Finding, Place
from piramide.kernel.periods import Period, parse_period
from piramide.methodology.boards import peer_group
from piramide.methodology.in_force import in_force, tried_on
from piramide.methodology.model import Pack, Sheet
from piramide.methodology.renaming import Renamed, renamed, under_old_names
from piramide.reports.winners import Winner, write_winners
from piramide.scoring.money import money_of
from piramide.scoring.money_moved import moved
from piramide.scoring.reading import asked_values, check_values
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from piramide.scoring.simulation import Simulation, StructureChange, Unused
from piramide.scoring.value_columns import TextColumns
from piramide.scoring.value_file import read_columns


@dataclass(frozen=True, slots=True)
class Request:
    """Two packs, one file of values, one period."""

    base: str
    other: str
    values: Path
    period: str
    demonstration: bool = False


def simulate_packs(request: Request, folders: Sequence[Path]) -> Simulation:
    """Score the values under both methods and compare.

    A method for another year is tried on the base's: a draft is simulated on last year's values before it is adopted.
    """
    base = open_pack(request.base, folders, demonstration=request.demonstration)
    other = open_pack(request.other, folders, demonstration=request.demonstration)
    return simulate_opened(base, other, request.values, parse_period(request.period))


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
    names = renamed(base, other)
    other = under_old_names(other, names)
    text = _under_old_names(read_columns(file), names)
    values = check_values(text, _knowing_both(base, other))
    scores = [score_pack(pack, values, period, as_of=day) for pack in (base, other)]
    answer = simulate(base, scores[0], other, scores[1], base.organisation.on(day))
    unused = tuple(_unused(text, (base, other)))
    remarks = tuple(
        Finding("EX011", Place(str(file), item.line), item.indicator, {"structure": item.structure, "pack": item.pack})
        for item in unused
    )
    money = moved(money_of(base, scores[0]), money_of(other, scores[1]))
    return replace(answer, unused=unused, money=money, findings=(*values.findings, *remarks))


def _under_old_names(text: TextColumns, names: Renamed) -> TextColumns:
    """Values that the file gives under a new name are those of the node that had the old one."""
    if not names:
        return text
    pairs = zip(text.columns["structure"].to_pylist(), text.columns["indicator"].to_pylist(), strict=True)
    indicators = pa.array([names.get((structure, node), node) for structure, node in pairs], pa.string())
    return replace(text, columns={**text.columns, "indicator": indicators})


def _unused(text: TextColumns, packs: tuple[Pack, Pack]) -> Iterator[Unused]:
    """Values that one method asks for and the other does not, once each; what neither asks is told by `read`."""
    asked = [set(asked_values(pack)) for pack in packs]
    cells = (text.columns[name].to_pylist() for name in ("structure", "indicator"))
    seen = set[tuple[str, str]]()
    for structure, indicator, line in zip(*cells, text.lines.tolist(), strict=True):
        key = (structure, indicator)
        if key not in seen and (key in asked[0]) != (key in asked[1]):
            seen.add(key)
            yield Unused(structure, indicator, line, packs[1 if key in asked[0] else 0].id)


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
    write_winners(winners(simulation.structures, simulation.peers), out, language)


def winners(structures: Iterable[StructureChange], peers: str) -> list[Winner]:
    """The marks of the picture: structures whose change is known, each in its cluster of `peers`, else its kind."""
    return [
        Winner(s.id, s.label, peer_group(peers, s.clusters, s.kind).name, s.change, s.size)
        for s in structures
        if s.change is not None
    ]
