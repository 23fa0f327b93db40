"""A YAML file of a pack as tables, and the edits of the tables back in its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from piramide.exchange.workbook import yaml_parts
from piramide.exchange.workbook.cells import BLANK, Cell, Kind
from piramide.exchange.workbook.grids import FIELD, Grid, Row, SentBack
from piramide.exchange.workbook.shapes import HEADED, KEY, VALUE, Shape, shape_of
from piramide.exchange.workbook.yaml_nodes import TAG, cell, child, items, mapping, node_of, scalar, with_child
from piramide.kernel.findings import Finding, Place, Refusal

_NAME: Final = re.compile(r"[^.\s\[\]{}][^.\n]*")
_ALWAYS: Final = frozenset({"before"})
"""Fields that an entry must have, even empty: an override may depart from an empty cell."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a file: its name, where it stands (empty path: the file), its node, how it is laid out."""

    name: str
    path: tuple[str, ...]
    node: yaml.CollectionNode
    shape: Shape

    @property
    def entries(self) -> list[tuple[str, yaml.MappingNode]]:
        """Each entry with its key; in a list, its `id`."""
        if isinstance(self.node, yaml.MappingNode):
            return list(items(self.node))  # type: ignore[arg-type]  # sections_of took only mappings of mappings
        return [(cell(child(item, (KEY,))).text, item) for item in self.node.value]


def sections_of(file: str, root: yaml.Node) -> list[Section] | None:
    """The sections in a file: itself, or those inside `pack.yaml` and `chain.yaml`; `None` when it is neither."""
    name = file.rsplit("/", 1)[-1].removesuffix(".yaml")
    if name not in HEADED:
        found = _section(name, (), root)
        return None if found is None else [found]
    if not isinstance(root, yaml.MappingNode) or not _is_named(root):
        return None
    inline = (_section(key, (key,), value) for key, value in items(root))
    return [section for section in inline if section is not None]


def _section(name: str, path: tuple[str, ...], node: yaml.Node) -> Section | None:
    shape = shape_of(name)
    if shape is None or not isinstance(node, yaml.CollectionNode) or not node.value:
        return None
    if isinstance(node, yaml.SequenceNode) != shape.is_list:
        return None
    entries = node.value if shape.is_list else [value for _, value in node.value]
    if not all(isinstance(entry, yaml.MappingNode) and _is_named(entry) for entry in entries):
        return None
    section = Section(name, path, node, shape)
    keys = [key for key, _ in section.entries]
    return section if all(keys) and len(set(keys)) == len(keys) else None


def _is_named(node: yaml.Node) -> bool:
    """Whether the keys of a mapping can stand in a dotted heading."""
    return all(_NAME.fullmatch(key) and _is_named(value) for key, value in items(node))


def flat(node: yaml.Node | None, shape: Shape, prefix: str = "") -> dict[str, Cell]:
    """The fields of an entry by heading, without those that have a sheet of their own."""
    found: dict[str, Cell] = {}
    for key, value in items(node):
        name = f"{prefix}{key}"
        if name in shape.children:
            continue
        if isinstance(value, yaml.MappingNode) and value.value and not shape.inline:
            found |= flat(value, shape, f"{name}.")
        else:
            found[name] = cell(value)
    return found


def table(section: Section, name: str) -> Grid:
    """One row an entry, one column a field."""
    rows = [(key, flat(node, section.shape)) for key, node in section.entries]
    used = dict.fromkeys(column for _, row in rows for column in row)
    first = (KEY,) if KEY not in used else ()
    extra = [column for column in used if column not in section.shape.columns]
    columns = (*first, *dict.fromkeys((*(c for c in extra if "." in c), *section.shape.columns, *extra)))
    ordered = tuple(sorted(columns, key=lambda column: column != KEY))
    return Grid(
        name,
        ordered,
        tuple(tuple(Cell(key) if column == KEY else row.get(column, BLANK) for column in ordered) for key, row in rows),
    )


def head_table(root: yaml.Node, sections: Iterable[Section], name: str) -> Grid:
    """A file of fields without its sections: one row a field."""
    shape = Shape((), tuple(section.name for section in sections))
    return Grid(name, (FIELD, VALUE), tuple((Cell(key), value) for key, value in flat(root, shape).items()))


def edited_head(root: yaml.MappingNode, sections: Iterable[Section], sheet: SentBack, file: str) -> yaml.MappingNode:
    """The file with the fields of its sheet."""
    names = tuple(section.name for section in sections)
    _refuse_keys(sheet, FIELD, file)
    given = {row[FIELD].text.strip(): row[VALUE] for row in sheet.rows}
    return edited(root, given, Shape((), names), {})


def edited_section(
    section: Section, sheet: SentBack, parts: Mapping[str, SentBack], file: str
) -> tuple[yaml.CollectionNode, list[Finding]]:
    """The section with the rows of its sheets, and notes on what went with a deleted entry.

    Refuses an entry without id (WB024), one twice (WB023), and a part of an entry that nothing declares (WB025).
    """
    _refuse_keys(sheet, KEY, file)
    known = dict(section.entries)
    words = _word_columns(section)
    kept = [row[KEY].text.strip() for row in sheet.rows]
    notes = yaml_parts.orphans(parts.values(), kept, known, file)
    found: list[tuple[str, yaml.MappingNode]] = []
    for row in sheet.rows:
        key = row[KEY].text.strip()
        given = {column: row[column] for column in sheet.columns if section.shape.is_list or column != KEY}
        entry = known.get(key) or mapping([], flow=_is_flow(section))
        entry = edited(entry, given, section.shape, words)
        for name, part in parts.items():
            entry = yaml_parts.edited_part(entry, name, [r for r in part.rows if r[KEY].text.strip() == key], part)
        found.append((key, entry))
    return _collected(section, found), notes


def _collected(section: Section, found: Sequence[tuple[str, yaml.MappingNode]]) -> yaml.CollectionNode:
    old = section.entries
    if len(old) == len(found) and all(a is d and k == n for (k, a), (n, d) in zip(old, found, strict=True)):
        return section.node
    if section.shape.is_list:
        return yaml.SequenceNode(f"{TAG}seq", [entry for _, entry in found], flow_style=section.node.flow_style)
    names = {key.value: key for key, _ in section.node.value}
    pairs = [(names.get(key) or scalar(key), entry) for key, entry in found]
    return yaml.MappingNode(f"{TAG}map", pairs, flow_style=section.node.flow_style)


def edited(
    entry: yaml.MappingNode, given: Mapping[str, Cell], shape: Shape, words: Mapping[str, bool]
) -> yaml.MappingNode:
    """The very entry when no cell differs, else a copy with the cells that do."""
    shown = flat(entry, shape)
    for column in (*(name for name in shown if name not in given), *given):
        before, after = shown.get(column, BLANK), given.get(column, BLANK)
        path = (column,) if shape.inline else tuple(column.split("."))
        is_needed = shape.is_list and column in _ALWAYS  # of overrides alone; a measure has a `before` of its own
        stands = not is_needed or child(entry, path) is not None
        if stands and before.text in {after.text, after.text.strip()}:
            continue
        old = child(entry, path)
        value: yaml.Node | None = None
        if after.text or is_needed:
            value = node_of(after, old, is_word=words.get(column, False))
        entry = with_child(entry, path, value)
    return entry


def _word_columns(section: Section) -> dict[str, bool]:
    """Whether each column holds texts and no number, so that a number typed there stays a text."""
    answer: dict[str, bool] = {}
    for _, entry in section.entries:
        for column, shown in flat(entry, section.shape).items():
            node = child(entry, (column,) if section.shape.inline else tuple(column.split(".")))
            if shown.text and node is not None:
                is_word = shown.kind is Kind.TEXT and node.tag == f"{TAG}str"
                answer[column] = answer.get(column, True) and is_word
    return answer


def _is_flow(section: Section) -> bool:
    """New entries look as the others do."""
    return all(entry.flow_style for _, entry in section.entries)


def _refuse_keys(sheet: SentBack, column: str, file: str) -> None:
    """Every row has its own key."""
    if findings := list(_key_faults(sheet.rows, column, file)):
        raise Refusal(*findings)


def _key_faults(rows: Iterable[Row], column: str, file: str) -> Iterator[Finding]:
    seen: dict[str, Row] = {}
    for row in rows:
        key = row[column].text.strip()
        place = Place(file, 0, row.place(column))
        if not key:
            yield Finding("WB024", place, column)
        elif key in seen:
            yield Finding("WB023", place, key, {"first": seen[key].place(column)})
        seen.setdefault(key, row)
