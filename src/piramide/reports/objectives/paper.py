"""What an objective sheet is made of, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass

from piramide.reports.printed_tables import AnnexPaper, Table


@dataclass(frozen=True, slots=True)
class ObjectivesSheet:
    """The sheet of one structure: heading, addressee, table, acts and notes, annexes.

    `warning` says that what follows is invented; `basis` names plan, fingerprint and day; `plan` and `structure` are
    ids, kept in the file so that an import reads it with the vocabulary of its own plan.
    """

    plan: str
    structure: str
    structure_label: str
    administration: str
    language: str
    year: int
    heading: str
    addressee: str
    objectives: Table
    acts: tuple[str, ...]
    notes: tuple[str, ...]
    annexes: tuple[AnnexPaper, ...]
    basis: str
    page: str
    warning: str = ""

    @property
    def keywords(self) -> str:
        """What the file says of itself to an import."""
        return f"piramide plan={self.plan} structure={self.structure}"
