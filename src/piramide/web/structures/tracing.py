"""What stands behind a value: its measures, the sums by office and month, the rows with the query that finds them.

Rows are cases of people: only who may read the results of the structure that they come from sees them.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from piramide.cycle.explain import source_of_value, trace_run
from piramide.kernel.findings import Refusal
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.house.pages import kept
from piramide.web.results.shelf import library
from piramide.web.structures.shown import Shown

MOST_CELLS = 12
"""Sums in sight; the others are one press away."""


def source_of(shown: Shown, node: str) -> str:
    """The structure whose data give a value; empty when no data do."""
    parts = ("structures.source", shown.structure, shown.record.run, node)
    return str(kept(parts, lambda: source_of_value(shown.chosen.run, shown.structure, node)))


def may_trace(person: Access, shown: Shown, node: str) -> bool:
    """Whether a value comes from data whose rows the person may read."""
    source = source_of(shown, node)
    return bool(source) and person.may(Action.READ_RESULTS, source)


def trace_body(shown: Shown, node: str, *, level: int) -> SafeString:
    """Measures and rows of a value. Kept: a run names the loads it was measured from, and they never change."""
    parts = ("structures.trace", str(level), shown.structure, shown.record.run, node)
    return kept(parts, lambda: _body(shown, node, level))


def _body(shown: Shown, node: str, level: int) -> str:
    context: dict[str, object] = {"level": level, "below": level + 1, "most": MOST_CELLS, "shown": shown}
    context["source"] = shown.organisation.structures.get(source_of(shown, node))
    try:
        context["trace"] = trace_run(library().store, shown.record.run, shown.structure, node)
    except Refusal as refusal:
        context["findings"] = refusal.findings
    return render_to_string("structures/entries_body.html", context)
