"""What moves the gap of one leaf between two methods: its target, then its rule, then its cap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from piramide.methodology.model import Indicator, Pack, RuleKind, Scale
from piramide.methodology.unseen import unseen
from piramide.scoring.result import NodeScore
from piramide.scoring.rules.kinds import gap_bounds, is_difference, kind_of, relative_gap


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
    indicator = pack.indicators[node.indicator] if node.indicator else unseen(pack)
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
    with_rule = _within(other.raw, base.indicator, other.indicator)
    yield "target", with_target - base.gap
    yield _kind_of_rule(base, other), with_rule - with_target
    yield "cap", other.gap - with_rule


def _gap_with_target(base: Side, other: Side) -> float:
    """The gap of the base with the target of the other method; the base's own where that means nothing."""
    target, value = (None if figure is None else float(figure) for figure in (other.node.target, base.node.value))
    one, two = base.indicator, other.indicator
    if target is None or value is None or base.node.target in {None, target}:
        return base.gap
    if one.rule is not two.rule and not (kind_of(one).in_unit and kind_of(two).in_unit):
        return base.gap
    raw = _raw(base, value, target)
    return base.gap if raw is None else _within(raw, base.indicator, base.indicator)


def _raw(side: Side, value: float, target: float) -> float | None:
    """The gap of `value` from another `target` by the rule of `side`; `None` for checkpoints, which have no target."""
    rule = side.indicator.rule
    if is_difference(side.indicator):
        return value - target
    if target <= 0 or rule is RuleKind.THRESHOLD:
        return None
    if rule is RuleKind.BANDS:
        return None if side.node.points is None else float(side.node.points) / target - 1.0
    kind = kind_of(side.indicator)
    if kind.is_relative or rule is RuleKind.COMPOSITE:
        return relative_gap(value if kind.most is None else min(value, kind.most), target, kind.sign)
    return None


def _within(raw: float, indicator: Indicator, rule: Indicator) -> float:
    """The gap within the cap of `indicator`, as the kind of `rule` counts gains."""
    low, high = gap_bounds(replace(indicator, rule=rule.rule))
    return max(float(low), min(raw, float(high)))


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
