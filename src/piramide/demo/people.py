"""The invented users of the demonstration, one of each role. Their password is printed loudly and is no secret."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "dimostrazione-2024"  # noqa: S105 - the demonstration says it loudly
PUBLISHED_UNTIL = "2024-12-01"
"""Runs of periods that end before this day are published in the demonstration; the last one waits for its acts."""


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """A user of the demonstration: `role` held on `structure`."""

    email: str
    name: str
    role: str
    structure: str


def people() -> tuple[InventedPerson, ...]:
    """Everybody who can sign in to the demonstration."""
    return (
        InventedPerson("pianificazione@example.org", "Paola Piani", "planner", "nazionale"),
        InventedPerson("milano@example.org", "Mario Navigli", "director", "dcm_milano"),
        InventedPerson("trentino@example.org", "Teresa Dolomiti", "director", "trentino_alto_adige"),
        InventedPerson("dati@example.org", "Dario Dati", "data_owner", "nazionale"),
        InventedPerson("legale@example.org", "Letizia Leggi", "attester", "nazionale"),
        InventedPerson("validazione@example.org", "Valeria Verifica", "attester", "nazionale"),
        InventedPerson("oiv@example.org", "Olga Valutazione", "oiv", "nazionale"),
        InventedPerson("revisore@example.org", "Renato Conti", "auditor", "nazionale"),
        InventedPerson("pubblicazione@example.org", "Patrizia Trasparente", "publisher", "nazionale"),
        InventedPerson("amministrazione@example.org", "Anna Sistemi", "administrator", "nazionale"),
    )
