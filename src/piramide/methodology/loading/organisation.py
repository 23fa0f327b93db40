"""The organisation of a pack from `organisation.csv`, or from `pack.yaml` where it is small and never changes."""

from __future__ import annotations

from datetime import date

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.organisation import Organisation, Structure
from piramide.methodology.loading.csv_text import Row, read_csv
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.sections import PackSection
from piramide.methodology.loading.shipped import shipped
from piramide.methodology.loading.yaml_text import YamlText

KINDS = shipped().kinds
"""Kinds every pack may use; others are declared under `structure_kinds` in `pack.yaml`."""

REQUIRED = ("id", "label", "kind", "parent")
OPTIONAL = ("additive", "clusters", "from", "until", "succeeded_by", "act", "place")


Read = tuple[Organisation, tuple[Place, ...]]


def read_organisation(files: PackFiles, pack: PackSection, text: YamlText) -> Read:
    """Every version of every structure, and where each stands; refuses what cannot be read, all faults at once."""
    kinds = KINDS | frozenset(pack.structure_kinds)
    if not files.has("organisation.csv"):
        return _inline(pack, kinds, text)
    if pack.organisation:
        raise refuse("PL015", text.place("organisation"), section="organisation", file="organisation.csv")
    sheet = read_csv(files.text("organisation.csv"), "organisation.csv", REQUIRED, OPTIONAL)
    findings: list[Finding] = []
    versions = []
    for row in sheet.rows:
        try:
            versions.append(_structure(row, kinds))
        except Refusal as refusal:
            findings.extend(refusal.findings)
    if findings:
        raise Refusal(*findings)
    return Organisation(tuple(versions)), tuple(row.place() for row in sheet.rows)


def _inline(pack: PackSection, kinds: frozenset[str], text: YamlText) -> Read:
    if not pack.organisation:
        raise refuse("PL006", Place("organisation.csv"))
    versions = []
    for name, given in pack.organisation.items():
        if given.kind not in kinds:
            place = text.place("organisation", name, "kind")
            raise refuse("PL040", place, given.kind, known=", ".join(sorted(kinds)))
        versions.append(Structure(name, given.label, given.kind, given.parent))
    return Organisation(tuple(versions)), tuple(text.place("organisation", name) for name in pack.organisation)


def _structure(row: Row, kinds: frozenset[str]) -> Structure:
    kind = row.required("kind")
    if kind not in kinds:
        raise refuse("PL040", row.place("kind"), kind, known=", ".join(sorted(kinds)))
    return Structure(
        id=row.required("id"),
        label=row.required("label"),
        kind=kind,
        parent=row["parent"],
        additive=_yes(row),
        clusters=_clusters(row),
        since=_day(row, "from"),
        until=_day(row, "until"),
        succeeded_by=tuple(name for name in row["succeeded_by"].split(";") if name),
    )


def _yes(row: Row) -> bool:
    text = row["additive"] or "yes"
    if text not in {"yes", "no"}:
        raise refuse("PL041", row.place("additive"), given=text)
    return text == "yes"


def _clusters(row: Row) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in row["clusters"].split(";") if pair]
    if any(not sign for _, sign, _ in pairs):
        raise refuse("PL042", row.place("clusters"), given=row["clusters"])
    return {scheme: cluster for scheme, _, cluster in pairs}


def _day(row: Row, column: str) -> date | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise refuse("PL043", row.place(column), given=row[column]) from error
