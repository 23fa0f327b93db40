"""The chain of a pack: `chain.yaml`, `chain/*.csv`, `links.csv`, `objective_risks.csv`, `projects.csv`.

Every fault of a file is told at once; a file is read when those that it names hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.chain import (
    CODE,
    Chain,
    ChainLevel,
    ChainLine,
    IsScored,
    LineKind,
    Link,
    LinkKind,
    ObjectiveRisk,
    RegisterEntry,
    RiskLevel,
)
from piramide.methodology.citation import Citation
from piramide.methodology.loading.chain_section import LevelSection
from piramide.methodology.loading.csv_text import Row, read_csv
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.read_sections import ReadSection
from piramide.methodology.loading.stated_rows import (
    CITED,
    Keyed,
    Nodes,
    cited,
    day_of,
    named,
    stated_rows,
    structure_of,
    unknown_node,
    word_of,
)
from piramide.methodology.model import Alias, Sheet, Table

LINE_COLUMNS: Final = ("id", "level", "kind", "label", "under")
LINK_COLUMNS: Final = ("structure", "node", "kind", "to")
RISK_COLUMNS: Final = ("structure", "node", "risk", "text", "level", "response")
REGISTER_COLUMNS: Final = (
    "structure", "id", "label", "kind", "node", "scored", "start", "end", "evidence", "responsible",
)  # fmt: skip
CHAPTER_COLUMNS: Final = ("chapter", "title")
"""What the table of chapters has at least."""
UNDER: Final = "under"
BETWEEN: Final = ";"
_SDG: Final = re.compile(r"(1[0-7]|[1-9])(\.[0-9a-z]{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What the files of the chain may name: structures, sheets, tables of the pack, and its misprinted codes."""

    structures: Collection[str]
    sheets: Mapping[str, Sheet]
    tables: Mapping[str, Table]
    aliases: Iterable[Alias]


def read_chain(files: PackFiles, section: ReadSection, known: Known) -> Chain:
    """The chain; empty where the pack has none."""
    levels = _levels(section)
    lines = _lines(files, levels)
    aliases = {a.printed: a.canonical for a in known.aliases if a.kind == CODE and a.canonical in lines}
    chapters = section.value.chapters if section.text else ""
    paid = _chapters(chapters, section, known.tables, lines)
    nodes = {name: {node.id for node in sheet.walk()} for name, sheet in known.sheets.items()}
    register = stated_rows(files, "projects.csv", REGISTER_COLUMNS, lambda row: _entry(row, known.structures, nodes))
    for entry in register:
        nodes.setdefault(entry.structure, set()).add(entry.id)
    chain = Chain(levels, lines, (), (), register, chapters, aliases)
    return Chain(
        levels,
        lines,
        stated_rows(files, "links.csv", LINK_COLUMNS, lambda row: _link(row, chain, known.structures, nodes, paid)),
        stated_rows(files, "objective_risks.csv", RISK_COLUMNS, lambda row: _risk(row, known.structures, nodes)),
        register,
        chapters,
        aliases,
        {chapter: above for chapter, above in (paid or {}).items() if above},
    )


def _levels(section: ReadSection) -> dict[str, ChainLevel]:
    if section.text is None:
        return {}
    return {key: _level(key, item, section) for key, item in section.value.levels.items()}


def _level(key: str, item: LevelSection, section: ReadSection) -> ChainLevel:
    cited = Citation(item.act, item.place)
    kinds = {
        name: LineKind(kind.label, kind.declared, cited, section.place("levels", key, "kinds", name))
        for name, kind in item.kinds.items()
    }
    return ChainLevel(key, item.label, item.declared, cited, section.place("levels", key), kinds)


def _lines(files: PackFiles, levels: Mapping[str, ChainLevel]) -> dict[str, ChainLine]:
    """Lines by code. A line stands under lines of higher levels only, so that no line leads back to itself."""
    lines: dict[str, ChainLine] = {}
    findings: list[Finding] = []
    read: list[tuple[Row, ChainLine]] = []
    for path in files.matching("chain/*.csv"):
        for row in read_csv(files.text(path), path, LINE_COLUMNS, CITED).rows:
            try:
                line = _line(row, levels)
                if line.id in lines:
                    raise refuse("PL026", row.place("id"), key=line.id)
            except Refusal as refusal:
                findings.extend(refusal.findings)
                continue
            lines[line.id] = line
            read.append((row, line))
    if not findings:
        ranks = {name: rank for rank, name in enumerate(levels)}
        findings.extend(fault for row, line in read for fault in _faults_above(row, line, lines, ranks))
    if findings:
        raise Refusal(*findings)
    return lines


def _line(row: Row, levels: Mapping[str, ChainLevel]) -> ChainLine:
    level = row.required("level")
    if level not in levels:
        known = ", ".join(nearest(level, levels) or levels) or "-"
        raise refuse("PL080", row.place("level"), row["id"], level=level, known=known)
    under = _codes(row[UNDER])
    if BETWEEN in row["id"]:
        raise refuse("PL088", row.place("id"), row["id"], sign=BETWEEN)
    return ChainLine(row.required("id"), level, row["kind"], row["label"], under, cited(row), row.place())


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for part in text.split(BETWEEN) if (code := part.strip()))


def _faults_above(
    row: Row, line: ChainLine, lines: Mapping[str, ChainLine], ranks: Mapping[str, int]
) -> Iterator[Finding]:
    for code in line.under:
        if code not in lines:
            near = ", ".join(nearest(code, lines)) or "-"
            yield Finding("PL081", row.place("under"), line.id, {"above": code, "near": near})
        elif ranks[lines[code].level] >= ranks[line.level]:
            yield Finding("PL082", row.place("under"), line.id, {"above": code, "level": lines[code].level})


def _chapters(
    name: str, section: ReadSection, tables: Mapping[str, Table], lines: Collection[str]
) -> dict[str, tuple[str, ...]] | None:
    """The lines under which each chapter is listed, by its code; `None` where the chain names no table of chapters."""
    if not name:
        return None
    place = section.place("chapters")
    if name not in tables:
        raise refuse("PL085", place, name, near=", ".join(nearest(name, tables)) or "-")
    table = tables[name]
    for column in CHAPTER_COLUMNS:
        if column not in table.columns:
            raise refuse("PL020", place, column, column=column, found=", ".join(table.columns))
    found: dict[str, tuple[str, ...]] = {}
    findings: list[Finding] = []
    for cells, line in zip(table.rows, table.lines, strict=True):
        row = dict(zip(table.columns, cells, strict=True))
        above = _codes(row.get(UNDER, ""))
        found[row[CHAPTER_COLUMNS[0]]] = above
        for code in (code for code in above if code not in lines):
            near = ", ".join(nearest(code, lines)) or "-"
            where = Place(table.path, line, UNDER)
            findings.append(Finding("PL081", where, row[CHAPTER_COLUMNS[0]], {"above": code, "near": near}))
    if findings:
        raise Refusal(*findings)
    return found


def _entry(row: Row, structures: Collection[str], nodes: Nodes) -> Keyed[RegisterEntry]:
    structure = structure_of(row, structures)
    node = row["node"]
    if node and node not in nodes.get(structure, ()):
        raise unknown_node(row, structure, node, nodes)
    start, end = day_of(row, "start"), day_of(row, "end")
    if start and end and end < start:
        raise refuse("PL086", row.place("end"), row["id"], start=start, end=end)
    entry = RegisterEntry(
        structure,
        row.required("id"),
        row.required("label"),
        row["kind"],
        node,
        word_of(IsScored, row, "scored"),
        start,
        end,
        row["evidence"],
        row["responsible"],
        cited(row),
        row.place(),
    )
    return entry.key, entry


def _link(
    row: Row, chain: Chain, structures: Collection[str], nodes: Nodes, chapters: Collection[str] | None
) -> Keyed[Link]:
    structure, node = named(row, structures, nodes)
    kind, printed = word_of(LinkKind, row, "kind"), row.required("to")
    to = printed
    if kind is LinkKind.CHAIN:
        line = chain.line(printed)
        if line is None:
            near = ", ".join(nearest(printed, chain.lines)) or "-"
            raise refuse("PL083", row.place("to"), printed, near=near)
        to = line.id
    elif kind is LinkKind.CHAPTER and (chapters is None or printed not in chapters):
        near = ", ".join(nearest(printed, chapters or ())) or "-"
        raise refuse("PL087", row.place("to"), printed, table=chain.chapters or "-", near=near)
    elif kind is LinkKind.SDG and not _SDG.fullmatch(printed):
        raise refuse("PL089", row.place("to"), printed)
    link = Link(structure, node, kind, to, printed, cited(row), row.place())
    return link.key, link


def _risk(row: Row, structures: Collection[str], nodes: Nodes) -> Keyed[ObjectiveRisk]:
    structure, node = named(row, structures, nodes)
    risk = ObjectiveRisk(
        structure,
        node,
        row.required("risk"),
        row.required("text"),
        word_of(RiskLevel, row, "level"),
        row["response"],
        cited(row),
        row.place(),
    )
    return risk.key, risk
