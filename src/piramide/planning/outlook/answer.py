"""What draws say: quantiles of indices and values, and how likely each target is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
FLOWS, HISTORY, NONE = "flows", "history", "none"


@dataclass(frozen=True, slots=True)
class NodeAhead:
    """A leaf of a sheet: draws of its value (none without a basis), its target and which side of it is met."""

    structure: str
    id: str
    basis: str
    draws: Floats | None
    target: float | None
    direction: str


def probability(draws: Floats, target: float, direction: str) -> float:
    """The part of draws that meet a target; at the target is met. E16."""
    met = draws <= target if direction == "down" else draws >= target
    return float(met.mean())


def quantiles(draws: Floats) -> dict[str, float | None]:
    """The tenth, fifth and ninth tenth, linear between two draws; nothing where a draw has no value."""
    if not len(draws) or not np.isfinite(draws).all():
        return dict.fromkeys(QUANTILES)
    return {
        name: float(value) for name, value in zip(QUANTILES, np.quantile(draws, list(QUANTILES.values())), strict=True)
    }


def node_json(node: NodeAhead) -> dict[str, Any]:
    """What is said of a leaf."""
    draws = np.array([]) if node.draws is None else node.draws
    known = draws[np.isfinite(draws)]
    can_be_met = node.target is not None and len(known) == len(draws) > 0
    return {
        "id": node.id,
        **quantiles(draws),
        "target": node.target,
        "probability": probability(draws, node.target, node.direction)
        if can_be_met and node.target is not None
        else None,
        "basis": node.basis,
    }


def structure_json(name: str, index: Floats, band: Mapping[str, float], nodes: list[NodeAhead]) -> dict[str, Any]:
    """What is said of a structure: its index over the draws, how much of it has a basis, its leaves.

    `band` holds `coverage`, and how far what has no basis can move the index (`index_low`, `index_high`).
    """
    return {"id": name, "index": quantiles(index), **band, "nodes": [node_json(node) for node in nodes]}
