"""A node that takes the score of others: what it names, in the structures of a day (R5, R42)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.organisation import OrganisationOnDay

CHILDREN: Final = "children"
"""In `structures`: those that stand under the structure of the node."""
KIND: Final = "kind:"
"""In `structures`: before a kind of structures."""


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """The scores that a node takes: their mean, in equal shares without `weights`.

    `structures` are `children`, one `kind:K`, or ids; `node` is a node of theirs, empty for the whole sheet.
    """

    structures: tuple[str, ...]
    node: str = ""
    weights: Mapping[str, Fraction] | None = None

    def sources(self, structure: str, organisation: OrganisationOnDay) -> tuple[str, ...]:
        """The structures whose score a node of `structure` takes, in the order of the organisation or as named."""
        first = self.structures[0]
        if first == CHILDREN:
            return tuple(below.id for below in organisation.children(structure))
        if first.startswith(KIND):
            kind = first.removeprefix(KIND)
            return tuple(name for name, one in organisation.structures.items() if one.kind == kind)
        return self.structures

    def share(self, source: str, sources: tuple[str, ...]) -> Fraction:
        """The share of one source in the mean."""
        return self.weights.get(source, Fraction(0)) if self.weights else Fraction(1, len(sources))
