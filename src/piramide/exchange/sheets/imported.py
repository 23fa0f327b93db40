"""What an import gives: sheets as read, and everything there is to say about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Finding, Place, findings_as_json
from piramide.kernel.organisation import Structure
from piramide.methodology.model import Act, Checkpoint, Indicator, Node
from piramide.methodology.printing.printed import NONE

_MOST_DECIMALS: Final = 13


@dataclass(frozen=True, slots=True)
class IeepLine:
    """A line of the IEEP annex: its code in the tree, the code above, its sign in it, and the amount in euros."""

    code: str
    parent: str
    level: int
    sign: int
    label: str
    amount: Fraction | None
    place: Place


@dataclass(frozen=True, slots=True)
class SpendingRule:
    """A tolerance of the spending annex, in percentage points; a missing bound is free. `moment`: I to IV, or `any`.

    `by_chapter`: the sentence holds each chapter to it, so that the value is the share of those within it (R22).
    """

    indicator: str
    moment: str
    lower: Fraction | None
    upper: Fraction | None
    place: Place
    by_chapter: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """A project of Annex 3, its title whole, under the labels of the dimension and sub-dimension it serves."""

    id: str
    title: str
    dimension: str
    sub_dimension: str
    place: Place


@dataclass(frozen=True, slots=True)
class Note:
    """A note below the table that is neither an act nor an annex, as printed."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class UsedAlias:
    """A spelling of the sheet and the label it stands for; `kind` is `node`, `structure` or `label`."""

    printed: str
    canonical: str
    kind: str


@dataclass(frozen=True, slots=True)
class ImportedSheet:
    """The sheet of one structure.

    `indicators` are the definitions its leaves name: known ones, and those inferred from the printed target
    (`inferred` holds their ids). `acts` are those that the sheet cites; `printed_weights` the weights by node as a pack
    writes them, with the decimals of the print.
    """

    structure: Structure
    year: int
    file: str
    tree: tuple[Node, ...]
    indicators: Mapping[str, Indicator]
    inferred: frozenset[str]
    acts: Mapping[str, Act]
    ieep: tuple[IeepLine, ...] = ()
    spending: tuple[SpendingRule, ...] = ()
    projects: tuple[Project, ...] = ()
    notes: tuple[Note, ...] = ()
    aliases: tuple[UsedAlias, ...] = ()
    printed_weights: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The structure as the contract writes it."""
        return {
            "id": self.structure.id,
            "label": self.structure.label,
            "kind": self.structure.kind,
            "parent": self.structure.parent,
            "source": "stated",
            "tree": [self._node(node) for node in self.tree],
        }

    def _node(self, node: Node) -> dict[str, object]:
        answer: dict[str, object] = {
            "id": node.id,
            "kind": node.kind.value,
            "label": node.label,
            "weight": float(node.weight),
            "weight_source": node.weight_source.value,
            "act": {"id": node.citation.act, "place": node.citation.place},
        }
        if node.children:
            return answer | {"children": [self._node(child) for child in node.children]}
        indicator = self.indicators.get(node.indicator)
        if indicator is None:  # a sub-dimension without a single indicator
            return answer | {"children": []}
        return answer | {
            "indicator": indicator.id,
            "rule": indicator.rule.value,
            "unit": indicator.unit,
            "target": None if node.target is None else float(node.target),
            "printed": node.printed or NONE,
            "cap": float(indicator.cap),
        }


@dataclass(frozen=True, slots=True)
class SheetImport:
    """All the sheets of one import, and the findings of reading them."""

    structures: tuple[ImportedSheet, ...]
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, object]:
        """The answer of `sheet import` in the contract."""
        return {
            "structures": [sheet.as_json() for sheet in self.structures],
            "findings": findings_as_json(self.findings),
        }


def decimal(value: Fraction) -> str:
    """Exact text of a number for machines: a decimal where it ends, else a fraction.

    >>> decimal(Fraction(5, 2)), decimal(Fraction(1, 3))
    ('2.5', '1/3')
    """
    places = next((n for n in range(_MOST_DECIMALS) if 10**n % value.denominator == 0), None)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    whole = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{whole}" if value < 0 else whole


def bounds(rules: tuple[SpendingRule, ...]) -> tuple[Checkpoint, ...]:
    """Checkpoints of a threshold rule from tolerances in percentage points; none where chapters are judged."""
    moments = {"I": "Q1", "II": "Q2", "III": "Q3", "IV": "Q4"}
    return tuple(
        Checkpoint(
            moments.get(rule.moment, "any"),
            None if rule.lower is None or rule.by_chapter else rule.lower / 100,
            None if rule.upper is None or rule.by_chapter else rule.upper / 100,
        )
        for rule in rules
    )
