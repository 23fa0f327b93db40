"""What `piramide explain --rows` prints below the explanation: measures, their sums, their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.kernel.figure import Figure, preview
from piramide.measurement.trace import MeasureTrace, Trace

MOST_CELLS: Final = 10
"""Cells printed of each measure; JSON has more."""


PRINTED: Final = ("case", "kind", "sign", "day", "product", "competence", "work", "days_waited")
"""Columns of the work ledger that are printed; JSON has all."""


def print_trace(traced: Trace) -> None:
    """A value as the facts give it now, and what it is made of."""
    value = terminal.figure(_found(traced.value), 6)
    terminal.print_text(f"\n{say('answer.measured_now', value=value, formula=traced.formula)}")
    if traced.parts:
        terminal.print_text(say("answer.mean_of_parts"))
    for part in traced.parts:
        weight = "" if part.weight is None else terminal.figure(preview(part.weight), 2)
        line = say("answer.mean_part", name=part.structure, value=terminal.figure(_found(part.value), 6), weight=weight)
        terminal.print_text(line)
    for measure in traced.measures:
        _print_measure(measure)


def _found(figure: float | None) -> Figure | None:
    """What facts come to now; no run keeps it."""
    return None if figure is None else preview(figure)


def _print_measure(measure: MeasureTrace) -> None:
    figure = terminal.figure(_found(measure.value), 3)
    terminal.print_text(f"\n{measure.label} ({measure.name}) = {figure} {measure.unit} {measure.formula}".rstrip())
    if not measure.query:
        return
    shown = measure.cells[:MOST_CELLS]
    terminal.print_text(say("answer.cells", shown=len(shown), count=measure.cell_count))
    columns = [(say("answer.structure"), False), (say("answer.month"), False), (say("answer.value"), True), ("", False)]
    terminal.print_table(
        columns, [(cell.office, cell.month, terminal.figure(preview(cell.amount), 3), cell.line) for cell in shown]
    )
    terminal.print_text(say("answer.rows", shown=len(measure.rows), count=measure.count))
    _print_rows(measure.rows)
    terminal.print_text(measure.query)


def _print_rows(rows: Iterable[Mapping[str, Any]]) -> None:
    found = [{name: row[name] for name in PRINTED} if "case" in row else dict(row) for row in rows]
    if found:
        terminal.print_table([(name, False) for name in found[0]], [[_cell(c) for c in r.values()] for r in found])


def _cell(cell: object) -> str:
    return "" if cell is None else str(cell)
