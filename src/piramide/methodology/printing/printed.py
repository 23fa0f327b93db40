"""A target as the paper prints it: the words of the act where the tree quotes them, else its figure in a form.

The print is in the language of the plan, whatever the reader's, because it is what an import reads back.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from piramide.kernel import wording
from piramide.kernel.numbers import FRACTION, format_number, format_percent, format_quantity
from piramide.methodology.model import Indicator, Node, Pack, RuleKind

NONE: Final = "-"
"""What stands where no target is printed."""
_SPOKEN: Final = frozenset({"eur", "days", "hours", "minutes", "weeks", "months", "years"})
"""Units that stand behind the figure; of the others the figure stands alone, as on the sheets."""
_TIGHT: Final = ("%", "'", "\u2019", "\u2032")
_MOST_DECIMALS: Final = 6


def printed_target(node: Node, pack: Pack) -> str:
    """The target of a leaf as its sheet prints it; a dash where there is none."""
    if node.printed:
        return node.printed
    indicator = pack.indicators.get(node.indicator)
    if indicator is None or node.target is None:
        return NONE
    return in_print(node.target, indicator, pack.language)


def with_condition(printed: str, condition: str) -> str:
    """The condition of a threshold in words, and the reference that the act prints in its place.

    >>> with_condition("SMVP - Par. 6.2.10", "al più 5%"), with_condition("0", "al più 0 giorni")
    ('al più 5% (SMVP - Par. 6.2.10)', 'al più 0 giorni')
    """
    if not (condition and is_worded(printed)):
        return condition or printed
    return f"{condition} ({printed})"


def is_worded(printed: str) -> bool:
    """Whether an act prints a target in words rather than as a figure with its sign."""
    return any(map(str.isalpha, printed))


def in_print(target: Fraction, indicator: Indicator, language: str) -> str:
    """A target in the form that its indicator is printed in, with no decimal of it lost.

    >>> from piramide.kernel.findings import Place
    >>> from piramide.methodology.model import Citation, RuleKind
    >>> wait = Indicator("wait", "", "", "days", "down", RuleKind.GAP_DOWN, Fraction(1, 2), Citation(""), Place())
    >>> in_print(Fraction(61, 4), wait, "it")
    '15,25 giorni'
    """
    if indicator.rule is RuleKind.ZERO_GAP:
        return wording.word("print", "zero_gap", language)
    form = indicator.print
    if form.is_stated:
        figure = target * form.times
        least = indicator.rounding if form.decimals is None else form.decimals
        text = format_number(figure, _decimals(figure, least), language)
        return f"{text}{'' if form.unit.startswith(_TIGHT) else ' '}{form.unit}".strip()
    if indicator.unit == FRACTION:
        return format_percent(target, _decimals(100 * target, indicator.rounding), language)
    if indicator.unit in _SPOKEN:
        decimals = 0 if target.denominator == 1 else _decimals(target, indicator.rounding)
        return format_quantity(target, indicator.unit, decimals, language)
    return format_number(target, _decimals(target, indicator.rounding), language)


def _decimals(figure: Fraction, least: int) -> int:
    """The fewest decimals, from `least` on, that tell the figure whole."""
    wanted = (count for count in range(least, _MOST_DECIMALS) if (figure * 10**count).denominator == 1)
    return next(wanted, max(least, _MOST_DECIMALS))
