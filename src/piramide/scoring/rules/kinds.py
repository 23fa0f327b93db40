"""What each kind of rule is: the facts that scoring, targets, explanations and simulations share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeVar

from piramide.methodology.model import Composite, Indicator, Range, RuleKind
from piramide.scoring.arrays import FULL, Numbers

Amount = TypeVar("Amount", float, Fraction, Numbers)
"""One figure, or an array of them."""
MOST_SHARES: Final = 150
"""A sum of shares counts up to here (R25)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule.

    `is_relative`: the gap is the relative distance of the value itself from the target, times `sign` (-1 where less
    is better; R1). `least` and `most` bound what the value can be; what lies beyond counts as they do.
    `never_positive`: gains do not count (R8, R9). `target` holds where the act prints none. `in_unit`: the target is
    in the unit of the value, so that it can stand in another rule of such a kind.
    """

    is_relative: bool = False
    sign: int = 1
    least: int | None = None
    most: int | None = None
    never_positive: bool = False
    target: Fraction | None = None
    in_unit: bool = False

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """`least` and `most` as fractions."""
        least, most = (None if bound is None else Fraction(bound) for bound in (self.least, self.most))
        return least, most


_ANYTHING: Final = Range()
_SHARE: Final = (Fraction(0), Fraction(1))
_ON_A_HUNDRED = Fraction(FULL)
KINDS: Final[Mapping[RuleKind, Kind]] = {
    RuleKind.GAP_UP: Kind(is_relative=True, in_unit=True),
    RuleKind.GAP_DOWN: Kind(is_relative=True, sign=-1, in_unit=True),
    RuleKind.ZERO_GAP: Kind(is_relative=True, target=_ON_A_HUNDRED),
    RuleKind.MILESTONE: Kind(is_relative=True, least=0, most=FULL, never_positive=True, target=_ON_A_HUNDRED),
    RuleKind.SUM_OF_SHARES: Kind(is_relative=True, least=0, most=MOST_SHARES, target=_ON_A_HUNDRED),
    RuleKind.RATIO_POINTS: Kind(is_relative=True, least=0, in_unit=True),
    RuleKind.THRESHOLD: Kind(never_positive=True),
    RuleKind.BANDS: Kind(),
    RuleKind.CURVE: Kind(in_unit=True),
    RuleKind.PHASES: Kind(never_positive=True, target=_ON_A_HUNDRED),
    RuleKind.COMPOSITE: Kind(),
    RuleKind.REPORT_ONLY: Kind(),
}

_TARGETS_OF_COMPOSITES: Final[Mapping[str, Fraction | None]] = {"attainment": Fraction(1), "points": None}


def relative_gap(value: Amount, target: Amount, sign: Amount | int) -> Amount:
    """Signed relative distance from the target: (A - T) / T, or (T - A) / T where `sign` is -1 (R1)."""
    return ((value - target) / target) * sign


def kind_of(indicator: Indicator) -> Kind:
    """The kind of an indicator's rule."""
    return KINDS[indicator.rule]


def is_clipped(indicator: Indicator) -> bool:
    """Whether gains do not count, by the kind of its rule or by the indicator's own word (R8, R9)."""
    return indicator.clip_positive or kind_of(indicator).never_positive


def gap_bounds(indicator: Indicator) -> tuple[Fraction, Fraction]:
    """The lowest and the highest gap that counts (R2)."""
    return -indicator.cap, Fraction(0) if is_clipped(indicator) else indicator.cap


def value_bounds(indicator: Indicator) -> tuple[Fraction | None, Fraction | None]:
    """What its value can be: what its kind allows, narrowed by the declared range; `None` where nothing binds.

    The value of a checkpoint without bounds is a share, from 0 to 1 (R22).
    """
    kind, declared = kind_of(indicator), indicator.range
    if declared == _ANYTHING:
        is_share = any(point.takes_the_value for point in indicator.checkpoints)
        return _SHARE if is_share else kind.bounds
    least = [bound for bound in (kind.least, declared.least) if bound is not None]
    most = [bound for bound in (kind.most, declared.most) if bound is not None]
    return (Fraction(max(least)) if least else None), (Fraction(min(most)) if most else None)


def year_target(stated: Fraction | None, indicator: Indicator) -> Fraction | None:
    """The target of the year: as stated, else what the kind of the rule aims at by itself."""
    if stated is None:
        stated = _ON_A_HUNDRED if indicator.score_of else kind_of(indicator).target
    if stated is None and indicator.composite is not None:
        return _TARGETS_OF_COMPOSITES.get(indicator.composite.of, Fraction(0))
    return stated


def is_made_of_parts(indicator: Indicator) -> bool:
    """Whether its value comes from other cells."""
    return indicator.composite is not None and bool(indicator.composite.parts)


def progress_of(indicator: Indicator) -> Indicator:
    """What the progress of a phase is: a share of it on 100, which takes its policy from the objective."""
    return replace(indicator, rule=RuleKind.MILESTONE, range=Range(Fraction(0), _ON_A_HUNDRED))


def composite_kind(indicator: Indicator) -> str:
    """How the parts are put together; a sum of shares made of parts is a kind of its own."""
    composite: Composite | None = indicator.composite
    assert composite is not None  # noqa: S101 - callers ask only for composites
    return "shares" if indicator.rule is RuleKind.SUM_OF_SHARES else composite.of


def is_difference(indicator: Indicator) -> bool:
    """Whether the value is a gap already, so that the distance from the target is a difference (R20, R24, R27)."""
    return indicator.composite is not None and composite_kind(indicator) in {"gap", "capped_gap"}
