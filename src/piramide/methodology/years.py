"""Targets of the years after that of a plan, as an act of several years prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Place
from piramide.methodology.citation import Citation

TARGET_BEFORE: Final = "target_before"
ACTUAL_BEFORE: Final = "actual_before"
GIVEN: Final = frozenset({TARGET_BEFORE, ACTUAL_BEFORE})
"""What a rule of a later year may read beside the parameters: target and result of the year before it."""


@dataclass(frozen=True, slots=True)
class YearTarget:
    """The target of a node in a year after the plan's, in the indicator's unit, or the rule that will give it.

    `target_rule` is an expression over the parameters, `target_before` and `actual_before` of the year before;
    `printed` the target as the act prints it.
    """

    structure: str
    node: str
    year: int
    target: Fraction | None
    target_rule: str
    printed: str
    citation: Citation
    place: Place

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the others."""
        return self.structure, self.node, str(self.year)

    @property
    def text(self) -> str:
        """What it asks in short: the print of the act, else the rule, else the figure."""
        return self.printed or self.target_rule or ("" if self.target is None else f"{float(self.target):g}")


YearTargets = Mapping[tuple[str, str], tuple[YearTarget, ...]]
"""The targets of later years by structure and node, the nearest first."""
