"""Values probably written in another magnitude: thousands taken for decimals, per cent taken for a share.

Nothing is corrected: a finding asks the person who wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

from piramide.kernel.findings import Finding, Place
from piramide.scoring.result import NodeScore, ScoreTable

SLIPS = (2, 3, 6)
"""Powers of ten that a misread separator or a percentage leaves between value and target."""
NEAR = 0.4
"""How far from such a power, in decades, a ratio still looks like one."""
SHARE_UNIT = "ratio"
LARGEST_SHARE = 20.0
"""A ratio with targets near one is not twenty; a percentage is."""


def implausible_values(table: ScoreTable) -> Iterator[Finding]:
    """A warning for each value that stands a hundred, a thousand or a million times from its target."""
    for structure in table.structures:
        for node in structure.nodes:
            if (times := _times(node)) is not None:
                fields = {"structure": structure.label, "value": f"{node.value:.10g}", "times": f"{times:g}"}
                yield Finding("SC028", Place(structure.id, 0, node.id), node.label, fields)


def _times(node: NodeScore) -> float | None:
    """How many times the value is its target (or the share one), when that looks like a slip of magnitude."""
    if not node.value:
        return None
    if (
        node.unit == SHARE_UNIT
        and (node.target or 1.0) < LARGEST_SHARE / 10
        and LARGEST_SHARE < abs(node.value) <= 1000
    ):
        return 100.0
    if not node.target or node.value / node.target <= 0:
        return None
    decades = log10(node.value / node.target)
    slip = min((sign * power for power in SLIPS for sign in (1, -1)), key=lambda power: abs(decades - power))
    return 10.0**slip if abs(decades - slip) < NEAR else None
