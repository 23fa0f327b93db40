"""What stands behind a value: its measures, the sums by office and month, the rows with the query that finds them.

Rows are cases of people: only who may read the results of the structure that they come from sees them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from piramide.cycle.explain_rows import source_of_value, trace_run
from piramide.kernel.figure import preview
from piramide.kernel.findings import Refusal
from piramide.kernel.organisation import Structure
from piramide.kernel.statuses import Status
from piramide.measurement.trace import MeasureTrace, Trace
from piramide.reports.figures import measure as quantity
from piramide.reports.figures import number
from piramide.reports.formulas import harmless
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.house.pages import Kept, kept, kept_text
from piramide.web.results.registry import opened_runs
from piramide.web.structures.sheet_page import words
from piramide.web.structures.shown import Shown

MOST_BYTES: Final = 16_000_000
TRACES: Final = Kept(MOST_BYTES)
"""Rows of cases are kept in the memory of the process alone, never in the files that pages share."""
NOISE: Final = 1e-9
SHOWN: Final = frozenset({"case", "kind", "sign", "day", "product", "competence", "work", "days_waited"})
"""Columns of the ledger of work that a reader needs; the query has all."""

FILE_COLUMNS: Final = (
    "part", "measure", "office", "month", "amount", "case", "kind", "sign", "day", "product", "competence", "work",
    "days_waited", "structure", "demonstration",
)  # fmt: skip


def source_of(shown: Shown, node: str) -> str:
    """The structure whose data give a value; empty when no data do."""
    key = shown.key("structures.source", node)
    return kept_text(key, lambda: source_of_value(shown.chosen.run, shown.structure, node))


def may_trace(person: Access, shown: Shown, node: str) -> bool:
    """Whether a value comes from data whose rows the person may read."""
    source = source_of(shown, node)
    return bool(source) and person.may(Action.READ_RESULTS, source)


def trace_body(shown: Shown, node: str, *, level: int) -> SafeString:
    """Measures and rows of a value. Kept: a run names the loads it was measured from, and they never change."""
    key = shown.key("structures.trace", str(level), node)
    try:
        return kept(key, lambda: _body(shown, node, level), TRACES)
    except Refusal as refusal:  # of this moment: what is missing may be there again
        return _text(shown, node, level, {"findings": refusal.told})


def _body(shown: Shown, node: str, level: int) -> SafeString:
    trace = trace_run(opened_runs().store, shown.record.run, shown.structure, node)
    found = {"parts": [_part(measure, shown) for measure in trace.measures], "mean": _mean(trace, shown)}
    return _text(shown, node, level, {"trace": trace, **found})


def _mean(trace: Trace, shown: Shown) -> list[tuple[str, str, str]]:
    """Structure, value and weight of each part of a mean, in words."""
    known = shown.organisation.structures
    return [
        (known[part.structure].label, _or_absent(part.value), "" if part.weight is None else _amount(part.weight, ""))
        for part in trace.parts
    ]


def _or_absent(value: float | None) -> str:
    return words()("sheet", "absent") if value is None else _amount(value, "")


def _text(shown: Shown, node: str, level: int, found: Mapping[str, object]) -> SafeString:
    source = shown.organisation.structures.get(source_of(shown, node))
    context = {"level": level, "below": level + 1, "shown": shown, "node": node, "source": source, **found}
    return render_to_string("structures/entries_body.html", context)


def trace_file(shown: Shown, node: str) -> str:
    """Sums and first rows of every measure as CSV, in the words of the ledger. Raises `Refusal` as `trace_run`."""
    trace = trace_run(opened_runs().store, shown.record.run, shown.structure, node)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FILE_COLUMNS, extrasaction="ignore", restval="")
    writer.writeheader()
    demonstration = "yes" if shown.record.is_demonstration else "no"
    for measure in trace.measures:
        same = {"measure": measure.name, "demonstration": demonstration}
        sums = ({"part": "sum", "office": c.office, "month": c.month, "amount": c.amount} for c in measure.totals)
        rows = ({"part": "row", **row} for row in measure.rows)
        for cells in (*sums, *rows):
            writer.writerow({name: _safe(cell) for name, cell in (same | cells).items()})
    return text.getvalue()


def _safe(cell: object) -> object:
    return harmless(cell) if isinstance(cell, str) else cell


@dataclass(frozen=True, slots=True)
class Part:
    """One measure in words: its figure, its sums by office and month, its first rows and the query of all of them."""

    measure: MeasureTrace
    query: str
    figure: str
    sums: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _part(measure: MeasureTrace, shown: Shown) -> Part:
    names = [name for name in measure.rows[0] if name in SHOWN] if measure.rows and "case" in measure.rows[0] else None
    columns = names or (list(measure.rows[0]) if measure.rows else [])
    known = shown.organisation.structures
    return Part(
        measure=measure,
        query=measure.query.replace(str(opened_runs().store.root), "STORE"),  # where it lies concerns nobody
        figure=words()("sheet", "absent") if measure.value is None else _amount(measure.value, measure.unit),
        sums=tuple(
            (known[cell.office].label if cell.office in known else cell.office, cell.month, _amount(cell.amount, ""))
            for cell in sorted(measure.totals, key=lambda cell: (cell.office, cell.month))
        ),
        columns=tuple(column_in_words(name) for name in columns),
        rows=tuple(tuple(_cell(row[name], known) for name in columns) for row in measure.rows),
    )


def _amount(amount: float, unit: str) -> str:
    """A quantity of facts with decimals only where it has any."""
    decimals = 0 if abs(amount - round(amount)) < NOISE else 2
    figure = preview(amount)
    return quantity(figure, unit, decimals, words()) if unit else number(figure, decimals, words())


def _cell(cell: object, known: Mapping[str, Structure]) -> str:
    if cell is None:
        return ""
    text = str(cell)
    return known[text].label if text in known else entry_in_words(text)


def column_in_words(name: str) -> str:
    """The heading of a column of facts; those that no reader needs every day keep their name."""
    return {
        "case": _("Pratica"),
        "kind": _("Movimento"),
        "sign": _("Segno"),
        "day": _("Giorno"),
        "product": _("Prodotto"),
        "competence": _("Sede competente"),
        "work": _("Sede di lavorazione"),
        "days_waited": _("Giorni di attesa"),
        "structure": _("Struttura"),
        "amount": _("Importo"),
    }.get(name, name)


def entry_in_words(text: str) -> str:
    """What happened to a case."""
    return {
        "received": _("pervenuta"),
        "transferred": _("trasferita"),
        "resolved": _("definita"),
        "reopened": _("riaperta"),
        Status.MEASURED: _("misurato"),
        Status.ESTIMATED: _("stimato"),
    }.get(text, text)
