"""How a structure that has others below it gets the value of an indicator (R6, R21, R38, R42)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from piramide.kernel.organisation import Structure

CLUSTER: Final = "cluster"
"""A case: structures that stand in a cluster scheme."""
OWN: Final = "own"
"""A case: structures that themselves state what does not add up (a budget of their own)."""
ELSE: Final = "else"
"""A case: every other structure."""


class Adds(StrEnum):
    """How a measure adds up over structures.

    `sum`; `none`: a mean, a rate, a price, that stands only on the structure its row names; `absolute`: each structure
    counts with the absolute value of what its own rows come to, so that what is over here never covers what is under
    there (R23).
    """

    SUM = "sum"
    NONE = "none"
    ABSOLUTE = "absolute"


class Span(StrEnum):
    """Which time a stated mean is of: a whole `year`, the year `to_date`, one `month` (R21)."""

    YEAR = "year"
    TO_DATE = "to_date"
    MONTH = "month"


class ParentKind(StrEnum):
    """What a parent's value is made of."""

    FORMULA = "formula"
    MEAN = "mean_of_children"
    WEIGHTED = "weighted_mean_of_children"
    SAME = "same_for_all"
    NONE = "none"


RATIO_OF_SUMS: Final = "ratio_of_sums"
"""Another name of `formula`, for who reads the pack."""


@dataclass(frozen=True, slots=True)
class ParentRule:
    """One way to a parent's value.

    The children are the nearest structures below of some `kinds`, or those directly below without any; `by` is the
    measure that weighs them. A structure without children is measured by the formula, whatever the rule.
    """

    kind: ParentKind = ParentKind.FORMULA
    kinds: tuple[str, ...] = ()
    by: str = ""

    @property
    def is_mean(self) -> bool:
        """Whether the value is a mean of the children's."""
        return self.kind in {ParentKind.MEAN, ParentKind.WEIGHTED}


FORMULA: Final = ParentRule()
Cases = Mapping[str, ParentRule]
"""Rules by case: a kind of structure, `cluster`, `own`, `else`. The first that fits holds; without any, the formula."""


def rule_of(cases: Cases, structure: Structure, *, has_own: bool) -> ParentRule:
    """The rule of one structure; `has_own`: whether it states itself what its formula needs and does not add up."""
    fits = {CLUSTER: bool(structure.clusters), OWN: has_own, ELSE: True}
    return next((rule for case, rule in cases.items() if fits.get(case, case == structure.kind)), FORMULA)
