"""Explain: one value of a kept run on to the rows of facts that it was measured from."""

from __future__ import annotations

from datetime import date

from piramide.cycle.runs.measured_from import kept_with
from piramide.cycle.runs.open_run import OpenRun, open_run, structure_of
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.periods import parse_period
from piramide.measurement.measure import Scope
from piramide.measurement.trace import Trace, trace
from piramide.measurement.values.indicators import source_in


def trace_run(store: Store, prefix: str, structure: str, node: str) -> Trace:
    """What stands behind the value of a leaf, in the facts that its run was measured from: those loaded later stay out.

    Raises `Refusal`: CY011, CY012 for what the run does not hold, ME019 for a value that no data give.
    """
    opened = open_run(store, prefix)
    known = {item.id: item for item in structure_of(opened, structure).nodes}
    if node not in known:
        near = ", ".join(nearest(node, known)) or "-"
        raise refuse("CY012", Place(opened.run.id[:8]), node, structure=structure, near=near)
    indicator = opened.pack.indicators.get(known[node].indicator or "")
    if indicator is None:
        raise refuse("ME019", subject=node)
    period = parse_period(opened.run.manifest["period"])
    made = kept_with(opened.run.folder)
    learned = (made.known_on if made else "") or opened.run.manifest["known_on"]
    as_of = date.fromisoformat(made.as_of) if made and made.as_of else opened.as_of
    known_on = date.fromisoformat(learned) if learned else None
    scope = Scope(opened.pack, period, as_of, known_on, last_loads=made.loads if made else None)
    return trace(store.root, scope, indicator, indicator.value_from or structure, node)


def source_of_value(opened: OpenRun, structure: str, node: str) -> str:
    """The structure whose data give the value of a leaf: itself, another, or nothing when no formula gives one."""
    known = {item.id: item for item in structure_of(opened, structure).nodes}
    indicator = opened.pack.indicators.get(known[node].indicator) if node in known else None
    if indicator is None or not indicator.formula:
        return ""
    owner = indicator.value_from or structure
    return source_in(indicator, owner, opened.pack.organisation.on(opened.as_of))
