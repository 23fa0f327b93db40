"""The annexes and notes of the sheets as published tables of the pack, with the identities they satisfy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from piramide.exchange.sheets.imported import IeepLine, ImportedSheet, decimal
from piramide.exchange.sheets.pack_texts import csv_text, yaml_text


@dataclass(frozen=True, slots=True)
class _Table:
    """A published table to write: how it is declared, and its rows."""

    title: str
    key: tuple[str, ...]
    unit: str
    place: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def table_files(sheets: Sequence[ImportedSheet], copied: Mapping[str, tuple[Mapping[str, Any], str]]) -> dict[str, str]:
    """The annexes and notes as published tables, with the identities they satisfy; after those that are `copied`."""
    year = sheets[0].year
    act = next((key for sheet in sheets for key in sheet.acts if key.startswith("obiettivi")), "")
    files = {f"tables/{name}.csv": text for name, (_, text) in copied.items()}
    declared: dict[str, Any] = {name: dict(item) for name, (item, _) in copied.items()}
    for stem, table in _annexes(sheets).items():
        if table.rows:
            name = f"{stem}_{year}"
            files[f"tables/{name}.csv"] = csv_text(table.columns, table.rows)
            cited = {"act": act, "place": table.place}
            declared[name] = {"title": table.title, "key": list(table.key), "unit": table.unit, **cited}
            if stem != "ieep":
                declared[name]["use"] = "Copiata dalla scheda"
    files["tables.yaml"] = yaml_text(declared)
    files["identities.yaml"] = yaml_text(_identities(sheets, f"ieep_{year}"))
    return files


def _annexes(sheets: Sequence[ImportedSheet]) -> dict[str, _Table]:
    ieep, spending, notes = _ieep_rows(sheets), _spending_rows(sheets), _note_rows(sheets)
    own = "scheda della struttura"
    return {
        "ieep": _Table(
            "I.E.E.P.: valori obiettivo per voce", ("structure", "line_code"), "eur", "Allegato 2", _IEEP, ieep
        ),
        "gestione_spesa": _Table(
            "Soglie dell'indicatore di gestione della spesa",
            ("structure", "indicator", "forecast"),
            "pct",
            "Allegato 2",
            _SPENDING,
            spending,
        ),
        "note": _Table("Note in calce alle schede", ("structure", "number"), "text", own, _NOTES, notes),
    }


_IEEP: Final = (
    "structure",
    "line_code",
    "parent_code",
    "level",
    "sign_in_parent",
    "label",
    "amount_eur",
    "line",
    "source",
)
_SPENDING: Final = ("structure", "indicator", "forecast", "lower_pct", "upper_pct", "line", "source")
_NOTES: Final = ("structure", "number", "text", "line", "source")


def _ieep_rows(sheets: Sequence[ImportedSheet]) -> list[Sequence[str]]:
    return [_ieep_row(sheet, line) for sheet in sheets for line in sheet.ieep]


def _ieep_row(sheet: ImportedSheet, line: IeepLine) -> Sequence[str]:
    amount = decimal(line.amount or Fraction(0))
    code = (line.code, line.parent, str(line.level), str(line.sign))
    return (sheet.structure.id, *code, line.label, amount, str(line.place.line), _source(sheet))


def _spending_rows(sheets: Sequence[ImportedSheet]) -> list[Sequence[str]]:
    return [
        (s.structure.id, x.indicator, x.moment, _optional(x.lower), _optional(x.upper), str(x.place.line), _source(s))
        for s in sheets
        for x in s.spending
    ]


def _note_rows(sheets: Sequence[ImportedSheet]) -> list[Sequence[str]]:
    return [
        (s.structure.id, str(number), note.text, str(note.place.line), _source(s))
        for s in sheets
        for number, note in enumerate(s.notes, start=1)
    ]


def _source(sheet: ImportedSheet) -> str:
    return f"scheda {sheet.structure.label}"


def _identities(sheets: Sequence[ImportedSheet], table: str) -> list[dict[str, Any]]:
    """Every line of the annex is the signed sum of those below it, where a tree was found."""
    if not any(line.parent for sheet in sheets for line in sheet.ieep):
        return []
    return [
        {
            "id": f"{table}_albero",
            "kind": "tree_sum",
            "sentence": "Ogni voce I.E.E.P. è la somma con segno delle sue componenti",
            "table": table,
            "columns": ["amount_eur"],
            "row": "line_code",
            "parent": "parent_code",
            "sign": "sign_in_parent",
            "within": ["structure"],
            "tolerance": 1,
        }
    ]


def _optional(value: Fraction | None) -> str:
    return "" if value is None else decimal(value)
