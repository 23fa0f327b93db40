"""The projects that the sheets list, as the register of a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from piramide.exchange.sheets.imported import ImportedSheet, Project
from piramide.exchange.sheets.leaves import is_of_projects
from piramide.exchange.sheets.pack_texts import csv_text
from piramide.kernel.naming import slug
from piramide.methodology.chain import IsScored
from piramide.methodology.loading.chain import REGISTER_COLUMNS
from piramide.methodology.loading.stated_rows import CITED
from piramide.methodology.model import with_ancestors


def register_text(sheets: Sequence[ImportedSheet]) -> str:
    """Text of `projects.csv`; empty where no sheet lists a project."""
    rows = [row for sheet in sheets for row in _rows(sheet)]
    return csv_text((*REGISTER_COLUMNS, *CITED), rows) if rows else ""


def _rows(sheet: ImportedSheet) -> Iterator[Sequence[str]]:
    """The first project of each code; its first two parts are programme and office, where the second is a word.

    The sheet scores it by the projects of the part that it stands under.
    """
    act = next((key for key in sheet.acts if key.startswith("obiettivi")), "")
    leaves = _leaves_by_part(sheet)
    labels = {alias.printed: alias.canonical for alias in sheet.aliases}
    listed: dict[str, Project] = {}
    for item in sheet.projects:
        listed.setdefault(item.id, item)
    for item in listed.values():
        programme, office, *_ = (*item.id.split("_"), "", "")
        if not office.isalpha():
            programme = office = ""
        part = labels.get(item.sub_dimension, item.sub_dimension)
        node = leaves.get(slug(part), "") if part else ""
        scored = IsScored.YES if node else IsScored.UNSAID
        place = f"scheda {sheet.structure.label}, Allegato 3, riga {item.place.line}"
        yield (
            sheet.structure.id, item.id, item.title or item.id, programme, node, scored.value, "", "", "", office, act,
            place,
        )  # fmt: skip


def _leaves_by_part(sheet: ImportedSheet) -> Mapping[str, str]:
    """The leaf that scores the projects of each part of the sheet, by the label of the part."""
    return {
        slug(above[-1].label): node.id
        for node, above in with_ancestors(sheet.tree)
        if above and not node.children and is_of_projects(node)
    }
