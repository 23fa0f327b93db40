"""From the arrays of a scored plan to the score table: Python objects are made here, and only here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from piramide.kernel.statuses import STATUSES, WITH_VALUE
from piramide.scoring.cells import CURRENT, Cell
from piramide.scoring.notes import notes_of
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore
from piramide.scoring.rules import Flags, Floats
from piramide.scoring.scored import Scored

_SETTLED = len(WITH_VALUE)
"""Statuses below this position have a value."""


def tabulate(scored: Scored) -> ScoreTable:
    """The table of a scored plan; structures in the order of the pack, nodes in that of the paper."""
    plan = scored.plan
    indices = _Indices(scored)
    nodes = list(_nodes(scored, indices))
    bounds = np.searchsorted(plan.layout.owners, np.arange(len(plan.sheets) + 1))
    structures = tuple(
        _structure(scored, indices, owner, tuple(nodes[bounds[owner] : bounds[owner + 1]]))
        for owner in range(len(plan.sheets))
    )
    return ScoreTable(plan.pack.id, str(plan.period), structures)


def or_none(numbers: Floats, holds: Flags) -> list[float | None]:
    """Numbers as Python floats, `None` where they do not hold."""
    return [number if told else None for number, told in zip(numbers.tolist(), holds.tolist(), strict=True)]


class _Indices:
    """The five figures of every position, as Python numbers."""

    def __init__(self, scored: Scored) -> None:
        indices = scored.indices
        self.index = or_none(indices.index, indices.complete)
        self.measured = or_none(indices.index_measured, indices.measured)
        self.low, self.high = indices.index_low.tolist(), indices.index_high.tolist()
        self.coverage = indices.coverage.tolist()


def _structure(scored: Scored, indices: _Indices, owner: int, nodes: tuple[NodeScore, ...]) -> StructureScore:
    plan = scored.plan
    name = plan.layout.structures[owner]
    root = len(plan.layout.nodes) + owner
    return StructureScore(
        id=name,
        label=plan.organisation[name].label,
        kind=plan.organisation[name].kind,
        source=plan.sheets[owner].source,
        index=indices.index[root],
        index_measured=indices.measured[root],
        index_low=indices.low[root],
        index_high=indices.high[root],
        coverage=indices.coverage[root],
        nodes=nodes,
    )


def _nodes(scored: Scored, indices: _Indices) -> Iterator[NodeScore]:
    layout = scored.plan.layout
    leaves = dict(zip(layout.leaves.tolist(), _leaf_fields(scored), strict=True))
    parents = layout.parents.tolist()
    for position, node in enumerate(layout.nodes):
        above = parents[position]
        yield NodeScore(
            id=node.id,
            parent=layout.nodes[above].id if above < len(layout.nodes) else None,
            kind=node.kind.value,
            label=node.label,
            weight=float(node.weight),
            weight_source=node.weight_source.value,
            index=indices.index[position],
            index_measured=indices.measured[position],
            index_low=indices.low[position],
            index_high=indices.high[position],
            coverage=indices.coverage[position],
            **leaves.get(position, {}),
        )


def _leaf_fields(scored: Scored) -> Iterator[dict[str, object]]:
    """What only leaves have, leaf by leaf."""
    gaps, cells = scored.gaps, scored.plan.cells
    settled = scored.statuses < _SETTLED
    values = or_none(gaps.values[:, 0], settled & ~(scored.readings.is_worst & ~scored.readings.known[CURRENT]))
    targets = or_none(gaps.targets[:, 0], gaps.has_target)
    raw, capped = or_none(gaps.raw[:, 0], gaps.scored), or_none(gaps.capped[:, 0], gaps.scored)
    points = or_none(gaps.points[:, 0], settled & _gives_points(cells.items))
    contested = _contested(scored)
    notes = notes_of(scored)
    for place in range(len(scored.plan.layout.leaves)):
        indicator = cells.items[place].indicator
        yield {
            "indicator": indicator.id,
            "rule": indicator.rule.value,
            "unit": indicator.unit,
            "value": values[place],
            "target": targets[place],
            "gap_raw": raw[place],
            "gap": capped[place],
            "points": points[place],
            "status": STATUSES[scored.statuses[place]].value,
            "contested": contested[place],
            "note": notes.get(place, ""),
        }


def _gives_points(items: tuple[Cell, ...]) -> Flags:
    return np.array([cell.scale is not None or bool(cell.indicator.points) for cell in items], np.bool_)


def _contested(scored: Scored) -> list[bool]:
    rows = scored.readings.rows[CURRENT]
    flags = np.zeros(len(rows), np.bool_)
    flags[rows >= 0] = scored.values.contested[rows[rows >= 0]]
    answer: list[bool] = flags.tolist()
    return answer
