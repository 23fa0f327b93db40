"""The sheet of DCM Milano as its act prints it, with invented values: `milano.csv`, scored here by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import pytest

from piramide.kernel.figure import Printable, exactly
from piramide.reports.sheet import Definition, Lever, Loss, SheetReport, SheetRow, Source

CAP = Fraction(1, 2)
ZERO = Fraction(0)
HUNDRED = Fraction(100)


def exact(figure: Printable | None) -> Fraction:
    """A figure that the fixture knows to be there."""
    assert figure is not None
    return exactly(figure)


def leaf(line: dict[str, str], share: Fraction, path: Fraction) -> SheetRow:
    """Score a line of the file: gap, cap, index, points."""
    target = Fraction(line["target"]) if line["target"] else None
    value = Fraction(line["value"]) if line["value"] else None
    raw = gap = index = points = None
    if value is not None and target is not None:
        raw = int(line["sign"]) * (value - target) / target if target else ZERO
        gap = max(-CAP, min(CAP, raw))
        index = 100 * (1 + gap)
        points = path * (index - 100)
    return SheetRow(
        kind="indicator",
        label=line["label"],
        depth=2,
        weight=share,
        weight_source="equal_split",
        value=value,
        target=target,
        target_text=line["target_text"],
        unit=line["unit"],
        decimals=int(line["decimals"]),
        gap=gap,
        gap_raw=raw,
        index=index,
        index_measured=index,
        coverage=int(value is not None),
        contribution=points,
        status="missing" if value is None else "measured",
        reference=line["reference"],
        explanation=f"Porta {float(points):.2f} punti." if points else "",
    )


def measured(rows: Iterable[SheetRow]) -> tuple[Fraction, Fraction]:
    """Coverage and partial index of the direct children of a group."""
    shares = [(exact(row.weight) * exact(row.coverage), row.index_measured) for row in rows]
    coverage = sum((share for share, _ in shares), ZERO)
    return coverage, sum((share * exact(index) for share, index in shares if share), ZERO) / coverage


def group(kind: str, label: str, weight: str, depth: int, children: list[SheetRow]) -> SheetRow:
    coverage, index = measured(children)
    return SheetRow(
        kind=kind,
        label=label,
        depth=depth,
        weight=Fraction(weight),
        index=index if coverage == 1 else None,
        index_measured=index,
        coverage=coverage,
        contribution=sum((exact(row.contribution) for row in children if row.contribution is not None), ZERO),
    )


def milano_rows() -> list[SheetRow]:
    with (Path(__file__).parent / "milano.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows: list[SheetRow] = []
    for (label, weight), inside in groupby(lines, lambda line: (line["dimension"], line["dimension_weight"])):
        sections: list[SheetRow] = []
        below: list[SheetRow] = []
        for (section, share), found in groupby(inside, lambda line: (line["section"], line["section_weight"])):
            printed = list(found)
            split = Fraction(1, len(printed))
            leaves = [leaf(line, split, Fraction(weight) * Fraction(share) * split) for line in printed]
            sections.append(group("sub_dimension", section, share, 1, leaves))
            below += [sections[-1], *leaves]
        rows += [group("dimension", label, weight, 0, sections), *below]
    return rows


def lever(row: SheetRow) -> Lever:
    gap, target, value = exact(row.gap), exact(row.target), exact(row.value)
    path = exact(row.contribution) / gap / 100
    if gap == CAP:
        return Lever(row.label, row.unit, row.decimals, None, 0, 100 * path * (exact(row.gap_raw) - gap))
    return Lever(row.label, row.unit, row.decimals, (value - target) / gap / (100 * path), path)


@pytest.fixture
def milano() -> SheetReport:
    """DCM Milano at the fourth quarter of 2024: three values missing, two beyond the cap."""
    return milano_report()


def milano_report() -> SheetReport:
    rows = milano_rows()
    leaves = [row for row in rows if row.is_leaf]
    coverage, index = measured(row for row in rows if row.depth == 0)
    points = sum((exact(row.contribution) for row in leaves if row.contribution is not None), ZERO)
    lost = sorted((row for row in leaves if row.gap and row.gap < 0), key=lambda row: exact(row.contribution))
    levers = sorted((lever(row) for row in leaves if row.gap), key=lambda it: -exact(it.per_percent))
    return SheetReport(
        title="Obiettivi di performance organizzativa per l'anno 2024",
        administration="Istituto nazionale della previdenza sociale",
        structure="dcm_milano",
        structure_label="DCM Milano",
        kind_label="Direzione di coordinamento metropolitano",
        year=2024,
        period_label="al 31 dicembre 2024 (provvisorio)",
        pack="inps-2024",
        pack_hash="sha256:" + "4f9c2b7d" * 8,
        run="1a2b3c4d5e6f7a8b" * 4,
        index=None,
        index_measured=index,
        index_low=HUNDRED + points - 50 * (1 - coverage),
        index_high=HUNDRED + points + 50 * (1 - coverage),
        coverage=coverage,
        rows=tuple(rows),
        losses=tuple(Loss(row.label, exact(row.contribution), "Sotto l'obiettivo.") for row in lost),
        levers=tuple(levers),
        notes=(
            "I pesi degli indicatori dentro i sotto ambiti non sono stampati: qui sono parti uguali.",
            "* Per gli Obiettivi Generali di Ente vale il valore di sede o quello nazionale.",
        ),
        sources=(
            Source("SMVP", "Determinazione commissariale n. 110 del 21 dicembre 2023", ("par. 6.2.10",)),
            Source("PIAO", "Determinazione commissariale n. 5 del 31 gennaio 2024", ("pag. 40 e segg.",)),
            Source("Obiettivi 2024", "Determinazione del Direttore Generale n. 28 del 28 febbraio 2024", ("pag. 27",)),
        ),
        definitions=(Definition("Indice di Deflusso", "Lavorazioni concluse divise per quelle pervenute, in pezzi."),),
        is_demonstration=True,
        responsible="Direttore Coordinamento Metropolitano",
        cluster="C",
        as_of=date(2024, 12, 31),
    )
