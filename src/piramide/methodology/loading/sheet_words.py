"""From the section `sheet` to the words of the sheets, by kind of structure."""

from __future__ import annotations

from piramide.methodology.loading.read_sections import ReadSection
from piramide.methodology.loading.sheet_section import SheetSection
from piramide.methodology.sheet_words import Annex, SheetWords


def sheet_words(section: ReadSection) -> dict[str, SheetWords]:
    """Words by kind of structure."""
    return {kind: _words(kind, item, section) for kind, item in section.value.items()}


def _words(kind: str, item: SheetSection, section: ReadSection) -> SheetWords:
    return SheetWords(
        kind=kind,
        heading=item.heading,
        addressee=item.addressee,
        columns={name: title for name, title in item.columns.model_dump().items() if title},
        acts=tuple(item.acts),
        notes=tuple(item.notes),
        marks=dict(item.marks),
        annexes=tuple(Annex(annex.form, annex.title, annex.table, annex.head, annex.of) for annex in item.annexes),
        place=section.place(kind),
    )
