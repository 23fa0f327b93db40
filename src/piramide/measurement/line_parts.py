"""Which part of each product line a measure of work counts, whatever it asks of single rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from piramide.measurement.measures.of_nodes import compiled_name
from piramide.measurement.values.figures import Measured


def line_parts(measured: Measured, name: str, node: str, lines: Sequence[str]) -> NDArray[np.float64]:
    """For each product line the part of its products (0 to 1) that meet the conditions of a measure on products."""
    item = measured.folded[measured.pack.measures[name].dataset]
    compiled = item.plan.measures[compiled_name(name, measured.node_read(name, node))]
    met, count = np.zeros(len(lines)), np.zeros(len(lines))
    at = {line: place for place, line in enumerate(lines)}
    table = item.lines.table
    for line, number in zip(table["line"].to_pylist(), table["line_number"].to_pylist(), strict=True):
        if line in at:
            truth = item.lines.names[number]
            count[at[line]] += 1
            met[at[line]] += all(truth[position] == "1" for position in compiled.lines)
    return np.divide(met, count, out=np.zeros_like(met), where=count > 0)
