"""Re-weighting: objectives that join some siblings, and the weight that they take from these (R27).

With `k` guests a group gives them W = min(k x each, most): each guest weighs W/k, the others keep 1 - W of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from piramide.kernel.findings import Place
from piramide.methodology.citation import Citation


@dataclass(frozen=True, slots=True)
class Reweighting:
    """A rule of re-weighting: `each` and `most` are shares of the group, or names of parameters."""

    id: str
    each: Fraction | str
    most: Fraction | str
    citation: Citation
    place: Place

    @property
    def label(self) -> str:
        """What the rule is called: its id, which is all that a plan gives it."""
        return self.id


@dataclass(frozen=True, slots=True)
class Reweighed:
    """How the weight of a node came about: the rule, how many guests there are, what one and all of them weigh.

    `stated` is the weight that the act prints, `None` for a guest, and `source` where that one came from.
    """

    rule: str
    guests: int
    each: Fraction
    most: Fraction
    stated: Fraction | None
    source: str

    @property
    def together(self) -> Fraction:
        """The weight of all guests."""
        return min(self.each * self.guests, self.most)
