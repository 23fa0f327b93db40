"""What moves the gap of one leaf between two methods: its target, then its rule, then its cap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from piramide.kernel.figure import Figure, figure_of
from piramide.methodology.model import Indicator, Pack, RuleKind, Scale
from piramide.methodology.unseen import unseen
from piramide.scoring.arrays import FULL
from piramide.scoring.result import NOTHING, NodeScore
from piramide.scoring.rules.curve import index_at
from piramide.scoring.rules.kinds import gap_bounds, is_difference, kind_of, relative_gap

Amount = TypeVar("Amount", float, Fraction)
Of = Callable[[Figure], Amount]
"""How a figure is computed with: as the double it is, or exactly."""


@dataclass(frozen=True, slots=True)
class Side:
    """A leaf under one method."""

    node: NodeScore
    indicator: Indicator
    scale: Scale | None

    def gap(self, of: Of[Amount]) -> Amount:
        """The gap as it counted."""
        return of(self.node.gap or NOTHING)

    def raw(self, of: Of[Amount]) -> Amount:
        """The gap before the cap."""
        return of(self.node.gap_raw or NOTHING)


def side_of(node: NodeScore, pack: Pack) -> Side:
    """A scored leaf with its definition in `pack`."""
    indicator = pack.indicators[node.indicator] if node.indicator else unseen(pack)
    return Side(node, indicator, pack.scales.get(indicator.scale) if indicator.scale else None)


def leaf_steps(base: Side, other: Side, of: Of[Amount]) -> Iterator[tuple[str, Amount]]:
    """Changes of the gap by kind, which add up to `other.gap - base.gap`.

    The target changes first, under the rule and the cap of the base; then the rule, within the cap of the base; then
    the cap. A value that only one method fills is `missing`.
    """
    if (base.node.value is None) != (other.node.value is None):
        yield "missing", other.gap(of) - base.gap(of)
        return
    if base.node.value is None:  # both count the worst: its gap is the cap
        yield "cap", other.gap(of) - base.gap(of)
        return
    with_target = _gap_with_target(base, other, of)
    with_rule = _within(other.raw(of), base.indicator, other.indicator)
    yield "target", with_target - base.gap(of)
    yield _kind_of_rule(base, other), with_rule - with_target
    yield "cap", other.gap(of) - with_rule


def _gap_with_target(base: Side, other: Side, of: Of[Amount]) -> Amount:
    """The gap of the base with the target of the other method; the base's own where that means nothing."""
    target, value = other.node.target, base.node.value
    one, two = base.indicator, other.indicator
    if target is None or value is None or base.node.target in {None, target}:
        return base.gap(of)
    if one.rule is not two.rule and not (kind_of(one).in_unit and kind_of(two).in_unit):
        return base.gap(of)
    raw = _raw(base, value, target, of)
    return base.gap(of) if raw is None else _within(raw, base.indicator, base.indicator)


def _raw(side: Side, value: Figure, target: Figure, of: Of[Amount]) -> Amount | None:
    """The gap of `value` from another `target` by the rule of `side`; `None` for checkpoints, which have no target."""
    rule = side.indicator.rule
    if is_difference(side.indicator):
        return of(value) - of(target)
    if target <= 0 or rule is RuleKind.THRESHOLD:
        return None
    if rule is RuleKind.BANDS:
        return None if side.node.points is None else of(side.node.points) / of(target) - 1
    if rule is RuleKind.CURVE and side.indicator.curve is not None:
        return of(figure_of(index_at(side.indicator.curve, value.exact, target.exact) / FULL - 1))
    kind = kind_of(side.indicator)
    if kind.is_relative or rule is RuleKind.COMPOSITE:
        return relative_gap(of(value if kind.most is None else min(value, figure_of(kind.most))), of(target), kind.sign)
    return None


def _within(raw: Amount, indicator: Indicator, rule: Indicator) -> Amount:
    """The gap within the cap of `indicator`, as the kind of `rule` counts gains."""
    low, high = gap_bounds(replace(indicator, rule=rule.rule))
    number = type(raw)
    return max(number(low), min(raw, number(high)))


def _kind_of_rule(base: Side, other: Side) -> str:
    """What a gap that is left after the target comes from: another rule, other checkpoints, or another value."""
    one, two = base.indicator, other.indicator
    if one.rule is not two.rule or _shape(one) != _shape(two) or _bands(base.scale) != _bands(other.scale):
        return "rule"
    if one.rule is RuleKind.THRESHOLD:
        is_same = one.checkpoints == two.checkpoints and base.node.target == other.node.target
        return "value" if is_same else "target"
    return "value"


def _shape(indicator: Indicator) -> object:
    return indicator.composite, indicator.curve


def _bands(scale: Scale | None) -> object:
    return scale and scale.bands
