"""Process control, administrative appeals, audit and the litigation registry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from piramide.demo.facts.invented import Chance, chance, directorates
from piramide.demo.facts.rows import Row, published
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World

_QUALITY_STREAM, _APPEAL_STREAM, _AUDIT_STREAM, _LITIGATION_STREAM = 40, 41, 42, 43
_PENDING_APPEALS: Final = 84_000
_MATTERS: Final = (("local_committees", 0.62), ("central_committees", 0.38))
_AGES: Final = (
    ("days_0_30", 0.31, 0.5),
    ("days_31_90", 0.34, 1.0),
    ("days_91_180", 0.2, 1.5),
    ("days_181_365", 0.11, 2.0),
    ("days_over_365", 0.04, 3.0),
)
# Who is audited, reach, kind, how many a year.
_CAMPAIGNS: Final = (("regional", "audit", 8), ("regional", "follow_up", 4))
_CENTRAL_CAMPAIGNS: Final = (("central", "audit", 8), ("central", "follow_up", 4), ("central", "self_assessment", 5))
_CLOSED: Final = 0.96
_AUDITORS: Final = "dc_audit_monitoraggio_contenzioso"
_CONTROLS: Final = (("process", 60.0), ("self_declaration", 25.0))


def quality_rows(world: World) -> Iterator[Row]:
    """Rows of `quality_samples`: what is drawn, controlled and put right at each site in a month."""
    draw = chance(world, _QUALITY_STREAM)
    for month in world.months:
        for place, office in enumerate(world.offices.ids[: world.offices.sites]):
            for control, mean in _CONTROLS:
                size = mean * (0.4 + 70 * float(world.offices.points[place]))
                yield {"structure": office, "month": month.label, "control": control} | _sample(draw, size)


def _sample(draw: Chance, size: float) -> Row:
    to_check = 2 + draw.pieces(size)
    checked = draw.part(to_check, 0.985)
    wrong = draw.part(checked, 0.05)
    notified = draw.part(wrong, 0.06)
    regularised = wrong - notified
    figures = {
        "to_check": to_check,
        "checked": checked,
        "notified": notified,
        "regularised": regularised,
        "regularised_positive": draw.part(regularised, 0.78),
        "regularised_in_30_days": draw.part(regularised, 0.93),
    }
    return {name: str(value) for name, value in figures.items()}


def appeal_rows(world: World) -> Iterator[Row]:
    """Rows of `appeals`: by directorate, matter and age; the number falls slowly."""
    draw = chance(world, _APPEAL_STREAM)
    for month in world.months:
        for directorate in directorates(world):
            yield from appeals_of(draw, directorate, month, _pending_appeals(world, directorate, month))


def appeals_of(draw: Chance, structure: str, month: Month, pending: float) -> Iterator[Row]:
    """Appeals of one structure in a month, by matter and age."""
    for matter, part in _MATTERS:
        for band, share, weight in _AGES:
            resolved = draw.pieces(pending * part * share * 0.21)
            yield {
                "structure": structure,
                "month": month.label,
                "matter": matter,
                "age_band": band,
                "received": str(draw.pieces(pending * part * 0.2) if band == _AGES[0][0] else 0),
                "resolved": str(resolved),
                "self_redress": str(draw.part(resolved, 0.17)),
                "pending": str(draw.pieces(pending * part * share)),
                "weight": f"{weight:.3f}",
            }


def _pending_appeals(world: World, directorate: str, month: Month) -> float:
    points = world.figures.directorates
    left = _PENDING_APPEALS * 1.06 * (1 - 0.004 * month.index)
    return left * points[directorate] / sum(points.values())


def mean_weighted_appeals(world: World, directorate: str, month: Month) -> float:
    """What the pending appeals of a directorate weigh, without chance."""
    return _pending_appeals(world, directorate, month) * sum(share * weight for _, share, weight in _AGES)


def audit_rows(world: World) -> Iterator[Row]:
    """Rows of `audit_actions`: campaigns of the year, planned in January, due in the year, mostly closed."""
    draw = chance(world, _AUDIT_STREAM)
    for year in world.years:
        for directorate in directorates(world):
            yield from _campaigns(draw, year, directorate, _CAMPAIGNS)
        yield from _campaigns(draw, year, _AUDITORS, _CENTRAL_CAMPAIGNS)


def _campaigns(draw: Chance, year: int, structure: str, kinds: tuple[tuple[str, str, int], ...]) -> Iterator[Row]:
    for reach, kind, count in kinds:
        for number in range(count):
            row = {
                "action": f"{reach.upper()}-{kind.upper()}-{year}-{number + 1:02d}",
                "structure": structure,
                "kind": kind,
                "reach": reach,
            }
            due = date(year, 2 + number * 10 // count, 15)
            yield row | {"step": "planned", "day": date(year, due.month + 1, 28).isoformat()}
            yield row | {"step": "opened", "day": due.isoformat()}
            if draw.rng.random() < _CLOSED:
                yield row | {"step": "closed", "day": date(year, due.month + 1, 1 + draw.pick(27)).isoformat()}


def litigation_rows(world: World) -> Iterator[Row]:
    """Rows of `litigation`: civil records to clear, archives, and lawsuits defended for other offices."""
    draw = chance(world, _LITIGATION_STREAM)
    cleared = {row["structure"]: float(row["giacenza_2021_01_01"]) for row in published("sisco_cv")}
    archives = {row["structure"]: float(row["obiettivo_2021_12_31"]) for row in published("sisco_tar")}
    planned = {row["structure"]: float(row["giudizi"]) for row in published("pndd_2021")}
    for directorate in directorates(world):
        for registry, at_first, yearly in (
            ("civil", cleared.get(directorate, 0.0), 0.23),
            ("tar", archives.get(directorate, 0.0), 0.12),
        ):
            if at_first:
                yield from _clearing(draw, world, directorate, registry, (round(at_first), yearly))
        if lawsuits := planned.get(directorate, 0.0):
            for month in world.months:
                yield defended(draw, directorate, month, lawsuits)


def _clearing(draw: Chance, world: World, directorate: str, registry: str, size: tuple[int, float]) -> Iterator[Row]:
    pending, yearly = size
    for month in world.months:
        received = draw.pieces(size[0] * 0.02)
        resolved = min(draw.pieces(size[0] * (0.02 + yearly / 12)), pending + received)
        pending += received - resolved
        yield {
            "structure": directorate,
            "month": month.label,
            "registry": registry,
            "received": str(received),
            "resolved": str(resolved),
            "pending": str(pending),
            "costs": f"{draw.near(resolved * 41.0 + 100.0, 0.2):.2f}",
        }


def defended(draw: Chance, directorate: str, month: Month, lawsuits: float) -> Row:
    """Lawsuits of a year defended for other offices in a month."""
    return {
        "structure": directorate,
        "month": month.label,
        "registry": "remote_defence",
        "resolved": str(draw.pieces(lawsuits / 12 * 1.02)),
        "planned": str(round(lawsuits * month.month / 12) - round(lawsuits * (month.month - 1) / 12)),
    }
