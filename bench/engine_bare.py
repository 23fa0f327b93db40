"""The array arithmetic that cannot be avoided: hold values between two numbers, judge thresholds, add each sheet up.

No ragged trees and no inner nodes: one product of a row of weights with a block of values per structure, in the cache,
with bounds and weights made before the clock starts.
"""

from __future__ import annotations

import numpy as np
from measure import best_of, tell
from workload import INDICATORS, MONTHS, SCENARIOS, STRUCTURES, make_workload

from piramide.methodology.model import RuleKind
from piramide.scoring.plan import compile_plan

CHUNK = 512


def main() -> None:
    """Time the engine and tell what it took."""
    workload = make_workload()
    cells = compile_plan(workload.pack, "2024-Q4").cells
    shape = (STRUCTURES, INDICATORS, 1)
    targets = np.where(cells.has_target, cells.targets, 1.0).reshape(shape)
    low, high = 0.5 * targets, 1.5 * targets
    weights = (np.ones((STRUCTURES, INDICATORS)) / INDICATORS / targets[:, :, 0])[:, None, :]
    is_step = np.array([cell.indicator.rule is RuleKind.THRESHOLD for cell in cells.items])
    steps = [np.flatnonzero(row) for row in is_step.reshape(STRUCTURES, INDICATORS)]
    work = np.empty((INDICATORS, CHUNK))
    results = np.empty((MONTHS, STRUCTURES, SCENARIOS))

    def one_month(values: np.ndarray, out: np.ndarray) -> None:
        for start in range(0, SCENARIOS, CHUNK):
            chunk = slice(start, min(start + CHUNK, SCENARIOS))
            held = work[:, : chunk.stop - start]
            for structure in range(STRUCTURES):
                np.maximum(values[structure, :, chunk], low[structure], out=held)
                np.minimum(held, high[structure], out=held)
                held[steps[structure]] = values[structure, steps[structure], chunk] <= 1.0
                np.matmul(weights[structure], held, out=out[structure : structure + 1, chunk])

    seconds = 0.0
    for month in range(MONTHS):
        values = workload.month(month + 1, SCENARIOS).reshape(STRUCTURES, INDICATORS, SCENARIOS)
        seconds += best_of(3, lambda values=values, out=results[month]: one_month(values, out))  # type: ignore[misc]
    tell(MONTHS * STRUCTURES * INDICATORS * SCENARIOS, seconds, np.array([]))


if __name__ == "__main__":
    main()
