"""Programs of arithmetic and the two machines that run them: one on exact fractions, one on arrays of floats.

A program is a list of steps in postfix order, so running it never recurses. Null follows SQL: it passes through
arithmetic, comparisons with it are unknown, `and` and `or` know three values. A division by zero is null. `least` and
`greatest` are null when any argument is (the standard's reading: what is missing is never passed over in silence;
`coalesce` does it aloud).

Null is `None` among fractions and NaN in arrays; true, false and unknown are `True`, `False`, `None` and 1, 0, NaN.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.rounding import round_scaled

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `number` and `name` push, `null` pushes nothing known, the others replace the last `count` values.

    `number` is also how many decimals `round` keeps. The values of `case` are condition, result, …, else.
    """

    operation: str
    count: int = 0
    number: Fraction = Fraction(0)
    name: str = ""


Program = tuple[Step, ...]


def run_exact(program: Program, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """The exact result; `KeyError` when `values` lacks a name of the program."""
    pending: list[Fraction | None] = []
    for step in program:
        if step.operation == "number":
            pending.append(step.number)
        elif step.operation == "name":
            value = values[step.name]
            pending.append(None if value is None else Fraction(value))
        elif step.operation == "null":
            pending.append(None)
        else:
            arguments = pending[len(pending) - step.count :]
            del pending[len(pending) - step.count :]
            pending.append(_EXACT[step.operation](arguments, step))
    return pending.pop()


def run_arrays(program: Program, values: Mapping[str, Array]) -> Array:
    """The result on arrays that broadcast together; `KeyError` when `values` lacks a name of the program."""
    pending: list[Array] = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for step in program:
            if step.operation == "number":
                pending.append(np.float64(float(step.number)) * np.ones(()))
            elif step.operation == "name":
                pending.append(np.asarray(values[step.name], np.float64))
            elif step.operation == "null":
                pending.append(np.full((), np.nan))
            else:
                arguments = pending[len(pending) - step.count :]
                del pending[len(pending) - step.count :]
                pending.append(np.asarray(_ARRAYS[step.operation](arguments, step), np.float64))
    return pending.pop()


_Exact = Callable[[Sequence[Fraction | None], Step], Fraction | None]
_Arrays = Callable[[Sequence[Array], Step], Array]


def _strict(compute: Callable[..., Fraction]) -> _Exact:
    """Null when any argument is null, else `compute` on them."""

    def apply(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
        return None if any(argument is None for argument in arguments) else compute(*arguments)

    return apply


def _compare(holds: Callable[[Fraction, Fraction], bool]) -> _Exact:
    return _strict(lambda left, right: Fraction(holds(left, right)))


def _divide(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
    top, bottom = arguments
    return top / bottom if top is not None and bottom else None


def _nullif(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
    return None if arguments[0] == arguments[1] else arguments[0]


def _coalesce(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
    return next((argument for argument in arguments if argument is not None), None)


def _round(arguments: Sequence[Fraction | None], step: Step) -> Fraction | None:
    decimals = int(step.number)
    return None if arguments[0] is None else Fraction(round_scaled(arguments[0], decimals)) / Fraction(10) ** decimals


def _and(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
    if any(argument == 0 for argument in arguments):
        return Fraction(0)
    return None if any(argument is None for argument in arguments) else Fraction(1)


def _or(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
    if any(argument == 1 for argument in arguments):
        return Fraction(1)
    return None if any(argument is None for argument in arguments) else Fraction(0)


def _case(arguments: Sequence[Fraction | None], _: Step) -> Fraction | None:
    for condition, result in zip(arguments[:-1:2], arguments[1::2], strict=True):
        if condition == 1:
            return result
    return arguments[-1]


_EXACT: Final[Mapping[str, _Exact]] = {
    "add": _strict(operator.add),
    "subtract": _strict(operator.sub),
    "multiply": _strict(operator.mul),
    "divide": _divide,
    "positive": lambda arguments, _: arguments[0] if arguments[0] is not None and arguments[0] > 0 else None,
    "negate": _strict(operator.neg),
    "abs": _strict(abs),
    "least": _strict(lambda *arguments: min(arguments)),
    "greatest": _strict(lambda *arguments: max(arguments)),
    "nullif": _nullif,
    "coalesce": _coalesce,
    "round": _round,
    "lt": _compare(operator.lt),
    "le": _compare(operator.le),
    "gt": _compare(operator.gt),
    "ge": _compare(operator.ge),
    "eq": _compare(operator.eq),
    "ne": _compare(operator.ne),
    "and": _and,
    "or": _or,
    "not": _strict(lambda condition: 1 - condition),
    "case": _case,
}


def _compare_arrays(holds: Callable[[Array, Array], NDArray[np.bool_]]) -> _Arrays:
    def apply(arguments: Sequence[Array], _: Step) -> Array:
        left, right = arguments
        return np.where(np.isnan(left) | np.isnan(right), np.nan, holds(left, right))

    return apply


def _coalesce_arrays(arguments: Sequence[Array], _: Step) -> Array:
    result = arguments[-1]
    for argument in reversed(arguments[:-1]):
        result = np.where(np.isnan(argument), result, argument)
    return result


# A float that stands for a tie of decimals may lie a few units in the last place below it.
_TIE: Final = 1 + 2.0**-50


def _round_arrays(arguments: Sequence[Array], step: Step) -> Array:
    scale = 10.0 ** int(step.number)
    return np.copysign(np.floor(np.abs(arguments[0]) * scale * _TIE + 0.5) / scale, arguments[0])


def _case_arrays(arguments: Sequence[Array], _: Step) -> Array:
    result = arguments[-1]
    for condition, chosen in reversed(list(zip(arguments[:-1:2], arguments[1::2], strict=True))):
        result = np.where(condition == 1, chosen, result)
    return result


_ARRAYS: Final[Mapping[str, _Arrays]] = {
    "add": lambda arguments, _: arguments[0] + arguments[1],
    "subtract": lambda arguments, _: arguments[0] - arguments[1],
    "multiply": lambda arguments, _: arguments[0] * arguments[1],
    "divide": lambda arguments, _: np.where(arguments[1] == 0, np.nan, arguments[0] / arguments[1]),
    "positive": lambda arguments, _: np.where(arguments[0] > 0, arguments[0], np.nan),
    "negate": lambda arguments, _: -arguments[0],
    "abs": lambda arguments, _: np.abs(arguments[0]),
    "least": lambda arguments, _: _fold(np.minimum, arguments),
    "greatest": lambda arguments, _: _fold(np.maximum, arguments),
    "nullif": lambda arguments, _: np.where(arguments[0] == arguments[1], np.nan, arguments[0]),
    "coalesce": _coalesce_arrays,
    "round": _round_arrays,
    "lt": _compare_arrays(np.less),
    "le": _compare_arrays(np.less_equal),
    "gt": _compare_arrays(np.greater),
    "ge": _compare_arrays(np.greater_equal),
    "eq": _compare_arrays(np.equal),
    "ne": _compare_arrays(np.not_equal),
    # With 0 for false, 1 for true and NaN for unknown, false settles `and` and true settles `or`.
    "and": lambda a, _: np.where((a[0] == 0) | (a[1] == 0), 0.0, a[0] * a[1]),
    "or": lambda a, _: np.where((a[0] == 1) | (a[1] == 1), 1.0, a[0] + a[1]),
    "not": lambda arguments, _: 1 - arguments[0],
    "case": _case_arrays,
}


def _fold(combine: Callable[[Array, Array], Array], arguments: Sequence[Array]) -> Array:
    result = arguments[0]
    for argument in arguments[1:]:
        result = combine(result, argument)
    return result
