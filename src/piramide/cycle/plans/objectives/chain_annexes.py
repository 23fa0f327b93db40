"""The annexes of a sheet that have files of their own: projects of the register, lines of the chain, risks, phases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Final

from piramide.kernel.numbers import format_percent
from piramide.methodology.carried import Carrying
from piramide.methodology.chain import IsScored, RegisterEntry, RiskLevel
from piramide.methodology.model import Pack, with_ancestors
from piramide.methodology.printing.printed import NONE
from piramide.methodology.sheet_words import AnnexForm
from piramide.reports.labels import Labels
from piramide.reports.printed_tables import Cell, Table

Row = Mapping[str, str]
_ABOVE: Final = ("dimension", "sub_dimension")
_WIDTHS: Final = {
    "dimension": 16, "sub_dimension": 24, "project_id": 20, "title": 40, "days": 18, "evidence": 36, "scored": 12,
    "objective": 36, "line": 14, "line_label": 40, "level": 22, "risk": 40, "risk_level": 10, "response": 30,
    "phase": 36, "weight": 9, "by": 14, "progress": 14, "responsible": 22,
}  # fmt: skip
"""Widths of the columns, as shares of those that are printed."""


def of_chain(form: AnnexForm, structure: str, pack: Pack, say: Labels) -> Table | None:
    """The table of a form that has a file of its own; nothing without rows."""
    drawn: Mapping[AnnexForm, Callable[[], Iterable[Row]]] = {
        AnnexForm.PROJECTS: lambda: _entries(structure, pack, say),
        AnnexForm.LINES: lambda: _lines(structure, pack),
        AnnexForm.RISKS: lambda: _risks(structure, pack, say),
    }
    rows = list(drawn[form]()) if form in drawn else []
    if not rows:
        return None
    return projects(rows, say) if form is AnnexForm.PROJECTS else _plain(rows, say, grouped=1)


def of_phases(structure: str, pack: Pack, say: Labels, progress: Mapping[str, str] | None = None) -> Table | None:
    """The phases of the objectives of a sheet, with `progress` in words by the name of a phase where it is given."""
    sheet = pack.sheets.get(structure)
    labels = {node.id: node.label for node in sheet.leaves()} if sheet else {}
    rows = [
        {
            "objective": labels[node],
            "phase": phase.label,
            "weight": _share(phase.weight, say),
            "by": phase.end.strftime(say("style", "date")),
            "progress": "" if progress is None else progress.get(phase.name, NONE),
            "evidence": phase.evidence,
            "responsible": phase.responsible,
        }
        for node in labels
        for phase in pack.phases.get((structure, node), ())
    ]
    return _plain(rows, say, grouped=1) if rows else None


def _share(weight: Fraction, say: Labels) -> str:
    decimals = next((n for n in range(3) if (weight * 10 ** (n + 2)).denominator == 1), 2)
    return format_percent(weight, decimals, say.language)


def projects(rows: Sequence[Row], say: Labels) -> Table:
    """Ids and titles; dimension and sub-dimension stand once over their projects.

    Days, evidence and whether the project is scored have a column where one of the rows says them.
    """
    above = [name for name in _ABOVE if any(row.get(name) for row in rows)]
    beside = [name for name in ("days", "evidence", "scored") if any(row.get(name) for row in rows)]
    return _table([{name: row.get(name, "") for name in (*above, "project_id", "title", *beside)} for row in rows],
                  say, len(above))  # fmt: skip


def _plain(rows: Sequence[Row], say: Labels, grouped: int) -> Table:
    """The columns that one of the rows fills; the first `grouped` of them stand once over the rows they cover."""
    filled = [name for name in rows[0] if any(row[name] for row in rows)]
    return _table([{name: row[name] for name in filled} for row in rows], say, grouped)


def _table(rows: Sequence[Row], say: Labels, grouped: int) -> Table:
    names = list(rows[0])
    drawn = [[Cell(at, row[name]) for at, name in enumerate(names) if at >= grouped] for row in rows]
    for at in range(grouped):
        begin = 0
        for _, same in groupby(rows, key=lambda row: [row[above] for above in names[: at + 1]]):
            count = len(list(same))
            drawn[begin].append(Cell(at, rows[begin][names[at]], count, is_bold=at == 0))
            begin += count
    in_order = tuple(tuple(sorted(row, key=lambda cell: cell.column)) for row in drawn)
    return Table(tuple(say("annex", name) for name in names), in_order, tuple(_WIDTHS[name] for name in names))


def _entries(structure: str, pack: Pack, say: Labels) -> Iterator[Row]:
    """The entries of the register, under the parts of the sheet where each is scored by a node of one.

    What nothing scores says so, in a column that is left out where all are scored.
    """
    entries = [entry for entry in pack.chain.register if entry.structure == structure]
    all_scored = all(entry.scored is IsScored.YES for entry in entries)
    labels = _labels_above(structure, pack) if all(entry.node for entry in entries) else {}
    for entry in entries:
        dimension, part = labels.get(entry.node, ("", ""))
        yield {
            "dimension": dimension,
            "sub_dimension": part,
            "project_id": entry.id,
            "title": entry.label,
            "days": _days(entry, say),
            "evidence": entry.evidence,
            "scored": "" if all_scored else say("annex", f"scored_{entry.scored.value or 'unsaid'}"),
        }


def _labels_above(structure: str, pack: Pack) -> Mapping[str, tuple[str, str]]:
    """By node, the labels of the highest two that it stands under."""
    sheet = pack.sheets.get(structure)
    return {
        node.id: (above[0].label if above else "", above[1].label if len(above) > 1 else "")
        for node, above in (with_ancestors(sheet.tree) if sheet else ())
    }


def _days(entry: RegisterEntry, say: Labels) -> str:
    def told(day: date | None) -> str:
        return day.strftime(say("style", "date")) if day else NONE

    return f"{told(entry.start)} - {told(entry.end)}" if entry.start or entry.end else ""


def _lines(structure: str, pack: Pack) -> Iterator[Row]:
    """The lines that each node and project of the structure leads to by a link of its own, the highest first."""
    carrying = Carrying(pack)
    sheet = pack.sheets.get(structure)
    labels = {node.id: node.label for node in sheet.walk()} if sheet else {}
    labels |= {entry.id: f"{entry.id} {entry.label}" for entry in pack.chain.register if entry.structure == structure}
    linked = {link.node for link in pack.chain.links if link.structure == structure}
    for node in (name for name in labels if name in linked):
        for line in carrying.lines_of(structure, node):
            level = pack.chain.levels[line.level].label
            yield {"objective": labels[node], "line": line.id, "line_label": line.label, "level": level}


def _risks(structure: str, pack: Pack, say: Labels) -> Iterator[Row]:
    """The risks of the objectives, in the order of the sheet."""
    sheet = pack.sheets.get(structure)
    for node in sheet.walk() if sheet else ():
        for risk in pack.chain.risks:
            if (risk.structure, risk.node) == (structure, node.id):
                level = "" if risk.level is RiskLevel.UNSAID else say("annex", f"risk_{risk.level.value}")
                yield {"objective": node.label, "risk": risk.text, "risk_level": level, "response": risk.response}
