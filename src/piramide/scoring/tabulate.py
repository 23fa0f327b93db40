"""From the arrays of a scored plan to the score table: Python objects are made here, and only here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from piramide.kernel.figure import Figure, figure_of
from piramide.kernel.node_fields import INDEX_FIELDS
from piramide.kernel.statuses import STATUSES, WITH_VALUE
from piramide.scoring.arrays import FULL, Flags, Floats
from piramide.scoring.cells import CURRENT, Cell
from piramide.scoring.exact import ExactTable
from piramide.scoring.notes import notes_of
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore
from piramide.scoring.scored import Scored

_SETTLED = len(WITH_VALUE)
"""Statuses below this position have a value."""


def tabulate(scored: Scored) -> ScoreTable:
    """The table of a scored plan; structures in the order of the pack, nodes in that of the paper."""
    plan = scored.plan
    figures = _Figures(scored)
    nodes = list(_nodes(scored, figures))
    bounds = np.searchsorted(plan.layout.owners, np.arange(len(plan.sheets) + 1))
    structures = tuple(
        _structure(scored, figures, owner, tuple(nodes[bounds[owner] : bounds[owner + 1]]))
        for owner in range(len(plan.sheets))
    )
    return ScoreTable(plan.pack.id, str(plan.period), structures)


class _Figures:
    """Every double of the table beside its exact number, which is worked out when it is asked for."""

    def __init__(self, scored: Scored) -> None:
        indices, exact = scored.indices, ExactTable(scored)
        brought, brings = _contributions(scored)
        self.index = _figures(indices.index, exact.index, indices.complete)
        self.measured = _figures(indices.index_measured, exact.measured, indices.measured)
        reaches = indices.reaches & np.array([share != 0 for share in _shares_due(scored)], np.bool_)
        self.low = _figures(indices.index_low, exact.low, reaches)
        self.high = _figures(indices.index_high, exact.high, reaches)
        self.due = [None if share == 1 else figure_of(share) for share in _shares_due(scored)]
        self.coverage = _all(indices.coverage, exact.coverage)
        self.contribution = _figures(brought, exact.contribution, brings)
        self.exact = exact

    def of_index(self, position: int) -> dict[str, Any]:
        """The figures of the index of a node or of a sheet."""
        columns: tuple[Sequence[Figure | None], ...] = (self.index, self.measured, self.low, self.high, self.coverage)
        return {name: column[position] for name, column in zip(INDEX_FIELDS, columns, strict=True)}


def _figures(numbers: Floats, exact: Callable[[int], Fraction], holds: Flags) -> list[Figure | None]:
    """Figures of the places where `holds`; `None` elsewhere."""
    return [
        Figure(number, partial(exact, place)) if told else None
        for place, (number, told) in enumerate(zip(numbers.tolist(), holds.tolist(), strict=True))
    ]


def _all(numbers: Floats, exact: Callable[[int], Fraction]) -> list[Figure]:
    return [Figure(number, partial(exact, place)) for place, number in enumerate(numbers.tolist())]


def _contributions(scored: Scored) -> tuple[Floats, Flags]:
    """Points that each node brings to the index of its structure, and where it brings any that can be told."""
    layout, indices = scored.plan.layout, scored.indices
    nodes = len(layout.nodes)
    roots = nodes + layout.owners
    whole = indices.complete[roots]
    told = np.where(whole, indices.complete[:nodes], indices.measured[:nodes] & indices.measured[roots])
    index = np.where(whole, indices.index[:nodes], indices.index_measured[:nodes])
    share = layout.shares() * np.where(whole, 1.0, indices.coverage[:nodes])
    covered = np.where(whole | (indices.coverage[roots] == 0), 1.0, indices.coverage[roots])
    return share / covered * (index - FULL), told


def _structure(scored: Scored, figures: _Figures, owner: int, nodes: tuple[NodeScore, ...]) -> StructureScore:
    plan = scored.plan
    name = plan.layout.structures[owner]
    root = len(plan.layout.nodes) + owner
    return StructureScore(
        id=name,
        label=plan.organisation[name].label,
        kind=plan.organisation[name].kind,
        source=plan.sheets[owner].source,
        **figures.of_index(root),
        nodes=nodes,
        due=figures.due[root],
    )


def _shares_due(scored: Scored) -> list[Fraction]:
    """Share of weight that is due at every position: nodes, then sheets."""
    plan = scored.plan
    owners = plan.layout.owners.tolist()
    nodes = [plan.counted[owner].due[node.id] for owner, node in zip(owners, plan.layout.nodes, strict=True)]
    return [*nodes, *(counted.whole for counted in plan.counted)]


def _nodes(scored: Scored, figures: _Figures) -> Iterator[NodeScore]:
    layout = scored.plan.layout
    leaves = dict(zip(layout.leaves.tolist(), _leaf_fields(scored, figures.exact), strict=True))
    parents = layout.parents.tolist()
    for position, node in enumerate(layout.nodes):
        above, counts = parents[position], Fraction(layout.exact_weights[position])
        yield NodeScore(
            id=node.id,
            parent=layout.nodes[above].id if above < len(layout.nodes) else None,
            kind=node.kind.value,
            label=node.label,
            weight=figure_of(node.weight),
            weight_source=node.weight_source.value,
            **figures.of_index(position),
            contribution=figures.contribution[position],
            due=figures.due[position],
            counted=None if counts == node.weight else figure_of(counts),
            **leaves.get(position, {}),
        )


def _leaf_fields(scored: Scored, exact: ExactTable) -> Iterator[dict[str, Any]]:
    """What only leaves have, leaf by leaf."""
    gaps, cells = scored.gaps, scored.plan.cells
    count = len(scored.plan.layout.leaves)
    settled = scored.statuses < _SETTLED
    is_told = (settled | cells.late) & _has_value(scored)
    columns = {
        "value": _figures(gaps.values[:count, 0], exact.value, is_told[:count]),
        "target": _figures(gaps.targets[:count, 0], exact.target, gaps.has_target[:count]),
        "gap_raw": _figures(gaps.raw[:count, 0], exact.gap_raw, gaps.scored[:count]),
        "gap": _figures(gaps.capped[:count, 0], exact.gap, gaps.scored[:count]),
        "points": _figures(gaps.points[:count, 0], exact.points, (settled & _gives_points(cells.items))[:count]),
    }
    contested = _contested(scored)
    notes = notes_of(scored)
    for place in range(count):
        indicator = cells.items[place].indicator
        yield {
            "indicator": indicator.id,
            "rule": indicator.rule.value,
            "unit": indicator.unit,
            **{name: column[place] for name, column in columns.items()},
            "status": STATUSES[scored.statuses[place]].value,
            "contested": contested[place],
            "note": notes.get(place, ""),
        }


def _has_value(scored: Scored) -> Flags:
    """What the file gives at the scored moment, and what parts make."""
    answer: Flags = scored.readings.known[CURRENT].copy()
    taken = [one.cell for generation in scored.plan.takings for one in generation]
    answer[taken] |= scored.gaps.compared[taken]
    objectives = scored.plan.cells.phases.cells
    answer[objectives] |= scored.gaps.compared[objectives]
    for group in scored.plan.cells.composites:
        worst = scored.readings.is_worst[group.cells]
        answer[group.cells] |= scored.gaps.compared[group.cells] & ~worst
    return answer


def _gives_points(items: tuple[Cell, ...]) -> Flags:
    return np.array([cell.scale is not None or bool(cell.indicator.points) for cell in items], np.bool_)


def _contested(scored: Scored) -> list[bool]:
    rows = scored.readings.rows[CURRENT]
    flags = np.zeros(len(rows), np.bool_)
    flags[rows >= 0] = scored.values.contested[rows[rows >= 0]]
    answer: list[bool] = flags.tolist()
    return answer
