"""Rows of a file of a pack that state something of a structure or of one of its nodes: read whole, faults together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from piramide.kernel.findings import Finding, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.citation import Citation
from piramide.methodology.loading.csv_text import Row, read_csv
from piramide.methodology.loading.files import PackFiles

CITED: Final = ("act", "place")

Item = TypeVar("Item")
Word = TypeVar("Word", bound=StrEnum)
Keyed = tuple[tuple[str, ...], Item]
"""What a row says, after what tells it from the others."""
Nodes = Mapping[str, Collection[str]]
"""The nodes and projects of each structure."""


def stated_rows(
    files: PackFiles, path: str, columns: tuple[str, ...], made: Callable[[Row], Keyed[Item]]
) -> tuple[Item, ...]:
    """What the rows of a file say, in their order; a key stated twice is refused, and so is a file without rows."""
    if not files.has(path):
        return ()
    found: dict[tuple[str, ...], Item] = {}
    findings: list[Finding] = []
    for row in read_csv(files.text(path), path, columns, CITED).rows:
        try:
            key, item = made(row)
            if key in found:
                raise refuse("PL026", row.place(), key=", ".join(key))
            found[key] = item
        except Refusal as refusal:
            findings.extend(refusal.findings)
    if findings:
        raise Refusal(*findings)
    return tuple(found.values())


def named(row: Row, structures: Collection[str], nodes: Nodes) -> tuple[str, str]:
    """The structure and the node or project that a row names."""
    structure, node = structure_of(row, structures), row.required("node")
    if node not in nodes.get(structure, ()):
        raise unknown_node(row, structure, node, nodes)
    return structure, node


def structure_of(row: Row, structures: Collection[str]) -> str:
    """The structure of a row, one of those of the pack."""
    name = row.required("structure")
    if name not in structures:
        near = ", ".join(nearest(name, sorted(structures))) or "-"
        raise refuse("PL044", row.place("structure"), name, near=near)
    return name


def unknown_node(row: Row, structure: str, node: str, nodes: Nodes) -> Refusal:
    """What is said of a node that the sheet of the structure does not have."""
    near = ", ".join(nearest(node, sorted(nodes.get(structure, ())))) or "-"
    return refuse("PL084", row.place("node"), node, structure=structure, near=near)


def word_of(options: type[Word], row: Row, column: str) -> Word:
    """A word of a list; the empty one only where the list has it."""
    try:
        return options(row[column])
    except ValueError as error:
        if not row[column]:
            raise refuse("PL023", row.place(column), column=column) from error
        known = ", ".join(word for word in options if word)
        raise refuse("PL055", row.place(column), row[column], known=known) from error


def day_of(row: Row, column: str) -> date | None:
    """The day of a cell, `None` where it is empty."""
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise refuse("PL043", row.place(column), given=row[column]) from error


def cited(row: Row) -> Citation:
    """The act and the place that a row rests on."""
    return Citation(row["act"], row["place"])
