"""CSV with lines: declared columns, no silent repair, every fault with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.numbers import parse_machine


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV: its cells by column, its file and line."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Text of a cell, without surrounding blanks; empty where the file lacks the column."""
        return self.cells.get(column, "")

    def place(self, column: str = "") -> Place:
        """File and line of the row, and the column if named."""
        return Place(self.file, self.line, column)

    def number(self, column: str) -> Fraction | None:
        """Exact number of a cell, `None` if it is empty; refuses anything else with the place."""
        text = self[column]
        return parse_machine(text, self.place(column)) if text else None

    def required(self, column: str) -> str:
        """Text of a cell that must not be empty."""
        if not self[column]:
            raise refuse("PL023", self.place(column), column=column)
        return self[column]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV as read: columns in order and rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_csv(text: str, file: str, required: tuple[str, ...] = (), optional: tuple[str, ...] | None = None) -> Sheet:
    """Read a CSV.

    Refuses columns missing, unknown (if `optional` is given) or repeated, and ragged rows, all at once.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(lines, []))
        findings = list(_header_faults(header, file, required, optional))
        if findings:
            raise Refusal(*findings)
        rows = tuple(_rows(lines, header, file, findings))
    except csv.Error as error:
        raise refuse("PL024", Place(file, lines.line_num), problem=str(error)) from error
    if findings:
        raise Refusal(*findings)
    return Sheet(file, header, rows)


def _header_faults(
    header: tuple[str, ...], file: str, required: tuple[str, ...], optional: tuple[str, ...] | None
) -> Iterator[Finding]:
    place = Place(file, 1)
    if len(header) == 1 < len(required) and (found := [mark for mark in ";\t|" if mark in header[0]]):
        yield Finding("PL027", place, fields={"separator": found[0].replace("\t", "tab")})
        return
    for column in required:
        if column not in header:
            close = [name for name in header if name in nearest(column, header)]
            yield Finding("PL020", place, column, {"column": column, "found": ", ".join(close or header)})
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            yield Finding("PL022", place, column, {"column": column})
        if optional is not None and column not in required + optional:
            known = ", ".join(nearest(column, required + optional) or required + optional)
            yield Finding("PL021", place, column, {"column": column, "known": known})


def _rows(lines: Iterator[list[str]], header: tuple[str, ...], file: str, findings: list[Finding]) -> Iterator[Row]:
    end = 1
    for cells in lines:
        start, end = end + 1, lines.line_num  # type: ignore[attr-defined]  # csv readers count lines
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            findings.append(Finding("PL025", Place(file, start), "", {"cells": len(cells), "columns": len(header)}))
            continue
        yield Row(file, start, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
