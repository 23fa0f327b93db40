"""Piramide: every month under every scenario, rolled up to every node."""

from __future__ import annotations

import time

import numpy as np
from measure import best_of, tell
from workload import MONTHS, SCENARIOS, make_workload

from piramide.scoring.plan import compile_plan
from piramide.scoring.scenarios import prepare


def main() -> None:
    """Time the engine and tell what it took."""
    workload = make_workload()
    started = time.perf_counter()
    plan = compile_plan(workload.pack, "2024-Q4")
    compiled = time.perf_counter()
    scorer = prepare(plan)
    prepared = time.perf_counter()
    is_root = scorer.rows >= len(plan.layout.nodes)
    results = np.empty((MONTHS, len(scorer.rows), SCENARIOS))
    seconds = 0.0
    for month in range(MONTHS):
        values = workload.month(month + 1, SCENARIOS)
        seconds += best_of(3, lambda values=values, out=results[month]: scorer.score(values, out))  # type: ignore[misc]
    tell(
        results.shape[0] * len(workload.base) * SCENARIOS,
        seconds,
        results[0, is_root, 0],
        compile_ms=1e3 * (compiled - started),
        prepare_ms=1e3 * (prepared - compiled),
        nodes=int(results.shape[1]),
    )


if __name__ == "__main__":
    main()
