"""Rules of the words of the sheets: what they name is there, and they can be said."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from piramide.kernel.findings import Finding
from piramide.kernel.naming import nearest
from piramide.methodology.model import Pack
from piramide.methodology.sheet_words import AnnexForm, SheetWords

NEEDED = {
    AnnexForm.TREE: ("level", "label", "amount_eur"),
    AnnexForm.RULES: ("indicator", "forecast", "lower_pct", "upper_pct"),
    AnnexForm.PROJECTS: ("project_id", "title"),
    AnnexForm.TABLE: (),
    AnnexForm.LINES: (),
    AnnexForm.RISKS: (),
    AnnexForm.PHASES: (),
}
"""Columns that the table of an annex has, by its form."""

Named = tuple[str, str, Collection[str]]
"""What is named, its name, the names there are."""


def check_sheet_words(pack: Pack) -> Iterator[Finding]:
    """Kinds, acts, nodes, tables and columns that the words of the sheets name are declared (PK001)."""
    kinds = {place.kind for place in pack.organisation.versions} | set(pack.structure_kinds)
    nodes = {node.id for sheet in pack.sheets.values() for node in sheet.walk()}
    for words in pack.sheet_words.values():
        named: list[Named] = [("structure_kind", words.kind, kinds)]
        named += [("act", act, pack.acts) for act in words.acts]
        named += [("node", node, nodes) for node in words.marks]
        for kind, name, known in (*named, *_of_annexes(words, pack)):
            if name not in known:
                fields = {"kind": kind, "name": name, "near": ", ".join(nearest(name, sorted(known)))}
                yield Finding("PK001", words.place, words.kind, fields)


def _of_annexes(words: SheetWords, pack: Pack) -> Iterator[Named]:
    for annex in words.annexes:
        table = pack.tables.get(annex.table)
        if table is not None:
            yield from (("column", column, table.columns) for column in NEEDED[annex.form])
        elif annex.table:
            yield "table", annex.table, pack.tables
        if annex.of:
            yield "structure", annex.of, pack.organisation.ids()


def check_tables_of_annexes(pack: Pack) -> Iterator[Finding]:
    """A form that is drawn from a table names one, and one that has a file of its own names none (PK069)."""
    for words in pack.sheet_words.values():
        for annex in words.annexes:
            lacks = annex.form.needs_table and not annex.table
            if lacks or (annex.form.has_only_a_file and annex.table):
                columns = ", ".join(NEEDED[annex.form]) or "structure"
                fields = {
                    "annex": annex.title,
                    "form": annex.form.value,
                    "columns": columns if lacks else "",
                    "tables": ", ".join(pack.tables) if lacks else "",
                    "table": annex.table,
                }
                yield Finding("PK069", words.place, words.kind, fields)


def check_fields_of_sheet_words(pack: Pack) -> Iterator[Finding]:
    """Between braces the heading holds `year`, the addressee `structure`, and nothing else (PK065)."""
    for words in pack.sheet_words.values():
        for text, known in ((words.heading, "year"), (words.addressee, "structure")):
            if not _is_said(text, known):
                yield Finding("PK065", words.place, words.kind, {"text": text, "known": f"{{{known}}}"})


def _is_said(text: str, known: str) -> bool:
    return not set(text.replace(f"{{{known}}}", "")) & set("{}")


RULES = (check_sheet_words, check_tables_of_annexes, check_fields_of_sheet_words)
