"""What an explanation needs beyond the score table: the compiled cells of one structure.

The rule, the target of the period, the bounds of the gap, the checkpoints and the parts all come from the plan that
scoring itself compiles, so that an explanation cannot tell another story. The file of values adds earlier checkpoints
and parts that stand in no tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pyarrow as pa

from piramide.kernel.value_rows import SEPARATOR
from piramide.methodology.in_force import last_day
from piramide.methodology.model import Checkpoint, Indicator, Pack, RuleKind
from piramide.methodology.phases import Phase
from piramide.scoring.arrays import FULL
from piramide.scoring.cells import CURRENT, Cell
from piramide.scoring.exact import ExactTable
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.result import NodeScore, StructureScore
from piramide.scoring.rules.kinds import MOST_SHARES, composite_kind, is_difference, kind_of
from piramide.scoring.rules.threshold import ends_of, share_met
from piramide.scoring.score import score_plan
from piramide.scoring.scored import Scored
from piramide.scoring.values import Values, moment_code

_NOISE = Fraction(1, 10**9)
"""What the double of a run without exact figures may lose."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A checkpoint with the value that it was judged by."""

    point: Checkpoint
    value: Fraction
    is_current: bool

    @property
    def share(self) -> Fraction:
        """How much of it is met: all or nothing between bounds, the value itself without any."""
        return share_met(self.point, self.value)

    @property
    def is_met(self) -> bool:
        """Whether it is met whole."""
        return self.share == 1

    @property
    def least(self) -> Fraction | None:
        """The least that meets it, tolerance included."""
        return ends_of(self.point)[0]

    @property
    def most(self) -> Fraction | None:
        """The most that meets it, tolerance included."""
        return ends_of(self.point)[1]


@dataclass(frozen=True, slots=True)
class PartFigures:
    """A part of a composite: its share, and its gap and points, `None` where nothing tells them."""

    node: str
    label: str
    share: Fraction
    raw: Fraction | None
    gap: Fraction | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """A phase of an objective, whether the moment asks for it, and its progress from 0 to 100 where it is known."""

    phase: Phase
    is_due: bool
    progress: Fraction | None


@dataclass(frozen=True, slots=True)
class CellFigures:
    """One leaf as scoring sees it: `low` and `high` bound its gap, `slope` is the change of the gap per unit of value.

    `slope` is `None` for steps (thresholds between bounds, bands) and where there is no target. `made_of` says how a
    composite is put together, empty for everything else and for a composite whose own value the file gives. `raw` and
    `gap` are the exact ones that the table keeps. `outcomes` are the checkpoints known, `unseen` those due that are
    not.
    """

    cell: Cell
    low: float
    high: float
    slope: float | None
    raw: Fraction | None
    gap: Fraction | None
    outcomes: tuple[Outcome, ...] = ()
    unseen: tuple[Checkpoint, ...] = ()
    parts: tuple[PartFigures, ...] = ()
    made_of: str = ""
    phases: tuple[PhaseFigures, ...] = ()

    @property
    def indicator(self) -> Indicator:
        """The definition that the leaf is scored by."""
        return self.cell.indicator


def cell_figures(
    pack: Pack, period: str, structure: StructureScore, values: Values | None
) -> Mapping[str, CellFigures]:
    """The leaves of `structure` by node, compiled from `pack` (the one in force) for `period`."""
    day = day_of(pack, structure.id)
    plan = compile_plan(replace(pack, overrides=()), period, [structure.id], day)
    scored = score_plan(plan, values) if values is not None else None
    nodes = {node.id: node for node in structure.nodes}
    places = {cell.key: place for place, cell in enumerate(plan.cells.items) if cell.structure == structure.id}
    told: dict[str, CellFigures] = {}
    for place in range(len(plan.layout.leaves)):
        cell = plan.cells.items[place]
        if cell.structure == structure.id and cell.key in nodes:
            told[cell.key] = _told(plan, scored, place, nodes, places)
    return told


def day_of(pack: Pack, structure: str) -> date:
    """The last day of the pack, or the last one of a structure that ends before."""
    day = last_day(pack)
    if structure in pack.organisation.on(day):
        return day
    ends = [s.until for s in pack.organisation.versions if s.id == structure and s.until]
    return max(ends) - timedelta(days=1) if ends else day


def _told(
    plan: Plan,
    scored: Scored | None,
    place: int,
    nodes: Mapping[str, NodeScore],
    places: Mapping[str, int],
) -> CellFigures:
    cells, cell = plan.cells, plan.cells.items[place]
    node = nodes[cell.key]
    parts = _parts(cell, scored, nodes, places)
    made_of = _made_of(cell, node, parts)
    outcomes, unseen = _outcomes(plan, scored, place, node)
    raw = None if node.gap_raw is None else node.gap_raw.exact
    high = float(min(cells.high[place], _ceiling_gap(cells.ceilings[place], node.target)))
    slope = _slope(cell, node, float(cells.signs[place]))
    if (line := _line_of_shares(outcomes, unseen, raw)) is not None:
        slope, high = line[0], min(high, line[1])
    return CellFigures(
        cell=cell,
        low=float(-cells.caps[place]),
        high=high,
        slope=slope,
        raw=raw,
        gap=None if node.gap is None else node.gap.exact,
        outcomes=outcomes,
        unseen=unseen,
        parts=parts if made_of else (),
        made_of=made_of,
        phases=tuple(_phases(plan, cell, scored, places)),
    )


def _phases(plan: Plan, cell: Cell, scored: Scored | None, places: Mapping[str, int]) -> Iterator[PhaseFigures]:
    """The phases of an objective, those that are not due too; without the file none is known how far it is."""
    for phase in plan.pack.phases.get((cell.structure, cell.key), ()) if cell.node else ():
        row = -1 if scored is None else _row_of(scored, phase, places.get(phase.name))
        progress = scored.values.exact(row) if scored is not None and row >= 0 else None
        yield PhaseFigures(phase, phase.is_due(plan.moment), progress)


def _row_of(scored: Scored, phase: Phase, place: int | None) -> int:
    """The row of the file with the progress of a phase, -1 where there is none; of one not due, that of the moment."""
    if place is not None:
        return int(scored.readings.rows[CURRENT, place]) if scored.readings.known[CURRENT, place] else -1
    values = scored.values
    name = pa.array([f"{phase.structure}{SEPARATOR}{phase.name}"], pa.string())
    row = int(values.rows_at(moment_code(scored.plan.moment), values.find(name))[0])
    return row if row >= 0 and values.has_value[row] else -1


def _ceiling_gap(ceiling: float, target: float | None) -> float:
    """The highest gap that a bounded value can reach."""
    return ceiling / target - 1.0 if target and np.isfinite(ceiling) else float("inf")


def _slope(cell: Cell, node: NodeScore, sign: float) -> float | None:
    is_line = kind_of(cell.indicator).is_relative or cell.indicator.rule in {RuleKind.COMPOSITE, RuleKind.PHASES}
    if node.target is None or not is_line:
        return None
    if is_difference(cell.indicator):
        return 1.0
    return sign / node.target if node.target else None


def _line_of_shares(
    outcomes: tuple[Outcome, ...], unseen: tuple[Checkpoint, ...], raw: Fraction | None
) -> tuple[float, float] | None:
    """The slope and the highest gap of a threshold whose current checkpoints take the value for their share (R22).

    `None` where the gap moves by steps, and where the checkpoints at hand are not all that the gap was made from.
    """
    current = [outcome for outcome in outcomes if outcome.is_current]
    if raw is None or unseen or not current or not all(outcome.point.takes_the_value for outcome in current):
        return None
    shares = [outcome.share for outcome in outcomes]
    if any(o.point.mandatory for o in outcomes) or abs(raw + 1 - sum(shares, Fraction(0)) / len(shares)) > _NOISE:
        return None
    slope = Fraction(len(current), len(outcomes))
    return float(slope), float(raw + slope * (1 - current[0].share))


def _outcomes(
    plan: Plan, scored: Scored | None, place: int, node: NodeScore
) -> tuple[tuple[Outcome, ...], tuple[Checkpoint, ...]]:
    """Checkpoints due whose value is known, and those that are not; without the file only the current one is known."""
    group = plan.cells.checkpoints
    known: list[Outcome] = []
    unseen: list[Checkpoint] = []
    for at in np.flatnonzero(group.owners == place).tolist():
        point, moment = group.points[at], int(group.moments[at])
        if scored is not None:
            row = int(scored.readings.rows[moment, place])
            value = scored.values.exact(row) if scored.readings.known[moment, place] else None
        else:
            value = node.value.exact if moment == CURRENT and node.value is not None else None
        if value is None:
            unseen.append(point)
        else:
            known.append(Outcome(point, value, moment == CURRENT))
    return tuple(known), tuple(unseen) if scored is not None else ()


def _parts(
    cell: Cell, scored: Scored | None, nodes: Mapping[str, NodeScore], places: Mapping[str, int]
) -> tuple[PartFigures, ...]:
    composite = cell.indicator.composite
    answer: list[PartFigures] = []
    for part in composite.parts if composite else ():
        node, share = nodes.get(part.node), part.share
        if node is not None:
            figures = (None if kept is None else kept.exact for kept in (node.gap_raw, node.gap, node.points))
            answer.append(PartFigures(part.node, node.label, share, *figures))
        elif scored is not None:
            answer.append(_part_outside(scored, places[part.node], share))
        else:
            answer.append(PartFigures(part.node, part.node, share, None, None, None))
    return tuple(answer)


def _part_outside(scored: Scored, place: int, share: Fraction) -> PartFigures:
    cell, exact = scored.plan.cells.items[place], ExactTable(scored)
    is_scored, is_known = bool(scored.gaps.scored[place]), bool(scored.readings.known[CURRENT, place])
    return PartFigures(
        node=cell.key,
        label=cell.indicator.label,
        share=share,
        raw=exact.gap_raw(place) if is_scored else None,
        gap=exact.gap(place) if is_scored else None,
        points=exact.points(place) if is_scored or is_known else None,
    )


def _made_of(cell: Cell, node: NodeScore, parts: tuple[PartFigures, ...]) -> str:
    """How the parts make the value; empty when the file gave the composite a value of its own."""
    if cell.indicator.composite is None:
        return ""
    kind = composite_kind(cell.indicator)
    total = total_of(kind, parts)
    if total is None or node.value is None:
        return kind
    is_own = abs(total - node.value.exact) > _NOISE * max(Fraction(1), abs(total))
    return "" if is_own else kind


def total_of(kind: str, parts: tuple[PartFigures, ...]) -> Fraction | None:
    """What the parts of a composite come to; `None` while one is not known."""
    figures = [figure_of(kind, part) for part in parts]
    if kind == "points":
        figures = [figure or Fraction(0) for figure in figures]
    if any(figure is None for figure in figures):
        return None
    whole = (part.share * (figure or 0) for part, figure in zip(parts, figures, strict=True))
    total = sum(whole, Fraction(0))
    return min(total, Fraction(MOST_SHARES)) if kind == "shares" else total


def figure_of(kind: str, part: PartFigures) -> Fraction | None:
    """What one part adds before its share: gap, capped gap, attainment, percentage reached, or points."""
    match kind:
        case "points":
            return part.points
        case "capped_gap":
            return part.gap
        case "gap":
            return part.raw
        case _:
            return None if part.raw is None else (1 + part.raw) * (FULL if kind == "shares" else 1)
