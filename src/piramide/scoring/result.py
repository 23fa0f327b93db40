"""What scoring answers: frozen tables of nodes, and the explanation of one number.

Indices are on 100, gaps, weights and coverage are fractions, values and targets are in the indicator's unit.
Absence is `None`, never NaN. Figures are doubles that know their exact number: machines read the one, people are
shown the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.figure import Figure, figure_of
from piramide.kernel.node_fields import IndexFields, NodeFields

NOTHING: Final = figure_of(Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeScore(NodeFields[Figure]):
    """One node with its results, in figures that are kept."""

    weight: Figure
    weight_source: str
    coverage: Figure = NOTHING

    @property
    def counts(self) -> Figure:
        """The weight by which the node enters the index above it."""
        return self.weight if self.counted is None else self.counted

    @property
    def is_due(self) -> bool:
        """Whether anything of it is asked at this moment."""
        return self.due is None or self.due != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureScore(IndexFields[Figure]):
    """The sheet of one structure with its results; nodes stand in the order of the paper, parents first.

    `due` is the share of weight that the index stands on, `None` where all is due.
    """

    id: str
    label: str
    kind: str
    source: str
    nodes: tuple[NodeScore, ...]
    due: Figure | None = None


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Every structure scored from one pack and one file of values at one moment (`period` as in the contract)."""

    pack: str
    period: str
    structures: tuple[StructureScore, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points that a node brings to an ancestor: path weight x (index - 100).

    The ancestor of the whole sheet is the structure itself, by its id. Where the ancestor has no index, the points
    are those of its `index_measured`, with the weights re-scaled as it does.
    """

    ancestor: str
    label: str
    points: Figure


@dataclass(frozen=True, slots=True)
class Exchange:
    """The exchange rate of a leaf.

    `per_unit`: points of the structure's index gained by one unit of the indicator in the favourable direction
    (0 at or beyond the cap, and on the steps of bands and of thresholds between bounds). `per_percent`: the same for an
    improvement worth 1 % of the target. `for_one_point`: signed change of the indicator's value that raises the
    structure's index by one point, `None` if out of reach. `wasted`: points of the structure's index that the cap cuts
    away (0 or more). `next_step`: where the gap moves by steps, the first value that brings a gain, and `step_points`
    that gain.
    `sentence` says all this.
    """

    per_unit: Figure | None
    for_one_point: Figure | None
    wasted: Figure
    per_percent: Figure | None = None
    next_step: Figure | None = None
    step_points: Figure | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A leaf that takes points from a node above it, or brings some, with its reason in a few words."""

    node: str
    label: str
    points: Figure
    reason: str


@dataclass(frozen=True, slots=True)
class Worth:
    """What a node is worth of a sum of money and what it earns, as text with two decimals; `earned` may be unknown."""

    id: str
    quota: str
    earned: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation(IndexFields[Figure]):
    """One number told as a tree: sentence, formula with its figures, act, contributions, exchange rate, inputs.

    `node` is the id of a node, or of the structure for the whole sheet. `basis` says which number is told: `index`,
    `measured` (the partial one, when the index is null) or nothing at all. `share` is the weight in the whole sheet
    (the product on the way up). `losses` and `gains` are the leaves below that move the number away from 100, largest
    first; they and nothing else sum to it. `act` and `place` are those of the target, `rule_act` and `rule_place` those
    of the definition. `inputs` is the same one level down, largest loss first; `money` what it is worth of each sum.
    """

    node: str
    structure: str
    label: str
    kind: str
    basis: str
    value: Figure | None
    target: Figure | None
    unit: str
    decimals: int
    gap_raw: Figure | None
    gap: Figure | None
    cap: Figure | None
    weight: Figure
    weight_source: str
    share: Figure
    rule: str
    status: str
    contested: bool
    is_demonstration: bool
    sentence: str
    formula: str
    act: str
    act_label: str
    place: str
    rule_act: str
    rule_place: str
    definition: str
    contributions: tuple[Contribution, ...]
    exchange: Exchange | None
    losses: tuple[Effect, ...]
    gains: tuple[Effect, ...]
    notes: tuple[str, ...]
    inputs: tuple[Explanation, ...]
    money: tuple[Worth, ...] = ()

    def leaves(self) -> Iterator[Explanation]:
        """Explanations of the leaves of the tree at or below, in the order of `inputs`; parts of composites are none.

        They carry the exchange rates.
        """
        if self.rule:
            yield self
            return
        for below in self.inputs:
            yield from below.leaves()
