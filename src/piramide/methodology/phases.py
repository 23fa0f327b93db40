"""Phases of an objective: what is to be done by when, with the part of the objective that each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Place
from piramide.kernel.periods import Moment
from piramide.methodology.citation import Citation
from piramide.methodology.weight_source import WeightSource

_ALL: Final = Fraction(1)
OF: Final = ":"
"""Between the node and the phase in the name under which a file of values holds the progress of a phase."""


class Late(StrEnum):
    """What progress made after the end of a phase does: it `counts`, or it stays what it was (`fails`)."""

    COUNTS = "counts"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of an objective of a structure; `weight` is its share of the objective, `end` the day it is due by.

    `evidence` is what proves it, `responsible` who answers for it, as the document words them.
    """

    structure: str
    node: str
    id: str
    label: str
    weight: Fraction
    weight_source: WeightSource
    start: date | None
    end: date
    evidence: str
    responsible: str
    citation: Citation
    place: Place

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the others."""
        return self.structure, self.node, self.id

    @property
    def name(self) -> str:
        """Under which a file of values holds its progress."""
        return f"{self.node}{OF}{self.id}"

    def is_due(self, moment: Moment) -> bool:
        """Whether it is asked for at a moment: when it ended by then, and in any case once the year is final."""
        return moment.is_final or self.end <= moment.day


PhasesOf = Mapping[tuple[str, str], tuple[Phase, ...]]
"""The phases of each objective, by structure and node, in the order of the file."""


def due_share(phases: tuple[Phase, ...], moment: Moment) -> Fraction:
    """Weight of the phases that are due, as a share of that of all."""
    if not phases:
        return _ALL
    whole = sum((phase.weight for phase in phases), Fraction(0))
    due = sum((phase.weight for phase in phases if phase.is_due(moment)), Fraction(0))
    return due / whole if whole else _ALL
