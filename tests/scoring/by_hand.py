"""Rules that stand on printed figures rather than on a tree, written by hand: a second way for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

EACH_REGIONAL_PROJECT = Fraction(5, 100)
ALL_REGIONAL_PROJECTS = Fraction(15, 100)


def ratio_of_sums(numerators: Iterable[Fraction], denominators: Iterable[Fraction]) -> Fraction | None:
    """The ratio of a parent: the sum of the numerators over that of the denominators, never a mean of ratios (R6).

    `None` when the denominators sum to zero.
    """
    below = sum(denominators, Fraction(0))
    return sum(numerators, Fraction(0)) / below if below else None


def signed_total(leaves: Mapping[str, Fraction], signs: Mapping[str, int]) -> Fraction:
    """Signed sum of the leaves of an additive tree; a leaf without a sign adds (R7, R17: interest subtracts)."""
    return sum((signs.get(leaf, 1) * amount for leaf, amount in leaves.items()), Fraction(0))


def regional_shares(
    national: Mapping[str, Fraction],
    regional: Sequence[str],
    each: Fraction = EACH_REGIONAL_PROJECT,
    most: Fraction = ALL_REGIONAL_PROJECTS,
) -> dict[str, Fraction]:
    """Shares of a composite of projects once a region adds its own (R27).

    The k regional projects take min(`each` x k, `most`) in equal parts and the national ones keep the rest in
    proportion.
    """
    taken = min(each * len(regional), most)
    shares = {project: share * (1 - taken) for project, share in national.items()}
    return shares | {project: taken / len(regional) for project in regional}


def points_of_ratio(actual: Fraction, target: Fraction, points: Fraction) -> Fraction:
    """Points of the kind "R over T times P" (R37); `target` is not zero."""
    return actual / target * points


def sum_of_shares(parts: Iterable[tuple[Fraction, Fraction]], most: Fraction = Fraction(150)) -> Fraction:
    """Percentages reached of several (actual, target), added literally: 100 is reached, `most` is the ceiling (R25)."""
    return min(most, sum((100 * actual / target for actual, target in parts), Fraction(0)))
