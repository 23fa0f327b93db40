"""How each file of a pack is shown in the workbook, and how its edits come back.

CSV becomes a table; a YAML section a table and one more for each part that repeats; `pack.yaml` and `chain.yaml` a
table of fields and one for each section that stands in them; anything else its lines. What no spreadsheet can hold is
kept and not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from piramide.exchange.workbook.cells import text_cell
from piramide.exchange.workbook.csv_tables import csv_table, edited_csv
from piramide.exchange.workbook.grids import Grid, SentBack
from piramide.exchange.workbook.shapes import HEADED
from piramide.exchange.workbook.yaml_nodes import child, compose, with_child
from piramide.exchange.workbook.yaml_parts import is_tabular, parts_table
from piramide.exchange.workbook.yaml_splice import lost_comments, splice
from piramide.exchange.workbook.yaml_tables import (
    Section,
    edited_head,
    edited_section,
    head_table,
    sections_of,
    table,
)
from piramide.kernel.findings import Finding, Place

LINES: Final = "text"


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited file and what is to be said about it."""

    text: str
    findings: tuple[Finding, ...] = ()


def grids_of(path: str, raw: bytes) -> tuple[Grid, ...]:
    """The sheets of a file; none when it is no text or larger than a spreadsheet."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ()
    found = _tables(path, text) or (_lines(text, _stem(path)),)
    return found if all(grid.fits for grid in found) else ()


def edit(path: str, raw: bytes, sheets: Mapping[str, SentBack], file: str) -> Edited:
    """The file as its sheets (by name before shortening) say now; `file` is the workbook, for messages."""
    text = raw.decode("utf-8-sig")
    grids = _tables(path, text)
    if not grids:
        (sheet,) = sheets.values()
        return Edited("".join(f"{row[LINES].text}\n" for row in sheet.rows))
    if path.endswith(".csv"):
        return Edited(edited_csv(sheets[grids[0].name]))
    root = compose(text)
    sections = sections_of(path, root) if root is not None else None
    if root is None or sections is None:  # _tables took it for YAML with sections
        raise AssertionError(path)
    edited, notes = _edited_root(root, sections, path, sheets, file)
    answer = text if edited is root else splice(text, root, edited)
    if gone := lost_comments(text, answer):
        notes = [*notes, Finding("WB022", Place(path), path, {"lines": gone})]
    return Edited(answer, tuple(notes))


def _tables(path: str, text: str) -> tuple[Grid, ...]:
    """The tables of a CSV or of a YAML file; empty when it is neither."""
    if path.endswith(".csv"):
        found = csv_table(text, _stem(path))
        return () if found is None else (found,)
    if not path.endswith(".yaml") or (root := compose(text)) is None:
        return ()
    sections = sections_of(path, root)
    if sections is None or not all(_is_tabular(section) for section in sections):
        return ()
    head = [head_table(root, sections, _stem(path))] if _has_fields(path) else []
    return (*head, *(grid for section in sections for grid in _section_grids(section, path)))


def _has_fields(path: str) -> bool:
    return path.rsplit("/", 1)[-1].removesuffix(".yaml") in HEADED


def _is_tabular(section: Section) -> bool:
    return all(
        is_tabular(child(entry, tuple(part.split("."))))
        for _, entry in section.entries
        for part in section.shape.children
    )


def _section_grids(section: Section, path: str) -> Iterable[Grid]:
    name = _section_name(section, path)
    yield table(section, name)
    for part in section.shape.children:
        yield parts_table(section.entries, part, f"{name}-{part}")


def _edited_root(
    root: yaml.Node, sections: Iterable[Section], path: str, sheets: Mapping[str, SentBack], file: str
) -> tuple[yaml.Node, list[Finding]]:
    notes: list[Finding] = []
    known = list(sections)
    if _has_fields(path) and isinstance(root, yaml.MappingNode):
        root = edited_head(root, known, sheets[_stem(path)], file)
    for section in known:
        name = _section_name(section, path)
        parts = {part: sheets[f"{name}-{part}"] for part in section.shape.children}
        node, found = edited_section(section, sheets[name], parts, file)
        notes += found
        if node is section.node:
            continue
        inside = section.path and isinstance(root, yaml.MappingNode)
        root = with_child(root, section.path, node if node.value else None) if inside else node  # type: ignore[arg-type]
    return root, notes


def _section_name(section: Section, path: str) -> str:
    return "-".join((_stem(path), *section.path))


def _lines(text: str, name: str) -> Grid:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Grid(name, (LINES,), tuple((text_cell(line),) for line in lines), is_lines=True)


def _stem(path: str) -> str:
    """Name of the first sheet of a file: folders and name, without the extension."""
    return path.rsplit(".", 1)[0].replace("/", "-")
