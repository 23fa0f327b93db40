"""The files of the chain as tables that identities read under their own names: `projects.csv`, `chain/missions.csv`.

Beside the columns of the file each has those that an author would otherwise write twice: the number in a code, the
year of a day, the lines that an entry of the register is linked to. A finding points at the row of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain as joined
from typing import Final

from piramide.kernel.findings import Place
from piramide.methodology.chain import CODE, Chain, ChainLine, Link, LinkKind, RegisterEntry
from piramide.methodology.citation import Citation
from piramide.methodology.model import Pack, Table

LEVELS: Final = "chain.yaml"
LINKS: Final = "links.csv"
REGISTER: Final = "projects.csv"
BETWEEN: Final = ";"
_NUMBER: Final = re.compile(r"(\d+)\D*$")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ENTRY: Final = ("structure", "id", "label", "kind", "node", "scored", "start", "end", "evidence", "responsible")
_READ_FROM: Final = {
    "id_printed": "id",
    "id_year": "id",
    "id_number": "id",
    "id_number_printed": "id",
    "start_year": "start",
    "end_year": "end",
}
"""Columns of the register that are read from one of the file, by which a message calls them."""


def chain_tables(pack: Pack) -> dict[str, Table]:
    """The files of the chain by name; none of a pack that has no chain.

    `chain.yaml` has a row for each level and, below it, for each kind of its lines: `level`, `kind`, `label`,
    `declared`, `listed`. Lines have `id`, `level`, `kind`, `label`, `under`, `number`; links their columns, with
    `printed` for the code as written, and `level`, `line_kind` and `number` of the line. An entry of the register has
    its columns and `id_printed`, `id_year`, `id_number`, `id_number_printed`, `start_year`, `end_year`; for each level
    its lines (`guideline`) and the number in them (`guideline_number`), empty where they differ; and for each level
    above another `guideline_of_objective`, the lines of the one above those that it is linked to of the other.
    """
    found = [*_levels(pack.chain), *_lines(pack.chain), *_links(pack.chain), *_register(pack)]
    return {table.id: table for table in found}


@dataclass(frozen=True, slots=True)
class _Row:
    """The texts of a row by column, and where it stands."""

    texts: Mapping[str, str]
    place: Place


def _table(
    name: str, key: Sequence[str], rows: Sequence[_Row], codes: Sequence[str], labels: Mapping[str, str]
) -> Table:
    columns = tuple(rows[0].texts)
    return Table(
        id=name,
        title=name,
        path=name,
        key=tuple(key),
        columns=columns,
        rows=tuple(tuple(row.texts[column] for column in columns) for row in rows),
        lines=tuple(row.place.line for row in rows),
        unit="text",
        citation=Citation("", ""),
        labels=labels,
        codes=tuple(codes),
    )


def _levels(chain: Chain) -> Iterator[Table]:
    rows = []
    for level in chain.levels.values():
        kinds = [line.kind for line in chain.of_level(level.id)]
        listed = {"": len(kinds), **{kind: kinds.count(kind) for kind in level.kinds}}
        parts = {"": (level.label, level.declared, level.place)}
        parts |= {name: (kind.label, kind.declared, kind.place) for name, kind in level.kinds.items()}
        for name, (label, declared, place) in parts.items():
            texts = {"level": level.id, "kind": name, "label": label}
            rows.append(_Row(texts | {"declared": _text(declared), "listed": str(listed[name])}, place))
    if rows:
        yield _table(LEVELS, ("level", "kind"), rows, (), {})


def _lines(chain: Chain) -> Iterator[Table]:
    files: dict[str, list[_Row]] = {}
    for line in chain.lines.values():
        texts = {"id": line.id, "level": line.level, "kind": line.kind, "label": line.label}
        texts |= {"under": BETWEEN.join(line.under), "number": _number(line.id), **_cited(line)}
        files.setdefault(line.place.file, []).append(_Row(texts, line.place))
    for name, rows in files.items():
        yield _table(name, ("id",), rows, ("number",), {})


def _links(chain: Chain) -> Iterator[Table]:
    rows = []
    for link in chain.links:
        line = chain.lines[link.to] if link.kind is LinkKind.CHAIN else None
        texts = {"structure": link.structure, "node": link.node, "kind": link.kind.value, "to": link.to}
        texts |= {"printed": link.printed, "level": line.level if line else "", "line_kind": line.kind if line else ""}
        rows.append(_Row(texts | {"number": _number(link.to) if line else "", **_cited(link)}, link.place))
    if rows:
        yield _table(LINKS, ("structure", "node", "kind", "to"), rows, ("number",), {})


def _register(pack: Pack) -> Iterator[Table]:
    chain = pack.chain
    linked: dict[tuple[str, str], list[ChainLine]] = {}
    for link in chain.links:
        if link.kind is LinkKind.CHAIN:
            linked.setdefault((link.structure, link.node), []).append(chain.lines[link.to])
    printed = {alias.canonical: alias.printed for alias in pack.aliases if alias.kind == CODE}
    rows = [
        _Row(_entry(entry, printed) | _linked(chain, linked.get(entry.key, [])) | _cited(entry), entry.place)
        for entry in chain.register
    ]
    if rows:
        labels = _READ_FROM | {f"{level.id}_number": level.label for level in chain.levels.values()}
        numbers = [column for column in rows[0].texts if column.endswith("_number")]
        yield _table(REGISTER, ("id",), rows, (*_READ_FROM, *numbers), labels)


def _entry(entry: RegisterEntry, printed: Mapping[str, str]) -> dict[str, str]:
    written = printed.get(entry.id, entry.id)
    number, year = _number(entry.id), _YEAR.search(entry.id.replace("_", " "))
    days = (entry.start, entry.end)
    texts = {name: _text(getattr(entry, name)) for name in _ENTRY}
    return texts | dict(
        zip(
            _READ_FROM,
            (
                written,
                year[1] if year else "",
                number,
                written[len(entry.id) - len(number) :] if number and entry.id.endswith(number) else number,
                *(str(day.year) if day else "" for day in days),
            ),
            strict=True,
        )
    )


def _linked(chain: Chain, lines: Sequence[ChainLine]) -> dict[str, str]:
    """The lines of each level, and those of each level that stand above the lines of a lower one."""
    texts: dict[str, str] = {}
    levels = list(chain.levels)
    for at, level in enumerate(levels):
        own = [line for line in lines if line.level == level]
        texts |= _named(level, own)
        above = list(joined.from_iterable((chain.lines[code] for code in line.under) for line in own))
        for upper in levels[:at]:
            texts |= _named(f"{upper}_of_{level}", [line for line in above if line.level == upper])
    return texts


def _named(name: str, lines: Sequence[ChainLine]) -> dict[str, str]:
    numbers = {_number(line.id) for line in lines}
    codes = dict.fromkeys(line.id for line in lines)
    return {name: BETWEEN.join(codes), f"{name}_number": numbers.pop() if len(numbers) == 1 else ""}


def _number(code: str) -> str:
    """The last whole number of a code: 3 of `2021_IS.3`."""
    found = _NUMBER.search(code)
    return found[1] if found else ""


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _cited(item: ChainLine | Link | RegisterEntry) -> dict[str, str]:
    return {"act": item.citation.act, "place": item.citation.place}
