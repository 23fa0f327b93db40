"""What every engine of the benchmark scores: 150 structures with 60 indicators each, in trees that differ.

The mix is that of a real sheet: gaps in both directions, indices against budget, milestones, and three thresholds in
sixty. Values and targets are sums of euro, days, indices and shares, so that a narrow float shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.findings import Place
from piramide.kernel.organisation import Organisation, Structure
from piramide.methodology.model import (
    Act,
    Checkpoint,
    Citation,
    Indicator,
    Node,
    NodeKind,
    Pack,
    RuleKind,
    Sheet,
    WeightSource,
)

STRUCTURES = 150
INDICATORS = 60
MONTHS = 12
SCENARIOS = 1000
SEED = 20240630

_ACT = Citation("piano")
_HERE = Place("bench")
_MIX = (
    *[RuleKind.GAP_UP] * 30,
    *[RuleKind.GAP_DOWN] * 12,
    *[RuleKind.ZERO_GAP] * 7,
    *[RuleKind.MILESTONE] * 8,
    *[RuleKind.THRESHOLD] * 3,
)
_SIZES = (1e9, 1e7, 1e5, 100.0, 1.0)


@dataclass(frozen=True)
class Workload:
    """A pack and the values of its leaves, structure by structure, in the order of the trees."""

    pack: Pack
    base: NDArray[np.float64]

    def month(self, month: int, scenarios: int) -> NDArray[np.float64]:
        """Values (leaves, scenarios) of one month: the base, shaken by scenario and drifting over the year."""
        rng = np.random.default_rng(SEED + month)
        values = rng.uniform(0.85 + month / 100, 1.15 + month / 100, (scenarios, len(self.base)))
        values *= self.base
        return np.ascontiguousarray(values.T)


def make_workload(structures: int = STRUCTURES, indicators: int = INDICATORS) -> Workload:
    """The same workload in every process."""
    rng = np.random.default_rng(SEED)
    rules = [_MIX[place % len(_MIX)] for place in range(indicators)]
    names = [f"indicator_{place:02d}" for place in range(indicators)]
    base: list[float] = []
    sheets: dict[str, Sheet] = {}
    for owner in range(structures):
        order = rng.permutation(indicators)
        leaves = []
        for place in order:
            target, value = _target_and_value(rules[place], rng)
            base.append(value)
            leaves.append(_node(names[place], Fraction(1), NodeKind.INDICATOR, target))
        sheets[f"structure_{owner:03d}"] = Sheet(f"structure_{owner:03d}", _ragged(leaves, rng))
    kinds = dict(zip(names, rules, strict=True))
    pack = Pack(
        id="bench",
        label="Bench",
        administration="Bench",
        year=2024,
        since=date(2024, 1, 1),
        until=date(2025, 1, 1),
        hash="sha256:0",
        root="",
        language="it",
        acts={"piano": Act("piano", "Piano")},
        organisation=Organisation(tuple(Structure(name, name, "region") for name in sheets)),
        indicators={name: _indicator(name, rule) for name, rule in kinds.items()},
        measures={},
        sheets=sheets,
    )
    return Workload(pack, np.array(base))


def _indicator(name: str, rule: RuleKind) -> Indicator:
    checkpoints = (Checkpoint("any", None, Fraction(1)),) if rule is RuleKind.THRESHOLD else ()
    return Indicator(
        id=name,
        label=name,
        definition="",
        unit="index",
        direction="down" if rule is RuleKind.GAP_DOWN else "up",
        rule=rule,
        cap=Fraction(1, 2),
        citation=_ACT,
        place=_HERE,
        checkpoints=checkpoints,
    )


def _target_and_value(rule: RuleKind, rng: np.random.Generator) -> tuple[Fraction | None, float]:
    if rule is RuleKind.THRESHOLD:
        return None, 1.0
    if rule in {RuleKind.ZERO_GAP, RuleKind.MILESTONE}:
        return Fraction(100), float(np.round(rng.uniform(60, 110 if rule is RuleKind.ZERO_GAP else 85), 2))
    target = np.round(rng.uniform(0.5, 2.0) * rng.choice(_SIZES), 2)
    return Fraction(str(target)), float(np.round(target * rng.uniform(0.6, 1.6), 2))


def _node(
    name: str, weight: Fraction, kind: NodeKind, target: Fraction | None = None, children: tuple[Node, ...] = ()
) -> Node:
    return Node(name, kind, name, weight, WeightSource.STATED, _ACT, _HERE, target=target, children=children)


def _ragged(leaves: list[Node], rng: np.random.Generator) -> tuple[Node, ...]:
    """A tree of two to four levels over `leaves`, in their order; weights of siblings sum to one."""
    row: list[Node] = list(leaves)
    for level, kind in enumerate((NodeKind.SUB_DIMENSION, NodeKind.DIMENSION, NodeKind.PERSPECTIVE)):
        above: list[Node] = []
        while row:
            size = min(len(row), int(rng.integers(1, 8)))
            group, row = row[:size], row[size:]
            if size == 1 and rng.random() < 0.7:
                above += group
            else:
                above.append(_node(f"node_{level}_{len(above)}", Fraction(1), kind, None, _weighted(group, rng)))
        row = above
    return _weighted(row, rng)


def _weighted(nodes: list[Node], rng: np.random.Generator) -> tuple[Node, ...]:
    parts = rng.integers(1, 10, len(nodes)).tolist()
    return tuple(
        Node(
            node.id,
            node.kind,
            node.label,
            Fraction(part, sum(parts)),
            node.weight_source,
            node.citation,
            node.place,
            target=node.target,
            children=node.children,
        )
        for node, part in zip(nodes, parts, strict=True)
    )
