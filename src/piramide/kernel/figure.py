"""A figure kept twice: the nearest double, for arrays and machines, and the exact rational, which alone is printed.

    Figure      what a table of results holds: a float to whoever computes, exact to whoever prints
    figure_of   from an exact number; `preview` from the double of a scenario
    sum_of, mean_of   of many figures, exact
    exactly     the exact value of whatever may be printed; a bare float is refused

Sums, differences, products and quotients of figures and whole numbers are figures again; with a bare float they are
floats, and cannot be printed any more. What they come to exactly is worked out only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Self, TypeAlias, overload

LONGEST: Final = 1800
"""Digits of a numerator or a denominator above which a figure is written with `CUT` decimals."""
_LONGEST_BITS: Final = LONGEST * 3.32
CUT: Final = 60
"""Decimals of a figure too long to be written: more than any printer asks for, so it is still rounded the same way."""


class Figure(float):
    """A double with the exact number that it stands for.

    The exact number may be given as text `p/q`, or as what computes it: it is then read or computed once, when it is
    first asked for. Figures compare and hash as their doubles.
    """

    __slots__ = ("_exact",)
    _exact: Fraction | str | Callable[[], Fraction]

    def __new__(cls, nearest: float, exact: Fraction | str | Callable[[], Fraction]) -> Self:
        """Return the figure whose nearest double is `nearest`."""
        made = super().__new__(cls, nearest)
        made._exact = exact
        return made

    @property
    def exact(self) -> Fraction:
        """The exact number."""
        found = self._exact
        if not isinstance(found, Fraction):
            found = Fraction(found) if isinstance(found, str) else found()
            self._exact = found
        return found

    @property
    def text(self) -> str:
        """The exact number as `p/q`, the way a table of results keeps it."""
        return found if isinstance(found := self._exact, str) else as_text(self.exact)

    @overload
    def __add__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __add__(self, other: float, /) -> float: ...
    def __add__(self, other: float, /) -> float:
        """Return the exact sum; a float with a float."""
        made = float(self) + float(other)
        return Figure(made, lambda: self.exact + _exact_value(other)) if is_exact(other) else made

    @overload
    def __radd__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __radd__(self, other: float, /) -> float: ...
    def __radd__(self, other: float, /) -> float:
        """Return the exact sum, so that `sum` stays exact; a float with a float."""
        return self + other

    @overload
    def __sub__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __sub__(self, other: float, /) -> float: ...
    def __sub__(self, other: float, /) -> float:
        """Return the exact difference; a float with a float."""
        made = float(self) - float(other)
        return Figure(made, lambda: self.exact - _exact_value(other)) if is_exact(other) else made

    @overload
    def __rsub__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __rsub__(self, other: float, /) -> float: ...
    def __rsub__(self, other: float, /) -> float:
        """Return the exact difference the other way round; a float with a float."""
        return -self + other

    @overload
    def __mul__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __mul__(self, other: float, /) -> float: ...
    def __mul__(self, other: float, /) -> float:
        """Return the exact product; a float with a float."""
        made = float(self) * float(other)
        return Figure(made, lambda: self.exact * _exact_value(other)) if is_exact(other) else made

    @overload
    def __rmul__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __rmul__(self, other: float, /) -> float: ...
    def __rmul__(self, other: float, /) -> float:
        """Return the exact product; a float with a float."""
        return self * other

    @overload
    def __truediv__(self, other: Figure | int, /) -> Figure: ...
    @overload
    def __truediv__(self, other: float, /) -> float: ...
    def __truediv__(self, other: float, /) -> float:
        """Return the exact quotient; a float with a float."""
        made = float(self) / float(other)
        return Figure(made, lambda: self.exact / _exact_value(other)) if is_exact(other) else made

    def __neg__(self) -> Figure:
        """Return the opposite."""
        return Figure(-float(self), lambda: -self.exact)

    def __pos__(self) -> Figure:
        """Return the figure itself."""
        return self

    def __abs__(self) -> Figure:
        """Return the magnitude."""
        return self if float(self) >= 0 else -self

    def __eq__(self, other: object) -> bool:
        """Whether two doubles are the same number."""
        return float.__eq__(self, other)

    def __hash__(self) -> int:
        """Return the hash of the double."""
        return float.__hash__(self)

    def __copy__(self) -> Figure:
        """Return the figure itself: it never changes."""
        return self

    def __deepcopy__(self, _memo: Mapping[int, object]) -> Figure:
        """Return the figure itself: it never changes."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how the figure is made again in another process."""
        return Figure, (float(self), self.text)


Printable: TypeAlias = Fraction | Decimal | int | Figure
"""What printers take: numbers without rounding error. A float is none."""


def figure_of(number: Fraction | Decimal | int) -> Figure:
    """The figure of an exact number.

    >>> figure_of(Fraction(2071, 20)), figure_of(Fraction(2071, 20)).text
    (103.55, '2071/20')
    """
    exact = number if isinstance(number, Fraction) else Fraction(number)
    return Figure(float(exact), exact)


def preview(number: float) -> Figure:
    """The figure of a double that no table of results keeps, taken as the shortest decimal that reads back the same.

    The one way from a float to a printer. It is for what arrays of doubles give and nothing keeps: scenarios, sizes
    and sums of facts, means over structures, positions of a chart.
    """
    return number if isinstance(number, Figure) else Figure(number, repr(float(number)))


def sum_of(figures: Sequence[Figure]) -> Figure:
    """The exact sum of many figures, worked out when it is asked for; 0 of none.

    >>> sum_of([figure_of(Fraction("0.1"))] * 10).exact
    Fraction(1, 1)
    """
    return Figure(sum(map(float, figures)), lambda: sum((figure.exact for figure in figures), Fraction(0)))


def mean_of(figures: Sequence[Figure]) -> Figure:
    """The exact plain mean. Raises `ZeroDivisionError` for none."""
    return sum_of(figures) / len(figures)


def is_exact(number: object) -> bool:
    """Whether a number may be printed as it is."""
    return not isinstance(number, float) or isinstance(number, Figure)


def exactly(number: Printable) -> Fraction:
    """The exact value of a number that may be printed.

    Raises `TypeError` for a bare float, whose last digits are luck: whoever holds one says `preview`.
    """
    return _exact_value(number)


def _exact_value(number: Fraction | Decimal | float) -> Fraction:
    if isinstance(number, Fraction):
        return number
    if isinstance(number, Figure):
        return number.exact
    if isinstance(number, float):
        raise TypeError(f"a float cannot be printed: {number!r} has no exact value; keep its figure, or say `preview`")
    return Fraction(number)


def as_text(number: Fraction) -> str:
    """An exact number as `p/q`; one longer than `LONGEST` digits is cut so that every printed rounding stays the same.

    >>> as_text(Fraction(5, 4)), as_text(Fraction(3))
    ('5/4', '3/1')
    """
    top, bottom = number.numerator, number.denominator
    if top.bit_length() > _LONGEST_BITS or bottom.bit_length() > _LONGEST_BITS:
        number = _cut(number)
        top, bottom = number.numerator, number.denominator
    return f"{top}/{bottom}"


def _cut(number: Fraction) -> Fraction:
    """The number cut after `CUT` decimals and half a step on, towards where it was: no tie of fewer decimals is met."""
    steps, rest = divmod(abs(number.numerator) * 10**CUT, number.denominator)
    cut = Fraction(2 * steps + bool(rest), 2 * 10**CUT)
    return cut if number >= 0 else -cut
