"""What draws say: quantiles of indices and values, and how likely each target is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
FLOWS, HISTORY, NONE = "flows", "history", "none"


@dataclass(frozen=True, slots=True, eq=False)
class NodeAhead:
    """A leaf of a sheet: values its draws have and how many have each, its target and which side of it is met.

    There are none without a basis.
    """

    id: str
    basis: str
    values: Floats
    counts: Whole
    target: float | None
    direction: str


def probability(values: Floats, counts: Whole, target: float, direction: str) -> float:
    """The part of draws that meet a target; at the target is met. E16."""
    met = values <= target if direction == "down" else values >= target
    return float(counts[met].sum() / counts.sum())


def quantiles(
    values: Floats, counts: Whole | None = None, parts: Mapping[str, float] = QUANTILES
) -> dict[str, float | None]:
    """Values below which parts of the draws lie, linear between two; nothing where a draw has no value. E16.

    `counts` says how many draws have each value; one by default.
    """
    if not len(values) or not np.isfinite(values).all():
        return dict.fromkeys(parts)
    if counts is None:
        found = np.quantile(values, list(parts.values()))
        return {name: float(value) for name, value in zip(parts, found, strict=True)}
    ordered = _sorted(values, counts)
    return {name: _between(*ordered, part) for name, part in parts.items()}


def _sorted(values: Floats, counts: Whole) -> tuple[Floats, Whole]:
    """Values in order, and how many draws lie at or below each."""
    order = np.argsort(values)
    return values[order], np.cumsum(counts[order])


def _between(values: Floats, until: Whole, part: float) -> float:
    place = part * (int(until[-1]) - 1)
    low, high = np.searchsorted(until, (math.floor(place), math.ceil(place)), "right")
    return float(values[low] + (values[high] - values[low]) * (place - math.floor(place)))


def node_json(node: NodeAhead) -> dict[str, Any]:
    """What is said of a leaf."""
    can_be_met = node.target is not None and len(node.values) > 0 and bool(np.isfinite(node.values).all())
    return {
        "id": node.id,
        **quantiles(node.values, node.counts),
        "target": node.target,
        "probability": probability(node.values, node.counts, node.target, node.direction)
        if can_be_met and node.target is not None
        else None,
        "basis": node.basis,
    }


def band_of(indices: Floats, below: float, above: float) -> dict[str, float] | None:
    """Where the whole index lies four times in five, whatever the leaves without a basis bring.

    `indices` are those of what has a basis, the rest at its target; `below` and `above` how far the rest moves them.
    """
    found = quantiles(indices)
    low, high = found["p10"], found["p90"]
    return None if low is None or high is None else {"low": low + below, "high": high + above}


def structure_json(name: str, index: Floats, beside: Mapping[str, Any], nodes: list[NodeAhead]) -> dict[str, Any]:
    """What is said of a structure: its index over the draws, how much of it has a basis, its leaves.

    `beside` holds `complete`, `coverage`, and the `band` of the whole index where not all of it has a basis: the index
    is then that of what has.
    """
    return {"id": name, "index": quantiles(index), **beside, "nodes": [node_json(node) for node in nodes]}
