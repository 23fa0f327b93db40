"""What a formula makes of sums over structures, and so whether a parent's value lies among those of its parts (R43).

A plain ratio of sums does, and so does a ratio divided by what was added up, which is no sound value at all unless it
does. A sum, a scale of points, a product of two ratios, a sum of several ratios need not.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from piramide.kernel.expressions import parse
from piramide.kernel.findings import Refusal
from piramide.methodology.model import Indicator, Pack
from piramide.methodology.parent_rules import Adds


class Shape(IntEnum):
    """Of what kind a number is, over structures; a later one holds where two meet."""

    CONSTANT = 0
    SUM = 1
    RATIO = 2
    UNSOUND = 3
    """A ratio over a sum of structures."""
    FREE = 4
    """Anything else: it may lie anywhere."""
    MEAN = 5
    """A mean of the children's values, by the rule of the measure."""


_BOUNDED: Final = frozenset({Shape.RATIO, Shape.UNSOUND, Shape.MEAN})
_KEEPING: Final = frozenset({"negate", "nullif", "coalesce"})


def is_bounded(indicator: Indicator, pack: Pack) -> bool:
    """Whether the value of a parent by the formula lies among those of its parts, or has to be looked at."""
    return bool(indicator.formula) and shape_of(indicator.formula, pack) in _BOUNDED


def shape_of(formula: str, pack: Pack, above: tuple[str, ...] = ()) -> Shape:
    """The shape of a formula over measures; free for one that cannot be read."""
    try:
        program = parse(formula, {**pack.measures, **pack.parameters}).program
    except Refusal:
        return Shape.FREE
    stack: list[Shape] = []
    for step in program:
        if step.operation == "name":
            stack.append(_of_name(step.name, pack, above))
        elif step.operation in {"number", "null"}:
            stack.append(Shape.CONSTANT)
        else:
            arguments = stack[len(stack) - step.count :]
            del stack[len(stack) - step.count :]
            stack.append(_combined(step.operation, arguments))
    return stack.pop()


def _of_name(name: str, pack: Pack, above: tuple[str, ...]) -> Shape:
    measure = pack.measures.get(name)
    if measure is None:
        return Shape.CONSTANT  # a parameter is the same for every structure
    if name in above:
        return Shape.FREE
    if measure.parent:
        return Shape.MEAN
    if measure.formula:
        return shape_of(measure.formula, pack, (*above, name))
    return Shape.FREE if measure.adds is Adds.NONE else Shape.SUM


def _combined(operation: str, arguments: list[Shape]) -> Shape:
    """The shape of one operation over its arguments."""
    one, other = (*arguments, Shape.CONSTANT)[:2]
    if operation in _KEEPING:
        return one if other is Shape.CONSTANT else Shape.FREE
    if operation == "divide":
        return _quotient(one, other)
    if operation == "multiply":
        return max(one, other) if Shape.CONSTANT in (one, other) else Shape.FREE
    if operation in {"add", "subtract"}:
        return _total(one, other)
    return Shape.CONSTANT if set(arguments) == {Shape.CONSTANT} else Shape.FREE


def _quotient(above: Shape, below: Shape) -> Shape:
    if below is Shape.CONSTANT:
        return above
    if below is Shape.SUM and above in {Shape.SUM, Shape.CONSTANT}:
        return Shape.RATIO
    return Shape.UNSOUND if below is Shape.SUM and above in {Shape.RATIO, Shape.UNSOUND} else Shape.FREE


def _total(one: Shape, other: Shape) -> Shape:
    """A ratio keeps its shape beside a constant; two sums are a sum; what is unsound makes all of it unsound."""
    if Shape.UNSOUND in (one, other) and Shape.FREE not in (one, other):
        return Shape.UNSOUND
    if one is other and one in {Shape.CONSTANT, Shape.SUM}:
        return one
    if Shape.CONSTANT in (one, other) and max(one, other) in {Shape.RATIO, Shape.MEAN}:
        return max(one, other)
    return Shape.FREE
