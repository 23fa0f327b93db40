"""What moves the gap of one leaf between two methods: its target, then its rule, then its cap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from piramide.methodology.model import Indicator, Pack, RuleKind, Scale
from piramide.scoring.cells import NEVER_POSITIVE, RELATIVE
from piramide.scoring.explain_cells import is_difference
from piramide.scoring.result import NodeScore
from piramide.scoring.rules import FULL, MOST_SHARES, capped, relative_gap

_SAME_SCALE = frozenset({RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.RATIO_POINTS})
"""Kinds whose targets are in the unit of the value, so that one's target can stand in the other's rule."""
_CEILINGS = {RuleKind.MILESTONE: FULL, RuleKind.SUM_OF_SHARES: MOST_SHARES}


@dataclass(frozen=True, slots=True)
class Side:
    """A leaf under one method."""

    node: NodeScore
    indicator: Indicator
    scale: Scale | None

    @property
    def gap(self) -> float:
        """The gap as it counted."""
        return float(self.node.gap or 0.0)

    @property
    def raw(self) -> float:
        """The gap before the cap."""
        return float(self.node.gap_raw or 0.0)


def side_of(node: NodeScore, pack: Pack) -> Side:
    """A scored leaf with its definition in `pack`."""
    indicator = pack.indicators[node.indicator]
    return Side(node, indicator, pack.scales.get(indicator.scale) if indicator.scale else None)


def leaf_steps(base: Side, other: Side) -> Iterator[tuple[str, float]]:
    """Changes of the gap by kind, which add up to `other.gap - base.gap`.

    The target changes first, under the rule and the cap of the base; then the rule, within the cap of the base; then
    the cap. A value that only one method fills is `missing`.
    """
    if (base.node.value is None) != (other.node.value is None):
        yield "missing", other.gap - base.gap
        return
    if base.node.value is None:  # both count the worst: its gap is the cap
        yield "cap", other.gap - base.gap
        return
    with_target = _gap_with_target(base, other)
    with_rule = _within(other.raw, base.indicator, other.indicator.rule)
    yield "target", with_target - base.gap
    yield _kind_of_rule(base, other), with_rule - with_target
    yield "cap", other.gap - with_rule


def _gap_with_target(base: Side, other: Side) -> float:
    """The gap of the base with the target of the other method; the base's own where that means nothing."""
    target, value = (None if figure is None else float(figure) for figure in (other.node.target, base.node.value))
    rules = {base.indicator.rule, other.indicator.rule}
    if target is None or value is None or base.node.target in {None, target}:
        return base.gap
    if len(rules) > 1 and not rules <= _SAME_SCALE:
        return base.gap
    raw = _raw(base, value, target)
    return base.gap if raw is None else _within(raw, base.indicator, base.indicator.rule)


def _raw(side: Side, value: float, target: float) -> float | None:
    """The gap of `value` from another `target` by the rule of `side`; `None` for checkpoints, which have no target."""
    rule = side.indicator.rule
    if is_difference(side.indicator):
        return value - target
    if target <= 0 or rule is RuleKind.THRESHOLD:
        return None
    if rule is RuleKind.BANDS:
        return None if side.node.points is None else float(side.node.points) / target - 1.0
    if rule in RELATIVE or rule is RuleKind.COMPOSITE:
        sign = -1.0 if rule is RuleKind.GAP_DOWN else 1.0
        compared = min(value, _CEILINGS.get(rule, value))
        return float(relative_gap(np.array(compared), np.array(target), np.array(sign)))
    return None


def _within(raw: float, indicator: Indicator, rule: RuleKind) -> float:
    """The gap within the cap of `indicator`, as `rule` counts gains."""
    cap = float(indicator.cap)
    high = 0.0 if indicator.clip_positive or rule in NEVER_POSITIVE else cap
    return float(capped(np.array(raw), np.array(-cap), np.array(high)))


def _kind_of_rule(base: Side, other: Side) -> str:
    """What a gap that is left after the target comes from: another rule, other checkpoints, or another value."""
    one, two = base.indicator, other.indicator
    if one.rule is not two.rule or one.composite != two.composite or _bands(base.scale) != _bands(other.scale):
        return "rule"
    if one.rule is RuleKind.THRESHOLD:
        is_same = one.checkpoints == two.checkpoints and base.node.target == other.node.target
        return "value" if is_same else "target"
    return "value"


def _bands(scale: Scale | None) -> object:
    return scale and scale.bands
