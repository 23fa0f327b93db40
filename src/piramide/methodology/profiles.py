"""Which leaves need a quarterly programme, and which one they have (R13).

What grows through the year is nothing to hold against the target of the whole year in January. Growth is read from
the dimension of a formula, through its measures: a flow and a flow over a state grow; a flow over a flow and a state
over a state do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.arithmetic import Step
from piramide.kernel.expressions import parse
from piramide.kernel.findings import Refusal
from piramide.methodology.model import Indicator, Pack, Profile, RuleKind
from piramide.methodology.profile_kinds import ProfileKind

WITHOUT_FIGURES: Final = (ProfileKind.LINEAR, ProfileKind.YEAR_END, ProfileKind.FINAL)
"""Kinds that an indicator may name as they are, under its own citation: they have no figure that an act would print."""
RELATIVE: Final = frozenset(
    {RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.ZERO_GAP, RuleKind.RATIO_POINTS, RuleKind.SUM_OF_SHARES}
)
"""Rules that compare a value with the target of a period."""
FLOW: Final = "flow"
AMOUNTS: Final = frozenset({"eur", "pieces", "hours", "units", "count"})
"""Units of what may add up over the year; `level` says whether it does."""
_WHOLE: Final = Fraction(1)
_LINEAR: Final = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), _WHOLE)
_GROWING_WINDOWS: Final = ("year_to_date", "integral")
_CHOOSING: Final = ("least", "greatest", "coalesce", "add", "subtract", "case")


def profile_of(pack: Pack, indicator: Indicator) -> Profile | None:
    """The programme that an indicator names: one the pack declares, else a kind without figures of its own."""
    name = indicator.profile
    if name in pack.profiles or name not in WITHOUT_FIGURES:
        return pack.profiles.get(name)
    return Profile(name, ProfileKind(name), quarters_of(ProfileKind(name), ()), indicator.citation)


def quarters_of(kind: ProfileKind, printed: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """The four figures of a programme: as printed, or the quarters of a straight line."""
    return _LINEAR if kind is ProfileKind.LINEAR else printed


def lacking_profile(pack: Pack) -> frozenset[str]:
    """Indicators of which a leaf would hold a part of the year against the target of the whole.

    All at once: measures that many formulas read are looked at once.
    """
    dimensions = _Dimensions(pack)
    return frozenset(
        indicator.id
        for indicator in pack.indicators.values()
        if _is_held_without_profile(indicator) and _grows(dimensions, indicator)
    )


def _is_held_without_profile(indicator: Indicator) -> bool:
    if indicator.profile or indicator.score_of or indicator.rule not in RELATIVE:
        return False
    return not (indicator.composite and indicator.composite.parts)


def grows(pack: Pack, indicator: Indicator) -> bool:
    """Whether the value grows through the year: it is declared a flow, or its formula makes it grow.

    Of one collected by hand its `level` decides. An amount of which nobody says it is taken to grow where that could
    flatter: lower is better, and 30,000 euros of January stand against the 120,000 of a year. Where higher is better
    a part of the year is never more than the year, and the finding of `is_untold` asks.
    """
    return _grows(_Dimensions(pack), indicator)


def _grows(dimensions: _Dimensions, indicator: Indicator) -> bool:
    if indicator.level == FLOW:
        return True
    found = dimensions.of_formula(indicator.formula) if indicator.formula else None
    if found is None:
        return _is_amount_untold(indicator) and indicator.direction != "up"
    return found.high > 0


def is_untold(pack: Pack, indicator: Indicator) -> bool:
    """Whether a part of the year may stand against the target of the whole, and nobody says if the value grows."""
    if indicator.formula or not _is_amount_untold(indicator):
        return False
    return _is_held_without_profile(indicator) and not grows(pack, indicator)


def _is_amount_untold(indicator: Indicator) -> bool:
    return not indicator.level and indicator.unit in AMOUNTS


def measure_grows(pack: Pack, name: str) -> bool:
    """Whether a measure grows through the year: a flow, or a flow over a state."""
    found = _Dimensions(pack).of_formula(name)
    return found is not None and found.high > 0


@dataclass(frozen=True, slots=True)
class _Dimension:
    """Powers of time between which a quantity grows: 0 a state or a ratio, 1 a flow; a literal fits any sum."""

    low: int
    high: int
    is_literal: bool = False


_STATE: Final = _Dimension(0, 0)
_LITERAL: Final = _Dimension(0, 0, is_literal=True)


class _Dimensions:
    """Dimensions of measures, each found once."""

    def __init__(self, pack: Pack) -> None:
        self._measures = pack.measures
        self._names = frozenset((*pack.measures, *pack.parameters))
        self._known: dict[str, _Dimension] = {}

    def of_formula(self, text: str) -> _Dimension | None:
        """Dimension of a formula, `None` where it is no arithmetic, or always null: other checks tell that."""
        try:
            formula = parse(text, self._names)
        except Refusal:
            return None
        if formula.divides_by_zero:
            return None
        stack: list[_Dimension] = []
        for step in formula.program:
            self._take(step, stack)
        return stack.pop()

    def _take(self, step: Step, stack: list[_Dimension]) -> None:
        """One step of a program: its arguments leave the stack, its result enters."""
        if step.operation == "name":
            stack.append(self._of_measure(step.name))
        elif step.operation in {"number", "null"}:
            stack.append(_LITERAL)
        else:
            count = step.count
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(_combined(step.operation, arguments))

    def _of_measure(self, name: str) -> _Dimension:
        if name not in self._known:
            self._known[name] = _STATE  # a round of formulas ends here
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> _Dimension:
        measure = self._measures.get(name)
        if measure is None:
            return _STATE  # a parameter
        if measure.formula:
            return self.of_formula(measure.formula) or _STATE
        if measure.span is not None:
            return _Dimension(1, 1)  # a stated mean of the year, taken to the moment (R21)
        is_constant = measure.before == "year_end" or measure.aggregate in {"last", "mean"}
        if measure.level != FLOW or is_constant or measure.window not in _GROWING_WINDOWS:
            return _STATE
        return _Dimension(1, 1)


def _combined(operation: str, arguments: list[_Dimension]) -> _Dimension:
    """Dimension of one operation over its arguments."""
    first = arguments[0] if arguments else _LITERAL
    if operation == "multiply":
        return _Dimension(
            sum(a.low for a in arguments), sum(a.high for a in arguments), all(a.is_literal for a in arguments)
        )
    if operation == "divide":
        below = arguments[1]
        return _Dimension(first.low - below.high, first.high - below.low, first.is_literal and below.is_literal)
    if operation in _CHOOSING:
        return _widest(list(_answers(operation, arguments)))
    return first  # negate, abs, round; nullif keeps what it lets through


def _answers(operation: str, arguments: list[_Dimension]) -> Iterator[_Dimension]:
    """What may come out; the conditions of a case do not."""
    if operation != "case":
        yield from arguments
        return
    yield from arguments[1:-1:2]
    yield arguments[-1]


def _widest(found: list[_Dimension]) -> _Dimension:
    told = [dimension for dimension in found if not dimension.is_literal]
    if not told:
        return _LITERAL
    return _Dimension(min(d.low for d in told), max(d.high for d in told))
