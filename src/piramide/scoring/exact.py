"""The same scores in exact fractions, one node at a time: what is printed is the exact rational rounded half-up.

Inputs are the decimals that the file and the pack hold. The rules are written a second time here, without arrays, so
that either path checks the other.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np

from piramide.kernel.rounding import round_cells
from piramide.methodology.model import Checkpoint, Node, Part, RuleKind
from piramide.scoring.cells import CURRENT, NEVER_POSITIVE, RELATIVE, Cell, composite_kind, is_made_of_parts
from piramide.scoring.readings import NOT_APPLICABLE
from piramide.scoring.scored import Scored

FULL = Fraction(100)
MOST_SHARES = Fraction(150)
_DOUBT = 1e-7
"""Far above what the array path can lose: nearer than this to a tie, an index is computed again exactly."""


class ExactScores:
    """Exact figures of a scored plan; each is computed when it is asked for and kept."""

    def __init__(self, scored: Scored) -> None:
        self._scored = scored
        self._plan = scored.plan
        items = scored.plan.cells.items
        self._place = {(cell.structure, cell.key): place for place, cell in enumerate(items)}
        self._raw: dict[int, Fraction | None] = {}

    def index(self, structure: str, node: str | None = None) -> Fraction | None:
        """Index of a node, or of the whole sheet; `None` unless every leaf that weighs has a gap."""
        owner = self._plan.layout.structures.index(structure)
        tree = self._plan.sheets[owner].tree
        if node is None:
            gap = self._mean(structure, tree)
        else:
            gap = self._node_gap(structure, self._plan.layout.nodes[self._plan.position(structure, node)])
        return None if gap is None else FULL * (1 + gap)

    def gap_raw(self, structure: str, key: str) -> Fraction | None:
        """Uncapped gap of a leaf or of a part."""
        return self._raw_gap(self._place[structure, key])

    def gap(self, structure: str, key: str) -> Fraction | None:
        """Gap of a leaf within its cap."""
        return self._capped(self._place[structure, key])

    def value(self, structure: str, key: str, moment: int = CURRENT) -> Fraction | None:
        """The value that a leaf or a part reads from the file."""
        return self._value(self._place[structure, key], moment)

    def compared(self, structure: str, key: str) -> tuple[Fraction | None, Fraction | None]:
        """Value and target of a leaf or a part; of a composite without a value, what its parts come to."""
        place = self._place[structure, key]
        cell, value = self._plan.cells.items[place], self._value(place, CURRENT)
        return self._composed(cell, value) if is_made_of_parts(cell) else (value, self._target(place))

    def points(self, structure: str, key: str) -> Fraction:
        """Points of a leaf or a part: of its band, or R over T times P; 0 without a value."""
        return self._points(self._place[structure, key])

    def _node_gap(self, structure: str, node: Node) -> Fraction | None:
        if node.is_leaf:
            return self.gap(structure, node.id)
        return self._mean(structure, node.children)

    def _mean(self, structure: str, nodes: tuple[Node, ...]) -> Fraction | None:
        total = Fraction(0)
        weighing = [node for node in nodes if node.weight]
        for node in weighing:
            gap = self._node_gap(structure, node)
            if gap is None:
                return None
            total += node.weight * gap
        return total if weighing else None

    def _value(self, place: int, moment: int) -> Fraction | None:
        readings = self._scored.readings
        return self._scored.values.exact(int(readings.rows[moment, place])) if readings.known[moment, place] else None

    def _capped(self, place: int) -> Fraction | None:
        gap = self._raw_gap(place)
        if gap is None:
            return None
        indicator = self._plan.cells.items[place].indicator
        never_positive = indicator.clip_positive or indicator.rule in NEVER_POSITIVE
        return max(-indicator.cap, min(gap, Fraction(0) if never_positive else indicator.cap))

    def _raw_gap(self, place: int) -> Fraction | None:
        if place not in self._raw:
            self._raw[place] = self._by_rule(place)
        return self._raw[place]

    def _by_rule(self, place: int) -> Fraction | None:
        cell, value = self._plan.cells.items[place], self._value(place, CURRENT)
        gap: Fraction | None = None
        if is_made_of_parts(cell):
            gap = self._composite(cell, value)
        elif value is not None and cell.indicator.rule in RELATIVE:
            gap = self._relative(place, cell, value)
        elif value is not None and cell.indicator.rule is RuleKind.THRESHOLD:
            gap = self._threshold(place)
        elif value is not None and cell.scale is not None:
            gap = None if cell.target is None else self._points(place) / cell.target - 1
        if gap is None and value is None and self._scored.readings.is_worst[place]:
            return -cell.indicator.cap
        return gap

    def _target(self, place: int) -> Fraction | None:
        cell = self._plan.cells.items[place]
        if not cell.looks_back:
            return cell.target
        before = self._plan.quarter_before
        return cell.before if before < 0 else self._value(place, before)

    def _relative(self, place: int, cell: Cell, value: Fraction) -> Fraction | None:
        target = self._target(place)
        if target is None or target <= 0:
            return None
        ceiling = {RuleKind.MILESTONE: FULL, RuleKind.SUM_OF_SHARES: MOST_SHARES}.get(cell.indicator.rule, value)
        gap = (min(value, ceiling) - target) / target
        return -gap if cell.indicator.rule is RuleKind.GAP_DOWN else gap

    def _threshold(self, place: int) -> Fraction | None:
        group = self._plan.cells.checkpoints
        mine = np.flatnonzero(group.owners == place).tolist()
        due = {point.moment: point for point in self._plan.cells.items[place].checkpoints}
        known: list[tuple[Checkpoint, bool]] = []
        for position in mine:
            value = self._value(place, int(group.moments[position]))
            point = due[group.names[position]]
            if value is not None:
                known.append((point, _is_met(point, value)))
        if not known:
            return None
        if any(point.mandatory and not met for point, met in known):
            return Fraction(-1)
        return Fraction(sum(met for _, met in known), len(known)) - 1

    def _points(self, place: int) -> Fraction:
        """Points of a part or a leaf: of its band, or R over T times P; 0 without a value."""
        cell, value = self._plan.cells.items[place], self._value(place, CURRENT)
        if value is None:
            return Fraction(0)
        if cell.scale is not None:
            bands = cell.scale.bands
            return next((band.points for band in bands if value <= band.high), bands[-1].points)
        gap = self._raw_gap(place)
        return Fraction(0) if gap is None else (1 + gap) * (cell.indicator.points or 0)

    def _composite(self, cell: Cell, value: Fraction | None) -> Fraction | None:
        value, target = self._composed(cell, value)
        if value is None or target is None:
            return None
        if composite_kind(cell.indicator) in {"gap", "capped_gap"}:
            return value - target
        return (value - target) / target if target > 0 else None

    def _composed(self, cell: Cell, value: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
        """Value and target of a composite: its own, or those of its parts together."""
        assert cell.indicator.composite is not None  # noqa: S101 - only composites come here
        kind, target = composite_kind(cell.indicator), cell.target
        parts = [(self._place[cell.structure, part.node], part) for part in cell.indicator.composite.parts]
        if value is None and kind == "points":
            value, target = self._sum_of_points(parts, target)
        elif value is None:
            value = self._sum_of_gaps(kind, parts)
        return min(value, MOST_SHARES) if kind == "shares" and value is not None else value, target

    def _sum_of_gaps(self, kind: str, parts: list[tuple[int, Part]]) -> Fraction | None:
        of: Callable[[int], Fraction | None] = self._capped if kind == "capped_gap" else self._raw_gap
        total = Fraction(0)
        for place, part in parts:
            gap = of(place)
            if gap is None:
                return None
            total += part.share * (gap if kind in {"gap", "capped_gap"} else 1 + gap)
        return total * FULL if kind == "shares" else total

    def _sum_of_points(
        self, parts: list[tuple[int, Part]], target: Fraction | None
    ) -> tuple[Fraction | None, Fraction | None]:
        """Points of the parts that apply, and the target scaled to what these can reach (R26)."""
        items, statuses = self._plan.cells.items, self._scored.readings.statuses
        left = [(place, part) for place, part in parts if statuses[place] != NOT_APPLICABLE]
        if not left or any(self._is_absent(place) for place, _ in left):
            return None, None
        reach = sum(items[place].most_points for place, _ in parts)
        kept = sum(items[place].most_points for place, _ in left)
        value = sum((part.share * self._points(place) for place, part in left), Fraction(0))
        return value, None if target is None or not reach else target * kept / reach

    def _is_absent(self, place: int) -> bool:
        return self._value(place, CURRENT) is None and self._raw_gap(place) is None


def _is_met(point: Checkpoint, value: Fraction) -> bool:
    at_least = point.least is None or value >= point.least - point.tolerance
    return at_least and (point.most is None or value <= point.most + point.tolerance)


def printed(scored: Scored, decimals: int = 2) -> list[Decimal | None]:
    """Index of every position of the layout as it is printed: the exact rational, rounded half-up (R39).

    `None` where there is no index. Only figures too close to a tie are computed exactly.
    """
    layout, exact = scored.plan.layout, ExactScores(scored)
    positions = np.flatnonzero(scored.indices.complete)

    def exactly(cell: int) -> Fraction:
        position = int(positions[cell])
        is_root = position >= len(layout.nodes)
        owner = position - len(layout.nodes) if is_root else int(layout.owners[position])
        index = exact.index(layout.structures[owner], None if is_root else layout.nodes[position].id)
        return Fraction(0) if index is None else index

    answer: list[Decimal | None] = [None] * layout.size
    rounded = round_cells(scored.indices.index[positions], _DOUBT, decimals, exactly)
    for position, scaled in zip(positions.tolist(), rounded.tolist(), strict=True):
        answer[position] = Decimal(scaled).scaleb(-decimals)
    return answer
