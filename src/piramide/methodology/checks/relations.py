"""One relation between printed figures: what is stated, what it is recomputed from, and how far they may differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from piramide.methodology.checks.cells import Cell, rounded
from piramide.methodology.identity import Identity

Read = Callable[[Cell], Fraction]
Formula = Callable[[Read], Fraction]


class Family(StrEnum):
    """What a relation says, as the code of the finding when it does not hold."""

    SUM = "PK012"
    SAME = "PK013"
    RATIO = "PK014"
    WEIGHTS = "PK015"
    COUNT = "PK016"
    BOUND = "PK017"
    APART = "PK032"
    RANGE = "PK033"
    AMONG = "PK034"

    @property
    def only_bounds(self) -> bool:
        """Whether a relation that fails leaves too much room to say what the figure should have been."""
        return self in {Family.BOUND, Family.APART, Family.RANGE, Family.AMONG}


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way of computing the figure that would explain it, and the cause it points to.

    `cell` is the one that the cause names; `is_told` says the reading is told also where it does not give the figure.
    """

    cause: str
    formula: Formula
    detail: str = ""
    cell: Cell | None = None
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """`stated` equals `formula` of the parts within `tolerance`, or as printed with `decimals`.

    `at` is the cell a message points to. `stated` is `None` where the figure stands in the identity itself
    (`printed`). `coefficients` are those of the parts of a signed sum, and empty for other formulas. `terms` may give,
    for a part of a long formula, the one term of it that the part enters. `reference` is what a message compares the
    figure with, where the formula only bounds it. `widths` says, where it is given, how far each part may be from what
    is printed of it: only that counts as rounding then.
    """

    identity: Identity
    family: Family
    at: Cell
    stated: Cell | None
    parts: tuple[Cell, ...]
    formula: Formula
    coefficients: tuple[Fraction, ...] = ()
    printed: Fraction = Fraction(0)
    tolerance: Fraction = Fraction(0)
    decimals: int | None = None
    readings: tuple[Reading, ...] = ()
    group: tuple[str, ...] = ()
    terms: Mapping[Cell, Formula] = field(default_factory=dict)
    reference: Formula | None = None
    widths: Mapping[Cell, Fraction] | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that takes part, the stated one first."""
        return self.parts if self.stated is None else (self.stated, *self.parts)

    @property
    def allowed(self) -> Fraction:
        """The largest difference with which the relation holds."""
        half_unit = Fraction(0) if self.decimals is None else Fraction(1, 2 * 10**self.decimals)
        return self.tolerance + half_unit

    def stated_figure(self, read: Read) -> Fraction:
        """The figure stated, in the cell or in the identity."""
        return self.printed if self.stated is None else read(self.stated)

    def gap(self, read: Read) -> Fraction:
        """Stated minus recomputed, not rounded."""
        return self.stated_figure(read) - self.formula(read)

    def shown(self, read: Read) -> Fraction:
        """The recomputed figure with the decimals of the print."""
        figure = self.formula(read)
        return figure if self.decimals is None else rounded(figure, self.decimals)

    def holds(self, read: Read) -> bool:
        """Whether the relation holds within what is allowed."""
        return abs(self.gap(read)) <= self.allowed

    def needed(self, cell: Cell, read: Read, gap: Fraction | None = None) -> tuple[Fraction, Fraction] | None:
        """Least and greatest figure of `cell` with which the relation holds, the others being what they are.

        `gap` is that of `read`, where it is known already. A bound leaves too much room to say what a figure should
        have been.
        """
        if self.family.only_bounds:
            return None
        gap = self.gap(read) if gap is None else gap
        if cell == self.stated and cell not in self.parts:
            figure = read(cell) - gap
            return figure - self.allowed, figure + self.allowed
        if self.coefficients:
            return self._needed_in_sum(cell, read, gap)
        return self._needed_in_ratio(cell, read, gap)

    def _needed_in_sum(self, cell: Cell, read: Read, gap: Fraction) -> tuple[Fraction, Fraction] | None:
        weight = sum((c for part, c in zip(self.parts, self.coefficients, strict=True) if part == cell), Fraction(0))
        if not weight:
            return None
        centre = read(cell) + gap / weight
        reach = self.allowed / abs(weight)
        return centre - reach, centre + reach

    def _needed_in_ratio(self, cell: Cell, read: Read, gap: Fraction) -> tuple[Fraction, Fraction] | None:
        """Where the gap is a ratio of first-degree forms in the cell: three points fix it, others prove the answer."""
        term = self.terms.get(cell)
        rest = gap + term(read) if term else Fraction(0)

        def gap_with(x: Fraction) -> Fraction:
            tried = replaced(read, cell, x)
            return rest - term(tried) if term else self.gap(tried)

        x0 = read(cell)
        xs = (x0, x0 + 1, x0 + 3)
        try:
            ys = (gap, gap_with(xs[1]), gap_with(xs[2]))
            found = [_inverse(xs, ys, wanted) for wanted in (-self.allowed, self.allowed)]
            proven = all(gap_with(x) == y for x, y in zip(found, (-self.allowed, self.allowed), strict=True))
        except ZeroDivisionError:
            return None
        return (min(found), max(found)) if proven else None


def _inverse(xs: tuple[Fraction, ...], ys: tuple[Fraction, ...], wanted: Fraction) -> Fraction:
    """The x of `wanted` under the ratio of first-degree forms through three points (their cross ratio is kept)."""
    k = (wanted - ys[0]) * (ys[1] - ys[2]) / ((wanted - ys[2]) * (ys[1] - ys[0]))
    k *= (xs[1] - xs[0]) / (xs[1] - xs[2])
    return (xs[0] - k * xs[2]) / (1 - k)


def replaced(read: Read, cell: Cell, figure: Fraction) -> Read:
    """The same figures with another one in `cell`."""
    return lambda other: figure if other == cell else read(other)


def signed_sum(parts: tuple[Cell, ...], coefficients: tuple[Fraction, ...]) -> Formula:
    """The sum of coefficient × part."""
    signs = [int(weight) if weight.denominator == 1 else weight for weight in coefficients]
    pairs = tuple(zip(parts, signs, strict=True))

    def total(read: Read) -> Fraction:
        whole, rest = 0, Fraction(0)
        for part, weight in pairs:
            figure = read(part)
            # Adding whole numbers apart is ten times as fast as adding fractions.
            if figure.denominator == 1 and isinstance(weight, int):
                whole += weight * figure.numerator
            else:
                rest += weight * figure
        return rest + whole

    return total


def by_cell(relations: tuple[Relation, ...]) -> Mapping[Cell, tuple[Relation, ...]]:
    """Incidence: the relations that every cell takes part in."""
    index: dict[Cell, list[Relation]] = {}
    for relation in relations:
        for cell in dict.fromkeys(relation.cells):
            index.setdefault(cell, []).append(relation)
    return {cell: tuple(found) for cell, found in index.items()}
