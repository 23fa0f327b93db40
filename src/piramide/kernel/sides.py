"""The two sides of the division in a formula: what is divided, and by what.

sides        of a formula `a / nullif(b, 0)`, as two formulas
divisors     everything that a formula divides by
recomputed   the value of a formula whose one division is given by its sides
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

import sqlglot
from sqlglot import exp

from piramide.kernel.expressions import MOST_READ, parse
from piramide.kernel.findings import Refusal
from piramide.kernel.formula_trees import DIALECT
from piramide.kernel.numbers import parse_machine

_TOP: Final = "side_above"
_BOTTOM: Final = "side_below"


@lru_cache(maxsize=MOST_READ)
def sides(formula: str) -> tuple[str, str] | None:
    """What is divided and by what, for a formula `a / nullif(b, 0)`; nothing for any other.

    >>> sides("100 * resolved / nullif(received, 0)")
    ('100 * resolved', 'received')
    """
    tree = sqlglot.parse_one(formula, dialect=DIALECT).unnest()
    if not isinstance(tree, exp.Div):
        return None
    by = tree.expression
    is_guarded = isinstance(by, exp.Nullif) and isinstance(by.expression, exp.Literal) and by.expression.this == "0"
    return (tree.this.sql(dialect=DIALECT), by.this.sql(dialect=DIALECT)) if is_guarded else None


@lru_cache(maxsize=MOST_READ)
def divisors(formula: str) -> tuple[str, ...]:
    """Everything that a formula divides by and that is no number.

    >>> divisors("a / nullif(b - c, 0) + d / 7")
    ('b - c',)
    """
    tree = sqlglot.parse_one(formula, dialect=DIALECT)
    below = (node.expression.unnest() for node in tree.find_all(exp.Div))
    plain = (side.this if isinstance(side, exp.Nullif) else side for side in below)
    return tuple(side.sql(dialect=DIALECT) for side in plain if side.find(exp.Column))


def recomputed(formula: str, above: Fraction, below: Fraction) -> tuple[Fraction, ...] | None:
    """Values of a formula with the sides of its one division; two where the number above carries a factor or not.

    A formula without division, or none at all, is above ÷ below. `None` where the sides do not decide it: more than
    one division, other names beside it. Nothing to divide by gives no value at all.

    >>> recomputed("100 * (2 - a / nullif(b, 0))", Fraction(1), Fraction(2))
    (Fraction(150, 1),)
    >>> recomputed("360 * a / nullif(b, 0)", Fraction(1), Fraction(9))
    (Fraction(1, 9), Fraction(40, 1))
    """
    tree = sqlglot.parse_one(formula or "a / b", dialect=DIALECT)
    divisions = list(tree.find_all(exp.Div))
    if len(divisions) > 1:
        return None
    if not divisions:
        return (above / below,) if below else ()
    factors = [Fraction(1), *_factors(divisions[0].this)]
    divisions[0].set("this", exp.column(_TOP))
    divisions[0].set("expression", exp.column(_BOTTOM))
    try:
        expression = parse(tree.sql(dialect=DIALECT), (_TOP, _BOTTOM))
    except Refusal:
        return None
    found = [expression.evaluate({_TOP: above * factor, _BOTTOM: below}) for factor in factors]
    return tuple(value for value in found if value is not None)


def _factors(above: exp.Expression) -> list[Fraction]:
    """The number that multiplies what is divided, if there is one."""
    product = above.unnest()
    literals = (
        [side for side in (product.left, product.right) if isinstance(side, exp.Literal)]
        if isinstance(product, exp.Mul)
        else []
    )
    return [parse_machine(literal.this) for literal in literals]
