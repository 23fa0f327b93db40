"""Money that a plan ties to the objectives of a structure: a total, shared over its sheet by weight."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from piramide.kernel.findings import Place
from piramide.methodology.citation import Citation


@dataclass(frozen=True, slots=True)
class Money:
    """A sum of money and the structure over whose sheet it is shared.

    `total` is in `unit` (`eur`, or as people read it), in whole cents and never negative.
    """

    id: str
    label: str
    structure: str
    total: Fraction
    unit: str
    citation: Citation
    place: Place
