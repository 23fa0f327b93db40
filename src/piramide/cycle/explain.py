"""Explain: one number of a kept run from the method in force then."""

from __future__ import annotations

from piramide.cycle.runs.open_run import open_run, structure_of
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.scoring.explain import explain
from piramide.scoring.result import Explanation


def explain_run(store: Store, prefix: str, structure: str, node: str | None) -> Explanation:
    """The explanation of `node` (default: the whole structure); refuses an unknown run, structure or node."""
    opened = open_run(store, prefix)
    scored = structure_of(opened, structure)
    known = [item.id for item in scored.nodes]
    if node is not None and node != structure and node not in known:
        near = ", ".join(nearest(node, known)) or "-"
        raise refuse("CY012", Place(opened.run.id[:8]), node, structure=structure, near=near)
    wanted = None if node == structure else node
    return explain(opened.pack, opened.scores, structure, wanted, values=opened.values)
