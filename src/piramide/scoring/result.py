"""What scoring answers: frozen tables of nodes, and the explanation of one number.

Indices are on 100, gaps, weights and coverage are fractions, values and targets are in the indicator's unit.
Absence is `None`, never NaN.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeScore:
    """One node of one structure in one period (contract, "Answers in JSON").

    `value`, `target`, `gap_raw`, `gap`, `status` belong to leaves. `index` is `None` unless every leaf below has a
    value or its policy fills one; `index_measured` is the weighted mean over the leaves that have one;
    `index_low` and `index_high` are the bounds it must lie in; `coverage` is the share of weight that has a value.
    """

    id: str
    parent: str | None
    kind: str
    label: str
    weight: float
    weight_source: str
    indicator: str = ""
    rule: str = ""
    unit: str = ""
    value: float | None = None
    target: float | None = None
    gap_raw: float | None = None
    gap: float | None = None
    index: float | None = None
    index_measured: float | None = None
    index_low: float | None = None
    index_high: float | None = None
    coverage: float = 0.0
    status: str = ""
    contested: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class StructureScore:
    """The sheet of one structure with its results; nodes stand in the order of the paper, parents first."""

    id: str
    label: str
    kind: str
    source: str
    index: float | None
    index_measured: float | None
    index_low: float | None
    index_high: float | None
    coverage: float
    nodes: tuple[NodeScore, ...]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Every structure scored from one pack and one file of values at one moment (`period` as in the contract)."""

    pack: str
    period: str
    structures: tuple[StructureScore, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points that a node brings to an ancestor: path weight x (index - 100)."""

    ancestor: str
    label: str
    points: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """The exchange rate of a leaf.

    `per_unit`: points of the structure's index gained by one unit of the indicator in the favourable direction
    (0 at or beyond the cap). `for_one_point`: change of the indicator's value that moves the structure's index by
    one point, `None` if out of reach. `wasted`: points of the structure's index that the cap cuts away (0 or more).
    """

    per_unit: float | None
    for_one_point: float | None
    wasted: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number told as a tree: sentence, formula with its figures, act, contributions, exchange rate, inputs.

    `inputs` is the same one level down, largest loss first when the question is "why not 100".
    """

    node: str
    label: str
    kind: str
    index: float | None
    value: float | None
    target: float | None
    weight: float
    weight_source: str
    rule: str
    sentence: str
    formula: str
    act: str
    act_label: str
    place: str
    contributions: tuple[Contribution, ...]
    exchange: Exchange | None
    notes: tuple[str, ...]
    inputs: tuple[Explanation, ...]
