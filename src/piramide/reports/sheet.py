"""What the sheet on paper is made from: frozen values that the cycle fills from a run and the documents only print.

Figures are exact, in the indicator's unit; weights, gaps and coverage
are fractions (0.4 is 40 %), indices are on 100, contributions in points of the structure's index.
`None` means not measured and is never printed as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from piramide.kernel.figure import Printable
from piramide.kernel.node_fields import IndexFields, NodeFields
from piramide.reports.printed_tables import AnnexPaper

NOT_AT_HAND = "not_at_hand"
"""Kind of row that has a weight and no content: no target and no value."""
LEAVES = ("indicator", "composite", NOT_AT_HAND)
"""Kinds of row that carry a target and a value; every other kind groups the rows under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow(NodeFields[Printable]):
    """One line of the sheet, in the order of the official one, parents before their children.

    `depth` counts from 0. `value`, `target`, `gap`, `gap_raw` and `status` belong to leaves (`kind` in `LEAVES`);
    `target_text` is what the act prints, or the condition in words, and `value_text` what was judged where that
    is not the value: `2 soglie su 3`. `decimals` are those the act prints. `reference` is act and place, as printed;
    `explanation` one sentence. `id` is that of the node behind the row, for who links to it.
    """

    id: str = ""
    coverage: Printable = 1
    depth: int = 0
    target_text: str = ""
    value_text: str = ""
    decimals: int = 2
    reference: str = ""
    explanation: str = ""

    @property
    def is_leaf(self) -> bool:
        """Whether the row is scored from a value rather than from the rows under it."""
        return self.kind in LEAVES


@dataclass(frozen=True, slots=True)
class Loss:
    """One answer to "why not 100": an indicator and the points it takes away (0 or less); `reason` is one sentence."""

    label: str
    points: Printable
    reason: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Lever:
    """The exchange rate of an indicator: what would move the structure's index from here.

    `for_one_point`: signed change of the value that raises the index by one point, `None` if out of reach.
    `per_percent`: points of the index gained by an improvement worth 1 % of the target (0 at the cap).
    `wasted`: points that the cap cuts away (0 or more).
    """

    label: str
    unit: str = ""
    decimals: int = 2
    for_one_point: Printable | None = None
    per_percent: Printable | None = None
    wasted: Printable = 0
    node: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An act that the sheet rests on, and the places in it that are cited; `short` is the name used in the rows."""

    short: str
    label: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator measures, in the words of the pack."""

    term: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReport(IndexFields[Printable]):
    """The objective sheet of one structure with its results.

    `index` is `None` unless every leaf has a value; `index_measured` is then the partial one, between `index_low` and
    `index_high`, resting on `coverage` (a fraction of the weight). `losses` and `levers` stand largest first.
    `pack_hash` and `run` are whole; documents shorten them where room is scarce. `as_of` is the day of the
    organisation and of the method: it also dates the file, so that the same report gives the same bytes. `cap` is that
    of the plan, at which the bars of gaps end; `in_points` says that it prints weights as points of 100.
    """

    title: str
    administration: str
    structure: str
    structure_label: str
    kind_label: str
    year: int
    period_label: str
    pack: str
    pack_hash: str
    run: str
    rows: tuple[SheetRow, ...]
    losses: tuple[Loss, ...] = ()
    levers: tuple[Lever, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    definitions: tuple[Definition, ...] = ()
    is_demonstration: bool = False
    responsible: str = ""
    cluster: str = ""
    as_of: date | None = None
    known_on: date | None = None
    cap: Fraction = Fraction(1, 2)
    due: Printable | None = None
    annexes: tuple[AnnexPaper, ...] = ()
    in_points: bool = False
