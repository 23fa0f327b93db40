"""Rules of what a pack holds: its files, the keys of its tables, its past values, and that it says anything at all."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding, Place
from piramide.kernel.naming import nearest
from piramide.methodology.loading.files import FOLDERS, TOP_LEVEL
from piramide.methodology.model import Pack, walk
from piramide.methodology.target_rules import NATION


def check_files(pack: Pack) -> Iterator[Finding]:
    """Nothing at the top of the folder has a name that a pack does not read: it would be passed over in silence."""
    for name in pack.unread:
        known = FOLDERS if name.endswith("/") else TOP_LEVEL
        near = ", ".join(nearest(name, known) or nearest(name.partition(".")[0], known))
        yield Finding("PK031", Place(name), name.rstrip("/"), {"near": near})


def check_it_says_something(pack: Pack) -> Iterator[Finding]:
    """A pack without any sheet scores nothing; that is said."""
    if not pack.sheets:
        yield Finding("PK030", Place("pack.yaml"), pack.id)


def check_keys_of_tables(pack: Pack) -> Iterator[Finding]:
    """The key of a table names one row, so that an override and an identity can."""
    for table in pack.tables.values():
        if not set(table.key) <= set(table.columns):
            continue  # refused when the table was read
        at = [table.columns.index(name) for name in table.key]
        first: dict[str, int] = {}
        for line, row in zip(table.lines, table.rows, strict=True):
            key = "|".join(row[position] for position in at)
            if key in first:
                yield Finding("PK028", Place(table.path, line), key, {"other": first[key], "table": table.id})
            first.setdefault(key, line)


def check_columns_named(pack: Pack) -> Iterator[Finding]:
    """`labels` and `codes` of a table name columns that it has."""
    for table in pack.tables.values():
        for name in dict.fromkeys((*table.labels, *table.codes)):
            if name not in table.columns:
                fields = {"kind": "column", "name": name, "near": ", ".join(nearest(name, table.columns))}
                yield Finding("PK001", Place("tables.yaml"), table.id, fields)


def check_names_of_history(pack: Pack) -> Iterator[Finding]:
    """A past value belongs to a structure of the pack and to a node or an indicator that it has."""
    structures = {*pack.organisation.ids(), NATION}
    trees = [sheet.tree for sheet in pack.sheets.values()] + list(pack.templates.values())
    nodes = {node.id for tree in trees for node in walk(tree)} | set(pack.indicators)
    for key in pack.history:
        place = pack.history_places.get(key, Place("history.csv"))
        for kind, name, known in (("structure", key[0], structures), ("node", key[1], nodes)):
            if name not in known:
                fields = {"kind": kind, "name": name, "near": ", ".join(nearest(name, sorted(known)))}
                yield Finding("PK001", place, ", ".join(key), fields)


RULES = (check_files, check_it_says_something, check_keys_of_tables, check_columns_named, check_names_of_history)
