"""A pack made ready to score one moment: the trees of all structures and their cells as arrays, compiled once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.periods import FINAL, Moment, Period, parse_period
from piramide.methodology.in_force import in_force, last_day
from piramide.methodology.model import Checkpoint, Indicator, Node, Pack, RuleKind, Sheet
from piramide.methodology.phases import Late, Phase, due_share
from piramide.methodology.profiles import lacking_profile, profile_of
from piramide.methodology.unseen import unseen
from piramide.scoring.arrays import FULL
from piramide.scoring.cells import CURRENT, Cell, Cells, compile_cells
from piramide.scoring.due import Counted, NotDue, count, not_due, with_parts
from piramide.scoring.layout import Layout, lay_out
from piramide.scoring.rules.kinds import progress_of
from piramide.scoring.score_of import Taken, takings, with_sources
from piramide.scoring.targets import looks_back, quarter_before, target_of_period

BEFORE = ("actual_before", "baseline")
"""Names, in the history of a pack, of the value at the end of the year before; the first known one holds."""
NATION = "nazionale"
"""Whose history holds for structures that have none of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What `period` asks of each structure, as arrays.

    `pack` is the one in force; `sheets` are those scored, in the order of `layout.structures`; `moments` are those
    whose values the rules read, the scored one first; `cells` are the leaves, in the order of `layout.leaves`, then
    the parts that stand in no tree; `quarter_before` is the place in `moments` of the quarter before, or -1.
    `takings` are the cells that take the score of others, in the order in which they can be filled. `counted` says,
    sheet by sheet, what is due and by which weights it counts: those of `layout`. `lacking` are the indicators of the
    pack that lack a programme.
    """

    pack: Pack
    period: Period
    day: date
    organisation: OrganisationOnDay
    sheets: tuple[Sheet, ...]
    layout: Layout
    moments: tuple[Moment, ...]
    cells: Cells
    quarter_before: int
    counted: tuple[Counted, ...]
    takings: tuple[tuple[Taken, ...], ...]
    lacking: frozenset[str]

    @property
    def moment(self) -> Moment:
        """The scored moment."""
        return self.moments[CURRENT]


def compile_plan(
    pack: Pack, period: Period | str, structures: Sequence[str] | None = None, as_of: date | None = None
) -> Plan:
    """Compile `pack`, as in force on `as_of` (default: the last day of the period), for one period and some structures.

    Refuses SC030 a period outside the pack's validity, SC031 an unknown structure, SC032 one without a sheet,
    SC041-SC043 what cannot be scored.
    """
    period = parse_period(period) if isinstance(period, str) else period
    refuse_outside(pack, period)
    day = as_of or min(period.moment.day, last_day(pack))
    pack = in_force(pack, day)
    method = _Method(pack, period.moment, lacking_profile(pack))
    return _compiled(method, period, day, pack.organisation.on(day), structures)


def part_of(plan: Plan, structures: Sequence[str]) -> Plan:
    """The plan of some structures, and of those whose score they take: what `compile_plan` makes of them.

    What is of the whole method is taken from `plan`. Refuses SC031 an unknown structure, SC032 one without a sheet.
    """
    method = _Method(plan.pack, plan.moment, plan.lacking)
    return _compiled(method, plan.period, plan.day, plan.organisation, structures)


def _compiled(
    method: _Method, period: Period, day: date, organisation: OrganisationOnDay, structures: Sequence[str] | None
) -> Plan:
    pack = method.pack
    sheets = with_sources(pack, organisation, tuple(_chosen(pack, organisation, structures)))
    layout = lay_out(sheets)
    moments = _moments(period)
    items = [_leaf(method, sheets[layout.owners[at]].structure, layout.nodes[at]) for at in layout.leaves]
    items = [*with_parts([*items, *_parts_outside(method, items)])]
    taken = takings(items, layout, organisation)
    items, counted = _due(items, sheets, layout, taken)
    layout = layout.counting([counted[layout.owners[at]].weights[node.id] for at, node in enumerate(layout.nodes)])
    before = quarter_before(period.moment)
    return Plan(
        pack=pack,
        period=period,
        day=day,
        organisation=organisation,
        sheets=sheets,
        layout=layout,
        moments=moments,
        cells=compile_cells(items, moments),
        quarter_before=moments.index(before) if before else -1,
        counted=counted,
        takings=taken,
        lacking=method.lacking,
    )


def _due(
    items: list[Cell], sheets: tuple[Sheet, ...], layout: Layout, taken: tuple[tuple[Taken, ...], ...]
) -> tuple[list[Cell], tuple[Counted, ...]]:
    """The cells, those not due whose sources are not, and how the nodes of each sheet count."""
    counted = _counted(items, sheets)
    for generation in taken:
        due = [counted[owner].due[node.id] for owner, node in zip(layout.owners, layout.nodes, strict=True)]
        due += [one.whole for one in counted]
        for one in generation:
            if any(not due[at] for at, _ in one.sources):
                items[one.cell] = replace(items[one.cell], not_due=NotDue.PARTS)
        counted = _counted(items, sheets)
    return items, counted


def _counted(items: Sequence[Cell], sheets: tuple[Sheet, ...]) -> tuple[Counted, ...]:
    partly: dict[str, dict[str, Fraction]] = {}
    for cell in items:
        if cell.not_due or cell.share_due != 1:
            partly.setdefault(cell.structure, {})[cell.key] = Fraction(0) if cell.not_due else cell.share_due
    return tuple(count(one, partly.get(one.structure, {})) for one in sheets)


def refuse_outside(pack: Pack, period: Period, place: Place | None = None) -> None:
    """Refuse a period that the pack does not hold for: SC030 one that was asked, SC015 one at a `place` of a file."""
    if not (pack.since < period.end and period.start < pack.until):
        code = "SC015" if place else "SC030"
        raise refuse(code, place, str(period), pack=pack.id, since=pack.since, until=pack.until)


def _moments(period: Period) -> tuple[Moment, ...]:
    """The scored moment, then the quarters before it, the latest last."""
    year, month = period.moment.year, period.moment.month
    last = 12 if month == FINAL else month
    return period.moment, *(Moment(year, end) for end in (3, 6, 9) if end < last)


def _chosen(pack: Pack, organisation: OrganisationOnDay, structures: Sequence[str] | None) -> Iterator[Sheet]:
    if structures is None:
        yield from (sheet for name, sheet in pack.sheets.items() if name in organisation)
        return
    for name in dict.fromkeys(structures):
        if name not in organisation:
            near = ", ".join(nearest(name, organisation.structures)) or "-"
            raise refuse("SC031", Place(), name, pack=pack.id, near=near)
        if name not in pack.sheets:
            near = ", ".join(nearest(name, pack.sheets)) or ", ".join(list(pack.sheets)[:5]) or "-"
            raise refuse("SC032", Place(), name, pack=pack.id, near=near)
        yield pack.sheets[name]


@dataclass(frozen=True, slots=True)
class _Method:
    """What all cells are made by: the pack in force, the moment, and which indicators lack a programme."""

    pack: Pack
    moment: Moment
    lacking: frozenset[str]


def _leaf(method: _Method, structure: str, node: Node) -> Cell:
    pack = method.pack
    if not node.is_at_hand:
        return Cell(structure, node.id, unseen(pack), node, None)
    name = node.indicator or node.id
    if name not in pack.indicators:
        raise refuse("SC040", node.place, node.id, structure=structure, indicator=name)
    return _cell(method, structure, node.id, pack.indicators[name], node)


def _cell(method: _Method, structure: str, key: str, indicator: Indicator, node: Node | None) -> Cell:
    pack, moment = method.pack, method.moment
    profile = profile_of(pack, indicator)
    checkpoints = _checkpoints(indicator, node)
    phases = pack.phases.get((structure, key), ()) if indicator.rule is RuleKind.PHASES else ()
    asked = tuple(phase for phase in phases if phase.is_due(moment))
    late = not_due(profile, checkpoints, moment, lacks_profile=indicator.id in method.lacking)
    history = {**pack.history.get((NATION, key), {}), **pack.history.get((structure, key), {})}
    return Cell(
        structure=structure,
        key=key,
        indicator=indicator,
        node=node,
        target=target_of_period(node, indicator, profile, moment),
        scale=pack.scales.get(indicator.scale) if indicator.rule is RuleKind.BANDS else None,
        looks_back=looks_back(profile, moment),
        before=next((history[name] for name in BEFORE if name in history), None),
        shared_from=indicator.value_from,
        checkpoints=checkpoints,
        phases=asked,
        share_due=due_share(phases, moment),
        not_due=late or (NotDue.PHASES if not due_share(phases, moment) else ""),
    )


def _checkpoints(indicator: Indicator, node: Node | None) -> tuple[Checkpoint, ...]:
    """Those of the indicator; a threshold without any is met when the structure's own target is (R41)."""
    if indicator.rule is not RuleKind.THRESHOLD or indicator.checkpoints or node is None or node.target is None:
        return indicator.checkpoints if indicator.rule is RuleKind.THRESHOLD else ()
    least = node.target if indicator.direction in {"up", "both"} else None
    most = node.target if indicator.direction in {"down", "both"} else None
    return (Checkpoint("any", least, most),)


def _parts_outside(method: _Method, items: Sequence[Cell]) -> list[Cell]:
    """Cells for the parts of composites that stand in no tree, for the parts of these, and for phases that are due.

    A part takes its value from wherever its composite does, unless its indicator says otherwise.
    """
    known = {(cell.structure, cell.key) for cell in items}
    waiting = list(items)
    extra: list[Cell] = []
    while waiting:
        cell = waiting.pop(0)
        extra += [_progress(cell, phase) for phase in cell.phases]
        for part in cell.indicator.composite.parts if cell.indicator.composite else ():
            key = (cell.structure, part.node)
            if key not in known and part.node in method.pack.indicators:
                known.add(key)
                found = _cell(method, cell.structure, part.node, method.pack.indicators[part.node], None)
                extra.append(replace(found, shared_from=found.shared_from or cell.shared_from))
                waiting.append(extra[-1])
    return extra


def _progress(objective: Cell, phase: Phase) -> Cell:
    """The cell of a phase, whose value is its progress."""
    indicator = progress_of(objective.indicator)
    held = phase.end if indicator.late is Late.FAILS else None
    return Cell(objective.structure, phase.name, indicator, None, _ALL, shared_from=objective.shared_from, held_at=held)


_ALL: Final = Fraction(FULL)
