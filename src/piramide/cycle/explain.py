"""Explain: one number of a kept run from the method in force then."""

from __future__ import annotations

from piramide.cycle.runs.open_run import open_run, structure_of
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.model import Pack
from piramide.scoring.explain import explain
from piramide.scoring.result import Explanation


def explain_run(store: Store, prefix: str, structure: str, node: str | None) -> Explanation:
    """The explanation of `node` (default: the whole structure), or of a phase of one (`node:phase`).

    Refuses an unknown run, structure, node or phase.
    """
    opened = open_run(store, prefix)
    scored = structure_of(opened, structure)
    known = [name for item in scored.nodes for name in (item.id, *_phases(opened.pack, structure, item.id))]
    if node is not None and node != structure and node not in known:
        near = ", ".join(nearest(node, known)) or "-"
        raise refuse("CY012", Place(opened.run.id[:8]), node, structure=structure, near=near)
    wanted = None if node == structure else node
    return explain(opened.pack, opened.scores, structure, wanted, values=opened.values)


def _phases(pack: Pack, structure: str, node: str) -> list[str]:
    return [phase.name for phase in pack.phases.get((structure, node), ())]
