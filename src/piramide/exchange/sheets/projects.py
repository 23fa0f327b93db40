"""Annex 3: the list of projects, by dimension and sub-dimension printed once for several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.imported import Project, UsedAlias
from piramide.exchange.sheets.layout import printed
from piramide.kernel.findings import Finding
from piramide.kernel.naming import slug
from piramide.methodology.model import Node
from piramide.methodology.printing.tokens import has_name

_ID: Final = re.compile(r"^[A-Z]{2,}\d*[A-Z]*(?:[_/-][A-Z0-9.]+)+$")
_WORD: Final = re.compile(r"(?=.*\d)[\w./-]+")
_OF_CODES: Final = re.compile(r"\b(?:id\.?|codice)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProjectList:
    """Projects, the cells they took, spellings of dimensions that differ from the table's, and what was odd."""

    projects: tuple[Project, ...] = ()
    cells: tuple[Cell, ...] = ()
    aliases: tuple[UsedAlias, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_projects(rows: Sequence[Row], header: Sequence[Cell], tree: Sequence[Node]) -> ProjectList:
    """Read the list; a row of one text without a code goes on with the title above it.

    Where the header has more columns than code and title, what stands in those is not part of the title.
    """
    reader = _Reader(tree, header)
    for row in printed(rows):
        reader.add(row)
    return ProjectList(tuple(reader.projects), tuple(reader.cells), tuple(reader.aliases), tuple(reader.findings))


def _project_id(text: str, *, is_sure: bool = False) -> str:
    """The code in a cell, which a narrow column may have broken; empty if there is none.

    In the column of the codes any word with a digit is one.
    """
    joined = text.replace(" ", "")
    return joined if (_ID.match(joined) and "_" in joined) or (is_sure and _WORD.fullmatch(text)) else ""


class _Reader:
    """The list while it is being read, from the top."""

    def __init__(self, tree: Sequence[Node], header: Sequence[Cell]) -> None:
        self.projects: list[Project] = []
        self.cells: list[Cell] = []
        self.aliases: list[UsedAlias] = []
        self.findings: list[Finding] = []
        self._dimensions = {slug(node.label): node.label for node in tree}
        self._parts = {slug(child.label): child.label for node in tree for child in node.children}
        self._dimension = self._part = ""
        columns = [cell.column for cell in header]
        codes = next((at for at, cell in enumerate(header) if _OF_CODES.search(cell.text)), None)
        self._codes = None if codes is None else columns[codes]
        self._beside = frozenset() if codes is None else frozenset(columns[codes + 2 :])

    def add(self, row: Row) -> None:
        """Place one row."""
        at = next((index for index, cell in enumerate(row.cells) if self._code_in(cell)), None)
        if at is None:
            self._go_on(row)
            return
        before, after = row.cells[:at], row.cells[at + 1 :]
        if len(before) > 2:
            return
        self._headings(before, row)
        code = self._code_in(row.cells[at])
        if any(project.id == code for project in self.projects):
            self.findings.append(Finding("SH038", row.place, code))
        title = " ".join(cell.text for cell in after if cell.column not in self._beside)
        if not title:
            self.findings.append(Finding("SH037", row.place, code))
        self.projects.append(Project(code, title, self._dimension, self._part, row.place))
        self.cells += row.cells

    def _code_in(self, cell: Cell) -> str:
        return _project_id(cell.text, is_sure=cell.column == self._codes)

    def _headings(self, cells: Sequence[Cell], row: Row) -> None:
        """Dimension and sub-dimension, where the row prints them; one alone is told by its label."""
        for position, cell in enumerate(cells):
            is_dimension = len(cells) == 2 and position == 0
            if len(cells) == 1 and has_name(cell.text):
                is_dimension = slug(cell.text) in self._dimensions and slug(cell.text) not in self._parts
            if is_dimension:
                self._dimension, self._part = self._known(cell.text, self._dimensions, row), ""
            else:
                self._part = self._known(cell.text, self._parts, row)

    def _known(self, printed_label: str, known: dict[str, str], row: Row) -> str:
        label = known.get(slug(printed_label)) if has_name(printed_label) else None
        if label is None:
            self.findings.append(Finding("SH036", row.place, printed_label))
            return printed_label
        if label != printed_label:
            self.aliases.append(UsedAlias(printed_label, label, "node"))
            fields = {"printed": printed_label, "label": label}
            self.findings.append(Finding("SH015", row.place, printed_label, fields))
        return printed_label

    def _go_on(self, row: Row) -> None:
        if self.projects and len(row.cells) == 1:
            last = self.projects[-1]
            self.projects[-1] = replace(last, title=f"{last.title} {row.cells[0].text}".strip())
            self.cells += row.cells
