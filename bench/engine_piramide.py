"""Piramide: every month under every scenario, rolled up to every node."""

from __future__ import annotations

import time

import numpy as np
from measure import best_of, tell
from workload import MONTHS, SCENARIOS, Workload, make_workload

from piramide.scoring.plan import Plan, compile_plan
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
        amendment_ms=1e3 * _amendment(workload, plan),
        nodes=int(results.shape[1]),
    )


def _amendment(workload: Workload, plan: Plan) -> float:
    """One weight changed in one sheet, everything scored again for one scenario."""
    values = workload.month(1, 1)
    node = plan.sheets[7].tree[0]
    key = (plan.layout.structures[7], node.id)
    return best_of(20, lambda: prepare(plan.with_weights({key: float(node.weight) / 2})).score(values))


if __name__ == "__main__":
    main()
