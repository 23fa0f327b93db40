"""Parts of an entry that have a sheet of their own: checkpoints, bands, dated values, quarters, shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from piramide.exchange.workbook.cells import BLANK, Cell
from piramide.exchange.workbook.grids import Grid, Row, SentBack
from piramide.exchange.workbook.shapes import CHILD_COLUMNS, KEY, NAME, VALUE
from piramide.exchange.workbook.yaml_nodes import cell, child, items, mapping, node_of, scalar, sequence, with_child
from piramide.kernel.findings import Finding, Place, Refusal

Shown = tuple[tuple[tuple[str, Cell], ...], ...]


def parts_table(entries: Iterable[tuple[str, yaml.MappingNode]], part: str, name: str) -> Grid:
    """One row a part, after the key of its entry; the order inside an entry is that of the rows."""
    rows = [(key, dict(shown)) for key, entry in entries for shown in _shown(child(entry, tuple(part.split("."))))]
    extra = [column for _, row in rows for column in row]
    columns = (KEY, *dict.fromkeys((*CHILD_COLUMNS[part], *extra)))
    return Grid(
        name,
        columns,
        tuple(tuple(Cell(key) if column == KEY else row.get(column, BLANK) for column in columns) for key, row in rows),
    )


def is_tabular(node: yaml.Node | None) -> bool:
    """Whether a part can be laid out as rows: a mapping of scalars, or a list of scalars or of flat mappings."""
    if node is None:
        return True
    if isinstance(node, yaml.MappingNode):
        return all(isinstance(value, yaml.ScalarNode) for _, value in items(node))
    if not isinstance(node, yaml.SequenceNode):
        return False
    if all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return True
    flat = (isinstance(item, yaml.MappingNode) and is_tabular(item) for item in node.value)
    return all(flat) and not any(child(item, (KEY,)) for item in node.value)


def _shown(node: yaml.Node | None) -> Shown:
    if isinstance(node, yaml.MappingNode):
        return tuple(((NAME, Cell(key)), (VALUE, cell(value))) for key, value in items(node))
    if isinstance(node, yaml.SequenceNode):
        return tuple(_shown_item(item) for item in node.value)
    return ()


def _shown_item(item: yaml.Node) -> tuple[tuple[str, Cell], ...]:
    if isinstance(item, yaml.MappingNode):
        return tuple((key, cell(value)) for key, value in items(item))
    return ((VALUE, cell(item)),)


def orphans(
    parts: Iterable[SentBack], kept: Sequence[str], known: Mapping[str, yaml.MappingNode], file: str
) -> list[Finding]:
    """Notes on the parts of deleted entries, which go with them; refuses parts of what was never there."""
    notes: dict[str, Finding] = {}
    faults: list[Finding] = []
    for part in parts:
        for row in part.rows:
            key = row[KEY].text.strip()
            if key in kept:
                continue
            place = Place(file, 0, row.place(KEY))
            if key in known:
                notes.setdefault(f"{part.sheet}:{key}", Finding("WB026", place, key))
            else:
                faults.append(Finding("WB025" if key else "WB024", place, key or KEY))
    if faults:
        raise Refusal(*faults)
    return list(notes.values())


def edited_part(entry: yaml.MappingNode, part: str, rows: Sequence[Row], sheet: SentBack) -> yaml.MappingNode:
    """The very entry when its rows say what it says, else a copy with the part as the rows say."""
    path = tuple(part.split("."))
    old = child(entry, path)
    given = [{column: row[column] for column in sheet.columns if column != KEY and row[column].text} for row in rows]
    shown = [{column: value for column, value in pairs if value.text} for pairs in _shown(old)]
    if [_texts(row) for row in given] == [_texts(row) for row in shown]:
        return entry
    if not given:
        return with_child(entry, path, None)
    return with_child(entry, path, _part(part, given, old))


def _texts(row: Mapping[str, Cell]) -> dict[str, str]:
    return {column: value.text for column, value in row.items()}


def _part(part: str, given: Sequence[Mapping[str, Cell]], old: yaml.Node | None) -> yaml.Node:
    flow = bool(getattr(old, "flow_style", True))
    if CHILD_COLUMNS[part] == (NAME, VALUE):
        before = dict(items(old))
        pairs = [
            (scalar(row.get(NAME, BLANK).text), _kept(row.get(VALUE, BLANK), before.get(row.get(NAME, BLANK).text)))
            for row in given
        ]
        return mapping(pairs, flow=flow)
    olds: list[yaml.Node] = list(old.value) if isinstance(old, yaml.SequenceNode) else []
    if CHILD_COLUMNS[part] == (VALUE,):
        aligned = dict(enumerate(olds))
        return sequence([_kept(row.get(VALUE, BLANK), aligned.get(at)) for at, row in enumerate(given)], flow=flow)
    return sequence([_item(row, item) for row, item in zip(given, _aligned(given, olds), strict=True)], flow=flow)


def _aligned(given: Sequence[Mapping[str, Cell]], olds: Sequence[yaml.Node]) -> Iterator[yaml.Node | None]:
    """For each row the item it came from: in the same place when none was added or taken away, else the equal one."""
    for at, row in enumerate(given):
        if len(given) == len(olds):
            yield olds[at]
        else:
            yield next((old for old in olds if _texts(dict(_shown_item(old))) == _texts(row)), None)


def _item(row: Mapping[str, Cell], old: yaml.Node | None) -> yaml.Node:
    entry = old if isinstance(old, yaml.MappingNode) else mapping([], flow=True)
    for column in dict.fromkeys((*(key for key, _ in items(old)), *row)):
        given, before = row.get(column, BLANK), child(entry, (column,))
        if given.text != cell(before).text:
            value = node_of(given, before, is_word=False) if given.text else None
            entry = with_child(entry, (column,), value)
    return entry


def _kept(given: Cell, old: yaml.Node | None) -> yaml.Node:
    """The old scalar where it says the same, as it was written."""
    return old if old is not None and cell(old).text == given.text else node_of(given, old, is_word=False)
