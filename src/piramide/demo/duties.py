"""The invented work of the demonstration: what each of its people finds to do. Days count from the day it begins.

Two collections, one of them late, with some answers given and confirmed; a contested figure; deliverables of projects
to attest and to validate; a draft of the plan that waits for the OIV; the last results validated and not yet published;
two days of the calendar; sheets handed out, of which some are seen, one with a reservation, and one is late. All of it
goes through what people themselves use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from piramide.demo.values import demonstration
from piramide.scoring.value_table import read_rows

NATION = "nazionale"
PLANNER, OWNER, MILANO, TRENTINO = (f"{name}@example.org" for name in ("pianificazione", "dati", "milano", "trentino"))
ATTESTER, OIV, PUBLISHER = (f"{name}@example.org" for name in ("legale", "oiv", "pubblicazione"))


@dataclass(frozen=True, slots=True)
class InventedAnswers:
    """What `person` answers for a structure: all of it and confirmed, or the first `only` figures."""

    person: str
    structure: str
    only: int | None = None


@dataclass(frozen=True, slots=True)
class InventedCampaign:
    """A collection for the named structures and those `below`, due in so many days; `answers` are given already."""

    title: str
    period: str
    due_in: int
    note: str
    below: tuple[str, ...]
    answers: tuple[InventedAnswers, ...]


@dataclass(frozen=True, slots=True)
class InventedContest:
    """A figure of the newest run that somebody contests."""

    person: str
    structure: str
    node: str
    reason: str


@dataclass(frozen=True, slots=True)
class InventedDeliverable:
    """A deliverable of the first project of a structure, and the last step that was taken: delivered or attested."""

    structure: str
    code: str
    label: str
    step: str
    person: str


@dataclass(frozen=True, slots=True)
class InventedDraft:
    """A draft over the plan in force with one changed target, proposed."""

    pack: str
    label: str
    structure: str
    node: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class InventedAssignment:
    """The sheets of some structures, handed out by one act; who has `seen` one, and with which reservation if any.

    The term passed so many days ago: the sheet of a structure that nobody in office has seen is late.
    """

    structures: tuple[str, ...]
    holds_from: str
    due_in: int
    issuer: str
    seen: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class InventedDay:
    """A day of the calendar for who may do `action` on the whole organisation."""

    title: str
    due_in: int
    action: str


@dataclass(frozen=True, slots=True)
class InventedWork:
    """Everything, with who does what nobody else is named for; `values` holds invented values by structure and node.

    `project` is the code of a project for structures that have none.
    """

    planner: str
    attester: str
    oiv: str
    publisher: str
    campaigns: tuple[InventedCampaign, ...]
    contest: InventedContest
    deliverables: tuple[InventedDeliverable, ...]
    draft: InventedDraft
    days: tuple[InventedDay, ...]
    assignment: InventedAssignment
    project: str
    act: str
    document: str
    passed_over: str
    values: dict[tuple[str, str], str]


def invented_work() -> InventedWork:
    """What is to do in the demonstration."""
    job = demonstration()
    year = job.years[-1]
    third, fourth = f"{year}-Q3", f"{year}-Q4"
    note = "Campagna inventata per la dimostrazione: nessuno l'ha aperta davvero."
    return InventedWork(
        planner=PLANNER,
        attester=ATTESTER,
        oiv=OIV,
        publisher=PUBLISHER,
        campaigns=(
            InventedCampaign(
                f"4° trimestre {year} (campagna inventata)", fourth, 10, note, (NATION,),
                (
                    InventedAnswers(TRENTINO, "prov_trento"),
                    InventedAnswers(TRENTINO, "prov_bolzano", 2),
                    InventedAnswers(OWNER, "prov_bergamo"),
                ),
            ),
            InventedCampaign(
                f"Integrazione del 3° trimestre {year} (campagna inventata)", third, -5, note,
                ("dcm_milano", "trentino_alto_adige"),
                (InventedAnswers(TRENTINO, "prov_trento"),),
            ),
        ),
        contest=InventedContest(
            MILANO, "dcm_milano", "indice_audit",
            "Due rilievi dell'audit sono stati chiusi prima della fine del periodo (motivo inventato).",
        ),
        deliverables=(
            InventedDeliverable("dcm_milano", "D-01", "Relazione intermedia (inventata)", "delivered", MILANO),
            InventedDeliverable("dcm_milano", "D-02", "Elenco delle procedure (inventato)", "attested", MILANO),
            InventedDeliverable("trentino_alto_adige", "D-01", "Relazione finale (inventata)", "delivered", TRENTINO),
        ),
        draft=InventedDraft(
            f"{job.pack}-inventato", f"Modifica degli obiettivi {year} (inventata)",
            "dcm_milano", "indice_deflusso", "1.02",
            "Il carico di lavoro è cresciuto meno del previsto (motivo inventato).",
        ),
        days=(
            InventedDay("Verificare l'esecuzione del 4° trimestre (scadenza inventata)", 14, "verify"),
            InventedDay("Rivedere ruoli e deleghe (scadenza inventata)", 20, "manage_users"),
        ),
        assignment=InventedAssignment(
            ("dcm_milano", "piemonte", "trentino_alto_adige", "prov_trento", "prov_bolzano"), f"{year}-03-01", -3,
            "Direzione generale (atto inventato)",
            (
                (TRENTINO, "prov_trento", ""),
                (TRENTINO, "trentino_alto_adige", "Il personale è meno di quello previsto (riserva inventata)."),
            ),
        ),
        project="INVENTATO",
        act="1/inventato",
        document="Documento inventato per la dimostrazione",
        passed_over="I dati sono inventati: si va avanti per mostrare come si pubblica (motivo inventato).",
        values=_values(job.values, (fourth, third)),
    )  # fmt: skip


def _values(file: Path, periods: Sequence[str]) -> dict[tuple[str, str], str]:
    """The invented values by structure and node, those of the first period before others."""
    found: dict[tuple[str, str], str] = {}
    rows = [row for row in read_rows(file).to_pylist() if row["value"]]
    for period in periods:
        for row in rows:
            if row["period"] == period:
                found.setdefault((row["structure"], row["indicator"]), row["value"])
    return found
